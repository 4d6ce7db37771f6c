"""Atomic file writes: every artifact is written under a temporary name and then renamed."""

from __future__ import annotations

import csv
import errno
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from s5vh.base.errors import UserError


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path next to `path`; rename it to `path` on success, remove it on error.

    A full disk or a read-only folder raises a `UserError` that names the file.
    """
    path = Path(path)
    # Keep the suffix: some writers (numpy, matplotlib) choose their format by it.
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise disk_error(error, path) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def report_disk_errors(path: str | Path) -> Iterator[None]:
    """Raise a `UserError` naming `path` if modifying it in place fails for lack of disk space or permission."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, Path(path)) from error


def disk_error(error: OSError, path: Path) -> Exception:
    """The `UserError` to raise for an error in writing `path`, or the error itself if it has another cause."""
    # h5py reports a full disk without an errno, but with the system's message in its text.
    if error.errno == errno.ENOSPC or "No space left on device" in str(error):
        return UserError(f"{path}: the disk is full; free some space and run the same command again")
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return UserError(f"{path}: cannot be written ({error.strerror}); check the folder's permissions")
    return error


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text atomically."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: str | Path, value: Any) -> None:
    """Write JSON atomically: indented, keys in insertion order, floats in full precision, no NaN."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def write_csv(path: str | Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> None:
    """Write rows atomically as CSV with a header; `columns` default to those of the first row."""
    with atomic(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def read_json(path: str | Path) -> Any:
    """Read a JSON file; raises `UserError` if it is missing or invalid."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except json.JSONDecodeError as error:
        raise UserError(f"{path}: not valid JSON ({error}); delete it and run the workflow again") from None
