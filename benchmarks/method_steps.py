"""One training step of every method at the papers' size, against a plain torch writing of it.

    python benchmarks/method_steps.py [--methods conmh ...] [--videos 1024 --batch 256 --frames 25 --feature-size 4096]
                                      [--bits 64 --threads 2 --repeats 5] [--output FILE]

Methods are those with a file in benchmarks/plain_steps, whose `plain_loss(network, batch)` is the same step in plain
torch, with the network's parameters and from the same random numbers. Settings are the method's for FCVID, with batches
of at most --batch videos; what must be prepared is made from the random features of --videos videos, and a model of an
earlier stage is left untrained. First both losses and all gradients are compared, without dropout and stochastic depth.
Then loss and gradients are timed alternately in one process, ours with the allocator settings of a real training, the
plain step with these and with glibc's defaults. Prints medians and quartiles and writes
benchmarks/measured/method_steps.json, where results of methods that are not named stay.
"""

from __future__ import annotations

import argparse
import copy
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from in_turn import timed
from prepared_files import command_for, coordinates, is_model, save_untrained
from torch import Tensor, nn

from s5vh.base.files import read_json, write_json
from s5vh.base.memory import keep_freed_memory
from s5vh.base.provenance import provenance
from s5vh.cli import main as command
from s5vh.config import layout
from s5vh.data.features import write_features
from s5vh.methods.cell import Cell
from s5vh.methods.contract import Batch, Shape, TrainedMethod
from s5vh.methods.discovery import implementation_of
from s5vh.methods.load import resolve_cell
from s5vh.studies.workload import with_few_clusters
from s5vh.training.batches import FeatureSource
from s5vh.training.device import set_determinism, set_threads

HERE = Path(__file__).parent
DATASET = "fcvid"

Step = Callable[[TrainedMethod, Batch], Tensor]


def random_features(videos: int, frames: int, size: int) -> np.ndarray:
    """Videos of 64 kinds, float16 [videos, frames, size]."""
    rng = np.random.default_rng(0)
    kinds = rng.standard_normal((64, 1, size), dtype=np.float32)
    feats = np.empty((videos, frames, size), np.float16)
    for row in range(videos):
        offset = 0.5 * rng.standard_normal((1, size), dtype=np.float32)
        feats[row] = kinds[row % 64] + offset + 0.5 * rng.standard_normal((frames, size), dtype=np.float32)
    return feats


def cell_for(method: str, bits: int, batch: int) -> Cell:
    """The method's settings for FCVID, with smaller batches and fewer clusters where it has more."""
    cell = resolve_cell(DATASET, method, bits, 1)
    settings = with_few_clusters(cell.settings)
    training = settings.training.model_copy(update={"batch_size": min(settings.training.batch_size, batch)})
    return cell.model_copy(update={"settings": settings.model_copy(update={"training": training})})


def prepare(cell: Cell, features: Path, shape: Shape, root: Path) -> dict[str, Path]:
    """Make what the cell requires under `root`, with the commands of the workflow's rules."""
    prepared = {name: root / place.relative_to(layout.RESULTS) for name, place in cell.requires().items()}
    for path in prepared.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        if is_model(path):
            save_untrained(path, cell_for(*coordinates(path), batch=1), shape)
        elif command(command_for(path, features, prepared, shape.bits)) != 0:
            raise SystemExit(f"{cell.method}: cannot make {path.name}")
    return prepared


@contextmanager
def without_dropout(network: nn.Module) -> Iterator[None]:
    """Training mode without dropout and stochastic depth, whose random numbers the two writings do not share."""
    places = [
        (module, name)
        for module in network.modules()
        if type(module).__name__ in ("Dropout", "DropPath")
        for name in ("p", "rate")
        if hasattr(module, name)
    ]
    rates = [getattr(*place) for place in places]
    for place in places:
        setattr(*place, 0.0)
    try:
        yield
    finally:
        for place, rate in zip(places, rates, strict=True):
            setattr(*place, rate)


def compare(network: TrainedMethod, batch: Batch, plain: Step) -> dict[str, float]:
    """Relative differences of loss and gradients, each from a copy of the network in its present state."""
    results = []
    for step in (ours, plain):
        clone, generator = copy.deepcopy(network), torch.Generator().manual_seed(7)
        torch.manual_seed(7)
        with without_dropout(clone):
            loss = step(clone, Batch(batch.feats, batch.index, batch.epoch, generator))
            loss.backward()
        gradients = [(p.grad if p.grad is not None else torch.zeros_like(p)).flatten() for p in clone.parameters()]
        results.append((loss.item(), torch.cat(gradients)))
    (loss, gradient), (plain_loss, plain_gradient) = results
    distance = (gradient - plain_gradient).norm() / plain_gradient.norm()
    return {"loss": abs(loss / plain_loss - 1), "gradient": distance.item()}


def ours(network: TrainedMethod, batch: Batch) -> Tensor:
    return network.losses(batch)["total"]


def measure(
    method: str, features: Path, feats: np.ndarray, arguments: argparse.Namespace, root: Path
) -> dict[str, Any]:
    """Compare and time one method."""
    plain: Step = import_module(f"plain_steps.{method}").plain_loss
    shape = Shape(arguments.frames, arguments.feature_size, arguments.bits)
    cell = cell_for(method, arguments.bits, arguments.batch)
    training = cell.settings.training
    set_determinism(0)
    network = implementation_of(cell.settings)(cell.settings, shape, prepare(cell, features, shape, root))
    videos, generator = FeatureSource(feats, torch.device("cpu")), torch.Generator().manual_seed(1)
    network.begin_training(videos, torch.arange(len(videos)))
    epoch = training.epochs - 1  # what begins after some epochs has begun
    network.begin_epoch(epoch, videos)
    network.train()
    index = network.partners(torch.randperm(len(videos), generator=generator)[: training.batch_size], generator)
    ((_, block),) = videos.batches([index])
    batch = Batch(block, index, epoch, generator)
    differences = compare(network, batch, plain)
    print(
        f"{method}: " + ", ".join(f"{name} differs by {value:.1e}" for name, value in differences.items()), flush=True
    )
    if not (differences["loss"] < 1e-4 and differences["gradient"] < 1e-3):
        raise SystemExit(f"{method}: the two writings differ")

    def take(step: Step) -> None:
        network.zero_grad(set_to_none=True)
        step(network, batch).backward()

    actions = {
        "step": lambda: take(ours),
        "step, plain, usual memory": lambda: take(plain),
        "step, plain": lambda: take(plain),
    }
    times = timed(actions, arguments.repeats)
    ratios = {name: values[1] / times["step"][1] for name, values in times.items() if name != "step"}
    for name, (low, median, high) in times.items():
        factor = f", {ratios[name]:.2f} times as long" if name in ratios else ""
        print(f"  {name:26s} {median:8.0f} ms (quartiles {low:.0f} to {high:.0f}){factor}", flush=True)
    return {
        "batch": len(index[0]),
        "videos_per_group": len(index),
        "differences": differences,
        "milliseconds": times,
        "ratios": ratios,
        "settings": vars(arguments) | {"methods": None, "output": None},
        "provenance": provenance(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = sorted(file.stem for file in (HERE / "plain_steps").glob("*.py"))
    parser.add_argument("--methods", nargs="+", default=known, choices=known, metavar="METHOD")
    sizes = {"videos": 1024, "batch": 256, "frames": 25, "feature-size": 4096, "bits": 64, "threads": 2, "repeats": 5}
    for name, default in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--output", type=Path, default=HERE / "measured" / "method_steps.json")
    arguments = parser.parse_args()
    set_threads(arguments.threads)
    keep_freed_memory()
    feats = random_features(arguments.videos, arguments.frames, arguments.feature_size)
    root = Path(tempfile.mkdtemp())
    try:
        features = root / "train.h5"
        labels = np.eye(64, dtype=np.uint8)[np.arange(len(feats)) % 64]
        ids = [f"{row:04d}" for row in range(len(feats))]
        write_features(features, [feats], shape=feats.shape, dtype="float16", labels=labels, ids=ids, provenance={})
        for method in arguments.methods:
            result = measure(method, features, feats, arguments, root)
            found = read_json(arguments.output)["methods"] if arguments.output.is_file() else {}
            write_json(arguments.output, {"methods": dict(sorted((found | {method: result}).items()))})
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
