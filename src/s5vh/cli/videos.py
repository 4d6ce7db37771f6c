"""The command that extracts frame features from video files."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from s5vh.base.errors import UserError
from s5vh.cli.options import add_machine, add_path, command


def add_commands(commands: Any) -> None:
    """Add this file's command."""
    parser = command(
        commands, "extract", _extract, "decode videos and extract frame features, resuming an interrupted run"
    )
    parser.add_argument("--dataset", default="own", help="name of a file in config/datasets (default: own)")
    add_path(
        parser, "--output-dir", "folder for train.h5, query.h5, database.h5, thumbnails.h5, videos.csv and shards/"
    )
    add_machine(parser, device=True)


def _extract(arguments: argparse.Namespace) -> None:
    from s5vh.config.load import load_dataset
    from s5vh.data.videos.stage import extract_dataset
    from s5vh.training.device import device_lock

    config = load_dataset(arguments.dataset)
    if config.videos is None:
        raise UserError(f"data set '{arguments.dataset}' is of kind '{config.kind}', not 'videos'")
    with device_lock(arguments.device) as device:
        summary = extract_dataset(
            arguments.dataset, config, arguments.output_dir, device=str(device), threads=arguments.threads
        )
    bad = (
        f"; {summary.damaged} are damaged, {summary.failed} cannot be read" if summary.damaged + summary.failed else ""
    )
    print(f"{arguments.output_dir}: features of {summary.videos} videos{bad} (videos.csv)", file=sys.stderr)
