"""What is in the folder of videos, and what could not be read, from the list that the extraction writes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from s5vh.reporting.collect import read_csv


@dataclass(frozen=True)
class Problem:
    """Files with the same fault.

    Attributes:
        reason: the fault.
        files: paths in the folder of the videos.
        is_used: whether what can be read of them is in the archive.
    """

    reason: str
    files: list[str]
    is_used: bool


@dataclass(frozen=True)
class Contents:
    """Files in the folder of the videos.

    Attributes:
        found: number of videos, with those that cannot be read.
        failed, damaged: of them, those that cannot be read at all, and those of which only a part can.
        seconds: total length of those that can be read, as far as it is known.
        median: of these lengths, in seconds; NaN if none is known.
        unknown: number of videos of unknown length, such as folders of frames.
        problems: faults, the most frequent first, those of unreadable files before others.
        passed_over: number of other files by what they are.
    """

    found: int = 0
    failed: int = 0
    damaged: int = 0
    seconds: float = 0.0
    median: float = float("nan")
    unknown: int = 0
    problems: list[Problem] = field(default_factory=list)
    passed_over: dict[str, int] = field(default_factory=dict)


def read_contents(path: Path) -> Contents:
    """Read videos.csv.

    Raises:
        UserError: a broken file, or none.
    """
    table = read_csv(path, ["path", "status", "reason", "seconds"])
    table["reason"] = table.reason.fillna("").astype(str)
    table["path"] = table.path.astype(str)
    videos = table[table.status != "passed over"]
    readable = videos[videos.status != "failed"]
    lengths = pd.to_numeric(readable.seconds, errors="coerce")
    return Contents(
        found=len(videos),
        failed=int((videos.status == "failed").sum()),
        damaged=int((videos.status == "damaged").sum()),
        seconds=float(lengths.sum()),
        median=float(lengths.median()),
        unknown=int(lengths.isna().sum()),
        problems=[*_problems(videos, "failed"), *_problems(videos, "damaged")],
        passed_over=dict(Counter(table[table.status == "passed over"].reason).most_common()),
    )


def _problems(videos: pd.DataFrame, status: str) -> list[Problem]:
    groups = videos[videos.status == status].groupby("reason", sort=False).path.apply(list)
    found = [Problem(reason, files, status != "failed") for reason, files in groups.items()]
    return sorted(found, key=lambda one: -len(one.files))
