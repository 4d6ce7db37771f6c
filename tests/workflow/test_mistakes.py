"""A mistake ends in one message and exit code 2, before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from workflow_help import ROOT, snakemake

from s5vh.base.errors import UserError
from s5vh.planning.run import resolve_run


def message(folder: Path, *words: str) -> str:
    """The message of a run that must fail at once: one line of ours, no traceback, nothing half-written."""
    done = snakemake(folder, *words)
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stdout
    assert "File " not in done.stdout
    assert not (folder / "results").exists()
    ours = done.stdout[done.stdout.index("s5vh: ") :]
    return ours.rstrip("\n")


def test_wrong_setting_on_the_command_line(empty: Path) -> None:
    expected = "s5vh: error: configuration: unknown key 'bitz' (did you mean 'bits'?)"
    assert message(empty, "all", "--config", "bitz=[16]") == expected


def test_unknown_data_set(empty: Path) -> None:
    expected = (
        f"s5vh: error: dataset 'toi': no file toi.yaml in config/datasets, {ROOT}/config/datasets (did you mean 'toy'?)"
    )
    assert message(empty, "-n", "all", "--config", "datasets=[toi]") == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"bits": [0]}, "configuration: bits[0]: must be greater than 0, got 0"),
        (
            {"methods": ["itq_meen"]},
            f"method 'itq_meen': no file itq_meen.yaml in config/methods, {ROOT}/config/methods "
            "(did you mean 'itq_mean'?)",
        ),
        (
            {"protocol_study": {"methods": ["itq_flatt"]}},
            "protocol_study.methods: unknown method 'itq_flatt' (did you mean 'itq_flat'?)",
        ),
        ({"overrides": {"s5v": {}}}, "overrides: unknown method 's5v' (did you mean 's5vh'?)"),
        (
            {"overrides": {"s5vh": {"training": {"epoch": 3}}}},
            f"{ROOT}/config/methods/s5vh.yaml: training: unknown key 'epoch' (did you mean 'epochs'?)",
        ),
        (
            {"convergence": {"methods": ["itq_mean"]}},
            "convergence.methods: 'itq_mean' has no network; list trained methods only",
        ),
        ({"methods": []}, "configuration: methods: list should have at least 1 item after validation, not 0, got []"),
        (
            {"examples": {"method": "itq_meen"}},
            f"method 'itq_meen': no file itq_meen.yaml in config/methods, {ROOT}/config/methods "
            "(did you mean 'itq_mean'?)",
        ),
        (
            {"departures": {"methods": ["s5vhh"]}},
            "departures.methods: unknown method 's5vhh' (did you mean 's5vh'?)",
        ),
        (
            {"transfer": [{"train": "toy", "test": "ucf101"}]},
            "transfer: frame features of toy have 32 dimensions, those of ucf101 have 4096; "
            "transfer requires equal dimensions",
        ),
    ],
)
def test_wrong_setting(empty: Path, monkeypatch: pytest.MonkeyPatch, config: dict, expected: str) -> None:
    monkeypatch.chdir(empty)
    with pytest.raises(UserError) as error:
        resolve_run([Path("config/config.yaml")], {"datasets": ["toy"], "methods": ["s5vh"]} | config)
    assert str(error.value) == expected


def test_wrong_key_names_its_file(empty: Path) -> None:
    (empty / "mine.yaml").write_text("seeeds: [1]\n")
    expected = f"s5vh: error: {empty / 'mine.yaml'}: unknown key 'seeeds' (did you mean 'seeds'?)"
    assert message(empty, "all", "--configfile", "mine.yaml") == expected


def test_broken_method_file(empty: Path) -> None:
    (empty / "config/methods/mine.yaml").write_text("extends: s5vh\nmodel: {widht: 8}\n")
    expected = "s5vh: error: config/methods/mine.yaml: model: unknown key 'widht' (did you mean 'width'?)"
    assert message(empty, "all") == expected


def test_method_without_code(empty: Path) -> None:
    (empty / "config/methods/mine.yaml").write_text("title: Mine\nimplementation: s5hv\n")
    expected = "s5vh: error: config/methods/mine.yaml: implementation: no method named 's5hv' (did you mean 's5vh'?)"
    assert message(empty, "all") == expected


def test_name_that_is_taken(empty: Path) -> None:
    (empty / "config/datasets/toy.yaml").rename(empty / "config/datasets/tables.yaml")
    expected = "s5vh: error: config/datasets/tables.yaml: 'tables' is a reserved name for data sets; rename the file"
    assert message(empty, "all", "--config", "datasets=[other]") == expected


def test_name_of_a_method_that_is_taken(empty: Path) -> None:
    (empty / "config/methods/neighbours.yaml").write_text("extends: s5vh\n")
    expected = (
        "s5vh: error: config/methods/neighbours.yaml: 'neighbours' is a reserved name for methods; rename the file"
    )
    assert message(empty, "all") == expected


def test_missing_files_of_a_data_set_of_the_run(empty: Path) -> None:
    (empty / "data/toy/query.h5").unlink()
    expected = (
        "s5vh: error: toy: 1 file is missing in data/toy (query.h5); "
        "place them there, or fix the names in config/datasets/toy.yaml"
    )
    assert message(empty, "-n", "all") == expected
    assert message(empty, "other_16bit") == expected


def test_missing_files_of_several_data_sets_are_told_together(empty: Path) -> None:
    (empty / "data/toy/query.h5").unlink()
    lines = message(empty, "all", "--config", "datasets=[toy,hmdb51]").splitlines()
    assert lines[0] == "s5vh: error: features of 2 data sets are missing; nothing was run"
    assert [line.split(":")[0] for line in lines[1:]] == ["  toy", "  hmdb51"]
    assert "https://pan.baidu.com/s/1su2STM7b2mg-jBfsN5iRIQ with code 0000" in lines[2]


def test_missing_networks_of_their_authors(empty: Path) -> None:
    (empty / "data/toy/toy_16.pth").touch()
    expected = (
        "s5vh: error: toy: 1 checkpoint file is missing for s5vh-authors (data/toy/toy_24.pth); "
        "place them there, fix the method's 'checkpoint', or omit the method"
    )
    assert message(empty, "all", "--config", "methods=[s5vh-authors]") == expected
    lines = message(empty, "all", "--config", "methods=[s5vh-authors]", "datasets=[toy,other]").splitlines()
    assert lines[0] == "s5vh: error: networks to import of 2 data sets are missing; nothing was run"
    assert [line.split(":")[0] for line in lines[1:]] == ["  toy", "  other"]


@pytest.mark.parametrize("target", ["hmdb51", "hmdb51_16bit", "results/hmdb51/itq_mean/16bit/seed1/metrics.json"])
def test_target_of_a_data_set_that_is_not_here(empty: Path, target: str) -> None:
    expected = "s5vh: error: hmdb51: 4 files are missing in data/hmdb (hmdb_train_feats.h5, "
    assert message(empty, "-n", target).startswith(expected)


def test_unknown_target(empty: Path) -> None:
    done = snakemake(empty, "-n", "toy_17bit")
    assert done.returncode == 1
    assert "No rule to produce toy_17bit" in done.stdout


def test_a_key_that_is_there_twice(empty: Path) -> None:
    run, lines = empty / "config/config.yaml", len((empty / "config/config.yaml").read_text().splitlines())
    (empty / "mine.yaml").write_text("seeds: [1]\nseeds: [2]\n")
    expected = "s5vh: error: mine.yaml: key 'seeds' is there twice, in lines 1 and 2; keep one"
    assert message(empty, "-n", "all", "--configfile", "mine.yaml").endswith(expected.partition("mine.yaml")[2])
    run.write_text(f"{run.read_text()}bits: [8]\n")
    expected = f"s5vh: error: config/config.yaml: key 'bits' is there twice, in lines 3 and {lines + 1}; keep one"
    assert message(empty, "-n", "all") == expected
    run.write_text("bits:\n\t- 8\n")
    expected = "s5vh: error: config/config.yaml: not valid YAML at line 2: it has a tab; indent with spaces"
    assert message(empty, "-n", "all") == expected


def test_what_editors_leave_in_the_folders_of_settings(empty: Path) -> None:
    for kind in ("datasets", "methods", "departures", "published"):
        folder = empty / "config" / kind
        folder.mkdir(exist_ok=True)
        (folder / ".#toy.yaml").symlink_to("user@host.1234")
        (folder / "._toy.yaml").write_bytes(b"\0\5\x16\7")
        (folder / "toy.yaml~").write_text("not: {a: setting}")
        (folder / "old.yaml").mkdir()
    assert snakemake(empty, "-n", "toy_16bit").returncode == 0
