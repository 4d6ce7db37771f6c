"""Transfer: which models search which other data sets, and the tables of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from reporting_results import make_run, write_datasets

from s5vh.base.errors import UserError
from s5vh.base.files import write_json
from s5vh.config import layout
from s5vh.config.grid import GridCell, Run, cells
from s5vh.config.load import load_run, names
from s5vh.methods.load import load_method
from s5vh.planning.datasets import run_of
from s5vh.reporting import facts
from s5vh.reporting.catalog import build_table, exhibits, find
from s5vh.reporting.footnotes import read_footnotes
from s5vh.reporting.transfer_pairs import in_domain_cells, obstacle, trained_for_transfer, transfer_cells, unfit
from s5vh.reporting.words import DEMO

CONFIG = Path(__file__).parents[2] / "config"
PAIR = {"train": "ucf101", "test": "hmdb51", "bits": [16]}
OWN = {"train": "mine", "test": "other", "bits": [16]}
OTHER_LENGTH = """
title: Other
frames: 5
feature_size: 8
classes: 5
backbone: random
parts:
  train: {features: [train.h5]}
  database: {features: [database.h5], labels: {files: [database.mat]}}
  query: {features: [query.h5], labels: {files: [query.mat]}}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    write_datasets(tmp_path)
    (tmp_path / "config/datasets/other.yaml").write_text(OTHER_LENGTH)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def place(dataset, *files):
    for file in files:
        path = Path("data") / dataset / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


class TestPairs:
    def test_a_pair_needs_the_first_in_the_run_and_features_of_the_second(self, here):
        run = make_run(["ucf101"], transfer=[PAIR], seeds=[1, 2])
        (pair,) = run.config.transfer_pairs()
        assert obstacle(pair, run) == "the features of HMDB51 are missing, see `s5vh doctor`"
        assert transfer_cells(run) == []
        there = run._replace(searched=("hmdb51",))
        expected = [("hmdb51", GridCell("ucf101", m, 16, s)) for m in ("s5vh", "itq_mean") for s in (1, 2)]
        assert obstacle(pair, there) == "" and transfer_cells(there) == expected
        both = make_run(["hmdb51", "ucf101"], transfer=[PAIR], seeds=[1, 2])
        assert transfer_cells(both) == expected
        assert obstacle(pair, make_run(["hmdb51"])) == "UCF101 is not part of this run"
        assert transfer_cells(make_run(["hmdb51"], transfer=[PAIR])) == []
        without = there._replace(unlabelled=("hmdb51",))
        assert obstacle(pair, without) == "the videos of HMDB51 have no labels" and transfer_cells(without) == []
        # What is only searched is scored, whatever the data set that was trained on has.
        assert transfer_cells(there._replace(unlabelled=("ucf101",))) == expected

    def test_only_the_searched_parts_must_be_available(self, here):
        config = load_run({"datasets": ["mine"], "methods": ["itq_mean"], "transfer": [OWN]})
        assert run_of(config).searched == ()
        place("other", "database.h5", "database.mat", "query.h5", "query.mat")
        assert run_of(config).searched == ("other",)
        Path("data/other/query.mat").unlink()
        assert run_of(config).searched == ()
        assert run_of(config, all_available=True).searched == ("other",)
        # Of no use to this run, because nothing is trained for it.
        assert run_of(config.model_copy(update={"datasets": ["toy"]}), all_available=True).searched == ()
        assert run_of(config.model_copy(update={"datasets": ["mine", "other"]})).searched == ()

    def test_a_searched_data_set_without_labels_is_known(self, here):
        file = here / "config/datasets/other.yaml"
        file.write_text(OTHER_LENGTH.replace(", labels: {files: [query.mat]}", ""))
        run = run_of(load_run({"datasets": ["mine"], "methods": ["itq_mean"], "transfer": [OWN]}), all_available=True)
        assert run.searched == run.unlabelled == ("other",)
        assert transfer_cells(run) == []
        assert Run.from_json(run.to_json()) == run

    def test_the_demo_is_always_available(self, here):
        pair = {"train": "mine", "test": "toy"}
        assert run_of(load_run({"datasets": ["mine"], "methods": ["m"], "transfer": [pair]})).searched == ("toy",)

    def test_tables_show_their_pairs_at_their_lengths(self):
        pairs = [PAIR | {"tables": ["table1"]}, {"train": "a", "test": "b"}, PAIR | {"tables": ["autossvh_table2"]}]
        config = load_run({"methods": ["m"], "bits": [8, 24], "transfer": pairs})
        found = {
            name: [(pair.train, pair.bits) for pair in config.transfer_pairs(name)]
            for name in ("table1", "autossvh_table2")
        }
        assert found == {
            "table1": [("ucf101", [16]), ("a", [8, 24])],
            "autossvh_table2": [("a", [8, 24]), ("ucf101", [16])],
        }
        assert config.transfer_pairs() == config.transfer_pairs("table1")
        both = config.model_copy(update={"papers": ["AutoSSVH", "S5VH"]})
        assert [pair.train for pair in both.transfer_pairs()] == ["ucf101", "a", "ucf101"]
        assert [pair.train for pair in config.model_copy(update={"papers": ["MCMSH"]}).transfer_pairs()] == ["a"]
        assert config.model_copy(update={"papers": []}).transfer_pairs() == []

    @pytest.mark.parametrize(
        ("pair", "message"),
        [
            ({"train": "a", "test": "a"}, "'train' and 'test' are both a; a transfer needs two data sets"),
            (
                {"train": "a", "test": "b", "tables": ["table2"]},
                "must be 'table1', 'mcmsh_table4' or 'autossvh_table2', got 'table2'",
            ),
            ({"train": "a", "test": "b", "tables": []}, "at least 1 item"),
        ],
    )
    def test_what_is_no_pair(self, pair, message):
        with pytest.raises(UserError) as error:
            load_run({"methods": ["m"], "transfer": [pair]})
        assert message in str(error.value) and "\n" not in str(error.value)


class TestLengths:
    def test_methods_of_one_length_are_left_out_where_the_number_of_frames_differs(self, here):
        methods = ["s5vh", "mcmsh", "itq_mean", "itq_flat", "dkph"]
        run = make_run(["mine"], methods=methods, transfer=[OWN])._replace(searched=("other",))
        (pair,) = run.config.transfer_pairs()
        assert unfit(pair, run) == ["mcmsh", "itq_flat", "dkph"]
        assert [cell.method for _, cell in transfer_cells(run)] == ["s5vh", "itq_mean"]
        changed = make_run(["mine"], methods=methods, overrides={"itq_mean": {"model": {"features": "flat"}}})
        assert unfit(pair, changed) == ["mcmsh", "itq_mean", "itq_flat", "dkph"]
        equal = make_run(["mine", "ucf101"], methods=methods, transfer=[{"train": "mine", "test": "ucf101"}])
        assert unfit(equal.config.transfer_pairs()[0], equal) == []

    def test_which_methods_have_one_length(self):
        fixed = {load_method(name).implementation for name in names("methods") if load_method(name).fixed_length}
        flat = {name for name in names("methods") if name.endswith("_flat")}
        assert fixed == {"mcmsh", "dkph", "ssvh", *(load_method(name).implementation for name in flat)} and flat


class TestShippedRuns:
    def test_the_demo_transfers_to_other_motions_without_more_trainings(self):
        run = run_of(load_run(CONFIG / "config.yaml", CONFIG / "demo.yaml"))
        assert run.datasets == ["demo"] and run.searched == ("demo_motions",)
        found = transfer_cells(run)
        assert {test for test, _ in found} == {"demo_motions"}
        assert [cell.method for _, cell in found] == run.config.methods
        assert set(trained_for_transfer(run, "demo")) <= set(cells(run.config, ["demo"]))
        for name in ("table1", "autossvh_table2"):
            *files, last = find("table", name).inputs(run)
            assert last == layout.reference_rankings("demo_motions") and len(files) == len(run.config.methods)
            assert all(file.parts[:3] == ("results", "transfer", "demo_to_demo_motions") for file in files)
        none = run._replace(config=run.config.model_copy(update={"reference_rankings": []}))
        assert find("table", "table1").inputs(none) == files

    def test_the_papers_run_has_both_tables(self):
        run = run_of(load_run(CONFIG / "config.yaml", CONFIG / "paper.yaml"), all_available=True)
        methods, seeds = len(run.config.methods), len(run.config.seeds)
        assert len(transfer_cells(run, "table1")) == len(transfer_cells(run)) == methods * seeds
        wide = transfer_cells(run, "autossvh_table2")
        assert len(wide) == 3 * methods * seeds and {cell.bits for _, cell in wide} == {16, 32, 64}
        assert set(in_domain_cells(run, "autossvh_table2")) <= set(cells(run.config, ["hmdb51"]))
        assert {cell for _, cell in wide} <= set(cells(run.config, ["ucf101"]))
        assert "table1" in [exhibit.name for exhibit in exhibits("table", run)]
        assert "autossvh_table2" not in [exhibit.name for exhibit in exhibits("table", run)]


METHODS = ["s5vh", "bervae", "mcmsh", "itq_mean"]
GMAP = {"s5vh": 0.05, "bervae": 0.04, "mcmsh": 0.03, "itq_mean": 0.02}
IN_DOMAIN, CHANCE = 0.1, 0.0123


def score(folder: Path, value: float, run: Run) -> None:
    """A metrics file with this GmAP under every protocol."""
    empty = {"mAP": {}, "tie_bounds": {}, "interval": None, "hamming_radius": {}}
    write_json(folder / "metrics.json", {"protocols": {name: empty | {"GmAP": value} for name in run.config.protocols}})


def tables_run(*datasets, searched=(), seeds=(1, 2, 3), **settings) -> Run:
    """Transfer to a data set of the run, and pairs of data of one's own; every transfer cell has its score."""
    pairs = [
        PAIR | {"tables": ["table1"]},
        PAIR | {"bits": [16, 32], "tables": ["autossvh_table2"]},
        OWN,
        {"train": "hmdb51", "test": "toy", "bits": [16]},
    ]
    settings = {"methods": METHODS, "seeds": list(seeds), "papers": ["S5VH", "AutoSSVH"]} | settings
    settings = {"reference_rankings": ["chance"]} | settings
    run = make_run(list(datasets), transfer=pairs, **settings)._replace(searched=searched)
    for test, cell in transfer_cells(run):
        folder = layout.transfer(cell.dataset, test, cell.method, cell.bits, cell.seed, Path("results"))
        score(folder, GMAP[cell.method] + 1e-4 * cell.seed + 1e-2 * (cell.bits > 16), run)
    for cell in cells(run.config, run.datasets):
        score(layout.cell(*cell, Path("results")), IN_DOMAIN, run)
    for dataset in dict.fromkeys(test for test, _ in transfer_cells(run)):
        protocols = {name: {"mAP": {}, "GmAP": CHANCE} for name in run.config.protocols}
        rankings = {"chance": {"protocols": protocols, "aspects": {}}}
        write_json(layout.reference_rankings(dataset, Path("results")), {"rankings": rankings})
    return run


def shown(table, heading):
    """Columns of the block with this heading, by row title."""
    (block,) = [block for block in table.blocks if block.heading == heading]
    return block, {row[0].text: dict(zip(block.columns[1:], row[1:], strict=True)) for row in block.rows}


class TestTables:
    def test_ours_beside_the_published_and_beside_the_same_method_trained_there(self, here):
        run = tables_run("ucf101", "hmdb51")
        table = build_table("table1", run, "results")
        block, rows = shown(table, "UCF101 → HMDB51")
        assert block.columns == ["Method", "16 bits", "trained there", "published [1, 2]", "difference"]
        mine = rows["S5VH"]
        assert mine["16 bits"].text == "0.0502 ± 0.0002" and mine["16 bits"].clear
        assert not any(row["16 bits"].clear for name, row in rows.items() if name != "S5VH")
        assert mine["trained there"].text == "0.1000 (−50%)"
        assert mine["published [1, 2]"].text == "0.0378" and mine["published [1, 2]"].quoted
        assert mine["difference"].text == "+0.0124"
        assert rows["ITQ (time-averaged)"]["published [1, 2]"].text == ""
        # Methods that only the paper has come last.
        assert list(rows)[4:] == ["SSVH", "BTH", "DKPH", "ConMH", "chance"]
        assert [rows["chance"][column].text for column in block.columns[1:]] == ["0.0123", "", "", ""]
        assert (rows["BTH"]["16 bits"].text, rows["BTH"]["published [1, 2]"].text) == ("not run", "0.0210")
        assert block.note.endswith("Published numbers: S5VH paper, Table 1.") and "trained on HMDB51" in block.note
        data = table.data.set_index(["train", "dataset", "method"]).loc["ucf101", "hmdb51", "s5vh"]
        assert data.value == pytest.approx(0.0502) and data.seeds == 3 and data.interval == "over 3 seeds"
        assert (data.published, data.published_source) == (0.0378, "S5VH paper, Table 1")
        assert data.difference == pytest.approx(0.0124) and data.change == pytest.approx(-0.498)
        assert [note[:3] for note in table.notes if note.startswith("[")] == ["[1]", "[2]"]

    def test_autossvh_prints_three_lengths_and_one_slip(self, here):
        table = build_table("autossvh_table2", tables_run("ucf101", "hmdb51"), "results")
        block, _ = shown(table, "UCF101 → HMDB51")
        slip = next(footnote for footnote in read_footnotes() if footnote.name == "bervae-ten-times")
        assert block.columns[1::4] == ["16 bits", "32 bits"]
        texts = [[entry.text for entry in row] for row in block.rows]
        berva = next(row for row in texts if row[0] == "BerVAE")
        assert (berva[3], berva[7]) == (f"0.3350 [{slip.number}]", "0.0481")
        assert slip.formatted() in table.notes
        autossvh = next(row for row in texts if row[0] == "AutoSSVH")
        assert autossvh == ["AutoSSVH", "not run", "", "0.0410", "", "not run", "", "0.0550", ""]
        assert block.note.endswith("Published numbers: AutoSSVH paper, Table 2.")

    def test_without_the_data_only_the_published_numbers_stand(self, here):
        table = build_table("table1", tables_run("toy"), "results")
        assert len(table.data) == 0
        block, rows = shown(table, "UCF101 → HMDB51")
        assert block.note == "Not run, because UCF101 is not part of this run. Published numbers: S5VH paper, Table 1."
        assert block.columns == ["Method", "16 bits, published [1, 2]"] and len(rows) == 7
        assert rows["S5VH"]["16 bits, published [1, 2]"].text == "0.0378"
        assert all(entry.quoted for row in block.rows for entry in row)
        assert table.notes[:2] == [
            "Mine → Other: not run, because Mine is not part of this run.",
            f"HMDB51 → Toy corpus [{DEMO}]: not run, because HMDB51 is not part of this run.",
        ]

    def test_a_data_set_that_is_only_searched(self, here):
        run = tables_run("mine", searched=("other",), seeds=[1])
        table = build_table("table1", run, "results")
        block, rows = shown(table, "Mine → Other")
        assert block.columns == ["Method", "16 bits"]
        assert rows["MCMSH"]["16 bits"].text == "not possible" and rows["MCMSH"]["16 bits"].quoted
        assert rows["S5VH"]["16 bits"].text == "0.0501" and not rows["S5VH"]["16 bits"].clear
        assert block.note == (
            "Not possible with MCMSH: a model trained on videos of 3 frames encodes no others, and those of Other have "
            "5."
        )
        assert "Mine; Other." in table.caption and "Nothing is bold" in table.caption
        assert set(table.data.method) == {"s5vh", "bervae", "itq_mean"}
        (other,) = build_table("mcmsh_table4", run, "results").blocks
        assert other.heading == "Mine → Other, 16 bits" and other.note == block.note

    def test_another_measure_is_not_compared(self, here):
        strict = {"strict": {"denominator": "relevant"}}
        table = build_table("table1", tables_run("ucf101", "hmdb51", protocols=strict), "results")
        block, _ = shown(table, "UCF101 → HMDB51")
        assert block.columns == ["Method", "16 bits", "trained there"] and len(block.rows) == len(METHODS) + 1
        assert table.data.published.isna().all() and not any(note.startswith("[") for note in table.notes)

    def test_a_searched_data_set_counts_in_the_table_of_published_numbers(self, here):
        run = tables_run("ucf101", searched=("hmdb51",))
        data = build_table("published", run, "results").data
        moved = data[(data.train_dataset == "UCF101") & (data.test_dataset == "HMDB51") & (data.method == "S5VH")]
        assert moved.verdict.tolist() == ["above"] and moved.run_dataset.tolist() == ["hmdb51"]
        own = data[(data.train_dataset == "HMDB51") & (data.test_dataset == "HMDB51")]
        assert set(own[own["aggregate"] != "root of summed squares"].why) <= {"data set", ""}

    def test_the_report_says_what_is_left_out(self, here):
        run = tables_run("mine", searched=("other",))
        found = dict(facts.missing(run))
        assert found["Transfer UCF101 to HMDB51"] == "UCF101 is not part of this run"
        assert found["Transfer Mine to Other"] == "another number of frames, so without MCMSH"
