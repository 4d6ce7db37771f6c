"""Feature files at their edges: blocks that do not fit, disks that just do, ids in part, names in messages."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
from data_files import LABELS, D, T, fails, random_features, save

from s5vh.data import features as features_module
from s5vh.data.features import block_size, check_finite, check_space, linked_file, open_features, write_features
from s5vh.data.hdf5 import open_hdf5, read_matrix, read_strings, shown_names


def write(path, blocks, videos=5, **options):
    arguments = {"shape": (videos, T, D), "ids": [f"v{number}" for number in range(videos)], "provenance": {}}
    write_features(path, blocks, **(arguments | options))


@pytest.mark.parametrize(
    ("sizes", "message"),
    [([3, 3], r"block of shape \(3, 3, 4\) at video 3 does not fit"), ([2, 2], "got 4 videos for")],
)
def test_blocks_must_add_up(tmp_path, sizes, message):
    with pytest.raises(ValueError, match=message):
        write(tmp_path / "f.h5", [random_features(size) for size in sizes])
    with pytest.raises(ValueError, match="at video 0 does not fit"):
        write(tmp_path / "f.h5", [random_features(5)[:, :, :3]])
    with pytest.raises(ValueError, match="4 ids for 5 videos"):
        write(tmp_path / "f.h5", [random_features(5)], ids=list("abcd"))
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_is_told_and_recorded_at_the_end(tmp_path):
    told = []
    feats = random_features(5).astype(np.float64)
    write(
        tmp_path / "f.h5", [feats[:2], feats[2:]], progress=told.append, labels=LABELS.astype(np.int64),
        provenance=lambda: {"blocks": list(told)}, class_names=["a", "é", "c"],
    )  # fmt: skip
    with open_features(tmp_path / "f.h5") as file:
        assert told == [2, 3] and file.provenance == {"blocks": [2, 3]}
        assert file.feats.dtype == np.float32 and file.labels.dtype == np.uint8 and file.class_names == ["a", "é", "c"]
        np.testing.assert_array_equal(file.feats[()], feats.astype(np.float32))
        assert file.has_ids and file.read_ids(1, 3) == ["v1", "v2"] and file.ids == [f"v{n}" for n in range(5)]
    with fails(f"{tmp_path / 'g.h5'}: dtype 'float64', expected 'float16' or 'float32'"):
        write(tmp_path / "g.h5", [feats], dtype="float64")


def test_a_file_from_elsewhere_has_numbers_for_ids_and_no_record(tmp_path):
    path = save(tmp_path / "f.h5", feats=random_features(12))
    with open_features(path) as file:
        assert not file.has_ids and file.read_ids(9, 11) == ["000009", "000010"] and len(file.ids) == 12
        assert file.provenance == {} and file.labels is None and file.class_names is None
        assert [len(block) for block in file.blocks(5)] == [5, 5, 2] and [len(block) for block in file.blocks()] == [12]
    for content in ("[1]", "{", 7):
        with h5py.File(path, "a") as file:
            file.attrs["provenance"] = content
        with open_features(path) as file:
            assert file.provenance == {}


def test_a_file_fits_on_a_disk_that_has_just_its_bytes(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: asked.append(folder) or SimpleNamespace(free=3 * 2**30))
    check_space(tmp_path / "not/there/f.h5", 3 * 2**30)
    assert asked == [tmp_path]
    with fails("f.h5: needs 3.0 GiB, the disk has 3.0 GiB left; free some space and run the same command again"):
        check_space("f.h5", 3 * 2**30 + 1)
    needed = []
    monkeypatch.setattr(features_module, "check_space", lambda path, size: needed.append(size))
    for dtype, size in (("float32", 4), ("float16", 2)):
        write(tmp_path / "f.h5", [random_features(5)], dtype=dtype)
        assert needed.pop() == 5 * T * D * size


def test_blocks_have_so_many_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(features_module, "BLOCK_BYTES", 100)
    with h5py.File(tmp_path / "f.h5", "w") as file:
        for name, dtype, chunk, videos in (
            ("a", "f4", None, 2), ("b", "f2", None, 4), ("c", "f4", 3, 3), ("d", "f2", 3, 3), ("e", "f8", None, 1),
        ):  # fmt: skip
            chunks = None if chunk is None else (chunk, T, D)
            assert block_size(file.create_dataset(name, (9, T, D), dtype, chunks=chunks)) == videos
        assert block_size(file.create_dataset("f", (9, 9, 9), "f4")) == 1


def test_the_first_bad_video_is_named_with_its_number_in_the_file():
    block = random_features(6).astype(np.float64)
    block[4, 0, 0], block[2, 1, 1] = np.nan, 1e39
    with fails("f.h5: video 102 has values beyond float32; re-extract its features or omit it"):
        check_finite(block, 100, "f.h5")
    block[2, 1, 1] = 1e38
    with fails("f.h5: video 104 has NaN; re-extract its features or omit it"):
        check_finite(block, 100, "f.h5")


def test_links_start_at_the_folder_of_their_file(tmp_path):
    (tmp_path / "deep").mkdir()
    assert linked_file(tmp_path / "deep/f.h5", "../a%%b.h5") == tmp_path / "a%b.h5"
    assert str(linked_file(tmp_path / "f.h5", "/x/y.h5")) == "/x/y.h5"


def test_matrices_and_names_in_messages(tmp_path):
    matrix = np.arange(12.0).reshape(4, 3)
    bad = matrix.copy()
    bad[2, 1] = bad[3, 0] = np.inf
    many = {f"a{number:02d}": np.zeros(1) for number in range(9)}
    path = save(tmp_path / "f.h5", good=matrix, bad=bad, **many)
    np.testing.assert_array_equal(read_matrix(path, "good"), matrix)
    with fails(f"{path}: 'bad' has NaN or infinity in row 2; download it again"):
        read_matrix(path, "bad")
    with fails(f"{path}: 'a00' has shape (1,) of float64, expected a matrix of numbers"):
        read_matrix(path, "a00")
    with open_hdf5(path) as file:
        assert shown_names(file) == ", ".join([*many, "bad"]) + " and 1 more"
    few = save(tmp_path / "few.h5", b=matrix, a=matrix)
    with open_hdf5(few) as file:
        assert shown_names(file) == "a, b"
    with h5py.File(tmp_path / "none.h5", "w"):
        pass
    with open_hdf5(tmp_path / "none.h5") as file:
        assert shown_names(file) == "nothing"


def test_texts_are_counted_from_the_start_of_their_list(tmp_path):
    with h5py.File(tmp_path / "f.h5", "w") as file:
        file["texts"] = np.array([b"a", b"b", b"\xff", b"d"])
        file["numbers"] = np.array([5, -6, 7])
    with h5py.File(tmp_path / "f.h5") as file:
        assert read_strings(file["texts"], "id", 0, 2) == ["a", "b"] and read_strings(file["texts"], "id", 3) == ["d"]
        assert read_strings(file["numbers"], "id", 1) == ["-6", "7"]
        with fails(rf"{tmp_path / 'f.h5'}: id 2 is not UTF-8 (b'\xff'); store texts as UTF-8"):
            read_strings(file["texts"], "id", 1)
