"""The study of time and memory against sequence length."""

import csv
import json

import numpy as np
import pytest
import torch
from toy_methods import Toy

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.config.run import EfficiencyConfig
from s5vh.studies import efficiency, timing
from s5vh.studies.efficiency import (
    _encoders,
    _networks,
    _peak_memory,
    _status,
    fit_files,
    measure_method,
    polynomial_fit,
)

SETTINGS = {"frames": [8, 16, 24, 32], "feature_size": 16, "bits": 8, "batch_size": 2, "repeats": 2}


def test_fit_recovers_a_polynomial():
    x = np.array([10, 20, 40, 80, 160])
    fit = polynomial_fit(x, 0.002 * x**2 + 0.5 * x + 3, 2)
    assert fit["coefficients"] == pytest.approx([0.002, 0.5, 3], rel=1e-6)
    assert fit["r2"] == pytest.approx(1)
    assert polynomial_fit(x[:3], x[:3], 2) is None


def test_fit_agrees_with_numpy_on_noise():
    rng = np.random.default_rng(0)
    x = np.linspace(10, 800, 12)
    y = 0.3 * x + 5 + rng.standard_normal(12)
    coefficients, covariance = np.polyfit(x, y, 1, cov=True)
    fit = polynomial_fit(x, y, 1)
    assert fit["coefficients"] == pytest.approx(coefficients.tolist())
    assert fit["standard_errors"] == pytest.approx(np.sqrt(np.diag(covariance)).tolist())
    residual = y - np.polyval(coefficients, x)
    assert fit["r2"] == pytest.approx(1 - (residual**2).sum() / ((y - y.mean()) ** 2).sum())


def test_measurement_and_fit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["efficiency", "--method=s5vh", f"--settings={json.dumps(SETTINGS)}", "--output=s5vh.csv", "--device=cpu"]
    assert main(words) == 0
    with open("s5vh.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["frames"]) for row in rows] == SETTINGS["frames"]
    for row in rows:
        fastest, median = (float(row[f"milliseconds_{x}"]) for x in ("per_video", "median"))
        assert 0 < fastest <= median and float(row["peak_mib"]) >= 0 and row["device"] == "cpu"
        assert int(row["calls"]) >= SETTINGS["repeats"]
        sizes = [int(row[name]) for name in ("parameters", "encoding_parameters", "flops_per_video")]
        assert sizes[:2] == [int(rows[0]["parameters"]), int(rows[0]["encoding_parameters"])] and sizes[0] > sizes[1]
        assert sizes[2] == pytest.approx(int(rows[0]["flops_per_video"]) * int(row["frames"]) / 8)
    assert main(["efficiency-fit", "s5vh.csv", "--output=fit.json"]) == 0
    fit = json.loads((tmp_path / "fit.json").read_text())["methods"]["s5vh"]
    assert len(fit["memory"]["linear"]["coefficients"]) == 2 and len(fit["memory"]["quadratic"]["coefficients"]) == 3
    assert (fit["time"]["linear"] is None) == bool(rows[0]["disturbance"])


def test_times_of_a_busy_machine_have_no_fit(tmp_path):
    header = "method,frames,milliseconds_per_video,peak_mib,disturbance\n"
    lines = [f"m,{frames},{frames / 10},{frames},{{}}\n" for frames in (10, 20, 40, 80)]
    for disturbance, fitted in (("", True), ("other processes took 0.9 of its cores", False)):
        (tmp_path / "m.csv").write_text(header + "".join(lines).format(*[disturbance] * 4))
        fit_files([tmp_path / "m.csv"], tmp_path / "fit.json")
        fits = json.loads((tmp_path / "fit.json").read_text())["methods"]["m"]
        assert [fits["time"][name] is not None for name in ("linear", "quadratic")] == [fitted] * 2
        assert fits["memory"]["linear"]["coefficients"] == pytest.approx([1, 0])
        assert fits["memory"]["quadratic"]["coefficients"] == pytest.approx([0, 1, 0], abs=1e-9)
        assert not fitted or fits["time"]["linear"]["coefficients"] == pytest.approx([0.1, 0])


def test_a_network_of_one_length_is_made_anew_for_every_length(tmp_path, monkeypatch):
    from s5vh.methods.s5vh.network import S5VH
    from s5vh.methods.s5vh.settings import Settings

    made, plain = [], S5VH.__init__
    monkeypatch.setattr(S5VH, "__init__", lambda self, *args: made.append(args[1].frames) or plain(self, *args))
    for fixed, expected in ((False, [8]), (True, [8, 16, 24, 32])):
        monkeypatch.setattr(Settings, "fixed_length", fixed)
        measure_method("s5vh", SETTINGS, output=tmp_path / "s5vh.csv", device="cpu")
        assert made == expected
        made.clear()


def test_memory_grows_with_what_is_used():
    peaks = [_peak_memory(lambda n=n: torch.ones(n, 2**18).sum(), torch.device("cpu")) / 2**20 for n in (8, 64)]
    assert peaks[0] == pytest.approx(8, abs=4) and peaks[1] == pytest.approx(64, abs=8)


def test_foreign_files_are_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match=r"not an output of `s5vh efficiency` \('frames'\); measure again"):
        fit_files([path], tmp_path / "fit.json")
    with pytest.raises(UserError, match="no such file; run `s5vh efficiency` first"):
        fit_files([tmp_path / "none.csv"], tmp_path / "fit.json")


class Encoder:
    """Advances a clock by its own durations, and remembers in which mode it was called."""

    def __init__(self, clock, durations):
        self.clock, self.durations, self.modes = clock, iter(durations), []

    def __call__(self):
        self.clock[0] += next(self.durations)
        self.modes.append(torch.is_inference_mode_enabled())


def test_rows_hold_the_time_and_memory_of_their_own_length_per_video(tmp_path, monkeypatch, capsys):
    clock, config = [0.0], SETTINGS | {"batch_size": 4, "bits": 24, "feature_size": 48}
    encoders = {8: Encoder(clock, [0.5, 0.4, 0.41]), 16: Encoder(clock, [1.0, 1.05, 1.2])}
    memory = {encoders[8]: 3 * 2**20, encoders[16]: 2**19}
    monkeypatch.setattr(timing.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(timing._Load, "taken", lambda _: None)
    monkeypatch.setattr(efficiency, "_encoders", lambda networks, config, device: encoders)
    monkeypatch.setattr(efficiency, "_peak_memory", lambda encode, device: memory[encode])
    monkeypatch.setattr(efficiency, "set_threads", lambda number: asked.append(number))
    monkeypatch.setattr(efficiency, "set_determinism", lambda seed: asked.append(f"seed {seed}"))
    asked = []
    measure_method("s5vh", config, output=tmp_path / "s5vh.csv", device="cpu", threads=2)
    assert asked == [2, "seed 1"]
    with open(tmp_path / "s5vh.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    # Two rounds were asked for, and a third one confirms the fastest call.
    shared = {"method": "s5vh", "batch_size": "4", "calls": "3", "device": "cpu", "bits": "24", "feature_size": "48"}
    shared |= {"threads": str(torch.get_num_threads()), "disturbance": ""}
    measured = ("frames", "milliseconds_per_video", "milliseconds_median", "peak_mib")
    assert [{name: row[name] for name in shared} for row in rows] == [shared, shared]
    assert [[float(row[name]) for name in measured] for row in rows] == [
        pytest.approx([8, 100, 102.5, 3]),
        pytest.approx([16, 250, 262.5, 0.5]),
    ]
    assert capsys.readouterr().err.splitlines() == [
        "s5vh: 8 frames, 100.00 ms per video, 3 MiB",
        "s5vh: 16 frames, 250.00 ms per video, 0 MiB",
    ]
    assert all(encoder.modes == [True] * 3 for encoder in encoders.values())


def test_a_busy_machine_is_told_in_the_rows_and_on_the_terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(efficiency, "_peak_memory", lambda encode, device: 0.0)
    monkeypatch.setattr(timing._Load, "taken", lambda _: 0.7)
    measure_method("s5vh", SETTINGS | {"repeats": 4}, output=tmp_path / "s5vh.csv", device="cpu")
    said = "other processes took 0.7 of its cores"
    with open(tmp_path / "s5vh.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["disturbance"] for row in rows} == {said} and all(int(row["calls"]) >= 4 for row in rows)
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == f"s5vh: the machine was busy: {said}; measure again when it is quiet"


def test_encoders_get_batches_of_their_length(monkeypatch):
    class Network(Toy):
        def __init__(self, settings, shape, prepared):
            super().__init__()
            self.made = shape

        def encode(self, feats):
            return feats, self.training, self.made

    monkeypatch.setattr(efficiency, "implementation_of", lambda method: Network)
    config = EfficiencyConfig.model_validate(SETTINGS | {"frames": [24, 8, 24], "batch_size": 5})
    encoders = _encoders(_networks(None, config), config, torch.device("cpu"))
    assert list(encoders) == [8, 24]
    for frames, encode in encoders.items():
        feats, training, made = encode()
        assert feats.shape == (5, frames, 16) and feats.std() > 0.5
        assert not training and made == (8, 16, 8)  # one network for all lengths, made for the shortest


def test_peak_memory_is_what_one_call_adds_after_another_has_warmed_up(monkeypatch):
    events = []
    monkeypatch.setattr(efficiency, "_memory_mark", lambda device: events.append("mark") or 100.0)
    for peak, expected in ((130.0, 30.0), (90.0, 0.0)):
        monkeypatch.setattr(efficiency, "_memory_peak", lambda device, peak=peak: events.append("peak") or peak)
        assert _peak_memory(lambda: events.append(torch.is_inference_mode_enabled()), torch.device("cpu")) == expected
        assert events == [True, "mark", True, "peak"]
        events.clear()


def test_memory_of_a_gpu_is_that_of_its_allocator(monkeypatch):
    calls, gpu = [], torch.device("cuda")
    answers = {"reset_peak_memory_stats": None, "memory_allocated": 5, "max_memory_allocated": 12, "synchronize": None}
    for name, answer in answers.items():
        monkeypatch.setattr(torch.cuda, name, lambda device, n=name, a=answer: calls.append((n, device)) or a)
    assert (efficiency._memory_mark(gpu), efficiency._memory_peak(gpu), efficiency._wait(gpu)) == (5.0, 12.0, None)
    assert calls == [(name, gpu) for name in answers]
    efficiency._wait(torch.device("cpu"))
    assert len(calls) == 4


def test_memory_of_a_process_is_in_bytes(monkeypatch):
    class File:
        def __init__(self, name):
            self.name = name

        def read_text(self):
            assert self.name == "/proc/self/status"
            return "Name:\tVmRSS\nVmHWM:\t    300 kB\nVmRSS:\t      7 kB\n"

        def write_text(self, text):
            events.append((self.name, text))

    events = []
    monkeypatch.setattr(efficiency, "Path", File)
    monkeypatch.setattr(efficiency, "_return_free_memory", lambda: events.append("freed"))
    assert (_status("VmRSS"), _status("VmHWM")) == (7 * 1024, 300 * 1024)
    cpu = torch.device("cpu")
    assert (efficiency._memory_mark(cpu), efficiency._memory_peak(cpu)) == (7 * 1024, 300 * 1024)
    assert events == ["freed", ("/proc/self/clear_refs", "5")]
    with pytest.raises(UserError, match="no field VmSwap; CPU memory can only be measured on Linux"):
        _status("VmSwap")


def test_fits_need_one_point_more_than_they_have_coefficients():
    assert polynomial_fit([1, 2], [1, 2], 1) is None and polynomial_fit([1, 2, 3], [1, 2, 4], 1) is not None
    assert polynomial_fit([1, 2, 3], [1, 2, 4], 2) is None and polynomial_fit([1, 2, 3, 4], [1, 2, 4, 9], 2) is not None
    assert polynomial_fit([1, 2, 3], [5, 5, 5], 1)["r2"] == 1.0


def test_networks_only_are_measured(tmp_path):
    with pytest.raises(UserError, match="method 'itq_mean' has no network"):
        measure_method("itq_mean", SETTINGS, output=tmp_path / "x.csv", device="cpu")
    with pytest.raises(UserError, match=r"^efficiency: unknown key 'frame'"):
        measure_method("s5vh", SETTINGS | {"frame": [3]}, output=tmp_path / "x.csv", device="cpu")
