"""Threads: how idle ones wait, and compiled kernels that share their work among several.

Threads that wait actively occupy a core. On a machine that has other work to do, one thread pool then waits for a core
that another one wastes, and a program with two threads runs several times slower than with one.
"""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from s5vh.base.cores import available_cores

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

_PIECES = 4  # per thread, so that a thread which is held up does not hold up the others
_threads: int | None = None


def let_idle_threads_sleep() -> None:
    """Choose passive waiting for OpenMP, unless the environment says otherwise; only effective before torch loads."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def set_kernel_threads(threads: int | None) -> None:
    """Number of threads of the kernels decorated with `shared_among_threads`; None: all available cores."""
    global _threads
    _threads = threads


def shared_among_threads(jobs: Callable[..., int]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator for a compiled kernel(first, last, *args) that does the jobs first <= i < last and releases the GIL.

    The decorated function takes `args` and does all `jobs(*args)` jobs. Jobs must not depend on each other; then
    neither the number of threads nor their scheduling affects the result.

    Numba's own parallel loops are not used: their code differs between the process that compiles it and those that load
    it from the cache, so the same training could end with other weights.
    """

    def decorate(kernel: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(kernel)
        def do_all(*args: Any) -> None:
            count = jobs(*args)
            threads = min(_threads or _cores(), count)
            if threads <= 1:
                kernel(0, count, *args)
                return
            pieces = min(count, threads * _PIECES)
            following = itertools.count()  # thread-safe: one bytecode instruction

            def work() -> None:
                while (piece := next(following)) < pieces:
                    kernel(count * piece // pieces, count * (piece + 1) // pieces, *args)

            others = [_pool(os.getpid()).submit(work) for _ in range(threads - 1)]
            work()
            for other in others:
                other.result()

        return do_all

    return decorate


_cores = cache(available_cores)  # reads several files


@cache
def _pool(process: int) -> ThreadPoolExecutor:
    """Threads of this process; a forked one has none of its parent's."""
    from concurrent.futures import ThreadPoolExecutor  # here, because every command imports this file and few need it

    return ThreadPoolExecutor(_cores(), thread_name_prefix="kernels")
