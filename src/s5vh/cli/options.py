"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def command(
    commands: Any, name: str, action: Callable[[argparse.Namespace], None], help: str
) -> argparse.ArgumentParser:
    """Add the sub-command `name`, described by one sentence, carried out by `action`."""
    added = commands.add_parser(name, help=help, description=help)
    added.set_defaults(action=action)
    return added


def add_path(added: argparse.ArgumentParser, name: str, help: str, *, required: bool = True) -> None:
    """Add an option, or without dashes an argument, that takes a path."""
    if name.startswith("-"):
        added.add_argument(name, type=Path, required=required, help=help)
    else:
        added.add_argument(name, type=Path, help=help)


def positive(text: str) -> int:
    """A whole number above 0."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return value


def add_machine(added: argparse.ArgumentParser, *, device: bool = False) -> None:
    """Add `--threads` and, for commands that can use a GPU, `--device`."""
    added.add_argument("--threads", type=positive, help="CPU threads (default: all cores)")
    if device:
        added.add_argument("--device", default="auto", help="auto (a free GPU, else the CPU), cpu, cuda or cuda:N")
