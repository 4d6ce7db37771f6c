"""Memory and time of what precedes the first training step of every method, at FCVID's number of videos.

    python benchmarks/preparation.py [--methods mfh_mean ...] [--videos 45585 --frames 2 --feature-size 4096 --bits 64]
                                     [--threads 2] [--output FILE]

Videos are random and have only two frames (0.75 GB instead of 9.3), as memory depends on the number of videos and most
preparation on their means; so times of stages that read or encode whole videos are not those of real features. Stages
are the artifacts that a method requires, made by the workflow's commands, and `begin`: its `begin_training` and the
`begin_epoch` of its last epoch, with features streamed from the file. Methods without a network have one stage, `fit`.
Models of an earlier stage are left untrained. Each stage runs in a process of its own, whose largest resident memory is
taken. Writes benchmarks/measured/preparation.json, where results of methods that are not named stay.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from prepared_files import command_for, coordinates, is_model, save_untrained

from s5vh.base.files import read_json, write_json
from s5vh.base.provenance import provenance
from s5vh.config import layout
from s5vh.config.load import names
from s5vh.data.features import open_features, write_features
from s5vh.methods.cell import Cell
from s5vh.methods.contract import Shape
from s5vh.methods.discovery import implementation_of
from s5vh.methods.load import method_chain, resolve_cell
from s5vh.methods.settings import is_trained

MEASURED = Path(__file__).parent / "measured"
DATASET, KINDS = "fcvid", 239
GOAL_GIB = 4


def make_file(path: Path, shape: tuple[int, int, int]) -> None:
    """Write random videos of so many kinds, float16, block by block."""
    rng = np.random.default_rng(0)
    means = rng.standard_normal((KINDS, 1, shape[2]), dtype=np.float32)
    kinds = rng.integers(0, KINDS, shape[0])
    parts = np.array_split(np.arange(shape[0]), -(-shape[0] // 512))
    blocks = (means[kinds[p]] + rng.standard_normal((len(p), *shape[1:]), dtype=np.float32) for p in parts)
    labels, ids = np.eye(KINDS, dtype=np.uint8)[kinds], [f"{row:06d}" for row in range(shape[0])]
    write_features(path, blocks, shape=shape, dtype="float16", labels=labels, ids=ids, provenance={})


def run_command(words: list[str]) -> None:
    from s5vh.cli import main

    sys.exit(main(words))


def fit(cell: Cell, features: Path) -> None:
    with open_features(features) as videos:
        implementation_of(cell.settings)(bits=cell.bits, seed=1, **cell.settings.model.model_dump()).fit(videos.feats)


def save_earlier(path: Path, shape: Shape) -> None:
    save_untrained(path, resolve_cell(DATASET, *coordinates(path), 1), shape)


def begin(cell: Cell, features: Path, shape: Shape, prepared: dict[str, Path], threads: int) -> None:
    import torch

    from s5vh.training.batches import FeatureSource
    from s5vh.training.device import set_determinism, set_threads

    set_threads(threads)
    set_determinism(0)
    network = implementation_of(cell.settings)(cell.settings, shape, prepared)
    with open_features(features) as file:
        videos = FeatureSource(file.feats, torch.device("cpu"), resident_bytes=0)
        network.begin_training(videos, torch.arange(len(videos)))
        network.begin_epoch(cell.settings.training.epochs - 1, videos)


def measured(work: Callable[..., None], *arguments: Any) -> dict[str, float]:
    """Largest resident memory in GiB and seconds of `work` in a process of its own."""
    parent, child = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_report, args=(child, work, *arguments))
    started = perf_counter()
    process.start()
    child.close()
    try:
        peak = parent.recv()
    except EOFError:
        raise SystemExit(f"{work.__name__}{arguments}: the process died") from None
    process.join()
    return {"peak_gib": round(peak, 2), "seconds": round(perf_counter() - started, 1)}


def _report(connection: Any, work: Callable[..., None], *arguments: Any) -> None:
    try:
        work(*arguments)
    except SystemExit as end:
        if end.code:
            raise
    connection.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


def stages(method: str, features: Path, arguments: argparse.Namespace, root: Path) -> dict[str, dict[str, float]]:
    """Memory and time of every stage of a method, by name."""
    cell = resolve_cell(DATASET, method, arguments.bits, 1)
    if not is_trained(cell.settings):
        return {"fit": measured(fit, cell, features)}
    shape, found = Shape(arguments.frames, arguments.feature_size, arguments.bits), {}
    prepared = {name: root / place.relative_to(layout.RESULTS) for name, place in cell.requires().items()}
    for name, path in prepared.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if is_model(path):
            measured(save_earlier, path, shape)
        else:
            found[name] = measured(run_command, command_for(path, features, prepared, arguments.bits))
    return found | {"begin": measured(begin, cell, features, shape, prepared, arguments.threads)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    roots = [name for name in names("methods") if len(method_chain(name)) == 1 and not name.endswith("_flat")]
    parser.add_argument("--methods", nargs="+", default=roots, metavar="METHOD")
    sizes = {"videos": 45_585, "frames": 2, "feature-size": 4096, "bits": 64, "threads": 2}
    for name, default in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--output", type=Path, default=MEASURED / "preparation.json")
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp())
    try:
        make_file(root / "train.h5", (arguments.videos, arguments.frames, arguments.feature_size))
        for method in arguments.methods:
            result = stages(method, root / "train.h5", arguments, root)
            for name, one in result.items():
                over = "" if one["peak_gib"] <= GOAL_GIB else f", MORE than {GOAL_GIB} GiB"
                print(f"{method}: {name} {one['peak_gib']:.2f} GiB{over}, {one['seconds']:.0f} s", flush=True)
            settings = {name: getattr(arguments, name.replace("-", "_")) for name in sizes}
            entry = {"stages": result, "settings": settings, "provenance": provenance()}
            before = read_json(arguments.output)["methods"] if arguments.output.is_file() else {}
            write_json(arguments.output, {"methods": dict(sorted((before | {method: entry}).items()))})
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
