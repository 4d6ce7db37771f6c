"""The codes of an index as a plain file that faiss opens: what it writes for an `IndexBinaryFlat`, made without faiss.

    bytes   content, little endian (faiss/impl/index_write.cpp, `write_index_binary`)
    0-3     "IBxF"
    4-7     d, bits of a stored code
    8-11    bytes of a stored code, d / 8
    12-19   number of videos N
    20      1 (trained)
    21-24   1 (the metric's number, which binary indexes ignore)
    25-32   N * d / 8, bytes that follow
    33-     the codes, uint8 [N, d / 8], as `s5vh.retrieval.codes` packs them

faiss counts in whole bytes, so d is the code length rounded up to a multiple of 8. The padding bits are 0 in every
code, so all Hamming distances are those of the codes themselves.

Codes are only ever appended: first they are written behind the last one, where nobody looks, then N and the number of
bytes are changed in one small write. Until that write the file is the index as it was, whatever happens.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import atomic, explained

_KIND = b"IBxF"
_HEADER = struct.Struct("<4siiqbiQ")
_COUNTS = struct.Struct("<qbiQ")  # the header from N on
_COUNTS_START = 12
CODES_START = _HEADER.size


@dataclass(frozen=True)
class Header:
    """What the first bytes say.

    Attributes:
        videos: how many codes there are, N.
        width: bytes of a stored code.
    """

    videos: int
    width: int

    @property
    def end(self) -> int:
        """First byte behind the codes; what lies there was never added."""
        return CODES_START + self.videos * self.width

    def to_bytes(self) -> bytes:
        return _HEADER.pack(_KIND, 8 * self.width, self.width, self.videos, 1, 1, self.videos * self.width)


def read_header(path: str | Path) -> Header:
    """Read and check the header.

    Raises:
        UserError: a missing, foreign or truncated file, or a faiss index of another kind.
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
            raise UserError(f"{path}: a faiss index of kind {kind}; only binary flat ones (IBxF) can be searched here")
        raise UserError(f"{path}: not an index of codes; build one with `s5vh index`")
    if len(start) < CODES_START:
        raise UserError(f"{path}: the file is truncated; build the index again")
    _, bits, width, videos, _, _, length = _HEADER.unpack(start)
    if width < 1 or bits != 8 * width or videos < 0 or length != videos * width:
        raise UserError(f"{path}: the header is damaged; build the index again")
    header = Header(videos, width)
    if size < header.end:
        held = max(0, size - CODES_START) // width
        raise UserError(f"{path}: the file is truncated, {held} of {videos} codes are left; build the index again")
    return header


def map_codes(path: str | Path, header: Header) -> np.ndarray:
    """The codes uint8 [N, width], read from disk as they are used."""
    shape = (header.videos, header.width)
    if not header.videos:  # nothing cannot be mapped
        return np.empty(shape, np.uint8)
    return np.memmap(path, np.uint8, "r", CODES_START, shape)


def create_codes(path: str | Path, width: int) -> None:
    """Write a file without videos, for codes of `width` bytes."""
    with atomic(path) as temporary:
        temporary.write_bytes(Header(0, width).to_bytes())


def write_behind(file: BinaryIO, path: Path, header: Header, codes: np.ndarray) -> None:
    """Write codes uint8 [n, width] behind the last one; they are part of the index once `publish` says so.

    Args:
        file: opened for reading and writing, without a buffer.
        path: its name.
        header: what the file says now.
        codes: what to append.
    """
    with explained(path):
        file.truncate(header.end)  # of an addition that was broken off
        file.seek(header.end)
        rest = memoryview(np.ascontiguousarray(codes)).cast("B")
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())


def publish(file: BinaryIO, path: Path, header: Header) -> None:
    """Make what was written behind the last code part of the index: one write of 21 bytes."""
    counts = _COUNTS.pack(header.videos, 1, 1, header.videos * header.width)
    with explained(path):
        os.pwrite(file.fileno(), counts, _COUNTS_START)
        os.fsync(file.fileno())
