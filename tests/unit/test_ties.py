"""Gains and hits under ties: tie groups cut by N, the farthest distance, several queries, all by hand or by loops."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from s5vh.retrieval.ties import bounding_sums, expected_gains, expected_relevant_at, stable_gains


def orders_of(histogram, relevant):
    """Relevance by rank for every order of the ties."""
    orders = [[]]
    for count, hits in zip(histogram, relevant, strict=True):
        group = [1] * hits + [0] * (count - hits)
        orders = [order + list(part) for order in orders for part in permutations(group)]
    return np.array(orders, float)


HISTOGRAM = np.array([[1, 3, 0], [2, 0, 2], [0, 4, 0], [1, 1, 2], [0, 0, 4]], np.int32)
RELEVANT = np.array([[0, 2, 0], [1, 0, 1], [0, 3, 0], [1, 0, 2], [0, 0, 0]], np.int32)


@pytest.mark.parametrize("top", [1, 2, 3, 4, 6])
def test_expected_gains_are_the_mean_over_every_order(top):
    hits, gains = expected_gains(HISTOGRAM, RELEVANT, top)
    for q in range(len(HISTOGRAM)):
        orders = orders_of(HISTOGRAM[q], RELEVANT[q])[:, :top]
        wanted = [orders, orders * np.cumsum(orders, axis=1) / np.arange(1, orders.shape[1] + 1)]
        for found, every in zip((hits, gains), wanted, strict=True):
            mean = np.zeros(top)
            mean[: orders.shape[1]] = every.mean(axis=0)
            np.testing.assert_allclose(found[q], mean, rtol=0, atol=1e-12)


def test_a_group_that_is_cut_writes_nothing_into_the_next_query():
    hits, gains = expected_gains(np.array([[1, 9, 0], [4, 6, 0]]), np.array([[1, 5, 0], [0, 2, 0]]), 3)
    np.testing.assert_allclose(hits, [[1, 5 / 9, 5 / 9], [0, 0, 0]])
    # Rank 2 of the first: 5/9 times 2 of 2; rank 3: 5/9 times (2 + 4/8) of 3.
    np.testing.assert_allclose(gains, [[1, 5 / 9, 5 / 9 * 2.5 / 3], [0, 0, 0]])


def test_a_group_of_one_needs_no_pairs():
    hits, gains = expected_gains(np.array([[1, 1, 1]]), np.array([[1, 0, 1]]), 3)
    assert hits.tolist() == [[1, 0, 1]] and gains[0].tolist() == pytest.approx([1, 0, 2 / 3])


def test_bounds_are_those_over_every_order():
    cutoffs = np.array([1, 2, 3, 4, 6])
    found = bounding_sums(HISTOGRAM, RELEVANT, cutoffs)
    for q in range(len(HISTOGRAM)):
        orders = orders_of(HISTOGRAM[q], RELEVANT[q])
        gains = orders * np.cumsum(orders, axis=1) / np.arange(1, orders.shape[1] + 1)
        for column, cutoff in enumerate(cutoffs):
            sums = gains[:, :cutoff].sum(axis=1)
            np.testing.assert_allclose(found[q, column], [sums.min(), sums.max()], rtol=0, atol=1e-12)


def test_relevant_items_at_ranks_by_hand():
    # The last group lies at the farthest distance, and rank 4 cuts it after one of three.
    assert expected_relevant_at(np.array([[1, 2, 3]]), np.array([[0, 1, 2]]), np.array([1, 3, 4, 6])).tolist() == [
        [0, 1, pytest.approx(5 / 3), 3]
    ]


def test_relevant_items_at_ranks_are_the_mean_over_every_order():
    ranks = np.array([1, 2, 3, 4, 9])
    found = expected_relevant_at(HISTOGRAM, RELEVANT, ranks)
    for q in range(len(HISTOGRAM)):
        every = np.cumsum(orders_of(HISTOGRAM[q], RELEVANT[q]), axis=1).mean(axis=0)
        np.testing.assert_allclose(found[q], every[np.minimum(ranks, len(every)) - 1], rtol=0, atol=1e-12)


def test_stable_gains_by_hand():
    hits, gains = stable_gains(np.array([[True, False, True], [False, True, True]]))
    assert hits.tolist() == [[1, 0, 1], [0, 1, 1]]
    np.testing.assert_allclose(gains, [[1, 0, 2 / 3], [0, 1 / 2, 2 / 3]])
