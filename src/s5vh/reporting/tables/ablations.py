"""Tables that compare a recipe with its ablations: S5VH's Table 2, MCMSH's Tables 1 to 3, AutoSSVH's Table 3.

Their rows are those of the run key `ablations`; a table declares which scores it shows, what else, and what to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.config import layout
from s5vh.config.grid import Run, cells_of
from s5vh.reporting import lookup
from s5vh.reporting.collect import by_seed, map_scores, read_metrics, scores, summarise, within
from s5vh.reporting.footnotes import read_footnotes
from s5vh.reporting.published_numbers import ROOT_OF_SQUARES, of_recipe, published_sizes
from s5vh.reporting.table import Block, Entry, Table, mark_best
from s5vh.reporting.tables.retrieval import map_rows, with_published
from s5vh.reporting.words import (
    bold,
    caption,
    dataset_title,
    difference,
    number,
    published_sentence,
    seeds_sentence,
    with_interval,
)

Scores = Callable[[pd.DataFrame], pd.DataFrame]  # scores of all metrics to those that are shown
_CELL = ["dataset", "bits", "method"]


@dataclass(frozen=True)
class Comparison:
    """A table of a recipe and its ablations.

    Attributes:
        name: the table, which is a key of `ablations`.
        what: first sentence of the caption.
        shown: selects or computes the scores.
        column: for a single metric, the title of its columns, with {bits}: one per code length, and published numbers
            beside ours. None for several: a block is of one code length, with published numbers below ours.
        intervals: whether these scores have intervals over queries.
        sizes_of: paper and table of published numbers of parameters; None shows no parameters.
        footnotes: names of footnotes on the published table.
    """

    name: str
    what: str
    shown: Scores
    column: str | None = None
    intervals: bool = True
    sizes_of: tuple[str, str] | None = None
    footnotes: tuple[str, ...] = ()


def _gmap(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame.metric == "GmAP"].reset_index(drop=True)


def root_of_squares(frame: pd.DataFrame) -> pd.DataFrame:
    """The root of the summed squares of mAP@N over N, one row per cell and protocol, without intervals."""
    keys = [column for column in frame.columns if column not in ("metric", "value", "low", "high")]
    maps = map_scores(frame)
    roots = maps.assign(value=maps.value**2).groupby(keys, sort=False).value.sum().pow(0.5).reset_index()
    return roots.assign(metric=ROOT_OF_SQUARES, low=np.nan, high=np.nan)[list(frame.columns)]


def build_table2(run: Run, results: Path) -> Table:
    """GmAP of the recipe and its ablations, with the paper's value and the difference if there is one."""
    what = "GmAP of a recipe and its ablations, each with one component left out or replaced."
    return _build(Comparison("table2", what, _gmap, column="{bits} bits"), run, results)


def build_mcmsh_table1(run: Run, results: Path) -> Table:
    """mAP@N of MCMSH without gates, with each kind of gate alone, and with all three."""
    what = (
        "mAP@N of MCMSH by the gates of its mixing blocks: none, which is a plain MLP-Mixer, one kind alone (L-RD, "
        "M-RD, S-RD: long, middle and short range), and all three."
    )
    return _build(Comparison("mcmsh_table1", what, map_scores), run, results)


def build_mcmsh_table2(run: Run, results: Path) -> Table:
    """mAP@N and parameters of MCMSH by the reduction ratio of its channel gates."""
    what = (
        "mAP@N and number of parameters of MCMSH by the reduction ratio r, the width of the network divided by the "
        "bottleneck of its channel gates. The networks are those of the released code, whose numbers of parameters are "
        "the paper's. Ours are counted at the frames, feature size, code length and width of each data set."
    )
    return _build(Comparison("mcmsh_table2", what, map_scores, sizes_of=("MCMSH", "Table 2")), run, results)


def build_mcmsh_table3(run: Run, results: Path) -> Table:
    """mAP@N of MCMSH trained with some of its three losses."""
    what = (
        "mAP@N of MCMSH trained with one, two or all three of its losses, each with the weight that it has in the sum "
        "(Adam's steps do not depend on the weight of a single loss). The quantisation term is part of the similarity "
        "loss. The cluster loss does not reach the hash layer, which keeps its initial weights without the others."
    )
    return _build(Comparison("mcmsh_table3", what, map_scores), run, results)


def build_autossvh_table3(run: Run, results: Path) -> Table:
    """Root of the summed squares of mAP@N of AutoSSVH with other samplers and without each loss."""
    what = (
        "Root of the summed squares of mAP@N over N (GmAP is the geometric mean instead) of AutoSSVH, with other frame "
        "samplers and without each of its losses. The samplers in the style of AttMask, AdaMAE and ADIOS are adapted "
        "to frames and two views (`sampler.kind`)."
    )
    table = Comparison(
        "autossvh_table3",
        what,
        root_of_squares,
        column="{bits} bits, " + ROOT_OF_SQUARES,
        intervals=False,
        footnotes=("autossvh-scale", "autossvh-row-names"),
    )
    return _build(table, run, results)


def _build(table: Comparison, run: Run, results: Path) -> Table:
    main = run.config.main_protocol
    study = run.config.ablation(table.name)
    grid = run.config.ablation_grid(table.name)
    found = scores(run, results, cells_of(run, grid))
    frame = table.shown(found[found.protocol == main])
    samples = by_seed(frame, [*_CELL, "metric"])
    data = with_published(summarise(frame), run)
    published = {method: lookup.method(method).published for method in study.rows}
    data.insert(2, "published_variant", [recipe.variant if (recipe := published[m]) else "" for m in data.method])
    if table.sizes_of:
        data = _with_sizes(data, table.sizes_of, run, results)
    blocks = []
    for dataset in run.datasets if grid else []:
        part = data[data.dataset == dataset]
        if table.column:
            blocks.append(_by_length(table, part, dataset, samples, run))
        else:
            blocks += [_of_length(table, part, dataset, bits, samples) for bits in study.bits]
    text = caption(
        f"{table.what} {bold(run)}", run, study.rows, [main], None if table.intervals else seeds_sentence(run)
    )
    notes = [note.unmarked for note in read_footnotes() if note.name in table.footnotes]
    return Table(text, data, blocks, notes)


def _by_length(
    table: Comparison, part: pd.DataFrame, dataset: str, samples: dict[tuple[Any, ...], np.ndarray], run: Run
) -> Block:
    """One column per code length, with published numbers beside ours."""
    study = run.config.ablation(table.name)
    (metric,) = part.metric.unique()
    columns = ["Method"]
    rows = [[Entry(lookup.method(method).title)] for method in study.rows]
    sources: list[str] = []
    for bits in study.bits:
        found = part[part.bits == bits].set_index("method").loc[study.rows]
        seeds = [samples[dataset, bits, method, metric] for method in study.rows]
        columns += [table.column.format(bits=bits), *_add_columns(rows, found, seeds)]
        sources += found.published_source.tolist()
    return Block(dataset_title(dataset), columns, rows, published_sentence(sources))


def _add_columns(rows: list[list[Entry]], found: pd.DataFrame, seeds: list[np.ndarray]) -> list[str]:
    """Append one code length to every row: our value and, if any are published, the published one and the difference.

    Args:
        rows: entries, one row per method.
        found: their summarised scores, in the same order.
        seeds: their scores by seed.

    Returns:
        Titles of the columns after that of our value.
    """
    ours = [Entry(with_interval(*row)) for row in found[["value", "low", "high"]].to_numpy()]
    mark_best([[row[0], entry] for row, entry in zip(rows, ours, strict=True)], [[values] for values in seeds])
    quoted = bool(found.published.notna().any())
    for row, entry, value in zip(rows, ours, found.itertuples(), strict=True):
        row.append(entry)
        if quoted:
            row.append(Entry(number(value.published), quoted=True))
            row.append(Entry(difference(value.difference), quoted=True))
    return ["published", "difference"] if quoted else []


def _of_length(
    table: Comparison, part: pd.DataFrame, dataset: str, bits: int, samples: dict[tuple[Any, ...], np.ndarray]
) -> Block:
    """One column per metric, with published numbers below ours."""
    found = part[part.bits == bits]
    groups, note = map_rows(found, within(samples, dataset, bits))
    columns = ["Method", *dict.fromkeys(found.metric)]
    if table.sizes_of:
        columns.append("parameters")
        sizes = found.drop_duplicates("method").set_index("method")
        for method, (ours, *quoted) in groups.items():
            ours.append(Entry(f"{sizes.parameters[method]:,}"))
            for row in quoted:
                row.append(Entry("", quoted=True))
            if quoted:
                quoted[0][-1].text = _millions(sizes.published_parameters_M[method])
    rows = [row for group in groups.values() for row in group]
    return Block(f"{dataset_title(dataset)}, {bits} bits", columns, rows, note)


def _millions(value: float) -> str:
    return f"{value:.2f} M" if np.isfinite(value) else ""


def _with_sizes(data: pd.DataFrame, source: tuple[str, str], run: Run, results: Path) -> pd.DataFrame:
    """Add the columns `parameters`, of the trained network, and `published_parameters_M`, in millions."""
    printed = published_sizes(*source)
    counts, quoted = [], []
    for row in data.itertuples():
        cell = layout.cell(row.dataset, row.method, row.bits, run.config.seeds[0], results)
        counts.append(int(read_metrics(cell / "metrics.json")["training"]["parameters"]))
        found = of_recipe(printed, lookup.method(row.method).published)
        name = lookup.dataset(row.dataset).published_name
        found = found[(found.dataset == name) & (found.bits == row.bits)].params_M
        quoted.append(float(found.iloc[0]) if len(found) else np.nan)
    return data.assign(parameters=counts, published_parameters_M=quoted)
