"""Which settings file is read, what is merged and kept, and the grid, with unequal settings everywhere."""

from __future__ import annotations

import os

import pytest
import yaml
from test_dataset_config import VALID, changed, load

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig
from s5vh.config.grid import GridCell, Run, cells, cells_of, departure_cells, protocol_study_cells, transfer_cells
from s5vh.config.load import config_folders, find, load_dataset, load_departures, load_run, merge, names
from s5vh.config.shares import Share

DEPARTURE = {"title": "T", "recipe": "r", "released": "c", "settings": {"loss": {"alpha": 2}}}


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """The user's own folder of settings, and another one in the place of the shipped one."""
    own, shipped = tmp_path / "here/config", tmp_path / "shipped"
    for folder in (own, shipped):
        for kind in ("datasets", "methods", "departures"):
            (folder / kind).mkdir(parents=True)
    monkeypatch.chdir(own.parent)
    monkeypatch.setenv("S5VH_CONFIG", str(shipped))
    return own, shipped


def write(file, settings):
    file.write_text(yaml.safe_dump(settings))


def test_the_variable_names_the_folder_that_is_searched_second(folders, monkeypatch):
    own, shipped = folders
    assert [folder.resolve() for folder in config_folders()] == [own, shipped]
    (shipped / "methods/theirs.yaml").touch()
    (shipped / "methods/both.yaml").touch()
    (own / "methods/both.yaml").touch()
    assert names("methods") == ["both", "theirs"] and names("datasets") == []
    assert find("methods", "both").resolve() == own / "methods/both.yaml"
    assert find("methods", "theirs") == shipped / "methods/theirs.yaml"
    with pytest.raises(UserError, match=r"no file s5vh\.yaml in config/methods, "):
        find("methods", "s5vh")
    monkeypatch.setenv("S5VH_CONFIG", "")
    assert "s5vh" in names("methods")
    monkeypatch.setenv("S5VH_CONFIG", str(own))
    assert [folder.resolve() for folder in config_folders()] == [own]


def test_merging_shares_nothing_with_what_is_merged():
    base, top = {"a": {"x": [1]}, "b": [[2]], "t": {"s": 1}}, {"a": {"y": [3]}, "c": {"d": [4]}, "t": 5, "n": {}}
    merged = merge(base, top)
    assert merged == {"a": {"x": [1], "y": [3]}, "b": [[2]], "c": {"d": [4]}, "t": 5, "n": {}}
    merged["a"]["x"].append(9)
    merged["a"]["y"].append(9)
    merged["b"][0].append(9)
    merged["c"]["d"].append(9)
    assert base == {"a": {"x": [1]}, "b": [[2]], "t": {"s": 1}}
    assert top == {"a": {"y": [3]}, "c": {"d": [4]}, "t": 5, "n": {}}
    assert merge({"t": 5}, {"t": {"s": 1}}) == {"t": {"s": 1}}
    assert merge({"a": {"b": {"c": 1, "d": 2}}}, {"a": {"b": {"c": 3}}}) == {"a": {"b": {"c": 3, "d": 2}}}


def test_later_settings_of_a_run_win_and_mistakes_name_the_last_file(tmp_path):
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    write(first, {"methods": ["a"], "bits": [8], "overrides": {"a": {"x": 1, "y": 1}}})
    write(second, {"bits": [16], "overrides": {"a": {"y": 2}}})
    run = load_run(first, second, {"overrides": {"a": {"z": 3}}, "seeds": [4]})
    assert (run.methods, run.bits, run.seeds) == (["a"], [16], [4])
    assert run.overrides == {"a": {"x": 1, "y": 2, "z": 3}}
    write(second, {"bitz": [1]})
    for sources, where in (((first, second), second), ((second, first), first), (({"methods": ["a"]}, second), second)):
        with pytest.raises(UserError) as error:
            load_run(*sources)
        assert str(error.value) == f"{where}: unknown key 'bitz' (did you mean 'bits'?)"


def test_a_data_set_is_read_again_when_its_file_changes(folders, monkeypatch):
    own, _ = folders
    file = own / "datasets/mine.yaml"

    def title_after(title, *, seconds):
        write(file, changed(title=title))
        os.utime(file, (seconds, seconds))
        return load_dataset("mine").title

    assert title_after("one", seconds=10) == "one"
    assert title_after("two", seconds=20) == "two"  # of the same size
    assert title_after("three", seconds=20) == "three"  # at the same time
    assert load_dataset("mine") is load_dataset("mine")
    elsewhere = own.parent.parent / "there"
    (elsewhere / "config/datasets").mkdir(parents=True)
    write(elsewhere / "config/datasets/mine.yaml", changed(title="there"))
    os.utime(elsewhere / "config/datasets/mine.yaml", (20, 20))
    monkeypatch.chdir(elsewhere)
    assert load_dataset("mine").title == "there"  # of the same name, size and time in another folder


def test_departures_are_the_user_s_own_before_the_shipped_ones(folders, monkeypatch):
    own, shipped = folders
    assert load_departures("s5vh") == {}
    write(shipped / "departures/s5vh.yaml", {"theirs": DEPARTURE})
    assert list(load_departures("s5vh")) == ["theirs"]
    write(own / "departures/s5vh.yaml", {"mine": DEPARTURE})
    assert list(load_departures("s5vh")) == ["mine"]
    (own / "departures/s5vh.yaml").rename(own / "departures/other.yaml")
    elsewhere = own.parent.parent / "there"
    (elsewhere / "config/departures").mkdir(parents=True)
    write(elsewhere / "config/departures/s5vh.yaml", {"there": DEPARTURE})
    monkeypatch.chdir(elsewhere)
    assert list(load_departures("s5vh")) == ["there"] and load_departures("other") == {}
    write(elsewhere / "config/departures/odd.yaml", {"x": DEPARTURE | {"titel": 1}})
    with pytest.raises(UserError, match=r"config/departures/odd\.yaml: x: unknown key 'titel'"):
        load_departures("odd")


def run_with(**settings):
    base = {"methods": ["m", "n"], "bits": [8, 16], "seeds": [3, 4], "examples": {"method": "e", "bits": 64}}
    return load_run(base | settings)


def test_the_grid_is_every_list_in_its_order():
    run = run_with(
        ablations={"table2": {"recipe": "r", "methods": ["a"], "bits": [24]}},
        convergence={"methods": ["c", "m"], "bits": 16},
    )
    pairs = [("m", 8), ("m", 16), ("n", 8), ("n", 16), ("r", 24), ("a", 24), ("c", 16), ("e", 64)]
    expected = [GridCell(data, *pair, seed) for data in ("x", "y") for pair in pairs for seed in (3, 4)]
    assert cells(run, ["x", "y"]) == expected
    assert cells_of(Run(run, ["y"], []), [("q", 5)]) == [GridCell("y", "q", 5, 3), GridCell("y", "q", 5, 4)]


def test_transfer_has_its_own_code_lengths_and_directions():
    run = run_with(transfer=[{"train": "x", "test": "y", "bits": [4]}, {"train": "y", "test": "z", "bits": [5]}])
    expected = [("y", GridCell("x", method, 4, seed)) for method in ("m", "n") for seed in (3, 4)]
    assert transfer_cells(run, ["x", "y"]) == expected
    assert transfer_cells(run, ["z", "x"]) == transfer_cells(run, ["y"]) == []


def test_the_studies_have_their_own_lengths_and_seeds(folders):
    _, shipped = folders
    write(shipped / "departures/m.yaml", {"p": DEPARTURE, "q": DEPARTURE})
    study = {"methods": ["m"], "switches": ["q"], "bits": [2, 3], "seeds": [9]}
    recipes = [(name, bits) for bits in (2, 3) for name in ("m", "m+q", "m-released")]
    assert departure_cells(run_with(departures=study), ["x", "y"]) == [
        GridCell(data, *recipe, 9) for data in ("x", "y") for recipe in recipes
    ]
    every = departure_cells(run_with(departures=study | {"switches": []}), ["x"])
    assert [cell.method for cell in every[:4]] == ["m", "m+p", "m+q", "m-released"]
    run = run_with(protocol_study={"methods": ["n"], "bits": [8, 2]})
    assert protocol_study_cells(run, "x") == [GridCell("x", *pair, 3) for pair in (("m", 8), ("n", 8), ("n", 2))]


def test_a_run_keeps_its_lists_apart_as_json():
    run = Run(run_with(datasets=["x", "y", "z"]), ["x", "y", "z"], ["u"], ("y",))
    assert Run.from_json(run.to_json()) == run and run.scored.datasets == ["x", "z"]
    for text in ("", "[]", run.to_json().replace('"missing"', '"missed"'), run.to_json().replace('["u"]', "[1]")):
        with pytest.raises(UserError, match=r"^--run: not the settings of a run \("):
            Run.from_json(text)


@pytest.mark.parametrize(("length", "fits"), [(2, False), (3, True), (63, True), (64, False)])
def test_lengths_of_bucket_names(length, fits):
    if fits:
        assert Share(kind="s3", bucket="b" * length).page == f"https://{'b' * length}.s3.amazonaws.com"
    else:
        with pytest.raises(ValueError, match="3 to 63"):
            Share(kind="s3", bucket="b" * length)


def test_addresses_and_pages_of_shares():
    with pytest.raises(ValueError, match="must begin with https://"):
        Share(kind="https", url="https:///feats")
    by_hand = Share(kind="manual", host="h", url="http://a.example/1", content="all")
    assert by_hand.page == "http://a.example/1" and not by_hand.automatic
    assert Share(kind="file", folder="/lab").page == "/lab"
    assert Share(kind="zenodo", record=5).page == "https://zenodo.org/records/5"
    assert Share(kind="https", url="https://a.example/x/", path="").address("f") == "https://a.example/x/"
    assert Share(kind="https", url="https://a.example/x").address("f") == "https://a.example/x/f"
    packed = Share(kind="zenodo", record=5, archive="All.TAR.GZ", files=["f"])
    assert packed.address("f").endswith("/All.TAR.GZ?download=1")
    assert (packed.has("f"), packed.has("g"), Share(kind="zenodo", record=5).has("g")) == (True, False, True)
    assert Share(kind="zenodo", record=5, files=[]).has("f") is False
    assert Share(kind="seafile", url="https://a.example/d/0a").address("f") == "https://a.example/d/0a/files/?p=/f&dl=1"


def test_parts_of_each_kind():
    twice = {"features": ["one.h5", "two.h5"], "labels": {"files": ["train.mat"]}}
    parts = VALID["parts"] | {"train": twice, "query": {"features": ["two.h5", "q.h5"]}}
    config = DatasetConfig.model_validate(changed(parts=parts, root="{name}/a/{name}"))
    assert config.file_names() == ["one.h5", "two.h5", "train.mat", "q.h5"]
    assert config.file_names(["query"]) == ["two.h5", "q.h5"]
    assert str(config.folder("d")) == "d/a/d"
    with pytest.raises(ValueError, match="kind 'demo' has no source files"):
        load("demo").files("train")
    own = {"network": "tiny:network", "database": "own"}
    videos = {key: value for key, value in VALID.items() if key not in ("parts", "classes")} | {"kind": "videos"}
    apart, shared = (DatasetConfig(**videos, videos=own | more) for more in ({}, {"database": "train"}))
    assert [apart.source_part(part) for part in ("train", "database", "query")] == ["train", "database", "query"]
    assert [shared.source_part(part) for part in ("train", "database", "query")] == ["train", "train", "query"]
    with pytest.raises(ValueError, match="key 'classes' is missing"):
        DatasetConfig.model_validate(changed(classes=None))
    with pytest.raises(ValueError, match="'feature_size' is 4, but the feature dimension of resnet50 is 2048"):
        DatasetConfig(**videos, videos={"network": "resnet50"})
    archive = {"shares": [{"kind": "zenodo", "record": 1, "archive": "all.zip"}], "files": {"all.zip": {"bytes": 3}}}
    assert DatasetConfig.model_validate(changed(source=archive)).source.files["all.zip"].bytes == 3
    with pytest.raises(ValueError, match=r"key 'videos' belongs to kind 'videos' only"):
        DatasetConfig.model_validate(changed(videos=own))
    aliased = VALID["parts"] | {"train": "query", "database": "train"}
    longer = DatasetConfig.model_validate(changed(parts=aliased, self_queries=True))
    assert [longer.source_part(part) for part in ("train", "database", "query")] == ["query"] * 3
