"""Hash centers: baselines, statistics, the one interface of all solvers, files and messages."""

from __future__ import annotations

from dataclasses import replace

import h5py
import numpy as np
import pytest
from center_problems import golden, random_problem, sizes
from hypothesis import given

from s5vh.base.errors import UserError
from s5vh.centers.baselines import bernoulli_centers, hadamard_centers, random_centers
from s5vh.centers.centers_file import read_centers, write_centers
from s5vh.centers.objective import objective
from s5vh.centers.solve import SOLVERS, solve
from s5vh.centers.statistics import center_statistics, pairwise_distances

# --- baselines and statistics ----------------------------------------------------------------------


def test_hadamard_centers_are_far_apart_when_they_fit():
    assert set(pairwise_distances(hadamard_centers(16, 16))) == {8}
    assert set(pairwise_distances(hadamard_centers(32, 16))) == {8, 16}
    assert hadamard_centers(2, 1).tolist() == [[1], [-1]]


@pytest.mark.parametrize(("clusters", "bits"), [(33, 16), (5, 12)])
def test_hadamard_falls_back_to_bernoulli(clusters, bits):
    fallback = hadamard_centers(clusters, bits, seed=4)
    np.testing.assert_array_equal(fallback, bernoulli_centers(clusters, bits, seed=4))


@given(sizes)
def test_random_centers_have_half_of_their_bits_set(size):
    clusters, bits, seed = size
    centers = random_centers(clusters, bits, seed)
    assert ((centers == 1).sum(axis=1) == bits // 2).all()
    assert centers.shape == (clusters, bits) and np.isin(centers, (-1, 1)).all()


def test_bernoulli_centers_are_fair_and_rows_of_random_centers_differ():
    assert abs(bernoulli_centers(200, 200, seed=0).mean()) < 0.02
    assert len(np.unique(random_centers(20, 64), axis=0)) == 20


def test_statistics_by_hand():
    centers = np.array([[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, -1, -1], [-1, -1, -1, 1]], dtype=np.int8)
    W = np.array([[1, 0.9, 0.1, -0.4], [0.9, 1, 0.0, -0.5], [0.1, 0.0, 1, -0.2], [-0.4, -0.5, -0.2, 1]])
    statistics = center_statistics(centers, W)
    products = np.array([4, 0, -2, 0, -2, -2]) / 4
    wanted = np.array([0.9, 0.1, -0.4, 0.0, -0.5, -0.2])
    assert statistics["minimum_distance"] == 0
    assert statistics["mean_distance"] == pytest.approx((0 + 2 + 3 + 2 + 3 + 3) / 6)
    assert statistics["coincident_pairs"] == 1
    assert statistics["correlation"] == pytest.approx(np.corrcoef(products, wanted)[0, 1])
    assert statistics["balance_term"] == 0.5 * (2**2 + 2**2 + 0 + 2**2)
    assert statistics["similarity_term"] == pytest.approx(2 * 16 * ((products - wanted) ** 2).sum())
    assert (statistics["clusters"], statistics["bits"]) == (4, 4)


def test_statistics_of_golden_best():
    data = golden("C100_K64")
    statistics = center_statistics(data["best_binary"], data["W"])
    assert statistics["correlation"] == pytest.approx(data["best_correlation_with_W"], abs=1e-9)
    assert statistics["minimum_distance"] == data["best_minimum_hamming_distance"]


def test_statistics_that_do_not_exist_are_none():
    statistics = center_statistics(np.ones((1, 4)), np.ones((1, 1)))
    assert statistics["minimum_distance"] is statistics["mean_distance"] is statistics["correlation"] is None
    assert center_statistics(hadamard_centers(3, 4), np.eye(3))["correlation"] is None


# --- one interface ---------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", SOLVERS)
def test_every_solver_returns_binary_centers_and_repeats_itself(solver):
    _, W = random_problem(7, 8, 1)
    options = {"admm": {"sweeps": 20}, "admm-plain": {"growth": 1.1}, "released": {"sweeps": 2}}.get(solver, {})
    solution = solve(W, 8, solver, seed=3, **options)
    again = solve(W, 8, solver, seed=3, **options)
    np.testing.assert_array_equal(solution.centers, again.centers)
    assert solution.centers.dtype == np.int8 and solution.centers.shape == (7, 8)
    assert np.isin(solution.centers, (-1, 1)).all()
    statistics = solution.statistics
    assert statistics["objective"] == pytest.approx(objective(solution.centers, W), rel=1e-12)
    assert (statistics["solver"], statistics["seed"], statistics["limit_reached"]) == (solver, 3, None)
    iterations = len(solution.objective_trace) if solver.startswith("admm") else 0
    assert len(solution.residual_box_trace) == len(solution.residual_sphere_trace) == iterations
    assert len(solution.objective_trace) >= 1


def test_seeds_give_different_centers():
    _, W = random_problem(7, 8, 1)
    for solver in ("admm-plain", "random", "bernoulli"):
        assert not np.array_equal(solve(W, 8, solver, seed=1).centers, solve(W, 8, solver, seed=2).centers)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"solver": "magic"},
            "unknown center solver 'magic'; choose from admm, admm-plain, released, hadamard, random, bernoulli",
        ),
        ({"bits": 0}, "bits is 0; must be a positive integer"),
        ({"bits": 1.5}, "bits is 1.5; must be a positive integer"),
        ({"seed": -1}, "seed is -1; must be a non-negative integer"),
        (
            {"W": np.ones((2, 3))},
            "similarity W has shape (2, 3); expected a square [clusters, clusters] matrix",
        ),
        (
            {"W": np.array([[1.0, np.nan], [np.nan, 1.0]])},
            "similarity W has NaN or infinite entries; check the centroids it was computed from",
        ),
        (
            {"W": np.array([[1.0, 0.5], [0.25, 1.0]])},
            "similarity W is not symmetric (differences up to 0.25); give (W + W^T) / 2",
        ),
        (
            {"solver": "random", "sweeps": 3},
            "unknown option 'sweeps' of center solver random; it has no options",
        ),
        (
            {"solver": "admm-plain", "sweeps": 3},
            "unknown option 'sweeps' of center solver admm-plain; "
            "its options are penalty, growth, step, iterations, inner_iterations, tolerance, phi_first",
        ),
    ],
)
def test_wrong_input_is_one_line(arguments, message):
    with pytest.raises(UserError) as error:
        solve(**({"W": np.eye(2), "bits": 4} | arguments))
    assert str(error.value) == message


# --- files -----------------------------------------------------------------------------------------


def test_centers_file_round_trip(tmp_path):
    _, W = random_problem(6, 5, 2)
    for solver in ("admm-plain", "bernoulli"):
        solution = solve(W, 5, solver)
        path = tmp_path / "centers" / f"{solver}_c6_k5.h5"
        write_centers(path, solution, {"seed": 1})
        copy = read_centers(path)
        for name in ("centers", "objective_trace", "residual_box_trace", "residual_sphere_trace"):
            value = getattr(solution, name)
            np.testing.assert_array_equal(getattr(copy, name), value)
            assert getattr(copy, name).dtype == value.dtype
        assert copy.statistics == solution.statistics
        with h5py.File(path) as file:
            assert file.attrs["provenance"] == '{"seed": 1}'


def test_missing_and_broken_centers_files(tmp_path):
    path = tmp_path / "centers.h5"
    with pytest.raises(UserError) as error:
        read_centers(path)
    assert str(error.value) == f"{path}: no such file"

    solution = solve(np.eye(3), 4, "bernoulli")
    write_centers(path, solution, {})
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(UserError, match=r"the file is truncated; download or create it again$"):
        read_centers(path)

    with h5py.File(path, "w") as file:
        file["other"] = [1]
    with pytest.raises(UserError, match=r"not a centers file \(no array centers, "):
        read_centers(path)

    write_centers(path, replace(solution, centers=np.zeros((3, 4))), {})
    with pytest.raises(UserError) as error:
        read_centers(path)
    assert str(error.value) == (
        f"{path}: centers of shape (3, 4) must be a [clusters, bits] matrix of -1 and +1; "
        "restore the file or make it again"
    )
