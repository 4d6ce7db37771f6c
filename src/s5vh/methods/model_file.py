"""Model files: safetensors (no pickle), with the cell's settings in the header."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import atomic
from s5vh.methods.cell import Cell
from s5vh.methods.discovery import implementation_of


@dataclass(frozen=True)
class StoredModel:
    """Contents of a model file: its arrays and the metadata needed to use them.

    Attributes:
        arrays: parameters by name, as numpy arrays.
        cell: the settings it was trained with.
        frames, feature_size: T and D of its training videos.
        training: selection rule, held-out share and videos, selected epoch, epochs, seconds; None for fitted methods.
        provenance: see `s5vh.base.provenance`.
    """

    arrays: dict[str, np.ndarray]
    cell: Cell
    frames: int
    feature_size: int
    training: dict[str, Any] | None
    provenance: dict[str, Any]


def save_model(path: str | Path, model: StoredModel) -> None:
    """Write a model file atomically."""
    from safetensors.numpy import save_file

    metadata = {
        "cell": model.cell.to_json(),
        "frames": str(model.frames),
        "feature_size": str(model.feature_size),
        "training": json.dumps(model.training),
        "provenance": json.dumps(model.provenance),
    }
    arrays = {name: np.ascontiguousarray(array) for name, array in model.arrays.items()}
    with atomic(path) as temporary:
        save_file(arrays, temporary, metadata=metadata)


def read_model(path: str | Path) -> StoredModel:
    """Read a model file; raises `UserError` if it is missing, truncated or in another format."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise UserError(f"{path}: no such model; train it first") from None
    except (SafetensorError, OSError) as error:
        raise UserError(f"{path}: not a readable model ({error}); delete it and train again") from None
    missing = {"cell", "frames", "feature_size", "training", "provenance"} - set(metadata)
    if missing:
        raise UserError(f"{path}: not a model file of this package (header is missing {', '.join(sorted(missing))})")
    return StoredModel(
        arrays,
        Cell.from_json(metadata["cell"]),
        int(metadata["frames"]),
        int(metadata["feature_size"]),
        json.loads(metadata["training"]),
        json.loads(metadata["provenance"]),
    )


def restore_network(stored: StoredModel) -> Any:
    """Rebuild the torch module of a stored network in eval mode, without the artifacts needed only for training."""
    import torch

    from s5vh.methods.contract import Shape

    shape = Shape(stored.frames, stored.feature_size, stored.cell.bits)
    network = implementation_of(stored.cell.settings)(stored.cell.settings, shape, {})
    network.load_state_dict({name: torch.from_numpy(array) for name, array in stored.arrays.items()})
    return network.eval()
