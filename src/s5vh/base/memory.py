"""Memory allocator settings."""

from __future__ import annotations

import ctypes


def keep_freed_memory() -> None:
    """Make malloc keep freed memory instead of returning it to the system (glibc only; a no-op elsewhere).

    Training steps and image networks repeatedly allocate the same large tensors, and faulting in fresh pages costs more
    than many of the operations on them.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    trim_threshold, mmap_max = -1, -4  # M_TRIM_THRESHOLD and M_MMAP_MAX of <malloc.h>
    mallopt(mmap_max, 0)
    mallopt(trim_threshold, 2**31 - 1)
