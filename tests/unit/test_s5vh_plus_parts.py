"""S5VH-plus before training: summaries of videos and their diffused similarity, against plain second computations."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.fft import dct
from toy_methods import CPU

from s5vh.methods.contract import Shape
from s5vh.methods.s5vh_plus import similarity
from s5vh.methods.s5vh_plus.settings import Model
from s5vh.methods.s5vh_plus.similarity import diffusion, extended, nearest
from s5vh.methods.s5vh_plus.summary import VideoSummary
from s5vh.retrieval.given_order import unit_length
from s5vh.training.batches import FeatureSource

KINDS = {"mean": 1, "dct5": 5, "dct5_rest": 6}
N, T, D = 20, 9, 6
ALL = torch.arange(N)


def videos(count: int = N, frames: int = T, seed: int = 0) -> np.ndarray:
    """Videos whose values differ in scale, so that principal directions are well apart; float32 [count, T, D]."""
    rng = np.random.default_rng(seed)
    scale = 2.0 ** -np.arange(D)
    return ((rng.standard_normal((count, 1, D)) + rng.standard_normal((count, frames, D))) * scale).astype(np.float32)


def summary_of(kind: str = "dct5_rest", **options) -> VideoSummary:
    return VideoSummary(Shape(T, D, 4), Model(summary=kind, **options))


def fitted(feats: np.ndarray, rows=ALL, kind: str = "dct5_rest", **options):
    summary = summary_of(kind, **options)
    return summary, summary.fit(FeatureSource(feats, CPU), rows, 1)


def unprojected(kind: str = "dct5_rest") -> VideoSummary:
    """Describes frames as they are: no mean is subtracted and nothing is projected."""
    summary = summary_of(kind)
    summary.frame_map.copy_(torch.eye(D))
    return summary


def described(feats: np.ndarray, kind: str = "dct5_rest") -> np.ndarray:
    """`VideoSummary.described` as [n, S, D]."""
    return unprojected(kind).described(torch.from_numpy(feats)).numpy().reshape(len(feats), KINDS[kind], D)


def plainly_described(video: np.ndarray, kind: str) -> np.ndarray:
    """Step 2 for one video [T, P]: by SciPy's DCT, and the rest as what an inverse transform without them leaves."""
    columns = []
    for values in video.astype(np.float64).T:
        coefficients = dct(values, norm="ortho") / np.sqrt(len(values))
        five = np.zeros(5)
        five[: len(coefficients[:5])] = coefficients[:5]
        columns.append({"mean": [values.mean()], "dct5": five}.get(kind, [*five, np.sum(coefficients[5:] ** 2) ** 0.5]))
    return np.array(columns).T.ravel()


def plainly_principal(points: np.ndarray, size: int):
    mean = points.mean(axis=0)
    _, scales, directions = np.linalg.svd(points - mean, full_matrices=False)
    return mean, directions[:size], scales[:size]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("frame_size, summary_size, whitening", [(6, 100, 0.25), (3, 4, 0.0), (4, 3, 0.9)])
def test_summaries_are_those_of_a_plain_computation(kind, frame_size, summary_size, whitening):
    feats = videos()
    options = {"frame_size": frame_size, "summary_size": summary_size, "whitening": whitening}
    summary, found = fitted(feats, kind=kind, **options)
    mean, frame_map, _ = plainly_principal(feats.reshape(-1, D).astype(np.float64), frame_size)
    vectors = np.array([plainly_described((video - mean) @ frame_map.T, kind) for video in feats])
    mean, directions, scales = plainly_principal(vectors, summary_size)
    expected = (vectors - mean) @ directions.T / scales**whitening
    expected /= np.sqrt(np.mean(expected**2) * len(directions) / summary.size)
    # The directions of frames and of summaries are given up to their signs, on which the roots of the rest do not
    # depend. Inner products are the same whatever the signs.
    assert found.shape == (N, min(summary_size, KINDS[kind] * frame_size)) and found.dtype == torch.float32
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=2e-4 * np.max(np.sum(expected**2, 1)))
    torch.testing.assert_close(summary(torch.from_numpy(feats)), found, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 5, 6, 30])
@pytest.mark.parametrize("kind", KINDS)
def test_any_length_is_described(frames, kind):
    feats = videos(3, frames)
    expected = [plainly_described(video, kind) for video in feats]
    np.testing.assert_allclose(described(feats, kind).reshape(3, -1), expected, atol=2e-6)
    summary, _ = fitted(videos(), kind=kind)
    assert summary(torch.from_numpy(feats)).shape == (3, summary.size)


def test_a_video_that_stands_still_is_its_mean_and_nothing_else():
    feats = np.repeat(videos(3, 1), T, axis=1)
    mean, *others = described(feats).swapaxes(0, 1)
    np.testing.assert_allclose(mean, feats[:, 0], rtol=1e-6)
    np.testing.assert_allclose(others, 0, atol=1e-6)


def test_frames_shown_twice_keep_the_mean_and_shift_known_shares_to_the_rest():
    feats = videos(4)
    once, twice = described(feats), described(feats.repeat(2, axis=1))
    shrunk = np.cos(np.pi * np.arange(5) / (4 * T))[:, None]  # of coefficient k; 1 for the mean
    np.testing.assert_allclose(twice[:, :5], once[:, :5] * shrunk, atol=1e-6)
    # By Parseval, the rest takes up what the coefficients lose.
    lost = np.sum((once[:, 1:5] ** 2) * (1 - shrunk[1:] ** 2), axis=1)
    np.testing.assert_allclose(twice[:, 5] ** 2, once[:, 5] ** 2 + lost, rtol=1e-4)


def test_backwards_turns_the_signs_of_the_second_and_the_fourth():
    feats = videos(4)
    signs = np.array([1, -1, 1, -1, 1, 1])[:, None]
    np.testing.assert_allclose(described(feats[:, ::-1].copy()), described(feats) * signs, atol=1e-6)


@pytest.mark.parametrize("whitening", [0.0, 0.25, 0.9])
def test_vectors_of_training_videos_have_mean_0_and_mean_square_1(whitening):
    rows = ALL[::2]
    _, found = fitted(videos(), rows, whitening=whitening)
    assert float(found[rows].square().mean()) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(found[rows].mean(0), 0, atol=1e-5)


def test_directions_that_the_training_videos_lack_are_zero():
    feats = np.random.default_rng(0).standard_normal((N, T, 2)) @ np.random.default_rng(1).standard_normal((2, D))
    summary, found = fitted(feats.astype(np.float32))
    assert [bool(row.any()) for row in summary.frame_map] == [True] * 2 + [False] * (D - 2)
    assert summary.map.any(dim=1).tolist() == [True] * 12 + [False] * (summary.size - 12)
    assert torch.isfinite(found).all() and float(found.square().mean()) == pytest.approx(1, abs=1e-5)
    few, _ = fitted(videos(), ALL[:3])
    assert few.map.any(dim=1).tolist() == [True] * 2 + [False] * (few.size - 2)


@pytest.mark.filterwarnings("ignore:invalid value encountered in divide")
def test_videos_that_are_all_the_same_are_zeros():
    summary, found = fitted(np.ones((N, T, D), np.float32))
    assert not found.any() and not summary.map.any()


def test_videos_that_are_held_out_do_not_change_the_maps():
    feats, rows = videos(), ALL[ALL % 4 != 1]
    other = feats.copy()
    other[1::4] = 100
    (first, vectors), (second, changed) = fitted(feats, rows), fitted(other, rows)
    for name, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[name]), name
    assert torch.equal(vectors[rows], changed[rows]) and not torch.equal(vectors, changed)


def points_of(count: int = 30, size: int = 5, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, size)).astype(np.float32)


def plainly_nearest(queries, points, count, exclude_self=False) -> np.ndarray:
    weights = np.zeros((len(queries), len(points)))
    for i, query in enumerate(queries):
        cosines = [float(query @ point / np.linalg.norm(query) / np.linalg.norm(point)) for point in points]
        order = [j for j in np.argsort(cosines)[::-1] if not (exclude_self and i == j)]
        for j in order[:count]:
            weights[i, j] = max(cosines[j], 1e-6) ** 3
    return weights


@pytest.mark.parametrize("block", [7, 10, 1024])
@pytest.mark.parametrize("count", [1, 4, 29])
def test_nearest_points_are_those_of_a_loop(monkeypatch, block, count):
    monkeypatch.setattr(similarity, "_BLOCK", block)
    points, queries = points_of(), points_of(12, seed=1)
    np.testing.assert_allclose(nearest(queries, points, count).toarray(), plainly_nearest(queries, points, count),
                               rtol=1e-4, atol=1e-12)  # fmt: skip
    found = nearest(points, points, count, exclude_self=True)
    np.testing.assert_allclose(found.toarray(), plainly_nearest(points, points, count, True), rtol=1e-4, atol=1e-12)
    assert found.nnz == 30 * count and not found.diagonal().any()


def plainly_normed(points, neighbours) -> np.ndarray:
    graph = plainly_nearest(points, points, neighbours, True)
    graph = np.maximum(graph, graph.T)
    sums = np.sqrt(graph.sum(axis=1))
    return graph / sums[:, None] / sums


@pytest.mark.parametrize("rank", [3, 10, 29, 200])
def test_diffused_similarity_is_the_inverse_matrix_of_this_rank(rank):
    points = points_of()
    normed = plainly_normed(points, 4)
    inverse = np.linalg.inv(np.eye(30) - 0.9 * normed)
    values, directions = np.linalg.eigh(inverse)
    best = (directions[:, -rank:] * values[-rank:]) @ directions[:, -rank:].T
    vectors = diffusion(points, 4, 0.9, rank)
    assert vectors.shape == (30, min(rank, 29))
    similar = vectors @ vectors.T
    # Of rank N - 1 at most: of the whole inverse, only the share of its smallest eigenvalue is missing then.
    np.testing.assert_allclose(similar, best, atol=1.001 * values[0] if rank > 29 else 1e-5)
    if rank >= 29:
        np.testing.assert_allclose(similar, inverse, atol=1.001 * values[0])


def test_many_videos_are_diffused_as_few(monkeypatch):
    points = points_of()
    few = diffusion(points, 4, 0.9, 10)
    monkeypatch.setattr(similarity, "_DENSE", 10)
    many = diffusion(points, 4, 0.9, 10)
    np.testing.assert_allclose(many @ many.T, few @ few.T, atol=1e-8)
    assert np.array_equal(diffusion(points, 4, 0.9, 10), many)


def test_a_graph_that_falls_apart_is_diffused_whole(monkeypatch):
    """Every part has the eigenvalue 1; the iterations that are used with many videos would miss most of them."""
    rng = np.random.default_rng(0)
    centers = 3 * rng.standard_normal((20, 32))
    sizes = np.r_[np.full(18, 6), 15, 25]
    points = np.repeat(centers, sizes, axis=0) + 0.05 * rng.standard_normal((sizes.sum(), 32))
    few = diffusion(points.astype(np.float32), 3, 0.99, 40)
    assert np.isclose((few**2).sum(axis=0), 100).sum() >= 20
    monkeypatch.setattr(similarity, "_DENSE", 10)
    many = diffusion(points.astype(np.float32), 3, 0.99, 40)
    np.testing.assert_allclose(many @ many.T, few @ few.T, atol=1e-8)


def test_further_videos_get_the_mean_of_their_neighbours():
    points, vectors = points_of(), unit_length(diffusion(points_of(), 4, 0.9, 10))
    queries = np.concatenate([points[7:8] * 3, points_of(2, seed=1)])
    weights = plainly_nearest(queries, points, 4)
    expected = weights @ vectors / weights.sum(axis=1, keepdims=True)
    found = extended(vectors, points, queries, 4)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert weights[0].argmax() == 7 and weights[0, 7] == pytest.approx(1)
    np.testing.assert_allclose(extended(vectors, points, queries[:1], 1), vectors[7:8])
    assert extended(vectors, points, queries, 100).shape == (3, 10)


def test_a_video_without_similar_ones_still_has_neighbours():
    points = np.array([[1, 0], [1, 0.1], [-1, 0], [0.9, -0.1]], np.float32)
    vectors = diffusion(points, 2, 0.99, 3)
    assert np.isfinite(vectors).all() and np.linalg.norm(vectors[2]) > 0
    assert np.isfinite(extended(vectors[:2], points[:2], -points[:1], 2)).all()
