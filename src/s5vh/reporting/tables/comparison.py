"""mAP@N of the compared methods: AutoSSVH's Table 1, and after transfer to another data set, MCMSH's Table 4."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from s5vh.config.grid import Run, cells_of
from s5vh.methods.settings import PublishedAs
from s5vh.reporting import lookup
from s5vh.reporting.collect import by_seed, scores, summarise, transfer_scores
from s5vh.reporting.published_numbers import comparable, published_map, table_of
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.tables.retrieval import map_rows, with_published
from s5vh.reporting.tables.transfer import not_possible, pair_heading
from s5vh.reporting.transfer_pairs import obstacle, unfit
from s5vh.reporting.words import NOT_RUN, bold, caption, dataset_title, kinds, number

_NO_PUBLISHED = {"published": float("nan"), "difference": float("nan"), "published_source": ""}


def build_autossvh_table1(run: Run, results: Path) -> Table:
    """mAP@N of the compared methods on the data set they were trained on, one block per data set and code length."""
    main = run.config.main_protocol
    frame = _maps(scores(run, results, cells_of(run, run.config.main_grid)), main)
    data = with_published(summarise(frame), run)
    samples = by_seed(frame, ["dataset", "bits", "method", "metric"])
    blocks = []
    for dataset in run.datasets:
        for bits in run.config.bits:
            part = data[(data.dataset == dataset) & (data.bits == bits)]
            groups, note = map_rows(part, {key[2:]: v for key, v in samples.items() if key[:2] == (dataset, bits)})
            metrics = list(dict.fromkeys(part.metric))
            rows = [row for group in groups.values() for row in group] + _others(run, dataset, bits, metrics)
            blocks.append(Block(f"{dataset_title(dataset)}, {bits} bits", ["Method", *metrics], rows, note))
    what = (
        "mAP@N of the compared methods. `config/published` has no numbers of this table; beside ours are those of the "
        "results tables in repositories, AutoSSVH's and others."
    )
    return Table(caption(f"{what} {bold(run)}", run, run.config.methods, [main]), data, blocks)


def build_mcmsh_table4(run: Run, results: Path) -> Table:
    """mAP@N of models trained on one data set and evaluated on another, one block per pair and code length."""
    main = run.config.main_protocol
    frame = _maps(transfer_scores(run, results, "mcmsh_table4"), main)
    data = summarise(frame).assign(**_NO_PUBLISHED)
    data.insert(len(data.columns) - len(_NO_PUBLISHED), "data", kinds(data.dataset))
    samples = by_seed(frame, ["train", "dataset", "bits", "method", "metric"])
    blocks, notes = [], []
    for pair in run.config.transfer_pairs("mcmsh_table4"):
        if why := obstacle(pair, run):
            notes.append(f"{pair_heading(pair)}: not run, because {why}.")
            continue
        without = unfit(pair, run)
        note = not_possible(pair, without) if without else ""
        for bits in pair.bits:
            place = (pair.train, pair.test, bits)
            part = data[(data.train == pair.train) & (data.dataset == pair.test) & (data.bits == bits)]
            groups, _ = map_rows(part, {key[3:]: v for key, v in samples.items() if key[:3] == place})
            rows = [row for group in groups.values() for row in group]
            columns = ["Method", *dict.fromkeys(part.metric)]
            blocks.append(Block(f"{pair_heading(pair)}, {bits} bits", columns, rows, note))
    what = (
        "mAP@N of models trained on one data set and evaluated on another, for the pairs of this run. "
        "`config/published` has no numbers of this table."
    )
    methods = run.config.methods if len(data) else []
    whole = run._replace(datasets=[*run.datasets, *run.searched])
    return Table(caption(f"{what} {bold(run)}", whole, methods, [main]), data, blocks, notes)


def _maps(frame: pd.DataFrame, protocol: str) -> pd.DataFrame:
    return frame[(frame.protocol == protocol) & (frame.metric != "GmAP")].reset_index(drop=True)


def _others(run: Run, dataset: str, bits: int, metrics: list[str]) -> list[list[Entry]]:
    """Published rows of methods that are not in this run."""
    if not comparable(run.config.protocols[run.config.main_protocol]):
        return []
    name = lookup.dataset(dataset).published_name
    mine = {recipe.method for method in run.config.methods if (recipe := lookup.method(method).published)}
    rows = []
    for method in dict.fromkeys(table_of("scores").method):
        found = [
            published_map(PublishedAs(method=method), name, bits, int(metric.removeprefix("mAP@")))
            for metric in metrics
        ]
        if method not in mine and any(found):
            texts = [number(value.value) if value else "" for value in found]
            rows.append([Entry(text, quoted=True) for text in (f"{method}, as published; {NOT_RUN} here", *texts)])
    return rows
