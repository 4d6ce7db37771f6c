"""Tables of time and memory by sequence length, and of the fits to them (S5VH paper, Figure 1a)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.config.grid import Run
from s5vh.reporting import collect
from s5vh.reporting.published_numbers import table_of
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import WORK, bracketed, method_title, minus, number

_QUANTITIES = {"time": "time [ms]", "memory": "memory [MiB]"}
_MODELS = ("linear", "quadratic")
_POWERS = (2, 1, 0)


def build_efficiency(run: Run, results: Path) -> Table:
    """Largest batch, and time and memory per video at it, at every length; sizes of the networks."""
    points, _ = collect.efficiency(run, results)
    busy = collect.disturbances(points)
    rows: list[dict[str, Any]] = []
    blocks = []
    for purpose, part in points.groupby("purpose", sort=False):
        lines = []
        for row in part.itertuples():
            values = {"batch_size": row.batch_size, "milliseconds_per_video": row.milliseconds_per_video}
            values |= {"milliseconds_median": row.milliseconds_median, "mib_per_video": row.mib_per_video}
            common = {"source": "measured here", "method": row.method, "purpose": purpose, "frames": row.frames}
            rows += [common | {"quantity": name, "value": value} for name, value in values.items()]
            texts = [f"{row.frames:,}", f"{row.batch_size:,}" if row.batch_size else "none fits"]
            numbers = [row.milliseconds_per_video, row.milliseconds_median, row.mib_per_video]
            texts += [f"{value:.3g}" if np.isfinite(value) else "" for value in numbers]
            lines.append([Entry(text) for text in (method_title(row.method), *texts)])
        columns = ["Method", "frames", "videos per batch", "ms per video", "median", "MiB per video"]
        heading = f"{WORK[str(purpose)].capitalize()}, on {collect.devices(part)}"
        blocks.append(Block(heading, columns, lines, _busy(busy, str(purpose))))
    if blocks:
        encoding = points[points.purpose == "encode"]
        blocks.append(_sizes(encoding))
        rows += _size_rows(encoding)
    text = f"Time per video of the fastest call, and peak memory per video, by number of frames. {_setting(run)}"
    names = ["source", "method", "purpose", "frames", "quantity", "value"]
    return Table(text, pd.DataFrame(rows, columns=names), blocks)


def build_scaling_fits(run: Run, results: Path) -> Table:
    """Linear and quadratic fits, how time and memory grow, and from which length the first network is faster."""
    points, fits = collect.efficiency(run, results)
    busy = collect.disturbances(points)
    rows: list[dict[str, Any]] = []
    blocks = []
    for purpose in dict.fromkeys(points.purpose):
        found = {method: fits["methods"][method][purpose] for method in run.config.efficiency.methods}
        blocks.append(_growth(found, fits, purpose, rows, _busy(busy, purpose)))
        blocks.append(_polynomials(found, purpose, rows))
    blocks.append(_printed(rows))
    reference = fits["reference"]
    faster = f", and from which length {method_title(reference)} is faster" if reference else ""
    text = (
        f"How time and memory per video grow with the number of frames{faster}, with 95% intervals. {_setting(run)} "
        "Fits are least squares in milliseconds and MiB, so long videos weigh most; the exponent is the slope of the "
        "logarithms, 1 for linear and 2 for quadratic growth. The model is the one with the lower BIC."
    )
    names = ["source", "method", "purpose", "quantity", "model", "chosen"]
    names += [f"{kind}_{power}" for power in _POWERS for kind in ("coefficient", "standard_error", "low", "high")]
    return Table(text, pd.DataFrame(rows, columns=[*names, "r2", "bic", "value", "low", "high"]), blocks)


def crossing_words(found: dict[str, Any] | None) -> str:
    """The length from which one network is faster, with its interval, in words; "" if unknown."""
    if found is None or found["longest"] is None:
        return ""
    if found["frames"] is None:
        return f"not up to {found['longest']:,} frames"
    if found["interval"] == [0, 0]:
        return f"from {found['shortest']:,} frames, the shortest length"
    names = {0: f"at most {found['shortest']:,}", None: f"beyond {found['longest']:,}"}
    value, low, high = (names.get(one) or f"{one:.0f}" for one in (found["frames"], *found["interval"]))
    return f"from {value} frames [{low} to {high}]"


def _growth(found: dict[str, Any], fits: dict[str, Any], purpose: str, rows: list[dict[str, Any]], note: str) -> Block:
    """Exponents, chosen models and crossings of one purpose."""
    reference, crossings = fits["reference"], fits["crossings"].get(purpose, {})
    lines = []
    for method, quantities in found.items():
        cells = [method_title(method)]
        for quantity in _QUANTITIES:
            fit = quantities[quantity]
            common = {"source": "measured here", "method": method, "purpose": purpose, "quantity": quantity}
            exponent = ""
            if fit["exponent"] is not None:
                value, (low, high) = fit["exponent"]["value"], fit["exponent"]["interval"]
                rows.append(common | {"model": "exponent", "value": value, "low": low, "high": high})
                exponent = bracketed(value, low, high, digits=2)
            cells += [exponent, fit["chosen"] or ""]
        crossed = crossings.get(method)
        if crossed is not None:
            bounds = dict(zip(("low", "high"), crossed["interval"], strict=True))
            common = {"source": "measured here", "method": method, "purpose": purpose, "quantity": "time"}
            rows.append(common | {"model": f"slower than {reference} from", "value": crossed["frames"]} | bounds)
        lines.append([Entry(text) for text in (*cells, crossing_words(crossed))])
    columns = ["Method", "exponent of time", "model", "exponent of memory", "model"]
    columns.append(f"{method_title(reference)} faster")
    interpolated = (
        "The length from which it is faster is interpolated between the measured ones; its interval is a bootstrap "
        "over the timed calls."
    )
    return Block(f"{WORK[purpose].capitalize()}: growth", columns, lines, " ".join(filter(None, (note, interpolated))))


def _polynomials(found: dict[str, Any], purpose: str, rows: list[dict[str, Any]]) -> Block:
    """Fits of one purpose."""
    lines = []
    for method, quantities in found.items():
        for quantity, title in _QUANTITIES.items():
            for model in _MODELS:
                fit = quantities[quantity][model]
                if fit is None:
                    continue
                chosen = quantities[quantity]["chosen"] == model
                row = {"source": "measured here", "method": method, "purpose": purpose, "quantity": quantity}
                row |= {"model": model, "chosen": chosen, "r2": fit["r2"], "bic": fit["bic"]}
                powers = _POWERS[3 - len(fit["coefficients"]) :]
                values = zip(powers, fit["coefficients"], fit["standard_errors"], fit["intervals"], strict=True)
                for power, value, error, (low, high) in values:
                    row |= {f"coefficient_{power}": value, f"standard_error_{power}": error}
                    row |= {f"low_{power}": low, f"high_{power}": high}
                rows.append(row)
                lines.append([Entry(method_title(method)), Entry(title), Entry(model, clear=chosen), *_entries(row)])
    columns = ["Method", "per video", "model", "frames²", "its interval", "frames", "constant", "R²", "BIC"]
    note = "Bold: the model with the lower BIC. ± is a standard error." if lines else "Too few lengths for a fit."
    return Block(f"{WORK[purpose].capitalize()}: fits", columns, lines, note)


def _entries(row: dict[str, Any]) -> list[Entry]:
    texts = []
    for power in _POWERS:
        value, error = row.get(f"coefficient_{power}"), row.get(f"standard_error_{power}")
        texts.append("" if value is None else f"{value:.3g} ± {error:.1g}")
        if power == 2:
            texts.append("" if value is None else f"{row['low_2']:.2g} to {row['high_2']:.2g}")
    texts += [number(row["r2"], 4), number(row["bic"], 1)]
    return [Entry(minus(text)) for text in texts]


def _printed(rows: list[dict[str, Any]]) -> Block:
    """Fits printed in the paper, and where they cross that of S5VH."""
    printed = list(table_of("efficiency").itertuples())
    curves = {one.method: np.array([one.quadratic_coef, one.linear_coef, one.constant]) for one in printed}
    lines = []
    for one in printed:
        coefficients = curves[one.method]
        model = "quadratic" if one.quadratic_coef else "linear"
        crossed = _last_crossing(coefficients - curves["S5VH"]) if "S5VH" in curves else None
        row = {"source": f"{one.paper} paper", "method": one.method, "purpose": "encode", "quantity": "time"}
        row |= {"model": model, "r2": one.R2, "value": crossed}
        rows.append(row | {f"coefficient_{power}": value for power, value in zip(_POWERS, coefficients, strict=True)})
        texts = [
            f"{value:.3g}" if value or power != 2 else "" for power, value in zip(_POWERS, coefficients, strict=True)
        ]
        texts += [number(one.R2), "" if crossed is None else f"from {crossed:.0f} frames"]
        lines.append([Entry(minus(text), quoted=True) for text in (one.method, model, *texts)])
    columns = ["Method", "model", "frames²", "frames", "constant", "R²", "S5VH faster"]
    note = (
        "Milliseconds per video on the authors' GPU: compare which model fits, not the coefficients. The last column "
        "is where the printed curves cross."
    )
    return Block("Encoding, printed in the S5VH paper", columns, lines, note)


def _last_crossing(difference: np.ndarray) -> float | None:
    """Largest positive root of a polynomial that is positive beyond it, or None."""
    if not difference.any() or np.trim_zeros(difference, "f")[0] < 0:
        return None
    roots = np.roots(difference)
    real = roots[np.isreal(roots)].real
    return float(real[real > 0].max()) if (real > 0).any() else None


def _sizes(points: pd.DataFrame) -> Block:
    """Parameters, and operations at every sequence length."""
    lengths = sorted(set(points.frames))
    columns = ["Method", "parameters", "of which encode", *(f"GFLOP, {frames} frames" for frames in lengths)]
    rows = []
    for method, part in points.groupby("method", sort=False):
        flops = part.set_index("frames").flops_per_video
        counts = [f"{int(part[name].iloc[0]):,}" for name in ("parameters", "encoding_parameters")]
        gigaflops = [f"{flops[frames] / 1e9:.3g}" for frames in lengths]
        rows.append([Entry(text) for text in (method_title(str(method)), *counts, *gigaflops)])
    note = (
        "Operations of encoding one video: matrix products, convolutions, attention and scans. A product and its sum "
        "are two operations (FLOPs), so multiply-accumulate operations (MACs) are half as many."
    )
    return Block("Counted", columns, rows, note)


def _size_rows(points: pd.DataFrame) -> list[dict[str, Any]]:
    quantities = ("parameters", "encoding_parameters", "flops_per_video")
    return [
        {"source": "counted", "method": row.method, "purpose": "encode", "frames": row.frames, "quantity": name}
        | {"value": getattr(row, name)}
        for row in points.itertuples()
        for name in quantities
    ]


def batch_words(run: Run) -> str:
    """What decides the size of a batch."""
    config = run.config.efficiency
    if config.batch_size != "largest":
        return f"batches of {config.batch_size} videos"
    return f"the largest batch that fits, in steps of 5 videos (on a CPU: into {config.memory_budget_mib:,} MiB)"


def _setting(run: Run) -> str:
    config = run.config.efficiency
    training = " A training step is its losses and gradients, without the optimizer." if config.training else ""
    return (
        f"Random weights and random features of dimension {config.feature_size}, {config.bits} bits, "
        f"{batch_words(run)}.{training} Independent of data sets and evaluation protocols."
    )


def _busy(busy: dict[tuple[str, str], str], purpose: str) -> str:
    return " ".join(
        f"{method_title(method)} was measured on a busy machine, so its times have no fit: {why}."
        for (method, what), why in busy.items()
        if what == purpose
    )
