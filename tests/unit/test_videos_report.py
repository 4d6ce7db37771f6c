"""What the report says about videos and about data sets without labels."""

from __future__ import annotations

import pytest
import yaml

from s5vh.config.dataset import DatasetConfig
from s5vh.config.grid import GridCell, Run
from s5vh.config.load import load_dataset, load_run
from s5vh.data.download.availability import has_labels
from s5vh.planning.datasets import run_of
from s5vh.reporting import caveats, facts
from s5vh.reporting.catalog import CATALOG, report_inputs
from s5vh.reporting.words import dataset_kind, dataset_title, panel_title


@pytest.fixture
def run(tmp_path, monkeypatch) -> Run:
    """A run of `mine`, whose two videos have no labels and whose features come from random weights, and the demo."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config/datasets").mkdir(parents=True)
    settings = {"title": "Mine", "kind": "videos", "frames": 2, "backbone": "ResNet"}
    videos = {"network": "resnet50", "weights": "random"}
    (tmp_path / "config/datasets/mine.yaml").write_text(yaml.safe_dump(settings | {"videos": videos}))
    (tmp_path / "data/mine").mkdir(parents=True)
    for name in "ab":
        (tmp_path / f"data/mine/{name}.mp4").touch()
    studied = {"departures": {"methods": ["s5vh"], "switches": ["xavier"]}, "convergence": {"methods": ["s5vh"]}}
    return run_of(load_run({"datasets": ["mine", "demo"], "methods": ["itq_mean"], "bits": [8]} | studied))


def test_features_of_an_untrained_network_are_named_everywhere(run, tmp_path):
    assert dataset_kind(load_dataset("mine")) == "own data, features from an untrained network"
    assert dataset_title("mine") == "Mine [features from an untrained network]"
    assert panel_title("mine") == "Mine (untrained features)"
    assert dataset_kind(load_dataset("own")) == "own data" and dataset_title("own") == "Own videos"
    assert list(caveats.video_warnings(run, tmp_path / "results")) == [
        "Mine: frame features come from a network with random weights; the scores are meaningless."
    ]


@pytest.mark.parametrize(
    ("videos", "distinct", "told"),
    [
        (80, 1, "a single code for 80 videos"),
        (80, 2, None),
        (2396, 23, "only 23 distinct codes for 2,396 videos"),
        (2396, 24, None),
        (1, 1, None),
    ],
)
def test_codes_that_collapsed_are_told(run, videos, distinct, told):
    metrics = {"protocols": {}, "codes": {"database": {"videos": videos, "distinct_codes": distinct}}}
    said = caveats.warnings(run, [facts.CellFacts(GridCell("mine", "itq_mean", 8, 3), metrics)])
    wanted = f"Mine: the codes of ITQ (time-averaged) have collapsed: {told} at 8 bits (seed 3). The ranking is mostly "
    assert [line.startswith(wanted) for line in said if "collapsed" in line] == [True] * bool(told)


def test_the_report_names_the_network_that_was_used(run):
    """The words in the file may be old: `network` is what the features come from."""
    block = facts.data_block(run, [], {})
    backbones = {row[0].text: row[block.columns.index("backbone")].text for row in block.rows}
    assert backbones["Mine"] == "ResNet (resnet50)"


def test_files_that_could_not_be_read_are_told(run, tmp_path):
    listed = tmp_path / "results/mine/features/videos.csv"
    listed.parent.mkdir(parents=True)
    listed.write_text("path,status\na,ok\nb,failed\nc,damaged\nd,failed\ne,passed over\n")
    assert list(caveats.video_warnings(run, tmp_path / "results"))[1:] == [
        f"Mine: 2 of 4 videos could not be read and are left out; see {listed} for details.",
        f"Mine: 1 of 4 videos are damaged or truncated; see {listed} for details.",
        f"Mine: 1 files or folders beside the videos are not used; see {listed} for reasons.",
    ]


def test_tables_and_figures_of_scores_leave_out_what_has_none(run):
    assert run.unlabelled == ("mine",) and run.scored.datasets == ["demo"]
    for exhibit in CATALOG.values():
        files = [str(file) for file in exhibit.inputs(run)]
        empty = ("table1", "autossvh_table2", "table2", "efficiency", "scaling_fits", "figure1a")
        of_another_paper = exhibit.paper and not exhibit.in_all(run)
        assert any("/demo/" in file for file in files) or exhibit.name in empty or of_another_paper
        assert not any("/mine/" in file for file in files) or not exhibit.needs_labels
    without_scores = {exhibit.name for exhibit in CATALOG.values() if not exhibit.needs_labels}
    assert without_scores == {
        *("selection", "centers", "solvers", "codes", "efficiency", "figure1a", "code_statistics", "examples"),
        "scaling_fits",
        *("table1", "autossvh_table2", "mcmsh_table4", "mcmsh_table5"),
    }
    # The codes of all data sets are evaluated, and the report says which have no scores.
    assert "results/mine/itq_mean/8bit/seed1/metrics.json" in map(str, report_inputs(run))
    assert ("Scores on Mine", "the videos have no labels") in facts.missing(run)


def test_features_of_ones_own_without_labels_are_known_to_have_none():
    parts = {"train": {"features": ["a.h5"]}, "database": "train", "query": {"features": ["b.h5"]}}
    settings = {"title": "A", "frames": 2, "feature_size": 2, "classes": 2, "backbone": "b"}
    assert not has_labels("a", DatasetConfig(**settings, parts=parts))
    labels = {"labels": {"files": ["a.mat"]}}
    both = {"train": parts["train"] | labels, "database": "train", "query": parts["query"] | labels}
    assert has_labels("a", DatasetConfig(**settings, parts=both))
    assert not has_labels("a", DatasetConfig(**settings, parts=both | {"query": parts["query"]}))
