"""Files that cannot be read: each message says what is known about the file, and advises nothing that loses it."""

from __future__ import annotations

import errno
import os
import types
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io
from broken_files import locked, refuse, told, with_unknown_filter
from data_files import LABELS, D, T, random_features, save, save_mat73

from s5vh.base.files import check_file, read_json, read_text, write_json
from s5vh.centers.centers_file import read_centers
from s5vh.cli import main
from s5vh.config.load import load_dataset
from s5vh.data import hdf5
from s5vh.data.features import open_features, validate
from s5vh.data.kinds import kind_of
from s5vh.data.labels import read_array
from s5vh.methods.model_file import read_model
from s5vh.semantics.neighbours import read_neighbours
from s5vh.semantics.semantics_file import read_semantics

TOY = """\
title: Toy
frames: 3
feature_size: 4
classes: 3
backbone: none
parts:
  train: {features: [train.h5], labels: {files: [labels.mat]}}
  database: train
  query: {features: [query.h5]}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working directory with a data set of the user's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config/datasets").mkdir(parents=True)
    (tmp_path / "config/datasets/toy.yaml").write_text(TOY)
    (tmp_path / "data/toy").mkdir(parents=True)
    save(tmp_path / "data/toy/train.h5", feats=random_features(5))
    save(tmp_path / "data/toy/query.h5", feats=random_features(2))
    scipy.io.savemat(tmp_path / "data/toy/labels.mat", {"labels": LABELS})
    return tmp_path


def read_anything(path: Path) -> list[str]:
    """What all readers say to one file."""
    readers = (open_features, read_semantics, read_centers, read_neighbours, read_model)
    return [told(reader, path) for reader in readers] + [told(read_array, path, "labels")]


def test_a_locked_file(tmp_path):
    path = save(tmp_path / "f.h5", feats=random_features(5))
    said = f"{path}: is locked by another process, which has it open for writing; wait until that has finished"
    with locked(path):
        for reader in (open_features, read_semantics, read_centers, read_neighbours):
            assert told(reader, path) == said
        assert told(read_array, path, "feats") == said
    assert validate(path) == (5, T, D)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_system_without_locks(tmp_path, monkeypatch, number):
    path, real = save(tmp_path / "f.h5", feats=random_features(5)), h5py.File

    def without_locks(*arguments, locking=None, **options):
        if locking is not False:
            raise OSError(number, f"Unable to open file (unable to lock file, errno = {number})")
        return real(*arguments, locking=locking, **options)

    monkeypatch.setattr(hdf5.h5py, "File", without_locks)
    assert validate(path) == (5, T, D)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "cannot be read (permission denied); check the permissions of the file and of its folders"),
        (errno.EPERM, "cannot be read (operation not permitted); check the permissions of the file and of its folders"),
        (errno.EIO, "cannot be read (input/output error); check the disk or network file system it is on"),
        (errno.ESTALE, "cannot be read (stale file handle); check the disk or network file system it is on"),
        (errno.EMFILE, "cannot be read (too many open files); check the disk or network file system it is on"),
    ],
)
def test_what_the_system_reports(tmp_path, monkeypatch, number, said):
    path = save(tmp_path / "f.h5", feats=random_features(5))
    refuse(monkeypatch, path, number)
    assert read_anything(path) == [f"{path}: {said}"] * 6


def test_an_error_in_the_middle_of_a_file(tmp_path, monkeypatch):
    path = save(tmp_path / "f.h5", feats=random_features(5))

    def failing(*_):
        raise OSError(
            "Can't synchronously read data (file read failed: time = x, filename = 'f.h5', file descriptor = 3, "
            "errno = 5, error message = 'Input/output error', buf = 0x1, total read size = 240)"
        )

    with open_features(path) as file:
        monkeypatch.setattr(h5py.Dataset, "__getitem__", failing)
        assert told(lambda: file.feats[0]) == (
            f"{path}: cannot be read (input/output error); check the disk or network file system it is on"
        )


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not stop root")
def test_permissions_of_a_file_and_of_a_folder(here):
    for path in (here / "data/toy/train.h5", here / "data/toy"):
        mode = path.stat().st_mode
        path.chmod(0)
        try:
            assert "permission denied" in told(open_features, "data/toy/train.h5")
            assert main(["doctor", "--no-plan"]) == 0
        finally:
            path.chmod(mode)


def test_folders_pipes_and_links(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    (tmp_path / "circle").symlink_to("circle")
    readers = (check_file, open_features, read_semantics, read_centers, read_neighbours, read_json)
    for reader in (*readers, read_model):
        assert told(reader, tmp_path) == f"{tmp_path}: is a folder, not a file"
        assert told(reader, tmp_path / "pipe") == f"{tmp_path / 'pipe'}: is not a regular file"
        assert told(reader, tmp_path / "link") == (
            f"{tmp_path / 'link'}: is a link to {tmp_path / 'gone'}, which is missing"
        )
        assert told(reader, tmp_path / "circle") == (
            f"{tmp_path / 'circle'}: cannot be read (too many levels of symbolic links); "
            "check the disk or network file system it is on"
        )
    for reader in readers:
        assert told(reader, tmp_path / ("n" * 300)).endswith(": no such file; the name is too long")
    assert told(read_json, tmp_path / "none") == f"{tmp_path / 'none'}: no such file"


def test_one_kind_of_file_for_another(tmp_path):
    from safetensors.numpy import save_file

    features = save(tmp_path / "features.h5", feats=random_features(5))
    semantics = save(tmp_path / "semantics.h5", assignments=np.zeros(3), centroids=np.zeros((2, 2)))
    save_file({"a": np.zeros(3)}, tmp_path / "model.safetensors")
    np.savez(tmp_path / "codes.npz", bits=np.int64(8))
    (tmp_path / "page.h5").write_text("<!DOCTYPE html><title>Login</title>")
    (tmp_path / "empty.h5").touch()
    (tmp_path / "notes.txt").write_text("These are my notes: é.\n")
    (tmp_path / "pointer.h5").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    assert told(read_model, features) == f"{features}: is a feature file, not a model"
    assert told(read_model, semantics) == f"{semantics}: is a semantics file, not a model"
    assert told(read_semantics, features) == f"{features}: is a feature file, not a semantics file"
    assert told(read_centers, semantics) == f"{semantics}: is a semantics file, not a centers file"
    assert told(read_neighbours, features) == f"{features}: is a feature file, not a neighbour file"
    assert told(open_features, semantics) == f"{semantics}: is a semantics file, not a feature file"
    for name, kind in (
        ("model.safetensors", "a model, not an HDF5 file"),
        ("codes.npz", "a NumPy archive, not an HDF5 file"),
        ("notes.txt", "a text file, not an HDF5 file"),
        ("page.h5", "a web page, not an HDF5 file; download or create it again"),
        ("empty.h5", "an empty file, not an HDF5 file; download or create it again"),
        ("pointer.h5", "a Git LFS pointer instead of the file itself; run `git lfs pull`, not an HDF5 file"),
    ):
        assert told(open_features, tmp_path / name) == f"{tmp_path / name}: is {kind}"
    assert told(read_array, tmp_path / "model.safetensors", "labels") == (
        f"{tmp_path / 'model.safetensors'}: is a model, not a label file"
    )


def test_a_checkpoint_is_no_model_but_can_become_one(tmp_path):
    import torch

    torch.save({"a": torch.zeros(2)}, tmp_path / "ucf_16.pth")
    assert told(read_model, tmp_path / "ucf_16.pth") == (
        f"{tmp_path / 'ucf_16.pth'}: is a PyTorch checkpoint, not a model; `s5vh import-checkpoint` imports one"
    )


def test_kinds_of_files(tmp_path):
    for content, kind in (
        (b"\x80\x04\x95abc", "a pickle file"),
        (b"SQLite format 3\0", "an SQLite database, such as the second file of an index"),
        (b"\0\0\0\x20ftypisom", "a video"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xff\xfe\x01\x02", None),
        (("aü" * 300).encode(), "a text file"),  # the first 512 bytes end within a character
    ):
        (tmp_path / "f").write_bytes(content)
        assert kind_of(tmp_path / "f") == kind


def test_a_compression_filter_that_is_not_installed(here, capsys):
    said = (
        "'feats' is compressed with the HDF5 filter unknown (32999), which is not installed; `pip install hdf5plugin`, "
        "or store it with gzip or without compression"
    )
    path = with_unknown_filter(Path("data/toy/train.h5"), shape=(5, T, D))
    assert told(open_features, path) == f"{path}: {said}"
    assert main(["check", str(path)]) == 2
    assert main(["features", "--dataset=toy", "--part=train", "--output=x.h5"]) == 2
    capsys.readouterr()
    assert main(["verify", "toy"]) == 2
    assert capsys.readouterr().err == f"s5vh: error: toy: 1 of 3 files in data/toy: {path}: {said}\n"
    with_unknown_filter(Path("data/toy/train.h5"), "labels", (5, 3))
    with h5py.File(path, "a") as file:
        file["feats"] = random_features(5)
    assert told(validate, path) == f"{path}: {said.replace('feats', 'labels')}"


def test_a_filter_is_installed_by_importing_it(tmp_path, monkeypatch):
    path, installed = with_unknown_filter(tmp_path / "f.h5"), []
    monkeypatch.setattr(hdf5.h5py.h5z, "filter_avail", lambda code: bool(installed))
    monkeypatch.setattr(hdf5.importlib, "import_module", lambda name: installed.append(name) or types.ModuleType(name))
    open_features(path).close()
    assert installed == ["hdf5plugin"]


def test_verify_reads_values(here, capsys):
    path = Path("data/toy/train.h5")
    with h5py.File(path, "w") as file:
        file.create_dataset("feats", data=random_features(5), chunks=(1, T, D), compression="gzip")
        place = file["feats"].id.get_chunk_info(4)
    with path.open("r+b") as file:
        file.seek(place.byte_offset)
        file.write(b"\xff" * place.size)
    assert main(["verify", "toy"]) == 2
    assert "data/toy/train.h5: the file is damaged (" in (capsys.readouterr().err)


def test_a_shape_that_claims_too_much(tmp_path):
    path = tmp_path / "f.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("feats", (10**12, T, D), "f4", chunks=(1, T, D))
    assert told(open_features, path) == (
        f"{path}: 'feats' of shape (1000000000000, 3, 4) would have 44,703.5 GiB, but the file has only "
        f"{path.stat().st_size / 2**20:,.1f} MiB; it is damaged or was never filled; download or create it again"
    )
    for key in ("labels", "ids", "class_names"):
        save(path, feats=random_features(5))
        with h5py.File(path, "a") as file:
            kind = "u1" if key == "labels" else h5py.string_dtype()
            file.create_dataset(key, (5, 10**12) if key == "labels" else (10**12,), kind, chunks=True)
        assert told(validate, path).startswith(f"{path}: ")
    for name in ("assignments", "centers", "pointers", "labels"):
        with h5py.File(path, "w") as file:
            file.create_dataset(name, (10**12,), "i4", chunks=(1024,))
        assert all(line.startswith(f"{path}: ") for line in read_anything(path))


def test_sparse_labels_that_claim_too_much_or_lie(tmp_path):
    import scipy.sparse

    path = save_mat73(tmp_path / "l.mat", labels=scipy.sparse.csc_matrix(LABELS.astype(float)))
    np.testing.assert_array_equal(read_array(path, "labels"), LABELS)
    with h5py.File(path, "a") as file:
        file["labels"].attrs["MATLAB_sparse"] = np.uint64(10**12)
    assert told(read_array, path, "labels") == (
        f"{path}: 'labels' has shape (1000000000000, 3), too large for labels; check the file"
    )
    with h5py.File(path, "a") as file:
        file["labels"].attrs["MATLAB_sparse"] = np.uint64(2)
    assert told(read_array, path, "labels").startswith(f"{path}: 'labels' is a damaged sparse array (")
    with h5py.File(path, "a") as file:
        del file["labels/jc"]
    assert told(read_array, path, "labels").startswith(f"{path}: 'labels' is a damaged sparse array (")


@pytest.mark.parametrize(
    ("ids", "read"),
    [
        (np.array([3, 1, 4]), ["3", "1", "4"]),
        (np.array([b"a", b"b\xc3\xa9", b"c"]), ["a", "bé", "c"]),
        (np.array(["a", "bé", "c"], h5py.string_dtype("utf-8")), ["a", "bé", "c"]),
        (np.array([b"a", b"b\xc3\xa9", b"c"], h5py.string_dtype("ascii")), ["a", "bé", "c"]),
    ],
)
def test_ids_of_several_types(tmp_path, ids, read):
    path = save(tmp_path / "f.h5", feats=random_features(3), ids=ids)
    with open_features(path) as file:
        assert file.ids == read and file.read_ids(1, 3) == read[1:] and file.has_ids
    assert main(["check", str(path)]) == 0


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (np.array([b"a", b"caf\xe9", b"c"]), "id 1 is not UTF-8 (b'caf\\xe9'); store texts as UTF-8"),
        (
            np.array([text.encode("utf-16-le") for text in ("ab", "cd", "ef")]),
            "id 0 has a NUL character ('a\\x00b'); store texts as UTF-8",
        ),
        (np.array([1.5, 2, 3]), "'ids' has shape (3,) of float64, expected one UTF-8 text per id"),
        (np.array([True, False, True]), "'ids' has shape (3,) of bool, expected one UTF-8 text per id"),
        (np.array([[b"a"], [b"b"], [b"c"]]), "'ids' has shape (3, 1) of |S1, expected one UTF-8 text per id"),
        (np.array([b"a", b"b"]), "2 ids for 3 videos"),
        (np.array(b"a"), "'ids' has shape () of |S1, expected one UTF-8 text per id"),
        (h5py.Empty("f4"), "'ids' has shape None of float32, expected one UTF-8 text per id"),
    ],
)
def test_ids_that_are_none(tmp_path, ids, said):
    path = save(tmp_path / "f.h5", feats=random_features(3), ids=ids)
    assert told(validate, path) == f"{path}: {said}"


def test_labels_and_other_parts_that_are_none(tmp_path):
    path = save(tmp_path / "f.h5", feats=random_features(3), labels=np.array([[b"a"], [b"b"], [b"c"]]))
    assert told(validate, path) == f"{path}: labels have type |S1, expected 0 and 1"
    path = save(tmp_path / "f.h5", feats=random_features(3), class_names=np.array([b"\xff"]))
    assert told(validate, path) == f"{path}: class name 0 is not UTF-8 (b'\\xff'); store texts as UTF-8"
    path = save(tmp_path / "f.h5", feats=random_features(3))
    for provenance in ("no JSON", 3, "[1]", np.arange(3)):
        with h5py.File(path, "a") as file:
            file.attrs["provenance"] = provenance
        with open_features(path) as file:
            assert file.provenance == {}
    assert validate(path) == (3, T, D)
    assert told(open_features, path, key="a\0b").startswith(f"{path}: no array 'a\0b' (the file has: feats)")


def test_other_byte_orders_are_read(tmp_path):
    feats = random_features(3)
    path = save(tmp_path / "f.h5", feats=feats.astype(">f4"))
    with open_features(path) as file:
        assert file.feats.dtype == np.dtype("=f4") and file.feats[:].dtype.isnative
        np.testing.assert_array_equal(file.feats[:], feats)
    path = save(tmp_path / "f.h5", feats=feats.astype(np.longdouble))
    assert told(open_features, path) == (
        f"{path}: 'feats' has type float128, expected float32 or float16; convert the features"
    )


def test_text_in_other_encodings(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes("\ufeff{}".encode())
    assert read_json(path) == {}
    path.write_bytes("{}".encode("utf-16"))
    assert told(read_json, path) == f"{path}: is text in UTF-16; save it as UTF-8"
    path.write_bytes(b"{\n'caf\xe9'}")
    assert told(read_text, path) == f"{path}: is not text in UTF-8 (byte 0xe9 in line 2)"
    path.write_text("[" * 10**5)
    assert told(read_json, path).startswith(f"{path}: not valid JSON (maximum recursion depth exceeded")
    write_json(path, {"name": "caf\udce9"})
    assert read_json(path) == {"name": "caf\udce9"}


def test_an_unreadable_settings_file(here, monkeypatch, capsys):
    refuse(monkeypatch, here / "config/datasets/toy.yaml")
    said = "cannot be read (permission denied); check the permissions of the file and of its folders"
    assert told(load_dataset, "toy") == f"config/datasets/toy.yaml: {said}"
    assert main(["doctor", "--no-plan"]) == 2
    assert capsys.readouterr().err == f"s5vh: error: config/datasets/toy.yaml: {said}\n"


@pytest.mark.parametrize("name", ["train.h5", "labels.mat"])
def test_the_doctor_tells_of_unreadable_files(here, monkeypatch, capsys, name):
    refuse(monkeypatch, here / "data/toy" / name)
    assert main(["doctor", "--no-plan"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert (
        f"toy broken data/toy (1 broken, 2 complete) {name}: cannot be read (permission denied); "
        "check the permissions of the file and of its folders" in shown
    )


def test_settings_files_whose_names_are_not_utf8(here, capsys):
    with open(os.fsencode(here / "config/datasets") + b"/caf\xe9.yaml", "w") as file:
        file.write(TOY)
    for words in (["doctor", "--no-plan"], ["verify", "none"]):
        assert main(words) == 2
        assert capsys.readouterr().err == (
            "s5vh: error: config/datasets/caf\\udce9.yaml: the file name is not valid UTF-8; rename the file\n"
        )


def test_no_message_advises_to_delete_what_the_user_named():
    import s5vh

    advice = ("delete it", "delete the file", "remove it, then")
    folders = ("base", "config", "data", "centers", "semantics", "retrieval", "methods", "training", "studies", "cli")
    files = [file for folder in folders for file in (Path(s5vh.__file__).parent / folder).rglob("*.py")]
    for file in files:
        if file.name == "weights.py":
            continue  # a download in torch's cache
        text = " ".join(file.read_text(encoding="utf-8").split())
        assert [words for words in advice if words in text] == [], file
