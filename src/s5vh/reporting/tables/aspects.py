"""Scores by aspect of the classes: coarser questions about the same codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.grid import Run, cells_of
from s5vh.reporting.collect import CELL, read_metrics, summarise
from s5vh.reporting.reference_rankings import SENTENCE, reference_rows, reference_scores, score_rows
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import caption, dataset_title, kinds, method_title, with_interval

_COLUMNS = [*CELL, "aspect", "protocol", "metric", "value", "low", "high"]


def build_aspects(run: Run, results: Path) -> Table:
    """GmAP by the classes and by each aspect under the main protocol; the CSV file has all protocols and mAP@N."""
    grid = list(dict.fromkeys([*run.config.main_grid, *run.config.ablation_grids]))
    rows = [row for cell in cells_of(run, grid) for row in _rows(cell, run, results)]
    data = summarise(pd.DataFrame(rows, columns=_COLUMNS))
    data.insert(1, "data", kinds(data.dataset))
    reference = reference_scores(run, results)
    with_aspects = [name for name in run.datasets if (data[data.dataset == name].aspect != "").any()]
    main = run.config.main_protocol
    what = (
        "The same codes, asked different questions. Columns named GmAP score the ranking by the classes, or by a "
        "coarser grouping of them. Concordance is the probability that a relevant video is nearer than an irrelevant "
        "one among the videos of the query's own group, with ties counted as half: 0.5 is chance, 1 is perfect. In the "
        "demo, `digit_axis` asks for the digit and the axis of its motion, and `direction` whether a motion is told "
        f"from its reverse, among clips of the same digit and axis. {SENTENCE}"
    )
    blocks = [
        _block(
            data[(data.dataset == name) & (data.bits == bits)], reference[reference.dataset == name], name, bits, main
        )
        for name in with_aspects
        for bits in dict.fromkeys(data[data.dataset == name].bits)
    ]
    tidy = pd.concat([data, reference.rename(columns={"ranking": "method"}).assign(interval="")], ignore_index=True)
    tidy = tidy[tidy.dataset.isin(with_aspects)]
    return Table(caption(what, run, [method for method, _ in grid], [main]), tidy.astype({"bits": "Int64"}), blocks)


def _rows(cell: Any, run: Run, results: Path) -> list[dict[str, Any]]:
    path = layout.cell(*cell, results) / "metrics.json"
    metrics = read_metrics(path, run.config.protocols)
    rows = []
    try:
        for aspect, scores in {"": metrics, **metrics.get("aspects", {})}.items():
            for row in score_rows(scores, run):
                ends = _interval(scores, row) or (np.nan, np.nan)
                low_high = dict(zip(("low", "high"), ends, strict=True))
                rows.append({**cell._asdict(), "aspect": aspect, **row, **low_high})
    except (KeyError, TypeError, AttributeError):
        raise UserError(f"{path}: incomplete scores of aspects; delete it and run the workflow again") from None
    return rows


def _interval(scores: dict[str, Any], row: dict[str, Any]) -> list[float] | None:
    if row["metric"] == "concordance":
        return scores["interval"]
    found = scores["protocols"][row["protocol"]]["interval"] or {}
    if row["metric"] == "GmAP":
        return found.get("GmAP")
    return found.get("mAP", {}).get(row["metric"].removeprefix("mAP@"))


def _block(part: pd.DataFrame, reference: pd.DataFrame, dataset: str, bits: int, main: str) -> Block:
    wanted = []
    for aspect in dict.fromkeys(part.aspect):
        metrics = set(part[part.aspect == aspect].metric)
        protocol, metric = ("", "concordance") if "concordance" in metrics else (main, "GmAP")
        wanted.append({"aspect": aspect, "protocol": protocol, "metric": metric})
    titles = [f"{one['metric']}, {one['aspect'].replace('_', ' and ') or 'classes'}" for one in wanted]
    rows = []
    for method in dict.fromkeys(part.method):
        found = part[part.method == method].set_index(["aspect", "protocol", "metric"])
        line = [Entry(method_title(method))]
        for one in wanted:
            line.append(Entry(with_interval(*found.loc[tuple(one.values()), ["value", "low", "high"]])))
        rows.append(line)
    rows += reference_rows(reference, wanted)
    return Block(f"{dataset_title(dataset)}, {bits} bits", ["Method", *titles], rows)
