"""How well the codes of an archive find videos of the same class, if its videos have labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from s5vh.config import layout
from s5vh.config.grid import Run, cells_of
from s5vh.reporting.collect import read_metrics, scores, summarise
from s5vh.reporting.inputs import archive_cell
from s5vh.reporting.reference_rankings import TITLES, reference_scores
from s5vh.reporting.words import method_title

SCORE = "GmAP"


@dataclass(frozen=True)
class Bar:
    """The score of a method at a code length, or of a ranking that needs no codes.

    Attributes:
        title: of the method or the ranking.
        value: GmAP.
        low, high: 95% interval; NaN if there is none.
    """

    title: str
    value: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class SearchScores:
    """Scores of all methods, and what a search with the codes of the page finds.

    Attributes:
        bars: of the methods, by code length.
        without: of the rankings without codes.
        interval: what the intervals are over.
        first: number of videos that a person looks at.
        right: how many of these have a class of the query, on average.
        queries, database: numbers of videos.
    """

    bars: dict[int, list[Bar]]
    without: list[Bar]
    interval: str
    first: int
    right: float
    queries: int
    database: int


def search_scores(run: Run, results: Path) -> SearchScores | None:
    """Scores under the main protocol; None if the videos have no labels. `run` has this archive only.

    Raises:
        UserError: a missing or broken file.
    """
    if not run.scored.datasets:
        return None
    main = run.config.main_protocol
    frame = scores(run, results, cells_of(run, run.config.main_grid))
    found = summarise(frame[(frame.metric == SCORE) & (frame.protocol == main)])
    bars: dict[int, list[Bar]] = {}
    for row in found.itertuples():
        bars.setdefault(row.bits, []).append(Bar(method_title(row.method), row.value, row.low, row.high))
    without = reference_scores(run, results)
    without = without[(without.metric == SCORE) & (without.protocol == main) & (without.aspect == "")]
    rankings = [Bar(TITLES[row.ranking], row.value) for row in without.itertuples()]
    metrics = read_metrics(layout.cell(*archive_cell(run), results) / "metrics.json", [main])["protocols"][main]
    first, precision = next(iter(metrics["precision"].items()))
    right = int(first) * precision
    intervals = [name for name in dict.fromkeys(found.interval) if name]
    counts = metrics["queries"], metrics["database"]
    return SearchScores(dict(sorted(bars.items())), rankings, ", ".join(intervals), int(first), right, *counts)
