"""Random feature and label files in the layout in which the papers' authors distribute theirs.

They are what a rehearsal of a run reads in place of the real files: the names, shapes, types and keys are those of the
data set's configuration, the values are random, and the same configuration and seed give the same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy.io

from s5vh.base.files import atomic
from s5vh.config.dataset import PARTS, DatasetConfig, PartFiles
from s5vh.config.words import PartName
from s5vh.data.hdf5 import create_hdf5

_BLOCK = 64  # videos generated at a time


def write_authors_files(
    name: str,
    config: DatasetConfig,
    folder: Path,
    *,
    dtype: str = "float32",
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write every feature and label file of a data set of kind `papers` whose parts all have a `count`.

    Features are an own pattern per class and per video, noise per frame, and no negative values, as after a ReLU. Files
    are contiguous HDF5 arrays [videos, T, D]; of a part in several files, each has an equal share of the videos. Labels
    are MATLAB files, uint8 [videos, classes], one class per video; every class has a video in each part that has at
    least as many videos as there are classes. Parts without labels have classes too.

    Args:
        name: the data set's name; data sets of equal settings and other names differ.
        config: its settings.
        folder: its folder, for example `data/ucf`.
        dtype: data type of the features, "float16" or "float32".
        seed: seed of everything random.
        progress: called with the number of videos of each block.
    """
    patterns = _generator(name, "classes", seed).standard_normal((config.classes, config.feature_size), np.float32)
    for part in PARTS:
        if config.source_part(part) == part:
            _write_part(name, part, config, folder, patterns, dtype, seed, progress)


def bytes_of(config: DatasetConfig, dtype: str) -> int:
    """Bytes of the feature files that `write_authors_files` writes."""
    videos = sum(config.files(part).count for part in PARTS if config.source_part(part) == part)
    return videos * config.frames * config.feature_size * np.dtype(dtype).itemsize


def _generator(*words: object) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(repr(words).encode()))


def _write_part(
    name: str,
    part: PartName,
    config: DatasetConfig,
    folder: Path,
    patterns: np.ndarray,
    dtype: str,
    seed: int,
    progress: Callable[[int], None] | None,
) -> None:
    files = config.files(part)
    rng = _generator(name, part, seed)
    classes = rng.permutation(np.arange(files.count) % config.classes)
    buffer = np.empty((_BLOCK, config.frames, config.feature_size), np.float32)
    for file, rows in zip(files.features, np.array_split(classes, len(files.features)), strict=True):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with create_hdf5(path) as output:
            shape = (len(rows), config.frames, config.feature_size)
            feats = output.create_dataset(files.key, shape, dtype)
            for first in range(0, len(rows), _BLOCK):
                block = rows[first : first + _BLOCK]
                # HDF5's own conversion to float16 is many times slower.
                values = _features(rng, patterns[block], buffer[: len(block)]).astype(dtype, copy=False)
                feats[first : first + len(block)] = values
                if progress:
                    progress(len(block))
    _write_labels(files, folder, np.eye(config.classes, dtype=np.uint8)[classes])


def _features(rng: np.random.Generator, patterns: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Fill `out`, float32 [B, T, D], for class patterns [B, D]; its noise is uniform, which is faster to draw."""
    rng.random(out=out, dtype=np.float32)
    out *= 12**0.5  # a standard deviation of 1
    out += (patterns + rng.standard_normal(patterns.shape, np.float32) - 3**0.5)[:, None]
    return np.maximum(out, 0, out=out)


def _write_labels(files: PartFiles, folder: Path, labels: np.ndarray) -> None:
    if files.labels is None:
        return
    for file, rows in zip(files.labels.files, np.array_split(labels, len(files.labels.files)), strict=True):
        path = folder / file
        if path.suffix == ".mat":
            with atomic(path) as temporary, temporary.open("wb") as output:
                scipy.io.savemat(output, {files.labels.key: rows})
        else:
            with create_hdf5(path) as output:
                output.create_dataset(files.labels.key, data=rows)
