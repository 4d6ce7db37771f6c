"""Ranking all codes of an index, a piece at a time, so that its size does not matter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from s5vh.retrieval.ranking import rank_blocks

_PIECE = 2**20  # codes ranked together
_LISTED = 2**22  # entries of the lists of neighbours that are in memory together


def nearest(
    query: np.ndarray, codes: np.ndarray, bits: int, top: int, leave_out: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest codes of every query, in the stable order: distance, then position.

    Args:
        query: uint8 [Q, ceil(bits/8)], packed codes.
        codes: uint8 [N, ceil(bits/8)], likewise; may be a memory map.
        bits: code length K.
        top: how many; fewer codes give what there is.
        leave_out: int [Q], position that is not to be found, -1 for none.

    Returns:
        Positions int64 [Q, n] and distances int32 [Q, n]. Entries with a distance above `bits` are no neighbours: where
        a code was left out of an index of `top` or fewer.
    """
    positions, distances = np.empty((len(query), 0), np.int64), np.empty((len(query), 0), np.int32)
    for start, ranking in _ranked(query, codes, bits, top, leave_out):
        positions = np.concatenate([positions, ranking.indices.astype(np.int64) + start], axis=1)
        distances = np.concatenate([distances, ranking.distances], axis=1)
        # Pieces come in the order of positions, and each is ordered: a stable sort keeps the order of equals.
        order = np.argsort(distances, axis=1, kind="stable")[:, :top]
        positions, distances = (np.take_along_axis(values, order, axis=1) for values in (positions, distances))
    return positions, distances


def within(
    query: np.ndarray, codes: np.ndarray, bits: int, radius: int, leave_out: np.ndarray | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For every query, positions int64 [n] and distances int32 [n] of all codes within `radius`, in the stable order.

    Arguments as in `nearest`.
    """
    found = np.zeros(len(query), np.int64)
    for _, ranking in _ranked(query, codes, bits, 0, leave_out):
        found += ranking.histogram[:, : radius + 1].sum(axis=1)
    start = 0
    while start < len(query):
        # As many queries at a time as have short enough lists, and one at least.
        rows = max(1, int(np.searchsorted(np.cumsum(found[start:]), _LISTED, side="right")))
        part = slice(start, start + rows)
        own = None if leave_out is None else leave_out[part]
        positions, distances = nearest(query[part], codes, bits, int(found[part].max()), own)
        for row, count in enumerate(found[part].tolist()):
            yield positions[row, :count], distances[row, :count]
        start += rows


def _ranked(query: np.ndarray, codes: np.ndarray, bits: int, top: int, leave_out: np.ndarray | None) -> Iterator:
    """(first position, ranking of all queries) of each piece."""
    for start in range(0, len(codes), _PIECE):
        piece = np.ascontiguousarray(codes[start : start + _PIECE])
        own = None
        if leave_out is not None:
            inside = (leave_out >= start) & (leave_out < start + len(piece))
            own = np.where(inside, leave_out - start, -1)
        # One ranking: the caller hands over fewer queries than `rank_blocks` takes at a time.
        (ranking,) = rank_blocks(query, piece, bits, top, self_index=own)
        yield start, ranking
