"""The released code's search for hash centers: measured facts about it, its parts against slow forms, its limit."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from center_problems import slow_best_center
from hypothesis import given, settings
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.centers import released_search as released
from s5vh.centers.baselines import hadamard_centers
from s5vh.centers.centers_file import read_centers
from s5vh.centers.objective import objective, signs
from s5vh.centers.released_search import (
    ReleasedOptions,
    best_center,
    hadamard_start,
    margin,
    released_centers,
    separation_score,
    wanted_products,
)
from s5vh.centers.solve import solve
from s5vh.centers.statistics import similarity_correlation
from s5vh.studies.solver_study import hierarchical_similarity, study_solver

# Few and long steps of the penalty: the way of a thousand short ones is chaotic, so that rounding decides its end.
COARSE = ReleasedOptions(growth=1.5, inner_iterations=3)


def test_small_problem_never_leaves_its_hadamard_start_as_measured():
    """The released program itself gave 3684 on this W, exactly its start, and a correlation of 0.04."""
    W = hierarchical_similarity(20)
    solution = solve(W, 16, "released")
    np.testing.assert_array_equal(solution.centers, hadamard_centers(20, 16))
    assert round(solution.statistics["objective"]) == 3684
    assert round(solution.statistics["correlation"], 2) == 0.04
    # The first sweep is always kept, and five that are no better end the search.
    assert (solution.statistics["sweeps"], solution.statistics["limit_reached"]) == (6, None)
    assert (solution.statistics["seed"], solution.statistics["seconds_limit"]) == (80, 120.0)
    np.testing.assert_allclose(solution.objective_trace, 3684.434, atol=1e-3)


def test_start_of_the_largest_measured_problem():
    """The released program gave 1,286,603 at 100 centers of 64 bits, again its start, with a correlation of 0.02."""
    W, start = hierarchical_similarity(100), hadamard_start(100, 64)
    assert round(objective(start, W)) == 1_286_603
    assert round(similarity_correlation(start, W), 2) == 0.02


@settings(deadline=None, max_examples=25)
@given(st.integers(3, 20), st.integers(2, 12), st.integers(0, 10_000))
def test_one_center_as_written_down_plainly(clusters, bits, seed):
    random = np.random.default_rng(seed)
    centers = signs(random.standard_normal((clusters, bits)))
    others = centers[1:].astype(np.float64)
    target = wanted_products(random.uniform(-1, 1, clusters - 1), bits)
    multipliers = random.random(bits), random.random(bits), random.random(clusters - 1)
    largest_product = float(bits - 2 * margin(clusters, bits))
    copies = [values.copy() for values in multipliers]
    options = ReleasedOptions(growth=4.0, inner_iterations=2, candidates=20)
    found = best_center(centers[0], others, target, largest_product, multipliers, options)
    expected = slow_best_center(centers[0], others, target, largest_product, multipliers, options)
    np.testing.assert_array_equal(found, expected)
    for values, copy in zip(multipliers, copies, strict=True):
        np.testing.assert_array_equal(values, copy)


def test_replaced_centers_are_as_written_down_plainly():
    W, bits = hierarchical_similarity(40), 8
    centers, draws = hadamard_start(40, bits), np.random.RandomState(80)
    largest_product, replaced = float(bits - 2 * margin(40, bits)), 0
    for i in range(12):
        others, target = np.delete(centers, i, 0).astype(np.float64), wanted_products(np.delete(W[i], i), bits)
        multipliers = draws.rand(bits), draws.rand(bits), draws.rand(39)
        found = best_center(centers[i], others, target, largest_product, multipliers, COARSE)
        np.testing.assert_array_equal(
            found, slow_best_center(centers[i], others, target, largest_product, multipliers, COARSE)
        )
        replaced += not np.array_equal(found, centers[i])
        centers[i] = found
    assert replaced >= 6


@given(st.integers(1, 2000), st.integers(1, 40))
def test_margin_is_where_balls_first_hold_their_share_of_all_codes(clusters, bits):
    distance = margin(clusters, bits)
    held = [sum(comb(bits, j) for j in range(d)) for d in (distance - 1, distance)]
    assert held[0] * clusters < 2**bits <= held[1] * clusters


def test_score_by_hand():
    centers = np.array([[1, 1, 1, 1], [1, 1, -1, -1], [-1, -1, -1, 1]], dtype=np.int8)
    W = np.array([[1.0, 0.5, -0.25], [0.5, 1.0, 0.0], [-0.25, 0.0, 1.0]])
    wanted = 0.0
    for i, j in combinations(range(3), 2):
        wanted += np.count_nonzero(centers[i] != centers[j]) / 9 + W[i, j] - centers[i] @ centers[j] / 4
    assert separation_score(centers, W) == pytest.approx(wanted)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=9), st.integers(1, 64))
def test_targets_span_all_inner_products(similarities, bits):
    targets = wanted_products(np.array(similarities), bits)
    if np.ptp(similarities) == 0:
        assert (targets == 0).all()
    else:
        assert (targets.min(), targets.max()) == pytest.approx((-bits, bits))
        order = np.argsort(similarities, kind="stable")
        assert (np.diff(targets[order]) >= 0).all()


def test_rows_beyond_the_hadamard_ones_are_half_filled():
    start = hadamard_start(40, 16)
    np.testing.assert_array_equal(start[:32], hadamard_centers(32, 16))
    assert (start[32:].sum(axis=1) == 0).all()
    assert len(np.unique(start[32:], axis=0)) == 8
    assert not np.array_equal(start[32:], hadamard_start(40, 16, seed=81)[32:])
    assert (hadamard_start(5, 12).sum(axis=1) == 0).all()  # there is no Hadamard matrix of this size here


def test_search_spreads_the_centers_and_only_later_sets_that_score_higher_are_kept():
    W = hierarchical_similarity(40)
    options = ReleasedOptions(growth=1.5, inner_iterations=3, sweeps=4)
    result = released_centers(W, 8, options=options)
    assert separation_score(result.centers, W) > separation_score(hadamard_start(40, 8), W)
    assert (len(result.objective_trace), result.sweeps) == (4, 4) and not result.limit_reached
    first = released_centers(W, 8, options=ReleasedOptions(growth=1.5, inner_iterations=3, sweeps=1))
    assert first.objective_trace[0] == result.objective_trace[0] == objective(first.centers, W)
    assert separation_score(result.centers, W) >= separation_score(first.centers, W)
    np.testing.assert_array_equal(result.centers, released_centers(W, 8, options=options).centers)
    assert not np.array_equal(result.centers, released_centers(W, 8, 81, options).centers)


class Clock:
    """A clock that moves on by one second each time it is read."""

    def __init__(self):
        self.now = -1.0

    def __call__(self):
        self.now += 1.0
        return self.now


def test_limit_of_time_gives_the_best_so_far_and_says_so(monkeypatch):
    W = hierarchical_similarity(40)
    monkeypatch.setattr(released.time, "monotonic", Clock())
    result = released_centers(W, 8, options=ReleasedOptions(growth=1.5, inner_iterations=3, seconds=7.0))
    assert result.limit_reached and result.sweeps == 0
    start = hadamard_start(40, 8)
    # The clock is read after each center: seven were visited.
    np.testing.assert_array_equal(result.centers[7:], start[7:])
    assert not np.array_equal(result.centers[:7], start[:7])
    assert result.objective_trace.tolist() == [objective(result.centers, W)]

    monkeypatch.setattr(released.time, "monotonic", Clock())
    full = solve(W, 8, "released", growth=1.5, inner_iterations=3, seconds=100.0)
    assert (full.statistics["limit_reached"], full.statistics["sweeps"]) == ("seconds", 2)

    monkeypatch.setattr(released.time, "monotonic", Clock())
    last = released_centers(W, 8, options=ReleasedOptions(growth=1.5, inner_iterations=3, sweeps=1, seconds=40.0))
    assert last.sweeps == 1 and not last.limit_reached  # it was over with the last center anyway


def test_one_and_two_centers_and_clusters_that_are_all_alike():
    assert solve(np.ones((1, 1)), 4, "released").centers.tolist() == [[1, 1, 1, 1]]
    for W in (np.eye(2), np.ones((5, 5))):
        centers = solve(W, 8, "released", sweeps=1).centers
        assert centers.shape == (len(W), 8) and np.isin(centers, (-1, 1)).all()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("seconds", 0, "released solver's option seconds is 0; must be positive"),
        ("growth", 1.0, "released solver's option growth is 1.0; must be greater than 1"),
        ("largest_penalty", 1e-6, "released solver's option largest_penalty is 1e-06; must be at least the penalty"),
        ("sweeps", 0, "released solver's option sweeps is 0; must be at least 1"),
    ],
)
def test_options_are_checked(field, value, message):
    with pytest.raises(UserError) as error:
        ReleasedOptions(**{field: value})
    assert str(error.value) == message


def test_made_up_similarity_is_hierarchical():
    W = hierarchical_similarity(30)
    same = np.equal.outer(np.arange(30) % 10, np.arange(30) % 10)
    np.testing.assert_allclose(W, W.T)
    np.testing.assert_allclose(np.diag(W), 1)
    assert W[same & ~np.eye(30, dtype=bool)].min() > 0.3 > 0.25 > np.abs(W[~same]).max()
    np.testing.assert_allclose(hierarchical_similarity(20), W[:20, :20])
    assert not np.allclose(hierarchical_similarity(20, seed=8), W[:20, :20])
    with pytest.raises(UserError) as error:
        hierarchical_similarity(0)
    assert str(error.value) == "synthetic similarity: clusters is 0; must be at least 1"


def test_study_of_a_solver_is_the_solver_on_made_up_clusters(tmp_path):
    W = hierarchical_similarity(12, seed=3)
    for solver, options in (("admm-plain", {}), ("released", {"seconds": 50, "sweeps": 1}), ("hadamard", {})):
        solution = study_solver(12, 8, solver, 3, output=tmp_path / f"{solver}.h5", **options)
        np.testing.assert_array_equal(solution.centers, solve(W, 8, solver, **options).centers)
        stored = read_centers(tmp_path / f"{solver}.h5")
        np.testing.assert_array_equal(stored.centers, solution.centers)
        assert stored.statistics == solution.statistics
