"""Read the protocol study, for its table, its figure and the report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from s5vh.base.errors import UserError
from s5vh.base.files import read_json
from s5vh.config.grid import Run
from s5vh.reporting import inputs
from s5vh.reporting.collect import CELL
from s5vh.reporting.words import kinds

_TIES = ["expected", "lowest", "highest", "stored", "smallest", "largest", "deviation"]
_ORDERS = "random_orders"
_SELF_MATCH = ["with_itself", "without_itself"]


def read_study(run: Run, results: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Effect of ties and self-matches on the scores, one row per data set, method, code length and metric.

    Returns:
        Ties: dataset, method, bits, seed, metric, and the score over all orders of ties (`lowest`, `expected`,
        `highest`), in stored database order (`stored`) and over random database orders (`smallest`, `largest`,
        `deviation`, and the list of all of them, `random_orders`).
        Self-match: dataset, method, bits, seed, protocol, metric, `with_itself`, `without_itself`.

    Raises:
        UserError: a missing or broken file.
    """
    frames = []
    for key, columns in (
        ("ties", [*CELL, "metric", *_TIES, _ORDERS]),
        ("self_match", [*CELL, "protocol", "metric", *_SELF_MATCH]),
    ):
        rows = [row for path in inputs.protocol(run, results) for row in _rows(path, key, columns)]
        frames.append(pd.DataFrame(rows, columns=columns))
    ties, self_match = frames
    if absent := [name for name in run.config.protocols if len(self_match) and name not in set(self_match.protocol)]:
        raise UserError(f"protocol study: no scores for protocol '{absent[0]}'; run the workflow again")
    return ties, self_match


@dataclass(frozen=True)
class NearDuplicates:
    """Near-duplicates of the queries of a data set.

    Attributes:
        path: file of the study, which has all pairs.
        level: smallest cosine similarity of near-duplicates.
        of, queries: numbers of queries, and of those that have a near-duplicate.
        pairs: [query id, database id, cosine] of each of them, by falling cosine.
    """

    path: Path
    level: float
    of: int
    queries: int
    pairs: list[tuple[str, str, float]]


def read_near_duplicates(run: Run, results: Path) -> dict[str, NearDuplicates]:
    """Near-duplicates by data set, for all that the protocol study was made for; a broken file raises `UserError`."""
    scored = run.scored
    found = {}
    for dataset, path in zip(scored.datasets, inputs.protocol(scored, results), strict=False):
        study = read_json(path)
        try:
            near = study["near_duplicates"]
            pairs = [(str(query), str(video), float(cosine)) for query, video, cosine in near["pairs"]]
            found[dataset] = NearDuplicates(path, float(near["level"]), study["queries"], near["queries"], pairs)
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(
                f"{path}: not a protocol study (near-duplicates: {error}); delete it and run the workflow again"
            ) from None
    return found


def _rows(path: Path, key: str, columns: list[str]) -> list[dict[str, Any]]:
    study = read_json(path)
    rows = study.get(key) if isinstance(study, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) and set(columns) <= set(row) for row in rows):
        raise UserError(f"{path}: not a protocol study (incomplete '{key}'); delete it and run the workflow again")
    return rows


def shown_metrics(metrics: pd.Series) -> list[str]:
    """GmAP, and mAP@N for the smallest N, if present."""
    return ["GmAP", *[metric for metric in dict.fromkeys(metrics) if metric != "GmAP"][:1]]


def tidy(ties: pd.DataFrame, self_match: pd.DataFrame) -> pd.DataFrame:
    """One row per number: dataset, data, method, bits, seed, study, protocol ("" for ties), metric, quantity, value."""
    keys = [*CELL, "study", "protocol", "metric"]
    ties = ties.assign(study="ties", protocol="")
    data = pd.concat(
        [
            ties.melt(keys, _TIES, "quantity"),
            ties.explode(_ORDERS).melt(keys, [_ORDERS], "quantity").replace({"quantity": {_ORDERS: "random_order"}}),
            self_match.assign(study="self-match").melt(keys, _SELF_MATCH, "quantity"),
        ],
        ignore_index=True,
    )
    data.insert(1, "data", kinds(data.dataset))
    return data
