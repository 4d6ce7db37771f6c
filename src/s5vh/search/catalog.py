"""Metadata of an index: a SQLite file, `videos.index.sqlite` next to `videos.index`.

SQLite can look up one video among millions without reading the others, and its transactions make additions atomic. A
video's position is the row of its code.

    facts     name, value (JSON): format, bits, model, extraction, provenance
    sources   number, path: files that videos come from
    videos    position, id, source, row: row in a feature file, or null for a video file
    blocks    first, videos, crc32: checksum of each block of codes that was added together

Rows whose position is beyond the number of codes belong to an interrupted addition. They are never returned, and the
next addition removes them.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import atomic

FORMAT = 1
_OURS = 0x53355648  # application_id: "S5VH"
_TABLES = f"""
PRAGMA application_id = {_OURS};
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE sources (number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE videos (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source INTEGER NOT NULL, row INTEGER);
CREATE TABLE blocks (first INTEGER PRIMARY KEY, videos INTEGER NOT NULL, crc32 INTEGER NOT NULL);
"""
_REASONS = {  # by a part of SQLite's message
    "is full": "the disk is full; free some space and run the same command again",
    "locked": "locked by another process; try again when that has finished",
    "readonly": "cannot be written; check the folder's permissions",
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


def catalog_path(index: str | Path) -> Path:
    """The SQLite file that belongs to an index."""
    return Path(f"{index}.sqlite")


class Catalog:
    """The catalog of one index, as a context manager.

    Args:
        path: the SQLite file.

    Raises:
        UserError: a missing, damaged or unrelated file; also by every method, if the file turns out to be damaged, the
            disk is full, or another process holds a lock.
    """

    def __init__(self, path: Path):
        self.path = path
        if not path.is_file():
            raise UserError(f"{path}: no such file, so it is unknown which videos the codes belong to; restore it, or "
                            "build the index again")  # fmt: skip
        with self._explained():
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
        try:
            if self._query("PRAGMA application_id")[0][0] != _OURS:
                raise UserError(f"{path}: not the catalog of an index; restore the one written by `s5vh index`")
            self.facts: dict[str, Any] = {
                name: json.loads(value) for name, value in self._query("SELECT name, value FROM facts")
            }
            if self.facts.get("format") != FORMAT:
                raise UserError(f"{path}: format {self.facts.get('format')} is not supported by this version of s5vh, "
                                f"which reads format {FORMAT}; update s5vh, or build the index again")  # fmt: skip
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def positions(self, ids: Sequence[str], count: int) -> dict[str, int]:
        """Positions below `count` of those `ids` that are in the index."""
        found: dict[str, int] = {}
        for part in _parts(ids):
            placeholders = ",".join("?" * len(part))
            statement = f"SELECT id, position FROM videos WHERE id IN ({placeholders}) AND position < ?"
            found |= dict(self._query(statement, [*part, count]))
        return found

    def videos(self, positions: Iterable[int]) -> dict[int, Video]:
        """The videos at these positions."""
        found = {}
        for part in _parts(sorted(set(positions))):
            placeholders = ",".join("?" * len(part))
            for position, name, source, row in self._query(
                "SELECT position, id, path, row FROM videos JOIN sources ON source = number "
                f"WHERE position IN ({placeholders})", part,
            ):  # fmt: skip
                found[position] = Video(name, source, row)
        return found

    def check(self, index: Path, codes: np.ndarray) -> None:
        """Check that `codes`, uint8 [N, width], match the videos and checksums in this file.

        Raises:
            UserError: they do not.
        """
        count = len(codes)
        remedy = f"{self.path.name} belongs to another index, or one of the files is damaged; build the index again"
        # Positions have no gaps, so if the last one exists, all do.
        if count and not self._query("SELECT 1 FROM videos WHERE position = ?", [count - 1]):
            raise UserError(f"{index}: {count} codes, but {self.path.name} does not list all of their videos; {remedy}")
        covered = 0
        for first, videos, crc32 in self._query("SELECT * FROM blocks WHERE first < ? ORDER BY first", [count]):
            if first != covered or zlib.crc32(codes[first : first + videos]) != crc32:
                break
            covered += videos
        if covered != count:
            raise UserError(f"{index}: checksum mismatch from code {covered} on; {remedy}")

    def add(self, first: int, codes: np.ndarray, videos: Sequence[Video]) -> None:
        """Add `videos` with their codes, uint8 [n, width], from position `first` on, replacing any entries there."""
        with self._explained():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.execute("DELETE FROM videos WHERE position >= ?", [first])
                self._db.execute("DELETE FROM blocks WHERE first >= ?", [first])
                for path in dict.fromkeys(video.source for video in videos):
                    self._db.execute("INSERT OR IGNORE INTO sources (path) VALUES (?)", [path])
                self._db.executemany(
                    "INSERT INTO videos SELECT ?, ?, number, ? FROM sources WHERE path = ?",
                    [(first + place, video.id, video.row, video.source) for place, video in enumerate(videos)],
                )
                self._db.execute("INSERT INTO blocks VALUES (?, ?, ?)", [first, len(videos), zlib.crc32(codes)])
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def remember(self, name: str, value: Any) -> None:
        """Set one of the facts."""
        self._query("INSERT OR REPLACE INTO facts VALUES (?, ?)", [name, json.dumps(value)])
        self.facts[name] = value

    def _query(self, statement: str, values: Sequence[Any] = ()) -> list[tuple]:
        with self._explained():
            return self._db.execute(statement, values).fetchall()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            for sign, words in _REASONS.items():
                if sign in str(error):
                    raise UserError(f"{self.path}: {words}") from error
            raise UserError(f"{self.path}: cannot be read ({error}); build the index again") from error


def create_catalog(path: Path, facts: Mapping[str, Any]) -> None:
    """Write the catalog of an empty index; `facts` without the format number."""
    with atomic(path) as temporary:
        database = sqlite3.connect(temporary, isolation_level=None)
        try:
            database.executescript(_TABLES)
            rows = [(name, json.dumps(value)) for name, value in ({"format": FORMAT} | dict(facts)).items()]
            database.executemany("INSERT INTO facts VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            raise UserError(f"{path}: cannot be written ({error}); check the disk's space and permissions") from error
        finally:
            database.close()


def _parts(values: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _VARIABLES):
        yield list(values[start : start + _VARIABLES])
