"""What `solve` hands on and records, and statistics of centers, against direct calls and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from center_problems import random_problem

from s5vh.base.errors import UserError
from s5vh.centers.admm import AdmmOptions, lp_box_admm
from s5vh.centers.polish import RefineOptions, refine
from s5vh.centers.solve import checked_similarity, solve
from s5vh.centers.statistics import center_statistics, collapse, similarity_correlation


def problem():
    return random_problem(9, 6, 3)[1]


def test_plain_admm_is_recorded_as_it_ran():
    W = problem()
    found, direct = solve(W, 6, "admm-plain", 4), lp_box_admm(checked_similarity(W), 6, 4, AdmmOptions())
    assert np.array_equal(found.centers, direct.centers)
    assert np.array_equal(found.objective_trace, direct.objective_trace)
    assert np.array_equal(found.residual_box_trace, direct.residual_box_trace)
    assert np.array_equal(found.residual_sphere_trace, direct.residual_sphere_trace)
    assert not np.array_equal(direct.residual_box_trace, direct.residual_sphere_trace)
    assert found.statistics["admm_objective"] == direct.objective_trace[-1] != direct.objective_trace[0]
    assert found.statistics["iterations"] == len(direct.objective_trace) > 1 and found.statistics["converged"]


def test_refined_admm_takes_the_projections_first_and_its_own_options():
    W = checked_similarity(problem())
    direct = lp_box_admm(W, 6, 4, AdmmOptions(phi_first=False))
    assert np.array_equal(solve(W, 6, "admm", 4).objective_trace, direct.objective_trace)
    assert not np.array_equal(direct.objective_trace, lp_box_admm(W, 6, 4, AdmmOptions()).objective_trace)
    options = RefineOptions(hot=3.0, sweeps=1, chains=1)
    found = solve(W, 6, "admm", 4, hot=3.0, sweeps=1, chains=1)
    assert np.array_equal(found.centers, refine(direct.centers, W, 4, options))


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (0, 0), (4,)])
def test_a_similarity_is_square(shape):
    with pytest.raises(UserError, match=r"expected a square \[clusters, clusters\] matrix"):
        checked_similarity(np.ones(shape))


def test_rounding_of_a_similarity_is_relative_only_above_one():
    small = np.array([[0.0, 1e-3], [1e-3 + 5e-7, 0.0]])  # asymmetric by less than 1e-6, whatever its size
    assert np.array_equal(checked_similarity(small), checked_similarity(small).T)
    large = np.array([[0.0, 1e3], [1e3 + 5e-4, 0.0]])
    assert checked_similarity(large)[0, 1] == 1e3 + 2.5e-4
    with pytest.raises(UserError, match="not symmetric"):
        checked_similarity(np.array([[0.0, 1e-3], [1e-3 + 2e-6, 0.0]]))


def test_statistics_by_hand():
    centers = np.array([[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, -1, -1]], np.int8)
    W = np.array([[1, 0.9, 0.1], [0.9, 1, 0.2], [0.1, 0.2, 1]])
    found = center_statistics(centers, W)
    assert (found["minimum_distance"], found["mean_distance"]) == (0, 4 / 3)
    assert (found["distinct_centers"], found["coincident_pairs"]) == (2, 1)
    assert (found["clusters"], found["bits"]) == (3, 4)
    assert found["correlation"] == pytest.approx(np.corrcoef([1, 0, 0], [0.9, 0.1, 0.2])[0, 1])
    columns_alike = np.array([[1, 1, 1], [-1, -1, -1]], np.int8)
    assert center_statistics(columns_alike, np.eye(2))["distinct_centers"] == 2


def test_correlation_of_three_pairs_and_of_one():
    centers = np.array([[1, 1], [1, -1], [-1, -1]])
    W = np.array([[1, 0.1, -0.9], [0.1, 1, 0.3], [-0.9, 0.3, 1]])
    assert similarity_correlation(centers, W) == pytest.approx(np.corrcoef([0, -1, 0], [0.1, -0.9, 0.3])[0, 1])
    assert similarity_correlation(centers[:2], W[:2, :2]) is None


def test_what_counts_as_collapsed():
    assert collapse(8, 10, 16) == "" and "only 7 of 10" in collapse(7, 10, 16)
    assert collapse(4, 100, 2) == "" and collapse(3, 100, 2) == "only 3 of 100 hash centers of 2 bits are distinct"
