"""How early in training a method reaches the final GmAP of another one: the number behind "faster convergence".

The first method of a comparison is the full one, each of the others a variant, usually the full one without one of its
parts, such as the alignment to hash centers. The level to reach is the GmAP of the variant's last evaluation.

First crossings of noisy curves come early, and the level is a single draw of its own noise. Two more quantities have
the same bias and show how much of a saving is due to it: the epoch at which the variant itself first reaches its own
level, and, with several seeds, the epoch at which its trainings with other seeds do.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from s5vh.config.grid import GridCell, Run, cells_of
from s5vh.reporting.collect import CELL, cell_csv

SEED, MEAN, CONTROL = "seed", "mean over seeds", "other seeds of the variant"
SCORE = "GmAP"
_COLUMNS = ["dataset", "method", "variant", "bits", "curve", "seed", "level", "variant_epochs", "variant_seconds",
            "variant_first", "epochs", "epoch", "seconds", "saving", "saving_seconds", "saving_first"]  # fmt: skip


class Curve(NamedTuple):
    """A training: the epochs evaluated, increasing; GmAP at each; seconds of training up to each. All [evaluations]."""

    epochs: np.ndarray
    scores: np.ndarray
    seconds: np.ndarray


class Reached(NamedTuple):
    """The first evaluation at or above a level; both infinite if there is none."""

    epoch: float
    seconds: float


def first_reached(curve: Curve, level: float) -> Reached:
    """The first evaluation whose score is at least `level`."""
    above = np.flatnonzero(curve.scores >= level)
    if not len(above):
        return Reached(np.inf, np.inf)
    return Reached(float(curve.epochs[above[0]]), float(curve.seconds[above[0]]))


def mean_curve(curves: list[Curve]) -> Curve:
    """Mean over several trainings of a method, at the epochs that all evaluated; some may have stopped early."""
    epochs = curves[0].epochs
    for curve in curves[1:]:
        epochs = np.intersect1d(epochs, curve.epochs)
    rows = [np.isin(curve.epochs, epochs) for curve in curves]
    scores = np.mean([curve.scores[row] for curve, row in zip(curves, rows, strict=True)], axis=0)
    seconds = np.mean([curve.seconds[row] for curve, row in zip(curves, rows, strict=True)], axis=0)
    return Curve(epochs, scores, seconds)


def reach(full: Curve, variant: Curve) -> dict[str, float]:
    """When `full` reaches the final score of `variant`, and what that saves.

    Returns:
        level: score of the variant's last evaluation; variant_epochs, variant_seconds: when that was; variant_first:
        epoch at which the variant first reaches it; epochs: last epoch of `full`, beyond which nothing is known; epoch,
        seconds: when `full` first reaches the level, infinite if never; saving, saving_seconds: one minus the ratio to
        the variant's, minus infinity if never; saving_first: the same against `variant_first`.
    """
    level, epochs, seconds = (float(values[-1]) for values in (variant.scores, variant.epochs, variant.seconds))
    own = first_reached(variant, level).epoch
    found = first_reached(full, level)
    return {
        "level": level,
        "variant_epochs": epochs,
        "variant_seconds": seconds,
        "variant_first": own,
        "epochs": float(full.epochs[-1]),
        "epoch": found.epoch,
        "seconds": found.seconds,
        "saving": 1 - found.epoch / epochs,
        "saving_seconds": 1 - found.seconds / seconds,
        "saving_first": 1 - found.epoch / own,
    }


def training_curves(run: Run, results: Path, grid: list[tuple[str, int]]) -> dict[GridCell, Curve]:
    """The training curve of every cell with these (method, bits); raises `UserError` for missing or broken files."""
    evals = cell_csv(results, cells_of(run, grid), "evals.csv", ["epoch", SCORE, "seconds"])
    return {
        GridCell(*key): Curve(part.epoch.to_numpy(), part[SCORE].to_numpy(), part.seconds.to_numpy())
        for key, part in evals.groupby(CELL, sort=False)
    }


def convergence(run: Run, results: Path, grid: list[tuple[str, int]] | None = None) -> pd.DataFrame:
    """When the first method of `grid`, by default of the convergence study, reaches the final GmAP of each other one.

    Returns:
        One row per data set, code length, variant and `curve`: `SEED`, both trainings with the same seed; `MEAN`, the
        mean curves, with several seeds; `CONTROL`, the variant's training with another seed in place of the full
        method, for every ordered pair of seeds. `seed` is that of the level, missing for means; the other columns are
        those of `reach`.
    """
    grid = run.config.convergence_grid if grid is None else grid
    methods, lengths = (list(dict.fromkeys(values)) for values in (zip(*grid, strict=True) if grid else ([], [])))
    curves = training_curves(run, results, grid)
    rows = []
    for dataset, bits, variant in product(run.datasets, lengths, methods[1:]):
        named = {"dataset": dataset, "method": methods[0], "variant": variant, "bits": bits}
        full, other = (
            {seed: curves[GridCell(dataset, method, bits, seed)] for seed in run.config.seeds}
            for method in (methods[0], variant)
        )
        rows += [named | row for row in _rows(full, other)]
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"seed": "Int64"})


def _rows(full: dict[int, Curve], variant: dict[int, Curve]) -> Iterator[dict[str, object]]:
    """Rows of one variant; both arguments have one curve per seed."""
    for seed in full:
        yield {"curve": SEED, "seed": seed} | reach(full[seed], variant[seed])
    if len(full) == 1:
        return
    yield {"curve": MEAN, "seed": None} | reach(mean_curve(list(full.values())), mean_curve(list(variant.values())))
    for seed, other in permutations(variant, 2):
        yield {"curve": CONTROL, "seed": seed} | reach(variant[other], variant[seed])


def median_and_range(values: pd.Series) -> tuple[float, float, float]:
    """Median, minimum and maximum. Infinite values, for levels that were never reached, count like any others."""
    numbers = values.to_numpy(np.float64)
    return float(np.median(numbers)), float(numbers.min()), float(numbers.max())
