"""Commands that import what authors published beside the features: networks, clusters, hash centers."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from s5vh.base.errors import UserError
from s5vh.base.provenance import origin, provenance
from s5vh.cli.options import add_path, command, positive
from s5vh.config import layout
from s5vh.config.dataset import DatasetConfig
from s5vh.config.load import load_dataset
from s5vh.methods.cell import Cell
from s5vh.methods.load import load_method, resolve_cell


def add_commands(commands: Any) -> None:
    """Add this file's commands."""
    added = command(commands, "import-checkpoint", _checkpoint, "import a network that a method's authors published")
    add_path(added, "file", "their file, e.g. ucf_16.pth; nothing in it is run")
    added.add_argument("--cell", help="resolved settings as JSON, see `s5vh settings`; or name the cell:")
    added.add_argument("--dataset", help="name of a file in config/datasets")
    added.add_argument("--method", default="s5vh-authors", help="name of a file in config/methods")
    added.add_argument("--bits", type=positive, help="code length K (default: the file's)")
    added.add_argument("--overrides", default="{}", help="the key `overrides` of the configuration, as JSON")
    add_path(added, "--output-dir", "folder for model.safetensors (default: the cell's under results/)", required=False)

    added = command(commands, "import-semantics", _semantics, "import the clusters from the S5VH authors' files")
    add_path(added, "folder", "folder with final_train_*.h5 and semantic.h5")
    add_path(added, "--output", "semantics file to write")

    added = command(commands, "import-centers", _centers, "import hash centers from a file of the S5VH authors")
    add_path(added, "file", "their file, e.g. hash_center_16.h5")
    add_path(added, "--semantics", "semantics file, imported from the same data set")
    add_path(added, "--output", "centers file to write")


def _checkpoint(arguments: argparse.Namespace) -> None:
    from s5vh.methods.import_checkpoint import check_place, import_model, read_checkpoint
    from s5vh.methods.model_file import save_model

    if arguments.cell is None and arguments.dataset is None:
        raise UserError("give --dataset, the data set that the network was trained on, or --cell")
    if arguments.cell:
        cell = Cell.from_json(arguments.cell)
        checkpoint = read_checkpoint(arguments.file, cell.method, cell.settings)
    else:
        overrides = json.loads(arguments.overrides)
        settings = load_method(arguments.method, arguments.dataset, overrides)
        checkpoint = read_checkpoint(arguments.file, arguments.method, settings)
        cell = resolve_cell(arguments.dataset, arguments.method, arguments.bits or checkpoint.bits, 1, overrides)
    dataset = load_dataset(cell.dataset)
    model = import_model(checkpoint, cell, frames=dataset.frames, feature_size=dataset.feature_size)
    folder = arguments.output_dir or layout.cell(cell.dataset, cell.method, cell.bits, cell.seed)
    output = folder / "model.safetensors"
    check_place(output)
    save_model(output, model)
    sizes = ", ".join(f"{key} {value}" for key, value in checkpoint.sizes.items())
    print(f"{output}: {checkpoint.bits} bits, {sizes}, clusters {checkpoint.clusters or 'none'}", file=sys.stderr)
    configured = cell.settings.model.model_dump()
    for key, value in checkpoint.sizes.items():
        if value != configured[key]:
            print(
                f"{output}: note: {key} is {value} in the file and {configured[key]} in the settings", file=sys.stderr
            )
    if not arguments.cell:
        for line in _next(cell, dataset, output):
            print(line)


def _next(cell: Cell, dataset: DatasetConfig, model: Path) -> list[str]:
    """The commands that score the model, to be pasted; the first one makes the feature files if they are not there."""
    database, query = (layout.features(cell.dataset, dataset.source_part(part)) for part in ("database", "query"))
    missing = [str(file) for file in dict.fromkeys((database, query)) if not file.is_file()]
    lines = [shlex.join(["snakemake", *missing])] if missing else []
    words = ["s5vh", "evaluate", "--model", model, "--database", database, "--query", query]
    return [*lines, shlex.join(map(str, [*words, "--output-dir", model.parent]))]


def _semantics(arguments: argparse.Namespace) -> None:
    from s5vh.semantics.import_semantics import FILES, NOT_NEEDED, import_semantics
    from s5vh.semantics.semantics_file import write_semantics

    semantics, agreement = import_semantics(arguments.folder)
    files = [origin(arguments.folder / name) for name in FILES]
    write_semantics(arguments.output, semantics, provenance(imported=files, agreement=asdict(agreement)))
    sizes = semantics.cluster_sizes
    print(
        f"{arguments.output}: {len(semantics.assignments)} videos, {len(sizes)} clusters of {sizes.min()} to "
        f"{sizes.max()}; {agreement.nearest:.1%} of the pseudo-labels are the nearest centroid",
        file=sys.stderr,
    )
    print(
        f"{arguments.output}: W is of another clustering than the pseudo-labels: its numbers agree with them for "
        f"{agreement.numbered:.1%} of the videos, {agreement.renumbered:.1%} under the best renumbering",
        file=sys.stderr,
    )
    if (arguments.folder / NOT_NEEDED).exists():
        print(f"{arguments.folder / NOT_NEEDED}: not needed, not read", file=sys.stderr)


def _centers(arguments: argparse.Namespace) -> None:
    from s5vh.centers.centers_file import write_centers
    from s5vh.centers.import_centers import import_centers
    from s5vh.semantics.semantics_file import read_semantics

    solution = import_centers(arguments.file, read_semantics(arguments.semantics).W)
    facts = solution.statistics
    write_centers(arguments.output, solution, provenance(imported=[origin(arguments.file)]))
    rounded = f", {facts['rounded']} values taken by their sign" if facts["rounded"] else ""
    print(
        f"{arguments.output}: {facts['clusters']} centers of {facts['bits']} bits, objective {facts['objective']:.1f}, "
        f"smallest Hamming distance {facts['minimum_distance']}{rounded}",
        file=sys.stderr,
    )
