"""What a method's training needs, made from a feature file as the workflow's rules make it; shared by scripts here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from s5vh.config.semantics import ClusteringConfig, NeighboursConfig
from s5vh.methods.cell import Cell
from s5vh.methods.contract import Shape
from s5vh.methods.discovery import implementation_of
from s5vh.methods.model_file import StoredModel, save_model


def command_for(path: Path, features: Path, prepared: Mapping[str, Path], bits: int) -> list[str]:
    """Words after `s5vh` that make the artifact `path`, of a kind that its folder tells.

    Args:
        prepared: artifacts of the same cell by name, of which centers need the clusters.
    """
    if path.parent.name == "semantics":
        found = ClusteringConfig.from_label(path.stem)
        words = ["semantics", f"--features={features}", f"--clusters={found.clusters}", f"--recipe={found.recipe}"]
        words += [f"--summary={found.features}"]
        words += [] if found.pca is None else [f"--pca={found.pca}"]
        words += [] if found.centered else ["--uncentered"]
    elif path.parent.name == "neighbours":
        graph = NeighboursConfig.from_label(path.stem)
        words = ["neighbours", f"--features={features}"]
        words += [f"--neighbours={graph.neighbours}", f"--expansions={graph.expansions}"]
    else:
        words = ["centers", f"--semantics={prepared['semantics']}", f"--bits={bits}"]
        words += [f"--solver={path.stem.split('_')[0]}"]
    return [*words, f"--output={path}"]


def is_model(path: Path) -> bool:
    """Whether the artifact is the model of an earlier stage."""
    return path.name == "model.safetensors"


def coordinates(path: Path) -> tuple[str, int]:
    """Method and code length of the model `path`."""
    return path.parents[2].name, int(path.parents[1].name.removesuffix("bit"))


def save_untrained(path: Path, cell: Cell, shape: Shape) -> None:
    """Write the model of an earlier stage with its initial weights."""
    network = implementation_of(cell.settings)(cell.settings, shape._replace(bits=cell.bits), {})
    arrays = {name: value.numpy() for name, value in network.state_dict().items()}
    save_model(path, StoredModel(arrays, cell, shape.frames, shape.feature_size, None, {}))
