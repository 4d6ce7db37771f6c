"""Feature files: what is written is read, whole or not at all, and every bad file is named in one line."""

from __future__ import annotations

import errno
import io
import os

import h5py
import numpy as np
import pytest
from data_files import CLASSES, LABELS, D, T, fails, random_features, save
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.data import hdf5
from s5vh.data.features import block_size, check_finite, open_features, validate, write_features


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=5),
    st.sampled_from(["float16", "float32"]),
    st.integers(1, 7),
    st.booleans(),
)
def test_what_is_written_is_read_whatever_the_blocks(tmp_path, sizes, dtype, read_size, labelled):
    feats = random_features(sum(sizes)).astype(dtype)
    labels = np.eye(CLASSES, dtype=np.uint8)[np.arange(len(feats)) % CLASSES] if labelled else None
    ids = [f"vidéo {index}" for index in range(len(feats))]
    blocks = np.split(feats, np.cumsum(sizes)[:-1])
    path = tmp_path / "f.h5"
    write_features(path, blocks, shape=feats.shape, dtype=dtype, labels=labels, ids=ids, provenance={"a": 1})
    with open_features(path, T, D) as file:
        assert file.shape == feats.shape
        assert file.feats.dtype == dtype and file.feats.chunks == (1, T, D)
        np.testing.assert_array_equal(np.concatenate(list(file.blocks(read_size))), feats)
        assert file.ids == ids and file.provenance == {"a": 1}
        assert (file.labels is None) if labels is None else (file.labels == labels).all()
    assert validate(path, T, D) == feats.shape


def test_blocks_are_whole_chunks(tmp_path):
    with h5py.File(tmp_path / "f.h5", "w") as file:
        big = file.create_dataset("feats", (1000, 25, 4096), "f4", chunks=(32, 25, 4096))
        assert block_size(big) == 160  # 163 videos of 400 KiB make 64 MiB
        assert block_size(file.create_dataset("wide", (9, 5000, 4096), "f4", chunks=(1, 5000, 4096))) == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_bad_value_is_found(bad):
    block = np.zeros((5, T, D), np.float32)
    block[3, 1, 2] = bad
    what = "NaN" if np.isnan(bad) else "infinity"
    with fails(f"f.h5: video 13 has {what}; re-extract its features or omit it"):
        check_finite(block, 10, "f.h5")


def test_opposite_infinities_and_large_values_are_told_apart():
    check_finite(np.full((2, T, D), np.finfo(np.float32).max), 0, "f.h5")
    check_finite(np.full((2, T, D), float(np.finfo(np.float32).max)), 0, "f.h5")
    block = np.zeros((2, T, D), np.float32)
    block[1, 0, :2] = np.inf, -np.inf
    with fails("f.h5: video 1 has infinity; re-extract its features or omit it"):
        check_finite(block, 0, "f.h5")


def test_values_too_large_for_float16_leave_nothing(tmp_path):
    block = np.full((1, T, D), 70000, np.float32)
    path = tmp_path / "f.h5"
    with fails(f"{path}: values up to 70000 do not fit in float16; set 'dtype: float32'"):
        write_features(path, [block], shape=block.shape, dtype="float16", ids=["a"], provenance={})
    assert list(tmp_path.iterdir()) == []


def test_too_few_videos_leave_nothing(tmp_path):
    with pytest.raises(ValueError, match="got 2 videos for shape"):
        write_features(tmp_path / "f.h5", [random_features(2)], shape=(3, T, D), ids=["a"] * 3, provenance={})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("allowed", [0, 3000])
def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch, allowed):
    """The disk takes `allowed` bytes; HDF5 would end in a segmentation fault if it saw the error."""
    real, taken = io.FileIO.write, 0

    def write(self, data):
        nonlocal taken
        taken += len(data)
        if taken > allowed:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, data)

    small_disk = type("FileIO", (io.FileIO,), {"write": write})
    deferred = type("_DeferredErrorFile", (hdf5._DeferredErrorFile, small_disk), {})
    monkeypatch.setattr(hdf5, "_DeferredErrorFile", deferred)
    path = tmp_path / "f.h5"
    feats = random_features(200)
    with fails(f"{path}: the disk is full; free some space and run the same command again"):
        write_features(path, [feats], shape=feats.shape, ids=["a"] * 200, provenance={})
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_too_small_is_refused_before_the_work(tmp_path):
    path = tmp_path / "f.h5"
    with pytest.raises(UserError, match=r"needs 2000000\.0 GiB, the disk has [\d.]+ GiB left; free some space"):
        write_features(path, iter(()), shape=(2**29, 1000, 1000), ids=[], provenance={})
    assert list(tmp_path.iterdir()) == []


def test_bad_files_are_named(tmp_path):
    good = save(tmp_path / "good.h5", feats=random_features(50), other=np.zeros(3))
    with fails(f"{tmp_path / 'none.h5'}: no such file"):
        open_features(tmp_path / "none.h5")
    text = tmp_path / "text.h5"
    text.write_text("<html>login</html>" * 99)
    with fails(f"{text}: is a web page, not an HDF5 file; download or create it again"):
        open_features(text)
    (tmp_path / "empty.h5").touch()
    with fails(f"{tmp_path / 'empty.h5'}: is an empty file, not an HDF5 file; download or create it again"):
        open_features(tmp_path / "empty.h5")
    for size in (50, 1000, good.stat().st_size - 1):
        cut = tmp_path / "cut.h5"
        cut.write_bytes(good.read_bytes()[:size])
        with fails(f"{cut}: the file is truncated; download or create it again"):
            open_features(cut)
    with fails(f"{good}: no array 'x' (the file has: feats, other); fix 'key' in the data set's file"):
        open_features(good, key="x")
    with fails(f"{good}: 'other' has shape (3,), expected [videos, frames, feature dimension]"):
        open_features(good, key="other")
    with fails(f"{good}: 'feats' has 3 frames per video, expected 9; fix 'frames' in the data set's file"):
        open_features(good, expect_frames=9)
    with fails(f"{good}: 'feats' has feature dimension 4, expected 9; fix 'feature_size' in the data set's file"):
        open_features(good, expect_size=9)
    whole = save(tmp_path / "whole.h5", feats=np.zeros((2, T, D), np.int64))
    with fails(f"{whole}: 'feats' has type int64, expected float32 or float16; convert the features"):
        open_features(whole)
    none = save(tmp_path / "zero.h5", feats=np.zeros((0, T, D), np.float32))
    with fails(f"{none}: 'feats' has shape (0, 3, 4), expected [videos, frames, feature dimension]"):
        open_features(none)


def test_validate_reads_everything(tmp_path):
    feats = random_features(6)
    feats[4, 0, 0] = np.nan
    path = save(tmp_path / "f.h5", feats=feats)
    with fails(f"{path}: video 4 has NaN; re-extract its features or omit it"):
        validate(path)
    path = save(tmp_path / "f.h5", feats=random_features(6), labels=LABELS)
    with fails(f"{path}: labels of shape (5, 3), expected one row for each of 6 videos"):
        validate(path)
    path = save(tmp_path / "f.h5", feats=random_features(5), labels=LABELS * 2)
    with fails(f"{path}: label 0 of video 0 is 2, expected 0 or 1"):
        validate(path)
    path = save(tmp_path / "f.h5", feats=random_features(5), ids=["a", "b"])
    with fails(f"{path}: 2 ids for 5 videos"):
        validate(path)
