"""`s5vh doctor`: what it finds of data sets, and how it tells."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s5vh.base.installation import shipped_folder
from s5vh.cli import main
from s5vh.config.load import load_dataset
from s5vh.planning import doctor
from s5vh.planning.doctor import examine, parse_job_counts, screen

pytest_plugins = ("download_fixtures",)

STATS = """\
Building DAG of jobs...
Job stats:
job                count
---------------  -------
all                    1
cluster_videos         2
train                 15
total                 18

[Sat Nov 21 11:05:26 2026]
Job 4: Generating the demo data set
"""


def toy(found):
    return found["datasets"]["toy"]


@pytest.fixture
def here(folder, published) -> Path:
    """The working directory with all files of `toy` in place."""
    for name, content in published.items():
        (folder / "data/toy").mkdir(parents=True, exist_ok=True)
        (folder / "data/toy" / name).write_bytes(content)
    return folder


def test_jobs_are_counted_without_the_target_and_the_sum():
    assert parse_job_counts(STATS) == {"cluster_videos": 2, "train": 15}
    assert parse_job_counts("Nothing to be done (all requested files are present and up to date).") == {}


def test_a_data_set_goes_from_missing_to_complete_to_broken(folder, published):
    found = examine(plan=False)
    assert toy(found)["state"] == "missing"
    assert [file["state"] for file in toy(found)["files"]] == ["missing"] * 3
    target = folder / "data/toy"
    target.mkdir(parents=True)
    for name, content in published.items():
        assert toy(examine(plan=False))["state"] == ("partial" if any(target.iterdir()) else "missing")
        (target / name).write_bytes(content)
    assert toy(examine(plan=False))["state"] == "complete"
    (target / "query.h5").write_bytes(published["query.h5"][:-100])
    found = examine(plan=False)
    assert toy(found)["state"] == "broken"
    wrong = [file for file in toy(found)["files"] if file["state"] == "broken"]
    assert [Path(file["path"]).name for file in wrong] == ["query.h5"]
    text = screen(found, 10_000)
    assert (
        f"  toy          broken    data/toy (1 broken, 2 complete)\n               query.h5: {wrong[0]['reason']};"
        in text
    )


def test_own_videos_are_counted(here):
    assert "own          missing   data/own\n               no videos in data/own; place" in screen(examine(plan=False))
    for number in range(12):
        file = here / "data/own" / ("dancing", "cooking")[number % 2] / f"{number}.mp4"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"not looked into")
    (here / "data/own/dancing/notes.txt").touch()
    report = examine(plan=False)
    found = report["datasets"]["own"]
    assert found["state"] == "complete" and found["classes"] == 2 and sum(found["videos"].values()) == 12
    assert found["passed_over"] == ["passed over 1 (text or data): dancing/notes.txt"]
    assert f"\n               {found['passed_over'][0]}\n               frame features by " in screen(report)
    assert found["features"] == load_dataset("own").videos.choice


def test_own_videos_in_disorder_are_told(here):
    for file in ("dancing/a.mp4", "loose.mp4"):
        (here / "data/own" / file).parent.mkdir(parents=True, exist_ok=True)
        (here / "data/own" / file).touch()
    assert "own          broken    data/own\n               data/own: 1 videos are outside the class folders" in (
        screen(examine(plan=False), 10_000)
    )


@pytest.mark.parametrize("writable", [True, False])
def test_without_a_workflow_in_the_folder_the_shipped_one_is_planned(here, capsys, monkeypatch, writable):
    commands = []

    def run(command, *, env, **_):
        commands.append((command, env))
        return subprocess.CompletedProcess(command, 0, STATS)

    monkeypatch.setattr(doctor.subprocess, "run", run)
    monkeypatch.setattr(doctor, "is_writable", lambda folder: writable)
    monkeypatch.setattr(doctor, "temporary_caches", lambda: here / "tmp")
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "cache"))
    for name in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR"):  # which an earlier command may have chosen
        monkeypatch.delenv(name, raising=False)
    assert main(["doctor"]) == 0
    shown = capsys.readouterr().out
    ((command, environment),) = commands
    snakefile = shipped_folder() / "Snakefile"
    assert command[1:3] == ["--snakefile", snakefile] and snakefile.is_file()
    assert environment["XDG_CACHE_HOME"] == str(here / ("cache" if writable else "tmp"))
    assert f"would run 17 jobs with `snakemake --snakefile {snakefile} all`: 15 train" in " ".join(shown.split())
    assert writable == ("cannot be written, so compiled code" not in " ".join(shown.split()))
    (here / "Snakefile").touch()
    main(["doctor"])
    assert commands[1][0][1] == "--dry-run"
    assert "toy          complete  data/toy (3 complete)" in shown
    assert "numba on cpu" in shown


def test_another_configuration_can_be_planned(here, capsys, monkeypatch):
    commands = []

    def run(command, **_):
        commands.append(command)
        return subprocess.CompletedProcess(command, 1, "s5vh: error: features of 4 data sets are missing")

    monkeypatch.setattr(doctor.subprocess, "run", run)
    paper = shipped_folder() / "config/paper.yaml"
    assert main(["doctor", "--json", "--configfile", str(paper)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert commands[0][3:5] == ["--configfile", paper] and commands[0][-1] == "all"
    assert found["plan"] == {"error": "features of 4 data sets are missing"}
    assert found["estimate"][1].startswith("time on a CPU: about ") and "disk" in found["estimate"][-1]
    (here / "mine.yaml").write_text("colour: red")
    assert main(["doctor", "--configfile", "mine.yaml"]) == 2
    assert "mine.yaml: unknown key 'colour'" in capsys.readouterr().err
    assert main(["doctor", "--configfile", "absent.yaml"]) == 2
    assert "absent.yaml" in capsys.readouterr().err


def test_everything_is_there_as_json(here, capsys):
    assert main(["doctor", "--json", "--no-plan"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["machine"]["cores"] >= 1 and found["machine"]["disk_free_gib"] > 0
    assert found["scan"]["chosen"]["cpu"] == "numba" and found["scan"]["installed"]["reference"]
    assert toy(found)["state"] == "complete" and "plan" not in found


def test_a_broken_settings_file_is_one_line(here, capsys):
    (here / "config/datasets/toy.yaml").write_text("title: [")
    assert main(["doctor", "--no-plan"]) == 2
    assert capsys.readouterr().err.startswith("s5vh: error: config/datasets/toy.yaml: not valid YAML")


@given(st.integers(60, 200))
def test_lines_keep_to_the_width(width):
    long = " ".join(["https://example.org/share", *["words"] * 60])
    facts = {"kind": "papers", "folder": "data/toy", "state": "missing", "files": [], "how": long}
    found = {
        "s5vh": "0",
        "machine": {
            "cpu": "cpu", "cores": 1, "memory_gib": 1.0, "memory_free_gib": None, "disk_free_gib": 1.0,
            "writable": False, "gpus": {"usable": [], "reason": "none"},
        },
        "scan": {"chosen": {"cpu": "numba"}, "installed": {"numba": True}},
        "libraries": {"python": "3.11"},
        "datasets": {"toy": facts},
        "plan": {"datasets": ["demo", "own"], "archives": {"own": "results/own/archive.html"}, "jobs": {}},
        "estimate": ["time on a CPU: about 5 hours"],
    }  # fmt: skip
    text = screen(found, width)
    assert max(map(len, text.splitlines())) <= width
    assert " ".join(long.split()) in " ".join(text.split())
    pages = "results/report.html and results/own/archive.html"
    assert f"everything is up to date: open {pages}" in " ".join(text.split())
    assert "but this folder is not writable" in " ".join(text.split())
    assert text.endswith("\n  time on a CPU: about 5 hours")
