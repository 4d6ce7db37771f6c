"""Peak memory of a workload, and the largest batch that a memory allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from s5vh.base.errors import UserError
from s5vh.studies.workload import Workload

STEP = 5  # videos; batches are multiples of it, as in the S5VH paper
MOST_VIDEOS = 65_535  # some kernels on GPUs have one block per video, and grids are not larger
_GROWTH = 16  # a batch that was not yet bounded from above grows at most by this factor
_OUT_OF_MEMORY = ("out of memory", "ALLOC_FAILED")  # of torch and Triton, and of cuBLAS
_PATIENCE = 6  # predictions from the measured memory, before the search bisects


@dataclass(frozen=True)
class LargestBatch:
    """Result of a search.

    Attributes:
        videos: the largest batch that fits, 0 if not even `STEP` videos do.
        memory: its peak in bytes, 0 if there is none.
        probes: memory of every batch that was tried, in bytes; None where memory ran out.
    """

    videos: int
    memory: float
    probes: dict[int, float | None]


def largest_batch(
    memory: Callable[[int], float | None], budget: float, step: int = STEP, most: int = MOST_VIDEOS
) -> LargestBatch:
    """The largest multiple of `step` whose memory is within the budget, while `step` more videos are beyond it.

    The result is exact if memory increases with the batch. Where it is nearly affine in it, as usual, about five
    batches are tried: two small ones predict the largest, which is then confirmed together with the next one.
    Predictions that fail give way to bisection.

    Args:
        memory: peak in bytes of a batch of so many videos, or None if memory ran out.
        budget: bytes.
        most: batches are not larger.
    """
    probes: dict[int, float | None] = {}
    fits, beyond = 0, most // step + 1  # in steps; the first is known to fit, the second is not, or is too large
    known: list[tuple[int, float]] = []
    candidate = 1
    while beyond - fits > 1:
        peak = probes[candidate * step] = memory(candidate * step)
        if peak is not None:
            known.append((candidate, peak))
        if peak is not None and peak <= budget:
            fits = candidate
        else:
            beyond = candidate
        if len(probes) < _PATIENCE and known:
            candidate = min(_predicted(known, budget), _GROWTH * fits)
        else:
            candidate = min((fits + beyond) // 2, _GROWTH * fits)
        candidate = min(max(candidate, fits + 1), beyond - 1)
    memory_of_it = probes.get(fits * step)
    return LargestBatch(fits * step, memory_of_it or 0.0, probes)


def _predicted(known: list[tuple[int, float]], budget: float) -> int:
    """Largest batch by the line through the first and the last measurement, or the origin if there is only one."""
    (first, low), (last, high) = known[0] if len(known) > 1 else (0, 0.0), known[-1]
    slope = (high - low) / (last - first)
    return int(last + (budget - high) // slope) if slope > 0 else last + 1


def peak_memory(workload: Workload, videos: int, device: torch.device) -> float:
    """Peak memory in bytes of loading and running a batch, its features included, weights and their gradients not.

    Allocated memory on a GPU, resident memory of this process on a CPU. A smaller batch runs before, which compiles
    kernels and allocates what is kept, such as gradients.
    """
    workload.load(STEP, device)
    workload.run()
    workload.unload()
    workload.network.to(device)
    before = memory_mark(device)
    workload.load(videos, device)
    workload.run()
    peak = memory_peak(device)
    workload.unload()
    return max(peak - before, 0.0)


def memory_if_it_suffices(workload: Workload, videos: int, device: torch.device) -> float | None:
    """`peak_memory`, or None if the memory of a GPU does not suffice, which is then free again."""
    with suppress_out_of_memory():
        return peak_memory(workload, videos, device)
    workload.unload()
    torch.cuda.empty_cache()
    return None


@contextmanager
def suppress_out_of_memory() -> Iterator[None]:
    """Leave the block without an error where the memory of a GPU does not suffice.

    The error holds on to tensors, which can only be freed after the block.
    """
    try:
        yield
    except RuntimeError as error:
        if not any(words in str(error) for words in _OUT_OF_MEMORY):
            raise


def memory_mark(device: torch.device) -> float:
    """Reset the peak; returns the memory in use now, in bytes."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return float(torch.cuda.memory_allocated(device))
    _return_free_memory()
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak of resident memory (Linux)
    return _status("VmRSS")


def memory_peak(device: torch.device) -> float:
    """Peak memory in bytes since `memory_mark`."""
    return float(torch.cuda.max_memory_allocated(device)) if device.type == "cuda" else _status("VmHWM")


def _return_free_memory() -> None:
    # Freed memory that the allocator still holds would hide part of the next call's usage.
    import ctypes

    ctypes.CDLL(None).malloc_trim(0)


def _status(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return float(line.split()[1]) * 1024
    raise UserError(f"/proc/self/status: no field {field}; CPU memory can only be measured on Linux")
