"""Groups of similar codes, few enough to look through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from s5vh.semantics.clustering import nearest_centroids

FEWEST, MOST = 6, 15  # groups; fewer would show little, and more do not fit on a page
_FITTED = 10_000  # codes, at random, that the centroids are computed from
_JUDGED = 2_000  # of these, with all their pairwise distances
_STARTS = 3  # of k-means


@dataclass(frozen=True)
class Clusters:
    """Groups of N codes.

    Attributes:
        members: positions int64 [n] of each group, the largest group first, in each the nearest to its centroid first.
        silhouette: mean silhouette of the codes that were judged, from -1 to 1; None for a single group.
    """

    members: list[np.ndarray]
    silhouette: float | None


def cluster_codes(codes: np.ndarray, seed: int = 1) -> Clusters:
    """Cluster codes by k-means; of `FEWEST` to `MOST` groups, as many as have the largest mean silhouette.

    The silhouette (P. J. Rousseeuw, "Silhouettes", Journal of Computational and Applied Mathematics 20, 1987) compares
    the mean Hamming distance of a code to its own group with that to the nearest other one. It needs no labels. There
    are at most a third as many groups as distinct codes.

    Args:
        codes: int8 [N, K] in {-1, +1}, N >= 1.
        seed: of the sample and of k-means.
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    chosen = np.random.default_rng(seed).permutation(len(codes))[:_FITTED]
    sample = codes[chosen].astype(np.float64)  # in float32, rounding could differ between numbers of threads
    most = min(MOST, len(np.unique(sample, axis=0)) // 3)
    if most < 2:
        return Clusters([_by_distance(codes, np.arange(len(codes)), codes.mean(axis=0))], None)
    judged = sample[:_JUDGED]
    distances = (codes.shape[1] - judged @ judged.T) / 2
    best, centroids = -np.inf, None
    for count in range(min(FEWEST, most), most + 1):
        model = KMeans(count, n_init=_STARTS, random_state=seed).fit(sample)
        labels = model.labels_[:_JUDGED]
        if 1 < len(np.unique(labels)) < len(labels):
            score = float(silhouette_score(distances, labels, metric="precomputed"))
            if score > best:
                best, centroids = score, model.cluster_centers_
    labels = nearest_centroids(codes, centroids, 1)[:, 0]
    members = [np.flatnonzero(labels == label) for label in range(len(centroids))]
    found = [_by_distance(codes, own, centroids[label]) for label, own in enumerate(members) if len(own)]
    return Clusters(sorted(found, key=lambda own: (-len(own), own.min())), best)


def examples(members: np.ndarray, count: int) -> np.ndarray:
    """`count` members, or all if they are fewer: the most typical one, then others evenly spread over the group."""
    return members[np.unique(np.linspace(0, len(members) - 1, min(count, len(members))).round().astype(int))]


def _by_distance(codes: np.ndarray, members: np.ndarray, centroid: np.ndarray) -> np.ndarray:
    # All codes have the same length, so the nearest have the largest inner product.
    return members[np.argsort(-(codes[members].astype(np.float64) @ centroid), kind="stable")]
