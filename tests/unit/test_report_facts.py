"""Facts and caveats of the report, from cells that the test makes up."""

from __future__ import annotations

import pytest
from reporting_results import make_run

from s5vh.config.grid import GridCell
from s5vh.reporting import caveats, facts
from s5vh.reporting.facts import CellFacts

pytest_plugins = ("reporting_fixtures",)


def cell(dataset="ucf101", method="s5vh", bits=16, seed=1, **metrics):
    scores = {
        "GmAP": 0.25, "mAP": {"5": 0.4, "100": 0.1}, "tie_bounds": {"GmAP": [0.2, 0.3]}, "queries": 50,
        "database": 1200, "hamming_radius": {"precision": 0.5, "precision_retrieving": None,
                                             "queries_without_retrieved": 0},
    }  # fmt: skip
    codes = {part: {"videos": n, "distinct_codes": n} for part, n in (("database", 1200), ("query", 50))}
    found = {"protocols": {"published": scores, "strict": scores | {"GmAP": 0.75}}, "codes": codes}
    return CellFacts(GridCell(dataset, method, bits, seed), found | metrics)


def texts(row):
    return [entry.text for entry in row]


def said(one, run=None):
    return list(caveats._cell_warnings(one, run or make_run(["ucf101", "mine"])))


class TestBlocks:
    def test_data(self, here):
        run = make_run(["ucf101", "toy"])
        found = [cell(queries_in_database=1234), cell(bits=32, queries_in_database=9)]
        block = facts.data_block(run, found, {})
        assert texts(block.rows[0]) == [
            "UCF101", "published data set", "50", "1,200", "1,234", "", "3", "8", "5", "random", "6",
        ]  # fmt: skip
        assert texts(block.rows[1])[2:7] == ["", "", "", "", "3"] and len(block.columns) == 11
        bare = facts.data_block(run, [cell(protocols={}, queries_in_database=0)], {})
        assert texts(bare.rows[0])[2:5] == ["50", "1,200", "none"]

    def test_cells(self, here):
        run = make_run(["ucf101", "mine"])
        training = {"epoch": 3, "epochs": 9, "seconds": 150, "parameters": 12345}
        record = {"device": "cuda", "created": "2026-01-02T03:04:05", "settings_digest": "abc"}
        one = cell(seed=7, training=training, provenance={"model": record, "device": "cpu"})
        block = facts.cell_block("ucf101", run, [one, cell(dataset="mine")])
        assert dict(zip(block.columns, texts(block.rows[0]), strict=True)) == {
            "Method": "S5VH", "bits": "16", "seed": "7", "GmAP, published": "0.2500", "GmAP, strict": "0.7500",
            "GmAP, worst to best tie order, published": "0.2000 to 0.3000", "mAP@5": "0.4000", "mAP@100": "0.1000",
            "precision within radius 2, empty as 0": "0.5000", "without empty queries": "", "empty queries": "0",
            "selected epoch": "3", "epochs": "9", "training time": "2 min", "parameters": "12,345", "device": "cuda",
            "created": "2026-01-02 03:04", "settings": "abc",
        }  # fmt: skip
        assert len(block.rows) == 1
        fitted = facts.cell_block("ucf101", run, [cell(provenance={"device": "cpu"})]).rows[0]
        assert texts(fitted)[-7:] == ["", "", "", "", "cpu", "", ""]

    def test_times_beside_the_authors_log(self, here):
        run = make_run(["ucf101", "mine"])
        trained = {"training": {"epochs": 9, "seconds": 50}}
        assert facts.time_block(run, [cell()]) is None
        plain = facts.time_block(run, [cell("mine", seed=3, **trained), cell("mine")])
        assert plain.columns[-1] == "training time" and plain.note == ""
        assert [texts(row) for row in plain.rows] == [["Mine", "S5VH", "16", "3", "9", "50 s"]]
        log = facts.table_of("wall_clock")
        row = log[(log.method == "S5VH") & (log.variant == "full")].iloc[0]
        config = facts.lookup.dataset("ucf101").model_copy(update={"published_name": row.dataset})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(facts.lookup, "dataset", lambda name: config)
            found = facts.time_block(run, [cell(bits=int(row.bits), **trained), cell(bits=17, **trained)])
        theirs = f"{facts.duration(row.total_seconds)} ({row.epochs:.0f} epochs)"
        assert [texts(line)[-1] for line in found.rows] == [theirs, ""] and found.columns[-1] == "authors' log"
        assert found.rows[0][-1].quoted and found.note.startswith("The authors' times include loading")

    def test_provenance(self):
        records = [
            {"s5vh": "1", "commit": "a", "device": "cpu", "threads": 2, "created": "2026-03-01",
             "libraries": {"torch": "2"}, "hardware": {"cpu": "X", "cores": 4, "memory_gib": 8}},
            {"s5vh": "1", "commit": "b", "device": "cuda", "created": "2026-01-01",
             "libraries": {"torch": "3", "numpy": "1"}},
        ]  # fmt: skip
        rows = facts.provenance_rows([cell(provenance={"model": record}) for record in records])
        assert rows == [
            ("s5vh", "1"), ("commit", "a; b"), ("device", "cpu; cuda"), ("machine", "X, 4 cores, 8 GiB"),
            ("threads", "2"), ("torch", "2; 3"), ("numpy", "1"), ("created", "2026-01-01 to 2026-03-01"),
        ]  # fmt: skip
        assert ("created", "2026-03-01") in facts.provenance_rows([cell(provenance=records[0])])
        assert facts.provenance_rows([cell()]) == []

    def test_protocols(self, here):
        (first, one), (second, other) = facts.protocol_rows(make_run(["ucf101"]))
        assert (first, second) == ("published", "strict")
        assert one.endswith("N = 5, 20, 40, 60, 80, 100. Main protocol, used by figures, tables and training curves.")
        assert other.endswith("N = 5, 20, 40, 60, 80, 100.") and "is divided by the smaller" in other

    def test_what_is_missing(self, here):
        run = make_run(["ucf101", "mine"])._replace(unlabelled=("mine",))
        found = dict(facts.missing(run))
        assert "FCVID" in found and found["Scores on Mine"] == "the videos have no labels"
        assert found["Transfer UCF101 to HMDB51"] == "the features of HMDB51 are missing, see `s5vh doctor`"
        assert not [title for title, _ in facts.missing(make_run(["ucf101", "hmdb51"])) if title.startswith("Transfer")]


class TestCaveats:
    def test_of_sound_cells_there_are_none(self, here):
        assert said(cell(training={"agreeing_videos": 1.0, "selection": "last"})) == []

    @pytest.mark.parametrize(("distinct", "told"), [(1, True), (12, True), (13, False)])
    def test_codes_that_collapsed(self, here, distinct, told):
        codes = {"database": {"videos": 1200, "distinct_codes": distinct}}
        found = said(cell(codes=codes, seed=4))
        assert bool(found) is told
        if told:
            many = "a single code" if distinct == 1 else "only 12 distinct codes"
            assert f"have collapsed: {many} for 1,200 videos at 16 bits (seed 4)" in found[0]
        assert said(cell(codes={"database": {"videos": 1, "distinct_codes": 1}})) == []

    def test_queries_in_the_database(self, here):
        found = said(cell(queries_in_database=3, queries_in_database_examples=[["q", "v"], ["r", "w"]]))
        assert found == [
            "UCF101: 3 of 50 queries are also in the database, bit for bit, e.g. q as v. Protocol `published` keeps "
            "them in the ranking."
        ]
        run = make_run(["ucf101"], protocols={"strict": {"exclude_self": True}})
        assert said(cell(queries_in_database=3), run)[0].endswith("bit for bit. ")

    def test_selection_relevance_and_cutoffs(self, here):
        one = cell(training={"selection": "published"})
        one.metrics["protocols"]["published"] |= {"queries_without_relevant": 2, "cutoffs_beyond_database": [60, 80]}
        assert said(one) == [
            "UCF101: 2 queries have no relevant video in the database; their AP is 0.",
            "UCF101: the database is smaller than N = 60, 80; missing ranks count as irrelevant.",
            "UCF101: checkpoints were selected by mAP@5 on the test queries, as for the published numbers; such scores "
            "are optimistic.",
        ]
        (imported,) = said(cell(training={"imported": "x"}))
        assert "was imported. Its files do not say how the checkpoint was selected" in imported

    def test_centers_that_coincide(self, here):
        apart = {"distinct_centers": 6, "centers": 6}
        assert said(cell(training=apart)) == []
        assert len(said(cell(training=apart | {"distinct_centers": 2}))) == 1

    def test_each_is_said_once_and_one_seed_last(self, here):
        run = make_run(["ucf101"], seeds=[1])
        found = caveats.warnings(run, [cell(queries_in_database=3), cell(bits=32, queries_in_database=3)])
        assert len(found) == 2 and found[-1].startswith("Only one seed: intervals and p-values are over queries")
        assert caveats.warnings(run, []) == []
        assert len(caveats.warnings(make_run(["ucf101"], seeds=[1, 2]), [cell()])) == 0
