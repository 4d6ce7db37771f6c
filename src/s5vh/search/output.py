"""Search results as a text table, as JSON, and as CSV."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from s5vh.base.files import atomic
from s5vh.search.catalog import Video
from s5vh.search.query import Result

COLUMNS = ("query_id", "rank", "id", "distance", "source")


def place(video: Video) -> str:
    """Human-readable location of a video: its file, relative to the working directory if inside it, and its row."""
    path = os.path.relpath(video.source)
    path = video.source if path.startswith("..") else path
    return path if video.row is None else f"{path}, row {video.row}"


def table(result: Result) -> str:
    """A query and its ranked videos as lines of text."""
    lines = [f"{_plain(result.query.id)}  ({_plain(place(result.query))})"]
    if not result.hits:
        return "\n".join([*lines, "  nothing found"])
    width = max(len("video"), *(len(_plain(hit.video.id)) for hit in result.hits))
    lines.append(f"  rank  distance  {'video':<{width}}  source")
    for hit in result.hits:
        source = _plain(place(hit.video))
        lines.append(f"  {hit.rank:4d}  {hit.distance:8d}  {_plain(hit.video.id):<{width}}  {source}")
    return "\n".join(lines)


def _plain(text: str) -> str:
    """A name with non-printable characters replaced, so that it cannot garble the terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def as_json(result: Result) -> str:
    """A query and its ranked videos as a single line of JSON."""
    hits = [{"rank": hit.rank, "distance": hit.distance, **_fields(hit.video)} for hit in result.hits]
    return json.dumps({"query": _fields(result.query), "hits": hits}, ensure_ascii=False)


def _fields(video: Video) -> dict[str, Any]:
    return {"id": video.id, "source": video.source, "row": video.row}


@contextmanager
def csv_writer(path: Path) -> Iterator[Any]:
    """Yield a function that writes a result to the CSV file at `path`, which appears only if the block succeeds."""
    with atomic(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)

        def write(result: Result) -> None:
            for hit in result.hits:
                writer.writerow([result.query.id, hit.rank, hit.video.id, hit.distance, hit.video.source])

        yield write
