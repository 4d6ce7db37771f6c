"""Golden files: inputs, weights and results of the authors' programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import torch
from torch import Tensor

GOLDEN = Path(__file__).parents[1] / "golden"
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}  # the golden numbers are single precision


def read(group: h5py.Group) -> dict[str, Tensor]:
    """The datasets of an HDF5 group by their paths in it, as tensors."""
    found: dict[str, h5py.Dataset] = {}
    group.visititems(lambda name, item: found.update({name: item}) if isinstance(item, h5py.Dataset) else None)
    return {name: torch.from_numpy(np.asarray(data[()])) for name, data in found.items()}


def groups_of(path: Path) -> dict[str, dict[str, Any]]:
    """The datasets of every group of a file, and its attributes as `sizes`."""
    with h5py.File(path) as file:
        return {name: read(group) for name, group in file.items()} | {"sizes": dict(file.attrs)}
