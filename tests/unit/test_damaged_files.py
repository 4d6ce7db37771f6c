"""Damaged files of every kind: each is read, or refused in one line that names it. Never a traceback."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from data_files import LABELS, random_features, save_mat73
from scipy.sparse import csr_array

from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_json
from s5vh.centers.centers_file import read_centers, write_centers
from s5vh.centers.solve import solve
from s5vh.data.features import validate, write_features
from s5vh.data.kinds import kind_of
from s5vh.data.labels import read_array
from s5vh.methods.load import resolve_cell
from s5vh.methods.model_file import StoredModel, read_model, save_model
from s5vh.retrieval.codes import read_codes, write_codes
from s5vh.semantics.clustering import build_semantics
from s5vh.semantics.neighbours import read_neighbours, write_neighbours
from s5vh.semantics.semantics_file import read_semantics, write_semantics

DAMAGES = 40  # of every kind of file


def labels(path: Path) -> np.ndarray:
    return read_array(path, "labels")


def write(folder: Path) -> dict[Path, Callable]:
    """One good file of each kind, always of the same bytes, and what reads it."""
    feats = random_features(12)
    classes = np.eye(3, dtype=np.uint8)[np.arange(12) % 3]
    semantics = build_semantics(feats, 3, None)
    features, ids = folder / "features.h5", [f"vidéo {number}" for number in range(12)]
    write_features(
        features, [feats], shape=feats.shape, labels=classes, ids=ids, provenance={"a": 1}, class_names=["a", "b", "c"]
    )
    write_semantics(folder / "semantics.h5", semantics, {"a": 1})
    write_centers(folder / "centers.h5", solve(np.eye(3), 8, "random", 1), {"a": 1})
    write_neighbours(folder / "neighbours.h5", csr_array(np.eye(12, dtype=bool)), {"a": 1})
    cell = resolve_cell("demo", "itq_mean", 4, 1)
    save_model(folder / "model.safetensors", StoredModel({"mean": np.zeros(4)}, cell, 3, 4, None, {"a": 1}))
    write_codes(folder / "codes.npz", np.ones((9, 8), np.int8), np.ones((3, 8), np.int8), 8)
    scipy.io.savemat(folder / "old.mat", {"labels": LABELS}, format="4")
    save_mat73(folder / "new.mat", labels=LABELS)
    write_json(folder / "metrics.json", {"a": [1, 2.5, {"b": None}]})
    readers = {
        "features.h5": validate, "semantics.h5": read_semantics, "centers.h5": read_centers,
        "neighbours.h5": read_neighbours, "model.safetensors": read_model, "codes.npz": read_codes,
        "old.mat": labels, "new.mat": labels, "metrics.json": read_json,
    }  # fmt: skip
    return {folder / name: reader for name, reader in readers.items()}


def damaged(content: bytes, number: int) -> bytes:
    """The content with bits flipped, bytes replaced, or parts cut off, blanked or repeated."""
    chance, data = random.Random(number), bytearray(content)
    place = chance.randrange(len(data))
    match chance.choice(("flip", "flip", "cut", "blank", "replace", "repeat")):
        case "flip":
            for _ in range(chance.choice((1, 1, 2, 8))):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case "cut":
            del data[place:]
        case "blank":
            data[place : place + 64] = bytes(len(data[place : place + 64]))
        case "replace":
            size = len(data[place : place + chance.choice((1, 4, 16))])
            data[place : place + size] = chance.randbytes(size)
        case "repeat":
            data = data[:place] + data[place // 2 :]
    return bytes(data)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return write(tmp_path_factory.mktemp("good"))


NAMES = ("features.h5", "semantics.h5", "centers.h5", "neighbours.h5", "model.safetensors", "codes.npz", "old.mat",
         "new.mat", "metrics.json")  # fmt: skip


@pytest.mark.filterwarnings("ignore::UserWarning")  # SciPy's, about byte orders of files that are none
@pytest.mark.parametrize("name", NAMES)
def test_damage_is_survived_or_told(good, tmp_path, name):
    (file,) = (path for path in good if path.name == name)
    reader, content, path, refused = good[file], file.read_bytes(), tmp_path / name, 0
    reader(file)
    for number in range(DAMAGES):
        path.write_bytes(damaged(content, number))
        try:
            reader(path)
        except UserError as error:
            assert str(error).startswith(f"{path}: ") and "\n" not in str(error), number
            refused += 1
        kind_of(path)
    assert refused > DAMAGES // 5


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", NAMES)
def test_a_file_of_another_kind_is_told(good, tmp_path, name, other):
    reader = next(good[path] for path in good if path.name == name)
    path = next(path for path in good if path.name == other)
    if (
        good[path] is reader
        or (name, other) == ("new.mat", "features.h5")
        or (name, other) == ("old.mat", "features.h5")
    ):
        return
    with pytest.raises(UserError) as error:
        reader(path)
    assert str(error.value).startswith(f"{path}: ")


@pytest.mark.parametrize("header", [
    {"frames": "0"}, {"frames": "x"}, {"frames": "1e30"}, {"frames": "-1"}, {"frames": str(10**12)},
    {"training": "["}, {"training": "3"}, {"provenance": "[]"}, {"cell": "{}"}, {"cell": "[" * 10**5},
])  # fmt: skip
def test_headers_of_models_that_lie(good, tmp_path, header):
    from safetensors import safe_open
    from safetensors.numpy import save_file

    (file,) = (path for path in good if path.name == "model.safetensors")
    with safe_open(file, "np") as opened:
        metadata = opened.metadata() | header
    path = tmp_path / "m.safetensors"
    save_file({"mean": np.zeros(4)}, path, metadata=metadata)
    with pytest.raises(UserError) as error:
        read_model(path)
    assert str(error.value).startswith(f"{path}: header: ") and "\n" not in str(error.value)


def test_a_model_is_readable_for_the_group_as_other_files_are(good):
    modes = {path.stat().st_mode & 0o777 for path in good if path.suffix in (".json", ".safetensors")}
    assert len(modes) == 1
