"""Quality measures of hash centers: objective, separation, consistency with the clusters."""

from __future__ import annotations

from typing import Any

import numpy as np

from s5vh.centers.objective import objective_parts

SEPARATE_CENTERS = (
    "set semantics.centered to true if clusters are similar because features share a large mean, "
    "or use more bits or fewer clusters"
)
_MANY = 0.8  # fraction of the clusters, or of all codes, that should have centers of their own


def pairwise_distances(centers: np.ndarray) -> np.ndarray:
    """Hamming distances of all pairs i < j of centers [C, K], int64 [C (C - 1) / 2]."""
    # float64 products are exact here and, unlike integer ones, use BLAS.
    phi = np.asarray(centers, dtype=np.float64)
    products = (phi @ phi.T)[np.triu_indices(len(phi), k=1)]
    return np.rint((phi.shape[1] - products) / 2).astype(np.int64)


def similarity_correlation(centers: np.ndarray, W: np.ndarray) -> float | None:
    """Pearson correlation between Phi Phi^T / K and W over pairs i < j; None if either is constant."""
    phi = np.asarray(centers, dtype=np.float64)
    upper = np.triu_indices(len(phi), k=1)
    ours, wanted = (phi @ phi.T)[upper] / phi.shape[1], np.asarray(W, dtype=np.float64)[upper]
    if ours.size < 2 or np.ptp(ours) == 0 or np.ptp(wanted) <= 1e-12:
        return None
    return float(np.corrcoef(ours, wanted)[0, 1])


def collapse(distinct: int, clusters: int, bits: int) -> str:
    """What is wrong, in words, if far fewer centers differ than could, else ""."""
    if distinct >= _MANY * min(clusters, 2.0**bits):
        return ""
    return f"only {distinct} of {clusters} hash centers of {bits} bits are distinct"


def center_statistics(centers: np.ndarray, W: np.ndarray) -> dict[str, Any]:
    """Statistics of binary `centers` [C, K] for similarity `W` [C, C].

    Returns:
        objective, similarity_term, balance_term: equation 11 of the S5VH paper and its two parts.
        minimum_distance, mean_distance: Hamming distance over pairs of centers, in bits; None for one center.
        distinct_centers: number of different centers.
        coincident_pairs: pairs of identical centers. Not an error: with few bits and many similar clusters,
            centers coincide even in the optimum of equation 11.
        correlation: see `similarity_correlation`.
        clusters, bits: C and K.
    """
    distances = pairwise_distances(centers)
    return {
        **objective_parts(centers, W)._asdict(),
        "minimum_distance": int(distances.min()) if distances.size else None,
        "mean_distance": float(distances.mean()) if distances.size else None,
        "distinct_centers": len(np.unique(centers, axis=0)),
        "coincident_pairs": int(np.count_nonzero(distances == 0)),
        "correlation": similarity_correlation(centers, W),
        "clusters": int(centers.shape[0]),
        "bits": int(centers.shape[1]),
    }
