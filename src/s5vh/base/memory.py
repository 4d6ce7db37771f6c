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


def separate_pages() -> None:
    """Make malloc place every larger block on pages of its own, which return to the system (glibc only, as above).

    Otherwise freed blocks stay between others now and then, and equal programs differ in the memory that they take.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mmap_threshold = -3  # M_MMAP_THRESHOLD; glibc raises it as it goes, unless it has been set
    mallopt(mmap_threshold, 128 * 1024)
