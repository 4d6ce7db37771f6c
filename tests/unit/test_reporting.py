"""Collecting, tables and figures, from a small results folder written by the package's own writers."""

from __future__ import annotations

import csv
import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from reporting_results import make_run

from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_json
from s5vh.config import layout
from s5vh.reporting import collect, words
from s5vh.reporting.catalog import build_table, exhibits, find, write_figure, write_table
from s5vh.reporting.caveats import efficiency_warnings
from s5vh.reporting.figures.curves import draw_figure3
from s5vh.reporting.figures.examples import draw_examples, evenly_spaced, find_examples
from s5vh.reporting.style import styled
from s5vh.reporting.table import Block, Entry, Table, escape_latex, latex, markdown
from s5vh.retrieval.codes import read_codes, unpack
from s5vh.retrieval.uncertainty import student_interval
from s5vh.studies.scaling_fits import fit_files

pytest_plugins = ("reporting_fixtures",)


class TestCollecting:
    def test_interval_is_students_t(self):
        mean, low, high = student_interval([1.0, 2.0, 4.0])
        half = 4.302652729911275 * np.std([1, 2, 4], ddof=1) / np.sqrt(3)
        assert (mean, low, high) == pytest.approx((7 / 3, 7 / 3 - half, 7 / 3 + half))

    def test_one_seed_has_no_interval(self):
        mean, low, high = student_interval([0.25])
        assert mean == 0.25 and np.isnan(low) and np.isnan(high)
        assert words.with_interval(mean, low, high) == "0.250"

    def test_summarise_keeps_groups_apart(self):
        frame = pd.DataFrame({"method": ["a", "a", "b"], "seed": [1, 2, 1], "value": [1.0, 3.0, 5.0]})
        got = collect.summarise(frame)
        assert got.method.tolist() == ["a", "b"]
        assert got.value.tolist() == [2.0, 5.0] and got.seeds.tolist() == [2, 1]
        assert got.high.tolist()[0] == pytest.approx(2 + 12.706204736432095) and np.isnan(got.high.tolist()[1])

    def test_missing_metrics(self, demo):
        run, root = demo
        path = layout.cell("toy", "itq_mean", 16, 1, root) / "metrics.json"
        path.unlink()
        with pytest.raises(UserError, match=re.escape(f"{path}: no such file")):
            build_table("gmap", run, root)

    def test_broken_metrics(self, demo):
        run, root = demo
        path = layout.cell("toy", "itq_mean", 16, 1, root) / "metrics.json"
        metrics = read_json(path)
        del metrics["protocols"]["strict"]
        write_json(path, metrics)
        with pytest.raises(UserError) as error:
            build_table("gmap", run, root)
        assert str(error.value) == f"{path}: no scores for protocol 'strict'; delete it and run the workflow again"
        path.write_text("{")
        with pytest.raises(UserError, match="not valid JSON"):
            build_table("gmap", run, root)

    def test_broken_curves(self, demo):
        run, root = demo
        path = layout.cell("toy", "s5vh", 16, 1, root) / "pr.csv"
        path.write_text("protocol,curve,position,recall\n")
        with pytest.raises(UserError) as error:
            write_figure("pr_curves", run, root)
        assert str(error.value) == f"{path}: no column precision; delete it and run the workflow again"
        path.write_text("")
        with pytest.raises(UserError, match="not a readable table"):
            write_figure("pr_curves", run, root)


class TestSolvers:
    def test_a_block_for_each_problem_and_length(self, demo):
        table = build_table("solvers", *demo)
        assert [block.heading for block in table.blocks] == [
            "Tiny, synthetic: 6 centers, 8 bits",
            "Tiny, synthetic: 6 centers, 16 bits",
            f"Toy corpus [{words.DEMO}]: 6 centers, 16 bits",
            f"Toy corpus [{words.DEMO}]: 6 centers, 32 bits",
            "Synthetic, features not centered: 6 centers, 4 bits",
            "Synthetic, centered features: 6 centers, 4 bits",
        ]
        solvers = ["ADMM, refined", "released code's search", "random, Bernoulli"]
        assert all([row[0].text for row in block.rows] == solvers for block in table.blocks)
        data = table.data[table.data.seed.isna()]
        np.testing.assert_allclose(data.objective, data.similarity_term + data.balance_term)
        assert (data.groupby(["problem", "bits"]).relative.min() == 1).all()
        assert set(data.data) == {words.SYNTHETIC, words.DEMO}

    def test_a_solver_that_its_limit_stopped_is_named(self, demo):
        table = build_table("solvers", *demo)
        columns = [block.columns[-1] for block in table.blocks[:4]]
        assert columns == ["seconds", "limit reached", "seconds", "seconds"]
        assert [row[-1].text for row in table.blocks[1].rows] == ["", "seconds", ""]

    def test_centered_and_uncentered_features_are_means_over_seeds(self, demo):
        run, root = demo
        table = build_table("solvers", run, root)
        data = table.data[table.data.seed.notna()]
        assert len(data) == 3 * 2 * 2 and (data.groupby(["centered", "seed"]).relative.min() == 1).all()
        for (block, centered), solver in product(zip(table.blocks[4:], (False, True), strict=True), range(3)):
            name = run.config.solver_study.solvers[solver]
            pairs = data[(data.centered == centered) & (data.solver == name)].coincident_pairs
            # Student's t for two values: half the width is 12.706 times half their difference.
            half = 12.706 * abs(pairs.iloc[0] - pairs.iloc[1]) / 2
            shown = block.rows[solver][block.columns.index("identical pairs")].text
            assert shown == f"{pairs.mean():.1f} ± {half:.1f}"
        assert "mean over 2 seeds" in table.caption

    def test_a_broken_study_of_centering_is_named(self, demo):
        run, root = demo
        path = layout.centering_study("admm", 6, 4, 2, root)
        for text in ("[]", '{"rows": [{}]}', '{"rows": 3}'):
            path.write_text(text)
            with pytest.raises(UserError, match="not a result of the study of centering; delete it and run"):
                collect.centering(run, root)

    def test_real_clusters_share_the_files_of_the_other_comparison(self, demo):
        run, root = demo
        centers, solvers = (set(find("table", name).inputs(run, root)) for name in ("centers", "solvers"))
        shared = centers & solvers
        assert len(shared) == 4  # two solvers at two code lengths

    def test_nothing_to_study(self, demo):
        _, root = demo
        run = make_run(["toy"], solver_study={"solvers": []})
        assert build_table("solvers", run, root).blocks == []
        write_figure("solvers", run, root)


class TestTables:
    def test_numbers_equal_the_metrics(self, demo):
        run, root = demo
        write_table("map", run, root)
        rows = list(csv.DictReader(layout.table("map", root)[0].open()))
        assert len(rows) == (5 + 4) * 2 * 7  # cells and reference rankings, protocols, scores
        for row in rows:
            if not row["bits"]:
                scores = read_json(layout.reference_rankings("toy", root))["rankings"][row["method"]]["protocols"]
                found = scores[row["protocol"]]
                expected = found["GmAP"] if row["metric"] == "GmAP" else found["mAP"][row["metric"][4:]]
                assert float(row["value"]) == expected
                continue
            path = layout.cell(row["dataset"], row["method"], int(row["bits"]), 1, root) / "metrics.json"
            scores = read_json(path)["protocols"][row["protocol"]]
            expected = scores["GmAP"] if row["metric"] == "GmAP" else scores["mAP"][row["metric"][4:]]
            assert float(row["value"]) == expected

    def test_means_over_seeds(self, several):
        run, root = several
        data = build_table("table1", run, root).data
        values = [
            read_json(layout.transfer("ucf101", "hmdb51", "s5vh", 16, seed, root) / "metrics.json")["protocols"][
                "published"
            ]["GmAP"]
            for seed in (1, 2)
        ]
        row = data[data.method == "s5vh"].iloc[0]
        assert row.value == pytest.approx(np.mean(values)) and row.seeds == 2
        assert row.high - row.low == pytest.approx(12.706204736432095 * abs(values[0] - values[1]))

    def test_every_form_of_every_table_names_the_demo(self, demo):
        run, root = demo
        for name in [exhibit.name for exhibit in exhibits("table", run)]:
            write_table(name, run, root)
            data, *texts = layout.table(name, root)
            for path in texts:
                assert words.DEMO in path.read_text() or name in ("efficiency", "scaling_fits")
            rows = list(csv.DictReader(data.open()))
            if name not in ("efficiency", "scaling_fits", "table1", "published"):  # without rows of the demo
                assert {row["data"] for row in rows} - {words.SYNTHETIC} == {words.DEMO}

    def test_pairs_without_data_are_not_run(self, demo):
        run, root = demo
        table = build_table("table1", run, root)
        assert len(table.data) == 0
        assert all(entry.quoted for row in table.blocks[0].rows for entry in row)
        assert table.blocks[0].note.startswith("Not run, because UCF101 is not part of this run.")

    def test_selection_rules_and_the_optimism_of_the_published_one(self, demo):
        run, root = demo
        table = build_table("selection", run, root)
        assert len(table.data) == 3 * 3  # two lengths of s5vh and one of its ablation, by three rules
        mine = table.data[(table.data.method == "s5vh") & (table.data.bits == 16)].set_index("rule")
        assert mine.epoch.to_dict() == {"published": 2, "held_out": 3, "last": 4}
        assert mine["mAP@5"].to_dict() == {"published": 0.4, "held_out": 0.3, "last": 0.2}
        assert mine["optimism mAP@5"].to_dict() == pytest.approx({"published": 0, "held_out": 0.1, "last": 0.2})
        assert mine["optimism GmAP"].to_dict() == pytest.approx({"published": 0, "held_out": -0.08, "last": -0.16})
        assert mine.kept.to_dict() == {"published": False, "held_out": False, "last": True}
        assert mine.correlation["held_out"] == pytest.approx(0.4)  # ranks 1 4 3 2 and 1 2 4 3
        (block,) = table.blocks
        shown = {row[0].text: [entry.text for entry in row[1:]] for row in block.rows if row[1].text == "16"}
        assert shown["S5VH without alignment"] == [
            *("16", "last", "2", "0.400", "0.160", "none held out", "", "", "4", "0.200", "0.320", "", "+0.200", "")
        ]
        assert block.note == (
            "Mean optimism of `published` over `held_out` across 2 trainings: +0.1000. "
            "Mean optimism of `published` over `last` across 3 trainings: +0.2000."
        )

    def test_selection_without_the_metric_of_the_published_rule(self, demo):
        run, root = demo
        for path in root.glob("toy/*/*/seed1/evals.csv"):
            pd.read_csv(path).drop(columns="mAP@5").to_csv(path, index=False)
        table = build_table("selection", run, root)
        found = table.data.set_index(["method", "bits", "rule"]).loc["s5vh", 16]
        assert found.epoch.isna().to_dict() == {"published": True, "held_out": False, "last": False}
        assert found["optimism GmAP"].isna().all() and found.GmAP["last"] == 0.32
        assert "no mAP@5" in markdown(table, "Selection") and table.blocks[0].note == ""

    def test_codes_equal_code_statistics(self, demo):
        run, root = demo
        data = build_table("codes", run, root).data
        for row in data.itertuples():
            metrics = read_json(layout.cell(row.dataset, row.method, row.bits, row.seed, root) / "metrics.json")
            assert row.colliding_share == metrics["codes"][row.part]["colliding_share"]
            assert row.distinct_codes == metrics["codes"][row.part]["distinct_codes"]

    def test_tex_escapes(self):
        assert escape_latex("a_b & 50% {x} #1 ~^\\ `code_1`") == (
            r"a\_b \& 50\% \{x\} \#1 \textasciitilde{}\textasciicircum{}\textbackslash{} \texttt{code\_1}"
        )
        table = Table("c % d", pd.DataFrame(), [Block("h_1", ["M", "x_y"], [[Entry("m&n"), Entry("±1")]])])
        text = latex(table, "t", "A_b")
        assert r"\label{tab:t}" in text
        assert r"m\&n & $\pm$1 \\" in text and r"\caption{A\_b. c \% d}" in text
        assert text.splitlines()[0] == "% A_b. c % d"
        assert text.count(r"\begin") == text.count(r"\end")

    def test_markdown_escapes(self):
        block = Block(
            "", ["M", "|x|"], [[Entry("a|b_c"), Entry("1", clear=True)], [Entry("d"), Entry("2", quoted=True)]]
        )
        text = markdown(Table("c", pd.DataFrame(), [block]), "T_2")
        assert text.startswith("**T\\_2.** c\n")
        assert r"| a\|b\_c | **1** |" in text and "| d | *2* |" in text and r"| M | \|x\| |" in text


class TestReferenceRankings:
    """Reference rankings beside the methods, and the table of aspects."""

    def test_aspects_equal_the_metrics(self, demo):
        run, root = demo
        table = build_table("aspects", run, root)
        assert [block.heading for block in table.blocks] == [
            f"Toy corpus [{words.DEMO}], {bits} bits" for bits in (16, 32)
        ]
        rankings = read_json(layout.reference_rankings("toy", root))["rankings"]
        titles = {"s5vh": "S5VH", "itq_mean": "ITQ (time-averaged)", "s5vh_no_alignment": "S5VH without alignment"}
        for block, bits in zip(table.blocks, (16, 32), strict=True):
            assert block.columns == ["Method", "GmAP, classes", "GmAP, digit and axis", "concordance, direction"]
            methods = ["s5vh", "itq_mean", *(["s5vh_no_alignment"] if bits == 16 else [])]
            assert [row[0].text for row in block.rows] == [
                *(titles[method] for method in methods),
                "chance", "cosine of mean features", "cosine of all frames", "perfect ranking",
            ]  # fmt: skip
            found = [read_json(layout.cell("toy", method, bits, 1, root) / "metrics.json") for method in methods]
            for row, scores in zip(block.rows, [*found, *rankings.values()], strict=True):
                digit_axis, direction = scores["aspects"]["digit_axis"], scores["aspects"]["direction"]
                values = [
                    scores["protocols"]["published"]["GmAP"],
                    digit_axis["protocols"]["published"]["GmAP"],
                    direction["concordance"],
                ]
                assert [entry.text.split(" ± ")[0] for entry in row[1:]] == [f"{value:.3f}" for value in values]
                halves = [entry.text.split(" ± ")[1:] for entry in row[1:]]
                if scores in rankings.values():
                    assert halves == [[], [], []] and all(entry.quoted for entry in row)
                    continue
                ends = [
                    scores["protocols"]["published"]["interval"]["GmAP"],
                    digit_axis["protocols"]["published"]["interval"]["GmAP"],
                    direction["interval"],
                ]
                assert halves == [[f"{(high - low) / 2:.3f}"] for low, high in ends]

    def test_csv_of_the_aspects_has_every_protocol_and_cutoff(self, demo):
        run, root = demo
        data = build_table("aspects", run, root).data
        each = 2 * 7  # protocols, scores
        assert len(data) == (5 + 4) * (2 * each + 1) and set(data.data) == {words.DEMO}
        row = data[(data.method == "itq_mean") & (data.bits == 32) & (data.aspect == "digit_axis")]
        row = row[(row.protocol == "strict") & (row.metric == "mAP@20")].iloc[0]
        stored = read_json(layout.cell("toy", "itq_mean", 32, 1, root) / "metrics.json")
        scores = stored["aspects"]["digit_axis"]["protocols"]["strict"]
        assert (row.value, [row.low, row.high]) == (scores["mAP"]["20"], scores["interval"]["mAP"]["20"])

    def test_data_sets_without_aspects_are_left_out(self, several):
        run, root = several
        table = build_table("aspects", run, root)
        assert table.blocks == [] and len(table.data) == 0

    def test_every_data_set_has_its_own_rankings(self, several):
        run, root = several
        titles = ["chance", "cosine of mean features", "cosine of all frames", "perfect ranking"]
        for name, columns in (("gmap", [("published", "GmAP"), ("strict", "GmAP")]), ("map", [("published", "mAP@5")])):
            blocks = build_table(name, run, root).blocks
            assert len(blocks) == 3
            for dataset, block in zip(run.datasets, blocks, strict=True):
                rankings = read_json(layout.reference_rankings(dataset, root))["rankings"]
                rows = block.rows[-4:]
                assert [row[0].text for row in rows] == titles
                for row, scores in zip(rows, rankings.values(), strict=True):
                    found = [scores["protocols"][protocol] for protocol, _ in columns]
                    values = [
                        one["GmAP"] if metric == "GmAP" else one["mAP"][metric[4:]]
                        for one, (_, metric) in zip(found, columns, strict=True)
                    ]
                    assert [entry.text for entry in row[1 : 1 + len(values)]] == [f"{value:.3f}" for value in values]

    def test_files_without_scores_are_told(self, demo):
        run, root = demo
        path = layout.reference_rankings("toy", root)
        write_json(path, {"rankings": {"chance": {"protocols": {}, "aspects": {}}}})
        with pytest.raises(UserError) as error:
            build_table("gmap", run, root)
        expected = f"{path}: no scores of 'chance' under every protocol; delete it and run the workflow again"
        assert str(error.value) == expected
        metrics = layout.cell("toy", "s5vh", 16, 1, root) / "metrics.json"
        write_json(metrics, read_json(metrics) | {"aspects": {"direction": {}}})
        with pytest.raises(UserError) as error:
            build_table("aspects", run, root)
        assert str(error.value) == f"{metrics}: incomplete scores of aspects; delete it and run the workflow again"

    def test_none_wanted(self, demo):
        _, root = demo
        layout.reference_rankings("toy", root).unlink()
        bare = make_run(["toy"], reference_rankings=[])
        for name in ("gmap", "map", "aspects"):
            assert not any(
                "chance" in row[0].text for block in build_table(name, bare, root).blocks for row in block.rows
            )
        _, data = draw_figure3(bare, root)
        assert set(data.source) == {"this run"}


class TestFigures:
    def test_title_names_the_demo(self, demo):
        run, root = demo
        with styled():
            legend = draw_figure3(run, root)[0].legends[0].get_title().get_text()
            title = draw_examples(run, root)[0].get_suptitle()
        assert words.DEMO in legend and words.DEMO in title

    def test_examples_are_the_nearest_and_evenly_spaced(self, several):
        run, root = several
        found = find_examples("mine", run, root)
        assert found.query_pictures is None
        np.testing.assert_array_equal(found.queries, [1, 5, 9])
        codes = read_codes(layout.cell("mine", "s5vh", 16, 1, root) / "codes.npz")
        query, database = unpack(codes.query, 16), unpack(codes.database, 16)
        distances = (query[found.queries][:, None] != database[None]).sum(axis=2)
        np.testing.assert_array_equal(found.distances, np.sort(distances, axis=1)[:, : found.distances.shape[1]])
        np.testing.assert_array_equal(evenly_spaced(5, 3), [0, 1, 2])

    def test_examples_are_of_the_first_method_unless_another_is_named(self, demo):
        _, root = demo
        for settings, title in (({}, "S5VH"), ({"method": "itq_mean"}, "ITQ (time-averaged)")):
            run = make_run(["toy"], examples={"bits": 16, "queries": 3} | settings)
            with styled():
                figure, _ = draw_examples(run, root)
            said = [text.get_text() for text in figure.texts]
            assert any(text.startswith(f"{title}, 16 bits, seed 1.") for text in said), said

    def test_same_twice(self, demo):
        run, root = demo
        write_figure("figure3", run, root)
        first = [path.read_bytes() for path in layout.figure("figure3", root)]
        write_figure("figure3", run, root)
        assert first == [path.read_bytes() for path in layout.figure("figure3", root)]


def test_times_of_a_busy_machine_are_told_and_have_no_fit(demo):
    run, root = demo
    path = layout.efficiency("s5vh", root)
    why = "other processes took 0.9 of its cores"
    pd.read_csv(path).assign(disturbance=why).to_csv(path, index=False)
    fit_files([path], layout.efficiency_fit(root))
    write_figure("figure1a", run, root)
    shown = pd.read_csv(root / "figures/figure1a.csv")
    times = shown[(shown.panel == "time") & (shown.method == "s5vh")]
    assert set(times.kind) == {"measured on a busy machine"} and set(times.purpose) == {"encode", "train"}
    assert {"measured", "linear fit"} == set(shown[shown.panel == "memory"].kind)
    for name in ("efficiency", "scaling_fits"):
        write_table(name, run, root)
        text = (root / f"tables/{name}.md").read_text()
        assert text.count(f"S5VH was measured on a busy machine, so its times have no fit: {why}.") == 2
    fitted = build_table("scaling_fits", run, root).data
    assert set(fitted.query("source == 'measured here'").quantity) == {"memory"}
    data = build_table("efficiency", run, root).data
    assert "| S5VH | 1,200 | 900 | 0.025 | 0.05 | 0.1 | 0.2 |" in (root / "tables/efficiency.md").read_text()
    counted = data[data.source == "counted"]
    assert counted[counted.frames == 40].set_index("quantity").value.to_dict() == {
        "parameters": 1200, "encoding_parameters": 900, "flops_per_video": 100_000_000,
    }  # fmt: skip
    (warning,) = efficiency_warnings(run, root)
    assert warning == (
        f"The times of S5VH (encoding and training step) were measured on a busy machine ({why}), so they are not "
        "fitted. Measure again when nothing else runs: snakemake scaling --forcerun measure_efficiency"
    )


def test_times_of_a_quiet_machine_have_no_caveat(demo):
    assert list(efficiency_warnings(*demo)) == []
