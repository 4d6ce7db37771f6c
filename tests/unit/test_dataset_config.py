"""Data set files: all that ship load and say what the papers say; every mistake ends in one line."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml
from pydantic import Field, TypeAdapter, ValidationError

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig
from s5vh.config.validation import Strict, explain, suggestion
from s5vh.data.download.availability import is_available, missing_files, missing_message, source_files
from s5vh.methods.load import load_method

FOLDER = Path(__file__).parents[2] / "config" / "datasets"
PAPERS = ("activitynet", "fcvid", "ucf101", "hmdb51", "yfcc")
VALID = {
    "title": "A",
    "frames": 25,
    "feature_size": 4,
    "classes": 3,
    "backbone": "b",
    "parts": {
        "train": {"features": ["train.h5"]},
        "database": "train",
        "query": {"features": ["query.h5"], "labels": {"files": ["query.mat"]}},
    },
}


def load(name: str) -> DatasetConfig:
    return DatasetConfig.model_validate(yaml.safe_load((FOLDER / f"{name}.yaml").read_text()))


def changed(**changes) -> dict:
    """VALID with changes; `parts__query__key` changes VALID["parts"]["query"]["key"]; `None` removes."""
    settings = copy.deepcopy(VALID)
    for path, value in changes.items():
        *parents, key = path.split("__")
        place = settings
        for parent in parents:
            place = place[parent]
        if value is None:
            del place[key]
        else:
            place[key] = value
    return settings


@pytest.mark.parametrize(
    ("name", "frames", "size", "classes", "train", "database", "query", "clusters"),
    [
        ("activitynet", 30, 2048, 200, 9722, 3758, 1000, 100),
        ("fcvid", 25, 4096, 239, 45585, 45600, 45600, 450),
        ("ucf101", 25, 4096, 101, 9537, 9537, 3783, 100),
        ("hmdb51", 25, 4096, 51, 3570, 3570, 1530, 100),
        ("yfcc", 25, 4096, 80, 409788, 101256, 1000, 450),
    ],
)
def test_shipped_data_sets_are_the_papers(name, frames, size, classes, train, database, query, clusters):
    config = load(name)
    assert (config.frames, config.feature_size, config.classes) == (frames, size, classes)
    assert tuple(config.files(part).count for part in ("train", "database", "query")) == (
        train,
        database,
        query,
    )
    assert config.semantics.clusters == clusters
    assert config.published_name == config.title
    assert config.self_queries is (name == "fcvid")
    assert config.source.shares
    for part in ("database", "query"):
        assert config.files(part).labels is not None


@pytest.mark.parametrize("name", PAPERS)
def test_the_recipe_has_the_paper_s_settings_on_every_shipped_data_set(name):
    method = load_method("s5vh", name)
    assert method.training.batch_size == (512 if name == "fcvid" else 128)
    assert method.training.mask_ratio == (0.75 if name in ("fcvid", "yfcc") else 0.5)
    assert method.semantics == load(name).semantics


def test_shipped_data_sets_name_no_method():
    assert [path.stem for path in FOLDER.glob("*.yaml") if load(path.stem).methods] == []


def test_every_file_in_the_folder_loads():
    for path in FOLDER.glob("*.yaml"):
        assert load(path.stem).title


def test_parts_that_are_the_same_are_followed():
    fcvid, ucf101 = load("fcvid"), load("ucf101")
    assert fcvid.source_part("query") == "database"
    assert ucf101.source_part("database") == "train"
    assert ucf101.files("database") is ucf101.parts.train


def test_the_demo_has_no_files():
    settings = {key: value for key, value in VALID.items() if key != "parts"}
    demo = DatasetConfig(**settings, kind="demo", demo={})
    assert demo.source_part("database") == "train"
    assert source_files("demo", demo) == [] and is_available("demo", demo)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (changed(frames="x"), "frames: must be an integer, got 'x'"),
        (changed(frames=2.5), "frames: must be an integer, got 2.5"),
        (changed(frames=0), "frames: must be greater than 0, got 0"),
        (changed(link="maybe"), "link: must be true or false, got 'maybe'"),
        (changed(dtype="float64"), "dtype: must be 'float16' or 'float32', got 'float64'"),
        (changed(title=[1]), "title: must be a string, got [1]"),
        (changed(title=None), "key 'title' is missing"),
        (changed(framse=25), "unknown key 'framse' (did you mean 'frames'?)"),
        (changed(parts__query__keyy="f"), "parts.query: unknown key 'keyy' (did you mean 'key'?)"),
        (
            changed(parts__query__features=["a", 1]),
            "parts.query.features[1]: must be a string, got 1; write it in quotes if it is text",
        ),
        (
            changed(parts__query__labels__zzz=1),
            "parts.query.labels: unknown key 'zzz' (known: allow_gaps, files, first_class, key, orientation)",
        ),
        (
            changed(parts__query__labels__first_class=2),
            "parts.query.labels.first_class: must be 'auto', 0 or 1, got 2",
        ),
        (
            changed(parts__database="trian"),
            "parts.database: must be 'train', 'database' or 'query', got 'trian'",
        ),
        (
            changed(parts__database="train", parts__train="database"),
            "parts: train -> database -> train is a cycle; at least one part needs files",
        ),
        (changed(parts__query="database"), "'self_queries' must be true: the query part is the database"),
        (changed(self_queries=True), "'self_queries' must be false: the query part is not the database"),
        (changed(parts=None), "kind 'papers' needs key 'parts'"),
        (changed(demo={}), "key 'demo' belongs to kind 'demo' only"),
        (changed(kind="demo", parts=None), "kind 'demo' needs key 'demo'"),
        (changed(methods={"s5vh": 3}), "methods.s5vh: must be a mapping of keys, got 3"),
    ],
)
def test_mistakes_are_explained(settings, message):
    with pytest.raises(ValidationError) as caught:
        DatasetConfig.model_validate(settings)
    error = explain(caught.value, "config/datasets/a.yaml")
    assert isinstance(error, UserError)
    assert str(error) == f"config/datasets/a.yaml: {message}"


def test_an_unknown_key_of_the_demo_gets_a_suggestion():
    with pytest.raises(ValidationError) as caught:
        DatasetConfig.model_validate(changed(kind="demo", parts=None, demo={"seeed": 1}))
    assert str(explain(caught.value, "demo.yaml")) == "demo.yaml: demo: unknown key 'seeed' (did you mean 'seed'?)"


def test_several_mistakes_share_the_line():
    with pytest.raises(ValidationError) as caught:
        DatasetConfig.model_validate(changed(frames="x", classes="y", root=1, link=7, title=None))
    assert str(explain(caught.value, "a.yaml")) == (
        "a.yaml: key 'title' is missing; frames: must be an integer, got 'x'; "
        "classes: must be an integer, got 'y' (and 2 more)"
    )


def test_members_of_a_union_are_told_apart_by_their_tag_only():
    from typing import Annotated, Literal

    class Sun(Strict):
        kind: Literal["sun"]
        heat: int = 1

    class Rain(Strict):
        kind: Literal["rain"]
        wet: bool = True

    weather = TypeAdapter(Annotated[Sun | Rain, Field(discriminator="kind")])
    for value, message in (
        ({"kind": "sun", "heta": 2}, "unknown key 'heta' (did you mean 'heat'?)"),
        ({"kind": "sun", "heat": "x"}, "heat: must be an integer, got 'x'"),
        ({"kind": "snow"}, "kind: must be one of 'sun', 'rain', got 'snow'"),
        ({}, "key 'kind' is missing"),
    ):
        with pytest.raises(ValidationError) as caught:
            weather.validate_python(value)
        assert str(explain(caught.value, "w")) == f"w: {message}"


def test_suggestion_lists_what_is_known_when_nothing_is_similar():
    assert suggestion("ucf10", ["ucf101", "fcvid"]) == " (did you mean 'ucf101'?)"
    assert suggestion("zzz", ["b", "a"]) == " (known: a, b)"
    assert suggestion("zzz", []) == ""


def test_settings_cannot_be_changed():
    config = DatasetConfig(**VALID)
    with pytest.raises(ValidationError):
        config.frames = 3


def test_missing_files_are_told_with_where_to_get_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ucf101 = load("ucf101")
    (tmp_path / "data/ucf").mkdir(parents=True)
    for file in ("ucf_train_feats.h5", "ucf_train_labels.mat", "ucf_test_feats.h5"):
        (tmp_path / "data/ucf" / file).touch()
    assert missing_files("ucf101", ucf101) == [Path("data/ucf/ucf_test_labels.mat")]
    assert missing_message({"ucf101": ucf101}) == (
        "ucf101: 1 file is missing in data/ucf (ucf_test_labels.mat); get them from "
        "https://pan.baidu.com/s/1c2NMC0Y8R3zn4ionzKUP4g with code 0000 (Baidu Netdisk (S5VH authors): "
        "all features and labels), place them there and run the same command again"
    )
    assert missing_message({"ucf101": ucf101}, parts=["train"]) == ""
    (tmp_path / "data/ucf/ucf_test_labels.mat").touch()
    assert is_available("ucf101", ucf101)


def test_several_missing_data_sets_make_one_message(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mine = DatasetConfig(**VALID)
    lines = missing_message({"yfcc": load("yfcc"), "mine": mine}).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(
        "yfcc: 15 files are missing in data/yfcc (yfcc_train_feats_1.h5, yfcc_train_feats_2.h5, "
        "yfcc_train_feats_3.h5, yfcc_train_feats_4.h5, yfcc_train_feats_5.h5, yfcc_train_feats_6.h5 and 9 more); "
        "get them from https://pan.baidu.com/"
    )
    assert lines[1] == (
        "mine: 3 files are missing in data/mine (train.h5, query.h5, query.mat); "
        "place them there, or fix the names in config/datasets/mine.yaml"
    )


def test_availability_imports_nothing_heavy():
    import subprocess
    import sys

    code = "import sys, s5vh.data.download.availability; print({'h5py', 'numpy', 'torch', 'scipy'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
