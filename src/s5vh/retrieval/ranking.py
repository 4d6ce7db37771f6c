"""Exact Hamming ranking of packed codes, compiled and parallel over queries.

For each query, one pass over the database computes a row of keys (twice the distance, plus one for relevant items), and
a second pass over that row assigns ranks by counting sort. The order is exact and stable (distance, then database
index), and memory is one row per thread rather than queries x database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

from s5vh.base.errors import UserError
from s5vh.base.threads import shared_among_threads
from s5vh.retrieval.codes import as_packed, code_words

_QUERY_BLOCK = 4096
_TILE = 2048  # database items processed at a time: fits the L1 cache


@intrinsic
def popcount(_context, word):
    """Number of set bits, by the CPU instruction, which numba does not expose."""
    if not isinstance(word, types.Integer):
        return None

    def generate(_context, builder, _signature, arguments):
        return builder.ctpop(arguments[0])

    return word(word), generate


@njit(cache=True)
def _fill_keys(key, code, database, label, database_labels):
    """key[j] = 2 * Hamming distance to database item j, plus 1 when it shares a class with the query."""
    size = key.size
    shared = np.empty(_TILE, np.uint64)
    for start in range(0, size, _TILE):
        stop = min(start + _TILE, size)
        out = key[start:stop]
        out[:] = 0
        for w in range(code.size):
            words = database[w, start:stop]
            mine = code[w]
            for j in range(out.size):
                out[j] += np.uint16(popcount(mine ^ words[j]) << np.uint64(1))
        hit = shared[: stop - start]
        hit[:] = 0
        for w in range(label.size):
            mine = label[w]
            # Videos have few classes, so most words of a wide label set are zero and can be skipped.
            if mine != 0:
                words = database_labels[w, start:stop]
                for j in range(hit.size):
                    hit[j] |= mine & words[j]
        for j in range(out.size):
            out[j] |= np.uint16(hit[j] != 0)


@njit(cache=True)
def _count_keys(key, counts):
    """Histogram of the keys; four interleaved counters avoid stalls on equal consecutive keys."""
    partial = np.zeros((4, counts.size), np.int32)
    whole = key.size // 4 * 4
    for j in range(0, whole, 4):
        partial[0, key[j]] += 1
        partial[1, key[j + 1]] += 1
        partial[2, key[j + 2]] += 1
        partial[3, key[j + 3]] += 1
    for j in range(whole, key.size):
        partial[0, key[j]] += 1
    for part in range(4):
        counts += partial[part]


@njit(cache=True)
def _assign_ranks(key, counts, top, top_key, bucket_of_rank, relevant_in_bucket):
    """Stable ranks by counting sort: fill `top`, and count relevant items by bucket of ranks."""
    wanted = top.size
    if wanted == 0 and bucket_of_rank.size == 0:
        return
    distances = counts.size // 2
    following = np.empty(distances, np.int64)
    total = 0
    farthest = -1  # the distance of the last wanted rank
    for d in range(distances):
        if total < wanted:
            farthest = d
        following[d] = total
        total += counts[2 * d] + counts[2 * d + 1]
    if bucket_of_rank.size:
        farthest = distances - 1
    filled = 0
    for j in range(key.size):
        d = key[j] >> 1
        if d > farthest:
            continue
        rank = following[d]
        following[d] = rank + 1
        if rank < wanted:
            top[rank] = j
            top_key[rank] = key[j]
            filled += 1
            if filled == wanted and bucket_of_rank.size == 0:
                break
        if bucket_of_rank.size and key[j] & 1:
            relevant_in_bucket[bucket_of_rank[rank]] += 1


@shared_among_threads(lambda codes, *_: len(codes))
@njit(cache=True, nogil=True)
def _rank(
    first, last, codes, database, labels, database_labels, self_index, top, top_key, counts, bucket_of_rank, in_bucket
):
    for q in range(first, last):
        key = np.empty(database.shape[1], np.uint16)
        _fill_keys(key, codes[q], database, labels[q], database_labels)
        if self_index[q] >= 0:
            # A distance of K + 1 and not relevant: ranked last, in a bin of its own.
            key[self_index[q]] = counts.shape[1] - 2
        _count_keys(key, counts[q])
        _assign_ranks(key, counts[q], top[q], top_key[q], bucket_of_rank, in_bucket[q])


@dataclass(frozen=True)
class Ranking:
    """The ranking of one block of B queries.

    Attributes:
        start, stop: range of queries.
        indices: int32 [B, n], database index per rank (n = the requested number, at most the database size).
        distances: int32 [B, n], their Hamming distances.
        relevant: bool [B, n], which of them share a class with the query.
        histogram: int32 [B, K+1], database items per distance 0..K (without excluded items).
        histogram_relevant: int32 [B, K+1], relevant ones among them.
        relevant_at: int64 [B, len(ranks)], relevant items among the first ranks[i].
    """

    start: int
    stop: int
    indices: np.ndarray
    distances: np.ndarray
    relevant: np.ndarray
    histogram: np.ndarray
    histogram_relevant: np.ndarray
    relevant_at: np.ndarray


def label_words(labels: np.ndarray) -> np.ndarray:
    """Multi-hot labels [N, classes] as bit sets, uint64 [N, ceil(classes/64)]."""
    return code_words(np.packbits(np.asarray(labels) != 0, axis=1))


def rank_blocks(
    query: np.ndarray,
    database: np.ndarray,
    bits: int,
    top: int,
    *,
    query_labels: np.ndarray | None = None,
    database_labels: np.ndarray | None = None,
    self_index: np.ndarray | None = None,
    ranks: np.ndarray | None = None,
) -> Iterator[Ranking]:
    """Rank the database for every query, a block of queries at a time.

    Args:
        query: uint8 [Q, ceil(bits/8)] packed codes.
        database: uint8 [M, ceil(bits/8)] packed codes.
        bits: code length K.
        top: number of ranks to list per query; 0 gives only histograms.
        query_labels: multi-hot [Q, classes]; without labels nothing is relevant.
        database_labels: multi-hot [M, classes].
        self_index: int [Q], the database position to exclude for each query, -1 for none. Excluded items are
            ranked last and are not relevant.
        ranks: increasing int [R], ranks at which to count relevant items in the stable order.

    Yields:
        `Ranking`, in the order of the queries.
    """
    queries, size = len(query), len(database)
    top = min(top, size)
    query_words, database_words = code_words(query), code_words(database).T.copy()
    if query_labels is None or database_labels is None:
        query_sets, database_sets = np.zeros((queries, 0), np.uint64), np.zeros((0, size), np.uint64)
    else:
        query_sets, database_sets = label_words(query_labels), label_words(database_labels).T.copy()
    excluded = np.full(queries, -1, np.int64) if self_index is None else np.asarray(self_index, np.int64)
    ranks = np.zeros(0, np.int64) if ranks is None else np.asarray(ranks, np.int64)
    # Rank r (from 0) counts towards the first entry of `ranks` greater than r; later ranks go into a spare bucket.
    covered = np.arange(size if ranks.size else 0)
    bucket_of_rank = np.searchsorted(ranks, covered, side="right").astype(np.uint16)
    for start in range(0, queries, _QUERY_BLOCK):
        stop = min(start + _QUERY_BLOCK, queries)
        rows = stop - start
        indices = np.empty((rows, top), np.int32)
        keys = np.empty((rows, top), np.uint16)
        counts = np.zeros((rows, 2 * (bits + 2)), np.int32)
        in_bucket = np.zeros((rows, ranks.size + 1), np.int32)
        _rank(
            query_words[start:stop],
            database_words,
            query_sets[start:stop],
            database_sets,
            excluded[start:stop],
            indices,
            keys,
            counts,
            bucket_of_rank,
            in_bucket,
        )
        counts = counts.reshape(rows, bits + 2, 2)[:, :-1]
        yield Ranking(
            start=start,
            stop=stop,
            indices=indices,
            distances=(keys >> 1).astype(np.int32),
            relevant=(keys & 1).astype(bool),
            histogram=counts.sum(axis=2, dtype=np.int32),
            histogram_relevant=counts[:, :, 1],
            relevant_at=np.cumsum(in_bucket[:, :-1], axis=1, dtype=np.int64),
        )


def top_neighbours(
    query_codes: np.ndarray, database_codes: np.ndarray, bits: int, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest database items of every query, in the stable order (distance, then database index).

    Args:
        query_codes: uint8 [Q, ceil(bits/8)] packed or int8 [Q, bits].
        database_codes: likewise, [M, ...].
        bits: code length K.
        n: number of items; fewer if the database is smaller.

    Returns:
        `indices` int32 [Q, min(n, M)] and `distances` int32 of the same shape.

    Raises:
        UserError: codes that do not match `bits`, an empty database, or n below 1.
    """
    query = as_packed(query_codes, bits, "query codes")
    database = as_packed(database_codes, bits, "database codes")
    if len(database) == 0:
        raise UserError("database codes: empty, nothing to search")
    if n < 1:
        raise UserError(f"neighbours: must be at least 1, got {n}")
    indices = np.empty((len(query), min(n, len(database))), np.int32)
    distances = np.empty_like(indices)
    for block in rank_blocks(query, database, bits, n):
        indices[block.start : block.stop] = block.indices
        distances[block.start : block.stop] = block.distances
    return indices, distances
