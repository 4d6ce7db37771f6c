"""AutoSSVH's clusters: k-means, component voting, temperatures, negatives, and when they are found."""

import itertools
import math

import h5py
import numpy as np
import pytest
import torch
from autossvh_parts import GOLDEN, SHAPE, network
from golden_files import TOLERANCE, read

from s5vh.base.errors import UserError
from s5vh.methods.autossvh.prototypes import (
    Clustering,
    cluster_videos,
    density_temperatures,
    drawn_negatives,
    prototype_loss,
    voted,
)
from s5vh.methods.autossvh.settings import Prototypes
from s5vh.methods.load import load_method
from s5vh.semantics.lloyd import assigned, lloyd
from s5vh.training.batches import FeatureSource

VIDEOS = 20
FILE = np.random.default_rng(0).normal(size=(VIDEOS, *SHAPE[:2])).astype(np.float32)
FEW = {"clusters": [2, 3], "warm_up": 2}


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def signs(*shape, seed=0):
    return torch.randint(0, 2, shape, generator=generator(seed)) * 2.0 - 1


@pytest.mark.parametrize("seed", range(5))
def test_voted_prototypes_are_nearest_to_their_codes_among_all_binary_vectors(seed):
    codes, labels = signs(17, 5, seed=seed), torch.arange(17) % 4  # clusters of 5 and of 4 videos, these with ties
    prototypes = voted(codes, labels, 4)
    candidates = torch.tensor(list(itertools.product((-1.0, 1.0), repeat=5)))
    for cluster, prototype in enumerate(prototypes):
        members = codes[labels == cluster]
        sums = (candidates[:, None] != members).sum(dim=(1, 2))
        assert (prototype != members).sum() == sums.min()
        assert torch.equal(prototype, torch.where(members.sum(0) >= 0, 1.0, -1.0))


def test_ties_of_the_vote_are_plus_one():
    codes = torch.tensor([[1.0, -1, 1], [-1, 1, 1], [1.0, -1, -1]])
    assert voted(codes, torch.tensor([0, 0, 1]), 3).tolist() == [[1, 1, 1], [1, -1, -1], [1, 1, 1]]


def test_k_means_finds_separate_groups_and_the_means_of_their_members():
    centers = 10 * torch.eye(4, 6)
    points = centers.repeat(30, 1) + 0.1 * torch.randn(120, 6, generator=generator())
    centroids = lloyd(points, 4, generator(), restarts=10)
    labels, distances = assigned(points, centroids)
    for cluster in range(4):
        torch.testing.assert_close(centroids[cluster], points[labels == cluster].mean(0))
    assert torch.equal(labels[:4].sort().values, torch.arange(4)) and torch.equal(labels, labels[:4].repeat(30))
    torch.testing.assert_close(distances, (points - centroids[labels]).square().sum(1), rtol=1e-4, atol=1e-4)


def test_k_means_is_decided_by_its_generator_and_keeps_the_best_of_its_restarts(monkeypatch):
    points = torch.randn(150, 4, generator=generator())
    assert torch.equal(lloyd(points, 8, generator(1)), lloyd(points, 8, generator(1)))
    shared = generator(2)
    inertias = [assigned(points, lloyd(points, 8, shared, restarts=1))[1].sum() for _ in range(5)]
    best = assigned(points, lloyd(points, 8, generator(2), restarts=5))[1].sum()
    assert best == min(inertias) and len({inertia.item() for inertia in inertias}) > 1
    monkeypatch.setattr("s5vh.semantics.lloyd._BLOCK", 7)
    in_blocks = assigned(points, points[:8])
    monkeypatch.setattr("s5vh.semantics.lloyd._BLOCK", 150)
    assert torch.equal(in_blocks[0], assigned(points, points[:8])[0])
    monkeypatch.setattr("s5vh.semantics.lloyd.POINTS_PER_CLUSTER", 2)
    chosen = lloyd(points, 4, generator(), restarts=1, iterations=0)  # 8 of the points, 4 of which it begins with
    assert all((points == centroid).all(1).any() for centroid in chosen)
    assert lloyd(points, 70, generator()).shape == (70, 4)


def test_k_means_moves_empty_clusters_and_survives_equal_points():
    points = torch.cat([torch.zeros(50, 2), torch.tensor([[5.0, 0], [0, 5.0]])])
    centroids = lloyd(points, 3, generator(), restarts=1)
    assert {tuple(row) for row in centroids.tolist()} == {(0, 0), (5, 0), (0, 5)}
    equal = lloyd(torch.ones(9, 2), 4, generator())
    assert torch.equal(equal[assigned(torch.ones(9, 2), equal)[0]], torch.ones(9, 2))


@pytest.mark.parametrize("case", range(3))
def test_temperatures_are_those_of_the_released_routine(case):
    with h5py.File(GOLDEN) as file:
        values = read(file[f"prototype_temperatures/clustering_{case}"])
    distances = values["distance_to_own_centroid_if_centroid_is_cluster_mean"]
    found = density_temperatures(distances, values["cluster_of_video"], 0.2)
    torch.testing.assert_close(found, values["temperatures"], **TOLERANCE)
    assert found.mean().item() == pytest.approx(0.2)


def test_temperatures_of_single_videos_and_of_equal_codes():
    labels = torch.tensor([0, 0, 1, 2, 2, 2])
    found = density_temperatures(torch.tensor([1.0, 3.0, 0.0, 1.0, 1.0, 1.0]), labels, 0.5)
    raw = np.array([2 / math.log(12), 2 / math.log(12), 1 / math.log(13)])  # the single video has the largest
    raw = np.clip(raw, *np.percentile(raw, (10, 90)))
    np.testing.assert_allclose(found, 0.5 * raw / raw.mean(), rtol=1e-5)
    assert torch.equal(density_temperatures(torch.zeros(6), labels, 0.2), torch.full((3,), 0.2))
    mixed = density_temperatures(torch.tensor([0.0, 0.0, 0.0, 1.0, 1.0, 1.0]), labels, 0.2)
    assert (mixed > 0).all() and torch.isfinite(mixed).all()


def test_negatives_are_other_clusters_as_many_as_videos():
    labels = torch.tensor([3, 3, 0, 5])
    drawn = {tuple(drawn_negatives(labels, 12, generator(seed)).tolist()) for seed in range(20)}
    assert len(drawn) > 10
    assert all(len(set(one)) == 4 and not set(one) & {0, 3, 5} for one in drawn)
    assert {cluster for one in drawn for cluster in one} == set(range(12)) - {0, 3, 5}
    assert drawn_negatives(labels, 6, generator()).sort().values.tolist() == [1, 2, 4]


def test_losses_of_codes_that_are_as_near_to_all_prototypes():
    clustering = Clustering(torch.tensor([1, 1, 2]), torch.eye(7)[:5], torch.full((5,), 0.2))
    codes = torch.eye(7)[5:].sum(0).expand(3, 7)
    both = (codes, codes), torch.arange(3), [clustering]
    assert prototype_loss(*both, "all", generator()).item() == pytest.approx(math.log(5))
    assert prototype_loss(*both, "sampled", generator()).item() == pytest.approx(math.log(6))  # 3 and 3 others
    near = (torch.eye(7)[[1, 1, 2]],) * 2
    loss = prototype_loss(near, torch.arange(3), [clustering], "sampled", generator())
    e = math.exp(5)
    assert loss.item() == pytest.approx((2 * math.log(2 + 4 / e) + math.log(1 + 5 / e)) / 3)  # repeats cost log 2


def test_clusterings_of_one_size_begin_elsewhere():
    points = torch.randn(60, 4, generator=generator())
    first, second = cluster_videos(points, signs(60, 5), torch.arange(60), Prototypes(clusters=(9, 9)))
    assert not torch.equal(first.labels, second.labels)


def test_clusterings_are_of_training_videos_and_label_the_others(monkeypatch):
    points = torch.cat([torch.eye(3).repeat(6, 1), torch.tensor([[0.9, 0.1, 0.1], [9.0, 9.0, 9.1]])])
    codes = signs(20, 5)
    rows = torch.arange(18)
    (clustering,) = cluster_videos(points, codes, rows, Prototypes(clusters=(3,)))
    labels = clustering.labels
    assert labels.dtype == torch.int64 and labels[18] == labels[0] and labels[19] == labels[2]
    assert torch.equal(labels[:18], labels[:3].repeat(6)) and sorted(labels[:3].tolist()) == [0, 1, 2]
    expected = voted(codes[:18], labels[:18], 3) / 5**0.5
    torch.testing.assert_close(clustering.prototypes, expected)
    assert clustering.temperatures.tolist() == pytest.approx([0.2] * 3)
    options = Prototypes(clusters=(3, 5), of="codes", centers="means", temperatures="per_cluster", temperature=0.3)
    first, second = cluster_videos(points, points, rows, options)
    torch.testing.assert_close(first.prototypes[first.labels[:3]], torch.eye(3))
    assert len(second.prototypes) == 3  # five clusters of three different points leave two without videos
    assert first.temperatures.mean().item() == pytest.approx(0.3)


def test_held_out_videos_have_no_vote_and_no_part_in_temperatures():
    points = torch.tensor([[0.0], [1], [10], [12], [20], [23], [40]])
    codes = torch.tensor([[1.0], [-1], [1], [-1], [1], [-1], [-1]])  # without the last one, all are ties
    (clustering,) = cluster_videos(points, codes, torch.arange(6), Prototypes(clusters=(3,)))
    assert clustering.labels[6] == clustering.labels[5] and clustering.prototypes.tolist() == [[1], [1], [1]]
    settings = Prototypes(clusters=(3,), of="codes", centers="means", temperatures="per_cluster")
    (clustering,) = cluster_videos(points, codes, torch.arange(6), settings)
    distances, labels = torch.tensor([0.5, 0.5, 1, 1, 1.5, 1.5]), torch.arange(3).repeat_interleave(2)
    expected = density_temperatures(distances, labels, 0.2)[labels]
    torch.testing.assert_close(clustering.temperatures[clustering.labels[:6]], expected)


def test_centroids_without_training_videos_are_left_out(monkeypatch):
    points, rows = torch.eye(4)[[0, 2, 0, 2, 1]], torch.arange(4)
    monkeypatch.setattr("s5vh.methods.autossvh.prototypes.lloyd", lambda *_: torch.eye(4)[:3])
    settings = Prototypes(clusters=(3,), of="codes", centers="means", temperatures="per_cluster")
    (clustering,) = cluster_videos(points, signs(5, 4), rows, settings)
    assert torch.equal(clustering.prototypes, torch.eye(4)[[0, 2]])
    assert clustering.labels[:4].tolist() == [0, 1, 0, 1] and clustering.labels[4] in (0, 1)
    assert clustering.temperatures.tolist() == pytest.approx([0.2, 0.2])
    drawn = iter([(torch.tensor([0, 1, 0, 1]), None), (torch.zeros(5, dtype=torch.int64), torch.zeros(5))])
    monkeypatch.setattr("s5vh.methods.autossvh.prototypes.assigned", lambda *_: next(drawn))
    (clustering,) = cluster_videos(points, signs(5, 4), rows, settings)  # the second time, all are nearest to the first
    assert clustering.labels.tolist() == [0, 1, 0, 1, 0] and len(clustering.temperatures) == 2


def clustered(net, epoch, rows=None):
    videos = FeatureSource(FILE, torch.device("cpu"))
    net.begin_training(videos, torch.arange(VIDEOS) if rows is None else rows)
    net.begin_epoch(epoch, videos)
    return net.clusterings


def test_clusters_begin_after_the_warm_up_and_are_renewed():
    videos = FeatureSource(FILE, torch.device("cpu"))
    net = network(prototypes=FEW | {"every": 3})
    found = []
    for epoch in range(9):
        assert clustered(net, epoch) is net.clusterings
        found.append(net.clusterings)
        for parameter in net.parameters():
            parameter.data += 0.1 * torch.randn(parameter.shape, generator=generator(epoch))
    assert found[0] == found[1] == [] and len(found[2]) == 2
    renewed = [epoch for epoch in range(1, 9) if found[epoch] is not found[epoch - 1]]
    assert [epoch for epoch in renewed if epoch > 1] == [2, 5, 8]
    idle = network(prototypes=FEW, loss={"prototypes": 0})
    idle.begin_epoch(5, videos)
    assert idle.clusterings == []


@pytest.mark.parametrize("recipe", ["autossvh", "autossvh-released"])
def test_what_is_clustered_are_means_over_whole_videos(recipe, monkeypatch):
    seen = []

    def record(points, codes, rows, settings):
        seen.append((points, codes, rows))
        return []

    monkeypatch.setattr("s5vh.methods.autossvh.network.cluster_videos", record)
    monkeypatch.setattr("s5vh.methods.autossvh.network._BATCH", 7)
    net = network(recipe, prototypes=FEW)
    rows = torch.arange(0, VIDEOS, 2)
    clustered(net, 2, rows)
    (points, codes, given), feats = seen[0], torch.from_numpy(FILE)
    assert net.training and not points.requires_grad and torch.equal(given, rows)
    hashes = net.frame_hashes(net.embedded(feats))
    mean = (hashes if recipe == "autossvh-released" else net.embeddings(net.embedded(feats))).mean(1)
    torch.testing.assert_close(points, mean / mean.norm(dim=1, keepdim=True))
    assert torch.equal(codes, net.encode(feats))


def test_clusters_survive_a_checkpoint(tmp_path):
    net = network(prototypes=FEW | {"every": 100})
    clustered(net, 2)
    torch.save(net.training_state(), tmp_path / "state.pt")
    again = network(prototypes=FEW | {"every": 100})
    again.load_training_state(torch.load(tmp_path / "state.pt", weights_only=True))
    for one, other in zip(net.clusterings, again.clusterings, strict=True):
        assert all(torch.equal(value, vars(other)[name]) for name, value in vars(one).items())


def test_more_clusters_than_videos_are_refused():
    settings = load_method("autossvh")
    assert settings.minimum_videos(64) == 600
    assert load_method("autossvh", overrides={"autossvh": {"loss": {"prototypes": 0}}}).minimum_videos(64) == 1
    with pytest.raises(UserError) as error:
        clustered(network(prototypes={"clusters": [4, 11]}), 0, torch.arange(10))
    assert str(error.value) == ("prototypes.clusters: 11 clusters requested for 10 training videos; use at most 10")
    clustered(network(prototypes={"clusters": [10]}), 50, torch.arange(10))
    network(loss={"prototypes": 0}).begin_training(FeatureSource(FILE, torch.device("cpu")), torch.arange(3))
    with pytest.raises(UserError, match="centers 'means' needs of 'codes', because prototypes are compared with codes"):
        load_method("autossvh", overrides={"autossvh": {"prototypes": {"centers": "means"}}})
