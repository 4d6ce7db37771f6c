"""Transfer between data sets: S5VH's Table 1 and AutoSSVH's Table 2, with GmAP, and MCMSH's Table 4, with mAP@N."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from s5vh.config.grid import Run
from s5vh.config.studies import TransferConfig
from s5vh.reporting import lookup
from s5vh.reporting.collect import by_seed, map_scores, scores, summarise, transfer_scores, within
from s5vh.reporting.footnotes import marked, marks, read_footnotes
from s5vh.reporting.published_numbers import GMAP_CUTOFFS, comparable, published_cells
from s5vh.reporting.reference_rankings import SENTENCE, TITLES, reference_scores
from s5vh.reporting.table import Block, Entry, Table, mark_best
from s5vh.reporting.tables.retrieval import map_block
from s5vh.reporting.transfer_pairs import in_domain_cells, obstacle, searched_datasets, unfit
from s5vh.reporting.words import (
    NOT_RUN,
    bold,
    caption,
    difference,
    kinds,
    listed,
    method_title,
    number,
    pair_title,
    percent,
    published_sentence,
    with_interval,
)

NOT_POSSIBLE = "not possible"
TRAINED_THERE = "trained there"
_DIGITS = 4
_PRINTED = ["method", "variant", "train_dataset", "test_dataset", "bits"]


def build_table1(run: Run, results: Path) -> Table:
    """Table 1 of the S5VH paper; see `_build`."""
    return _build("table1", "S5VH", "Table 1", run, results)


def build_autossvh_table2(run: Run, results: Path) -> Table:
    """Table 2 of the AutoSSVH paper; see `_build`.

    The paper does not name the measure; all but one of the numbers for 16 bits equal the GmAP in Table 1 of S5VH.
    """
    return _build("autossvh_table2", "AutoSSVH", "Table 2", run, results)


def build_mcmsh_table4(run: Run, results: Path) -> Table:
    """Table 4 of the MCMSH paper: mAP@N, one block per pair and code length."""
    name, main = "mcmsh_table4", run.config.main_protocol
    found = transfer_scores(run, results, name)
    frame = map_scores(found[found.protocol == main])
    data = summarise(frame).assign(data="", published=np.nan, difference=np.nan, published_source="")
    data["data"] = kinds(data.dataset)
    samples = by_seed(frame, ["train", "dataset", "bits", "method", "metric"])
    references = reference_scores(run._replace(datasets=searched_datasets(run, name)), results)
    references = references[references.aspect == ""]
    blocks, notes = [], []
    for pair in run.config.transfer_pairs(name):
        if why := obstacle(pair, run):
            notes.append(_not_run(pair, why))
            continue
        searched = references[references.dataset == pair.test]
        without = unfit(pair, run)
        for bits in pair.bits:
            part = data[(data.train == pair.train) & (data.dataset == pair.test) & (data.bits == bits)]
            heading = f"{pair_title(pair.train, pair.test)}, {bits} bits"
            block = map_block(part, searched, main, heading, within(samples, pair.train, pair.test, bits))
            blocks.append(replace(block, note=_not_possible(pair, without) if without else ""))
    what = (
        "mAP@N of models trained on one data set and evaluated on another, for the pairs of this run. "
        f"`config/published` has no numbers of this table. {_reading(run, references)}"
    )
    return Table(_caption(what, run, data, main), data, blocks, notes)


@dataclass
class _Scores:
    """What a table shows.

    Attributes:
        data: summarised scores of the pairs that ran, one row per pair, code length and method.
        samples: their values by seed, float64 [seeds], by training data set, searched data set, bits and method.
        printed: rows of `published_cells` from the paper's table, with a column `marks` of footnote numbers; none if
            the main protocol computes another measure.
        references: GmAP of the reference rankings on the searched data sets, see `reference_scores`.
        source: the paper's table in words.
    """

    data: pd.DataFrame
    samples: dict[tuple, np.ndarray]
    printed: pd.DataFrame
    references: pd.DataFrame
    source: str

    def printed_for(self, pair: TransferConfig) -> pd.DataFrame:
        """Published numbers of a pair at its code lengths."""
        rows = self.printed
        train, test = (lookup.dataset(name).published_name for name in (pair.train, pair.test))
        return rows[(rows.train_dataset == train) & (rows.test_dataset == test) & rows.bits.isin(pair.bits)]


def _build(name: str, paper: str, table: str, run: Run, results: Path) -> Table:
    """GmAP of models trained on one data set and evaluated on another, beside published numbers.

    Pairs that did not run have a block if there are published numbers, and a line below the table otherwise. Where the
    run also trains on the searched data set, the scores of those models are shown, too.
    """
    main = run.config.main_protocol
    footnotes = read_footnotes()
    cells = published_cells().query("paper == @paper and table == @table and metric == 'GmAP'").reset_index(drop=True)
    same_measure = comparable(run.config.protocols[main])
    same_measure &= tuple(run.config.protocols[main].cutoffs) == GMAP_CUTOFFS
    printed = cells.assign(marks=marks(cells, footnotes)) if same_measure else cells[:0].assign(marks=[])
    shown = _summarised(name, printed, f"{paper} paper, {table}", run, results)
    blocks, notes = [], []
    for pair in run.config.transfer_pairs(name):
        why = obstacle(pair, run)
        if not why:
            blocks.append(_block(pair, shown, run))
        elif len(shown.printed_for(pair)):
            blocks.append(_published_block(pair, shown, why))
        else:
            notes.append(_not_run(pair, why))
    named = [shown.printed_for(pair).marks for pair in run.config.transfer_pairs(name)]
    used = frozenset().union(*(numbers for column in named for numbers in column))
    notes += [footnote.formatted() for footnote in footnotes if footnote.number in used]
    what = f"GmAP of models trained on one data set and evaluated on another. {_reading(run, shown.references)}"
    return Table(_caption(what, run, shown.data, main), shown.data, blocks, notes)


def _reading(run: Run, references: pd.DataFrame) -> str:
    """What is bold, and the reference rankings if there are any."""
    return f"{bold(run)} {SENTENCE}" if len(references) else bold(run)


def _caption(what: str, run: Run, data: pd.DataFrame, protocol: str) -> str:
    whole = run._replace(datasets=[*run.datasets, *run.searched])
    return caption(what, whole, run.config.methods if len(data) else [], [protocol])


def _not_run(pair: TransferConfig, why: str) -> str:
    return f"{pair_title(pair.train, pair.test)}: not run, because {why}."


def _not_possible(pair: TransferConfig, without: list[str]) -> str:
    train, test = (lookup.dataset(name) for name in (pair.train, pair.test))
    return (
        f"Not possible with {listed([method_title(method) for method in without])}: a model trained on videos of "
        f"{train.frames} frames encodes no others, and those of {test.title} have {test.frames}."
    )


def _summarised(name: str, printed: pd.DataFrame, source: str, run: Run, results: Path) -> _Scores:
    main = run.config.main_protocol
    frame = transfer_scores(run, results, name)
    frame = frame[(frame.metric == "GmAP") & (frame.protocol == main)].reset_index(drop=True)
    data = summarise(frame)
    data["data"] = kinds(data.dataset)
    own = scores(run, results, in_domain_cells(run, name))
    own = own[(own.metric == "GmAP") & (own.protocol == main)].groupby(["dataset", "bits", "method"]).value.mean()
    values = printed.set_index(_PRINTED).published
    found, there = [], []
    for row in data.itertuples():
        recipe = lookup.method(row.method).published
        names = [lookup.dataset(dataset).published_name for dataset in (row.train, row.dataset)]
        found.append(values.get((recipe.method, recipe.variant, *names, row.bits), np.nan) if recipe else np.nan)
        there.append(own.get((row.dataset, row.bits, row.method), np.nan))
    data["published"] = pd.Series(found, dtype="float64", index=data.index)
    data["difference"] = data.value - data.published
    data["published_source"] = np.where(data.published.notna(), source, "")
    data["in_domain"] = pd.Series(there, dtype="float64", index=data.index)
    data["change"] = data.value / data.in_domain - 1
    references = reference_scores(run._replace(datasets=searched_datasets(run, name)), results)
    references = references[(references.metric == "GmAP") & (references.protocol == main) & (references.aspect == "")]
    return _Scores(data, by_seed(frame, ["train", "dataset", "bits", "method"]), printed, references, source)


def _published_block(pair: TransferConfig, shown: _Scores, why: str) -> Block:
    """A pair that did not run: the published numbers alone."""
    printed = shown.printed_for(pair)
    shared = frozenset.intersection(*printed.marks)
    methods = dict.fromkeys(printed.method)
    rows = [[Entry(method, quoted=True)] for method in methods]
    for bits in pair.bits:
        theirs = printed[printed.bits == bits].set_index(["method", "variant"])
        _add(rows, [_quoted(theirs, (method, "full"), shared) for method in methods])
    columns = ["Method", *(marked(f"{bits} bits, published", shared) for bits in pair.bits)]
    note = f"Not run, because {why}. {published_sentence([shown.source])}"
    return Block(pair_title(pair.train, pair.test), columns, rows, note)


def _block(pair: TransferConfig, shown: _Scores, run: Run) -> Block:
    """A pair that ran: the run's methods, those that only the paper has, and the reference rankings."""
    printed, without, methods = shown.printed_for(pair), unfit(pair, run), run.config.methods
    data = shown.data[(shown.data.train == pair.train) & (shown.data.dataset == pair.test)]
    shared = frozenset.intersection(*printed.marks) if len(printed) else frozenset()
    recipes = [recipe and (recipe.method, recipe.variant) for recipe in (lookup.method(m).published for m in methods)]
    others = [(method, "full") for method in dict.fromkeys(printed.method) if (method, "full") not in recipes]
    references = shown.references[shown.references.dataset == pair.test]
    columns = ["Method"]
    rows = [[Entry(method_title(method))] for method in methods]
    rows += [[Entry(method, quoted=True)] for method, _ in others]
    rows += [[Entry(TITLES[ranking], quoted=True)] for ranking in references.ranking]
    for bits in pair.bits:
        ours = data[data.bits == bits].set_index("method")
        theirs = printed[printed.bits == bits].set_index(["method", "variant"])
        entries, samples = [], []
        for method in methods:
            if method in without:
                entries.append(Entry(NOT_POSSIBLE, quoted=True))
                samples.append(None)
            else:
                entries.append(Entry(with_interval(*ours.loc[method, ["value", "low", "high"]], _DIGITS)))
                samples.append(shown.samples[pair.train, pair.test, bits, method])
        mark_best([[Entry(""), entry] for entry in entries], [[one] for one in samples])
        entries += [Entry(NOT_RUN, quoted=True) for _ in others]
        entries += [Entry(number(value, _DIGITS), quoted=True) for value in references.value]
        _add(rows, entries)
        columns.append(f"{bits} bits")
        if ours.in_domain.notna().any():
            _add(rows, [_trained_there(ours, method) for method in methods])
            columns.append(TRAINED_THERE)
        if len(theirs):
            _add(rows, [_quoted(theirs, recipe, shared) for recipe in [*recipes, *others]])
            _add(rows, [Entry(difference(ours.difference.get(m), _DIGITS), quoted=True) for m in methods])
            columns += [marked("published", shared), "difference"]
    heading = pair_title(pair.train, pair.test)
    return Block(heading, columns, rows, " ".join(_sentences(pair, shown, without, columns)))


def _add(rows: list[list[Entry]], entries: list[Entry]) -> None:
    """Append a column; rows beyond its entries get an empty one."""
    for place, row in enumerate(rows):
        row.append(entries[place] if place < len(entries) else Entry(""))


def _trained_there(ours: pd.DataFrame, method: str) -> Entry:
    """`0.0930 (−59%)`: the score without transfer, and the change that transfer makes."""
    if method not in ours.index or not np.isfinite(ours.in_domain[method]):
        return Entry("")
    change = ours.change[method]
    sign = "+" if round(100 * change) > 0 else ""
    return Entry(f"{number(ours.in_domain[method], _DIGITS)} ({sign}{percent(change)})")


def _quoted(theirs: pd.DataFrame, recipe: tuple[str, str] | None, shared: frozenset[int]) -> Entry:
    if recipe not in theirs.index:
        return Entry("")
    row = theirs.loc[recipe]
    return Entry(marked(number(row.published, _DIGITS), row.marks - shared), quoted=True)


def _sentences(pair: TransferConfig, shown: _Scores, without: list[str], columns: list[str]) -> list[str]:
    """What the reader of a block must know."""
    found = [_not_possible(pair, without)] if without else []
    if TRAINED_THERE in columns:
        found.append(
            f"`{TRAINED_THERE}`: GmAP of the method trained on {lookup.dataset(pair.test).title} itself, and in "
            "brackets how far the transferred one is from it."
        )
    if not shown.printed_for(pair).empty:
        found.append(published_sentence([shown.source]))
    return found
