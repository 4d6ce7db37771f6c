"""Hash centers: the objective against golden vectors, the ADMM and the refinement against bounds."""

from __future__ import annotations

import numpy as np
import pytest
from center_problems import PROBLEMS, golden, random_problem, sizes
from hypothesis import given, settings
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.centers import objective as objectives
from s5vh.centers.admm import AdmmOptions, lp_box_admm, phi_step, project_box, project_sphere
from s5vh.centers.objective import flip_gains, objective, objective_and_gradient, objective_parts, signs
from s5vh.centers.polish import RefineOptions, _State, flip_descent, refine
from s5vh.centers.solve import solve
from s5vh.centers.statistics import pairwise_distances

# --- objective -------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", PROBLEMS)
def test_objective_and_its_parts_match_golden(problem):
    data = golden(problem)
    for n, centers in enumerate(data["random_binary"]):
        parts = objective_parts(centers, data["W"])
        assert parts.objective == pytest.approx(data["objective_at_random_binary"][n], rel=1e-9)
        assert parts.similarity_term == pytest.approx(data["similarity_term_at_random_binary"][n], rel=1e-9)
        assert parts.balance_term == pytest.approx(data["balance_term_at_random_binary"][n], rel=1e-9)
    assert objective(data["best_binary"], data["W"]) == pytest.approx(data["best_objective"], rel=1e-9)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_gradient_matches_golden(problem):
    data = golden(problem)
    for n, centers in enumerate(data["random_real"]):
        value, gradient = objective_and_gradient(centers.astype(float), centers.shape[1] * data["W"])
        expected = data["gradient_at_random_real"][n]
        assert value == pytest.approx(data["objective_at_random_real"][n], rel=1e-9)
        np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())


@pytest.mark.parametrize("problem", PROBLEMS)
def test_flip_gains_match_golden(problem):
    data = golden(problem)
    expected = data["objective_change_of_each_single_flip_at_random_binary_0"]
    gains = flip_gains(data["random_binary"][0], data["W"])
    np.testing.assert_allclose(gains, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())


@given(sizes)
def test_flip_gains_are_differences_of_the_objective(size):
    centers, W = random_problem(*size)
    gains = flip_gains(centers, W)
    before = objective(centers, W)
    for i, k in np.ndindex(centers.shape):
        flipped = centers.copy()
        flipped[i, k] *= -1
        assert objective(flipped, W) - before == pytest.approx(gains[i, k], abs=1e-8 * (1 + before))


@given(sizes)
def test_gradient_agrees_with_finite_differences(size):
    _, W = random_problem(*size)
    random = np.random.default_rng(size[2])
    centers, direction = random.standard_normal((2, *size[:2]))
    _, gradient = objective_and_gradient(centers.astype(float), centers.shape[1] * W)
    step = 1e-4
    difference = objective(centers + step * direction, W) - objective(centers - step * direction, W)
    expected = np.vdot(gradient, direction)
    assert difference / (2 * step) == pytest.approx(expected, rel=1e-5, abs=1e-3)


@given(sizes)
def test_objective_ignores_order_and_sign_of_columns(size):
    centers, W = random_problem(*size)
    random = np.random.default_rng(size[2])
    bits = centers.shape[1]
    turned = centers[:, random.permutation(bits)] * random.choice([-1, 1], bits)
    assert objective(turned, W) == pytest.approx(objective(centers, W), rel=1e-12, abs=1e-9)


def test_sign_of_zero_is_plus_one():
    result = signs(np.array([-0.0, 0.0, -1e-300, 2.0]))
    assert result.tolist() == [1, 1, -1, 1]
    assert result.dtype == np.int8


# --- ADMM ------------------------------------------------------------------------------------------


@given(sizes)
def test_projections_are_idempotent_and_meet_in_the_signs(size):
    random = np.random.default_rng(size[2])
    values = random.standard_normal(size[:2]) * 3
    assert np.linalg.norm(project_sphere(values)) == pytest.approx(np.sqrt(values.size))
    np.testing.assert_allclose(project_sphere(project_sphere(values)), project_sphere(values))
    np.testing.assert_array_equal(project_box(project_box(values)), project_box(values))
    code = signs(values).astype(np.float64)
    np.testing.assert_array_equal(project_box(code), code)
    np.testing.assert_allclose(project_sphere(code), code, rtol=1e-12)
    np.testing.assert_array_equal(project_sphere(np.zeros((2, 2))), np.ones((2, 2)))


def test_phi_step_ends_where_its_gradient_vanishes():
    _, W = random_problem(6, 4, 0)
    start, linear = np.random.default_rng(1).standard_normal((2, 6, 4))
    phi = phi_step(start, W, mu=3.0, linear=linear, most=500)
    stationary = objective_and_gradient(phi, phi.shape[1] * W)[1] + 2 * 3.0 * phi + linear
    assert np.abs(stationary).max() < 1e-2
    assert np.abs(objective_and_gradient(start, start.shape[1] * W)[1] + 6.0 * start + linear).max() > 1


@pytest.mark.parametrize("problem", PROBLEMS)
def test_plain_admm_lands_below_the_median_of_random_restart_descent(problem):
    data = golden(problem)
    solution = solve(data["W"], PROBLEMS[problem], "admm-plain", seed=1)
    assert solution.statistics["objective"] < data["restart_median"]
    assert solution.statistics["converged"]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_refined_admm_lands_within_a_tenth_of_the_best_known(problem):
    data = golden(problem)
    solution = solve(data["W"], PROBLEMS[problem], seed=1)
    assert solution.statistics["objective"] < 1.1 * data["best_objective"]
    assert solution.statistics["objective"] < solution.statistics["admm_objective"]
    assert flip_gains(solution.centers, data["W"]).min() > -1e-3


def test_admm_residuals_fall_below_the_tolerance_and_the_trace_ends_at_the_answer():
    W = golden("C12_K8")["W"]
    result = lp_box_admm(W, 8, seed=2)
    for residual in (result.residual_box_trace, result.residual_sphere_trace):
        assert len(residual) == len(result.objective_trace) < AdmmOptions().iterations
        assert residual[-1] < AdmmOptions().tolerance < 0.05 * residual.max()
    assert result.converged
    assert result.objective_trace[-1] == objective(result.centers, W)


def test_admm_says_when_it_did_not_converge():
    result = lp_box_admm(golden("C12_K8")["W"], 8, options=AdmmOptions(iterations=3))
    assert not result.converged
    assert len(result.objective_trace) == len(result.residual_box_trace) == 3


def test_admm_parts_clusters_that_look_the_same():
    centers = solve(np.zeros((4, 4)), 8).centers
    assert pairwise_distances(centers).tolist() == [4] * 6


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("penalty", 0, "ADMM option penalty is 0; must be positive"),
        ("step", -1.0, "ADMM option step is -1.0; must be positive"),
        ("growth", 0.9, "ADMM option growth is 0.9; must be at least 1"),
        ("iterations", 0, "ADMM option iterations is 0; must be at least 1"),
    ],
)
def test_admm_options_are_checked(field, value, message):
    with pytest.raises(UserError) as error:
        AdmmOptions(**{field: value})
    assert str(error.value) == message


# --- polishing -------------------------------------------------------------------------------------


@settings(deadline=None)
@given(sizes)
def test_descent_never_raises_the_objective_and_ends_in_a_local_minimum(size):
    centers, W = random_problem(*size)
    polished = flip_descent(centers, W)
    assert objective(polished, W) <= objective(centers, W)
    assert flip_gains(polished, W).min() > -1e-5
    assert polished.dtype == np.int8 and np.isin(polished, (-1, 1)).all()


@settings(deadline=None, max_examples=30)
@given(sizes, st.integers(1, 3))
def test_refinement_is_never_worse_than_descent_nor_with_more_chains(size, chains):
    centers, W = random_problem(*size)
    few = refine(centers, W, size[2], RefineOptions(sweeps=5, hot=5.0, cold=1.0, chains=chains))
    more = refine(centers, W, size[2], RefineOptions(sweeps=5, hot=5.0, cold=1.0, chains=chains + 1))
    assert objective(more, W) <= objective(few, W) <= objective(flip_descent(centers, W), W)


def test_annealing_finds_better_centers_than_descent():
    data = golden("C30_K16")
    start = data["random_binary"][0]
    annealed = refine(start, data["W"], options=RefineOptions(sweeps=200, chains=2))
    assert objective(annealed, data["W"]) < 0.95 * objective(flip_descent(start, data["W"]), data["W"])


def test_refinement_without_sweeps_is_descent():
    centers, W = random_problem(9, 7, 3)
    np.testing.assert_array_equal(refine(centers, W, options=RefineOptions(sweeps=0)), flip_descent(centers, W))


def test_incremental_descent_leaves_the_true_optimum_alone():
    data = golden("C12_K8")
    np.testing.assert_array_equal(flip_descent(data["best_binary"], data["W"]), data["best_binary"])


@settings(deadline=None, max_examples=30)
@given(sizes)
def test_a_sweep_keeps_its_sums_and_changes_the_objective_as_promised(size):
    centers, W = random_problem(*size)
    state = _State(centers, W)
    random = np.random.default_rng(size[2])
    for _ in range(3):
        before = state.centers
        bound = random.uniform(0.0, 100.0)
        accepted = state.sweep(random.permutation(len(W)), np.full(centers.shape, bound))
        assert accepted == np.count_nonzero(before != state.centers)
        assert objective(state.centers, W) <= objective(before, W) + accepted * bound + 1e-6
        fresh = _State(state.centers, W)
        for name in ("codes", "gram", "pulls", "column_sums"):
            np.testing.assert_allclose(getattr(state, name), getattr(fresh, name), atol=1e-9, err_msg=name)


def test_chains_shrink_with_the_problem():
    options = RefineOptions()
    assert options.number_of_chains(12, 8) == 32
    assert options.number_of_chains(100, 64) == 2
    assert options.number_of_chains(450, 64) == 1
    assert RefineOptions(chains=5).number_of_chains(450, 64) == 5
    assert RefineOptions(sweeps=0).number_of_chains(12, 8) == 1


def test_many_centers_are_annealed_longer_and_cooler_and_solved_more_slowly():
    few, more, many = (RefineOptions().temperatures(clusters) for clusters in (12, 100, 450))
    assert [len(few), len(more), len(many)] == [1000, 2000, 9000]
    np.testing.assert_allclose([few[0], more[0], more[-1]], [0.6 * 12, 0.6 * 100, 0.2 * 100])
    assert more[0] < many[0] < 0.6 * 450
    assert AdmmOptions().growth_of(12) == AdmmOptions().growth_of(100) == 1.02
    assert 1.002 < AdmmOptions().growth_of(450) < 1.004 and AdmmOptions().growth_of(10_000) == 1.001
    assert AdmmOptions().inner_iterations_of(100) < AdmmOptions().inner_iterations_of(101)
    chosen = AdmmOptions(growth=1.1, inner_iterations=3)
    assert chosen.growth_of(450) == 1.1 and chosen.inner_iterations_of(450) == 3


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"sweeps": -1}, "refinement option sweeps is -1; must not be negative"),
        ({"hot": 0.1}, "refinement options hot and cold are 0.1 and 0.2; must be 0 < cold <= hot"),
        ({"chains": 0}, "refinement option chains is 0; must be at least 1"),
        ({"budget": 0}, "refinement option budget is 0; must be positive"),
    ],
)
def test_refine_options_are_checked(wrong, message):
    with pytest.raises(UserError) as error:
        RefineOptions(**wrong)
    assert str(error.value) == message


def test_objective_module_needs_only_numpy():
    assert not {"scipy", "numba", "torch"} & set(vars(objectives))
