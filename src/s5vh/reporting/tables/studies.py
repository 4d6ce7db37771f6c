"""Table of code statistics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.config.grid import Run, cells_of
from s5vh.reporting import collect, lookup
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import (
    caption,
    dataset_kind,
    dataset_title,
    method_title,
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
