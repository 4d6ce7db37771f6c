"""Numba kernel for the CPU: errors of reconstructed frames, in place of the predictions."""

from __future__ import annotations

import numpy as np
from numba import njit

from s5vh.base.threads import shared_among_threads
from s5vh.nn.backends.cpu_storage import loaded, stored

ROWS = 64  # predictions per job; their errors are summed before they are stored


def job_count(predictions: int) -> int:
    """Number of groups of predictions."""
    return -(-predictions // ROWS)


def _jobs(predicted: np.ndarray, *_: object) -> int:
    return job_count(len(predicted))


@shared_among_threads(_jobs)
@njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz", "arcp"}, error_model="numpy")
def subtract(first_job, last_job, predicted, bias, frames, places, squares, totals):
    """predicted[m] += bias - frames[places[m]], where `predicted` may be stored in bfloat16, see `cpu_storage`.

    `squares`, [M], gets the squared norms of the errors before they are rounded, `totals`, [jobs, D], the sums of the
    errors of each job's predictions.
    """
    count, size = predicted.shape
    for job in range(first_job, last_job):
        total = totals[job]
        total[:] = 0
        for m in range(job * ROWS, min((job + 1) * ROWS, count)):
            row, frame = predicted[m], frames[places[m]]
            square = bias.dtype.type(0)
            for e in range(size):
                error = loaded(row[e]) + bias[e] - frame[e]
                row[e] = stored(error, predicted.dtype)
                total[e] += error
                square += error * error
            squares[m] = square
