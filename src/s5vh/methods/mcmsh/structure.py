"""What MCMSH preserves: targets and the anchor graph, both from clusters of the training videos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from s5vh.base.errors import UserError
from s5vh.methods.mcmsh.settings import Settings
from s5vh.semantics.anchor_graph import AnchorGraph
from s5vh.semantics.semantics_file import read_semantics

_POWERS = {"exponential": 1, "gaussian": 2}


@dataclass(frozen=True)
class Structure:
    """Targets of N training videos, float32 [N, width], and the graph of their similarities."""

    targets: Tensor
    graph: AnchorGraph


def read_structure(path: Path, settings: Settings, videos: int, rows: Tensor) -> Structure:
    """Read a semantics file; its centroids are the anchors.

    Args:
        videos: N.
        rows: videos that may be drawn as partners, int64 [<=N].

    Raises:
        UserError: the file is broken or made from other videos, or its centroids are wider than the network.
    """
    semantics = read_semantics(path)
    count = len(semantics.assignments)
    if count != videos:
        raise UserError(f"{path}: {count} pseudo-labels for {videos} training videos; regenerate it")
    if semantics.label_centroids is not None:
        raise UserError(f"{path}: two separate clusterings, of which MCMSH uses one; set semantics.recipe to lloyd")
    width, targets = settings.model.width, semantics.centroids
    if settings.loss.cluster_targets == "components":
        targets = principal_components(targets, width)
    elif targets.shape[1] > width:
        raise UserError(
            f"{path}: centroids of {targets.shape[1]} values, more than the width of the network ({width}); set "
            f"semantics.pca to at most {width}, or loss.cluster_targets to components"
        )
    # Components beyond those that exist are zero.
    padded = np.zeros((len(targets), width), np.float32)
    padded[:, : targets.shape[1]] = targets
    points, anchors = torch.from_numpy(semantics.projected), torch.from_numpy(semantics.centroids)
    graph = AnchorGraph(points, anchors, rows, power=_POWERS[settings.loss.similarity_kernel])
    return Structure(torch.from_numpy(padded)[torch.from_numpy(semantics.assignments).long()], graph)


def principal_components(centroids: np.ndarray, count: int) -> np.ndarray:
    """First principal components of centroids [C, P] around their unweighted mean, float32 [C, min(count, C, P)].

    The released code takes the first columns of an eigendecomposition without order; these are the ones with the
    largest eigenvalues, largest first.
    """
    centered = centroids.astype(np.float64)
    centered -= centered.mean(axis=0)
    # Through the smaller of the two products of the matrix with itself, whose eigenvalues come in increasing order.
    if len(centered) <= centered.shape[1]:
        values, vectors = np.linalg.eigh(centered @ centered.T)
        components = vectors * np.sqrt(values.clip(0))
    else:
        components = centered @ np.linalg.eigh(centered.T @ centered)[1]
    return components[:, ::-1][:, :count].astype(np.float32)
