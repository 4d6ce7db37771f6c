"""The similarity that codes are trained to have: diffusion along a graph of nearest neighbours.

Source: Zhou et al., "Ranking on data manifolds", NIPS 2003; Iscen et al., "Fast spectral ranking for similarity
search", CVPR 2018, whose low-rank form this is. Symbols and names here:

    A         `graph`       symmetric weights [N, N]: cubed cosine of a video and its nearest ones, 0 elsewhere
    S         `normed`      D^-1/2 A D^-1/2, with the sums D of A's rows
    alpha     `damping`     share of similarity that is passed on at each step
    f         (I - alpha S)^-1: similarity after any number of steps, here of rank R, by S's leading eigenvectors
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import eigsh

_BLOCK = 1024  # videos whose cosines to all others are held at once
_DENSE = 2000  # up to so many videos, all eigenvectors are computed
_POWER = 3  # of the cosine


def unit_rows(x: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; rows of zeros stay."""
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), np.finfo(np.float32).tiny)


def nearest(queries: np.ndarray, points: np.ndarray, count: int, exclude_self: bool = False) -> csr_array:
    """Cubed cosines of each query with its `count` nearest points, sparse [n, N]; negative ones count as 0.

    Args:
        queries, points: float32 [n, P], [N, P].
        exclude_self: query i is point i, and not its own neighbour.
    """
    queries, points = unit_rows(queries), unit_rows(points)
    columns = np.empty((len(queries), count), np.int64)
    values = np.empty((len(queries), count))
    for start in range(0, len(queries), _BLOCK):
        cosines = queries[start : start + _BLOCK] @ points.T
        own = np.arange(len(cosines))
        if exclude_self:
            cosines[own, start + own] = -np.inf
        found = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        columns[start : start + _BLOCK] = found
        values[start : start + _BLOCK] = cosines[own[:, None], found]
    weights = np.maximum(values, 1e-6) ** _POWER  # never quite 0, so that no video is without neighbours
    pointers = np.arange(0, columns.size + 1, count)
    return csr_array((weights.ravel(), columns.ravel(), pointers), shape=(len(queries), len(points)))


def diffusion(points: np.ndarray, neighbours: int, damping: float, rank: int) -> np.ndarray:
    """Vectors float64 [N, R] whose inner products are the diffused similarity of points float32 [N, P]."""
    count = len(points)
    graph = nearest(points, points, min(neighbours, count - 1), exclude_self=True)
    graph = graph.maximum(graph.T)
    scale = diags_array(1 / np.sqrt(graph.sum(axis=1)))
    normed = csr_array(scale @ graph @ scale)
    rank = min(rank, count - 1)
    if count <= _DENSE:
        values, vectors = np.linalg.eigh(normed.toarray())
        values, vectors = values[-rank:], vectors[:, -rank:]
    else:
        # A fixed start, so that the same features give the same codes.
        values, vectors = eigsh(normed, rank, which="LA", v0=np.ones(count))
    return vectors / np.sqrt(1 - damping * values)


def extended(vectors: np.ndarray, points: np.ndarray, queries: np.ndarray, neighbours: int) -> np.ndarray:
    """Diffusion vectors of further videos: the weighted mean of those of their nearest points, float64 [n, R]."""
    weights = nearest(queries, points, min(neighbours, len(points)))
    return diags_array(1 / weights.sum(axis=1)) @ (weights @ vectors)
