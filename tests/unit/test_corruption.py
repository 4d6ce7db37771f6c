"""Frame corruption: how often, with what, and what stays corrupted when features are edited in place."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from s5vh.nn.corruption import FrameCorruption, _occurrence
from s5vh.nn.hash_layer import binary_straight_through
from s5vh.training.batches import FeatureSource

VIDEOS, FRAMES, SIZE = 12, 5, 3
FEATS = np.random.default_rng(0).normal(size=(VIDEOS, FRAMES, SIZE)).astype(np.float32)
SOURCE = FeatureSource(FEATS, torch.device("cpu"))
ALL = torch.arange(VIDEOS)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def batch(*index: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    rows = torch.tensor(index)
    return rows, torch.from_numpy(FEATS)[rows]


def test_so_many_frames_are_chosen_zeroed_and_replaced() -> None:
    many = FeatureSource(np.arange(1, 2001, dtype=np.float32).repeat(10).reshape(2000, 10, 1), torch.device("cpu"))
    index = torch.arange(2000).view(2, 1000)
    read = FrameCorruption(many, torch.arange(2000)).read(index, seeded())
    counts = np.array([read.chosen.sum(), len(read.zeroed), len(read.replaced)])
    expected = 20_000 * np.array([0.15, 0.12, 0.015])
    assert (abs(counts - expected) < 4 * np.sqrt(expected)).all()
    assert 200 < len(read.others.unique()) <= len(read.others)  # frames of many videos
    assert len(read.kept) + len(read.zeroed) + len(read.replaced) == 20_000
    assert read.chosen.flatten()[torch.cat([read.zeroed, read.replaced])].all()


@pytest.mark.parametrize("rate", [0.0, 0.4, 1.0])
def test_corrupted_frames_are_embedded_and_reconstructed_without_a_copy(rate: float) -> None:
    index, feats = batch([0, 1, 2, 3], [4, 5, 6, 7])
    read = FrameCorruption(SOURCE, ALL, rate=rate).read(index, seeded())
    seen = read.of(feats)
    same = (seen == feats).all(-1)
    assert same.all() == (rate == 0) and same.logical_not().sum() == len(read.zeroed) + len(read.replaced)
    embed, head = nn.Linear(SIZE, 4), nn.Linear(4, SIZE)
    decoded = torch.randn(*feats.shape[:3], 4, requires_grad=True)
    plain = embed(seen), (head(decoded) - seen).square().mean()
    ours = read.embedded(embed, feats), read.reconstruction_loss(decoded, head, feats)
    inputs = [*embed.parameters(), *head.parameters(), decoded]
    for expected, value in zip(plain, ours, strict=True):
        torch.testing.assert_close(value, expected)
    gradients = (torch.autograd.grad(x.square().sum() + y, inputs) for x, y in (plain, ours))
    torch.testing.assert_close(*gradients)


def test_only_the_first_groups_are_corrupted() -> None:
    index, feats = batch([0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11])
    read = FrameCorruption(SOURCE, ALL, rate=1.0).read(index, seeded(), groups=1)
    assert read.chosen[0].all() and not read.chosen[1:].any()
    assert torch.equal(read.of(feats)[1:], feats[1:])


def test_edits_in_place_are_those_of_one_item_after_the_other() -> None:
    index, feats = batch([0, 1, 2, 0, 3], [4, 0, 4, 2, 4], [2, 4, 0, 1, 1])  # the last group is read as it is
    donors = torch.tensor([10, 11])
    corruption = FrameCorruption(SOURCE, donors, rate=0.5, workers=1)
    data = FEATS.copy()  # what the loader process holds
    for seed in range(4):
        generator = seeded(seed)
        draws = torch.rand(2, 5, FRAMES, generator=generator)
        replaced = (draws >= 0.4) & (draws < 0.45)
        video, frame = (torch.randint(n, (int(replaced.sum()),), generator=generator) for n in (2, FRAMES))
        others = torch.zeros(2, 5, FRAMES, SIZE)
        others[replaced] = torch.from_numpy(FEATS[donors[video], frame])
        expected = feats.clone()
        for item in range(5):
            for group in range(3):
                row = int(index[group, item])
                for place in range(FRAMES if group < 2 else 0):
                    if draws[group, item, place] < 0.4:
                        data[row, place] = 0
                    elif draws[group, item, place] < 0.45:
                        data[row, place] = others[group, item, place]
                expected[group, item] = torch.from_numpy(data[row])
        assert torch.equal(corruption.read(index, seeded(seed), groups=2).of(feats), expected)


def test_edits_accumulate_until_the_epoch_ends_and_every_process_has_its_own() -> None:
    index, feats = batch([0, 1], [2, 3])
    corruption = FrameCorruption(SOURCE, ALL, rate=0.3, workers=2)
    altered = []
    for step in range(40):
        peek = corruption.read(index, seeded(step), groups=0, keep_edits=False)
        assert torch.equal(peek.of(feats), feats)
        read = corruption.read(index, seeded(step), groups=2 if step % 2 == 0 else 0)
        altered.append(len(read.zeroed) + len(read.replaced))
    assert altered[0] < altered[-2] and altered[-2] >= 18 and set(altered[1::2]) == {0}
    corruption.begin_epoch()
    assert torch.equal(corruption.read(index, seeded(), groups=0).of(feats), feats)


def test_a_random_frame_may_have_been_corrupted_before() -> None:
    corruption = FrameCorruption(SOURCE, torch.tensor([0]), rate=1.0, workers=1)
    first, _ = batch([0])
    corruption.read(first, seeded(2))
    index, feats = batch([1, 2, 3, 4, 5, 6, 7, 8])
    held = corruption.read(first, seeded(), groups=0).of(torch.from_numpy(FEATS)[first])[0, 0]
    assert (held == 0).all(-1).any()
    read = corruption.read(index, seeded(1))
    corrupted = read.of(feats)[read.chosen & (read.of(feats) != feats).any(-1)]
    possible = torch.cat([held, torch.zeros(1, SIZE)])
    assert (corrupted[:, None] == possible).all(-1).any(1).all()


def test_draws_are_decided_by_the_generator() -> None:
    index, feats = batch([0, 1, 2, 3])
    for workers in (None, 1):
        seen = [FrameCorruption(SOURCE, ALL, workers=workers).read(index, seeded(s)).of(feats) for s in (7, 7, 8)]
        assert torch.equal(seen[0], seen[1]) and not torch.equal(seen[0], seen[2])


def test_occurrences_are_counted_in_order() -> None:
    assert _occurrence(torch.tensor([7, 3, 7, 7, 3, 1])).tolist() == [0, 0, 1, 2, 1, 0]


def test_the_binariser_is_a_sign_with_a_clipped_gradient() -> None:
    x = torch.tensor([-1.5, -1, -0.5, 0, 0.5, 1, 1.5], requires_grad=True)
    y = binary_straight_through(x)
    y.sum().backward()
    assert y.tolist() == [-1, -1, -1, 1, 1, 1, 1] and x.grad.tolist() == [0, 0, 1, 1, 1, 1, 0]
