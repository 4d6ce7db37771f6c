"""The S5VH paper's Table 1 (transfer between data sets) and Table 2 (ablations)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.config.grid import Run, cells_of
from s5vh.config.run import TransferConfig
from s5vh.methods.settings import PublishedAs
from s5vh.reporting import lookup
from s5vh.reporting.collect import by_seed, scores, summarise, transfer_scores
from s5vh.reporting.published_numbers import (
    GMAP_CUTOFFS,
    comparable,
    published_gmap,
    table_of,
)
from s5vh.reporting.table import Block, Entry, Table, mark_best
from s5vh.reporting.tables.retrieval import with_published
from s5vh.reporting.words import (
    NOT_RUN,
    bold,
    caption,
    dataset_title,
    difference,
    kinds,
    method_title,
    number,
    with_interval,
)


def _paper_protocol(run: Run) -> bool:
    main = run.config.protocols[run.config.main_protocol]
    return comparable(main) and tuple(main.cutoffs) == GMAP_CUTOFFS


def build_table1(run: Run, results: Path) -> Table:
    """GmAP of models trained on one data set and evaluated on another; pairs that did not run are marked."""
    main = run.config.main_protocol
    frame = transfer_scores(run, results)
    frame = frame[(frame.metric == "GmAP") & (frame.protocol == main)].reset_index(drop=True)
    data = summarise(frame)
    samples = by_seed(frame, ["train", "dataset", "bits", "method"])
    found = []
    for row in data.itertuples():
        names = [lookup.dataset(name).published_name for name in (row.train, row.dataset)]
        recipe = lookup.method(row.method).published
        found.append(published_gmap(recipe, *names, row.bits, "Table 1") if _paper_protocol(run) else None)
    data["data"] = kinds(data.dataset)
    data["published"] = pd.Series([f.value if f else None for f in found], dtype="float64", index=data.index)
    data["difference"] = data.value - data.published
    data["published_source"] = [f.source if f else "" for f in found]
    blocks = [_transfer_block(pair, data, samples, run) for pair in run.config.transfer]
    what = f"GmAP of models trained on one data set and evaluated on another. {bold(run)}"
    return Table(caption(what, run, run.config.methods if len(data) else [], [main]), data, blocks)


def _title(name: str, run: Run) -> str:
    return dataset_title(name) if name in run.datasets else lookup.dataset(name).title


def _transfer_block(
    pair: TransferConfig, data: pd.DataFrame, samples: dict[tuple[Any, ...], np.ndarray], run: Run
) -> Block:
    heading = f"{_title(pair.train, run)} → {_title(pair.test, run)}"
    missing = [lookup.dataset(name).title for name in (pair.train, pair.test) if name not in run.datasets]
    columns = ["Method"]
    rows = [[Entry(method_title(method))] for method in run.config.methods]
    if missing:
        columns += [f"{bits} bits" for bits in pair.bits]
        for row in rows:
            row += [Entry(NOT_RUN, quoted=True) for _ in pair.bits]
        return Block(heading, columns, rows, f"Not run, because {' and '.join(missing)} is not part of this run.")
    part = data[(data.train == pair.train) & (data.dataset == pair.test)]
    for bits in pair.bits:
        found = part[part.bits == bits].set_index("method").loc[list(run.config.methods)]
        seeds = [samples[pair.train, pair.test, bits, method] for method in run.config.methods]
        columns += _add_columns(rows, found, seeds, bits, digits=4)
    rows += _others(pair, run, len(columns))
    note = "Published numbers: S5VH paper, Table 1." if "published" in columns else ""
    return Block(heading, columns, rows, note)


def _others(pair: TransferConfig, run: Run, width: int) -> list[list[Entry]]:
    """Rows of the published table for methods that are not in this run; only if a single code length is shown."""
    if not _paper_protocol(run) or len(pair.bits) > 1 or width < 4:
        return []
    names = [lookup.dataset(name).published_name for name in (pair.train, pair.test)]
    mine = {recipe.method for method in run.config.methods if (recipe := lookup.method(method).published)}
    rows = []
    for method in dict.fromkeys(table_of("scores").query("paper == 'S5VH' and table == 'Table 1'").method):
        value = published_gmap(PublishedAs(method=method), *names, pair.bits[0], "Table 1")
        if value and method not in mine:
            cells = [Entry(NOT_RUN, quoted=True), Entry(number(value.value, 4), quoted=True), Entry("")]
            rows.append([Entry(method, quoted=True), *cells])
    return rows


def build_table2(run: Run, results: Path) -> Table:
    """GmAP of the recipe and its ablations, with the paper's value and the difference if there is one."""
    main = run.config.main_protocol
    grid = run.config.ablation_grid("table2")
    frame = scores(run, results, cells_of(run, grid))
    frame = frame[(frame.metric == "GmAP") & (frame.protocol == main)].reset_index(drop=True)
    samples = by_seed(frame, ["dataset", "bits", "method"])
    data = with_published(summarise(frame), run)
    variants = list(dict.fromkeys(method for method, _ in grid))
    published = {method: lookup.method(method).published for method in variants}
    data.insert(2, "published_variant", [recipe.variant if (recipe := published[m]) else "" for m in data.method])
    blocks = [_ablation_block(data[data.dataset == name], name, samples, variants, run) for name in run.datasets]
    what = f"GmAP of a recipe and its ablations, each without one component. {bold(run)}"
    return Table(
        caption(what, run, variants, [main]),
        data,
        blocks if grid else [],
    )


def _ablation_block(
    part: pd.DataFrame, dataset: str, samples: dict[tuple[Any, ...], np.ndarray], variants: list[str], run: Run
) -> Block:
    columns = ["Method"]
    rows = [[Entry(method_title(method))] for method in variants]
    sources: list[str] = []
    for bits in run.config.ablation("table2").bits:
        found = part[part.bits == bits].set_index("method").loc[variants]
        seeds = [samples[dataset, bits, method] for method in variants]
        columns += _add_columns(rows, found, seeds, bits, digits=3)
        sources += [source for source in found.published_source if source]
    note = f"Published numbers: {'; '.join(dict.fromkeys(sources))}." if sources else ""
    return Block(dataset_title(dataset), columns, rows, note)


def _add_columns(
    rows: list[list[Entry]], found: pd.DataFrame, seeds: list[np.ndarray], bits: int, digits: int
) -> list[str]:
    """Append one code length to every row: our value and, if any are published, the published one and the difference.

    Args:
        rows: entries, one row per method.
        found: their summarised scores, in the same order.
        seeds: their scores by seed.
        bits, digits: code length, decimals to show.

    Returns:
        Titles of the new columns.
    """
    ours = [Entry(with_interval(*row, digits=digits)) for row in found[["value", "low", "high"]].to_numpy()]
    mark_best([[row[0], entry] for row, entry in zip(rows, ours, strict=True)], [[values] for values in seeds])
    quoted = bool(found.published.notna().any())
    for row, entry, value in zip(rows, ours, found.itertuples(), strict=True):
        row.append(entry)
        if quoted:
            row.append(Entry(number(value.published, digits), quoted=True))
            row.append(Entry(difference(value.difference, digits), quoted=True))
    return [f"{bits} bits", *(["published", "difference"] if quoted else [])]
