"""The walk through a folder of videos: every real folder and every real file once, whatever links lead to them.

A folder or file is known by its device and inode. Folders are entered before links to folders, so a video is listed by
its own path where it has one below the folder. Imports stay light: the Snakefile is parsed with it.
"""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.data.videos.file_kinds import (
    PICTURE,
    PICTURE_SUFFIXES,
    VIDEO_SUFFIXES,
    ignored_name,
    other_kind,
    suffix_of,
    why_no_video,
)
from s5vh.data.videos.frame_names import numberings
from s5vh.data.videos.passed_over import PassedOver, printable

SIDE_PICTURES = "pictures beside videos"
_Identity = tuple[int, int]  # device and inode


@dataclass(frozen=True)
class Frames:
    """A folder that has numbered pictures and no video files, so that it may itself be a video.

    Attributes:
        path: the folder, relative to where the walk began; "" is that folder.
        patterns: patterns of the numberings, see `numberings`.
        example: name of the first picture.
        count: number of numbered pictures.
    """

    path: str
    patterns: tuple[str, ...]
    example: str
    count: int

    def passed_over(self, reason: str) -> PassedOver:
        """These pictures as something not used."""
        return PassedOver(printable(self.path + "/" * bool(self.path) + self.example), reason, f"one of {self.count}")


@dataclass
class Step:
    """What one folder holds itself, or a link that was not followed; all paths are relative to where the walk began.

    Attributes:
        path: the folder.
        entered: whether it was entered.
        files: video files, in order of name.
        frames: numbered pictures, unless they belong to video files in the folder or beside it.
        passed_over: what is not used.
        again: (path, first path) of folders and video files that were reached before, as first path.
    """

    path: str
    entered: bool = True
    files: list[str] = field(default_factory=list)
    frames: Frames | None = None
    passed_over: list[PassedOver] = field(default_factory=list)
    again: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Pending:
    path: str
    above: tuple[_Identity, ...]  # folders that lead here
    stems_beside: frozenset[str]  # names of the video files beside the folder, without suffixes


def walk(root: Path) -> Iterator[Step]:
    """Visit a folder and all folders below it, in the same order on every machine.

    Raises:
        UserError: a folder cannot be read, or the name of a video is not valid UTF-8.
    """
    return _Walk(root).steps()


class _Walk:
    def __init__(self, root: Path):
        self._root = root
        self._folders: dict[_Identity, str] = {}
        self._files: dict[_Identity, str] = {}
        self._links: deque[_Pending] = deque()
        self._stack: list[_Pending] = []

    def steps(self) -> Iterator[Step]:
        self._stack.append(_Pending("", (), frozenset()))
        while self._stack or self._links:
            pending = self._stack.pop() if self._stack else self._links.popleft()
            yield self._step(pending)

    def _step(self, pending: _Pending) -> Step:
        folder = self._root / pending.path
        try:
            found = folder.stat()
            identity = (found.st_dev, found.st_ino)
            if identity in pending.above or (pending.path and _leads_up(folder)):
                link = PassedOver(f"{printable(pending.path)}/", "links to a folder above them")
                return Step(pending.path, entered=False, passed_over=[link])
            if identity in self._folders and found.st_ino:
                return Step(pending.path, entered=False, again=[(pending.path, self._folders[identity])])
            self._folders[identity] = pending.path
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            raise UserError(
                f"{printable(str(folder))}: the folder cannot be read ({error.strerror}); fix its permissions, or move "
                f"it out of {printable(str(self._root))}"
            ) from None
        return self._look(pending, ordered, (*pending.above, identity))

    def _look(self, pending: _Pending, entries: list[os.DirEntry], above: tuple[_Identity, ...]) -> Step:
        step, folders, pictures = Step(pending.path), [], []
        for entry in entries:
            path = f"{pending.path}/{entry.name}" if pending.path else entry.name
            is_folder = _is_folder(entry)
            if reason := ignored_name(entry.name):
                step.passed_over.append(PassedOver(printable(path) + "/" * is_folder, reason))
            elif is_folder:
                folders.append((path, entry.is_symlink()))
            elif suffix_of(entry.name) in PICTURE_SUFFIXES and _is_file(entry):
                pictures.append(entry.name)
            else:
                self._file(step, entry, path)
        self._pictures(step, pending, pictures)
        stems = frozenset(os.path.splitext(os.path.basename(file))[0] for file in step.files)
        waiting = [(_Pending(path, above, stems), is_link) for path, is_link in folders]
        self._links.extend(one for one, is_link in waiting if is_link)
        self._stack.extend(one for one, is_link in reversed(waiting) if not is_link)
        return step

    def _file(self, step: Step, entry: os.DirEntry, path: str) -> None:
        if reason := other_kind(entry.name):
            step.passed_over.append(PassedOver(printable(path), reason))
            return
        is_certain = suffix_of(entry.name) in VIDEO_SUFFIXES
        try:
            found = entry.stat()
        except OSError as error:
            if is_certain:  # the extraction tells that it cannot be read
                step.files.append(self._named(path))
            else:
                step.passed_over.append(PassedOver(printable(path), f"unreadable ({error.strerror})"))
            return
        identity = (found.st_dev, found.st_ino)
        if not stat.S_ISREG(found.st_mode):
            step.passed_over.append(PassedOver(printable(path), "not regular files"))
        elif identity in self._files and found.st_ino:
            step.again.append((path, self._files[identity]))
        elif not is_certain and (reason := why_no_video(str(self._root / path), found.st_size, found.st_mtime_ns)):
            step.passed_over.append(PassedOver(printable(path), reason))
        else:
            self._files[identity] = path
            step.files.append(self._named(path))

    def _pictures(self, step: Step, pending: _Pending, names: list[str]) -> None:
        """Take the numbered pictures for frames, unless they come from the video files here or beside the folder."""
        found = {} if step.files else numberings(names)
        numbered = {name for group in found.values() for name in group}
        reason = SIDE_PICTURES if step.files else PICTURE
        prefix = f"{pending.path}/" if pending.path else ""
        step.passed_over += [PassedOver(printable(prefix + name), reason) for name in names if name not in numbered]
        if not numbered:
            return
        patterns, example = tuple(found), next(iter(found.values()))[0]
        frames = Frames(self._named(pending.path), patterns, example, len(numbered))
        beside = pending.stems_beside
        if os.path.basename(pending.path) in beside or all(os.path.splitext(name)[0] in beside for name in numbered):
            step.passed_over.append(frames.passed_over(SIDE_PICTURES))
        else:
            step.frames = frames

    def _named(self, path: str) -> str:
        if printable(path) != path and not _is_utf8(path):
            raise UserError(
                f"{printable(str(self._root / path))}: the name is not valid UTF-8 (its bytes are shown as \\xNN); "
                "rename the file or folder"
            )
        return path


def _is_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: os.DirEntry) -> bool:
    """Whether it is a regular file; a pipe with the name of a picture would hang whoever opens it."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _leads_up(folder: Path) -> bool:
    """Whether `folder` is a link to a folder that it is in."""
    if not folder.is_symlink():
        return False
    target, parent = os.path.realpath(folder), os.path.realpath(folder.parent)
    return parent == target or parent.startswith(target.rstrip("/") + "/")
