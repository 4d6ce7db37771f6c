"""Rank all codes of an index, so that memory depends neither on its size nor on how many codes are within a radius."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from s5vh.search import scan
from s5vh.search.scan import count_within, smallest

_CHUNK = 2**22  # codes gone through before what is too far away is known better
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
    top = min(top, len(codes))
    excluded = np.full(len(query), -1) if leave_out is None else np.asarray(leave_out, np.int64)
    positions, distances = np.zeros((len(query), top), np.int64), np.full((len(query), top), bits + 1, np.int32)
    rows = max(1, _LISTED // (-(-min(_CHUNK, len(codes)) // scan.PIECE) * min(2 * top, scan.PIECE)))
    for start in range(0, len(query), rows):
        part = slice(start, start + rows)
        for row, (where, far) in enumerate(_nearest(query[part], codes, bits, top, excluded[part]), start=start):
            positions[row, : len(where)], distances[row, : len(far)] = where, far
    return positions, distances


def within(
    query: np.ndarray, codes: np.ndarray, bits: int, radius: int, leave_out: np.ndarray | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For every query, positions, int64 [n], and distances, int32 [n], of all codes within `radius`.

    Arguments and order as in `nearest`.
    """
    excluded = np.full(len(query), -1) if leave_out is None else np.asarray(leave_out, np.int64)
    found = count_within(query, codes, radius, excluded)
    start = 0
    while start < len(query):
        # As many queries at a time as fit the memory limit, but at least one.
        rows = max(1, int(np.searchsorted(np.cumsum(found[start:]), _LISTED, side="right")))
        part = slice(start, start + rows)
        own = None if leave_out is None else leave_out[part]
        positions, distances = nearest(query[part], codes, bits, max(1, int(found[part].max())), own)
        for row, count in enumerate(found[part].tolist()):
            yield positions[row, :count], distances[row, :count]
        start += rows


def _nearest(
    query: np.ndarray, codes: np.ndarray, bits: int, top: int, leave_out: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Positions int64 [n] and distances uint16 [n] of each query, in order."""
    kept = [(np.empty(0, np.int64), np.empty(0, np.uint16)) for _ in query]
    limit = np.full(len(query), bits + 1)
    for first in range(0, len(codes), _CHUNK):
        positions, distances, found = smallest(query, codes[first : first + _CHUNK], limit, top, leave_out - first)
        for q in np.flatnonzero(found.any(axis=1)).tolist():
            here = np.arange(positions.shape[2]) < found[q][:, None]
            where = np.concatenate([kept[q][0], positions[q][here] + first])
            far = np.concatenate([kept[q][1], distances[q][here]])
            # Chunks and pieces are in order of position and each is sorted, so a stable sort keeps ties in order.
            order = np.argsort(far, kind="stable")[:top]
            kept[q] = where[order], far[order]
            if len(order) == top:
                limit[q] = far[order[-1]]
    return kept
