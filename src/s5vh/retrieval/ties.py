"""Gains (precision x relevance) at each rank under ties: in stable order, in expectation, and their bounds.

Codes of K bits have only K + 1 distances, so most of a ranking is tied and the order within a tie group is an accident
of storage. Consider a tie group of n items, r of them relevant, preceded by a items, R of them relevant. Over all
orders of the group, the item at rank a + t (t = 1..n) is relevant with probability r/n, and given that, the expected
number of relevant items among the first a + t is R + 1 + (t - 1)(r - 1)/(n - 1). The product, divided by the rank, is
the exact expectation of precision x relevance at that rank (closed form as in McSherry and Najork, ECIR 2008).

The sum of gains over the first N ranks is minimal if every tie group has its relevant items last, and maximal if it has
them first: swapping a relevant item with the irrelevant one just before it increases its own gain (from 0 if it was
beyond rank N) and changes no other. Hence the same order is the worst, or the best, for all N, even if N falls inside a
group.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numba import njit

from s5vh.retrieval.ranking import Ranking


def stable_gains(relevant: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gains for a given order.

    Args:
        relevant: bool [Q, n], relevance per rank.

    Returns:
        `hits` float64 [Q, n], 1 where relevant; `gains` float64 [Q, n], precision at the rank where relevant.
    """
    hits = relevant.astype(np.float64)
    return hits, hits * np.cumsum(hits, axis=1) / np.arange(1, relevant.shape[1] + 1)


@njit(cache=True)
def expected_gains(histogram, histogram_relevant, top):
    """Expected gains over all orders of the ties.

    Args:
        histogram: int [Q, K+1], items per distance.
        histogram_relevant: int [Q, K+1], relevant items per distance.
        top: number of ranks.

    Returns:
        `hits` float64 [Q, top], probability that the item at this rank is relevant; `gains` float64 [Q, top],
        expectation of precision x relevance at this rank; both 0 beyond the last item.
    """
    queries, distances = histogram.shape
    hits = np.zeros((queries, top))
    gains = np.zeros((queries, top))
    for q in range(queries):
        before, relevant_before = 0, 0
        for d in range(distances):
            if before >= top:
                break
            tied, relevant = histogram[q, d], histogram_relevant[q, d]
            if relevant > 0:
                chance = relevant / tied
                slope = (relevant - 1) / (tied - 1) if tied > 1 else 0.0
                for t in range(min(tied, top - before)):
                    hits[q, before + t] = chance
                    gains[q, before + t] = chance * (relevant_before + 1 + t * slope) / (before + t + 1)
            before += tied
            relevant_before += relevant
    return hits, gains


@njit(cache=True)
def bounding_sums(histogram, histogram_relevant, cutoffs):
    """Sums of gains for the worst and the best order of ties.

    Args:
        histogram, histogram_relevant: int [Q, K+1], as above.
        cutoffs: increasing int [R], each at least 1.

    Returns:
        float64 [Q, R, 2], minimum and maximum over all orders of the sum of precision x relevance over the first
        `cutoffs[i]` ranks.
    """
    queries, distances = histogram.shape
    sums = np.zeros((queries, cutoffs.size, 2))
    for q in range(queries):
        before, relevant_before, i = 0, 0, 0
        lowest, highest = 0.0, 0.0
        for d in range(distances):
            if i == cutoffs.size:
                break
            tied, relevant = histogram[q, d], histogram_relevant[q, d]
            irrelevant = tied - relevant
            for t in range(min(tied, cutoffs[-1] - before)):
                rank = before + t + 1
                if t < relevant:
                    highest += (relevant_before + t + 1) / rank
                if t >= irrelevant:
                    lowest += (relevant_before + t - irrelevant + 1) / rank
                if rank == cutoffs[i]:
                    sums[q, i, 0], sums[q, i, 1] = lowest, highest
                    i += 1
            before += tied
            relevant_before += relevant
        sums[q, i:, 0], sums[q, i:, 1] = lowest, highest  # cut-offs beyond the last item
    return sums


@njit(cache=True)
def expected_relevant_at(histogram, histogram_relevant, ranks):
    """Expected number of relevant items among the first `ranks[i]`, over all orders of the ties.

    Args:
        histogram, histogram_relevant: int [Q, K+1], as above.
        ranks: increasing int [R], each at least 1.

    Returns:
        float64 [Q, R].
    """
    queries, distances = histogram.shape
    expected = np.zeros((queries, ranks.size))
    for q in range(queries):
        before, relevant_before, d = 0, 0, 0
        for i in range(ranks.size):
            while d < distances and before + histogram[q, d] < ranks[i]:
                before += histogram[q, d]
                relevant_before += histogram_relevant[q, d]
                d += 1
            expected[q, i] = relevant_before
            if d < distances:
                expected[q, i] += histogram_relevant[q, d] * (ranks[i] - before) / histogram[q, d]
    return expected


class TieOrder(Protocol):
    """How ties are handled, one implementation for each value of `Protocol.ties`."""

    ranked: bool  # whether an explicit ranking is needed, rather than only the number of items per distance

    def gains(self, block: Ranking, top: int) -> tuple[np.ndarray, np.ndarray]:
        """`hits` and `gains` of the first `top` ranks, float64 [Q, top] each; see `expected_gains`."""

    def relevant_at(self, block: Ranking, ranks: np.ndarray) -> np.ndarray:
        """Relevant items among the first `ranks[i]`, [Q, R]."""


class _Stable:
    ranked = True

    def gains(self, block: Ranking, top: int) -> tuple[np.ndarray, np.ndarray]:
        return stable_gains(block.relevant)

    def relevant_at(self, block: Ranking, ranks: np.ndarray) -> np.ndarray:
        return block.relevant_at


class _Expected:
    ranked = False

    def gains(self, block: Ranking, top: int) -> tuple[np.ndarray, np.ndarray]:
        return expected_gains(block.histogram, block.histogram_relevant, top)

    def relevant_at(self, block: Ranking, ranks: np.ndarray) -> np.ndarray:
        return expected_relevant_at(block.histogram, block.histogram_relevant, ranks)


TIE_ORDERS: dict[str, TieOrder] = {"stable": _Stable(), "expected": _Expected()}
