"""BTH and DKPH with the inputs of the golden files: pairs, anchors and corrupted frames that are given, not found."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import torch
from golden_files import GOLDEN, read
from torch import Tensor

from s5vh.methods.bth.pairs import PairedMethod
from s5vh.methods.cell import cell_of
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.discovery import implementation_of
from s5vh.methods.import_checkpoint import import_model, read_checkpoint
from s5vh.methods.load import load_method
from s5vh.methods.model_file import StoredModel
from s5vh.methods.released_names import ReleasedNames
from s5vh.nn.corruption import CorruptedFrames


@cache
def golden(method: str) -> dict[str, Any]:
    """Everything in a golden file by its path, as tensors; `attributes` of the file."""
    with h5py.File(GOLDEN / f"{method}_released.h5") as file:
        return read(file) | {"attributes": dict(file.attrs)}


def part(method: str, group: str) -> dict[str, Tensor]:
    """The datasets of a group of a golden file, by their paths in it."""
    return {name.removeprefix(f"{group}/"): x for name, x in golden(method).items() if name.startswith(f"{group}/")}


def untrained(recipe: str, shape: tuple[int, int, int] = (25, 48, 16), **settings: Any) -> PairedMethod:
    """An untrained network in eval mode."""
    torch.manual_seed(0)
    chosen = load_method(recipe, overrides={recipe: {"model": {"width": 32, "hidden": 128}} | settings})
    return implementation_of(chosen)(chosen, Shape(*shape), {}).eval()


def given_pairs(network: PairedMethod, anchors: Tensor, signs: Tensor, read: CorruptedFrames) -> None:
    """Let a network's losses see these anchors [2, B, width], signs [B] and corrupted frames."""
    network.anchored = SimpleNamespace(nearest=lambda index: anchors, signs=lambda index: signs)
    network.corruption = SimpleNamespace(read=lambda index, generator, keep_edits: read)


def as_corrupted(fed: Tensor, target: Tensor) -> CorruptedFrames:
    """How `target` [G, B, T, D] was corrupted to become `fed`."""
    changed = (fed != target).any(dim=-1)
    zeroed = changed & (fed == 0).all(dim=-1)
    places = [mask.flatten().nonzero()[:, 0] for mask in (~changed, zeroed, changed & ~zeroed)]
    return CorruptedFrames(changed, *places, fed.flatten(0, 2)[places[2]])


def released_network(method: str, names: ReleasedNames) -> PairedMethod:
    """The network of the golden numbers."""
    net = untrained(f"{method}-released")
    arrays = names.arrays({name: value.numpy() for name, value in part(method, "weights").items()})
    net.load_state_dict({name: torch.from_numpy(value) for name, value in arrays.items()})
    return net


def prepared_with(net: PairedMethod, method: str) -> Tensor:
    """Let the network see the golden pairs; returns their clean frames."""
    fed, target, anchors, signs = golden_batch(method)
    given_pairs(net, anchors, signs, as_corrupted(fed, target))
    return target


def golden_batch(method: str) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Fed and target frames [2, B, T, D], anchors [2, B, width] and signs [B]."""
    inputs = part(method, "inputs")
    stacked = (
        torch.stack([inputs[f"{name}_i"], inputs[f"{name}_j"]]) for name in ("fed_frames", "target_frames", "anchor_of")
    )
    return *stacked, inputs["similarity_ij"]


def batch_of(feats: Tensor, seed: int = 0) -> Batch:
    """A batch of pairs [2, B, T, D]."""
    index = torch.arange(feats.shape[0] * feats.shape[1]).view(feats.shape[:2])
    return Batch(feats, index, 0, torch.Generator().manual_seed(seed))


def largest_error(ours: Tensor, theirs: Tensor) -> float:
    """Largest deviation relative to the largest value; absolute where that is only rounding noise."""
    return float((ours - theirs.view_as(ours)).abs().max() / theirs.abs().max().clamp_min(1e-3))


def count(network: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def imported(method: str, state: dict[str, Tensor], path: Path) -> StoredModel:
    """The model made from a checkpoint file of the authors with these parameters."""
    torch.save({"state_dict": state}, path)
    coordinates = {"dataset": "fcvid", "method": f"{method}-authors", "bits": 16, "seed": 1}
    cell = cell_of(coordinates | {"settings": load_method(coordinates["method"], "fcvid")})
    return import_model(read_checkpoint(path, cell.method, cell.settings), cell, frames=25, feature_size=48)
