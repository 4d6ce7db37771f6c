"""Reads the study of the protocol, for its table and its figure."""

from __future__ import annotations

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
    """What ties and self-matches do to the scores, one row a data set, method, code length and metric.

    Returns:
        Ties: dataset, method, bits, seed, metric, and the score with equal distances in any order (`lowest`,
        `expected`, `highest`), as the database is stored (`stored`) and in random orders of the database (`smallest`,
        `largest`, `deviation`, and all of them as a list, `random_orders`).
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
        raise UserError(f"study of the protocol: no scores of protocol '{absent[0]}'; run the workflow again")
    return ties, self_match


def _rows(path: Path, key: str, columns: list[str]) -> list[dict[str, Any]]:
    study = read_json(path)
    rows = study.get(key) if isinstance(study, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) and set(columns) <= set(row) for row in rows):
        raise UserError(f"{path}: no study of the protocol (no complete '{key}'); delete it and run the workflow again")
    return rows


def shown_metrics(metrics: pd.Series) -> list[str]:
    """GmAP, and mAP at the smallest N, of the metrics that a study has."""
    return ["GmAP", *[metric for metric in dict.fromkeys(metrics) if metric != "GmAP"][:1]]


def tidy(ties: pd.DataFrame, self_match: pd.DataFrame) -> pd.DataFrame:
    """A row a number: dataset, data, method, bits, seed, study, protocol (none for ties), metric, quantity, value."""
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
