"""Retrieval scores: mAP@N of every cell, and GmAP of the methods that are compared with each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.config.dataset import DatasetConfig
from s5vh.config.grid import Run, cells, cells_of
from s5vh.config.run import ProtocolConfig
from s5vh.reporting import lookup
from s5vh.reporting.collect import by_seed, scores, summarise, within
from s5vh.reporting.published_numbers import (
    GMAP_CUTOFFS,
    ROOT_OF_SQUARES,
    Published,
    comparable,
    published_map,
    published_root_of_squares,
    published_summary,
)
from s5vh.reporting.reference_rankings import SENTENCE, as_methods, reference_rows, reference_scores
from s5vh.reporting.table import Block, Entry, Table, mark_best
from s5vh.reporting.words import (
    NOT_RUN,
    bold,
    caption,
    dataset_kind,
    dataset_title,
    difference,
    method_title,
    number,
    published_sentence,
    with_interval,
)


def with_published(frame: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Add `data`, `published`, `difference` and `published_source` to summarised scores.

    Published numbers are added only under a comparable protocol and on data sets with a published name.
    """
    extra = []
    for row in frame.itertuples():
        config = lookup.dataset(row.dataset)
        found = _published(row.method, config, row.bits, row.metric, run.config.protocols[row.protocol])
        extra.append(
            {
                "data": dataset_kind(config),
                "published": found.value if found else None,
                "difference": row.value - found.value if found else None,
                "published_source": found.source if found else "",
            }
        )
    columns = ["data", "published", "difference", "published_source"]
    added = pd.DataFrame(extra, columns=columns, index=frame.index)
    return pd.concat([frame, added.astype({"published": "float64", "difference": "float64"})], axis=1)


def _published(
    method: str, dataset: DatasetConfig, bits: int, metric: str, protocol: ProtocolConfig
) -> Published | None:
    if not comparable(protocol):
        return None
    recipe = lookup.method(method).published
    if metric.startswith("mAP@"):
        cutoff = int(metric.removeprefix("mAP@"))
        return published_map(recipe, dataset.published_name, bits, cutoff)
    if tuple(protocol.cutoffs) != GMAP_CUTOFFS:
        return None
    if metric == ROOT_OF_SQUARES:
        return published_root_of_squares(recipe, dataset.published_name, bits)
    return published_summary(recipe, dataset, bits)


def build_map(run: Run, results: Path) -> Table:
    """mAP@N of every cell under the main protocol; the CSV file has all protocols."""
    grid = cells(run.config, run.datasets)
    frame = scores(run, results, grid)
    data = with_published(summarise(frame), run)
    main = run.config.main_protocol
    shown = data[data.protocol == main]
    reference = reference_scores(run, results)
    samples = by_seed(frame[frame.protocol == main], ["dataset", "bits", "method", "metric"])
    blocks = []
    for dataset in run.datasets:
        for bits in dict.fromkeys(cell.bits for cell in grid):
            part = shown[(shown.dataset == dataset) & (shown.bits == bits)]
            heading = f"{dataset_title(dataset)}, {bits} bits"
            of_dataset = reference[(reference.dataset == dataset) & (reference.aspect == "")]
            blocks.append(map_block(part, of_dataset, main, heading, within(samples, dataset, bits)))
    methods = [cell.method for cell in grid]
    what = "Mean average precision of the top N retrieved videos (mAP@N); GmAP is its geometric mean over N."
    what = f"{what} {SENTENCE} {bold(run)}"
    return Table(caption(what, run, methods, [main]), _joined(data, reference), blocks)


def _joined(data: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """Scores of the methods, then those of the reference rankings, which have no code length."""
    return pd.concat([data, as_methods(reference)], ignore_index=True).astype({"bits": "Int64"})


def map_block(
    part: pd.DataFrame,
    reference: pd.DataFrame,
    protocol: str,
    heading: str,
    samples: dict[tuple[Any, ...], np.ndarray],
) -> Block:
    """Scores of one data set and code length with a column per metric, as in `map_rows`, and the reference rankings."""
    metrics = list(dict.fromkeys(part.metric))
    groups, note = map_rows(part, samples)
    rows = [row for group in groups.values() for row in group]
    rows += reference_rows(reference, [{"protocol": protocol, "metric": metric} for metric in metrics])
    return Block(heading, ["Method", *metrics], rows, note)


def map_rows(
    part: pd.DataFrame, samples: dict[tuple[Any, ...], np.ndarray]
) -> tuple[dict[str, list[list[Entry]]], str]:
    """Rows with one column per metric.

    Args:
        part: summarised scores `with_published`, of one data set and code length.
        samples: scores of the seeds by method and metric.

    Returns:
        By method, the row of our scores, then those of the published ones and of the differences if any mAP@N is
        published; and a sentence with their sources.
    """
    metrics = list(dict.fromkeys(part.metric))
    values: list[list[np.ndarray | None]] = []
    groups: dict[str, list[list[Entry]]] = {}
    sources: list[str] = []
    for method in dict.fromkeys(part.method):
        found = part[part.method == method].set_index("metric")
        line = [Entry(method_title(method))]
        line += [Entry(with_interval(*found.loc[m, ["value", "low", "high"]])) for m in metrics]
        groups[method] = [line]
        values.append([samples[method, metric] for metric in metrics])
        if found.published.drop("GmAP", errors="ignore").notna().any():  # a GmAP alone is in the GmAP tables
            title = f"{method_title(method)}, as published"
            groups[method] += [
                [Entry(title, quoted=True), *(_quoted(found, m, "published") for m in metrics)],
                [Entry("difference", quoted=True), *(_quoted(found, m, "difference") for m in metrics)],
            ]
            sources += found.published_source.tolist()
    mark_best([group[0] for group in groups.values()], values)
    return groups, published_sentence(sources)


def _quoted(found: pd.DataFrame, metric: str, column: str) -> Entry:
    value = found.loc[metric, column]
    return Entry(difference(value) if column == "difference" else number(value), quoted=True)


def build_gmap(run: Run, results: Path) -> Table:
    """GmAP of the compared methods: one column per code length and protocol, published rows below their method."""
    grid = run.config.main_grid
    frame = scores(run, results, cells_of(run, grid))
    frame = frame[frame.metric == "GmAP"].reset_index(drop=True)
    data = with_published(summarise(frame), run)
    samples = by_seed(frame, ["dataset", "method", "bits", "protocol"])
    reference = reference_scores(run, results)
    reference = reference[reference.metric == "GmAP"]
    classes = reference[reference.aspect == ""]
    blocks = [
        _gmap_block(data[data.dataset == name], classes[classes.dataset == name], name, samples, run)
        for name in run.datasets
    ]
    protocols = list(run.config.protocols)
    return Table(
        caption(
            f"GmAP, the geometric mean of mAP@N over N. {SENTENCE} {bold(run)}",
            run,
            [method for method, _ in grid],
            protocols,
        ),
        _joined(data, reference),
        blocks,
    )


def _gmap_block(
    part: pd.DataFrame,
    reference: pd.DataFrame,
    dataset: str,
    samples: dict[tuple[Any, ...], np.ndarray],
    run: Run,
) -> Block:
    """`samples`: scores of the seeds by data set, method, bits and protocol."""
    protocols, lengths = list(run.config.protocols), run.config.bits
    keys: list[tuple[int, str]] = [(bits, protocol) for bits in lengths for protocol in protocols]
    ours: list[list[Entry]] = []
    values: list[list[np.ndarray | None]] = []
    rows: list[list[Entry]] = []
    sources: list[str] = []
    for method in run.config.methods:
        found = part[part.method == method].set_index(["bits", "protocol"])
        line = [Entry(method_title(method)), *(_ours(found, key) for key in keys)]
        rows.append(line)
        ours.append(line)
        values.append([samples.get((dataset, method, *key)) for key in keys])
        if found.published.notna().any():
            rows.append(_line(f"{method_title(method)}, as published", found, keys, "published"))
            rows.append(_line("difference", found, keys, "difference"))
            sources += found.published_source.tolist()
    mark_best(ours, values)
    rows += reference_rows(reference, [{"protocol": protocol} for _, protocol in keys])
    titles = [f"{bits} bits, {protocol} protocol" for bits, protocol in keys]
    return Block(dataset_title(dataset), ["Method", *titles], rows, published_sentence(sources))


def _ours(found: pd.DataFrame, key: tuple[Any, ...]) -> Entry:
    if key not in found.index:
        return Entry(NOT_RUN, quoted=True)
    return Entry(with_interval(*found.loc[key, ["value", "low", "high"]]))


def _line(title: str, found: pd.DataFrame, keys: list[tuple[int, str]], column: str) -> list[Entry]:
    return [Entry(title, quoted=True), *(_quoted(found, key, column) for key in keys)]
