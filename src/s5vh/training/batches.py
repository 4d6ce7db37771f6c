"""Batches of frame features: resident on the device when they fit, streamed from the file with prefetch when not."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from s5vh.training import RESIDENT_BYTES


class FeatureSource:
    """Random access to the videos of a feature file by batches of indices.

    Args:
        feats: h5py-like dataset [N, T, D], float16 or float32.
        device: where batches are wanted.
        resident_bytes: keep the whole file on the device, in its own dtype, if it is no larger than this.
    """

    def __init__(self, feats: Any, device: torch.device, resident_bytes: int = RESIDENT_BYTES):
        self.shape = tuple(feats.shape)
        self.device = device
        self._feats = feats
        size = int(np.prod(self.shape)) * feats.dtype.itemsize
        self._resident = torch.from_numpy(np.ascontiguousarray(feats[:])).to(device) if size <= resident_bytes else None

    def __len__(self) -> int:
        return self.shape[0]

    def batches(self, indices: list[Tensor]) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield (indices, feats float32 [B, T, D] on the device) for each index tensor, in order."""
        if self._resident is not None:
            for index in indices:
                yield index, self._resident[index.to(self.device)].float()
        else:
            for index, block in _prefetched(self._read, indices):
                yield index, block.to(self.device, non_blocking=True).float()

    def in_order(self, batch_size: int) -> Iterator[Tensor]:
        """Yield all videos in file order, float32 [<=batch_size, T, D]."""
        for _, feats in self.batches(list(torch.arange(len(self)).split(batch_size))):
            yield feats

    def _read(self, index: Tensor) -> Tensor:
        # HDF5 wants increasing indices; the batch's own order is restored afterwards.
        increasing, inverse = index.unique(return_inverse=True)
        return torch.from_numpy(self._feats[increasing.numpy()])[inverse]


def _prefetched(read: Any, items: list[Tensor], depth: int = 2) -> Iterator[tuple[Tensor, Tensor]]:
    """`(item, read(item))` for each item, read ahead by a thread. An error there is raised here."""
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
