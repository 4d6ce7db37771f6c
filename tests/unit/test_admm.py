"""The lp-box ADMM: its iterates against a plain writing of the equations, its start, its options."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from center_problems import golden, random_problem
from scipy.optimize import minimize

from s5vh.centers.admm import AdmmOptions, lp_box_admm, phi_step, spectral_start
from s5vh.centers.objective import objective, signs
from s5vh.centers.polish import RefineOptions, refine
from s5vh.centers.solve import solve

UNEQUAL = {"penalty": 0.03, "growth": 1.3, "step": 0.7, "inner_iterations": 3}


def slow_admm(W, bits, seed, order, *, penalty, growth, step, inner_iterations, iterations):
    """Equations 12 to 18, one term at a time; the updates of an iteration in `order`, the penalty grows after it."""
    clusters = len(W)
    now = {"phi": spectral_start(W, bits, seed), "mu": penalty * clusters * bits}
    now |= {"y_box": np.zeros((clusters, bits)), "y_sphere": np.zeros((clusters, bits))}

    def lagrangian(flat):
        phi = flat.reshape(clusters, bits)
        value, gradient = 0.0, np.zeros_like(phi)
        for i in range(clusters):
            for j in range(clusters):
                difference = phi[i] @ phi[j] - bits * W[i, j]
                value += difference**2 + 0.5 * phi[i] @ phi[j]
                gradient[i] += 4 * difference * phi[j] + phi[j]
        for name in ("box", "sphere"):
            gap = phi - now[name]
            value += np.sum(now[f"y_{name}"] * gap) + now["mu"] / 2 * np.sum(gap**2)
            gradient += now[f"y_{name}"] + now["mu"] * gap
        return value, gradient.ravel()

    def update_phi():
        found = minimize(
            lagrangian, now["phi"].ravel(), jac=True, method="L-BFGS-B", options={"maxiter": inner_iterations}
        )
        now["phi"] = found.x.reshape(clusters, bits)

    def update_psi():
        now["box"] = np.minimum(np.maximum(now["phi"] + now["y_box"] / now["mu"], -1), 1)
        moved = now["phi"] + now["y_sphere"] / now["mu"]
        now["sphere"] = np.sqrt(clusters * bits) * moved / np.sqrt(np.sum(moved**2))

    def update_upsilon():
        for name in ("box", "sphere"):
            now[f"y_{name}"] = now[f"y_{name}"] + step * now["mu"] * (now["phi"] - now[name])

    steps = {"Phi": update_phi, "Psi": update_psi, "Upsilon": update_upsilon}
    update_psi()
    gaps, objectives = [], []
    for _ in range(iterations):
        for name in order:
            steps[name]()
        now["mu"] *= growth
        gaps.append([np.sqrt(np.mean((now["phi"] - now[name]) ** 2)) for name in ("box", "sphere")])
        objectives.append(objective(signs(now["phi"]), W))
    return now["phi"], np.array(gaps).T, objectives


@pytest.mark.parametrize(
    ("phi_first", "order"), [(True, ("Phi", "Psi", "Upsilon")), (False, ("Psi", "Phi", "Upsilon"))]
)
def test_iterates_are_those_of_the_equations_in_their_order(phi_first, order):
    _, W = random_problem(6, 4, 5)
    phi, gaps, objectives = slow_admm(W, 4, 3, order, iterations=12, **UNEQUAL)
    result = lp_box_admm(W, 4, 3, AdmmOptions(iterations=12, phi_first=phi_first, **UNEQUAL))
    np.testing.assert_allclose(result.residual_box_trace, gaps[0], rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(result.residual_sphere_trace, gaps[1], rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(result.objective_trace, objectives)
    np.testing.assert_array_equal(result.centers, signs(phi))
    other = lp_box_admm(W, 4, 3, AdmmOptions(iterations=12, phi_first=not phi_first, **UNEQUAL))
    assert not np.allclose(other.residual_box_trace, gaps[0], rtol=1e-2)


def test_the_papers_order_is_that_of_the_plain_solver_and_ours_that_of_the_refined_one():
    _, W = random_problem(8, 6, 2)
    few = {"iterations": 15, "growth": 1.2, "inner_iterations": 2}
    paper, ours = (lp_box_admm(W, 6, 4, AdmmOptions(phi_first=first, **few)) for first in (True, False))
    plain, refined = solve(W, 6, "admm-plain", 4, **few), solve(W, 6, "admm", 4, sweeps=0, **few)
    np.testing.assert_array_equal(plain.residual_box_trace, paper.residual_box_trace)
    np.testing.assert_array_equal(plain.residual_sphere_trace, paper.residual_sphere_trace)
    np.testing.assert_array_equal(plain.objective_trace, paper.objective_trace)
    np.testing.assert_array_equal(plain.centers, paper.centers)
    np.testing.assert_array_equal(refined.residual_box_trace, ours.residual_box_trace)
    assert not np.array_equal(paper.residual_box_trace, ours.residual_box_trace)
    chosen = solve(W, 6, "admm", 4, sweeps=0, phi_first=True, **few)
    np.testing.assert_array_equal(chosen.residual_box_trace, paper.residual_box_trace)


def test_refined_centers_are_the_admms_after_refinement_with_the_same_seed():
    _, W = random_problem(8, 6, 10)
    options = {"sweeps": 3, "chains": 1, "hot": 3.0, "cold": 1.0}
    found = solve(W, 6, "admm", 4, growth=1.1, **options)
    admm = lp_box_admm(W, 6, 4, AdmmOptions(growth=1.1, phi_first=False))
    np.testing.assert_array_equal(found.centers, refine(admm.centers, W, 4, RefineOptions(**options)))
    assert not np.array_equal(found.centers, refine(admm.centers, W, 1, RefineOptions(**options)))
    assert found.statistics["admm_objective"] == objective(admm.centers, W) == found.objective_trace[-1]
    assert found.statistics["iterations"] == len(admm.objective_trace) and found.statistics["converged"] is True
    stopped = solve(W, 6, "admm-plain", 4, iterations=2).statistics
    assert (stopped["iterations"], stopped["converged"], stopped["limit_reached"]) == (2, False, "iterations")


def test_iterations_end_with_the_first_whose_residuals_are_both_small():
    W = golden("C12_K8")["W"]
    for tolerance in (1e-3, 0.05):
        result = lp_box_admm(W, 8, 1, AdmmOptions(tolerance=tolerance, growth=1.1))
        worst = np.maximum(result.residual_box_trace, result.residual_sphere_trace)
        assert result.converged and worst[-1] < tolerance <= worst[:-1].min()
    residuals = result.residual_box_trace, result.residual_sphere_trace
    assert any(residual[:-1].min() < tolerance for residual in residuals)  # one alone does not end them


def test_phi_step_does_as_many_iterations_as_allowed_from_where_it_is():
    _, W = random_problem(6, 4, 0)
    start, linear = np.random.default_rng(1).standard_normal((2, 6, 4))

    def value(phi):
        return objective(phi, W) + 3.0 * np.sum(phi**2) + np.sum(linear * phi)

    values = [value(phi_step(start, W, 3.0, linear, most)) for most in (1, 2, 5, 200)]
    assert value(start) > values[0] > values[1] > values[2] > values[3]
    ended = phi_step(start, W, 3.0, linear, 200)
    assert value(phi_step(ended, W, 3.0, linear, 1)) <= values[3]  # warm started


# --- start -----------------------------------------------------------------------------------------


def low_rank(clusters: int, rank: int, seed: int = 0) -> np.ndarray:
    """A cosine similarity of this rank."""
    vectors = np.random.default_rng(seed).standard_normal((clusters, rank)) * (1 + np.arange(rank))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors @ vectors.T


@pytest.mark.parametrize(("clusters", "bits"), [(20, 5), (20, 12), (6, 16)])
def test_start_has_the_similarities_times_the_bits_and_uses_every_bit(clusters, bits):
    W = low_rank(clusters, 4)
    start = spectral_start(W, bits, 3)
    assert start.shape == (clusters, bits)
    np.testing.assert_allclose(start @ start.T, bits * W, atol=0.25)
    # The rotation spreads four directions of very unequal size over all bits.
    sizes = np.linalg.norm(start, axis=0) / np.sqrt(clusters)
    assert sizes.min() > 0.05 and sizes.max() < 3


def test_start_is_the_best_approximation_if_bits_are_few():
    W = low_rank(20, 9)
    start = spectral_start(W, 3, 1)
    eigenvalues = np.sort(np.linalg.eigvalsh(W))[::-1]
    error = np.linalg.norm(start @ start.T / 3 - W)
    assert error == pytest.approx(np.sqrt(np.sum(eigenvalues[3:] ** 2)), rel=0.02)


def test_start_does_without_directions_of_negative_similarity():
    W = np.diag([1.0, -0.5, 0.25, -2.0])
    start = spectral_start(W, 4, 0)
    np.testing.assert_allclose(start @ start.T, 4 * np.diag([1.0, 0.0, 0.25, 0.0]), atol=0.15)


def test_start_parts_equal_clusters_a_little():
    noise = spectral_start(np.zeros((60, 50)) @ np.zeros((50, 60)), 50, 2)
    assert noise.std() == pytest.approx(0.01, rel=0.1) and abs(noise.mean()) < 0.001
    start = spectral_start(np.ones((5, 5)), 8, 2)
    assert len(np.unique(start.round(6), axis=0)) == 5 and np.ptp(start, axis=0).max() < 0.1


def test_start_depends_on_the_seed_alone():
    W = low_rank(7, 3)
    np.testing.assert_array_equal(spectral_start(W, 5, 3), spectral_start(W, 5, 3))
    one, two = spectral_start(W, 5, 3), spectral_start(W, 5, 4)
    assert np.abs(one - two).max() > 0.5  # another rotation, not only other noise


# --- options ---------------------------------------------------------------------------------------


def test_defaults():
    assert asdict(AdmmOptions()) == {
        "penalty": 0.005, "growth": None, "step": 1.0, "iterations": 5000, "inner_iterations": None,
        "tolerance": 1e-3, "phi_first": True,
    }  # fmt: skip
    default = solve(np.eye(5), 4, "admm-plain")
    np.testing.assert_array_equal(default.residual_box_trace, lp_box_admm(np.eye(5), 4, 1).residual_box_trace)
    assert default.statistics["seed"] == 1


def test_growth_slows_down_with_the_number_of_centers():
    options = AdmmOptions()
    growths = [options.growth_of(clusters) for clusters in (99, 100, 200, 1600, 5000)]
    assert growths == pytest.approx([1.02, 1.02, 1 + 0.02 * 0.5**1.25, 1.001, 1.001], abs=1e-12)
    assert [options.inner_iterations_of(clusters) for clusters in (1, 100, 101)] == [5, 5, 10]
    W = low_rank(101, 3)
    few = {"iterations": 2, "penalty": 1.0}
    growth, inner = options.growth_of(101), options.inner_iterations_of(101)
    same = lp_box_admm(W, 2, 1, AdmmOptions(growth=growth, inner_iterations=inner, **few))
    np.testing.assert_array_equal(lp_box_admm(W, 2, 1, AdmmOptions(**few)).residual_box_trace, same.residual_box_trace)


@pytest.mark.parametrize(
    "wrong",
    [{"penalty": np.inf}, {"tolerance": 0}, {"step": np.nan}, {"growth": np.inf}, {"inner_iterations": 0}],
)
def test_other_values_are_refused(wrong):
    with pytest.raises(Exception, match=next(iter(wrong))):
        AdmmOptions(**wrong)
    assert AdmmOptions(growth=1, iterations=1, inner_iterations=1).growth_of(500) == 1
