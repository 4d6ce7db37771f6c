"""Hash-center solvers on synthetic clusters of any size, without features."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.provenance import provenance
from s5vh.centers.centers_file import CenterSolution, write_centers
from s5vh.centers.solve import solve

_VALUES = 512  # dimension of centroids, as after PCA of the papers' features
# Minimal work for each solver with options.
_BRIEFLY = {"admm": {"sweeps": 1, "iterations": 1}, "admm-plain": {"iterations": 1}, "released": {"sweeps": 1}}


def study_solver(
    clusters: int, bits: int, solver: str, seed: int = 7, *, output: Path, **options: Any
) -> CenterSolution:
    """Solve for the hash centers of `hierarchical_similarity(clusters, seed)` and write them to `output`.

    Args:
        clusters, bits: C and K.
        solver, options: see `s5vh.centers.solve.solve`; the solver's own seed is its default.
        seed: of the synthetic clusters.
        output: centers file.

    Raises:
        UserError: unknown solver or option, wrong sizes or seed.
    """
    W = hierarchical_similarity(clusters, seed)
    # Exclude numba's compilation on first use from the measured time.
    solve(np.eye(3), 2, solver, **_BRIEFLY.get(solver, {}))
    solution = solve(W, bits, solver, **options)
    settings = {"clusters": clusters, "bits": bits, "solver": solver, "clusters_seed": seed, **options}
    write_centers(output, solution, provenance(settings=settings, seed=solution.statistics["seed"], threads=1))
    return solution


def hierarchical_similarity(clusters: int, seed: int = 7, groups: int = 10) -> np.ndarray:
    """Cosine similarity, float64 [C, C], of random centroids that form a few groups.

    Centroid i is the center of group i mod `groups` plus an individual vector, both with 512 standard normal entries;
    the centers are drawn first, by NumPy's `default_rng(seed)`. The similarity of centroids is around 1/2 within a
    group and around 0 between groups.
    """
    for name, value, least in (("clusters", clusters, 1), ("groups", groups, 1), ("seed", seed, 0)):
        if value < least:
            raise UserError(f"synthetic similarity: {name} is {value}; must be at least {least}")
    draws = np.random.default_rng(seed)
    middles = draws.standard_normal((groups, _VALUES))
    centroids = middles[np.arange(clusters) % groups] + draws.standard_normal((clusters, _VALUES))
    centroids /= np.linalg.norm(centroids, axis=1, keepdims=True)
    return centroids @ centroids.T
