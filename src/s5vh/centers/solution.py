"""The result that every center solver returns, and that `s5vh.centers.centers_file` writes and reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class CenterSolution:
    """Hash centers and how they were found.

    Attributes:
        centers: int8 [C, K] in {-1, +1}; row i belongs to cluster i.
        objective_trace: equation 11 at the sign of Phi after each ADMM iteration, float64 [iterations]; of the released
            search after each sweep. Solvers without iterations: the one final value. Refinement after ADMM adds
            nothing here; its result is `statistics["objective"]`.
        residual_box_trace, residual_sphere_trace: ||Phi - Psi_b|| and ||Phi - Psi_p|| over sqrt(C K), float64
            [iterations]; empty for solvers without iterations.
        statistics: those of `s5vh.centers.statistics.center_statistics`, and solver, seed, seconds, and limit_reached:
            "seconds" or "iterations" where such a limit stopped the solver, else None. For ADMM also iterations,
            converged, and admm_objective (before refinement); for the released search sweeps and seconds_limit.
    """

    centers: np.ndarray
    objective_trace: np.ndarray
    residual_box_trace: np.ndarray
    residual_sphere_trace: np.ndarray
    statistics: dict[str, Any]
