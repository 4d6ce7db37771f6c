"""What a run of `s5vh index` goes through: the sources that it was given, or all files of the index."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.search.blocks import Source
from s5vh.search.catalog import Listed
from s5vh.search.code_file import CodeFile
from s5vh.search.extraction import Extraction
from s5vh.search.feature_rows import FeatureRows
from s5vh.search.freshness import exists
from s5vh.search.index_writer import IndexWriter
from s5vh.search.model_record import ModelFile
from s5vh.search.sources import IndexedFiles, NoVideos, OnProblem, open_source


@dataclass(frozen=True)
class Job:
    """A source to go through.

    Attributes:
        source: the videos.
        prefix: put before their names; None if an earlier version did not record it.
        adds: whether videos that the index does not have are added.
        where: absolute path whose entries in the index the source should account for; None for no such path.
    """

    source: Source
    prefix: str | None
    adds: bool
    where: str | None


def given(
    paths: Sequence[Path], prefix: str, remove: bool, extraction: Extraction, on_problem: OnProblem
) -> tuple[list[Job], list[Path]]:
    """Jobs for the sources that the user named, and sources where nothing is left.

    Raises:
        UserError: a source that is missing or unreadable; with `remove`, one that is missing is one with nothing left.
    """
    jobs, left = [], []
    for path in paths:
        if remove and not exists(path):
            left.append(path)
            continue
        try:
            jobs.append(Job(open_source(path, extraction, on_problem), prefix, True, os.path.abspath(path)))
        except NoVideos:
            if not remove:
                raise
            left.append(path)
    return jobs, left


def recorded(output: Path, remove: bool, extraction: Extraction, on_problem: OnProblem) -> list[Job]:
    """Jobs for all files that the videos of an index come from.

    Raises:
        UserError: files that no longer exist, unless their videos are to be removed.
    """
    with IndexWriter(output) as index:
        entries, runs = list(index.listed()), index.runs()
    sources = dict.fromkeys([*(entry.video.source for entry in entries), *(run.source for run in runs)])
    found = {source: exists(source) for source in sources}
    gone = [source for source, is_there in found.items() if not is_there]
    if gone and not remove:
        files = "1 of its files no longer exists" if len(gone) == 1 else f"{len(gone)} of its files no longer exist"
        raise UserError(f"{output}: {files} (first: {gone[0]}); name the new place if they have moved, add --remove to "
                        "remove their videos, or restore them")  # fmt: skip
    entries = [entry for entry in entries if found[entry.video.source]]
    codes = dict.fromkeys((run.source, run.name) for run in runs if found[run.source])
    return [
        *_feature_files(entries),
        *_video_files(entries, extraction, on_problem),
        *(Job(CodeFile(Path(file)), name.removesuffix(os.path.basename(file)), False, None) for file, name in codes),
    ]


def check(jobs: Sequence[Job], model: ModelFile, report: Callable[[str], None]) -> None:
    """Raise `UserError` if the model cannot encode a source, and report what may be a mistake."""
    for job in jobs:
        job.source.check(model)
        for text in job.source.passed_over:
            report(f"{job.source.path}: {text}")
        frames = job.source.shape[1] if isinstance(job.source, FeatureRows) else model.frames
        if frames != model.frames:
            report(f"{job.source.path}: note: {frames} frames per video; the model was trained with {model.frames}")


def _feature_files(entries: Sequence[Listed]) -> Iterator[Job]:
    inside: dict[str, list[Listed]] = {}
    for entry in entries:
        if entry.video.row is not None:
            inside.setdefault(entry.video.source, []).append(entry)
    for path, rows in inside.items():
        source = FeatureRows(Path(path))
        names = source.names() if any(entry.prefix is None for entry in rows) else []
        for prefix in dict.fromkeys(_prefix(entry, names) for entry in rows):
            if prefix is not None:
                yield Job(source, prefix, False, None)


def _prefix(entry: Listed, names: Sequence[str]) -> str | None:
    """The prefix of an id, if necessary from what stands before the name that its row has now."""
    if entry.prefix is not None or entry.video.row >= len(names):
        return entry.prefix
    name = names[entry.video.row]
    return entry.video.id.removesuffix(name) if entry.video.id.endswith(name) else None


def _video_files(entries: Sequence[Listed], extraction: Extraction, on_problem: OnProblem) -> Iterator[Job]:
    files: dict[str | None, list[Listed]] = {}
    for entry in entries:
        if entry.video.row is None:
            files.setdefault(entry.prefix, []).append(entry)
    for prefix, inside in files.items():
        videos = [replace(entry.video, id=entry.video.id.removeprefix(prefix or "")) for entry in inside]
        yield Job(IndexedFiles(videos, extraction, on_problem), prefix, False, None)
