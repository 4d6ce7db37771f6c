"""Codes from any stored model, network or fitted: for stages that use models and train none. No torch until needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from s5vh.methods.registry import implementation
from s5vh.methods.store import StoredModel, is_network, restore_network


@contextmanager
def open_encoder(
    stored: StoredModel, device: str = "auto", threads: int | None = None
) -> Iterator[tuple[Callable[[Any], np.ndarray], str]]:
    """A function from features [N, T, D] (h5py dataset or array) to codes int8 [N, K], and the device's name.

    A network holds its device until the block ends; fitted methods run on the CPU.

    Raises:
        UserError: a device that this machine does not have; by the function, features that do not fit the model.
    """
    if not is_network(stored.cell):
        yield implementation(stored.cell.settings.implementation).load_state(stored.arrays).encode, "cpu"
        return
    from s5vh.training.batches import FeatureSource
    from s5vh.training.device import device_lock, device_name, set_threads
    from s5vh.training.encode import encode_all

    set_threads(threads)
    with device_lock(device) as place:
        network = restore_network(stored).to(place)
        # Every video is read once, so nothing is gained by keeping it.
        yield lambda feats: encode_all(network, FeatureSource(feats, place, resident_bytes=0)), device_name(place)
