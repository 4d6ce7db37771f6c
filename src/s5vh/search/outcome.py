"""What became of the videos of a run of `s5vh index`, and how it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.search.catalog import Video
from s5vh.search.freshness import exists
from s5vh.search.model_record import ModelFile


class Positions:
    """A set of positions in an index, of a byte each."""

    def __init__(self) -> None:
        self._flags = bytearray()

    def __contains__(self, position: int) -> bool:
        return position < len(self._flags) and self._flags[position] == 1

    def add(self, position: int) -> None:
        missing = position + 1 - len(self._flags)
        if missing > 0:
            self._flags.extend(bytes(max(missing, len(self._flags))))  # at least doubled, so that few are copied often
        self._flags[position] = 1


@dataclass
class Outcome:
    """Number of input videos by outcome.

    Attributes:
        added: added to the index.
        known: already in the index, from the same file or a copy of it.
        replaced: encoded again, because their files have changed.
        moved: in the index from files that no longer exist, with the same content; id, file and old file of each.
        again: in the index under another id; file and that id of each.
        unrecorded: taken as unchanged, because the index has no record of their files.
        conflicts: their ids belong to other videos; each with the other one.
        failed: unreadable video files.
        gone: number in the index, but no longer in the sources that were given; `first_gone` is one of them.
        removed: removed from the index.
        seen: positions in the index of the input videos that it has.
    """

    added: int = 0
    known: int = 0
    replaced: int = 0
    moved: list[tuple[str, str, str]] = field(default_factory=list)
    again: list[tuple[str, str]] = field(default_factory=list)
    unrecorded: int = 0
    conflicts: list[tuple[Video, Video]] = field(default_factory=list)
    failed: int = 0
    gone: int = 0
    first_gone: Video | None = None
    removed: int = 0
    seen: Positions = field(default_factory=Positions)


def count(videos: int) -> str:
    """A number of videos in words."""
    return f"{videos} video" if videos == 1 else f"{videos} videos"


def tell(output: Path, total: int, model: ModelFile, outcome: Outcome, report: Callable[[str], None]) -> None:
    """Report the outcome of a run, a line for each that occurred."""
    if outcome.known:
        report(f"{output}: {count(outcome.known)} already indexed and unchanged")
    if outcome.replaced:
        report(f"{output}: {count(outcome.replaced)} changed and encoded again")
    if outcome.moved:
        name, new, old = outcome.moved[0]
        report(f"{output}: {count(len(outcome.moved))} moved (first: '{name}' from {old} to {new}); codes kept")
    if outcome.again:
        file, name = outcome.again[0]
        report(f"{output}: {count(len(outcome.again))} already indexed under another id (first: {file} as '{name}')")
    if outcome.unrecorded:
        report(f"{output}: {count(outcome.unrecorded)} taken as unchanged, because the index has no record of the "
               "files, as it was built by an earlier version of s5vh; use --update to encode them again")  # fmt: skip
    if outcome.gone:
        report(f"{output}: {count(outcome.gone)} of the index no longer in the sources given (first: "
               f"{_where(outcome.first_gone)}); use --remove to remove them")  # fmt: skip
    if outcome.removed:
        report(f"{output}: {count(outcome.removed)} removed")
    report(f"{output}: {count(outcome.added)} added, {total} in total ({model})")


def problem(output: Path, videos: int, outcome: Outcome) -> UserError | None:
    """The error of a run that left out some of its `videos`."""
    parts = []
    if outcome.failed:
        parts.append(f"{outcome.failed} of {videos} input videos could not be read or encoded; see above")
    if outcome.conflicts:
        here, there = outcome.conflicts[0]
        remedy = "if they are different videos, use --prefix to make their ids unique"
        if exists(there.source):
            remedy += "; to index these instead, remove the others with --remove-id"
        else:
            remedy += f"; if they replace the others, which no longer exist, add --remove {_root(there)}"
        parts.append(
            f"{len(outcome.conflicts)} of {videos} input videos could not be added, because their ids belong to other "
            f"videos (first: '{here.id}' in {here.source} and in {there.source}); {remedy}"
        )
    return UserError(f"{output}: {'; '.join(parts)}") if parts else None


def _where(video: Video) -> str:
    return f"'{video.id}' in {video.source}" if video.row is not None else video.source


def _root(video: Video) -> str:
    """The folder that a video file was found in, going by its id, or the feature file."""
    root = video.source.removesuffix(f"/{video.id}")
    return root if root != video.source and video.row is None else video.source
