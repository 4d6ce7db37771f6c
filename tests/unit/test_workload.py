"""What the efficiency study runs."""

import pytest
import torch

from s5vh.config.studies import EfficiencyConfig
from s5vh.studies.workload import RandomVideos, Workload, prepare

CPU = torch.device("cpu")
CONFIG = EfficiencyConfig(feature_size=8, bits=16)
MODEL = "{width: 16, depth: 1, decoder_width: 16, d_state: 2}"


@pytest.fixture(autouse=True)
def small(tmp_path, monkeypatch):
    """The method `small`: S5VH with a small network."""
    (tmp_path / "config/methods").mkdir(parents=True)
    (tmp_path / "config/methods/small.yaml").write_text(f"extends: s5vh\ntitle: Small\nmodel: {MODEL}\n")
    monkeypatch.chdir(tmp_path)


def test_random_videos_are_the_same_however_they_are_read():
    videos = RandomVideos(6, 3, CPU, 50)
    index = torch.tensor([[4, 0], [49, 7]])
    ((asked, feats),) = videos.batches([index])
    assert asked is index and feats.shape == (2, 2, 6, 3) and feats.std() > 0.5
    frames = videos.frames(torch.tensor([49, 4]), torch.tensor([5, 2]))
    assert torch.equal(frames, torch.stack([feats[1, 0, 5], feats[0, 0, 2]]))
    parts = list(videos.in_order(20))  # fewer at a time, or reading them would take more memory than a batch
    assert [len(part) for part in parts] == [5] * 10 and torch.equal(parts[0][[4, 0]], feats[0])
    assert [len(part) for part in videos.in_order(3, torch.arange(4))] == [3, 1]
    assert torch.equal(next(videos.in_order(9, torch.tensor([7]))), feats[1, 1:])
    assert not torch.equal(feats[0, 0], feats[0, 1]) and videos.shape == (50, 6, 3)


def test_encoding_runs_in_evaluation_mode_on_a_batch_of_its_length(tmp_path, monkeypatch):
    work = Workload("small", CONFIG, "encode", 9, tmp_path)
    seen = []
    monkeypatch.setattr(
        work.network,
        "encode",
        lambda feats: seen.append((feats.shape, work.network.training, torch.is_inference_mode_enabled())),
    )
    work.load(700, CPU)  # more than the training file has
    work.run()
    assert seen == [((700, 9, 8), False, True)]
    work.unload()
    assert work._feats is None


@pytest.mark.parametrize("name, groups", [("small", 1), ("mcmsh", 4), ("bth", 2), ("ssvh", 1), ("autossvh", 1)])
def test_a_training_step_has_what_its_method_requires(name, groups, tmp_path):
    prepare(name, CONFIG, 9, tmp_path)
    work = Workload(name, CONFIG, "train", 9, tmp_path)
    work.load(6, CPU)
    assert work._batch.feats.shape == (groups, 6, 9, 8) and work._batch.index.shape == (groups, 6)
    assert work.network.training
    work.run()
    gradients = [p.grad for p in work.network.parameters() if p.grad is not None]
    assert gradients and all(gradient.isfinite().all() for gradient in gradients)
    first = gradients[0].clone()
    work.unload()
    assert work._batch is None and torch.equal(gradients[0], first)  # gradients stay until they are forgotten
    work.forget_gradients()
    assert all(p.grad is None for p in work.network.parameters())


def test_an_epoch_begins_once_so_that_its_clustering_is_not_part_of_later_batches(tmp_path, monkeypatch):
    work = Workload("autossvh", CONFIG, "train", 9, tmp_path)
    begun = []
    monkeypatch.setattr(work.network, "begin_epoch", lambda epoch, videos: begun.append((epoch, len(videos))))
    for videos in (5, 7):
        work.load(videos, CPU)
        assert work._batch.feats.shape == (1, videos, 9, 8)
        work.unload()
    assert begun == [(349, 600)]


def test_what_one_training_requires_does_not_depend_on_others(tmp_path):
    prepare("small", CONFIG, 9, tmp_path)
    kinds = sorted(path.parent.name for path in tmp_path.rglob("*.h5"))
    assert kinds == ["centers", "semantics"]
    prepare("conmh", CONFIG, 9, tmp_path / "none")
    assert not list((tmp_path / "none").rglob("*"))
