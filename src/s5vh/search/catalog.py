"""What an index knows besides codes: a SQLite file, `videos.index.sqlite` beside `videos.index`.

SQLite finds one video among millions without reading the others, and an addition to it is there as a whole or not at
all. A video's position is its place among the codes.

    facts     name, value (JSON): format, bits, model, extraction, provenance
    sources   number, path: files that videos come from
    videos    position, id, source, row: row of a feature file, or null for a video file
    blocks    first, videos, crc32: checksum of each run of codes that was added together

Rows from the number of codes on belong to an addition that was broken off. Nobody sees them, and the next addition
removes them.
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
_REASONS = {  # by what SQLite's message has in it
    "is full": "the disk is full; free some space and run the same command again",
    "locked": "another process is writing to it; try again when it is done",
    "readonly": "cannot be written; check the folder's permissions",
}
_ASKED = 500  # values in one question; SQLite takes at least 999


@dataclass(frozen=True)
class Video:
    """A video of an index or a query.

    Attributes:
        id: its name.
        source: absolute path of the video file, or of the feature file it is a row of.
        row: its row there; None for a video file.
    """

    id: str
    source: str
    row: int | None = None


def catalog_path(index: str | Path) -> Path:
    """The SQLite file beside an index."""
    return Path(f"{index}.sqlite")


class Catalog:
    """The catalog of one index; use it in a `with` statement.

    Args:
        path: the SQLite file.

    Raises:
        UserError: a missing, foreign or damaged file; by every method, when the file turns out to be damaged, the disk
            is full, or another process holds it.
    """

    def __init__(self, path: Path):
        self.path = path
        if not path.is_file():
            raise UserError(f"{path}: no such file; without it nothing says which videos the codes belong to: "
                            "put it back beside its index, or build the index again")  # fmt: skip
        with self._told():
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
        try:
            if self._ask("PRAGMA application_id")[0][0] != _OURS:
                raise UserError(f"{path}: not the catalog of an index; put back the one that `s5vh index` wrote")
            self.facts: dict[str, Any] = {
                name: json.loads(value) for name, value in self._ask("SELECT name, value FROM facts")
            }
            if self.facts.get("format") != FORMAT:
                raise UserError(f"{path}: format {self.facts.get('format')} is not known to this version of s5vh, "
                                f"which reads {FORMAT}; update it, or build the index again")  # fmt: skip
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
            marks = ",".join("?" * len(part))
            question = f"SELECT id, position FROM videos WHERE id IN ({marks}) AND position < ?"
            found |= dict(self._ask(question, [*part, count]))
        return found

    def videos(self, positions: Iterable[int]) -> dict[int, Video]:
        """The videos at these positions."""
        found = {}
        for part in _parts(sorted(set(positions))):
            marks = ",".join("?" * len(part))
            for position, name, source, row in self._ask(
                "SELECT position, id, path, row FROM videos JOIN sources ON source = number "
                f"WHERE position IN ({marks})", part,
            ):  # fmt: skip
                found[position] = Video(name, source, row)
        return found

    def check(self, index: Path, codes: np.ndarray) -> None:
        """Check that `codes` uint8 [N, width] are those that were added with what this file says.

        Raises:
            UserError: they are not.
        """
        count = len(codes)
        remedy = f"{self.path.name} belongs to another index, or one of both files is damaged; build the index again"
        # Positions have no gaps, so the last one tells that all are there without reading them.
        if count and not self._ask("SELECT 1 FROM videos WHERE position = ?", [count - 1]):
            raise UserError(f"{index}: {count} codes, but {self.path.name} does not know all of their videos; {remedy}")
        covered = 0
        for first, videos, crc32 in self._ask("SELECT * FROM blocks WHERE first < ? ORDER BY first", [count]):
            if first != covered or zlib.crc32(codes[first : first + videos]) != crc32:
                break
            covered += videos
        if covered != count:
            raise UserError(f"{index}: the codes from {covered} on are not those that were written; {remedy}")

    def add(self, first: int, codes: np.ndarray, videos: Sequence[Video]) -> None:
        """Know `videos`, whose codes uint8 [n, width] come at position `first`; what was known from there on goes."""
        with self._told():
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
        self._ask("INSERT OR REPLACE INTO facts VALUES (?, ?)", [name, json.dumps(value)])
        self.facts[name] = value

    def _ask(self, question: str, values: Sequence[Any] = ()) -> list[tuple]:
        with self._told():
            return self._db.execute(question, values).fetchall()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            for sign, words in _REASONS.items():
                if sign in str(error):
                    raise UserError(f"{self.path}: {words}") from error
            raise UserError(f"{self.path}: cannot be read ({error}); build the index again") from error


def create_catalog(path: Path, facts: Mapping[str, Any]) -> None:
    """Write the catalog of an index without videos; `facts` without the number of the format."""
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
    for start in range(0, len(values), _ASKED):
        yield list(values[start : start + _ASKED])
