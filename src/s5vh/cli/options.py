"""Options shared by several commands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def command(
    commands: Any, name: str, action: Callable[[argparse.Namespace], None], help: str
) -> argparse.ArgumentParser:
    """Add the subcommand `name`, which calls `action`; `help` is its one-line description."""
    parser = commands.add_parser(name, help=help, description=help)
    parser.set_defaults(action=action)
    return parser


def add_path(parser: argparse.ArgumentParser, name: str, help: str, *, required: bool = True) -> None:
    """Add an option that takes a path, or a positional argument if `name` has no leading dashes."""
    if name.startswith("-"):
        parser.add_argument(name, type=Path, required=required, help=help)
    else:
        parser.add_argument(name, type=Path, help=help)


def positive(text: str) -> int:
    """Parse a positive integer."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive integer")
    return value


def add_machine(parser: argparse.ArgumentParser, *, device: bool = False) -> None:
    """Add `--threads` and, for commands that can use a GPU, `--device`."""
    parser.add_argument("--threads", type=positive, help="CPU threads (default: all cores)")
    if device:
        parser.add_argument("--device", default="auto", help="auto (a free GPU, else the CPU), cpu, cuda or cuda:N")
