"""What figures draw: positions of lines, bars, bands and marks against numbers written down here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from figure_parts import drawn, lines_of, xy
from matplotlib.colors import to_hex
from reporting_results import make_run

from s5vh.reporting import collect
from s5vh.reporting.figures import centers, scaling, solver_study
from s5vh.reporting.published_numbers import table_of
from s5vh.reporting.style import method_styles, new_figure, series_style

pytest_plugins = ("reporting_fixtures",)
METHODS = ["s5vh", "itq_mean"]


@pytest.fixture
def root(here):
    return here / "results"


class TestScaling:
    FRAMES = np.array([10, 20, 40])

    @pytest.fixture
    def run(self, root, monkeypatch):
        points = pd.concat(
            pd.DataFrame({"method": method, "frames": self.FRAMES, "milliseconds_per_video": factor * self.FRAMES,
                          "milliseconds_median": factor * self.FRAMES + 3, "peak_mib": 2 * factor * self.FRAMES,
                          "disturbance": reason, "device": "A CPU"})
            for method, factor, reason in (("s5vh", 1.0, ""), ("conmh", 5.0, "other work"))
        )  # fmt: skip
        fit = {"coefficients": [0.5, 2.0], "r2": 0.98765}
        squared = {"coefficients": [0.01, 0.5, 2.0], "r2": 0.5}
        both, none = {"linear": fit, "quadratic": squared}, {"linear": None, "quadratic": None}
        fits = {"s5vh": {"time": both, "memory": {"linear": fit, "quadratic": None}},
                "conmh": {"time": none, "memory": none}}  # fmt: skip
        monkeypatch.setattr(collect, "efficiency", lambda run, results: (points, fits))
        settings = {
            "methods": ["s5vh", "conmh"],
            "frames": [10, 20, 40],
            "batch_size": 7,
            "bits": 24,
            "feature_size": 9,
        }
        return make_run(["toy"], efficiency=settings)

    def test_measurements_bars_and_fits(self, run, root):
        figure, data = drawn(scaling.draw_figure1a, run, root)
        time, memory, _ = figure.axes
        styles = method_styles(["s5vh", "conmh"], run)
        for container, (method, factor) in zip(time.containers, (("s5vh", 1), ("conmh", 5)), strict=True):
            marks, _, bars = container.lines
            assert xy(marks) == [[n, factor * n] for n in (10, 20, 40)]
            assert marks.get_markerfacecolor() == ("none" if method == "conmh" else styles[method]["color"])
            assert [segment.tolist() for segment in bars[0].get_segments()] == [
                [[n, factor * n], [n, factor * n + 3]] for n in (10, 20, 40)
            ]
        points = [line for line in memory.lines if line.get_linestyle() == "None"]
        assert [xy(line) for line in points] == [[[n, 2 * factor * n] for n in (10, 20, 40)] for factor in (1, 5)]
        x = np.linspace(10, 40, 100)
        fits = {"linear": 0.5 * x + 2, "quadratic": 0.01 * x * x + 0.5 * x + 2}
        long = {axes: [line for line in axes.lines if len(line.get_xdata()) == 100] for axes in (time, memory)}
        assert [len(found) for found in long.values()] == [2, 1]
        for line, model in zip(long[time], fits, strict=True):
            assert np.allclose(line.get_ydata(), fits[model]) and np.allclose(line.get_xdata(), x)
            assert line.get_color() == styles["s5vh"]["color"] and line.is_dashed() == (model == "quadratic")
        assert time.texts[0].get_text().splitlines() == [
            "S5VH: linear R² = 0.9877, quadratic R² = 0.5000", "ConMH: busy machine, no fit",
        ]  # fmt: skip
        assert memory.texts[0].get_text().splitlines() == [
            "S5VH: linear R² = 0.9877",
            "ConMH: too few points for a fit",
        ]
        assert [text.get_text() for text in time.get_legend().get_texts()] == ["linear fit", "quadratic fit"]
        assert [text.get_text() for text in memory.get_legend().get_texts()] == ["linear fit"]
        assert time.get_ylim()[0] == 0 and time.get_ylim()[1] > 203
        measured = data[(data.panel == "time") & data.kind.str.startswith("measured")]
        assert measured.kind.tolist() == ["measured"] * 3 + ["measured on a busy machine"] * 3
        assert (measured.high - measured.value == 3).all() and set(data[data.kind == "linear fit"].r2) == {0.98765}
        said = figure._supxlabel.get_text()
        assert "A CPU; batches of 7, 24 bits, random features of dimension 9" in said
        assert said.endswith("ConMH: measured on a busy machine (other work).")

    def test_published_fits_have_the_colours_of_what_was_measured(self, run, root):
        figure, data = drawn(scaling.draw_figure1a, run, root)
        styles = method_styles(["s5vh", "conmh"], run)
        rows = list(table_of("efficiency").itertuples())
        colours = [styles["conmh"]["color"], None, styles["s5vh"]["color"]]
        for line, label, row, colour in zip(figure.axes[2].lines, figure.axes[2].texts, rows, colours, strict=True):
            x = np.linspace(0, 40, 100)
            assert np.allclose(line.get_ydata(), row.quadratic_coef * x**2 + row.linear_coef * x + row.constant)
            assert np.allclose(line.get_xdata(), x) and row.method in label.get_text()
            assert line.get_color() == label.get_color()
            assert line.get_color() == colour if colour else line.get_color() not in colours
        assert (data[data.kind == "printed fit"].groupby("method").size() == 100).all()

    def test_nothing_measured(self, root, monkeypatch):
        run = make_run(["toy"], efficiency={"methods": []})
        figure, data = drawn(scaling.draw_figure1a, run, root)
        assert [axes.texts[0].get_text() for axes in figure.axes[:2]] == ["no method was measured"] * 2
        assert set(data.panel) == {"printed"} and "nothing measured" in figure._supxlabel.get_text()


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
