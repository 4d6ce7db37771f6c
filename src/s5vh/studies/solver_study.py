"""Hash-center solvers on synthetic clusters of any size, without features."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.centers.centers_file import CenterSolution, write_centers
from s5vh.centers.solve import solve
from s5vh.semantics.clustering import cosine_similarity, mean_similarity

_VALUES = 512  # dimension of centroids, as after PCA of the papers' features
_FRAMES = 25  # averaged for one centroid of `rectified_similarity`
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
    _warm_up(solver)
    solution = solve(W, bits, solver, **options)
    settings = {"clusters": clusters, "bits": bits, "solver": solver, "clusters_seed": seed, **options}
    write_centers(output, solution, provenance(settings=settings, seed=solution.statistics["seed"], threads=1))
    return solution


def study_centering(
    clusters: int, bits: int, solver: str, seeds: int = 5, *, output: Path, **options: Any
) -> list[dict[str, Any]]:
    """Solve for the hash centers of `rectified_similarity`, not centered and centered, for several seeds.

    Args:
        clusters, bits, solver, options: as `study_solver`.
        seeds: S; seed s = 1 to S draws the clusters and is the solver's seed. Both similarities of a seed come from
            the same centroids, so their results are pairs.
        output: JSON file with `rows` and `provenance`.

    Returns:
        The rows, one per (centered, seed): those two, `mean_similarity` of the clusters, and the statistics of
        `s5vh.centers.solve.solve` except the solver's seed.

    Raises:
        UserError: unknown solver or option, wrong sizes or number of seeds.
    """
    if seeds < 1:
        raise UserError(f"study of centering: seeds is {seeds}; must be at least 1")
    _warm_up(solver)
    rows = []
    for centered in (False, True):
        for seed in range(1, seeds + 1):
            W = rectified_similarity(clusters, seed, centered=centered)
            found = solve(W, bits, solver, seed, **options).statistics
            rows.append(found | {"centered": centered, "seed": seed, "mean_similarity": mean_similarity(W)})
    settings = {"clusters": clusters, "bits": bits, "solver": solver, "seeds": seeds, **options}
    write_json(output, {"rows": rows, "provenance": provenance(settings=settings, threads=1)})
    return rows


def _warm_up(solver: str) -> None:
    """Exclude numba's compilation on first use from the measured times."""
    solve(np.eye(3), 2, solver, **_BRIEFLY.get(solver, {}))


def hierarchical_similarity(clusters: int, seed: int = 7, groups: int = 10) -> np.ndarray:
    """Cosine similarity, float64 [C, C], of random centroids that form a few groups.

    Centroid i is the center of group i mod `groups` plus an individual vector, both with 512 standard normal entries;
    the centers are drawn first, by NumPy's `default_rng(seed)`. The similarity of centroids is around 1/2 within a
    group and around 0 between groups.
    """
    centroids = _grouped(clusters, seed, groups)[0]
    centroids /= np.linalg.norm(centroids, axis=1, keepdims=True)
    return centroids @ centroids.T


def rectified_similarity(clusters: int, seed: int = 7, groups: int = 10, *, centered: bool) -> np.ndarray:
    """Cosine similarity, float64 [C, C], of the centroids of features as after a ReLU, which share a large mean.

    Each centroid is the average over 25 frames of max(x + e, 0): x is the centroid of `hierarchical_similarity` before
    normalisation, e differs between frames and is standard normal. Without centering, the similarity is around 0.65
    within a group and around 0.45 between groups. `centered` subtracts the mean of all centroids first, which for
    clusters of equal size is the mean of all videos; then between groups it is slightly below 0.
    """
    centroids, draws = _grouped(clusters, seed, groups)
    frames = (np.maximum(x + draws.standard_normal((_FRAMES, _VALUES)), 0.0) for x in centroids)
    means = np.array([video.mean(axis=0) for video in frames])
    return cosine_similarity(means - means.mean(axis=0) if centered else means)


def _grouped(clusters: int, seed: int, groups: int) -> tuple[np.ndarray, np.random.Generator]:
    """Random centroids [C, 512] in a few groups, and the generator that drew them."""
    for name, value, least in (("clusters", clusters, 1), ("groups", groups, 1), ("seed", seed, 0)):
        if value < least:
            raise UserError(f"synthetic similarity: {name} is {value}; must be at least {least}")
    draws = np.random.default_rng(seed)
    middles = draws.standard_normal((groups, _VALUES))
    return middles[np.arange(clusters) % groups] + draws.standard_normal((clusters, _VALUES)), draws
