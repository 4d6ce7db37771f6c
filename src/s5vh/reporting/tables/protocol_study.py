"""What the protocol decides: scores by the order of ties, and by whether queries find themselves."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from s5vh.config.grid import Run
from s5vh.reporting.protocol_study import read_study, shown_metrics, tidy
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import caption, dataset_title, difference, method_title, number


def build_protocol(run: Run, results: Path) -> Table:
    """For each data set a block a metric by the order of ties, and a block of self-matches."""
    ties, self_match = read_study(run, results)
    grid, orders = run.config.protocol_study_grid, run.config.protocol_study.orders
    blocks = []
    for dataset in run.datasets if grid else []:
        title = dataset_title(dataset)
        part = ties[ties.dataset == dataset]
        for metric in shown_metrics(part.metric):
            blocks.append(_tie_block(f"{title}: {metric} by the order of ties", part[part.metric == metric], orders))
        part = self_match[self_match.dataset == dataset]
        blocks.append(_self_match_block(f"{title}: the database searched by itself", part, list(run.config.protocols)))
    what = (
        "Order of ties: AP@N is divided by N, nothing is left out, and equal distances stand in the worst or best "
        f"order for every query, as the database is stored, or in one of {orders} random orders of it; expected is the "
        "exact mean over all orders. Self-match: every video of the database is a query, found in its own ranking or "
        "left out of it, the rest as the protocol says."
    )
    methods = list(dict.fromkeys(method for method, _ in grid))
    text = caption(what, run, methods, list(run.config.protocols), seeds=f"One seed ({run.config.seeds[0]}).")
    return Table(text, tidy(ties, self_match), blocks)


def _tie_block(heading: str, part: pd.DataFrame, orders: int) -> Block:
    columns = ["Method", "bits", "expected", "worst order", "best order", "stored order", f"{orders} orders: smallest",
               "largest", "standard deviation"]  # fmt: skip
    rows = []
    for row in part.itertuples():
        values = (row.expected, row.lowest, row.highest, row.stored, row.smallest, row.largest)
        line = [method_title(row.method), str(row.bits), *(number(value, 4) for value in values)]
        rows.append([Entry(text) for text in (*line, number(row.deviation, 5))])
    return Block(heading, columns, rows)


def _self_match_block(heading: str, part: pd.DataFrame, protocols: list[str]) -> Block:
    columns, rows = ["Method", "bits"], []
    for (method, bits), cell in part.groupby(["method", "bits"], sort=False):
        line, titles = [method_title(method), str(bits)], []
        for protocol in protocols:
            found = cell[cell.protocol == protocol].set_index("metric")
            for metric in shown_metrics(found.index):
                with_itself, without = found.loc[metric, ["with_itself", "without_itself"]]
                line += [number(with_itself), number(without), difference(with_itself - without)]
                titles += [f"{metric} with itself, {protocol} protocol", "without", "difference"]
        columns[2:] = titles
        rows.append([Entry(text) for text in line])
    return Block(heading, columns, rows)
