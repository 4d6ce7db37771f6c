"""Encoding time, memory and operations against sequence length (S5VH paper, Figure 1a), and fits of time and memory.

Weights and features are random, because they do not affect the cost. Each process measures a single method.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pydantic import ValidationError

from s5vh.base.errors import UserError
from s5vh.base.files import write_csv, write_json
from s5vh.base.provenance import provenance
from s5vh.config.run import EfficiencyConfig
from s5vh.config.validation import explain
from s5vh.methods.contract import Shape, TrainedMethod
from s5vh.methods.discovery import implementation_of
from s5vh.methods.load import load_method
from s5vh.methods.settings import TrainedSettings, is_trained
from s5vh.studies.method_size import network_size
from s5vh.studies.timing import time_in_turn
from s5vh.training.device import device_lock, device_name, set_determinism, set_threads

_COLUMNS = (
    "method",
    "frames",
    "batch_size",
    "milliseconds_per_video",
    "milliseconds_median",
    "calls",
    "peak_mib",
    "device",
    "threads",
    "bits",
    "feature_size",
    "parameters",
    "encoding_parameters",
    "flops_per_video",
    "disturbance",
)


def measure_method(
    name: str, settings: dict[str, Any], *, output: Path, device: str = "auto", threads: int | None = None
) -> None:
    """Measure `encode` of a network at every sequence length and write one row per length.

    Time is that of the fastest call, with the median; lengths take turns, see `s5vh.studies.timing`. Memory is the peak
    during a call minus the memory in use before it: resident memory on the CPU, allocated memory on a GPU. Parameters
    and operations are those of `s5vh.studies.method_size`. If the machine was busy with other work, the column
    `disturbance` says so.

    Raises:
        UserError: a method without a network, or invalid settings.
    """
    try:
        config = EfficiencyConfig.model_validate(settings)
    except ValidationError as error:
        raise explain(error, "efficiency") from None
    method = load_method(name)
    if not is_trained(method):
        raise UserError(f"method '{name}' has no network; the efficiency study only measures networks")
    set_threads(threads)
    set_determinism(1)
    with device_lock(device) as place:
        networks = _networks(method, config)
        sizes = {frames: network_size(network, frames) for frames, network in networks.items()}
        encode = _encoders(networks, config, place)
        peaks = {frames: _peak_memory(call, place) for frames, call in encode.items()}
        with torch.inference_mode():
            timing = time_in_turn(encode, config.repeats, lambda: _wait(place), torch.get_num_threads())
        disturbance = timing.disturbance()
        rows = []
        for frames, seconds in timing.seconds.items():
            fastest, median = (1e3 * value / config.batch_size for value in (min(seconds), np.median(seconds)))
            values = (
                name,
                frames,
                config.batch_size,
                fastest,
                median,
                len(seconds),
                peaks[frames] / 2**20,
                device_name(place),
                torch.get_num_threads(),
                config.bits,
                config.feature_size,
                *sizes[frames],
                disturbance,
            )
            rows.append(dict(zip(_COLUMNS, values, strict=True)))
            print(f"{name}: {frames} frames, {fastest:.2f} ms per video, {values[6]:.0f} MiB", file=sys.stderr)
    if disturbance:
        print(f"{name}: the machine was busy: {disturbance}; measure again when it is quiet", file=sys.stderr)
    write_csv(output, rows)


def _networks(method: TrainedSettings, config: EfficiencyConfig) -> dict[int, TrainedMethod]:
    """A network that encodes videos of each sequence length, in increasing order; the same one where it can be."""

    def network_for(frames: int) -> TrainedMethod:
        return implementation_of(method)(method, Shape(frames, config.feature_size, config.bits), {})

    lengths = sorted(set(config.frames))
    network = network_for(lengths[0])
    if network.fixed_length:
        return {lengths[0]: network} | {frames: network_for(frames) for frames in lengths[1:]}
    return dict.fromkeys(lengths, network)


def _encoders(
    networks: dict[int, TrainedMethod], config: EfficiencyConfig, device: torch.device
) -> dict[int, Callable[[], torch.Tensor]]:
    """Encoding of a batch of random features, by sequence length."""
    return {
        frames: partial(
            network.to(device).eval().encode,
            torch.randn(config.batch_size, frames, config.feature_size, device=device),
        )
        for frames, network in networks.items()
    }


def _peak_memory(encode: Callable[[], torch.Tensor], device: torch.device) -> float:
    """Peak memory of one call in bytes; the call before it compiles kernels and allocates what is kept."""
    with torch.inference_mode():
        encode()
        before = _memory_mark(device)
        encode()
        return max(_memory_peak(device) - before, 0.0)


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _memory_mark(device: torch.device) -> float:
    """Reset the peak; returns the memory in use now, in bytes."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return float(torch.cuda.memory_allocated(device))
    _return_free_memory()
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak of resident memory (Linux)
    return _status("VmRSS")


def _memory_peak(device: torch.device) -> float:
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


def polynomial_fit(x: Iterable[float], y: Iterable[float], degree: int) -> dict[str, Any] | None:
    """Least-squares polynomial: coefficients from the highest power down, their standard errors, and R^2.

    Returns None with fewer than degree + 2 points, for which standard errors are undefined.
    """
    x, y = np.asarray(list(x), float), np.asarray(list(y), float)
    if len(x) < degree + 2:
        return None
    scale = x.max()  # keeps the normal equations well conditioned
    design = np.vander(x / scale, degree + 1)
    solution, *_ = np.linalg.lstsq(design, y, rcond=None)
    residual = float(((y - design @ solution) ** 2).sum())
    variance = residual / (len(x) - degree - 1) * np.diag(np.linalg.inv(design.T @ design))
    powers = scale ** np.arange(degree, -1, -1.0)
    spread = float(((y - y.mean()) ** 2).sum())
    return {
        "coefficients": (solution / powers).tolist(),
        "standard_errors": (np.sqrt(variance) / powers).tolist(),
        "r2": 1 - residual / spread if spread > 0 else 1.0,
    }


def fit_files(files: Iterable[str | Path], output: Path) -> None:
    """Fit time and memory of every measured method, linear and quadratic in the number of frames.

    Times that were measured on a busy machine are not fitted.
    """
    fits: dict[str, Any] = {}
    for file in files:
        try:
            with open(file, newline="") as stream:
                rows = list(csv.DictReader(stream))
            frames = [float(row["frames"]) for row in rows]
            columns = {"time": "milliseconds_per_video", "memory": "peak_mib"}
            values = {what: [float(row[column]) for row in rows] for what, column in columns.items()}
            method, disturbance = rows[0]["method"], rows[0]["disturbance"]
        except FileNotFoundError:
            raise UserError(f"{file}: no such file; run `s5vh efficiency` first") from None
        except (KeyError, ValueError, IndexError) as error:
            raise UserError(f"{file}: not an output of `s5vh efficiency` ({error}); measure again") from None
        fits[method] = {
            what: {
                name: None if what == "time" and disturbance else polynomial_fit(frames, y, degree)
                for name, degree in (("linear", 1), ("quadratic", 2))
            }
            for what, y in values.items()
        }
    write_json(output, {"methods": fits, "provenance": provenance()})
