"""Changes to the catalog of an index, each a single transaction; see `catalog` for the tables."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import atomic
from s5vh.search.catalog import APPLICATION, FORMAT, FORMAT_WITH_RUNS, Catalog, Listed, Record, Video, marks, parts
from s5vh.search.code_runs import Ranges, Run, segments, size_of, without

_SOURCES = """
CREATE TABLE sources (
    number INTEGER PRIMARY KEY, path TEXT NOT NULL, real TEXT NOT NULL, prefix TEXT, stamp TEXT NOT NULL
);
"""
_INDICES = """
CREATE INDEX IF NOT EXISTS sources_by_path ON sources (path);
CREATE INDEX IF NOT EXISTS sources_by_real ON sources (real);
CREATE INDEX IF NOT EXISTS videos_by_source ON videos (source, row);
"""
_VIDEOS = """
CREATE TABLE videos (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source INTEGER NOT NULL, row INTEGER, digest BLOB
);
"""
_BLOCKS = "CREATE TABLE blocks (first INTEGER PRIMARY KEY, videos INTEGER NOT NULL, crc32 INTEGER NOT NULL);"
_RUNS = """
CREATE TABLE IF NOT EXISTS runs (
    first INTEGER PRIMARY KEY, videos INTEGER NOT NULL, source INTEGER NOT NULL, row INTEGER NOT NULL,
    name TEXT NOT NULL
);
"""
_TABLES = f"""
PRAGMA application_id = {APPLICATION};
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
{_SOURCES}{_VIDEOS}{_BLOCKS}{_INDICES}
"""
_FROM_FORMAT_1 = f"""
BEGIN IMMEDIATE;
ALTER TABLE sources RENAME TO old;
{_SOURCES}
INSERT INTO sources SELECT number, path, path, NULL, '' FROM old;
DROP TABLE old;
ALTER TABLE videos ADD COLUMN digest BLOB;
{_INDICES}
UPDATE facts SET value = '{FORMAT}' WHERE name = 'format';
COMMIT;
"""

_LISTED = 2**16  # entries in memory at a time


class CatalogWriter(Catalog):
    """The catalog of an index that this process has locked for changes; `upgrade` must come before all others."""

    def upgrade(self) -> None:
        """Bring an older format to the current one; nothing is known of the files of its videos."""
        if self.facts["format"] < FORMAT:
            with self.explained():
                self.db.executescript(_FROM_FORMAT_1)
            self.facts["format"] = FORMAT

    def records(self, positions: Sequence[int]) -> dict[int, Record]:
        """What is remembered of the videos at these positions."""
        found = {}
        for position in positions:
            if run := self.runs.at(position):
                found[position] = Record(run.real, None, run.stamp)
        for part in parts(sorted(set(positions) - found.keys())):
            for position, *values in self.query(
                "SELECT position, real, prefix, stamp, digest FROM videos CROSS JOIN sources ON source = number "
                f"WHERE position IN ({marks(part)})", part,
            ):  # fmt: skip
                found[position] = Record(*values)
        return found

    def of_files(
        self, places: Sequence[tuple[str, int | None]], prefix: str | None, count: int
    ) -> dict[tuple[str, int | None], int]:
        """Positions below `count` of videos from these real paths and rows, with this prefix."""
        rows = [row for _, row in places if row is not None] or [0]
        found = {}
        for part in parts(list(dict.fromkeys(real for real, _ in places))):
            for real, row, position in self.query(
                "SELECT real, row, position FROM sources CROSS JOIN videos ON source = number "
                f"WHERE real IN ({marks(part)}) AND prefix = ? AND position < ? "
                "AND (row IS NULL OR row BETWEEN ? AND ?)",
                [*part, prefix, count, min(rows), max(rows)],
            ):
                found[real, row] = position
        return found

    def listed(self, count: int, where: str | None = None) -> Iterator[Listed]:
        """Entries below position `count` that are not in runs, in order, some at a time.

        With `where`, only those from the file or folder at this absolute path.
        """
        condition, values = "", []
        if where is not None:
            below = where.rstrip("/") + "/"
            condition = " AND (path = ? OR real = ? OR substr(path, 1, ?) = ? OR substr(real, 1, ?) = ?)"
            values += [where, where, len(below), below, len(below), below]
        for start in range(0, count, _LISTED):
            for position, name, path, row, prefix in self.query(
                "SELECT position, id, path, row, prefix FROM videos CROSS JOIN sources ON source = number "
                f"WHERE position >= ? AND position < ?{condition} ORDER BY position",
                [start, min(start + _LISTED, count), *values],
            ):
                yield Listed(position, Video(name, path, row), prefix)

    def add(self, first: int, codes: np.ndarray, videos: Sequence[Video], records: Sequence[Record]) -> None:
        """Add `videos` with their codes, uint8 [n, width], from position `first` on, replacing any entries there."""
        with self._change():
            self._cut(first)
            numbers = self._numbers(videos, records)
            self.db.executemany(
                "INSERT INTO videos VALUES (?, ?, ?, ?, ?)",
                [
                    (first + place, video.id, number, video.row, record.digest)
                    for place, (video, number, record) in enumerate(zip(videos, numbers, records, strict=True))
                ],
            )
            self.db.execute("INSERT INTO blocks VALUES (?, ?, ?)", [first, len(videos), zlib.crc32(codes)])

    def add_run(self, codes: np.ndarray, run: Run, prefix: str) -> None:
        """Add the videos of a run with their codes, uint8 [n, width]; it replaces any entries from its start on."""
        with self._change():
            self._cut(run.first)
            (number,) = self._numbers([Video(run.name, run.source)], [Record(run.real, prefix, run.stamp)])
            values = [run.videos, run.first, number, run.row, run.name]
            self.db.execute(_RUNS)
            # A run that ends where this one begins, in the index and in the file, becomes longer.
            longer = self.db.execute(
                "UPDATE runs SET videos = videos + ?1 WHERE first + videos = ?2 AND source = ?3 AND row + videos = ?4 "
                "AND name = ?5", values,
            )  # fmt: skip
            if not longer.rowcount:
                self.db.execute("INSERT INTO runs VALUES (?2, ?1, ?3, ?4, ?5)", values)
            self.db.execute("INSERT INTO blocks VALUES (?, ?, ?)", [run.first, run.videos, zlib.crc32(codes)])
            self.db.execute("UPDATE facts SET value = ? WHERE name = 'format'", [str(FORMAT_WITH_RUNS)])
        self.facts["format"] = FORMAT_WITH_RUNS
        self.runs = self._read_runs()

    def restate_runs(self, name: str, source: str, record: Record) -> None:
        """Set the file of all runs whose ids begin with `name`#, and the state in which it was read."""
        with self._change():
            (number,) = self._numbers([Video(name, source)], [record])
            self.db.execute("UPDATE runs SET source = ? WHERE name = ?", [number, name])
        self.runs = self._read_runs()

    def ids_like_rows(self, name: str, count: int) -> Iterator[str]:
        """Ids `name`#... of videos below position `count` that are not in runs."""
        # "$" follows "#", so these are the ids that begin with `name`#.
        statement = "SELECT id FROM videos WHERE id >= ? AND id < ? AND position < ?"
        yield from (found for (found,) in self.query(statement, [f"{name}#", f"{name}$", count]))

    def refresh(self, positions: Sequence[int], videos: Sequence[Video], records: Sequence[Record]) -> None:
        """Set source, row and record of the videos at these positions; their ids and codes stay."""
        with self._change():
            self._set(positions, videos, records)

    def rewrite(
        self,
        blocks: Sequence[tuple[int, int, int]],
        count: int,
        removed: Ranges,
        positions: Sequence[int],
        videos: Sequence[Video],
        records: Sequence[Record],
    ) -> None:
        """Follow a new file of codes.

        Args:
            blocks: (first, videos, crc32) of the new codes.
            count: number of codes before.
            removed: ranges of positions whose videos are dropped; all others move up.
            positions, videos, records: as for `refresh`, by position before.
        """
        with self._change():
            self._cut(count)
            self._set(positions, videos, records)
            self.db.execute("DELETE FROM blocks")
            self.db.executemany("INSERT INTO blocks VALUES (?, ?, ?)", blocks)
            if removed:
                self._drop(removed, count)
            counts = {name: self.facts.get(name, 0) + by for name, by in (("rewrites", 1), ("moves", size_of(removed)))}
            self.db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", list(counts.items()))
        self.facts |= counts
        self.runs = self._read_runs()

    def rewrites(self) -> int:
        """How often the codes have been rewritten."""
        found = self.query("SELECT value FROM facts WHERE name = 'rewrites'")
        return int(found[0][0]) if found else 0

    def forget_unused(self) -> None:
        """Drop the states of files that no video comes from any more."""
        others = "" if self.facts["format"] == FORMAT else " UNION SELECT source FROM runs"
        self.query(f"DELETE FROM sources WHERE number NOT IN (SELECT source FROM videos{others})")

    def remember(self, name: str, value: Any) -> None:
        """Set one of the facts."""
        self.query("INSERT OR REPLACE INTO facts VALUES (?, ?)", [name, json.dumps(value)])
        self.facts[name] = value

    def _cut(self, count: int) -> None:
        """Remove what an interrupted addition left at positions from `count` on."""
        self.db.execute("DELETE FROM videos WHERE position >= ?", [count])
        self.db.execute("DELETE FROM blocks WHERE first >= ?", [count])
        if self.facts["format"] == FORMAT_WITH_RUNS:
            self.db.execute("DELETE FROM runs WHERE first >= ?", [count])
            self.db.execute("UPDATE runs SET videos = ?1 - first WHERE first + videos > ?1", [count])

    def _set(self, positions: Sequence[int], videos: Sequence[Video], records: Sequence[Record]) -> None:
        numbers = self._numbers(videos, records)
        self.db.executemany(
            "UPDATE videos SET source = ?, row = ?, digest = ? WHERE position = ?",
            [
                (number, video.row, record.digest, position)
                for position, video, number, record in zip(positions, videos, numbers, records, strict=True)
            ],
        )

    def _drop(self, removed: Ranges, count: int) -> None:
        # Rewritten as a whole, because positions are the primary key and all that follow change.
        self.db.execute("ALTER TABLE videos RENAME TO old")
        self.db.execute(_VIDEOS)
        self.db.executemany(
            "INSERT INTO videos SELECT position - ?1 + ?3, id, source, row, digest FROM old "
            "WHERE position >= ?1 AND position < ?2 ORDER BY position", segments(removed, count),
        )  # fmt: skip
        self.db.execute("DROP TABLE old")
        self.db.execute("CREATE INDEX videos_by_source ON videos (source, row)")
        if self.facts["format"] == FORMAT_WITH_RUNS:
            columns = "first, videos, path, row, name, real, stamp, number"
            found = self.query(f"SELECT {columns} FROM runs CROSS JOIN sources ON source = number")
            self.db.execute("DELETE FROM runs")
            for *values, number in found:
                self.db.executemany(
                    "INSERT INTO runs VALUES (?, ?, ?, ?, ?)",
                    [
                        (run.first, run.videos, number, run.row, run.name)
                        for run in without([Run(*values)], removed, count)
                    ],
                )

    def _numbers(self, videos: Sequence[Video], records: Sequence[Record]) -> list[int]:
        """Numbers of the files of these videos in the table of sources, where they are added if necessary."""
        numbers: dict[tuple, int] = {}
        states = [(video.source, record.real, record.prefix, record.stamp)
                  for video, record in zip(videos, records, strict=True)]  # fmt: skip
        for state in dict.fromkeys(states):
            found = self.db.execute(
                "SELECT number FROM sources WHERE path = ? AND real = ? AND prefix IS ? AND stamp = ?", state
            ).fetchone()
            if found is None:
                made = self.db.execute("INSERT INTO sources (path, real, prefix, stamp) VALUES (?, ?, ?, ?)", state)
                found = (made.lastrowid,)
            numbers[state] = found[0]
        return [numbers[state] for state in states]

    @contextmanager
    def _change(self) -> Iterator[None]:
        """A transaction: all of the block's changes or none."""
        with self.explained():
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise


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
