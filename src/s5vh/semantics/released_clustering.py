"""Pseudo-labels and centroids as in the authors' released S5VH code: from two clusterings with unrelated indices.

After PCA,

- pseudo-labels: Lloyd's algorithm, initialised with C random videos, with at most 17 assignment steps. Duplicate
  initial videos and empty clusters are dropped, and every update renumbers the clusters by their first video;
- W: another k-means, also initialised with random videos, at most 20 iterations, the best of 5 restarts, on at most
  200 C videos.

Hash center i is computed from row i of W, so it corresponds to pseudo-label i only by chance; `numbering_agreement`
measures how often. This reimplements the procedure, not the code: the released second k-means is faiss on a GPU, here
it is scikit-learn's, and the first one uses an unseeded generator, so its results cannot be reproduced exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s5vh.semantics.clustering import (
    Semantics,
    cosine_similarity,
    kmeans_centroids,
    nearest_centroids,
    projected_summaries,
)

ASSIGNMENTS = 17
_RESTARTS, _ITERATIONS, _VIDEOS_A_CENTROID = 5, 20, 200


def build_released_semantics(
    feats: Any, clusters: int, pca: int | None = None, seed: int = 1, centered: bool = True
) -> Semantics:
    """Cluster the means of `feats` [N, T, D] twice; arguments and errors as in `clustering.build_semantics`.

    Pseudo-labels are less than L <= C, the number of `label_centroids`.
    """
    projected, mean, components = projected_summaries(feats, clusters, pca, seed, centered)
    random = np.random.default_rng(seed)
    label_centroids = lloyd_centroids(projected, random.integers(0, len(projected), clusters))
    nearest = nearest_centroids(projected, label_centroids)
    sample, most = projected, _VIDEOS_A_CENTROID * clusters
    if len(projected) > most:
        sample = projected[np.sort(random.choice(len(projected), most, replace=False))]
    centroids = kmeans_centroids(sample, clusters, seed, _RESTARTS, _ITERATIONS, init="random")
    return Semantics(
        projected,
        centroids,
        nearest[:, 0].copy(),
        nearest,
        np.bincount(nearest[:, 0], minlength=clusters).astype(np.int32),
        cosine_similarity(centroids),
        mean,
        components,
        label_centroids,
    )


def build_lloyd_semantics(
    feats: Any, clusters: int, pca: int | None = None, seed: int = 1, centered: bool = True
) -> Semantics:
    """Cluster the means of `feats` [N, T, D] once, with the first clustering; arguments and errors as above.

    There are as many centroids as clusters are left, at most C. This is the clustering of BTH and MCMSH.
    """
    projected, mean, components = projected_summaries(feats, clusters, pca, seed, centered)
    centroids = lloyd_centroids(projected, np.random.default_rng(seed).integers(0, len(projected), clusters))
    nearest = nearest_centroids(projected, centroids)
    sizes = np.bincount(nearest[:, 0], minlength=len(centroids)).astype(np.int32)
    W = cosine_similarity(centroids)
    return Semantics(projected, centroids, nearest[:, 0].copy(), nearest, sizes, W, mean, components)


def lloyd_centroids(points: np.ndarray, picks: np.ndarray, assignments: int = ASSIGNMENTS) -> np.ndarray:
    """Centroids of Lloyd's algorithm, initialised with points[picks]; float32 [L, P], L at most the number of picks.

    Args:
        points: float32 [N, P].
        picks: int [C], indices of points, may repeat.
        assignments: maximum number of assignment steps, including the one after the last update.
    """
    centroids = points[picks]
    labels = nearest_centroids(points, centroids, 1)[:, 0]
    for _ in range(assignments - 1):
        found, first, members = np.unique(labels, return_index=True, return_inverse=True)
        rank = np.empty(len(found), dtype=np.int64)
        rank[np.argsort(first)] = np.arange(len(found))
        sums = np.zeros((len(found), points.shape[1]))
        np.add.at(sums, rank[members], points)
        centroids = (sums / np.bincount(rank[members])[:, None]).astype(np.float32)
        before, labels = labels, nearest_centroids(points, centroids, 1)[:, 0]
        if np.array_equal(labels, before):
            break
    return centroids
