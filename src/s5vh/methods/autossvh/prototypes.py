"""Prototypes of clusters of videos, and the loss that draws the codes of a cluster's videos to its prototype.

N training videos, C clusters, B videos of a batch, K bits. Codes and prototypes are compared by their cosine, which for
binary ones is their inner product divided by K.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from s5vh.methods.autossvh.settings import Prototypes
from s5vh.semantics.lloyd import assigned, cluster_sums, lloyd


@dataclass(frozen=True)
class Clustering:
    """A clustering of the training file's videos.

    Attributes:
        labels: clusters of all videos, int64 [N] on the CPU; held-out videos are assigned but do not form clusters.
        prototypes: float32 [C, K], unit length.
        temperatures: float32 [C].
    """

    labels: Tensor
    prototypes: Tensor
    temperatures: Tensor


def cluster_videos(points: Tensor, codes: Tensor, rows: Tensor, settings: Prototypes) -> list[Clustering]:
    """One clustering for each entry of `settings.clusters`. Clusters without training videos are left out.

    As in the released code, clustering number m begins from random seed m, so it depends on the points only.

    Args:
        points: what is clustered, float32 [N, P].
        codes: float32 [N, K] in {-1, +1}.
        rows: training videos, int64 on the device of the points.
    """
    result = []
    for number, clusters in enumerate(settings.clusters):
        centroids = lloyd(points[rows], clusters, torch.Generator().manual_seed(number))
        used, own = assigned(points[rows], centroids)[0].unique(return_inverse=True)
        centroids = centroids[used]
        labels, distances = assigned(points, centroids)
        labels[rows] = own  # rounding may differ among fewer centroids, and leave one without videos
        prototypes = voted(codes[rows], labels[rows], len(centroids)) if settings.centers == "voted" else centroids
        if settings.temperatures == "per_cluster":
            temperatures = density_temperatures(distances[rows].sqrt(), labels[rows], settings.temperature)
        else:
            temperatures = prototypes.new_full((len(prototypes),), settings.temperature)
        result.append(Clustering(labels.cpu(), F.normalize(prototypes, dim=1), temperatures))
    return result


def voted(codes: Tensor, labels: Tensor, clusters: int) -> Tensor:
    """Component voting: each bit of a prototype is the one that most codes of its cluster have, +1 in a tie.

    No other binary vector has a smaller sum of Hamming distances to the codes of the cluster.

    Args:
        codes: [N, K] in {-1, +1}; labels: int64 [N].

    Returns:
        [C, K] in {-1, +1}; all +1 for a cluster without codes.
    """
    return torch.where(cluster_sums(codes, labels, clusters) >= 0, 1.0, -1.0).to(codes.dtype)


def density_temperatures(distances: Tensor, labels: Tensor, mean: float) -> Tensor:
    """Temperatures of clusters as in the released code: mean distance to the centroid divided by log(size + 10).

    Clusters of one video, whose distance is 0, get the largest temperature. Then the values are clipped to their 10th
    and 90th percentile and scaled to the given mean. Our addition, as codes may collapse: temperatures of 0 become the
    smallest positive one.

    Args:
        distances: Euclidean, [N]; labels: int64 [N], every cluster occurs.
    """
    sizes = torch.bincount(labels)
    sums = cluster_sums(distances[:, None], labels, len(sizes))[:, 0]
    values = sums / sizes / torch.log(sizes + 10)
    values = torch.where(sizes > 1, values, torch.where(sizes > 1, values, 0).max())
    low, high = torch.quantile(values, values.new_tensor([0.1, 0.9]))
    values = values.clamp(low, high)
    positive = values[values > 0]
    values = values.clamp(min=positive.min()) if len(positive) else torch.ones_like(values)
    return mean * values / values.mean()


def prototype_loss(
    views: tuple[Tensor, Tensor],
    index: Tensor,
    clusterings: Sequence[Clustering],
    negatives: str,
    generator: torch.Generator,
) -> Tensor:
    """P2Set loss: cross-entropy of a code's similarities to prototypes against the one of its own cluster.

    Mean over clusterings, views and videos.

    Args:
        views: codes of both views, [B, K] each.
        index: rows of the videos, int64 [B] on the CPU.
        negatives: see `Prototypes.negatives`; "sampled" draws them for each clustering and view.
    """
    pair = [F.normalize(view, dim=1) for view in views]
    losses = []
    for clustering in clusterings:
        labels = clustering.labels[index]
        for codes in pair:
            target, prototypes, temperatures = labels, clustering.prototypes, clustering.temperatures
            if negatives == "sampled":
                others = drawn_negatives(labels, len(prototypes), generator)
                chosen = torch.cat([labels, others]).to(codes.device)
                prototypes, temperatures = prototypes[chosen], temperatures[chosen]
                target = torch.arange(len(labels))
            logits = codes @ prototypes.t() / temperatures
            losses.append(F.cross_entropy(logits, target.to(codes.device)))
    return torch.stack(losses).mean()


def drawn_negatives(labels: Tensor, clusters: int, generator: torch.Generator) -> Tensor:
    """Random clusters that do not occur in the batch, as many as it has videos, or all if there are fewer: int64."""
    absent = torch.ones(clusters, dtype=torch.bool)
    absent[labels] = False
    others = absent.nonzero()[:, 0]
    return others[torch.randperm(len(others), generator=generator)[: len(labels)]]
