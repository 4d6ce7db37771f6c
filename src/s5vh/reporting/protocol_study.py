"""Read the protocol study, for its table and its figure."""

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
