"""What tables call better, above or below, and how often they do so without a cause."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from reporting_results import make_run
from scipy import stats

from s5vh.config.grid import GridCell
from s5vh.reporting import collect, report, words
from s5vh.reporting.table import LEVEL_OF_TEST, Block, Entry, Table, html_blocks, latex, leads, mark_best, markdown
from s5vh.reporting.tables import ablations, retrieval, significance, transfer
from s5vh.reporting.tables.published import ABOVE, BELOW, INSIDE, ONE_SEED, verdict
from s5vh.retrieval.uncertainty import prediction_half_width, student_half_width, student_test

pytest_plugins = ("reporting_fixtures",)


class TestPrediction:
    def test_by_hand(self):
        # t for 2 degrees of freedom is 4.3027; s = 0.03, n = 3: 4.3027 x 0.03 x sqrt(4 / 3).
        assert prediction_half_width(0.03, 3) == pytest.approx(0.149049, abs=1e-6)
        assert prediction_half_width(0.02, 10) == pytest.approx(2.262157 * 0.02 * np.sqrt(1.1), abs=1e-6)
        both = prediction_half_width(np.array([0.03, np.nan]), np.array([3, 1]))
        assert both[0] == prediction_half_width(0.03, 3) and np.isnan(both[1])

    @pytest.mark.parametrize("seeds", [3, 10])
    def test_one_more_run_is_called_different_as_often_as_it_says(self, seeds):
        rng = np.random.default_rng(seeds)
        cases = 4000
        frame = pd.DataFrame({"case": np.repeat(np.arange(cases), seeds), "seed": np.tile(np.arange(seeds), cases)})
        frame["value"] = rng.normal(0.4, 0.02, len(frame))
        found = collect.summarise(frame)
        half = prediction_half_width(found.deviation.to_numpy(), found.seeds.to_numpy())
        narrow = student_half_width(found.deviation.to_numpy(), found.seeds.to_numpy())
        printed = rng.normal(0.4, 0.02, cases)
        rates = []
        for width in (half, narrow):
            said = [
                verdict(number, 9, value, value - w, value + w)
                for number, value, w in zip(printed, found.value, width, strict=True)
            ]
            rates.append(np.mean([one != INSIDE for one in said]))
            assert abs(np.mean([one == ABOVE for one in said]) - np.mean([one == BELOW for one in said])) < 0.02
        assert rates[0] == pytest.approx(0.05, abs=0.011)  # three standard errors
        assert rates[1] > 0.12  # a confidence interval of the mean is no yardstick for a single run

    def test_one_seed_is_no_verdict_even_at_the_same_number(self):
        assert verdict(0.357, 3, 0.357, np.nan, np.nan) == ONE_SEED


class TestPairedTest:
    @pytest.mark.parametrize("values", [[0.1, 0.3], [-0.02, 0.01, -0.03, -0.01], [1e-3] * 3 + [-1e-3]])
    def test_agrees_with_scipy(self, values):
        assert student_test(values) == pytest.approx(stats.ttest_1samp(values, 0).pvalue)

    def test_without_spread(self):
        assert student_test([0.25, 0.25]) == 0 and student_test([0.0, 0.0, 0.0]) == 1
        assert np.isnan(student_test([0.25]))


class TestBest:
    def test_leads_only_if_it_beats_each_other_one(self):
        best, close, far = np.array([5.0, 5.1, 5.2]), np.array([5.0, 5.2, 4.9]), np.array([1.0, 1.2, 1.1])
        assert leads(best, [far, far + 1]) and not leads(best, [far, close]) and not leads(best, [close, far])

    def test_at_the_level_of_the_test(self):
        for p, expected in ((0.04, True), (0.06, False)):
            # Differences 1 - d, 1, 1 + d have t = sqrt(3) / d.
            spread = np.sqrt(3) / stats.t.isf(p / 2, 2)
            values = np.array([1 - spread, 1, 1 + spread])
            assert student_test(values) == pytest.approx(p)
            assert leads(values, [np.zeros(3)]) is expected
        assert LEVEL_OF_TEST == 0.05

    def test_columns_are_marked_apart_and_gaps_are_no_numbers(self):
        high, low, noisy = np.array([3.0, 3.1, 3.2]), np.array([1.0, 1.1, 1.3]), np.array([1.0, 9.0, 2.0])
        rows = [[Entry(name), *(Entry("") for _ in range(4))] for name in "abc"]
        mark_best(rows, [[low, high, None, high], [high, None, None, noisy], [None, low, high, low]])
        assert [[entry.clear for entry in row] for row in rows] == [
            [False, False, True, False, False],
            [False, True, False, False, False],
            [False, False, False, False, False],
        ]

    def test_equal_methods_and_single_seeds_are_never_marked(self):
        same = np.array([0.3, 0.4, 0.5])
        rows = [[Entry("a"), Entry(""), Entry("")], [Entry("b"), Entry(""), Entry("")]]
        mark_best(rows, [[same, np.array([0.9])], [same, np.array([0.1])]])
        assert not any(entry.clear for row in rows for entry in row)
        mark_best([], [])

    def test_equal_distributions_are_rarely_marked(self):
        rng = np.random.default_rng(2)
        marked = 0
        for _ in range(600):
            rows = [[Entry(name), Entry("")] for name in "abcd"]
            mark_best(rows, [[values] for values in rng.normal(0.4, 0.02, (4, 5))])
            marked += any(row[1].clear for row in rows)
        assert marked / 600 < 0.05

    def test_every_form_shows_it(self):
        block = Block("", ["M", "x"], [[Entry("a"), Entry("1", clear=True)], [Entry("b"), Entry("2")]])
        table = Table("c", pd.DataFrame(), [block])
        assert "| a | **1** |" in markdown(table, "t") and "| b | 2 |" in markdown(table, "t")
        assert r"a & \textbf{1} \\" in latex(table, "t", "t") and r"b & 2 \\" in latex(table, "t", "t")
        shown = html_blocks([block])
        assert "<td><strong>1</strong></td>" in shown and "<td>2</td>" in shown


def given_scores(monkeypatch, values, methods=("s5vh", "itq_mean", "s5vh_no_alignment"), moved=False):
    """Every table reads these scores by method and seed; N = 5 is the other way round."""
    rows = []
    for dataset in ("ucf101", "hmdb51"):
        for method in methods:
            for seed, value in reversed(list(enumerate(values[method], 1))):
                cell = {"train": "ucf101"} if moved else {}
                cell |= {"dataset": dataset, "method": method, "bits": 16, "seed": seed, "protocol": "published"}
                rows.append(cell | {"metric": "mAP@5", "value": 1 - value, "low": np.nan, "high": np.nan})
                rows.append(cell | {"metric": "GmAP", "value": value, "low": np.nan, "high": np.nan})

    def scores(run, results, cells):
        wanted = {cell.method for cell in cells}
        return pd.DataFrame([row for row in rows if row["method"] in wanted])

    for module in (retrieval, ablations, report, transfer):
        monkeypatch.setattr(module, "scores", scores)
    monkeypatch.setattr(transfer, "transfer_scores", lambda *_: pd.DataFrame(rows))


CLEAR = {"s5vh": [0.5, 0.6, 0.7], "itq_mean": [0.4, 0.5, 0.61], "s5vh_no_alignment": [0.1, 0.2, 0.31]}
UNCLEAR = CLEAR | {"itq_mean": [0.5, 0.7, 0.51], "s5vh_no_alignment": [0.6, 0.5, 0.1]}


def three(**changes):
    protocols = {"published": {"cutoffs": [5]}}
    settings = {"protocols": protocols, "reference_rankings": []} | changes
    return make_run(["ucf101", "hmdb51"], seeds=[1, 2, 3], bits=[16], **settings)


def bold_entries(table):
    return [
        (block.heading[:6], row[0].text, block.columns[place])
        for block in table.blocks
        for row in block.rows
        for place, entry in enumerate(row)
        if entry.clear
    ]


class TestTables:
    def test_what_leads_clearly_is_bold(self, here, monkeypatch):
        given_scores(monkeypatch, CLEAR)
        gmap = bold_entries(retrieval.build_gmap(three(), here))
        assert gmap == [(name, "S5VH", "16 bits, published protocol") for name in ("UCF101", "HMDB51")]
        scored = bold_entries(retrieval.build_map(three(), here))
        assert scored == [
            (name, *found)
            for name in ("UCF101", "HMDB51")
            for found in (("S5VH", "GmAP"), ("S5VH without alignment", "mAP@5"))
        ]
        ablation = bold_entries(ablations.build_table2(three(), here))
        assert ablation == [(name, "S5VH", "16 bits") for name in ("UCF101", "HMDB51")]
        given_scores(monkeypatch, CLEAR, moved=True)
        assert bold_entries(transfer.build_table1(three(), here)) == [("UCF101", "S5VH", "16 bits")]

    def test_what_lies_inside_the_noise_is_not(self, here, monkeypatch):
        given_scores(monkeypatch, UNCLEAR)
        for build in (retrieval.build_gmap, retrieval.build_map, ablations.build_table2):
            assert bold_entries(build(three(), here)) == []
        assert report._sentences(three(), here)[0] == (
            "UCF101: highest GmAP by S5VH at 16 bits (0.600, not clear of the others)."
        )

    def test_the_report_names_a_clear_lead_without_reserve(self, here, monkeypatch):
        given_scores(monkeypatch, CLEAR)
        assert report._sentences(three(), here)[1] == "HMDB51: highest GmAP by S5VH at 16 bits (0.600)."

    def test_captions_say_what_bold_means(self, here, monkeypatch):
        given_scores(monkeypatch, CLEAR)
        assert "Bold: higher than every other row" in retrieval.build_gmap(three(), here).caption
        one = make_run(["ucf101"], bits=[16])
        assert words.bold(one) == "Nothing is bold, because one seed does not show the spread between trainings."

    def test_significance_marks_what_was_tested(self, here, monkeypatch):
        # AP favours the first method by the same amount for every query, though its GmAP is lower.
        rng = np.random.default_rng(3)
        first = np.tile([0.9, 0.1], (40, 1))
        second = np.tile([0.4, 0.4], (40, 1)) + rng.normal(0, 0.01, (40, 2))
        scored = {"s5vh": first, "itq_mean": second, "s5vh_no_alignment": first}

        def query_scores(run, results, dataset, method, bits):
            one = SimpleNamespace(
                videos="same", cutoffs={"published": (5, 9)}, average_precision={"published": scored[method]}
            )
            return [one] * len(run.config.seeds)

        monkeypatch.setattr(significance, "query_scores", query_scores)
        run = make_run(["ucf101"], bits=[16], protocols={"published": {"cutoffs": [5, 9]}})
        table = significance.build_significance(run, here)
        assert [name for _, title, name in bold_entries(table) if title.startswith("ITQ")] == ["AP", "p, Holm"]
        found = table.data[table.data.second == "itq_mean"].set_index("metric").difference
        assert found["GmAP"] < 0 < found["AP"]
        assert not [title for _, title, _ in bold_entries(table) if "without alignment" in title]


class TestWhatSeedsVary:
    @pytest.mark.parametrize(
        ("also", "said"),
        [
            ([], "Every seed has its own training; the seed of clusters and hash centers is shared."),
            (["clusters"], "Every seed has its own training and clusters; the seed of hash centers is shared."),
            (["centers"], "Every seed has its own training and hash centers; the seed of clusters is shared."),
            (["centers", "clusters"], "Every seed has its own training, clusters and hash centers."),
        ],
    )
    def test_is_said(self, also, said):
        run = make_run(["ucf101"], seeds=[1, 2], seeds_also_vary=also)
        assert words.chance(run) == said
        assert words.scores_sentence(run).endswith(said) and words.seeds_sentence(run).endswith(said)
        assert said not in words.scores_sentence(make_run(["ucf101"], seeds=[1], seeds_also_vary=also))

    def test_scores_are_paired_by_seed(self):
        cells = [GridCell("a", "m", 16, seed)._asdict() | {"value": 10.0 * seed} for seed in (3, 1, 2)]
        cells += [GridCell("a", "n", 16, 1)._asdict() | {"value": 5.0}]
        found = collect.by_seed(pd.DataFrame(cells), ["method", "bits"])
        assert {key: values.tolist() for key, values in found.items()} == {("n", 16): [5.0], ("m", 16): [10, 20, 30]}
