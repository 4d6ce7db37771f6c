"""Every number that others printed, with ours beside it where this run has one that measures the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.config.grid import Run, cells
from s5vh.reporting import lookup
from s5vh.reporting.collect import scores, summarise, transfer_scores
from s5vh.reporting.footnotes import marked, marks, read_footnotes
from s5vh.reporting.published import GMAP_CUTOFFS, GMAP_SCALE, comparable, published_cells, published_method
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import NOT_RUN, caption, difference, number, with_interval

INSIDE, ABOVE, BELOW = "inside", "above", "below"
OTHER_SCALE, OTHER_PROTOCOL = "other scale", "other protocol"
_OURS = ["value", "low", "high", "seeds", "interval"]


def verdict(published: float, decimals: int, value: float, low: float, high: float) -> str:
    """Where our number lies from a printed one.

    Args:
        published: the printed number, which stands for everything that rounds to it.
        decimals: how many of them were printed.
        value, low, high: ours and its 95% interval; NaN ends mean that it has none.

    Returns:
        "inside" if the printed number can lie in our interval, else "above" or "below": where ours is. Without an
        interval only a number that rounds to the printed one is "inside".
    """
    if not math.isfinite(low):
        low = high = value
    half = 0.5 * 10.0**-decimals
    if low - half <= published <= high + half:
        return INSIDE
    return ABOVE if value > published else BELOW


def build_published(run: Run, results: Path) -> Table:
    """All of `published_cells()`, with ours, the difference, a verdict and footnotes."""
    data = published_cells()
    footnotes = read_footnotes()
    ours = _Ours(run, results)
    rows = [ours.beside(row) for row in data.itertuples()]
    added = pd.DataFrame(rows, columns=["run_dataset", "run_method", "protocol", *_OURS, "verdict", "why"])
    data = pd.concat([data, added.astype({name: "float64" for name in ("value", "low", "high")})], axis=1)
    data.insert(data.columns.get_loc("verdict"), "difference", data.value - data.published)
    numbers = marks(data, footnotes)
    data["footnotes"] = [" ".join(footnotes[mark - 1].name for mark in sorted(found)) for found in numbers]
    used = frozenset().union(*numbers)
    return Table(
        "published",
        "Published numbers and ours",
        caption(_what(data, run), run, protocols=[ours.protocol] if ours.protocol else []),
        data.drop(columns="N"),
        list(_blocks(data.assign(marks=numbers))),
        [footnote.shown() for footnote in footnotes if footnote.number in used],
    )


def _what(data: pd.DataFrame, run: Run) -> str:
    counted = data.verdict.value_counts()
    counts = ", ".join(f"{counted.get(name, 0)} {name}" for name in (INSIDE, ABOVE, BELOW))
    compared = sum(counted.get(name, 0) for name in (INSIDE, ABOVE, BELOW))
    found = f"ours beside {compared} of them ({counts})" if compared else "none of them has a number of ours beside it"
    return (
        f"The {len(data)} printed mAP@N and GmAP of `config/published`: {found}. `inside`: the printed number, as far "
        "as its rounding tells, is within our 95% interval; `above` and `below`: it is not, and ours is above or below "
        "it. Only numbers of the published data sets and of a protocol that computes the same measure are compared, "
        "never those of the demo or of own data. Numbers in brackets are footnotes."
    )


class _Ours:
    """Scores of a run by what published tables call them."""

    def __init__(self, run: Run, results: Path):
        protocols = run.config.protocols
        self.protocol = next((name for name, protocol in protocols.items() if comparable(protocol)), None)
        grid = cells(run.config, run.datasets)
        self._dataset = {lookup.dataset(name).published_name: name for name in reversed(run.datasets)}
        settings = {name: lookup.method(name) for name in reversed(dict.fromkeys(cell.method for cell in grid))}
        self._method = {published_method(method): name for name, method in settings.items()}
        self._variant = {getattr(method, "published_variant", None): name for name, method in settings.items()}
        # What nobody printed has no name to be found by.
        for names in (self._dataset, self._method, self._variant):
            names.pop(None, None)
        own = scores(run, results, grid)
        own.insert(0, "train", own.dataset)
        frame = summarise(pd.concat([own, transfer_scores(run, results)], ignore_index=True))
        frame = frame[frame.protocol == self.protocol] if self.protocol else frame[:0]
        if self.protocol and tuple(protocols[self.protocol].cutoffs) != GMAP_CUTOFFS:
            frame = frame[frame.metric != "GmAP"]
        self._scores = frame.set_index(["train", "dataset", "method", "bits", "metric"])[_OURS].to_dict("index")
        self._lengths = set(zip(frame.train, frame.dataset, frame.bits, strict=True))

    def beside(self, row: Any) -> dict[str, Any]:
        """What to put beside one row of `published_cells()`; where nothing is, `why` says what this run lacks."""
        if row.metric == "GmAP" and row.scale != GMAP_SCALE:
            return {"verdict": OTHER_SCALE, "why": ""}
        train, dataset = self._dataset.get(row.train_dataset), self._dataset.get(row.test_dataset)
        variant = row.metric == "GmAP" and train == dataset
        method = (self._variant if variant else self._method).get(row.variant if variant else row.method)
        if train is None or dataset is None:
            return {"verdict": NOT_RUN, "why": "data set"}
        if method is None:
            return {"verdict": NOT_RUN, "why": "method"}
        if self.protocol is None:
            return {"verdict": OTHER_PROTOCOL, "why": "protocol"}
        where = {"run_dataset": dataset, "run_method": method, "protocol": self.protocol}
        found = self._scores.get((train, dataset, method, row.bits, row.metric))
        if found is None:
            lacking = "cut-off" if (train, dataset, row.bits) in self._lengths else "code length"
            return where | {"verdict": NOT_RUN, "why": lacking if train == dataset else "transfer"}
        ends = found["value"], found["low"], found["high"]
        return where | found | {"verdict": verdict(row.published, row.decimals, *ends), "why": ""}


def _blocks(data: pd.DataFrame) -> Iterator[Block]:
    """A block for mAP@N and one for GmAP of each data set, then the transfers."""
    within = data.train_dataset == data.test_dataset
    for dataset in dict.fromkeys(data[within].test_dataset):
        part = data[within & (data.test_dataset == dataset)]
        values, gmap = part[part.metric != "GmAP"], part[part.metric == "GmAP"]
        yield _block(f"{dataset}: mAP@N", values, ["method", "bits", "source"], "N", "mAP@{}")
        if len(gmap):
            yield _block(f"{dataset}: GmAP", gmap, ["source", "table", "method", "variant"], "bits", "{} bits")
    for train, dataset in dict.fromkeys(zip(data[~within].train_dataset, data[~within].test_dataset, strict=True)):
        part = data[~within & (data.train_dataset == train) & (data.test_dataset == dataset)]
        yield _block(f"{train} → {dataset}: GmAP", part, ["source", "table", "method"], "bits", "{} bits")


def _block(heading: str, part: pd.DataFrame, keys: list[str], across: str, title: str) -> Block:
    shared = frozenset.intersection(*part.marks)
    places = sorted(part[across].unique())
    rows: list[list[Entry]] = []
    if "bits" in keys:  # one method after the other, its sources below each other
        names = part.method.map({name: place for place, name in enumerate(dict.fromkeys(part.method))})
        part = part.assign(name=names).sort_values(["name", "bits"], kind="stable")
    for _, group in part.groupby(keys, sort=False):
        rows += _group_rows(group.set_index(across), places, shared, _name(group.iloc[0], keys))
    columns = ["As printed", *(title.format(place) for place in places), "in this run"]
    return Block(marked(heading, shared), columns, rows)


def _name(row: pd.Series, keys: list[str]) -> str:
    """`S5VH, 16 bits (S5VH README)` or `S5VH (0) full (S5VH paper, Table 2)`."""
    what = f"{row.method}, {row.bits} bits" if "bits" in keys else row.method
    variant = f" {row.variant}" if "variant" in keys and row.variant else ""
    return f"{what}{variant} ({', '.join(filter(None, (row.source, row.table)))})"


def _group_rows(group: pd.DataFrame, places: list[int], shared: frozenset[int], name: str) -> list[list[Entry]]:
    """A row of printed numbers and, where this run has any of them, one of ours and one of the differences."""
    common = frozenset.intersection(*group.marks) - shared
    ran = bool(group.value.notna().any())
    counted = group.verdict.value_counts(sort=False)
    start = group.iloc[0]
    said = ", ".join(f"{count} {what}" for what, count in counted.items()) if ran else start.verdict
    if start.verdict == NOT_RUN and not ran:
        said = f"{start.why} not run"
    printed, ours, apart = [Entry(marked(name, common), quoted=True)], [Entry("ours")], [Entry("difference")]
    for place in places:
        row = group.loc[place] if place in group.index else None
        if row is None:
            printed.append(Entry(""))
            ours.append(Entry(""))
            apart.append(Entry(""))
            continue
        digits = max(3, min(4, int(row.decimals)))
        text = number(row.published, min(4, int(row.decimals)))
        printed.append(Entry(marked(text, row.marks - shared - common), quoted=True))
        missing = not np.isfinite(row.value)
        ours.append(Entry(NOT_RUN if missing else with_interval(row.value, row.low, row.high, digits=digits)))
        apart.append(Entry("" if missing else f"{difference(row.difference, digits)} {row.verdict}"))
    printed.append(Entry(said))
    return [printed, [*ours, Entry("")], [*apart, Entry("")]] if ran else [printed]
