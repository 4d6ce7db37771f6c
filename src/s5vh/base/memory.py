"""How the process treats memory that it frees."""

from __future__ import annotations

import ctypes


def keep_freed_memory() -> None:
    """Let the allocator keep what is freed instead of handing it back to the system (Linux with glibc; else nothing).

    A training step, or an image network, allocates the same large tensors again and again, and touching fresh pages
    costs more than many of the operations on them.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    trim_threshold, mmap_max = -1, -4  # M_TRIM_THRESHOLD and M_MMAP_MAX of <malloc.h>
    mallopt(mmap_max, 0)
    mallopt(trim_threshold, 2**31 - 1)
