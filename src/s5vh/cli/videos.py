"""The command that makes frame features of video files."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from s5vh.base.errors import UserError
from s5vh.cli.options import add_machine, add_path, command


def add_commands(commands: Any) -> None:
    """Add this file's command."""
    added = command(commands, "extract", _extract, "decode videos and make frame features; continues where it was")
    added.add_argument("--dataset", default="own", help="name of a file in config/datasets (default: own)")
    add_path(added, "--output-dir", "folder for train.h5, query.h5, database.h5, thumbnails.h5, videos.csv and shards/")
    add_machine(added, device=True)


def _extract(arguments: argparse.Namespace) -> None:
    from s5vh.config.load import load_dataset
    from s5vh.data.videos.stage import extract_dataset
    from s5vh.training.device import device_lock

    config = load_dataset(arguments.dataset)
    if config.videos is None:
        raise UserError(f"data set '{arguments.dataset}' is of kind '{config.kind}', not 'videos'")
    with device_lock(arguments.device) as place:
        found = extract_dataset(
            arguments.dataset, config, arguments.output_dir, device=str(place), threads=arguments.threads
        )
    bad = f"; {found.damaged} are damaged, {found.failed} cannot be read" if found.damaged + found.failed else ""
    print(f"{arguments.output_dir}: features of {found.videos} videos{bad} (videos.csv)", file=sys.stderr)
