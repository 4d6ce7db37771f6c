"""Labels as multi-hot arrays uint8 [N, classes], read from MATLAB files of any version.

Accepted formats: a dense or sparse 0/1 array with videos as rows or columns, or one class index per video.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import h5py
import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import check_file, report_read_errors
from s5vh.data.hdf5 import find_array, open_hdf5, report_hdf5_errors
from s5vh.data.kinds import ACCIDENTS, hdf5_head, kind_of

Orientation = Literal["auto", "rows", "columns"]
_LARGEST = 2**30  # values of a label matrix; YFCC has fewer than 2**26


def read_labels(
    paths: Sequence[str | Path],
    key: str,
    classes: int,
    *,
    count: int | None = None,
    orientation: Orientation = "auto",
    first_class: Literal["auto", 0, 1] = "auto",
) -> np.ndarray:
    """Read label files and concatenate them.

    Args:
        paths: MATLAB files (version 4 to 7.3) or HDF5 files.
        key: name of the array in each file.
        classes: number of classes.
        count: total number of videos in all files, if known; any other number of labels is refused. With a count of 1,
            `classes` values are the row of that video, not class indices.
        orientation: "rows" or "columns" for one row or column per video, "auto" for whichever has `classes` values per
            video. A square array has both, so it follows the other files, and is rows if they do not tell either.
        first_class: for files with one class index per video, the index of the first class. "auto" is 0 if a 0 occurs
            in any file and 1 if `classes` occurs.

    Returns:
        uint8 [N, classes], 1 if a video belongs to a class.

    Raises:
        UserError: unreadable file, no such array, wrong shape, values other than 0 and 1.
    """
    arrays = [(Path(path), read_array(Path(path), key)) for path in paths]
    one_video = count == 1 and arrays[0][1].size == classes
    if classes > 1 and not one_video and all(max(array.shape) == array.size for _, array in arrays):
        labels = _from_numbers(arrays, key, classes, first_class)
    else:
        square = _of_square_arrays([array.shape for _, array in arrays], classes)
        labels = np.concatenate(
            [_from_matrix(path, key, array, classes, orientation, square) for path, array in arrays]
        )
    if count is not None and len(labels) != count:
        names = ", ".join(path.name for path, _ in arrays)
        raise UserError(
            f"{arrays[0][0].parent / names}: labels of {len(labels)} videos for features of {count}; "
            "label and feature files do not match"
        )
    return labels


def _of_square_arrays(shapes: list[tuple[int, ...]], classes: int) -> Orientation:
    """Orientation of the arrays that fit both ways: that of all files that fit in one way only."""
    others = [shape for shape in shapes if shape[0] != shape[-1]]
    return "columns" if others and all(shape[0] == classes for shape in others) else "rows"


def _from_matrix(
    path: Path, key: str, array: np.ndarray, classes: int, orientation: Orientation, square: Orientation
) -> np.ndarray:
    if array.ndim != 2:
        raise UserError(f"{path}: '{key}' has shape {array.shape}, expected [videos, classes]")
    if orientation == "auto":
        fits_rows, fits_columns = array.shape[1] == classes, array.shape[0] == classes
        orientation = square if fits_rows and fits_columns else "columns" if fits_columns else "rows"
    if orientation == "columns":
        array = array.T
    if array.shape[1] != classes:
        raise UserError(
            f"{path}: '{key}' has shape {array.shape}, expected N videos and {classes} classes; "
            "check the file and 'classes'"
        )
    _check_binary(array, path)
    return array.astype(np.uint8)


def _from_numbers(
    arrays: list[tuple[Path, np.ndarray]], key: str, classes: int, first_class: Literal["auto", 0, 1]
) -> np.ndarray:
    # Decided on all files jointly: a single one may lack the class that determines the first index.
    numbers = np.concatenate([array.ravel().astype(np.float64) for _, array in arrays])
    path = arrays[0][0]
    whole = np.isfinite(numbers) & (numbers == np.floor(np.nan_to_num(numbers)))
    if not whole.all():
        raise UserError(f"{path}: '{key}' has class index {numbers[~whole][0]:g}, expected integers")
    low, high = int(numbers.min()), int(numbers.max())
    first = first_class
    if first == "auto":
        if low > 0 and high < classes:
            raise UserError(
                f"{path}: class indices {low} to {high} for {classes} classes leave open whether the first "
                "class is 0 or 1; set 'first_class' next to the label files"
            )
        first = 0 if low == 0 else 1
    if low < first or high > classes - 1 + first:
        raise UserError(f"{path}: '{key}' has class indices {low} to {high}, expected {first} to {classes - 1 + first}")
    labels = np.zeros((len(numbers), classes), np.uint8)
    labels[np.arange(len(numbers)), numbers.astype(np.int64) - first] = 1
    return labels


def read_array(path: Path, key: str) -> np.ndarray:
    """Read the array of a label file in MATLAB's order, without interpreting its shape; raises as `read_labels`."""
    check_file(path)
    with report_read_errors(path):
        modern = hdf5_head(path) is not None
    array = np.atleast_1d(_read_hdf5(path, key) if modern else _read_mat(path, key))
    if array.dtype.kind not in "biuf" or array.size == 0:
        raise UserError(f"{path}: '{key}' is empty or not numeric, expected 0 and 1 or class indices")
    return array


def _read_hdf5(path: Path, key: str) -> np.ndarray:
    with open_hdf5(path) as file, report_hdf5_errors(path):
        array = find_array(file, key)
        if array is not None:
            # MATLAB is column-major, so its arrays are read transposed.
            return np.asarray(array[()]).T if "MATLAB_class" in array.attrs else np.asarray(array[()])
        if key not in file:
            raise _no_key(path, key, [name for name in file if not name.startswith("#")])
        item = file[key]
        if not isinstance(item, h5py.Group) or "MATLAB_sparse" not in item.attrs:
            raise UserError(f"{path}: '{key}' is a struct, expected an array")
        return _read_sparse(path, key, file)


def _read_sparse(path: Path, key: str, file: h5py.File) -> np.ndarray:
    """Read MATLAB's sparse format: `jc` column starts, `ir` rows, `data` values (missing if all are 0)."""
    import scipy.sparse

    rows, starts, places, values = (
        file[key].attrs["MATLAB_sparse"],
        *(find_array(file, f"{key}/{name}") for name in ("jc", "ir", "data")),
    )
    try:
        starts = starts[()].astype(np.int64)
        shape = (int(rows), len(starts) - 1)
        if places is None:
            return _dense(scipy.sparse.csc_array(shape), path, key)
        matrix = scipy.sparse.csc_array((values[()].astype(np.float64), places[()].astype(np.int64), starts), shape)
        matrix.check_format()
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        raise UserError(f"{path}: '{key}' is a damaged sparse array ({error}); download it again") from None
    return _dense(matrix, path, key)


def _dense(matrix: Any, path: Path, key: str) -> np.ndarray:
    if math.prod(matrix.shape) > _LARGEST:
        raise UserError(f"{path}: '{key}' has shape {matrix.shape}, too large for labels; check the file")
    return matrix.toarray()


def _read_mat(path: Path, key: str) -> np.ndarray:
    import scipy.io
    import scipy.sparse

    try:
        contents = scipy.io.loadmat(path, variable_names=[key])
        if key not in contents:
            raise _no_key(path, key, [name for name, _, _ in scipy.io.whosmat(path)])
    except UserError:
        raise
    except Exception as error:
        # SciPy's parser raises all kinds of errors for malformed files: ValueError, TypeError, zlib.error...
        kind = kind_of(path)
        if kind not in (None, "a MATLAB file"):
            advice = "; download it again" if kind in ACCIDENTS else ""
            raise UserError(f"{path}: is {kind}, not a label file{advice}") from None
        raise UserError(f"{path}: not a readable MATLAB file ({error}); download it again") from None
    array = contents[key]
    return _dense(array, path, key) if scipy.sparse.issparse(array) else np.asarray(array)


def _no_key(path: Path, key: str, available: list[str]) -> UserError:
    return UserError(
        f"{path}: no array '{key}' (the file has: {', '.join(available) or 'nothing'}); "
        "fix 'key' next to the label files"
    )


def check_labels(labels: np.ndarray, count: int, path: str | Path, *, allow_gaps: bool = False) -> None:
    """Check labels [N, classes] of `count` videos: shape, values 0 or 1, at least one label per video.

    Args:
        labels: the labels.
        count: number of videos.
        path: file named in the message.
        allow_gaps: accept videos without any label.
    """
    if labels.ndim != 2 or len(labels) != count:
        raise UserError(f"{path}: labels of shape {labels.shape}, expected one row for each of {count} videos")
    _check_binary(labels, path)
    empty = ~labels.any(axis=1)
    if empty.any() and not allow_gaps:
        raise UserError(
            f"{path}: video {int(np.argmax(empty))} has no label ({int(empty.sum())} such videos); "
            "label it, omit it, or set 'allow_gaps: true' next to the label files"
        )


def _check_binary(labels: np.ndarray, path: str | Path) -> None:
    wrong = (labels != 0) & (labels != 1)
    if wrong.any():
        video, label = np.argwhere(wrong)[0]
        value = labels[video, label]
        raise UserError(f"{path}: label {label} of video {video} is {value:g}, expected 0 or 1")


def check_classes(query: np.ndarray, database: np.ndarray, path: str | Path, *, allow_gaps: bool = False) -> None:
    """Check that every class that occurs in the queries has a video in the database.

    Args:
        query: multi-hot labels of the queries, [Nq, classes].
        database: multi-hot labels of the database, [Nd, classes].
        path: file named in the message.
        allow_gaps: accept classes that only queries have.
    """
    if query.shape[1] != database.shape[1]:
        raise UserError(f"{path}: queries have {query.shape[1]} classes, the database {database.shape[1]}")
    unmatched = query.any(axis=0) & ~database.any(axis=0)
    if unmatched.any() and not allow_gaps:
        label = int(np.argmax(unmatched))
        raise UserError(
            f"{path}: class {label} has {int(query[:, label].sum())} queries but no database video "
            f"({int(unmatched.sum())} such classes); "
            "fix the label files, or set 'allow_gaps: true' next to them"
        )
