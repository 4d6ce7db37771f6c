"""Fits of time and memory against sequence length, and the lengths from which a network is faster."""

import csv
import json
import math

import numpy as np
import pytest

from s5vh.base.errors import UserError
from s5vh.studies.scaling_fits import crossing, crossing_with_interval, fit_files, polynomial_fit, scaling_fit

FRAMES = np.array([25, 50, 100, 200, 400, 800])


def test_fit_recovers_a_polynomial():
    x = np.array([10, 20, 40, 80, 160])
    fit = polynomial_fit(x, 0.002 * x**2 + 0.5 * x + 3, 2)
    assert fit["coefficients"] == pytest.approx([0.002, 0.5, 3], rel=1e-6)
    assert fit["r2"] == pytest.approx(1)


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


def test_fit_of_four_points_by_hand():
    fit = polynomial_fit([1, 2, 3, 4], [3, 2, 5, 4], 1)
    assert fit["coefficients"] == pytest.approx([0.6, 2.0])
    residual = 0.4**2 + 1.2**2 + 1.2**2 + 0.4**2  # of the fitted values 2.6, 3.2, 3.8, 4.4
    slope_error = math.sqrt(residual / 2 / 5)  # sum of (x - 2.5)^2 is 5
    assert fit["standard_errors"][0] == pytest.approx(slope_error)
    half = 4.302653 * slope_error  # Student's t with two degrees of freedom, 97.5%
    assert fit["intervals"][0] == pytest.approx([0.6 - half, 0.6 + half], rel=1e-6)
    assert fit["r2"] == pytest.approx(1 - residual / 5)
    assert fit["bic"] == pytest.approx(4 * math.log(residual / 4) + 2 * math.log(4))


def test_fits_need_one_point_more_than_they_have_coefficients():
    assert polynomial_fit([1, 2], [1, 2], 1) is None and polynomial_fit([1, 2, 3], [1, 2, 4], 1) is not None
    assert polynomial_fit([1, 2, 3], [1, 2, 4], 2) is None and polynomial_fit([1, 2, 3, 4], [1, 2, 4, 9], 2) is not None
    assert polynomial_fit([1, 2, 3], [5, 5, 5], 1)["r2"] == 1.0
    assert scaling_fit([], []) == {"linear": None, "quadratic": None, "chosen": None, "exponent": None}
    three = scaling_fit([1, 2, 3], [2, 4, 6])
    assert three["quadratic"] is None and three["chosen"] == "linear"


@pytest.mark.parametrize("squared, chosen", [(0.0, "linear"), (1e-4, "quadratic")])
def test_bic_finds_the_model_and_intervals_hold_its_coefficients(squared, chosen):
    hits, covered = 0, np.zeros(3)
    rng = np.random.default_rng(3)
    x = np.linspace(25, 800, 24)
    for _ in range(60):
        fit = scaling_fit(x, squared * x**2 + 0.1 * x + 3 + 0.5 * rng.standard_normal(len(x)))
        hits += fit["chosen"] == chosen
        truth = np.array([squared, 0.1, 3])
        low, high = np.array(fit["quadratic"]["intervals"]).T
        covered += (low <= truth) & (truth <= high)
    assert hits >= 50 and (covered >= 51).all()


def test_exact_data_choose_the_smaller_model():
    fit = scaling_fit(FRAMES, 0.1 * FRAMES + 3)
    assert fit["chosen"] == "linear" and np.isfinite([fit["linear"]["bic"], fit["quadratic"]["bic"]]).all()
    assert scaling_fit(FRAMES, 1e-4 * FRAMES**2 + 0.1 * FRAMES)["chosen"] == "quadratic"


def test_the_exponent_is_the_slope_of_the_logarithms():
    exponent = scaling_fit(FRAMES, 7 * FRAMES**1.3)["exponent"]
    assert exponent["value"] == pytest.approx(1.3) and exponent["interval"] == pytest.approx([1.3, 1.3])
    assert scaling_fit(FRAMES, [0, 1, 2, 3, 4, 5])["exponent"] is None


def test_crossing_is_interpolated_between_lengths():
    # Slower by 2 at 100 frames and faster by 2 at 400: half way on a logarithmic axis.
    assert crossing([50, 100, 400], [6, 12, 20], [1, 10, 22]) == pytest.approx(200)
    assert crossing([50, 100, 400], [1, 1, 1], [2, 2, 2]) == 0
    assert crossing([50, 100, 400], [1, 1, 3], [2, 2, 2]) is None
    assert crossing([50, 100, 400], [1, 1, 2], [2, 2, 2]) is None  # equal is not faster
    assert crossing([50, 100, 200, 400], [1, 3, 1, 1], [2, 2, 2, 2]) == pytest.approx(100 * 2**0.5)  # the last one
    assert crossing([], [], []) is None


def test_crossing_of_known_curves():
    other = 1.3e-4 * FRAMES**2 + 0.11 * FRAMES + 0.5
    ours = 0.14 * FRAMES + 0.5  # equal at 0.03 / 1.3e-4 = 231 frames
    assert crossing(FRAMES, ours, other) == pytest.approx(0.03 / 1.3e-4, rel=0.12)


def test_interval_of_the_crossing():
    first = {50: [6.0], 100: [12.0], 400: [20.0], 800: [40.0]}
    second = {50: [1.0], 100: [10.0], 400: [22.0]}
    exact = crossing_with_interval(first, second)
    assert exact["frames"] == pytest.approx(200) and exact["interval"] == pytest.approx([200, 200])
    assert (exact["shortest"], exact["longest"]) == (50, 400)  # the other network has no time at 800
    noisy = crossing_with_interval(
        {length: [value, 1.03 * value, 1.08 * value] for length, (value,) in first.items()}, second
    )
    low, high = noisy["interval"]
    assert noisy["frames"] == pytest.approx(200) and low == pytest.approx(200) and 220 < high < 340
    assert crossing_with_interval({10: [3.0, 1.0]}, {10: [2.0]}) | {"interval": 0} == {
        "frames": 0, "interval": 0, "shortest": 10, "longest": 10,
    }  # fmt: skip
    assert crossing_with_interval({10: [3.0, 1.0]}, {10: [2.0]})["interval"] == [0, None]  # sometimes not faster
    assert crossing_with_interval({10: [1.0]}, {20: [1.0]})["longest"] is None


def write(path, method, rows, purpose="encode", disturbance=""):
    with path.open("w", newline="") as file:
        names = ["method", "purpose", "frames", "batch_size", "milliseconds_per_video", "milliseconds_of_calls"]
        writer = csv.DictWriter(file, [*names, "mib_per_video", "disturbance"])
        writer.writeheader()
        for frames, batch, time, memory in rows:
            row = {"method": method, "purpose": purpose, "frames": frames, "batch_size": batch}
            row |= {"milliseconds_per_video": time, "milliseconds_of_calls": f"{time} {time}" if batch else ""}
            writer.writerow(row | {"mib_per_video": memory, "disturbance": disturbance})
    return path


def test_files_are_fitted_and_compared_with_the_first(tmp_path):
    lengths = (10, 20, 40, 80)
    first = write(tmp_path / "a.csv", "a", [*((n, 5, 10.0, 2.0 * n) for n in lengths), (160, 0, "", "")])
    second = write(tmp_path / "b.csv", "b", [(n, 5, n / 4, 1.0 * n) for n in lengths])
    fit_files([first, second], tmp_path / "fit.json")
    found = json.loads((tmp_path / "fit.json").read_text())
    assert found["reference"] == "a" and list(found["methods"]) == ["a", "b"]
    assert found["methods"]["a"]["encode"]["memory"]["linear"]["coefficients"] == pytest.approx([2, 0], abs=1e-9)
    assert found["methods"]["b"]["encode"]["time"]["linear"]["coefficients"] == pytest.approx([0.25, 0], abs=1e-9)
    (crossed,) = found["crossings"]["encode"].items()
    assert crossed[0] == "b" and 40 <= crossed[1]["frames"] < 80 and crossed[1]["longest"] == 80
    assert found["provenance"]["libraries"]


def test_times_of_a_busy_machine_are_neither_fitted_nor_compared(tmp_path):
    rows = [(n, 5, n / 10, float(n)) for n in (10, 20, 40, 80)]
    quiet = write(tmp_path / "a.csv", "a", rows)
    busy = write(tmp_path / "b.csv", "b", rows, disturbance="other processes took 0.9 of its cores")
    fit_files([quiet, busy], tmp_path / "fit.json")
    found = json.loads((tmp_path / "fit.json").read_text())
    assert found["methods"]["b"]["encode"]["time"] == scaling_fit([], [])
    assert found["methods"]["b"]["encode"]["memory"]["chosen"] == "linear"
    assert found["methods"]["a"]["encode"]["time"]["chosen"] == "linear" and found["crossings"] == {"encode": {}}
    fit_files([busy, quiet], tmp_path / "fit.json")
    assert json.loads((tmp_path / "fit.json").read_text())["crossings"] == {}


def test_foreign_files_are_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match=r"not an output of `s5vh efficiency` \('method'\); measure again"):
        fit_files([path], tmp_path / "fit.json")
    with pytest.raises(UserError, match="no such file; run `s5vh efficiency` first"):
        fit_files([tmp_path / "none.csv"], tmp_path / "fit.json")
