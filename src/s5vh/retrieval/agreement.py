"""Whether codes find what is known to belong together, for which no labels are needed.

Equal distances count as the exact mean over all their orders. N videos, K bits.
"""

from __future__ import annotations

import numpy as np

from s5vh.retrieval.codes import as_packed
from s5vh.retrieval.ranking import rank_blocks


def reciprocal_rank(queries: np.ndarray, database: np.ndarray) -> float:
    """Mean reciprocal rank of database item i in the Hamming ranking of query i.

    With c items closer and n equally far, the item itself among them, its rank is c+1 .. c+n with equal chance, so the
    expected reciprocal rank is (H(c+n) - H(c)) / n with the harmonic numbers H.

    Args:
        queries, database: int8 [N, K] in {-1, +1}.

    Returns:
        A number in (0, 1]; 1 when every item is strictly nearest to its query.
    """
    videos = len(queries)
    closer, tied = _before_and_beside(queries, database, np.arange(videos)[:, None], exclude_self=False)
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, videos + 1))])
    return float(((harmonic[closer + tied] - harmonic[closer]) / tied).mean())


def neighbour_precision(codes: np.ndarray, neighbours: np.ndarray) -> float:
    """Share of given neighbours among as many nearest codes, the video itself left out.

    Args:
        codes: int8 [N, K] in {-1, +1}.
        neighbours: int [N, n], n different other videos for each.

    Returns:
        A number in [0, 1].
    """
    closer, tied = _before_and_beside(codes, codes, neighbours, exclude_self=True)
    return float(np.clip((neighbours.shape[1] - closer) / tied, 0, 1).mean())


def cosine_neighbours(vectors: np.ndarray, count: int) -> np.ndarray:
    """The `count` most similar other vectors by cosine: [N, D] to int64 [N, count], the most similar first."""
    from sklearn.neighbors import NearestNeighbors

    # Asked about no vectors in particular, scikit-learn answers for its own and leaves each one out of its answer.
    return NearestNeighbors(n_neighbors=count, metric="cosine").fit(vectors).kneighbors(return_distance=False)


def _before_and_beside(
    queries: np.ndarray, database: np.ndarray, items: np.ndarray, *, exclude_self: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Database items closer to query i than items[i, j], and as far as it (itself included): two int64 [N, n]."""
    bits = queries.shape[1]
    distances = np.stack([(queries != database[column]).sum(axis=1) for column in items.T], axis=1)
    packed = as_packed(queries, bits, "query codes"), as_packed(database, bits, "database codes")
    itself = np.arange(len(queries)) if exclude_self else None
    blocks = [block.histogram for block in rank_blocks(*packed, bits, 0, self_index=itself)]
    histogram = np.concatenate(blocks).astype(np.int64)
    tied = np.take_along_axis(histogram, distances, axis=1)
    return np.take_along_axis(np.cumsum(histogram, axis=1), distances, axis=1) - tied, tied
