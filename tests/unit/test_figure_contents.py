"""What figures draw: positions of lines, bars, bands and marks against numbers written down here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from figure_parts import drawn, lines_of, xy
from matplotlib.colors import to_hex
from reporting_results import make_run

from s5vh.reporting import collect
from s5vh.reporting.figures import centers, solver_study
from s5vh.reporting.style import new_figure, series_style

pytest_plugins = ("reporting_fixtures",)
METHODS = ["s5vh", "itq_mean"]


def center_rows(relative, equal):
    rows = [("toy", solver, bits, relative[solver] * (1 + bits / 100), equal[solver], bits / 4, bits / 2, 1 / bits)
            for solver in relative for bits in (32, 16)]  # fmt: skip
    columns = ["dataset", "solver", "bits", "relative", "coincident_pairs", "minimum_distance", "mean_distance",
               "correlation"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("relative, equal, scales", [(1.5, 20, ("linear", "linear")), (4.0, 21, ("log", "symlog"))])
def test_centers(root, monkeypatch, relative, equal, scales):
    rows = center_rows({"admm": 1.0, "bernoulli": relative}, {"admm": 0, "bernoulli": equal})
    monkeypatch.setattr(collect, "centers", lambda run, results: rows.copy())
    run = make_run(["toy"], bits=[16, 32], centers={"solvers": ["admm", "bernoulli"]})
    figure, _ = drawn(centers.draw_centers, run, root)
    objective, distance, pairs, agreement = figure.axes
    for number, factor in enumerate((1.0, relative)):
        colour = series_style(number)["color"]
        (line,) = lines_of(objective, colour)
        assert np.allclose(xy(line), [[16, factor * 1.16], [32, factor * 1.32]])
        mean, least = lines_of(distance, colour)
        assert xy(mean) == [[16, 0.5], [32, 0.5]] and xy(least) == [[16, 0.25], [32, 0.25]]
        assert mean.get_linestyle() == ":" and least.get_linestyle() == "-"
        assert xy(lines_of(pairs, colour)[0]) == [[16, (0, equal)[number]], [32, (0, equal)[number]]]
        assert xy(lines_of(agreement, colour)[0]) == [[16, 1 / 16], [32, 1 / 32]]
    assert (objective.get_yscale(), pairs.get_yscale()) == scales
    assert objective.get_ylabel() == ("objective / best (log)" if scales[0] == "log" else "objective / best")
    assert (
        pairs.get_ylim() == (-0.2, 2 * equal) and distance.get_ylim() == (0, 0.75) and agreement.get_ylim()[1] == 1.03
    )
    assert all(axes.get_xticks().tolist() == [16, 32] and axes.get_xlabel() == "bits" for axes in figure.axes)
    assert objective.get_title(loc="left").endswith(", 6 centers")


def test_a_single_code_length_has_its_solvers_side_by_side(root, monkeypatch):
    rows = center_rows({"admm": 1.0, "bernoulli": 2.0}, {"admm": 0, "bernoulli": 5})
    monkeypatch.setattr(collect, "centers", lambda run, results: rows[rows.bits == 32].copy())
    run = make_run(["toy"], bits=[32], centers={"solvers": ["admm", "bernoulli"]})
    figure, _ = drawn(centers.draw_centers, run, root)
    for axes in figure.axes:
        for number in (0, 1):
            style = series_style(number)
            lines = lines_of(axes, style["color"])
            assert all(line.get_xdata().tolist() == [31.5 + number] for line in lines) and len(lines) in (1, 2)
            assert lines[-1].get_marker() == style["marker"] and axes.get_xticks().tolist() == [32]
    mean, least = lines_of(figure.axes[1], series_style(0)["color"])
    assert mean.get_markerfacecolor() == "white" != least.get_markerfacecolor()


def test_no_identical_centers_still_have_an_axis(root, monkeypatch):
    rows = center_rows({"admm": 1.0}, {"admm": 0})
    monkeypatch.setattr(collect, "centers", lambda run, results: rows.copy())
    figure, _ = drawn(centers.draw_centers, make_run(["toy"], centers={"solvers": ["admm"]}), root)
    assert figure.axes[2].get_ylim() == (-0.2, 3.0)


def test_solvers(root, monkeypatch):
    rows = [(problem, "", 10 + number, solver, bits, 0.1 * bits * (1 + place), 1 + place, bits / 8, 0.5 - place / 4,
             "seconds" if (solver, bits) == ("released", 32) else None)
            for number, problem in enumerate(["A", "B", "C", "D", "E"])
            for place, solver in enumerate(["admm", "released"]) for bits in (32, 8)]  # fmt: skip
    columns = ["problem", "dataset", "clusters", "solver", "bits", "seconds", "relative", "minimum_distance",
               "correlation", "limit_reached"]  # fmt: skip
    monkeypatch.setattr(collect, "solvers", lambda run, results: pd.DataFrame(rows, columns=columns))
    run = make_run(["toy"], solver_study={"solvers": ["admm", "released"], "sizes": [], "seconds": 1})
    figure, data = drawn(solver_study.draw_solvers, run, root)
    axes = np.array(figure.axes).reshape(4, 3)  # five problems in two blocks of three columns
    titles = [[panel.get_title(loc="left").splitlines() for panel in row] for row in axes[::2]]
    assert titles == [[["A", "10 centers"], ["B", "11 centers"], ["C", "12 centers"]],
                      [["D", "13 centers"], ["E", "14 centers"], []]]  # fmt: skip
    assert [panel.axison for panel in axes[2:].ravel()] == [True, True, False] * 2
    for problem, panel, below in ((0, axes[0, 0], axes[1, 0]), (4, axes[2, 1], axes[3, 1])):
        for place in (0, 1):
            colour = series_style(place)["color"]
            line, *marks = lines_of(panel, colour)
            expected = [[0.1 * bits * (1 + place), 1 + place] for bits in (8, 32)]
            assert np.allclose(xy(line), expected) and np.allclose([xy(mark)[0] for mark in marks], expected)
            assert [mark.get_markersize() for mark in marks] == [4.5, 6.3]
            faces = [to_hex(mark.get_markerfacecolor()) for mark in marks]
            assert faces == [colour.lower(), "#ffffff" if place else colour.lower()], problem
            line, *marks = lines_of(below, colour)
            aside = (place - 0.5) * solver_study._ASIDE
            assert np.allclose(xy(line), [[1 / 8 + aside, 0.5 - place / 4]] * 2) and len(marks) == 2
    assert axes[0, 0].get_xscale() == "log" and axes[0, 0].get_yscale() == "log" and axes[0, 0].get_ylim()[0] == 0.9
    assert [bool(panel.get_ylabel()) for panel in axes[1]] == [True, False, False]
    assert figure._supxlabel.get_text().startswith(
        "Upper rows: one marker per code length, larger for more bits: 8, 32. Hollow: stopped by a limit. Minimum"
    )
    assert set(data.data) == {"synthetic clusters"}


@pytest.mark.parametrize("worst, scale", [(1.5, "linear"), (1.6, "log")])
def test_objectives_that_are_alike_have_a_linear_axis(worst, scale):
    axes = new_figure(3, 3).subplots()
    axes.plot([1, 2], [1, worst])
    solver_study._time_axes(axes, pd.DataFrame({"relative": [1.0, worst]}))
    assert axes.get_yscale() == scale
