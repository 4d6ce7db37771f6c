"""Clusters as the released code makes them: two clusterings, and how seldom their numbers agree."""

from __future__ import annotations

import json
from dataclasses import replace

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.semantics import released_clustering as released
from s5vh.semantics.clustering import (
    build_semantics,
    cosine_similarity,
    kmeans_centroids,
    nearest_centroids,
    numbering_agreement,
)
from s5vh.semantics.released_clustering import build_lloyd_semantics, build_released_semantics, lloyd_centroids
from s5vh.semantics.semantics_file import read_semantics, write_semantics


def features(videos: int = 200, clusters: int = 12, width: int = 6, seed: int = 0) -> np.ndarray:
    """Float32 [N, 2, D] in overlapping clusters."""
    random = np.random.default_rng(seed)
    places = 2 * random.standard_normal((clusters, width))
    truth = random.integers(0, clusters, videos)
    return (places[truth][:, None] + random.standard_normal((videos, 2, width))).astype(np.float32)


def slow_lloyd(points, picks, assignments):
    """The first clustering, a video at a time; clusters are numbered by their first video."""
    centroids = [points[pick].astype(np.float64) for pick in picks]

    def assign():
        return [min(range(len(centroids)), key=lambda c: ((point - centroids[c]) ** 2).sum()) for point in points]

    labels, before, updates = assign(), None, 0
    while labels != before and updates < assignments - 1:
        members: dict[int, list[np.ndarray]] = {}
        for label, point in zip(labels, points, strict=True):
            members.setdefault(label, []).append(point)
        centroids = [np.mean(videos, axis=0, dtype=np.float64).astype(np.float32) for videos in members.values()]
        before, labels, updates = labels, assign(), updates + 1
    return np.array(centroids), labels


@given(st.integers(2, 40), st.integers(1, 9), st.integers(1, 6), st.integers(0, 999))
def test_lloyd_as_written_down_plainly(videos, clusters, assignments, seed):
    random = np.random.default_rng(seed)
    points = random.standard_normal((videos, 3)).astype(np.float32)
    picks = random.integers(0, videos, clusters)
    centroids = lloyd_centroids(points, picks, assignments)
    expected, labels = slow_lloyd(points, picks, assignments)
    np.testing.assert_allclose(centroids, expected, atol=1e-5)
    np.testing.assert_array_equal(nearest_centroids(points, centroids, 1)[:, 0], labels)


def test_lloyd_alone_gives_labels_and_similarities_of_the_same_clusters(tmp_path):
    feats = features(videos=40)
    semantics = build_lloyd_semantics(feats, 30, seed=3)
    picks = np.random.default_rng(3).integers(0, 40, 30)
    np.testing.assert_array_equal(semantics.centroids, lloyd_centroids(semantics.projected, picks))
    assert len(semantics.centroids) < 30 and semantics.label_centroids is None  # repeated picks are one cluster
    np.testing.assert_array_equal(semantics.W, cosine_similarity(semantics.centroids))
    assert numbering_agreement(semantics) == {"agreeing_labels": 1, "agreeing_videos": 1}
    write_semantics(tmp_path / "c30_lloyd.h5", semantics, {})
    np.testing.assert_array_equal(read_semantics(tmp_path / "c30_lloyd.h5").cluster_sizes, semantics.cluster_sizes)
    other = build_lloyd_semantics(feats, 30, 4, seed=4, centered=False)
    assert other.projected.shape == (40, 4) and other.pca_mean is None


def test_repeated_picks_are_one_cluster_and_the_first_video_is_in_the_first():
    points = features()[:, 0]
    centroids = lloyd_centroids(points, np.array([5, 5, 9, 5]))
    assert centroids.shape == (2, 6) and centroids.dtype == np.float32
    assert nearest_centroids(points, lloyd_centroids(points, np.arange(12)), 1)[0, 0] == 0


@pytest.mark.parametrize("pca", [None, 4])
def test_labels_and_similarity_come_from_two_clusterings(pca):
    feats = features()
    semantics = build_released_semantics(feats, 12, pca)
    np.testing.assert_array_equal(semantics.projected, build_semantics(feats, 12, pca).projected)
    np.testing.assert_array_equal(semantics.nearest, nearest_centroids(semantics.projected, semantics.label_centroids))
    np.testing.assert_array_equal(semantics.assignments, semantics.nearest[:, 0])
    np.testing.assert_array_equal(semantics.W, cosine_similarity(semantics.centroids))
    assert semantics.centroids.shape == (12, semantics.projected.shape[1])
    assert len(semantics.label_centroids) <= 12
    assert semantics.cluster_sizes.sum() == 200 and len(semantics.cluster_sizes) == 12
    again, other = (build_released_semantics(feats, 12, pca, seed=seed) for seed in (1, 2))
    np.testing.assert_array_equal(again.assignments, semantics.assignments)
    np.testing.assert_array_equal(again.W, semantics.W)
    assert not np.array_equal(other.assignments, semantics.assignments)


def test_numbers_agree_by_chance_only():
    feats = features(videos=600, clusters=20)
    agreeing = numbering_agreement(build_released_semantics(feats, 20))
    assert agreeing["agreeing_labels"] < 0.3 and agreeing["agreeing_videos"] < 0.3
    assert numbering_agreement(build_semantics(feats, 20)) == {"agreeing_labels": 1.0, "agreeing_videos": 1.0}


def test_agreement_by_hand():
    semantics = build_released_semantics(features(), 4, seed=3)
    order = np.array([1, 0, 2, 3])
    swapped = replace(
        semantics,
        label_centroids=semantics.centroids[order],
        assignments=np.repeat(np.arange(4, dtype=np.int32), [80, 60, 50, 10]),
    )
    assert numbering_agreement(swapped) == {"agreeing_labels": 0.5, "agreeing_videos": pytest.approx(60 / 200)}


def test_second_clustering_sees_at_most_so_many_videos(monkeypatch):
    seen = []

    def recorded(points, *arguments, **options):
        seen.append(points)
        return kmeans_centroids(points, *arguments, **options)

    monkeypatch.setattr(released, "kmeans_centroids", recorded)
    monkeypatch.setattr(released, "_VIDEOS_A_CENTROID", 20)
    feats = features()
    semantics = build_released_semantics(feats, 4)
    assert len(semantics.projected) == 200 and seen[0].shape == (80, 6)
    assert len(np.unique(seen[0], axis=0)) == 80
    assert {tuple(row) for row in seen[0]} <= {tuple(row) for row in semantics.projected}


def test_file_round_trip_and_its_statistics(tmp_path):
    semantics = build_released_semantics(features(videos=40, clusters=4), 9, 3)
    path = tmp_path / "c9_released.h5"
    write_semantics(path, semantics, {"seed": 1})
    copy = read_semantics(path)
    for name, value in vars(semantics).items():
        np.testing.assert_array_equal(getattr(copy, name), value)
        assert getattr(copy, name).dtype == value.dtype
    with h5py.File(path, "a") as file:
        assert json.loads(file.attrs["statistics"]) == numbering_agreement(semantics)
        del file["label_centroids"]
        file["label_centroids"] = np.zeros((10, 3), np.float32)
    with pytest.raises(UserError) as error:
        read_semantics(path)
    assert str(error.value) == (
        f"{path}: label_centroids has shape (10, 3), expected (9, 3); restore the file or make it again"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"clusters": 201}, "201 clusters requested for 200 training videos; use at most 200"),
        ({"clusters": 0}, "clusters is 0; must be a positive integer"),
        ({"pca": 7}, "PCA to 7 dimensions requested for 200 videos of dimension 6; use at most 6"),
    ],
)
def test_wrong_settings(arguments, message):
    with pytest.raises(UserError) as error:
        build_released_semantics(features(), **({"clusters": 4} | arguments))
    assert str(error.value) == message


def test_settings_of_both_clusterings_are_the_released_ones(monkeypatch):
    calls = []

    def recorded(points, clusters, seed, restarts, iterations, **options):
        calls.append((len(points), clusters, seed, restarts, iterations, options))
        return kmeans_centroids(points, clusters, seed, restarts, iterations, **options)

    monkeypatch.setattr(released, "kmeans_centroids", recorded)
    build_released_semantics(features(videos=500), 2, seed=4)
    assert calls == [(400, 2, 4, 5, 20, {"init": "random"})]  # of 500 videos, 200 for each of two centroids
    assert lloyd_centroids.__defaults__ == (17,)


def test_dropped_clusters_are_counted_as_empty_and_centering_is_handed_on():
    feats = np.repeat(features(videos=6, clusters=3), 5, axis=0)  # random videos repeat, so clusters are dropped
    semantics = build_released_semantics(feats, 5, seed=0, centered=False)
    assert len(semantics.label_centroids) < 5 == len(semantics.cluster_sizes) and semantics.cluster_sizes[-1] == 0
    assert semantics.pca_mean is None and build_released_semantics(feats, 5, seed=0).pca_mean is not None
