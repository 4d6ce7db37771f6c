"""Rank all codes of an index chunk by chunk, so that memory does not depend on its size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from s5vh.retrieval.ranking import rank_blocks

_CHUNK = 2**20  # codes ranked at a time
_LISTED = 2**22  # entries of neighbour lists in memory at a time


def nearest(
    query: np.ndarray, codes: np.ndarray, bits: int, top: int, leave_out: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest codes of every query, ordered by distance, then position.

    Args:
        query: uint8 [Q, ceil(bits/8)], packed codes.
        codes: uint8 [N, ceil(bits/8)], packed codes; may be a memory map.
        bits: code length K.
        top: number of neighbours; fewer if there are fewer codes.
        leave_out: int [Q], position to exclude for each query, -1 for none.

    Returns:
        Positions, int64 [Q, n], and distances, int32 [Q, n]. Entries with a distance above `bits` are padding, where a
        code was excluded from an index of at most `top` codes.
    """
    positions, distances = np.empty((len(query), 0), np.int64), np.empty((len(query), 0), np.int32)
    for start, ranking in _ranked(query, codes, bits, top, leave_out):
        positions = np.concatenate([positions, ranking.indices.astype(np.int64) + start], axis=1)
        distances = np.concatenate([distances, ranking.distances], axis=1)
        # Chunks are processed in order of position and each is sorted, so a stable sort keeps ties in order.
        order = np.argsort(distances, axis=1, kind="stable")[:, :top]
        positions, distances = (np.take_along_axis(values, order, axis=1) for values in (positions, distances))
    return positions, distances


def within(
    query: np.ndarray, codes: np.ndarray, bits: int, radius: int, leave_out: np.ndarray | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For every query, positions, int64 [n], and distances, int32 [n], of all codes within `radius`.

    Arguments and order as in `nearest`.
    """
    found = np.zeros(len(query), np.int64)
    for _, ranking in _ranked(query, codes, bits, 0, leave_out):
        found += ranking.histogram[:, : radius + 1].sum(axis=1)
    start = 0
    while start < len(query):
        # As many queries at a time as fit the memory limit, but at least one.
        rows = max(1, int(np.searchsorted(np.cumsum(found[start:]), _LISTED, side="right")))
        part = slice(start, start + rows)
        own = None if leave_out is None else leave_out[part]
        positions, distances = nearest(query[part], codes, bits, int(found[part].max()), own)
        for row, count in enumerate(found[part].tolist()):
            yield positions[row, :count], distances[row, :count]
        start += rows


def _ranked(query: np.ndarray, codes: np.ndarray, bits: int, top: int, leave_out: np.ndarray | None) -> Iterator:
    """(first position, ranking of all queries) of each chunk."""
    for start in range(0, len(codes), _CHUNK):
        piece = np.ascontiguousarray(codes[start : start + _CHUNK])
        own = None
        if leave_out is not None:
            inside = (leave_out >= start) & (leave_out < start + len(piece))
            own = np.where(inside, leave_out - start, -1)
        # A single block, because callers pass fewer queries than `rank_blocks` processes at a time.
        (ranking,) = rank_blocks(query, piece, bits, top, self_index=own)
        yield start, ranking
