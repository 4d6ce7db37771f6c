"""What a rehearsal measures, and what follows for the real run: jobs of a plan, lines through sizes, memory."""

from __future__ import annotations

import json
import shlex

import pytest

from s5vh.base.usage import read_usage, record_usage
from s5vh.planning.basis import Stage
from s5vh.planning.rehearsal.extrapolation import Extrapolation, Line, line_through
from s5vh.planning.rehearsal.jobs import Job, Measured, measured, planned_jobs
from s5vh.planning.rehearsal.work import Sizes, evaluations_of, group_of, resident_bytes, work_of

GIB = 2**30


def sizes(train, database=None, query=100):
    parts = {"train": train, "query": query} | ({"database": database} if database else {})
    return Sizes(train, database or train, query, 25, 4096, parts)


def training(dataset, epochs, method="s5vh", evaluate_every=50, **options):
    cell = {"bits": 32, "dataset": dataset, "method": method, "seed": 1}
    cell["settings"] = {"training": {"epochs": epochs, "evaluate_every": evaluate_every, "mask_ratio": 0.5}}
    words = ["train", "--cell", json.dumps(cell), "--output-dir", f"results/{dataset}/{method}/32bit/seed1"]
    words += [word for key, value in options.items() for word in (f"--{key.replace('_', '-')}", str(value))]
    return Job("train", f"logs/train/{dataset}_{method}_32bit_seed1.log", tuple(words))


def neighbours(dataset):
    words = ("neighbours", "--features", f"results/{dataset}/features/train.h5", "--output", "x")
    return Job("find_neighbours", f"logs/find_neighbours/{dataset}_k10_e5.log", words)


class TestPlan:
    JOB = training("ucf101", 2)
    TEXT = f"""
Job 4: Training s5vh on ucf101
Shell command:
        exec &> >(tee {JOB.log})
        s5vh {shlex.join(JOB.words)}             --threads 4

Job 5: Fitting time and memory
Shell command:
        exec &> >(tee logs/fit_efficiency.log)
        s5vh efficiency-fit --output results/efficiency/fit.json             results/efficiency/s5vh.csv

rule all:
Shell command: None
"""

    def test_jobs(self):
        jobs = planned_jobs(self.TEXT)
        assert [job.rule for job in jobs] == ["train", "fit_efficiency"]
        assert jobs[0] == self.JOB and group_of(jobs[0]) == ("train", "s5vh")
        assert jobs[0].cell == {"dataset": "ucf101", "method": "s5vh", "bits": 32, "seed": 1}

    def test_cells_of_other_jobs(self):
        features = "results/hmdb51/features/train.h5"
        model = ("--model", "results/ucf101/s5vh/16bit/seed2/model.safetensors", "--database", features)
        moved = Job("evaluate_transfer", "", ("evaluate", *model))
        assert moved.cell == {"dataset": "hmdb51", "method": "s5vh", "bits": 16, "seed": 2}
        assert neighbours("fcvid").cell == {"dataset": "fcvid"}

    def test_what_was_measured(self, tmp_path, monkeypatch):
        job, usage = self.JOB, tmp_path / "usage"
        usage.mkdir()
        monkeypatch.setenv("S5VH_USAGE", str(usage))
        record_usage([*job.words[:1], "--threads", "4", *job.words[1:]])
        benchmark = (tmp_path / job.log).with_suffix(".tsv")
        benchmark.parent.mkdir(parents=True)
        benchmark.write_text('s\tmax_rss\tresources\n7.5\t-\t{"mem_mb": 3000, "runtime": 60}\n')
        (cell := tmp_path / job.option("output-dir")).mkdir(parents=True)
        (cell / "evals.csv").write_text("epoch,mAP@5,seconds\n1,0.5,2.0\n2,0.5,4.0\n")
        found = measured([job, neighbours("ucf101")], tmp_path, read_usage(usage))
        assert list(found) == [job]
        assert found[job].peak_bytes > 2**20
        assert found[job] == Measured(7.5, found[job].peak_bytes, 3000, 60, 4.0)

    def test_nothing_is_recorded_unless_asked_for(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("S5VH_USAGE", raising=False)
        record_usage(["table"])
        monkeypatch.setenv("S5VH_USAGE", str(tmp_path / "missing"))
        record_usage(["table"])
        assert list(tmp_path.iterdir()) == []


class TestWork:
    def test_trainings(self):
        data = {"ucf101": sizes(1000)}
        assert work_of(training("ucf101", 350), data) == 350 * 1000 * 25
        assert evaluations_of(training("ucf101", 350, evaluate_every=20), data["ucf101"]) == 18  # the last epoch, too
        assert evaluations_of(training("ucf101", 350, curve_every=1), data["ucf101"]) == 350

    def test_squares(self):
        data = {"ucf101": sizes(1000, 300, 200)}
        assert work_of(neighbours("ucf101"), data) == 1000**2
        solve = Job("solve_centers", "", ("centers", "--semantics", "a/c450_pca512.h5", "--bits", "64", "--output",
                                          "results/ucf101/centers/x.h5"))  # fmt: skip
        assert work_of(solve, data) == 450**2 * 64

    def test_resident_features(self):
        assert resident_bytes(sizes(1000, 500, 100)) == 1600 * 25 * 4096 * 4
        assert resident_bytes(sizes(45_585, 500, 100)) == 600 * 25 * 4096 * 4  # the largest is streamed


class TestLine:
    def test_start_and_slope(self):
        assert line_through([(1, 5), (2, 7), (4, 11)]) == pytest.approx(Line(3, 2))

    def test_neither_is_negative(self):
        assert line_through([(1, 8), (2, 7), (4, 6)]) == Line(7, 0)
        assert line_through([(1, 1), (2, 4)]) == pytest.approx(Line(0, 9 / 5))

    def test_one_size_is_all_work(self):
        assert line_through([(10, 5), (12, 6)]) == pytest.approx(Line(0, 0.5))
        assert line_through([(0, 3), (0, 5)]) == Line(4, 0)


SCALED = {"a": sizes(200, 100), "b": sizes(400, 100)}
REAL = {"a": sizes(1000, 100), "b": sizes(2000, 100)}


class TestExtrapolation:
    def test_training(self):
        # 2 s to start, 0.01 s per frame of a step, 0.001 s per frame that is encoded
        jobs = {}
        for name, data in SCALED.items():
            steps, encoded = 2 * data.train * 25 * 0.01, (100 + 100) * 25 * 0.001
            peak = GIB + resident_bytes(data)
            jobs[training(name, 2)] = Measured(2 + steps + encoded, peak, step_seconds=steps)
        found = Extrapolation(jobs, SCALED, REAL, {})
        # One size of database and queries: the start counts as evaluation.
        expected = found.of(training("a", 100))
        assert expected.seconds == pytest.approx(100 * 1000 * 25 * 0.01 + 2 * (2 + 5))
        assert expected.peak_bytes == GIB + resident_bytes(REAL["a"]) and expected.memory_known

    def test_squares_follow_what_was_measured_at_full_size(self):
        jobs = {neighbours("a"): Measured(3.0, GIB), neighbours("b"): Measured(3.2, GIB)}
        stage = Stage("a machine, a day", 45_585.0**2, 45_585, 300.0, 4 * GIB)
        found = Extrapolation(jobs, SCALED, REAL | {"b": sizes(91_170)}, {("find_neighbours", ""): stage})
        expected = found.of(neighbours("b"))
        assert expected.seconds == pytest.approx(4 * 300 + 3, abs=0.2) and expected.basis.endswith("(a machine, a day)")
        assert expected.peak_bytes == GIB + 2 * 3 * GIB and expected.memory_known
        assert not Extrapolation(jobs, SCALED, REAL, {}).of(neighbours("b")).memory_known

    def test_limits_and_what_was_not_rehearsed(self):
        words = ("solver-study", "--clusters", "100", "--bits", "16", "--solver", "released", "--seconds", "60")
        job = Job("study_solver", "", words)
        found = Extrapolation({job: Measured(5.0, None)}, {}, {}, {})
        assert found.of(job).seconds == 60
        assert found.of(neighbours("a")).seconds is None
