"""Everything that is known of codes without features or a model: what `metrics.json` and `pr.csv` say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s5vh.data.aspects import Aspect
from s5vh.retrieval.codes import code_statistics
from s5vh.retrieval.metrics import evaluate
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.result import RetrievalResult
from s5vh.retrieval.uncertainty import score_intervals
from s5vh.studies.aspect_scores import aspect_scores

PR_COLUMNS = ("protocol", "curve", "position", "precision", "recall")


@dataclass(frozen=True)
class Scores:
    """Scores of one set of codes under several protocols.

    Attributes:
        protocols: by name, settings, scores and intervals, as in `metrics.json`.
        aspects: see `aspect_scores`.
        curves: rows of `pr.csv`, with the columns `PR_COLUMNS`.
        results: the same scores, with those of every query.
    """

    protocols: dict[str, dict[str, Any]]
    aspects: dict[str, Any]
    curves: list[dict[str, Any]]
    results: dict[str, RetrievalResult]


def score_codes(
    query_codes: np.ndarray,
    database_codes: np.ndarray,
    bits: int,
    query_labels: np.ndarray,
    database_labels: np.ndarray,
    protocols: Mapping[str, Protocol],
    self_index: np.ndarray,
    aspects: Sequence[Aspect] = (),
) -> Scores:
    """Score codes under every protocol.

    Args:
        query_codes: int8 [Q, K] in {-1, +1}.
        database_codes: likewise, [M, K].
        bits: code length K.
        query_labels: multi-hot [Q, classes].
        database_labels: multi-hot [M, classes].
        protocols: by name.
        self_index: int [Q], database position of each query, -1 for none.
        aspects: groupings of the classes.

    Raises:
        UserError: as `evaluate`.
    """
    labels = query_labels, database_labels
    results = {
        name: evaluate(query_codes, database_codes, bits, *labels, protocol, self_index)
        for name, protocol in protocols.items()
    }
    intervals = score_intervals(results) if results else {}
    told: dict[str, dict[str, Any]] = {}
    curves: list[dict[str, Any]] = []
    for name, result in results.items():
        scores = result.summary() | {"interval": intervals[name]}
        told[name] = {"settings": scores.pop("protocol")} | scores
        curves += [{"protocol": name, "position": row.pop("at")} | row for row in result.pr_rows()]
    grouped = aspect_scores(query_codes, database_codes, bits, *labels, aspects, protocols, self_index)
    return Scores(told, grouped, curves, results)


def plain_statistics(codes: np.ndarray) -> dict[str, Any]:
    """Statistics of codes int8 [N, K] without the correlation matrix, which is cheap to recompute from the codes."""
    statistics = code_statistics(codes)
    del statistics["correlation"]
    statistics["bit_balance"] = statistics["bit_balance"].tolist()
    return {"videos": len(codes)} | statistics
