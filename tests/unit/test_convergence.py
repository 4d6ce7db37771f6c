"""When a method reaches the final score of its variant: curves worked by hand, and the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from training_curves import TRAININGS, make, write_trainings

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.reporting import convergence as study
from s5vh.reporting.catalog import build_table, find, write_table
from s5vh.reporting.convergence import Curve, first_reached, mean_curve, median_and_range, reach
from s5vh.reporting.words import DEMO

INF = np.inf


@pytest.fixture
def results(tmp_path, monkeypatch):
    return write_trainings(tmp_path, monkeypatch)


def curve(scores, epochs=None, seconds=None):
    epochs = np.arange(1, len(scores) + 1) if epochs is None else np.array(epochs)
    return Curve(epochs, np.array(scores), 10.0 * epochs if seconds is None else np.array(seconds))


class TestReaching:
    def test_the_first_evaluation_at_or_above_the_level(self):
        noisy = curve([0.1, 0.5, 0.2, 0.6], epochs=[2, 4, 6, 8])
        assert first_reached(noisy, 0.4) == (4, 40) and first_reached(noisy, 0.5) == (4, 40)
        assert first_reached(noisy, 0.51) == (8, 80) and first_reached(noisy, 0.0) == (2, 20)
        assert first_reached(noisy, 0.61) == (INF, INF)

    def test_savings_in_epochs_seconds_and_against_the_variant_itself(self):
        full = curve([0.2, 0.3, 0.4, 0.1], seconds=[3, 6, 9, 12])
        variant = curve([0.1, 0.35, 0.2, 0.2, 0.3], epochs=[2, 4, 6, 8, 10], seconds=[4, 8, 12, 16, 20])
        assert reach(full, variant) == pytest.approx(
            {"level": 0.3, "variant_epochs": 10, "variant_seconds": 20, "variant_first": 4, "epochs": 4, "epoch": 2,
             "seconds": 6, "saving": 0.8, "saving_seconds": 0.7, "saving_first": 0.5}
        )  # fmt: skip

    def test_a_level_that_is_never_reached_is_censored(self):
        found = reach(curve([0.2, 0.29]), curve([0.1, 0.2, 0.3]))
        assert (found["epochs"], found["epoch"], found["seconds"]) == (2, INF, INF)
        assert found["saving"] == found["saving_seconds"] == found["saving_first"] == -INF

    def test_later_than_the_variant_is_a_loss(self):
        found = reach(curve([0, 0, 0, 0, 0, 1]), curve([1, 0, 0, 1]))
        assert (found["saving"], found["saving_first"]) == (-0.5, -5)

    def test_means_are_over_the_epochs_that_all_evaluated(self):
        first = curve([0.1, 0.2, 0.3], epochs=[2, 4, 6], seconds=[1, 2, 3])
        second = curve([0.5, 0.7, 0.9], epochs=[4, 6, 8], seconds=[10, 20, 30])
        mean = mean_curve([first, second])
        assert mean.epochs.tolist() == [4, 6]
        assert mean.scores.tolist() == pytest.approx([0.35, 0.5]) and mean.seconds.tolist() == [6, 11.5]
        assert all(np.array_equal(*pair) for pair in zip(mean_curve([first]), first, strict=True))

    def test_medians_count_what_was_never_reached(self):
        assert median_and_range(pd.Series([4.0, INF, 3.0])) == (4, 3, INF)
        assert median_and_range(pd.Series([4.0, INF, INF, 3.0])) == (INF, 3, INF)
        assert median_and_range(pd.Series([4.0, 9.0, INF, 3.0])) == (6.5, 3, INF)
        assert median_and_range(pd.Series([-INF, -INF])) == (-INF, -INF, -INF)

    def test_without_a_difference_the_savings_are_as_large_as_the_control_s(self):
        """A plateau of pure noise: one minus epoch / epochs is far above 0, though nothing is saved."""
        generator = np.random.default_rng(0)
        pairs = [reach(*(curve(generator.random(20)) for _ in range(2))) for _ in range(300)]
        assert median_and_range(pd.DataFrame(pairs).saving)[0] > 0.5
        assert abs(median_and_range(pd.DataFrame(pairs).saving_first)[0]) < 0.2


class TestStudy:
    def test_every_number_of_a_variant(self, results):
        data = study.convergence(make(), results)
        assert (data.dataset == "toy").all() and (data.method == "s5vh").all() and (data.bits == 16).all()
        found = data[data.variant == "s5vh_no_alignment"].drop(columns=["dataset", "method", "variant", "bits"])
        assert found.curve.tolist() == [study.SEED] * 2 + [study.MEAN] + [study.CONTROL] * 2
        assert found.seed.isna().tolist() == [False, False, True, False, False]
        assert found.seed.dropna().tolist() == [3, 8, 3, 8]
        expected = [  # level, variant's epochs, seconds and first; epochs; epoch, seconds; three savings
            [0.375, 5, 5, 3, 4, 2, 4, 0.6, 0.2, 1 / 3],
            [0.75, 5, 10, 5, 4, INF, INF, -INF, -INF, -INF],
            [0.5625, 5, 7.5, 5, 4, 4, 8.5, 0.2, 1 - 8.5 / 7.5, 0.2],
            [0.375, 5, 5, 3, 5, 1, 2, 0.8, 0.6, 2 / 3],
            [0.75, 5, 10, 5, 5, INF, INF, -INF, -INF, -INF],
        ]
        np.testing.assert_allclose(found.drop(columns=["curve", "seed"]).to_numpy(np.float64), expected)

    def test_each_variant_has_its_own_level(self, results):
        data = study.convergence(make(), results)
        found = data[(data.variant == "s5vh_forward") & (data.curve == study.SEED)]
        assert found[["level", "epoch", "saving", "saving_seconds", "saving_first"]].to_numpy().tolist() == [
            [0.125, 1, 0.5, 0.9, 0], [0.5, 4, -1, 0.55, -3],
        ]  # fmt: skip

    def test_one_seed_has_no_mean_and_no_control(self, results):
        data = study.convergence(make(seeds=[8]), results)
        assert data.curve.tolist() == [study.SEED] * 2 and data.seed.tolist() == [8, 8]

    def test_a_method_alone_is_not_compared(self, results):
        for methods in (["s5vh"], []):
            assert len(study.convergence(make(methods=methods), results)) == 0
            table = build_table("convergence", make(methods=methods), results)
            assert table.blocks == [] and "does not compare two methods" in table.caption

    def test_files_without_times_are_told(self, results):
        path = layout.cell("toy", "s5vh", 16, 3, results) / "evals.csv"
        path.write_text("epoch,GmAP\n1,0.5\n")
        with pytest.raises(UserError) as error:
            study.convergence(make(), results)
        assert str(error.value) == f"{path}: no column seconds; delete it and run the workflow again"


class TestTable:
    def test_lines(self, results):
        blocks = build_table("convergence", make(), results).blocks
        assert [block.heading for block in blocks] == [
            f"Toy corpus [{DEMO}]: S5VH against S5VH without alignment, 16 bits",
            f"Toy corpus [{DEMO}]: S5VH against S5VH, forward scan only, 16 bits",
        ]
        control = "control: the variant with another seed, median of 2 pairs (range)"
        assert [[entry.text for entry in row] for row in blocks[0].rows] == [
            ["seed 3", "0.375", "5", "2", "60%", "3", "33%", "5.0 s", "4.0 s", "20%"],
            ["seed 8", "0.750", "5", "not within 4", "none", "5", "none", "10 s", "never", "none"],
            ["median of 2 seeds (range)", "0.562 (0.375 to 0.750)", "5", "never (2 to never)", "none (none to 60%)",
             "4 (3 to 5)", "none (none to 33%)", "7.5 s (5.0 s to 10 s)", "never (4.0 s to never)",
             "none (none to 20%)"],
            ["mean of 2 seeds", "0.562", "5", "4", "20%", "5", "20%", "7.5 s", "8.5 s", "−13%"],
            [control, "0.562 (0.375 to 0.750)", "5", "never (1 to never)", "none (none to 80%)", "4 (3 to 5)",
             "none (none to 67%)", "7.5 s (5.0 s to 10 s)", "never (2.0 s to never)", "none (none to 60%)"],
        ]  # fmt: skip
        assert [len(row) for block in blocks for row in block.rows] == [len(blocks[0].columns)] * 10
        assert not any(entry.clear or entry.quoted for block in blocks for row in block.rows for entry in row)

    def test_the_paper_s_number_stands_beside_its_own_variant_on_published_data_only(self, results):
        table = build_table("convergence", make(["toy", "ucf101"]), results)
        quoted = [[entry.text for row in block.rows for entry in row if entry.quoted] for block in table.blocks]
        assert [len(texts) for texts in quoted] == [0, 0, 10, 0]
        assert quoted[2][0] == 'S5VH paper, "faster convergence"' and quoted[2][4] == "65%"
        assert sum(map(bool, quoted[2])) == 2
        speaks, demo = "The S5VH paper speaks of 65% faster convergence", "The demo can neither confirm nor refute that"
        assert speaks in table.caption and demo in table.caption
        alone = build_table("convergence", make(["ucf101"]), results).caption
        assert speaks in alone and demo not in alone
        others = build_table("convergence", make(methods=["s5vh", "s5vh_forward"]), results).caption
        assert speaks not in others and demo not in others

    def test_caption(self, results):
        several = build_table("convergence", make(), results).caption
        assert several.startswith("The epoch at which S5VH first reaches the GmAP that a variant of it ends with; ")
        assert "scored every epoch. " in several and several.endswith("Seeds 3, 8.")
        assert "Recipes: `s5vh` (and 2 variants). " in several and "Protocol `published`: " in several
        one = build_table("convergence", make(seeds=[8], evaluate_every=5), results).caption
        assert "scored every 5 epochs. " in one and one.endswith("One seed (8), so neither a range nor a control.")

    def test_numbers_file_leaves_out_what_was_never_reached(self, results):
        write_table("convergence", make(), results)
        data = pd.read_csv(layout.table("convergence", results)[0])
        assert (data.data == DEMO).all() and len(data) == 10
        never = [False, True, False, False, True, False, False, False, False, True]
        assert data.epoch.isna().tolist() == data.saving.isna().tolist() == never
        assert data.epochs.tolist() == [4, 4, 4, 5, 5, 4, 4, 4, 2, 2]

    def test_reads_the_evaluations_and_is_in_the_report(self, results):
        exhibit = find("table", "convergence")
        assert not exhibit.on_request and exhibit.needs_labels
        files = {layout.cell("toy", *key[:1], 16, key[1], results) / "evals.csv" for key in TRAININGS}
        assert set(exhibit.inputs(make(), results)) == files
        losses = {file.with_name("train.csv") for file in files}
        assert set(find("figure", "figure1b").inputs(make(), results)) == files | losses
