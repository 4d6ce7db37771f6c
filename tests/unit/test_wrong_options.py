"""Every option of every command with wrong values: it works, or ends in one line and exit code 2."""

from __future__ import annotations

import argparse
import json
import os
import socket
from pathlib import Path

import h5py
import numpy as np
import pytest

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.cli.main import parser
from s5vh.data.features import write_features

TINY = {
    "s5vh": {
        "semantics": {"clusters": 3},
        "model": {"width": 8, "depth": 1, "decoder_width": 8, "d_state": 2, "drop_path": 0},
        "training": {"epochs": 1, "evaluate_every": 1, "batch_size": 16, "selection": "last", "patience": None},
    }
}
OVERRIDES = f"--overrides={json.dumps(TINY)}"
FILES = ["--train=train.h5", "--database=train.h5", "--query=query.h5"]
PREPARED = ["--prepared=semantics=semantics.h5", "--prepared=centers=centers.h5"]
TOY = """\
title: Toy
frames: 4
feature_size: 5
classes: 3
backbone: none
parts: {train: {features: [train.h5]}, database: train, query: {features: [query.h5]}}
"""
# Arguments with which each command works, or fails for a reason that no option changes. Those are too slow here, need
# a network, or write into the checkout.
COMMANDS = {
    "download": ["toy"],
    "verify": ["toy"],
    "features": ["--dataset=toy", "--part=train", "--output=out.h5"],
    "check": ["train.h5"],
    "demo": ["--dataset=toy", "--output-dir=out"],
    "semantics": ["--features=train.h5", "--clusters=3", "--output=out.h5"],
    "neighbours": ["--features=train.h5", "--neighbours=2", "--expansions=2", "--output=out.h5"],
    "centers": ["--semantics=semantics.h5", "--bits=8", "--solver=random", "--output=out.h5"],
    "solver-study": ["--clusters=3", "--bits=8", "--solver=random", "--output=out.h5"],
    "centering-study": ["--clusters=3", "--bits=8", "--solver=random", "--seeds=1", "--output=out.json"],
    "extract": ["--dataset=toy", "--output-dir=out"],
    "doctor": ["--no-plan"],
    "settings": ["--dataset=demo", "--method=s5vh", "--bits=8"],
    "train": ["--dataset=demo", "--method=s5vh", "--bits=8", OVERRIDES, *FILES, *PREPARED, "--output-dir=out",
              "--device=cpu"],
    "fit": ["--dataset=demo", "--method=itq_mean", "--bits=4", "--train=train.h5", "--output=out.safetensors"],
    "evaluate": ["--model=model.safetensors", "--database=train.h5", "--query=query.h5", "--output-dir=out"],
    "protocol-study": ["cell", "--database=train.h5", "--query=query.h5", "--output=out.json",
                       '--settings={"orders": 2}'],
    "rehearse": ["--output-dir=out", "--datasets=demo"],
    "reference-rankings": ["chance", "--database=train.h5", "--query=query.h5", "--output=out.json"],
    "efficiency": ["--method=itq_mean", "--output=out.csv", "--device=cpu"],
    "efficiency-fit": ["efficiency.csv", "--output=out.json"],
    "index": ["train.h5", "--model=model.safetensors", "--output=out.index"],
    "search": ["my.index", "query.h5"],
    "duplicates": ["my.index"],
    "hash": ["train.h5", "--model=model.safetensors"],
    "import-checkpoint": ["checkpoint.pth", "--dataset=demo", "--output-dir=out"],
    "import-semantics": [".", "--output=out.h5"],
    "import-centers": ["centers.h5", "--semantics=semantics.h5", "--output=out.h5"],
    "table": ["table1", "--run={}"],
    "figure": ["figure3", "--run={}"],
    "report": ["--run={}"],
    "archive": ["toy", "--run={}"],
    "export": ["cell"],
    "verify-results": ["folder"],
}  # fmt: skip
NOT_TRIED = {"schema"}  # has a switch only

TEXTS = ["", "-1", "0", "nan", "9" * 30, "\udcff", "a" * 5000, "a\nb", "../up", "[" * 5000, "3", '{"a": {}}',
         '{"a": 1, "a": 2}', "a=b"]  # fmt: skip
PATHS = ["missing/file", "folder", "empty", "garbage", "train.h5", "model.safetensors", "pipe"]
OUTPUTS = ["folder", "train.h5/below", "pipe", "/proc/none/file", "n" * 300]
WRITES = ("--output", "--output-dir", "--receipt", "--csv", "--html", "--results")


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """A folder with a file of every kind that commands read."""
    folder = tmp_path_factory.mktemp("stock")
    before = os.getcwd()
    os.chdir(folder)
    try:
        rng = np.random.default_rng(0)
        for part, videos in (("train", 30), ("query", 6)):
            classes = np.arange(videos) % 3
            feats = rng.standard_normal((videos, 4, 5)).astype(np.float32)
            labels, ids = np.eye(3, dtype=np.uint8)[classes], [f"{part}{number}" for number in range(videos)]
            write_features(f"{part}.h5", [feats], shape=feats.shape, labels=labels, ids=ids, provenance={})
        Path("config/datasets").mkdir(parents=True)
        Path("config/datasets/toy.yaml").write_text(TOY)
        Path("data/toy").mkdir(parents=True)
        for name in ("train.h5", "query.h5"):
            with h5py.File(name) as file, h5py.File(f"data/toy/{name}", "w") as copy:
                copy["feats"] = file["feats"][:]
        assert main(["semantics", "--features=train.h5", "--clusters=3", "--output=semantics.h5"]) == 0
        words = ["--semantics=semantics.h5", "--bits=8", "--solver=random", "--output=centers.h5"]
        assert main(["centers", *words]) == 0
        words = ["--dataset=demo", "--method=itq_mean", "--bits=4", "--train=train.h5", "--output=model.safetensors"]
        assert main(["fit", *words]) == 0
        words = ["--model=model.safetensors", "--database=train.h5", "--query=query.h5", "--output-dir=cell"]
        assert main(["evaluate", *words]) == 0
        assert main(["index", "train.h5", "--model=model.safetensors", "--output=my.index"]) == 0
        Path("folder").mkdir()
        Path("empty").touch()
        Path("garbage").write_bytes(bytes(range(256)) * 8)
        Path("text.yaml").write_text("a: [1")
        Path("checkpoint.pth").write_bytes(b"\x80\x04garbage")
        Path("efficiency.csv").write_text("frames\n1\n")
        os.mkfifo("pipe")
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def here(stock, tmp_path, monkeypatch):
    """A working directory with all that, without a network."""
    for path in stock.iterdir():
        (tmp_path / path.name).symlink_to(path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("S5VH_CACHE", "none")

    def refuse(*_, **__):
        raise OSError(101, "Network is unreachable")

    def stop(*_, **__):
        raise UserError("the training itself is tested elsewhere")

    monkeypatch.setattr("s5vh.training.stage.train", stop)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tmp_path


def commands() -> dict[str, argparse.ArgumentParser]:
    (action,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(action.choices)


def options(name: str) -> list[argparse.Action]:
    """Options and positional arguments of a command that take a value."""
    return [action for action in commands()[name]._actions if action.dest != "help" and action.nargs != 0]


def values(action: argparse.Action) -> list[str]:
    name = (action.option_strings or [action.dest])[-1]
    if name in WRITES:
        return [*OUTPUTS, "", " "]
    paths = action.type is not None and "path" in getattr(action.type, "__name__", "").lower()
    return [*PATHS, *TEXTS] if paths or not action.option_strings else [*TEXTS, "folder", "train.h5"]


def outcome(words: list[str], capsys: pytest.CaptureFixture[str]) -> int:
    """Exit code of a command, which must be 0, or 2 after exactly one line that says why."""
    try:
        code = main(words)
    except SystemExit as stopped:
        code = stopped.code
    said = capsys.readouterr().err
    errors = [line for line in said.splitlines() if line.startswith("s5vh: error: ")]
    assert "Traceback" not in said
    assert (code, len(errors)) in ((0, 0), (2, 1)), (words, said)
    assert code == 0 or said.splitlines()[-1] == errors[0]
    return code


def test_every_command_is_tried():
    assert set(COMMANDS) == set(commands()) - NOT_TRIED
    for name in NOT_TRIED:
        assert not options(name)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_wrong_values_of_every_option(here, capsys, name):
    base = COMMANDS[name]
    before = {path.name for path in here.iterdir()}
    outcome([name, *base], capsys)
    for number, action in enumerate(options(name)):
        for value in values(action)[number % 2 :: 2]:  # all values meet some option of the command; half the time
            if action.option_strings:
                flag = action.option_strings[-1]
                words = [word for word in base if not word.startswith(f"{flag}=")] + [f"{flag}={value}"]
            else:
                places = [place for place, word in enumerate(base) if not word.startswith("-")]
                position = [other.dest for other in options(name) if not other.option_strings].index(action.dest)
                words = [*base[: places[position]], value, *base[places[position] + 1 :]]
            outcome([name, *words], capsys)
    left = {path.name for path in here.iterdir()} - before
    assert not [other for other in left if ".part" in other], "something half-written is left"


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"doctor"}))  # which needs none
def test_missing_and_unknown_options(here, capsys, name):
    assert outcome([name], capsys) == 2
    assert outcome([name, *COMMANDS[name], "--no-such-option"], capsys) == 2
    assert outcome([name, *COMMANDS[name], "--no-such-option=\udcff\n"], capsys) == 2


@pytest.mark.parametrize("words", [[], ["fly"], [""], ["--versio"], ["-x"], ["\udcff"]])
def test_commands_that_are_none(capsys, words):
    outcome(words, capsys)
