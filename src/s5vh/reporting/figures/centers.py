"""Comparison of hash-center solvers: objective, distances, identical centers, agreement with cluster similarities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from s5vh.config.grid import Run
from s5vh.reporting import collect, lookup
from s5vh.reporting.style import GREY, empty_panel, handle, headline, new_figure, series_style
from s5vh.reporting.words import kinds, panel_title, solver_title

_SIDE_BY_SIDE = 1.0  # bits between solvers, if there is a single code length to draw them at


def draw_centers(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """One row per data set, one line per solver, against the code length."""
    data = collect.centers(run, results)
    data.insert(1, "data", kinds(data.dataset))
    solvers, datasets, lengths = list(run.config.centers.solvers), run.datasets, list(run.config.bits)
    figure = new_figure(13.0, 1.2 + 2.9 * max(1, len(datasets)))
    axes = figure.subplots(max(1, len(datasets)), 4, squeeze=False)
    if not datasets:
        for panel in axes.ravel():
            empty_panel(panel, "no data set ran")
    for dataset, (objective, distance, equal, agreement) in zip(datasets, axes, strict=False):
        part = data[data.dataset == dataset]
        clusters = lookup.dataset(dataset).semantics.clusters
        for number, solver in enumerate(solvers):
            line = part[part.solver == solver].sort_values("bits")
            # The first on top: a circle does not hide what lies below it.
            style = series_style(number) | {"zorder": 3 - 0.01 * number}
            x = line.bits + (_SIDE_BY_SIDE * (number - (len(solvers) - 1) / 2) if len(lengths) == 1 else 0)
            objective.plot(x, line.relative, **style)
            distance.plot(
                x, line.mean_distance / line.bits, linestyle=":", linewidth=1.4, **_mean_style(style, lengths)
            )
            distance.plot(x, line.minimum_distance / line.bits, **style)
            equal.plot(x, line.coincident_pairs, **style)
            agreement.plot(x, line.correlation, **style)
        objective.set_title(f"{panel_title(dataset)}, {clusters} centers")
        objective.set_ylabel("objective / best (log)")
        _log_axis(objective, part.relative)
        distance.set(title="Distance between centers", ylabel="distance / bits", ylim=(0, 0.75))
        told = "hollow: mean, filled: minimum" if len(lengths) == 1 else "dotted: mean, solid: minimum"
        distance.text(0.03, 0.97, told, transform=distance.transAxes, va="top",
                      fontsize=8.5, color=GREY)  # fmt: skip
        equal.set(title="Identical centers", ylabel="pairs")
        most_equal = part.coincident_pairs.max()
        if most_equal > 20:
            equal.set_yscale("symlog", linthresh=1)
        else:
            equal.yaxis.set_major_locator(MaxNLocator(integer=True))
        equal.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        equal.set_ylim(-0.2, max(3.0, 2 * most_equal))
        agreement.set(title="Agreement with the clusters", ylabel="correlation with W", ylim=(None, 1.03))
        for panel in (objective, distance, equal, agreement):
            panel.set_xticks(lengths)
            if len(lengths) == 1:
                panel.set_xlim(lengths[0] - _SIDE_BY_SIDE * len(solvers), lengths[0] + _SIDE_BY_SIDE * len(solvers))
    for panel in axes[-1]:
        panel.set_xlabel("bits")
    handles = [handle(solver_title(solver), **series_style(number)) for number, solver in enumerate(solvers)]
    headline(figure, "Hash centers by solver", run, handles)
    return figure, data


def _mean_style(style: dict[str, Any], lengths: list[int]) -> dict[str, Any]:
    """Style of mean distances: a line without markers, or hollow markers if there is a single code length."""
    if len(lengths) == 1:
        return style | {"markerfacecolor": "white"}
    return {"color": style["color"]}


def _log_axis(axes: Axes, values: pd.Series) -> None:
    """A logarithmic axis with plain tick labels, or a linear one if all objectives are similar."""
    if values.max() > 3:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_ylabel("objective / best")
