"""Carrying out a rehearsal in a folder of its own."""

from __future__ import annotations

import contextlib
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_json, write_text
from s5vh.base.installation import shipped_folder
from s5vh.base.parent import announce_as_parent
from s5vh.base.usage import USAGE, read_usage
from s5vh.config import layout
from s5vh.config.dataset import PARTS, DatasetConfig
from s5vh.config.grid import Run
from s5vh.config.load import load_dataset, load_run, names
from s5vh.methods.load import resolve_cell
from s5vh.methods.settings import is_imported, is_trained
from s5vh.planning.datasets import run_of
from s5vh.planning.estimate import planned
from s5vh.planning.rehearsal.jobs import Job, Measured, measured, planned_jobs
from s5vh.planning.rehearsal.scale import check_minimum, methods_by_dataset, scaled_dataset, thinned
from s5vh.planning.run import own_config

_SETTINGS = "rehearsal.json"
_RESULTS_SHARE = 0.3  # models, codes and scores, in features' bytes; they are few per video and grow with methods


@dataclass(frozen=True)
class Options:
    """What is rehearsed.

    Attributes:
        folder: where everything is written; no other results or data are touched.
        fraction: share of the videos, above 0 and at most 1.
        configfile: the run's configuration.
        datasets: names of data sets; empty: those of the run, and all others of the papers.
        settings: further settings of the run, as for Snakemake's `--config`.
        full_grid: all code lengths, seeds and studies instead of one each.
        untrained: networks keep their initial weights; without, they are trained for two epochs.
        profile: folder of a Snakemake profile; None for the machine's own.
        dtype: data type of the features, "float16" or "float32".
    """

    folder: Path
    fraction: float
    configfile: Path
    datasets: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    full_grid: bool = False
    untrained: bool = False
    profile: Path | None = None
    dtype: str = "float32"


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal that has been carried out.

    Attributes:
        options: what was asked for.
        run: the real run, at full size.
        real: its data sets.
        scaled: the data sets of the rehearsal.
        jobs: what was measured of each job of the rehearsal; None for jobs that have not ended well.
        real_jobs: jobs of the real run.
    """

    options: Options
    run: Run
    real: dict[str, DatasetConfig]
    scaled: dict[str, DatasetConfig]
    jobs: dict[Job, Measured | None]
    real_jobs: list[Job]


def rehearse(options: Options) -> Rehearsed:
    """Generate the files, run the grid on them and collect what was measured.

    Raises:
        UserError: a wrong setting, a folder that holds something else, too little disk. Jobs that fail raise nothing;
            the others go on, and the failed ones are listed in the result.
    """
    if options.profile is not None and not options.profile.is_dir():
        raise UserError(f"{options.profile}: no such folder; give that of a Snakemake profile, such as profiles/slurm")
    run = _real_run(options)
    names_of_methods = methods_by_dataset(run)
    real = {name: load_dataset(name) for name in names_of_methods}
    files = {name: scaled_dataset(name, real[name], options.fraction, names_of_methods[name]) for name in real}
    scaled = {name: DatasetConfig.model_validate(found) for name, found in files.items()}
    _check_space(options, scaled)
    folder, new = _prepare_folder(options)
    try:
        real_jobs, jobs = _plan(options, folder, run, files)
    except BaseException:
        if new:
            shutil.rmtree(folder)
        raise
    _generate(options, folder, scaled)
    print(f"s5vh: rehearsal of {len(jobs)} jobs in {folder}; the real run has {len(real_jobs)}", file=sys.stderr)
    if options.untrained:
        _snakemake(options, folder, "--omit-from", "train")
        _write_untrained(options, folder)
        _snakemake(options, folder, "--rerun-triggers", "mtime")
    else:
        _snakemake(options, folder)
    found = measured(jobs, folder, read_usage(folder / "usage"))
    kept = [job for job in jobs if job in found or not (options.untrained and job.rule == "train")]
    return Rehearsed(options, run, real, scaled, {job: found.get(job) for job in kept}, real_jobs)


def _plan(options: Options, folder: Path, run: Run, files: dict[str, Any]) -> tuple[list[Job], list[Job]]:
    """Write the configuration of the rehearsal; jobs of the real run, and of the rehearsal."""
    _copy_own_config(folder)
    for name, found in files.items():
        write_text(folder / "config" / "datasets" / f"{name}.yaml", yaml.safe_dump(found, sort_keys=False))
    thin = {"datasets": list(run.datasets)} | ({} if options.full_grid else thinned(run.config))
    write_text(folder / "run.yaml", yaml.safe_dump(thin, sort_keys=False))
    _copy_own_config(folder / "real")
    write_text(folder / "real" / "run.yaml", yaml.safe_dump({"datasets": list(run.datasets)}, sort_keys=False))
    with contextlib.chdir(folder):
        check_minimum(run_of(_config(options, Path("run.yaml")), all_available=True))
    return _dry_run(options, folder / "real"), _dry_run(options, folder)


def _real_run(options: Options) -> Run:
    config = _config(options)
    papers = [name for name in names("datasets") if load_dataset(name).kind == "papers"]
    published = [name for name in papers if load_dataset(name).published_name is not None]
    named = [] if config.datasets == "auto" else config.datasets
    chosen = options.datasets or tuple(dict.fromkeys([*named, *published]))
    return run_of(config.model_copy(update={"datasets": list(chosen)}), all_available=True)


def _config(options: Options, *more: Path) -> Any:
    shipped = shipped_folder() / "config" / "config.yaml"
    own = own_config(shipped)
    pairs = (text.partition("=") for text in options.settings)
    settings = {key: yaml.safe_load(value) for key, _, value in pairs}
    return load_run(shipped, *([Path(own)] if own else []), options.configfile, *more, settings).reduced()


def _prepare_folder(options: Options) -> tuple[Path, bool]:
    """The folder with what there is of the same rehearsal, which then goes on; whether it is new."""
    folder = options.folder.resolve()
    record = {key: str(value) for key, value in asdict(options).items() if key not in ("folder", "profile")}
    new = not folder.exists()
    if not new and (not folder.is_dir() or any(folder.iterdir())):
        known = folder / _SETTINGS
        if not known.is_file():
            raise UserError(f"{folder}: is not empty and holds no rehearsal; give another folder")
        if read_json(known) != record:
            raise UserError(f"{folder}: holds another rehearsal; remove it, or give another folder")
    write_json(folder / _SETTINGS, record)
    (folder / "usage").mkdir(exist_ok=True)
    return folder, new


def _copy_own_config(folder: Path) -> None:
    """The user's own data sets and methods, so that they are found in this working directory too."""
    own, shipped = Path("config"), shipped_folder() / "config"
    if own.is_dir() and own.resolve() != shipped.resolve():
        shutil.copytree(own, folder / "config", dirs_exist_ok=True)


def _check_space(options: Options, scaled: dict[str, DatasetConfig]) -> None:
    from s5vh.data.rehearsal import bytes_of

    needed = math.ceil(sum(bytes_of(config, options.dtype) for config in scaled.values()) * (1 + _RESULTS_SHARE))
    missing = needed - sum(file.stat().st_size for file in options.folder.glob("data/**/*.h5"))
    place = next(folder for folder in (options.folder, *options.folder.resolve().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    if free < missing:
        raise UserError(
            f"{options.folder}: needs about {missing / 1e9:.0f} GB, the disk has {free / 1e9:.0f} GB left; give a "
            "smaller FRACTION, fewer DATASETS, DTYPE=float16, or another folder"
        )


def _generate(options: Options, folder: Path, scaled: dict[str, DatasetConfig]) -> None:
    from s5vh.data.rehearsal import write_authors_files

    for name, config in scaled.items():
        target = folder / config.folder(name)
        if all((target / file).is_file() for file in config.file_names()):
            continue  # a file appears under its name when it is complete
        print(f"s5vh: generating {name}: {_counts(config)}", file=sys.stderr)
        write_authors_files(name, config, target, dtype=options.dtype)


def _counts(config: DatasetConfig) -> str:
    parts = ", ".join(f"{config.files(part).count:,} {part}" for part in PARTS if config.source_part(part) == part)
    return f"{parts} videos of {config.frames} x {config.feature_size}"


def _command(options: Options, *words: object) -> list[str]:
    shipped = shipped_folder()
    profile = shipped / "profiles" / "default" if options.profile is None else options.profile.resolve()
    found = [sys.executable, "-m", "snakemake", "all", "--snakefile", shipped / "Snakefile"]
    found += ["--workflow-profile", profile, "--configfile", options.configfile.resolve(), "run.yaml"]
    found += ["--config", *options.settings] if options.settings else []
    return [str(word) for word in (*found, *words)]


def _dry_run(options: Options, folder: Path) -> list[Job]:
    words = _command(options, "--dry-run", "--printshellcmds", "--nolock", "--forceall")
    done = subprocess.run(
        words, cwd=folder, env=os.environ | {"S5VH_PLAN": "1"}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        errors = re.findall(r"error: (.*)", done.stderr, re.IGNORECASE) or done.stderr.splitlines()[-1:]
        raise UserError(f"the run cannot be planned: {' '.join(errors[:1])}")
    return planned_jobs(done.stdout)


def _snakemake(options: Options, folder: Path, *words: Sequence[str]) -> None:
    announce_as_parent()  # so that it ends with this process
    environment = os.environ | {USAGE: str(folder / "usage")}
    subprocess.run(_command(options, "--benchmark-extended", *words), cwd=folder, env=environment, check=False)


def _write_untrained(options: Options, folder: Path) -> None:
    from s5vh.training.untrained import write_untrained

    with contextlib.chdir(folder):
        for cell in _trained(run_of(_config(options, Path("run.yaml")), all_available=True)):
            if not layout.model(*cell).exists():
                resolved, data = resolve_cell(*cell), load_dataset(cell.dataset)
                files = [layout.features(cell.dataset, data.source_part(part)) for part in ("train", "query")]
                write_untrained(resolved, *files, resolved.requires(), layout.cell(*cell))


def _trained(run: Run) -> Iterator[Any]:
    """Cells with a network, those first that others need."""
    found = {cell: s for cell, s in planned(run).items() if is_trained(s) and not is_imported(s)}
    return iter(
        sorted(found, key=lambda cell: any("model" in path.name for path in found[cell].requires(cell).values()))
    )
