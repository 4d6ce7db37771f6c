"""One pass over packed codes where they lie, for a few queries at a time.

Nothing is copied or converted: codes are read in place, also from a memory map, as the widest machine words that divide
their bytes, and each tile of codes is compared with all queries while it is in the cache. The time for few queries is
that of reading the codes from memory.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from s5vh.base.threads import shared_among_threads
from s5vh.retrieval.ranking import popcount

PIECE = 2**18  # codes that one thread goes through on its own
_TILE = 1024  # codes compared with all queries before the next ones, and again with those that some are near to
_GROUP = 256  # centers compared before the one that is nearest is looked for


def words_of(codes: np.ndarray) -> tuple[np.ndarray, int]:
    """Packed codes uint8 [N, width] as unsigned integers [N * n], without a copy if they are contiguous, and n."""
    width = codes.shape[1]
    size = next(size for size in (8, 4, 2, 1) if width % size == 0)
    words = np.ascontiguousarray(codes).reshape(-1).view(np.ndarray).view(f"u{size}")
    words.flags.writeable = False  # as those of a memory map, so that kernels are compiled for one type of array
    return words, width // size


def smallest(
    query: np.ndarray, codes: np.ndarray, limit: np.ndarray, top: int, leave_out: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The nearest codes of every piece of `PIECE` codes that are nearer to a query than its limit.

    Args:
        query: uint8 [Q, width], packed codes.
        codes: uint8 [N, width], packed codes.
        limit: int64 [Q], only distances below it; at most K + 1.
        top: number of neighbours per piece, from 1.
        leave_out: int64 [Q], position to pass over for each query, -1 for none.

    Returns:
        Positions, int64 [Q, P, n], and distances, uint16 [Q, P, n], for each of the P pieces by distance, then
        position; and how many of the n there are, at most `top`, int64 [Q, P].
    """
    words, units = words_of(codes)
    queries = words_of(query)[0]
    pieces = -(-len(codes) // PIECE)
    top = min(top, PIECE)
    room = min(2 * top, PIECE)
    positions = np.empty((pieces, len(query), room), np.int64)
    distances = np.empty((pieces, len(query), room), np.uint16)
    found = np.zeros((pieces, len(query)), np.int64)
    _smallest(pieces, PIECE, words, units, queries, limit, leave_out, top, positions, distances, found)
    return positions.swapaxes(0, 1), distances.swapaxes(0, 1), found.T


def count_within(query: np.ndarray, codes: np.ndarray, radius: int, leave_out: np.ndarray) -> np.ndarray:
    """How many codes are within `radius` of every query, int64 [Q]; arguments as for `smallest`."""
    words, units = words_of(codes)
    queries = words_of(query)[0]
    pieces = -(-len(codes) // PIECE)
    found = np.zeros((pieces, len(query)), np.int64)
    _count(pieces, PIECE, words, units, queries, radius, leave_out, found)
    return found.sum(axis=0)


@njit(cache=True)
def _distance(words, units, place, queries, q):
    """Distance of query q to the code at `place`."""
    # Unsigned, so that no access has to be checked for counting from the end.
    own, mine = np.uint64(place) * np.uint64(units), np.uint64(q) * np.uint64(units)
    distance = np.int64(0)
    for unit in range(np.uint64(units)):
        distance += np.int64(popcount(queries[mine + unit] ^ words[own + unit]))
    return distance


@njit(cache=True)
def _least(words, units, start, stop, queries, q):
    """The smallest distance of query q to the codes from `start` to `stop`, in loops that the compiler vectorises."""
    least = np.uint64(2**16)
    if units == 1:
        mine, own = queries[q], words[start:stop]
        for j in range(own.size):
            least = min(least, np.uint64(popcount(mine ^ own[j])))
    elif units == 2:
        first, second = queries[2 * q], queries[2 * q + 1]
        own = words[2 * start : 2 * stop]
        for j in range(stop - start):
            distance = np.uint64(popcount(first ^ own[2 * j])) + np.uint64(popcount(second ^ own[2 * j + 1]))
            least = min(least, distance)
    else:
        for place in range(start, stop):
            least = min(least, np.uint64(_distance(words, units, place, queries, q)))
    return np.int64(least)


@njit(cache=True)
def _keep_smallest(positions, distances, count, spare_positions, spare_distances, following):
    """Sort the first `count` entries stably by distance and keep as many as fit the spare ones; returns how many."""
    following[:] = 0
    for i in range(count):
        following[distances[i] + 1] += 1
    for d in range(1, following.size):
        following[d] += following[d - 1]
    kept = min(count, spare_positions.size)
    for i in range(count):
        rank = following[distances[i]]
        following[distances[i]] += 1
        if rank < kept:
            spare_positions[rank] = positions[i]
            spare_distances[rank] = distances[i]
    for i in range(kept):
        positions[i] = spare_positions[i]
        distances[i] = spare_distances[i]
    return kept


@shared_among_threads(lambda pieces, *_: pieces)
@njit(cache=True, nogil=True)
def _smallest(first, last, pieces, piece, words, units, queries, limit, leave_out, top, positions, distances, found):
    codes = words.size // units
    spare_positions, spare_distances = np.empty(top, np.int64), np.empty(top, np.uint16)
    following = np.empty(limit.max() + 1, np.int64)
    for p in range(first, last):
        own_limit = limit.copy()
        for start in range(p * piece, min((p + 1) * piece, codes), _TILE):
            stop = min(start + _TILE, (p + 1) * piece, codes)
            for q in range(limit.size):
                if _least(words, units, start, stop, queries, q) >= own_limit[q]:
                    continue
                count = found[p, q]
                for place in range(start, stop):
                    distance = _distance(words, units, place, queries, q)
                    if distance < own_limit[q] and place != leave_out[q]:
                        positions[p, q, count] = place
                        distances[p, q, count] = distance
                        count += 1
                        if count == 2 * top:
                            count = _keep_smallest(
                                positions[p, q], distances[p, q], count, spare_positions, spare_distances, following
                            )
                            # Later codes come after those kept, so at an equal distance they are too far.
                            own_limit[q] = distances[p, q, count - 1]
                found[p, q] = count
        for q in range(limit.size):
            found[p, q] = _keep_smallest(
                positions[p, q], distances[p, q], found[p, q], spare_positions, spare_distances, following
            )


@shared_among_threads(lambda pieces, *_: pieces)
@njit(cache=True, nogil=True)
def _count(first, last, pieces, piece, words, units, queries, radius, leave_out, found):
    codes = words.size // units
    for p in range(first, last):
        for start in range(p * piece, min((p + 1) * piece, codes), _TILE):
            stop = min(start + _TILE, (p + 1) * piece, codes)
            for q in range(leave_out.size):
                if _least(words, units, start, stop, queries, q) > radius:
                    continue
                for place in range(start, stop):
                    found[p, q] += place != leave_out[q] and _distance(words, units, place, queries, q) <= radius


def nearest_center(codes: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """Number of the nearest center of every code, the first of equally near ones: uint16 [N].

    Args:
        codes: uint8 [N, width], packed codes.
        centers: uint8 [C, width], from 1 to 65,536.
    """
    words, units = words_of(centers)
    found = np.empty(len(codes), np.uint16)
    _nearest_center(-(-len(codes) // _TILE), words_of(codes)[0], units, words, found)
    return found


@shared_among_threads(lambda tiles, *_: tiles)
@njit(cache=True, nogil=True)
def _nearest_center(first, last, tiles, queries, units, centers, found):
    count = centers.size // units
    for q in range(first * _TILE, min(last * _TILE, found.size)):
        least, place = np.int64(2**16), 0
        for start in range(0, count, _GROUP):
            own = _least(centers, units, start, min(start + _GROUP, count), queries, q)
            if own < least:
                least, place = own, start
        while _distance(centers, units, place, queries, q) != least:
            place += 1
        found[q] = place
