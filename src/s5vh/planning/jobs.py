"""Parameters of workflow jobs: digests of what their results depend on, and machine resources."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from s5vh.base.files import visible_files
from s5vh.base.provenance import digest
from s5vh.config.dataset import PARTS, DatasetConfig, PartName
from s5vh.config.grid import Run, cells, departure_cells
from s5vh.config.load import config_folders, load_dataset, load_departures
from s5vh.config.training import RESIDENT_BYTES
from s5vh.data.download.availability import can_download, missing_files
from s5vh.data.download.records import read_records
from s5vh.data.videos.listing import has_videos, listing_of
from s5vh.methods.load import load_method, method_chain

_GIBIBYTE = 2**30
_VIDEOS_UNKNOWN = 10_000  # assumed if a part's number of videos is not configured


def import_settings(name: str, part: PartName) -> str:
    """Digest of the settings that an imported part depends on."""
    dataset = load_dataset(name)
    keys = {"frames", "feature_size", "classes", "root", "link", "dtype"}
    return digest(dataset.model_dump(mode="json", include=keys) | dataset.files(part).model_dump(mode="json"))


def missing_digest(name: str, part: PartName) -> str:
    """Digest of the missing files of a part; "" if none is missing or they cannot all be downloaded.

    It changes if the same files are downloaded and then removed again.
    """
    dataset = load_dataset(name)
    if not can_download(name, dataset, [part]):
        return ""
    folder = dataset.folder(name)
    records = read_records(folder)
    files = [str(file.relative_to(folder)) for file in missing_files(name, dataset, [part])]
    return digest([[file, records[file].date if file in records else ""] for file in files])[:8]


def demo_settings(name: str) -> str:
    """Digest of the settings that the demo corpus depends on."""
    keys = {"frames", "feature_size", "classes", "demo"}
    return digest(load_dataset(name).model_dump(mode="json", include=keys))


def extraction_settings(name: str) -> str:
    """Digest of what the features of a `videos` data set depend on: its files and extraction settings."""
    dataset = load_dataset(name)
    keys = {"frames", "feature_size", "classes", "root", "dtype", "videos"}
    weights = Path(dataset.videos.weights or "")
    stat = weights.stat() if weights.is_file() else None
    listing = listing_of(name, dataset).digest() if has_videos(name, dataset) else None
    return digest([dataset.model_dump(mode="json", include=keys), listing, stat and [stat.st_size, stat.st_mtime_ns]])


def settings_digest(run: Run) -> str:
    """Digest of the configuration that tables and the report read: methods, departures and data sets of a run."""
    grid = [*cells(run.config, run.everything), *departure_cells(run.config, run.datasets)]
    named = [*(cell.method for cell in grid), *run.config.protocol_study.methods, *run.config.efficiency.methods]
    named += [name for study in run.config.ablations.values() for name in study.rows]  # also of tables on request
    methods = {name: load_method(name).model_dump(mode="json") for name in dict.fromkeys(named)}
    named = [*run.everything, *run.searched, *run.missing]
    datasets = {name: load_dataset(name).model_dump(mode="json") for name in named}
    roots = dict.fromkeys(method_chain(name)[0].name for name in methods)
    departures = {root: {k: v.model_dump(mode="json") for k, v in load_departures(root).items()} for root in roots}
    return digest([methods, departures, datasets])


def published_files() -> list[Path]:
    """Files with the papers' published numbers; those in the user's own `config/published` take precedence."""
    files: dict[str, Path] = {}
    for folder in config_folders():
        for file in sorted(file for kind in ("*.csv", "*.yaml") for file in visible_files(folder / "published", kind)):
            files.setdefault(file.name, file)
    return list(files.values())


def method_pattern(methods: Iterable[str]) -> str:
    """Regular expression matching these methods, with or without departures (`s5vh`, `s5vh+xavier`)."""
    alternatives = "|".join(map(re.escape, methods)) or "(?!)"
    return rf"(?:{alternatives})(?:\+\w+)*"


def gpus_per_job() -> int:
    """1 if this machine has an NVIDIA GPU, else 0, so that a limit on GPUs does not block CPU jobs."""
    return int(any(Path("/dev").glob("nvidia[0-9]*")))


def memory_mb(dataset: DatasetConfig) -> int:
    """Memory to request from a cluster, in MB: 3 GiB for libraries, plus the resident size of every part."""
    video = dataset.frames * dataset.feature_size * 4
    resident = 0
    for part in {dataset.source_part(part) for part in PARTS}:
        count = dataset.files(part).count if dataset.kind == "papers" else None
        resident += min((count or _VIDEOS_UNKNOWN) * video, RESIDENT_BYTES)
    return round((3 * _GIBIBYTE + 1.2 * resident) / 2**20)


def preparation_mb(dataset: DatasetConfig) -> int:
    """The same for what is computed from one vector of every training video: clusters, neighbour graphs, fits.

    Neighbour graphs need the most, 2.7 GiB beyond the libraries for FCVID's 45,585 vectors of 4,096 values, which is
    four times the vectors (benchmarks/measured/preparation.json); YFCC has nine times as many.
    """
    count = dataset.files("train").count if dataset.kind == "papers" else None
    vectors = (count or _VIDEOS_UNKNOWN) * dataset.feature_size * 4
    return max(memory_mb(dataset), round((2 * _GIBIBYTE + 4.5 * vectors) / 2**20))


def put_commands_on_path() -> None:
    """Make the `s5vh` command of Snakemake's own environment available to jobs, even if it is not activated."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", "")])
