"""What the Snakefile asks while it is read: what runs, which targets there are, what a job needs. Nothing heavy."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from s5vh import layout
from s5vh.config.base import suggestion
from s5vh.config.dataset import PARTS, DatasetConfig, PartName
from s5vh.config.grid import GridCell, Run, cells, protocol_study_cells
from s5vh.config.load import (
    config_folders,
    load_dataset,
    load_departures,
    load_method,
    load_run,
    names,
    resolve_cell,
)
from s5vh.config.method import check_selection, is_imported, is_trained
from s5vh.config.run import RunConfig
from s5vh.data.availability import can_download, missing_checkpoint_message, missing_files, missing_message
from s5vh.data.records import read_records
from s5vh.data.videos.listing import has_videos, listing_of
from s5vh.errors import UserError
from s5vh.provenance import digest
from s5vh.reporting.inputs import FIGURES, ON_REQUEST, TABLES
from s5vh.training import RESIDENT_BYTES

# Names that folders under results/, or target rules, already have.
RESERVED_DATASETS = (
    *("all", "figures", "logs", "models", "report", "scaling", "tables", "transfer", "solver_study"),
    *(*TABLES, *FIGURES, *ON_REQUEST),
    *("extract_features", "extract_three_parts"),
    *("import_features", "make_demo", "cluster_videos", "solve_centers", "study_solver", "train", "fit", "evaluate"),
    *("import_checkpoint", "download"),
    *("evaluate_transfer", "measure_efficiency", "fit_efficiency", "write_table", "draw_figure", "write_report"),
    "study_protocol",
)
RESERVED_METHODS = ("centers", "downloads", "features", "semantics")
_GIBIBYTE = 2**30
_VIDEOS_UNTOLD = 10_000  # taken for a part whose file does not say how many videos it has


class AbsentFiles(UserError):
    """Files that were asked for are not here; the one message with a line for each data set."""

    def __init__(self, what: str, message: str):
        lines = message.splitlines()
        if len(lines) > 1:
            lines = [f"{what} of {len(lines)} data sets are missing, so nothing was run", *lines]
        Exception.__init__(self, "\n  ".join(lines))


def only_planning() -> bool:
    """Whether jobs are planned as if all features were here: the environment variable `S5VH_PLAN` is set.

    `S5VH_PLAN=1 snakemake -n all --configfile config/paper.yaml` shows every job of the paper without any data.
    """
    return bool(os.environ.get("S5VH_PLAN"))


def resolve_run(files: Iterable[Path], config: Mapping[str, Any], words: Iterable[str] = ()) -> Run:
    """The run that a configuration describes, after every check that is possible before anything runs.

    Args:
        files: configuration files, later ones on top; read again only so that an error names its file.
        config: what they amount to, with the keys given on the command line.
        words: the command line; a data set that is a target of it is needed, whatever the configuration says.

    Raises:
        UserError: a setting that is wrong, or names something that does not exist.
        AbsentFiles: features of data sets that are named, or networks that are to be imported, are not here, and not
            all that is missing can be downloaded.
    """
    load_run(*files)
    run = Run.resolve(load_run(config))
    _check(run)
    wanted = [] if run.config.datasets == "auto" else list(run.datasets)
    wanted += [name for name in asked_datasets(words) if name not in wanted]
    absent = {name: load_dataset(name) for name in wanted}
    message = missing_message({name: config for name, config in absent.items() if not _will_come(name, config)})
    if message and not only_planning():
        raise AbsentFiles("features", message)
    lines = [_missing_checkpoints(run, name) for name in dict.fromkeys([*run.datasets, *wanted])]
    message = "\n".join(line for line in lines if line)
    if message and not only_planning():
        raise AbsentFiles("networks to import", message)
    return run


def notices(run: Run) -> list[str]:
    """A line for each paper data set that `datasets: auto` leaves out, and one when it falls back on the demo."""
    lines = [f"not in this run: {missing_message({name: load_dataset(name)})}" for name in run.absent]
    if run.absent and all(load_dataset(name).kind == "demo" for name in run.datasets):
        lines.append(f"no paper data set is here, so the embedded {' and '.join(run.datasets)} runs")
    return lines


def own_config(shipped: str | Path) -> str | None:
    """`config/config.yaml` of the working directory, unless it is the shipped one itself."""
    own = Path("config/config.yaml")
    return str(own) if own.is_file() and own.resolve() != Path(shipped).resolve() else None


def asked_datasets(words: Iterable[str]) -> list[str]:
    """Data sets that a command line asks for: `ucf101`, `ucf101_16bit` or a file under `results/ucf101/`."""
    found: dict[str, None] = {}
    known = names("datasets")
    before = ""
    for word in words:
        parts = Path(word).parts
        stem = parts[1] if parts[:1] == layout.RESULTS.parts and len(parts) > 2 else re.sub(r"_\d+bit$", "", word)
        if stem in known and before not in ("-d", "--directory", "--profile", "--workflow-profile"):
            found[stem] = None
        before = word
    return list(found)


def targets(run: Run) -> dict[str, list[Path]]:
    """Files of the targets made from the grid: each data set, each bit length, each of both, by name.

    Data sets that are not part of the run are targets too: asking for one is how to run it alone.
    """

    def metrics(grid: Iterable[GridCell]) -> list[Path]:
        return [layout.cell(*cell) / "metrics.json" for cell in grid]

    found: dict[str, list[Path]] = {}
    for dataset in names("datasets"):
        grid = cells(run.config, [dataset])
        found[dataset] = metrics(grid)
        for bits in sorted({cell.bits for cell in grid}):
            found[f"{dataset}_{bits}bit"] = metrics(cell for cell in grid if cell.bits == bits)
    grid = cells(run.config, run.datasets)
    for bits in sorted({cell.bits for cell in grid}):
        found[f"{bits}bit"] = metrics(cell for cell in grid if cell.bits == bits)
    return found


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
    """Digest of the files that tables and the report take titles and facts from: methods, departures, and data sets of
    the run."""
    methods = {name: load_method(name).model_dump(mode="json") for name in names("methods")}
    datasets = {name: load_dataset(name).model_dump(mode="json") for name in [*run.datasets, *run.absent]}
    departures = {name: departure.model_dump(mode="json") for name, departure in load_departures().items()}
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
        kept += min((count or _VIDEOS_UNTOLD) * video, RESIDENT_BYTES)
    return round((3 * _GIBIBYTE + 1.2 * kept) / 2**20)


def put_commands_on_path() -> None:
    """Let jobs find the `s5vh` command of the environment that Snakemake itself runs in, activated or not."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", "")])


def _will_come(name: str, config: DatasetConfig) -> bool:
    """Whether the workflow downloads what is missing.

    It does not when features were made of these files before: Snakemake sees no reason to make such features again, and
    they may be no more than links to what is gone.
    """
    parts = {config.source_part(part) for part in PARTS if layout.features(name, config.source_part(part)).exists()}
    return can_download(name, config) and not missing_files(name, config, parts)


def _missing_checkpoints(run: Run, dataset: str) -> str:
    grid = [cell for cell in cells(run.config, [dataset]) if is_imported(load_method(cell.method))]
    imported = [resolve_cell(*cell, run.config.overrides) for cell in grid]
    return missing_checkpoint_message(dataset, load_dataset(dataset), imported)


def _check(run: Run) -> None:
    """Refuse broken files, names that do not exist, and combinations that cannot work."""
    config, known = run.config, names("methods")
    imported = set()
    for name in names("datasets"):
        load_dataset(name)
        if name in RESERVED_DATASETS or re.fullmatch(r"(.+_)?\d+bit", name):
            raise UserError(f"config/datasets/{name}.yaml: a data set cannot be called '{name}'; rename the file")
    for name in known:
        if is_imported(load_method(name)):
            imported.add(name)
        if name in RESERVED_METHODS:
            raise UserError(f"config/methods/{name}.yaml: a method cannot be called '{name}'; rename the file")
    departures = load_departures()
    for name in config.departures.switches:
        if name not in departures:
            raise UserError(f"departures.switches: unknown departure '{name}'{suggestion(name, departures)}")
    _check_names("overrides", config.overrides, known)
    _check_names("protocol_study.methods", config.protocol_study.methods, known)
    for name in run.datasets:
        dataset = load_dataset(name)
        _check_names(f"config/datasets/{name}.yaml: methods", dataset.methods, known)
        made = [*cells(config, [name]), *([] if name in run.unlabelled else protocol_study_cells(config, name))]
        _check_enough(name, dataset, made, config)
        for method in dict.fromkeys(cell.method for cell in made):
            settings = load_method(method, dataset, config.overrides)
            if is_trained(settings):
                check_selection(settings.training, f"{method} on {name}")
                if name in run.unlabelled and settings.training.selection == "published":
                    raise UserError(
                        f"{method} on {name}: training.selection 'published' needs labels, and its videos have none; "
                        f"set it to 'last' or 'held_out' under 'methods' in config/datasets/{name}.yaml"
                    )
            if is_imported(settings) != (method in imported):
                raise UserError(
                    f"method '{method}' on {name}: 'checkpoint' decides what is trained; set or remove it in a method "
                    f"file of its own, e.g. one with 'extends: {method}'"
                )
            if method in imported and len(config.seeds) > 1:
                raise UserError(
                    f"methods: '{method}' is one imported network and has no seeds, but there are {len(config.seeds)} "
                    "of them; run it with a single one"
                )
    for key, methods in (("convergence", config.convergence.methods), ("efficiency", config.efficiency.methods)):
        for method in methods:
            if not is_trained(load_method(method)):
                raise UserError(f"{key}.methods: '{method}' has no network; name methods that are trained")
            if key == "convergence" and method in imported:
                raise UserError(f"{key}.methods: '{method}' is imported, not trained; name methods that are trained")
    for pair in config.transfer:
        sizes = [load_dataset(name).feature_size for name in (pair.train, pair.test)]
        if sizes[0] != sizes[1]:
            raise UserError(
                f"transfer: {pair.train} has frame features of {sizes[0]} values and {pair.test} of {sizes[1]}; "
                "a model can only move between equal ones"
            )


def _check_enough(name: str, dataset: DatasetConfig, made: Iterable[GridCell], config: RunConfig) -> None:
    """Refuse a run of videos that would end hours later, when there are fewer of them than clusters or bits of ITQ."""
    if dataset.videos is None or not has_videos(name, dataset):
        return
    count = len(listing_of(name, dataset).part("train"))
    if count < dataset.semantics.clusters:
        raise UserError(
            f"{name}: {count} training videos for {dataset.semantics.clusters} clusters; add videos, or set "
            f"semantics.clusters in config/datasets/{name}.yaml"
        )
    for cell in made:
        if load_method(cell.method).implementation == "itq" and cell.bits >= count:
            main, study = ([n for n in lengths if n < count] for lengths in (config.bits, config.protocol_study.bits))
            shorter = f"bits={main}" if main else "methods=[s5vh]"
            raise UserError(
                f"{name}: {cell.method} needs more training videos than bits, and there are {count} for {cell.bits} "
                f"bits; add videos, or run less: --config '{shorter}' 'protocol_study={{bits: {study}}}'"
            )


def _check_names(where: str, given: Iterable[str], known: list[str]) -> None:
    for name in given:
        if name.partition("+")[0] not in known:
            raise UserError(f"{where}: unknown method '{name}'{suggestion(name, known)}")
