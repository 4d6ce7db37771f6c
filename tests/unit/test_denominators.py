"""AP over the relevant items among the first N, precision within a radius, and copies of the query, worked by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s5vh.data.features import write_features
from s5vh.data.overlap import find_overlap
from s5vh.reporting.words import describe
from s5vh.retrieval import ranking
from s5vh.retrieval.metrics import evaluate
from s5vh.retrieval.protocol import DENOMINATORS, Protocol
from s5vh.retrieval.retrieved_relevant import average_over_hits


def at_distances(*groups, bits=4):
    """One query, and a group of items for each distance from 0: a text of 1 (relevant) and 0 in database order."""
    items = [(distance, letter == "1") for distance, group in enumerate(groups) for letter in group]
    database = np.array([[-1] * distance + [1] * (bits - distance) for distance, _ in items], np.int8)
    labels = np.array([[relevant, not relevant] for _, relevant in items], np.uint8)
    return np.ones((1, bits), np.int8), database, bits, np.array([[1, 0]], np.uint8), labels


def scored(data, ties="stable", cutoffs=(2, 4, 6)):
    return evaluate(*data, Protocol("retrieved_relevant", ties, cutoffs=cutoffs), curves=False)


class TestRetrievedRelevant:
    def test_by_hand(self):
        # Ranks 1 0 | 1 1 | 0 1: precision 1, 2/3, 3/4, 4/6 at the hits.
        result = scored(at_distances("1", "0", "1", "101"))
        assert result.average_precision[0].tolist() == pytest.approx(
            [1, (1 + 2 / 3 + 3 / 4) / 3, (1 + 2 / 3 + 3 / 4 + 4 / 6) / 4]
        )

    def test_no_hit_among_the_first_scores_zero(self):
        assert scored(at_distances("00", "00", "1")).average_precision[0].tolist() == pytest.approx([0, 0, 1 / 5])

    def test_expectation_of_a_ratio_by_hand(self):
        # A tie of 1 and 0 cut after one item: AP@1 is 1 in one order and 0 in the other; AP@2 is 1 or 1/2.
        result = scored(at_distances("", "01"), "expected", (1, 2, 3))
        assert result.average_precision[0].tolist() == pytest.approx([1 / 2, 3 / 4, 3 / 4])
        assert result.average_precision_bounds[0].tolist() == [[0, 1], [0.5, 1], [0.5, 1]]

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.text("01", max_size=3), min_size=1, max_size=3).filter(lambda groups: any(groups)))
    def test_is_the_mean_and_range_over_every_order(self, groups):
        cutoffs = (1, 2, 3, 5, 8)
        orders = [[]]
        for group in groups:
            orders = [order + list(map(int, part)) for order in orders for part in permutations(group)]
        every = []
        for order in orders:
            gains = [hit * sum(order[: rank + 1]) / (rank + 1) for rank, hit in enumerate(order)]
            every.append([sum(gains[:n]) / max(sum(order[:n]), 1) for n in cutoffs])
        counts = [[len(group) for group in groups]] * 2
        relevant = [[group.count("1") for group in groups]] * 2
        found = average_over_hits(np.array(counts, np.int32), np.array(relevant, np.int32), np.array(cutoffs))
        wanted = np.stack([np.min(every, axis=0), np.mean(every, axis=0), np.max(every, axis=0)], axis=1)
        for query in found:  # twice the same, so that nothing of the first is left in the second
            np.testing.assert_allclose(query, wanted, rtol=0, atol=1e-12)

    def test_large_groups_neither_overflow_nor_lose_chance(self):
        # 3,000 tied items, a third of them relevant: the chance of the first one is 1/3.
        found = average_over_hits(np.array([[3000]]), np.array([[1000]]), np.array([1, 100]))[0]
        assert found[0].tolist() == pytest.approx([0, 1 / 3, 1])
        assert found[1, 2] == pytest.approx(1)
        assert found[1, 1] == pytest.approx(0.36, abs=0.03)

    def test_is_a_named_denominator(self):
        assert DENOMINATORS == ("retrieved", "relevant", "capped_relevant", "retrieved_relevant")
        said = {describe(Protocol(name)) for name in DENOMINATORS}
        assert len(said) == 4 and any("relevant videos among the first N" in text for text in said)


class TestWithinRadius:
    def test_by_hand(self):
        query, database, bits, label, labels = at_distances("1", "0", "10", "1111")
        # The second query is the opposite code: nothing within radius 2 but what is at distance 2 from both.
        queries = np.concatenate([query, -query])
        result = evaluate(queries, database, bits, label.repeat(2, 0), labels, curves=False)
        # Within 2 of the first: 1, 0, 1, 0. Of the second: 1, 0 at distance 2 and the four at distance 1.
        assert result.radius_precision == pytest.approx((2 / 4 + 5 / 6) / 2)
        assert result.queries_without_retrieved == 0

    def test_queries_without_any_count_as_zero_or_not_at_all(self):
        query, database, bits, label, labels = at_distances("11", "1", "0", bits=6)
        queries = np.concatenate([query, -query, -query])
        result = evaluate(queries, database, bits, label.repeat(3, 0), labels, curves=False)
        assert result.radius_precision == pytest.approx(3 / 4 / 3)
        assert result.radius_precision_retrieving == pytest.approx(3 / 4)
        assert result.summary()["hamming_radius"] == {
            "radius": 2,
            "precision": pytest.approx(1 / 4),
            "precision_retrieving": pytest.approx(3 / 4),
            "queries_without_retrieved": 2,
        }

    def test_nothing_retrieved_at_all(self):
        query, database, bits, label, labels = at_distances("11", bits=3)
        result = evaluate(-query, database, bits, label, labels, curves=False)
        assert result.summary()["hamming_radius"]["precision"] == 0
        assert result.summary()["hamming_radius"]["precision_retrieving"] is None

    def test_adds_up_over_blocks_of_queries(self, monkeypatch):
        rng = np.random.default_rng(5)
        codes = rng.choice(np.array([-1, 1], np.int8), (11, 6))
        labels = np.eye(2, dtype=np.uint8)[rng.integers(0, 2, 11)]
        protocol = Protocol("retrieved_relevant", "expected", exclude_self=True, cutoffs=(1, 4, 9))
        whole = evaluate(codes, codes, 6, labels, labels, protocol)
        monkeypatch.setattr(ranking, "_QUERY_BLOCK", 4)
        blocks = evaluate(codes, codes, 6, labels, labels, protocol)
        assert blocks.precision == pytest.approx(whole.precision)
        assert blocks.recall == pytest.approx(whole.recall)
        assert blocks.radius_precision == pytest.approx(whole.radius_precision)
        assert blocks.queries_without_retrieved == whole.queries_without_retrieved
        np.testing.assert_array_equal(blocks.average_precision, whole.average_precision)
        np.testing.assert_array_equal(blocks.average_precision_bounds, whole.average_precision_bounds)
        for curve in ("pr_radius", "pr_rank"):
            for name, values in getattr(whole, curve).items():
                np.testing.assert_allclose(getattr(blocks, curve)[name], values, rtol=0, atol=1e-12)
        others = codes[:, None] != codes[None]
        close = (others.sum(axis=2) <= 2) & ~np.eye(11, dtype=bool)
        same = labels @ labels.T > 0
        shares = [(same & close)[q].sum() / close[q].sum() if close[q].any() else 0 for q in range(11)]
        assert whole.radius_precision == pytest.approx(np.mean(shares))


class TestCopiesOfTheQuery:
    def test_only_the_first_copy_is_left_out(self, tmp_path):
        # Query v against the database [v, v, w]: the first v is the query itself, the second is another video.
        rng = np.random.default_rng(0)
        v, w = rng.standard_normal((2, 3, 4)).astype(np.float32)
        for name, videos in (("query", [v]), ("database", [v, v, w])):
            ids = [f"{name}-{i}" for i in range(len(videos))]
            shape = (len(videos), 3, 4)
            write_features(tmp_path / name, [np.stack(videos)], shape=shape, labels=None, ids=ids, provenance={})
        found = find_overlap(tmp_path / "query", tmp_path / "database")
        assert found.database_index.tolist() == [0]
        assert found.pairs == [("query-0", "database-0")]
        query, database, bits, label, labels = at_distances("10", "1")
        strict = Protocol("capped_relevant", exclude_self=True, cutoffs=(1, 2))
        result = evaluate(query, database, bits, label, labels, strict, found.database_index)
        # What is left is the second copy, here not relevant, at distance 0, then w.
        assert result.average_precision[0].tolist() == [0, 1 / 2]
        assert result.pr_radius["retrieving"].tolist() == [1] * (bits + 1)
        assert result.pr_radius["recall"].tolist() == [0] + [1] * bits
