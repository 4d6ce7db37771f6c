"""Memory allocator settings."""

from __future__ import annotations

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MMAP_MAX = -1, -3, -4  # M_TRIM_THRESHOLD and so on, of <malloc.h>


def keep_freed_memory() -> None:
    """Make malloc keep freed memory instead of returning it to the system (glibc only; a no-op elsewhere).

    Training steps and image networks repeatedly allocate the same large tensors, and faulting in fresh pages costs more
    than many of the operations on them.
    """
    _set(_MMAP_MAX, 0)
    _set(_TRIM_THRESHOLD, 2**31 - 1)


def separate_pages() -> None:
    """Make malloc place every larger block on pages of its own, which return to the system (glibc only, as above).

    Otherwise freed blocks stay between others now and then, and equal programs differ in the memory that they take.
    """
    _set(_MMAP_THRESHOLD, 128 * 1024)  # glibc raises it as it goes, unless it has been set


def _set(parameter: int, value: int) -> None:
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(parameter, value)
