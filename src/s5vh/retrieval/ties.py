"""What a ranking gains at each rank: in the stable order, in expectation over every order of the ties, and at most.

Codes of K bits have K + 1 distances, so most of a ranking is tied and the order inside a tie is an accident
of storage. In expectation over all orders of a tie group of n items, r of them relevant, that starts after
a items, R of them relevant, the item at rank a + t (t = 1..n) is relevant with probability r/n, and given
that, R + 1 + (t - 1)(r - 1)/(n - 1) relevant items are expected among the first a + t. The product, divided
by the rank, is the exact expectation of precision x relevance there. (Closed form as in McSherry and
Najork, ECIR 2008.)

The sum of these gains over the first N ranks is smallest when every tie group has its relevant items last and largest
when it has them first: exchanging a relevant item with the irrelevant one just before it changes no other gain and
raises its own, from 0 where it stood beyond rank N. So one order is the worst for every N at once and one is the best,
also where N cuts a group.
"""

from __future__ import annotations

import numpy as np
from numba import njit


def stable_gains(relevant: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gains along a given order.

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
        `hits` float64 [Q, top], probability that the rank holds a relevant item; `gains` float64 [Q, top],
        expectation of precision x relevance there; both 0 beyond the last item.
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
    """Sums of the gains along the worst and along the best order of the ties.

    Args:
        histogram, histogram_relevant: int [Q, K+1], as above.
        cutoffs: increasing int [R], each at least 1.

    Returns:
        float64 [Q, R, 2], the smallest and the largest sum of precision x relevance over the first `cutoffs[i]` ranks
        that any order gives.
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
        sums[q, i:, 0], sums[q, i:, 1] = lowest, highest  # ranks beyond the last item hold nothing
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
