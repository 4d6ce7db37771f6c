"""The S5VH paper's Table 2 (ablations)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.config.grid import Run, cells_of
from s5vh.reporting import lookup
from s5vh.reporting.collect import by_seed, scores, summarise
from s5vh.reporting.table import Block, Entry, Table, mark_best
from s5vh.reporting.tables.retrieval import with_published
from s5vh.reporting.words import bold, caption, dataset_title, difference, method_title, number, with_interval


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
