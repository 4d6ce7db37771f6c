"""The codes of an index, in the file format of faiss's `IndexBinaryFlat`, written without faiss.

    bytes   content, little endian (faiss/impl/index_write.cpp, `write_index_binary`)
    0-3     "IBxF"
    4-7     d, bits of a stored code
    8-11    bytes of a stored code, d / 8
    12-19   number of videos N
    20      1 (trained)
    21-24   1 (the metric's number, which binary indexes ignore)
    25-32   N * d / 8, bytes that follow
    33-     the codes, uint8 [N, d / 8], as `s5vh.retrieval.codes` packs them

faiss requires whole bytes, so d is the code length rounded up to a multiple of 8. The padding bits are 0 in every code,
so they do not affect Hamming distances.

Codes are appended in place: first they are written after the last code, beyond the end given by the header, then N and
the number of bytes are updated in one small write. Until that write, the index is unchanged, even after a crash. Codes
are replaced or removed by writing a new file, which is renamed over the old one.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import atomic, report_disk_errors

_KIND = b"IBxF"
_HEADER = struct.Struct("<4siiqbiQ")
_COUNTS = struct.Struct("<qbiQ")  # the header from N on
_COUNTS_START = 12
REMEDY = "restore it from a copy, or build a new index with another --output"
CODES_START = _HEADER.size


def ivf_path(index: str | Path) -> Path:
    """The inverted file that belongs to an index."""
    return Path(f"{index}.ivf")


@dataclass(frozen=True)
class Header:
    """The file header.

    Attributes:
        videos: number of codes, N.
        width: bytes per stored code.
    """

    videos: int
    width: int

    @property
    def end(self) -> int:
        """Offset of the first byte after the codes; anything beyond is left over from an interrupted addition."""
        return CODES_START + self.videos * self.width

    def to_bytes(self) -> bytes:
        return _HEADER.pack(_KIND, 8 * self.width, self.width, self.videos, 1, 1, self.videos * self.width)


def read_header(path: str | Path) -> Header:
    """Read and validate the header.

    Raises:
        UserError: missing or truncated file, not an index, or another type of faiss index.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            start, size = file.read(CODES_START), os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise UserError(f"{path}: no such index; build it with `s5vh index`") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None
    if start[:4] != _KIND:
        if start[:1] == b"I" and start[:4].isalnum() and len(start) == CODES_START:
            kind = start[:4].decode("ascii", "replace")
            raise UserError(f"{path}: a faiss index of type {kind}; only flat binary indexes (IBxF) are supported")
        raise UserError(f"{path}: not an index; build one with `s5vh index`")
    if len(start) < CODES_START:
        raise UserError(
            f"{path}: the file is truncated; restore it from a copy, or build a new index with another --output"
        )
    _, bits, width, videos, _, _, length = _HEADER.unpack(start)
    if width < 1 or bits != 8 * width or videos < 0 or length != videos * width:
        raise UserError(
            f"{path}: the header is damaged; restore it from a copy, or build a new index with another --output"
        )
    header = Header(videos, width)
    if size < header.end:
        held = max(0, size - CODES_START) // width
        raise UserError(f"{path}: the file is truncated to {held} of {videos} codes; {REMEDY}")
    return header


def map_codes(path: str | Path, header: Header) -> np.ndarray:
    """The codes, uint8 [N, width], memory-mapped."""
    shape = (header.videos, header.width)
    if not header.videos:  # an empty region cannot be mapped
        return np.empty(shape, np.uint8)
    return np.memmap(path, np.uint8, "r", CODES_START, shape)


def create_codes(path: str | Path, width: int) -> None:
    """Write an empty file for codes of `width` bytes."""
    with atomic(path) as temporary:
        temporary.write_bytes(Header(0, width).to_bytes())


def next_path(path: str | Path) -> Path:
    """Where a new file of codes is written before it replaces the one at `path`."""
    path = Path(path)
    return path.with_name(f".{path.name}.next")


def write_codes(path: Path, header: Header, chunks: Iterable[np.ndarray]) -> None:
    """Write a file of codes, uint8 [n, width] at a time, and flush it to disk."""
    with report_disk_errors(path), path.open("wb") as file:
        file.write(header.to_bytes())
        for chunk in chunks:
            file.write(np.ascontiguousarray(chunk).data)
        file.flush()
        os.fsync(file.fileno())


def rename_over(written: Path, path: Path) -> None:
    """Rename a complete file of codes to `path`, durably."""
    with report_disk_errors(path):
        os.replace(written, path)
        folder = os.open(path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_behind(file: BinaryIO, path: Path, header: Header, codes: np.ndarray) -> None:
    """Write codes, uint8 [n, width], after the last one; `publish` makes them part of the index.

    Args:
        file: opened for reading and writing, unbuffered.
        path: its name.
        header: the current header.
        codes: the codes to append.
    """
    with report_disk_errors(path):
        file.truncate(header.end)  # drop the remains of an interrupted addition
        file.seek(header.end)
        rest = memoryview(np.ascontiguousarray(codes)).cast("B")
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())


def publish(file: BinaryIO, path: Path, header: Header) -> None:
    """Make the appended codes part of the index, with a single write of 21 bytes."""
    counts = _COUNTS.pack(header.videos, 1, 1, header.videos * header.width)
    with report_disk_errors(path):
        os.pwrite(file.fileno(), counts, _COUNTS_START)
        os.fsync(file.fileno())
