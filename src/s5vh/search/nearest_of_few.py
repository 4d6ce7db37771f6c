"""The functions of `nearest` in numpy, for searches that are over before its compiled code has been loaded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from s5vh.retrieval.codes import code_words

# Pairs of words of 64 bits. The compiled code takes longer to load than numpy takes to compare so many
# (benchmarks/measured/startup.json), and the distances of so many codes take no more than 64 MiB.
FEW = 2**25
_PIECE = 2**16  # codes compared with all queries before the next ones: fits the L2 cache


def nearest(
    query: np.ndarray, codes: np.ndarray, bits: int, top: int, leave_out: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """As `nearest.nearest`."""
    top = min(top, len(codes))
    positions, distances = np.empty((len(query), top), np.int64), np.empty((len(query), top), np.int32)
    for row, far in enumerate(_distances(query, codes, bits, leave_out)):
        positions[row], distances[row] = _sorted(far, np.partition(far, top - 1)[top - 1], top)
    return positions, distances


def within(
    query: np.ndarray, codes: np.ndarray, bits: int, radius: int, leave_out: np.ndarray | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """As `nearest.within`."""
    for far in _distances(query, codes, bits, leave_out):
        yield _sorted(far, radius, len(codes))


def _sorted(far: np.ndarray, limit: int, top: int) -> tuple[np.ndarray, np.ndarray]:
    """The first `top` of those within the limit by distance, then position: positions and distances."""
    near = np.flatnonzero(far <= limit)
    positions = near[np.argsort(far[near], kind="stable")[:top]]
    return positions, far[positions].astype(np.int32)


def _distances(query: np.ndarray, codes: np.ndarray, bits: int, leave_out: np.ndarray | None) -> np.ndarray:
    """Hamming distances, uint16 [Q, N]; K + 1 where a code is left out."""
    far = np.zeros((len(query), len(codes)), np.uint16)
    own = code_words(query)
    for start in range(0, len(codes), _PIECE):
        words = code_words(codes[start : start + _PIECE]).T.copy()
        for row, code in zip(far[:, start : start + _PIECE], own, strict=True):
            for mine, theirs in zip(code, words, strict=True):
                row += np.bitwise_count(mine ^ theirs)
    if leave_out is not None:
        rows = np.flatnonzero(leave_out >= 0)
        far[rows, leave_out[rows]] = bits + 1
    return far
