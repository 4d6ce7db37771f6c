"""Queries with a near-duplicate in the database: any code finds it, so it raises every score.

Videos are compared by the cosine similarity of their time-averaged features, which a cut or a shift in time hardly
changes. Exact copies of features are found by `s5vh.data.overlap`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from s5vh.data.features import open_features
from s5vh.data.overlap import find_overlap
from s5vh.retrieval.given_order import unit_length
from s5vh.semantics.means import video_means

_QUERIES, _VIDEOS = 1024, 8192  # compared at a time
_ROUNDING = 1e-6  # of a cosine in float32, so that copies reach a level of 1


def near_duplicates(query_file: Path, database_file: Path, level: float) -> dict[str, Any]:
    """Queries whose most similar other database video has at least this cosine, JSON-serialisable.

    The query itself does not count: its own position if both files are the same, otherwise its first copy. A further
    copy does.

    Args:
        query_file, database_file: feature files.
        level: smallest cosine similarity of the video means of near-duplicates.

    Returns:
        "level", the number of "queries" with near-duplicates, and "pairs" of [query id, database id, cosine], the most
        similar video of each of them, by falling cosine.

    Raises:
        UserError: a missing or broken file, or invalid features.
    """
    with open_features(query_file) as queries, open_features(database_file) as database:
        same = query_file.resolve() == database_file.resolve()
        videos = video_means(database.feats)
        wanted = videos if same else video_means(queries.feats)
        itself = find_overlap(query_file, database_file).database_index
        position, cosine = most_similar(wanted, videos, itself)
        found = [row for row in np.argsort(-cosine, kind="stable") if cosine[row] >= level - _ROUNDING]
        pairs = [[queries.ids[row], database.ids[position[row]], round(float(cosine[row]), 6)] for row in found]
    return {"level": level, "queries": len(pairs), "pairs": pairs}


def most_similar(queries: np.ndarray, database: np.ndarray, leave_out: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The database vector with the largest cosine for each query, block by block.

    Args:
        queries: float [Q, D].
        database: float [M, D].
        leave_out: int [Q], the position that does not count for each query, -1 for none.

    Returns:
        Positions int64 [Q], the first of equal ones, and cosines float32 [Q], -inf where everything is left out. The
        cosine of a zero vector is 0.
    """
    queries, database = (unit_length(vectors).astype(np.float32) for vectors in (queries, database))
    position = np.zeros(len(queries), np.int64)
    cosine = np.full(len(queries), -np.inf, np.float32)
    for first in range(0, len(queries), _QUERIES):
        rows = slice(first, first + _QUERIES)
        for start in range(0, len(database), _VIDEOS):
            similarity = queries[rows] @ database[start : start + _VIDEOS].T
            own = leave_out[rows] - start
            (inside,) = np.nonzero((own >= 0) & (own < similarity.shape[1]))
            similarity[inside, own[inside]] = -np.inf
            best = similarity.argmax(axis=1)
            value = np.take_along_axis(similarity, best[:, None], axis=1)[:, 0]
            better = value > cosine[rows]
            cosine[rows] = np.where(better, value, cosine[rows])
            position[rows] = np.where(better, best + start, position[rows])
    return position, cosine
