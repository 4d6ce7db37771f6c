"""Every method at tiny sizes: settings, features, and the artifacts that it is trained with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from pydantic import BaseModel

from s5vh.centers.centers_file import write_centers
from s5vh.centers.solve import solve
from s5vh.config import layout
from s5vh.config.semantics import ClusteringConfig, NeighboursConfig
from s5vh.methods.cell import Cell
from s5vh.methods.contract import Shape, TrainedMethod
from s5vh.methods.discovery import implementation_of
from s5vh.methods.load import load_method
from s5vh.methods.model_file import StoredModel, save_model
from s5vh.methods.settings import MethodSettings, TrainedSettings
from s5vh.semantics.clustering import build_semantics
from s5vh.semantics.neighbours import find_neighbours, write_neighbours
from s5vh.semantics.released_clustering import build_lloyd_semantics, build_released_semantics
from s5vh.semantics.semantics_file import read_semantics, write_semantics
from s5vh.training.batches import FeatureSource

VIDEOS, SHAPE = 14, Shape(frames=6, feature_size=8, bits=5)
CPU = torch.device("cpu")


def features(videos: int = VIDEOS, seed: int = 0, dtype: str = "float32") -> np.ndarray:
    """Videos of three kinds, [videos, T, D]."""
    generator = np.random.default_rng(seed)
    kinds = np.random.default_rng(1).normal(size=(3, 1, SHAPE.feature_size))[np.arange(videos) % 3]
    return (kinds + 0.7 * generator.normal(size=(videos, SHAPE.frames, SHAPE.feature_size))).astype(dtype)


def small(model: BaseModel) -> BaseModel:
    """Settings of a network with widths of 16, stacks of 2 layers and everything else as it was."""

    def size(value: object) -> object:
        if not isinstance(value, int) or isinstance(value, bool) or value < 5:
            return value
        return 16 if value >= 64 else 2

    values = {name: size(getattr(model, name)) for name in type(model).model_fields}
    return type(model).model_validate(values)


def tiny_cell(method: str, seed: int = 1) -> Cell:
    """A cell of a shipped method on made features."""
    settings: MethodSettings = load_method(method)
    update: dict[str, object] = {"model": small(settings.model)} if "model" in type(settings).model_fields else {}
    if isinstance(settings, TrainedSettings):
        training = {"epochs": 4, "batch_size": 4, "patience": None, "selection": "last", "evaluate_every": 2}
        update |= {"training": settings.training.model_copy(update=training), "checkpoint": None}
    if "semantics" in type(settings).model_fields:
        update["semantics"] = settings.semantics.model_copy(update={"clusters": 4, "pca": 3})
    if "prototypes" in type(settings).model_fields:
        update["prototypes"] = settings.prototypes.model_copy(update={"clusters": (2, 3, 5), "warm_up": 2})
    settings = settings.model_copy(update=update)
    return Cell(dataset="tiny", method=method, bits=SHAPE.bits, seed=seed, settings=settings)


def prepare(cell: Cell, root: Path) -> dict[str, Path]:
    """Make what the cell requires, by the same functions as the workflow's rules, under `root` where it is missing."""
    prepared: dict[str, Path] = {}
    for name, place in cell.requires().items():
        prepared[name] = root / place.relative_to(layout.RESULTS)
        if not prepared[name].exists():
            _make(prepared[name], prepared)
    return prepared


def _make(path: Path, earlier: dict[str, Path]) -> None:
    kind = path.name if path.name == "model.safetensors" else path.parent.name
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "semantics":
        chosen = ClusteringConfig.from_label(path.stem)
        builders = {"paper": build_semantics, "released": build_released_semantics, "lloyd": build_lloyd_semantics}
        build = builders[chosen.recipe]
        write_semantics(path, build(features(), chosen.clusters, chosen.pca), {})
    elif kind == "centers":
        W = read_semantics(earlier["semantics"]).W
        write_centers(path, solve(W, SHAPE.bits, path.stem.split("_")[0].split("-")[0]), {})
    elif kind == "neighbours":
        chosen = NeighboursConfig.from_label(path.stem)
        write_neighbours(path, find_neighbours(features(), chosen.neighbours, chosen.expansions), {})
    elif kind == "model.safetensors":  # of another cell: untrained
        cell = tiny_cell(path.parents[2].name)
        arrays = {name: value.numpy() for name, value in network(cell, {}).state_dict().items()}
        save_model(path, StoredModel(arrays, cell, SHAPE.frames, SHAPE.feature_size, None, {}))
    else:
        raise AssertionError(f"no way to make {path}")


def network(cell: Cell, prepared: dict[str, Path], seed: int = 1) -> TrainedMethod:
    """The method's network as training starts."""
    torch.manual_seed(seed)
    return implementation_of(cell.settings)(cell.settings, SHAPE, prepared)


def source(feats: np.ndarray | None = None) -> FeatureSource:
    """The training file."""
    return FeatureSource(features() if feats is None else feats, CPU)
