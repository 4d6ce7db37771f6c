"""Everything in `metrics.json` and `pr.csv` that follows from codes, ids and labels, computed again and compared."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.config.run import RunConfig
from s5vh.retrieval.codes import Codes, unpack
from s5vh.retrieval.protocol import Protocol
from s5vh.sharing.comparison import Check, Group, compare, leaves
from s5vh.sharing.reading import field, read_small_text
from s5vh.sharing.videos import Videos
from s5vh.studies.scores import PR_COLUMNS, plain_statistics, score_codes

_DERIVED = ("protocols", "aspects", "classes", "codes", "queries_in_database", "queries_in_database_examples")
_IDENTITY = ("dataset", "method", "bits", "seed")
_EXAMPLES = 10
_MOST_PROTOCOLS, _MOST_CUTOFFS, _LARGEST_CUTOFF = 100, 1000, 2**31
_LINES = {
    "settings": "settings, in full",
    "tie_bounds": "bounds over orders of ties",
    "precision": "precision@N",
    "recall": "recall@N",
    "hamming_radius": "within the Hamming radius",
    "interval": "intervals over queries",
    **dict.fromkeys(("bits", "queries", "database"), "bits, queries and videos"),
    **dict.fromkeys(("queries_without_relevant", "cutoffs_beyond_database"), "missing relevant videos and ranks"),
}
_CURVES = "precision-recall curves"


@dataclass(frozen=True)
class Recomputed:
    """What follows from codes: the part `metrics` of a `metrics.json`, and the rows `curves` of a `pr.csv`."""

    metrics: dict[str, Any]
    curves: list[dict[str, Any]]
    strangers: int  # queries whose code is not that of the video in the database that they are said to be


def recomputed(metrics: dict[str, Any], codes: Codes, videos: Videos, where: Path) -> Recomputed:
    """Score the codes of one cell under the protocols of its `metrics.json`.

    Args:
        metrics: its `metrics.json`, of which only the settings of protocols are used.
        codes: its codes.
        videos: ids, labels and self-matches.
        where: the file of `metrics`, for messages.

    Raises:
        UserError: files whose form is wrong, or codes that are not of as many videos.
    """
    for name, packed, part in (("database", codes.database, videos.database), ("query", codes.query, videos.query)):
        if len(packed) != len(part.ids):
            raise UserError(f"{where.parent}: {len(packed)} {name} codes, but {len(part.ids)} videos are listed")
    protocols = read_protocols(metrics, where)
    if protocols and not videos.is_labelled:
        raise UserError(f"{where}: has scores, but the videos have no labels; export the results again")
    query, database = (unpack(packed, codes.bits) for packed in (codes.query, codes.database))
    own = [(hit, int(videos.self_index[hit])) for hit in np.flatnonzero(videos.self_index >= 0).tolist()]
    examples = [] if videos.same else [[videos.query.ids[hit], videos.database.ids[row]] for hit, row in own]
    found: dict[str, Any] = {
        "protocols": {},
        "codes": {"database": plain_statistics(database), "query": plain_statistics(query)},
        "queries_in_database": len(own),
        "queries_in_database_examples": examples[:_EXAMPLES],
    }
    curves: list[dict[str, Any]] = []
    if protocols:
        labels = videos.query.labels, videos.database.labels
        scores = score_codes(query, database, codes.bits, *labels, protocols, videos.self_index, videos.aspects)
        found |= {"protocols": scores.protocols, "classes": videos.classes, "aspects": scores.aspects}
        curves = scores.curves
    strangers = sum((codes.query[hit] != codes.database[row]).any() for hit, row in own)
    return Recomputed(found, curves, int(strangers))


def check_scores(metrics: dict[str, Any], curves_file: Path, again: Recomputed) -> list[Check]:
    """Compare a `metrics.json` and the `pr.csv` beside it with what follows from the codes."""
    claimed = {key: metrics[key] for key in _DERIVED if key in metrics}
    checks = [
        Check(_group(check.path), check.path, check.claimed, check.found)
        for check in compare(claimed, again.metrics, (), ("", ""))
    ]
    checks += _check_curves(curves_file, again.curves)
    return [*checks, Check(("videos", "self-matches with another code"), ("self-matches",), 0, again.strangers)]


def check_protocols(metrics: dict[str, Any], exported: Mapping[str, Any], where: Path) -> list[Check]:
    """Whether protocols are what they were at the export, and those of this package what their names say."""
    protocols = read_protocols(metrics, where)
    named = {name: protocol.as_dict() for name, protocol in protocols.items()}
    checks = [
        check
        for name in dict.fromkeys([*named, *exported])
        for check in compare(
            named.get(name),
            exported.get(name),
            ("protocols", name, "settings"),
            (f"protocol {name}", "settings, as exported"),
        )
    ]
    return checks + check_names(protocols)


def check_names(protocols: Mapping[str, Protocol]) -> list[Check]:
    """Whether protocols with the names that this package gives to its own ones are these, but for the cut-offs."""
    meanings = RunConfig.model_fields["protocols"].default
    return [
        Check(
            (f"protocol {name}", "settings, as its name says"),
            ("protocols", name, "settings", key),
            getattr(protocols[name], key),
            getattr(meanings[name], key),
        )
        for name in protocols
        if name in meanings
        for key in ("denominator", "ties", "exclude_self")
    ]


def read_protocols(metrics: dict[str, Any], where: Path) -> dict[str, Protocol]:
    """The protocols of a `metrics.json`; raises `UserError` if they are none, or too large to be scored."""
    given = field(metrics, "protocols", dict, where)
    settings = {name: field(scores, "settings", dict, where) for name, scores in given.items()}
    try:
        found = {name: Protocol.from_dict(own) for name, own in settings.items()}
    except UserError as error:
        raise UserError(f"{where}: {error}") from None
    cutoffs = [protocol.cutoffs for protocol in found.values()]
    if len(found) > _MOST_PROTOCOLS or any(len(ns) > _MOST_CUTOFFS or ns[-1] > _LARGEST_CUTOFF for ns in cutoffs):
        raise UserError(f"{where}: more protocols or larger cut-offs than can be scored")
    return found


def not_derived(metrics: dict[str, Any]) -> dict[str, int]:
    """What codes say nothing about: by key of `metrics.json`, the number of values."""
    known = (*_DERIVED, *_IDENTITY)
    return {key: sum(1 for _ in leaves(value)) for key, value in metrics.items() if key not in known}


def _group(path: tuple[str | int, ...]) -> Group:
    match path:
        case ("protocols", name, "mAP", cutoff, *_):
            return f"protocol {name}", f"mAP@{cutoff}"
        case ("protocols", name, kind, *_):
            return f"protocol {name}", _LINES.get(str(kind), str(kind).replace("_", " "))
        case ("aspects", name, "protocols", protocol, *_):
            return f"aspect {name}", f"protocol {protocol}"
        case ("aspects", name, kind, *_):
            return f"aspect {name}", str(kind)
        case ("codes", part, *_):
            return "codes", f"statistics of the {part}"
    return "videos", str(path[0]).replace("_", " ")


def _check_curves(path: Path, found: list[dict[str, Any]]) -> list[Check]:
    claimed = _by_protocol(_read_curves(path))
    computed = _by_protocol(found)
    return [
        check
        for name in dict.fromkeys([*claimed, *computed])
        for check in compare(
            claimed.get(name), computed.get(name), ("pr.csv", name), (f"protocol {name}", _CURVES)
        )
    ]  # fmt: skip


def _by_protocol(rows: list[dict[str, Any]]) -> dict[str, dict[str, list[float | None]]]:
    found: dict[str, dict[str, list[float | None]]] = {}
    for row in rows:
        point = f"{row['curve']} {row['position']}"
        found.setdefault(row["protocol"], {})[point] = [row["precision"], row["recall"]]
    return found


def _read_curves(path: Path) -> list[dict[str, Any]]:
    try:
        lines = list(csv.reader(io.StringIO(read_small_text(path), newline=""), strict=True))
    except csv.Error as error:
        raise UserError(f"{path}: not a readable CSV file ({error})") from None
    if not lines or tuple(lines[0]) != PR_COLUMNS or any(len(line) != len(PR_COLUMNS) for line in lines):
        raise UserError(f"{path}: must have the columns {', '.join(PR_COLUMNS)}")
    rows = [dict(zip(PR_COLUMNS, line, strict=True)) for line in lines[1:]]
    if len({tuple(line[:3]) for line in lines[1:]}) < len(rows):
        raise UserError(f"{path}: has a point of a curve twice")
    return [row | {key: _number(row[key], path) for key in ("precision", "recall")} for row in rows]


def _number(text: str, path: Path) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        value = math.nan
    if value is not None and not math.isfinite(value):
        raise UserError(f"{path}: {text[:20]!r} is no number")
    return value
