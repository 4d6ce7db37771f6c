"""Encoding time and memory against sequence length (S5VH paper, Figure 1a), and least-squares fits of both.

Weights and features are random, because they do not affect the cost. Each process measures a single method.
"""

from __future__ import annotations

import csv
import sys
import time
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
from s5vh.methods.settings import is_trained
from s5vh.training.device import device_lock, device_name, set_determinism, set_threads

_COLUMNS = (
    "method",
    "frames",
    "batch_size",
    "milliseconds_per_video",
    "milliseconds_low",
    "milliseconds_high",
    "peak_mib",
    "device",
    "threads",
    "bits",
    "feature_size",
)


def measure_method(
    name: str, settings: dict[str, Any], *, output: Path, device: str = "auto", threads: int | None = None
) -> None:
    """Measure `encode` of a network at every sequence length and write one row per length.

    Time is the median over repeats after a warm-up call, with quartiles; memory is the peak during a call minus the
    memory in use before it: resident memory on the CPU, allocated memory on a GPU.

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
    rows = []
    with device_lock(device) as place:

        def network_for(frames: int) -> TrainedMethod:
            shape = Shape(frames, config.feature_size, config.bits)
            return implementation_of(method)(method, shape, {}).to(place).eval()

        network = network_for(config.frames[0])
        for frames in sorted(config.frames):
            if network.fixed_length:  # needs one network per length
                network = network_for(frames)
            feats = torch.randn(config.batch_size, frames, config.feature_size, device=place)
            seconds, peak = _measure(partial(network.encode, feats), place, config.repeats)
            low, median, high = np.percentile(seconds, (25, 50, 75)) * 1e3 / config.batch_size
            values = (
                name,
                frames,
                config.batch_size,
                median,
                low,
                high,
                peak / 2**20,
                device_name(place),
                torch.get_num_threads(),
                config.bits,
                config.feature_size,
            )
            rows.append(dict(zip(_COLUMNS, values, strict=True)))
            print(f"{name}: {frames} frames, {median:.2f} ms per video, {peak / 2**20:.0f} MiB", file=sys.stderr)
    write_csv(output, rows)


def _measure(encode: Callable[[], Any], device: torch.device, repeats: int) -> tuple[list[float], float]:
    """Seconds of each repeat, and the peak memory of one call in bytes."""
    with torch.inference_mode():
        encode()
        before = _memory_mark(device)
        encode()
        peak = _memory_peak(device) - before
        seconds = []
        for _ in range(repeats):
            _wait(device)
            started = time.perf_counter()
            encode()
            _wait(device)
            seconds.append(time.perf_counter() - started)
    return seconds, max(peak, 0.0)


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
    """Fit time and memory of every measured method, linear and quadratic in the number of frames."""
    fits: dict[str, Any] = {}
    for file in files:
        try:
            with open(file, newline="") as stream:
                rows = list(csv.DictReader(stream))
            frames = [float(row["frames"]) for row in rows]
            columns = {"time": "milliseconds_per_video", "memory": "peak_mib"}
            values = {what: [float(row[column]) for row in rows] for what, column in columns.items()}
            method = rows[0]["method"]
        except FileNotFoundError:
            raise UserError(f"{file}: no such file; run `s5vh efficiency` first") from None
        except (KeyError, ValueError, IndexError) as error:
            raise UserError(f"{file}: not an output of `s5vh efficiency` ({error}); measure again") from None
        fits[method] = {
            what: {name: polynomial_fit(frames, y, degree) for name, degree in (("linear", 1), ("quadratic", 2))}
            for what, y in values.items()
        }
    write_json(output, {"methods": fits, "provenance": provenance()})
