"""The pure parts of what the Snakefile asks: which code a stage runs, what a command line asks for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from s5vh import planning
from s5vh.config.grid import Run
from s5vh.config.load import load_dataset, load_run
from s5vh.imports import stage_digest, stage_files

CONFIG = Path(__file__).resolve().parents[2] / "config/config.yaml"


def test_stage_runs_what_it_imports_at_any_depth() -> None:
    files = stage_files("training.stage", implementation="s5vh")
    assert {"training/stage.py", "training/engine.py", "methods/s5vh.py", "methods/losses.py", "nn/mamba.py"} <= set(
        files
    )
    assert {"nn/backends/numba_cpu.py", "nn/backends/cpu_scan.py", "nn/backends/cpu_math.py"} <= set(files)
    assert "methods/itq.py" not in files


def test_stage_of_a_classical_method_runs_no_network() -> None:
    files = stage_files("training.fitting", implementation="itq")
    assert "methods/itq.py" in files
    assert not [name for name in files if name.startswith(("nn/", "methods/s5vh", "methods/losses", "training/engine"))]


def test_settings_and_progress_lines_are_no_reason_to_compute_again() -> None:
    files = stage_files("training.stage", implementation="s5vh")
    assert not [name for name in files if name.startswith(("config/", "cli/")) or "/" not in name]
    assert "training/progress.py" not in files


def test_digest_follows_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    first = stage_digest.__wrapped__("centers.solve")
    assert first == stage_digest.__wrapped__("centers.solve")
    assert first != stage_digest.__wrapped__("semantics.clustering")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["-n", "ucf101"], ["ucf101"]),
        (["ucf101_16bit", "demo_32bit", "ucf101"], ["ucf101", "demo"]),
        (["results/hmdb51/s5vh/16bit/seed1/metrics.json"], ["hmdb51"]),
        (["all", "16bit", "results/report.html", "ucf101_x"], []),
        (["--directory", "ucf101", "all"], []),
    ],
)
def test_asked_datasets(words: list[str], asked: list[str]) -> None:
    assert planning.asked_datasets(words) == asked


def test_targets_hold_the_cells_they_name() -> None:
    run = Run(load_run(CONFIG, {"bits": [16, 32], "seeds": [1, 2]}), ["demo"], [])
    targets = planning.targets(run)
    assert targets["demo_16bit"] == targets["16bit"]
    assert set(targets["demo_16bit"]) < set(targets["demo"])
    assert all("/16bit/" in str(file) for file in targets["16bit"])
    assert len(targets["16bit"]) == len(set(targets["16bit"])) == 2 * len(run.config.methods)
    assert all(str(file).startswith("results/ucf101/") for file in targets["ucf101"])


def test_memory_grows_with_the_features_and_is_bounded() -> None:
    sizes = [planning.memory_mb(load_dataset(name)) for name in ("demo", "hmdb51", "fcvid", "yfcc")]
    assert sizes == sorted(sizes)
    assert 3000 < sizes[0] < 5000
    assert sizes[-1] < 64_000


def test_reading_the_rules_imports_nothing_heavy() -> None:
    code = (
        "import sys; from s5vh import imports, layout, planning; from s5vh.reporting import inputs; "
        "print([name for name in ('torch', 'numpy', 'h5py', 'pandas', 'sklearn', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
