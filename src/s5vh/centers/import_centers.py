"""Import hash centers from the S5VH authors' files hash_center_{K}.h5, with `matrix` [C, K]."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.centers.centers_file import CenterSolution
from s5vh.centers.objective import objective, signs
from s5vh.centers.statistics import center_statistics
from s5vh.data.hdf5 import read_matrix

SOLVER = "imported"


def import_centers(path: str | Path, W: np.ndarray) -> CenterSolution:
    """Read hash centers and compute the same statistics as for our solvers.

    The file may contain -1 and +1, or 0 and 1, or real values whose signs are the bits.

    Args:
        path: the authors' file.
        W: [C, C], similarity of the clusters.

    Raises:
        UserError: a broken file, a number of centers other than the number of clusters, or ambiguous values.
    """
    matrix = read_matrix(path, "matrix").astype(np.float64)
    if len(matrix) != len(W):
        raise UserError(f"{path}: {len(matrix)} centers for {len(W)} clusters; use files of one data set")
    if np.isin(matrix, (0, 1)).all():
        matrix = 2 * matrix - 1
    undecided = int(np.count_nonzero(matrix == 0))
    if undecided:
        raise UserError(
            f"{path}: {undecided} values are 0 while others are neither 0 nor 1, so their bits are ambiguous; "
            "download the file again"
        )
    centers = signs(matrix)
    # `rounded`: number of values other than -1 and +1.
    facts = {"solver": SOLVER, "rounded": int(np.count_nonzero(np.abs(matrix) != 1))}
    return CenterSolution(
        centers, np.array([objective(centers, W)]), np.empty(0), np.empty(0), center_statistics(centers, W) | facts
    )
