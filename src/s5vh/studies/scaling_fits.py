"""Fits of time and memory per video against sequence length, and lengths from which one network is the faster.

Fits are least squares in milliseconds or MiB, as in the S5VH paper, so long videos weigh most; the slope on logarithmic
axes weighs all lengths alike. Intervals are at 95%. Standard errors and intervals of fits are the usual ones for
independent errors of equal variance.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import stdtrit  # quantiles of Student's t; scipy.stats, which calls it, takes long to load

from s5vh.base.errors import UserError
from s5vh.base.files import write_json
from s5vh.base.provenance import provenance

LEVEL = 0.95
RESAMPLES = 2_000
_MODELS = (("linear", 1), ("quadratic", 2))
_QUANTITIES = {"time": "milliseconds_per_video", "memory": "mib_per_video"}
_SMALLEST = 1e-24  # of the total spread; rounding errors leave no less, and BIC takes its logarithm


def polynomial_fit(x: Iterable[float], y: Iterable[float], degree: int) -> dict[str, Any] | None:
    """Least-squares polynomial with coefficients from the highest power down.

    Returns:
        `coefficients`, their `standard_errors` and `intervals` by Student's t, `r2`, and `bic`, the Bayesian
        information criterion for normal errors, n log(residual / n) + (degree + 1) log n. None with fewer than
        degree + 2 points, for which standard errors are undefined.
    """
    x, y = np.asarray(list(x), float), np.asarray(list(y), float)
    count, freedom = len(x), len(x) - degree - 1
    if freedom < 1:
        return None
    scale = x.max()  # keeps the normal equations well conditioned
    design = np.vander(x / scale, degree + 1)
    solution, *_ = np.linalg.lstsq(design, y, rcond=None)
    residual = float(((y - design @ solution) ** 2).sum())
    variance = residual / freedom * np.diag(np.linalg.inv(design.T @ design))
    powers = scale ** np.arange(degree, -1, -1.0)
    coefficients, errors = solution / powers, np.sqrt(variance) / powers
    spread = float(((y - y.mean()) ** 2).sum())
    least = max(residual, _SMALLEST * float((y**2).sum()), np.finfo(float).tiny)
    half = stdtrit(freedom, (1 + LEVEL) / 2) * errors
    return {
        "coefficients": coefficients.tolist(),
        "standard_errors": errors.tolist(),
        "intervals": np.stack([coefficients - half, coefficients + half], axis=1).tolist(),
        "r2": 1 - residual / spread if spread > 0 else 1.0,
        "bic": float(count * np.log(least / count) + (degree + 1) * np.log(count)),
    }


def scaling_fit(frames: Sequence[float], values: Sequence[float]) -> dict[str, Any]:
    """All fits of one quantity.

    Returns:
        `linear` and `quadratic`, see `polynomial_fit`; `chosen`, the one with the lower BIC, the linear one if they are
        equal, or None if there is none; `exponent`, the slope of log(value) against log(frames) with `standard_error`
        and `interval`, or None with fewer than three points or values that are not positive.
    """
    fits: dict[str, Any] = {name: polynomial_fit(frames, values, degree) for name, degree in _MODELS}
    possible = [name for name, fit in fits.items() if fit is not None]
    slope = None
    if min(values, default=0) > 0:
        slope = polynomial_fit(np.log(frames), np.log(values), 1)
    return fits | {
        "chosen": min(possible, key=lambda name: fits[name]["bic"], default=None),
        "exponent": slope
        and {
            "value": slope["coefficients"][0],
            "standard_error": slope["standard_errors"][0],
            "interval": slope["intervals"][0],
        },
    }


def crossing(frames: Sequence[float], first: Sequence[float], second: Sequence[float]) -> float | None:
    """Length from which the first network is faster than the second at all longer measured lengths.

    The difference of their times is interpolated linearly between the lengths on a logarithmic axis.

    Returns:
        0 if the first is faster at all lengths, None if it is not faster at the longest.
    """
    gain = np.asarray(second, float) - np.asarray(first, float)  # positive where the first is faster
    if not len(gain) or gain[-1] <= 0:
        return None
    slower = np.flatnonzero(gain <= 0)
    if not len(slower):
        return 0.0
    last = slower[-1]
    share = -gain[last] / (gain[last + 1] - gain[last])
    return float(frames[last] * (frames[last + 1] / frames[last]) ** share)


def crossing_with_interval(
    first: Mapping[float, Sequence[float]], second: Mapping[float, Sequence[float]]
) -> dict[str, Any]:
    """`crossing` of the fastest calls of two networks at the lengths that both have, and its bootstrap interval.

    Args:
        first, second: times of all calls by length; calls are resampled.

    Returns:
        `frames`, the crossing; `interval`, whose bounds are 0 for "at all lengths" and None for "beyond the longest";
        `shortest` and `longest`, the lengths that both have.
    """
    frames = sorted(set(first) & set(second))
    if not frames:
        return {"frames": None, "interval": [None, None], "shortest": None, "longest": None}
    rng = np.random.default_rng(0)
    times = [_resampled(rng, [np.asarray(calls[length]) for length in frames]) for calls in (first, second)]
    found = [crossing(frames, *pair) for pair in zip(*times, strict=True)]
    ordered = np.sort([np.inf if value is None else value for value in found])
    tail = (1 - LEVEL) / 2
    bounds = [ordered[int(np.floor(tail * RESAMPLES))], ordered[int(np.ceil((1 - tail) * RESAMPLES)) - 1]]
    fastest = [[min(calls[length]) for length in frames] for calls in (first, second)]
    return {
        "frames": crossing(frames, *fastest),
        "interval": [float(bound) if np.isfinite(bound) else None for bound in bounds],
        "shortest": frames[0],
        "longest": frames[-1],
    }


def _resampled(rng: np.random.Generator, calls: list[np.ndarray]) -> np.ndarray:
    """Fastest of as many calls, drawn with replacement, [RESAMPLES, lengths]."""
    drawn = [one[rng.integers(len(one), size=(RESAMPLES, len(one)))].min(axis=1) for one in calls]
    return np.stack(drawn, axis=1)


def fit_files(files: Iterable[str | Path], output: Path) -> None:
    """Fit all measurements and write JSON.

    Times that were measured on a busy machine are neither fitted nor compared. The networks are compared with that of
    the first file.

    Raises:
        UserError: a file is missing, or is not an output of `measure_method`.
    """
    methods: dict[str, Any] = {}
    calls: dict[str, dict[str, dict[float, list[float]]]] = {}
    for file in files:
        name, purposes = _read(Path(file))
        methods[name] = {}
        for purpose, rows in purposes.items():
            busy = any(row["disturbance"] for row in rows)
            frames = [row["frames"] for row in rows]
            methods[name][purpose] = {
                what: scaling_fit([], [])
                if what == "time" and busy
                else scaling_fit(frames, [row[what] for row in rows])
                for what in _QUANTITIES
            }
            if not busy:
                calls.setdefault(purpose, {})[name] = {row["frames"]: row["calls"] for row in rows}
    reference = next(iter(methods), None)
    crossings = {
        purpose: {
            name: crossing_with_interval(found[reference], other) for name, other in found.items() if name != reference
        }
        for purpose, found in calls.items()
        if reference in found
    }
    write_json(output, {"methods": methods, "reference": reference, "crossings": crossings, "provenance": provenance()})


def _read(file: Path) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """The method of a file and, by purpose, its measurements: lengths at which no batch fits are left out."""
    purposes: dict[str, list[dict[str, Any]]] = {}
    try:
        with file.open(newline="") as stream:
            rows = list(csv.DictReader(stream))
        name = rows[0]["method"]
        for row in rows:
            found = purposes.setdefault(row["purpose"], [])
            if int(row["batch_size"]):
                values = {what: float(row[column]) for what, column in _QUANTITIES.items()}
                calls = [float(word) for word in row["milliseconds_of_calls"].split()]
                found.append({"frames": int(row["frames"]), "calls": calls, "disturbance": row["disturbance"]} | values)
    except FileNotFoundError:
        raise UserError(f"{file}: no such file; run `s5vh efficiency` first") from None
    except (AttributeError, KeyError, ValueError, IndexError) as error:
        raise UserError(f"{file}: not an output of `s5vh efficiency` ({error}); measure again") from None
    return name, purposes
