"""Tables of the hash-center solvers, on the run's data sets and on synthetic clusters."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from s5vh.config.grid import Run
from s5vh.reporting import collect, lookup
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import SYNTHETIC, caption, dataset_title, kinds, number, solver_title, with_interval
from s5vh.retrieval.uncertainty import student_interval

ONCE = "Each solver ran once, with its default seed, whatever the seeds of the run."
SEVERAL = (
    "Each solver ran once, with its default seed, except on centered and uncentered features: mean over {count} seeds "
    "there, of the features and of the solver; ± is half of the 95% interval (Student's t)."
)
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
_CENTERING = (
    ("objective", "objective", 0),
    ("relative", "relative to best", 2),
    ("coincident_pairs", "identical pairs", 1),
    ("minimum_distance", "minimum distance", 1),
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
    several = collect.centering(run, results)
    blocks += [_centering_block(problem, part) for problem, part in several.groupby("problem", sort=False)]
    if len(several):
        data = pd.concat([data, several.assign(dataset="", data=SYNTHETIC)], ignore_index=True)
    what = (
        "Hash-center solvers on one core: objective of equation 11 (lower is better) and its two terms, Hamming "
        "distances between centers in bits, pairs of identical centers, correlation between center and cluster "
        "similarities. Synthetic clusters are random centroids in ten groups; centered and uncentered features are "
        "averages after a ReLU of such clusters, with and without their mean. The time limit of `released` is "
        f"{study.seconds} s."
    )
    seeds = SEVERAL.format(count=study.centering.seeds) if len(several) else ONCE
    return Table(caption(what, run, seeds=seeds), data, blocks)


def _centering_block(problem: str, part: pd.DataFrame) -> Block:
    """One row per solver, with intervals over seeds; nothing is marked as best."""
    rows = []
    for solver, runs in part.groupby("solver", sort=False):
        entries = []
        for name, _, digits in _CENTERING:
            known = runs[name].dropna()
            entries.append(Entry(with_interval(*student_interval(known), digits) if len(known) else ""))
        rows.append([Entry(solver_title(solver)), *entries])
    heading = f"Synthetic, {problem}: {part.clusters.iloc[0]:.0f} centers, {part.bits.iloc[0]} bits"
    return Block(heading, ["Solver", *(title for _, title, _ in _CENTERING)], rows)


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
