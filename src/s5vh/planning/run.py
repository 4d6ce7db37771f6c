"""Resolving a configuration to a run, with all checks possible at parse time. Imports stay light."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.dataset import PARTS, DatasetConfig
from s5vh.config.grid import GridCell, Run, cells, cells_of, is_archive, protocol_study_cells
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
from s5vh.planning.estimate import estimate, sentences
from s5vh.planning.targets import RESERVED_DATASETS, RESERVED_METHODS, requested_datasets
from s5vh.reporting.catalog import ABLATIONS
from s5vh.reporting.transfer_pairs import trained_for_transfer


class MissingFiles(UserError):
    """Requested files are missing; unlike other errors, the message has one line per data set."""

    def __init__(self, what: str, message: str):
        lines = message.splitlines()
        if len(lines) > 1:
            lines = [f"{what} of {len(lines)} data sets are missing; nothing was run", *lines]
        Exception.__init__(self, "\n  ".join(lines))


def only_planning() -> bool:
    """Whether the environment variable `S5VH_PLAN` is set: plan jobs as if all features were available.

    `S5VH_PLAN=1 snakemake -n all --configfile config/paper.yaml` lists all jobs of the paper without any data.
    """
    return bool(os.environ.get("S5VH_PLAN"))


def resolve_run(files: Iterable[Path], config: Mapping[str, Any], arguments: Iterable[str] = ()) -> Run:
    """Resolve a configuration to a run, with all checks possible before anything runs.

    Args:
        files: configuration files, later ones taking precedence; validated only so that errors name the file.
        config: the merged configuration, including keys given on the command line.
        arguments: the command line; data sets requested as targets are needed even if the configuration omits them.

    Raises:
        UserError: a setting is invalid or refers to something that does not exist.
        MissingFiles: features of named data sets, or networks to import, are missing and cannot all be downloaded.
    """
    if files := list(files):
        load_run(*files)
    whole = load_run(config)
    _check_names("without", whole.without, names("methods"))
    run = run_of(whole.reduced(), all_available=only_planning())
    arguments = list(arguments)
    _check(run, {Path(word).stem for word in arguments})
    wanted = [] if run.config.datasets == "auto" else list(run.everything)
    wanted += [name for name in requested_datasets(arguments) if name not in wanted]
    candidates = {name: load_dataset(name) for name in wanted}
    message = missing_message({name: data for name, data in candidates.items() if not _will_be_downloaded(name, data)})
    if message and not only_planning():
        raise MissingFiles("features", message)
    lines = [_missing_checkpoints(run, name) for name in dict.fromkeys([*run.everything, *wanted])]
    message = "\n".join(line for line in lines if line)
    if message and not only_planning():
        raise MissingFiles("networks to import", message)
    return run


def notices(run: Run) -> list[str]:
    """One line per archive and per paper data set that `datasets: auto` skips, and one if it falls back to the demo.

    If jobs are only planned, also how long they would take and how much disk.
    """
    expected = [f"plan: {sentence}" for sentence in sentences(estimate(run))] if only_planning() else []
    lines = [
        f"{name}: own videos, so codes by {', '.join(run.config.archive.methods)} and a page about them, "
        f"{layout.archive(name)}; for the papers' studies: --config 'archive={{methods: []}}'"
        for name in run.archives
    ]
    if run.config.datasets != "auto":
        return lines + expected
    lines += [f"skipped: {missing_message({name: load_dataset(name)})}" for name in run.missing]
    if run.missing and all(load_dataset(name).kind == "demo" for name in run.datasets):
        lines.append(f"no paper data set is available; running the built-in {' and '.join(run.datasets)} instead")
    return lines + expected


def own_config(shipped: str | Path) -> str | None:
    """`config/config.yaml` of the working directory, unless that is the shipped one."""
    own = Path("config/config.yaml")
    return str(own) if own.is_file() and own.resolve() != Path(shipped).resolve() else None


def _will_be_downloaded(name: str, config: DatasetConfig) -> bool:
    """Whether the workflow will download the missing files.

    It will not if features were imported from them before: Snakemake considers those features up to date, although they
    may only be links to the missing files.
    """
    parts = {config.source_part(part) for part in PARTS if layout.features(name, config.source_part(part)).exists()}
    return can_download(name, config) and not missing_files(name, config, parts)


def _missing_checkpoints(run: Run, dataset: str) -> str:
    found = dict.fromkeys([*cells(run.config, [dataset]), *trained_for_transfer(run, dataset)])
    methods = {method for method in {cell.method for cell in found} if is_imported(load_method(method))}
    grid = [cell for cell in found if cell.method in methods]
    imported = [resolve_cell(*cell, run.config.overrides, run.config.seeds_also_vary) for cell in grid]
    return missing_checkpoint_message(dataset, load_dataset(dataset), imported)


def _check(run: Run, requested: set[str]) -> None:
    """Reject invalid files, unknown names and impossible combinations, also in tables and figures requested by name."""
    config, methods = run.config, names("methods")
    named = [
        cell for table in ABLATIONS if table in requested for cell in cells_of(run.scored, config.ablation_grid(table))
    ]
    imported = set()
    for name in names("datasets"):
        load_dataset(name)
        if name in RESERVED_DATASETS or re.fullmatch(r"(.+_)?\d+bit", name):
            raise UserError(f"config/datasets/{name}.yaml: '{name}' is a reserved name for data sets; rename the file")
    for name in methods:
        if is_imported(load_method(name)):
            imported.add(name)
        if name in RESERVED_METHODS:
            raise UserError(f"config/methods/{name}.yaml: '{name}' is a reserved name for methods; rename the file")
    _check_names("departures.methods", config.departures.methods, methods)
    switches = [name for root in config.departures.methods for name in load_departures(root)]
    for name in config.departures.switches:
        if name not in switches:
            raise UserError(f"departures.switches: unknown departure '{name}'{suggestion(name, switches)}")
    _check_names("overrides", config.overrides, methods)
    _check_names("archive.methods", config.archive.methods, methods)
    for name, study in config.ablations.items():
        if name not in ABLATIONS:
            raise UserError(f"ablations: no table or figure '{name}' of ablations{suggestion(name, ABLATIONS)}")
        _check_names(f"ablations.{name}", [study.recipe, *study.methods], methods)
    _check_names("protocol_study.methods", config.protocol_study.methods, methods)
    for name in run.everything:
        dataset = load_dataset(name)
        _check_names(f"config/datasets/{name}.yaml: methods", dataset.methods, methods)
        planned = [*cells(config, [name]), *trained_for_transfer(run, name)]
        planned += [cell for cell in named if cell.dataset == name]
        asked = name not in run.archives or not requested.isdisjoint({"protocol", "protocol_study"})
        studied = name in run.datasets and asked
        planned += protocol_study_cells(config, name) if studied and name not in run.unlabelled else []
        _check_video_count(name, dataset, planned, config, studied)
        for method in dict.fromkeys(cell.method for cell in planned):
            settings = load_method(method, name, config.overrides)
            if is_trained(settings):
                check_selection(settings.training, f"{method} on {name}")
                if name in run.unlabelled and settings.training.selection == "published":
                    raise UserError(
                        f"{method} on {name}: training.selection 'published' requires labels, but its videos have "
                        f"none; set it to 'last' or 'held_out' under 'methods' in config/datasets/{name}.yaml"
                    )
            if not is_imported(settings):
                settings.check_required_methods(
                    method, lambda other, name=name: load_method(other, name, config.overrides)
                )
            if is_imported(settings) != (method in imported):
                raise UserError(
                    f"method '{method}' on {name}: 'checkpoint' cannot be changed per data set or by overrides; "
                    f"set or remove it in a separate method file, e.g. one with 'extends: {method}'"
                )
            if method in imported and len(config.seeds) > 1:
                raise UserError(
                    f"methods: '{method}' is a single imported network, but there are {len(config.seeds)} seeds; "
                    "run it with one seed"
                )
    curves = {key: [method for method, _ in grid] for key, (_, grid) in config.curve_grids.items()}
    for key, listed in {**curves, "efficiency": config.efficiency.methods}.items():
        for method in listed:
            if not is_trained(load_method(method)):
                raise UserError(f"{key}.methods: '{method}' has no network; list trained methods only")
            if method in imported:
                raise UserError(f"{key}.methods: '{method}' is imported, not trained; list trained methods only")
    for pair in config.transfer:
        sizes = [load_dataset(name).feature_size for name in (pair.train, pair.test)]
        if sizes[0] != sizes[1]:
            raise UserError(
                f"transfer: frame features of {pair.train} have {sizes[0]} dimensions, those of {pair.test} have "
                f"{sizes[1]}; transfer requires equal dimensions"
            )


def _check_video_count(
    name: str, dataset: DatasetConfig, planned: Iterable[GridCell], config: RunConfig, studied: bool
) -> None:
    """Reject a `videos` data set with fewer training videos than a method requires, before hours of extraction.

    `studied` says whether cells of the study of the protocol are among those planned.
    """
    if dataset.videos is None or not has_videos(name, dataset):
        return
    count = len(listing_of(name, dataset).part("train"))
    if count < dataset.semantics.clusters:
        raise UserError(
            f"{name}: {count} training videos for {dataset.semantics.clusters} clusters; add videos, or set "
            f"semantics.clusters in config/datasets/{name}.yaml"
        )
    for cell in planned:
        settings = load_method(cell.method, name, config.overrides)
        if settings.minimum_videos(cell.bits) <= count:
            continue
        feasible, feasible_study = (
            [n for n in lengths if settings.minimum_videos(n) <= count]
            for lengths in (config.bits, config.protocol_study.bits)
        )
        archived = is_archive(config, name)
        compared = config.archive.methods if archived else config.methods
        remaining = ",".join(other for other in compared if other != cell.method)
        fewer = f"archive={{methods: [{remaining}]}}" if archived else f"methods=[{remaining}]"
        smaller = f"bits={feasible}" if feasible else fewer if remaining else ""
        study = f" 'protocol_study={{bits: {feasible_study}}}'" if studied else ""
        advice = f", or run less: --config '{smaller}'{study}" if smaller else ""
        raise UserError(
            f"{name}: {cell.method} requires {settings.minimum_videos(cell.bits)} training videos for {cell.bits} "
            f"bits, but there are {count}; add videos{advice}"
        )


def _check_names(where: str, given: Iterable[str], known: list[str]) -> None:
    for name in given:
        if name.partition("+")[0] not in known:
            raise UserError(f"{where}: unknown method '{name}'{suggestion(name, known)}")
