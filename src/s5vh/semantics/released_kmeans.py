"""The k-means that makes anchors in the released code of BTH and MCMSH."""

from __future__ import annotations

import numpy as np

_BLOCK = 4096  # points whose distances to all centroids are computed at once
UPDATES = 16


def released_kmeans(points: np.ndarray, clusters: int, seed: int, updates: int = UPDATES) -> np.ndarray:
    """Lloyd's k-means from random points drawn with replacement, stopped early; clusters without points are dropped.

    A point that is drawn twice already costs a cluster: BTH's published file has 1,949 centroids where 2,000 were asked
    for. Two things are not as released: the draw never runs past the last point, and centroids keep their order.

    Args:
        points: [N, P].
        clusters: centroids at the start.
        updates: maximum number of updates; it ends before that if no point changes its cluster.

    Returns:
        float32 [M, P], 1 <= M <= clusters.
    """
    points = points.astype(np.float64)  # as in `kmeans_centroids`, so that rounding does not decide
    centroids = points[np.random.default_rng(seed).integers(len(points), size=clusters)]
    previous = None
    for _ in range(updates):
        nearest = _nearest(points, centroids)
        if previous is not None and np.array_equal(nearest, previous):
            break
        order = nearest.argsort(kind="stable")
        _, starts, numbers = np.unique(nearest[order], return_index=True, return_inverse=True)
        previous = numbers[order.argsort(kind="stable")]  # after the drop
        centroids = np.add.reduceat(points[order], starts) / np.diff([*starts, len(points)])[:, None]
    return centroids.astype(np.float32)


def _nearest(points: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """The nearest centroid of each point, ties to the lower number."""
    norms = np.square(centroids).sum(axis=1)
    blocks = (points[start : start + _BLOCK] for start in range(0, len(points), _BLOCK))
    return np.concatenate([(norms - 2 * block @ centroids.T).argmin(axis=1) for block in blocks])
