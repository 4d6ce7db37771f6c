"""What the folders of a data set mean: classes, or splits with classes below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.config.dataset import PartName
from s5vh.config.videos import VideosConfig
from s5vh.data.videos.video import Video

_VALIDATION = "validation"
_MEANINGS = {
    "train": ("train", "training"),
    _VALIDATION: ("val", "valid", "validation", "dev"),
    "query": ("test", "testing", "query", "queries"),
    "database": ("database", "db", "gallery"),
}
_MEANING = {name: meaning for meaning, names in _MEANINGS.items() for name in names}


@dataclass(frozen=True)
class FolderLayout:
    """How paths are read.

    Attributes:
        wrappers: number of folders around all others, which mean nothing.
        splits: part of each folder below these, None if the videos have yet to be split; empty if these folders are not
            splits but classes.
    """

    wrappers: int
    splits: dict[str, PartName | None]

    @property
    def class_depth(self) -> int:
        """Number of folders down to and including that of a class."""
        return self.wrappers + (2 if self.splits else 1)

    def video(self, path: str) -> Video:
        """The video at `path`, with its class and part; a video outside of a class folder has no class."""
        pieces = path.split("/")
        labels = (pieces[self.class_depth - 1],) if len(pieces) > self.class_depth else ()
        return Video(path, labels, self.splits.get(pieces[self.wrappers]) if self.splits else None)


def folder_layout(root: Path, paths: Iterable[str], settings: VideosConfig) -> FolderLayout:
    """Find out what folders mean from the paths of all videos.

    The outermost folders that are not alone are splits if all are named like one, and either videos of at least one are
    in class folders below, or there are two different splits. Otherwise they are classes. If there are none, all videos
    are of one class.

    Raises:
        UserError: some folders look like splits, the others do not.
    """
    pieces = [path.split("/") for path in paths]
    wrappers = _wrappers(pieces)
    if any(len(path) == wrappers + 1 for path in pieces):
        return FolderLayout(wrappers, {})
    have_classes = {path[wrappers] for path in pieces if len(path) > wrappers + 2}
    names = sorted({path[wrappers] for path in pieces})
    meanings = {name: _MEANING[name.casefold()] for name in names if name.casefold() in _MEANING}
    others = [name for name in names if name not in meanings]
    are_several, have_classes = len(set(meanings.values())) > 1, not have_classes.isdisjoint(meanings)
    if others and are_several and have_classes:
        raise UserError(
            f"{root}: {' and '.join(meanings)} are named like splits, but {others[0]} is not, so it is unclear what "
            "the folders mean; use only splits or only classes, or write a manifest"
        )
    are_splits = not others and (have_classes or are_several)
    return FolderLayout(wrappers, _parts(meanings, settings) if are_splits else {})


def _wrappers(pieces: list[list[str]]) -> int:
    """Number of folders that all paths have in common, if there are several folders and nothing else below them."""
    if not pieces:
        return 0
    first, last = min(pieces), max(pieces)
    common = next((depth for depth, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    return common if all(len(path) > common + 1 for path in pieces) else 0


def _parts(meanings: dict[str, str], settings: VideosConfig) -> dict[str, PartName | None]:
    """Parts of the folders. Validation videos are queries if there are no others, else training videos."""
    parts = {meaning: meaning for meaning in meanings.values()}
    if _VALIDATION in parts:
        parts[_VALIDATION] = "train" if "query" in parts else "query"
    if settings.database == "train" and "database" in parts and "train" not in parts.values():
        parts["database"] = "train"
    only_one = len(set(parts.values())) == 1
    return {name: None if only_one else parts[meaning] for name, meaning in meanings.items()}
