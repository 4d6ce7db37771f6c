"""Checkpoints that the authors of a method published, as model files of this software."""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.provenance import origin, provenance
from s5vh.methods.cell import Cell
from s5vh.methods.contract import Shape
from s5vh.methods.discovery import implementation_of, resolve
from s5vh.methods.model_file import StoredModel, read_model
from s5vh.methods.settings import MethodSettings, TrainedSettings, is_imported

KEYS = ("model_state_dict", "state_dict", "model")  # under which programs save their parameters
AGAIN = "download it again"
_PARALLEL = "module."  # torch's DataParallel puts this before every name


@dataclass(frozen=True)
class Checkpoint:
    """The network in a file of its authors, as a method's `checkpoint_reader` returns it.

    Attributes:
        path: the file.
        arrays: parameters under our names, float32.
        released: the name in the file of each of our names.
        sizes: keys of the method's `model` settings that the shapes tell.
        feature_size, bits: D and K.
        clusters: C, where the network has a parameter for each cluster; else None.
    """

    path: Path
    arrays: dict[str, np.ndarray]
    released: dict[str, str]
    sizes: dict[str, int]
    feature_size: int
    bits: int
    clusters: int | None = None


class Shapes:
    """Shapes of parameters under our names, for sizes to be read off.

    Args:
        path, network: what errors name.
        arrays: parameters under our names; released: the name in the file of each.
    """

    def __init__(self, path: Path, network: str, arrays: Mapping[str, np.ndarray], released: Mapping[str, str]):
        self._path, self._network, self._arrays, self._released = path, network, arrays, released

    def of(self, name: str, axes: int) -> tuple[int, ...]:
        """Shape of a parameter that must be there and have so many axes."""
        if name not in self._arrays:
            raise UserError(
                f"{self._path}: no parameter for '{name}', so this is not a whole {self._network} network; {AGAIN}"
            )
        shape = self._arrays[name].shape
        if len(shape) != axes or 0 in shape:
            released = self._released.get(name, name)
            raise UserError(f"{self._path}: parameter '{released}' has shape {shape}, expected {axes} axes; {AGAIN}")
        return shape

    def layers(self, stack: str) -> int:
        """Numbered modules of a list; counted, so that an absurd number in a name does not ask for as many layers."""
        prefix = f"{stack}."
        return max(1, len({name[len(prefix) :].split(".")[0] for name in self._arrays if name.startswith(prefix)}))


def read_checkpoint(path: str | Path, method: str, settings: MethodSettings) -> Checkpoint:
    """Read a checkpoint without running anything that is in it, and tell its sizes from its shapes.

    Args:
        method, settings: whose network it is.

    Raises:
        UserError: the file is missing, damaged, or holds anything but data; it is not a network of that method; nobody
            wrote an importer for the method.
    """
    path = Path(path)
    reader = settings.checkpoint_reader if isinstance(settings, TrainedSettings) else None
    if reader is None:
        raise UserError(f"method '{method}': checkpoints of its authors cannot be imported")
    return resolve(reader)(path, _parameters(path, _load(path)))


def import_model(checkpoint: Checkpoint, cell: Cell, *, frames: int, feature_size: int) -> StoredModel:
    """The model of an imported cell: its settings, with the sizes that the checkpoint has.

    Args:
        cell: its method says which variant of the network the parameters are taken for.
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
    changed = {"model": cell.settings.model.model_copy(update=checkpoint.sizes)}
    if checkpoint.clusters is not None:
        changed["semantics"] = cell.settings.semantics.model_copy(update={"clusters": checkpoint.clusters})
    settings = cell.settings.model_copy(update=changed)
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
            raise UserError(f"{path}: not a PyTorch checkpoint; {AGAIN}") from None
        raise UserError(
            f"{path}: asks for the program '{named[1]}' when it is opened, which weights have no need of; nothing was "
            "run; get the file from its authors"
        ) from None
    except Exception:  # torch.load raises many types for a damaged file
        raise UserError(f"{path}: not a PyTorch checkpoint, or a truncated one; {AGAIN}") from None


def _parameters(path: Path, content: Any) -> dict[str, np.ndarray]:
    """The parameters by their names in the authors' program, as float32 arrays."""
    import torch

    state = content if isinstance(content, Mapping) else {}
    state = next((state[key] for key in KEYS if isinstance(state.get(key), Mapping)), state)
    if not any(isinstance(value, torch.Tensor) for value in state.values()):
        raise UserError(
            f"{path}: no parameters, neither under {', '.join(KEYS)} nor by themselves; give a checkpoint that the "
            "authors' program saved"
        )
    prefix = _PARALLEL if all(str(name).startswith(_PARALLEL) for name in state) else ""
    result = {}
    for name, value in state.items():
        if not isinstance(value, torch.Tensor) or not value.is_floating_point() or value.layout != torch.strided:
            raise UserError(f"{path}: parameter '{name}' is not an array of floating-point numbers; {AGAIN}")
        array = value.detach().float().numpy()
        if not np.isfinite(array).all():
            raise UserError(f"{path}: parameter '{name}' has NaN or infinite values; {AGAIN}")
        result[str(name).removeprefix(prefix)] = array
    return result


def _check_against_network(checkpoint: Checkpoint, cell: Cell, frames: int) -> int:
    """Compare every parameter with the cell's network, which is made without memory; returns how many values it has."""
    import torch

    path = checkpoint.path
    with torch.device("meta"):
        shape = Shape(frames, checkpoint.feature_size, cell.bits)
        network = implementation_of(cell.settings)(cell.settings, shape, {})
    expected = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    for name, array in checkpoint.arrays.items():
        released = checkpoint.released.get(name, name)
        if name not in expected:
            raise UserError(
                f"{path}: parameter '{released}' has no place in the network of method '{cell.method}'; is that method "
                "the released recipe?"
            )
        if array.shape != expected[name]:
            raise UserError(
                f"{path}: parameter '{released}' has shape {array.shape}, expected {expected[name]}; {AGAIN}"
            )
    missing = [name for name in expected if name not in checkpoint.arrays]
    if missing:
        raise UserError(
            f"{path}: no parameter for '{missing[0]}', so this is not a whole network of method '{cell.method}'; "
            f"{AGAIN}"
        )
    return sum(parameter.numel() for parameter in network.parameters())
