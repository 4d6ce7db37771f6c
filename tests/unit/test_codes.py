"""Packing, statistics and files of codes."""

from __future__ import annotations

import numpy as np
import pytest

from s5vh.base.errors import UserError
from s5vh.retrieval.codes import binarize, code_statistics, pack, read_codes, unpack, write_codes


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12)


def test_binarize_gives_zero_a_plus_sign():
    signs = binarize(np.array([[-0.5, -0.0, 0.0], [2.0, -np.inf, np.inf]], np.float32))
    assert signs.dtype == np.int8
    assert signs.tolist() == [[-1, 1, 1], [1, -1, 1]]


def test_packing_is_big_endian_with_zero_padding():
    codes = -np.ones((1, 10), np.int8)
    codes[0, [0, 9]] = 1
    assert pack(codes).tolist() == [[0b10000000, 0b01000000]]


def test_code_statistics_of_known_codes():
    codes = np.array([[1, 1, -1, 1], [1, -1, 1, 1], [-1, 1, -1, 1], [-1, 1, -1, 1]], np.int8)
    statistics = code_statistics(codes)
    close(statistics["bit_balance"], [0, 0.5, -0.5, 1])
    expected = np.corrcoef(codes[:, :3].T.astype(float))
    close(statistics["correlation"][:3, :3], expected)
    close(statistics["correlation"][3], [0, 0, 0, 1])
    close(statistics["mean_absolute_correlation"], np.abs(np.triu(expected, 1)).sum() * 2 / 12)
    assert statistics["constant_bits"] == 1
    assert statistics["distinct_codes"] == 3
    assert statistics["colliding_share"] == 0.5


def test_bits_that_never_change_and_a_single_bit():
    codes = np.array([[1, -1, 1], [-1, -1, 1]], np.int8)
    statistics = code_statistics(codes)
    assert statistics["constant_bits"] == 2 and statistics["bit_balance"].tolist() == [0, -1, 1]
    close(statistics["correlation"], np.eye(3))
    one = code_statistics(codes[:, :1])
    assert one["mean_absolute_correlation"] == one["colliding_share"] == 0 and one["distinct_codes"] == 2


def test_codes_file_round_trip(tmp_path):
    rng = np.random.default_rng(13)
    database, query = (rng.choice(np.array([-1, 1], np.int8), (videos, 12)) for videos in (40, 7))
    path = tmp_path / "new" / "codes.npz"
    write_codes(path, database, pack(query), 12, provenance="{}", epoch=3)
    codes = read_codes(path)
    assert codes.bits == 12
    np.testing.assert_array_equal(unpack(codes.database, 12), database)
    np.testing.assert_array_equal(unpack(codes.query, 12), query)
    assert codes.extra["provenance"].item() == "{}" and codes.extra["epoch"].item() == 3
    assert [file.name for file in path.parent.iterdir()] == ["codes.npz"]


def test_extras_that_would_need_pickle_are_refused(tmp_path):
    codes = np.ones((1, 8), np.int8)
    with pytest.raises(ValueError, match="config: only arrays, numbers and strings"):
        write_codes(tmp_path / "codes.npz", codes, codes, 8, config={"a": 1})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is an empty file, not a codes file"),
        (b"not a zip", "is a text file, not a codes file"),
        (b"PK\x03\x04 cut short", "not a readable codes file (truncated or damaged); encode again"),
    ],
)
def test_broken_codes_file_is_refused(tmp_path, content, said):
    path = tmp_path / "codes.npz"
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        read_codes(path)
    assert str(error.value) == f"{path}: {said}"


def test_truncated_codes_file_is_refused(tmp_path):
    path = tmp_path / "codes.npz"
    codes = np.ones((50, 64), np.int8)
    write_codes(path, codes, codes, 64)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UserError, match="not a readable codes file"):
        read_codes(path)


def test_pickled_codes_file_is_refused(tmp_path):
    path = tmp_path / "codes.npz"
    np.savez(path, database=np.array([{"a": 1}], dtype=object), query=np.zeros((1, 1)), bits=8)
    with pytest.raises(UserError, match="not a readable codes file"):
        read_codes(path)
