"""Feature files: `feats` [N, T, D] (videos, frames, feature dimension), labels and ids.

Files are read, checked and written block by block, so they need not fit in memory.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import h5py
import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.aspects import Aspect, read_aspects, write_aspects
from s5vh.data.hdf5 import ArrayOnDisk, array_of, create_hdf5, find_array, open_hdf5, read_strings, report_hdf5_errors
from s5vh.data.kinds import wrong_kind
from s5vh.data.labels import check_labels

BLOCK_BYTES = 64 * 2**20  # maximum size of a block in memory
FLOATS = ("float16", "float32")


class FeatureFile:
    """A feature file open for reading; use it as a context manager.

    Attributes:
        path: the file.
        feats: the HDF5 dataset, float16 or float32 [N, T, D]; slices of it are read from disk.
    """

    def __init__(self, path: Path, file: h5py.File, feats: ArrayOnDisk):
        self.path, self.feats, self._file = path, feats, file

    @property
    def shape(self) -> tuple[int, int, int]:
        """Videos, frames, feature dimension."""
        return self.feats.shape

    @cached_property
    def labels(self) -> np.ndarray | None:
        """Multi-hot labels uint8 [N, classes], or None; raises `UserError` if they are not numbers for every video."""
        array = find_array(self._file, "labels")
        if array is None:
            return None
        if array.ndim != 2 or len(array) != len(self.feats):
            raise UserError(
                f"{self.path}: labels of shape {array.shape}, expected one row for each of {len(self.feats)} videos"
            )
        if array.dtype.kind not in "biuf":
            raise UserError(f"{self.path}: labels have type {array.dtype}, expected 0 and 1")
        return array[()]

    @cached_property
    def class_names(self) -> list[str] | None:
        """Names of the classes in the order of the labels' columns, or None."""
        array = find_array(self._file, "class_names")
        return None if array is None else read_strings(array, "class name")

    @cached_property
    def aspects(self) -> list[Aspect]:
        """Groupings of the classes; empty if there are none or the file has no labels."""
        if self.labels is None:
            return []
        with report_hdf5_errors(self.path):
            return read_aspects(self._file, self.path, self.labels.shape[1])

    @property
    def has_ids(self) -> bool:
        """Whether the file names its videos."""
        return find_array(self._file, "ids") is not None

    @cached_property
    def ids(self) -> list[str]:
        """One id per video; the video's index if the file has no ids."""
        return self.read_ids(0, len(self.feats))

    def read_ids(self, first: int, stop: int) -> list[str]:
        """Ids of the videos `first` to `stop`; raises `UserError` if they are no texts, or not one per video."""
        array = find_array(self._file, "ids")
        if array is None:
            return [f"{index:06d}" for index in range(first, stop)]
        if array.ndim == 1 and len(array) != len(self.feats):
            raise UserError(f"{self.path}: {len(array)} ids for {len(self.feats)} videos")
        return read_strings(array, "id", first, stop)

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Provenance record of the file; empty for files from other sources."""
        with report_hdf5_errors(self.path):
            try:
                record = json.loads(self._file.attrs.get("provenance", "{}"))
            except (TypeError, ValueError, RecursionError):  # an attribute that another program wrote
                return {}
        return record if isinstance(record, dict) else {}

    @property
    def extraction(self) -> dict[str, str]:
        """{"extractor": digest of network, weights and preprocessing} of features from videos; else empty."""
        key = self.provenance.get("extractor")
        return {"extractor": key} if isinstance(key, str) else {}

    def blocks(self, size: int | None = None) -> Iterator[np.ndarray]:
        """Yield all videos in order, `size` at a time (default: about 64 MiB), each block [<= size, T, D]."""
        size = size or block_size(self.feats)
        for start in range(0, len(self.feats), size):
            yield self.feats[start : start + size]

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> FeatureFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def block_size(feats: h5py.Dataset) -> int:
    """Videos per block of about 64 MiB; a multiple of the chunk size if the dataset is chunked."""
    video = feats.dtype.itemsize * int(np.prod(feats.shape[1:]))
    size = max(1, BLOCK_BYTES // max(1, video))
    chunk = feats.chunks[0] if feats.chunks else 1
    return max(chunk, size // chunk * chunk)


def open_features(
    path: str | Path, expect_frames: int | None = None, expect_size: int | None = None, *, key: str = "feats"
) -> FeatureFile:
    """Open a feature file and check everything that can be checked without reading it.

    Args:
        path: HDF5 file.
        expect_frames: expected frames per video, T.
        expect_size: expected feature dimension, D.
        key: name of the array; files from other sources may not use `feats`.

    Raises:
        UserError: the file is missing, truncated or not HDF5; no such array; wrong shape or data type; a link to a
            file that is missing or has changed.
    """
    path = Path(path)
    file = open_hdf5(path)
    try:
        if find_array(file, key) is None and key == "feats" and (wrong := wrong_kind(path, "a feature file")):
            raise wrong
        feats = array_of(file, key, "fix 'key' in the data set's file")
        _check_form(path, feats, key, expect_frames, expect_size)
        features = FeatureFile(path, file, feats)
        if feats.is_virtual:
            _check_sources(path, feats, features.provenance)
        return features
    except BaseException:
        file.close()
        raise


def _check_form(path: Path, feats: h5py.Dataset, key: str, frames: int | None, size: int | None) -> None:
    where = f"{path}: '{key}' has"
    if feats.ndim != 3 or 0 in feats.shape:
        raise UserError(f"{where} shape {feats.shape}, expected [videos, frames, feature dimension]")
    if feats.dtype.kind != "f" or feats.dtype.itemsize > 8:
        raise UserError(f"{where} type {feats.dtype}, expected float32 or float16; convert the features")
    if frames not in (None, feats.shape[1]):
        raise UserError(
            f"{where} {feats.shape[1]} frames per video, expected {frames}; fix 'frames' in the data set's file"
        )
    if size not in (None, feats.shape[2]):
        raise UserError(
            f"{where} feature dimension {feats.shape[2]}, expected {size}; fix 'feature_size' in the data set's file"
        )


def _check_sources(path: Path, feats: ArrayOnDisk, provenance: dict[str, Any]) -> None:
    # HDF5 silently substitutes fill values for a missing source file.
    again = _import_command(path, provenance)
    records = provenance.get("sources", ())
    for number, source in enumerate(feats.virtual_sources()):
        file = linked_file(path, source.file_name)
        if not file.is_file():
            raise UserError(f"{path}: links to {file}, which is missing; restore it, or {again}")
        if number < len(records) and file.stat().st_size != records[number]["bytes"]:
            raise UserError(f"{path}: links to {file}, which has changed; {again}")


def linked_file(path: Path, name: str) -> Path:
    """File that a virtual dataset in `path` refers to as `name`; relative names start at the folder of `path`."""
    target = Path(name.replace("%%", "%"))  # HDF5 expands a single "%b"
    return target if target.is_absolute() else Path(os.path.normpath(path.resolve().parent / target))


def _import_command(path: Path, provenance: dict[str, Any]) -> str:
    settings = provenance.get("settings")
    if not isinstance(settings, dict) or not {"dataset", "part"} <= set(settings):
        return "run the import again"
    words = ["s5vh", "features", "--dataset", settings["dataset"], "--part", settings["part"], "--output", str(path)]
    return f"run the import again: {shlex.join(words)}"


def check_finite(block: np.ndarray, first: int, path: str | Path) -> None:
    """Raise a `UserError` naming the first video with NaN or infinity in a block.

    Args:
        block: features [n, T, D].
        first: index of the block's first video in its file.
        path: file named in the message.
    """
    # The sum is finite if all values are, and is cheaper to check than each value.
    with np.errstate(over="ignore", invalid="ignore"):
        if block.dtype != np.float64 and np.isfinite(block.sum(dtype=np.float64)):
            return
    with np.errstate(over="ignore"):  # everything is computed in float32 or less, where larger values are infinite
        bad = ~np.isfinite(block.astype(np.float32, copy=False)).all(axis=(1, 2))
    if bad.any():
        row = int(np.argmax(bad))
        kinds = {"NaN": np.isnan, "infinity": np.isinf}
        what = next((kind for kind, test in kinds.items() if test(block[row]).any()), "values beyond float32")
        raise UserError(f"{path}: video {first + row} has {what}; re-extract its features or omit it")


def validate(
    path: str | Path,
    expect_frames: int | None = None,
    expect_size: int | None = None,
    *,
    key: str = "feats",
    allow_gaps: bool = False,
) -> tuple[int, int, int]:
    """Read a complete feature file, block by block, and check it.

    Returns:
        Videos, frames, feature dimension.

    Raises:
        UserError: as for `open_features`; NaN or infinity; labels or ids that do not match the features.
    """
    with open_features(path, expect_frames, expect_size, key=key) as features:
        first = 0
        if (labels := features.labels) is not None:
            check_labels(labels, len(features.feats), path, allow_gaps=allow_gaps)
        _ = features.ids, features.class_names, features.aspects  # checked when they are read
        for block in features.blocks():
            check_finite(block, first, path)
            first += len(block)
        return features.shape


def write_features(
    path: str | Path,
    blocks: Iterable[np.ndarray],
    *,
    shape: tuple[int, int, int],
    dtype: str = "float32",
    labels: np.ndarray | None = None,
    ids: Sequence[str],
    provenance: dict[str, Any] | Callable[[], dict[str, Any]],
    progress: Callable[[int], None] | None = None,
    class_names: Sequence[str] | None = None,
    aspects: Sequence[Aspect] = (),
) -> None:
    """Write a feature file block by block; it appears under its name once complete.

    Args:
        path: the file.
        blocks: arrays [<= N, T, D] in order, of any float type.
        shape: videos, frames, feature dimension; the blocks must add up to it.
        dtype: data type in the file, "float16" or "float32".
        labels: multi-hot labels [N, classes].
        ids: one id per video.
        provenance: see `s5vh.base.provenance`; a function is called after all blocks are written.
        progress: called with the number of videos of each block.
        class_names: one name per column of the labels.
        aspects: groupings of the columns of the labels.

    Raises:
        UserError: a value is NaN, infinite or too large for `dtype`; labels do not match; the disk is full.
    """
    if dtype not in FLOATS:
        raise UserError(f"{path}: dtype '{dtype}', expected 'float16' or 'float32'")
    if labels is not None:
        check_labels(labels, shape[0], path, allow_gaps=True)
    check_space(path, int(np.prod(shape)) * np.dtype(dtype).itemsize)
    with create_hdf5(path) as file:
        # One chunk per video: a batch of random videos reads no extra bytes.
        feats = file.create_dataset("feats", shape, dtype, chunks=(1, *shape[1:]))
        first = 0
        for block in blocks:
            if block.shape[1:] != tuple(shape[1:]) or first + len(block) > shape[0]:
                raise ValueError(f"block of shape {block.shape} at video {first} does not fit shape {shape}")
            check_finite(block, first, path)
            with np.errstate(over="ignore"):
                stored = block.astype(dtype, copy=False)
            if stored is not block and np.isinf(stored).any():
                raise UserError(
                    f"{path}: values up to {np.abs(block).max():g} do not fit in {dtype}; set 'dtype: float32'"
                )
            feats[first : first + len(block)] = stored
            first += len(block)
            if progress:
                progress(len(block))
        if first != shape[0]:
            raise ValueError(f"got {first} videos for shape {shape}")
        write_annotations(file, labels, ids, provenance() if callable(provenance) else provenance)
        if class_names is not None:
            file.create_dataset("class_names", data=list(class_names), dtype=h5py.string_dtype("utf-8"))
        write_aspects(file, aspects)


def write_annotations(
    file: h5py.File, labels: np.ndarray | None, ids: Sequence[str], provenance: dict[str, Any]
) -> None:
    """Add labels [N, classes], ids and provenance to an open feature file."""
    if len(ids) != len(file["feats"]):
        raise ValueError(f"{len(ids)} ids for {len(file['feats'])} videos")
    if labels is not None:
        file.create_dataset("labels", data=labels.astype(np.uint8), chunks=True, compression="gzip")
    file.create_dataset("ids", data=list(ids), dtype=h5py.string_dtype("utf-8"))
    file.attrs["provenance"] = json.dumps(provenance)


def check_space(path: str | Path, needed: int) -> None:
    """Fail early, rather than after hours of copying, if `needed` bytes do not fit on the disk of `path`."""
    folder = Path(path).absolute().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UserError(
            f"{path}: needs {needed / 2**30:.1f} GiB, the disk has {free / 2**30:.1f} GiB left; "
            "free some space and run the same command again"
        )
