"""A working directory of its own with a tiny data set, and how to run the workflow in it."""

from __future__ import annotations

import atexit
import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import h5py
import numpy as np
import pytest
from command_server import COMMANDS, Server

ROOT = Path(__file__).resolve().parents[2]

CONFIG = """\
datasets: [toy]
methods: [s5vh, conmh, itq_mean]
bits: [16, 24]
ablations: {table2: {methods: [s5vh_no_alignment], bits: [16]}}
convergence: {methods: [s5vh, s5vh_no_alignment], bits: 16}
centers: {solvers: [admm-plain, random]}
solver_study:
  {solvers: [admm-plain, released], sizes: [{title: Tiny, clusters: 4, bits: [8]}], seconds: 1,
   centering: {clusters: 4, bits: 8, seeds: 2}}
efficiency: {methods: [s5vh, conmh], frames: [4, 8, 16, 32], feature_size: 8, bits: 16, batch_size: 2, repeats: 2}
examples: {method: s5vh, bits: 16, queries: 2, neighbours: 3}
protocol_study: {methods: [itq_mean], bits: [4, 16], orders: 3}
overrides:
  s5vh:
    model: {width: 16, depth: 1, decoder_width: 16, d_state: 4}
    training: {epochs: 2, batch_size: 16, evaluate_every: 1}
  conmh:
    model: {width: 16, depth: 1, heads: 2, decoder_width: 16, decoder_depth: 1, decoder_heads: 2}
    training: {epochs: 2, batch_size: 16, evaluate_every: 1}
"""
DATASET = """\
title: Toy
frames: 6
feature_size: 32
classes: 3
backbone: random numbers around one direction a class
parts:
  train:
    features: [train.h5]
    labels: {files: [train_labels.h5]}
    count: 48
  database: train
  query:
    features: [query.h5]
    labels: {files: [query_labels.h5]}
semantics: {clusters: 6, pca: 4}
"""


def write_features(folder: Path, part: str, videos: int, seed: int) -> None:
    """A feature file and a label file as the papers' authors publish them, one class after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(seed)
    classes = np.arange(videos) % 3
    directions = np.random.default_rng(0).normal(size=(3, 1, 32))
    feats = directions[classes] + 0.5 * generator.normal(size=(videos, 6, 32))
    with h5py.File(folder / f"{part}.h5", "w") as file:
        file["feats"] = feats.astype("float32")
    with h5py.File(folder / f"{part}_labels.h5", "w") as file:
        file["labels"] = np.eye(3, dtype="uint8")[classes]


def make_workspace(folder: Path) -> Path:
    """A working directory: two data sets of one shape, the run's configuration, a method file of its own."""
    (folder / "config/datasets").mkdir(parents=True)
    (folder / "config/methods").mkdir()
    (folder / "config/config.yaml").write_text(CONFIG)
    for number, name in enumerate(("toy", "other")):
        (folder / f"config/datasets/{name}.yaml").write_text(DATASET.replace("Toy", name.title()))
        write_features(folder / "data" / name, "train", 48, 2 * number + 1)
        write_features(folder / "data" / name, "query", 15, 2 * number + 2)
    shutil.copy(ROOT / "config/methods/itq_mean.yaml", folder / "config/methods")
    return folder


@cache
def command_server() -> Server:
    """Of this test process, which ends it by ending."""
    server = Server()
    atexit.register(server.close)
    return server


def snakemake(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the workflow in `folder`; standard output and error come back as one text."""
    words = ("--snakefile", ROOT / "Snakefile", "--directory", folder, "--cores", "2", *words)
    return command_server().run("snakemake", words, folder, _variables() | environment)


def s5vh(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command `s5vh` in `folder`; standard output and error come back as one text."""
    return command_server().run("s5vh", words, folder, _variables())


def _variables() -> dict[str, str]:
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("S5VH_", "SNAKEMAKE_"))}
    path = os.pathsep.join([str(command_server().commands), str(COMMANDS), variables["PATH"]])
    return variables | {"PATH": path, "S5VH_COPIES": "0"}


def made_once(
    factory: pytest.TempPathFactory, name: str, prepare: Callable[[Path], object], target: str, **environment: str
) -> Path:
    """A working directory after a run, made by the first test process that asks; shared, so not to be changed."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, log = shared / name, shared / f"{name}.log"
    with open(shared / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not log.exists():
            prepare(folder)
            done = snakemake(folder, target, **environment)
            log.write_text(f"{done.returncode}\n{done.stdout}")
    status, output = log.read_text().split("\n", 1)
    assert status == "0", output
    return folder


def jobs(done: subprocess.CompletedProcess[str]) -> set[str]:
    """What the jobs of a dry run would do, by their messages."""
    assert done.returncode == 0, done.stdout
    return set(re.findall(r"^Job \d+: (.+)$", done.stdout, re.MULTILINE))
