"""What a job of the workflow needs to know: digests of what decides it, and what it takes of the machine."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

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
_VIDEOS_UNKNOWN = 10_000  # assumed for a part whose data set does not say how many videos it has


def import_settings(name: str, part: PartName) -> str:
    """Digest of what decides an imported part."""
    dataset = load_dataset(name)
    keys = {"frames", "feature_size", "classes", "root", "link", "dtype"}
    return digest(dataset.model_dump(mode="json", include=keys) | dataset.files(part).model_dump(mode="json"))


def absence(name: str, part: PartName) -> str:
    """Digest of which files of a part are missing; "" if none is, or not all of these can be downloaded.

    It is another one when the same files were here and are gone again.
    """
    dataset = load_dataset(name)
    if not can_download(name, dataset, [part]):
        return ""
    folder = dataset.folder(name)
    records = read_records(folder)
    files = [str(file.relative_to(folder)) for file in missing_files(name, dataset, [part])]
    return digest([[file, records[file].date if file in records else ""] for file in files])[:8]


def demo_settings(name: str) -> str:
    """Digest of what decides the demo corpus."""
    keys = {"frames", "feature_size", "classes", "demo"}
    return digest(load_dataset(name).model_dump(mode="json", include=keys))


def extraction_settings(name: str) -> str:
    """Digest of what decides the features of a data set of videos: its files, and what makes features of them."""
    dataset = load_dataset(name)
    keys = {"frames", "feature_size", "classes", "root", "dtype", "videos"}
    weights = Path(dataset.videos.weights or "")
    stat = weights.stat() if weights.is_file() else None
    found = listing_of(name, dataset).digest() if has_videos(name, dataset) else None
    return digest([dataset.model_dump(mode="json", include=keys), found, stat and [stat.st_size, stat.st_mtime_ns]])


def settings_digest(run: Run) -> str:
    """Digest of the files that tables and the report take titles and facts from: methods, departures and data sets of
    the run."""
    grid = [*cells(run.config, run.datasets), *departure_cells(run.config, run.datasets)]
    named = [*(cell.method for cell in grid), *run.config.protocol_study.methods, *run.config.efficiency.methods]
    methods = {name: load_method(name).model_dump(mode="json") for name in dict.fromkeys(named)}
    datasets = {name: load_dataset(name).model_dump(mode="json") for name in [*run.datasets, *run.absent]}
    roots = dict.fromkeys(method_chain(name)[0].name for name in methods)
    departures = {root: {k: v.model_dump(mode="json") for k, v in load_departures(root).items()} for root in roots}
    return digest([methods, departures, datasets])


def published_files() -> list[Path]:
    """The papers' own numbers; a file of the user's own `config/published` wins over the shipped one."""
    found: dict[str, Path] = {}
    for folder in config_folders():
        for file in sorted([*(folder / "published").glob("*.csv"), *(folder / "published").glob("*.yaml")]):
            found.setdefault(file.name, file)
    return list(found.values())


def method_pattern(methods: Iterable[str]) -> str:
    """Regular expression of these methods, alone or followed by departures: `s5vh`, `s5vh+xavier`. Of none: nothing."""
    alternatives = "|".join(map(re.escape, methods)) or "(?!)"
    return rf"(?:{alternatives})(?:\+\w+)*"


def gpus_of_a_job() -> int:
    """1 where this machine has an NVIDIA GPU, else 0: a limit on GPUs must not hold up jobs that run on a CPU."""
    return int(any(Path("/dev").glob("nvidia[0-9]*")))


def memory_mb(dataset: DatasetConfig) -> int:
    """Memory to ask a cluster for, in MB: 3 GiB for the libraries, and every part as far as training keeps it."""
    video = dataset.frames * dataset.feature_size * 4
    kept = 0
    for part in {dataset.source_part(part) for part in PARTS}:
        count = dataset.files(part).count if dataset.kind == "papers" else None
        kept += min((count or _VIDEOS_UNKNOWN) * video, RESIDENT_BYTES)
    return round((3 * _GIBIBYTE + 1.2 * kept) / 2**20)


def put_commands_on_path() -> None:
    """Let jobs find the `s5vh` command of the environment that Snakemake itself runs in, activated or not."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", "")])
