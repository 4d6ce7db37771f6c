"""mAP@N of the compared methods: AutoSSVH's Table 1."""

from __future__ import annotations

from pathlib import Path

from s5vh.config.grid import Run, cells_of
from s5vh.methods.settings import PublishedAs
from s5vh.reporting import lookup
from s5vh.reporting.collect import by_seed, map_scores, scores, summarise, within
from s5vh.reporting.published_numbers import comparable, published_map, table_of
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.tables.retrieval import map_rows, with_published
from s5vh.reporting.words import NOT_RUN, bold, caption, dataset_title, number


def build_autossvh_table1(run: Run, results: Path) -> Table:
    """mAP@N of the compared methods on the data set they were trained on, one block per data set and code length."""
    main = run.config.main_protocol
    found = scores(run, results, cells_of(run, run.config.main_grid))
    frame = map_scores(found[found.protocol == main])
    data = with_published(summarise(frame), run)
    samples = by_seed(frame, ["dataset", "bits", "method", "metric"])
    blocks = []
    for dataset in run.datasets:
        for bits in run.config.bits:
            part = data[(data.dataset == dataset) & (data.bits == bits)]
            groups, note = map_rows(part, within(samples, dataset, bits))
            metrics = list(dict.fromkeys(part.metric))
            rows = [row for group in groups.values() for row in group] + _others(run, dataset, bits, metrics)
            blocks.append(Block(f"{dataset_title(dataset)}, {bits} bits", ["Method", *metrics], rows, note))
    what = (
        "mAP@N of the compared methods. `config/published` has no numbers of this table; published ones come from the "
        "results tables in AutoSSVH's and other repositories."
    )
    return Table(caption(f"{what} {bold(run)}", run, run.config.methods, [main]), data, blocks)


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
