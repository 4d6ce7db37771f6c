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
from s5vh.data.videos.file_kinds import is_video
from s5vh.data.videos.found import videos_in
from s5vh.data.videos.frame_names import frames_in
from s5vh.data.videos.passed_over import summaries
from s5vh.search.blocks import Block, Source, real_of, text_of
from s5vh.search.catalog import Video
from s5vh.search.code_file import CodeFile
from s5vh.search.extraction import Extraction
from s5vh.search.feature_rows import FeatureRows
from s5vh.search.freshness import CHANGING, exists, file_digest, files_digest, stamp
from s5vh.search.model_record import ModelFile

FEATURE_SUFFIXES = (".h5", ".hdf5", ".mat")
CODE_SUFFIX = ".npy"
_VIDEO_BLOCK = 32  # videos decoded before their codes are stored; lost if the process is killed

# Called with a problem of a video file, and whether it makes the file unreadable.
OnProblem = Callable[[UserError, bool], None]


class NoVideos(UserError):
    """A folder without videos."""


class VideoFiles(Source):
    """A video file, or all videos in a folder and its subfolders, named by their path in the folder.

    Args:
        path: the file or folder; numbered pictures in a folder are the frames of one video.
        extraction: extracts the features of video files.
        on_problem: called for files that are unreadable or damaged.
    """

    is_named_by_path = True

    def __init__(self, path: Path, extraction: Extraction, on_problem: OnProblem):
        self.path, self._extraction, self._on_problem = path, extraction, on_problem
        files, root = [path], path.parent
        if path.is_dir():
            videos, others = videos_in(path)
            files, self.passed_over = [path / video for video in videos], summaries(others)
            if not videos:
                raise NoVideos("; ".join([f"{path}: no videos in this folder", *self.passed_over]))
            root = root if files == [path] else path
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
                digest = _digest(files[place])
            except (OSError, UserError):
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


def open_source(path: Path, extraction: Extraction, on_problem: OnProblem, rows: Sequence[int] = ()) -> Source:
    """The videos at `path`: a folder, a code file (.npy), a video file (see `is_video`), or else a feature file.

    Args:
        path: the file or folder.
        extraction, on_problem: as for `VideoFiles`.
        rows: of a feature file, only these; empty for all.

    Raises:
        UserError: missing or unreadable.
    """
    text_of(Path(os.path.abspath(path)))
    if not exists(path):
        raise UserError(f"{path}: no such file")
    has_rows = path.suffix.lower() in (*FEATURE_SUFFIXES, CODE_SUFFIX)
    if path.is_dir() or (path.is_file() and not has_rows and is_video(path)):
        return VideoFiles(path, extraction, on_problem)
    return open_rows(path, rows or None)


def open_rows(path: Path, rows: Sequence[int] | None = None) -> FeatureRows | CodeFile:
    """Videos of a code file (.npy) or a feature file, all (None) or some."""
    return (CodeFile if path.suffix.lower() == CODE_SUFFIX else FeatureRows)(path, rows)


def _files_of(video: Path) -> list[Path]:
    """The file, or the pictures of a folder of frames."""
    return [video / name for name in frames_in(video)] if video.is_dir() else [video]


def _stamp(video: Path) -> str:
    try:
        return stamp(_files_of(video))
    except (OSError, UserError):
        return ""


def _digest(video: Path) -> bytes:
    return file_digest(video) if not video.is_dir() else files_digest(_files_of(video))
