"""Batches of a feature file that is not kept in memory."""

from __future__ import annotations

import threading
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from s5vh.training import batches
from s5vh.training.batches import FeatureSource

CPU = torch.device("cpu")


class Recorder:
    """An array that remembers which videos it was asked for, and refuses lists of them, which are slow in HDF5."""

    def __init__(self, feats: np.ndarray):
        self.feats, self.shape, self.dtype = feats, feats.shape, feats.dtype
        self.read: list[int] = []

    def __getitem__(self, key: slice) -> np.ndarray:
        assert isinstance(key, slice)
        self.read += range(*key.indices(len(self.feats)))
        return self.feats[key]


def numbered(videos: int) -> np.ndarray:
    """Video n is full of n, so that every video can be told from every other."""
    return np.broadcast_to(np.arange(videos, dtype=np.float16)[:, None, None], (videos, 2, 3)).copy()


@given(st.lists(st.lists(st.integers(0, 29), min_size=1, max_size=40), max_size=5))
def test_any_batch_comes_in_its_own_order(wanted: list[list[int]]) -> None:
    source = FeatureSource(numbered(30), CPU, resident_bytes=0)
    indices = [torch.tensor(batch) for batch in wanted]
    found = list(source.batches(indices))
    assert [index.tolist() for index, _ in found] == wanted
    assert [feats[:, 1, 2].tolist() for _, feats in found] == wanted
    assert all(feats.dtype == torch.float32 and feats.shape[1:] == (2, 3) for _, feats in found)


@pytest.mark.parametrize("memory", [None, 0])
def test_groups_of_videos_come_in_the_shape_of_their_index(memory: int | None) -> None:
    source = FeatureSource(numbered(9), CPU, resident_bytes=memory)
    groups = torch.tensor([[3, 4, 5], [8, 3, 0]])  # a video may be in several groups
    [(index, feats)] = source.batches([groups])
    assert torch.equal(index, groups) and feats.shape == (2, 3, 2, 3) and feats.dtype == torch.float32
    assert torch.equal(feats[..., 1, 2], groups.float())


@pytest.mark.parametrize("memory", [None, 0])
def test_some_rows_in_order(memory: int | None) -> None:
    source = FeatureSource(numbered(40), CPU, resident_bytes=memory)
    blocks = list(source.in_order(3, torch.tensor([3, 8, 9, 30])))
    assert [block[:, 0, 0].tolist() for block in blocks] == [[3, 8, 9], [30]]
    assert len(source) == 40 and source.shape == (40, 2, 3)


def test_a_batch_reads_its_own_videos_once_and_in_the_order_of_the_file() -> None:
    feats = Recorder(numbered(40))
    batch = [7, 30, 6, 5, 39, 0]
    list(FeatureSource(feats, CPU, resident_bytes=0).batches([torch.tensor(batch)]))
    assert feats.read == sorted(batch)


@pytest.mark.parametrize("size", [1, 7, 40, 100])
def test_reading_in_order_reads_every_video_once(size: int) -> None:
    feats = Recorder(numbered(40))
    blocks = list(FeatureSource(feats, CPU, resident_bytes=0).in_order(size))
    assert torch.cat(blocks)[:, 0, 0].tolist() == feats.read == list(range(40))


def test_batches_of_a_link_to_two_files(tmp_path: Path) -> None:
    feats = numbered(20)
    layout = h5py.VirtualLayout(feats.shape, feats.dtype)
    for name, videos in (("a.h5", slice(0, 13)), ("b.h5", slice(13, 20))):
        with h5py.File(tmp_path / name, "w") as file:
            file["feats"] = feats[videos]
            layout[videos] = h5py.VirtualSource(file["feats"])
    with h5py.File(tmp_path / "link.h5", "w") as file:
        file.create_virtual_dataset("feats", layout)
    batch = [12, 13, 14, 3, 19, 0]
    with h5py.File(tmp_path / "link.h5") as file:
        [(_, found)] = FeatureSource(file["feats"], CPU, resident_bytes=0).batches([torch.tensor(batch)])
    assert found[:, 0, 0].tolist() == batch


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_file_is_kept_in_its_own_type_up_to_so_many_bytes(dtype: type) -> None:
    size = 30 * 2 * 3 * np.dtype(dtype).itemsize
    for limit, kept in ((size, True), (size - 1, False), (0, False)):
        feats = Recorder(numbered(30).astype(dtype))
        source = FeatureSource(feats, CPU, resident_bytes=limit)
        assert bool(feats.read) == kept
        assert not kept or source._resident.numpy().dtype == dtype
        [block] = source.in_order(30)
        assert block.dtype == torch.float32 and block[:, 1, 2].tolist() == list(range(30))
        assert feats.read == list(range(30))


@pytest.mark.parametrize("videos", [1, 7, 8, 9, 17])
def test_files_are_kept_block_by_block(monkeypatch: pytest.MonkeyPatch, videos: int) -> None:
    monkeypatch.setattr(batches, "_BLOCK", 8)
    feats = Recorder(numbered(videos))
    [block] = FeatureSource(feats, CPU).in_order(videos)
    assert block[:, 0, 0].tolist() == feats.read == list(range(videos))


def test_limits_of_machine_and_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 30 * 2 * 3 * 2
    for limit, kept in ((size, True), (size - 1, False)):
        monkeypatch.setattr(batches, "RESIDENT_BYTES", limit)
        feats = Recorder(numbered(30))
        FeatureSource(feats, CPU)
        assert bool(feats.read) == kept
    empty, gpu = torch.empty, torch.device("cuda", 1)
    monkeypatch.setattr(torch, "empty", lambda shape, dtype, device: empty(shape, dtype=dtype))
    for total, kept in ((4 * size, True), (4 * size - 1, False)):
        facts = type("Facts", (), {"total_memory": total})
        monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device, facts=facts: facts)
        feats = Recorder(numbered(30))
        FeatureSource(feats, gpu)
        assert bool(feats.read) == kept
        monkeypatch.setattr(batches, "RESIDENT_BYTES", 0)  # is of the CPU


@pytest.mark.parametrize("memory", [None, 0])
def test_rows_come_in_the_order_they_are_asked_for(memory: int | None) -> None:
    source = FeatureSource(numbered(9), CPU, resident_bytes=memory)
    blocks = list(source.in_order(2, torch.tensor([8, 3, 4, 4, 0])))
    assert [block[:, 0, 0].tolist() for block in blocks] == [[8, 3], [4, 4], [0]]


class FrameRecorder(Recorder):
    """Remembers which frames it was asked for."""

    def __getitem__(self, key: tuple[int, slice]) -> np.ndarray:
        video, frames = key
        self.read += [(video, frame) for frame in range(*frames.indices(self.shape[1]))]
        self.calls = getattr(self, "calls", 0) + 1
        return self.feats[key]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4)), max_size=12))
def test_single_frames_come_in_their_own_order(wanted: list[tuple[int, int]]) -> None:
    feats = np.random.default_rng(0).normal(size=(9, 5, 3)).astype(np.float16)
    video, frame = torch.tensor(wanted, dtype=torch.int64).view(-1, 2).T
    for memory in (None, 0):
        found = FeatureSource(feats, CPU, resident_bytes=memory).frames(video, frame)
        assert found.dtype == torch.float32 and found.shape == (len(wanted), 3)
        assert torch.equal(found, torch.from_numpy(feats)[video, frame].float())


def test_single_frames_are_read_once_in_the_order_of_the_file_and_neighbours_together() -> None:
    feats = FrameRecorder(numbered(9).repeat(2, axis=1))
    video, frame = torch.tensor([[5, 1], [2, 3], [2, 2], [5, 1], [3, 0]]).T  # the last frame of 2 precedes that of 3
    FeatureSource(feats, CPU, resident_bytes=0).frames(video, frame)
    assert feats.read == [(2, 2), (2, 3), (3, 0), (5, 1)]
    assert feats.calls == 3


def test_streaming_that_is_not_wanted_any_more_leaves_no_thread() -> None:
    before = threading.active_count()
    stream = FeatureSource(numbered(40), CPU, resident_bytes=0).in_order(1)
    assert next(stream)[0, 0, 0] == 0
    assert threading.active_count() == before + 1
    stream.close()
    assert threading.active_count() == before
