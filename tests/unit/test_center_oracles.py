"""Refinement and the released code's search as plain loops that recompute everything; small settings of solvers."""

from __future__ import annotations

import random
from dataclasses import asdict

import numpy as np
import pytest
from center_problems import random_problem, slow_best_center

from s5vh.base.errors import UserError
from s5vh.centers.baselines import bernoulli_centers, hadamard_centers, random_centers, sylvester_rows
from s5vh.centers.objective import flip_gains, objective, objective_and_gradient, objective_parts, signs
from s5vh.centers.polish import RefineOptions, _State, flip_descent, refine
from s5vh.centers.released_search import (
    ReleasedOptions,
    hadamard_start,
    margin,
    released_centers,
    separation_score,
    wanted_products,
)
from s5vh.centers.solve import checked_similarity, solve
from s5vh.centers.statistics import center_statistics, collapse, pairwise_distances, similarity_correlation


def slow_objective(centers, W):
    """Equation 11, a pair at a time."""
    bits = centers.shape[1]
    total = 0.0
    for i, one in enumerate(centers.astype(float)):
        for j, other in enumerate(centers.astype(float)):
            total += (one @ other - bits * W[i, j]) ** 2 + 0.5 * one @ other
    return total


def slow_sweep(centers, W, order, thresholds):
    """Propose every bit of the centers in this order; row n of `thresholds` belongs to the n-th center of the order."""
    accepted = 0
    for n, i in enumerate(order):
        for k in range(centers.shape[1]):
            flipped = centers.copy()
            flipped[i, k] *= -1
            if slow_objective(flipped, W) - slow_objective(centers, W) < thresholds[n, k]:
                centers, accepted = flipped, accepted + 1
    return centers, accepted


def slow_descent(centers, W):
    accepted = 1
    while accepted:
        centers, accepted = slow_sweep(centers, W, range(len(W)), np.full(centers.shape, -1e-6))
    return centers


# --- objective and refinement ----------------------------------------------------------------------


def test_objective_of_real_values_is_the_sum_over_pairs():
    W = random_problem(5, 3, 1)[1]
    values = np.random.default_rng(0).standard_normal((5, 3))
    parts = objective_parts(values, W)
    assert parts.objective == pytest.approx(slow_objective(values, W)) == pytest.approx(objective(values, W))
    assert parts.balance_term == pytest.approx(0.5 * np.sum(values @ values.T))
    assert objective_and_gradient(values, 3 * W)[0] == pytest.approx(parts.objective)


@pytest.mark.parametrize("seed", range(4))
def test_a_sweep_flips_what_a_plain_one_does(seed):
    centers, W = random_problem(5, 4, seed)
    draws = np.random.default_rng(seed)
    # Some proposals of each center stay above, some below their thresholds.
    order, thresholds = draws.permutation(5), draws.uniform(-40, 60, (5, 4))
    state = _State(centers, W)
    accepted = state.sweep(order, thresholds)
    expected, flips = slow_sweep(centers, W, order, thresholds)
    np.testing.assert_array_equal(state.centers, expected)
    assert accepted == flips > 0
    again = state.sweep(order[::-1], thresholds)
    expected, flips = slow_sweep(expected, W, order[::-1], thresholds)
    np.testing.assert_array_equal(state.centers, expected)
    assert again == flips


@pytest.mark.parametrize("seed", range(4))
def test_descent_is_the_plain_one(seed):
    centers, W = random_problem(6, 4, seed)
    np.testing.assert_array_equal(flip_descent(centers, W), slow_descent(centers, W))


def test_flips_that_change_nothing_are_not_made():
    # Two centers of two bits: flipping one bit of a pair of orthogonal centers only turns the pair.
    W = np.array([[1.0, 0.25], [0.25, 1.0]])
    for k in range(16):
        centers = signs(np.array([k & 1, k & 2, k & 4, k & 8]) - 0.5).reshape(2, 2)
        found, expected = flip_descent(centers, W), slow_descent(centers, W)
        np.testing.assert_array_equal(found, expected)
        state = _State(expected, W)
        state.descend()
        np.testing.assert_array_equal(state.centers, expected)


def test_annealing_is_the_plain_one():
    centers, W = random_problem(6, 5, 45)
    best = slow_descent(centers, W)
    objectives = [slow_objective(best, W)]
    for chain in range(3):
        draws, now = np.random.default_rng([5, chain]), centers
        for temperature in (3.0 * 6, 1.0 * 6):
            thresholds = temperature * draws.standard_exponential((6, 5))
            now, _ = slow_sweep(now, W, draws.permutation(6), thresholds)
        now = slow_descent(now, W)
        if slow_objective(now, W) < slow_objective(best, W) - 1e-9:
            best = now
        objectives.append(slow_objective(best, W))
        options = RefineOptions(sweeps=2, hot=3.0, cold=1.0, chains=chain + 1)
        np.testing.assert_array_equal(refine(centers, W, 5, options), best)
    assert (np.diff(objectives) < -1).all()  # every chain of this problem finds better centers than those before it


def test_refinement_defaults():
    assert asdict(RefineOptions()) == {"sweeps": None, "hot": 0.6, "cold": 0.2, "chains": None, "budget": 3e7}
    assert [len(RefineOptions().temperatures(clusters)) for clusters in (49, 51, 60)] == [1000, 1020, 1200]
    few, many = RefineOptions(sweeps=2).temperatures(50), RefineOptions(sweeps=2, hot=3.0, cold=1.0).temperatures(400)
    assert few == pytest.approx([30.0, 10.0]) and many == pytest.approx([600.0, 200.0])
    options = RefineOptions(sweeps=10, budget=6000.0)
    assert [options.number_of_chains(*size) for size in ((5, 4), (10, 20), (30, 40), (1, 2))] == [30, 3, 1, 32]
    centers, W = random_problem(5, 4, 3)
    same = refine(centers, W, 1, RefineOptions(sweeps=4))
    np.testing.assert_array_equal(refine(centers, W, options=RefineOptions(sweeps=4)), same)


# --- the released code's search --------------------------------------------------------------------


def slow_released(W, bits, seed, options):
    """The search written down plainly, without a time limit."""
    clusters = len(W)
    draws, centers = np.random.RandomState(seed), hadamard_start(clusters, bits, seed)
    bound = float(bits - 2 * margin(clusters, bits))
    best, score, useless, trace = centers.copy(), -np.inf, 0, []
    while len(trace) < options.sweeps and useless < options.patience:
        for i in range(clusters):
            others = [j for j in range(clusters) if j != i]
            multipliers = draws.rand(bits), draws.rand(bits), draws.rand(clusters - 1)
            target = wanted_products(W[i, others], bits)
            centers[i] = slow_best_center(
                centers[i], centers[others].astype(float), target, bound, multipliers, options
            )
        trace.append(slow_objective(centers, W))
        useless += 1
        if separation_score(centers, W) > score:
            best, score, useless = centers.copy(), separation_score(centers, W), 0
    return best, trace


@pytest.mark.parametrize(("sweeps", "patience", "seed"), [(2, 5, 3), (9, 2, 80), (9, 1, 4)])
def test_search_is_the_plain_one(sweeps, patience, seed):
    W = random_problem(9, 4, 6)[1]
    options = ReleasedOptions(penalty=1e-3, growth=4.0, largest_penalty=1e6, inner_iterations=2, candidates=3,
                              agreement=0.5, dual_step=1.2, sweeps=sweeps, patience=patience)  # fmt: skip
    found = released_centers(W, 4, seed, options)
    best, trace = slow_released(W, 4, seed, options)
    np.testing.assert_array_equal(found.centers, best)
    np.testing.assert_allclose(found.objective_trace, trace)
    assert found.sweeps == len(trace) and not found.limit_reached
    assert (len(trace) < sweeps) == (patience < 5)


def test_released_defaults_are_those_of_the_released_code():
    assert asdict(ReleasedOptions()) == {
        "penalty": 5e-5, "growth": 1.07, "largest_penalty": 1e9, "inner_iterations": 10, "candidates": 100,
        "agreement": 1.0, "dual_step": (1 + 5**0.5) / 2, "sweeps": 20, "patience": 5, "seconds": 120.0,
    }  # fmt: skip


def test_rows_beyond_the_hadamard_ones_are_drawn_ten_times():
    generator = random.Random(80)
    for _ in range(10):
        rows = [generator.sample(range(4), 2) for _ in range(3)]
    expected = np.ones((3, 4), int)
    for row, chosen in zip(expected, rows, strict=True):
        row[chosen] = -1
    np.testing.assert_array_equal(hadamard_start(11, 4)[8:], expected)


def test_targets_by_hand():
    np.testing.assert_allclose(wanted_products(np.array([0.1, 0.5, 0.2]), 8), [-8, 8, -4])


# --- baselines, statistics, checks -----------------------------------------------------------------


def test_hadamard_rows_by_hand():
    rows = [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]
    np.testing.assert_array_equal(sylvester_rows(4), np.concatenate([rows, -np.array(rows)]))
    np.testing.assert_array_equal(hadamard_centers(6, 4), sylvester_rows(4)[:6])
    assert sylvester_rows(6).shape == (0, 6) and sylvester_rows(4).dtype == np.int8


def test_random_baselines_are_those_of_their_seed():
    drawn = np.random.default_rng(3).integers(0, 2, (4, 5))
    np.testing.assert_array_equal(bernoulli_centers(4, 5, 3), 2 * drawn - 1)
    assert not np.array_equal(random_centers(4, 8, 3), random_centers(4, 8, 4))
    for baseline in (bernoulli_centers, random_centers):
        np.testing.assert_array_equal(baseline(4, 5), baseline(4, 5, 1))
        assert baseline(4, 5).dtype == np.int8
    assert (random_centers(50, 7).sum(axis=1) == 3 - 4).all()
    assert abs(random_centers(400, 8, 2).mean(axis=0)).max() < 0.2  # at random positions
    for name in ("hadamard", "random", "bernoulli"):
        assert solve(np.eye(20), 8, name).statistics["seed"] == 1
    np.testing.assert_array_equal(solve(np.eye(20), 8, "bernoulli", 6).centers, bernoulli_centers(20, 8, 6))
    np.testing.assert_array_equal(solve(np.eye(20), 8, "random", 6).centers, random_centers(20, 8, 6))


def test_seconds_are_those_of_the_clock(monkeypatch):
    ticks = iter([10.0, 12.5])
    monkeypatch.setattr("s5vh.centers.solve.time.perf_counter", lambda: next(ticks))
    assert solve(np.eye(3), 4, "bernoulli").statistics["seconds"] == 2.5


def test_distances_are_listed_by_pairs():
    centers = np.array([[1, 1, 1], [1, 1, -1], [-1, -1, -1]])
    assert pairwise_distances(centers).tolist() == [1, 3, 2]
    assert pairwise_distances(centers).dtype == np.int64
    statistics = center_statistics(centers[[0, 1, 2, 1, 1]], np.eye(5))
    assert (statistics["distinct_centers"], statistics["coincident_pairs"], statistics["bits"]) == (3, 3, 3)


def test_correlation_needs_two_pairs_that_differ():
    centers = np.array([[1, 1, 1], [1, 1, -1], [-1, -1, -1]])
    assert similarity_correlation(centers[:2], np.eye(2)) is None
    assert similarity_correlation(centers, np.full((3, 3), 0.3)) is None
    assert similarity_correlation(centers[[0, 0, 0]], np.arange(9.0).reshape(3, 3)) is None
    W = np.array([[0, 0.9, 0.1], [0, 0, 0.2], [0, 0, 0]])
    expected = np.corrcoef([1, -3, -1], [0.9, 0.1, 0.2])[0, 1]
    assert similarity_correlation(centers, W) == pytest.approx(expected)


def test_centers_collapse_below_four_fifths_of_what_could_differ():
    assert collapse(80, 100, 16) == collapse(4, 100, 2) == ""
    assert collapse(79, 100, 16) == "only 79 of 100 hash centers of 16 bits are distinct"
    assert collapse(3, 100, 2) == "only 3 of 100 hash centers of 2 bits are distinct"


def test_similarity_is_checked_and_made_symmetric():
    W = np.array([[1.0, 0.5], [0.5 + 5e-7, 1.0]])
    checked = checked_similarity(W)
    assert checked[0, 1] == checked[1, 0] == (W[0, 1] + W[1, 0]) / 2 and (np.diag(checked) == 1).all()
    checked_similarity(100 * np.array([[1.0, 0.5], [0.5 + 5e-7, 1.0]]))  # relative to its largest entry
    with pytest.raises(UserError, match="is not symmetric"):
        checked_similarity(np.array([[1.0, 0.5], [0.5 + 2e-6, 1.0]]))
    for shape in ((0, 0), (3,), (2, 2, 2)):
        with pytest.raises(UserError, match="expected a square"):
            checked_similarity(np.ones(shape))


@pytest.mark.parametrize("wrong", [{"bits": True}, {"bits": -1}, {"seed": True}, {"seed": 1.0}])
def test_sizes_and_seeds_are_integers(wrong):
    with pytest.raises(UserError, match=f"^{next(iter(wrong))} is "):
        solve(**({"W": np.eye(2), "bits": 4, "solver": "random"} | wrong))
    solution = solve(np.eye(2), np.int64(1), "random", np.int32(0))
    assert solution.centers.shape == (2, 1) and solution.statistics["seed"] == 0


def test_gains_of_flips_do_not_depend_on_the_diagonal_of_w():
    rng = np.random.default_rng(8)
    centers = np.where(rng.standard_normal((5, 4)) > 0, 1.0, -1.0)
    W = rng.uniform(-1, 1, (5, 5))
    W = (W + W.T) / 2  # no ones on the diagonal
    found = flip_gains(centers, W)
    for i in range(5):
        for k in range(4):
            flipped = centers.copy()
            flipped[i, k] *= -1
            assert found[i, k] == pytest.approx(slow_objective(flipped, W) - slow_objective(centers, W))


def test_later_rows_of_the_start_have_half_of_an_odd_number_rounded_down():
    start = hadamard_start(9, 5)
    assert ((start == -1).sum(axis=1)[len(sylvester_rows(5)) :] == 2).all() and len(sylvester_rows(5)) < 9
