"""Formats of numbers, footnote marks, input lists and frames behind tables and figures, with small cases by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from reporting_results import make_run

from s5vh.base.errors import UserError
from s5vh.base.files import write_json
from s5vh.config import layout
from s5vh.config.grid import GridCell
from s5vh.reporting import captions, catalog, collect, footnotes, inputs, report, words
from s5vh.reporting.exhibits.exhibit import Exhibit
from s5vh.reporting.footnotes import Footnote, marked, marks
from s5vh.reporting.published_numbers import Published, claimed_convergence
from s5vh.reporting.table import Block, Entry, Table
from s5vh.retrieval.codes import write_codes

pytest_plugins = ("reporting_fixtures",)
NAN, INF = float("nan"), float("inf")


class TestWords:
    def test_numbers(self):
        assert [words.number(value) for value in (0.12345, -0.0006, None, NAN, INF)] == ["0.123", "-0.001", "", "", ""]
        assert words.number(2.5, 0) == "2" and words.number(3, 2) == "3.00"
        assert [words.difference(value) for value in (0.0126, -0.0126, None, NAN)] == ["+0.013", "−0.013", "", ""]
        assert words.difference(0.5, 1) == "+0.5"
        assert [words.percent(value) for value in (0.427, -0.087, 1, -0.001)] == ["43%", "−9%", "100%", "0%"]

    def test_intervals(self):
        assert words.with_interval(0.5, 0.4, 0.58) == "0.500 ± 0.090"
        assert words.with_interval(0.5, NAN, NAN) == "0.500" and words.with_interval(7, 6, 8, digits=0) == "7 ± 1"
        assert words.difference_interval(0.012, -0.004, 0.021) == "+0.012 [−0.004, +0.021]"
        assert words.difference_interval(0.012, NAN, NAN, digits=2) == "+0.01"

    @pytest.mark.parametrize(
        "seconds, text",
        [(0.04, "0.0 s"), (9.94, "9.9 s"), (10, "10 s"), (99.6, "100 s"), (100, "2 min"), (7169, "119 min"),
         (7200, "2 h 00 min"), (12_060, "3 h 21 min"), (None, ""), (NAN, "")],
    )  # fmt: skip
    def test_durations(self, seconds, text):
        assert words.duration(seconds) == text

    def test_recipes_are_named_with_how_many_variants(self, here):
        methods = ["itq_mean", "s5vh", "s5vh_forward", "s5vh", "s5vh_backward", "conmh-released"]
        assert words.recipes(methods) == "`itq_mean`, `s5vh` (and 2 variants), `conmh` (and 1 variant)"
        assert words.recipes([]) == ""

    def test_kinds_and_titles(self, here):
        assert words.kinds(["toy", "ucf101", "mine"]) == [words.DEMO, "published data set", "own data"]
        assert words.dataset_title("toy") == f"Toy corpus [{words.DEMO}]" and words.dataset_title("mine") == "Mine"
        assert words.panel_title("toy") == "Toy corpus (demo)" and words.panel_title("mine") == "Mine"
        assert words.panel_title("demo") == "Demo (moving digits)"  # says so itself
        assert words.has_demo(make_run(["mine", "toy"])) and not words.has_demo(make_run(["mine"]))
        assert words.solver_title("admm") == "ADMM, refined" and words.solver_title("mine") == "mine"

    def test_sentences_about_seeds(self):
        one, three = make_run(["toy"], seeds=[4]), make_run(["toy"], seeds=[4, 5, 9])
        assert words.seeds_sentence(one) == "One seed (4)."
        assert words.seeds_sentence(three).startswith("Mean over 3 seeds (4, 5, 9); ")
        assert words.scores_sentence(one).startswith("One seed (4); ") and "over queries" in words.scores_sentence(one)
        assert words.scores_sentence(three).startswith("Mean over 3 seeds (4, 5, 9); ")
        assert "over seeds" in words.scores_sentence(three) and "queries (perc" not in words.scores_sentence(three)

    def test_captions_have_their_parts_in_order(self, here):
        run = make_run(["toy", "mine"], seeds=[4])
        text = words.caption("What.", run, ["s5vh"], ["strict", "published"], seeds="Seeds.")
        places = [text.index(part) for part in ("What. Data sets: ", "Toy corpus", "; Mine. ", "Protocol `strict`: ",
                                                "Protocol `published`: ", "Recipes: `s5vh`. ", "Seeds.")]  # fmt: skip
        assert places == sorted(places) and text.endswith("Seeds.")
        assert words.caption("What.", make_run([])).startswith("What. Data sets: none. One seed")
        assert "Recipes" not in words.caption("What.", run)

    @pytest.mark.parametrize("exhibit", [one for one in catalog.CATALOG.values() if one.caption],
                             ids=lambda one: one.name)  # fmt: skip
    def test_captions_of_figures_follow_the_seeds(self, here, exhibit):
        one, three = (exhibit.caption_of(make_run(["toy"], seeds=seeds)) for seeds in ([4], [4, 5, 9]))
        over_seeds = {"figure3", "pr_curves", "figure1b", "mcmsh_figure5", "autossvh_figure3", "autossvh_figure4",
                      "autossvh_figure5"}  # fmt: skip
        assert ("eans over 3 seeds" in three) == ("One seed" in one) == (exhibit.name in over_seeds)
        assert "eans over 3" not in one and "One seed" not in three
        if exhibit.name in over_seeds:
            parts = ["Data sets: Toy corpus", "Protocol `published`: ", "Every seed has its own training"]
            places = [three.index(part) for part in parts]
            assert places == sorted(places) and "interval" in three
            assert "Recipes: `s5vh`" in three or not make_run([]).config.ablation(exhibit.name).rows

    def test_captions_name_the_settings(self, here):
        run = make_run(["toy"], convergence={"methods": ["s5vh"], "bits": 24}, seeds=[7],
                       examples={"method": "itq_mean", "bits": 12, "queries": 3, "neighbours": 5},
                       protocol_study={"orders": 9})  # fmt: skip
        assert "training, 24 bits, by epoch" in captions.figure1b(run)
        assert captions.examples(run).startswith("3 queries, ") and "their 5 nearest" in captions.examples(run)
        assert "ITQ (time-averaged) with 12 bits, seed 7." in captions.examples(run)
        assert "for 9 random database orders" in captions.protocol(run) and "(1 s)" in captions.solvers(run)
        assert captions.code_statistics(run).endswith("Seed 7 only.")


class TestFootnotes:
    CELLS = pd.DataFrame({"source": ["A", "A", "B"], "bits": [16, 32, 16], "method": ["x", "y", "y"]}, index=[5, 7, 9])

    def test_marks(self):
        def note(number, *cells):
            return Footnote(number, "n", "t", "f", cells)

        notes = [note(1, {"source": ("A",), "bits": (16, 64)}), note(2, {"bits": (32,)}, {"source": ("B",)}), note(3)]
        assert marks(self.CELLS, notes) == [{1}, {2}, {2}]
        assert marks(self.CELLS, notes[::-1]) == [{1}, {2}, {2}] and marks(self.CELLS, []) == [set()] * 3

    def test_texts(self):
        assert marked("0.5", {10, 2}) == "0.5 [2, 10]" and marked("0.5", frozenset()) == "0.5"
        assert Footnote(4, "n", "Odd.", "a log", ()).formatted() == "[4] Odd. (Source: a log.)"

    def test_reading(self, here):
        folder = here / "config/published"
        folder.mkdir(parents=True)
        cells = "[{bits: 16, source: [A, B]}, {N: [5]}]"
        (folder / "footnotes.yaml").write_text(
            f"one: {{text: ' T ', found: ' F ', cells: {cells}}}\ntwo: {{text: U, found: G, cells: []}}\n"
        )
        assert footnotes.read_footnotes() == [
            Footnote(1, "one", "T", "F", ({"bits": (16,), "source": ("A", "B")}, {"N": (5,)})),
            Footnote(2, "two", "U", "G", ()),
        ]


class TestClaims:
    def test_only_of_the_pair_that_was_compared(self, here):
        def recipe(method="S5VH", variant="full"):
            return SimpleNamespace(method=method, variant=variant)

        without = recipe(variant="(4) without center alignment loss")
        assert claimed_convergence(recipe(), without) == Published(0.65, "S5VH paper")
        others = [(None, without), (recipe(), None), (without, recipe()), (recipe(), recipe()),
                  (recipe("ConMH"), without), (recipe(), recipe("ConMH", without.variant))]  # fmt: skip
        assert [claimed_convergence(*pair) for pair in others] == [None] * 6


class TestCollect:
    def test_summaries_of_several_values_and_groups(self):
        frame = pd.DataFrame(
            {
                "name": ["b", "a", "b", "a", "c"],
                "seed": [1, 1, 2, 2, 1],
                "first": [1, 10, 3, 10, 7.0],
                "second": [5, 50, 7, 70, 8.0],
                "low": [0, 0, 0, 0, 6.5],
                "high": [9, 99, 9, 99, 7.5],
            }
        )
        found = collect.summarise(frame, ["first", "second"]).set_index("name")
        assert found.index.tolist() == ["b", "a", "c"]  # in order of appearance
        assert found["first"].tolist() == [2, 10, 7] and found.second.tolist() == [6, 60, 8]
        half = 12.706204736 * np.sqrt(2) / np.sqrt(2)  # two seeds with deviation sqrt(2)
        assert found.low.tolist() == pytest.approx([2 - half, 10, 6.5])
        assert found.high.tolist() == pytest.approx([2 + half, 10, 7.5])
        assert found.seeds.tolist() == [2, 2, 1]
        assert found.interval.tolist() == ["over 2 seeds", "over 2 seeds", "over queries, one seed"]
        bare = collect.summarise(frame.drop(columns=["low", "high"]), ["first", "second"]).set_index("name")
        assert bare.interval["c"] == "" and np.isnan(bare.low["c"])

    def test_a_missing_coordinate_is_a_group_of_its_own(self):
        frame = pd.DataFrame({"N": [np.nan, 5.0], "seed": [1, 1], "value": [1.0, 2.0]})
        assert collect.summarise(frame).value.tolist() == [1, 2]

    def test_cells_files_are_told_apart_by_their_coordinates(self, tmp_path):
        cells = [GridCell("toy", "s5vh", 16, 2), GridCell("mine", "conmh", 8, 1)]
        for number, cell in enumerate(cells):
            folder = layout.cell(*cell, tmp_path)
            folder.mkdir(parents=True)
            (folder / "x.csv").write_text(f"epoch,other\n{number},5\n{number + 7},6\n")
        found = collect.cell_csv(tmp_path, cells, "x.csv", ["epoch"])
        assert list(found) == ["dataset", "method", "bits", "seed", "epoch", "other"]
        assert found.drop(columns="other").values.tolist() == [
            ["toy", "s5vh", 16, 2, 0], ["toy", "s5vh", 16, 2, 7],
            ["mine", "conmh", 8, 1, 1], ["mine", "conmh", 8, 1, 8],
        ]  # fmt: skip
        assert list(collect.cell_csv(tmp_path, [], "x.csv", ["a"])) == ["dataset", "method", "bits", "seed", "a"]
        with pytest.raises(UserError, match=r"x\.csv: no such file"):
            collect.cell_csv(tmp_path, [GridCell("no", "x", 1, 1)], "x.csv", ["epoch"])

    def test_objectives_are_relative_to_the_best_of_each_problem_and_length(self, monkeypatch):
        objectives = {"a": 3.0, "b": 2.0, "c": 8.0, "d": 0.0, "e": 5.0}
        places = {"a": ("P", 8), "b": ("P", 8), "c": ("P", 16), "d": ("Q", 8), "e": ("Q", 8)}

        def read(path):
            return SimpleNamespace(
                statistics={"objective": objectives[path], "clusters": 4, "limit_reached": "seconds"}
            )

        monkeypatch.setattr("s5vh.centers.centers_file.read_centers", read)
        found = [({"problem": problem, "bits": bits}, name) for name, (problem, bits) in places.items()]
        frame = collect._centers_frame(found, ["problem", "bits"])
        assert frame.relative.tolist()[:3] == [1.5, 1, 1] and frame.relative.isna().tolist()[3:] == [True, True]
        assert list(frame)[3:5] == ["objective", "relative"] and frame.seconds.isna().all()
        assert set(frame.limit_reached) == {"seconds"} and frame.clusters.tolist() == [4.0] * 5

    def test_statistics_of_stored_codes(self, tmp_path):
        cell = GridCell("toy", "s5vh", 2, 1)
        folder = layout.cell(*cell, tmp_path)
        folder.mkdir(parents=True)
        write_codes(folder / "codes.npz", np.array([[1, 1], [1, 1], [1, -1]], np.int8), np.array([[1, -1]], np.int8), 2)
        (_, first, database), (_, second, query) = collect.codes(tmp_path, [cell])
        assert (first, second) == ("database", "query") and (database["videos"], query["videos"]) == (3, 1)
        assert database["distinct_codes"] == 2 and database["colliding_share"] == pytest.approx(2 / 3)
        assert np.allclose(database["bit_balance"], [1, 1 / 3])

    def test_efficiency(self, tmp_path):
        for method, reason in (("s5vh", ""), ("conmh", "busy")):
            rows = {"method": method, "purpose": ["encode", "train"], "frames": 2, "batch_size": [4, 0],
                    "milliseconds_per_video": [1.0, None], "milliseconds_median": [2.0, None],
                    "mib_per_video": [3.0, None], "disturbance": [reason, ""], "device": "cpu",
                    "parameters": 5, "encoding_parameters": 4, "flops_per_video": 3}  # fmt: skip
            path = layout.efficiency(method, tmp_path)
            path.parent.mkdir(exist_ok=True)
            pd.DataFrame(rows).to_csv(path, index=False)
        run = make_run(["toy"], efficiency={"methods": ["s5vh", "conmh"]})
        write_json(layout.efficiency_fit(tmp_path), {"methods": {"s5vh": {"encode": 1}}})
        with pytest.raises(UserError, match=r"fit\.json: no fit for method 'conmh'"):
            collect.efficiency(run, tmp_path)
        fits = {"methods": {"s5vh": {"encode": 1}, "conmh": {"encode": 2}}, "crossings": {}, "reference": "s5vh"}
        write_json(layout.efficiency_fit(tmp_path), fits)
        points, found = collect.efficiency(run, tmp_path)
        assert found == fits and points.method.tolist() == ["s5vh"] * 2 + ["conmh"] * 2
        assert points.disturbance.tolist() == ["", "", "busy", ""]
        assert collect.disturbances(points) == {("conmh", "encode"): "busy"}


class TestInputs:
    ROOT = Path("r")

    def cell(self, dataset, method, bits, seed, file):
        return layout.cell(dataset, method, bits, seed, self.ROOT) / file

    def test_files_of_cells(self):
        run = make_run(["toy", "mine"], methods=["s5vh", "itq_mean"], bits=[8, 16], seeds=[3, 4],
                       ablations={"table2": {"recipe": "s5vh", "methods": ["s5vh_forward"], "bits": [32]}},
                       convergence={"methods": ["s5vh", "s5vh_backward"], "bits": 64},
                       examples={"method": "s5vh", "bits": 8})  # fmt: skip

        def files(file, methods, bits):
            return [self.cell(dataset, method, length, seed, file) for dataset in ("toy", "mine") for method in methods
                    for length in bits for seed in (3, 4)]  # fmt: skip

        grid, ablation = (["s5vh", "itq_mean"], [8, 16]), (["s5vh", "s5vh_forward"], [32])
        study = (["s5vh", "s5vh_backward"], [64])
        assert inputs.main_metrics(run, self.ROOT) == files("metrics.json", *grid)
        assert inputs.curves(run, self.ROOT) == files("pr.csv", *grid)
        assert inputs.codes(run, self.ROOT) == files("codes.npz", *grid)
        assert inputs.ablation_metrics(run, self.ROOT) == files("metrics.json", *ablation)
        assert set(inputs.query_scores(run, self.ROOT)) == {*files("ap.npz", *grid), *files("ap.npz", *ablation)}
        assert inputs.convergence_scores(run, self.ROOT) == files("evals.csv", *study)
        assert inputs.convergence(run, self.ROOT) == files("evals.csv", *study) + files("train.csv", *study)
        trained = {*files("evals.csv", ["s5vh"], [8, 16]), *files("evals.csv", *ablation), *files("evals.csv", *study)}
        assert set(inputs.evaluations(run, self.ROOT)) == trained  # ITQ is fitted, not trained

    def test_examples(self, here):
        run = make_run(["toy", "mine"], seeds=[7, 1], examples={"method": "itq_mean", "bits": 12})
        toy, mine = (inputs.example_files(name, run, self.ROOT) for name in ("toy", "mine"))
        assert toy["codes"] == self.cell("toy", "itq_mean", 12, 7, "codes.npz")
        assert mine["codes"] == self.cell("mine", "itq_mean", 12, 7, "codes.npz") and "thumbnails" not in mine
        assert toy["query"] == layout.features("toy", "query", self.ROOT)
        assert toy["database"] == layout.features("toy", "train", self.ROOT)
        assert toy["thumbnails"] == layout.thumbnails("toy", self.ROOT)
        assert inputs.examples(run, self.ROOT) == [*toy.values(), *mine.values()]

    def test_studies_that_are_not_asked_for(self):
        run = make_run(["toy"], efficiency={"methods": []}, protocol_study={"bits": []})
        assert inputs.efficiency(run, self.ROOT) == [] == inputs.protocol(run, self.ROOT)
        asked = make_run(["toy", "mine"], efficiency={"methods": ["conmh", "s5vh"]})
        assert inputs.efficiency(asked, self.ROOT) == [
            *(layout.efficiency(name, self.ROOT) for name in ("conmh", "s5vh")), layout.efficiency_fit(self.ROOT),
        ]  # fmt: skip
        assert inputs.protocol(asked, self.ROOT) == [layout.protocol_study(name, self.ROOT) for name in ("toy", "mine")]


class TestReportParts:
    def facts(self, bits, seconds, device, method="s5vh"):
        training = {} if seconds is None else {"seconds": seconds}
        hardware = {"cpu": "X", "cores": 2, "memory_gib": 4}
        return SimpleNamespace(cell=GridCell("toy", method, bits, 1), training=training,
                               provenance={"device": device, "hardware": hardware}, metrics={})  # fmt: skip

    def test_cards(self, here):
        run = make_run(["toy", "mine"], seeds=[3, 9])
        found = [self.facts(32, 90.0, "cpu"), self.facts(8, 50.0, "cpu"), self.facts(8, None, "cpu", "itq_mean")]
        assert dict(report._cards(run, found)) == {
            "Data sets": "Toy corpus, Mine", "Methods": "2", "Code lengths": "8, 32 bits", "Seeds": "3, 9",
            "Cells": "3", "Training": "2 min", "Hardware": "X, 2 cores, 4 GiB",
        }  # fmt: skip
        mixed = dict(report._cards(make_run([]), [self.facts(8, None, "cpu"), self.facts(8, None, "A GPU")]))
        assert mixed["Hardware"] == "cpu; A GPU" and mixed["Training"] == "none" and mixed["Data sets"] == "none"

    @pytest.mark.parametrize("rows, folded", [(60, 0), (61, 61)])
    def test_long_tables_are_folded(self, rows, folded, monkeypatch):
        lines = [[Entry(str(number))] for number in range(rows)]
        table = Table("c", pd.DataFrame(), [Block("h", ["a"], lines[:20]), Block("", ["a"], lines[20:])], ["a note"])
        monkeypatch.setattr(Exhibit, "build", lambda *_: table)
        monkeypatch.setattr(report, "_UNFOLDED", {True: 9, False: 60})
        shown = report._table(catalog.find("table", "codes"), None, None)
        assert shown["folded"] == folded and shown["body"].count('<tr><th scope="row"') == rows
        assert shown["caption"] == "c" and "a note" in shown["body"]

    def test_empty_tables_say_so(self, monkeypatch):
        monkeypatch.setattr(Exhibit, "build", lambda *_: Table("c", pd.DataFrame(), [Block("h", ["a"], [])]))
        body = report._table(catalog.find("table", "codes"), None, None)["body"]
        assert body.strip() == "<p>Not run.</p>"

    def test_addresses_become_links_and_the_rest_is_escaped(self):
        assert report._links("<b> https://a.org/x?y=1 (http://b.org)") == (
            '&lt;b&gt; <a href="https://a.org/x?y=1">https://a.org/x?y=1</a> (<a href="http://b.org">http://b.org</a>)'
        )
