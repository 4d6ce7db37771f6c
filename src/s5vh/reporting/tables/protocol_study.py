"""Effect of the evaluation protocol: scores by order of ties, and with or without self-matches."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from s5vh.config.grid import Run
from s5vh.reporting.protocol_study import read_study, shown_metrics, tidy
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import caption, dataset_title, difference, method_title, number


def build_protocol(run: Run, results: Path) -> Table:
    """For each data set, one block per metric on the order of ties, and one block on self-matches."""
    ties, self_match = read_study(run, results)
    grid, orders = run.config.protocol_study_grid, run.config.protocol_study.orders
    blocks = []
    for dataset in run.datasets if grid else []:
        title = dataset_title(dataset)
        part = ties[ties.dataset == dataset]
        for metric in shown_metrics(part.metric):
            blocks.append(_tie_block(f"{title}: {metric} by order of ties", part[part.metric == metric], orders))
        part = self_match[self_match.dataset == dataset]
        blocks.append(_self_match_block(f"{title}: self-retrieval", part, list(run.config.protocols)))
    what = (
        "Order of ties: AP@N is divided by N, no video is excluded, and ties are in the worst or best order for each "
        f"query, in stored database order, or in one of {orders} random database orders; expected is the exact mean "
        "over all tie orders. Self-retrieval: every database video is a query, with or without itself in its own "
        "ranking; otherwise as in the protocol."
    )
    methods = list(dict.fromkeys(method for method, _ in grid))
    text = caption(what, run, methods, list(run.config.protocols), seeds=f"One seed ({run.config.seeds[0]}).")
    return Table(text, tidy(ties, self_match), blocks)


def _tie_block(heading: str, part: pd.DataFrame, orders: int) -> Block:
    columns = ["Method", "bits", "expected", "worst order", "best order", "stored order", f"{orders} orders: minimum",
               "maximum", "standard deviation"]  # fmt: skip
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
                titles += [f"{metric} with self-matches, {protocol} protocol", "without", "difference"]
        columns[2:] = titles
        rows.append([Entry(text) for text in line])
    return Block(heading, columns, rows)
