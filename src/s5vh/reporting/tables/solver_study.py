"""Tables of the hash-center solvers, on the run's data sets and on synthetic clusters."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from s5vh.config.grid import Run
from s5vh.reporting import collect, lookup
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import SYNTHETIC, caption, dataset_title, kinds, number, solver_title

ONCE = "Each solver ran once, with its default seed, whatever the seeds of the run."
# (statistic, column title, digits)
_OBJECTIVE = (("objective", "objective", 3), ("relative", "relative to best", 2))
_TERMS = (("similarity_term", "similarity term", 0), ("balance_term", "balance term", 0))
_REST = (
    ("minimum_distance", "minimum distance", 0),
    ("mean_distance", "mean distance", 1),
    ("coincident_pairs", "identical pairs", 0),
    ("correlation", "correlation with W", 3),
    ("seconds", "seconds", 2),
)


def build_centers(run: Run, results: Path) -> Table:
    """Objective, separation and consistency with the clusters, for each hash-center solver."""
    data = collect.centers(run, results)
    data.insert(1, "data", kinds(data.dataset))
    blocks = []
    for dataset in run.datasets:
        clusters = lookup.dataset(dataset).semantics.clusters
        for bits in run.config.bits:
            heading = f"{dataset_title(dataset)}, {clusters} centers, {bits} bits"
            part = data[(data.dataset == dataset) & (data.bits == bits)]
            blocks.append(_block(heading, part, (*_OBJECTIVE, *_REST)))
    what = (
        "Hash centers by solver: objective of equation 11 (lower is better), Hamming distances between centers in "
        "bits, pairs of identical centers, and correlation between center and cluster similarities."
    )
    return Table(caption(what, run, seeds=ONCE), data, blocks)


def build_solvers(run: Run, results: Path) -> Table:
    """The solver study on every problem: terms of the objective, separation, consistency, time, limits."""
    data = collect.solvers(run, results)
    data.insert(2, "data", [kinds([name])[0] if name else SYNTHETIC for name in data.dataset])
    blocks = []
    for (problem, bits), part in data.groupby(["problem", "bits"], sort=False):
        title = dataset_title(problem) if part.dataset.iloc[0] else f"{problem}, synthetic"
        heading = f"{title}: {part.clusters.iloc[0]:.0f} centers, {bits} bits"
        blocks.append(_block(heading, part, (*_OBJECTIVE, *_TERMS, *_REST)))
    study = run.config.solver_study
    what = (
        "Hash-center solvers on one core: objective of equation 11 (lower is better) and its two terms, Hamming "
        "distances between centers in bits, pairs of identical centers, correlation between center and cluster "
        "similarities. Synthetic clusters are random centroids in ten groups. The time limit of `released` is "
        f"{study.seconds} s."
    )
    return Table(caption(what, run, seeds=ONCE), data, blocks)


def _block(heading: str, part: pd.DataFrame, shown: tuple[tuple[str, str, int], ...]) -> Block:
    """One row per solver; the last column has the limit that stopped a solver, if any did."""
    rows = [
        [Entry(solver_title(row.solver))] + [Entry(number(getattr(row, name), digits)) for name, _, digits in shown]
        for row in part.itertuples()
    ]
    columns = ["Solver", *(title for _, title, _ in shown)]
    if part.limit_reached.notna().any():
        columns.append("limit reached")
        for row, limit in zip(rows, part.limit_reached, strict=True):
            row.append(Entry("" if pd.isna(limit) else limit))
    return Block(heading, columns, rows)
