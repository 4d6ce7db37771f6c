"""Folders of numbered pictures, which are the frames of a video. Imports stay light."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.data.videos.file_kinds import PICTURE_SUFFIXES, ignored_name, suffix_of

_NUMBER = re.compile("([0-9]+)")


def numberings(names: Iterable[str]) -> dict[str, list[str]]:
    """Names of pictures that differ in their numbers only, as ordered before, by their pattern, such as `frame#.jpg`.

    A picture without a number, or the only one of its pattern, is in none of them.
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        suffix = suffix_of(name)
        if suffix in PICTURE_SUFFIXES:
            groups.setdefault(_NUMBER.sub("#", name[: -len(suffix)]) + suffix, []).append(name)
    return {pattern: group for pattern, group in sorted(groups.items()) if len(group) > 1 and "#" in pattern}


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Sorting key by which `frame2` comes before `frame10`; equal numbers are in order of their characters."""
    pieces = _NUMBER.split(name)
    return [int(piece) if place % 2 else piece for place, piece in enumerate(pieces)], name


def frames_in(folder: Path) -> list[str]:
    """Names of the pictures of a folder that are the frames of a video, in order.

    Raises:
        UserError: the folder cannot be read, has no numbered pictures, or has several numberings.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if ignored_name(entry.name) is None and entry.is_file()]
    except OSError as error:
        raise UserError(f"{folder}: cannot be read ({error.strerror})") from None
    found = numberings(names)
    if not found:
        raise UserError(f"{folder}: has no numbered pictures, such as frame0001.jpg and frame0002.jpg")
    if len(found) > 1:
        raise UserError(several_numberings(folder, found))
    return sorted(next(iter(found.values())), key=natural_key)


def several_numberings(folder: Path, patterns: Iterable[str]) -> str:
    """Error message about a folder with pictures of several patterns."""
    return (
        f"{folder}: several numberings of pictures ({', '.join(patterns)}), of which only one can be the frames of the "
        "video; keep the others in a folder outside of the data set"
    )
