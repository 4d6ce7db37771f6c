"""Styles of lines that are told apart in grey and by colour-blind readers, and legends."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from reporting_results import make_run

from s5vh.reporting.style import (
    BASELINE_GREYS,
    BASELINE_MARKERS,
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    MORE_LINE,
    MORE_MARKERS,
    handle,
    headline,
    method_lines,
    method_styles,
    new_figure,
    series_style,
)

NETWORKS = ["s5vh", "autossvh", "conmh", "mcmsh", "dkph", "bth", "bervae", "ssvh", "s5vh-released", "conmh-released"]
FITTED = ["mfh_mean", "itq_mean", "itq_flat", "sh_mean", "pcah_mean", "lsh_mean"]
# Linear RGB as seen with deuteranopia and protanopia: Machado, Oliveira and Fernandes (2009), severity 1.
VISION = {
    "normal": np.eye(3),
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}


def lab(colours, vision="normal"):
    """CIE L*a*b* of colours, [colours, 3]."""
    values = np.array([to_rgb(colour) for colour in colours])
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.transpose(VISION[vision]), 0, 1)
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    xyz = seen @ np.transpose(to_xyz) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


@pytest.fixture
def run():
    return make_run(["toy"], methods=[*NETWORKS, *FITTED])


class TestColours:
    def test_lightness_differs(self):
        assert np.diff(np.sort(lab(COLOURS)[:, 0])).min() > 5 and len(COLOURS) == len(MARKERS) == 9
        assert lab(COLOURS)[:, 0].max() < 80  # visible on white

    @pytest.mark.parametrize("vision", VISION)
    def test_colours_stay_apart(self, vision):
        seen = lab(COLOURS, vision)
        assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 25


class TestStyles:
    def test_the_first_nine_share_no_marker_and_neighbours_no_line(self, run):
        lines = list(method_lines(NETWORKS[:9], run).values())
        told = [(line["marker"], line["linestyle"]) for line in lines]
        assert len(set(told)) == len({marker for marker, _ in told}) == len({line["color"] for line in lines}) == 9
        assert all(first[1] != second[1] for first, second in pairwise(told))

    def test_every_method_is_told_apart_without_colour(self, run):
        lines = method_lines([*NETWORKS, *FITTED], run)
        told = {(line["marker"], line["linestyle"], line["linewidth"]) for line in lines.values()}
        assert len(told) == len(NETWORKS) + len(FITTED)

    def test_networks_are_coloured_and_the_others_thin_and_grey(self, run):
        lines = method_lines([*NETWORKS, *FITTED], run, "conmh")
        assert [lines[name]["color"] for name in NETWORKS] == [*COLOURS, COLOURS[0]]
        assert [lines[name]["color"] for name in FITTED] == list(BASELINE_GREYS) * 3
        assert [lines[name]["marker"] for name in FITTED] == list(BASELINE_MARKERS[:6])
        assert lines["s5vh"]["linestyle"] == LINES[0] and lines["conmh-released"]["linestyle"] == MORE_LINE
        widths = {name: line["linewidth"] for name, line in lines.items()}
        assert widths["lsh_mean"] < widths["s5vh"] < widths["conmh"] == max(widths.values())
        assert max(lines, key=lambda name: lines[name]["zorder"]) == "conmh"
        assert GREY not in {*BASELINE_GREYS, *COLOURS}

    def test_compared_methods_look_the_same_in_every_figure(self, run):
        every = method_styles([*NETWORKS, *FITTED], run)
        for names in (["conmh"], ["bth", "conmh", "lsh_mean"], FITTED[::-1]):
            assert method_styles(names, run) == {name: every[name] for name in names}
        assert method_styles(["s5vh", "conmh-released"], run)["conmh-released"] == series_style(9)

    def test_ablations_get_what_their_figure_leaves(self, run):
        ablations = ["s5vh_forward", "s5vh_backward"]
        assert method_styles(["s5vh", *ablations], run) == {
            "s5vh": series_style(0), "s5vh_forward": series_style(1), "s5vh_backward": series_style(2),
        }  # fmt: skip
        assert method_styles([*ablations, "autossvh"], run)["s5vh_backward"] == series_style(2)
        assert method_styles([*NETWORKS, *ablations], run)["s5vh_forward"] == series_style(10)

    def test_series_repeat_late(self):
        assert series_style(1) == {"color": COLOURS[1], "marker": MARKERS[1]}
        assert series_style(10) == {"color": COLOURS[1], "marker": MORE_MARKERS[1]}
        assert len({tuple(series_style(number).values()) for number in range(18)}) == 18


class TestLegend:
    def test_a_long_one_makes_the_figure_taller(self):
        heights = []
        for entries in (1, 3, 4, 17):
            figure = new_figure(6.5, 4.0)
            handles = [handle(str(number)) for number in range(entries)]
            headline(figure, "Title", make_run(["toy"]), handles, uses_data=False)
            heights.append(figure.get_figheight())
        assert heights == pytest.approx([4.0, 4.0, 4.2, 5.0])  # 3 entries fit into a row

    def test_each_group_starts_a_row(self):
        figure = new_figure(6.5, 4.0)
        groups = [
            [handle(f"{name}{number}") for number in range(count)] for name, count in (("a", 4), ("b", 3), ("c", 1))
        ]
        headline(figure, "Title", make_run(["toy"]), *groups, [], uses_data=False)
        texts = [text.get_text() for text in figure.legends[0].get_texts()]
        rows = np.array(texts).reshape(3, -1).T.tolist()  # matplotlib fills columns
        assert rows == [["a0", "a2", ""], ["a1", "a3", ""], ["b0", "b1", "b2"], ["c0", "", ""]]
        assert figure.get_figheight() == pytest.approx(4.6)

    def test_without_entries_there_is_a_title(self):
        figure = new_figure(6.5, 4.0)
        headline(figure, "Title", make_run(["demo"]), [], [])
        assert figure.get_suptitle().startswith("Title\nDEMO") and not figure.legends
