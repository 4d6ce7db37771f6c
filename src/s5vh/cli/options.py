"""Options shared by several commands."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from s5vh.base.errors import UserError
from s5vh.base.files import check_target, read_error
from s5vh.config.precision import ENCODING_PRECISIONS
from s5vh.config.words import LARGEST_SEED, LONGEST_CODE

_LARGEST = 2**31 - 1
_SHOWN = 60  # characters of a wrong value in a message


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, like all others."""

    def error(self, message: str) -> Any:
        self.exit(2, f"s5vh: error: {' '.join(message.split())}; see `{self.prog} --help`\n")


def command(
    commands: Any, name: str, action: Callable[[argparse.Namespace], int | None], help: str
) -> argparse.ArgumentParser:
    """Add the subcommand `name`, described by `help`; what `action` returns is its exit code, None is 0."""
    parser = commands.add_parser(name, help=help, description=help)
    parser.set_defaults(action=action)
    return parser


def add_path(parser: argparse.ArgumentParser, name: str, help: str, *, required: bool = True) -> None:
    """Add an option that takes a path, or a positional argument if `name` has no leading dashes.

    Whether outputs can be written is checked at once rather than after hours of work.
    """
    if name.startswith("-"):
        parser.add_argument(name, type=_OUTPUTS.get(name, file_path), required=required, help=help)
    else:
        parser.add_argument(name, type=file_path, help=help)


def file_path(text: str) -> Path:
    """Parse a path. An empty one would be the working directory, and a pipe would hang whoever opens it."""
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError(f"{_shown(text)} is not a path")
    with contextlib.suppress(OSError):  # told when it is read
        mode = os.stat(text).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise argparse.ArgumentTypeError(f"{text} is neither a file nor a folder")
    return Path(text)


def output_file(text: str) -> Path:
    """Parse the path of a file to write."""
    path = file_path(text)
    with _as_argument_error():
        check_target(path)
    _check_writable(path.parent, text)
    return path


def output_folder(text: str) -> Path:
    """Parse the path of a folder to write to."""
    path = file_path(text)
    _check_writable(path, text)
    return path


_OUTPUTS = {
    **dict.fromkeys(("--output", "--receipt", "--csv", "--html"), output_file),
    "--output-dir": output_folder,
}


def _check_writable(folder: Path, text: str) -> None:
    with _as_argument_error():
        try:
            there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        except OSError as error:
            raise read_error(error, folder) from None
        if not there.is_dir():
            raise UserError(f"{text}: cannot be written, because {there} is a file, not a folder")
        if not os.access(there, os.W_OK | os.X_OK):
            raise UserError(f"{text}: cannot be written; check the permissions of {there}")


@contextmanager
def _as_argument_error() -> Iterator[None]:
    try:
        yield
    except UserError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def positive(text: str) -> int:
    """Parse a positive integer."""
    return _integer(text, 1, _LARGEST, "a positive integer")


def count(text: str) -> int:
    """Parse a non-negative integer."""
    return _integer(text, 0, _LARGEST, "a non-negative integer")


def code_length(text: str) -> int:
    """Parse a code length K."""
    return _integer(text, 1, LONGEST_CODE, "a positive integer")


def clusters(text: str) -> int:
    """Parse a number of clusters C; a solver needs several arrays of C x C numbers."""
    return _integer(text, 1, 2**16, "a positive integer")


def seed(text: str) -> int:
    """Parse a seed."""
    return _integer(text, 0, LARGEST_SEED, "a non-negative integer")


def seconds(text: str) -> float:
    """Parse a number of seconds, at least 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{_shown(text)} is not a number of seconds")
    return value


def device_name(text: str) -> str:
    """Parse the name of a device."""
    if not re.fullmatch(r"auto|cpu|cuda(:[0-9]{1,4})?", text):
        raise argparse.ArgumentTypeError(f"{_shown(text)}: unknown; choose auto, cpu, cuda or cuda:N")
    return text


def json_mapping(text: str) -> dict[str, Any]:
    """Parse a JSON object."""
    try:
        value = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"not valid JSON ({error}): {_shown(text)}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f"must be a JSON object, as in {{}}, got {_shown(text)}")
    return value


def json_mappings(text: str) -> dict[str, dict[str, Any]]:
    """Parse a JSON object of objects, such as settings by method name."""
    value = json_mapping(text)
    for key, inner in value.items():
        if not isinstance(inner, dict):
            raise argparse.ArgumentTypeError(f"'{key}' must be a JSON object, got {_shown(json.dumps(inner))}")
    return value


def add_machine(parser: argparse.ArgumentParser, *, device: bool = False) -> None:
    """Add `--threads` and, for commands that can use a GPU, `--device`."""
    parser.add_argument("--threads", type=positive, help="CPU threads, at most all cores (default: all cores)")
    if device:
        parser.add_argument(
            "--device", type=device_name, default="auto", help="auto (a free GPU, else the CPU), cpu, cuda or cuda:N"
        )


def add_precision(parser: argparse.ArgumentParser, default: str | None = "float32", shown: str = "") -> None:
    """Add `--precision`; `shown` describes a default that is found later."""
    parser.add_argument(
        "--precision",
        choices=ENCODING_PRECISIONS,
        default=default,
        help=f"arithmetic of a network while it encodes; bfloat16 flips single bits (default: {shown or default})",
    )


def _integer(text: str, low: int, high: int, what: str) -> int:
    if not re.fullmatch(r"\s*[+-]?[0-9]+\s*", text) or len(text) > 4000:
        raise argparse.ArgumentTypeError(f"{_shown(text)} is not {what}")
    value = int(text)
    if value < low:
        raise argparse.ArgumentTypeError(f"{_shown(text)} is not {what}")
    if value > high:
        raise argparse.ArgumentTypeError(f"{_shown(text)} is too large; at most {high} is possible")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"key '{key}' is there twice")
        found[key] = value
    return found


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")
