"""Scores of codes by aspects of the classes, for `metrics.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from s5vh.data.aspects import Aspect, members_by_aspect
from s5vh.retrieval.concordance import concordance
from s5vh.retrieval.metrics import evaluate
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.uncertainty import percentiles, resampled_means, score_intervals


def aspect_scores(
    query_codes: np.ndarray,
    database_codes: np.ndarray,
    bits: int,
    query_labels: np.ndarray,
    database_labels: np.ndarray,
    aspects: Sequence[Aspect],
    protocols: Mapping[str, Protocol],
    self_index: np.ndarray | None = None,
) -> dict[str, Any]:
    """Scores by aspect.

    Args:
        query_codes: int8 [Q, K] in {-1, +1}.
        database_codes: likewise, [M, K].
        bits: code length K.
        query_labels: multi-hot [Q, classes].
        database_labels: multi-hot [M, classes].
        aspects: groupings of the classes.
        protocols: evaluation protocols by name.
        self_index: see `evaluate`.

    Returns:
        By name of the aspect, if queries and database have members of it: `protocols`, by protocol mAP, GmAP and their
        `interval` over queries, as for the labels themselves; or, for an aspect within another one, `concordance` and
        its `interval`, [low, high] or None.
    """
    found: dict[str, Any] = {}
    members = members_by_aspect(aspects, query_labels, database_labels)
    for aspect in aspects:
        if aspect.name not in members:
            continue
        if aspect.within:
            labels = (*members[aspect.name], *members[aspect.within])
            found[aspect.name] = _summary(concordance(query_codes, database_codes, *labels))
            continue
        results = {
            name: evaluate(query_codes, database_codes, bits, *members[aspect.name], protocol, self_index, curves=False)
            for name, protocol in protocols.items()
        }
        intervals = score_intervals(results)
        found[aspect.name] = {
            "protocols": {
                name: {
                    "mAP": {str(n): value for n, value in result.mean_ap.items()},
                    "GmAP": result.gmap,
                    "interval": intervals[name],
                }
                for name, result in results.items()
            }
        }
    return found


def _summary(values: np.ndarray) -> dict[str, Any]:
    values = values[~np.isnan(values)]
    if len(values) < 2:
        return {"concordance": float(values.mean()) if len(values) else None, "interval": None}
    low, high = percentiles(resampled_means(values[:, None]))
    return {"concordance": float(values.mean()), "interval": [float(low[0]), float(high[0])]}
