"""Anchor graphs against dense matrices, pair by pair."""

import math

import numpy as np
import pytest
import torch

from s5vh.semantics.anchor_graph import AnchorGraph


def problem(videos=60, anchors=12, size=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    points = torch.randn(videos, size, generator=generator)
    return points, points[torch.randperm(videos, generator=generator)[:anchors]] + 0.1


def dense_codes(points, anchors, power=2):
    """All codes by the definition, [N, N]; also A of the three kernels."""
    d = torch.cdist(points.double(), anchors.double(), compute_mode="donot_use_mm_for_euclid_dist")
    similarities = []
    for s in (3, 4, 5):
        order = d.argsort(dim=1, stable=True)[:, : min(s, len(anchors))]
        mean = sum(d[i, order[i, -1]] for i in range(len(points))) / len(points)
        Z = torch.zeros_like(d)
        for i, near in enumerate(order):
            kernel = [math.exp(-((d[i, j] / mean) ** power)) for j in near]
            for j, value in zip(near, kernel, strict=True):
                Z[i, j] = value / sum(kernel)
        L = Z.sum(dim=0)
        L[L == 0] = 1  # an anchor of no video
        similarities.append(Z @ torch.diag(1 / L) @ Z.t())
    s3, s4, s5 = ((A > 1e-5).long() for A in similarities)
    return 2 * (s5 - s4) + s3, similarities


def all_codes(graph):
    rows = torch.arange(len(graph))
    return graph.code(rows[:, None], rows[None])


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize(("videos", "anchors", "size"), [(60, 12, 3), (40, 30, 8), (20, 4, 3), (9, 1, 2)])
def test_codes_are_those_of_dense_matrices(videos, anchors, size, power):
    points, centers = problem(videos, anchors, size)
    expected, similarities = dense_codes(points, centers, power)
    for A in similarities:
        torch.testing.assert_close(A.sum(dim=1), torch.ones(videos, dtype=torch.float64))
    codes = all_codes(AnchorGraph(points, centers, power=power))
    assert torch.equal(codes, expected) and torch.equal(codes, codes.t())
    assert (codes.diagonal() == 1).all()
    assert set(codes.unique().tolist()) <= ({0, 1, 2} if anchors > 5 else {1})


@pytest.mark.parametrize("power", [1, 2])
def test_the_threshold_cuts_each_kernel_by_itself(power):
    points, centers = problem()
    _, similarities = dense_codes(points, centers, power)
    s3, s4, s5 = ((A > 0.03).long() for A in similarities)
    codes = all_codes(AnchorGraph(points, centers, power=power, threshold=0.03))
    assert torch.equal(codes, 2 * (s5 - s4) + s3)
    assert set(codes.unique().tolist()) == {-2, -1, 0, 1, 2, 3}


def test_a_distant_video_has_neighbours_too():
    points, centers = problem()
    points[7] = 1e4
    graph = AnchorGraph(points, centers)
    assert np.isfinite(graph.weights).all() and graph.code(torch.tensor(7), torch.tensor(7)) == 1


def counts_of(draw, video, times, videos):
    draws = draw(torch.full((times,), video), torch.Generator().manual_seed(video))
    return draws.bincount(minlength=videos)


@pytest.mark.parametrize("tries", [0, 3, 24])  # 0: every draw is a choice among all
@pytest.mark.parametrize("threshold", [1e-5, 0.03])
def test_draws_are_uniform_over_the_videos_of_the_wanted_code(tries, threshold):
    points, centers = problem()
    graph = AnchorGraph(points, centers, threshold=threshold, tries=tries)
    codes = all_codes(graph)
    both = ((codes == 1).any(dim=1) & (codes == 2).any(dim=1)).nonzero()[:3, 0].tolist()
    assert len(both) == 3
    for video in both:
        for wanted, draw in ((1, graph.similar), (2, graph.dissimilar)):
            allowed = codes[video] == wanted
            counts = counts_of(draw, video, 2000, 60)
            assert torch.equal(counts > 0, allowed)
            expected = 2000 / int(allowed.sum())
            assert ((counts[allowed] - expected) ** 2 / expected).sum() < 3 * int(allowed.sum())  # chi-squared


def test_draws_of_a_batch_keep_its_shape_and_order():
    points, centers = problem()
    graph = AnchorGraph(points, centers)
    index = torch.randint(60, (4, 25), generator=torch.Generator().manual_seed(1))
    codes = all_codes(graph)
    has_dissimilar = (codes == 2).any(dim=1)
    assert has_dissimilar.any() and not has_dissimilar.all()  # the others get an unrelated video
    for draw, wanted in ((graph.similar, torch.ones(60)), (graph.dissimilar, 2.0 * has_dissimilar)):
        found = draw(index, torch.Generator().manual_seed(2))
        assert found.shape == index.shape and found.dtype == torch.int64
        assert torch.equal(codes[index, found], wanted[index].long())
        assert torch.equal(found, draw(index, torch.Generator().manual_seed(2)))
        assert not torch.equal(found, draw(index, torch.Generator().manual_seed(3)))


def test_unrelated_videos_stand_in_for_dissimilar_ones_uniformly():
    """Two far groups with anchors of their own: inside all are similar, between them unrelated."""
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(20, 2, generator=generator) + 100 * (torch.arange(20) % 2)[:, None]
    centers = torch.randn(10, 2, generator=generator) + 100 * (torch.arange(10) % 2)[:, None]
    graph = AnchorGraph(points, centers)
    codes = all_codes(graph)
    assert not (codes[4] == 2).any() and (codes[4] == 0).any()
    counts = counts_of(graph.dissimilar, 4, 2000, 20)
    assert torch.equal(counts > 0, codes[4] == 0)
    assert counts[counts > 0].min() > 100


def test_any_video_stands_in_where_all_are_similar():
    graph = AnchorGraph(*problem(20, 4))
    assert (all_codes(graph) == 1).all()
    assert (counts_of(graph.dissimilar, 4, 1000, 20) > 0).all()


def test_only_the_given_rows_are_drawn():
    points, centers = problem()
    rows = torch.arange(0, 60, 2)
    graph = AnchorGraph(points, centers, rows)
    np.testing.assert_allclose(graph.weights[rows], AnchorGraph(points[rows], centers).weights)  # no others decide them
    held_out = torch.cat([points, torch.full((1, 3), 9.0)])  # near an anchor that no other video is near
    assert np.isfinite(AnchorGraph(held_out, torch.cat([centers, held_out[-1:]]), rows).weights).all()
    index = torch.arange(60).repeat(200)
    for draw, wanted in ((graph.similar, 1), (graph.dissimilar, 2)):
        found = draw(index, torch.Generator().manual_seed(0))
        elsewhere = found != index
        assert (found[elsewhere] % 2 == 0).all()
        codes, possible = graph.code(index, found), (all_codes(graph)[:, rows] == wanted).any(dim=1)
        assert (codes[possible[index]] == wanted).all()
        video = int(possible.nonzero()[0])
        assert set(found[index == video].tolist()) == set(rows[all_codes(graph)[video, rows] == wanted].tolist())


def test_a_video_without_others_is_its_own_neighbour():
    points, centers = problem()
    graph = AnchorGraph(points, centers, rows=torch.tensor([3]))
    lonely = (all_codes(graph)[:, 3] == 0).nonzero()[:, 0]
    assert len(lonely) and torch.equal(graph.similar(lonely, torch.Generator().manual_seed(0)), lonely)


def test_a_graph_from_its_state_gives_the_same_codes_and_draws() -> None:
    points, rows = torch.randn(40, 3, generator=torch.Generator().manual_seed(0)), torch.arange(0, 40, 2)
    graph = AnchorGraph(points, points[:9], rows)
    again = AnchorGraph.from_state(graph.state(), rows)
    index = torch.arange(40)
    assert torch.equal(graph.code(index[:, None], index), again.code(index[:, None], index))
    for draw in ("similar", "dissimilar"):
        drawn = [getattr(one, draw)(index, torch.Generator().manual_seed(1)) for one in (graph, again)]
        assert torch.equal(*drawn)
