"""AP@N divided by the number of relevant items among the first N, under ties.

The divisor depends on the order of ties only through the tie group that N cuts. Let a items precede that group, R of
them relevant, and let the group have n items, r of them relevant, of which m = N - a get a rank. Over all orders, the
number j of relevant items among those m is hypergeometric, and given j, the m items are in any order of their own. So
the expectation is a sum over j of the closed form for whole tie groups (see `s5vh.retrieval.ties`), and the extremes
are those over j with the j relevant items last or first among the m.
"""

from __future__ import annotations

from math import exp, lgamma

import numpy as np
from numba import njit


@njit(cache=True)
def _log_choose(n, k):
    return lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0)


@njit(cache=True)
def _group_gains(before, relevant_before, slots, relevant):
    """Sums of precision x relevance over `slots` ranks with `relevant` relevant items: lowest, mean, highest."""
    lowest, mean, highest = 0.0, 0.0, 0.0
    slope = (relevant - 1) / (slots - 1) if slots > 1 else 0.0
    for t in range(slots):
        rank = before + t + 1
        mean += relevant / slots * (relevant_before + 1 + t * slope) / rank
        if t < relevant:
            highest += (relevant_before + t + 1) / rank
        if t >= slots - relevant:
            lowest += (relevant_before + t - (slots - relevant) + 1) / rank
    return lowest, mean, highest


@njit(cache=True)
def average_over_hits(histogram, histogram_relevant, cutoffs):
    """AP@N with the number of relevant items among the first N as divisor, over all orders of the ties.

    Args:
        histogram: int [Q, K+1], items per distance.
        histogram_relevant: int [Q, K+1], relevant items per distance.
        cutoffs: increasing int [R], each at least 1.

    Returns:
        float64 [Q, R, 3]: lowest, expected and highest AP@N over all orders; 0 for an order without relevant items
        among the first N.
    """
    queries, distances = histogram.shape
    found = np.zeros((queries, cutoffs.size, 3))
    for q in range(queries):
        before, relevant_before, d = 0, 0, 0
        whole = np.zeros(3)  # sums over the groups that lie within the first N
        for i in range(cutoffs.size):
            while d < distances and before + histogram[q, d] <= cutoffs[i]:
                tied, relevant = histogram[q, d], histogram_relevant[q, d]
                gains = _group_gains(before, relevant_before, tied, relevant)
                for side in range(3):
                    whole[side] += gains[side]
                before += tied
                relevant_before += relevant
                d += 1
            slots, tied, relevant = 0, 0, 0
            if d < distances:
                slots, tied, relevant = cutoffs[i] - before, histogram[q, d], histogram_relevant[q, d]
            low, mean, high = np.inf, 0.0, 0.0
            for j in range(max(0, slots - (tied - relevant)), min(relevant, slots) + 1):
                hits = relevant_before + j
                if hits == 0:
                    low = 0.0
                    continue
                gains = _group_gains(before, relevant_before, slots, j)
                log_chance = _log_choose(relevant, j) + _log_choose(tied - relevant, slots - j)
                mean += exp(log_chance - _log_choose(tied, slots)) * (whole[1] + gains[1]) / hits
                low = min(low, (whole[0] + gains[0]) / hits)
                high = max(high, (whole[2] + gains[2]) / hits)
            found[q, i, 0], found[q, i, 1], found[q, i, 2] = low, mean, high
    return found
