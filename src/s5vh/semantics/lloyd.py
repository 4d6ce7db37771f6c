"""k-means on the device of the points, for methods that cluster their own embeddings again and again while they train.

As faiss does it in released code: from random points, 20 iterations, the best of 5 restarts, at most 200 points per
cluster. Clusters that are prepared once use scikit-learn instead (see `clustering`), which starts better.
"""

from __future__ import annotations

import torch
from torch import Tensor

_BLOCK = 4096  # points whose distances to all centroids are computed at once
POINTS_PER_CLUSTER = 200  # a random subset of more points would hardly move the centroids


def lloyd(points: Tensor, clusters: int, generator: torch.Generator, restarts: int = 5, iterations: int = 20) -> Tensor:
    """Centroids float32 [C, P] of points float32 [N, P] with C <= N; the best of `restarts` by inertia.

    An empty cluster moves to the point that is farthest from its centroid. With fewer than C distinct points, some
    clusters remain empty.

    Args:
        clusters: C.
        generator: CPU generator.
        iterations: maximum number of updates of the centroids.
    """
    most = POINTS_PER_CLUSTER * clusters
    if len(points) > most:
        chosen = torch.randperm(len(points), generator=generator)[:most].sort().values
        points = points[chosen.to(points.device)]
    best, lowest = None, None
    for _ in range(restarts):
        first = torch.randperm(len(points), generator=generator)[:clusters]
        centroids, inertia = _one_run(points, points[first.to(points.device)], iterations)
        if best is None or inertia < lowest:
            best, lowest = centroids, inertia
    return best


def assigned(points: Tensor, centroids: Tensor) -> tuple[Tensor, Tensor]:
    """Nearest centroid of each point, int64 [N], and the squared distance to it, [N]; never all N x C distances."""
    half = (centroids * centroids).sum(1) / 2
    labels, distances = [], []
    for block in points.split(_BLOCK):
        nearest = torch.addmm(half, block, centroids.t(), alpha=-1).min(dim=1)
        labels.append(nearest.indices)
        distances.append((2 * nearest.values + (block * block).sum(1)).clamp_(min=0))
    return torch.cat(labels), torch.cat(distances)


def cluster_sums(values: Tensor, labels: Tensor, clusters: int) -> Tensor:
    """Sum of the rows of each cluster: values [N, P] and labels int64 [N] to [C, P]."""
    return values.new_zeros(clusters, values.shape[1]).index_add_(0, labels, values)


def _one_run(points: Tensor, centroids: Tensor, iterations: int) -> tuple[Tensor, Tensor]:
    """Centroids after Lloyd's algorithm, and their inertia, a float64 scalar."""
    labels, distances = assigned(points, centroids)
    for _ in range(iterations):
        counts = torch.bincount(labels, minlength=len(centroids))
        centroids = cluster_sums(points, labels, len(centroids)) / counts.clamp(min=1)[:, None]
        empty = (counts == 0).nonzero()[:, 0]
        if len(empty):
            centroids[empty] = points[distances.topk(len(empty)).indices]
        before = labels
        labels, distances = assigned(points, centroids)
        if torch.equal(labels, before):
            break
    return centroids, distances.double().sum()
