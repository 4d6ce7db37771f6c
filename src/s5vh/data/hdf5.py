"""HDF5 files: readable errors when reading, atomic writes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import atomic


def open_hdf5(path: str | Path) -> h5py.File:
    """Open a file for reading; raises `UserError` if it is missing, truncated, unreadable or not HDF5."""
    path = Path(path)
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        return h5py.File(path, "r")
    except OSError as error:
        if "truncated file" in str(error) or (path.stat().st_size and _has_hdf5_signature(path)):
            raise UserError(f"{path}: the file is truncated; download or create it again") from None
        if "file signature not found" in str(error) or path.stat().st_size == 0:
            raise UserError(f"{path}: not an HDF5 file; download or create it again") from None
        raise UserError(f"{path}: cannot be read ({error})") from None


def _has_hdf5_signature(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(8) == b"\x89HDF\r\n\x1a\n"


def dataset_names(file: h5py.File) -> list[str]:
    """Names of all arrays in a file, including those in groups."""
    names: list[str] = []
    file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
    return names


def read_matrix(path: str | Path, key: str) -> np.ndarray:
    """Read the numeric matrix [rows, columns] stored under `key`.

    Raises:
        UserError: unreadable file, no such array, not a numeric matrix, NaN or infinity.
    """
    with open_hdf5(path) as file:
        array = file.get(key)
        if not isinstance(array, h5py.Dataset):
            available = ", ".join(dataset_names(file)) or "nothing"
            raise UserError(f"{path}: no array '{key}' (the file has: {available}); download it again")
        if array.ndim != 2 or 0 in array.shape or array.dtype.kind not in "fiub":
            raise UserError(f"{path}: '{key}' has shape {array.shape} of {array.dtype}, expected a matrix of numbers")
        matrix = array[()]
    finite = np.isfinite(matrix).all(axis=1)
    if not finite.all():
        raise UserError(f"{path}: '{key}' has NaN or infinity in row {int(np.argmin(finite))}; download it again")
    return matrix


@contextmanager
def create_hdf5(path: str | Path) -> Iterator[h5py.File]:
    """Write an HDF5 file atomically.

    A full disk raises a `UserError` that names the file. HDF5 itself would crash the process: after a failed write,
    closing the file fails too and the library segfaults. So it writes through a Python file object that holds back
    the first error.
    """
    with atomic(path) as temporary, _DeferredErrorFile(temporary, "w+b") as raw:
        with h5py.File(raw, "w", track_order=True) as file:
            yield file
        raw.raise_error()


_REREAD = 2**16  # bytes; HDF5 only re-reads small blocks (names, heaps), not data chunks


class _DeferredErrorFile(io.FileIO):
    """A file that records its first write error and stops writing to disk from then on.

    Later small blocks are kept in memory, because HDF5 may re-read them and crashes if their contents differ.
    """

    def __init__(self, *args):
        super().__init__(*args)
        self.error: OSError | None = None
        self._remembered: list[tuple[int, bytes]] = []

    def write(self, data) -> int:
        view = memoryview(data).cast("B")
        start, written = self.tell(), 0
        try:
            while self.error is None and written < len(view):
                written += super().write(view[written:])
        except OSError as error:
            self.error = error
        if self.error is not None:
            if len(view) <= _REREAD:
                self._remembered.append((start, bytes(view)))
            self.seek(start + len(view))
        return len(view)

    def readinto(self, buffer) -> int:
        view = memoryview(buffer).cast("B")
        if self.error is None:
            return super().readinto(view)
        start = self.tell()
        count = super().readinto(view)
        view[count:] = bytes(len(view) - count)
        for offset, block in self._remembered:
            first, last = max(offset, start), min(offset + len(block), start + len(view))
            if first < last:
                view[first - start : last - start] = block[first - offset : last - offset]
        self.seek(start + len(view))
        return len(view)

    def truncate(self, size: int | None = None) -> int:
        try:
            return super().truncate(size)
        except OSError as error:
            self.error = self.error or error
            return self.tell() if size is None else size

    def raise_error(self) -> None:
        if self.error is not None:
            raise self.error
