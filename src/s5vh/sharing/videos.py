"""Which videos were searched and what is relevant to what: `database.csv` and `query.csv` of an exported folder.

Columns: `id`; `labels`, the numbers of the video's classes from 0, separated by spaces; and, for queries,
`database_row`, the row of the same video in the database, counted from 0, or nothing. Without labels the second column
is missing.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.aspects import Aspect
from s5vh.data.features import FeatureFile, open_features
from s5vh.data.overlap import find_overlap
from s5vh.retrieval.query_scores import videos_digest
from s5vh.sharing.reading import field, read_small_text

DATABASE, QUERY = "database.csv", "query.csv"
_MOST_CLASSES = 2**16
_LARGEST = 2**29  # entries of a multi-hot matrix; scoring takes about three times as many bytes


@dataclass(frozen=True)
class Part:
    """Database or queries.

    Attributes:
        ids: one per video.
        labels: multi-hot uint8 [N, classes], or None.
    """

    ids: list[str]
    labels: np.ndarray | None


@dataclass(frozen=True)
class Videos:
    """Everything that scores of codes depend on beside the codes and the protocol.

    Attributes:
        database, query: the videos; the same object if the queries are the database.
        self_index: int64 [Q], position of each query in the database, -1 for none.
        classes: number of classes; 0 without labels.
        class_names: in the order of the classes, or None.
        aspects: groupings of the classes.
        evaluated: `videos_digest` of the feature files, which evaluations store; empty if this is not from such files.
    """

    database: Part
    query: Part
    self_index: np.ndarray
    classes: int = 0
    class_names: list[str] | None = None
    aspects: Sequence[Aspect] = ()
    evaluated: str = ""

    @property
    def is_labelled(self) -> bool:
        return self.database.labels is not None and self.query.labels is not None

    @property
    def same(self) -> bool:
        """Whether the queries are the database itself."""
        return self.query is self.database

    def tables(self) -> dict[str, str]:
        """The CSV files by name; no file of queries if they are the database."""
        found = {DATABASE: _table(self.database, None)}
        return found if self.same else found | {QUERY: _table(self.query, self.self_index)}

    def digest(self) -> str:
        """SHA-256 of the two files one after the other, which holds ids, labels, their order and self-matches."""
        return hashlib.sha256("".join(self.tables().values()).encode()).hexdigest()

    def without_labels(self) -> Videos:
        database = replace(self.database, labels=None)
        query = database if self.same else replace(self.query, labels=None)
        return replace(self, database=database, query=query)

    def record(self) -> dict[str, Any]:
        """What `export.json` says of these videos, JSON-serialisable."""
        aspects = {one.name: {"within": one.within, "groups": one.groups.tolist()} for one in self.aspects}
        return {
            "database": len(self.database.ids),
            "queries": len(self.query.ids),
            "queries_are_database": self.same,
            "classes": self.classes,
            "class_names": self.class_names,
            "aspects": aspects,
            "digest": self.digest(),
        }


def feature_files(folder: Path) -> tuple[Path, Path]:
    """Feature files of database and queries; a part that equals another one has no file of its own.

    Raises:
        UserError: the folder has none.
    """
    database = next((path for name in ("database", "train") if (path := folder / f"{name}.h5").exists()), None)
    if database is None:
        raise UserError(f"{folder}: no feature files (database.h5, train.h5); restore them, or run the workflow again")
    query = folder / "query.h5"
    return database, query if query.exists() else database


def from_features(folder: Path) -> Videos:
    """Read ids, labels, aspects and self-matches from the feature files of a data set.

    Raises:
        UserError: missing or broken files.
    """
    database_file, query_file = feature_files(folder)
    with open_features(database_file) as database, open_features(query_file) as queries:
        labelled = database.labels is not None and queries.labels is not None
        parts = [_part(database, labelled)]
        parts.append(parts[0] if query_file == database_file else _part(queries, labelled))
        classes = int(queries.labels.shape[1]) if labelled else 0
        names = queries.class_names if labelled else None
        aspects = queries.aspects if labelled else []
        both = queries, database
        bare = [np.zeros((len(one.ids), 0), np.uint8) if one.labels is None else one.labels for one in both]
        evaluated = videos_digest([one.ids for one in both], bare)
    self_index = find_overlap(query_file, database_file).database_index
    return Videos(*parts, self_index, classes, names, aspects, evaluated)


def _part(features: FeatureFile, labelled: bool) -> Part:
    return Part(features.ids, (features.labels != 0).astype(np.uint8) if labelled else None)


def read_videos(folder: Path, record: dict[str, Any], where: Path, labelled: bool) -> Videos:
    """Read what `Videos.tables` and `record` wrote.

    Args:
        folder: folder of the CSV files.
        record: the data set's part of `export.json`.
        where: that file, for messages.
        labelled: whether the files have labels.

    Raises:
        UserError: anything that `export` does not write.
    """
    classes = field(record, "classes", int, where)
    if not 0 <= classes <= _MOST_CLASSES:
        raise UserError(f"{where}: {classes} classes; at most {_MOST_CLASSES} are possible")
    database, _ = _read_table(folder / DATABASE, classes if labelled else None, False, 0)
    if field(record, "queries_are_database", bool, where):
        query, self_index = database, np.arange(len(database.ids))
    else:
        query, self_index = _read_table(folder / QUERY, classes if labelled else None, True, len(database.ids))
    for name, part in (("database", database), ("queries", query)):
        if len(part.ids) != field(record, name, int, where):
            raise UserError(f"{where}: '{name}' is {record[name]}, but {len(part.ids)} videos are listed")
    names = field(record, "class_names", (list, type(None)), where)
    return Videos(database, query, self_index, classes, names, _aspects(record, classes, where))


def _aspects(record: dict[str, Any], classes: int, where: Path) -> list[Aspect]:
    found = []
    given = field(record, "aspects", dict, where)
    for name, aspect in given.items():
        groups, within = field(aspect, "groups", list, where), field(aspect, "within", str, where)
        whole = all(type(group) is int and -1 <= group < _MOST_CLASSES for group in groups)
        if len(groups) != classes or not whole or max(groups, default=-1) < 0:
            raise UserError(f"{where}: aspect '{name}' needs the number of a group for each of {classes} classes")
        if within and (within == name or within not in given):
            raise UserError(f"{where}: aspect '{name}' is within '{within}', which is no other aspect")
        found.append(Aspect(name, np.array(groups, np.int64), within))
    return found


def _table(part: Part, self_index: np.ndarray | None) -> str:
    columns: list[list[str]] = [part.ids]
    header = ["id"]
    if part.labels is not None:
        header.append("labels")
        columns.append([" ".join(map(str, np.flatnonzero(row))) for row in part.labels])
    if self_index is not None:
        header.append("database_row")
        columns.append(["" if row < 0 else str(row) for row in self_index.tolist()])
    lines: list[str] = []
    # Only with its usual "\r\n" at the ends of lines does csv quote an id that has one of these characters alone.
    writer = csv.writer(SimpleNamespace(write=lines.append))
    writer.writerow(header)
    writer.writerows(zip(*columns, strict=True))
    return "".join(line.removesuffix("\r\n") + "\n" for line in lines)


def _read_table(path: Path, classes: int | None, queries: bool, database: int) -> tuple[Part, np.ndarray]:
    header = ["id", *(() if classes is None else ("labels",)), *(("database_row",) if queries else ())]
    try:
        rows = list(csv.reader(io.StringIO(read_small_text(path), newline=""), strict=True))
    except csv.Error as error:
        raise UserError(f"{path}: not a readable CSV file ({error})") from None
    if not rows or rows[0] != header:
        raise UserError(f"{path}: must have the columns {', '.join(header)}")
    del rows[0]
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise UserError(f"{path}: row {number} has {len(row)} entries, expected {len(header)}")
    if not rows:
        raise UserError(f"{path}: lists no video")
    labels = None if classes is None else _labels([row[1] for row in rows], classes, path)
    own = [_number(row[-1], database, path) if row[-1] else -1 for row in rows] if queries else []
    return Part([row[0] for row in rows], labels), np.array(own, np.int64)


def _labels(texts: list[str], classes: int, path: Path) -> np.ndarray:
    if len(texts) * classes > _LARGEST:
        raise UserError(f"{path}: {len(texts)} videos of {classes} classes are more than can be scored here")
    labels = np.zeros((len(texts), classes), np.uint8)
    for row, text in enumerate(texts):
        labels[row, [_number(word, classes, path) for word in text.split(" ") if word]] = 1
    return labels


def _number(text: str, end: int, path: Path) -> int:
    """A whole number from 0 to `end` - 1, in plain digits."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) < end):
        raise UserError(f"{path}: {text[:20]!r} is no number from 0 to {end - 1}")
    return int(text)
