"""Time and memory of the real run's jobs, from those of a rehearsal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import mean
from typing import NamedTuple

from s5vh.planning.basis import Stage
from s5vh.planning.rehearsal.jobs import Job, Measured
from s5vh.planning.rehearsal.work import (
    GROWTH,
    Sizes,
    dataset_of,
    evaluations_of,
    group_of,
    limit_of,
    resident_bytes,
    videos_of,
    work_of,
)

# Rules whose work is so much smaller in a rehearsal that their time there is nearly all start: the square of the scale.
_SQUARED = ("find_neighbours", "score_reference_rankings", "study_protocol")
_READING = ("write_table", "draw_figure", "write_report")  # rules that read the results of all cells and queries
_LEAST_RATIO = 1.5  # of the largest to the smallest work through which a line is drawn


class Line(NamedTuple):
    """Seconds of a job: `start`, and `slope` per unit of work."""

    start: float
    slope: float

    def at(self, work: float) -> float:
        return self.start + self.slope * work


@dataclass(frozen=True)
class Expected:
    """What a job of the real run is expected to take.

    Attributes:
        seconds: None if nothing like it was rehearsed.
        peak_bytes: None if no memory was measured.
        basis: how the time follows, in words.
        memory_known: whether anything tells how its memory grows; otherwise it is that of the rehearsal.
    """

    seconds: float | None
    peak_bytes: float | None
    basis: str
    memory_known: bool


def line_through(points: Iterable[tuple[float, float]]) -> Line:
    """Least-squares line through (work, seconds) with neither a negative start nor a negative slope.

    Points of about one amount of work cannot tell start and slope apart. All is then attributed to the work, so that
    larger jobs are overestimated rather than underestimated; with no work at all it is the mean.
    """
    points = list(points)
    works, seconds = [work for work, _ in points], [second for _, second in points]
    if max(works) == 0:
        return Line(mean(seconds), 0.0)
    through_zero = Line(0.0, sum(w * s for w, s in points) / sum(w * w for w in works))
    if min(works) * _LEAST_RATIO > max(works):
        return through_zero
    middle, average = mean(works), mean(seconds)
    slope = sum((w - middle) * (s - average) for w, s in points) / sum((w - middle) ** 2 for w in works)
    if slope < 0:
        return Line(average, 0.0)
    return Line(average - slope * middle, slope) if average >= slope * middle else through_zero


class Extrapolation:
    """Estimates for jobs of the real run.

    Args:
        jobs: what was measured in the rehearsal.
        scaled: sizes of the data sets there.
        real: their real sizes.
        stages: what was measured at full size, by group.
    """

    def __init__(
        self,
        jobs: Mapping[Job, Measured],
        scaled: Mapping[str, Sizes],
        real: Mapping[str, Sizes],
        stages: Mapping[tuple[str, str], Stage],
    ):
        self._scaled, self._real, self._stages = scaled, real, stages
        self._groups: dict[tuple[str, str], list[tuple[Job, Measured]]] = defaultdict(list)
        for job, found in jobs.items():
            self._groups[group_of(job)].append((job, found))
        self._lines = {group: self._line(found) for group, found in self._groups.items()}
        self._rests = {
            group: line_through(
                (self._evaluated(job, scaled), found.seconds - found.step_seconds) for job, found in many
            )
            for group, many in self._groups.items()
            if group[0] == "train"
        }

    def of(self, job: Job) -> Expected:
        """What a job of the real run is expected to take."""
        group = group_of(job)
        if group not in self._groups:
            return Expected(None, None, "not rehearsed", False)
        peak, known = self._peak(job, group)
        if (limit := limit_of(job)) is not None:
            return Expected(limit, peak, "its time limit", known)
        work, stage = work_of(job, self._real), self._stages.get(group)
        if job.rule in _SQUARED and stage is not None and stage.work:
            seconds = stage.seconds * work / stage.work + self._lines[group].start
            return Expected(seconds, peak, f"measured at full size ({stage.origin})", known)
        if job.rule == "train":
            seconds = self._lines[group].slope * work + self._rests[group].at(self._evaluated(job, self._real))
            return Expected(seconds, peak, "rehearsal, in proportion", known)
        seconds = self._lines[group].at(work)
        if job.rule in _SQUARED:
            return Expected(seconds, peak, "a guess: a small rehearsal hardly sees a square", known)
        if job.rule in GROWTH:
            return Expected(seconds, peak, "rehearsal, in proportion", known)
        if stage is not None and stage.seconds > seconds:
            return Expected(stage.seconds, peak, f"at least as measured at full size ({stage.origin})", known)
        return Expected(seconds, peak, "as in the rehearsal", known)

    def _line(self, many: list[tuple[Job, Measured]]) -> Line:
        points = [
            (work_of(job, self._scaled), found.seconds if found.step_seconds is None else found.step_seconds)
            for job, found in many
        ]
        return line_through(points) if many[0][0].rule in GROWTH else Line(mean(s for _, s in points), 0.0)

    @staticmethod
    def _evaluated(job: Job, sizes: Mapping[str, Sizes]) -> float:
        """Frames that a training encodes for its evaluations."""
        data = sizes[dataset_of(job)]
        return float(evaluations_of(job, data)) * data.encoded * data.frames

    def _peak(self, job: Job, group: tuple[str, str]) -> tuple[float | None, bool]:
        peaks = [(other, found.peak_bytes) for other, found in self._groups[group] if found.peak_bytes is not None]
        if not peaks:
            return None, False
        name, stage = dataset_of(job), self._stages.get(group)
        if name is None or name not in self._real:
            there = 0 if stage is None else stage.peak_bytes
            return max(there, *(peak for _, peak in peaks)), job.rule not in _READING
        grown, known = 0.0, job.rule == "import_features"
        here = min(peak for _, peak in peaks)
        if stage is not None and stage.peak_bytes:
            grown += max(0.0, stage.peak_bytes - here) * videos_of(job, self._real[name]) / stage.videos
            known = True
        if job.rule == "train":
            rows = [peak - resident_bytes(self._scaled[dataset_of(other)]) for other, peak in peaks]
            return max(rows) + resident_bytes(self._real[name]) + grown, True
        return max(peak for _, peak in peaks) + grown, known
