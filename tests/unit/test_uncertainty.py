"""Intervals and paired tests against scipy, against enumeration by hand, and against data whose truth is known."""

from __future__ import annotations

import itertools
import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from s5vh.base.errors import UserError
from s5vh.retrieval.metrics import geometric_mean
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.query_scores import read_query_scores, videos_digest, write_query_scores
from s5vh.retrieval.uncertainty import (
    EXACT_QUERIES,
    PERMUTATIONS,
    RESAMPLES,
    geometric_means,
    holm,
    percentiles,
    resampled_means,
    score_intervals,
    sign_flip_test,
    student_half_width,
    student_interval,
)


def result(ap: np.ndarray, cutoffs: tuple[int, ...]) -> SimpleNamespace:
    """As much of a RetrievalResult as is read."""
    mean_ap = dict(zip(cutoffs, ap.mean(axis=0), strict=True))
    return SimpleNamespace(average_precision=ap, mean_ap=mean_ap, protocol=Protocol(cutoffs=cutoffs))


class TestSeeds:
    @given(st.lists(st.floats(0, 1), min_size=2, max_size=9))
    def test_agrees_with_scipy(self, values):
        assume(np.std(values) > 1e-6)
        mean, low, high = student_interval(values)
        expected = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
        assert mean == pytest.approx(np.mean(values))
        assert (low, high) == pytest.approx(expected)

    def test_one_seed_has_none(self):
        mean, low, high = student_interval([0.3])
        assert mean == 0.3 and np.isnan(low) and np.isnan(high)

    def test_many_groups_at_once(self):
        half = student_half_width(np.array([0.1, 0.2, np.nan]), np.array([3, 5, 1]))
        assert half[:2] == pytest.approx([stats.t.ppf(0.975, n - 1) * s / n**0.5 for n, s in ((3, 0.1), (5, 0.2))])
        assert np.isnan(half[2])


class TestQueries:
    def test_agrees_with_scipys_bootstrap(self):
        values = np.random.default_rng(0).beta(0.5, 2, size=(300, 2))
        lows, highs = percentiles(resampled_means(values))
        for column in (0, 1):
            theirs = stats.bootstrap(
                (values[:, column],), np.mean, n_resamples=5000, method="percentile", random_state=1
            ).confidence_interval
            assert (lows[column], highs[column]) == pytest.approx((theirs.low, theirs.high), abs=0.003)

    def test_covers_the_truth_as_often_as_it_says(self):
        # AP looks like this: many zeros, some ones. 400 experiments of 150 queries, true mean 0.2.
        generator = np.random.default_rng(1)
        values = generator.beta(0.25, 1.0, size=(150, 400))
        lows, highs = percentiles(resampled_means(values, 600))
        covered = ((lows <= 0.2) & (highs >= 0.2)).mean()
        assert 0.91 < covered < 0.98  # 0.95 with a standard error of 0.011

    def test_columns_share_their_samples(self):
        values = np.random.default_rng(2).random((40, 1))
        both = resampled_means(np.hstack([values, values + 0.25]))
        np.testing.assert_allclose(both[:, 1] - both[:, 0], 0.25, atol=1e-12)

    def test_blocks_change_nothing_in_size_or_spread(self, monkeypatch):
        monkeypatch.setattr("s5vh.retrieval.uncertainty._BLOCK", 100)
        values = np.random.default_rng(3).random((40, 1))
        means = resampled_means(values, 999)
        assert means.shape == (999, 1)
        assert means.std() == pytest.approx(values.std() / 40**0.5, rel=0.1)

    def test_every_query_is_drawn_and_as_often_as_the_others(self, monkeypatch):
        for block in (1_000_000, 40):
            monkeypatch.setattr("s5vh.retrieval.uncertainty._BLOCK", block)
            means = resampled_means(np.eye(4))
            assert (means.mean(axis=0) > 0.2).all() and means.mean(axis=0) == pytest.approx(1 / 4, abs=0.02)
            np.testing.assert_allclose(means.sum(axis=1), 1)  # a sample has as many queries as there are
            # Each count is binomial (4, 1/4), so its share has the variance 3/16 / 4.
            assert means.var(axis=0) == pytest.approx(3 / 64, rel=0.15)

    def test_seeds_differ_and_repeat(self):
        values = np.random.default_rng(5).random((9, 1))
        first = resampled_means(values, 50)
        assert len(first) == 50 and len(np.unique(first.round(12))) > 40
        np.testing.assert_array_equal(first, resampled_means(values, 50))
        assert (first != resampled_means(values, 50, seed=1)).any()
        assert RESAMPLES == 2000 and len(resampled_means(values)) == 2000

    def test_ends_leave_a_fortieth_on_each_side(self):
        low, high = percentiles(np.arange(401.0)[:, None])
        assert (low[0], high[0]) == pytest.approx((10, 390))

    def test_gmap_is_computed_from_resampled_means(self):
        ap = np.random.default_rng(4).random((30, 3)) ** 2
        found = score_intervals({"a": result(ap, (1, 2, 3)), "b": result(ap[:, :2], (1, 2))})
        again = resampled_means(np.hstack([ap, ap[:, :2]]))
        gmap = [geometric_mean(row) for row in again[:, :3]]
        assert found["a"]["GmAP"] == pytest.approx(np.quantile(gmap, [0.025, 0.975]))
        assert found["b"]["mAP"]["2"] == pytest.approx(np.quantile(again[:, 4], [0.025, 0.975]))
        assert found["a"]["over"] == "queries" and found["a"]["resamples"] == RESAMPLES
        json.dumps(found, allow_nan=False)

    def test_one_query_has_none(self):
        assert score_intervals({"a": result(np.ones((1, 2)), (1, 2))}) == {"a": None}

    def test_geometric_mean_of_a_zero_is_zero(self):
        values = np.array([[0.5, 0.0], [0.25, 1.0]])
        np.testing.assert_allclose(geometric_means(values), [0.0, 0.5])


def enumerated(differences: np.ndarray) -> float:
    """p-value by trying every pattern of signs, one by one."""
    found = abs(sum(differences))
    patterns = list(itertools.product((1, -1), repeat=len(differences)))
    sums = [abs(sum(s * d for s, d in zip(pattern, differences, strict=True))) for pattern in patterns]
    return sum(value >= found - 1e-9 for value in sums) / len(patterns)


class TestSignFlips:
    @given(st.lists(st.sampled_from([-0.5, -0.2, 0.0, 0.1, 0.2, 0.7]), min_size=1, max_size=8))
    @settings(max_examples=60)
    def test_few_queries_are_enumerated(self, differences):
        assert sign_flip_test(np.array(differences)[:, None])[0] == pytest.approx(enumerated(differences))

    def test_patterns_are_enumerated_as_long_as_they_are_fewer_than_random_ones(self):
        assert 2**EXACT_QUERIES < PERMUTATIONS < 2 ** (EXACT_QUERIES + 1)

    def test_agrees_with_scipys_exact_test(self):
        first, second = np.random.default_rng(0).random((2, 9))
        theirs = stats.permutation_test(
            (first, second), lambda a, b: np.mean(a - b), permutation_type="samples", n_resamples=np.inf
        )
        assert sign_flip_test((first - second)[:, None])[0] == pytest.approx(theirs.pvalue)

    def test_random_patterns_approach_the_enumeration(self, monkeypatch):
        differences = np.random.default_rng(5).normal(0.3, 1, size=(EXACT_QUERIES, 2))
        exact = sign_flip_test(differences)
        monkeypatch.setattr("s5vh.retrieval.uncertainty.EXACT_QUERIES", 0)
        assert sign_flip_test(differences) == pytest.approx(exact, abs=0.015)

    def test_blocks_of_patterns_change_nothing(self, monkeypatch):
        # 17 queries take 3 bytes; blocks of 8 patterns draw the same bytes in the same order.
        differences = np.random.default_rng(8).normal(0.2, 1, size=(17, 3))
        whole = sign_flip_test(differences, 500)
        monkeypatch.setattr("s5vh.retrieval.uncertainty._BLOCK", 17 * 8)
        np.testing.assert_array_equal(sign_flip_test(differences, 500), whole)

    def test_the_observed_pattern_counts_as_one(self):
        # Random patterns never reach 40 equal signs, so what is left is the observed one.
        assert sign_flip_test(np.ones((40, 1)), 19)[0] == pytest.approx(1 / 20)
        assert sign_flip_test(np.ones((40, 1)))[0] == pytest.approx(1 / 10_000)

    def test_thirteen_queries_are_the_last_to_be_enumerated(self):
        # Only the pattern as observed and its opposite are as extreme; a single random pattern gives 1/2 or 1.
        assert sign_flip_test(np.ones((13, 1)), 1)[0] == 2 / 2**13
        assert sign_flip_test(np.ones((14, 1)), 1)[0] in (1 / 2, 1)

    def test_both_sides_count(self):
        # Of the 8 patterns of 1, 2 and 4 the sums are odd from -7 to 7: 7 is reached twice, 5 or more four times.
        p = sign_flip_test(np.array([[1, -1], [2, 2], [4, 4]], float))
        assert p.tolist() == [2 / 8, 4 / 8]
        assert EXACT_QUERIES == 13 and PERMUTATIONS == 9_999

    def test_ends_of_the_scale(self):
        clear, none = np.full(200, 0.1), np.zeros(200)
        p = sign_flip_test(np.stack([clear, none, -clear], axis=1))
        assert p.tolist() == [1 / (PERMUTATIONS + 1), 1.0, 1 / (PERMUTATIONS + 1)]

    def test_errs_as_often_as_it_says(self):
        # 500 comparisons of methods that are equal: p below 0.05 in about 25 of them.
        generator = np.random.default_rng(6)
        differences = generator.beta(0.3, 1, size=(60, 500)) - generator.beta(0.3, 1, size=(60, 500))
        assert 0.02 < (sign_flip_test(differences, 999) < 0.05).mean() < 0.08


class TestHolm:
    def test_by_hand(self):
        # Sorted 0.01, 0.02, 0.03, 0.2 times 4, 3, 2, 1 is 0.04, 0.06, 0.06, 0.2.
        assert holm([0.03, 0.2, 0.01, 0.02]) == pytest.approx([0.06, 0.2, 0.04, 0.06])

    def test_tests_that_were_not_made_do_not_count(self):
        found = holm([np.nan, 0.02, 0.04])
        assert np.isnan(found[0]) and found[1:] == pytest.approx([0.04, 0.04])
        assert np.isnan(holm([np.nan])).all() and len(holm([])) == 0

    @given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=20))
    def test_invariants(self, p_values):
        found, given_ = holm(p_values), np.array(p_values)
        assert (found >= given_).all() and (found <= np.minimum(given_ * len(given_), 1) + 1e-15).all()
        order = np.argsort(given_, kind="stable")
        assert (np.diff(found[order]) >= 0).all()


class TestFile:
    def test_keeps_what_was_written(self, tmp_path):
        ap = np.random.default_rng(0).random((7, 2))
        written = {"published": result(ap, (1, 5)), "my/own": result(ap[:, :1], (3,))}
        write_query_scores(tmp_path / "ap.npz", written, "abc")
        read = read_query_scores(tmp_path / "ap.npz", ["my/own"])
        assert read.cutoffs == {"published": (1, 5), "my/own": (3,)} and read.videos == "abc"
        assert read.average_precision["published"].dtype == np.float32
        np.testing.assert_array_equal(read.average_precision["published"], ap.astype(np.float32))

    def test_wrong_files(self, tmp_path):
        path = tmp_path / "ap.npz"
        with pytest.raises(UserError, match=r"ap\.npz: no such file"):
            read_query_scores(path)
        path.write_bytes(b"PK")
        with pytest.raises(UserError, match="is a text file, not a file of query scores"):
            read_query_scores(path)
        np.savez(path, database=np.zeros(3))
        with pytest.raises(UserError, match="not a readable file of query scores"):
            read_query_scores(path)
        write_query_scores(path, {"a": result(np.ones((2, 1)), (1,))}, "x")
        with pytest.raises(UserError) as error:
            read_query_scores(path, ["b"])
        assert str(error.value) == f"{path}: no scores for protocol 'b'; evaluate the cell again"

    def test_digest_sees_names_order_and_labels(self):
        labels = [np.eye(3), np.eye(3)]
        ids = [["a", "b", "c"], ["d", "e", "f"]]
        found = {
            videos_digest(ids, labels),
            videos_digest(ids[::-1], labels),
            videos_digest([["b", "a", "c"], ids[1]], labels),
            videos_digest(ids, [np.eye(3)[::-1], np.eye(3)]),
            videos_digest(ids, [np.eye(3), np.eye(3)[:, :2]]),
        }
        assert len(found) == 5
        assert videos_digest(ids, [rows.astype(np.uint8) for rows in labels]) in found
