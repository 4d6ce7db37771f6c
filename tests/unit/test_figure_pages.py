"""What figures draw, continued: statistics of the codes, example queries, the study of the protocol."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from figure_parts import drawn, xy
from matplotlib.colors import to_hex, to_rgba
from reporting_results import make_run

from s5vh.reporting.figures import codes, examples, protocol_study
from s5vh.reporting.style import COLOURS, method_styles, new_figure
from s5vh.reporting.words import method_title

pytest_plugins = ("reporting_fixtures",)
METHODS = ["s5vh", "itq_mean"]


BIT_STATISTICS = {
    "bit_balance": np.array([0.5, -0.25]),
    "correlation": np.array([[1.0, -0.7], [-0.7, 1.0]]),
    "mean_absolute_correlation": 0.3,
    "colliding_share": 0.6,
}


class TestCodes:
    def draw(self, root, monkeypatch, methods=METHODS, bits=(2, 4, 6), seeds=(5, 6)):
        asked = []

        def stored(results, cells):
            asked.extend(cells)
            for cell in cells:
                scale = {"s5vh": 1.0, "itq_mean": 0.5}.get(cell.method, 0.1) * cell.bits / 6
                found = {name: scale * value for name, value in BIT_STATISTICS.items()}
                found |= {"bit_balance": np.resize(found["bit_balance"], cell.bits),
                          "correlation": np.resize(found["correlation"], (cell.bits, cell.bits))}  # fmt: skip
                yield cell, "query", {}
                yield cell, "database", found

        monkeypatch.setattr(codes, "codes", stored)
        run = make_run(["toy"], methods=list(methods), bits=list(bits), seeds=list(seeds))
        figure, data = drawn(codes.draw_code_statistics, run, root)
        return figure, data, asked

    def test_strips(self, root, monkeypatch):
        figure, _, asked = self.draw(root, monkeypatch)
        assert {cell.seed for cell in asked} == {5} and len(asked) == 6
        balance, correlation, collisions = figure.axes[:3]
        dots = [points.get_offsets() for points in balance.collections]
        expected = [(row, place, bits) for row in (0, 1) for place, bits in enumerate((2, 4, 6))]
        for (row, place, bits), points in zip(expected, dots, strict=True):
            scale = (1.0, 0.5)[row] * bits / 6
            assert np.allclose(points[:, 0], np.resize([0.5 * scale, -0.25 * scale], bits))
            assert np.allclose(points[:, 1], row + place / 3)
        for axes, value in ((correlation, 0.3), (collisions, 0.6)):
            marks = [line for line in axes.lines if line.get_marker() == "o"]
            assert np.allclose(
                [xy(mark)[0] for mark in marks],
                [[value * (1.0, 0.5)[row] * bits / 6, row + place / 3] for row, place, bits in expected],
            )
            assert [mark.get_color() for mark in marks] == list(COLOURS[:3]) * 2
            assert axes.get_ylim() == (2 - 0.5 / 3, -0.5 / 3) and axes.get_xlim()[0] == 0
        assert np.allclose(balance.get_yticks(), [0.5 - 0.5 / 3, 1.5 - 0.5 / 3])
        assert [label.get_text() for label in balance.get_yticklabels()] == [method_title(name) for name in METHODS]
        handles = [text.get_text() for text in figure.legends[0].get_texts()]
        assert handles == ["2 bits", "4 bits", "6 bits"]
        assert "seed 5" in figure.legends[0].get_title().get_text()

    def test_heat_maps_are_of_the_middle_length(self, root, monkeypatch):
        figure, data, _ = self.draw(root, monkeypatch)
        images = [axes.images[0] for axes in figure.axes[3:] if axes.images and axes.get_title(loc="left")]
        for image, scale in zip(images, (1.0, 0.5), strict=True):
            shown = np.abs(np.resize([[1.0, -0.7], [-0.7, 1.0]], (4, 4))) * scale * 4 / 6
            assert np.allclose(image.get_array(), shown) and image.get_clim() == (0, 1)
        pairs = data[data.quantity == "correlation"]
        assert set(pairs.bits) == {4} and len(pairs) == 2 * 6
        assert pairs[["bit", "other_bit"]].values.tolist()[:6] == [[1, 2], [1, 3], [1, 4], [2, 3], [2, 4], [3, 4]]
        means = data[(data.quantity == "bit_mean") & (data.method == "s5vh") & (data.bits == 6)]
        assert means.bit.tolist() == [1, 2, 3, 4, 5, 6] and np.allclose(means.value, [0.5, -0.25] * 3)
        assert len(data[data.quantity == "colliding_share"]) == 6

    def test_many_methods_have_more_rows_of_maps(self, root, monkeypatch):
        many = ["s5vh", "itq_mean", "itq_flat", "lsh_mean", "lsh_flat", "conmh", "s5vh_forward"]
        figure, _, _ = self.draw(root, monkeypatch, many, bits=[4], seeds=[1])
        maps = [axes for axes in figure.axes[3:] if axes.images and axes.get_title(loc="left")]
        assert len(maps) == 7 and len({round(axes.get_position().y0, 3) for axes in maps}) == 2


class TestExamples:
    def test_evenly_spaced(self):
        assert examples.evenly_spaced(3, 9).tolist() == [1, 4, 7]
        assert examples.evenly_spaced(4, 10).tolist() == [1, 3, 6, 8]
        assert examples.evenly_spaced(9, 2).tolist() == [0, 1]

    def test_a_query_is_left_out_of_its_own_neighbours(self):
        assert examples._without(np.array([7, 3, 5]), 3).tolist() == [0, 2]
        assert examples._without(np.array([7, 3, 5]), 9).tolist() == [0, 1]  # tied out of the list

    def test_texts(self):
        assert examples._short("abcdef", 6) == "abcdef" and examples._short("abcdefg", 6) == "abcde…"
        assert examples._label(np.array([0, 1, 1]), ["a", "b", "c"]) == "b, c"
        assert examples._label(np.array([0, 1, 1]), None) == "class 1, class 2"
        assert examples._label(np.array([0, 0]), ["a", "b"]) == "no label"
        assert examples._labels(None, ["x", "y"], ["a"], [1]) == {1: "y"}

    def page(self, *, relevant=True, pictures=False):
        shown = np.array([[4, 2, 7, 1, 0], [3, 5, 6, 8, 9]])
        names = {i: f"name {i}" for i in range(10)}
        thumbnails = {i: np.zeros((5, 8, 8), np.uint8) for i in range(10)} if pictures else None
        page = examples.Examples(
            np.array([1, 6]), shown, shown + 10, shown % 2 == 0 if relevant else None, names, names,
            {i: f"q{i}" for i in names}, {i: f"v{i}" for i in names}, thumbnails, thumbnails,
        )  # fmt: skip
        axes = new_figure(10, 4).subplots()
        examples._page(axes, page, lines=2)
        return page, axes

    def test_places_colours_and_marks(self):
        page, axes = self.page()
        texts = {text.get_text(): text for text in axes.texts}
        bars = [(patch.get_x(), patch.get_y(), *patch.get_facecolor()) for patch in axes.patches]
        assert bars[0] == pytest.approx((0.0, 0.12, *to_rgba("#3B3B3B"))) and bars[6][1] == pytest.approx(2.18 + 0.12)
        for row in (0, 1):
            for rank, neighbour in enumerate(page.neighbours[row]):
                x, y = 1.1 + rank % 4, row * 2.18 + rank // 4
                good = neighbour % 2 == 0
                colour = examples.RELEVANT if good else examples.IRRELEVANT
                assert bars[6 * row + 1 + rank] == pytest.approx((x, y + 0.12, *to_rgba(colour)))
                text = texts[f"{'✓' if good else '✗'} name {neighbour}"]
                assert text.get_position() == pytest.approx((x + 0.06, y + 0.36)) and text.get_color() == colour
                assert f"d = {neighbour + 10}   v{neighbour}" in texts
        assert texts["name 1"].get_fontweight() == "bold" and "q6" in texts
        assert axes.get_ylim() == pytest.approx((4.36, 0)) and len(axes.lines) == 1

    def test_without_labels_nothing_is_right_or_wrong(self):
        _, axes = self.page(relevant=False)
        assert {to_hex(patch.get_facecolor()) for patch in axes.patches} == {"#3b3b3b", examples.UNKNOWN.lower()}
        assert not any(mark in text.get_text() for text in axes.texts for mark in "✓✗")

    def test_film_strips(self):
        page, axes = self.page(pictures=True)
        assert len(axes.images) == 12 and axes.images[0].get_array().shape == (8, 40)
        assert axes.images[7].get_extent() == pytest.approx([1.1, 2.05, 2.18 + 0.62, 2.18 + 0.04])
        assert examples._height(page, 2) == pytest.approx(0.35 + 2 * 0.66 * 2.18)
        assert examples._height(self.page()[0], 2) == pytest.approx(0.35 + 2 * 0.42 * 2.18)
        assert [text.get_text() for text in axes.texts[1:3]] == ["✓ name 4", "d = 14"]


class TestProtocolStudy:
    @pytest.fixture
    def study(self, root, monkeypatch):
        cell = {"dataset": "toy", "seed": 1}
        ties, own = [], []
        for number, (method, bits) in enumerate([("s5vh", 16), ("itq_mean", 8), ("itq_mean", 16)]):
            for metric, factor in (("GmAP", 1.0), ("mAP@5", 2.0)):
                score = factor * (0.1 + 0.1 * number)
                where = cell | {"method": method, "bits": bits, "metric": metric}
                ties.append(where | {"expected": score, "lowest": 0.5 * score, "highest": 1.5 * score, "deviation": 0,
                                     "stored": 1.2 * score, "smallest": 0.9 * score, "largest": 1.1 * score,
                                     "random_orders": [0.9 * score, 1.1 * score]})  # fmt: skip
                own += [where | {"protocol": protocol, "with_itself": score, "without_itself": share * score}
                        for protocol, share in (("published", 0.75), ("strict", 0.5))]  # fmt: skip
        frames = pd.DataFrame(ties), pd.DataFrame(own)
        monkeypatch.setattr(protocol_study, "read_study", lambda run, results: frames)
        run = make_run(["toy"], methods=METHODS, bits=[16, 32],
                       protocol_study={"methods": ["itq_mean"], "bits": [8, 16], "orders": 2})  # fmt: skip
        figure, data = drawn(protocol_study.draw_protocol, run, root)
        return figure.axes, method_styles(METHODS, run), data

    # Two methods share the 0.6 around a code length's place; S5VH is studied at 16 bits only.
    PLACES = ((1 - 0.15, "s5vh", 0.1), (0 + 0.15, "itq_mean", 0.2), (1 + 0.15, "itq_mean", 0.3))

    def test_bounds_and_means(self, study):
        (bounds, *_), styles, _ = study
        for bar, mark, (x, method, score) in zip(bounds.collections, bounds.lines, self.PLACES, strict=True):
            assert np.allclose(bar.get_segments()[0], [[x, 0.5 * score], [x, 1.5 * score]])
            assert np.allclose(xy(mark), [[x, score]]) and mark.get_color() == styles[method]["color"]
        assert bounds.get_ylim()[0] == 0 and bounds.get_xlim() == (-0.5, 1.5)
        assert [label.get_text() for label in bounds.get_xticklabels()] == ["8", "16"]

    def test_database_orders_deviate_from_the_mean_in_percent(self, study):
        (_, gmap, first, *_), _, _ = study
        for axes in (gmap, first):
            for dots, dash, (x, _, _) in zip(axes.collections, axes.lines[:3], self.PLACES, strict=True):
                assert np.allclose(dots.get_offsets(), [[x, -10], [x, 10]])
                assert np.allclose(xy(dash), [[x, 20]]) and dash.get_marker() == "_"
            assert axes.get_ylim()[0] < -10

    def test_self_matches(self, study):
        (*_, published, strict, _), _, _ = study
        for axes, share in ((published, 0.75), (strict, 0.5)):
            marks = [axes.lines[start : start + 2] for start in (0, 2, 4)]
            for line, (filled, hollow), (x, _, score) in zip(axes.collections, marks, self.PLACES, strict=True):
                assert np.allclose(line.get_segments()[0], [[x, share * score], [x, score]])
                assert np.allclose([xy(filled)[0], xy(hollow)[0]], [[x, score], [x, share * score]])
                assert hollow.get_markerfacecolor() == "white" != filled.get_markerfacecolor()

    def test_shares_are_of_the_main_protocol(self, study):
        axes, styles, data = study
        share = axes[-1]
        found = [(line.get_linestyle(), line.get_color(), np.round(xy(line), 9).tolist()) for line in share.lines]
        own = {name: styles[name]["color"] for name in METHODS}
        assert found == [("-", own["s5vh"], [[1, 25]]), ("-", own["itq_mean"], [[0, 25], [1, 25]]),
                         (":", own["s5vh"], [[1, 25]]), (":", own["itq_mean"], [[0, 25], [1, 25]])]  # fmt: skip
        assert len(data[data.quantity == "random_order"]) == 12 and set(data.study) == {"ties", "self-match"}
