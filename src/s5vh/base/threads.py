"""Thread pools of the numerical libraries: how idle threads wait, and which pool numba's kernels use.

Torch and numba each have a pool of their own, and by default idle threads of both wait actively, that is, they occupy a
core. On a machine that has other work to do, each pool then waits for a core that the other one wastes, and a program
with two threads runs several times slower than with one.
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_kernel = threading.RLock()


def choose_thread_pools() -> None:
    """Let idle threads sleep, unless the environment says otherwise; only effective before torch and numba load."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("NUMBA_THREADING_LAYER", "workqueue")


def one_at_a_time(kernel: Callable[P, R]) -> Callable[P, R]:
    """A parallel numba kernel that several Python threads may call; its pool aborts the process if two run at once."""

    @functools.wraps(kernel)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        with _kernel:
            return kernel(*args, **kwargs)

    return call
