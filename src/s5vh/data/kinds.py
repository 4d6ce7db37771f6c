"""What a file is, judged by its first bytes, for messages about a file of the wrong kind. Imports stay light."""

from __future__ import annotations

import contextlib
import struct
import zipfile
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.base.files import report_read_errors

HDF5 = b"\x89HDF\r\n\x1a\n"
USER_BLOCKS = (0, *(2**power for power in range(9, 21)))  # possible offsets of that signature; MATLAB 7.3 uses 512
_HEAP = b"GCOL\x01\0\0\0"
_SMALL = 2**24  # bytes; larger files are not searched for heaps
_SUPERBLOCK = 96  # bytes; a shorter HDF5 file has no complete superblock

_STARTS = {
    b"MATLAB": "a MATLAB file",
    b"IB": "an index of codes",
    b"SQLite format 3\0": "an SQLite database, such as the second file of an index",
    b"version https://git-lfs": "a Git LFS pointer instead of the file itself; run `git lfs pull`",
    b"\x80\x02": "a pickle file",
    b"\x80\x03": "a pickle file",
    b"\x80\x04": "a pickle file",
    b"\x80\x05": "a pickle file",
    b"\x93NUMPY": "a NumPy array",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1aE\xdf\xa3": "a video",
    b"RIFF": "a video or picture",
}
ACCIDENTS = ("an empty file", "a web page")  # what a failed download leaves
_UNKNOWN_HDF5 = "an HDF5 file"
# Arrays that only one kind of this package's HDF5 files has.
_ARRAYS = {
    "feats": "a feature file",
    "assignments": "a semantics file",
    "centers": "a centers file",
    "pointers": "a neighbour file",
    "labels": "a label file",
}


def kind_of(path: str | Path) -> str | None:
    """What the file is, e.g. "a feature file" or "a web page"; None if that cannot be told."""
    path = Path(path)
    with report_read_errors(path), path.open("rb") as file:
        head = file.read(512)
    if not head:
        return "an empty file"
    if hdf5_head(path) is not None:
        return _hdf5_kind(path)
    if len(head) > 9 and head[8:9] == b"{" and struct.unpack_from("<Q", head)[0] < 2**27:
        return "a model"
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    if head[4:8] == b"ftyp":
        return "a video"
    if head[257:262] == b"ustar":
        return "a tar archive"
    if looks_like_html(head):
        return "a web page"
    return "a text file" if _is_text(head) else None


def wrong_kind(path: str | Path, wanted: str) -> UserError | None:
    """The `UserError` that says what `path` is instead of `wanted` ("a model"); None if that is not known."""
    kind = kind_of(path)
    return UserError(f"{path}: is {kind}, not {wanted}") if kind not in (None, wanted, _UNKNOWN_HDF5) else None


def looks_like_html(head: bytes) -> bool:
    """Whether a file that starts with these bytes is a web page."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


def hdf5_head(path: Path) -> bytes | None:
    """The first bytes from the HDF5 signature on, wherever it is; None if the file has none."""
    with path.open("rb") as file:
        for offset in USER_BLOCKS:
            file.seek(offset)
            head = file.read(_SUPERBLOCK)
            if head.startswith(HDF5):
                return head
            if len(head) < len(HDF5):
                return None
    return None


def end_of_hdf5(head: bytes) -> int:
    """End-of-file address in the superblock (HDF5 file format specification, section II.A); 0 if unknown.

    Args:
        head: bytes from the signature on; the address counts from the start of the file.
    """
    if len(head) < 16:
        return 0
    version = head[8]
    if version in (0, 1):
        width, first = head[13], 24 + 4 * version
    elif version in (2, 3):
        width, first = head[9], 12
    else:
        return 0
    offset = first + 2 * width  # after the base address and one more address
    if width != 8 or len(head) < offset + 8:
        return 0
    return struct.unpack_from("<Q", head, offset)[0]


def is_truncated_hdf5(path: Path) -> bool:
    """Whether an HDF5 file is shorter than its superblock says, or than a superblock."""
    head = hdf5_head(path)
    return head is not None and (len(head) < _SUPERBLOCK // 2 or end_of_hdf5(head) > path.stat().st_size)


def has_broken_heap(path: Path) -> bool:
    """Whether a heap of texts in a small HDF5 file is damaged so that the HDF5 library would read it forever.

    Objects of a heap (file format specification, section III.E) have a header of 16 bytes and a size that is a multiple
    of 8; the free space at the end is object 0, whose size includes its header, and which may be too small for one.
    """
    if path.stat().st_size > _SMALL:
        return False
    data = path.read_bytes()
    start = data.find(_HEAP)
    while start >= 0:
        place, end = start + 16, start + int.from_bytes(data[start + 8 : start + 16], "little")
        while place + 16 <= min(end, len(data)):
            index, size = struct.unpack_from("<H6xQ", data, place)
            step = 16 + (size + 7) // 8 * 8 if index else size
            if step == 0:
                return True
            place += step
        start = data.find(_HEAP, start + 8)
    return False


def _hdf5_kind(path: Path) -> str:
    import h5py

    names: set[str] = set()
    with contextlib.suppress(OSError, RuntimeError, KeyError), h5py.File(path, "r") as file:
        names = set(file)
    return next((kind for name, kind in _ARRAYS.items() if name in names), _UNKNOWN_HDF5)


def _zip_kind(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return None
    if any(name.endswith("data.pkl") for name in names):
        return "a PyTorch checkpoint"
    return "a NumPy archive" if names and all(name.endswith(".npy") for name in names) else "a zip archive"


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # a character may be cut in two at the end
            return False
        text = head[: error.start].decode()
    return all(character.isprintable() or character in "\t\r\n" for character in text)
