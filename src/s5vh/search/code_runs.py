"""Runs of videos that come from consecutive rows of a code file: a row of the catalog for all of them.

Their names follow from the file's name and the row, FILE#ROW, so nothing is stored per video.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

# Half-open ranges (first, stop) of positions or rows, increasing and apart.
Ranges = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Run:
    """Consecutive videos of an index that are consecutive rows of a code file.

    Attributes:
        first: position of the first in the index.
        videos: their number.
        source: absolute path of the file.
        row: row of the first in the file.
        name: what stands before `#ROW` in their ids: prefix and file name.
        real: path of the file without symbolic links.
        stamp: its `freshness.stamp` when it was read.
    """

    first: int
    videos: int
    source: str
    row: int
    name: str
    real: str
    stamp: str

    @property
    def stop(self) -> int:
        """Position behind the last."""
        return self.first + self.videos

    def cut(self, first: int, stop: int) -> Run:
        """Its part at positions `first` to `stop`."""
        return replace(self, first=first, videos=stop - first, row=self.row + first - self.first)


class Runs:
    """The runs of an index, by position and by id; some may lie behind its last code, after an interrupted addition."""

    def __init__(self, runs: Iterable[Run] = ()):
        self._runs = sorted(runs, key=lambda run: run.first)
        self._firsts = [run.first for run in self._runs]
        self._named: dict[str, list[Run]] = {}
        for run in self._runs:
            self._named.setdefault(run.name, []).append(run)

    def below(self, count: int) -> list[Run]:
        """What of them is in an index of `count` codes."""
        return [run.cut(run.first, min(run.stop, count)) for run in self._runs if run.first < count]

    def at(self, position: int) -> Run | None:
        """The run that a position belongs to."""
        place = bisect_right(self._firsts, position) - 1
        return self._runs[place] if place >= 0 and position < self._runs[place].stop else None

    def position(self, video_id: str) -> int | None:
        """Position of a video by its id."""
        name, row = split_id(video_id)
        for run in self._named.get(name, []):
            if row is not None and run.row <= row < run.row + run.videos:
                return run.first + row - run.row
        return None


def split_id(video_id: str) -> tuple[str, int | None]:
    """What stands before `#ROW` in an id, and the row; None if it does not end in one."""
    name, _, digits = video_id.rpartition("#")
    is_row = digits.isascii() and digits.isdecimal() and (digits == "0" or digits[0] != "0")
    return name, int(digits) if is_row else None


def rows_in(run: Run, rows: int) -> int:
    """How many of a run's videos a file of `rows` rows has."""
    return min(max(rows - run.row, 0), run.videos)


def ranges_of(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Positions, in any order, as ranges."""
    found: list[tuple[int, int]] = []
    for position in sorted(set(positions)):
        if found and found[-1][1] == position:
            found[-1] = (found[-1][0], position + 1)
        else:
            found.append((position, position + 1))
    return found


def size_of(ranges: Ranges) -> int:
    """Number of positions in ranges."""
    return sum(stop - first for first, stop in ranges)


def outside(ranges: Ranges, count: int) -> list[tuple[int, int]]:
    """What ranges leave of 0 to `count`."""
    edges = [0, *(edge for part in ranges for edge in part), count]
    return [(first, stop) for first, stop in zip(edges[::2], edges[1::2], strict=True) if first < stop]


def inside(ranges: Ranges, start: int, size: int) -> np.ndarray:
    """Which of the positions from `start` on are in ranges: bool [size]."""
    chosen = np.zeros(size, bool)
    place = max(0, bisect_right(ranges, (start, start)) - 1)
    while place < len(ranges) and ranges[place][0] < start + size:
        chosen[max(0, ranges[place][0] - start) : max(0, ranges[place][1] - start)] = True
        place += 1
    return chosen


def segments(removed: Ranges, count: int) -> list[tuple[int, int, int]]:
    """What stays of `count` positions: (first, stop, new first) of each range between the removed ones."""
    found, kept = [], 0
    for first, stop in outside(removed, count):
        found.append((first, stop, kept))
        kept += stop - first
    return found


def without(runs: Iterable[Run], removed: Ranges, count: int) -> list[Run]:
    """The runs of an index of `count` videos after positions were removed and those behind moved up."""
    kept, staying = [], segments(removed, count)
    for run in runs:
        place = max(0, bisect_right(staying, (run.first, count, count)) - 1)
        for first, stop, moved in staying[place:]:
            if first >= run.stop:
                break
            start, end = max(first, run.first), min(stop, run.stop)
            if start < end:
                kept.append(replace(run.cut(start, end), first=moved + start - first))
    return kept
