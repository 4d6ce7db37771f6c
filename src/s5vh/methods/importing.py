"""Checkpoints of the S5VH authors, `{dataset}_{K}.pth`, as model files of this software."""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.config.cell import Cell
from s5vh.config.method import is_imported
from s5vh.errors import UserError
from s5vh.methods.registry import implementation
from s5vh.methods.released import from_released, our_name
from s5vh.methods.store import StoredModel, read_model
from s5vh.provenance import origin, provenance

KEY = "model_state_dict"
_PARALLEL = "module."  # torch's DataParallel puts this before every name
_AGAIN = "download it again"


@dataclass(frozen=True)
class Checkpoint:
    """The network in a file of the authors.

    Attributes:
        path: the file.
        arrays: parameters under our names, float32.
        released: the name in the file of each of our names.
        sizes: the keys of `S5VHModel` that the shapes tell.
        feature_size, bits: D and K.
        clusters: C, rows of the cluster head; None if the file has none. Encoding does not need it.
    """

    path: Path
    arrays: dict[str, np.ndarray]
    released: dict[str, str]
    sizes: dict[str, int]
    feature_size: int
    bits: int
    clusters: int | None


def read_checkpoint(path: str | Path) -> Checkpoint:
    """Read a checkpoint without running anything that is in it, and tell its sizes from its shapes.

    Raises:
        UserError: the file is missing, damaged, or holds anything but data; it is not a network of the released S5VH.
    """
    path = Path(path)
    parameters = _parameters(path, _load(path))
    try:
        arrays = from_released(parameters)
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    released = {ours: name for name in parameters if (ours := our_name(name)) is not None}
    shapes = _Shapes(path, {name: array.shape for name, array in arrays.items()}, released)
    width, feature_size = shapes.of("embed.weight", 2)
    bits, _ = shapes.of("hash.linear.weight", 2)
    decoder_width, _ = shapes.of("hash_to_decoder.weight", 2)
    inner, d_state = shapes.of("encoder.layers.0.forward_mamba.A_log", 2)
    sizes = {
        "width": width,
        "depth": _layers(arrays, "encoder"),
        "decoder_width": decoder_width,
        "decoder_depth": _layers(arrays, "decoder"),
        "d_state": d_state,
        "d_conv": shapes.of("encoder.layers.0.forward_mamba.conv1d.weight", 3)[2],
        "expand": max(1, inner // width),
    }
    clusters = shapes.of("classifier.weight", 2)[0] if "classifier.weight" in arrays else None
    return Checkpoint(path, arrays, released, sizes, feature_size, bits, clusters)


def import_model(checkpoint: Checkpoint, cell: Cell, *, frames: int, feature_size: int) -> StoredModel:
    """The model of an imported cell: its settings, with the sizes that the checkpoint has.

    Args:
        cell: its method says which variant of the network the parameters are taken for, see `S5VHMethod.checkpoint`.
        frames, feature_size: T and D of the data set; a checkpoint does not tell T, as positions are no parameters.

    Raises:
        UserError: code length, D, a parameter or its shape is not that of the cell's network.
    """
    path = checkpoint.path
    if not is_imported(cell.settings):
        raise UserError(f"method '{cell.method}' is trained here, not imported; name one with 'checkpoint' in its file")
    if checkpoint.bits != cell.bits:
        raise UserError(
            f"{path}: a network for {checkpoint.bits} bits, expected {cell.bits}; give the file of that length"
        )
    if checkpoint.feature_size != feature_size:
        raise UserError(
            f"{path}: a network for frame features of {checkpoint.feature_size} values, but those of '{cell.dataset}' "
            f"have {feature_size}; name the data set it was trained on"
        )
    settings = cell.settings.model_copy(update={"model": cell.settings.model.model_copy(update=checkpoint.sizes)})
    cell = cell.model_copy(update={"settings": settings})
    parameters = _check_against_network(checkpoint, cell, frames)
    training = {"selection": "unknown", "imported": path.name, "parameters": parameters}
    record = provenance(settings=cell.model_dump(mode="json"), imported=origin(path))
    return StoredModel(checkpoint.arrays, cell, frames, feature_size, training, record)


def check_place(path: Path) -> None:
    """Refuse to import over a model that was trained here, which took hours.

    Raises:
        UserError: there is one, or something that is no model.
    """
    if path.exists() and "imported" not in read_model(path).provenance:
        raise UserError(f"{path}: a model trained here is in this place; give another folder, or delete it first")


def _load(path: Path) -> Any:
    import torch

    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about pickle protocols; a file that cannot be read is told below
            return torch.load(path, weights_only=True, map_location="cpu")
    except pickle.UnpicklingError as error:
        named = re.search(r"GLOBAL (\S+)", str(error))
        if named is None:
            raise UserError(f"{path}: not a PyTorch checkpoint; {_AGAIN}") from None
        raise UserError(
            f"{path}: asks for the program '{named[1]}' when it is opened, which weights have no need of; nothing was "
            "run; get the file from its authors"
        ) from None
    except Exception:  # torch.load raises many types for a damaged file
        raise UserError(f"{path}: not a PyTorch checkpoint, or a truncated one; {_AGAIN}") from None


def _parameters(path: Path, content: Any) -> dict[str, np.ndarray]:
    """The parameters by their names in the authors' program, as float32 arrays."""
    import torch

    state = content.get(KEY) if isinstance(content, Mapping) else None
    if not isinstance(state, Mapping) or not state:
        raise UserError(f"{path}: no parameters under '{KEY}'; give a checkpoint that the S5VH authors' program saved")
    prefix = _PARALLEL if all(str(name).startswith(_PARALLEL) for name in state) else ""
    result = {}
    for name, value in state.items():
        if not isinstance(value, torch.Tensor) or not value.is_floating_point() or value.layout != torch.strided:
            raise UserError(f"{path}: parameter '{name}' is not an array of floating-point numbers; {_AGAIN}")
        array = value.detach().float().numpy()
        if not np.isfinite(array).all():
            raise UserError(f"{path}: parameter '{name}' has NaN or infinite values; {_AGAIN}")
        result[str(name).removeprefix(prefix)] = array
    return result


class _Shapes:
    """Shapes of parameters under our names, for sizes to be read off."""

    def __init__(self, path: Path, shapes: dict[str, tuple[int, ...]], released: dict[str, str]):
        self._path, self._shapes, self._released = path, shapes, released

    def of(self, name: str, axes: int) -> tuple[int, ...]:
        if name not in self._shapes:
            raise UserError(f"{self._path}: no parameter for '{name}', so this is not a whole S5VH network; {_AGAIN}")
        shape = self._shapes[name]
        if len(shape) != axes or 0 in shape:
            released = self._released.get(name, name)
            raise UserError(f"{self._path}: parameter '{released}' has shape {shape}, expected {axes} axes; {_AGAIN}")
        return shape


def _layers(arrays: Mapping[str, Any], stack: str) -> int:
    """Layers of a stack; counted, so that an absurd number in a name does not ask for as many layers."""
    return max(1, len({name.split(".")[2] for name in arrays if name.startswith(f"{stack}.layers.")}))


def _check_against_network(checkpoint: Checkpoint, cell: Cell, frames: int) -> int:
    """Compare every parameter with the cell's network, which is made without memory; returns how many values it has."""
    import torch

    path = checkpoint.path
    with torch.device("meta"):
        network = implementation(cell.settings.implementation)(
            cell.settings,
            frames=frames,
            feature_size=checkpoint.feature_size,
            bits=cell.bits,
            clusters=checkpoint.clusters,
        )
    expected = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    for name, array in checkpoint.arrays.items():
        released = checkpoint.released.get(name, name)
        if name not in expected:
            raise UserError(
                f"{path}: parameter '{released}' has no place in the network of method '{cell.method}'; the authors' "
                "network is 's5vh-authors'"
            )
        if array.shape != expected[name]:
            raise UserError(
                f"{path}: parameter '{released}' has shape {array.shape}, expected {expected[name]}; {_AGAIN}"
            )
    missing = [name for name in expected if name not in checkpoint.arrays]
    if missing:
        raise UserError(f"{path}: no parameter for '{missing[0]}', so this is not a whole S5VH network; {_AGAIN}")
    return sum(parameter.numel() for parameter in network.parameters())
