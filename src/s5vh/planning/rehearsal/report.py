"""The report of a rehearsal: time and memory of every stage, here and as expected of the real run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any

from s5vh.base.files import write_csv, write_json, write_text
from s5vh.base.provenance import provenance
from s5vh.methods.load import load_method
from s5vh.planning.basis import Stage, measured_stages, nearest
from s5vh.planning.estimate import estimate, sentences
from s5vh.planning.jobs import memory_mb, preparation_mb
from s5vh.planning.rehearsal.extrapolation import Expected, Extrapolation
from s5vh.planning.rehearsal.jobs import Job, Measured
from s5vh.planning.rehearsal.run import Rehearsed
from s5vh.planning.rehearsal.scale import EPOCHS
from s5vh.planning.rehearsal.work import GROWTH, Sizes, dataset_of, group_of, videos_of, work_of

_GIBIBYTE, _HOUR, _MEBIBYTE = 2**30, 3600, 2**20
_NOTHING = "-"
_PREPARING = ("cluster_videos", "find_neighbours", "fit")  # rules that ask for memory by the training videos
_OF_METHODS = ("train", "fit", "evaluate")  # rules whose kinds of job are methods


@dataclass
class Row:
    """Jobs of one rule, kind and data set: what was measured here, and what is expected of the real run."""

    rule: str
    kind: str
    dataset: str
    measured: list[Measured] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    requested_mb: int | None = None
    limit_minutes: int | None = None

    @property
    def hours(self) -> float:
        return sum(one.seconds or 0.0 for one in self.expected) / _HOUR

    @property
    def longest(self) -> float:
        return max((one.seconds or 0.0 for one in self.expected), default=0.0) / _HOUR

    @property
    def peak(self) -> float | None:
        return max((one.peak_bytes for one in self.expected if one.peak_bytes is not None), default=None)

    @property
    def peak_here(self) -> int | None:
        return max((one.peak_bytes for one in self.measured if one.peak_bytes is not None), default=None)


def write_report(found: Rehearsed) -> str:
    """Write report.md, report.csv (a row per rule, kind and data set) and measured.json; returns the first as text."""
    rows = _rows(found)
    text = _text(found, rows)
    folder = found.options.folder
    write_text(folder / "report.md", text)
    write_csv(folder / "report.csv", [_flat(row) for row in rows])
    write_json(folder / "measured.json", _record(found))
    return f"{text}\nThis report: {folder / 'report.md'}; by method and data set: {folder / 'report.csv'}"


def _rows(found: Rehearsed) -> list[Row]:
    scaled, real = ({name: Sizes.of(data) for name, data in some.items()} for some in (found.scaled, found.real))
    known = {job: one for job, one in found.jobs.items() if one is not None}
    stages = _stages({group_of(job) for job in found.real_jobs})
    extrapolation = Extrapolation(known, scaled, real, stages)
    rows: dict[tuple[str, str, str], Row] = {}

    def row(job: Job) -> Row:
        key = (job.rule, group_of(job)[1], dataset_of(job) or "")
        return rows.setdefault(key, Row(*key))

    for job in found.real_jobs:
        row(job).expected.append(extrapolation.of(job))
    for job, one in known.items():
        mine = row(job)
        mine.measured.append(one)
        mine.requested_mb, mine.limit_minutes = _real_request(one, mine.rule, mine.dataset, found), one.limit_minutes
    order = list(GROWTH)
    return sorted(rows.values(), key=lambda row: order.index(row.rule) if row.rule in order else len(order))


def _stages(groups: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Stage]:
    """What was measured at full size of each group, or else of the method that it is nearest to.

    Evaluations of all methods read and rank alike, so for a method without a measurement it is the largest.
    """
    measured, found = measured_stages(), {}
    for rule, kind in groups:
        same_rule = {name: stage for (other, name), stage in measured.items() if other == rule}
        stage = same_rule.get(kind)
        if stage is None and rule in _OF_METHODS:
            stage = nearest(kind, load_method(kind).implementation, same_rule)
        if stage is None and rule == "evaluate" and same_rule:
            stage = max(same_rule.values(), key=lambda one: one.peak_bytes)
        if stage is not None:
            found[rule, kind] = stage
    return found


def _real_request(one: Measured, rule: str, dataset: str, found: Rehearsed) -> int | None:
    """Memory that the real job asks for: rules that ask by the data set's size asked for less here."""
    if dataset not in found.scaled:
        return one.requested_mb
    by_size = preparation_mb if rule in _PREPARING else memory_mb
    same = one.requested_mb == by_size(found.scaled[dataset])
    return by_size(found.real[dataset]) if same else one.requested_mb


def _text(found: Rehearsed, rows: list[Row]) -> str:
    options, failed = found.options, [job for job, one in found.jobs.items() if one is None]
    facts = provenance()["hardware"]
    where = f"{facts['cpu']}, {facts['cores']} cores, {facts['memory_gib']} GiB"
    epochs = "without training" if options.untrained else f"{EPOCHS} epochs a training"
    grid = "the whole grid" if options.full_grid else "one code length and seed"
    profile = f", profile {options.profile}" if options.profile else ""
    lines = [
        "# Rehearsal",
        "",
        f"{options.configfile.name} on random {options.dtype} features of {', '.join(found.scaled)}; fraction "
        f"{options.fraction:g}, {epochs}, {grid}{profile}. {where}, {datetime.now(UTC):%d %B %Y}.",
        "",
        f"{len(found.jobs) - len(failed)} of {len(found.jobs)} jobs ended well."
        + "".join(f"\n- not well: {job.rule}, see {job.log}" for job in failed),
        "",
        *_table(_STAGES, _by(rows, lambda row: row.rule), _stage_cells),
        "",
        "Here: seconds of a job (median, longest), largest memory of a job. Real run: jobs, hours of all of them one "
        "after the other, hours of the longest, largest memory, memory that the rule asks a cluster for. `>=`: nothing "
        "tells how it grows.",
        "",
        *_table(_DATASETS, _by(rows, lambda row: row.dataset or "no data set"), _dataset_cells),
        "",
        *_table(_TRAININGS, _by((row for row in rows if row.rule == "train"), lambda row: row.kind), _training_cells),
        "",
        "What is expected, and from what:",
        "",
        *_notes(rows),
        *(f"- {sentence}" for sentence in sentences(estimate(found.run))),
    ]
    return "\n".join(lines) + "\n"


_STAGES = ("stage", "jobs here", "seconds", "GiB", "real jobs", "hours", "longest", "GiB expected", "GiB asked for")
_DATASETS = ("data set", "real jobs", "hours", "of them training", "longest job, hours", "GiB expected")
_TRAININGS = ("trainings", "real jobs", "hours", "longest, hours", "GiB expected")


def _by(rows: Iterable[Row], key: Any) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _table(header: tuple[str, ...], groups: Mapping[str, list[Row]], cells: Any) -> list[str]:
    lines = [f"| {' | '.join(header)} |", f"|{'---|' + '---:|' * (len(header) - 1)}"]
    return lines + [f"| {' | '.join([name, *cells(rows)])} |" for name, rows in groups.items()]


def _stage_cells(rows: list[Row]) -> list[str]:
    seconds = [one.seconds for row in rows for one in row.measured]
    peaks = [row.peak_here for row in rows if row.peak_here is not None]
    asked = [row.requested_mb for row in rows if row.requested_mb is not None]
    return [
        str(len(seconds)),
        f"{median(seconds):.1f}, {max(seconds):.1f}" if seconds else _NOTHING,
        _gibibytes(max(peaks, default=None)),
        *_real_cells(rows),
        _hours(max(row.longest for row in rows)),
        _peak_cell(rows),
        _gibibytes(max(asked) * _MEBIBYTE if asked else None),
    ]


def _dataset_cells(rows: list[Row]) -> list[str]:
    training = sum(row.hours for row in rows if row.rule == "train")
    return [*_real_cells(rows), _hours(training), _hours(max(row.longest for row in rows)), _peak_cell(rows)]


def _training_cells(rows: list[Row]) -> list[str]:
    return [*_real_cells(rows), _hours(max(row.longest for row in rows)), _peak_cell(rows)]


def _real_cells(rows: list[Row]) -> list[str]:
    unknown = any(one.seconds is None for row in rows for one in row.expected)
    hours = _hours(sum(row.hours for row in rows))
    return [f"{sum(len(row.expected) for row in rows):,}", f">= {hours}" if unknown else hours]


def _peak_cell(rows: list[Row]) -> str:
    peaks = [row.peak for row in rows if row.peak is not None]
    known = all(one.memory_known for row in rows for one in row.expected)
    return f"{'' if known or not peaks else '>= '}{_gibibytes(max(peaks, default=None))}"


def _notes(rows: list[Row]) -> list[str]:
    bases: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        bases[row.rule] |= dict.fromkeys(one.basis for one in row.expected)
    notes = [
        f"- {rule}{f', which grows with {GROWTH[rule]}' if rule in GROWTH else ''}: {'; '.join(found)}"
        for rule, found in bases.items()
    ]
    notes += [
        f"- memory: {row.rule} on {row.dataset} is expected to need {_gibibytes(row.peak)} GiB and asks for "
        f"{_gibibytes(row.requested_mb * _MEBIBYTE)}: set `mem_mb` of {row.rule} in the profile"
        for row in rows
        if row.peak and row.requested_mb and row.peak > row.requested_mb * _MEBIBYTE
    ]
    late = defaultdict(list)
    for row in rows:
        if row.limit_minutes and row.longest * 60 > row.limit_minutes:
            late[row.rule, row.limit_minutes].append(row)
    notes += [
        f"- time: {len(some)} kinds of {rule} jobs are expected to take longer on this CPU than the {minutes / 60:g} "
        f"hours that the rule asks a cluster for, up to {_hours(max(row.longest for row in some))}"
        + ("; a training goes on from its checkpoint when it is started again" if rule == "train" else "")
        for (rule, minutes), some in late.items()
    ]
    return [
        *notes,
        "- not known: early stopping, which ends trainings sooner; other machines' speed; how much jobs that run "
        "side by side slow each other down beyond what they did here; memory marked `>=`",
    ]


def _flat(row: Row) -> dict[str, Any]:
    seconds = [one.seconds for one in row.measured]
    return {
        "rule": row.rule,
        "kind": row.kind,
        "dataset": row.dataset,
        "jobs_here": len(seconds),
        "seconds_here": round(median(seconds), 2) if seconds else "",
        "peak_gib_here": "" if row.peak_here is None else round(row.peak_here / _GIBIBYTE, 3),
        "real_jobs": len(row.expected),
        "real_hours": round(row.hours, 4),
        "real_longest_hours": round(row.longest, 4),
        "real_peak_gib": "" if row.peak is None else round(row.peak / _GIBIBYTE, 3),
        "requested_mb": row.requested_mb or "",
        "limit_minutes": row.limit_minutes or "",
        "basis": row.expected[0].basis if row.expected else "",
    }


def _record(found: Rehearsed) -> dict[str, Any]:
    """What was measured of every job, for other estimates."""
    sizes = {name: Sizes.of(data) for name, data in found.scaled.items()}
    jobs = []
    for job, one in found.jobs.items():
        if one is not None:
            name = dataset_of(job)
            rule, kind = group_of(job)
            jobs.append(
                {
                    "rule": rule,
                    "kind": kind,
                    "dataset": name,
                    "bits": job.cell.get("bits"),
                    "seconds": one.seconds,
                    "peak_bytes": one.peak_bytes,
                    "work": work_of(job, sizes),
                    "videos": videos_of(job, sizes[name]) if name in sizes else 0,
                }
            )
    options = found.options
    settings = {"fraction": options.fraction, "dtype": options.dtype, "untrained": options.untrained}
    return {"jobs": jobs, "provenance": provenance(settings=settings | {"settings": list(options.settings)})}


def _hours(hours: float) -> str:
    return f"{hours:,.0f}" if hours >= 10 else f"{hours:.2g}"


def _gibibytes(size: float | None) -> str:
    return _NOTHING if size is None else f"{size / _GIBIBYTE:.2f}"
