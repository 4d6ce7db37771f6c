"""How long a run takes and how much disk: from which numbers, for which cells, in which words."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from statistics import median

import pytest
from reporting_results import make_run, write_datasets

from s5vh.base.errors import UserError
from s5vh.base.installation import shipped_folder
from s5vh.config import layout
from s5vh.config.grid import GridCell
from s5vh.planning.basis import counted_parameters, logged_seconds, measured_steps, nearest
from s5vh.planning.estimate import Estimate, _bytes, _rounded, estimate, planned, sentences
from s5vh.planning.run import notices

ROOT = Path(__file__).parents[2]
STEPS = "method,device,machine,threads,date,batch_size,frames,feature_size,bits,seconds\n"


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A working directory with data sets of known size, one measured method and one log."""
    write_datasets(tmp_path)
    for name in ("ucf101", "hmdb51"):
        file = tmp_path / f"config/datasets/{name}.yaml"
        counts = {"train": 1000, "query": 10}
        text = file.read_text()
        for part, count in counts.items():
            text = text.replace(f"files: [{part}.mat]}}}}", f"files: [{part}.mat]}}, count: {count}}}")
        file.write_text(text)
    for folder in ("measured", "published"):
        (tmp_path / "config" / folder).mkdir()
    (tmp_path / "config/measured/steps.csv").write_text(STEPS + "s5vh,cpu,Toy processor,2,2026-01-02,64,30,8,16,3.6\n")
    (tmp_path / "config/measured/sizes.csv").write_text("method,parameters\ns5vh,1000\nitq_mean,10\n")
    (tmp_path / "config/published/wall_clock.csv").write_text(
        "method,variant,dataset,bits,epochs,total_seconds\nS5VH,full,UCF101,16,100,7200\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def small_run(datasets=("ucf101",), **settings):
    training = {"epochs": 50, "batch_size": 100, "held_out": 0.1}
    none = {"ablations": {}, "convergence": {}, "protocol_study": {"bits": []}, "transfer": []}
    return make_run(list(datasets), overrides={"s5vh": {"training": training}}, **(none | settings))


class TestEstimate:
    def test_time_is_that_of_all_batches_of_all_epochs(self, here):
        found = estimate(small_run())
        # 2 code lengths; 900 videos are 9 batches of 100, of 3 frames each; a frame takes 3.6 / (64 x 30) seconds.
        assert (found.cells, found.trainings) == (4, 2)
        assert found.cpu.hours == pytest.approx(2 * 50 * 9 * 100 * 3 * 3.6 / (64 * 30) / 3600)
        assert found.cpu.trainings == 2 and found.gpu.trainings == 0
        assert list(found.cpu.origins) == ["2 cores of Toy processor, 2026-01-02"]

    def test_logs_of_the_authors_count_for_their_cells_only(self, here):
        found = estimate(small_run())
        assert found.authors.trainings == 1  # not with 32 bits
        assert found.authors.hours == pytest.approx(7200 / 100 * 50 / 3600)

    def test_seeds_add_up_and_models_that_are_there_do_not_count(self, here):
        one, three = (estimate(small_run(seeds=seeds)) for seeds in ([1], [1, 2, 3]))
        assert three.cpu.hours == pytest.approx(3 * one.cpu.hours)
        model = layout.model("ucf101", "s5vh", 16, 1)
        model.parent.mkdir(parents=True)
        model.touch()
        assert estimate(small_run()).cpu.hours == pytest.approx(one.cpu.hours / 2)

    def test_a_gpu_is_estimated_once_it_was_measured(self, here):
        with (here / "config/measured/steps.csv").open("a") as file:
            file.write("s5vh,gpu,Toy GPU,1,2026-02-03,64,30,8,16,0.36\n")
        found = estimate(small_run())
        assert found.gpu.hours == pytest.approx(found.cpu.hours / 10) and list(found.gpu.origins) == [
            "Toy GPU, 2026-02-03"
        ]
        assert any(line.startswith("time on a GPU: about") for line in sentences(found))

    def test_disk(self, here):
        found = estimate(small_run(bits=[16])).disk
        assert found["features"] == 1010 * 3 * 8 * 4
        assert found["models"] == (1000 + 10) * 4
        steps, cutoffs = 50 * 10, 2 * 6
        assert found["codes, scores and logs"] == 2 * (1010 * 2 + 10 * cutoffs * 4) + 100 * steps
        assert found["clusters and neighbours"] == 1000 * 8 * 4  # all dimensions, as these clusters have no PCA

    def test_what_is_not_known_is_told_and_not_guessed(self, here):
        found = estimate(small_run(["ucf101", "toy"], methods=["s5vh", "conmh", "itq_mean"]))
        assert found.left_out == {"on Toy corpus": 4, "of ConMH": 2}
        assert "4 on Toy corpus, 2 of ConMH" in sentences(found)[-2]
        only_demo = estimate(small_run(["toy"]))
        assert only_demo.trainings == 2 and only_demo.disk.total() == 0 and sentences(only_demo) == []

    @pytest.mark.parametrize("text", ["method\ns5vh\n", STEPS + "s5vh,cpu,x,2,2026-01-02,64,30,8,16,soon\n"])
    def test_broken_tables(self, here, text):
        (here / "config/measured/steps.csv").write_text(text)
        with pytest.raises(UserError, match=r"config/published/wall_clock\.csv: not such a table"):
            estimate(small_run())


class TestPlannedCells:
    def test_models_that_others_need_are_planned_too(self, here):
        found = planned(small_run(methods=["bth"], bits=[16], examples={"bits": 16}))
        assert {cell.method for cell in found} == {"bth", "bth_stage1"}

    def test_pairs_of_data_sets_train_at_their_code_lengths(self, here):
        pairs = [{"train": "ucf101", "test": "hmdb51", "bits": [8]}, {"train": "fcvid", "test": "ucf101"}]
        found = planned(small_run(methods=["s5vh"], bits=[16], transfer=pairs)._replace(searched=("hmdb51",)))
        assert set(found) == {GridCell("ucf101", "s5vh", bits, 1) for bits in (8, 16)}


class TestBasis:
    def test_a_variant_takes_what_is_known_of_its_nearest_relative(self):
        assert nearest("s5vh_forward", "s5vh", {"s5vh": 1, "s5vh_forward": 2}) == 2
        assert nearest("s5vh_forward", "s5vh", {"s5vh": 1}) == 1
        assert nearest("s5vh+xavier", "s5vh", {"s5vh": 1}) == 1
        assert nearest("itq_flat", "itq", {"s5vh": 1}) is None

    def test_shipped_steps_are_the_measured_ones(self):
        rows = list(csv.DictReader((shipped_folder() / "config/measured/steps.csv").open()))
        measured = json.loads((ROOT / "benchmarks/measured/method_steps.json").read_text())["methods"]
        on_cpu = {row["method"]: float(row["seconds"]) for row in rows if row["device"] == "cpu"}
        medians = {name: median(found["milliseconds"]["step"]) / 1000 for name, found in measured.items()}
        assert on_cpu == pytest.approx(medians, abs=1e-5), "run `python benchmarks/plan_basis.py` and commit"

    def test_shipped_tables_are_read(self):
        assert measured_steps("cpu")["s5vh"].seconds_per_frame > 0
        assert counted_parameters()["mcmsh-released"] == 1_761_397
        assert logged_seconds()["S5VH", "full", "FCVID", 16] == pytest.approx(31707.978 / 500)


def test_numbers_are_rounded_to_what_is_known():
    assert [_rounded(number) for number in (0, 0.0123, 1.26, 99.4, 5666.0, 123456)] == [
        "0", "0.012", "1.3", "99", "5,700", "120,000",
    ]  # fmt: skip
    assert [_bytes(size) for size in (50, 1234, 48.4e9, 2.51e15)] == ["50 B", "1.2 kB", "48 GB", "2,500 TB"]
    assert sentences(Estimate()) == []


def test_a_plan_tells_it_and_a_run_does_not(here, monkeypatch):
    run = small_run()
    monkeypatch.delenv("S5VH_PLAN", raising=False)
    assert notices(run) == []
    monkeypatch.setenv("S5VH_PLAN", "1")
    told = notices(run)
    assert told[0] == "plan: `all` has 4 cells, 2 networks to train"
    assert told[1].startswith(
        "plan: time on a CPU: about 0.14 hours for all of them, one after the other; from training"
    )
    assert told[2] == "plan: time on a GPU: not measured yet"
    assert told[3].startswith("plan: time on the S5VH authors' server: about 1.0 hours for 1 of them")
    assert told[4].startswith("plan: disk: about ")
