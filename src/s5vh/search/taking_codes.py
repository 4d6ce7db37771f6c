"""Take up code files into an index: add their rows, or bring those up to date that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from s5vh.base.errors import UserError
from s5vh.search.catalog import Record
from s5vh.search.code_file import CodeFile
from s5vh.search.code_runs import Run, outside, rows_in, split_id
from s5vh.search.freshness import exists
from s5vh.search.index_writer import IndexWriter
from s5vh.search.jobs import Job
from s5vh.search.outcome import Outcome

_CHUNK = 2**20  # codes in memory; lost if the process is killed


def code_jobs(jobs: Sequence[Job]) -> list[Job]:
    """Those jobs that are code files."""
    return [job for job in jobs if isinstance(job.source, CodeFile)]


def check_names(index: IndexWriter, jobs: Sequence[Job], bits: int) -> None:
    """Raise `UserError` if rows of code files would have ids of other videos; nothing is changed yet."""
    files: dict[str, CodeFile] = {}
    for job in jobs:
        source, name = job.source, _name(job)
        other = files.setdefault(name, source)
        if other.real != source.real:
            raise UserError(f"{source.path}: its videos would have the ids of those of {other.path}; index them in two "
                            "runs, one with --prefix")  # fmt: skip
        for run in _runs(index, name):
            if _is_other(run, source) and any(map(len, _changes(index, source, [run], bits))):
                raise UserError(f"{source.path}: its ids belong to videos of {run.source}, which have other codes; use "
                                "--prefix to make them unique")  # fmt: skip
        for video_id in index.ids_like_rows(name):
            before, row = split_id(video_id)
            if before == name and row is not None and row < len(source):
                raise UserError(f"{source.path}: the id '{video_id}' belongs to another video of {index.path}; use "
                                "--prefix to make ids unique")  # fmt: skip


def take_up(index: IndexWriter, job: Job, bits: int, outcome: Outcome, progress: Callable[[int], object]) -> None:
    """Add the rows of a code file that the index does not have, and replace codes that have changed.

    Rows are added a part at a time, so that memory does not depend on their number, and what a killed process has added
    stays.

    Args:
        index: the index.
        job: of a `CodeFile`.
        bits: code length K.
        outcome: where videos are counted.
        progress: called with a number of videos that are done.
    """
    source, name = job.source, _name(job)
    runs = _runs(index, name)
    covered = sorted((run.row, run.row + run.videos) for run in runs)
    if any(run.stamp != source.stamp or _is_other(run, source) for run in runs):
        _compare(index, job, runs, bits, outcome)
    else:
        outcome.known += sum(run.videos for run in runs)
    progress(sum(run.videos for run in runs))
    if not job.adds:
        return
    for first, stop in outside([part for part in covered if part[0] < len(source)], len(source)):
        for start in range(first, stop, _CHUNK):
            codes = source.part(slice(start, min(start + _CHUNK, stop)), bits)
            run = Run(len(index), len(codes), source.source, start, name, source.real, source.stamp)
            index.add_run(codes, run, job.prefix)
            outcome.added += len(codes)
            progress(len(codes))


def _compare(index: IndexWriter, job: Job, runs: Sequence[Run], bits: int, outcome: Outcome) -> None:
    """Replace what has changed, and note the state of the file, also of one that takes the place of another."""
    source = job.source
    present = sum(rows_in(run, len(source)) for run in runs)
    if _is_other(runs[0], source) and exists(runs[0].source):  # a copy, see `check_names`
        outcome.known += present
        return
    changed = np.concatenate([np.empty((0, 2), np.int64), *_changes(index, source, runs, bits)])
    index.replace_rows(changed[:, 0], source.part(changed[:, 1], bits))
    index.restate_runs(runs[0].name, source.source, Record(source.real, job.prefix, source.stamp))
    outcome.replaced += len(changed)
    outcome.known += present - len(changed)


def _changes(index: IndexWriter, source: CodeFile, runs: Sequence[Run], bits: int) -> Iterator[np.ndarray]:
    """Positions and rows, int64 [n, 2], of codes that differ from the file's, some at a time."""
    codes = index.codes
    for run in runs:
        there = rows_in(run, len(source))
        for start in range(0, there, _CHUNK):
            stop = min(start + _CHUNK, there)
            theirs = source.part(slice(run.row + start, run.row + stop), bits)
            differs = np.flatnonzero((codes[run.first + start : run.first + stop] != theirs).any(axis=1)) + start
            yield np.stack([run.first + differs, run.row + differs], axis=1)


def _name(job: Job) -> str:
    return f"{job.prefix}{job.source.path.name}"


def _runs(index: IndexWriter, name: str) -> list[Run]:
    return [run for run in index.runs() if run.name == name]


def _is_other(run: Run, source: CodeFile) -> bool:
    return run.source != source.source and run.real != source.real
