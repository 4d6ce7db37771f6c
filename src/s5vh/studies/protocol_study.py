"""How much retrieval scores depend on the protocol: on the order of ties, and on queries that retrieve themselves.

Ties: publications report mAP@N divided by N, with ties in storage order. The study computes this score for the stored
order and for random orders of the database, the exact mean over all tie orders, and the worst and best order.
Self-match: the database is queried with its own videos, as in published FCVID results, with and without each query in
its own ranking, under each protocol of the run. Near-duplicates: queries with a very similar video in the database.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_json
from s5vh.base.provenance import provenance
from s5vh.config.studies import ProtocolStudyConfig
from s5vh.config.validation import explain
from s5vh.data.features import open_features
from s5vh.retrieval.codes import Codes, read_codes
from s5vh.retrieval.metrics import evaluate
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.result import RetrievalResult
from s5vh.studies.near_duplicates import near_duplicates

PUBLISHED_STYLE = Protocol()
_CELL = ("dataset", "method", "bits", "seed")


def study_protocol(
    cells: Iterable[Path],
    *,
    database_file: Path,
    query_file: Path,
    protocols: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, Any],
    output: Path,
) -> dict[str, Any]:
    """Study the codes of evaluated cells of one data set; writes the result as JSON and returns it.

    Args:
        cells: folders with codes.npz and metrics.json.
        database_file, query_file: feature files of the data set.
        protocols: settings of every protocol by name; both values of `exclude_self` are evaluated.
        settings: the key `protocol_study` of the configuration; `orders` and `near_duplicates` are used here.
        output: JSON file to write.

    Raises:
        UserError: a missing or broken file, no labels, or cells of several data sets.
    """
    try:
        config = ProtocolStudyConfig.model_validate(settings)
    except ValidationError as error:
        raise explain(error, "protocol_study") from None
    chosen = {name: Protocol.from_dict(values) for name, values in protocols.items()}
    query_labels, database_labels = _labels(query_file), _labels(database_file)
    found = [_read_cell(folder) for folder in cells]
    if len(names := sorted({cell["dataset"] for cell, _ in found})) > 1:
        raise UserError(f"protocol study: cells from several data sets ({', '.join(names)}); study one at a time")
    orders = config.orders
    ties: list[dict[str, Any]] = []
    self_match: list[dict[str, Any]] = []
    for cell, codes in found:
        ties += [cell | row for row in _tie_rows(codes, query_labels, database_labels, orders)]
        self_match += [cell | row for row in _self_match_rows(codes, database_labels, chosen)]
        print(f"{output}: {cell['method']}, {cell['bits']} bits", file=sys.stderr)
    result = {
        "queries": len(query_labels),
        "database": len(database_labels),
        "orders": orders,
        "ties_protocol": PUBLISHED_STYLE.as_dict(),
        "protocols": {name: protocol.as_dict() for name, protocol in chosen.items()},
        "ties": ties,
        "self_match": self_match,
        "near_duplicates": near_duplicates(query_file, database_file, config.near_duplicates),
        "provenance": provenance(settings={"orders": orders, "near_duplicates": config.near_duplicates}),
    }
    write_json(output, result)
    return result


def _labels(path: Path) -> np.ndarray:
    with open_features(path) as features:
        if features.labels is None:
            raise UserError(f"{path}: no labels, which the protocol study requires")
        return features.labels


def _read_cell(folder: Path) -> tuple[dict[str, Any], Codes]:
    path = folder / "metrics.json"
    metrics = read_json(path)
    if not isinstance(metrics, dict) or not set(_CELL) <= set(metrics):
        raise UserError(f"{path}: not a metrics file ({', '.join(_CELL)} expected); evaluate the cell again")
    return {name: metrics[name] for name in _CELL}, read_codes(folder / "codes.npz")


def _tie_rows(
    codes: Codes, query_labels: np.ndarray, database_labels: np.ndarray, orders: int
) -> Iterator[dict[str, Any]]:
    """One row per metric: exact mean, bounds, and scores in stored and random database orders."""

    def scored(ties: str, order: np.ndarray | slice = slice(None)) -> RetrievalResult:
        protocol = replace(PUBLISHED_STYLE, ties=ties)
        database = codes.database[order], database_labels[order]
        return evaluate(codes.query, database[0], codes.bits, query_labels, database[1], protocol, curves=False)

    expected, stored = scored("expected"), scored("stable")
    # Seeded only by the number of the order, so that all methods and code lengths use the same orders.
    shuffled = [
        _values(scored("stable", np.random.default_rng(number).permutation(len(codes.database))))
        for number in range(orders)
    ]
    bounds = {f"mAP@{n}": pair for n, pair in expected.tie_bounds["mAP"].items()}
    bounds["GmAP"] = expected.tie_bounds["GmAP"]
    for metric, value in _values(expected).items():
        values = [one[metric] for one in shuffled]
        yield {
            "metric": metric,
            "expected": value,
            "lowest": bounds[metric][0],
            "highest": bounds[metric][1],
            "stored": _values(stored)[metric],
            "smallest": min(values),
            "largest": max(values),
            "deviation": float(np.std(values, ddof=1)),
            "random_orders": values,
        }


def _self_match_rows(codes: Codes, labels: np.ndarray, protocols: Mapping[str, Protocol]) -> Iterator[dict[str, Any]]:
    """One row per protocol and metric: self-retrieval in the database, with and without the query in its ranking."""
    for name, protocol in protocols.items():
        with_itself, without = (
            _values(
                evaluate(
                    codes.database,
                    codes.database,
                    codes.bits,
                    labels,
                    labels,
                    replace(protocol, exclude_self=exclude),
                    np.arange(len(labels)),
                    curves=False,
                )
            )
            for exclude in (False, True)
        )
        for metric, value in with_itself.items():
            yield {"protocol": name, "metric": metric, "with_itself": value, "without_itself": without[metric]}


def _values(result: RetrievalResult) -> dict[str, float]:
    return {f"mAP@{n}": value for n, value in result.mean_ap.items()} | {"GmAP": result.gmap}
