"""Timing of actions in turn, shared by the scripts of this folder."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable

import numpy as np
import torch

from s5vh.base.memory import keep_freed_memory


def usual_memory() -> None:
    """Undo `keep_freed_memory`: glibc's defaults, as they are after large blocks have been freed."""
    mallopt = ctypes.CDLL(None).mallopt
    for parameter, value in ((-4, 65536), (-3, 32 * 2**20), (-1, 64 * 2**20)):  # mmap_max, mmap and trim thresholds
        mallopt(parameter, value)


def synchronize() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def timed(actions: dict[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Quartiles in milliseconds of each action. Actions alternate; the second of two consecutive calls is timed, as in
    training, where the previous step was of the same kind and affects the state of memory."""
    values: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(repeats):
        for name, action in actions.items():
            usual_memory() if "usual memory" in name else keep_freed_memory()
            action()
            synchronize()
            started = time.perf_counter()
            action()
            synchronize()
            values[name].append(1e3 * (time.perf_counter() - started))
    return {name: np.percentile(taken, (25, 50, 75)).tolist() for name, taken in values.items()}
