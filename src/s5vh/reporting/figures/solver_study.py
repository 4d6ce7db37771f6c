"""Hash-center solvers: runtime against objective, separation against agreement with the clusters, and centering."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from s5vh.config.grid import Run
from s5vh.reporting import collect
from s5vh.reporting.style import GREY, empty_panel, footnote, handle, headline, new_figure, series_style
from s5vh.reporting.words import SYNTHETIC, kinds, panel_title, solver_title
from s5vh.retrieval.uncertainty import student_interval

_ASIDE = 0.008  # between solvers along the axis of minimum distances, which otherwise often coincide
_ACROSS = 4  # maximum number of problems side by side


def draw_solvers(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """Two panels per problem, one above the other: time and objective, minimum distance and agreement; below them one
    panel with the identical pairs of centered and uncentered features."""
    data = collect.solvers(run, results)
    data.insert(2, "data", [kinds([name])[0] if name else SYNTHETIC for name in data.dataset])
    problems = list(dict.fromkeys(data.problem))
    styles = {solver: series_style(number) for number, solver in enumerate(run.config.solver_study.solvers)}
    blocks = max(1, math.ceil(len(problems) / _ACROSS))
    across = max(1, math.ceil(len(problems) / blocks))
    several = collect.centering(run, results)
    rows = 2 * blocks + bool(len(several))
    figure = new_figure(max(7.5, 1.0 + 3.6 * across), 1.3 + 2.8 * rows)
    grid = figure.add_gridspec(rows, across)
    axes = np.array([[figure.add_subplot(grid[row, column]) for column in range(across)] for row in range(2 * blocks)])
    if len(several):
        _draw_centering(figure.add_subplot(grid[-1, :]), several, styles)
    if not problems:
        empty_panel(axes[0, 0], "no problems in this run")
    sizes = _marker_sizes(sorted(set(data.bits)))
    for number, problem in enumerate(problems):
        row, column = 2 * (number // across), number % across
        part = data[data.problem == problem]
        time, plane = axes[row, column], axes[row + 1, column]
        _draw(time, part, styles, sizes, part.seconds, part.relative)
        aside = part.solver.map(
            {solver: (place - (len(styles) - 1) / 2) * _ASIDE for place, solver in enumerate(styles)}
        )
        _draw(plane, part, styles, sizes, part.minimum_distance / part.bits + aside, part.correlation)
        title = panel_title(problem) if part.dataset.iloc[0] else problem
        time.set_title(f"{title}\n{part.clusters.iloc[0]:.0f} centers")
        _time_axes(time, part)
        plane.axhline(0, color=GREY, linewidth=0.8)
        plane.set(xlabel="minimum distance / bits", xlim=(-0.03, 0.55), ylim=(-0.15, 1.03))
        if column == 0:
            time.set_ylabel("objective / best")
            plane.set_ylabel("correlation with W")
    for unused in range(len(problems), across * blocks):
        for row in (0, 1):
            axes[2 * (unused // across) + row, unused % across].set_axis_off()
    handles = [handle(solver_title(solver), **style) for solver, style in styles.items()]
    headline(figure, "Hash-center solvers: time, quality, separation", run, handles, columns=6)
    listed = ", ".join(f"{bits}" for bits in sizes)
    footnote(
        figure,
        f"Upper rows: one marker per code length, larger for more bits: {listed}. Hollow: stopped by a limit. "
        "Minimum distances are drawn a little aside, so that equal ones are seen.",
    )
    if len(several):
        data = pd.concat([data, several.assign(dataset="", data=SYNTHETIC)], ignore_index=True)
    return figure, data


def _draw_centering(axes: Axes, several: pd.DataFrame, styles: dict[str, dict[str, str]]) -> None:
    """Identical pairs of centers with centered (filled) and uncentered features (hollow): mean and 95% interval."""
    for position, (solver, style) in enumerate(styles.items()):
        for centered, shift in ((False, -0.12), (True, 0.12)):
            runs = several[(several.solver == solver) & (several.centered == centered)]
            mean, low, high = student_interval(runs.coincident_pairs)
            face = style["color"] if centered else "white"
            if np.isfinite(low):
                axes.plot([position + shift] * 2, [max(0.0, low), high], color=style["color"], linewidth=1.2)
            axes.plot(position + shift, mean, **style, markersize=7, markerfacecolor=face, linestyle="")
    clusters, bits = several.clusters.iloc[0], several.bits.iloc[0]
    axes.set_title(f"Features after a ReLU, not centered (hollow) and centered: {clusters:.0f} centers, {bits} bits")
    axes.set_xticks(range(len(styles)), [solver_title(solver) for solver in styles])
    axes.set(ylabel="pairs of identical centers", ylim=(-1, None))


def _marker_sizes(lengths: list[int]) -> dict[int, float]:
    """Marker size of each code length."""
    return {bits: 4.5 + 1.8 * position for position, bits in enumerate(lengths)}


def _draw(
    axes: Axes,
    part: pd.DataFrame,
    styles: dict[str, dict[str, str]],
    sizes: dict[int, float],
    x: pd.Series,
    y: pd.Series,
) -> None:
    """One thin line per solver, with one marker per code length."""
    for solver, style in styles.items():
        rows = part[part.solver == solver].sort_values("bits")
        axes.plot(x[rows.index], y[rows.index], color=style["color"], linewidth=0.9, alpha=0.6)
        for row in rows.itertuples():
            face = style["color"] if pd.isna(row.limit_reached) else "white"
            edge = "white" if pd.isna(row.limit_reached) else style["color"]
            axes.plot(x[row.Index], y[row.Index], **style, markersize=sizes[row.bits], markerfacecolor=face,
                      markeredgecolor=edge, markeredgewidth=0.7 if edge == "white" else 1.2, clip_on=False)  # fmt: skip


def _time_axes(axes: Axes, part: pd.DataFrame) -> None:
    axes.set(xscale="log", xlabel="seconds (log)")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    if part.relative.max() > 1.5:
        axes.set_yscale("log")
        axes.set_ylim(0.9, None)
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
