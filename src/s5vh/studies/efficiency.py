"""Time, memory and operations against sequence length (S5VH paper, Figure 1a).

Each process measures a single method. As in the paper, the batch is the largest that fits, probed in steps of five
videos; see `s5vh.studies.probing`. The fits are in `s5vh.studies.scaling_fits`.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from pydantic import ValidationError

from s5vh.base.errors import UserError
from s5vh.base.files import write_csv
from s5vh.base.memory import keep_freed_memory
from s5vh.config.studies import EfficiencyConfig
from s5vh.config.validation import explain
from s5vh.methods.load import load_method
from s5vh.methods.settings import is_trained
from s5vh.studies.fresh_process import FreshProcesses
from s5vh.studies.method_size import MethodSize, network_size
from s5vh.studies.probing import STEP, largest_batch, memory_if_it_suffices, suppress_out_of_memory
from s5vh.studies.timing import Timing, time_in_turn
from s5vh.studies.workload import PURPOSES, Purpose, Workload, prepare
from s5vh.training.device import device_lock, device_name, set_determinism, set_threads

MemoryOf = Callable[[Purpose, int, int], float | None]  # of a purpose, T, and a number of videos; in bytes


class Chosen(NamedTuple):
    """A batch, 0 videos if none fits, and its peak memory in bytes."""

    videos: int
    memory: float


def measure_method(
    name: str, settings: Mapping[str, Any], *, output: Path, device: str = "auto", threads: int | None = None
) -> None:
    """Measure a network at every sequence length and write one row per purpose and length.

    Purposes are `encode`, and `train`, losses and gradients of a training step; see `Workload`. Time is that of the
    fastest call per video, with the median and all calls; lengths take turns, see `s5vh.studies.timing`. Memory is the
    peak of the batch, its features included, the network's weights not: resident memory on the CPU, allocated memory on
    a GPU. If no batch fits, `batch_size` is 0 and times and memory are empty. Parameters and operations are those of
    `s5vh.studies.method_size`. If the machine was busy with other work, the column `disturbance` says so.

    Raises:
        UserError: a method without a network, invalid settings, or a network that cannot be measured.
    """
    try:
        config = EfficiencyConfig.model_validate(settings)
    except ValidationError as error:
        raise explain(error, "efficiency") from None
    if not is_trained(load_method(name)):
        raise UserError(f"method '{name}' has no network; the efficiency study only measures networks")
    lengths = sorted(set(config.frames))
    set_threads(threads)
    set_determinism(1)
    rows = []
    with device_lock(device) as place, tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        for frames in lengths if config.training else ():
            prepare(name, config, frames, folder / str(frames))
        memory, budget = _memory_measure(name, config, folder, place, threads, stack)
        sizes = {frames: _size(name, config, frames) for frames in lengths}
        for purpose in PURPOSES if config.training else PURPOSES[:1]:
            chosen = _choose(config, purpose, lengths, memory, budget)
            if purpose == "train":
                keep_freed_memory()  # as trainings do
            timing = _time(name, config, purpose, chosen, memory, folder, place)
            found = [
                _row(name, config, purpose, frames, chosen[frames], timing, sizes[frames], place) for frames in lengths
            ]
            for row in found:
                print(_sentence(row), file=sys.stderr)
            rows += found
    for why in dict.fromkeys(row["disturbance"] for row in rows if row["disturbance"]):
        print(f"{name}: the machine was busy: {why}; measure again when it is quiet", file=sys.stderr)
    write_csv(output, rows)


def _memory_measure(
    name: str, config: EfficiencyConfig, folder: Path, device: torch.device, threads: int | None, stack: ExitStack
) -> tuple[MemoryOf, float]:
    """What measures the memory of a batch on this device, and the memory that a batch may take, in bytes."""
    if device.type == "cpu" and config.batch_size == "largest":
        processes = stack.enter_context(FreshProcesses(name, config, folder, threads))
        return processes.memory, config.memory_budget_mib * 2.0**20

    def in_this_process(purpose: Purpose, frames: int, videos: int) -> float | None:
        work = Workload(name, config, purpose, frames, folder / str(frames))
        return memory_if_it_suffices(work, videos, device)

    return in_this_process, math.inf if device.type == "cpu" else float(torch.cuda.mem_get_info(device)[0])


def _size(name: str, config: EfficiencyConfig, frames: int) -> MethodSize:
    return network_size(Workload(name, config, "encode", frames, Path()).network, frames)


def _choose(
    config: EfficiencyConfig, purpose: Purpose, lengths: Sequence[int], memory: MemoryOf, budget: float
) -> dict[int, Chosen]:
    """The batch to measure at each of the increasing lengths; beyond one at which none fits, none is tried."""
    chosen: dict[int, Chosen] = {}
    for frames in lengths:
        if config.batch_size == "largest":
            found = largest_batch(partial(memory, purpose, frames), budget)
            chosen[frames] = Chosen(found.videos, found.memory)
        else:
            peak = memory(purpose, frames, config.batch_size)
            chosen[frames] = Chosen(0, 0.0) if peak is None else Chosen(config.batch_size, peak)
        if not chosen[frames].videos:
            break
    return {frames: chosen.get(frames, Chosen(0, 0.0)) for frames in lengths}


def _time(
    name: str,
    config: EfficiencyConfig,
    purpose: Purpose,
    chosen: dict[int, Chosen],
    memory: MemoryOf,
    folder: Path,
    device: torch.device,
) -> Timing | None:
    """Times of all lengths at which a batch fits, or None if there is none. One batch at a time is in memory.

    A batch in `chosen` is replaced by a smaller one if it does not fit any more beside what the other lengths leave
    behind.
    """
    works = {
        frames: Workload(name, config, purpose, frames, folder / str(frames))
        for frames, batch in chosen.items()
        if batch.videos
    }

    def load(frames: int) -> None:
        for work in works.values():
            work.unload()
            work.forget_gradients()
        works[frames].load(chosen[frames].videos, device)

    def wait() -> None:
        if device.type == "cuda":
            torch.cuda.synchronize(device)

    def runs(frames: int) -> bool:
        with suppress_out_of_memory():
            load(frames)
            works[frames].run()
            return True
        works[frames].unload()
        torch.cuda.empty_cache()
        return False

    for frames in list(works):  # compiles kernels
        while not runs(frames):
            chosen[frames] = _smaller(chosen[frames], partial(memory, purpose, frames))
            if not chosen[frames].videos:
                del works[frames]
                break
    if not works:
        return None
    actions = {frames: work.run for frames, work in works.items()}
    return time_in_turn(actions, config.repeats, wait, torch.get_num_threads(), ready=load)


def _smaller(batch: Chosen, memory: Callable[[int], float | None]) -> Chosen:
    """The next smaller batch whose memory can be measured."""
    for videos in range(batch.videos - STEP, 0, -STEP):
        peak = memory(videos)
        if peak is not None:
            return Chosen(videos, peak)
    return Chosen(0, 0.0)


def _row(
    name: str,
    config: EfficiencyConfig,
    purpose: Purpose,
    frames: int,
    batch: Chosen,
    timing: Timing | None,
    size: MethodSize,
    device: torch.device,
) -> dict[str, Any]:
    calls = [] if timing is None else [1e3 * value / batch.videos for value in timing.seconds.get(frames, ())]
    measured = bool(calls)
    return {
        "method": name,
        "purpose": purpose,
        "frames": frames,
        "batch_size": batch.videos,
        "milliseconds_per_video": min(calls) if measured else "",
        "milliseconds_median": float(np.median(calls)) if measured else "",
        "milliseconds_of_calls": " ".join(f"{value:.6g}" for value in calls),
        "peak_mib": batch.memory / 2**20 if measured else "",
        "mib_per_video": batch.memory / 2**20 / batch.videos if measured else "",
        "device": device_name(device),
        "threads": torch.get_num_threads(),
        "bits": config.bits,
        "feature_size": config.feature_size,
        "parameters": size.parameters,
        "encoding_parameters": size.encoding_parameters,
        "flops_per_video": size.flops,
        "disturbance": "" if timing is None else timing.disturbance(),
    }


def _sentence(row: dict[str, Any]) -> str:
    what = f"{row['method']}, {row['purpose']}, {row['frames']} frames"
    if not row["batch_size"]:
        return f"{what}: not enough memory"
    return (
        f"{what}: {row['milliseconds_per_video']:.2f} ms and {row['mib_per_video']:.2f} MiB per video, "
        f"{row['batch_size']} at a time"
    )
