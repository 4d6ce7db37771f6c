"""Files: system errors in plain words, and atomic writes under a temporary name that is then renamed."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from s5vh.base.errors import UserError


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path next to `path`; rename it to `path` on success, remove it on error.

    Content reaches the disk before its name does, so after a power cut the file is as it was before or complete. What a
    killed process left under a temporary name is removed.

    A full disk or a read-only folder raises a `UserError` that names the file.
    """
    path = Path(path)
    check_target(path)
    # Keep the suffix: some writers (numpy, matplotlib) choose their format by it.
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in leftovers(path.parent, rf"\.{re.escape(path.stem)}\.([0-9]+)\.part{re.escape(path.suffix)}"):
            old.unlink(missing_ok=True)
        yield temporary
        _flush(temporary)
        os.replace(temporary, path)
    except OSError as error:
        raise disk_error(error, path) from error
    finally:
        temporary.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def leftovers(folder: Path, pattern: str) -> list[Path]:
    """What is in `folder` under a name of this pattern whose first group is the number of a process that has ended."""
    found = [(name, re.fullmatch(pattern, name)) for name in os.listdir(folder)]
    return [folder / name for name, match in found if match and not _is_alive(int(match[1]))]


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # somebody else's
        return True
    return True


@contextmanager
def report_disk_errors(path: str | Path) -> Iterator[None]:
    """Raise a `UserError` naming `path` if modifying it in place fails for lack of disk space or permission."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, Path(path)) from error


def check_target(path: str | Path) -> None:
    """Raise a `UserError` if `path` exists and is no regular file; a device, for example, must not be replaced."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):  # told when it is written
        return
    if stat.S_ISDIR(mode):
        raise UserError(f"{path}: {_PLACE[errno.EISDIR]}")
    if not stat.S_ISREG(mode):
        raise UserError(f"{path}: is not a regular file; choose another name for the file to write")


_SPACE = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up"}
_PLACE = {
    errno.EISDIR: "is a folder; choose another name for the file to write",
    errno.ENOTEMPTY: "is a folder; choose another name for the file to write",
    errno.ENOTDIR: "cannot be written, because a part of its path is a file, not a folder",
    errno.EEXIST: "cannot be written, because a part of its path is a file, not a folder",
    errno.ENAMETOOLONG: "the file name is too long",
    errno.ENOENT: "cannot be written, because its folder is missing",
    errno.EIO: "cannot be written (input/output error); check the disk or network file system it is on",
}


def disk_error(error: OSError, path: Path) -> Exception:
    """The `UserError` to raise for an error in writing `path`, or the error itself if it has another cause."""
    for number, problem in _SPACE.items():
        # h5py reports a full disk without an errno, but with the system's message in its text.
        if error.errno == number or os.strerror(number) in str(error):
            return UserError(f"{path}: {problem}; free some space and run the same command again")
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return UserError(f"{path}: cannot be written ({error.strerror}); check the folder's permissions")
    if error.errno in _PLACE:
        return UserError(f"{path}: {_PLACE[error.errno]}")
    return error


_UNREADABLE = {
    errno.EISDIR: "is a folder, not a file",
    errno.ENOTDIR: "no such file",
    errno.ENAMETOOLONG: "no such file; the name is too long",
    errno.EAGAIN: "is locked by another process, which has it open for writing; wait until that has finished",
    errno.EACCES: "cannot be read (permission denied); check the permissions of the file and of its folders",
    errno.EPERM: "cannot be read (operation not permitted); check the permissions of the file and of its folders",
}


def read_error(error: OSError, path: str | Path) -> UserError:
    """The `UserError` to raise for a system error in reading `path`. It says what the system reported, no guesses."""
    if error.errno == errno.ENOENT and os.path.islink(path):
        return UserError(f"{path}: is a link to {os.readlink(path)}, which is missing")
    if error.errno == errno.ENOENT:
        return UserError(f"{path}: no such file")
    if error.errno in _UNREADABLE:
        return UserError(f"{path}: {_UNREADABLE[error.errno]}")
    if error.errno is None:
        return UserError(f"{path}: cannot be read ({error})")
    reason = os.strerror(error.errno).lower()
    return UserError(f"{path}: cannot be read ({reason}); check the disk or network file system it is on")


@contextmanager
def report_read_errors(path: str | Path) -> Iterator[None]:
    """Raise a `UserError` naming `path` if reading it fails in the system."""
    try:
        yield
    except OSError as error:
        raise read_error(error, path) from None


def is_file(path: str | Path) -> bool:
    """Whether `path` is a regular file; raises `UserError` if a folder on the way to it cannot be read."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP):
            return False
        raise read_error(error, path) from None
    except ValueError:  # no possible name
        return False


def check_file(path: str | Path) -> None:
    """Raise a `UserError` unless `path` is an existing regular file; opening a pipe, for example, would hang."""
    with report_read_errors(path):
        mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        raise UserError(f"{path}: is a folder, not a file")
    if not stat.S_ISREG(mode):
        raise UserError(f"{path}: is not a regular file")


def read_text(path: str | Path) -> str:
    """Read a UTF-8 text file, with or without a byte order mark.

    Raises:
        UserError: the file is missing, not a regular file, unreadable, or not UTF-8.
    """
    check_file(path)
    with report_read_errors(path):
        data = Path(path).read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UserError(f"{path}: is text in UTF-16; save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}: is not text in UTF-8 (byte 0x{data[error.start]:02x} in line {line})") from None


def visible_files(folder: str | Path, pattern: str) -> list[Path]:
    """Files in `folder` that match `pattern`, sorted; none if there is no such folder.

    Folders and what editors and file managers leave behind (`.#a.yaml`, `._a.yaml`, `~$a.yaml`, `#a.yaml`) are skipped.

    Raises:
        UserError: the folder cannot be read, or a file name is not valid UTF-8.
    """
    if not os.path.isdir(folder):
        return []
    with report_read_errors(folder):
        os.scandir(folder).close()  # `glob` finds nothing in a folder that it cannot read
        found = sorted(
            path
            for path in Path(folder).glob(pattern)
            if not any(part.startswith((".", "~", "#")) for part in path.relative_to(folder).parts) and path.is_file()
        )
    for path in found:
        try:
            str(path).encode()
        except UnicodeEncodeError:
            shown = str(path).encode(errors="backslashreplace").decode()
            raise UserError(f"{shown}: the file name is not valid UTF-8; rename the file") from None
    return found


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text atomically."""
    with atomic(path) as temporary:
        # File names in the text may have bytes that are not UTF-8.
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace")


def write_json(path: str | Path, value: Any) -> None:
    """Write JSON atomically: indented, keys in insertion order, floats in full precision, no NaN."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def write_csv(path: str | Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> None:
    """Write rows atomically as CSV with a header; `columns` default to those of the first row."""
    with (
        atomic(path) as temporary,
        temporary.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file,
    ):
        writer = csv.DictWriter(file, columns or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def read_json(path: str | Path) -> Any:
    """Read a JSON file; raises `UserError` if it is missing, unreadable or invalid."""
    text = read_text(path)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: not valid JSON ({error}); restore the file or make it again") from None
