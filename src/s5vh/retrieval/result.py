"""Scores of one set of codes under one protocol; `s5vh.retrieval.metrics` has the definitions and computes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from s5vh.retrieval.protocol import Protocol

RADIUS = 2  # Hamming radius of the precision that papers on hashing print


@dataclass(frozen=True)
class RetrievalResult:
    """Scores of one set of codes, as fractions in [0, 1].

    Attributes:
        protocol: the protocol under which they were computed.
        bits, queries, database: code length and numbers of videos.
        mean_ap: mAP@N by cut-off N.
        gmap: their geometric mean.
        precision, recall: means over queries by cut-off N.
        radius_precision: precision within Hamming radius `RADIUS`, mean over all queries; those that retrieve nothing
            within it count as 0.
        radius_precision_retrieving: the same over the queries that retrieve anything; NaN if none does.
        queries_without_retrieved: number of queries that retrieve nothing within the radius.
        average_precision: float64 [Q, cut-offs], AP@N of every query.
        average_precision_bounds: float64 [Q, cut-offs, 2], minimum and maximum AP@N over all orders of ties, regardless
            of the protocol's own tie order.
        queries_without_relevant: number of queries without relevant items in the database.
        cutoffs_beyond_database: cut-offs larger than the number of items a query can retrieve.
        pr_radius: curve over the Hamming radius, arrays of length K+1: `radius` 0..K; `precision`, mean
            over the queries that retrieve anything within it (NaN if none does), `recall`, mean over all
            queries; `micro_precision` and `micro_recall`, the same pooled over all pairs; `retrieving`, the
            number of queries that retrieve anything.
        pr_rank: curve over the rank, in the protocol's tie order: `rank`, `precision`, `recall` (means over
            all queries).
        Both curves are empty if not requested.
    """

    protocol: Protocol
    bits: int
    queries: int
    database: int
    mean_ap: dict[int, float]
    gmap: float
    precision: dict[int, float]
    recall: dict[int, float]
    radius_precision: float
    radius_precision_retrieving: float
    queries_without_retrieved: int
    average_precision: np.ndarray
    average_precision_bounds: np.ndarray
    queries_without_relevant: int
    cutoffs_beyond_database: list[int]
    pr_radius: dict[str, np.ndarray]
    pr_rank: dict[str, np.ndarray]

    @property
    def tie_bounds(self) -> dict[str, Any]:
        """Minimum and maximum score over all orders of ties: "mAP" by cut-off N, and "GmAP", each (low, high).

        The worst (or best) order of each query is the same for all cut-offs, so the bounds on the means are attained by
        a sort that may order ties differently for each query. With denominator "retrieved_relevant" it may differ
        between cut-offs, so that the bounds on GmAP need not be attained.
        """
        means = self.average_precision_bounds.mean(axis=0)
        return {
            "mAP": {n: (float(low), float(high)) for n, (low, high) in zip(self.mean_ap, means, strict=True)},
            "GmAP": (geometric_mean(means[:, 0]), geometric_mean(means[:, 1])),
        }

    def summary(self) -> dict[str, Any]:
        """JSON-serialisable scores with their protocol, for `metrics.json`, without curves and per-query scores."""
        found = self.radius_precision_retrieving
        return {
            "protocol": self.protocol.as_dict(),
            "bits": self.bits,
            "queries": self.queries,
            "database": self.database,
            "mAP": {str(n): value for n, value in self.mean_ap.items()},
            "GmAP": self.gmap,
            "tie_bounds": {
                "mAP": {str(n): list(bounds) for n, bounds in self.tie_bounds["mAP"].items()},
                "GmAP": list(self.tie_bounds["GmAP"]),
            },
            "precision": {str(n): value for n, value in self.precision.items()},
            "recall": {str(n): value for n, value in self.recall.items()},
            "hamming_radius": {
                "radius": RADIUS,
                "precision": self.radius_precision,
                "precision_retrieving": None if np.isnan(found) else found,
                "queries_without_retrieved": self.queries_without_retrieved,
            },
            "queries_without_relevant": self.queries_without_relevant,
            "cutoffs_beyond_database": self.cutoffs_beyond_database,
        }

    def pr_rows(self) -> list[dict[str, Any]]:
        """Rows of `pr.csv`: `curve`, `at` (radius or rank), `precision` (None if undefined), `recall`."""
        curves = (
            ("radius", self.pr_radius, "radius", ""),
            ("radius_micro", self.pr_radius, "radius", "micro_"),
            ("rank", self.pr_rank, "rank", ""),
        )
        rows = []
        for name, curve, axis, prefix in curves:
            if not curve:
                continue
            points = zip(curve[axis], curve[prefix + "precision"], curve[prefix + "recall"], strict=True)
            for at, precision, recall in points:
                defined = None if np.isnan(precision) else float(precision)
                rows.append({"curve": name, "at": int(at), "precision": defined, "recall": float(recall)})
        return rows


def geometric_mean(values: np.ndarray) -> float:
    """Geometric mean of non-negative values; 0 when one of them is 0."""
    values = np.asarray(values, np.float64)
    return 0.0 if (values == 0).any() else float(np.exp(np.log(values).mean()))
