"""The study of time and memory against sequence length."""

import csv
import json

import numpy as np
import pytest

from s5vh.cli import main
from s5vh.studies.efficiency import fit_files, measure_method, polynomial_fit

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


def test_a_network_of_one_length_is_made_anew_for_every_length(tmp_path, monkeypatch):
    from s5vh.methods.s5vh.network import S5VH

    made, plain = [], S5VH.__init__
    monkeypatch.setattr(S5VH, "__init__", lambda self, *args: made.append(args[1].frames) or plain(self, *args))
    for fixed, expected in ((False, [8]), (True, [8, 16, 24, 32])):
        monkeypatch.setattr(S5VH, "fixed_length", fixed)
        measure_method("s5vh", SETTINGS, output=tmp_path / "s5vh.csv", device="cpu")
        assert made == expected
        made.clear()


def test_memory_grows_with_what_is_used():
    import torch

    from s5vh.studies.efficiency import _peak_memory

    peaks = [_peak_memory(lambda n=n: torch.ones(n, 2**18).sum(), torch.device("cpu")) / 2**20 for n in (8, 64)]
    assert peaks[0] == pytest.approx(8, abs=4) and peaks[1] == pytest.approx(64, abs=8)


def test_foreign_files_are_refused(tmp_path):
    from s5vh.base.errors import UserError

    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match=r"not an output of `s5vh efficiency` \('frames'\); measure again"):
        fit_files([path], tmp_path / "fit.json")
    with pytest.raises(UserError, match="no such file; run `s5vh efficiency` first"):
        fit_files([tmp_path / "none.csv"], tmp_path / "fit.json")
