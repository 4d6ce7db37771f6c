"""All published numbers, next to the comparable numbers of this run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from s5vh.config.grid import Run, cells
from s5vh.reporting import lookup
from s5vh.reporting.collect import scores, summarise, transfer_scores
from s5vh.reporting.footnotes import marked, marks, read_footnotes
from s5vh.reporting.published_numbers import GEOMETRIC_MEAN, GMAP_CUTOFFS, MAP_AT_N, comparable, published_cells
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import NOT_RUN, caption, difference, method_title, number, with_interval
from s5vh.retrieval.uncertainty import prediction_half_width

INSIDE, ABOVE, BELOW = "inside", "above", "below"
ONE_SEED = "one seed"  # no verdict
OTHER_AGGREGATE, OTHER_PROTOCOL = "other aggregate", "other protocol"
_MOST_DIGITS = 4  # shown, even if more were published, as in map.txt
_OURS = ["value", "low", "high", "seeds", "interval", "run_low", "run_high"]


def verdict(published: float, decimals: int, value: float, low: float, high: float) -> str:
    """Compare our number with a published one, which is a single run.

    Args:
        published: the published number, which stands for any value that rounds to it.
        decimals: its number of decimal places.
        value: our number.
        low, high: 95% prediction interval of one more run; NaN if there is a single seed.

    Returns:
        "inside" if the published number may lie in the interval; otherwise "above" or "below", the position of our
        number. "one seed" if there is no interval, because the spread between runs is then unknown.
    """
    if not math.isfinite(low):
        return ONE_SEED
    half = 0.5 * 10.0**-decimals
    if low - half <= published <= high + half:
        return INSIDE
    return ABOVE if value > published else BELOW


def build_published(run: Run, results: Path) -> Table:
    """All of `published_cells()` with our number, the difference, a verdict and footnotes; one row per recipe."""
    printed = published_cells()
    footnotes = read_footnotes()
    ours = _Ours(run, results)
    rows = [{"printed": row.Index} | found for row in printed.itertuples() for found in ours.comparisons(row)]
    added = pd.DataFrame(rows, columns=["printed", "run_dataset", "run_method", "protocol", *_OURS, "verdict", "why"])
    added = added.astype({name: "float64" for name in ("value", "low", "high", "run_low", "run_high")})
    data = printed.loc[added.printed].reset_index(drop=True).join(added.drop(columns="printed"))
    data.insert(data.columns.get_loc("verdict"), "difference", data.value - data.published)
    numbers = marks(data, footnotes)
    data["footnotes"] = [" ".join(footnotes[mark - 1].name for mark in sorted(found)) for found in numbers]
    used = frozenset().union(*numbers)
    return Table(
        caption(_what(data, len(printed)), run, protocols=[ours.protocol] if ours.protocol else []),
        data.drop(columns="N"),
        list(_blocks(list(data.assign(marks=numbers).itertuples()))),
        [footnote.formatted() for footnote in footnotes if footnote.number in used],
    )


def _what(data: pd.DataFrame, printed: int) -> str:
    counted = data.verdict.value_counts()
    verdicts = (INSIDE, ABOVE, BELOW, ONE_SEED)
    counts = ", ".join(f"{counted[name]} {name}" for name in verdicts if name in counted)
    compared = sum(counted.get(name, 0) for name in verdicts)
    found = f"{compared} comparisons with ours ({counts})" if compared else "none is comparable with this run"
    return (
        f"The {printed} published numbers in `config/published`: {found}. A published number is one run, so it is "
        "compared with the 95% prediction interval of one more run of ours (Student's t over n seeds, "
        "t s sqrt(1 + 1/n)). `inside`: it lies within, allowing for rounding; `above` and `below`: it does not, and "
        "ours is above or below it; `one seed`: no verdict, because the spread between our runs is unknown. "
        "Only results on published data sets under a protocol that computes the same measure are compared, never "
        "results on the demo or on own data. Numbers in brackets are footnotes."
    )


class _Ours:
    """Scores of a run, indexed by the names used in published tables."""

    def __init__(self, run: Run, results: Path):
        protocols = run.config.protocols
        self.protocol = next((name for name, protocol in protocols.items() if comparable(protocol)), None)
        grid = cells(run.config, run.datasets)
        self._dataset = {lookup.dataset(name).published_name: name for name in reversed(run.datasets)}
        settings = {name: lookup.method(name) for name in dict.fromkeys(cell.method for cell in grid)}
        self._methods: dict[tuple[str, str], list[str]] = {}
        for name, method in settings.items():
            if recipe := method.published:
                self._methods.setdefault((recipe.method, recipe.variant), []).append(name)
        self._dataset.pop(None, None)  # data sets without published numbers
        self._searched = {lookup.dataset(name).published_name: name for name in run.searched} | self._dataset
        own = scores(run, results, grid)
        own.insert(0, "train", own.dataset)
        frame = summarise(pd.concat([own, transfer_scores(run, results)], ignore_index=True))
        frame = frame[frame.protocol == self.protocol] if self.protocol else frame[:0]
        half = prediction_half_width(frame.deviation.to_numpy(), frame.seeds.to_numpy())
        frame = frame.assign(run_low=frame.value - half, run_high=frame.value + half)
        if self.protocol and tuple(protocols[self.protocol].cutoffs) != GMAP_CUTOFFS:
            frame = frame[frame.metric != "GmAP"]
        self._scores = frame.set_index(["train", "dataset", "method", "bits", "metric"])[_OURS].to_dict("index")
        self._lengths = set(zip(frame.train, frame.dataset, frame.bits, strict=True))

    def comparisons(self, row: Any) -> list[dict[str, Any]]:
        """Our results for one row of `published_cells()`, one per recipe; `why` is the reason if there is none."""
        if row.aggregate not in (MAP_AT_N, GEOMETRIC_MEAN):
            return [{"verdict": OTHER_AGGREGATE, "why": ""}]
        transferred = row.train_dataset != row.test_dataset
        train = self._dataset.get(row.train_dataset)
        dataset = (self._searched if transferred else self._dataset).get(row.test_dataset)
        methods = self._methods.get((row.method, row.variant), [])
        if train is None or dataset is None:
            return [{"verdict": NOT_RUN, "why": "data set"}]
        if not methods:
            return [{"verdict": NOT_RUN, "why": "method"}]
        if self.protocol is None:
            return [{"verdict": OTHER_PROTOCOL, "why": "protocol"}]
        return [self._one(row, train, dataset, method) for method in methods]

    def _one(self, row: Any, train: str, dataset: str, method: str) -> dict[str, Any]:
        where = {"run_dataset": dataset, "run_method": method, "protocol": self.protocol}
        found = self._scores.get((train, dataset, method, row.bits, row.metric))
        if found is None:
            lacking = "cut-off" if (train, dataset, row.bits) in self._lengths else "code length"
            return where | {"verdict": NOT_RUN, "why": lacking if train == dataset else "transfer"}
        ends = found["value"], found["run_low"], found["run_high"]
        return where | found | {"verdict": verdict(row.published, row.decimals, *ends), "why": ""}


def _blocks(rows: list[Any]) -> Iterator[Block]:
    """For each data set one block of mAP@N and one of GmAP, then transfer; `rows` are named tuples of the data."""
    own = [row for row in rows if row.train_dataset == row.test_dataset]
    for dataset in dict.fromkeys(row.test_dataset for row in own):
        part = [row for row in own if row.test_dataset == dataset]
        values = [row for row in part if row.aggregate == MAP_AT_N]
        methods = list(dict.fromkeys(row.method for row in values))
        # Grouped by method, with its sources below each other.
        values.sort(key=lambda row: (methods.index(row.method), row.bits))
        yield _block(f"{dataset}: mAP@N", values, "N", "mAP@{}")
        for metric in dict.fromkeys(row.metric for row in part if row.aggregate != MAP_AT_N):
            yield _block(f"{dataset}: {metric}", [row for row in part if row.metric == metric], "bits", "{} bits")
    moved = [row for row in rows if row.train_dataset != row.test_dataset]
    for pair in dict.fromkeys((row.train_dataset, row.test_dataset) for row in moved):
        part = [row for row in moved if (row.train_dataset, row.test_dataset) == pair]
        yield _block(f"{' → '.join(pair)}: GmAP", part, "bits", "{} bits")


def _block(heading: str, rows: list[Any], across: str, title: str) -> Block:
    """One row per method and source, with one column per value of `across`, and our numbers below if there are any."""
    shared = frozenset.intersection(*(row.marks for row in rows))
    places = sorted({getattr(row, across) for row in rows})
    groups: dict[str, dict[str, dict[int, Any]]] = {}
    for row in rows:
        recipes = groups.setdefault(_name(row, across), {})
        recipes.setdefault(str(row.run_method), {})[getattr(row, across)] = row
    shown: list[list[Entry]] = []
    for name, recipes in groups.items():
        shown += _group_rows(name, [[group.get(place) for place in places] for group in recipes.values()], shared)
    columns = ["As published", *(title.format(place) for place in places), "in this run"]
    return Block(marked(heading, shared), columns, shown)


def _name(row: Any, across: str) -> str:
    """`S5VH, 16 bits (S5VH README)` or `S5VH, forward scan only (S5VH paper, Table 2)`."""
    source = f"{row.source}, {row.table}" if row.source.endswith(" paper") else row.source
    if across == "N":
        variant = "" if row.variant == "full" else f", {row.variant}"
        return f"{row.method}{variant}, {row.bits} bits ({source})"
    variant = f" {row.variant}" if row.train_dataset == row.test_dataset else ""
    return f"{row.method}{variant} ({source})"


def _group_rows(name: str, recipes: list[list[Any]], shared: frozenset[int]) -> list[list[Entry]]:
    """A row of published numbers, then for each recipe that ran a row of our numbers and a row of differences.

    Args:
        recipes: rows of the data by column, None where nothing is published, for each of our recipes; a single item
            if there are none.
    """
    first = recipes[0]
    there = [row for row in first if row is not None]
    common = frozenset.intersection(*(row.marks for row in there)) - shared
    printed = [Entry(marked(name, common), quoted=True)]
    for row in first:
        text = "" if row is None else number(row.published, min(_MOST_DIGITS, row.decimals))
        printed.append(Entry("" if row is None else marked(text, row.marks - shared - common), quoted=True))
    ran = [group for group in recipes if any(row is not None and math.isfinite(row.value) for row in group)]
    if not ran:
        why = f"{there[0].why} not in this run" if there[0].verdict == NOT_RUN else there[0].verdict
        return [[*printed, Entry(why)]]
    counted = Counter(row.verdict for group in ran for row in group if row is not None)
    shown = [[*printed, Entry(", ".join(f"{count} {verdict}" for verdict, count in counted.items()))]]
    for group in ran:
        method = next(row.run_method for row in group if row is not None)
        ours, apart = [Entry(f"ours: {method_title(method)}")], [Entry("difference")]
        for row in group:
            missing = row is None or not math.isfinite(row.value)
            ours.append(Entry("" if row is None else NOT_RUN if missing else _with_interval(row)))
            apart.append(Entry("" if missing else _apart(row)))
        shown += [[*ours, Entry("")], [*apart, Entry("")]]
    return shown


def _apart(row: Any) -> str:
    """`+0.012 above`, or only the difference if there is no verdict."""
    text = difference(row.difference, _digits(row))
    return text if row.verdict == ONE_SEED else f"{text} {row.verdict}"


def _digits(row: Any) -> int:
    return max(3, min(_MOST_DIGITS, row.decimals))


def _with_interval(row: Any) -> str:
    return with_interval(row.value, row.low, row.high, digits=_digits(row))
