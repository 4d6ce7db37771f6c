"""Video files of a data set of kind `videos`, their classes, and their split.

Imports stay light: rules use this at parse time. Only the manifest is opened.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.base.provenance import digest
from s5vh.config.dataset import PARTS, DatasetConfig, PartName
from s5vh.config.validation import suggestion
from s5vh.config.videos import VideosConfig

VIDEO_SUFFIXES = (
    *(".3gp", ".asf", ".avi", ".flv", ".gif", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts"),
    *(".mxf", ".ogv", ".ts", ".vob", ".webm", ".wmv"),
)
_COLUMNS = ("path", "label", "labels", "split")


@dataclass(frozen=True)
class Video:
    """One file: `path` relative to the data set's folder (also its id), its classes, and its part once assigned."""

    path: str
    labels: tuple[str, ...] = ()
    part: PartName | None = None


@dataclass(frozen=True)
class Listing:
    """The videos of a data set, sorted by path.

    Attributes:
        folder: folder the paths are relative to.
        videos: videos with their parts.
        class_names: class c of the label arrays is `class_names[c]`.
        labelled: whether database and queries have labels, so that retrieval can be scored.
    """

    folder: Path
    videos: tuple[Video, ...]
    class_names: tuple[str, ...]
    labelled: bool

    def part(self, name: PartName) -> list[Video]:
        """Videos of one part."""
        return [video for video in self.videos if video.part == name]

    def digest(self) -> str:
        """Digest of paths, sizes, modification times, classes and parts; changes if any video does."""
        files = [(video.path, *_identity(self.folder / video.path)) for video in self.videos]
        return digest([files, [(video.labels, video.part) for video in self.videos]])


def has_videos(name: str, config: DatasetConfig) -> bool:
    """Whether there is anything to list: the manifest, or at least one video file in the folder."""
    folder = config.folder(name)
    if config.videos.manifest is not None:
        return (folder / config.videos.manifest).is_file()
    return any(_video_files(folder))


def list_videos(name: str, config: DatasetConfig) -> Listing:
    """List all videos of a data set of kind `videos`, with classes and parts.

    Raises:
        UserError: no videos; an unreadable or invalid manifest; labels for only some of the videos; too few videos for
            a query split.
    """
    folder, settings = config.folder(name), config.videos
    where = folder if settings.manifest is None else folder / settings.manifest
    videos = _from_folders(folder) if settings.manifest is None else _from_manifest(where, folder)
    videos = sorted(videos, key=lambda video: video.path)
    if not videos:
        raise UserError(f"{where}: no videos; see `videos` in config/datasets/{name}.yaml for the expected layout")
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
    return Listing(folder, tuple(videos), tuple(names), labelled)


def listing_of(name: str, config: DatasetConfig) -> Listing:
    """`list_videos`, cached per process: the workflow calls it in many places, and the folder may be large."""
    return _cached_listing(name, config.model_dump_json(), config.folder(name).resolve())


@cache
def _cached_listing(name: str, settings: str, _folder: Path) -> Listing:
    # The resolved folder is part of the cache key, because the configured one may depend on the working directory.
    return list_videos(name, DatasetConfig.model_validate_json(settings))


def _video_files(folder: Path) -> Iterator[Path]:
    """Yield the video files in a folder, recursively, in sorted order; hidden files and folders are skipped."""
    for parent, folders, files in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(files):
            if not file.startswith(".") and file.lower().endswith(VIDEO_SUFFIXES):
                yield Path(parent) / file


def _from_folders(folder: Path) -> list[Video]:
    """Classes are the top-level folders in `folder`; videos without a folder have no class."""
    paths = [file.relative_to(folder) for file in _video_files(folder)]
    loose = [path for path in paths if len(path.parts) == 1]
    if loose and len(loose) < len(paths):
        raise UserError(
            f"{folder}: {len(loose)} videos are outside the class folders (such as {loose[0]}); place them in one, "
            "or use no class folders at all"
        )
    return [Video(path.as_posix(), () if loose else (path.parts[0],)) for path in paths]


def _from_manifest(file: Path, folder: Path) -> list[Video]:
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            columns = [column or "" for column in reader.fieldnames or ()]
            _check_columns(file, columns)
            videos = [_from_row(f"{file}: line {reader.line_num}", row, columns) for row in reader]
    except FileNotFoundError:
        raise UserError(f"{file}: no such file") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise UserError(f"{file}: not a readable CSV file in UTF-8 ({error})") from None
    duplicates = [path for path, count in Counter(video.path for video in videos).items() if count > 1]
    if duplicates:
        raise UserError(f"{file}: {duplicates[0]} is listed twice; a video belongs to one split")
    missing = [video.path for video in videos if not (folder / video.path).is_file()]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise UserError(f"{file}: no such video: {missing[0]}{more}; paths are relative to {folder}")
    return videos


def _check_columns(file: Path, columns: list[str]) -> None:
    if "path" not in columns:
        raise UserError(f"{file}: no column 'path' (the first line has: {', '.join(columns) or 'nothing'})")
    for column in columns:
        if column not in _COLUMNS:
            raise UserError(f"{file}: unknown column '{column}'{suggestion(column, _COLUMNS)}")
    if {"label", "labels"} <= set(columns):
        raise UserError(f"{file}: has both columns 'label' and 'labels'; keep one")


def _from_row(where: str, row: dict[str | None, str | None], columns: list[str]) -> Video:
    if None in row or None in row.values():
        values = len(columns) + len(row.get(None) or ()) - sum(value is None for value in row.values())
        raise UserError(f"{where}: {values} values for {len(columns)} columns; quote values that contain a comma")
    cells = {column: (row[column] or "").strip() for column in columns}
    if not cells["path"]:
        raise UserError(f"{where}: no path")
    text = (cells.get("label") or cells.get("labels") or "").split(";")
    labels = tuple(dict.fromkeys(label.strip() for label in text if label.strip()))
    part = cells.get("split")
    if part is not None and part not in PARTS:
        raise UserError(f"{where}: split '{part}'{suggestion(part, PARTS)}")
    return Video(Path(cells["path"]).as_posix(), labels, part)


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
            raise UserError(
                f"{where}: no videos in the part '{part}' ({sum(counts.values())} in total); add videos, or fix the "
                "column 'split'"
            )


def _identity(file: Path) -> tuple[int, int]:
    """Size and modification time; zeros if the file has disappeared."""
    try:
        stat = file.stat()
    except OSError:
        return 0, 0
    return stat.st_size, stat.st_mtime_ns


def file_key(file: Path, path: str) -> str:
    """Digest that changes if `file`, listed as `path`, changes."""
    return digest([path, *_identity(file)])
