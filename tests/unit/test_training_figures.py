"""Figures of trainings: GmAP and loss by epoch and by time, and training time against GmAP."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from figure_parts import drawn, lines_of, xy
from training_curves import METHODS, TRAININGS, make, write_trainings

from s5vh.config import layout
from s5vh.reporting.figures import convergence, training_time
from s5vh.reporting.published_curves import LOG
from s5vh.reporting.published_numbers import table_of
from s5vh.reporting.style import method_styles
from s5vh.reporting.words import DEMO


@pytest.fixture
def results(tmp_path, monkeypatch):
    return write_trainings(tmp_path, monkeypatch)


def convergence_drawn(run, results, draw=convergence.draw_figure1b):
    figure, data = drawn(draw, run, results)
    by_epoch, by_time, losses = figure.axes[:3]
    return by_epoch, by_time, losses, data, figure


class TestConvergence:
    def test_levels_are_drawn_and_marked_where_the_mean_reaches_them(self, results):
        run = make()
        left, by_time, right, data, figure = convergence_drawn(run, results)
        styles = method_styles(METHODS, run)
        lines = [(line.get_color(), line.get_xdata().tolist(), line.get_ydata().tolist()) for line in left.lines]
        red, green, blue = (styles[name]["color"] for name in (METHODS[1], METHODS[2], METHODS[0]))
        for level in [
            (red, [1, 5], [0.5625] * 2), (blue, [4, 4], [0, 0.5625]), (blue, [4], [0.5625]),
            (green, [1, 2], [0.3125] * 2), (blue, [2, 2], [0, 0.3125]), (blue, [2], [0.3125]),
        ]:  # fmt: skip
            assert lines.count(level) == 1
        (said,) = [text.get_text() for text in left.texts]
        assert said.splitlines() == [
            "S5VH without alignment ends at 0.562;", "reached at epoch 4 of 5: 20% saved",
            "(single seeds: epoch 2 to never)",
            "S5VH, forward scan only ends at 0.312;", "reached at epoch 2 of 2: 0% saved",
            "(single seeds: epoch 1 to epoch 4)",
        ]  # fmt: skip
        lines = [(line.get_color(), line.get_xdata().tolist(), line.get_ydata().tolist()) for line in by_time.lines]
        for level in [
            (red, [1.5, 7.5], [0.5625] * 2), (blue, [8.5] * 2, [0, 0.5625]), (blue, [8.5], [0.5625]),
            (green, [1.5, 20], [0.3125] * 2), (blue, [4.5] * 2, [0, 0.3125]), (blue, [4.5], [0.3125]),
        ]:  # fmt: skip
            assert lines.count(level) == 1
        (said,) = [text.get_text() for text in by_time.texts]
        assert said.splitlines() == [
            "S5VH without alignment ends after 7.5 s;", "its GmAP is reached after 8.5 s: 13% more",
            "(single seeds: 4.0 s to never)",
            "S5VH, forward scan only ends after 20 s;", "its GmAP is reached after 4.5 s: 78% saved",
            "(single seeds: 2.0 s to 9.0 s)",
        ]  # fmt: skip
        assert not right.texts and left.get_ylim() == by_time.get_ylim() == (0, 1.02)  # bands reach beyond 1
        assert figure.legends[0].get_texts()[-1].get_text() == "final GmAP to reach"
        marks = data[data.quantity.str.startswith("reaches")]
        assert marks.quantity.tolist() == [f"reaches final GmAP of {name}" for name in METHODS[1:]]
        assert marks[["epoch", "seconds", "value"]].to_numpy().tolist() == [[4, 8.5, 0.5625], [2, 4.5, 0.3125]]
        assert set(data.data) == {DEMO} and set(data.source) == {"this run"} and set(marks.method) == {"s5vh"}

    def test_a_level_never_reached_has_a_line_and_no_mark(self, results):
        left, by_time, _, data, _ = convergence_drawn(make(methods=METHODS[:2], seeds=[8]), results)
        assert by_time.texts[0].get_text() == (
            "S5VH without alignment ends after 10 s;\nits GmAP is not reached within the training"
        )
        assert [line.get_ydata().tolist() for line in left.lines][-1] == [0.75, 0.75]
        assert left.texts[0].get_text() == "S5VH without alignment ends at 0.750;\nnot reached within 4 epochs"
        assert np.isnan(data[data.quantity.str.startswith("reaches")].epoch.item())

    def test_curves_bands_and_losses(self, results):
        left, by_time, right, data, _ = convergence_drawn(make(methods=METHODS[:2]), results)
        full, variant = left.lines[:2]
        assert full.get_ydata().tolist() == [0.125, 0.3125, 0.375, 0.5625] and full.get_markevery() == 1
        assert variant.get_ydata().tolist() == [0.25, 0.375, 0.5, 0.4375, 0.5625]
        assert right.lines[0].get_ydata().tolist() == [0.5, 2.5, 4.5, 6.5]
        assert xy(by_time.lines[0]) == [[2.5, 0.125], [4.5, 0.3125], [6.5, 0.375], [8.5, 0.5625]]
        assert by_time.lines[1].get_xdata().tolist() == [1.5, 3, 4.5, 6, 7.5] and by_time.get_xscale() == "linear"
        # The seeds differ by 1/8 at epoch 2 of the full method; Student's t with one degree of freedom.
        for panel, x in ((left, 2), (by_time, 4.5)):
            band = panel.collections[0].get_paths()[0].vertices
            at_2 = band[np.isclose(band[:, 0], x), 1]
            assert at_2.max() - at_2.min() == pytest.approx(12.7062047 * 0.125, rel=1e-6)
        assert len(left.collections) == 2 and right.get_title(loc="left") == "Loss: contrast"
        loss = data[(data.quantity == "contrast") & (data.method == "s5vh")]
        assert loss.value.tolist() == [0.5, 2.5, 4.5, 6.5] and (loss.seeds == 2).all()

    @pytest.mark.parametrize(
        "terms, shared",
        [(["total", "reconstruction", "contrast"], "contrast"), (["total", "reconstruction"], "reconstruction"),
         (["total", "alignment"], "total")],
    )  # fmt: skip
    def test_the_loss_is_one_that_all_methods_have(self, results, terms, shared):
        for key in TRAININGS:
            # Only the full method has all terms.
            columns = ["total", "reconstruction", "contrast", "alignment"] if key[0] == "s5vh" else terms
            path = layout.cell("toy", key[0], 16, key[1], results) / "train.csv"
            pd.DataFrame({"epoch": [1, 1]} | {name: [2.0, 5.0] for name in columns}).to_csv(path, index=False)
        _, _, right, data, _ = convergence_drawn(make(methods=METHODS[:2]), results)
        assert right.get_title(loc="left") == f"Loss: {shared}" and len(right.lines) == 3  # one for the authors' log
        losses = data[~data.quantity.str.contains("GmAP")]
        assert set(losses[losses.method == METHODS[1]].quantity) == set(terms) and (losses.value == 3.5).all()

    def test_one_method_alone_has_curves_without_levels(self, results):
        left, by_time, losses, data, figure = convergence_drawn(make(methods=["s5vh"], seeds=[3]), results)
        assert not left.texts and not by_time.texts and not left.collections and not losses.collections
        assert len(left.lines) == 2  # the second one is for the authors' log
        assert [text.get_text() for text in figure.legends[0].get_texts()] == ["S5VH"]
        assert set(data.quantity) == {"GmAP", "total", "contrast"}

    def test_long_trainings_have_a_marker_for_every_few_evaluations(self, results):
        path = layout.cell("toy", "s5vh", 16, 3, results) / "evals.csv"
        epochs = np.arange(1, 61)
        pd.DataFrame({"epoch": epochs, "GmAP": epochs / 100, "seconds": epochs}).to_csv(path, index=False)
        left, *_ = convergence_drawn(make(methods=["s5vh"], seeds=[3]), results)
        assert left.lines[0].get_markevery() == 5

    def test_the_authors_log_stands_beside_published_data_only(self, results):
        left, by_time, right, data, figure = convergence_drawn(make(["ucf101"], METHODS[:2]), results)
        where = "dataset == 'UCF101' and bits == 16 and variant == 'full'"
        logged = table_of("eval_curves").query(where)
        rows = logged[[f"mAP@{n}" for n in (5, 20, 40, 60, 80, 100)]].to_numpy()
        theirs = data[(data.source == LOG) & (data.quantity == "GmAP")]
        assert theirs.value.tolist() == pytest.approx([np.prod(row) ** (1 / 6) for row in rows])
        assert theirs.epoch.tolist() == logged.epoch.tolist() and len(logged) > 5
        assert set(theirs.method) == {"s5vh"} and set(data.data) == {"published data set"}
        assert [line.get_xdata().tolist() for line in left.lines].count(logged.epoch.tolist()) == 1
        clock = table_of("wall_clock").query(where).iloc[0]
        each = (clock.total_seconds - clock.eval_seconds) / clock.epochs
        (quoted,) = lines_of(by_time, convergence.GREY)
        assert quoted.get_xdata() == pytest.approx(each * logged.epoch) and by_time.get_xscale() == "log"
        (loss,) = lines_of(right, convergence.GREY)
        assert xy(loss) == table_of("train_curves").query(where)[["epoch", "contrast"]].to_numpy().tolist()
        assert set(data[data.source == LOG].quantity) == {"GmAP", "reconstruction", "contrast", "alignment"}
        assert figure.legends[0].get_texts()[2].get_text() == LOG
        one = make(["ucf101"])
        strict = dict(reversed(one.config.protocols.items()))
        fewer = {"published": one.config.protocols["published"].model_copy(update={"cutoffs": [5, 20]})}
        others = [one._replace(config=one.config.model_copy(update={"protocols": found})) for found in (strict, fewer)]
        for run in (make(["toy"]), make(["ucf101"], METHODS[1:]), *others):
            assert set(convergence_drawn(run, results)[3].source) == {"this run"}

    def test_autossvh_s_figure_compares_the_rows_of_its_ablations(self, results):
        run = make(ablations=["autossvh_figure4"])
        run = run._replace(config=run.config.model_copy(update={"convergence": make(methods=[]).config.convergence}))
        _, by_time, _, data, figure = convergence_drawn(run, results, convergence.draw_autossvh_figure4)
        assert xy(by_time.lines[0])[-1] == [8.5, 0.5625] and set(data.method) == set(METHODS)
        assert figure.legends[0].get_title().get_text().startswith("Convergence with and without adversarial sampling")
        texts = [text.get_text() for text in figure.legends[0].get_texts()]
        assert texts == ["S5VH", "S5VH without alignment", "S5VH, forward scan only", "final GmAP to reach"]
        figure, data = drawn(convergence.draw_figure1b, run, results)
        assert len(data) == 0 and figure.axes[0].texts[0].get_text() == "no method to compare"


# Seconds per epoch, seconds until the level, and final scores, each by seed; the lowest final score is 0.125 of
# s5vh_forward with the first seed, and 0.5 of s5vh and s5vh_forward with the other.
TIMES = {
    "s5vh": ((2, 9 / 4), (2, 9), (0.625, 0.5)),
    "s5vh_no_alignment": ((1, 2), (1, 4), (0.375, 0.75)),
    "s5vh_forward": ((10, 10), (10, 10), (0.125, 0.5)),
}


class TestTrainingTime:
    def test_points_intervals_and_ranges(self, results):
        run = make(ablations=["autossvh_figure5"])
        figure, data = drawn(training_time.draw_autossvh_figure5, run, results)
        styles = method_styles(METHODS, run)
        for panel, number in zip(figure.axes, (0, 1), strict=True):
            for container, method in zip(panel.containers, METHODS, strict=True):
                times, scores = np.array(TIMES[method][number]), TIMES[method][2]
                point, _, (across, up) = container.lines
                assert xy(point) == [[times.mean(), np.mean(scores)]]
                assert (point.get_marker(), point.get_color()) == tuple(styles[method][k] for k in ("marker", "color"))
                assert across.get_segments()[0][:, 0].tolist() == [times.min(), times.max()]
                low, high = up.get_segments()[0][:, 1]
                assert high - low == pytest.approx(12.7062047 * abs(scores[0] - scores[1]), abs=1e-6)
            assert panel.get_xlim()[0] == 0 and panel.get_ylim() == (0, 1.02)
        assert figure.axes[1].get_xlabel() == "seconds of training until a GmAP of 0.312"
        intervals = data.groupby("quantity").interval.unique().explode().to_dict()
        assert intervals["final GmAP"] == "over 2 seeds" and intervals["seconds per epoch"] == "range over 2 seeds"
        assert set(data.data) == {DEMO} and len(data) == 4 * 3

    def test_one_seed_has_no_intervals(self, results):
        run = make(seeds=[3], ablations=["autossvh_figure5"])
        figure, data = drawn(training_time.draw_autossvh_figure5, run, results)
        for container in figure.axes[0].containers:
            segments = [bars.get_segments()[0] for bars in container.lines[2]]
            assert all(np.ptp(segment) == np.ptp(segment[0]) for segment in segments)
        assert data.low.isna().all() and (data.interval == "").all()

    def test_without_ablations_there_is_nothing_to_draw(self, results):
        figure, data = drawn(training_time.draw_autossvh_figure5, make(), results)
        assert len(data) == 0 and figure.axes[0].texts[0].get_text() == "no method to compare"
