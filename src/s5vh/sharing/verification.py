"""Verification of an exported folder: checksums, then every number that follows from its codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from s5vh.base.errors import UserError
from s5vh.sharing import folder as names
from s5vh.sharing.card import read_card, scores_block
from s5vh.sharing.card_scores import model_index
from s5vh.sharing.comparison import Check, compare
from s5vh.sharing.contents import Contents, SharedCell, read_contents
from s5vh.sharing.reading import read_object, read_shared_codes, read_small_text
from s5vh.sharing.recomputation import check_protocols, check_scores, not_derived, recomputed
from s5vh.sharing.videos import DATABASE, QUERY, Videos, from_features, read_videos


@dataclass
class Verification:
    """What was found.

    Attributes:
        checks: by what they are about: a folder of a cell, a data set, or a file.
        not_derived: by folder of a cell, keys of `metrics.json` that codes say nothing about, and numbers of values.
        uncovered: files and folders that have no checksum; nothing is read from them.
        notes: what could not be checked, and why.
    """

    checks: dict[str, list[Check]] = field(default_factory=dict)
    not_derived: dict[str, dict[str, int]] = field(default_factory=dict)
    uncovered: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def disagreeing(self) -> list[tuple[str, Check]]:
        return [(where, check) for where, checks in self.checks.items() for check in checks if not check.agrees]


def verify(
    folder: Path,
    features: Sequence[Path] = (),
    *,
    encode: bool = True,
    device: str = "auto",
    threads: int | None = None,
) -> Verification:
    """Check an exported folder.

    Args:
        folder: what `export` wrote.
        features: folders of feature files of its data sets. They give labels that were left out; ids, labels, classes
            and self-matches are compared; and codes are made again with the weights, if these are in the folder.
        encode: whether to make codes again where that is possible.
        device, threads: for making codes again.

    Raises:
        UserError: a file that is missing, damaged, a link, or has another form or checksum than it should; scores
            whose labels are neither in the folder nor given.
    """
    listed = names.check_sums(folder)
    found = Verification(uncovered=names.uncovered_files(folder, listed))
    contents = read_contents(_listed(folder, names.CONTENTS, listed).parent)
    given = {path: from_features(path) for path in features}
    searched: dict[str, Videos] = {}
    paths: dict[str, Path] = {}
    for name, record in contents.data.items():
        searched[name], path = _videos(folder, name, record, listed, given, contents, found)
        if path is not None:
            paths[name] = path
    if unused := [path for path in given if path not in paths.values()]:
        raise UserError(f"{unused[0]}: has other ids, labels or self-matches than the data sets in {folder}")
    usable = {name for name in paths if all(check.agrees for check in found.checks[f"data set {name}"])}
    metrics: dict[str, dict[str, Any]] = {}
    for cell in contents.cells:
        metrics[cell.folder] = _check_cell(folder, cell, searched[cell.dataset], listed, found)
    _check_card(folder, contents, metrics, listed, found)
    for cell in contents.cells if encode else ():
        if cell.dataset not in paths:
            continue
        if cell.dataset not in usable:
            found.notes.append(f"{cell.folder}: the features are of other videos, so its codes were not made again")
        elif f"{cell.folder}/{names.MODEL}" in listed:
            from s5vh.sharing.encoding_again import check_codes

            found.checks[cell.folder] += check_codes(folder / cell.folder, paths[cell.dataset], device, threads)
        else:
            found.notes.append(f"{cell.folder}: the weights were not exported, so its codes were not made again")
    return found


def _listed(folder: Path, name: str, listed: Sequence[str]) -> Path:
    if name not in listed:
        raise UserError(f"{folder / name}: has no checksum in {names.SUMS}; export the results again")
    return folder / name


def _videos(
    folder: Path,
    name: str,
    record: dict[str, Any],
    listed: Sequence[str],
    given: Mapping[Path, Videos],
    contents: Contents,
    found: Verification,
) -> tuple[Videos, Path | None]:
    """Videos of a data set, with labels from feature files if they are not here; and the folder of these files."""
    labelled = record["labels"] == "included"
    tables = [DATABASE] if record.get("queries_are_database") is True else [DATABASE, QUERY]
    for table in tables:
        _listed(folder, f"{name}/{table}", listed)
    here = read_videos(folder / name, record, folder / names.CONTENTS, labelled)
    path = next((path for path, videos in given.items() if videos.digest() == record["digest"]), None)
    if path is None and len(contents.data) == len(given) == 1:
        path = next(iter(given))  # then what differs is told
    group = ("videos", "digest of ids, labels and self-matches")
    checks = []
    if labelled or record["labels"] == "none":
        checks.append(Check(group, ("export.json", name, "digest"), record["digest"], here.digest()))
    if path is not None:
        theirs = given[path]
        line = ("videos", "ids, labels and self-matches of the features")
        checks.append(Check(line, ("export.json", name, "digest"), record["digest"], theirs.digest()))
        own = theirs.without_labels() if record["labels"] == "left out" else theirs
        checks.append(Check(line, (name, "tables"), here.tables() == own.tables(), True))
        kept = {key: record[key] for key in ("classes", "class_names", "aspects")}
        checks += compare(kept, {key: theirs.record()[key] for key in kept}, ("export.json", name), line)
        if record["labels"] == "left out":
            here = replace(theirs, aspects=here.aspects)
    elif record["labels"] == "left out":
        raise UserError(
            f"{folder}: the labels of '{name}' were left out; give the data set's feature files, e.g. --features "
            f"results/{name}/features"
        )
    found.checks[f"data set {name}"] = checks
    return here, path


def _check_cell(
    folder: Path, cell: SharedCell, videos: Videos, listed: Sequence[str], found: Verification
) -> dict[str, Any]:
    """Check one cell; returns its recomputed metrics."""
    metrics_file, codes_file, curves_file, settings_file = (
        _listed(folder, f"{cell.folder}/{name}", listed)
        for name in (names.METRICS, names.CODES, names.CURVES, names.SETTINGS)
    )
    metrics, settings = read_object(metrics_file), read_object(settings_file)
    codes = read_shared_codes(codes_file)
    checks = [Check(("identity", "bits of the codes"), ("bits",), cell.bits, codes.bits)]
    for file, told in ((names.METRICS, metrics), (names.SETTINGS, settings)):
        mine = {key: told[key] for key in cell.place if key in told}
        checks += compare(mine, cell.place, (file,), ("identity", file))
    model = f"{cell.folder}/{names.MODEL}"
    if model in listed:
        digest = names.sha256_of(folder / model)
        checks.append(Check(("identity", names.MODEL), ("model_sha256",), cell.model_sha256, digest))
    checks += check_protocols(metrics, cell.protocols, metrics_file)
    again = recomputed(metrics, codes, videos, metrics_file)
    checks += check_scores(metrics, curves_file, again)
    found.checks[cell.folder] = checks
    found.not_derived[cell.folder] = not_derived(metrics)
    return again.metrics


def _check_card(
    folder: Path,
    contents: Contents,
    metrics: Mapping[str, dict[str, Any]],
    listed: Sequence[str],
    found: Verification,
) -> None:
    """Whether the model card shows the recomputed scores."""
    if names.CARD not in listed:
        found.notes.append(f"{names.CARD} is missing or has no checksum, so the model card was not checked")
        return
    cells = [
        replace(cell, protocols={name: one["settings"] for name, one in metrics[cell.folder]["protocols"].items()})
        for cell in contents.cells
    ]
    own = replace(contents, cells=cells)
    index, block = read_card(read_small_text(folder / names.CARD))
    checks = compare(index, model_index(own, metrics), ("model-index",), ("model card", "scores in its head"))
    checks.append(Check(("model card", "table of scores"), ("table",), block == scores_block(own, metrics), True))
    found.checks[names.CARD] = checks
