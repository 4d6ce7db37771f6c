"""How often a relevant video is ranked before an irrelevant one, among the videos of the query's own group.

This is the area under the ROC curve of each query, with ties counted as half: 0.5 for random codes and 1 for a perfect
ranking, whatever the number of relevant videos. Q queries, M database videos, G groups.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np


def concordance(
    query: np.ndarray, database: np.ndarray, query_relevance: np.ndarray, database_relevance: np.ndarray,
    query_groups: np.ndarray, database_groups: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Concordance of every query by the cosine similarity of vectors.

    Args:
        query: float or int [Q, D]; for codes in {-1, +1}, cosine similarity orders videos as Hamming distance does.
        database: likewise, [M, D].
        query_relevance: multi-hot [Q, C]; a database video is relevant if it shares a column.
        database_relevance: multi-hot [M, C]; rows without any 1 are left out, as are such queries.
        query_groups: multi-hot [Q, G]; only database videos that share a group with the query are ranked.
        database_groups: multi-hot [M, G].

    Returns:
        float64 [Q], NaN for queries that are left out or have no relevant or no irrelevant video in their group.
    """
    found = np.full(len(query), np.nan)
    taking_part = (database_relevance != 0).any(axis=1)
    for rows, columns in _groups(query_groups, database_groups):
        rows = rows[(query_relevance[rows] != 0).any(axis=1)]
        columns = columns[taking_part[columns]]
        relevant = (query_relevance[rows].astype(np.int64) @ database_relevance[columns].astype(np.int64).T) > 0
        found[rows] = _areas(_cosine(query[rows], database[columns]), relevant)
    return found


def _groups(query_groups: np.ndarray, database_groups: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each set of groups that occurs: its queries, and the database videos that share one of these groups."""
    sets, of_query = np.unique(query_groups != 0, axis=0, return_inverse=True)
    for number, groups in enumerate(sets):
        yield np.flatnonzero(of_query.ravel() == number), np.flatnonzero((database_groups[:, groups] != 0).any(axis=1))


def _cosine(query: np.ndarray, database: np.ndarray) -> np.ndarray:
    """Cosine similarities [Q, M], 0 for zero vectors; exact products for codes, so that equal distances are ties."""
    if query.dtype.kind == "i":
        return query.astype(np.float32) @ database.astype(np.float32).T
    mine, theirs = (np.linalg.norm(rows, axis=1) for rows in (query, database))
    return (query @ database.T) / (np.where(mine > 0, mine, 1)[:, None] * np.where(theirs > 0, theirs, 1))


def _areas(similarity: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Area under the ROC curve of each row [Q, M], from the rank sum of the relevant items (Mann and Whitney, 1947)."""
    from scipy.stats import rankdata

    if similarity.size == 0:
        return np.full(len(similarity), np.nan)
    ranks = rankdata(similarity, axis=1)
    hits, misses = relevant.sum(axis=1), (~relevant).sum(axis=1)
    above = (ranks * relevant).sum(axis=1) - hits * (hits + 1) / 2
    return np.where((hits > 0) & (misses > 0), above / np.maximum(hits * misses, 1), np.nan)
