"""Queries that are in the database, value for value: every frame and every bit counts, and the first copy is named."""

from __future__ import annotations

import numpy as np
import pytest

from s5vh.data import features
from s5vh.data.features import write_features
from s5vh.data.overlap import find_overlap


def write(path, videos, dtype="float32"):
    videos = np.asarray(videos, np.float32)
    ids = [f"{path.name}-{row}" for row in range(len(videos))]
    write_features(path, [videos], shape=videos.shape, dtype=dtype, ids=ids, provenance={})
    return path


@pytest.fixture
def base():
    return np.random.default_rng(0).standard_normal((6, 3, 4)).astype(np.float32)


def index_of(tmp_path, query, database, query_dtype="float32", database_dtype="float32"):
    files = write(tmp_path / "q", query, query_dtype), write(tmp_path / "d", database, database_dtype)
    return find_overlap(*files).database_index.tolist()


def test_the_first_of_several_copies(tmp_path, base):
    database = base[[5, 1, 2, 1, 5]]
    found = find_overlap(write(tmp_path / "q", base[[1, 0, 5]]), write(tmp_path / "d", database))
    assert found.database_index.tolist() == [1, -1, 0] and found.database_index.dtype == np.int64
    assert found.pairs == [("q-0", "d-1"), ("q-2", "d-0")] and found.count == 2


def test_the_smallest_difference_anywhere_counts(tmp_path, base):
    # One step of float32 in one value, which float16 does not see.
    for place in ((0, 0), (1, 2), (2, 3)):
        changed = base.copy()
        changed[(3, *place)] = np.nextafter(changed[(3, *place)], np.float32(9))
        assert changed.astype(np.float16).tobytes() == base.astype(np.float16).tobytes()
        assert index_of(tmp_path, changed, base) == [0, 1, 2, -1, 4, 5]


def test_equal_frames_in_another_order_are_another_video(tmp_path, base):
    assert index_of(tmp_path, base[:2, ::-1], base) == [-1, -1]
    first = base.copy()
    first[:, 1:] += 1  # equal first frames only
    last = base.copy()
    last[:, :-1] += 1
    assert index_of(tmp_path, first, base) == index_of(tmp_path, last, base) == [-1] * 6


def test_equal_values_in_other_bytes_are_equal(tmp_path):
    zeros = np.zeros((1, 2, 3))
    assert index_of(tmp_path, -zeros, zeros) == [0] and index_of(tmp_path, zeros, -zeros) == [0]
    halves = np.array([[[0.5, -0.25], [1.0, 3.0]]])
    assert index_of(tmp_path, halves, halves, query_dtype="float16") == [0]
    assert index_of(tmp_path, halves, halves, database_dtype="float16") == [0]


def test_pairs_are_the_first_ones(tmp_path, base):
    files = write(tmp_path / "q", np.repeat(base, 2, axis=0)), write(tmp_path / "d", base)
    assert find_overlap(*files).pairs == [(f"q-{row}", f"d-{row // 2}") for row in range(10)]
    assert find_overlap(*files, shown=3).pairs == [("q-0", "d-0"), ("q-1", "d-0"), ("q-2", "d-1")]
    assert find_overlap(*files, shown=0).pairs == [] and find_overlap(*files, shown=0).count == 12


def test_files_of_several_blocks(tmp_path, base, monkeypatch):
    monkeypatch.setattr(features, "BLOCK_BYTES", base[:2].nbytes)
    assert index_of(tmp_path, base[[4, 5, 0, 3, 2]], base) == [4, 5, 0, 3, 2]


def test_queries_that_are_the_database_are_themselves(tmp_path):
    base = np.ones((3, 2, 2), np.float32)  # all equal, so that a comparison would find the first
    path = write(tmp_path / "d", base)
    found = find_overlap(path, tmp_path / "." / path.name)
    assert found.database_index.tolist() == [0, 1, 2] and found.pairs == [] and found.count == 3
