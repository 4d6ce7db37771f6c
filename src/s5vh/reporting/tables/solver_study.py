"""Tables of the hash-center solvers: on the data sets of the run, and on synthetic clusters beside them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from s5vh.config.grid import Run
from s5vh.reporting import collect, lookup
from s5vh.reporting.table import Block, Entry, Table, mark_best
from s5vh.reporting.words import SYNTHETIC, caption, dataset_title, kinds, number, solver_title

# Statistic, its column's title, digits.
ONCE = "Each solver ran once, with seed 1: the seeds of a run are those of the trainings."
_OBJECTIVE = (("objective", "objective", 3), ("relative", "relative to best", 2))
_TERMS = (("similarity_term", "similarity term", 0), ("balance_term", "balance term", 0))
_REST = (
    ("minimum_distance", "smallest distance", 0),
    ("mean_distance", "mean distance", 1),
    ("coincident_pairs", "equal pairs", 0),
    ("correlation", "correlation with W", 3),
    ("seconds", "seconds", 2),
)


def build_centers(run: Run, results: Path) -> Table:
    """Objective, separation and consistency of the hash centers of each solver."""
    data = collect.centers(run, results)
    data.insert(1, "data", kinds(data.dataset))
    blocks = []
    for dataset in run.datasets:
        clusters = lookup.dataset(dataset).semantics.clusters
        for bits in run.config.bits:
            heading = f"{dataset_title(dataset)}, {clusters} centers of {bits} bits"
            part = data[(data.dataset == dataset) & (data.bits == bits)]
            blocks.append(_block(heading, part, (*_OBJECTIVE, *_REST)))
    what = (
        "Hash centers by solver: objective of equation 11 (smaller is better), Hamming distances between centers in "
        "bits, pairs of equal centers, and correlation of their similarity with that of the clusters."
    )
    return Table(caption(what, run, seeds=ONCE), data, blocks)


def build_solvers(run: Run, results: Path) -> Table:
    """The solvers of the study on every problem: terms of the objective, separation, consistency, time, limits."""
    data = collect.solvers(run, results)
    data.insert(2, "data", [kinds([name])[0] if name else SYNTHETIC for name in data.dataset])
    blocks = []
    for (problem, bits), part in data.groupby(["problem", "bits"], sort=False):
        title = dataset_title(problem) if part.dataset.iloc[0] else f"{problem}, synthetic"
        heading = f"{title}: {part.clusters.iloc[0]:.0f} centers of {bits} bits"
        blocks.append(_block(heading, part, (*_OBJECTIVE, *_TERMS, *_REST)))
    study = run.config.solver_study
    what = (
        "Hash-center solvers on one core: objective of equation 11 (smaller is better) and its two terms, Hamming "
        "distances between centers in bits, pairs of equal centers, correlation of their similarity with that of the "
        f"clusters. Synthetic clusters are random centroids in ten groups. `released` may take {study.seconds} s."
    )
    return Table(caption(what, run, seeds=ONCE), data, blocks)


def _block(heading: str, part: pd.DataFrame, shown: tuple[tuple[str, str, int], ...]) -> Block:
    """A solver a line; a last column says what stopped a solver, where anything did."""
    rows = [
        [Entry(solver_title(row.solver))] + [Entry(number(getattr(row, name), digits)) for name, _, digits in shown]
        for row in part.itertuples()
    ]
    # Only the objective and the correlation say which solver did its job better; distances have no better end.
    for position, (name, *_) in enumerate(shown, start=1):
        if name in ("objective", "correlation"):
            column = [[row[0], row[position]] for row in rows]
            mark_best(column, [[value] for value in part[name]], largest=name == "correlation")
    columns = ["Solver", *(title for _, title, _ in shown)]
    if part.limit_reached.notna().any():
        columns.append("stopped by limit of")
        for row, limit in zip(rows, part.limit_reached, strict=True):
            row.append(Entry("" if pd.isna(limit) else limit))
    return Block(heading, columns, rows)
