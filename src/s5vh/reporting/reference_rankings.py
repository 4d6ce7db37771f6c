"""Reference rankings in tables and figures: chance, real-valued features, and all relevant videos first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from s5vh.base.errors import UserError
from s5vh.base.files import read_json
from s5vh.config import layout
from s5vh.config.grid import Run
from s5vh.reporting import lookup
from s5vh.reporting.table import Entry
from s5vh.reporting.words import dataset_kind, number

TITLES = {
    "chance": "chance",
    "cosine_mean": "cosine of mean features",
    "cosine_frames": "cosine of all frames",
    "perfect": "perfect ranking",
}
SENTENCE = (
    "The last rows need no codes: a random order, the cosine similarity of real-valued features, and all relevant "
    "videos first."
)
_COLUMNS = ["dataset", "data", "ranking", "aspect", "protocol", "metric", "value"]


def reference_scores(run: Run, results: Path) -> pd.DataFrame:
    """Scores of the run's reference rankings on its data sets.

    Returns:
        dataset, data (its kind), ranking, aspect ("" for the classes themselves), protocol, metric ("mAP@5", ...,
        "GmAP", or "concordance", without a protocol), value.

    Raises:
        UserError: a missing or broken file, or one without a ranking or protocol of the run.
    """
    rows: list[dict[str, Any]] = []
    for dataset in run.datasets if run.config.reference_rankings else []:
        path = layout.reference_rankings(dataset, results)
        found = read_json(path)
        for ranking in run.config.reference_rankings:
            try:
                scores = found["rankings"][ranking]
                where = {"dataset": dataset, "data": dataset_kind(lookup.dataset(dataset)), "ranking": ranking}
                rows += [where | {"aspect": ""} | row for row in score_rows(scores, run)]
                for aspect, of_aspect in scores["aspects"].items():
                    rows += [where | {"aspect": aspect} | row for row in score_rows(of_aspect, run)]
            except (KeyError, TypeError, AttributeError):
                raise UserError(
                    f"{path}: no scores of '{ranking}' under every protocol; delete it and run the workflow again"
                ) from None
    return pd.DataFrame(rows, columns=_COLUMNS)


def score_rows(scores: dict[str, Any], run: Run) -> list[dict[str, Any]]:
    """protocol, metric and value of scores by protocol, or of a concordance."""
    if "concordance" in scores:
        return [{"protocol": "", "metric": "concordance", "value": scores["concordance"]}]
    rows = []
    for protocol in run.config.protocols:
        found = scores["protocols"][protocol]
        values = {f"mAP@{n}": value for n, value in found["mAP"].items()} | {"GmAP": found["GmAP"]}
        rows += [{"protocol": protocol, "metric": metric, "value": float(value)} for metric, value in values.items()]
    return rows


def as_methods(frame: pd.DataFrame) -> pd.DataFrame:
    """Scores of the classes as rows for a table of methods, without a code length or an interval."""
    rows = frame[frame.aspect == ""].drop(columns="aspect")
    return rows.rename(columns={"ranking": "method"}).assign(bits=pd.NA, interval="")


def reference_rows(frame: pd.DataFrame, columns: list[dict[str, str]]) -> list[list[Entry]]:
    """One row of entries for each ranking in `frame`; each column selects its score, e.g. by protocol and metric."""
    rows = []
    for ranking in dict.fromkeys(frame.ranking):
        part = frame[frame.ranking == ranking]
        row = [Entry(TITLES[ranking], quoted=True)]
        for wanted in columns:
            found = part[(part[list(wanted)] == pd.Series(wanted)).all(axis=1)]
            row.append(Entry(number(found.value.iloc[0]) if len(found) else "", quoted=True))
        rows.append(row)
    return rows
