"""Queries with a near-duplicate in the database: found in blocks, counted and named."""

from __future__ import annotations

import numpy as np
import pytest

from s5vh.config.studies import ProtocolStudyConfig
from s5vh.data.features import write_features
from s5vh.studies import near_duplicates as module
from s5vh.studies.near_duplicates import most_similar, near_duplicates


def videos(path, *means, steps=2):
    """A feature file of videos with these means; frames differ from them by plus and minus 1 in turn."""
    signs = np.array([1.0, -1.0] * (steps // 2))[None, :, None]
    feats = (np.asarray(means, np.float32)[:, None] + signs).astype(np.float32)
    ids = [f"{path.stem}{row}" for row in range(len(means))]
    write_features(path, [feats], shape=feats.shape, ids=ids, provenance={})
    return path


class TestMostSimilar:
    def test_equals_a_plain_search_whatever_the_blocks(self, monkeypatch):
        rng = np.random.default_rng(1)
        queries, database = rng.standard_normal((7, 3)), 5 * rng.standard_normal((11, 3))
        database[8] = 2 * database[3]  # equal cosines: the first one counts
        own = np.array([-1, 0, 10, 3, 8, -1, 5])
        cosine = (queries @ database.T) / np.outer(*(np.linalg.norm(v, axis=1) for v in (queries, database)))
        for row, position in enumerate(own):
            if position >= 0:
                cosine[row, position] = -2
        for sizes in ((1024, 8192), (3, 4), (2, 11), (7, 1)):
            monkeypatch.setattr(module, "_QUERIES", sizes[0])
            monkeypatch.setattr(module, "_VIDEOS", sizes[1])
            position, value = most_similar(queries, database, own)
            assert position.dtype == np.int64
            np.testing.assert_allclose(value, cosine.max(axis=1), rtol=0, atol=1e-6)
            np.testing.assert_array_equal(
                position, np.where(cosine > cosine.max(1, keepdims=True) - 1e-9, 1, 0).argmax(1)
            )

    def test_zero_vectors_and_nothing_left(self):
        position, cosine = most_similar(np.eye(2), np.zeros((1, 2)), np.array([-1, 0]))
        assert cosine.tolist() == [0, -np.inf] and position.tolist() == [0, 0]


class TestFiles:
    def test_by_hand(self, tmp_path):
        # Cosines with (1, 0): 1 / sqrt(1 + x^2) for (1, x).
        query = videos(tmp_path / "query.h5", [1, 0], [0, 1], [3, 0.3])
        database = videos(tmp_path / "video.h5", [-1, 0], [1, 0.2], [1, 0.1], [0.1, 1])
        found = near_duplicates(query, database, 0.99)
        assert found["level"] == 0.99 and found["queries"] == 3
        assert found["pairs"] == [
            ["query2", "video2", 1.0],
            ["query0", "video2", pytest.approx(1 / np.sqrt(1.01), abs=1e-6)],
            ["query1", "video3", pytest.approx(1 / np.sqrt(1.01), abs=1e-6)],
        ]
        assert [pair[0] for pair in near_duplicates(query, database, 1.0)["pairs"]] == ["query2"]
        assert near_duplicates(videos(tmp_path / "other.h5", [1, -1]), database, 0.9)["pairs"] == []

    def test_a_level_of_one_is_for_copies(self, tmp_path):
        query = videos(tmp_path / "query.h5", [1, 0])
        for x, found in ((0.03, 0), (0.0005, 1)):  # cosines 0.99955 and 1 but for rounding
            assert near_duplicates(query, videos(tmp_path / f"{x}.h5", [1, x]), 1.0)["queries"] == found

    def test_the_query_itself_is_none_but_its_second_copy_is(self, tmp_path):
        query = videos(tmp_path / "query.h5", [1, 2], [5, 1])
        once = videos(tmp_path / "once.h5", [1, 2], [-1, 3])
        twice = videos(tmp_path / "twice.h5", [1, 2], [-1, 3], [1, 2])
        assert near_duplicates(query, once, 0.999) == {"level": 0.999, "queries": 0, "pairs": []}
        assert near_duplicates(query, twice, 0.999)["pairs"] == [["query0", "twice2", 1.0]]

    def test_a_database_that_searches_itself(self, tmp_path):
        file = videos(tmp_path / "all.h5", [1, 0], [0, 1], [1, 0.01])
        assert near_duplicates(file, file, 0.99)["pairs"] == [
            ["all0", "all2", pytest.approx(0.99995, abs=1e-6)],
            ["all2", "all0", pytest.approx(0.99995, abs=1e-6)],
        ]

    def test_a_shift_in_time_is_no_difference(self, tmp_path):
        rng = np.random.default_rng(0)
        feats = rng.standard_normal((1, 4, 8)).astype(np.float32)
        for name, one in (("query", feats), ("video", np.roll(feats, 1, axis=1))):
            write_features(tmp_path / name, [one], shape=one.shape, ids=[name], provenance={})
        assert near_duplicates(tmp_path / "query", tmp_path / "video", 0.99)["queries"] == 1

    @pytest.mark.parametrize("level", [0, 1.01])
    def test_impossible_levels(self, level):
        with pytest.raises(ValueError, match="near_duplicates"):
            ProtocolStudyConfig(near_duplicates=level)
