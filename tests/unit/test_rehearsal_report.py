"""The report of a rehearsal, and what is refused before one begins."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from s5vh.base.errors import UserError
from s5vh.base.files import read_json
from s5vh.base.installation import shipped_folder
from s5vh.config.dataset import DatasetConfig
from s5vh.config.load import load_dataset, load_run
from s5vh.planning.datasets import run_of
from s5vh.planning.jobs import preparation_mb
from s5vh.planning.rehearsal.jobs import Job, Measured
from s5vh.planning.rehearsal.report import write_report
from s5vh.planning.rehearsal.run import Options, Rehearsed, rehearse
from s5vh.planning.rehearsal.scale import scaled_dataset

CONFIG = {"methods": ["ssvh"], "datasets": ["yfcc"], "bits": [16]}
MIB = 2**20


def neighbours():
    words = ("neighbours", "--features", "results/yfcc/features/train.h5", "--output", "x")
    return Job("find_neighbours", "logs/find_neighbours/yfcc.log", words)


def table(name):
    return Job("write_table", f"logs/write_table/{name}.log", ("table", name))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A rehearsal of YFCC in which one of three jobs has failed, and a neighbour graph asked for too little memory."""
    real = load_dataset("yfcc")
    scaled = DatasetConfig.model_validate(scaled_dataset("yfcc", real, 0.001, ["ssvh"]))
    folder = tmp_path_factory.mktemp("rehearsal")
    options = Options(folder, 0.001, shipped_folder() / "config" / "paper.yaml")
    jobs = {
        neighbours(): Measured(3.0, 500 * MIB, 1000, 60),
        table("map"): Measured(2.0, 300 * MIB, 2000, 10),
        table("gmap"): None,
    }
    run = run_of(load_run(CONFIG), all_available=True)
    real_jobs = [neighbours(), table("map"), table("gmap")]
    return Rehearsed(options, run, {"yfcc": real}, {"yfcc": scaled}, jobs, real_jobs)


def test_what_is_expected_of_the_real_run(found):
    text = write_report(found)
    assert "2 of 3 jobs ended well.\n- not well: write_table, see logs/write_table/gmap.log" in text
    cells = {line.split(" | ")[0].removeprefix("| "): line.split(" | ") for line in text.splitlines() if " | " in line}
    assert cells["write_table"][1:5] == ["1", "2.0, 2.0", "0.29", "2"]
    assert float(cells["find_neighbours"][6]) > 1  # hours, from seconds: (1,000 times the videos) squared
    assert "- find_neighbours, which grows with training videos squared: " in text
    assert "- memory: find_neighbours on yfcc is expected to need" in text  # from what was measured at FCVID's size
    assert "time on a CPU: about" in text  # as the doctor says


def test_files_beside_it(found):
    write_report(found)
    with (found.options.folder / "report.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["rule"], row["dataset"], row["real_jobs"]) for row in rows] == [
        ("find_neighbours", "yfcc", "1"),
        ("write_table", "", "1"),
        ("write_table", "", "1"),
    ]
    jobs = read_json(found.options.folder / "measured.json")["jobs"]
    assert [(job["rule"], job["videos"], job["work"]) for job in jobs] == [
        ("find_neighbours", 410, 410.0**2),
        ("write_table", 0, 1.0),
    ]


def test_requests_of_the_real_size(found):
    job = neighbours()
    asked = Measured(3.0, 500 * MIB, preparation_mb(found.scaled["yfcc"]))
    write_report(replace(found, jobs={job: asked}))
    with (found.options.folder / "report.csv").open() as file:
        assert next(csv.DictReader(file))["requested_mb"] == str(preparation_mb(found.real["yfcc"]))


class TestRefused:
    def test_too_little_disk(self, tmp_path, monkeypatch):
        monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10**9}))
        with pytest.raises(UserError, match=r"needs about \d+ GB, the disk has 1 GB left; give a smaller FRACTION"):
            rehearse(Options(tmp_path / "new", 1.0, shipped_folder() / "config" / "paper.yaml", ("fcvid",)))
        assert not (tmp_path / "new").exists()

    def test_folder_with_something_else(self, tmp_path):
        Path(tmp_path / "mine").write_text("")
        with pytest.raises(UserError, match="is not empty and holds no rehearsal"):
            rehearse(Options(tmp_path, 0.001, shipped_folder() / "config" / "paper.yaml", ("hmdb51",)))
        assert [path.name for path in tmp_path.iterdir()] == ["mine"]

    def test_no_profile(self, tmp_path):
        with pytest.raises(UserError, match="no such folder; give that of a Snakemake profile"):
            options = Options(tmp_path / "a", 0.1, shipped_folder() / "config" / "paper.yaml", profile=tmp_path / "b")
            rehearse(options)
