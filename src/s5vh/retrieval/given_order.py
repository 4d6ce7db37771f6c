"""mAP@N of rankings that are given as an order instead of as codes: by real-valued vectors, or perfect."""

from __future__ import annotations

import numpy as np

_BLOCK = 2**25  # similarities in memory at a time


def mean_ap_of_order(relevant: np.ndarray, total: np.ndarray, cutoffs: tuple[int, ...], denominator: str) -> np.ndarray:
    """mAP@N of given rankings; definitions as in `s5vh.retrieval.metrics`.

    Args:
        relevant: bool [Q, n], relevance of the first n items of each ranking; items beyond n are not relevant, so n may
            be less than a cut-off only if the database is that small.
        total: int [Q], relevant items in the database.
        cutoffs: the N.
        denominator: see `Protocol`.

    Returns:
        float64 [cut-offs].
    """
    hits = np.cumsum(relevant, axis=1, dtype=np.int64)
    gains = np.cumsum(relevant * hits / np.arange(1, relevant.shape[1] + 1), axis=1)
    found = []
    for n in cutoffs:
        last = min(n, relevant.shape[1]) - 1
        divisor = {
            "retrieved": np.full(len(total), n),
            "relevant": total,
            "capped_relevant": np.minimum(total, n),
            "retrieved_relevant": hits[:, last],
        }[denominator]
        found.append((gains[:, last] / np.maximum(divisor, 1)).mean())
    return np.array(found)


def perfect_order(total: np.ndarray, top: int) -> np.ndarray:
    """Relevance bool [Q, top] of the rankings that have all `total` int [Q] relevant items first."""
    return np.arange(top) < total[:, None]


def order_by_similarity(
    query: np.ndarray, database: np.ndarray, top: int, excluded: np.ndarray | None = None
) -> np.ndarray:
    """The `top` database videos with the largest cosine similarity; ties in database order, up to rounding.

    Args:
        query: float32 [Q, D]; rows of length 1 or 0.
        database: likewise, [M, D].
        top: number of videos, at most M.
        excluded: int [Q], database position that is last in the query's ranking, -1 for none.

    Returns:
        int64 [Q, top].
    """
    found = np.empty((len(query), top), np.int64)
    rows = max(1, _BLOCK // len(database))
    for start in range(0, len(query), rows):
        some = slice(start, start + rows)
        found[some] = largest(query[some] @ database.T, top, None if excluded is None else excluded[some])
    return found


def largest(similarity: np.ndarray, top: int, excluded: np.ndarray | None = None) -> np.ndarray:
    """Places of the `top` largest values of every row, int64 [Q, top]; ties in the order of the columns.

    Args:
        similarity: float32 [Q, M]; what is excluded is overwritten.
        top: number of places, at most M.
        excluded: int [Q], the place of a row that comes last, -1 for none.
    """
    found = np.empty((len(similarity), top), np.int64)
    rows = max(1, _BLOCK // similarity.shape[1])
    for start in range(0, len(similarity), rows):
        block = similarity[start : start + rows]
        if excluded is not None:
            places = excluded[start : start + rows]
            block[np.flatnonzero(places >= 0), places[places >= 0]] = -np.inf
        nearest = np.argpartition(-block, top - 1, axis=1)[:, :top]
        nearest.sort(axis=1)
        order = np.argsort(-np.take_along_axis(block, nearest, axis=1), axis=1, kind="stable")
        found[start : start + rows] = np.take_along_axis(nearest, order, axis=1)
    return found


def unit_length(vectors: np.ndarray) -> np.ndarray:
    """Rows [N, D] divided by their Euclidean length; zero rows stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)
