"""All videos below a folder, whatever its sub-folders mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.data.videos.frame_names import several_numberings
from s5vh.data.videos.passed_over import PassedOver, printable
from s5vh.data.videos.walk import SIDE_PICTURES, Frames, walk


@dataclass
class Found:
    """All steps of a walk together.

    Attributes:
        entered: folders that were entered.
        files: video files.
        frames: folders that may be videos.
        passed_over: what is not used, without `again`.
        again: (path, first path) of folders and video files that were reached more than once.
    """

    entered: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    frames: list[Frames] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    again: list[tuple[str, str]] = field(default_factory=list)

    def reached_again(self) -> list[PassedOver]:
        """`again` as something not used."""
        return [
            PassedOver(printable(path), "the same as another", printable(first) or ".") for path, first in self.again
        ]


def find_all(root: Path) -> Found:
    """Walk through a folder to the end; see `walk` for its errors."""
    found = Found()
    for step in walk(root):
        if step.entered:
            found.entered.append(step.path)
        found.files += step.files
        found.passed_over += step.passed_over
        found.again += step.again
        if step.frames is not None:
            found.frames.append(step.frames)
    return found


def videos_in(root: Path) -> tuple[list[str], list[PassedOver]]:
    """Videos below a folder, sorted: files, and folders of frames, "" being the folder itself; and the rest.

    Raises:
        UserError: a folder cannot be read or has several numberings of pictures; a name that is not UTF-8.
    """
    found = find_all(root)
    frames, side_pictures = frame_folders(found.frames, found.files, root)
    passed_over = [*found.passed_over, *side_pictures, *found.reached_again()]
    videos = sorted([*found.files, *(one.path for one in frames)])
    return videos, sorted(passed_over, key=lambda one: (one.path, one.reason))


def frame_folders(frames: Iterable[Frames], files: Iterable[str], root: Path) -> tuple[list[Frames], list[PassedOver]]:
    """Split folders of numbered pictures into those that are videos and those that belong to other videos.

    Raises:
        UserError: a folder has several numberings.
    """
    frames = sorted(frames, key=lambda one: one.path)
    with_files = {folder for file in files for folder in folders_above(file)} if frames else set()
    taken: dict[str, Frames] = {}
    beside = []
    for one in frames:
        if one.path in with_files or any(folder in taken for folder in folders_above(one.path)):
            beside.append(one.passed_over(SIDE_PICTURES))
        elif len(one.patterns) > 1:
            raise UserError(several_numberings(root / one.path, one.patterns))
        else:
            taken[one.path] = one
    return list(taken.values()), beside


def folders_above(path: str) -> list[str]:
    """Folders that `path` is in, the nearest first; the last one is "", where the walk began."""
    pieces = path.split("/")
    return ["/".join(pieces[:count]) for count in range(len(pieces) - 1, -1, -1)] if path else []


def is_below(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or below it; everything is below ""."""
    return not folder or path == folder or path.startswith(f"{folder}/")
