"""From video files to the report: one data set with classes and one without, in a single real run."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
from pathlib import Path

import h5py
import pytest
from workflow_help import jobs, made_once, snakemake

from s5vh.config import layout

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from video_files import write_digits

CONFIG = """\
datasets: [own, bare]
methods: [s5vh]
archive: {methods: [s5vh]}
bits: [4]
examples: {queries: 2, neighbours: 2}
overrides:
  s5vh:
    centers: {solver: random}
    model: {width: 8, depth: 1, decoder_width: 8, d_state: 2}
    training: {epochs: 1, batch_size: 8, evaluate_every: 1, selection: last}
"""
DATASET = """\
title: {title}
kind: videos
frames: 4
feature_size: 48
backbone: mean colours
videos: {{network: "tiny:network", resize: 32, crop: 32}}
semantics: {{clusters: 3, pca: null}}
"""
NETWORK = """\
from torch import nn

def network():
    return nn.Sequential(nn.AdaptiveAvgPool2d(4), nn.Flatten())
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory after `snakemake all`; never changed."""
    return made_once(tmp_path_factory, "own", prepare, "all")


def prepare(folder: Path) -> None:
    (folder / "config/datasets").mkdir(parents=True)
    (folder / "config/config.yaml").write_text(CONFIG)
    (folder / "tiny.py").write_text(NETWORK)
    videos = write_digits(folder / "data/own", 16)
    (folder / "data/own/digit0/broken.mp4").write_bytes(b"")
    (folder / "data/bare").mkdir()
    for video in videos:
        os.link(video, folder / "data/bare" / video.name)
    for name, title in (("own", "Mine"), ("bare", "Bare")):
        (folder / f"config/datasets/{name}.yaml").write_text(DATASET.format(title=title))


def metrics(folder: Path, dataset: str) -> dict:
    return json.loads((folder / layout.cell(dataset, "s5vh", 4, 1) / "metrics.json").read_text())


def test_videos_with_classes_are_scored(folder: Path) -> None:
    assert list(metrics(folder, "own")["protocols"]) == ["published", "strict"]
    with h5py.File(folder / layout.features("own", "query")) as file:
        assert file["class_names"].asstr()[()].tolist() == ["digit0", "digit1"]
        assert file["labels"][()].sum(axis=0).tolist() == [2, 2]
    with (folder / layout.videos("own")).open() as file:
        failed = [row for row in csv.DictReader(file) if row["status"] == "failed"]
    assert [row["path"] for row in failed] == ["digit0/broken.mp4"]
    examples = (folder / "results/figures/examples.csv").read_text()
    assert "digit0" in examples and "digit1" in examples


def test_videos_without_classes_get_codes_and_a_word(folder: Path) -> None:
    found = metrics(folder, "bare")
    assert found["protocols"] == {}
    assert found["skipped"] == "train.h5 has no labels, so codes cannot be scored"
    assert found["codes"]["database"]["videos"] == 13 and found["codes"]["query"]["videos"] == 3
    assert (folder / layout.cell("bare", "s5vh", 4, 1) / "codes.npz").is_file()
    page = (folder / layout.report()).read_text()
    assert "Bare: the videos have no labels, so there are codes but no scores" in page
    assert "Mine: 1 of 17 videos could not be read and are left out" in page
    headline = page[page.index('id="result"') : page.index('id="warnings"')]
    assert "Mine: highest GmAP" in headline and "<h4>Bare" not in headline


def test_a_page_shows_what_is_in_each_of_them(folder: Path) -> None:
    pages = {name: (folder / layout.archive(name)).read_text() for name in ("own", "bare")}
    for page in pages.values():
        assert "What is in the archive" in page and page.count("data:image/jpeg;base64,") >= 8
        assert "../../data/" in page and "GmAP" in pages["own"]
    assert "digit0/broken.mp4" in pages["own"] and "digit1" in pages["own"]
    assert "All videos could be read." in pages["bare"] and "GmAP" not in pages["bare"]
    report = (folder / layout.report()).read_text()
    assert 'href="own/archive.html"' in report and 'href="bare/archive.html"' in report
    assert not (folder / "results/solver_study").exists() and not (folder / "results/efficiency").exists()


def test_tables_and_figures_can_do_without_any_scores(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from s5vh.config.load import load_run
    from s5vh.planning.datasets import run_of
    from s5vh.reporting.catalog import exhibits, write_figure
    from s5vh.reporting.report import write_report

    monkeypatch.chdir(folder)
    run = run_of(load_run(Path("config/config.yaml"), {"datasets": ["bare"]}))
    assert run.unlabelled == ("bare",) and run.is_archive
    studies = {"datasets": ["bare"], "archive": {"methods": []}}  # of which those of scores read no file
    studied = run_of(load_run(Path("config/config.yaml"), studies))
    scored = [exhibit for exhibit in exhibits("table", studied) if exhibit.needs_labels]
    tables = {exhibit.name: exhibit.build(studied) for exhibit in [*scored, *exhibits("table", run)]}
    assert {"table2", "published", "aspects"} < set(tables)
    assert not len(tables["gmap"].data) and len(tables["codes"].data)
    shown = Path("again")
    shown.mkdir()
    (shown / "bare").symlink_to(Path("results/bare").resolve())
    scored = [exhibit for exhibit in exhibits("figure", studied) if exhibit.needs_labels]
    for name in dict.fromkeys(exhibit.name for exhibit in [*scored, *exhibits("figure", run)]):
        write_figure(name, run, shown)
    write_report(run, shown)
    assert "Scores on Bare" in (shown / "report.html").read_text()


def test_new_video_runs_the_stage_again_and_nothing_before_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = snakemake(folder, "-n", "all")
    assert "Nothing to be done" in done.stdout
    video = folder / "data/own/digit1/more.mp4"
    shutil.copy(folder / "data/bare/clip00.mp4", video)
    try:
        planned = jobs(snakemake(folder, "-n", "all"))
    finally:
        video.unlink()
    assert "Extracting frame features from the videos of own" in planned
    assert "Extracting frame features from the videos of bare" not in planned


def test_a_database_of_its_own_is_a_third_file(tmp_path: Path) -> None:
    (tmp_path / "config/datasets").mkdir(parents=True)
    text = DATASET.format(title="Listed").replace("clusters: 3", "clusters: 1")
    text = text.replace("crop: 32", "crop: 32, manifest: list.csv, database: own")
    (tmp_path / "config/datasets/listed.yaml").write_text(text)
    (tmp_path / "data/listed").mkdir(parents=True)
    (tmp_path / "data/listed/list.csv").write_text("path,split\na.mp4,train\nb.mp4,database\nc.mp4,query\n")
    for name in "abc":
        (tmp_path / f"data/listed/{name}.mp4").touch()
    (tmp_path / "config/config.yaml").write_text(CONFIG.replace("own, bare", "listed"))
    done = snakemake(tmp_path, "-n", "results/listed/features/database.h5")
    assert jobs(done) == {"Extracting frame features from the videos of listed"}


def test_without_videos_own_is_refused_with_a_word(tmp_path: Path) -> None:
    done = snakemake(tmp_path, "-n", "own")
    assert done.returncode == 2
    expected = (
        "s5vh: error: own: no videos in data/own; place them there, one folder per class: data/own/CLASS/FILE.mp4"
    )
    assert done.stdout.splitlines()[-1] == expected
