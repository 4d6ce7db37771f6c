"""Search results as a text table, as JSON, and as CSV."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from s5vh.base.errors import UserError
from s5vh.base.files import atomic
from s5vh.search.catalog import Video
from s5vh.search.query import Result

COLUMNS = ("query_id", "rank", "id", "distance", "source")
GROUP_COLUMNS = ("group", "id", "distance", "source")


@dataclass(frozen=True)
class Group:
    """Near-duplicates.

    Attributes:
        number: from 1.
        videos: in index order.
        distances: Hamming distance of each to the first.
    """

    number: int
    videos: list[Video]
    distances: list[int]


def check_outputs(outputs: Sequence[Path | None], inputs: Sequence[str | Path]) -> None:
    """Raise `UserError` if an output file is one that is read, which it would replace."""
    read = {os.path.realpath(path): path for path in inputs}
    for output in outputs:
        if output is not None and os.path.realpath(output) in read:
            raise UserError(f"{output}: is read by this command; choose another name for the file to write")


def place(video: Video) -> str:
    """Human-readable location of a video: its file, relative to the working directory if inside it, and its row."""
    path = os.path.relpath(video.source)
    path = video.source if path.startswith("..") else path
    return path if video.row is None else f"{path}, row {video.row}"


def table(result: Result) -> str:
    """A query and its ranked videos as lines of text."""
    lines = [f"{plain(result.query.id)}  ({plain(place(result.query))})"]
    if not result.hits:
        return "\n".join([*lines, "  nothing found"])
    width = max(len("video"), *(len(plain(hit.video.id)) for hit in result.hits))
    lines.append(f"  rank  distance  {'video':<{width}}  source")
    for hit in result.hits:
        source = plain(place(hit.video))
        lines.append(f"  {hit.rank:4d}  {hit.distance:8d}  {plain(hit.video.id):<{width}}  {source}")
    return "\n".join(lines)


def group_table(group: Group) -> str:
    """A group of near-duplicates as lines of text."""
    lines = [f"group {group.number}: {len(group.videos)} videos"]
    names = [plain(video.id) for video in group.videos]
    width = max(len("video"), *map(len, names))
    lines.append(f"  distance  {'video':<{width}}  source")
    for name, distance, video in zip(names, group.distances, group.videos, strict=True):
        lines.append(f"  {distance:8d}  {name:<{width}}  {plain(place(video))}")
    return "\n".join(lines)


def group_json(group: Group) -> str:
    """A group of near-duplicates as a single line of JSON."""
    videos = [
        {"distance": distance, **fields(video)} for video, distance in zip(group.videos, group.distances, strict=True)
    ]
    return json.dumps({"group": group.number, "videos": videos}, ensure_ascii=False)


def plain(text: str) -> str:
    """A name with non-printable characters replaced, so that it cannot garble the terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def as_json(result: Result) -> str:
    """A query and its ranked videos as a single line of JSON."""
    hits = [{"rank": hit.rank, "distance": hit.distance, **fields(hit.video)} for hit in result.hits]
    return json.dumps({"query": fields(result.query), "hits": hits}, ensure_ascii=False)


def print_json(line: str, out: TextIO) -> None:
    """Print a line of JSON, with escapes of JSON for what the stream's encoding lacks."""
    try:
        line.encode(getattr(out, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        line = json.dumps(json.loads(line))
    print(line, file=out)


def fields(video: Video) -> dict[str, Any]:
    return {"id": video.id, "source": video.source, "row": video.row}


@contextmanager
def csv_rows(path: Path, columns: Sequence[str]) -> Iterator[Any]:
    """Yield the writer of the CSV file at `path`, which appears only if the block succeeds."""
    with atomic(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        yield writer


@contextmanager
def csv_writer(path: Path) -> Iterator[Any]:
    """Yield a function that writes a result to the CSV file at `path`, which appears only if the block succeeds."""
    with csv_rows(path, COLUMNS) as writer:

        def write(result: Result) -> None:
            for hit in result.hits:
                writer.writerow([result.query.id, hit.rank, hit.video.id, hit.distance, hit.video.source])

        yield write
