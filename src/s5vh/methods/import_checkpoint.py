"""Import of checkpoints published by a method's authors as this package's model files."""

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

KEYS = ("model_state_dict", "state_dict", "model")  # common keys of the state dict in a checkpoint
AGAIN = "download it again"
_PARALLEL = "module."  # prefix that torch's DataParallel adds to every name
_COUNTER = ".num_batches_tracked"  # integer that torch's batch norms keep, without effect on the network


@dataclass(frozen=True)
class Checkpoint:
    """The network in an authors' checkpoint, as returned by a method's `checkpoint_reader`.

    Attributes:
        path: the file.
        arrays: parameters under our names, float32.
        released: the name in the file for each of our names.
        sizes: keys of the method's `model` settings, inferred from the shapes.
        feature_size, bits: D and K.
        clusters: C if the network has per-cluster parameters, else None.
    """

    path: Path
    arrays: dict[str, np.ndarray]
    released: dict[str, str]
    sizes: dict[str, int]
    feature_size: int
    bits: int
    clusters: int | None = None


class Shapes:
    """Parameter shapes under our names, from which sizes are inferred.

    Args:
        path, network: named in error messages.
        arrays: parameters under our names; released: the name in the file for each.
    """

    def __init__(self, path: Path, network: str, arrays: dict[str, np.ndarray], released: dict[str, str]):
        self._path, self._network, self._arrays, self._released = path, network, arrays, released

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def of(self, name: str, axes: int) -> tuple[int, ...]:
        """Shape of a required parameter with the given number of axes."""
        if name not in self._arrays:
            raise UserError(
                f"{self._path}: no parameter for '{name}', so this is not a complete {self._network} network; {AGAIN}"
            )
        shape = self._arrays[name].shape
        if len(shape) != axes or 0 in shape:
            released = self._released.get(name, name)
            raise UserError(f"{self._path}: parameter '{released}' has shape {shape}, expected {axes} axes; {AGAIN}")
        return shape

    def layers(self, stack: str) -> int:
        """Number of distinct modules in a list; not the largest index, which a corrupt name could make huge."""
        prefix = f"{stack}."
        return max(1, len({name[len(prefix) :].split(".")[0] for name in self._arrays if name.startswith(prefix)}))

    def checkpoint(
        self, sizes: dict[str, int], feature_size: int, bits: int, clusters: int | None = None
    ) -> Checkpoint:
        """The checkpoint with the sizes that were inferred; see `Checkpoint`."""
        return Checkpoint(self._path, self._arrays, self._released, sizes, feature_size, bits, clusters)


def read_checkpoint(path: str | Path, method: str, settings: MethodSettings) -> Checkpoint:
    """Read a checkpoint without executing any code in it, and infer its sizes from its shapes.

    Args:
        method, settings: the method of the network.

    Raises:
        UserError: the file is missing, damaged, or contains more than data; it is not a network of that method; the
            method has no importer.
    """
    path = Path(path)
    reader = settings.checkpoint_reader if isinstance(settings, TrainedSettings) else None
    if reader is None:
        raise UserError(f"method '{method}': importing its authors' checkpoints is not supported")
    return resolve(reader)(path, _parameters(path, _load(path)))


def import_model(checkpoint: Checkpoint, cell: Cell, *, frames: int, feature_size: int) -> StoredModel:
    """The model of an imported cell: its settings, with the sizes of the checkpoint.

    Args:
        cell: its method determines the network variant that the parameters are loaded into.
        frames, feature_size: T and D of the data set; T cannot be inferred, as positions are not parameters.

    Raises:
        UserError: the code length, D, a parameter or its shape does not match the cell's network.
    """
    path = checkpoint.path
    if not is_imported(cell.settings):
        raise UserError(
            f"method '{cell.method}' is trained, not imported; choose one with a key 'checkpoint' in its file"
        )
    if checkpoint.bits != cell.bits:
        raise UserError(
            f"{path}: network for {checkpoint.bits} bits, expected {cell.bits}; use the file for that code length"
        )
    if checkpoint.feature_size != feature_size:
        raise UserError(
            f"{path}: network for {checkpoint.feature_size}-dimensional frame features, but those of "
            f"'{cell.dataset}' have {feature_size} dimensions; specify the data set it was trained on"
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


def check_destination(path: Path) -> None:
    """Refuse to overwrite a locally trained model with an imported one.

    Raises:
        UserError: `path` is a locally trained model, or not a model at all.
    """
    if path.exists() and "imported" not in read_model(path).provenance:
        raise UserError(f"{path}: exists and is a locally trained model; choose another folder")


def _load(path: Path) -> Any:
    import torch

    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about pickle protocols; unreadable files are reported below
            return torch.load(path, weights_only=True, map_location="cpu")
    except pickle.UnpicklingError as error:
        match = re.search(r"GLOBAL (\S+)", str(error))
        if match is None:
            raise UserError(f"{path}: not a PyTorch checkpoint; {AGAIN}") from None
        raise UserError(
            f"{path}: would call '{match[1]}' when loaded, which weights never need; nothing was executed; "
            "get the file from its authors"
        ) from None
    except Exception:  # torch.load raises many exception types for damaged files
        raise UserError(f"{path}: not a PyTorch checkpoint, or a truncated one; {AGAIN}") from None


def _parameters(path: Path, content: Any) -> dict[str, np.ndarray]:
    """The parameters as float32 arrays, by their names in the authors' code."""
    import torch

    state = content if isinstance(content, Mapping) else {}
    state = next((state[key] for key in KEYS if isinstance(state.get(key), Mapping)), state)
    if not any(isinstance(value, torch.Tensor) for value in state.values()):
        raise UserError(
            f"{path}: no parameters, neither under {', '.join(KEYS)} nor at the top level; use a checkpoint saved "
            "by the authors' code"
        )
    prefix = _PARALLEL if all(str(name).startswith(_PARALLEL) for name in state) else ""
    result = {}
    for name, value in state.items():
        if str(name).endswith(_COUNTER):
            continue
        if not isinstance(value, torch.Tensor) or not value.is_floating_point() or value.layout != torch.strided:
            raise UserError(f"{path}: parameter '{name}' is not an array of floating-point numbers; {AGAIN}")
        array = value.detach().float().numpy()
        if not np.isfinite(array).all():
            raise UserError(f"{path}: parameter '{name}' has NaN or infinite values; {AGAIN}")
        result[str(name).removeprefix(prefix)] = array
    return result


def _check_against_network(checkpoint: Checkpoint, cell: Cell, frames: int) -> int:
    """Compare every parameter with the cell's network, built on the meta device; return its parameter count."""
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
                f"{path}: parameter '{released}' does not exist in the network of method '{cell.method}'; use a method "
                "with the released recipe"
            )
        if array.shape != expected[name]:
            raise UserError(
                f"{path}: parameter '{released}' has shape {array.shape}, expected {expected[name]}; {AGAIN}"
            )
    missing = [name for name in expected if name not in checkpoint.arrays]
    if missing:
        raise UserError(
            f"{path}: no parameter for '{missing[0]}', so this is not a complete network of method '{cell.method}'; "
            f"{AGAIN}"
        )
    return sum(parameter.numel() for parameter in network.parameters())
