"""The CSV file that lists the videos of a data set, with their classes and splits."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.config.dataset import PARTS
from s5vh.config.validation import suggestion
from s5vh.data.videos.frame_names import frames_in
from s5vh.data.videos.video import Video

_COLUMNS = ("path", "label", "labels", "split")


def read_manifest(file: Path, folder: Path) -> list[Video]:
    """Videos listed in a manifest, in its order; part None if there is no column `split`.

    Raises:
        UserError: the manifest cannot be read or is invalid; a video is missing, or listed twice, also by another name
            of the same file.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            columns = [column or "" for column in reader.fieldnames or ()]
            _check_columns(file, columns)
            videos = [_from_row(f"{file}: line {reader.line_num}", row, columns) for row in reader]
    except FileNotFoundError:
        raise UserError(f"{file}: no such file") from None
    except OSError as error:
        raise UserError(f"{file}: cannot be read ({error.strerror})") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise UserError(f"{file}: not a readable CSV file in UTF-8 ({error})") from None
    duplicates = [path for path, count in Counter(video.path for video in videos).items() if count > 1]
    if duplicates:
        raise UserError(f"{file}: {duplicates[0]} is listed twice; a video belongs to one split")
    _check_files(file, folder, videos)
    return videos


def _check_files(file: Path, folder: Path, videos: list[Video]) -> None:
    """Check that each video is a file, or a folder of frames, of its own."""
    missing, first_names = [], {}
    for video in videos:
        path = folder / video.path
        if not path.is_file():
            if not path.is_dir():
                missing.append(video.path)
                continue
            frames_in(path)
        stat = path.stat()
        first = first_names.setdefault((stat.st_dev, stat.st_ino), video.path)
        if first != video.path and stat.st_ino:
            raise UserError(f"{file}: {first} and {video.path} are the same file; a video belongs to one split")
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise UserError(f"{file}: no such video: {missing[0]}{more}; paths are relative to {folder}")


def _check_columns(file: Path, columns: list[str]) -> None:
    if "path" not in columns:
        raise UserError(f"{file}: no column 'path' (the first line has: {', '.join(columns) or 'nothing'})")
    for column in columns:
        if columns.count(column) > 1:
            raise UserError(f"{file}: has the column '{column}' twice; keep one")
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
