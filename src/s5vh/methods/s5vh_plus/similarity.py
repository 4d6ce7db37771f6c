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
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import eigsh

from s5vh.retrieval.given_order import unit_length

_BLOCK = 1024  # videos whose cosines to all others are held at once
_DENSE = 2000  # up to so many videos, all eigenvectors are computed
_LINK = 1e-9  # smallest weight in S that joins two parts of the graph
_POWER = 3  # of the cosine


def nearest(queries: np.ndarray, points: np.ndarray, count: int, exclude_self: bool = False) -> csr_array:
    """Cubed cosines of each query with its `count` nearest points, sparse [n, N]; negative ones count as 0.

    Args:
        queries, points: float32 [n, P], [N, P].
        exclude_self: query i is point i, and not its own neighbour.
    """
    queries, points = unit_length(queries), unit_length(points)
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
    values, vectors = _leading(normed, min(rank, count - 1))
    return vectors / np.sqrt(1 - damping * values)


def _leading(normed: csr_array, rank: int) -> tuple[np.ndarray, np.ndarray]:
    """The largest eigenvalues [R], in increasing order, of a symmetric matrix [N, N], and their eigenvectors [N, R].

    Large matrices part by part of a graph that falls apart: every part has the eigenvalue 1, and iterations from one
    start miss some of the eigenvectors of an eigenvalue that occurs often.
    """
    count = normed.shape[0]
    if count <= _DENSE:
        values, vectors = np.linalg.eigh(normed.toarray())
        return values[-rank:], vectors[:, -rank:]
    part_of = connected_components(normed > _LINK, directed=False)[1]
    parts = np.split(np.argsort(part_of, kind="stable"), np.cumsum(np.bincount(part_of))[:-1])
    found = []
    for members in parts:
        part = normed[members][:, members]
        if len(members) <= _DENSE:
            values, vectors = np.linalg.eigh(part.toarray())
        else:
            # A fixed start, so that the same features give the same codes.
            values, vectors = eigsh(part, min(rank, len(members) - 1), which="LA", v0=np.ones(len(members)))
        found += [(value, members, vector) for value, vector in zip(values[-rank:], vectors.T[-rank:], strict=True)]
    found = sorted(found, key=lambda one: one[0])[-rank:]
    vectors = np.zeros((count, rank))
    for column, (_, members, vector) in enumerate(found):
        vectors[members, column] = vector
    return np.array([value for value, _, _ in found]), vectors


def extended(vectors: np.ndarray, points: np.ndarray, queries: np.ndarray, neighbours: int) -> np.ndarray:
    """Diffusion vectors of further videos: the weighted mean of those of their nearest points, float64 [n, R]."""
    weights = nearest(queries, points, min(neighbours, len(points)))
    return diags_array(1 / weights.sum(axis=1)) @ (weights @ vectors)
