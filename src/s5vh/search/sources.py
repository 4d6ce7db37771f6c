"""Sources of videos: feature files, video files and folders of video files, read block by block."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.features import check_finite
from s5vh.search.blocks import Block, Source, real_of, text_of
from s5vh.search.catalog import Video
from s5vh.search.extraction import Extraction
from s5vh.search.feature_rows import FeatureRows
from s5vh.search.freshness import CHANGING, exists, file_digest, stamp
from s5vh.search.model_record import ModelFile

FEATURE_SUFFIXES = (".h5", ".hdf5", ".mat")
_VIDEO_BLOCK = 32  # videos decoded before their codes are stored; lost if the process is killed

# Called with a problem of a video file, and whether it makes the file unreadable.
OnProblem = Callable[[UserError, bool], None]


class NoVideos(UserError):
    """A folder without video files."""


class VideoFiles(Source):
    """A video file, or all video files in a folder and its subfolders, named by their path in the folder.

    Args:
        path: the file or folder; hidden files and folders are skipped.
        extraction: extracts the features of video files.
        on_problem: called for files that are unreadable or damaged.
    """

    is_named_by_path = True

    def __init__(self, path: Path, extraction: Extraction, on_problem: OnProblem):
        self.path, self._extraction, self._on_problem = path, extraction, on_problem
        if path.is_dir():
            files = sorted(_files(path), key=Path.as_posix)
            if not files:
                endings = ", ".join(_video_suffixes())
                raise NoVideos(f"{path}: no video files in this folder (known suffixes: {endings})")
        else:
            files = [path]
        root = path if path.is_dir() else path.parent
        self._list((file, file.relative_to(root)) for file in files)

    def _list(self, named: Iterable[tuple[Path, Path]]) -> None:
        """Set the files and their videos, without those whose names cannot be stored."""
        self._files: list[Path] = []
        self._videos: list[Video] = []
        self._nameless = 0
        for file, name in named:
            try:
                source = text_of(Path(os.path.abspath(file)))
                self._videos.append(Video(text_of(name), source))
                self._files.append(file)
            except UserError as error:
                self._on_problem(error, True)
                self._nameless += 1

    def __len__(self) -> int:
        return len(self._files) + self._nameless

    def check(self, model: ModelFile) -> None:
        made = self._extraction.extractor
        if made.feature_size != model.feature_size:
            raise UserError(f"{self.path}: extracted features would have dimension {made.feature_size}, but the model "
                            f"({model}) was trained with {model.feature_size}; use --dataset to select the data set "
                            "with the right extraction settings")  # fmt: skip

    def blocks(self) -> Iterator[Block]:
        for start in range(0, len(self._files), _VIDEO_BLOCK):
            files = self._files[start : start + _VIDEO_BLOCK]
            stamps = [_stamp(file) for file in files]
            yield Block(
                self._videos[start : start + _VIDEO_BLOCK], list(map(real_of, files)), stamps,
                self._reader(files), partial(self._digests, files, stamps),
            )  # fmt: skip

    def _digests(
        self, files: list[Path], stamps: list[str], places: Sequence[int], _feats: np.ndarray | None = None
    ) -> list[bytes]:
        def made(place: int) -> bytes:
            try:
                digest = file_digest(files[place])
            except OSError:
                return CHANGING
            return digest if _stamp(files[place]) == stamps[place] else CHANGING

        with ThreadPoolExecutor(self._extraction.threads) as pool:
            return list(pool.map(made, places))

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


class IndexedFiles(VideoFiles):
    """Video files that an index has, under the names that they have there.

    Args:
        videos: the videos, named without prefix; at least one.
        extraction, on_problem: as for `VideoFiles`.
    """

    def __init__(self, videos: Sequence[Video], extraction: Extraction, on_problem: OnProblem):
        self.path, self._extraction, self._on_problem = Path(videos[0].source), extraction, on_problem
        self._list((Path(video.source), Path(video.id)) for video in videos)


def open_source(path: Path, extraction: Extraction, on_problem: OnProblem) -> Source:
    """The videos at `path`: a folder, a video file (by suffix), or else a feature file.

    Raises:
        UserError: missing or unreadable.
    """
    text_of(Path(os.path.abspath(path)))
    if not exists(path):
        raise UserError(f"{path}: no such file")
    if path.is_dir() or (path.is_file() and path.suffix.lower() not in FEATURE_SUFFIXES and _is_video(path)):
        return VideoFiles(path, extraction, on_problem)
    return FeatureRows(path)


def _stamp(file: Path) -> str:
    try:
        return stamp([file])
    except OSError:
        return ""


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
