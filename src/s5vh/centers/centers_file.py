"""Hash centers as computed by a solver, and their HDF5 file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.hdf5 import create_hdf5, read_arrays

_TRACES = ("objective_trace", "residual_box_trace", "residual_sphere_trace")


@dataclass(frozen=True)
class CenterSolution:
    """Hash centers and how they were computed.

    Attributes:
        centers: int8 [C, K] in {-1, +1}; row i belongs to cluster i.
        objective_trace: equation 11 at the sign of Phi after each ADMM iteration, float64 [iterations]; for the
            released search, after each sweep; for non-iterative solvers, only the final value. Does not include the
            refinement after ADMM, whose result is `statistics["objective"]`.
        residual_box_trace, residual_sphere_trace: ||Phi - Psi_b|| and ||Phi - Psi_p|| over sqrt(C K), float64
            [iterations]; empty for other solvers than ADMM.
        statistics: those of `s5vh.centers.statistics.center_statistics`, and solver, seed, seconds, and limit_reached:
            "seconds" or "iterations" if such a limit stopped the solver, else None. For ADMM also iterations,
            converged, and admm_objective (before refinement); for the released search, sweeps and seconds_limit.
    """

    centers: np.ndarray
    objective_trace: np.ndarray
    residual_box_trace: np.ndarray
    residual_sphere_trace: np.ndarray
    statistics: dict[str, Any]


def write_centers(path: str | Path, solution: CenterSolution, provenance: dict[str, Any]) -> None:
    """Write `centers` int8 [C, K], the three traces (float64), and `statistics` and `provenance` as JSON."""
    statistics = json.dumps(solution.statistics, allow_nan=False)
    with create_hdf5(path) as file:
        file["centers"] = solution.centers.astype(np.int8)
        for name in _TRACES:
            file[name] = np.asarray(getattr(solution, name), dtype=np.float64)
        file.attrs["statistics"] = statistics
        file.attrs["provenance"] = json.dumps(provenance)


def read_centers(path: str | Path) -> CenterSolution:
    """Read a centers file.

    Raises:
        UserError: the file is missing, not HDF5, truncated, or has no centers in {-1, +1}.
    """
    arrays, attributes = read_arrays(path, ["centers", *_TRACES], kind="a centers file")
    again = "restore the file or make it again"
    try:
        statistics = json.loads(attributes["statistics"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise UserError(f"{path}: a damaged centers file (statistics: {error}); {again}") from None
    centers = arrays["centers"]
    if centers.ndim != 2 or centers.size == 0 or not np.isin(centers, (-1, 1)).all():
        raise UserError(
            f"{path}: centers of shape {centers.shape} must be a [clusters, bits] matrix of -1 and +1; {again}"
        )
    return CenterSolution(centers.astype(np.int8), *(arrays[name] for name in _TRACES), statistics)
