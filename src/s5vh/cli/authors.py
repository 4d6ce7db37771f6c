"""Commands that import what authors published besides features: networks, clusters, hash centers."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s5vh.base.errors import UserError
from s5vh.base.provenance import origin, provenance
from s5vh.cli.options import add_path, code_length, command, json_mappings
from s5vh.config import layout

if TYPE_CHECKING:
    from s5vh.config.dataset import DatasetConfig
    from s5vh.methods.cell import Cell


def add_commands(commands: Any) -> None:
    """Add this file's commands."""
    parser = command(commands, "import-checkpoint", _checkpoint, "import a network published by a method's authors")
    add_path(parser, "file", "checkpoint file, e.g. ucf_16.pth; no code in it is executed")
    parser.add_argument("--cell", help="resolved settings as JSON (see `s5vh settings`), or use the options below")
    parser.add_argument("--dataset", help="name of a file in config/datasets")
    parser.add_argument("--method", default="s5vh-authors", help="name of a file in config/methods")
    parser.add_argument("--bits", type=code_length, help="code length K (default: read from the file)")
    parser.add_argument("--overrides", type=json_mappings, default="{}", help="configuration key `overrides`, as JSON")
    add_path(
        parser, "--output-dir", "folder for model.safetensors (default: the cell's folder in results/)", required=False
    )

    parser = command(commands, "import-semantics", _semantics, "import clusters from the S5VH authors' files")
    add_path(parser, "folder", "folder with final_train_*.h5 and semantic.h5")
    add_path(parser, "--output", "semantics file to write")

    parser = command(commands, "import-centers", _centers, "import hash centers from one of the S5VH authors' files")
    add_path(parser, "file", "hash center file, e.g. hash_center_16.h5")
    add_path(parser, "--semantics", "semantics file imported for the same data set")
    add_path(parser, "--output", "centers file to write")


def _checkpoint(arguments: argparse.Namespace) -> None:
    from s5vh.config.load import load_dataset
    from s5vh.methods.cell import Cell
    from s5vh.methods.import_checkpoint import check_destination, import_model, read_checkpoint
    from s5vh.methods.load import load_method, resolve_cell
    from s5vh.methods.model_file import save_model

    if arguments.cell is None and arguments.dataset is None:
        raise UserError("specify --dataset (the data set the network was trained on) or --cell")
    if arguments.cell:
        cell = Cell.from_json(arguments.cell)
        checkpoint = read_checkpoint(arguments.file, cell.method, cell.settings)
    else:
        overrides = arguments.overrides
        settings = load_method(arguments.method, arguments.dataset, overrides)
        checkpoint = read_checkpoint(arguments.file, arguments.method, settings)
        cell = resolve_cell(arguments.dataset, arguments.method, arguments.bits or checkpoint.bits, 1, overrides)
    dataset = load_dataset(cell.dataset)
    model = import_model(checkpoint, cell, frames=dataset.frames, feature_size=dataset.feature_size)
    folder = arguments.output_dir or layout.cell(cell.dataset, cell.method, cell.bits, cell.seed)
    output = folder / "model.safetensors"
    check_destination(output)
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
        for line in _next_commands(cell, dataset, output):
            print(line)


def _next_commands(cell: Cell, dataset: DatasetConfig, model: Path) -> list[str]:
    """Shell commands that score the model, preceded by one that creates the feature files if they are missing."""
    database, query = (layout.features(cell.dataset, dataset.source_part(part)) for part in ("database", "query"))
    missing = [str(file) for file in dict.fromkeys((database, query)) if not file.is_file()]
    lines = [shlex.join(["snakemake", *missing])] if missing else []
    evaluate = ["s5vh", "evaluate", "--model", model, "--database", database, "--query", query]
    return [*lines, shlex.join(map(str, [*evaluate, "--output-dir", model.parent]))]


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
        f"{arguments.output}: W comes from a different clustering than the pseudo-labels: cluster indices match for "
        f"{agreement.numbered:.1%} of the videos, {agreement.renumbered:.1%} after optimal matching",
        file=sys.stderr,
    )
    if (arguments.folder / NOT_NEEDED).exists():
        print(f"{arguments.folder / NOT_NEEDED}: not needed, skipped", file=sys.stderr)


def _centers(arguments: argparse.Namespace) -> None:
    from s5vh.centers.centers_file import write_centers
    from s5vh.centers.import_centers import import_centers
    from s5vh.semantics.semantics_file import read_semantics

    solution = import_centers(arguments.file, read_semantics(arguments.semantics).W)
    facts = solution.statistics
    write_centers(arguments.output, solution, provenance(imported=[origin(arguments.file)]))
    rounded = f", {facts['rounded']} values replaced by their sign" if facts["rounded"] else ""
    print(
        f"{arguments.output}: {facts['clusters']} centers of {facts['bits']} bits, objective {facts['objective']:.1f}, "
        f"smallest Hamming distance {facts['minimum_distance']}{rounded}",
        file=sys.stderr,
    )
