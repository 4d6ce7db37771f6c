"""Metadata of an index: a SQLite file, `videos.index.sqlite` next to `videos.index`.

SQLite can look up one video among millions without reading the others, and its transactions make changes atomic. A
video's position is the row of its code.

    facts     name, value (JSON): format, bits, model, extraction, provenance, rewrites, moves, and for a large index
              `checked`: the stamp of its file when its checksums were right
    sources   number, path, real, prefix, stamp: files that videos come from, in the state in which they were read
    videos    position, id, source, row, digest: row in a feature file, or null for a video file; digest of the content
    blocks    first, videos, crc32: checksum of each block of codes that was written together
    runs      first, videos, source, row, name: videos of code files (`code_runs`), which are not among `videos`

Rows whose position is beyond the number of codes belong to an interrupted addition. They are never returned, and the
next addition removes them. Format 1 has no `real`, `prefix`, `stamp` and `digest`; it is read as it is, and
`catalog_writer` adds them when it opens one. Format 3 is format 2 with `runs`; an index becomes one with its first code
file.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.search.code_runs import Run, Runs
from s5vh.search.index_file import REMEDY

FORMAT = 2
FORMAT_WITH_RUNS = 3
APPLICATION = 0x53355648  # application_id: "S5VH"
_READABLE = (1, FORMAT, FORMAT_WITH_RUNS)
_FACTS = ("bits", "model", "extraction")
_REASONS = {  # by a part of SQLite's message
    "is full": "the disk is full; free some space and run the same command again",
    "locked": "locked by another process; try again when that has finished",
    "readonly": "cannot be written; check the permissions of the file and its folder",
    "unable to open": "cannot be opened; check the permissions of the file and its folder",
    "I/O error": "cannot be read or written (disk I/O error); check the disk",
}
_VARIABLES = 500  # per SQL statement; SQLite allows at least 999


@dataclass(frozen=True)
class Video:
    """A video of an index or a query.

    Attributes:
        id: its name.
        source: absolute path of the video file, or of the feature file it is a row of.
        row: its row in the feature file; None for a video file.
    """

    id: str
    source: str
    row: int | None = None


@dataclass(frozen=True)
class Record:
    """What an index remembers of the file that a video was made from.

    Attributes:
        real: its path without symbolic links.
        prefix: what stands before the video's name in its id; None if unknown.
        stamp: the file's `freshness.stamp` when it was read; empty if unknown.
        digest: of the content that was encoded; None if unknown.
    """

    real: str
    prefix: str | None = None
    stamp: str = ""
    digest: bytes | None = None


@dataclass(frozen=True)
class Listed:
    """An entry of an index: its position, the video, and the prefix of its id, None if unknown."""

    position: int
    video: Video
    prefix: str | None


def catalog_path(index: str | Path) -> Path:
    """The SQLite file that belongs to an index."""
    return Path(f"{index}.sqlite")


class Mismatch(UserError):
    """Codes and catalog do not belong together."""


class Catalog:
    """The catalog of one index, as a context manager.

    Joins are CROSS JOINs, whose order SQLite keeps: from the few rows that are asked for to what belongs to them.

    Args:
        path: the SQLite file.

    Raises:
        UserError: a missing, damaged or unrelated file; also by every method, if the file turns out to be damaged, the
            disk is full, another process holds a lock, or has moved videos to other positions since.
    """

    def __init__(self, path: Path):
        self.path = path
        if not path.is_file():
            raise UserError(f"{path}: no such file, so it is unknown which videos the codes belong to; {REMEDY}")
        with self.explained():
            self.db = sqlite3.connect(path, timeout=30, isolation_level=None)
        try:
            if self.query("PRAGMA application_id")[0][0] != APPLICATION:
                raise UserError(f"{path}: not the catalog of an index; restore the one written by `s5vh index`")
            with self.explained():
                self.db.execute("BEGIN")  # facts and runs of one moment
            self.facts: dict[str, Any] = self._read_facts()
            self.runs = self._read_runs()
            self.query("COMMIT")
        except BaseException:
            self.db.close()
            raise

    def _read_facts(self) -> dict[str, Any]:
        try:
            facts = {name: json.loads(value) for name, value in self.query("SELECT name, value FROM facts")}
        except ValueError as error:
            raise UserError(f"{self.path}: damaged ({error}); {REMEDY}") from None
        if facts.get("format") not in _READABLE:
            raise UserError(f"{self.path}: format {facts.get('format')} is not supported by this version of s5vh, "
                            f"which reads formats up to {FORMAT_WITH_RUNS}; update s5vh, or build a new index with "
                            "another --output")  # fmt: skip
        missing = [name for name in _FACTS if name not in facts]
        if missing:
            raise UserError(f"{self.path}: damaged ({', '.join(missing)} missing); {REMEDY}")
        return facts

    def _read_runs(self) -> Runs:
        if self.facts["format"] != FORMAT_WITH_RUNS:
            return Runs()
        columns = "first, videos, path, row, name, real, stamp"
        found = self.query(f"SELECT {columns} FROM runs CROSS JOIN sources ON source = number")
        return Runs(Run(*values) for values in found)

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def positions(self, ids: Sequence[str], count: int) -> dict[str, int]:
        """Positions below `count` of those `ids` that are in the index."""
        found: dict[str, int] = {}
        for part in parts(ids):
            statement = f"SELECT id, position FROM videos WHERE id IN ({marks(part)}) AND position < ?"
            found |= dict(self.query(statement, [*part, count], unmoved=True))
        for name in ids:
            position = self.runs.position(name)
            if position is not None and position < count:
                found[name] = position
        return found

    def videos(self, positions: Iterable[int]) -> dict[int, Video]:
        """The videos at these positions."""
        found, wanted = {}, sorted(set(positions))
        for position in wanted:
            if run := self.runs.at(position):
                row = run.row + position - run.first
                found[position] = Video(f"{run.name}#{row}", run.source, row)
        for part in parts([position for position in wanted if position not in found]):
            for position, name, source, row in self.query(
                "SELECT position, id, path, row FROM videos CROSS JOIN sources ON source = number "
                f"WHERE position IN ({marks(part)})", part, unmoved=True,
            ):  # fmt: skip
                found[position] = Video(name, source, row)
        if len(found) < len(wanted):
            missing = next(position for position in wanted if position not in found)
            raise UserError(f"{self.path}: damaged (no video at position {missing}); {REMEDY}")
        return found

    def lists_from(self, position: int) -> bool:
        """Whether there is a video at this position or behind it."""
        statement = "SELECT 1 FROM videos WHERE position >= ? LIMIT 1"
        return self.runs.at(position) is not None or bool(self.query(statement, [position]))

    def check(self, index: Path, codes: np.ndarray, *, checksums: bool = True) -> None:
        """Check that `codes`, uint8 [N, width], match the videos and checksums in this file.

        Raises:
            Mismatch: they do not.
        """
        count = len(codes)
        remedy = (f"{self.path.name} belongs to another index, or one of the files is damaged; restore both from a "
                  "copy, or build a new index with another --output")  # fmt: skip
        # Positions have no gaps, so if the last one exists, all do.
        if count and not self.lists_from(count - 1):
            raise Mismatch(f"{index}: {count} codes, but {self.path.name} does not list all of their videos; {remedy}")
        if not checksums:
            return
        covered = 0
        for first, videos, crc32 in self.query("SELECT * FROM blocks WHERE first < ? ORDER BY first", [count]):
            if first != covered or zlib.crc32(codes[first : first + videos]) != crc32:
                break
            covered += videos
        if covered != count:
            raise Mismatch(f"{index}: checksum mismatch from code {covered} on; {remedy}")

    def query(self, statement: str, values: Sequence[Any] = (), *, unmoved: bool = False) -> list[tuple]:
        """All rows of a statement; with `unmoved`, only if positions mean what they meant when this was opened."""
        with self.explained():
            if not unmoved or self.db.in_transaction:
                return self.db.execute(statement, values).fetchall()
            self.db.execute("BEGIN")
            try:
                found = self.db.execute(statement, values).fetchall()
                now = self.db.execute("SELECT value FROM facts WHERE name = 'moves'").fetchone()
            finally:
                self.db.execute("COMMIT")
        if json.loads(now[0] if now else "0") != self.facts.get("moves", 0):
            raise UserError(f"{self.path}: changed by another process in the meantime; run the command again")
        return found

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Raise a `UserError` for an error of SQLite."""
        try:
            yield
        except sqlite3.Error as error:
            for sign, words in _REASONS.items():
                if sign in str(error):
                    raise UserError(f"{self.path}: {words}") from error
            raise UserError(f"{self.path}: cannot be read ({error}); {REMEDY}") from error


def parts(values: Sequence[Any]) -> Iterator[list[Any]]:
    """The values, as many at a time as an SQL statement takes."""
    for start in range(0, len(values), _VARIABLES):
        yield list(values[start : start + _VARIABLES])


def marks(values: Sequence[Any]) -> str:
    """Placeholders of an SQL statement for these values."""
    return ",".join("?" * len(values))
