"""Semantic structure: streaming means, PCA, k-means, similarity, files and messages."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.centers.centers_file import read_centers
from s5vh.cli import main
from s5vh.config.load import load_dataset
from s5vh.semantics.clustering import (
    build_semantics,
    cosine_similarity,
    fit_pca,
    kmeans_centroids,
    mean_similarity,
    nearest_centroids,
)
from s5vh.semantics.means import video_means
from s5vh.semantics.released_clustering import build_released_semantics
from s5vh.semantics.semantics_file import read_semantics, write_semantics


class Recorder:
    """A dataset that remembers the largest piece it was asked for."""

    def __init__(self, feats: np.ndarray):
        self.feats, self.shape, self.largest = feats, feats.shape, 0

    def __getitem__(self, key):
        self.largest = max(self.largest, len(self.feats[key]))
        return self.feats[key]


def blobs(clusters: int = 4, videos: int = 10, frames: int = 3, width: int = 8, seed: int = 0):
    """Well separated clusters: feats [C * videos, T, D] float32 and the true cluster of each video."""
    random = np.random.default_rng(seed)
    places = 10 * random.standard_normal((clusters, width))
    truth = random.permutation(np.repeat(np.arange(clusters), videos))
    feats = places[truth][:, None] + 0.1 * random.standard_normal((len(truth), frames, width))
    return feats.astype(np.float32), truth


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 4), st.integers(1, 15), st.integers(0, 99))
def test_streamed_means_equal_numpy_mean(videos, frames, width, block, seed):
    feats = np.random.default_rng(seed).standard_normal((videos, frames, width)).astype(np.float16)
    dataset = Recorder(feats)
    means = video_means(dataset, block)
    np.testing.assert_array_equal(means, feats.astype(np.float64).mean(axis=1).astype(np.float32))
    assert means.dtype == np.float32
    assert dataset.largest <= block


def test_half_precision_features_do_not_overflow_or_stall():
    feats = np.full((1, 4096, 2), 60_000, dtype=np.float16)
    feats[0, :, 1] = 0.1
    np.testing.assert_allclose(video_means(feats), feats[:, 0].astype(np.float32), rtol=1e-7)


def test_means_from_a_file(tmp_path):
    feats, _ = blobs()
    with h5py.File(tmp_path / "train.h5", "w") as file:
        file.create_dataset("feats", data=feats, chunks=(1, *feats.shape[1:]))
    with h5py.File(tmp_path / "train.h5") as file:
        np.testing.assert_array_equal(video_means(file["feats"], 7), video_means(feats))


@pytest.mark.parametrize("bad", [[np.nan, 0.0], [np.inf, 0.0], [np.inf, -np.inf]])
def test_means_name_the_broken_video(bad):
    feats = np.zeros((5, 2, 3), dtype=np.float32)
    feats[3, :, 1] = bad
    with pytest.raises(UserError) as error:
        video_means(feats, 2)
    assert str(error.value) == "video 3 (counted from 0) has NaN or infinite features; re-extract or remove it"


@pytest.mark.parametrize("shape", [(3, 4), (0, 2, 2), (2, 0, 2)])
def test_means_check_the_shape(shape):
    with pytest.raises(UserError) as error:
        video_means(np.zeros(shape))
    assert str(error.value) == f"features have shape {shape}; expected [videos, frames, features]"


@pytest.mark.parametrize("pca", [None, 3])
def test_blobs_are_found(pca):
    feats, truth = blobs()
    semantics = build_semantics(feats, 4, pca)
    pairs = set(zip(truth.tolist(), semantics.assignments.tolist(), strict=True))
    assert len(pairs) == 4
    assert semantics.cluster_sizes.tolist() == [10] * 4
    for cluster in range(4):
        members = semantics.projected[semantics.assignments == cluster]
        np.testing.assert_allclose(semantics.centroids[cluster], members.mean(axis=0), atol=1e-4)


def test_types_and_shapes_of_semantics():
    feats, _ = blobs()
    semantics = build_semantics(feats, 4, pca=3)
    for name, shape, dtype in [
        ("projected", (40, 3), np.float32),
        ("centroids", (4, 3), np.float32),
        ("assignments", (40,), np.int32),
        ("nearest", (40, 3), np.int32),
        ("cluster_sizes", (4,), np.int32),
        ("W", (4, 4), np.float64),
        ("pca_mean", (8,), np.float32),
        ("pca_components", (3, 8), np.float32),
    ]:
        value = getattr(semantics, name)
        assert (value.shape, value.dtype) == (shape, dtype), name
    np.testing.assert_array_equal(semantics.assignments, semantics.nearest[:, 0])
    assert build_semantics(feats, 2).nearest.shape == (40, 2)
    plain = build_semantics(feats, 4, centered=False)
    assert plain.pca_mean is plain.pca_components is None
    np.testing.assert_array_equal(plain.projected, video_means(feats))


def test_equal_seeds_give_equal_semantics():
    feats = np.random.default_rng(0).standard_normal((200, 2, 16)).astype(np.float32)
    one, two, other = (build_semantics(feats, 12, 6, seed=seed, restarts=1) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.assignments, two.assignments)
    np.testing.assert_array_equal(one.centroids, two.centroids)
    assert not np.array_equal(one.assignments, other.assignments)


def test_restarts_keep_the_tightest_clustering():
    points = np.random.default_rng(0).standard_normal((200, 16)).astype(np.float32)

    def inertia(restarts: int) -> float:
        centroids = kmeans_centroids(points, 12, 5, restarts, 100)
        return float(((points - centroids[nearest_centroids(points, centroids)[:, 0]]) ** 2).sum())

    assert inertia(10) < inertia(1)


def test_pca_subtracts_the_mean_and_keeps_the_largest_variances():
    random = np.random.default_rng(0)
    means = (random.standard_normal((60, 5)) * [5, 3, 1, 0.1, 0.1] + 7).astype(np.float32)
    projected, mean, components = fit_pca(means, 3)
    np.testing.assert_allclose(mean, means.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(components @ components.T, np.eye(3), atol=1e-5)
    np.testing.assert_allclose(projected, (means - mean) @ components.T, atol=1e-5)
    np.testing.assert_allclose(projected.mean(axis=0), 0, atol=1e-4)
    eigenvalues = np.linalg.eigvalsh(np.cov(means.T.astype(np.float64)))[::-1]
    np.testing.assert_allclose(projected.var(axis=0, ddof=1), eigenvalues[:3], rtol=1e-4)


def test_pca_at_its_largest_is_a_rotation():
    means = np.random.default_rng(0).standard_normal((9, 4)).astype(np.float32)
    projected, mean, components = fit_pca(means, 4)
    np.testing.assert_allclose(projected @ components + mean, means, atol=1e-5)


def test_nearest_agrees_with_all_distances_and_breaks_ties_by_index():
    random = np.random.default_rng(0)
    points, centroids = random.standard_normal((5000, 4)), random.standard_normal((7, 4))
    distances = np.linalg.norm(points[:, None] - centroids, axis=2)
    np.testing.assert_array_equal(nearest_centroids(points, centroids), np.argsort(distances, axis=1)[:, :3])
    tied = nearest_centroids(np.zeros((1, 2)), np.array([[0.0, 1.0], [1.0, 0.0], [0.0, -1.0], [0.0, 0.5]]))
    assert tied.tolist() == [[3, 0, 1]]


def test_cosine_similarity():
    centroids = np.array([[2.0, 0.0], [0.0, 3.0], [-1.0, 0.0], [1.0, 1.0]])
    root = np.sqrt(0.5)
    expected = [[1, 0, -1, root], [0, 1, 0, root], [-1, 0, 1, -root], [root, root, -root, 1]]
    W = cosine_similarity(centroids)
    np.testing.assert_allclose(W, expected, atol=1e-12)
    np.testing.assert_array_equal(W, W.T)
    np.testing.assert_array_equal(np.diag(W), 1)


def test_similarity_of_a_centroid_at_the_origin_is_refused():
    with pytest.raises(UserError) as error:
        cosine_similarity(np.array([[1.0, 0.0], [0.0, 0.0]]))
    assert str(error.value) == (
        "centroid 1 is zero, so its cosine similarity is undefined; use another number of clusters or another seed"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"clusters": 41}, "41 clusters requested for 40 training videos; use at most 40"),
        ({"clusters": 0}, "clusters is 0; must be a positive integer"),
        ({"restarts": 0}, "restarts is 0; must be a positive integer"),
        ({"pca": 9}, "PCA to 9 dimensions requested for 40 videos of dimension 8; use at most 8"),
        ({"pca": 0}, "pca is 0; must be a positive integer, or omitted for no PCA"),
    ],
)
def test_wrong_settings_are_refused_before_reading(arguments, message):
    dataset = Recorder(blobs()[0])
    with pytest.raises(UserError) as error:
        build_semantics(dataset, **({"clusters": 4} | arguments))
    assert str(error.value) == message
    assert dataset.largest == 0


@pytest.mark.parametrize("pca", [None, 2])
def test_fewer_distinct_videos_than_clusters(pca):
    feats = np.repeat(np.random.default_rng(0).standard_normal((3, 2, 4)), 5, axis=0).astype(np.float32)
    with pytest.raises(UserError) as error:
        build_semantics(feats, 4, pca)
    assert str(error.value) == (
        "4 clusters requested, but the 15 training videos have only 3 distinct means; use at most 3"
    )
    assert (build_semantics(feats, 3, pca).cluster_sizes == 5).all()


@pytest.mark.parametrize("pca", [None, 3])
def test_semantics_file_round_trip(tmp_path, pca):
    semantics = build_semantics(blobs()[0], 4, pca)
    path = tmp_path / "semantics" / "c4.h5"
    write_semantics(path, semantics, {"seed": 1})
    copy = read_semantics(path)
    for name, value in vars(semantics).items():
        if value is None:
            assert getattr(copy, name) is None
        else:
            np.testing.assert_array_equal(getattr(copy, name), value)
            assert getattr(copy, name).dtype == value.dtype
    with h5py.File(path) as file:
        assert file.attrs["provenance"] == '{"seed": 1}'
        assert "pca_mean" in file and ("pca_components" in file) == (pca is not None)


def test_missing_and_broken_semantics_files(tmp_path):
    path = tmp_path / "c4.h5"
    with pytest.raises(UserError) as error:
        read_semantics(path)
    assert str(error.value) == f"{path}: no such file"

    write_semantics(path, build_semantics(blobs()[0], 4), {})
    with h5py.File(path, "a") as file:
        del file["W"]
        file["W"] = np.eye(3)
    with pytest.raises(UserError) as error:
        read_semantics(path)
    assert str(error.value) == (f"{path}: W has shape (3, 3), expected (4, 4); restore the file or make it again")

    with h5py.File(path, "a") as file:
        del file["W"]
    with pytest.raises(UserError, match=r"c4\.h5: not a semantics file \(no array W\); make it again$"):
        read_semantics(path)

    path.write_bytes(b"not an HDF5 file")
    with pytest.raises(UserError, match="is a text file, not an HDF5 file"):
        read_semantics(path)


def shared_mean(videos: int = 200, width: int = 64, seed: int = 0) -> np.ndarray:
    """Features after a ReLU: a large mean that all videos share, and small differences between groups of videos."""
    random = np.random.default_rng(seed)
    groups = 0.3 * random.standard_normal((20, width))[np.arange(videos) % 20]
    feats = 1 + groups[:, None] + 0.02 * random.standard_normal((videos, 2, width))
    return np.maximum(feats, 0).astype(np.float32)


@pytest.mark.parametrize("pca", [None, 30, 64])
@pytest.mark.parametrize("build", [build_semantics, build_released_semantics])
def test_centering_is_a_setting_with_and_without_pca(build, pca):
    feats = shared_mean()
    means = video_means(feats)
    plain, centered = (build(feats, 20, pca, centered=value) for value in (False, True))
    assert mean_similarity(plain.W) > 0.85 and abs(mean_similarity(centered.W)) < 0.1
    assert plain.pca_mean is None
    np.testing.assert_allclose(centered.pca_mean, means.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(centered.projected.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_array_equal(build(feats, 20, pca).W, centered.W)
    # The components keep what matters here, so cosines are those of the means themselves.
    for semantics, points in ((plain, means), (centered, means - means.mean(axis=0))):
        expected = points @ points.T
        np.testing.assert_allclose(semantics.projected @ semantics.projected.T, expected, atol=0.02 * expected.max())


def test_centering_leaves_the_clusters_alone():
    feats = shared_mean()
    plain, centered, turned = (
        build_semantics(feats, 20, pca, centered=value) for pca, value in ((None, False), (None, True), (64, False))
    )
    np.testing.assert_array_equal(plain.assignments, centered.assignments)
    pairs = set(zip(plain.assignments.tolist(), turned.assignments.tolist(), strict=True))
    assert len(pairs) == 20


def test_mean_similarity_leaves_out_the_diagonal():
    assert mean_similarity(np.array([[1, 0.5, 0.1], [0.5, 1, 0.3], [0.1, 0.3, 1]])) == pytest.approx(0.3)
    assert mean_similarity(np.ones((1, 1))) == 0.0


def test_clusters_that_share_a_mean_are_warned_about_and_mended_by_centering(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with h5py.File("train.h5", "w") as file:
        file["feats"] = shared_mean()
    words = ["semantics", "--features=train.h5", "--clusters=20", "--output=semantics.h5"]
    assert main([*words, "--uncentered"]) == 0
    similarity = mean_similarity(read_semantics("semantics.h5").W)
    assert (
        f"semantics.h5: warning: the clusters have a mean cosine similarity of {similarity:.2f}, so that many get the "
        "same hash center; set semantics.centered to true\n"
    ) in capsys.readouterr().err
    solving = ["centers", "--semantics=semantics.h5", "--bits=16", "--solver=admm-plain", "--output=centers.h5"]
    assert main(solving) == 0
    distinct = len(np.unique(read_centers("centers.h5").centers, axis=0))
    assert distinct < 10
    assert (
        f"centers.h5: warning: only {distinct} of 20 hash centers of 16 bits are distinct; set semantics.centered to "
        "true if clusters are similar because features share a large mean, or use more bits or fewer clusters\n"
    ) in capsys.readouterr().err
    assert main(words) == 0
    assert main(solving) == 0
    assert "warning" not in capsys.readouterr().err
    assert len(np.unique(read_centers("centers.h5").centers, axis=0)) == 20


def test_shipped_settings_for_own_videos_subtract_the_mean():
    assert load_dataset("own").semantics.centered


def test_video_means_are_summed_in_double_precision():
    feats = np.array([1e8, 1, -1e8], np.float32).reshape(1, 3, 1)
    assert video_means(feats)[0, 0] == np.float32(1 / 3)
