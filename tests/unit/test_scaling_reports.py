"""What Figure 1a and its tables show of the measurements and fits."""

import math

import numpy as np
import pandas as pd
import pytest
from figure_parts import drawn, xy
from reporting_results import make_run

from s5vh.reporting import collect
from s5vh.reporting.figures import scaling
from s5vh.reporting.published_numbers import table_of
from s5vh.reporting.style import method_styles
from s5vh.reporting.tables.scaling import build_efficiency, build_scaling_fits, crossing_words
from s5vh.studies.scaling_fits import scaling_fit

pytest_plugins = ("reporting_fixtures",)

LENGTHS = (10, 20, 40, 80)
METHODS = ["s5vh", "conmh"]


def rows(method, purpose, factor, reason=""):
    """Measurements of which the longest, 160 frames, does not fit."""
    frames = np.array([*LENGTHS, 160])
    times = np.where(frames < 160, factor * frames, np.nan)
    return pd.DataFrame({
        "method": method, "purpose": purpose, "frames": frames, "batch_size": [40, 20, 10, 5, 0],
        "milliseconds_per_video": times, "milliseconds_median": times + 3, "mib_per_video": 2 * times,
        "parameters": 1200, "encoding_parameters": 900, "flops_per_video": 2_500_000 * frames,
        "disturbance": reason, "device": "A CPU",
    })  # fmt: skip


@pytest.fixture
def run(monkeypatch):
    """S5VH quadratic in time, linear in memory; ConMH encoded on a busy machine."""
    points = pd.concat([
        rows("s5vh", "encode", 1.0), rows("conmh", "encode", 5.0, "other work"),
        rows("s5vh", "train", 3.0), rows("conmh", "train", 7.0),
    ])  # fmt: skip
    x = np.array(LENGTHS)
    line, curve, none = scaling_fit(x, 0.5 * x + 2), scaling_fit(x, 0.01 * x**2 + 0.5 * x + 2), scaling_fit([], [])
    fits = {
        "methods": {
            "s5vh": {"encode": {"time": curve, "memory": line}, "train": {"time": line, "memory": line}},
            "conmh": {"encode": {"time": none, "memory": line}, "train": {"time": curve, "memory": curve}},
        },
        "reference": "s5vh",
        "crossings": {
            "encode": {},
            "train": {"conmh": {"frames": 33.4, "interval": [21.2, None], "shortest": 10, "longest": 80}},
        },
    }
    monkeypatch.setattr(collect, "efficiency", lambda run, results: (points, fits))
    settings = {"methods": METHODS, "frames": [*LENGTHS, 160], "bits": 24, "feature_size": 9, "memory_budget_mib": 1234}
    return make_run(["toy"], efficiency=settings)


class TestFigure1a:
    def test_measurements_and_bars(self, run, tmp_path):
        figure, data = drawn(scaling.draw_figure1a, run, tmp_path)
        time, memory = figure.axes[:2]
        styles = method_styles(METHODS, run)
        for container, (method, factor) in zip(time.containers, (("s5vh", 1), ("conmh", 5)), strict=True):
            marks, _, bars = container.lines
            assert xy(marks) == [[n, factor * n] for n in LENGTHS]
            assert marks.get_markerfacecolor() == ("none" if method == "conmh" else styles[method]["color"])
            assert [segment.tolist() for segment in bars[0].get_segments()] == [
                [[n, factor * n], [n, factor * n + 3]] for n in LENGTHS
            ]
        points = [line for line in memory.lines if line.get_linestyle() == "None"]
        assert [xy(line) for line in points] == [[[n, 2 * factor * n] for n in LENGTHS] for factor in (1, 5)]
        measured = data[(data.panel == "time") & (data.purpose == "encode") & data.kind.str.startswith("measured")]
        assert measured.kind.tolist() == ["measured"] * 4 + ["measured on a busy machine"] * 4
        assert (measured.high - measured.value == 3).all() and time.get_ylim()[0] == 0
        said = figure._supxlabel.get_text()
        assert "A CPU; the largest batch that fits, in steps of 5 videos (on a CPU: into 1,234 MiB); 24 bits" in said
        assert said.endswith("Hollow: measured while the machine was busy with other work. ConMH (encoding).")

    def test_only_the_better_fit_is_drawn(self, run, tmp_path):
        figure, data = drawn(scaling.draw_figure1a, run, tmp_path)
        time, memory, _, training = figure.axes[:4]
        x = np.linspace(10, 80, 100)
        lines = {axes: [line for line in axes.lines if len(line.get_xdata()) == 100] for axes in (time, memory)}
        (curve,) = lines[time]  # none for the busy machine
        assert np.allclose(curve.get_xdata(), x) and np.allclose(curve.get_ydata(), 0.01 * x * x + 0.5 * x + 2)
        assert curve.is_dashed() and curve.get_color() == method_styles(METHODS, run)["s5vh"]["color"]
        assert [line.is_dashed() for line in lines[memory]] == [False, False]
        assert np.allclose(lines[memory][0].get_ydata(), 0.5 * x + 2)
        assert training.get_title(loc="left") == "Time per video, training step"
        assert set(data[data.panel == "time"].groupby("method").kind.unique()["s5vh"]) == {
            "measured", "quadratic fit", "linear fit",
        }  # fmt: skip
        names = [text.get_text() for text in figure.legends[0].get_texts()]
        assert names == ["S5VH", "ConMH", "linear fit", "quadratic fit"]

    def test_batches(self, run, tmp_path):
        figure, data = drawn(scaling.draw_figure1a, run, tmp_path)
        batches = figure.axes[5]
        expected = [[n, videos] for n, videos in zip(LENGTHS, (40, 20, 10, 5), strict=True)]
        assert [xy(line) for line in batches.lines] == [expected] * 2
        assert data[data.panel == "batch"].value.tolist() == [40, 20, 10, 5] * 2

    def test_published_fits_have_the_colours_of_what_was_measured(self, run, tmp_path):
        figure, data = drawn(scaling.draw_figure1a, run, tmp_path)
        styles = method_styles(METHODS, run)
        printed = list(table_of("efficiency").itertuples())
        colours = [styles["conmh"]["color"], None, styles["s5vh"]["color"]]
        panel = figure.axes[2]
        labels = {text.get_text().split("\n")[0]: text for text in panel.texts}
        for line, row, colour in zip(panel.lines, printed, colours, strict=True):
            label = labels[row.method]
            x = np.linspace(0, 160, 100)
            assert np.allclose(line.get_ydata(), row.quadratic_coef * x**2 + row.linear_coef * x + row.constant)
            assert np.allclose(line.get_xdata(), x)
            assert line.get_color() == label.get_color() and line.is_dashed() == (row.quadratic_coef > 0)
            assert line.get_color() == colour if colour else line.get_color() not in colours
        assert (data[data.kind == "printed fit"].groupby("method").size() == 100).all()

    def test_labels_of_published_fits_do_not_overlap(self, run, tmp_path):
        panel = drawn(scaling.draw_figure1a, run, tmp_path)[0].axes[2]
        heights = sorted(text.xy[1] for text in panel.texts)
        assert np.diff(heights).min() >= 0.119 * panel.get_ylim()[1]

    def test_nothing_measured(self, tmp_path):
        figure, data = drawn(scaling.draw_figure1a, make_run(["toy"], efficiency={"methods": []}), tmp_path)
        assert [axes.texts[0].get_text() for axes in figure.axes[:2]] == ["no method was measured"] * 2
        assert set(data.panel) == {"printed"} and "Measured on nothing" in figure._supxlabel.get_text()

    def test_nothing_fits(self, run, tmp_path, monkeypatch):
        points, fits = collect.efficiency(run, tmp_path)
        monkeypatch.setattr(collect, "efficiency", lambda run, results: (points.assign(batch_size=0), fits))
        figure, _ = drawn(scaling.draw_figure1a, run, tmp_path)
        assert [figure.axes[place].texts[0].get_text() for place in (0, 1, 3, 4)] == [
            "no batch fits into the memory"
        ] * 4


class TestTables:
    def texts(self, block):
        return [[entry.text for entry in row] for row in block.rows]

    def test_measurements(self, run, tmp_path):
        table = build_efficiency(run, tmp_path)
        encode, train, counted = table.blocks
        assert encode.heading == "Encoding, on A CPU"
        assert self.texts(encode)[3:6] == [
            ["S5VH", "80", "5", "80", "83", "160"],
            ["S5VH", "160", "none fits", "", "", ""],
            ["ConMH", "10", "40", "50", "53", "100"],
        ]
        assert encode.note.startswith("ConMH was measured on a busy machine") and train.note == ""
        assert self.texts(counted)[0] == ["S5VH", "1,200", "900", "0.025", "0.05", "0.1", "0.2", "0.4"]
        row = table.data.query("method == 'conmh' and purpose == 'train' and frames == 40").set_index("quantity").value
        assert row["milliseconds_per_video"] == 280 and row["batch_size"] == 10

    def test_growth_and_crossings(self, run, tmp_path):
        table = build_scaling_fits(run, tmp_path)
        encode, _, train, _, _ = table.blocks
        assert encode.columns[-1] == "S5VH faster"
        assert [row[2] for row in self.texts(encode)] == ["quadratic", ""] and self.texts(encode)[1][1] == ""
        assert self.texts(train)[1][-1] == "from 33 frames [21 to beyond 80]" and self.texts(train)[0][-1] == ""
        found = table.data[table.data.model == "slower than s5vh from"].iloc[0]
        assert (found.purpose, found.method, found.value, found.low) == ("train", "conmh", 33.4, 21.2)
        assert math.isnan(found.high)
        exponents = table.data[table.data.model == "exponent"]
        assert len(exponents) == 7 and (exponents.low < exponents.value).all()

    def test_fits(self, run, tmp_path):
        table = build_scaling_fits(run, tmp_path)
        fits = table.blocks[1]
        assert [(row[0].text, row[1].text, row[2].text, row[2].clear) for row in fits.rows] == [
            ("S5VH", "time [ms]", "linear", False), ("S5VH", "time [ms]", "quadratic", True),
            ("S5VH", "memory [MiB]", "linear", True), ("S5VH", "memory [MiB]", "quadratic", False),
            ("ConMH", "memory [MiB]", "linear", True), ("ConMH", "memory [MiB]", "quadratic", False),
        ]  # fmt: skip
        row = table.data.query("method == 's5vh' and purpose == 'encode' and quantity == 'time' and chosen == True")
        (row,) = row.itertuples()
        assert [row.coefficient_2, row.coefficient_1, row.coefficient_0] == pytest.approx([0.01, 0.5, 2])
        assert row.low_2 <= 0.01 <= row.high_2 and row.r2 == pytest.approx(1)

    def test_printed_fits_and_where_they_cross(self, run, tmp_path):
        printed = build_scaling_fits(run, tmp_path).blocks[-1]
        assert [row[0] for row in self.texts(printed)] == ["ConMH", "MCMSH", "S5VH"]
        # Roots of 2.4e-6 x^2 + 0.4e-3 x - 4e-3 and of 1.3e-6 x^2 + 0.6e-3 x - 11e-3.
        roots = [(-0.4e-3 + math.sqrt(0.16e-6 + 4 * 2.4e-6 * 4e-3)) / 4.8e-6]
        roots += [(-0.6e-3 + math.sqrt(0.36e-6 + 4 * 1.3e-6 * 11e-3)) / 2.6e-6]
        assert [row[-1] for row in self.texts(printed)] == [*(f"from {root:.0f} frames" for root in roots), ""]
        assert all(entry.quoted for row in printed.rows for entry in row)

    def test_nothing_measured(self, tmp_path):
        run = make_run(["toy"], efficiency={"methods": []})
        assert build_efficiency(run, tmp_path).blocks == []
        assert len(build_scaling_fits(run, tmp_path).blocks) == 1  # what is printed

    @pytest.mark.parametrize(
        "frames, interval, words",
        [
            (None, [None, None], "not up to 800 frames"),
            (0.0, [0.0, 0.0], "from 25 frames, the shortest length"),
            (0.0, [0.0, 61.7], "from at most 25 frames [at most 25 to 62]"),
            (123.4, [0.0, None], "from 123 frames [at most 25 to beyond 800]"),
            (1234.0, [1100.2, 1300.0], "from 1234 frames [1100 to 1300]"),
        ],
    )
    def test_crossings_in_words(self, frames, interval, words):
        assert crossing_words({"frames": frames, "interval": interval, "shortest": 25, "longest": 800}) == words

    def test_unknown_crossings_have_no_words(self):
        assert crossing_words(None) == crossing_words({"frames": None, "interval": [None, None], "longest": None}) == ""
