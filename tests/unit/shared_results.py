"""A tiny results folder with finished cells, made by the workflow's stages, and ways to tamper with its export."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.data.aspects import Aspect
from s5vh.data.features import write_features
from s5vh.methods.cell import Cell
from s5vh.methods.load import load_method
from s5vh.sharing.folder import write_sums
from s5vh.sharing.verification import verify
from s5vh.studies.evaluation import evaluate_model
from s5vh.training.fitting import fit_cell

BITS, CLASSES = 12, 3
PROTOCOLS = {
    "published": {"cutoffs": [2, 5]},
    "strict": {"denominator": "capped_relevant", "ties": "expected", "exclude_self": True, "cutoffs": [2, 5]},
}
ASPECTS = [Aspect("pair", np.array([0, 0, 1])), Aspect("order", np.array([0, 1, -1]), "pair")]
CELL = f"tiny/lsh_mean/{BITS}bit/seed1"
TRANSFER = f"transfer/tiny_to_same/lsh_mean/{BITS}bit/seed1"


def write_part(path: Path, feats: np.ndarray, name: str, labelled: bool) -> None:
    """A feature file of videos named `name`0, `name`1, ..., of three classes in turn."""
    kept: dict[str, Any] = {"ids": [f"{name}{row}" for row in range(len(feats))]}
    if labelled:
        labels = np.eye(CLASSES, dtype=np.uint8)[np.arange(len(feats)) % CLASSES]
        kept |= {"labels": labels, "class_names": ["a", "b", "c"], "aspects": ASPECTS}
    write_features(path, [feats], shape=feats.shape, provenance={}, **kept)


def make_results(root: Path) -> Path:
    """Three data sets, each with cells of `lsh_mean`: tiny, bare (without labels), and same (queries are the database).

    The third query of tiny is its database's video 7. A model of tiny also searches same.
    """
    rng = np.random.default_rng(0)
    database = rng.standard_normal((30, 2, 8)).astype(np.float32)
    query = rng.standard_normal((9, 2, 8)).astype(np.float32)
    query[2] = database[7]
    for name, part in (("tiny", "train"), ("bare", "database"), ("same", "database")):
        path = layout.features(name, part, root)
        write_part(path, database, "video", name != "bare")
        if name != "same":
            write_part(path.with_name("query.h5"), query, "query", name != "bare")
        for seed in (1, 2) if name == "tiny" else (1,):
            cell = Cell(dataset=name, method="lsh_mean", bits=BITS, seed=seed, settings=load_method("lsh_mean"))
            folder = layout.cell(name, cell.method, BITS, seed, root)
            fit_cell(cell, train_file=path, output=folder / "model.safetensors")
            _evaluate(name, folder / "model.safetensors", path, folder)
    searched = layout.features("same", "database", root)
    _evaluate("same", root / CELL / "model.safetensors", searched, root / TRANSFER)
    return root


def _evaluate(name: str, model: Path, database: Path, folder: Path) -> None:
    query = database.with_name("query.h5")
    evaluate_model(
        model,
        database_file=database,
        query_file=query if query.exists() else database,
        protocols={} if name == "bare" else PROTOCOLS,
        output=folder,
    )


def copied(folder: Path, target: Path) -> Path:
    """A copy to tamper with."""
    return Path(shutil.copytree(folder, target))


def rewrite_json(path: Path, change: Callable[[Any], None]) -> None:
    """Change a JSON file, and the checksums of the export it is in."""
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))


def disagreements(folder: Path, *features: Path) -> set[str]:
    """What a folder claims and its codes do not say, with new checksums: names of checks."""
    write_sums(folder)
    return {check.name for _, check in verify(folder, features).disagreeing}


def refusal(folder: Path, sums: bool = True) -> str:
    """The message with which a folder is refused, with new checksums or those it has."""
    if sums:
        write_sums(folder)
    try:
        verify(folder)
    except UserError as error:
        return str(error).replace(str(folder), "FOLDER")
    raise AssertionError("not refused")
