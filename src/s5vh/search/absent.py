"""Videos of an index that are no longer where they came from, and their removal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.search.catalog import Listed
from s5vh.search.code_file import CodeFile
from s5vh.search.code_runs import Ranges, Run, ranges_of, rows_in, size_of
from s5vh.search.feature_rows import FeatureRows
from s5vh.search.freshness import exists
from s5vh.search.index_writer import IndexWriter


def absent(entries: Iterable[Listed]) -> list[Listed]:
    """Those entries whose file no longer exists, or whose feature file no longer has a video of that name.

    Raises:
        UserError: a feature file that exists, but cannot be read.
    """
    files: dict[str, list[Listed]] = {}
    for entry in entries:
        files.setdefault(entry.video.source, []).append(entry)
    found = []
    for path, inside in files.items():
        if not exists(path):
            found += inside
            continue
        rows = [entry for entry in inside if entry.video.row is not None]
        if rows:
            names = set(FeatureRows(Path(path)).names())
            found += [entry for entry in rows if not _is_in(entry, names)]
    return sorted(found, key=lambda entry: entry.position)


def _is_in(entry: Listed, names: set[str]) -> bool:
    name = entry.video.id
    if entry.prefix is not None:
        return name.startswith(entry.prefix) and name[len(entry.prefix) :] in names
    # An earlier version recorded no prefix, so any may be part of the id.
    return any(name[start:] in names for start in range(len(name)))


def absent_rows(runs: Iterable[Run]) -> list[tuple[int, int]]:
    """Ranges of positions of videos in runs whose code file no longer exists, or no longer has their row."""
    rows: dict[str, int] = {}
    found = []
    for run in runs:
        if run.source not in rows:
            rows[run.source] = len(CodeFile(Path(run.source))) if exists(run.source) else 0
        there = rows_in(run, rows[run.source])
        if there < run.videos:
            found.append((run.first + there, run.stop))
    return found


def runs_from(index: IndexWriter, path: Path) -> list[Run]:
    """Runs of an index that come from a code file or a folder."""
    where = os.path.abspath(path)
    below = where.rstrip("/") + "/"
    return [run for run in index.runs() if any(f"{file}/".startswith(below) for file in (run.source, run.real))]


def check_missing(index: IndexWriter, missing: Sequence[Path]) -> None:
    """Raise `UserError` for one of these paths, where no videos are, from which the index has none either."""
    for path in missing:
        if not any(True for _ in index.listed(os.path.abspath(path))) and not runs_from(index, path):
            raise UserError(f"{path}: no videos there, and {index.path} has none from there; check the path")


def remove_absent(index: IndexWriter, paths: Sequence[Path] | None) -> int:
    """Remove the videos that no longer exist, of the whole index (None) or from these files and folders.

    Returns:
        The number of removed videos.
    """
    if paths is None:
        entries, runs = index.listed(), index.runs()
    else:
        entries = (entry for path in paths for entry in index.listed(os.path.abspath(path)))
        runs = dict.fromkeys(run for path in paths for run in runs_from(index, path))
    removed: Ranges = sorted([*ranges_of([entry.position for entry in absent(entries)]), *absent_rows(runs)])
    index.remove_ranges(removed)
    return size_of(removed)


def remove_named(index: IndexWriter, ids: Sequence[str]) -> int:
    """Remove the videos with these ids; returns their number.

    Raises:
        UserError: an id that the index does not have; nothing is removed then.
    """
    positions = index.known(list(ids))
    for name in ids:
        if name not in positions:
            raise UserError(f"{index.path}: no video '{name}', so nothing was changed")
    index.remove(list(positions.values()))
    return len(positions)
