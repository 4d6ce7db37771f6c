"""Jobs of a run as a dry run shows them, and what was measured of each."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_COMMAND = re.compile(r"exec &> >\(tee (?P<log>logs/\S+\.log)\)\s+(?P<command>s5vh .*)")
_CELL = re.compile(r"(?P<dataset>[^/]+)/(?P<method>[^/]+)/(?P<bits>\d+)bit/seed(?P<seed>\d+)(?:/model\.safetensors)?")
_PREPARED = re.compile(r"(?P<dataset>[^/]+)/(?:features|semantics|centers|neighbours)/")


@dataclass(frozen=True)
class Job:
    """One job of a run.

    Attributes:
        rule: name of its rule.
        log: its log, relative to the working directory; the benchmark lies beside it.
        words: its command, without `s5vh` and the threads.
    """

    rule: str
    log: str
    words: tuple[str, ...]

    def option(self, name: str) -> str | None:
        """The word after `--name`; None if it has no such option."""
        flag = f"--{name}"
        return self.words[self.words.index(flag) + 1] if flag in self.words else None

    @property
    def cell(self) -> dict[str, Any]:
        """`dataset`, `method`, `bits` and `seed` as far as the job has them; transfers have the searched data set."""
        if (text := self.option("cell")) is not None:
            return {key: json.loads(text)[key] for key in ("dataset", "method", "bits", "seed")}
        output = self.option("output-dir") or self.option("output") or ""
        found: dict[str, Any] = {}
        if match := _CELL.search((self.option("model") or output).removeprefix("results/")):
            found = match.groupdict() | {key: int(match[key]) for key in ("bits", "seed")}
        searched = self.option("database") or self.option("features") or output
        if match := _PREPARED.search(searched.removeprefix("results/")):
            found["dataset"] = match["dataset"]
        return found


@dataclass(frozen=True)
class Measured:
    """What was measured of a job.

    Attributes:
        seconds: wall clock, from Snakemake's benchmark.
        peak_bytes: largest resident memory of its command; None if that did not tell.
        requested_mb: memory that the rule asks a cluster for, MB; None if the benchmark does not tell.
        limit_minutes: time that it asks for, likewise.
        step_seconds: of a training, the seconds of its steps, without start and evaluations; None for other jobs.
    """

    seconds: float
    peak_bytes: int | None
    requested_mb: int | None = None
    limit_minutes: int | None = None
    step_seconds: float | None = None


def planned_jobs(text: str) -> list[Job]:
    """Jobs in the output of `snakemake --dry-run --printshellcmds`, without those that run nothing."""
    return [
        Job(_rule(match["log"]), match["log"], _without_threads(shlex.split(match["command"])[1:]))
        for match in _COMMAND.finditer(text)
    ]


def _rule(log: str) -> str:
    """Logs are `logs/RULE/JOB.log`, or `logs/RULE.log` of a rule with one job."""
    path = Path(log)
    return path.stem if path.parent == Path("logs") else path.parts[1]


def _without_threads(words: Iterable[str]) -> tuple[str, ...]:
    """Threads depend on the cores at hand, so that they do not identify a job."""
    found = list(words)
    if "--threads" in found:
        place = found.index("--threads")
        del found[place : place + 2]
    return tuple(found)


def measured(jobs: Iterable[Job], folder: Path, usage: Iterable[Mapping[str, Any]]) -> dict[Job, Measured]:
    """What was measured of those jobs that have ended well.

    Args:
        jobs: the planned jobs.
        folder: the working directory of the run.
        usage: records of `s5vh.base.usage`.
    """
    peaks: dict[tuple[str, ...], int] = defaultdict(int)
    for record in usage:
        key = _without_threads(record["words"])
        peaks[key] = max(peaks[key], record["peak_bytes"])
    found = {}
    for job in jobs:
        benchmark = (folder / job.log).with_suffix(".tsv")
        if benchmark.is_file():
            with benchmark.open(encoding="utf-8", newline="") as file:
                row = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[-1]
            asked = {
                key: int(match[1])
                for key in ("mem_mb", "runtime")
                if (match := re.search(rf"\b{key}\b\W+(\d+)", row.get("resources") or ""))
            }
            steps = _step_seconds(folder / job.option("output-dir")) if job.rule == "train" else None
            peak = peaks.get(job.words)
            found[job] = Measured(float(row["s"]), peak, asked.get("mem_mb"), asked.get("runtime"), steps)
    return found


def _step_seconds(cell: Path) -> float:
    """Seconds of all steps of a training, which its last evaluation tells."""
    with (cell / "evals.csv").open(encoding="utf-8", newline="") as file:
        return float(list(csv.DictReader(file))[-1]["seconds"])
