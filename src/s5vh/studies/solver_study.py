"""Hash-center solvers on synthetic clusters of any size, for which no features are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.provenance import provenance
from s5vh.centers.centers_file import write_centers
from s5vh.centers.solution import CenterSolution
from s5vh.centers.solve import solve
from s5vh.centers.synthetic import hierarchical_similarity

# The least that each solver with options can be asked to do.
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
    # What numba compiles at first use is no part of the time that a solver takes.
    solve(np.eye(3), 2, solver, **_BRIEFLY.get(solver, {}))
    solution = solve(W, bits, solver, **options)
    settings = {"clusters": clusters, "bits": bits, "solver": solver, "clusters_seed": seed, **options}
    write_centers(output, solution, provenance(settings=settings, seed=solution.statistics["seed"], threads=1))
    return solution
