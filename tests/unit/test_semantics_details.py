"""Clusters: settings of k-means and PCA, converged centroids, blocks, damaged files, the study of centering."""

from __future__ import annotations

from dataclasses import replace

import h5py
import numpy as np
import pytest
import sklearn.cluster
import sklearn.decomposition

from s5vh.base.errors import UserError
from s5vh.base.files import read_json
from s5vh.centers.solve import solve
from s5vh.semantics import clustering, means, neighbours
from s5vh.semantics import released_clustering as released
from s5vh.semantics.clustering import build_semantics, fit_pca, kmeans_centroids, mean_similarity, nearest_centroids
from s5vh.semantics.means import video_means
from s5vh.semantics.neighbours import find_neighbours, read_neighbours, write_neighbours
from s5vh.semantics.released_clustering import build_released_semantics, lloyd_centroids
from s5vh.semantics.semantics_file import read_semantics, write_semantics
from s5vh.studies.solver_study import rectified_similarity, study_centering


def noise(videos: int = 200, width: int = 16, seed: int = 0) -> np.ndarray:
    """Features [N, 2, D] without clusters: Lloyd's algorithm takes many iterations."""
    return np.random.default_rng(seed).standard_normal((videos, 2, width)).astype(np.float32)


class Recorder:
    """A stand-in for a class of scikit-learn that notes how it is made and what it is given."""

    def __init__(self, real):
        self.real, self.made, self.given = real, [], []

    def __call__(self, *arguments, **options):
        self.made.append((arguments, options))
        model = self.real(*arguments, **options)
        fit = model.fit

        def recorded(points):
            self.given.append(points)
            return fit(points)

        model.fit = recorded
        return model


# --- k-means and PCA -------------------------------------------------------------------------------


@pytest.mark.parametrize("pca", [None, 6])
def test_every_centroid_is_the_mean_of_its_members(pca):
    semantics = build_semantics(noise(), 12, pca)
    for cluster, centroid in enumerate(semantics.centroids):
        members = semantics.projected[semantics.assignments == cluster].astype(np.float64)
        np.testing.assert_allclose(centroid, members.mean(axis=0), atol=1e-5)
    one = build_semantics(noise(), 12, pca, max_iterations=1, restarts=1)
    gaps = [one.centroids[c] - one.projected[one.assignments == c].mean(axis=0) for c in range(12)]
    assert np.abs(gaps).max() > 0.01  # a single iteration has not converged


def test_settings_reach_kmeans(monkeypatch):
    recorder = Recorder(sklearn.cluster.KMeans)
    monkeypatch.setattr(sklearn.cluster, "KMeans", recorder)
    build_semantics(noise(), 5, seed=7)
    build_semantics(noise(), 5, seed=3, restarts=2, max_iterations=9)
    build_released_semantics(noise(), 4, seed=6)
    made = [arguments + tuple(options.values()) for arguments, options in recorder.made]
    assert [sorted(options) for _, options in recorder.made] == [["init", "max_iter", "n_init", "random_state"]] * 3
    assert made == [(5, "k-means++", 5, 100, 7), (5, "k-means++", 2, 9, 3), (4, "random", 5, 20, 6)]
    assert {points.dtype for points in recorder.given} == {np.dtype(np.float64)}


def test_settings_reach_pca(monkeypatch):
    recorders = [Recorder(getattr(sklearn.decomposition, name)) for name in ("PCA", "TruncatedSVD")]
    for name, recorder in zip(("PCA", "TruncatedSVD"), recorders, strict=True):
        monkeypatch.setattr(sklearn.decomposition, name, recorder)
    build_semantics(noise(), 5, 6, seed=7)
    build_released_semantics(noise(), 5, 3, seed=8)
    build_semantics(noise(), 5, 4, seed=9, centered=False)
    assert recorders[0].made == [((6,), {"random_state": 7}), ((3,), {"random_state": 8})]
    assert recorders[1].made == [((4,), {"random_state": 9})]


def test_pca_without_centering_keeps_the_shared_mean():
    random = np.random.default_rng(1)
    points = (random.standard_normal((60, 5)) * [3, 2, 1, 0.5, 0.1] + [9, 0, 0, 4, 0]).astype(np.float32)
    projected, mean, components = fit_pca(points, 3, centered=False)
    assert mean is None and components.shape == (3, 5) and projected.dtype == components.dtype == np.float32
    np.testing.assert_allclose(components @ components.T, np.eye(3), atol=1e-5)
    np.testing.assert_allclose(projected, points @ components.T, atol=1e-4)
    values = np.linalg.svd(points.astype(np.float64), compute_uv=False)
    np.testing.assert_allclose(np.linalg.norm(projected, axis=0), values[:3], rtol=1e-4)
    with pytest.raises(UserError, match="PCA to 6 dimensions requested for 60 videos of dimension 5; use at most 5"):
        fit_pca(points, 6, centered=False)


def test_pca_can_keep_as_many_dimensions_as_there_are_videos():
    assert fit_pca(noise(3, 8)[:, 0], 3)[0].shape == (3, 3)
    with pytest.raises(UserError, match="4 dimensions requested for 3 videos of dimension 8; use at most 3"):
        fit_pca(noise(3, 8)[:, 0], 4)


def test_a_cluster_for_every_video_and_one_for_all():
    assert sorted(build_semantics(noise(6), 6).assignments) == list(range(6))
    one = build_semantics(noise(6), 1, centered=False)
    assert one.W.tolist() == [[1.0]] and one.nearest.shape == (6, 1)


def test_similarity_with_itself_is_exactly_one():
    vectors = noise(50, 7)[:, 0]
    W = clustering.cosine_similarity(vectors)
    np.testing.assert_array_equal(np.diag(W), 1)
    np.testing.assert_array_equal(clustering.cosine_similarity(np.repeat(vectors, 2, axis=0)).max(), 1)
    lengths = np.linalg.norm(vectors.astype(float), axis=1)
    np.testing.assert_allclose(W, vectors.astype(float) @ vectors.T / np.outer(lengths, lengths), atol=1e-6)


def test_random_initialisation_is_that_of_scikit_learn():
    points = noise()[:, 0]
    random, spread = (kmeans_centroids(points, 6, 2, 1, 50, **options) for options in ({"init": "random"}, {}))
    expected = sklearn.cluster.KMeans(6, init="random", n_init=1, max_iter=50, random_state=2).fit(points.astype(float))
    np.testing.assert_allclose(random, expected.cluster_centers_, atol=1e-6)
    assert random.dtype == np.float32 and not np.allclose(random, spread)


def test_features_need_three_axes_and_clusters_distinct_means():
    with pytest.raises(UserError, match=r"features have shape \(4, 3\); expected \[videos, frames, features\]"):
        build_semantics(np.zeros((4, 3)), 2)
    with pytest.raises(UserError, match="max_iterations is 0; must be a positive integer"):
        build_semantics(noise(), 2, max_iterations=0)
    feats = np.zeros((4, 2, 3), np.float32)
    feats[:, 0] = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, 1, 0]]
    assert build_semantics(feats, 3, centered=False).cluster_sizes.sum() == 4


# --- blocks ----------------------------------------------------------------------------------------


def test_many_blocks_give_what_one_gives(monkeypatch):
    points, centroids = noise(25, 5)[:, 0], noise(9, 5, 1)[:, 0]  # the last block holds a single point
    expected = np.argsort(np.linalg.norm(points[:, None] - centroids, axis=2), axis=1)
    monkeypatch.setattr(clustering, "_BLOCK", 4)
    for count in (1, 3, 9, 12):
        np.testing.assert_array_equal(nearest_centroids(points, centroids, count), expected[:, :count])
    assert nearest_centroids(points, centroids).shape == (25, 3)


def test_blocks_of_means_hold_as_much_as_allowed(monkeypatch):
    feats, read = noise(11, 4), []

    class Dataset:
        shape = feats.shape

        def __getitem__(self, rows):
            read.append(len(feats[rows]))
            return feats[rows]

    for size, blocks in ((8 * 2 * 4 * 3, [3, 3, 3, 2]), (8 * 2 * 4 * 3 - 1, [2] * 5 + [1]), (1, [1] * 11)):
        read.clear()
        monkeypatch.setattr(means, "_BLOCK_BYTES", size)
        np.testing.assert_array_equal(video_means(Dataset()), feats.mean(axis=1, dtype=np.float64).astype(np.float32))
        assert read == blocks
    with pytest.raises(UserError, match="block is 0; must be a positive number of videos"):
        video_means(feats, 0)


# --- the released code's clusters ------------------------------------------------------------------


def test_first_clustering_starts_with_the_videos_that_its_seed_draws(monkeypatch):
    seen = {}
    real = released.lloyd_centroids

    def recorded(points, picks):
        seen["picks"] = picks
        return real(points, picks)

    monkeypatch.setattr(released, "lloyd_centroids", recorded)
    sampled = []
    monkeypatch.setattr(
        released, "kmeans_centroids", lambda points, *rest, **options: sampled.append(points) or points[: rest[0]]
    )
    build_released_semantics(noise(201, 3), 1)
    assert len(sampled.pop()) == 200
    monkeypatch.setattr(released, "_VIDEOS_A_CENTROID", 10)
    semantics = build_released_semantics(noise(), 5, seed=4)
    draws = np.random.default_rng(4)
    np.testing.assert_array_equal(seen["picks"], draws.integers(0, 200, 5))
    rows = np.sort(draws.choice(200, 50, replace=False))
    np.testing.assert_array_equal(sampled[0], semantics.projected[rows])
    build_released_semantics(noise(50), 5, seed=4)  # no more than allowed: all of them
    assert len(sampled[1]) == 50


def test_lloyd_makes_seventeen_assignments():
    points = noise(1500, 2)[:, 0]
    picks = np.arange(30)
    np.testing.assert_array_equal(lloyd_centroids(points, picks), lloyd_centroids(points, picks, 17))
    assert not np.array_equal(lloyd_centroids(points, picks, 17), lloyd_centroids(points, picks, 16))
    assert not np.array_equal(lloyd_centroids(points, picks, 17), lloyd_centroids(points, picks, 18))
    np.testing.assert_array_equal(lloyd_centroids(points, picks, 1), points[:30])


# --- neighbours ------------------------------------------------------------------------------------


def test_neighbours_defaults_and_limits(tmp_path):
    feats = noise(14, 6)
    assert (find_neighbours(feats) != find_neighbours(feats, 10, 5)).nnz == 0
    assert find_neighbours(feats, 13, 14).toarray().all()
    for wrong in ((14, 1), (2, 15)):
        with pytest.raises(UserError, match="requested for 14 training videos; use fewer"):
            find_neighbours(feats, *wrong)
    graph = find_neighbours(feats, 2, 2)
    write_neighbours(tmp_path / "graph.h5", graph, {"seed": 3})
    with h5py.File(tmp_path / "graph.h5") as file:
        pointers, indices = file["pointers"][()], file["indices"][()]
        assert (pointers.dtype, indices.dtype, file.attrs["provenance"]) == (np.int64, np.int32, '{"seed": 3}')
    rows = [indices[pointers[i] : pointers[i + 1]].tolist() for i in range(14)]
    assert rows == [np.flatnonzero(row).tolist() for row in graph.toarray()]
    assert read_neighbours(tmp_path / "graph.h5").dtype == bool


def test_most_shared_neighbours_go_first_and_ties_to_the_lower_index():
    near = neighbours._incidence(np.array([[0, 1], [1, 0], [2, 1], [3, 2]]))
    # Overlaps of row 3: with itself and, in the one video 2, with row 2; of row 2: with 0, 1 and 3 alike.
    assert neighbours._sharing_most(near, 3).tolist() == [[0, 1, 2], [1, 0, 2], [2, 0, 1], [3, 2, 0]]


# --- files -----------------------------------------------------------------------------------------


def damaged(name, change):
    return lambda semantics: replace(semantics, **{name: change(getattr(semantics, name))})


def test_files_of_fewer_clusters_than_neighbours_are_whole(tmp_path):
    for clusters in (1, 2):
        write_semantics(tmp_path / "few.h5", build_semantics(noise(9), clusters, centered=False), {})
        assert read_semantics(tmp_path / "few.h5").nearest.shape == (9, clusters)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (damaged("W", lambda a: a.astype(int)), "W has type int64, expected floats"),
        (damaged("nearest", lambda a: a.astype(float)), "nearest has type float64, expected integers"),
        (damaged("assignments", lambda a: a.astype(float)), "assignments has type float64, expected integers"),
        (damaged("cluster_sizes", lambda a: a.astype(float)), "cluster_sizes has type float64, expected integers"),
        (damaged("centroids", lambda a: np.full_like(a, np.nan)), "centroids has NaN or infinity"),
        (damaged("pca_mean", lambda a: np.full_like(a, np.inf)), "pca_mean has NaN or infinity"),
        (damaged("projected", lambda a: a[:, :, None]), "projected and centroids must be matrices"),
        (damaged("centroids", lambda a: a[:, :, None]), "projected and centroids must be matrices"),
        (damaged("centroids", lambda a: a[:, :2]), "centroids has shape (5, 2), expected (5, 4)"),
        (damaged("assignments", lambda a: a[:-1]), "assignments has shape (29,), expected (30,)"),
        (damaged("nearest", lambda a: a[:, :2]), "nearest has shape (30, 2), expected (30, 3)"),
        (damaged("cluster_sizes", lambda a: a[:4]), "cluster_sizes has shape (4,), expected (5,)"),
        (damaged("assignments", lambda a: a - 1), "assignments are not all between 0 and 4"),
        (damaged("assignments", lambda a: a + 1), "assignments are not all between 0 and 4"),
        (damaged("cluster_sizes", lambda a: a + 1), "cluster_sizes does not match the assignments"),
    ],
)
def test_damaged_semantics_are_named(tmp_path, damage, message):
    semantics = build_semantics(noise(30), 5, 4)
    path = tmp_path / "c5.h5"
    write_semantics(path, semantics, {})
    assert read_semantics(path).W.shape == (5, 5)
    with h5py.File(path, "a") as file:
        for name, value in vars(damage(semantics)).items():
            if value is not None:
                del file[name]
                file[name] = value
    with pytest.raises(UserError) as error:
        read_semantics(path)
    assert str(error.value) == f"{path}: {message}; restore the file or make it again"


# --- the study of centering ------------------------------------------------------------------------


def test_rectified_features_share_a_mean_that_centering_removes():
    plain, centered = (rectified_similarity(30, 4, centered=value) for value in (False, True))
    same = np.equal.outer(np.arange(30) % 10, np.arange(30) % 10) & ~np.eye(30, dtype=bool)
    other = np.not_equal.outer(np.arange(30) % 10, np.arange(30) % 10)
    assert 0.6 < plain[same].mean() < 0.75 and 0.35 < plain[other].mean() < 0.5
    assert 0.3 < centered[same].mean() < 0.5 and -0.1 < centered[other].mean() < 0
    for W in (plain, centered):
        np.testing.assert_array_equal(W, W.T)
        np.testing.assert_array_equal(np.diag(W), 1)
    # Centered cosines from uncentered ones, whose lengths are nearly equal.
    double = plain - plain.mean(0) - plain.mean(1)[:, None] + plain.mean()
    scale = np.sqrt(np.diag(double))
    np.testing.assert_allclose(double / np.outer(scale, scale), centered, atol=0.05)
    assert not np.allclose(plain, rectified_similarity(30, 5, centered=False), atol=0.05)
    with pytest.raises(UserError, match="synthetic similarity: groups is 0; must be at least 1"):
        rectified_similarity(5, 1, 0, centered=True)


def test_study_of_centering_pairs_seeds(tmp_path):
    output = tmp_path / "study.json"
    rows = study_centering(8, 4, "admm-plain", 2, output=output, growth=1.2)
    assert [(row["centered"], row["seed"]) for row in rows] == [(False, 1), (False, 2), (True, 1), (True, 2)]
    for row in rows:
        W = rectified_similarity(8, row["seed"], centered=row["centered"])
        expected = solve(W, 4, "admm-plain", row["seed"], growth=1.2).statistics
        assert row["mean_similarity"] == mean_similarity(W)
        for name in ("objective", "coincident_pairs", "correlation", "minimum_distance", "solver", "bits", "clusters"):
            assert row[name] == expected[name]
    stored = read_json(output)
    assert stored["rows"] == rows and stored["provenance"]["settings"]["seeds"] == 2
    with pytest.raises(UserError, match="study of centering: seeds is 0; must be at least 1"):
        study_centering(8, 4, "random", 0, output=output)
    assert len(study_centering(3, 4, "random", output=output)) == 10
