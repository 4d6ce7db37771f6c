"""Commands for results that others can check."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from s5vh.cli.options import add_machine, command, file_path, output_folder

DISAGREES = 1  # exit code of a verification that found other numbers than claimed


def add_commands(commands: Any) -> None:
    """Add this file's commands."""
    parser = command(
        commands, "export", _export,
        "write what others need to check scores without features and training: codes, ids, labels, metrics, settings, "
        "a model card and checksums, in one folder",
    )  # fmt: skip
    parser.add_argument(
        "cells", nargs="+", type=file_path, metavar="CELL",
        help="folder of a cell, such as results/demo/s5vh/32bit/seed1, or one above it, such as results/demo/s5vh, for "
        "all cells in it",
    )  # fmt: skip
    parser.add_argument("--output", type=output_folder, metavar="FOLDER",
                        help="folder to write (default: in exports/, named after the cells)")  # fmt: skip
    parser.add_argument("--weights", action="store_true", help="also the models, so that codes can be made again")
    parser.add_argument("--without-labels", action="store_true",
                        help="only a digest of the labels; others then need the data set to check scores")  # fmt: skip
    parser.add_argument("--licence", type=_licence, default="unknown", metavar="ID",
                        help="licence of what is written, as the model card names it, e.g. cc-by-4.0")  # fmt: skip

    parser = command(
        commands, "verify-results", _verify,
        "compute every score of an exported folder again from its codes; exits with 0 if all agree, 1 if not, and 2 if "
        "the folder is damaged",
    )  # fmt: skip
    parser.add_argument("folder", type=file_path, metavar="FOLDER", help="folder that `s5vh export` wrote")
    parser.add_argument(
        "--features", type=file_path, action="append", default=[], metavar="FOLDER",
        help="feature files of a data set, such as results/demo/features: gives labels that were left out, and with "
        "exported weights makes the codes again; can be repeated",
    )  # fmt: skip
    add_machine(parser, device=True)


def _licence(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.+-]{1,64}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no identifier of a licence, such as cc-by-4.0 or mit")
    return text.lower()


def _export(arguments: argparse.Namespace) -> None:
    from s5vh.sharing.telling import tell_export

    tell_export(
        arguments.cells,
        arguments.output,
        weights=arguments.weights,
        labels=not arguments.without_labels,
        licence=arguments.licence,
        out=sys.stdout,
    )


def _verify(arguments: argparse.Namespace) -> int:
    from s5vh.sharing.telling import tell_verification

    features: list[Path] = arguments.features
    agrees = tell_verification(
        arguments.folder, features, device=arguments.device, threads=arguments.threads, out=sys.stdout
    )
    return 0 if agrees else DISAGREES
