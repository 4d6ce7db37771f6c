"""Read the results of a run's cells into tidy data frames, with one row per number and one column per coordinate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.base.errors import UserError
from s5vh.base.files import read_json
from s5vh.config import layout
from s5vh.config.grid import GridCell, Run
from s5vh.reporting.transfer_pairs import transfer_cells
from s5vh.retrieval.query_scores import QueryScores, read_query_scores
from s5vh.retrieval.uncertainty import student_half_width

CELL = ["dataset", "method", "bits", "seed"]
ONE_SEED = "over queries, one seed"
_SCORES = ["protocol", "metric", "value", "low", "high"]
_SCORED = {"mAP", "GmAP", "tie_bounds", "interval", "hamming_radius"}  # required of every protocol
_AGAIN = "delete it and run the workflow again"


def summarise(frame: pd.DataFrame, values: Sequence[str] = ("value",)) -> pd.DataFrame:
    """Aggregate over seeds: means of `values`, and a 95% confidence interval of the first of them.

    With several seeds, the interval is Student's t interval of the mean. With a single seed, it is the interval over
    queries in the columns `low` and `high` of `frame`, if present. The column `interval` says which one it is: "over 3
    seeds", "over queries, one seed", or "".

    Column `deviation` is the sample standard deviation over seeds, NaN for one.

    Rows that agree in every column except `seed`, `low`, `high` and `values` form a group; groups keep their order.
    """
    first, *others = values
    keys = [column for column in frame.columns if column not in {"seed", "low", "high", *values}]
    groups = frame.groupby(keys, sort=False, dropna=False)
    found = groups[first].agg(["mean", "std", "count"])
    several = found["count"] > 1
    half = student_half_width(found["std"], found["count"])
    result = pd.DataFrame({first: found["mean"], "low": found["mean"] - half, "high": found["mean"] + half})
    if {"low", "high"} <= set(frame.columns):
        own = groups[["low", "high"]].first()
        for end in ("low", "high"):
            result[end] = result[end].where(several, own[end])
    result["deviation"] = found["std"]
    result["seeds"] = found["count"]
    result["interval"] = "over " + found["count"].astype(str) + " seeds"
    result["interval"] = result["interval"].where(several, np.where(result["low"].notna(), ONE_SEED, ""))
    for name in others:
        result[name] = groups[name].mean()
    return result.reset_index()


def by_seed(frame: pd.DataFrame, keys: list[str]) -> dict[tuple[Any, ...], np.ndarray]:
    """Values float64 [seeds] of every group of rows that agree in `keys`, in the order of their seeds."""
    ordered = frame.sort_values("seed")
    return {group: part.value.to_numpy(np.float64) for group, part in ordered.groupby(keys, sort=False)}


def within(samples: Mapping[tuple[Any, ...], np.ndarray], *place: Any) -> dict[tuple[Any, ...], np.ndarray]:
    """The items of `by_seed` whose keys begin with `place`, by the rest of their keys."""
    return {key[len(place) :]: values for key, values in samples.items() if key[: len(place)] == place}


def map_scores(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with mAP@N, without GmAP."""
    return frame[frame.metric.str.startswith("mAP@")].reset_index(drop=True)


def read_metrics(path: Path, protocols: Iterable[str] = ()) -> dict[str, Any]:
    """Read a metrics.json and validate its structure.

    Raises:
        UserError: missing or broken file, or a missing protocol.
    """
    metrics = read_json(path)
    if not isinstance(metrics, dict) or not isinstance(metrics.get("protocols"), dict):
        raise UserError(f"{path}: not a metrics file (no 'protocols'); {_AGAIN}")
    for name in protocols:
        scores = metrics["protocols"].get(name)
        if scores is None:
            raise UserError(f"{path}: no scores for protocol '{name}'; {_AGAIN}")
        if lacking := _SCORED - set(scores):
            raise UserError(f"{path}: protocol '{name}' lacks {', '.join(sorted(lacking))}; {_AGAIN}")
    return metrics


def scores(run: Run, results: Path, cells: list[GridCell]) -> pd.DataFrame:
    """mAP@N and GmAP of cells under every protocol of the run.

    Returns:
        dataset, method, bits, seed, protocol, metric ("mAP@5", ..., "GmAP"), value, and the bounds `low` and `high` of
        its bootstrap interval over queries.
    """
    return pd.DataFrame(
        [
            {**cell._asdict(), **row}
            for cell in cells
            for row in _score_rows(layout.cell(*cell, results) / "metrics.json", run)
        ],
        columns=[*CELL, *_SCORES],
    )


def transfer_scores(run: Run, results: Path, table: str | None = None) -> pd.DataFrame:
    """Like `scores`, for `transfer_cells`; `dataset` is the data set searched, `train` the one trained on."""
    rows = []
    for test, cell in transfer_cells(run, table):
        folder = layout.transfer(cell.dataset, test, cell.method, cell.bits, cell.seed, results)
        where = {"train": cell.dataset, **cell._asdict(), "dataset": test}
        rows += [{**where, **row} for row in _score_rows(folder / "metrics.json", run)]
    return pd.DataFrame(rows, columns=["train", *CELL, *_SCORES])


def _score_rows(path: Path, run: Run) -> list[dict[str, Any]]:
    found = read_metrics(path, run.config.protocols)["protocols"]
    rows = []
    for protocol in run.config.protocols:
        scores, interval = found[protocol], found[protocol]["interval"] or {}
        values = {f"mAP@{n}": (value, interval.get("mAP", {}).get(n)) for n, value in scores["mAP"].items()}
        values["GmAP"] = scores["GmAP"], interval.get("GmAP")
        for metric, (value, ends) in values.items():
            low, high = ends or (np.nan, np.nan)  # no interval with a single query
            rows.append(dict(zip(_SCORES, (protocol, metric, float(value), low, high), strict=True)))
    return rows


def query_scores(run: Run, results: Path, dataset: str, method: str, bits: int) -> list[QueryScores]:
    """AP@N of every query, one item per seed, in the order of the run's seeds."""
    cells = (GridCell(dataset, method, bits, seed) for seed in run.config.seeds)
    return [read_query_scores(layout.cell(*cell, results) / "ap.npz", [run.config.main_protocol]) for cell in cells]


def read_csv(path: Path, columns: Iterable[str]) -> pd.DataFrame:
    """Read a CSV file that must have at least these columns; raises `UserError` otherwise."""
    try:
        frame = pd.read_csv(path)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not a readable table ({error}); {_AGAIN}") from None
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise UserError(f"{path}: no column {', '.join(missing)}; {_AGAIN}")
    return frame


def cell_csv(results: Path, cells: list[GridCell], file: str, columns: list[str]) -> pd.DataFrame:
    """`evals.csv`, `train.csv` or `pr.csv` of all cells, concatenated, with the cell's coordinates as first columns."""
    frames = []
    for cell in cells:
        frame = read_csv(layout.cell(*cell, results) / file, columns)
        for position, (name, value) in enumerate(cell._asdict().items()):
            frame.insert(position, name, value)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*CELL, *columns])


_CENTERS = ("clusters", "objective", "similarity_term", "balance_term", "minimum_distance", "mean_distance",
            "coincident_pairs", "correlation", "seconds")  # fmt: skip


def centers(run: Run, results: Path) -> pd.DataFrame:
    """Statistics of every hash-center solver, with columns dataset, solver, bits, and one per statistic.

    `relative` is the objective divided by the best one for the same data set and code length; `limit_reached` is the
    limit that stopped the solver early ("seconds" or "iterations"), if any.
    """
    from s5vh.reporting.inputs import centers_files

    found = [
        ({"dataset": dataset, "solver": solver, "bits": bits}, path)
        for dataset, solver, bits, path in centers_files(run, results)
    ]
    return _centers_frame(found, ["dataset", "solver", "bits"])


def solvers(run: Run, results: Path) -> pd.DataFrame:
    """The same for the solver study: problem, dataset ("" for synthetic clusters), solver, bits, statistics."""
    from s5vh.reporting.inputs import solver_files

    columns = ["problem", "dataset", "solver", "bits"]
    found = [({name: getattr(file, name) or "" for name in columns}, file.path) for file in solver_files(run, results)]
    return _centers_frame(found, columns)


def _centers_frame(found: list[tuple[dict[str, Any], Path]], columns: list[str]) -> pd.DataFrame:
    """Rows with these first columns and the statistics of their centers files; the first column names the problem."""
    from s5vh.centers.centers_file import read_centers

    rows = []
    for row, path in found:
        statistics = read_centers(path).statistics
        values = {name: statistics.get(name) for name in (*_CENTERS, "limit_reached")}
        rows.append({**row, **values})
    frame = pd.DataFrame(rows, columns=[*columns, *_CENTERS, "limit_reached"])
    frame[list(_CENTERS)] = frame[list(_CENTERS)].astype("float64")
    best = frame.groupby([columns[0], "bits"])["objective"].transform("min")
    frame.insert(frame.columns.get_loc("objective") + 1, "relative", frame["objective"] / best.where(best > 0))
    return frame


def centering(run: Run, results: Path) -> pd.DataFrame:
    """The study of centering: problem, solver, bits, centered, seed, statistics; `relative` is to the best solver on
    the same similarities.

    Raises:
        UserError: missing or broken file.
    """
    from s5vh.reporting.inputs import centering_files

    names = ["bits", "centered", "seed", *_CENTERS, "limit_reached"]
    rows = []
    for solver, path in centering_files(run, results):
        try:
            rows += [{"solver": solver} | {name: row[name] for name in names} for row in read_json(path)["rows"]]
        except (KeyError, TypeError):
            raise UserError(f"{path}: not a result of the study of centering; {_AGAIN}") from None
    frame = pd.DataFrame(rows, columns=["solver", *names])
    frame[list(_CENTERS)] = frame[list(_CENTERS)].astype("float64")
    frame.insert(0, "problem", ["centered features" if found else "features not centered" for found in frame.centered])
    best = frame.groupby(["centered", "seed"])["objective"].transform("min")
    frame.insert(frame.columns.get_loc("objective") + 1, "relative", frame["objective"] / best.where(best > 0))
    return frame


def codes(results: Path, cells: list[GridCell]) -> list[tuple[GridCell, str, dict[str, Any]]]:
    """(cell, part, statistics) of stored codes; part is "database" or "query".

    The statistics are those of `s5vh.retrieval.codes.code_statistics` and the number of `videos`.
    """
    from s5vh.retrieval.codes import code_statistics, read_codes, unpack

    found = []
    for cell in cells:
        stored = read_codes(layout.cell(*cell, results) / "codes.npz")
        for part in ("database", "query"):
            packed = getattr(stored, part)
            found.append((cell, part, code_statistics(unpack(packed, stored.bits)) | {"videos": len(packed)}))
    return found


_SIZES = ["parameters", "encoding_parameters", "flops_per_video"]
_TIMES = ["milliseconds_per_video", "milliseconds_median", "mib_per_video"]


def efficiency(run: Run, results: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Measurements of the efficiency study, and fits to them.

    Returns:
        One row per method, purpose ("encode" or "train") and length; times and memory are NaN where no batch fits, and
        times measured on a busy machine have text in column `disturbance`. Then what `fit_files` writes.

    Raises:
        UserError: missing or broken file, or a method without a fit.
    """
    columns = ["method", "purpose", "frames", "batch_size", *_TIMES, *_SIZES, "disturbance", "device"]
    methods = run.config.efficiency.methods
    if not methods:
        return pd.DataFrame(columns=columns), {"methods": {}, "reference": None, "crossings": {}}
    frames = [read_csv(layout.efficiency(method, results), columns) for method in methods]
    path = layout.efficiency_fit(results)
    fits = read_json(path)
    for method in methods:
        if method not in fits.get("methods", {}):
            raise UserError(f"{path}: no fit for method '{method}'; {_AGAIN}")
    points = pd.concat(frames, ignore_index=True)
    return points.assign(disturbance=points.disturbance.astype(object).fillna("")), fits


def devices(points: pd.DataFrame) -> str:
    """Names of the devices that were measured; "" if nothing was."""
    return ", ".join(dict.fromkeys(map(str, points.device)))


def disturbances(points: pd.DataFrame) -> dict[tuple[str, str], str]:
    """By method and purpose, why times are not to be trusted; empty if the machine was quiet."""
    first = points.groupby(["method", "purpose"], sort=False).disturbance.first()
    return {(str(method), str(purpose)): str(reason) for (method, purpose), reason in first.items() if reason}
