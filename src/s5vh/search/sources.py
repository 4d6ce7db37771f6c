"""Sources of videos: feature files, video files and folders of video files, read block by block."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.features import FeatureFile, block_size, check_finite, open_features
from s5vh.search.catalog import Video
from s5vh.search.extraction import Extraction
from s5vh.search.index import ModelFile

_BATCH = 256  # blocks consist of whole encoder batches, so that batches do not depend on how the file is read
FEATURE_SUFFIXES = (".h5", ".hdf5", ".mat")
_VIDEO_BLOCK = 32  # videos decoded before their codes are stored; lost if the process is killed

# Called with a problem of a video file, and whether it makes the file unreadable.
OnProblem = Callable[[UserError, bool], None]


@dataclass(frozen=True)
class Block:
    """Consecutive videos of a source.

    Attributes:
        videos: the videos.
        read: takes indices into `videos` and returns features, float [n, T, D], and the indices that could be read.
    """

    videos: list[Video]
    read: Callable[[Sequence[int]], tuple[np.ndarray, list[int]]]


class Source(ABC):
    """A source of videos.

    Attributes:
        path: as given by the user.
    """

    path: Path

    @abstractmethod
    def __len__(self) -> int:
        """Number of videos."""

    @abstractmethod
    def check(self, model: ModelFile) -> None:
        """Raise `UserError` if the model cannot encode these videos; called before anything is encoded."""

    @abstractmethod
    def blocks(self) -> Iterator[Block]:
        """All videos in order."""


class FeatureRows(Source):
    """Videos of a feature file, all or some.

    Args:
        path: HDF5 file with `feats` [N, T, D]; if it has no `ids`, videos are named FILE#ROW.
        rows: row numbers; None for all.
    """

    def __init__(self, path: Path, rows: Sequence[int] | None = None):
        self.path, self._rows = path, rows
        with open_features(path) as features:
            self.shape = features.shape
            self._named = features.has_ids
            if self._named:
                features.read_ids(0, 1)  # raises if they do not fit the videos
        outside = [row for row in rows or () if not 0 <= row < self.shape[0]]
        if outside:
            raise UserError(f"{path}: no row {outside[0]}; the file has {self.shape[0]} videos, numbered from 0")

    def __len__(self) -> int:
        return self.shape[0] if self._rows is None else len(self._rows)

    def check(self, model: ModelFile) -> None:
        if self.shape[2] != model.feature_size:
            raise UserError(f"{self.path}: features have dimension {self.shape[2]}, but the model ({model}) was "
                            f"trained with {model.feature_size}; provide features of the same kind")  # fmt: skip

    def blocks(self) -> Iterator[Block]:
        with open_features(self.path) as features:
            size = max(_BATCH, block_size(features.feats) // _BATCH * _BATCH)
            rows = np.arange(self.shape[0]) if self._rows is None else np.array(self._rows)
            for start in range(0, len(rows), size):
                part = rows[start : start + size]
                yield Block(self._videos(features, part), self._reader(features, part))

    def row_of(self, video_id: str) -> int:
        """Number of the row with this id."""
        first = None
        with open_features(self.path) as features:
            for start in range(0, self.shape[0], 2**16):
                names = self._ids(features, np.arange(start, min(start + 2**16, self.shape[0])))
                first = first or names[0]
                for name in (video_id, f"{self.path.name}#{video_id}"):
                    if name in names:
                        return start + names.index(name)
        raise UserError(f"{self.path}: no video '{video_id}' (example id: '{first}')")

    def _videos(self, features: FeatureFile, rows: np.ndarray) -> list[Video]:
        source = os.path.abspath(self.path)
        names = self._ids(features, rows)
        return [Video(name, source, row) for name, row in zip(names, rows.tolist(), strict=True)]

    def _ids(self, features: FeatureFile, rows: np.ndarray) -> list[str]:
        if not self._named:
            return [f"{self.path.name}#{row}" for row in rows.tolist()]
        # One slice, because fancy indexing is much slower in h5py.
        first = int(rows.min())
        names = features.read_ids(first, int(rows.max()) + 1)
        return [names[row - first] for row in rows.tolist()]

    def _reader(self, features: FeatureFile, rows: np.ndarray) -> Callable:
        def read(places: Sequence[int]) -> tuple[np.ndarray, list[int]]:
            wanted = rows[list(places)]
            first, last = int(wanted.min()), int(wanted.max())
            if last - first < 2 * len(wanted):
                feats = features.feats[first : last + 1][wanted - first]
            else:
                feats = np.stack([features.feats[row] for row in wanted.tolist()])
            for place, row in enumerate(wanted.tolist()):
                check_finite(feats[place : place + 1], row, self.path)
            return feats, list(places)

        return read


class VideoFiles(Source):
    """A video file, or all video files in a folder and its subfolders, named by their path in the folder.

    Args:
        path: the file or folder; hidden files and folders are skipped.
        extraction: extracts the features of video files.
        on_problem: called for files that are unreadable or damaged.
    """

    def __init__(self, path: Path, extraction: Extraction, on_problem: OnProblem):
        self.path, self._extraction, self._on_problem = path, extraction, on_problem
        if path.is_dir():
            files = sorted(_files(path), key=Path.as_posix)
            if not files:
                endings = ", ".join(_video_suffixes())
                raise UserError(f"{path}: no video files in this folder (known suffixes: {endings})")
        else:
            files = [path]
        self._files = files

    def __len__(self) -> int:
        return len(self._files)

    def check(self, model: ModelFile) -> None:
        made = self._extraction.extractor
        if made.feature_size != model.feature_size:
            raise UserError(f"{self.path}: extracted features would have dimension {made.feature_size}, but the model "
                            f"({model}) was trained with {model.feature_size}; use --dataset to select the data set "
                            "with the right extraction settings")  # fmt: skip

    @cached_property
    def _videos(self) -> list[Video]:
        root = self.path if self.path.is_dir() else self.path.parent
        return [Video(_text(file.relative_to(root)), _text(Path(os.path.abspath(file)))) for file in self._files]

    def blocks(self) -> Iterator[Block]:
        for start in range(0, len(self._files), _VIDEO_BLOCK):
            files = self._files[start : start + _VIDEO_BLOCK]
            yield Block(self._videos[start : start + _VIDEO_BLOCK], self._reader(files))

    def _reader(self, files: list[Path]) -> Callable:
        extractor = self._extraction.extractor

        def clip(place: int) -> Any:
            try:
                return extractor.read(files[place])
            except UserError as error:
                return error

        def read(places: Sequence[int]) -> tuple[np.ndarray, list[int]]:
            found = []
            # Decoding dominates the time and runs in parallel; the network processes one video at a time.
            with ThreadPoolExecutor(self._extraction.threads) as pool:
                for place, result in zip(places, pool.map(clip, places), strict=True):
                    if isinstance(result, UserError):
                        self._on_problem(result, True)
                        continue
                    if result.notes:
                        self._on_problem(UserError(f"{files[place]}: {'; '.join(result.notes)}"), False)
                    feats = extractor.features(result.frames)
                    check_finite(feats[None], 0, files[place])
                    found.append((place, feats))
            shape = (0, extractor.frames, extractor.feature_size)
            feats = np.stack([feats for _, feats in found]) if found else np.empty(shape, np.float32)
            return feats, [place for place, _ in found]

        return read


def open_source(path: Path, extraction: Extraction, on_problem: OnProblem) -> Source:
    """The videos at `path`: a folder, a video file (by suffix), or else a feature file.

    Raises:
        UserError: missing or unreadable.
    """
    if path.is_dir() or (path.is_file() and path.suffix.lower() not in FEATURE_SUFFIXES and _is_video(path)):
        return VideoFiles(path, extraction, on_problem)
    return FeatureRows(path)


def _files(folder: Path) -> Iterator[Path]:
    """Video files below a folder, by the same rules as for data sets of kind `videos`."""
    for where, folders, files in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in files:
            if not file.startswith(".") and _is_video(Path(file)):
                yield Path(where) / file


def _is_video(path: Path) -> bool:
    return path.suffix.lower() in _video_suffixes()


def _video_suffixes() -> tuple[str, ...]:
    from s5vh.data.videos.decode import VIDEO_SUFFIXES

    return tuple(sorted(VIDEO_SUFFIXES))


def _text(path: Path) -> str:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        shown = str(path).encode(errors="replace").decode()
        raise UserError(f"{shown}: the file name is not valid UTF-8; rename the file") from None
    return path.as_posix()
