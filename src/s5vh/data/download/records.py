"""Records of the files in a data set's folder, to detect later changes; and a quick check of a file's format.

`.s5vh-files.json` in that folder stores, for every downloaded or verified file, its size, SHA-256, modification time,
source, and the date. Imports stay light.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.base.files import disk_error, is_file, read_json, report_read_errors, write_json
from s5vh.data.kinds import end_of_hdf5, hdf5_head, looks_like_html

RECORD = ".s5vh-files.json"
_BLOCK = 2**20


@dataclass(frozen=True)
class FileRecord:
    """State of a file when it was last read completely.

    Attributes:
        bytes: file size.
        sha256: digest of the content.
        mtime_ns: modification time, nanoseconds since 1970.
        source: URL or path it came from, or `by hand`.
        date: date of the record, UTC, ISO 8601.
    """

    bytes: int
    sha256: str
    mtime_ns: int
    source: str
    date: str

    def still_fits(self, path: Path) -> bool:
        """Whether size and modification time match the record; the content is not read."""
        status = path.stat()
        return (status.st_size, status.st_mtime_ns) == (self.bytes, self.mtime_ns)


def record_of(path: Path, sha256: str, source: str) -> FileRecord:
    """Create a record of the file's current state; `sha256` is its digest."""
    status = path.stat()
    date = datetime.now(UTC).isoformat(timespec="seconds")
    return FileRecord(status.st_size, sha256, status.st_mtime_ns, source, date)


def read_records(folder: Path) -> dict[str, FileRecord]:
    """Records of the files in `folder`, by name; empty if nothing was recorded."""
    path = folder / RECORD
    if not is_file(path):
        return {}
    try:
        return {name: FileRecord(**record) for name, record in read_json(path)["files"].items()}
    except (KeyError, TypeError, AttributeError):
        raise UserError(
            f"{path}: not a valid file record; move it away, and `s5vh verify` will create a new one"
        ) from None


def add_record(folder: Path, name: str, record: FileRecord) -> None:
    """Record one file; safe to call from several processes at once."""
    from filelock import FileLock

    try:
        with FileLock(folder / f"{RECORD}.lock"):
            records = read_records(folder) | {name: record}
            write_json(folder / RECORD, {"files": {key: asdict(records[key]) for key in sorted(records)}})
    except OSError as error:
        raise disk_error(error, folder / RECORD) from None


def hash_file(path: Path, *others: str, progress: Callable[[int], None] | None = None) -> tuple[str, ...]:
    """SHA-256 of a file, and its digests by `others` (e.g. "md5"), in one pass; hexadecimal.

    `progress` is called with the size of each block.
    """
    digests = [hashlib.sha256(), *(hashlib.new(name, usedforsecurity=False) for name in others)]
    with report_read_errors(path), path.open("rb") as file:
        while block := file.read(_BLOCK):
            for digest in digests:
                digest.update(block)
            if progress:
                progress(len(block))
    return tuple(digest.hexdigest() for digest in digests)


def first_look(path: Path) -> str:
    """Short description of any obvious fault of a feature or label file, or "".

    Reads only a few bytes: checks whether it is HDF5 or MATLAB and, for HDF5, whether it is truncated.
    """
    size = path.stat().st_size
    if size == 0:
        return "is empty"
    with path.open("rb") as file:
        start = file.read(64)
    head = hdf5_head(path)
    if head is not None:
        end = end_of_hdf5(head)
        return f"is truncated: {size:,} of {end:,} bytes" if end > size else ""
    if start.startswith(b"MATLAB") or _is_old_matlab(start):
        return ""
    if looks_like_html(start):
        return "is a web page, not a data file"
    return "is neither HDF5 nor MATLAB"


def _is_old_matlab(head: bytes) -> bool:
    """MATLAB 4 has no signature, but its first integer encodes byte order, data type and kind of matrix."""
    if len(head) < 20:
        return False
    return any(_is_matrix_header(*struct.unpack_from(f"{order}5i", head)) for order in "<>")


def _is_matrix_header(kind: int, rows: int, columns: int, imaginary: int, name_length: int) -> bool:
    machine, reserved, number, sort = kind // 1000, kind // 100 % 10, kind // 10 % 10, kind % 10
    plausible = machine in (0, 1) and reserved == 0 and number <= 5 and sort <= 2
    return plausible and kind >= 0 and rows > 0 and columns > 0 and imaginary in (0, 1) and 1 < name_length < 256
