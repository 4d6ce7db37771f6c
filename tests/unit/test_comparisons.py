"""Intervals in tables, paired comparisons, and published numbers beside ours, with one seed and with three."""

from __future__ import annotations

import itertools
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from reporting_results import QUERIES, make_run, make_runs
from scipy import stats

from s5vh.base.errors import UserError
from s5vh.base.files import read_json
from s5vh.config import layout
from s5vh.methods.load import load_method
from s5vh.reporting import collect, words
from s5vh.reporting.catalog import build_table, find, write_table
from s5vh.reporting.figures.curves import draw_figure3, draw_pr_curves
from s5vh.reporting.footnotes import marked, marks, read_footnotes
from s5vh.reporting.published_numbers import GMAP_CUTOFFS, MAP_AT_N, published_cells, table_of
from s5vh.reporting.style import styled
from s5vh.reporting.table import latex, markdown
from s5vh.reporting.tables.published import ABOVE, BELOW, INSIDE, ONE_SEED, OTHER_AGGREGATE, verdict
from s5vh.reporting.tables.significance import DIFFER, TESTED, pairs
from s5vh.retrieval.query_scores import read_query_scores
from s5vh.retrieval.uncertainty import holm

THREE = [1, 2, 3]


def quick_run(datasets, **settings):
    return make_run(datasets, centers={"solvers": ["bernoulli"]}, solver_study={"solvers": []}, **settings)


def one_run():
    return quick_run(["ucf101", "hmdb51"])


def three_run():
    return quick_run(["ucf101"], seeds=THREE, bits=[16])


def demo_run():
    return quick_run(["toy"], bits=[16])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Results made once and only read, but for the tests that copy them."""
    return make_runs(tmp_path_factory.mktemp("made"), one=one_run, three=three_run, demo=demo_run)


@pytest.fixture
def here(made, monkeypatch):
    monkeypatch.chdir(made)
    return made


def gmap_of(root, *cell):
    return read_json(layout.cell(*cell, root) / "metrics.json")["protocols"]["published"]


class TestIntervals:
    def test_one_seed_has_the_bootstrap_over_queries(self, here):
        data = build_table("gmap", one_run(), here / "one").data
        row = data[(data.dataset == "ucf101") & (data.method == "s5vh") & (data.bits == 16)].iloc[0]
        interval = gmap_of(here / "one", "ucf101", "s5vh", 16, 1)["interval"]
        assert [row.low, row.high] == interval["GmAP"] and row.low < row.value < row.high
        data = data[data.bits.notna()]  # without the reference rankings
        assert set(data.interval) == {"over queries, one seed"} and set(data.seeds) == {1}

    def test_three_seeds_have_students_t_over_seeds(self, here):
        data = build_table("gmap", three_run(), here / "three").data
        row = data[(data.method == "s5vh") & (data.protocol == "published")].iloc[0]
        values = [gmap_of(here / "three", "ucf101", "s5vh", 16, seed)["GmAP"] for seed in THREE]
        assert row.value == pytest.approx(np.mean(values))
        assert [row.low, row.high] == pytest.approx(stats.t.interval(0.95, 2, np.mean(values), stats.sem(values)))
        data = data[data.bits.notna()]
        assert set(data.interval) == {"over 3 seeds"} and set(data.seeds) == {3}

    @pytest.mark.parametrize("name", ["map", "gmap", "table1", "table2"])
    def test_captions_say_over_what(self, here, name):
        one = build_table(name, one_run(), here / "one").caption
        assert "One seed (1); ± is half of the 95% interval over queries (percentile bootstrap, 2,000 resamples)" in one
        assert "over seeds" not in one
        three = build_table(name, three_run(), here / "three").caption
        assert "Mean over 3 seeds (1, 2, 3); ± is half of the 95% interval over seeds (Student's t)" in three

    def test_what_has_no_scores_claims_no_interval_over_queries(self, here):
        assert build_table("codes", one_run(), here / "one").caption.endswith("One seed (1).")
        assert (
            "± is half of the 95% interval (Student's t)" in build_table("codes", three_run(), here / "three").caption
        )
        assert "Each solver ran once" in build_table("centers", three_run(), here / "three").caption

    def test_figures(self, here):
        with styled():
            _, one = draw_figure3(one_run(), here / "one")
            _, three = draw_figure3(three_run(), here / "three")
            _, curves = draw_pr_curves(three_run(), here / "three")
        ours = one[one.source == "this run"]
        assert (ours.low <= ours.mAP).all() and (ours.high >= ours.mAP).all()
        assert set(ours.interval) == {"over queries, one seed"}
        assert set(three[three.source == "this run"].interval) == {"over 3 seeds"}
        assert set(curves[curves.seeds == 3].interval) == {"over 3 seeds"}
        assert "bands are 95% confidence intervals over queries (bootstrap" in find("figure", "figure3").caption_of(
            one_run()
        )
        caption = find("figure", "figure3").caption_of(three_run())
        assert "Lines are means over 3 seeds (1, 2, 3), bands are 95% confidence intervals over seeds" in caption
        assert "interval" not in find("figure", "pr_curves").caption_of(one_run())

    def test_a_single_query_has_no_interval(self):
        frame = pd.DataFrame({"method": ["a"], "seed": [1], "value": [0.5], "low": [np.nan], "high": [np.nan]})
        assert collect.summarise(frame).interval.tolist() == [""]


class TestSignificance:
    def test_each_pair_once(self, here):
        run = make_run(
            ["ucf101"], methods=["s5vh", "itq_mean", "s5vh_forward"], bits=[16, 32],
            ablations={"table2": {"methods": ["s5vh_forward", "s5vh_no_alignment"], "bits": [16]}},
        )  # fmt: skip
        assert [tuple(pair)[1:] for pair in pairs(run)] == [
            ("methods", 16, "s5vh", "itq_mean"),
            ("methods", 16, "s5vh", "s5vh_forward"),
            ("methods", 32, "s5vh", "itq_mean"),
            ("methods", 32, "s5vh", "s5vh_forward"),
            ("ablations", 16, "s5vh", "s5vh_no_alignment"),
        ]
        alone = make_run(["ucf101"], methods=["s5vh"], ablations={})
        assert pairs(alone) == []

    def test_nothing_to_compare(self, here):
        alone = make_run(["ucf101"], methods=["s5vh"], ablations={})
        table = build_table("significance", alone, here / "one")
        assert len(table.data) == 0 and table.blocks == []

    @pytest.mark.parametrize(("folder", "run"), [("one", one_run), ("three", three_run)])
    def test_against_the_scores_and_scipy(self, here, folder, run):
        data = build_table("significance", run(), here / folder).data
        part = data[(data.dataset == "ucf101") & (data.second == "itq_mean") & (data.bits == 16)].set_index("metric")
        seeds = run().config.seeds
        scores = {}
        for method in ("s5vh", "itq_mean"):
            cells = [layout.cell("ucf101", method, 16, seed, here / folder) for seed in seeds]
            scores[method] = [gmap_of(here / folder, "ucf101", method, 16, seed)["GmAP"] for seed in seeds]
            files = [read_query_scores(cell / "ap.npz").average_precision["published"] for cell in cells]
            scores[method, "queries"] = np.mean([file.mean(axis=1) for file in files], axis=0)
        expected = np.mean(scores["s5vh"]) - np.mean(scores["itq_mean"])
        assert part.loc["GmAP", "difference"] == pytest.approx(expected, abs=1e-6)
        assert part.loc["GmAP", "low"] <= expected <= part.loc["GmAP", "high"]
        theirs = stats.permutation_test(
            (scores["s5vh", "queries"], scores["itq_mean", "queries"]), lambda a, b: np.mean(a - b),
            permutation_type="samples", n_resamples=np.inf,
        )  # fmt: skip
        assert part.loc[TESTED, "p"] == pytest.approx(theirs.pvalue)
        assert part.p.notna().sum() == 1  # the test is about the mean AP and nothing else
        ends = part.loc["GmAP", ["low_seeds", "high_seeds"]].to_numpy(float)
        if len(seeds) == 1:
            assert np.isnan(ends).all()
        else:
            apart = np.subtract(scores["s5vh"], scores["itq_mean"])
            assert ends == pytest.approx(stats.t.interval(0.95, 2, apart.mean(), stats.sem(apart)), abs=1e-6)

    def test_holm_is_over_the_whole_table(self, here):
        data = build_table("significance", one_run(), here / "one").data
        tested = data[data.metric == TESTED]
        assert len(tested) == len(pairs(one_run())) == 6
        assert tested.p_holm.to_numpy() == pytest.approx(holm(tested.p.to_numpy()))
        assert "corrected for the 6 comparisons" in build_table("significance", one_run(), here / "one").caption

    def test_says_what_it_covers(self, here):
        one = build_table("significance", one_run(), here / "one")
        assert "do not include the variance between training runs" in one.caption
        assert "GmAP, over seeds" not in one.blocks[0].columns
        three = build_table("significance", three_run(), here / "three")
        assert "generalises over training runs, for these queries" in three.caption
        assert "GmAP, over seeds" in three.blocks[0].columns

    def test_few_queries_are_told(self, here):
        table = build_table("significance", one_run(), here / "one")
        assert table.blocks[0].note == (
            f"All rows: only {QUERIES} queries, so the interval over queries is too narrow to be reliable."
        )

    def test_equal_methods(self, here, tmp_path):
        root = tmp_path / "results"
        shutil.copytree(here / "three", root)
        for seed in THREE:
            shutil.copy(*(layout.cell("ucf101", name, 16, seed, root) / "ap.npz" for name in ("s5vh", "itq_mean")))
        table = build_table("significance", three_run(), root)
        part = table.data[table.data.second == "itq_mean"]
        assert (part.difference == 0).all() and (part.low == 0).all() and (part.high == 0).all()
        assert part.p.dropna().tolist() == [1.0]
        assert "AP differs for 0 queries, too few for p below 0.05" in table.blocks[0].note

    def test_other_queries_are_not_paired(self, here, tmp_path):
        root = tmp_path / "results"
        shutil.copytree(here / "one", root)
        shutil.copy(*(layout.cell(name, "s5vh", 16, 1, root) / "ap.npz" for name in ("hmdb51", "ucf101")))
        table = build_table("significance", one_run(), root)
        broken = table.data[table.data.note == DIFFER]
        assert set(zip(broken.dataset, broken.bits, broken.second, strict=True)) == {
            ("ucf101", 16, "itq_mean"),
            ("ucf101", 16, "s5vh_no_alignment"),
        }
        assert broken[["difference", "p", "p_holm"]].isna().all(axis=None)
        assert f"ITQ (time-averaged), 16 bits: {DIFFER}." in table.blocks[0].note
        assert "corrected for the 4 comparisons" in table.caption


class TestVerdict:
    @pytest.mark.parametrize(
        ("published", "low", "high", "expected"),
        [
            (0.357, 0.350, 0.360, INSIDE),
            (0.357, 0.3574, 0.360, INSIDE),  # 0.3574 would be printed as 0.357
            (0.357, 0.3576, 0.360, ABOVE),
            (0.357, 0.340, 0.3566, INSIDE),
            (0.357, 0.340, 0.3564, BELOW),
            (0.357, np.nan, np.nan, ONE_SEED),
        ],
    )
    def test_where_ours_is(self, published, low, high, expected):
        value = 0.40 if np.isnan(low) else (low + high) / 2
        assert verdict(published, 3, value, low, high) == expected

    def test_more_printed_decimals_are_stricter(self):
        assert verdict(0.357, 3, 0.358, 0.3574, 0.36) == INSIDE
        assert verdict(0.3570, 4, 0.358, 0.3574, 0.36) == ABOVE


class TestPublished:
    def test_every_printed_number_is_there(self, here):
        data = build_table("published", one_run(), here / "one").data
        assert len(data) == len(table_of("scores")) == 677
        assert set(data.verdict) == {ONE_SEED, words.NOT_RUN, OTHER_AGGREGATE}
        assert set(data[data.test_dataset.isin(["ActivityNet", "FCVID", "YFCC"])].why) == {"data set"}
        decimals = data.set_index(["source", "test_dataset", "bits", "metric"]).decimals
        assert decimals["S5VH README", "ActivityNet", 16, "mAP@5"] == 3  # 0.180, which a number would not tell

    def test_ours_stands_beside_its_own_cell(self, here):
        data = build_table("published", one_run(), here / "one").data
        found = data[data.value.notna()]
        for row in found.itertuples():
            if row.train_dataset == row.test_dataset:
                path = layout.cell(row.run_dataset, row.run_method, row.bits, 1, here / "one")
            else:
                path = layout.transfer("ucf101", "hmdb51", row.run_method, row.bits, 1, here / "one")
            scores = read_json(path / "metrics.json")["protocols"]["published"]
            expected = scores["GmAP"] if row.metric == "GmAP" else scores["mAP"][row.metric[4:]]
            assert row.value == expected and row.difference == pytest.approx(expected - row.published)
            ends = scores["interval"]["GmAP"] if row.metric == "GmAP" else scores["interval"]["mAP"][row.metric[4:]]
            assert [row.low, row.high] == ends and row.verdict == ONE_SEED
        # S5VH's mAP@N in two sources, rows (0) and (4) of Table 2, and Table 1; ITQ was printed by nobody.
        assert set(zip(found.run_method, found.metric == "GmAP", strict=True)) == {
            ("s5vh", False), ("s5vh", True), ("s5vh_no_alignment", True),
        }  # fmt: skip
        assert set(found.run_dataset) == {"ucf101", "hmdb51"}
        without = data[(data.method == "S5VH") & (data.test_dataset == "UCF101") & (data.bits == 64)]
        assert set(without[without.metric != "GmAP"].why) == {"code length"}

    def test_several_seeds_predict_one_more_run(self, here):
        table = build_table("published", three_run(), here / "three")
        data = table.data
        found = data[data.run_method.eq("s5vh") & data.metric.eq("GmAP") & data.value.notna()].iloc[0]
        values = [gmap_of(here / "three", "ucf101", "s5vh", 16, seed)["GmAP"] for seed in THREE]
        half = stats.t.ppf(0.975, 2) * np.std(values, ddof=1) * np.sqrt(1 + 1 / 3)
        assert [found.run_low, found.run_high] == pytest.approx([np.mean(values) - half, np.mean(values) + half])
        assert found.low > found.run_low and found.high < found.run_high
        compared = data[data.value.notna()]
        for row in compared.itertuples():
            assert row.verdict == verdict(row.published, row.decimals, row.value, row.run_low, row.run_high)
        counts = ", ".join(f"{n} {name}" for name in (INSIDE, ABOVE, BELOW) if (n := (compared.verdict == name).sum()))
        assert f"{len(compared)} comparisons with ours ({counts})" in table.caption
        assert "one seed" in build_table("published", one_run(), here / "one").caption

    def test_other_aggregates_and_protocols_are_not_compared(self, here):
        data = build_table("published", one_run(), here / "one").data
        other = data[data.verdict == OTHER_AGGREGATE]
        assert len(other) == 54 and (other.table == "Table 3").all() and other.value.isna().all()
        strict = one_run().config.protocols["strict"]
        table = build_table("published", make_run(["ucf101"], protocols={"published": strict}), here / "one")
        assert table.data.value.isna().all()
        assert "none is comparable with this run" in table.caption
        ours = table.data[(table.data.test_dataset == "UCF101") & (table.data.source == "S5VH README")]
        assert set(ours.verdict) == {"other protocol"}

    def test_the_published_protocol_need_not_be_the_first(self, here):
        protocols = one_run().config.protocols
        run = make_run(["ucf101"], protocols=dict(reversed(list(protocols.items()))))
        data = build_table("published", run, here / "one").data
        assert set(data.protocol.dropna()) == {"published"}

    def test_never_beside_the_demo(self, here):
        table = build_table("published", demo_run(), here / "demo")
        assert table.data.value.isna().all() and set(table.data.verdict) == {words.NOT_RUN, OTHER_AGGREGATE}
        assert words.DEMO in table.caption

    def test_three_seeds(self, here):
        data = build_table("published", three_run(), here / "three").data
        found = data[data.value.notna()]
        assert set(found.interval) == {"over 3 seeds"} and len(found)

    def test_a_child_of_a_published_method_is_another_method(self, here):
        (here / "config/methods").mkdir(exist_ok=True)
        (here / "config/methods/s5vh_one_layer.yaml").write_text("extends: s5vh\ntitle: S5VH, one layer\n")
        assert load_method("s5vh").published.variant == "full"
        assert load_method("s5vh_one_layer").published is None

    def test_every_form(self, here, tmp_path):
        root = tmp_path / "results"
        shutil.copytree(here / "one", root)
        for name in ("published", "significance"):
            write_table(name, one_run(), root)
            assert all(path.stat().st_size for path in layout.table(name, root))


class TestFootnotes:
    def test_each_is_about_some_number_and_stands_below_the_table(self, here):
        footnotes = read_footnotes()
        used = frozenset().union(*marks(published_cells(), footnotes))
        assert used == {footnote.number for footnote in footnotes}
        table = build_table("published", demo_run(), here / "demo")
        assert table.notes == [footnote.formatted() for footnote in footnotes]
        for text in (markdown(table, "Published"), latex(table, "published", "Published")):
            shown = re.findall(r"^(?:\\par\\smallskip \{\\footnotesize )?\[(\d+)\]", text, re.MULTILINE)
            assert [int(mark) for mark in shown] == [footnote.number for footnote in footnotes]

    def test_each_entry_names_values_that_exist(self):
        cells = published_cells()
        for footnote in read_footnotes():
            for entry in footnote.cells:
                for key, values in entry.items():
                    assert set(values) <= set(cells[key].dropna()), (footnote.name, key)

    def test_facts_follow_from_the_numbers(self):
        cells = published_cells()
        footnotes = read_footnotes()
        cells["names"] = [{footnotes[number - 1].name for number in numbers} for numbers in marks(cells, footnotes)]
        of_methods = cells[(cells["aggregate"] == MAP_AT_N) & (cells.variant == "full")]
        # MCMSH's three tables repeat the numbers of the whole method.
        repeated = of_methods.drop_duplicates(["method", "test_dataset", "bits", "N", "source", "published"])
        wide = repeated.pivot(index=["method", "test_dataset", "bits", "N"], columns="source", values="published")
        both = wide[["S5VH README", "S5VH repo map.txt"]].dropna()
        differ = both.index[(both["S5VH README"] - both["S5VH repo map.txt"].round(3)).abs() > 1e-9]
        assert len(both) == 60 and len(differ) == 13
        named = cells[[("readme-differs" in names) for names in cells.names]]
        assert set(named[["method", "test_dataset", "bits", "N"]].itertuples(index=False, name=None)) == set(differ)
        off = []
        for dataset, bits in itertools.product(("UCF101", "HMDB51"), (16, 32, 64)):
            mean = np.exp(np.log(wide.loc["S5VH", dataset, bits]["S5VH repo map.txt"].loc[list(GMAP_CUTOFFS)]).mean())
            of_method = (cells.method == "S5VH") & (cells.variant == "full") & (cells.metric == "GmAP")
            printed = cells[of_method & (cells["table"] == "Table 2") & (cells.test_dataset == dataset)]
            if round(mean, 3) != printed.set_index("bits").published[bits]:
                off.append((dataset, bits))
        named = cells[[("table-2-last-digit" in names) for names in cells.names]]
        assert list(zip(named.test_dataset, named.bits, strict=True)) == off == [("UCF101", 16), ("HMDB51", 32)]
        comment = wide[wide["AutoSSVH issue 2"].notna()]["AutoSSVH issue 2"]
        pd.testing.assert_series_equal(comment["BTH", "FCVID", 64], comment["BerVAE", "FCVID", 64])
        ratio = (comment / wide["S5VH README"]).loc["S5VH"].groupby(["test_dataset", "bits"]).agg(["min", "max"])
        assert ratio.loc["ActivityNet", 16].round(2).tolist() == [1.14, 1.21]
        assert ratio.loc["FCVID", 64].round(2).tolist() == [1.02, 1.05]

    def test_marks(self):
        assert marked("0.471", frozenset({5, 1})) == "0.471 [1, 5]" and marked("0.471", frozenset()) == "0.471"

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("a: {text: x, cells: []}", "a: must have exactly the keys text, found, cells, and cells must be a list"),
            (
                "a: {text: x, found: y, cells: [{}]}",
                "a: cells: each entry must be a mapping, e.g. {source: S5VH README}",
            ),
            ("a: {text: x, found: y, cells: [{bit: 3}]}", "a: cells: unknown key 'bit' (did you mean 'bits'?)"),
        ],
    )
    def test_broken_file(self, tmp_path, monkeypatch, content, expected):
        path = tmp_path / "config/published/footnotes.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(content)
        monkeypatch.chdir(tmp_path)
        with pytest.raises(UserError) as error:
            read_footnotes()
        assert str(error.value) == f"config/published/footnotes.yaml: {expected}"
