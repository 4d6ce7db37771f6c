"""Model files: safetensors (no pickle), with the cell's settings in the header."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, TypeAdapter

from s5vh.base.errors import UserError
from s5vh.base.files import atomic, check_file, report_read_errors
from s5vh.data.kinds import kind_of, wrong_kind
from s5vh.methods.cell import Cell
from s5vh.methods.discovery import implementation_of

_AGAIN = "restore the file or train again"
_SIZE = TypeAdapter(Annotated[int, Field(gt=0, le=2**20)])  # frames or feature dimension


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
        temporary.touch()
        mode = temporary.stat().st_mode
        save_file(arrays, temporary, metadata=metadata)
        temporary.chmod(mode)  # safetensors lets only the owner read a file


def read_model(path: str | Path) -> StoredModel:
    """Read a model file.

    Raises:
        UserError: the file is missing, unreadable, of another kind, truncated or damaged; the message says which.
    """
    from safetensors import SafetensorError, safe_open

    if not os.path.lexists(path):
        raise UserError(f"{path}: no such model; train it first")
    check_file(path)
    with report_read_errors(path), open(path, "rb"):  # safetensors does not say why it cannot read a file
        pass
    try:
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            missing = {"cell", "frames", "feature_size", "training", "provenance"} - set(metadata)
            arrays = {} if missing else {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, TypeError, ValueError, AttributeError, KeyError) as error:
        # Besides its own error, safetensors raises whatever numpy says to an unknown data type.
        wrong = wrong_kind(path, "a model")
        if wrong is not None and kind_of(path) == "a PyTorch checkpoint":
            raise UserError(f"{wrong}; `s5vh import-checkpoint` imports one") from None
        raise wrong or UserError(f"{path}: the model is truncated or damaged ({error}); {_AGAIN}") from None
    if missing:
        raise UserError(f"{path}: not a model file of this package (header is missing {', '.join(sorted(missing))})")
    where = f"{path}: header"
    cell = Cell.from_json(metadata["cell"], where)
    try:
        frames, size = _SIZE.validate_json(metadata["frames"]), _SIZE.validate_json(metadata["feature_size"])
        training, provenance = json.loads(metadata["training"]), json.loads(metadata["provenance"])
    except (ValueError, RecursionError) as error:
        raise UserError(f"{where}: damaged ({error}); {_AGAIN}") from None
    if not isinstance(training, dict | None) or not isinstance(provenance, dict):
        raise UserError(f"{where}: damaged (training or provenance is no JSON object); {_AGAIN}")
    return StoredModel(arrays, cell, frames, size, training, provenance)


def restore_network(stored: StoredModel) -> Any:
    """Rebuild the torch module of a stored network in eval mode, without the artifacts needed only for training.

    Raises:
        UserError: the stored arrays are not those of such a network.
    """
    import torch

    from s5vh.methods.contract import Shape

    shape = Shape(stored.frames, stored.feature_size, stored.cell.bits)
    network = implementation_of(stored.cell.settings)(stored.cell.settings, shape, {})
    try:
        network.load_state_dict({name: torch.from_numpy(array) for name, array in stored.arrays.items()})
    except (RuntimeError, TypeError) as error:
        problem = str(error).strip().splitlines()[-1].strip()
        raise UserError(f"the model's arrays do not fit '{stored.cell.method}' ({problem}); {_AGAIN}") from None
    return network.eval()
