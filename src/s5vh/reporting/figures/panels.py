"""Panels by data set and code length, and bands around lines."""

from __future__ import annotations

from itertools import product

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from s5vh.config.grid import Run
from s5vh.reporting.style import empty_panel, new_figure

Grid = list[tuple[str, int, list[Axes]]]
BAND = 0.13  # opacity


def panels(run: Run, *, rows_each: int, height: float) -> tuple[Figure, Grid]:
    """As in the papers, a column per code length and `rows_each` rows per data set, each with one vertical axis."""
    lengths, datasets = list(run.config.bits), run.datasets
    rows = max(1, rows_each * len(datasets))
    figure = new_figure(max(8.0, 3.5 * len(lengths)), 1.1 + height * rows)
    axes = figure.subplots(rows, len(lengths), squeeze=False, sharey="row")
    if not datasets:
        for panel in axes.ravel():
            empty_panel(panel, "no data set ran")
    grid = [
        (dataset, bits, list(axes[rows_each * i : rows_each * (i + 1), j]))
        for i, dataset in enumerate(datasets)
        for j, bits in enumerate(lengths)
    ]
    return figure, grid


def study_panels(
    run: Run, wanted: list[tuple[str, int]], columns: int, *, width: float, height: float, same_y: bool = False
) -> tuple[Figure, Grid]:
    """A row of panels per data set and code length of a study.

    Args:
        wanted: (method, bits) of the study.
        columns: panels per row.
        width, height: of the figure and of a row, in inches.
        same_y: whether panels in a row share the vertical axis.
    """
    places = list(product(run.datasets, dict.fromkeys(bits for _, bits in wanted)))
    rows = max(1, len(places))
    figure = new_figure(width, 1.2 + height * rows)
    axes = figure.subplots(rows, columns, squeeze=False, sharey="row" if same_y else False)
    if not places:
        for panel in axes.ravel():
            empty_panel(panel, "no data set ran" if wanted else "no method to compare")
    return figure, [(*place, list(row)) for place, row in zip(places, axes, strict=False)]


def from_zero(grid: Grid) -> None:
    """`scores_from_zero` for all panels.

    Called after plotting: setting one limit earlier would stop autoscaling of the other for all panels in the row.
    """
    for _, _, axes in grid:
        for panel in axes:
            scores_from_zero(panel)


def scores_from_zero(panel: Axes, room: float = 1.0) -> None:
    """Start the vertical axis at 0 and end it at `room` times its maximum, at most slightly above 1."""
    panel.set_ylim(0, min(room * panel.get_ylim()[1], 1.02))


def outer_labels(grid: Grid, x: list[str], y: list[str], columns: int) -> None:
    """Labels of the axes, one per row of a data set: `y` in the first column, `x` below the last panel that has it."""
    for number, (_, _, axes) in enumerate(grid):
        below = [*x[1:], x[0] if number < len(grid) - columns else None]
        for panel, across, up, next_one in zip(axes, x, y, below, strict=True):
            if number % columns == 0:
                panel.set_ylabel(up)
            if across != next_one:
                panel.set_xlabel(across)


def band(axes: Axes, x: pd.Series, part: pd.DataFrame, color: str) -> None:
    """The 95% interval around a line, from the columns `low` and `high`, if there is one."""
    if part.low.notna().any():
        axes.fill_between(x, part.low, part.high, color=color, alpha=BAND, linewidth=0)
