"""Label-free measures of how well codes preserve known correspondences.

Ties are averaged exactly over all their orders. N videos, K bits.
"""

from __future__ import annotations

import numpy as np

from s5vh.retrieval.codes import as_packed
from s5vh.retrieval.ranking import rank_blocks


def reciprocal_rank(queries: np.ndarray, database: np.ndarray) -> float:
    """Mean reciprocal rank of database item i in the Hamming ranking of query i.

    With c items closer and n equally far, including the item itself, its rank is uniform over c+1 .. c+n, so the
    expected reciprocal rank is (H(c+n) - H(c)) / n with the harmonic numbers H.

    Args:
        queries, database: int8 [N, K] in {-1, +1}.

    Returns:
        A number in (0, 1]; 1 if every item is strictly nearest to its query.
    """
    videos = len(queries)
    closer, tied = _closer_and_tied(queries, database, np.arange(videos)[:, None], exclude_self=False)
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, videos + 1))])
    return float(((harmonic[closer + tied] - harmonic[closer]) / tied).mean())


def neighbour_precision(codes: np.ndarray, neighbours: np.ndarray) -> float:
    """Fraction of given neighbours among the same number of nearest codes, excluding the video itself.

    Args:
        codes: int8 [N, K] in {-1, +1}.
        neighbours: int [N, n], n distinct other videos for each.

    Returns:
        A number in [0, 1].
    """
    closer, tied = _closer_and_tied(codes, codes, neighbours, exclude_self=True)
    return float(np.clip((neighbours.shape[1] - closer) / tied, 0, 1).mean())


def cosine_neighbours(vectors: np.ndarray, count: int) -> np.ndarray:
    """The `count` most similar other vectors by cosine, most similar first: [N, D] to int64 [N, count]."""
    from sklearn.neighbors import NearestNeighbors

    # Without an argument, `kneighbors` queries the fitted vectors and excludes each from its own neighbours.
    return NearestNeighbors(n_neighbors=count, metric="cosine").fit(vectors).kneighbors(return_distance=False)


def _closer_and_tied(
    queries: np.ndarray, database: np.ndarray, items: np.ndarray, *, exclude_self: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of database items closer to query i than items[i, j], and tied with it (including it): int64 [N, n]."""
    bits = queries.shape[1]
    distances = np.stack([(queries != database[column]).sum(axis=1) for column in items.T], axis=1)
    packed = as_packed(queries, bits, "query codes"), as_packed(database, bits, "database codes")
    itself = np.arange(len(queries)) if exclude_self else None
    blocks = [block.histogram for block in rank_blocks(*packed, bits, 0, self_index=itself)]
    histogram = np.concatenate(blocks).astype(np.int64)
    tied = np.take_along_axis(histogram, distances, axis=1)
    return np.take_along_axis(np.cumsum(histogram, axis=1), distances, axis=1) - tied, tied
