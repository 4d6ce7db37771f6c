"""Ranking chunk by chunk, with positions to leave out on both sides of every border between chunks."""

from __future__ import annotations

import numpy as np
import pytest

from s5vh.retrieval.codes import pack
from s5vh.search import nearest as module
from s5vh.search.nearest import nearest, within

BITS = 5


@pytest.fixture
def codes():
    return pack(np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (13, BITS)))


def plain(query, codes, leave_out):
    """(distance, position) of all codes but the one to leave out, sorted."""
    distances = np.unpackbits(query[None] ^ codes, axis=1).sum(axis=1)
    return sorted((int(d), at) for at, d in enumerate(distances) if at != leave_out)


@pytest.mark.parametrize("chunk", [1, 4, 5, 12, 13, 2**20])
@pytest.mark.parametrize("top", [1, 3, 12])
def test_equals_a_plain_search(codes, monkeypatch, chunk, top):
    monkeypatch.setattr(module, "_CHUNK", chunk)
    own = np.array([-1, *range(13)])  # every position, so also the first and the last of every chunk
    query = codes[[0, *range(13)]]
    positions, distances = nearest(query, codes, BITS, top, own)
    assert positions.dtype == np.int64 and distances.dtype == np.int32 and positions.shape == (14, top)
    for row in range(14):
        wanted = plain(query[row], codes, own[row])[:top]
        assert list(zip(distances[row].tolist(), positions[row].tolist(), strict=True)) == wanted
    free = nearest(query, codes, BITS, top)
    assert free[0][0].tolist() == positions[0].tolist()
    for row in range(14):
        assert (
            list(zip(*(found[row].tolist() for found in free[::-1]), strict=True)) == plain(query[row], codes, -1)[:top]
        )


@pytest.mark.parametrize("listed", [1, 7, 2**22])
@pytest.mark.parametrize("radius", [0, 1, 2, BITS])
def test_within_a_radius(codes, monkeypatch, listed, radius):
    monkeypatch.setattr(module, "_CHUNK", 5)
    monkeypatch.setattr(module, "_LISTED", listed)
    for own in (None, np.arange(13)):
        found = list(within(codes, codes, BITS, radius, own))
        assert len(found) == 13
        for row, (positions, distances) in enumerate(found):
            wanted = [item for item in plain(codes[row], codes, -1 if own is None else row) if item[0] <= radius]
            assert list(zip(distances.tolist(), positions.tolist(), strict=True)) == wanted


def test_a_list_of_entries_bounds_the_queries_at_a_time(codes, monkeypatch):
    asked = []
    real = module.nearest

    def watched(query, *rest):
        asked.append(len(query))
        return real(query, *rest)

    monkeypatch.setattr(module, "nearest", watched)
    monkeypatch.setattr(module, "_LISTED", 3 * 13)  # every query finds all 13
    list(within(codes, codes, BITS, BITS))
    assert asked == [3, 3, 3, 3, 1]
