"""Import clusters of the training videos from the files that the S5VH authors publish with the features.

    final_train_latent_feats.h5  `feats` [N, P]   PCA of the time-averaged features        projected
    final_train_anchors.h5       `feats` [C, P]   centroids of a first k-means             centroids
    final_train_train_assit.h5   `pos` [N, 3]     nearest of those, the label first        nearest, assignments
    semantic.h5                  `matrix` [C, P]  unit centroids of a second k-means       W, their cosine similarity

The authors' hash centers correspond to the rows of semantic.h5. Since the two clusterings are independent, row i of W,
and hence hash center i, need not correspond to pseudo-label i; `Agreement` measures how often it does. Their PCA itself
is not published. final_train_sim_matrix.h5 has pairwise similarities that S5VH does not use.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.hdf5 import read_matrix
from s5vh.semantics.clustering import NEAREST, Semantics, cosine_similarity, nearest_centroids

LATENT, ANCHORS, NEIGHBOURS, CENTROIDS = FILES = (
    "final_train_latent_feats.h5",
    "final_train_anchors.h5",
    "final_train_train_assit.h5",
    "semantic.h5",
)
NOT_NEEDED = "final_train_sim_matrix.h5"
_TOGETHER = "use files of one data set"


@dataclass(frozen=True)
class Agreement:
    """Consistency of the files, as fractions of the training videos for which a condition holds.

    Attributes:
        nearest: the pseudo-label is the nearest centroid (Euclidean); far from 1 if the files are from different runs.
        numbered: the row of semantic.h5 with the largest cosine has the same index as the pseudo-label.
        renumbered: the same, after the optimal permutation of those rows.
    """

    nearest: float
    numbered: float
    renumbered: float


def import_semantics(folder: str | Path) -> tuple[Semantics, Agreement]:
    """Read the authors' four files.

    Clusters may be empty here. `pca_mean` and `pca_components` are None, because they are not published.

    Raises:
        UserError: no such folder; a file that is missing, broken, or inconsistent with the others.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; expected one with {', '.join(FILES)}")
    projected = read_matrix(folder / LATENT, "feats").astype(np.float32)
    centroids = read_matrix(folder / ANCHORS, "feats").astype(np.float32)
    rows = read_matrix(folder / CENTROIDS, "matrix").astype(np.float64)
    videos, clusters = len(projected), len(centroids)
    _check_shape(folder / ANCHORS, centroids, (clusters, projected.shape[1]), LATENT)
    _check_shape(folder / CENTROIDS, rows, centroids.shape, ANCHORS)
    nearest = _neighbours(folder / NEIGHBOURS, videos, clusters)
    labels = nearest[:, 0].copy()
    try:
        W = cosine_similarity(rows)
    except UserError:
        raise UserError(f"{folder / CENTROIDS}: 'matrix' has a row of zeros; download it again") from None
    sizes = np.bincount(labels, minlength=clusters).astype(np.int32)
    semantics = Semantics(projected, centroids, labels, nearest, sizes, W)
    return semantics, _agreement(semantics, rows)


def _check_shape(path: Path, matrix: np.ndarray, shape: tuple[int, int], other: str) -> None:
    if matrix.shape != shape:
        raise UserError(f"{path}: shape {matrix.shape}, expected {shape} to match {other}; {_TOGETHER}")


def _neighbours(path: Path, videos: int, clusters: int) -> np.ndarray:
    """`pos` as int32 [N, min(3, C)]."""
    pos = read_matrix(path, "pos")
    wanted = min(NEAREST, clusters)
    if len(pos) != videos or pos.shape[1] < wanted:
        raise UserError(
            f"{path}: 'pos' has shape {pos.shape}, expected ({videos}, {NEAREST}) for the {videos} videos of {LATENT}; "
            f"{_TOGETHER}"
        )
    if (pos % 1 != 0).any() or pos.min() < 0 or pos.max() >= clusters:
        raise UserError(
            f"{path}: 'pos' has values from {pos.min()} to {pos.max()}, expected integers from 0 to "
            f"{clusters - 1}, the rows of {ANCHORS}; {_TOGETHER}"
        )
    return pos[:, :wanted].astype(np.int32)


def _agreement(semantics: Semantics, rows: np.ndarray) -> Agreement:
    from scipy.optimize import linear_sum_assignment

    labels, videos = semantics.assignments, len(semantics.assignments)
    nearest = nearest_centroids(semantics.projected, semantics.centroids, 1)[:, 0]
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    of_second = np.argmax(semantics.projected @ unit.T, axis=1)
    together = np.zeros((len(rows), len(rows)), np.int64)
    np.add.at(together, (labels, of_second), 1)
    matched = together[linear_sum_assignment(together, maximize=True)].sum()
    return Agreement(
        nearest=float(np.mean(nearest == labels)),
        numbered=float(np.trace(together) / videos),
        renumbered=float(matched / videos),
    )
