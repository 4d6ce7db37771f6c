"""Tables of code statistics and of encoding time and memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.config.grid import Run, cells_of
from s5vh.reporting import collect, lookup
from s5vh.reporting.published_numbers import table_of
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import (
    caption,
    dataset_kind,
    dataset_title,
    method_title,
    number,
    seeds_sentence,
    with_interval,
)
from s5vh.retrieval.uncertainty import student_interval

_CODES = ("colliding_share", "distinct_codes", "mean_absolute_balance", "constant_bits", "mean_absolute_correlation")


def code_rows(run: Run, results: Path) -> pd.DataFrame:
    """One row per cell and part: number of videos and the statistics in `_CODES`."""
    rows = []
    for cell, part, statistics in collect.codes(results, cells_of(run, run.config.main_grid)):
        values: dict[str, Any] = dict(statistics)
        values["mean_absolute_balance"] = float(np.abs(values["bit_balance"]).mean())
        kind = dataset_kind(lookup.dataset(cell.dataset))
        rows.append({**cell._asdict(), "data": kind, "part": part, "videos": values["videos"]})
        rows[-1] |= {name: float(values[name]) for name in _CODES}
    return pd.DataFrame(rows, columns=[*collect.CELL, "data", "part", "videos", *_CODES])


def build_codes(run: Run, results: Path) -> Table:
    """Balance and independence of the bits, for database codes; the CSV file has the queries too."""
    data = code_rows(run, results)
    columns = ["Method", "bits", "colliding fraction", "distinct codes", "mean |bit mean|", "constant bits",
               "mean |bit correlation|"]  # fmt: skip
    digits = (3, 0, 3, 0, 3)
    blocks = []
    for dataset in run.datasets:
        part = data[(data.dataset == dataset) & (data.part == "database")]
        rows = []
        for method, bits in run.config.main_grid:
            found = part[(part.method == method) & (part.bits == bits)]
            line = [Entry(method_title(method)), Entry(str(bits))]
            for name, d in zip(_CODES, digits, strict=True):
                line.append(Entry(with_interval(*student_interval(found[name]), digits=d)))
            rows.append(line)
        videos = int(part.videos.iloc[0]) if len(part) else 0
        blocks.append(Block(f"{dataset_title(dataset)}, {videos:,} database videos", columns, rows))
    what = (
        "Database codes: fraction of videos that share their code with another one, number of distinct codes, mean "
        "absolute bit mean (0 is balanced), number of constant bits, mean absolute correlation between bits."
    )
    methods = [method for method, _ in run.config.main_grid]
    text = caption(what, run, methods, seeds=seeds_sentence(run))
    return Table(text, data, blocks)


def build_efficiency(run: Run, results: Path) -> Table:
    """Least-squares fits of time and memory against the number of frames, and sizes of the networks.

    Published fits are in a separate block.
    """
    points, fits = collect.efficiency(run, results)
    rows, shown = [], []
    for method in run.config.efficiency.methods:
        for quantity, unit in (("time", "ms"), ("memory", "MiB")):
            for model, fit in fits[method][quantity].items():
                if fit is None:
                    continue
                missing = 3 - len(fit["coefficients"])
                coefficients = [0.0] * missing + fit["coefficients"]
                errors = [None] * missing + fit["standard_errors"]
                row = {"source": "measured here", "method": method, "quantity": quantity, "model": model}
                for power, value, error in zip((2, 1, 0), coefficients, errors, strict=True):
                    row |= {f"coefficient_{power}": value, f"standard_error_{power}": error}
                rows.append(row | {"r2": fit["r2"]})
                name = [Entry(method_title(method)), Entry(f"{quantity} [{unit}]"), Entry(model)]
                shown.append([*name, *_fit_entries(coefficients, errors, model), Entry(number(fit["r2"], 4))])
    columns = ["Method", "quantity", "model", "frames²", "frames", "constant", "R²"]
    devices = ", ".join(dict.fromkeys(map(str, points.device)))
    disturbed = collect.disturbances(points)
    busy = " ".join(
        f"{method_title(method)} was measured on a busy machine, so its times have no fit: {why}."
        for method, why in disturbed.items()
    )
    blocks = [Block(f"Measured here, on {devices}", columns, shown, busy)] if shown else []
    quoted = []
    for published in table_of("efficiency").itertuples():
        coefficients = [published.quadratic_coef, published.linear_coef, published.constant]
        model = "quadratic" if published.quadratic_coef else "linear"
        row = {"source": f"{published.paper} paper", "method": published.method, "quantity": "time", "model": model}
        row |= {f"coefficient_{power}": value for power, value in zip((2, 1, 0), coefficients, strict=True)}
        rows.append(row | {"r2": published.R2})
        name = [Entry(published.method, quoted=True), Entry("time [ms]", quoted=True), Entry(model, quoted=True)]
        entries = _fit_entries(coefficients, [None] * 3, model)
        r2 = Entry(number(published.R2), quoted=True)
        quoted.append([*name, *(Entry(entry.text, quoted=True) for entry in entries), r2])
    note = "Measured on the authors' GPU: compare which model fits, not the coefficients."
    blocks.append(Block("Published in the S5VH paper, on other hardware", columns, quoted, note))
    if shown:
        blocks.insert(1, _sizes(points))
        rows += _size_rows(points)
    config = run.config.efficiency
    text = (
        "Least-squares fits of encoding time per video and peak memory against the number of frames; random weights "
        f"and random features of dimension {config.feature_size}, {config.bits} bits, batch size {config.batch_size}. "
        "Independent of data sets and evaluation protocols."
    )
    names = ["source", "method", "quantity", "model"]
    names += [f"{kind}_{power}" for power in (2, 1, 0) for kind in ("coefficient", "standard_error")]
    return Table(text, pd.DataFrame(rows, columns=[*names, "r2", "frames", "value"]), blocks)


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
        {"source": "counted", "method": row.method, "quantity": name, "frames": row.frames, "value": getattr(row, name)}
        for row in points.itertuples()
        for name in quantities
    ]


def _fit_entries(coefficients: list[float], errors: list[float | None], model: str) -> list[Entry]:
    entries = []
    for power, (value, error) in enumerate(zip(coefficients, errors, strict=True)):
        unused = power == 0 and model == "linear"
        text = "" if unused else f"{value:.3g}" + (f" ± {error:.1g}" if error is not None else "")
        entries.append(Entry(text.replace("-", "−")))
    return entries
