"""What a job's time grows with, and what its memory grows with."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from s5vh.config.dataset import PARTS, DatasetConfig
from s5vh.config.semantics import ClusteringConfig
from s5vh.config.training import RESIDENT_BYTES, TrainingConfig
from s5vh.planning.rehearsal.jobs import Job

_VALUE = 4  # bytes
# What the time of a rule's jobs grows with, in words. Jobs of other rules take as long as in the rehearsal.
GROWTH = {
    "import_features": "values of the part",
    "cluster_videos": "training videos x clusters x values of a video that are clustered",
    "find_neighbours": "training videos squared",
    "solve_centers": "clusters squared x bits",
    "study_solver": "clusters squared x bits",
    "fit": "frames of the training videos",
    "train": "epochs x frames of the training videos, and evaluations x frames of database and queries",
    "evaluate": "frames of database and queries",
    "evaluate_transfer": "frames of database and queries",
    "score_reference_rankings": "queries x database x values of a video",
    "study_protocol": "queries x database",
}
_WITH_A_LIMIT = ("solve_centers", "study_solver", "study_centering")  # of the released solver, `--seconds`


@dataclass(frozen=True)
class Sizes:
    """Sizes of a data set that work depends on: videos of each part, T, D, and whether the queries are the database."""

    train: int
    database: int
    query: int
    frames: int
    size: int
    parts: Mapping[str, int]  # videos by part with files of its own

    @classmethod
    def of(cls, config: DatasetConfig) -> Sizes:
        counts = {part: config.files(part).count for part in PARTS}
        own = {part: counts[part] for part in PARTS if config.source_part(part) == part}
        return cls(**counts, frames=config.frames, size=config.feature_size, parts=own)

    @property
    def encoded(self) -> int:
        """Videos that an evaluation encodes: database and queries, once each, as often as they are read."""
        return self.database if "query" not in self.parts else self.database + self.query


def group_of(job: Job) -> tuple[str, str]:
    """Rule and kind of a job: jobs of one group differ only in the amount of work."""
    if job.rule == "cluster_videos":
        clustering = f"{job.option('recipe')}{' after PCA' if job.option('pca') else ''}"
        return job.rule, f"{clustering}, {job.option('summary') or 'mean'}"
    if job.rule in ("solve_centers", "study_solver", "study_centering"):
        return job.rule, job.option("solver") or ""
    if job.rule in ("train", "fit", "evaluate", "evaluate_transfer"):
        return "evaluate" if job.rule == "evaluate_transfer" else job.rule, job.cell["method"]
    if job.rule == "measure_efficiency":
        return job.rule, job.option("method") or ""
    if job.rule in ("write_table", "draw_figure"):
        return job.rule, job.words[1]
    return job.rule, ""


def work_of(job: Job, sizes: Mapping[str, Sizes]) -> float:
    """Amount of work in the units of `GROWTH`; 1 for rules that are not there.

    A training has only the work of its steps here; see `evaluations_of`.
    """
    if job.rule == "study_solver":
        return int(job.option("clusters")) ** 2 * int(job.option("bits"))
    if job.rule not in GROWTH:
        return 1.0
    data = sizes[dataset_of(job)]
    if job.rule == "import_features":
        return data.parts[job.option("part")] * data.frames * data.size
    if job.rule == "cluster_videos":
        return data.train * int(job.option("clusters")) * int(job.option("pca") or data.size)
    if job.rule == "find_neighbours":
        return float(data.train) ** 2
    if job.rule == "solve_centers":
        return _clusters(job) ** 2 * int(job.option("bits"))
    if job.rule == "fit":
        return data.train * data.frames
    if job.rule == "train":
        training = training_of(job).for_videos(trained_on(job, data))
        return training.epochs * trained_on(job, data) * data.frames
    if job.rule == "score_reference_rankings":
        return float(data.query) * data.database * data.frames * data.size
    if job.rule == "study_protocol":
        return float(data.query) * data.database
    return data.encoded * data.frames


def dataset_of(job: Job) -> str | None:
    """The data set of a job; None if it has none."""
    return job.option("dataset") or job.cell.get("dataset")


def training_of(job: Job) -> TrainingConfig:
    """Settings of the engine of a training."""
    given: dict[str, Any] = json.loads(job.option("cell"))["settings"].get("training", {})
    return TrainingConfig(**{key: value for key, value in given.items() if key in TrainingConfig.model_fields})


def trained_on(job: Job, data: Sizes) -> int:
    """Videos that a training makes its steps with."""
    return math.ceil(data.train * (1 - training_of(job).held_out))


def evaluations_of(job: Job, data: Sizes) -> int:
    """Evaluations during a training, with those for curves."""
    training = training_of(job).for_videos(trained_on(job, data))
    every = [training.evaluate_every, *([int(job.option("curve-every"))] if job.option("curve-every") else [])]
    due = {epoch for step in every for epoch in range(step, training.epochs + 1, step)}
    return len(due | {training.epochs})


def limit_of(job: Job) -> float | None:
    """Seconds after which a solver stops by itself; None for all others."""
    if job.rule in _WITH_A_LIMIT and job.option("solver") == "released":
        return float(job.option("seconds") or 120)
    return None


def resident_bytes(data: Sizes) -> int:
    """Bytes of the features that a training keeps in memory: those of every file of up to `RESIDENT_BYTES`."""
    sizes = [count * data.frames * data.size * _VALUE for count in data.parts.values()]
    return sum(size for size in sizes if size <= RESIDENT_BYTES)


def videos_of(job: Job, data: Sizes) -> int:
    """Videos with whose number a job's memory grows."""
    trained = job.rule in ("cluster_videos", "find_neighbours", "fit", "train")
    return data.train if trained else data.encoded


def _clusters(job: Job) -> int:
    label = job.option("semantics").rsplit("/", 1)[-1].removesuffix(".h5")
    return ClusteringConfig.from_label(label).clusters
