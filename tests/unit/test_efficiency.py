"""The study of time and memory against sequence length."""

import csv
import json
import os

import pytest
import torch

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.config.studies import EfficiencyConfig
from s5vh.studies import efficiency, fresh_process, timing
from s5vh.studies.efficiency import Chosen, measure_method
from s5vh.studies.fresh_process import FreshProcesses

SETTINGS = {"frames": [8, 16, 24, 32], "feature_size": 16, "bits": 8, "batch_size": 2, "repeats": 2}
CPU = torch.device("cpu")


SMALL = """\
extends: s5vh
title: Small
model: {width: 16, depth: 1, decoder_width: 16, d_state: 2}
"""


@pytest.fixture(autouse=True)
def small(tmp_path, monkeypatch):
    """The method `small`: S5VH with a small network."""
    (tmp_path / "config/methods").mkdir(parents=True)
    (tmp_path / "config/methods/small.yaml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_measurement_and_fit(tmp_path):
    settings, lengths = json.dumps(SETTINGS | {"frames": [8, 16, 24]}), [8, 16, 24]
    assert main(["efficiency", "--method=small", f"--settings={settings}", "--output=s5vh.csv", "--device=cpu"]) == 0
    rows = rows_of("s5vh.csv")
    assert [(row["purpose"], int(row["frames"])) for row in rows] == [
        *(("encode", frames) for frames in lengths), *(("train", frames) for frames in lengths),
    ]  # fmt: skip
    for row in rows:
        fastest, median = (float(row[f"milliseconds_{x}"]) for x in ("per_video", "median"))
        calls = [float(word) for word in row["milliseconds_of_calls"].split()]
        assert (
            0 < fastest <= median
            and len(calls) >= SETTINGS["repeats"]
            and min(calls) == pytest.approx(fastest, rel=1e-5)
        )
        assert float(row["peak_mib"]) >= 0 and row["device"] == "cpu" and row["batch_size"] == "2"
        sizes = [int(row[name]) for name in ("parameters", "encoding_parameters", "flops_per_video")]
        assert sizes[:2] == [int(rows[0]["parameters"]), int(rows[0]["encoding_parameters"])] and sizes[0] > sizes[1]
        assert sizes[2] == pytest.approx(int(rows[0]["flops_per_video"]) * int(row["frames"]) / 8)
    assert main(["efficiency-fit", "s5vh.csv", "--output=fit.json"]) == 0
    fit = json.loads((tmp_path / "fit.json").read_text())["methods"]["small"]
    assert len(fit["encode"]["memory"]["linear"]["coefficients"]) == 2
    assert (fit["train"]["time"]["linear"] is None) == bool(rows[-1]["disturbance"])


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Measures a network with a memory of 1 MiB per video and frame, and one that workloads themselves do not use."""

    def measured(memory=lambda purpose, frames, videos: 2**20 * frames * videos, **settings):
        monkeypatch.setattr(efficiency, "_memory_measure", lambda *_: (memory, 2**20 * budget))
        budget = settings.get("memory_budget_mib", 256)
        measure_method("small", SETTINGS | settings, output=tmp_path / "s5vh.csv", device="cpu")
        return rows_of(tmp_path / "s5vh.csv")

    return measured


def test_the_batch_is_the_largest_that_fits(fake, capsys):
    rows = fake(batch_size="largest", memory_budget_mib=410, frames=[8, 16, 40, 90], training=False)
    assert [(int(row["frames"]), int(row["batch_size"])) for row in rows] == [(8, 50), (16, 25), (40, 10), (90, 0)]
    assert [row["peak_mib"] for row in rows] == ["400.0", "400.0", "400.0", ""]
    assert [row["mib_per_video"] for row in rows] == ["8.0", "16.0", "40.0", ""]
    assert rows[-1]["milliseconds_per_video"] == rows[-1]["milliseconds_of_calls"] == ""
    assert int(rows[-1]["flops_per_video"]) > 0
    assert "small, encode, 90 frames: not enough memory" in capsys.readouterr().err.splitlines()


def test_beyond_a_length_that_does_not_fit_none_is_tried():
    asked = []

    def memory(purpose, frames, videos):
        asked.append((purpose, frames, videos))
        return 100.0 * frames if frames < 30 else None

    for batch in ("largest", 3):
        config = EfficiencyConfig.model_validate(SETTINGS | {"batch_size": batch})
        chosen = efficiency._choose(config, "train", [10, 40, 50], memory, 1500.0)
        most = 65_535 if batch == "largest" else 3
        assert chosen == {10: Chosen(most, 1000.0), 40: Chosen(0, 0.0), 50: Chosen(0, 0.0)}
    assert {frames for _, frames, _ in asked} == {10, 40} and {purpose for purpose, *_ in asked} == {"train"}


def test_nothing_fits(fake):
    rows = fake(memory=lambda *_: None)
    assert {row["batch_size"] for row in rows} == {"0"} and len(rows) == 8
    assert {row["disturbance"] for row in rows} == {""}


def test_rows_hold_the_time_and_memory_of_their_own_length_per_video(tmp_path, monkeypatch, capsys):
    clock, durations = [0.0], {8: iter([9, 0.5, 0.4, 0.41]), 16: iter([9, 1.0, 1.05, 1.2])}

    class Work:
        def __init__(self, name, config, purpose, frames, folder):
            self.frames, self.network = frames, None
            assert purpose == "encode"

        def load(self, videos, device):
            assert videos == 4 and device == CPU
            events.append(("load", self.frames))

        def run(self):
            clock[0] += next(durations[self.frames])

        def unload(self):
            events.append(("unload", self.frames))

        def forget_gradients(self):
            pass

    events, asked = [], []
    monkeypatch.setattr(timing.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(timing._Load, "taken", lambda _: None)
    monkeypatch.setattr(efficiency, "Workload", Work)
    monkeypatch.setattr(efficiency, "_size", lambda name, config, frames: efficiency.MethodSize(3, 2, frames))
    memory = {8: 12 * 2.0**20, 16: 2.0**20}
    monkeypatch.setattr(efficiency, "_memory_measure", lambda *_: (lambda purpose, frames, videos: memory[frames], 0))
    monkeypatch.setattr(efficiency, "set_threads", asked.append)
    monkeypatch.setattr(efficiency, "set_determinism", lambda seed: asked.append(f"seed {seed}"))
    config = SETTINGS | {"frames": [16, 8, 16], "batch_size": 4, "bits": 24, "feature_size": 48, "training": False}
    measure_method("s5vh", config, output=tmp_path / "s5vh.csv", device="cpu", threads=2)
    assert asked == [2, "seed 1"]
    rows = rows_of(tmp_path / "s5vh.csv")
    shared = {"method": "s5vh", "purpose": "encode", "batch_size": "4", "device": "cpu", "bits": "24"}
    shared |= {"feature_size": "48", "parameters": "3", "encoding_parameters": "2", "disturbance": ""}
    shared["threads"] = str(torch.get_num_threads())
    assert [{name: row[name] for name in shared} for row in rows] == [shared, shared]
    measured = ("frames", "milliseconds_per_video", "milliseconds_median", "peak_mib", "mib_per_video")
    assert [[float(row[name]) for name in measured] for row in rows] == [
        pytest.approx([8, 100, 102.5, 12, 3]),
        pytest.approx([16, 250, 262.5, 1, 0.25]),
    ]
    # The order of the calls, of which a third round confirms the fastest.
    assert [row["milliseconds_of_calls"] for row in rows] == ["125 100 102.5", "250 262.5 300"]
    assert capsys.readouterr().err.splitlines() == [
        "s5vh, encode, 8 frames: 100.00 ms and 3.00 MiB per video, 4 at a time",
        "s5vh, encode, 16 frames: 250.00 ms and 0.25 MiB per video, 4 at a time",
    ]
    for place, event in enumerate(events):  # one batch at a time is in memory
        if event[0] == "load":
            assert events[place - 2 : place] == [("unload", 8), ("unload", 16)]


def test_a_batch_that_fits_no_more_when_it_is_timed_gives_way_to_a_smaller_one(tmp_path, monkeypatch):
    class Work:
        def __init__(self, name, config, purpose, frames, folder):
            self.frames = frames

        def load(self, videos, device):
            self.videos = videos

        def run(self):
            if self.videos * self.frames > 100:
                raise torch.cuda.OutOfMemoryError("CUDA out of memory")

        def unload(self):
            pass

        forget_gradients = unload

    monkeypatch.setattr(efficiency, "Workload", Work)
    config = EfficiencyConfig.model_validate(SETTINGS)
    chosen = {4: Chosen(25, 25.0), 8: Chosen(25, 25.0), 40: Chosen(5, 5.0), 50: Chosen(0, 0.0)}
    memory = lambda purpose, frames, videos: None if videos == 15 else float(videos)  # noqa: E731
    timing = efficiency._time("s5vh", config, "train", chosen, memory, tmp_path, CPU)
    assert chosen == {4: Chosen(25, 25.0), 8: Chosen(10, 10.0), 40: Chosen(0, 0.0), 50: Chosen(0, 0.0)}
    assert list(timing.seconds) == [4, 8]


def test_a_busy_machine_is_told_in_the_rows_and_on_the_terminal(fake, monkeypatch, capsys):
    monkeypatch.setattr(timing._Load, "taken", lambda _: 0.7)
    rows = fake(repeats=4, training=False)
    said = "other processes took 0.7 of its cores"
    assert {row["disturbance"] for row in rows} == {said}
    assert all(len(row["milliseconds_of_calls"].split()) >= 4 for row in rows)
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == f"small: the machine was busy: {said}; measure again when it is quiet"


def test_networks_only_are_measured(tmp_path):
    for method, settings, message in (
        ("itq_mean", {}, "method 'itq_mean' has no network; the efficiency study only measures networks"),
        ("s5vh", {"frame": [3]}, "efficiency: unknown key 'frame' (did you mean 'frames'?)"),
        ("s5vh", {"batch_size": "all"}, "efficiency: batch_size: "),
        ("s5vh", {"memory_budget_mib": 0}, "efficiency: memory_budget_mib: "),
        ("s5vh", {"frames": []}, "efficiency: frames: "),
    ):
        with pytest.raises(UserError) as error:
            measure_method(method, SETTINGS | settings, output=tmp_path / "x.csv", device="cpu")
        assert str(error.value).startswith(message)


class TestFreshProcesses:
    CONFIG = EfficiencyConfig.model_validate(SETTINGS | {"training": False})

    def answer(self, monkeypatch, measure):
        monkeypatch.setattr(fresh_process, "_measure", measure)
        return fresh_process._in_a_copy("s5vh", self.CONFIG, None, 1, "encode", 8, 5)

    def test_an_answer_comes_from_a_copy_of_the_process(self, monkeypatch):
        state = []

        def measure(*arguments):
            state.append(arguments)
            return 12.5

        assert self.answer(monkeypatch, measure) == 12.5 and state == []

    def test_a_process_that_the_system_ends_has_run_out_of_memory(self, monkeypatch):
        assert self.answer(monkeypatch, lambda *_: os.kill(os.getpid(), 9)) is None

    def test_any_other_end_is_a_failure(self, monkeypatch, capfd):
        def measure(*_):
            raise ValueError("no such thing")

        assert self.answer(monkeypatch, measure) == "failed"
        assert "ValueError: no such thing" in capfd.readouterr().err
        assert self.answer(monkeypatch, lambda *_: os.kill(os.getpid(), 15)) == "failed"

    @pytest.mark.parametrize(
        "error",
        [MemoryError(), RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried 9 bytes")],
    )
    def test_failed_allocations_are_a_lack_of_memory(self, monkeypatch, error):
        def peak(*_):
            raise error

        monkeypatch.setattr(fresh_process, "peak_memory", peak)
        monkeypatch.setattr(fresh_process, "Workload", lambda *_: None)
        monkeypatch.setattr(fresh_process, "set_threads", lambda threads: None)
        arguments = ("s5vh", self.CONFIG, fresh_process.Path("."), 1, "encode", 8, 5)
        assert fresh_process._measure(*arguments) is None
        error.args = ("shapes do not fit",)
        if isinstance(error, RuntimeError):
            with pytest.raises(RuntimeError, match="shapes do not fit"):
                fresh_process._measure(*arguments)

    def test_memory_grows_with_the_batch_and_what_is_beyond_the_system_does_not_fit(self, tmp_path):
        with FreshProcesses("small", self.CONFIG, tmp_path, 1) as processes:
            few, many = (processes.memory("encode", 8, videos) for videos in (2_000, 20_000))
            assert few > 2_000 * 8 * 16 * 4 and many / few == pytest.approx(10, rel=0.2)  # features alone, in bytes
            assert processes.memory("encode", 8, 10**13) is None
            assert processes.memory("encode", 8, 2_000) == pytest.approx(few, rel=0.1)

    def test_a_study_that_is_interrupted_does_not_wait_for_its_server(self, tmp_path, monkeypatch):
        busy = tmp_path / "busy"
        busy.write_text("#!/bin/sh\nexec sleep 60\n")
        busy.chmod(0o755)
        monkeypatch.setattr(fresh_process.sys, "executable", str(busy))
        with pytest.raises(KeyboardInterrupt), FreshProcesses("s5vh", self.CONFIG, tmp_path, 1) as processes:
            raise KeyboardInterrupt
        assert processes._server.returncode == -9

    def test_a_copy_ends_with_its_server(self, monkeypatch):
        ends_with = []
        monkeypatch.setattr(fresh_process, "end_at_once_with", ends_with.append)
        assert self.answer(monkeypatch, lambda *_: ends_with) == [os.getpid()]

    def test_a_server_that_cannot_start_ends_the_study_in_one_line(self, tmp_path, monkeypatch):
        monkeypatch.setattr(fresh_process.sys, "executable", "/bin/false")
        with FreshProcesses("s5vh", self.CONFIG, tmp_path, 1) as processes, pytest.raises(UserError) as error:
            processes.memory("encode", 8, 5)
        assert str(error.value) == (
            "s5vh: the memory of 5 videos of 8 frames (encode) could not be measured; the reason is above"
        )
