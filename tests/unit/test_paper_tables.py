"""Tables of MCMSH and AutoSSVH: their rows, scores and parameters, and the published numbers beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reporting_results import PAPERS_DATASET, make_results, make_run, write_datasets
from scipy import stats

from s5vh.base.files import read_json
from s5vh.config import layout
from s5vh.config.load import load_run
from s5vh.config.studies import AblationConfig
from s5vh.methods.load import load_method
from s5vh.reporting import collect, words
from s5vh.reporting.catalog import build_table, exhibits, find, write_table
from s5vh.reporting.published_numbers import ROOT_OF_SQUARES, published_root_of_squares, published_sizes
from s5vh.reporting.tables.ablations import root_of_squares
from s5vh.reporting.tables.significance import pairs

SHIPPED = load_run(Path(__file__).parents[2] / "config/config.yaml")
GATES = ["mcmsh_no_gates", "mcmsh_long_range", "mcmsh"]
RATIOS = ["mcmsh_r2", "mcmsh_r16"]
SAMPLERS = ["autossvh_random_sampling", "autossvh_no_contrast", "autossvh"]
NOTHING = {
    "convergence": {}, "centers": {"solvers": []}, "solver_study": {"solvers": []}, "protocol_study": {"bits": []},
}  # fmt: skip


def run_of(datasets, **settings):
    settings = {
        "papers": ["MCMSH", "AutoSSVH"],
        "methods": ["mcmsh", "itq_mean"],
        "bits": [32],
        "examples": {"method": "mcmsh", "bits": 32},
        "efficiency": {"methods": ["mcmsh", "s5vh"], "frames": [3, 10, 20, 25], "feature_size": 64},
        "ablations": {
            "mcmsh_table1": {"recipe": "mcmsh", "methods": GATES, "bits": [32, 64]},
            "mcmsh_table2": {"recipe": "mcmsh_r16", "methods": RATIOS, "bits": [32, 64]},
            "autossvh_table3": {"recipe": "autossvh", "methods": SAMPLERS, "bits": [16]},
        },
        "transfer": [{"train": "ucf101", "test": "fcvid", "bits": [32]}, {"train": "ucf101", "test": "hmdb51"}],
    } | settings
    return make_run(datasets, **NOTHING | settings)


def papers_run():
    return run_of(["fcvid", "ucf101"])


def demo_run():
    return run_of(["toy"], seeds=[1, 2], transfer=[])


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Data sets, and results of both runs; only read."""
    root = tmp_path_factory.mktemp("papers")
    write_datasets(root)
    (root / "config/datasets/fcvid.yaml").write_text(PAPERS_DATASET.format(title="FCVID"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        make_results(papers_run(), root / "papers", np.random.default_rng(1))
        make_results(demo_run(), root / "demo", np.random.default_rng(2))
    return root


@pytest.fixture(autouse=True)
def here(root, monkeypatch):
    monkeypatch.chdir(root)
    return root


def papers_table(name, here):
    return build_table(name, papers_run(), here / "papers")


def texts(block):
    return {row[0].text: [entry.text for entry in row[1:]] for row in block.rows}


class TestGates:
    def test_published_numbers_stand_below_ours(self, here):
        table = papers_table("mcmsh_table1", here)
        assert [block.heading for block in table.blocks] == [
            f"{name}, {bits} bits" for name in ("FCVID", "UCF101") for bits in (32, 64)
        ]
        block = table.blocks[0]
        assert block.columns == ["Method", *(f"mAP@{n}" for n in (5, 20, 40, 60, 80, 100))]
        assert [row[0].text for row in block.rows][::3] == [load_method(name).title for name in GATES]
        shown = texts(block)
        assert shown["MCMSH, long-range gates only, as published"] == ["", "0.298", "0.253", "0.229", "0.212", "0.198"]
        assert shown["MCMSH without gates, as published"] == ["", "0.288", "0.244", "0.223", "0.208", "0.195"]
        assert block.note == "Published numbers: MCMSH paper."
        assert not any("published" in title for title in texts(table.blocks[2]))  # nothing of UCF101 is

    def test_ours_are_those_of_the_cells(self, here):
        data = papers_table("mcmsh_table1", here).data.set_index(["dataset", "method", "bits", "metric"])
        cell = layout.cell("fcvid", "mcmsh_long_range", 64, 1, here / "papers")
        mine = read_json(cell / "metrics.json")["protocols"]["published"]["mAP"]
        row = data.loc["fcvid", "mcmsh_long_range", 64, "mAP@40"]
        assert row.value == mine["40"] and row.published == 0.283
        assert row.difference == pytest.approx(mine["40"] - 0.283)
        assert row.published_variant == "L-RD gates only" and row.data == "published data set"
        assert set(data.protocol) == {"published"} and "GmAP" not in data.index.get_level_values("metric")


class TestRatios:
    def test_parameters_are_the_network_s_and_the_paper_s_only_at_its_size(self, here):
        table = papers_table("mcmsh_table2", here)
        of_32, of_64, *elsewhere = [[row[-1].text for row in block.rows] for block in table.blocks]
        assert table.blocks[1].columns[-1] == "parameters"
        assert of_64 == ["1,000", "1.88 M", "", "1,000", "1.76 M", ""]
        assert "1.88 M" not in of_32 and set(of_32) == {"1,000", ""}  # as published, of the whole method at 32 bits
        assert elsewhere == [["1,000"] * 2] * 2
        counted = table.data.drop_duplicates(["dataset", "bits", "method"]).set_index(["dataset", "bits", "method"])
        assert set(counted.parameters) == {1000}
        assert counted.published_parameters_M.dropna().to_dict() == {
            ("fcvid", 64, "mcmsh_r2"): 1.88, ("fcvid", 64, "mcmsh_r16"): 1.76,
        }  # fmt: skip


class TestSamplers:
    def test_the_root_of_squares_stands_beside_the_published_one(self, here):
        table = papers_table("autossvh_table3", here)
        assert table.caption.startswith("Root of the summed squares of mAP@N over N (GmAP is the geometric mean")
        block = table.blocks[1]
        assert block.columns == ["Method", f"16 bits, {ROOT_OF_SQUARES}", "published", "difference"]
        cell = layout.cell("ucf101", "autossvh", 16, 1, here / "papers")
        mine = read_json(cell / "metrics.json")["protocols"]["published"]["mAP"]
        root = sum(value**2 for value in mine.values()) ** 0.5
        assert texts(block)["AutoSSVH"] == [f"{root:.3f}", "0.719", words.difference(root - 0.719)]
        assert texts(block)["AutoSSVH, random sampling"][1] == "0.700"
        assert block.note == "Published numbers: AutoSSVH paper, Table 3."
        assert set(table.data.metric) == {ROOT_OF_SQUARES}
        assert any("rows II to V after the order in which the text lists the samplers" in note for note in table.notes)

    def test_with_seeds_the_interval_is_over_them(self, here):
        data = build_table("autossvh_table3", demo_run(), here / "demo").data.set_index("method")
        roots = []
        for seed in (1, 2):
            cell = layout.cell("toy", "autossvh", 16, seed, here / "demo")
            mine = read_json(cell / "metrics.json")["protocols"]["published"]["mAP"]
            roots.append(sum(value**2 for value in mine.values()) ** 0.5)
        row = data.loc["autossvh"]
        assert row.value == pytest.approx(np.mean(roots)) and row.interval == "over 2 seeds"
        assert [row.low, row.high] == pytest.approx(stats.t.interval(0.95, 1, np.mean(roots), stats.sem(roots)))

    def test_one_seed_claims_no_interval(self, here):
        table = papers_table("autossvh_table3", here)
        assert table.caption.endswith("One seed (1).") and table.data.low.isna().all()

    def test_another_choice_of_n_is_not_compared(self, here):
        recipe = load_method("autossvh").published
        assert published_root_of_squares(recipe, "HMDB51", 64).value == 0.376
        assert published_root_of_squares(recipe, None, 64) is None
        assert published_root_of_squares(None, "HMDB51", 64) is None
        cells = [{"method": "m", "seed": 1, "protocol": "p", "low": 0.1, "high": 0.9}]
        rows = [cells[0] | {"metric": f"mAP@{n}", "value": value} for n, value in ((5, 0.3), (20, 0.4))]
        found = root_of_squares(pd.DataFrame([*rows, cells[0] | {"metric": "GmAP", "value": 0.35}]))
        assert found.value.tolist() == pytest.approx([0.5]) and found.low.isna().all()


class TestComparison:
    def test_other_methods_are_quoted(self, here):
        table = papers_table("autossvh_table1", here)
        shown = texts(table.blocks[0])
        assert list(shown)[:2] == ["MCMSH", "MCMSH, as published"]
        assert shown["MCMSH, as published"][1] == "0.302"
        assert shown["ConMH, as published; not run here"][0] == "0.476"
        assert not any(title.startswith("MCMSH, as published; not run") for title in shown)
        strict = run_of(["fcvid", "ucf101"], protocols={"published": {"exclude_self": True}})
        alone = build_table("autossvh_table1", strict, here / "papers")
        assert list(texts(alone.blocks[0])) == ["MCMSH", "ITQ (time-averaged)"]

    def test_transfer_has_a_block_per_pair_and_names_those_without_data(self, here):
        table = papers_table("mcmsh_table4", here)
        assert [block.heading for block in table.blocks] == ["UCF101 → FCVID, 32 bits"]
        folder = layout.transfer("ucf101", "fcvid", "itq_mean", 32, 1, here / "papers")
        mine = read_json(folder / "metrics.json")["protocols"]["published"]
        row = table.data.set_index(["method", "metric"]).loc["itq_mean", "mAP@20"]
        assert row.value == mine["mAP"]["20"] and [row.low, row.high] == mine["interval"]["mAP"]["20"]
        rankings = read_json(layout.reference_rankings("fcvid", here / "papers"))["rankings"]
        chance = rankings["chance"]["protocols"]["published"]["mAP"]["5"]
        assert texts(table.blocks[0])["chance"][0] == words.number(chance) and "a random order" in table.caption
        assert table.notes == [
            "UCF101 → HMDB51: not run, because the features of HMDB51 are missing, see `s5vh doctor`."
        ]


class TestCost:
    def test_at_the_frames_of_the_data(self, here):
        table = papers_table("mcmsh_table5", here)
        (block,) = table.blocks
        assert block.heading == "3 frames" and "published" not in block.columns
        assert [entry.text for entry in block.rows[0]][:3] == ["MCMSH", "0.001", "0.007"]
        assert set(table.data.source) == {"measured here"}

    def test_a_busy_machine_is_told(self, here, monkeypatch):
        points, fits = collect.efficiency(papers_run(), here / "papers")
        busy = (points.method == "s5vh") & (points.purpose == "encode")
        points["disturbance"] = points.disturbance.mask(busy, "other processes took 1.2 of its cores")
        monkeypatch.setattr(collect, "efficiency", lambda run, results: (points, fits))
        assert papers_table("mcmsh_table5", here).notes == [
            "S5VH was measured on a busy machine, so its time is not to be trusted: other processes took 1.2 of its "
            "cores."
        ]

    def test_at_the_size_of_the_paper(self, here):
        longer = PAPERS_DATASET.format(title="Longer").replace("frames: 3", "frames: 25")
        (here / "config/datasets/longer.yaml").write_text(longer)
        run = run_of(["longer"], efficiency={"methods": ["mcmsh", "s5vh"], "frames": [25], "feature_size": 4096})
        table = build_table("mcmsh_table5", run, here / "papers")
        (block,) = table.blocks
        shown = texts(block)
        assert block.heading == "25 frames" and shown["MCMSH"][1::2] == ["1.76", "0.05", "0.47"]
        assert shown["S5VH"][1::2] == ["", "", ""]
        assert shown["BTH"] == ["not run", "3.17", "not run", "0.05", "not run", "0.53"]
        assert "agree with the parameters" in block.note


class TestEveryTable:
    NAMES = ("mcmsh_table1", "mcmsh_table2", "mcmsh_table4", "mcmsh_table5", "autossvh_table1", "autossvh_table3")

    @pytest.mark.parametrize("name", NAMES)
    def test_declared_inputs_are_all_that_is_read(self, here, name, tmp_path):
        run = demo_run()
        inputs = find("table", name).inputs(run, here / "demo")
        for path in inputs:
            copy = tmp_path / path.relative_to(here / "demo")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
        write_table(name, run, tmp_path)
        data, *texts = layout.table(name, tmp_path)
        assert all(find("table", name).heading in path.read_text() for path in texts)
        if name != "mcmsh_table5":
            assert all(words.DEMO in path.read_text() for path in texts)
            found = pd.read_csv(data)
            assert set(found.data) <= {words.DEMO} and found.published.isna().all()

    def test_they_belong_to_their_papers(self):
        named = {one.name for one in exhibits("table", demo_run()) if one.paper}
        assert named >= {*self.NAMES, "mcmsh_table3"}
        assert not {one.name for one in exhibits("table", make_run([]))} & named

    def test_without_rows_they_are_empty(self, here):
        run = run_of(["fcvid"], ablations={}, transfer=[], efficiency={"methods": []})
        for name in ("mcmsh_table1", "mcmsh_table2", "mcmsh_table3", "mcmsh_table4", "mcmsh_table5", "autossvh_table3"):
            table = build_table(name, run, here / "papers")
            assert len(table.data) == 0 and not table.blocks


class TestRows:
    def test_the_recipe_stands_where_it_is_listed_and_first_otherwise(self):
        listed = AblationConfig(recipe="mcmsh", methods=["a", "mcmsh", "b"])
        assert listed.rows == ["a", "mcmsh", "b"] and listed.ablated == ["a", "b"]
        assert AblationConfig(recipe="mcmsh", methods=["a"]).rows == ["mcmsh", "a"]
        assert AblationConfig(recipe="mcmsh").rows == []

    def test_each_row_is_compared_with_the_recipe_wherever_that_stands(self):
        found = [tuple(pair) for pair in pairs(papers_run()) if pair[0] == "fcvid" and pair[1] == "ablations"]
        assert ("fcvid", "ablations", 64, "mcmsh", "mcmsh_no_gates") in found
        assert ("fcvid", "ablations", 16, "autossvh", "autossvh_random_sampling") in found
        assert len(found) == 2 * 2 + 2 * 1 + 2 and all(pair[-1] not in ("mcmsh", "autossvh") for pair in found)

    def test_every_row_has_published_numbers_of_its_own(self):
        for name in ("mcmsh_table1", "mcmsh_table2", "mcmsh_table3", "autossvh_table3"):
            study = SHIPPED.ablation(name)
            published = [load_method(method).published for method in study.rows]
            assert len({recipe.variant for recipe in published}) == len(published) > 3, name
            assert load_method(study.recipe).published.variant == "full"

    def test_published_sizes(self):
        assert published_sizes("MCMSH", "Table 2").params_M.tolist() == [1.88, 1.78, 1.76, 1.75]
