"""Semantic structure of the training videos (S5VH paper, section on hash centers).

Video means, optionally reduced by PCA (as the released code does; the paper does not mention it), are
clustered by k-means into C centroids Theta. From these come the pseudo-label of every video (its nearest
centroid) and W_ij = cos(theta_i, theta_j). Row i of W, and so hash center i, belongs to pseudo-label i; in
the authors' released files it does not, because there W comes from a second, separate clustering (see `released`).
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.semantics.means import video_means

NEAREST = 3  # centroids kept per video, as in the released files
_BLOCK = 4096  # videos whose distances to all centroids are computed at once


@dataclass(frozen=True)
class Semantics:
    """Clusters of N training videos.

    Attributes:
        projected: float32 [N, P], video means after PCA (without PCA: the means, P = D).
        centroids: float32 [C, P].
        assignments: int32 [N], pseudo-labels: `nearest[:, 0]`.
        nearest: int32 [N, min(3, C)], nearest centroids (Euclidean), nearest first, ties to the lower index.
        cluster_sizes: int32 [C], videos per pseudo-label; all at least 1.
        W: float64 [C, C], cosine similarity of the centroids; symmetric, ones on the diagonal.
        pca_mean, pca_components: float32 [D] and [P, D], or None without PCA.
        label_centroids: float32 [L, P], where pseudo-labels come from other centroids than W, as in the released code;
            then `assignments` and `nearest` count these, and clusters from L on have no videos. Else None.
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
) -> Semantics:
    """Cluster the videos of `feats`.

    Args:
        feats: array or h5py-like dataset [N, T, D]; read once, in blocks.
        clusters: C.
        pca: P, dimensions kept by PCA (which subtracts the mean), or None for no PCA.
        seed: of the k-means++ starts and of PCA's randomised solver.
        restarts: k-means++ starts, of which the tightest clustering is kept.
        max_iterations: most Lloyd iterations of one start.

    Raises:
        UserError: wrong features or settings, more clusters than videos or than distinct videos.
    """
    for name, value in (("restarts", restarts), ("max_iterations", max_iterations)):
        if value < 1:
            raise UserError(f"{name} is {value}; give a positive whole number")
    projected, mean, components = projected_means(feats, clusters, pca, seed)
    centroids = kmeans_centroids(projected, clusters, seed, restarts, max_iterations)
    nearest = nearest_centroids(projected, centroids)
    sizes = np.bincount(nearest[:, 0], minlength=clusters).astype(np.int32)
    if not sizes.all():
        raise UserError(
            f"k-means left {np.count_nonzero(sizes == 0)} of {clusters} clusters without videos; "
            "ask for fewer clusters or more iterations, or use another seed"
        )
    W = cosine_similarity(centroids)
    return Semantics(projected, centroids, nearest[:, 0].copy(), nearest, sizes, W, mean, components)


def projected_means(
    feats: Any, clusters: int, pca: int | None, seed: int
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Means of the videos of `feats` [N, T, D] after PCA, and its mean and components: what is to be clustered.

    Returns projected [N, P], and as `fit_pca` mean [D] and components [P, D]; without PCA the means and twice None.
    Raises `UserError` for wrong features or settings, and for more clusters than videos or than distinct videos.
    """
    if len(feats.shape) != 3:
        raise UserError(f"features have shape {tuple(feats.shape)}; give [videos, frames, features]")
    videos, _, width = feats.shape
    if clusters < 1:
        raise UserError(f"clusters is {clusters}; give a positive whole number")
    if clusters > videos:
        raise UserError(f"{clusters} clusters asked of {videos} training videos; ask for at most {videos}")
    if pca is not None:
        _check_pca(pca, videos, width)
    means = video_means(feats)
    # A digest per video, because the set of all means would be a second copy of them.
    distinct = len({hashlib.sha256(mean).digest() for mean in means})
    if clusters > distinct:
        raise UserError(
            f"{clusters} clusters asked, but the {videos} training videos have only {distinct} "
            f"distinct means; ask for at most {distinct}"
        )
    return (means, None, None) if pca is None else fit_pca(means, pca, seed)


def numbering_agreement(semantics: Semantics) -> dict[str, float]:
    """How well pseudo-labels and rows of W, and so hash centers, go together: shares from 0 to 1.

    Returns `agreeing_labels` and `agreeing_videos`: of the pseudo-labels i, and of the videos that carry one, those
    where centroid i, which hash center i comes from, is the nearest one to the centroid of pseudo-label i. Both are 1
    where one clustering gives both.
    """
    labels = semantics.centroids if semantics.label_centroids is None else semantics.label_centroids
    agrees = nearest_centroids(labels, semantics.centroids, 1)[:, 0] == np.arange(len(labels))
    return {
        "agreeing_labels": float(agrees.mean()),
        "agreeing_videos": float(agrees[semantics.assignments].mean()),
    }


def _check_pca(pca: int, videos: int, width: int) -> None:
    if pca < 1:
        raise UserError(f"pca is {pca}; give a positive whole number, or leave it out for no PCA")
    largest = min(videos, width)
    if pca > largest:
        raise UserError(
            f"PCA to {pca} dimensions asked of {videos} videos of {width} features; ask for at most {largest}"
        )


def fit_pca(means: np.ndarray, dimensions: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Project float32 `means` [N, D] on their first P principal directions, after subtracting their mean.

    Returns projected [N, P], mean [D] and components [P, D] (orthonormal rows), all float32;
    projected = (means - mean) components^T. Raises `UserError` if P > min(N, D).
    """
    from sklearn.decomposition import PCA

    _check_pca(dimensions, *means.shape)
    model = PCA(dimensions, random_state=seed).fit(means)
    mean, components = model.mean_.astype(np.float32), model.components_.astype(np.float32)
    return (means - mean) @ components.T, mean, components


def kmeans_centroids(
    points: np.ndarray, clusters: int, seed: int, restarts: int, max_iterations: int, init: str = "k-means++"
) -> np.ndarray:
    """k-means (Lloyd) of points [N, P]; float32 [C, P], the best of `restarts` by inertia.

    Starts are drawn by k-means++, or with `init` "random" are any C points.

    Runs in float64: threads add up in an order that varies, and in float32 such rounding can move a video to
    another cluster, so that equal seeds would not always give equal clusters.
    """
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    model = KMeans(clusters, init=init, n_init=restarts, max_iter=max_iterations, random_state=seed)
    with warnings.catch_warnings():
        # Clusters left empty; `build_semantics` reports them with numbers.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(points.astype(np.float64)).cluster_centers_.astype(np.float32)


def nearest_centroids(points: np.ndarray, centroids: np.ndarray, count: int = NEAREST) -> np.ndarray:
    """Indices of the `count` (or all C, if fewer) nearest centroids of each point, int32 [N, min(count, C)].

    Euclidean distance, nearest first, ties to the lower index; blocks of points, never all N x C distances.
    """
    centroids = centroids.astype(np.float64)
    squares = np.einsum("cp,cp->c", centroids, centroids)
    nearest = np.empty((len(points), min(count, len(centroids))), dtype=np.int32)
    for start in range(0, len(points), _BLOCK):
        block = points[start : start + _BLOCK].astype(np.float64)
        # The squared length of the point is the same for all centroids and does not change their order.
        distances = squares - 2.0 * (block @ centroids.T)
        nearest[start : start + _BLOCK] = np.argsort(distances, axis=1, kind="stable")[:, : nearest.shape[1]]
    return nearest


def cosine_similarity(centroids: np.ndarray) -> np.ndarray:
    """W_ij = cos(theta_i, theta_j), float64 [C, C], exactly symmetric, ones on the diagonal, within [-1, 1].

    Raises `UserError` for a centroid of length zero, whose cosine is undefined.
    """
    centroids = centroids.astype(np.float64)
    lengths = np.linalg.norm(centroids, axis=1)
    if not lengths.all():
        raise UserError(
            f"centroid {int(np.argmin(lengths))} lies at the origin, where no cosine is defined; "
            "use another number of clusters or another seed"
        )
    unit = centroids / lengths[:, None]
    W = unit @ unit.T
    W = np.clip((W + W.T) / 2, -1.0, 1.0)
    np.fill_diagonal(W, 1.0)
    return W
