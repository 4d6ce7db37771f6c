"""What figures draw: positions of lines, bars, bands and marks against numbers written down here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from figure_parts import drawn, lines_of, xy
from matplotlib.colors import to_hex
from reporting_results import make_run

from s5vh.config import layout
from s5vh.config.grid import cells_of
from s5vh.reporting import collect
from s5vh.reporting.figures import centers, curves, solver_study
from s5vh.reporting.published_numbers import published_map
from s5vh.reporting.style import GREY, method_styles, new_figure, series_style, styled
from s5vh.reporting.words import method_title

pytest_plugins = ("reporting_fixtures",)
METHODS = ["s5vh", "itq_mean"]


@pytest.fixture
def root(here):
    return here / "results"


class TestFigure3:
    @pytest.fixture
    def run(self, monkeypatch):
        """mAP@5 and mAP@20 of each cell, different for every method, length and seed."""

        def scores(run, results, cells):
            rows = []
            for number, cell in enumerate(cells):
                published = {"mAP@5": 0.02 * number + 0.1, "mAP@20": 0.01 * number, "GmAP": 0.9}
                for protocol, values in (("published", published), ("strict", {"mAP@5": 0.9, "mAP@20": 0.9})):
                    where = cell._asdict() | {"protocol": protocol, "low": np.nan, "high": np.nan}
                    rows += [where | {"metric": name, "value": value} for name, value in values.items()]
            return pd.DataFrame(rows)

        def reference_scores(run, results):
            where = {"data": "", "aspect": "", "protocol": "published"}
            found = [
                where | {"dataset": name, "ranking": ranking, "metric": metric, "value": value}
                for name in run.datasets
                for ranking, value in (("chance", 0.01), ("cosine_mean", 0.3), ("cosine_frames", 0.4), ("perfect", 1.0))
                for metric in ("mAP@5", "mAP@20", "GmAP")
            ]
            others = [found[0] | {"protocol": "strict"}, found[0] | {"aspect": "direction"}]
            return pd.DataFrame(found + [other | {"value": 0.77} for other in others])

        monkeypatch.setattr(curves, "scores", scores)
        monkeypatch.setattr(curves, "reference_scores", reference_scores)
        return make_run(["toy", "ucf101"], methods=METHODS, bits=[16, 32], seeds=[1, 2])

    def test_chance_and_real_valued_features_are_grey(self, run, root):
        figure, data = drawn(curves.draw_figure3, run, root)
        for axes in figure.axes:
            grey = [line.get_ydata().tolist() for line in axes.lines if to_hex(line.get_color()) == to_hex(GREY)]
            assert grey == [[0.01, 0.01], [0.3, 0.3], [0.4, 0.4]]
        rows = data[data.source == "this run, no codes"]
        assert set(rows.method) == {"chance", "cosine_mean", "cosine_frames"} and rows.N.tolist() == [5, 20] * 6

    def test_means_bands_and_published_lines(self, run, root):
        figure, data = drawn(curves.draw_figure3, run, root)
        panels = np.array(figure.axes).reshape(2, 2)
        order = list(cells_of(run, run.config.main_grid))
        for row, dataset in enumerate(["toy", "ucf101"]):
            for column, bits in enumerate([16, 32]):
                axes = panels[row, column]
                for method, style in method_styles(METHODS, run).items():
                    first, second = (order.index((dataset, method, bits, seed)) for seed in (1, 2))
                    mean = (first + second) / 2
                    ours, quoted = lines_of(axes, style["color"])
                    assert np.allclose(xy(ours), [[5, 0.02 * mean + 0.1], [20, 0.01 * mean]])
                    assert ours.get_marker() == style["marker"] and quoted.is_dashed() and not ours.is_dashed()
                    found = published_map_of(method, dataset, bits)
                    assert xy(quoted)[:2] == [[n, value] for n, value in found] and len(xy(quoted)) in (0, 6)
                    band = axes.collections[METHODS.index(method)].get_paths()[0].vertices
                    # Student's t with one degree of freedom: 12.706 times the standard error of two seeds that differ
                    # by 0.02 at N = 5.
                    half = 12.7062047 * (0.02 * abs(second - first) / np.sqrt(2)) / np.sqrt(2)
                    at_5 = band[np.isclose(band[:, 0], 5), 1]
                    assert at_5.min() == pytest.approx(0.02 * mean + 0.1 - half, rel=1e-6)
                    assert at_5.max() == pytest.approx(0.02 * mean + 0.1 + half, rel=1e-6)
                assert axes.get_title(loc="left").endswith(f", {bits} bits")
                assert axes.get_ylim()[0] == 0 and 0.3 < axes.get_ylim()[1] < 0.9
                assert bool(axes.get_ylabel()) == (column == 0) and bool(axes.get_xlabel()) == (row == 1)
        assert [text.get_text() for text in figure.legends[0].get_texts()] == [
            *map(method_title, METHODS), "dashed: as published", "chance", "cosine of mean features",
            "cosine of all frames",
        ]  # fmt: skip
        assert set(data[data.source == "this run"].N) == {5, 20}
        quoted = data[~data.source.str.startswith("this run")]
        assert set(quoted.dataset) == {"ucf101"} and set(quoted.method) == {"s5vh"} and set(quoted.bits) == {16, 32}

    def test_published_lines_only_under_their_protocol(self, run, root):
        protocols = {"strict": {"denominator": "relevant"}, "published": {}}
        figure, data = drawn(curves.draw_figure3, make_run(["ucf101"], methods=METHODS, bits=[16], seeds=[1, 2],
                                                           protocols=protocols), root)  # fmt: skip
        assert set(data.source) == {"this run", "this run, no codes"}
        assert np.allclose(data[data.source == "this run"].mAP, 0.9)
        assert data[data.source != "this run"].mAP.tolist() == [0.77]  # chance, in the first protocol
        assert len(figure.legends[0].get_texts()) == 3 and "strict" in figure.axes[0].get_ylabel()


def published_map_of(method, dataset, bits):
    from s5vh.methods.load import load_method

    if dataset != "ucf101":
        return []
    found = [(n, published_map(load_method(method).published, "UCF101", bits, n)) for n in (5, 20)]
    return [(n, one.value) for n, one in found if one]


def test_precision_recall_curves_are_sorted_and_averaged(root):
    run = make_run(["toy"], methods=METHODS, bits=[16], seeds=[1, 2])
    for cell in cells_of(run, run.config.main_grid):
        shift = 0.1 * cell.seed + 0.3 * (cell.method == "s5vh")
        rows = [("published", "radius", 2, 0.2 + shift, 0.9), ("published", "radius", 0, 0.3 + shift, 0.1),
                ("published", "radius", 1, np.nan, 0.5), ("published", "rank", 1, 0.5 * shift, 0.05),
                ("published", "rank", 7, 0.4 * shift, 0.6), ("strict", "radius", 0, 0.01, 0.02),
                ("published", "other", 0, 0.01, 0.02)]  # fmt: skip
        frame = pd.DataFrame(rows, columns=["protocol", "curve", "position", "precision", "recall"])
        folder = layout.cell(*cell, root)
        folder.mkdir(parents=True)
        frame.to_csv(folder / "pr.csv", index=False)
    figure, data = drawn(curves.draw_pr_curves, run, root)
    styles = method_styles(METHODS, run)
    expected = {
        "s5vh": ([[0.1, 0.75], [0.9, 0.65]], [[0.05, 0.225], [0.6, 0.18]]),
        "itq_mean": ([[0.1, 0.45], [0.9, 0.35]], [[0.05, 0.075], [0.6, 0.06]]),
    }
    for axes, place in zip(figure.axes, (0, 1), strict=True):
        for method in METHODS:
            (line,) = lines_of(axes, styles[method]["color"])
            assert np.allclose(xy(line), expected[method][place])
            assert (line.get_marker() == styles[method]["marker"]) == (place == 0)
        assert axes.get_xlim() == (-0.02, 1.02) and axes.get_ylim()[0] == 0 and len(axes.collections) == 2
    assert [axes.get_title(loc="left").splitlines()[1] for axes in figure.axes] == ["by Hamming radius", "by rank"]
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "recall"]
    assert len(data) == 8 and set(data.curve) == {"radius", "rank"} and (data.seeds == 2).all()


def test_panels_are_by_data_set_and_code_length(root):
    run = make_run(["toy", "ucf101", "hmdb51"], methods=METHODS, bits=[8, 16])
    with styled():
        figure, grid = curves._panels(run, rows_each=2, height=3.0)
    assert [(name, bits, len(panels)) for name, bits, panels in grid] == [
        ("toy", 8, 2), ("toy", 16, 2), ("ucf101", 8, 2), ("ucf101", 16, 2), ("hmdb51", 8, 2), ("hmdb51", 16, 2),
    ]  # fmt: skip
    places = np.array(figure.axes).reshape(6, 2)
    for number, (_, bits, panels) in enumerate(grid):
        assert panels == list(places[2 * (number // 2) : 2 * (number // 2) + 2, [8, 16].index(bits)])
    assert figure.get_size_inches().tolist() == [7.0, 1.1 + 3.0 * 6]
    with styled():
        figure, grid = curves._panels(make_run([], methods=METHODS, bits=[8]), rows_each=1, height=3.0)
    assert grid == [] and figure.axes[0].texts[0].get_text() == "no data set ran"


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
            assert np.allclose(xy(line), [[1 / 8, 0.5 - place / 4]] * 2) and len(marks) == 2
    assert axes[0, 0].get_xscale() == "log" and axes[0, 0].get_yscale() == "log" and axes[0, 0].get_ylim()[0] == 0.9
    assert [bool(panel.get_ylabel()) for panel in axes[1]] == [True, False, False]
    assert figure._supxlabel.get_text().endswith("larger for more bits: 8, 32. Hollow: stopped by a limit.")
    assert set(data.data) == {"synthetic clusters"}


@pytest.mark.parametrize("worst, scale", [(1.5, "linear"), (1.6, "log")])
def test_objectives_that_are_alike_have_a_linear_axis(worst, scale):
    axes = new_figure(3, 3).subplots()
    axes.plot([1, 2], [1, worst])
    solver_study._time_axes(axes, pd.DataFrame({"relative": [1.0, worst]}))
    assert axes.get_yscale() == scale
