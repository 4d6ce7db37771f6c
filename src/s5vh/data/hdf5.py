"""HDF5 files: readable errors when reading, atomic writes."""

from __future__ import annotations

import contextlib
import errno
import importlib
import io
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import atomic, check_file, read_error, report_read_errors
from s5vh.data.kinds import ACCIDENTS, has_broken_heap, hdf5_head, is_truncated_hdf5, kind_of, wrong_kind

Arrays = tuple[dict[str, np.ndarray], dict[str, Any]]

_AGAIN = "download or create it again"
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)  # what network file systems without locks report
_PLAUSIBLE = 2**28  # bytes; an array up to this size is read without asking how much of it is stored
_RATIO = 1100  # deflate, the usual compression of HDF5, reaches at most 1032
_LISTED = 10  # arrays named in a message


def open_hdf5(path: str | Path) -> h5py.File:
    """Open a file for reading.

    Raises:
        UserError: the file is missing, unreadable, locked, of another kind, truncated or damaged; the message says
            which.
    """
    path = Path(path)
    check_file(path)
    with report_read_errors(path):
        if has_broken_heap(path):
            raise UserError(f"{path}: the file is damaged (a heap of texts); {_AGAIN}")
    with report_hdf5_errors(path):
        try:
            return h5py.File(path, "r")
        except OSError as error:
            if _errno(error) not in _NO_LOCKS:
                raise
            # Nothing this package reads is modified in place, so reading without a lock is safe.
            return h5py.File(path, "r", locking=False)


@contextmanager
def report_hdf5_errors(path: str | Path) -> Iterator[None]:
    """Raise a `UserError` naming `path` if the HDF5 library fails to read it."""
    try:
        yield
    except MemoryError as error:
        raise UserError(f"{path}: does not fit in memory ({error})") from None
    except (OSError, RuntimeError, KeyError) as error:
        if isinstance(error, KeyError) and "Unable to" not in str(error):
            raise
        raise _explained(error, Path(path)) from None


def _explained(error: OSError | RuntimeError | KeyError, path: Path) -> UserError:
    text = " ".join(str(error).split()).strip("'\"")
    if number := _errno(error):
        return read_error(OSError(number, os.strerror(number)), path)
    if "required filter" in text or "plugin" in text:  # in a file that this one links to
        return _missing_filter(path, "an array", "")
    if hdf5_head(path) is None:
        kind = kind_of(path)
        advice = f"; {_AGAIN}" if kind in (None, *ACCIDENTS) else ""
        return UserError(f"{path}: {f'is {kind}, ' if kind else ''}not an HDF5 file{advice}")
    if "truncated file" in text or is_truncated_hdf5(path):
        return UserError(f"{path}: the file is truncated; {_AGAIN}")
    return UserError(f"{path}: the file is damaged ({text}); {_AGAIN}")


def _errno(error: Exception) -> int | None:
    """The system's error number; HDF5 mentions it in its message only when it fails in the middle of a file."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    match = re.search(r"errno = (\d+)", str(error))
    return int(match[1]) if match and match[1] != "0" else None


class ArrayOnDisk(h5py.Dataset):
    """An array of a file open for reading. Values come in the machine's byte order; errors name the file."""

    @property
    def dtype(self) -> np.dtype:
        dtype = super().dtype
        return dtype if dtype.isnative else dtype.newbyteorder("=")

    def __getitem__(self, selection: Any, new_dtype: Any = None) -> Any:
        with report_hdf5_errors(self.file.filename):
            values = super().__getitem__(selection, new_dtype)
        return values.astype(self.dtype, copy=False) if isinstance(values, np.ndarray) else values


def find_array(file: h5py.File, key: str) -> ArrayOnDisk | None:
    """The array `key` of a file, or None if there is none.

    Raises:
        UserError: it cannot be read: damaged, an unknown data type, a compression filter that is not installed, or a
            shape that claims far more values than the file can have.
    """
    path = file.filename
    with report_hdf5_errors(path):
        try:
            item = file[key]
        except ValueError:  # no possible name
            return None
        except KeyError as error:
            if "doesn't exist" in str(error) or "not found" in str(error):
                return None
            raise
        if not isinstance(item, h5py.Dataset):
            return None
        array = ArrayOnDisk(item.id, readonly=True)
        try:
            size = array.size * array.dtype.itemsize if array.shape is not None else 0
        except (TypeError, ValueError) as error:
            raise UserError(f"{path}: '{key}' has a data type that cannot be read ({error})") from None
        _check_filters(path, key, array)
        _check_claim(path, key, array, size)
    return array


def array_of(file: h5py.File, key: str, advice: str = _AGAIN) -> ArrayOnDisk:
    """`find_array`, or a `UserError` listing what the file has if there is no such array."""
    array = find_array(file, key)
    if array is None:
        raise UserError(f"{file.filename}: no array '{key}' (the file has: {shown_names(file)}); {advice}")
    return array


def _check_filters(path: str, key: str, array: h5py.Dataset) -> None:
    filters = array.id.get_create_plist()
    for number in range(filters.get_nfilters()):
        code, _, _, name = filters.get_filter(number)
        if not h5py.h5z.filter_avail(code):
            # The package registers its filters when it is imported.
            with contextlib.suppress(ImportError):
                importlib.import_module("hdf5plugin")
        if not h5py.h5z.filter_avail(code):
            shown = name.decode(errors="replace").strip("\0 ").split(";")[0] or "unknown"
            raise _missing_filter(path, f"'{key}'", f"{shown} ({code})")


def _missing_filter(path: str | Path, what: str, name: str) -> UserError:
    return UserError(
        f"{path}: {what} is compressed with {f'the HDF5 filter {name}' if name else 'an HDF5 filter'}, which is not "
        "installed; "
        "`pip install hdf5plugin`, or store it with gzip or without compression"
    )


def _check_claim(path: str, key: str, array: h5py.Dataset, size: int) -> None:
    """Reject an array that was never filled: reading it would yield any amount of fill values."""
    if size <= _PLAUSIBLE or array.is_virtual or array.external:
        return
    there = os.path.getsize(path)
    if size > _RATIO * there:
        raise UserError(
            f"{path}: '{key}' of shape {array.shape} would have {size / 2**30:,.1f} GiB, but the file has only "
            f"{there / 2**20:,.1f} MiB; it is damaged or was never filled; {_AGAIN}"
        )


def read_arrays(path: str | Path, required: Sequence[str], optional: Sequence[str] = (), *, kind: str) -> Arrays:
    """Read arrays and attributes of an artifact of this package.

    Args:
        path: the file.
        required, optional: names of arrays; optional ones may be missing.
        kind: what the file should be, e.g. "a semantics file".

    Returns:
        Arrays by name, and attributes by name.

    Raises:
        UserError: the file is missing, unreadable, of another kind, damaged or incomplete.
    """
    with open_hdf5(path) as file:
        found = {name: find_array(file, name) for name in (*required, *optional)}
        if any(found[name] is None for name in required):
            missing = ", ".join(name for name in required if found[name] is None)
            raise wrong_kind(path, kind) or UserError(f"{path}: not {kind} (no array {missing}); make it again")
        arrays = {name: np.asarray(array[()]) for name, array in found.items() if array is not None}
        with report_hdf5_errors(path):
            return arrays, dict(file.attrs)


def dataset_names(file: h5py.File) -> list[str]:
    """Names of all arrays in a file, including those in groups."""
    names: list[str] = []
    with report_hdf5_errors(file.filename):
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
    return names


def shown_names(file: h5py.File) -> str:
    """Names of the arrays in a file, for messages."""
    names = dataset_names(file)
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more or "nothing"


def read_matrix(path: str | Path, key: str) -> np.ndarray:
    """Read the numeric matrix [rows, columns] stored under `key`.

    Raises:
        UserError: unreadable file, no such array, not a numeric matrix, NaN or infinity.
    """
    with open_hdf5(path) as file:
        array = array_of(file, key, "download it again")
        if array.ndim != 2 or 0 in array.shape or array.dtype.kind not in "fiub":
            raise UserError(f"{path}: '{key}' has shape {array.shape} of {array.dtype}, expected a matrix of numbers")
        matrix = array[()]
    finite = np.isfinite(matrix).all(axis=1)
    if not finite.all():
        raise UserError(f"{path}: '{key}' has NaN or infinity in row {int(np.argmin(finite))}; download it again")
    return matrix


def read_strings(array: h5py.Dataset, what: str, first: int = 0, stop: int | None = None) -> list[str]:
    """Read entries `first` to `stop` of a list of texts; integers count as texts.

    Args:
        array: strings of variable or fixed length in UTF-8, or integers, [n].
        what: singular noun for messages, e.g. "id".

    Raises:
        UserError: another data type or shape; text that is not UTF-8, or has a NUL character.
    """
    path, kind = array.file.filename, h5py.check_string_dtype(array.dtype)
    if array.ndim != 1 or (kind is None and array.dtype.kind not in "iu"):
        raise UserError(
            f"{path}: '{array.name[1:]}' has shape {array.shape} of {array.dtype}, expected one UTF-8 text per {what}"
        )
    values = array[first:stop].tolist()
    if kind is None:
        return [str(value) for value in values]
    texts = []
    for number, value in enumerate(values, first):
        try:
            text = value.decode() if isinstance(value, bytes) else str(value)
        except UnicodeDecodeError:
            raise UserError(f"{path}: {what} {number} is not UTF-8 ({value[:40]!r}); store texts as UTF-8") from None
        if "\0" in text:
            raise UserError(f"{path}: {what} {number} has a NUL character ({text[:40]!r}); store texts as UTF-8")
        texts.append(text)
    return texts


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
