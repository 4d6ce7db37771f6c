"""What a rehearsal changes: fewer videos and epochs, clusters that these videos still fill, and a thinner grid."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from s5vh.base.errors import UserError
from s5vh.config.dataset import PARTS, DatasetConfig
from s5vh.config.grid import Run
from s5vh.config.load import load_dataset
from s5vh.config.run import RunConfig
from s5vh.methods.load import load_method
from s5vh.methods.settings import is_imported, is_trained
from s5vh.planning.estimate import planned

EPOCHS = 2  # of every training
LEAST_VIDEOS = 256  # of a part, unless the part has fewer: less would not fill a batch of most methods
_VIDEOS_PER_CLUSTER = 2
_LOWERED = ("clusters", "pca")  # settings that ask for as many training videos, wherever a method has them
_FEW_LENGTHS = 3  # sequence lengths of a thinned efficiency study, the fewest that show a curve
_FEW_SECONDS = 5  # time limit of the released code's solver in a thinned study


def scaled_count(count: int, fraction: float, classes: int) -> int:
    """Videos of a part at this scale: never more than it has, and enough for every class and for a batch."""
    return min(count, max(math.ceil(count * fraction), LEAST_VIDEOS, classes))


def scaled_dataset(name: str, config: DatasetConfig, fraction: float, methods: Iterable[str]) -> dict[str, Any]:
    """The data set's file of a rehearsal, as a mapping: exact shapes and file names, fewer videos, `EPOCHS` epochs.

    Args:
        name: the data set's name.
        config: its settings, of kind `papers`.
        fraction: share of its videos, above 0 and at most 1.
        methods: all methods of the run on it, also those that others require.

    Raises:
        UserError: the data set has no files in the papers' layout, or does not say how many videos it has.
    """
    if config.kind != "papers" or any(config.files(part).count is None for part in PARTS):
        raise UserError(
            f"config/datasets/{name}.yaml: only data sets of kind 'papers' with a 'count' of every part can be "
            "rehearsed; leave it out with DATASETS"
        )
    found = config.model_dump(mode="json", exclude_defaults=True, exclude={"source"})
    for part in found["parts"].values():
        if isinstance(part, dict):
            part["count"] = scaled_count(part["count"], fraction, config.classes)
    if config.folder(name).is_absolute() or ".." in config.folder(name).parts:
        found["root"] = "data/{name}"  # never the user's own files
    limit = DatasetConfig.model_validate(found).files("train").count // _VIDEOS_PER_CLUSTER
    clustering = config.semantics.model_dump(mode="json")
    found["semantics"] = clustering | _lowered(clustering, limit)
    found["methods"] = {**config.methods, **{method: _changes(name, method, limit) for method in sorted(set(methods))}}
    return found


def _changes(dataset: str, method: str, limit: int) -> dict[str, Any]:
    """Settings of a method that a rehearsal on a data set changes."""
    settings = load_method(method, dataset)
    found = _lowered(settings.model_dump(mode="json"), limit)
    if is_trained(settings) and not is_imported(settings):
        found["training"] = {"epochs": EPOCHS, "evaluate_every": EPOCHS, "minimum_steps": None}
    return found


def _lowered(settings: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """The numbers of clusters and of PCA components above `limit`, lowered to it, with the keys that lead to them."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping):
            if inner := _lowered(value, limit):
                found[key] = inner
        elif key in _LOWERED and isinstance(value, int) and value > limit:
            found[key] = limit
        elif key in _LOWERED and isinstance(value, list) and max(value) > limit:
            found[key] = [max(1, number * limit // max(value)) for number in value]
    return found


def methods_by_dataset(run: Run) -> dict[str, set[str]]:
    """All methods of `all` on each data set, also those that only train what others need."""
    found: dict[str, set[str]] = {name: set() for name in run.everything}
    for cell in planned(run):
        found.setdefault(cell.dataset, set()).add(cell.method)
    return found


def thinned(config: RunConfig) -> dict[str, Any]:
    """Settings of a run with one code length and one seed, and small studies, that still has every stage and method.

    The code length is that of the convergence study, at which most studies look, if the run has it.
    """
    bits = config.convergence.bits if config.convergence.bits in config.bits else config.bits[0]
    study = config.solver_study.model_dump(mode="json")
    sizes = [size | {"bits": [bits]} for size in study["sizes"]]
    return {
        "bits": [bits],
        "seeds": config.seeds[:1],
        "ablations": {name: {"bits": [bits]} for name in config.ablations},
        "convergence": {"bits": bits},
        "examples": {"bits": bits},
        "transfer": [pair.model_dump(mode="json") | {"bits": [bits]} for pair in config.transfer],
        "protocol_study": {"bits": [bits] if config.protocol_study.bits else []},
        "solver_study": {"sizes": sizes, "seconds": min(study["seconds"], _FEW_SECONDS)},
        "efficiency": {"frames": config.efficiency.frames[:_FEW_LENGTHS], "training": False},
    }


def check_minimum(run: Run) -> None:
    """Refuse a scale at which a method lacks training videos; `load_dataset` must give the scaled data sets.

    Raises:
        UserError: naming the method, the data set and the number of videos.
    """
    for cell, settings in planned(run).items():
        videos, needed = load_dataset(cell.dataset).files("train").count, settings.minimum_videos(cell.bits)
        if needed > videos:
            raise UserError(
                f"rehearsal: {cell.method} needs {needed} training videos for {cell.bits} bits, {cell.dataset} would "
                f"have {videos}; give a larger FRACTION"
            )
