"""The run that a configuration describes, after every check that is possible at parse time. Imports nothing heavy."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.dataset import PARTS, DatasetConfig
from s5vh.config.grid import GridCell, Run, cells, protocol_study_cells
from s5vh.config.load import load_dataset, load_departures, load_run, names
from s5vh.config.run import RunConfig
from s5vh.config.training import check_selection
from s5vh.config.validation import suggestion
from s5vh.data.download.availability import can_download, missing_files, missing_message
from s5vh.data.videos.listing import has_videos, listing_of
from s5vh.methods.load import load_method, resolve_cell
from s5vh.methods.settings import is_imported, is_trained
from s5vh.planning.checkpoints import missing_checkpoint_message
from s5vh.planning.datasets import run_of
from s5vh.planning.targets import RESERVED_DATASETS, RESERVED_METHODS, asked_datasets


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
    run = run_of(load_run(config))
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
    _check_names("departures.methods", config.departures.methods, known)
    switches = [name for root in config.departures.methods for name in load_departures(root)]
    for name in config.departures.switches:
        if name not in switches:
            raise UserError(f"departures.switches: unknown departure '{name}'{suggestion(name, switches)}")
    _check_names("overrides", config.overrides, known)
    _check_names("protocol_study.methods", config.protocol_study.methods, known)
    for name in run.datasets:
        dataset = load_dataset(name)
        _check_names(f"config/datasets/{name}.yaml: methods", dataset.methods, known)
        made = [*cells(config, [name]), *([] if name in run.unlabelled else protocol_study_cells(config, name))]
        _check_enough(name, dataset, made, config)
        for method in dict.fromkeys(cell.method for cell in made):
            settings = load_method(method, name, config.overrides)
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
    """Refuse a run of videos that would end hours later, when a method needs more of them than there are."""
    if dataset.videos is None or not has_videos(name, dataset):
        return
    count = len(listing_of(name, dataset).part("train"))
    if count < dataset.semantics.clusters:
        raise UserError(
            f"{name}: {count} training videos for {dataset.semantics.clusters} clusters; add videos, or set "
            f"semantics.clusters in config/datasets/{name}.yaml"
        )
    for cell in made:
        settings = load_method(cell.method, name, config.overrides)
        if settings.fewest_videos(cell.bits) <= count:
            continue
        fits = [[n for n in lengths if settings.fewest_videos(n) <= count]
                for lengths in (config.bits, config.protocol_study.bits)]  # fmt: skip
        others = [other for other in config.methods if other != cell.method]
        shorter = f"bits={fits[0]}" if fits[0] else f"methods=[{','.join(others)}]"
        raise UserError(
            f"{name}: {cell.method} needs {settings.fewest_videos(cell.bits)} training videos for {cell.bits} bits, "
            f"and there are {count}; add videos, or run less: --config '{shorter}' 'protocol_study={{bits: {fits[1]}}}'"
        )


def _check_names(where: str, given: Iterable[str], known: list[str]) -> None:
    for name in given:
        if name.partition("+")[0] not in known:
            raise UserError(f"{where}: unknown method '{name}'{suggestion(name, known)}")
