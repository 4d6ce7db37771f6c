"""Export of cells: one folder from which others can compute every score again, without features and training."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import s5vh
from s5vh.base.errors import UserError
from s5vh.base.files import is_file, write_json, write_text
from s5vh.methods.model_file import read_model
from s5vh.retrieval.codes import read_codes, write_codes
from s5vh.retrieval.query_scores import read_query_scores
from s5vh.sharing import folder as names
from s5vh.sharing.card import model_card
from s5vh.sharing.card_facts import dataset_config
from s5vh.sharing.contents import Contents, SharedCell, is_name
from s5vh.sharing.reading import field, read_object
from s5vh.sharing.recomputation import check_names, read_protocols
from s5vh.sharing.verification import verify
from s5vh.sharing.videos import Videos, from_features

_PATTERNS = tuple(
    f"{above}{names.METRICS}"
    for above in ("", "seed*/", "*bit/seed*/", "*/*bit/seed*/", "*/*/*bit/seed*/", "*/*/*/*bit/seed*/")
)
_EVALUATED = (names.METRICS, names.CODES, names.CURVES, "ap.npz")
_AGAIN = "run the workflow for it again"
_SHOWN = 3  # disagreements in a message


@dataclass(frozen=True)
class _Source:
    """A cell in a results folder: its files, its model, and the features of the data set that is searched."""

    folder: Path
    model: Path
    features: Path
    metrics: dict[str, Any]
    settings: dict[str, Any]
    cell: SharedCell


def export(
    cells: Sequence[Path],
    output: Path | None = None,
    *,
    weights: bool = False,
    labels: bool = True,
    licence: str = "unknown",
) -> tuple[Path, Contents, bool]:
    """Write an exported folder, unless it is there already.

    Args:
        cells: folders of cells, `results/DATASET/METHOD/16bit/seed1`, or folders above them, which stand for all their
            cells.
        output: the folder to write; by default in `exports/`, named after the cells.
        weights: also write the model files.
        labels: also write the labels, not only a digest of them.
        licence: of what is written, as a model card names it.

    Returns:
        The folder, what is in it, and whether it is new or has changed.

    Raises:
        UserError: no cells, cells that are unfinished or whose scores do not follow from their codes, missing features,
            or a folder that must not be replaced.
    """
    sources = [_source(folder) for folder in _found(cells)]
    if len(roots := {source.features.parents[1] for source in sources}) > 1:  # a cell could be there twice
        raise UserError(f"{', '.join(sorted(map(str, roots)))}: export cells of one results folder at a time")
    target = output or Path("exports") / _name([source.cell for source in sources])
    names.check_replaceable(target)
    videos: dict[str, Videos] = {}
    for source in sources:
        name = source.cell.dataset
        if name not in videos:
            videos[name] = from_features(source.features)
        _check_videos(source, videos[name])
    data = {name: _record(name, own, labels) for name, own in videos.items()}
    contents = Contents(s5vh.__version__, licence, data, [source.cell for source in sources])
    with names.new_folder(target) as folder:
        for name, own in videos.items():
            for table, text in (own if labels else own.without_labels()).tables().items():
                write_text(folder / name / table, text)
        for source in sources:
            _write_cell(source, folder / source.cell.folder, weights)
        write_json(folder / names.CONTENTS, contents.as_dict())
        names.write_sums(folder)
        _check_written(folder, sources, labels)
        metrics = {source.cell.folder: source.metrics for source in sources}
        settings = {source.cell.folder: source.settings for source in sources}
        write_text(folder / names.CARD, model_card(contents, metrics, settings, weights))
        # By this a later export knows whether the card was edited.
        card = {"card_sha256": names.sha256_of(folder / names.CARD)}
        write_json(folder / names.CONTENTS, contents.as_dict() | card)
        names.write_sums(folder)
        changed = not _is_same(folder, target)
    return target, contents, changed


def _found(given: Sequence[Path]) -> list[Path]:
    """Folders of cells, sorted, each once."""
    found: dict[Path, None] = {}
    for folder in given:
        if not folder.is_dir():
            raise UserError(f"{folder}: no such folder; give that of a cell, such as results/demo/s5vh/32bit/seed1")
        below = [path.parent for pattern in _PATTERNS for path in sorted(folder.glob(pattern))]
        if not below:
            raise UserError(f"{folder}: no finished cell in it (no {names.METRICS}); run the workflow for it first")
        found |= dict.fromkeys(Path(os.path.abspath(path)) for path in below)
    return sorted(found, key=lambda path: (path.parts[:-2], _number(path.parts[-2]), _number(path.parts[-1])))


def _number(part: str) -> int:
    return int("".join(letter for letter in part if letter.isdigit()) or 0)


def _name(cells: Sequence[SharedCell]) -> str:
    """What all cells have in common, as a name: `demo_s5vh_32bit_seed1`, or `demo_s5vh_32bit` for several seeds."""
    columns = [set(column) for column in zip(*(cell.folder.split("/") for cell in cells), strict=False)]
    if len(columns[0]) > 1:
        raise UserError("these cells are of several data sets; name the folder to write with --output")
    return "_".join(part for (part, *others) in columns if not others)


def _source(folder: Path) -> _Source:
    if len(folder.parts) < 5:
        raise UserError(f"{folder}: is not in a results folder; give a cell such as results/demo/s5vh/32bit/seed1")
    metrics = read_object(folder / names.METRICS)
    protocols = read_protocols(metrics, folder / names.METRICS)
    for check in check_names(protocols):
        if not check.agrees:
            raise UserError(
                f"{folder / names.METRICS}: {check.name} is {check.claimed}, but by that name of a protocol others "
                f"understand {check.found}; give it another name in the configuration"
            )
    trained_on = field(metrics, "dataset", str, folder / names.METRICS)
    *_, above, pair, method, bits, seed = ("", "", *folder.parts)
    if above == "transfer" and pair.startswith(f"{trained_on}_to_"):
        root, dataset = folder.parents[4], pair.removeprefix(f"{trained_on}_to_")
    else:
        root, dataset = folder.parents[3], trained_on
    model = root / trained_on / method / bits / seed / names.MODEL
    missing = [path for path in (*(folder / name for name in _EVALUATED), model) if not is_file(path)]
    if missing:
        raise UserError(f"{missing[0]}: no such file, so the cell is not finished; {_AGAIN}")
    trained = read_model(model)
    if (metrics.get("provenance") or {}).get("model") != trained.provenance:
        raise UserError(f"{folder}: was evaluated with another model than {model}; {_AGAIN}")
    stored = trained.cell
    settings = {name: protocol.as_dict() for name, protocol in protocols.items()}
    place = stored.method, stored.bits, stored.seed
    cell = SharedCell(dataset, stored.dataset, *place, settings, names.sha256_of(model))
    if not all(map(is_name, (cell.dataset, cell.trained_on, cell.method))):
        raise UserError(f"{folder}: '{cell.dataset}' or '{cell.method}' cannot be the name of a folder everywhere")
    if folder.relative_to(root).as_posix() != cell.folder:
        raise UserError(f"{folder}: its model is that of {cell.folder}; {_AGAIN}")
    features = root / dataset / "features"
    return _Source(folder, model, features, metrics, json.loads(stored.to_json()), cell)


def _check_videos(source: _Source, videos: Videos) -> None:
    """Refuse codes that were not made from the feature files that are here now."""
    if read_query_scores(source.folder / "ap.npz").videos != videos.evaluated:
        raise UserError(f"{source.folder}: its codes were not made from the videos in {source.features}; {_AGAIN}")


def _record(name: str, videos: Videos, labels: bool) -> dict[str, Any]:
    kept = "none" if not videos.is_labelled else "included" if labels else "left out"
    config = dataset_config(name)
    return {"title": name if config is None else config.title, "labels": kept} | videos.record()


def _write_cell(source: _Source, folder: Path, weights: bool) -> None:
    folder.mkdir(parents=True)
    for path in (source.folder / names.METRICS, source.folder / names.CURVES, *((source.model,) if weights else ())):
        shutil.copyfile(path, folder / path.name)
    codes = read_codes(source.folder / names.CODES)
    write_codes(folder / names.CODES, codes.database, codes.query, codes.bits)
    write_json(folder / names.SETTINGS, source.settings)


def _check_written(folder: Path, sources: Sequence[_Source], labels: bool) -> None:
    """Refuse to hand out what would not be verified."""
    features = () if labels else tuple(dict.fromkeys(source.features for source in sources))
    try:
        wrong = verify(folder, features, encode=False).disagreeing
    except UserError as error:  # it names files of a folder that nobody will find
        problem = str(error).replace(f"{folder}/", "").partition("; ")[0]
        raise UserError(f"{problem}; {_AGAIN}") from None
    if wrong:
        lines = [f"{where}: {check.name} is {check.claimed}, found {check.found}" for where, check in wrong[:_SHOWN]]
        raise UserError(f"the scores do not follow from the codes ({'; '.join(lines)}); evaluate these cells again")


def _is_same(folder: Path, target: Path) -> bool:
    other = target / names.SUMS
    return other.is_file() and other.read_bytes() == (folder / names.SUMS).read_bytes()
