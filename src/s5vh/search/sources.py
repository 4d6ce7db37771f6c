"""Where videos come from: feature files, video files and folders of them, read block by block."""

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

_BATCH = 256  # blocks are whole batches of the encoder, so that each batch is the one of any other reading of the file
FEATURE_SUFFIXES = (".h5", ".hdf5", ".mat")
_VIDEO_BLOCK = 32  # videos decoded before their codes are stored: what is lost when the process is killed

# Called with what is wrong with a video file, and whether that is why it cannot be read.
Told = Callable[[UserError, bool], None]


@dataclass(frozen=True)
class Block:
    """Some videos in a row.

    Attributes:
        videos: who they are.
        read: features float [n, T, D] of those at the given places in `videos`, and the places that could be read.
    """

    videos: list[Video]
    read: Callable[[Sequence[int]], tuple[np.ndarray, list[int]]]


class Source(ABC):
    """A place that videos come from.

    Attributes:
        path: as the user gave it.
    """

    path: Path

    @abstractmethod
    def __len__(self) -> int:
        """Number of videos."""

    @abstractmethod
    def check(self, model: ModelFile) -> None:
        """Raise a `UserError` when the model cannot encode these videos; called before anything is encoded."""

    @abstractmethod
    def blocks(self) -> Iterator[Block]:
        """All videos in order."""


class FeatureRows(Source):
    """Videos of a feature file, all or some.

    Args:
        path: HDF5 file with `feats` [N, T, D]; without `ids` in it, a video is called FILE#ROW.
        rows: their numbers; None for all.
    """

    def __init__(self, path: Path, rows: Sequence[int] | None = None):
        self.path, self._rows = path, rows
        with open_features(path) as features:
            self.shape = features.shape
            self._named = "ids" in features.feats.file
            if self._named and len(features.feats.file["ids"]) != self.shape[0]:
                raise UserError(f"{path}: {len(features.feats.file['ids'])} ids for {self.shape[0]} videos")
        outside = [row for row in rows or () if not 0 <= row < self.shape[0]]
        if outside:
            raise UserError(f"{path}: no row {outside[0]}; it has {self.shape[0]} videos, and rows count from 0")

    def __len__(self) -> int:
        return self.shape[0] if self._rows is None else len(self._rows)

    def check(self, model: ModelFile) -> None:
        if self.shape[2] != model.feature_size:
            raise UserError(f"{self.path}: {self.shape[2]} values a frame, but the model ({model}) was trained on "
                            f"{model.feature_size}; give features of the kind that it was trained on")  # fmt: skip

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
        raise UserError(f"{self.path}: no video '{video_id}'; its ids look like '{first}'")

    def _videos(self, features: FeatureFile, rows: np.ndarray) -> list[Video]:
        source = os.path.abspath(self.path)
        names = self._ids(features, rows)
        return [Video(name, source, row) for name, row in zip(names, rows.tolist(), strict=True)]

    def _ids(self, features: FeatureFile, rows: np.ndarray) -> list[str]:
        if not self._named:
            return [f"{self.path.name}#{row}" for row in rows.tolist()]
        # One slice: a list of rows would take h5py far longer.
        first = int(rows.min())
        names = features.feats.file["ids"].asstr()[first : int(rows.max()) + 1]
        return names[rows - first].tolist()

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
    """Video files: one, or all in a folder and its sub-folders. A video is called by its path in the folder.

    Args:
        path: the file or folder; hidden files and folders in it are left out.
        extraction: what makes features of a video file.
        told: called with the reason why a file could not be read, or with what is wrong with one that could.
    """

    def __init__(self, path: Path, extraction: Extraction, told: Told):
        self.path, self._extraction, self._told = path, extraction, told
        if path.is_dir():
            files = sorted(_files(path), key=Path.as_posix)
            if not files:
                endings = ", ".join(_video_suffixes())
                raise UserError(f"{path}: no video files in this folder; it is searched for {endings}")
        else:
            files = [path]
        self._files = files

    def __len__(self) -> int:
        return len(self._files)

    def check(self, model: ModelFile) -> None:
        made = self._extraction.extractor
        if made.feature_size != model.feature_size:
            raise UserError(f"{self.path}: its frames would have {made.feature_size} values, but the model ({model}) "
                            f"was trained on {model.feature_size}; name the data set whose settings made its features "
                            "with --dataset")  # fmt: skip

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
            # Decoding takes the time, and runs side by side; the network takes one video after the other.
            with ThreadPoolExecutor(self._extraction.threads) as pool:
                for place, result in zip(places, pool.map(clip, places), strict=True):
                    if isinstance(result, UserError):
                        self._told(result, True)
                        continue
                    if result.notes:
                        self._told(UserError(f"{files[place]}: {'; '.join(result.notes)}"), False)
                    feats = extractor.features(result.frames)
                    check_finite(feats[None], 0, files[place])
                    found.append((place, feats))
            shape = (0, extractor.frames, extractor.feature_size)
            feats = np.stack([feats for _, feats in found]) if found else np.empty(shape, np.float32)
            return feats, [place for place, _ in found]

        return read


def open_source(path: Path, extraction: Extraction, told: Told) -> Source:
    """The videos at `path`: a folder, a video file by its ending, else a feature file.

    Raises:
        UserError: nothing there, or nothing that can be read.
    """
    if path.is_dir() or (path.is_file() and path.suffix.lower() not in FEATURE_SUFFIXES and _is_video(path)):
        return VideoFiles(path, extraction, told)
    return FeatureRows(path)


def _files(folder: Path) -> Iterator[Path]:
    """Video files below a folder, those that a data set of kind `videos` would list."""
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
        raise UserError(f"{shown}: the file's name is not UTF-8; rename it") from None
    return path.as_posix()
