"""Videos of a data set of kind `videos`, their classes, and their split.

Imports stay light: rules use this at parse time. Only the manifest is opened, and files whose names leave open whether
they are videos.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.base.provenance import digest
from s5vh.config.dataset import DatasetConfig, PartName
from s5vh.config.videos import VideosConfig
from s5vh.data.videos.class_folders import from_folders
from s5vh.data.videos.file_kinds import PICTURE_SUFFIXES, suffix_of
from s5vh.data.videos.manifest import read_manifest
from s5vh.data.videos.passed_over import PassedOver, summaries
from s5vh.data.videos.video import Video as Video
from s5vh.data.videos.walk import walk


@dataclass(frozen=True)
class Listing:
    """The videos of a data set, sorted by path.

    Attributes:
        folder: folder the paths are relative to.
        videos: videos with their parts.
        class_names: class c of the label arrays is `class_names[c]`.
        labelled: whether database and queries have labels, so that retrieval can be scored.
        passed_over: what else is in the folder; empty if there is a manifest.
    """

    folder: Path
    videos: tuple[Video, ...]
    class_names: tuple[str, ...]
    labelled: bool
    passed_over: tuple[PassedOver, ...] = ()

    def part(self, name: PartName) -> list[Video]:
        """Videos of one part."""
        return [video for video in self.videos if video.part == name]

    def digest(self) -> str:
        """Digest of paths, sizes, modification times, classes and parts; changes if any video does."""
        files = [(video.path, *_identity(self.folder / video.path)) for video in self.videos]
        return digest([files, [(video.labels, video.part) for video in self.videos]])


def has_videos(name: str, config: DatasetConfig) -> bool:
    """Whether there is anything to list: the manifest, or at least one video in the folder.

    Raises:
        UserError: the folder or one below it cannot be read.
    """
    folder = config.folder(name)
    if config.videos.manifest is not None:
        return (folder / config.videos.manifest).is_file()
    return folder.is_dir() and any(step.files or (step.path and step.frames) for step in walk(folder))


def passed_over_in(folder: Path) -> list[str]:
    """Summaries of what is in a folder without videos; see `summaries`."""
    return summaries(one for step in walk(folder) for one in step.passed_over) if folder.is_dir() else []


def list_videos(name: str, config: DatasetConfig) -> Listing:
    """List all videos of a data set of kind `videos`, with classes and parts.

    Raises:
        UserError: no videos; a folder that cannot be read; an unreadable or invalid manifest; labels for only some of
            the videos; a file in two classes or parts; folders of unclear meaning; too few videos for a query split.
    """
    folder, settings = config.folder(name), config.videos
    where = folder if settings.manifest is None else folder / settings.manifest
    videos, passed_over = _find(folder, settings)
    videos.sort(key=lambda video: video.path)
    if not videos:
        others = "".join(f"; {text}" for text in summaries(passed_over))
        raise UserError(f"{where}: no videos{others}; see `videos` in config/datasets/{name}.yaml for the expected "
                        "layout")  # fmt: skip
    if videos[0].part is None:
        videos = _split(videos, settings)
    _check_parts(videos, settings, where)
    evaluated = [video for video in videos if video.part in ("query", config.source_part("database"))]
    labelled = bool(evaluated[0].labels)
    for video in evaluated:
        if bool(video.labels) != labelled:
            unlabelled = next(video.path for video in evaluated if not video.labels)
            raise UserError(
                f"{where}: {unlabelled} has no label, but others have; label either all "
                "database and query videos or none"
            )
    names = sorted({label for video in videos for label in video.labels}) if labelled else []
    if config.classes not in (None, len(names)):
        raise UserError(f"{where}: {len(names)} classes, expected {config.classes}; fix or remove 'classes'")
    return Listing(folder, tuple(videos), tuple(names), labelled, tuple(passed_over))


def _find(folder: Path, settings: VideosConfig) -> tuple[list[Video], list[PassedOver]]:
    if settings.manifest is not None:
        return read_manifest(folder / settings.manifest, folder), []
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder")
    return from_folders(folder, settings)


def listing_of(name: str, config: DatasetConfig) -> Listing:
    """`list_videos`, cached per process: the workflow calls it in many places, and the folder may be large."""
    return _cached_listing(name, config.model_dump_json(), config.folder(name).resolve())


@cache
def _cached_listing(name: str, settings: str, _folder: Path) -> Listing:
    # The resolved folder is part of the cache key, because the configured one may depend on the working directory.
    return list_videos(name, DatasetConfig.model_validate_json(settings))


def _split(videos: list[Video], settings: VideosConfig) -> list[Video]:
    """Hold out a share of every class as queries, except for classes with a single video, which would have no match.

    Videos are drawn by a digest of seed and path, so adding a video hardly changes the split of the others.
    """
    groups: dict[tuple[str, ...], list[Video]] = {}
    for video in videos:
        groups.setdefault(video.labels, []).append(video)
    queries: set[str] = set()
    for group in groups.values():
        drawn = sorted(video.path for video in group)
        drawn.sort(key=lambda path: hashlib.sha256(f"{settings.split_seed} {path}".encode()).digest())
        count = min(max(1, round(settings.query_share * len(group))), len(group) - 1)
        queries.update(drawn[:count])
    return [replace(video, part="query" if video.path in queries else "train") for video in videos]


def _check_parts(videos: Iterable[Video], settings: VideosConfig, where: Path) -> None:
    counts = Counter(video.part for video in videos)
    if settings.database == "train" and counts["database"]:
        raise UserError(
            f"{where}: {counts['database']} videos have the split 'database', but the database is the training videos; "
            "set 'database: own' under 'videos'"
        )
    for part in ("train", "query", *(["database"] if settings.database == "own" else [])):
        if not counts[part]:
            remedy = "the column 'split'" if settings.manifest is not None else "the names of the split folders"
            raise UserError(
                f"{where}: no videos in the part '{part}' ({sum(counts.values())} in total); add videos, or fix "
                f"{remedy}"
            )


def file_key(file: Path, path: str) -> str:
    """Digest that changes if the video `file`, listed as `path`, changes."""
    return digest([path, *_identity(file)])


def _identity(file: Path) -> tuple[int | str, int]:
    """Size and modification time, zeros if the file has disappeared; a digest and the number of a folder's frames."""
    try:
        found = file.stat()
        if not stat.S_ISDIR(found.st_mode):
            return found.st_size, found.st_mtime_ns
        with os.scandir(file) as entries:
            pictures = sorted(
                (entry.name, entry.stat().st_size, entry.stat().st_mtime_ns)
                for entry in entries
                if suffix_of(entry.name) in PICTURE_SUFFIXES
            )
    except OSError:
        return 0, 0
    return digest(pictures), len(pictures)
