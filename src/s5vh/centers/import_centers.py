"""Hash centers from the files that the S5VH authors publish: hash_center_{K}.h5, `matrix` [C, K]."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.centers.objective import objective, signs
from s5vh.centers.solution import CenterSolution
from s5vh.centers.statistics import center_statistics
from s5vh.data.hdf5 import read_matrix

SOLVER = "imported"


def import_centers(path: str | Path, W: np.ndarray) -> CenterSolution:
    """Read hash centers and measure them as those that are solved for here.

    The file may hold -1 and +1, or 0 and 1, or real values whose signs are the bits.

    Args:
        path: the authors' file.
        W: [C, C], similarity of the clusters.

    Raises:
        UserError: a broken file, another number of centers than clusters, or values that are no bits.
    """
    matrix = read_matrix(path, "matrix").astype(np.float64)
    if len(matrix) != len(W):
        raise UserError(f"{path}: {len(matrix)} centers for {len(W)} clusters; take all files of one data set")
    if np.isin(matrix, (0, 1)).all():
        matrix = 2 * matrix - 1
    undecided = int(np.count_nonzero(matrix == 0))
    if undecided:
        raise UserError(
            f"{path}: {undecided} values are 0 beside others that are neither 0 nor 1, so their bits are not known; "
            "download it again"
        )
    centers = signs(matrix)
    # `rounded`: values that were not a bit already.
    facts = {"solver": SOLVER, "rounded": int(np.count_nonzero(np.abs(matrix) != 1))}
    return CenterSolution(
        centers, np.array([objective(centers, W)]), np.empty(0), np.empty(0), center_statistics(centers, W) | facts
    )
