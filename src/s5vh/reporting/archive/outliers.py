"""Videos whose codes are far from all others."""

from __future__ import annotations

import numpy as np

from s5vh.search.nearest import nearest

NEIGHBOURS = 5
_QUERIES = 4096  # codes whose neighbours are looked for at once


def outliers(codes: np.ndarray, bits: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes with the largest mean Hamming distance to their `NEIGHBOURS` nearest others.

    As in S. Ramaswamy, R. Rastogi, K. Shim, "Efficient algorithms for mining outliers from large data sets", SIGMOD
    2000, but with the mean of the distances to k neighbours rather than the k-th, which ties less often.

    Args:
        codes: uint8 [N, ceil(bits/8)], packed.
        bits: code length K.
        count: of codes to find; none are found among fewer than twice as many, or where all are equal.

    Returns:
        Positions int64 [n], farthest first, ties by position, and these means, float64 [n].
    """
    if len(codes) < 2 * count:
        return np.empty(0, np.int64), np.empty(0)
    means = np.empty(len(codes))
    for start in range(0, len(codes), _QUERIES):
        block = codes[start : start + _QUERIES]
        itself = np.arange(start, start + len(block))
        _, distances = nearest(block, codes, bits, min(NEIGHBOURS, len(codes) - 1), itself)
        means[itself] = distances.mean(axis=1)
    order = np.argsort(-means, kind="stable")[:count]
    order = order[means[order] > 0]
    return order, means[order]
