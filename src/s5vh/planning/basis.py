"""What estimates are based on: the tables in config/measured, and the times that the S5VH authors logged."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from s5vh.base.files import is_file, read_text
from s5vh.config.load import config_folders
from s5vh.methods.load import method_chain

Value = TypeVar("Value")


@dataclass(frozen=True)
class Steps:
    """Measured training steps of a method.

    Attributes:
        origin: machine and day of the measurement.
        seconds_per_frame: seconds per frame of a video, in a batch.
    """

    origin: str
    seconds_per_frame: float


@dataclass(frozen=True)
class Stage:
    """A stage of the workflow, measured at the full size of a data set.

    Attributes:
        origin: machine and day of the measurement.
        work: amount of work, in the units of `s5vh.planning.rehearsal.work`; 0 if only memory was measured.
        videos: number of videos that its memory grows with.
        seconds: of the command.
        peak_bytes: its largest resident memory.
    """

    origin: str
    work: float
    videos: int
    seconds: float
    peak_bytes: int


def measured_stages() -> dict[tuple[str, str], Stage]:
    """By rule and kind of job, stages measured at full size; empty if none were."""
    return {
        (row["rule"], row["kind"]): Stage(
            f"{row['machine']}, {row['date']}",
            float(row["work"]),
            int(row["videos"]),
            float(row["seconds"]),
            int(row["peak_bytes"]),
        )
        for row in _rows("measured/stages.csv")
    }


def measured_steps(device: str) -> dict[str, Steps]:
    """By method, steps measured on this kind of device, "cpu" or "gpu"; empty if none were."""
    found = {}
    for row in _rows("measured/steps.csv"):
        if row["device"] == device:
            cores = f"{row['threads']} core{'' if row['threads'] == '1' else 's'}"
            machine = row["machine"] if device == "gpu" else f"{cores} of {row['machine']}"
            frames = int(row["batch_size"]) * int(row["frames"])
            found[row["method"]] = Steps(f"{machine}, {row['date']}", float(row["seconds"]) / frames)
    return found


def counted_parameters() -> dict[str, int]:
    """By recipe, parameters for videos of FCVID's shape and 64 bits."""
    return {row["method"]: int(row["parameters"]) for row in _rows("measured/sizes.csv")}


def logged_seconds() -> dict[tuple[str, str, str, int], float]:
    """Seconds per epoch in the authors' logs, by (method, variant, data set, bits) as published."""
    return {
        (row["method"], row["variant"], row["dataset"], int(row["bits"])): float(row["total_seconds"])
        / int(row["epochs"])
        for row in _rows("published/wall_clock.csv")
    }


def nearest(method: str, implementation: str, known: Mapping[str, Value]) -> Value | None:
    """The value of a method, or else of the nearest one that it extends, or of the one it is named after."""
    names = [*(link.name for link in reversed(method_chain(method))), implementation]
    return next((known[name] for name in names if name in known), None)


def _rows(name: str) -> list[dict[str, str]]:
    """Rows of a table under config/; the user's own takes precedence. Empty if there is no such file."""
    path = next((file for folder in config_folders() if is_file(file := folder / name)), None)
    return [] if path is None else _parsed(path, path.stat().st_mtime_ns)


@cache
def _parsed(path: Path, _changed: int) -> list[dict[str, str]]:
    return list(csv.DictReader(read_text(path).splitlines()))
