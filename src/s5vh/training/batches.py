"""Batches of frame features: resident on the device if they fit, otherwise streamed from the file with prefetching."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from s5vh.config.training import RESIDENT_BYTES
from s5vh.methods.contract import TrainedMethod

_BLOCK = 256  # videos copied at a time


class FeatureSource:
    """Random access to the videos of a feature file in batches of indices.

    Args:
        feats: h5py-like dataset [N, T, D], float16 or float32.
        device: device of the batches.
        resident_bytes: keep the whole file on the device, in its own dtype, if it is at most this large. Default:
            `RESIDENT_BYTES` on the CPU, a quarter of the GPU's memory on a GPU.
    """

    def __init__(self, feats: Any, device: torch.device, resident_bytes: int | None = None):
        self.shape = tuple(feats.shape)
        self.device = device
        self._feats = feats
        if resident_bytes is None:
            resident_bytes = RESIDENT_BYTES
            if device.type == "cuda":
                resident_bytes = torch.cuda.get_device_properties(device).total_memory // 4
        self._resident = None
        if int(np.prod(self.shape)) * feats.dtype.itemsize <= resident_bytes:
            dtype = torch.from_numpy(np.empty(0, feats.dtype)).dtype
            self._resident = torch.empty(self.shape, dtype=dtype, device=device)
            for first in range(0, len(self), _BLOCK):  # in blocks, so no second copy in host memory
                self._resident[first : first + _BLOCK] = torch.from_numpy(feats[first : first + _BLOCK])

    def __len__(self) -> int:
        return self.shape[0]

    def batches(self, indices: Iterable[Tensor]) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield (index, feats float32 [..., T, D] on the device) for each index tensor [...], in order."""
        indices = list(indices)
        if self._resident is not None:
            for index in indices:
                yield index, self._resident[index.to(self.device)].float()
        else:
            for index, block in _prefetched(self._read_for_device, indices):
                yield index, block.to(self.device, non_blocking=True).float().view(*index.shape, *self.shape[1:])

    def in_order(self, batch_size: int, rows: Tensor | None = None) -> Iterator[Tensor]:
        """Yield the given rows (default: all) in order, in batches float32 [<=batch_size, T, D]."""
        order = torch.arange(len(self)) if rows is None else rows
        for _, feats in self.batches(order.split(batch_size)):
            yield feats

    def frames(self, video: Tensor, frame: Tensor) -> Tensor:
        """Single frames, float32 [n, D] on the device: frame `frame[k]` of video `video[k]`, both int64 [n]."""
        if self._resident is not None:
            return self._resident[video.to(self.device), frame.to(self.device)].float()
        return self._read_frames(video.cpu(), frame.cpu()).to(self.device).float()

    def _read_for_device(self, index: Tensor) -> Tensor:
        block = self._read(index.flatten())
        # Transfers from pinned memory overlap with computation.
        return block.pin_memory() if self.device.type == "cuda" else block

    def _read(self, index: Tensor) -> Tensor:
        """Read the videos of a batch in index order, [B, T, D] in the file's own dtype; index is [B]."""
        first, count = int(index[0]), len(index)
        if torch.equal(index, torch.arange(first, first + count)):
            return torch.from_numpy(self._feats[first : first + count])
        # Read runs of consecutive rows in file order. h5py's fancy indexing needs one call, but is far slower.
        order = index.argsort().numpy()
        rows = index.numpy()[order]
        batch = np.empty((count, *self.shape[1:]), self._feats.dtype)
        for positions in np.split(order, np.flatnonzero(np.diff(rows) != 1) + 1):
            first = int(index[positions[0]])
            batch[positions] = self._feats[first : first + len(positions)]
        return torch.from_numpy(batch)

    def _read_frames(self, video: Tensor, frame: Tensor) -> Tensor:
        """Read single frames, [n, D] in the file's own dtype: in file order, neighbours in one call, none twice."""
        length = self.shape[1]
        wanted, places = torch.unique(video * length + frame, return_inverse=True)
        rows = wanted.numpy()
        read = np.empty((len(rows), self.shape[2]), self._feats.dtype)
        new_run = (np.diff(rows) != 1) | (np.diff(rows // length) != 0)
        for run in np.split(np.arange(len(rows)), np.flatnonzero(new_run) + 1):
            if len(run):
                number, first = divmod(int(rows[run[0]]), length)
                read[run] = self._feats[number, first : first + len(run)]
        return torch.from_numpy(read)[places]


def batches_of(
    model: TrainedMethod, videos: FeatureSource, groups: Iterable[Tensor]
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield (index, feats) of a method's training batches; feats is empty if it does not `train_on_frames`."""
    if model.train_on_frames:
        return videos.batches(groups)
    nothing = torch.empty(0, device=videos.device)
    return ((index, nothing) for index in groups)


def _prefetched(read: Any, items: list[Tensor], depth: int = 2) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield `(item, read(item))` for each item, prefetched by a thread whose exceptions are re-raised here."""
    ready: queue.Queue = queue.Queue(maxsize=depth)
    stopped = threading.Event()

    def put(value: Any) -> None:
        while not stopped.is_set():
            try:
                ready.put(value, timeout=0.1)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for item in items:
                if stopped.is_set():
                    return
                put((item, read(item)))
            put(None)
        except Exception as error:
            put(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (value := ready.get()) is not None:
            if isinstance(value, Exception):
                raise value
            yield value
    finally:
        stopped.set()
        thread.join()
