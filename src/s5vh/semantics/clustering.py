"""Semantic structure of the training videos (S5VH paper, section on hash centers).

Time-averaged video features are centered (their mean over all videos is subtracted) and reduced by PCA, both optional
(the released code does both; the paper mentions neither), and clustered by k-means into C centroids Theta. These give
the pseudo-label of each video (its nearest centroid) and W_ij = cos(theta_i, theta_j). Row i of W, and hence hash
center i, corresponds to pseudo-label i. This does not hold for the authors' released files, where W comes from a
second, separate clustering (see `released_clustering`). Instead of averages, other temporal summaries of S vectors of D
values may be clustered (see `s5vh.data.summaries`); for averages, S is 1.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.config.summaries import Summary, summary_size
from s5vh.semantics.means import video_summaries

NEAREST = 3  # centroids kept per video, as in the released files
_BLOCK = 4096  # videos whose distances to all centroids are computed at once


@dataclass(frozen=True)
class Semantics:
    """Clusters of N training videos.

    Attributes:
        projected: float32 [N, P], summaries of the videos after centering and PCA (without PCA: P = S D).
        centroids: float32 [C, P].
        assignments: int32 [N], pseudo-labels: `nearest[:, 0]`.
        nearest: int32 [N, min(3, C)], nearest centroids (Euclidean), nearest first, ties to the lower index.
        cluster_sizes: int32 [C], videos per pseudo-label; all at least 1.
        W: float64 [C, C], cosine similarity of the centroids; symmetric, ones on the diagonal.
        pca_mean: float32 [S D], mean of all videos that was subtracted, or None without centering.
        pca_components: float32 [P, S D], or None without PCA.
        label_centroids: float32 [L, P], if pseudo-labels and W come from different centroids, as in the released code;
            then `assignments` and `nearest` refer to these, and clusters from L on have no videos. Otherwise None.
    """

    projected: np.ndarray
    centroids: np.ndarray
    assignments: np.ndarray
    nearest: np.ndarray
    cluster_sizes: np.ndarray
    W: np.ndarray
    pca_mean: np.ndarray | None = None
    pca_components: np.ndarray | None = None
    label_centroids: np.ndarray | None = None


def build_semantics(
    feats: Any,
    clusters: int,
    pca: int | None = None,
    seed: int = 1,
    restarts: int = 5,
    max_iterations: int = 100,
    centered: bool = True,
    features: Summary = "mean",
) -> Semantics:
    """Cluster the videos of `feats`.

    Args:
        feats: array or h5py-like dataset [N, T, D]; read once, in blocks.
        clusters: C.
        pca: P, dimensions kept by PCA, or None for no PCA.
        seed: of the k-means++ initialisations and of PCA's randomised solver.
        restarts: k-means++ initialisations, of which the one with the lowest inertia is kept.
        max_iterations: maximum number of Lloyd iterations per initialisation.
        centered: subtract the mean of all videos, with or without PCA. It leaves distances, and hence the clusters, as
            they are (up to PCA), but decides W: features without negative values, as after a ReLU, share a large mean,
            and without centering all clusters are similar and many hash centers coincide.
        features: temporal summary of the videos that is clustered.

    Raises:
        UserError: invalid features or settings, more clusters than videos or than distinct videos.
    """
    for name, value in (("restarts", restarts), ("max_iterations", max_iterations)):
        if value < 1:
            raise UserError(f"{name} is {value}; must be a positive integer")
    projected, mean, components = projected_summaries(feats, clusters, pca, seed, centered, features)
    centroids = kmeans_centroids(projected, clusters, seed, restarts, max_iterations)
    nearest = nearest_centroids(projected, centroids)
    sizes = np.bincount(nearest[:, 0], minlength=clusters).astype(np.int32)
    if not sizes.all():
        raise UserError(
            f"k-means left {np.count_nonzero(sizes == 0)} of {clusters} clusters without videos; "
            "use fewer clusters, more iterations, or another seed"
        )
    W = cosine_similarity(centroids)
    return Semantics(projected, centroids, nearest[:, 0].copy(), nearest, sizes, W, mean, components)


def projected_summaries(
    feats: Any,
    clusters: int,
    pca: int | None,
    seed: int,
    centered: bool = True,
    features: Summary = "mean",
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Temporal summaries of the videos in `feats` [N, T, D] after centering and PCA, for clustering.

    Returns projected [N, P], mean [S D] and components [P, S D], as `fit_pca`; without PCA, P is S D and the components
    are None; unless `centered`, the mean is None.
    Raises `UserError` for invalid features or settings, and for more clusters than videos or than distinct videos.
    """
    if len(feats.shape) != 3:
        raise UserError(f"features have shape {tuple(feats.shape)}; expected [videos, frames, features]")
    videos, frames, width = feats.shape
    if clusters < 1:
        raise UserError(f"clusters is {clusters}; must be a positive integer")
    if clusters > videos:
        raise UserError(f"{clusters} clusters requested for {videos} training videos; use at most {videos}")
    if pca is not None:
        _check_pca(pca, videos, summary_size(features, frames, width))
    summaries = video_summaries(feats, features)
    # Digests, because a set of all summaries would be a second copy in memory.
    distinct = len({hashlib.sha256(summary).digest() for summary in summaries})
    if clusters > distinct:
        raise UserError(
            f"{clusters} clusters requested, but the {videos} training videos have only {distinct} "
            f"distinct {'means' if features == 'mean' else 'summaries'}; use at most {distinct}"
        )
    if pca is not None:
        return fit_pca(summaries, pca, seed, centered)
    if not centered:
        return summaries, None, None
    mean = summaries.mean(axis=0, dtype=np.float64).astype(np.float32)
    return summaries - mean, mean, None


def mean_similarity(W: np.ndarray) -> float:
    """Mean cosine similarity of different clusters; 0 for a single cluster."""
    count = len(W)
    return float((W.sum() - np.trace(W)) / (count * (count - 1))) if count > 1 else 0.0


def numbering_agreement(semantics: Semantics) -> dict[str, float]:
    """How well the indices of pseudo-labels and of rows of W, and hence hash centers, agree: fractions from 0 to 1.

    Returns `agreeing_labels` and `agreeing_videos`: the fractions of pseudo-labels i, and of videos with such a label,
    for which centroid i of W is the nearest one to the centroid of pseudo-label i. Both are 1 if labels and W come from
    the same clustering.
    """
    labels = semantics.centroids if semantics.label_centroids is None else semantics.label_centroids
    agrees = nearest_centroids(labels, semantics.centroids, 1)[:, 0] == np.arange(len(labels))
    return {
        "agreeing_labels": float(agrees.mean()),
        "agreeing_videos": float(agrees[semantics.assignments].mean()),
    }


def _check_pca(pca: int, videos: int, width: int) -> None:
    if pca < 1:
        raise UserError(f"pca is {pca}; must be a positive integer, or omitted for no PCA")
    largest = min(videos, width)
    if pca > largest:
        raise UserError(
            f"PCA to {pca} dimensions requested for {videos} videos of dimension {width}; use at most {largest}"
        )


def fit_pca(
    means: np.ndarray, dimensions: int, seed: int = 1, centered: bool = True
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
    """Project float32 `means` [N, D] onto their first P principal components.

    Returns projected [N, P], mean [D] and components [P, D] (orthonormal rows), all float32;
    projected = (means - mean) components^T. Unless `centered`, the mean is None, nothing is subtracted, and the
    components are the first right singular vectors of the means themselves, so that their common mean is kept.
    Raises `UserError` if P > min(N, D).
    """
    from sklearn.decomposition import PCA, TruncatedSVD

    _check_pca(dimensions, *means.shape)
    if not centered:
        components = TruncatedSVD(dimensions, random_state=seed).fit(means).components_.astype(np.float32)
        return means @ components.T, None, components
    model = PCA(dimensions, random_state=seed).fit(means)
    mean, components = model.mean_.astype(np.float32), model.components_.astype(np.float32)
    return (means - mean) @ components.T, mean, components


def kmeans_centroids(
    points: np.ndarray, clusters: int, seed: int, restarts: int, max_iterations: int, init: str = "k-means++"
) -> np.ndarray:
    """k-means (Lloyd) on points [N, P]; centroids float32 [C, P], the best of `restarts` by inertia.

    Initialised by k-means++, or by random points if `init` is "random".

    Runs in float64: the order of summation varies between threads, and in float32 the rounding can move a video to
    another cluster, so that results would not be reproducible.
    """
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    model = KMeans(clusters, init=init, n_init=restarts, max_iter=max_iterations, random_state=seed)
    with warnings.catch_warnings():
        # About empty clusters, which `build_semantics` reports itself.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(points.astype(np.float64)).cluster_centers_.astype(np.float32)


def nearest_centroids(points: np.ndarray, centroids: np.ndarray, count: int = NEAREST) -> np.ndarray:
    """Indices of the `count` nearest centroids of each point, int32 [N, min(count, C)].

    Euclidean distance, nearest first, ties to the lower index. Computed in blocks, never all N x C distances at once.
    """
    centroids = centroids.astype(np.float64)
    squares = np.einsum("cp,cp->c", centroids, centroids)
    nearest = np.empty((len(points), min(count, len(centroids))), dtype=np.int32)
    for start in range(0, len(points), _BLOCK):
        block = points[start : start + _BLOCK].astype(np.float64)
        # The squared norm of the point does not affect the order of centroids.
        distances = squares - 2.0 * (block @ centroids.T)
        if nearest.shape[1] == 1:
            nearest[start : start + _BLOCK, 0] = distances.argmin(axis=1)
        else:
            nearest[start : start + _BLOCK] = np.argsort(distances, axis=1, kind="stable")[:, : nearest.shape[1]]
    return nearest


def cosine_similarity(centroids: np.ndarray) -> np.ndarray:
    """W_ij = cos(theta_i, theta_j), float64 [C, C], exactly symmetric, ones on the diagonal, within [-1, 1].

    Raises `UserError` for a zero centroid, whose cosine is undefined.
    """
    centroids = centroids.astype(np.float64)
    lengths = np.linalg.norm(centroids, axis=1)
    if not lengths.all():
        raise UserError(
            f"centroid {int(np.argmin(lengths))} is zero, so its cosine similarity is undefined; "
            "use another number of clusters or another seed"
        )
    unit = centroids / lengths[:, None]
    W = unit @ unit.T
    W = np.clip((W + W.T) / 2, -1.0, 1.0)
    np.fill_diagonal(W, 1.0)
    return W
