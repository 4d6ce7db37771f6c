"""Single-linkage groups of codes within a Hamming radius, exactly, by multi-index hashing.

Two codes within radius R of each other are equal in at least one of R + 1 disjoint sets of bits (M. Norouzi,
A. Punjani, D. J. Fleet, "Fast exact search in Hamming space with multi-index hashing", TPAMI 2014), so only codes that
share the bits of a set are compared. Identical codes are one code from the start. The sets are chosen anew for every
large group of codes that share one, with evenly divided bits in each, so that bits that hardly vary cost little.

In a run of codes to compare, what a code has reached is not compared again: many codes close together take about as
long as a single pass over them. Where neither helps, the time is that of comparing all pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numba import njit, prange

from s5vh.retrieval.codes import code_words
from s5vh.retrieval.ranking import popcount

_SMALL = 4096  # codes compared without dividing them further
_SAMPLE = 4096  # codes looked at to choose sets of bits
_KEY = 64  # bits used of a set


def linked_groups(codes: np.ndarray, radius: int) -> list[np.ndarray]:
    """Groups of at least two codes that are connected by steps of at most `radius` bits.

    Args:
        codes: uint8 [N, ceil(K/8)], packed.
        radius: largest Hamming distance of a step, from 0.

    Returns:
        Positions int64 [n], increasing, of each group; the largest group first, ties by first position.
    """
    if not len(codes):
        return []
    distinct, number = _distinct(code_words(codes))
    parent = np.arange(len(distinct))
    if radius:
        for left, right in _steps(distinct, radius):
            _unite(parent, left, right)
    return _groups(_roots(parent)[number])


def _distinct(words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct codes uint64 [M, W] of words [N, W], and the number int64 [N] of each code among them."""
    order = np.lexsort(words.T)
    ordered = words[order]
    is_first = np.r_[True, (ordered[1:] != ordered[:-1]).any(axis=1)]
    number = np.empty(len(words), np.int64)
    number[order] = np.cumsum(is_first) - 1
    return ordered[is_first], number


def _groups(labels: np.ndarray) -> list[np.ndarray]:
    """Positions of equal labels, int64 [N], where there are at least two."""
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(labels[order]) != 0])
    sizes = np.diff(np.r_[starts, len(labels)])
    chosen = np.flatnonzero(sizes > 1)
    chosen = chosen[np.lexsort([order[starts[chosen]], -sizes[chosen]])]
    return [order[starts[group] : starts[group] + sizes[group]] for group in chosen.tolist()]


def _steps(words: np.ndarray, radius: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of codes within the radius, as numbers int64 [n], that connect what all such pairs connect."""
    waiting = [np.arange(len(words))]
    while waiting:
        members = waiting.pop()
        own = words[members]
        divisions = _divide(own, radius + 1) if len(own) > _SMALL else None
        if divisions is None:
            divisions = [(np.arange(len(own)), np.array([0]), np.array([len(own)]))]
            largest = len(own)
        else:
            largest = _SMALL
        for order, starts, sizes in divisions:
            for run in np.flatnonzero(sizes > largest).tolist():
                waiting.append(members[order[starts[run] : starts[run] + sizes[run]]])
            is_now = sizes <= largest
            reached = np.full(len(order), -1)
            _reach(own[order], starts[is_now], sizes[is_now], radius, reached)
            hit = np.flatnonzero(reached >= 0)
            yield members[order[hit]], members[order[reached[hit]]]


def _divide(words: np.ndarray, count: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]] | None:
    """Runs of at least two codes that are equal in one of `count` disjoint sets of bits.

    Returns:
        For each set: the order of the codes by its bits, and starts and sizes of the runs in that order. None if
        comparing the codes of the runs would be no less work than comparing all.
    """
    pairs, divisions = 0.0, []
    for bits in _bit_sets(words, count):
        keys = _keys(words, bits // 64, (bits % 64).astype(np.uint64))
        order = np.argsort(keys)
        keys = keys[order]
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
        sizes = np.diff(np.r_[starts, len(keys)])
        pairs += np.square(sizes, dtype=np.float64).sum() - len(keys)
        if pairs >= len(words) ** 2 / 2:
            return None
        divisions.append((order.astype(np.int32), starts[sizes > 1], sizes[sizes > 1]))
    return divisions


def _bit_sets(words: np.ndarray, count: int) -> list[np.ndarray]:
    """`count` disjoint sets of bits, as numbers within a code, each with its share of evenly divided bits."""
    sample = words[:: -(-len(words) // _SAMPLE)]
    ones = np.unpackbits(np.ascontiguousarray(sample).view(np.uint8), axis=1, bitorder="little").mean(axis=0)
    ranked = np.argsort(np.abs(ones - 0.5), kind="stable")
    return [ranked[first::count][:_KEY] for first in range(count)]


@njit(cache=True, parallel=True)
def _keys(words, word, shift):
    """The chosen bits of each code, as a number."""
    keys = np.zeros(words.shape[0], np.uint64)
    for i in prange(words.shape[0]):
        for j in range(word.size):
            keys[i] |= ((words[i, word[j]] >> shift[j]) & np.uint64(1)) << np.uint64(j)
    return keys


@njit(cache=True, parallel=True)
def _reach(words, starts, sizes, radius, reached):
    """For each code of a run, one of the run within the radius that leads to it; -1 for the first of a group."""
    limit = np.uint64(radius)
    for run in prange(starts.size):
        size = sizes[run]
        left = np.arange(starts[run], starts[run] + size)
        queue = np.empty(size, np.int64)
        while size:
            size -= 1
            queue[0] = left[size]
            head, tail = 0, 1
            while head < tail and size:
                code = words[queue[head]]
                kept = 0
                for k in range(size):
                    other = left[k]
                    distance = popcount(code[0] ^ words[other, 0])
                    for w in range(1, code.size):
                        distance += popcount(code[w] ^ words[other, w])
                    if distance <= limit:
                        reached[other] = queue[head]
                        queue[tail] = other
                        tail += 1
                    else:
                        left[kept] = other
                        kept += 1
                size = kept
                head += 1


@njit(cache=True)
def _root(parent, code):
    while parent[code] != code:
        parent[code] = parent[parent[code]]
        code = parent[code]
    return code


@njit(cache=True)
def _unite(parent, left, right):
    for pair in range(left.size):
        a, b = _root(parent, left[pair]), _root(parent, right[pair])
        parent[max(a, b)] = min(a, b)


@njit(cache=True)
def _roots(parent):
    for code in range(parent.size):
        parent[code] = _root(parent, code)
    return parent
