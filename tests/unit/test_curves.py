"""What figures of mAP@N and of precision and recall draw, against numbers written down here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from figure_parts import drawn, lines_of, xy
from matplotlib.colors import to_hex
from reporting_results import make_run

from s5vh.config import layout
from s5vh.config.grid import cells_of
from s5vh.methods.load import load_method
from s5vh.reporting import captions
from s5vh.reporting.figures import curves, panels
from s5vh.reporting.published_numbers import ISSUE, published_map
from s5vh.reporting.style import GREY, method_lines, styled
from s5vh.reporting.words import method_title

pytest_plugins = ("reporting_fixtures",)
METHODS = ["s5vh", "itq_mean"]
REFERENCES = (("chance", 0.01), ("cosine_mean", 0.3), ("cosine_frames", 0.4), ("perfect", 1.0))


def scores(run, results, cells):
    """mAP@5 and mAP@20 of each cell, different for every method, length and seed."""
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
        for ranking, value in REFERENCES
        for metric in ("mAP@5", "mAP@20", "GmAP")
    ]
    others = [found[0] | {"protocol": "strict"}, found[0] | {"aspect": "direction"}]
    return pd.DataFrame(found + [other | {"value": 0.77} for other in others])


@pytest.fixture
def scored(monkeypatch):
    monkeypatch.setattr(curves, "scores", scores)
    monkeypatch.setattr(curves, "reference_scores", reference_scores)


def texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts() if text.get_text()]


@pytest.mark.usefixtures("scored")
class TestMapAtN:
    @pytest.fixture
    def run(self):
        return make_run(["toy", "ucf101"], methods=METHODS, bits=[16, 32], seeds=[1, 2])

    def test_chance_and_real_valued_features_are_grey(self, run, root):
        figure, data = drawn(curves.draw_figure3, run, root)
        for axes in figure.axes:
            grey = [line.get_ydata().tolist() for line in axes.lines if to_hex(line.get_color()) == to_hex(GREY)]
            assert grey == [[0.01, 0.01], [0.3, 0.3], [0.4, 0.4]]
        rows = data[data.source == "this run, no codes"]
        assert set(rows.method) == {"chance", "cosine_mean", "cosine_frames"} and rows.N.tolist() == [5, 20] * 6

    def test_means_bands_and_published_points(self, run, root):
        figure, data = drawn(curves.draw_figure3, run, root)
        grid = np.array(figure.axes).reshape(2, 2)
        order = list(cells_of(run, run.config.main_grid))
        for row, dataset in enumerate(["toy", "ucf101"]):
            for column, bits in enumerate([16, 32]):
                axes = grid[row, column]
                assert len(axes.collections) == 1  # methods without a network have no band
                for method, style in method_lines(METHODS, run, "s5vh").items():
                    first, second = (order.index((dataset, method, bits, seed)) for seed in (1, 2))
                    mean = (first + second) / 2
                    ours, quoted = lines_of(axes, style["color"])
                    assert np.allclose(xy(ours), [[5, 0.02 * mean + 0.1], [20, 0.01 * mean]])
                    assert ours.get_marker() == quoted.get_marker() == style["marker"]
                    assert ours.get_linewidth() == style["linewidth"] and quoted.get_linestyle() == "None"
                    assert quoted.get_markerfacecolor() == "white" != ours.get_markerfacecolor()
                    found = published_map_of(method, dataset, bits)
                    assert xy(quoted)[:2] == [[n, value] for n, value in found] and len(xy(quoted)) in (0, 6)
                    interval = data[(data.method == method) & (data.dataset == dataset) & (data.bits == bits)]
                    at_5 = interval[(interval.N == 5) & (interval.source == "this run")].iloc[0]
                    # Student's t with one degree of freedom: 12.706 times the standard error of two seeds that differ
                    # by 0.02 at N = 5.
                    half = 12.7062047 * (0.02 * abs(second - first) / np.sqrt(2)) / np.sqrt(2)
                    ends = [0.02 * mean + 0.1 - half, 0.02 * mean + 0.1 + half]
                    assert [at_5.low, at_5.high] == pytest.approx(ends, rel=1e-6)
                    if method == "s5vh":
                        band = axes.collections[0].get_paths()[0].vertices
                        drawn_at_5 = band[np.isclose(band[:, 0], 5), 1]
                        assert [drawn_at_5.min(), drawn_at_5.max()] == pytest.approx(ends, rel=1e-6)
                assert axes.get_title(loc="left").endswith(f", {bits} bits")
                assert axes.get_ylim()[0] == 0 and 0.3 < axes.get_ylim()[1] < 0.9
                assert bool(axes.get_ylabel()) == (column == 0) and bool(axes.get_xlabel()) == (row == 1)
        assert sorted(texts(figure)) == sorted([
            *map(method_title, METHODS), "chance", "cosine of mean features", "cosine of all frames",
            "hollow: as published",
        ])  # fmt: skip
        assert set(data[data.source == "this run"].N) == {5, 20}
        quoted = data[~data.source.str.startswith("this run")]
        assert set(quoted.dataset) == {"ucf101"} and set(quoted.method) == {"s5vh"} and set(quoted.bits) == {16, 32}

    def test_published_points_only_under_their_protocol(self, root):
        protocols = {"strict": {"denominator": "relevant"}, "published": {}}
        run = make_run(["ucf101"], methods=METHODS, bits=[16], seeds=[1, 2], protocols=protocols)
        figure, data = drawn(curves.draw_figure3, run, root)
        assert set(data.source) == {"this run", "this run, no codes"}
        assert np.allclose(data[data.source == "this run"].mAP, 0.9)
        assert data[data.source != "this run"].mAP.tolist() == [0.77]  # chance, in the first protocol
        assert len(texts(figure)) == 3 and "strict" in figure.axes[0].get_ylabel()

    def test_recipes_of_the_same_method_share_their_published_points(self, root):
        run = make_run(["ucf101"], methods=["s5vh", "s5vh-released"], bits=[16])
        _, data = drawn(curves.draw_figure3, run, root)
        quoted = data[~data.source.str.startswith("this run")]
        assert quoted.N.tolist() == [5, 20, 40, 60, 80, 100] and set(quoted.method) == {"s5vh"}

    @pytest.mark.parametrize(
        "draw, lead", [("draw_figure3", "s5vh"), ("draw_autossvh_figure3", "autossvh"), ("draw_mcmsh_figure5", "mcmsh")]
    )
    def test_the_paper_s_own_method_is_foremost(self, root, monkeypatch, draw, lead):
        methods = ["conmh", "s5vh", "mcmsh", "autossvh", "autossvh-released", "lsh_mean"]
        run = make_run(["toy"], methods=methods, bits=[16])
        write_recall(run, root)
        figure, _ = drawn(getattr(curves, draw), run, root)
        for axes in figure.axes:
            widest = max(axes.lines, key=lambda line: line.get_linewidth())
            assert to_hex(widest.get_color()) == to_hex(method_lines(methods, run)[lead]["color"])
            assert widest.get_zorder() == max(line.get_zorder() for line in axes.lines)

    def test_autossvh_s_own_list_of_its_figure_comes_first(self, root, tmp_path):
        dataset = (tmp_path / "config/datasets/ucf101.yaml").read_text().replace("UCF101", "ActivityNet")
        (tmp_path / "config/datasets/activitynet.yaml").write_text(dataset)
        run = make_run(["activitynet"], methods=["s5vh", "autossvh"], bits=[16])
        found = {}
        for name in ("draw_figure3", "draw_autossvh_figure3"):
            _, data = drawn(getattr(curves, name), run, root)
            quoted = data[~data.source.str.startswith("this run")]
            found[name] = {key: set(part.source) for key, part in quoted.groupby("method")}
        assert found["draw_autossvh_figure3"] == {"s5vh": {ISSUE}, "autossvh": {"AutoSSVH README"}}
        assert found["draw_figure3"] == {"s5vh": {"S5VH README", "S5VH repo map.txt"}, "autossvh": {"AutoSSVH README"}}


def published_map_of(method, dataset, bits):
    if dataset != "ucf101":
        return []
    found = [(n, published_map(load_method(method).published, "UCF101", bits, n)) for n in (5, 20)]
    return [(n, one.value) for n, one in found if one]


def write_recall(run, root):
    for cell in cells_of(run, run.config.main_grid):
        shift = 0.1 * cell.seed + 0.3 * (cell.method == "s5vh")
        rows = [("published", "radius", 2, 0.2 + shift, 0.9), ("published", "radius", 0, 0.3 + shift, 0.1),
                ("published", "radius", 1, np.nan, 0.5), ("published", "rank", 1, 0.5 * shift, 0.05),
                ("published", "rank", 7, 0.4 * shift, 0.6), ("strict", "radius", 0, 0.01, 0.02),
                ("published", "radius", 3, 0.99, 0.0009), ("published", "other", 0, 0.01, 0.02)]  # fmt: skip
        frame = pd.DataFrame(rows, columns=["protocol", "curve", "position", "precision", "recall"])
        folder = layout.cell(*cell, root)
        folder.mkdir(parents=True)
        frame.to_csv(folder / "pr.csv", index=False)


class TestPrecisionRecall:
    @pytest.fixture
    def run(self, root):
        run = make_run(["toy"], methods=METHODS, bits=[16], seeds=[1, 2])
        write_recall(run, root)
        return run

    def test_curves_are_sorted_and_averaged(self, run, root):
        figure, data = drawn(curves.draw_pr_curves, run, root)
        lines = method_lines(METHODS, run)
        expected = {
            "s5vh": ([[0.1, 0.75], [0.9, 0.65]], [[0.05, 0.225], [0.6, 0.18]]),
            "itq_mean": ([[0.1, 0.45], [0.9, 0.35]], [[0.05, 0.075], [0.6, 0.06]]),
        }
        for axes, place in zip(figure.axes, (0, 1), strict=True):
            for method in METHODS:
                (line,) = lines_of(axes, lines[method]["color"])
                assert np.allclose(xy(line), expected[method][place])
                assert line.get_marker() == lines[method]["marker"]
            assert axes.get_xlim() == (-0.02, 1.02) and axes.get_ylim()[0] == 0 and len(axes.collections) == 1
        titles = [axes.get_title(loc="left").splitlines()[1] for axes in figure.axes]
        assert titles == ["by Hamming radius", "by rank"]
        assert [axes.get_xlabel() for axes in figure.axes] == ["", "recall"]
        assert len(data) == 10 and set(data.curve) == {"radius", "rank"} and (data.seeds == 2).all()

    def test_radii_that_retrieve_next_to_nothing_are_in_the_numbers_only(self, run, root):
        figure, data = drawn(curves.draw_pr_curves, run, root)
        assert (data.recall < captions.LEAST_RECALL).sum() == 2
        assert max(line.get_ydata().max() for line in figure.axes[0].lines) == pytest.approx(0.75)
        assert "below 0.1%" in captions.pr_curves(run)

    def test_mcmsh_s_figure_has_both_kinds_of_curves(self, run, root, scored):
        figure, data = drawn(curves.draw_mcmsh_figure5, run, root)
        above, below = figure.axes
        colour = method_lines(METHODS, run)["s5vh"]["color"]
        assert lines_of(above, colour)[0].get_xdata().tolist() == [5, 20]
        assert np.allclose(xy(lines_of(below, colour)[0]), [[0.05, 0.225], [0.6, 0.18]])
        assert (above.get_xlabel(), below.get_xlabel()) == ("N", "recall")
        assert set(data.curve) == {"mAP@N", "rank"} and data[data.curve == "rank"].mAP.isna().all()
        assert "this is our reading" in captions.mcmsh_figure5(run)


def test_panels_are_by_data_set_and_code_length(root):
    run = make_run(["toy", "ucf101", "hmdb51"], methods=METHODS, bits=[8, 16])
    with styled():
        figure, grid = panels.panels(run, rows_each=2, height=3.0)
    assert [(name, bits, len(axes)) for name, bits, axes in grid] == [
        ("toy", 8, 2), ("toy", 16, 2), ("ucf101", 8, 2), ("ucf101", 16, 2), ("hmdb51", 8, 2), ("hmdb51", 16, 2),
    ]  # fmt: skip
    places = np.array(figure.axes).reshape(6, 2)
    for number, (_, bits, axes) in enumerate(grid):
        assert axes == list(places[2 * (number // 2) : 2 * (number // 2) + 2, [8, 16].index(bits)])
    assert figure.get_size_inches().tolist() == [8.0, 1.1 + 3.0 * 6]
    panels.outer_labels(grid, ["N", "recall"], ["score", "precision"], 2)
    assert [axes.get_xlabel() for axes in places[:, 1]] == ["N", "recall"] * 3
    assert [axes.get_ylabel() for axes in places[:, 0]] == ["score", "precision"] * 3
    assert not any(axes.get_ylabel() for axes in places[:, 1])
    with styled():
        figure, grid = panels.panels(make_run([], methods=METHODS, bits=[8]), rows_each=1, height=3.0)
    assert grid == [] and figure.axes[0].texts[0].get_text() == "no data set ran"
