"""Retrieval metrics of binary codes: mAP@N, GmAP, precision, recall and precision-recall curves.

Definitions. An item is relevant to a query if they share a class. AP@N = (1/Z) times the sum over ranks n <= N of
precision(n) x relevance(n), where Z is the protocol's denominator. mAP@N is the mean over *all* queries; queries
without relevant items count as 0 (also for precision and recall) and are reported. GmAP is the geometric mean of mAP@N
over the cut-offs (S5VH paper, equation 25 as used in its Table 2), 0 if any of them is 0. If a cut-off N exceeds the
database size, the missing ranks count as irrelevant and the denominator stays N, as in the released precision@N (the
released AP@N raises an index error); `cutoffs_beyond_database` lists such cut-offs. Precision within Hamming radius 2
is the share of relevant items among those at distance 2 or less; a query that has none there counts as 0 in one
reading, and is left out in the other.
"""

from __future__ import annotations

import numpy as np

from s5vh.base.errors import UserError
from s5vh.retrieval.codes import as_packed
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.ranking import Ranking, rank_blocks
from s5vh.retrieval.result import RADIUS, RetrievalResult, geometric_mean
from s5vh.retrieval.retrieved_relevant import average_over_hits
from s5vh.retrieval.ties import TIE_ORDERS, bounding_sums


def curve_ranks(size: int) -> np.ndarray:
    """About 200 ranks from 1 to `size`, half linearly and half logarithmically spaced (all ranks if few)."""
    spaced = np.concatenate([np.linspace(1, size, 100), np.geomspace(1, size, 120)])
    return np.unique(np.clip(np.rint(spaced), 1, size).astype(np.int64))


def evaluate(
    query_codes: np.ndarray,
    database_codes: np.ndarray,
    bits: int,
    query_labels: np.ndarray,
    database_labels: np.ndarray,
    protocol: Protocol | None = None,
    self_index: np.ndarray | None = None,
    *,
    curves: bool = True,
) -> RetrievalResult:
    """Score codes by Hamming retrieval.

    Args:
        query_codes: uint8 [Q, ceil(bits/8)] packed or int8 [Q, bits] in {-1, +1}.
        database_codes: likewise, [M, ...].
        bits: code length K.
        query_labels: multi-hot [Q, classes], entries 0 and 1.
        database_labels: multi-hot [M, classes].
        protocol: by default `Protocol()`.
        self_index: int [Q], the database position of each query, -1 for none; used if the protocol
            excludes the query itself. Without it, query i must be database item i.
        curves: whether to compute precision-recall curves.

    Raises:
        UserError: inconsistent counts, classes or bits, labels without any class, or a protocol that excludes the query
            although its database position is unknown.
    """
    protocol = protocol or Protocol()
    query = as_packed(query_codes, bits, "query codes")
    database = as_packed(database_codes, bits, "database codes")
    query_labels = _checked_labels(query_labels, len(query), "query")
    database_labels = _checked_labels(database_labels, len(database), "database")
    if query_labels.shape[1] != database_labels.shape[1]:
        raise UserError(
            f"labels: {query_labels.shape[1]} classes for the query but {database_labels.shape[1]} for the "
            "database; both need the same columns"
        )
    excluded = None
    if protocol.exclude_self:
        same = np.array_equal(query, database) and np.array_equal(query_labels, database_labels)
        excluded = _excluded(self_index, len(query), len(database), same)
    available = len(database) - int(excluded is not None and (excluded >= 0).any())
    ranks = curve_ranks(max(available, 1)) if curves else np.zeros(0, np.int64)
    ranked = TIE_ORDERS[protocol.ties].ranked
    totals = _Totals(protocol, len(query), len(database), bits, ranks)
    for block in rank_blocks(
        query,
        database,
        bits,
        max(protocol.cutoffs) if ranked else 0,
        query_labels=query_labels,
        database_labels=database_labels,
        self_index=excluded,
        ranks=ranks if ranked else None,
    ):
        totals.add(block)
    return totals.result([n for n in protocol.cutoffs if n > available], curves)


def quick_map(
    query_codes: np.ndarray,
    database_codes: np.ndarray,
    bits: int,
    query_labels: np.ndarray,
    database_labels: np.ndarray,
    protocol: Protocol | None = None,
    self_index: np.ndarray | None = None,
) -> dict[str, float]:
    """mAP@N and GmAP only, for periodic evaluation during training; arguments and errors as in `evaluate`.

    Returns:
        {"mAP@5": ..., ..., "GmAP": ...}.
    """
    result = evaluate(
        query_codes, database_codes, bits, query_labels, database_labels, protocol, self_index, curves=False
    )
    return {f"mAP@{n}": value for n, value in result.mean_ap.items()} | {"GmAP": result.gmap}


class _Totals:
    """Sums over the queries, filled block by block."""

    def __init__(self, protocol: Protocol, queries: int, database: int, bits: int, ranks: np.ndarray):
        self.protocol, self.bits, self.ranks = protocol, bits, ranks
        self.ties = TIE_ORDERS[protocol.ties]
        self.queries, self.database = queries, database
        self.ap = np.zeros((queries, len(protocol.cutoffs)))
        self.ap_bounds = np.zeros((*self.ap.shape, 2))
        self.precision = np.zeros(len(protocol.cutoffs))
        self.recall = np.zeros(len(protocol.cutoffs))
        self.without_relevant = 0
        self.within_precision, self.empty = 0.0, 0
        sums = ("precision", "recall", "retrieving", "hits", "retrieved")
        self.radius = {name: np.zeros(bits + 1) for name in sums}
        self.relevant = 0
        self.rank = {name: np.zeros(ranks.size) for name in ("precision", "recall")}

    def add(self, block: Ranking) -> None:
        cutoffs = np.array(self.protocol.cutoffs)
        relevant = block.histogram_relevant.sum(axis=1, dtype=np.int64)
        # Avoids 0 / 0 for queries without relevant items, which score 0.
        divisor = np.maximum(relevant, 1)
        self.relevant += int(relevant.sum())
        self.without_relevant += int((relevant == 0).sum())
        hits, gains = self.ties.gains(block, min(cutoffs[-1], self.database))
        at = np.minimum(cutoffs, hits.shape[1]) - 1
        hits, gains = np.cumsum(hits, axis=1)[:, at], np.cumsum(gains, axis=1)[:, at]
        rows = slice(block.start, block.stop)
        if self.protocol.denominator == "retrieved_relevant":
            over_orders = average_over_hits(block.histogram, block.histogram_relevant, cutoffs)
            self.ap_bounds[rows] = over_orders[:, :, ::2]
            # The expected ratio is not the ratio of expectations; in a given order there is nothing to average.
            self.ap[rows] = gains / np.maximum(hits, 1) if self.ties.ranked else over_orders[:, :, 1]
        else:
            denominator = {
                "retrieved": cutoffs[None, :],
                "relevant": divisor[:, None],
                "capped_relevant": np.minimum(cutoffs[None, :], divisor[:, None]),
            }[self.protocol.denominator]
            self.ap[rows] = gains / denominator
            bounds = bounding_sums(block.histogram, block.histogram_relevant, cutoffs)
            self.ap_bounds[rows] = bounds / denominator[:, :, None]
        within = block.histogram[:, : RADIUS + 1].sum(axis=1)
        self.within_precision += (block.histogram_relevant[:, : RADIUS + 1].sum(axis=1) / np.maximum(within, 1)).sum()
        self.empty += int((within == 0).sum())
        self.precision += (hits / cutoffs).sum(axis=0)
        self.recall += (hits / divisor[:, None]).sum(axis=0)
        if self.ranks.size:
            self._add_curves(block, divisor)

    def _add_curves(self, block: Ranking, divisor: np.ndarray) -> None:
        retrieved = np.cumsum(block.histogram, axis=1, dtype=np.int64)
        hits = np.cumsum(block.histogram_relevant, axis=1, dtype=np.int64)
        self.radius["precision"] += (hits / np.maximum(retrieved, 1)).sum(axis=0)
        self.radius["recall"] += (hits / divisor[:, None]).sum(axis=0)
        self.radius["retrieving"] += (retrieved > 0).sum(axis=0)
        self.radius["hits"] += hits.sum(axis=0)
        self.radius["retrieved"] += retrieved.sum(axis=0)
        found = self.ties.relevant_at(block, self.ranks)
        self.rank["precision"] += (found / self.ranks).sum(axis=0)
        self.rank["recall"] += (found / divisor[:, None]).sum(axis=0)

    def result(self, beyond: list[int], curves: bool) -> RetrievalResult:
        cutoffs, queries = self.protocol.cutoffs, self.queries
        mean_ap = self.ap.mean(axis=0)
        radius, rank = {}, {}
        if curves:
            retrieving, retrieved = self.radius["retrieving"], self.radius["retrieved"]
            undefined = np.where(retrieving > 0, 1.0, np.nan)
            radius = {
                "radius": np.arange(self.bits + 1),
                "precision": undefined * self.radius["precision"] / np.maximum(retrieving, 1),
                "recall": self.radius["recall"] / queries,
                "micro_precision": undefined * self.radius["hits"] / np.maximum(retrieved, 1),
                "micro_recall": self.radius["hits"] / max(self.relevant, 1),
                "retrieving": retrieving.astype(np.int64),
            }
            rank = {"rank": self.ranks} | {name: total / queries for name, total in self.rank.items()}
        return RetrievalResult(
            protocol=self.protocol,
            bits=self.bits,
            queries=queries,
            database=self.database,
            mean_ap={n: float(value) for n, value in zip(cutoffs, mean_ap, strict=True)},
            gmap=geometric_mean(mean_ap),
            precision={n: float(value) / queries for n, value in zip(cutoffs, self.precision, strict=True)},
            recall={n: float(value) / queries for n, value in zip(cutoffs, self.recall, strict=True)},
            radius_precision=float(self.within_precision / queries),
            radius_precision_retrieving=(
                float(self.within_precision / (queries - self.empty)) if self.empty < queries else np.nan
            ),
            queries_without_retrieved=self.empty,
            average_precision=self.ap,
            average_precision_bounds=self.ap_bounds,
            queries_without_relevant=self.without_relevant,
            cutoffs_beyond_database=beyond,
            pr_radius=radius,
            pr_rank=rank,
        )


def _checked_labels(labels: np.ndarray, videos: int, name: str) -> np.ndarray:
    labels = np.asarray(labels)
    if videos == 0:
        raise UserError(f"{name} codes: empty, nothing to evaluate")
    if labels.ndim != 2 or labels.shape[1] == 0:
        raise UserError(f"{name} labels: expected a multi-hot matrix [videos, classes], got shape {labels.shape}")
    if len(labels) != videos:
        raise UserError(f"{name}: {videos} codes but {len(labels)} rows of labels; they must be of the same videos")
    set_ = labels != 0
    if not np.array_equal(set_, labels):
        raise UserError(f"{name} labels: expected only 0 and 1; convert class indices to multi-hot rows")
    if not set_.any():
        raise UserError(f"{name} labels: all zero, so nothing can be relevant; check the label file")
    return set_


def _excluded(self_index: np.ndarray | None, queries: int, database: int, same: bool) -> np.ndarray:
    """Database position to exclude for each query, int64 [Q]."""
    if self_index is None:
        if not same:
            raise UserError(
                "protocol: exclude_self without self_index requires that queries and database are the same; "
                "provide the database position of every query (-1 for none), or set exclude_self to false"
            )
        return np.arange(queries)
    index = np.asarray(self_index)
    if index.shape != (queries,) or index.dtype.kind not in "iu":
        raise UserError(f"self_index: expected {queries} integers, got {index.dtype} of shape {index.shape}")
    if ((index < -1) | (index >= database)).any():
        raise UserError(f"self_index: positions must be between -1 and {database - 1}")
    return index.astype(np.int64)
