"""Similarities of synthetic clusters, on which hash-center solvers are compared where no features are at hand."""

from __future__ import annotations

import numpy as np

from s5vh.base.errors import UserError

_VALUES = 512  # of a centroid: the components that PCA keeps of the papers' features


def hierarchical_similarity(clusters: int, seed: int = 7, groups: int = 10) -> np.ndarray:
    """Cosine similarity, float64 [C, C], of random centroids that each lie around the middle of one of a few groups.

    Centroid i is the middle of group i mod `groups` plus a vector of its own, all of 512 standard normals: the middles
    are drawn first, by NumPy's `default_rng(seed)`. Two centroids of one group have a similarity around 1/2, others
    around 0.
    """
    for name, value, least in (("clusters", clusters, 1), ("groups", groups, 1), ("seed", seed, 0)):
        if value < least:
            raise UserError(f"synthetic similarity: {name} is {value}; give a whole number of at least {least}")
    draws = np.random.default_rng(seed)
    middles = draws.standard_normal((groups, _VALUES))
    centroids = middles[np.arange(clusters) % groups] + draws.standard_normal((clusters, _VALUES))
    centroids /= np.linalg.norm(centroids, axis=1, keepdims=True)
    return centroids @ centroids.T
