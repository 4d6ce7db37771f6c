"""Commands that train, fit, encode and evaluate."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s5vh.base.errors import UserError
from s5vh.base.files import read_text
from s5vh.cli.options import (
    add_machine,
    add_path,
    add_precision,
    code_length,
    command,
    file_path,
    json_mapping,
    json_mappings,
    positive,
    seconds,
    seed,
)
from s5vh.config.words import REFERENCE_RANKINGS

if TYPE_CHECKING:
    from s5vh.methods.cell import Cell

_PROTOCOLS: dict[str, Any] = {
    "type": json_mappings,
    "default": '{"published": {}}',
    "help": "evaluation protocols by name, as JSON",
}


def add_commands(commands: Any) -> None:
    """Add this file's commands."""
    parser = command(commands, "settings", _settings, "print a cell's resolved settings as JSON")
    _add_cell(parser)

    parser = command(commands, "train", _train, "train a network, resuming from its last checkpoint")
    _add_cell(parser)
    add_path(parser, "--train", "feature file of the training videos")
    add_path(parser, "--database", "feature file of the database, for evaluation during training")
    add_path(parser, "--query", "feature file of the queries, for evaluation during training")
    parser.add_argument(
        "--prepared",
        type=_named_path,
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="artifact the method is trained with, e.g. semantics=FILE; can be repeated",
    )
    parser.add_argument(
        "--protocol", type=json_mapping, default="{}", help="evaluation protocol, as JSON (default: the published one)"
    )
    parser.add_argument(
        "--curve-every",
        type=positive,
        metavar="EPOCHS",
        help="also score retrieval every so many epochs, for training curves; without effect on the model",
    )
    parser.add_argument("--checkpoint-seconds", type=seconds, default=30.0, help="minimum seconds between checkpoints")
    add_path(parser, "--output-dir", "folder for model.safetensors, train.csv and evals.csv")
    parser.add_argument("--gpu-share", type=positive, default=1, help="training jobs that may share a GPU (default: 1)")
    add_machine(parser, device=True)

    parser = command(commands, "fit", _fit, "fit a method that needs no training")
    _add_cell(parser)
    add_path(parser, "--train", "feature file of the training videos")
    add_path(parser, "--output", "model file to write")
    add_machine(parser)

    parser = command(commands, "evaluate", _evaluate, "encode the database and queries and score retrieval")
    add_path(parser, "--model", "model file")
    add_path(parser, "--database", "feature file of the database")
    add_path(parser, "--query", "feature file of the queries")
    parser.add_argument("--protocols", **_PROTOCOLS)
    add_path(parser, "--output-dir", "folder for codes.npz, ap.npz, metrics.json and pr.csv")
    add_precision(parser)
    add_machine(parser, device=True)

    parser = command(
        commands,
        "reference-rankings",
        _reference_rankings,
        "score rankings that need no codes: chance, real-valued features, all relevant videos first",
    )
    parser.add_argument("rankings", nargs="+", choices=REFERENCE_RANKINGS, help="rankings to score")
    add_path(parser, "--database", "feature file of the database")
    add_path(parser, "--query", "feature file of the queries")
    parser.add_argument("--protocols", **_PROTOCOLS)
    add_path(parser, "--output", "JSON file to write")
    add_machine(parser)

    parser = command(
        commands,
        "protocol-study",
        _protocol_study,
        "measure the effect of ties and self-matches; find near-duplicates",
    )
    parser.add_argument(
        "cells", nargs="+", type=file_path, help="output folders of `s5vh evaluate`, with codes.npz and metrics.json"
    )
    add_path(parser, "--database", "feature file of the database; only its labels are read")
    add_path(parser, "--query", "feature file of the queries; only its labels are read")
    parser.add_argument("--protocols", **_PROTOCOLS)
    parser.add_argument(
        "--settings", type=json_mapping, default="{}", help="configuration key `protocol_study`, as JSON"
    )
    add_path(parser, "--output", "JSON file to write")
    add_machine(parser)

    parser = command(commands, "efficiency", _efficiency, "measure time and memory by sequence length")
    parser.add_argument("--method", required=True, help="name of a file in config/methods")
    parser.add_argument("--settings", type=json_mapping, default="{}", help="configuration key `efficiency`, as JSON")
    add_path(parser, "--output", "CSV file to write")
    add_machine(parser, device=True)

    parser = command(commands, "efficiency-fit", _efficiency_fit, "fit efficiency measurements by least squares")
    parser.add_argument("measurements", nargs="+", type=file_path, help="CSV files written by `s5vh efficiency`")
    add_path(parser, "--output", "JSON file to write")


def _named_path(text: str) -> tuple[str, Path]:
    """Parse `NAME=FILE` into a pair."""
    name, equals, path = text.partition("=")
    if not (name and equals and path.strip()) or "\0" in path:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=FILE")
    return name, Path(path)


def _add_cell(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cell", help="resolved settings as JSON (see `s5vh settings`), or use the options below")
    parser.add_argument("--dataset", help="name of a file in config/datasets")
    parser.add_argument("--method", help="name of a file in config/methods")
    parser.add_argument("--bits", type=code_length, help="code length K")
    parser.add_argument("--seed", type=seed, default=1, help="seed of everything random (default: 1)")
    parser.add_argument("--overrides", type=json_mappings, default="{}", help="configuration key `overrides`, as JSON")


def _cell(arguments: argparse.Namespace) -> Cell:
    from s5vh.methods.cell import Cell
    from s5vh.methods.load import resolve_cell

    if arguments.cell:
        return Cell.from_json(arguments.cell)
    missing = [f"--{name}" for name in ("dataset", "method", "bits") if getattr(arguments, name) is None]
    if missing:
        raise UserError(f"specify --cell, or --dataset, --method and --bits (missing: {', '.join(missing)})")
    return resolve_cell(arguments.dataset, arguments.method, arguments.bits, arguments.seed, arguments.overrides)


def _settings(arguments: argparse.Namespace) -> None:
    print(_cell(arguments).to_json())


def _train(arguments: argparse.Namespace) -> None:
    from s5vh.training.stage import train_cell

    train_cell(
        _cell(arguments),
        train_file=arguments.train,
        database_file=arguments.database,
        query_file=arguments.query,
        prepared=dict(arguments.prepared),
        protocol=arguments.protocol,
        output=arguments.output_dir,
        device=arguments.device,
        gpu_share=arguments.gpu_share,
        threads=arguments.threads,
        curve_every=arguments.curve_every,
        checkpoint_seconds=arguments.checkpoint_seconds,
    )


def _fit(arguments: argparse.Namespace) -> None:
    from s5vh.training.fitting import fit_cell

    fit_cell(_cell(arguments), train_file=arguments.train, output=arguments.output)


def _evaluate(arguments: argparse.Namespace) -> None:
    from s5vh.studies.evaluation import evaluate_model

    metrics = evaluate_model(
        arguments.model,
        database_file=arguments.database,
        query_file=arguments.query,
        protocols=arguments.protocols,
        output=arguments.output_dir,
        device=arguments.device,
        threads=arguments.threads,
        precision=arguments.precision,
    )
    if "skipped" in metrics:
        print(f"{arguments.output_dir}: codes written; {metrics['skipped']}", file=sys.stderr)
    for name, scores in metrics["protocols"].items():
        print(f"{arguments.output_dir}: GmAP {scores['GmAP']:.4f} ({name} protocol)", file=sys.stderr)


def _reference_rankings(arguments: argparse.Namespace) -> None:
    from s5vh.studies.reference_rankings import score_reference_rankings

    score_reference_rankings(
        arguments.database,
        arguments.query,
        protocols=arguments.protocols,
        rankings=arguments.rankings,
        output=arguments.output,
    )


def _protocol_study(arguments: argparse.Namespace) -> None:
    from s5vh.studies.protocol_study import study_protocol

    study_protocol(
        arguments.cells,
        database_file=arguments.database,
        query_file=arguments.query,
        protocols=arguments.protocols,
        settings=arguments.settings,
        output=arguments.output,
    )


def _efficiency(arguments: argparse.Namespace) -> None:
    from s5vh.studies.efficiency import measure_method

    measure_method(
        arguments.method,
        arguments.settings,
        output=arguments.output,
        device=arguments.device,
        threads=arguments.threads,
    )


def _efficiency_fit(arguments: argparse.Namespace) -> None:
    from s5vh.studies.scaling_fits import fit_files

    for file in arguments.measurements:
        read_text(file)  # says what is wrong with a file that is no text
    fit_files(arguments.measurements, arguments.output)
