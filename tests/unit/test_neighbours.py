"""Neighbour graphs of training videos: a second writing with loops, invariants, files, mistakes."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.semantics import neighbours as module
from s5vh.semantics.neighbours import find_neighbours, read_neighbours, write_neighbours


def videos(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, 3, 6)).astype(np.float32)


def plain(feats: np.ndarray, neighbours: int, expansions: int) -> np.ndarray:
    """The definition, with loops and sets."""
    means = feats.astype(np.float64).mean(axis=1)
    unit = means / np.linalg.norm(means, axis=1, keepdims=True)
    count = len(feats)
    near = []
    for i in range(count):
        others = sorted((j for j in range(count) if j != i), key=lambda j: (-(unit[i] @ unit[j]), j))
        near.append({i, *others[:neighbours]})
    similar = np.zeros((count, count), bool)
    for i in range(count):
        others = sorted((j for j in range(count) if j != i), key=lambda j: (-len(near[i] & near[j]), j))
        for j in [i, *others[: expansions - 1]]:
            for k in near[j]:
                similar[i, k] = similar[k, i] = True
    return similar


@pytest.mark.parametrize(("neighbours", "expansions"), [(1, 1), (3, 2), (10, 5), (4, 30)])
def test_graph_is_that_of_the_definition(neighbours: int, expansions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    feats = videos(30)
    expected = plain(feats, neighbours, expansions)
    assert np.array_equal(find_neighbours(feats, neighbours, expansions).toarray(), expected)
    monkeypatch.setattr(module, "_BLOCK", 7)  # several blocks give what one gives
    assert np.array_equal(find_neighbours(feats, neighbours, expansions).toarray(), expected)


@settings(max_examples=25, deadline=None)
@given(st.integers(6, 25), st.integers(1, 5), st.integers(1, 6), st.integers(0, 99))
def test_graph_is_symmetric_with_a_full_diagonal(count: int, neighbours: int, expansions: int, seed: int) -> None:
    graph = find_neighbours(videos(count, seed), neighbours, expansions).toarray()
    assert graph.dtype == bool and np.array_equal(graph, graph.T) and graph.diagonal().all()
    assert graph.sum(axis=1).min() >= neighbours + 1


def test_a_copy_of_a_video_is_its_neighbour_and_itself_comes_first() -> None:
    feats = videos(8)
    feats[5] = feats[2]
    assert np.array_equal(module._nearest(feats.mean(axis=1), 1)[[2, 5]], [[2, 5], [5, 2]])


def test_scale_of_features_does_not_matter() -> None:
    feats = videos(20)
    scaled = feats * np.random.default_rng(1).uniform(0.5, 2, size=(20, 1, 1)).astype(np.float32)
    assert (find_neighbours(feats, 4, 2) != find_neighbours(scaled, 4, 2)).nnz == 0


def test_file_gives_the_graph_back(tmp_path: Path) -> None:
    graph = find_neighbours(videos(12), 3, 2)
    write_neighbours(tmp_path / "k3_e2.h5", graph, {"seed": 1})
    assert (read_neighbours(tmp_path / "k3_e2.h5") != graph).nnz == 0


def test_mistakes_are_one_line(tmp_path: Path) -> None:
    feats = videos(5)
    with pytest.raises(UserError, match=r"^5 neighbours and 2 expansions requested for 5 training videos; use fewer$"):
        find_neighbours(feats, 5, 2)
    feats[3] = 0
    with pytest.raises(UserError, match=r"^training video 3 has a zero mean, so its cosine is undefined$"):
        find_neighbours(feats, 2, 2)
    with pytest.raises(UserError, match=r"none.h5: no such file$"):
        read_neighbours(tmp_path / "none.h5")
    with h5py.File(tmp_path / "broken.h5", "w") as file:
        file["pointers"] = np.array([0, 3, 2])
        file["indices"] = np.array([0, 7])
    with pytest.raises(
        UserError,
        match=r"broken.h5: a damaged neighbour file \(indices must be < 2\); restore the file or make it again",
    ):
        read_neighbours(tmp_path / "broken.h5")
