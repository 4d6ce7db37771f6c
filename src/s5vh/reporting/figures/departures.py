"""Figure of the departures study: one difference with its interval per departure."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from s5vh.config.grid import Run
from s5vh.reporting.style import COLOURS, GREY, empty_panel, footnote, headline, new_figure
from s5vh.reporting.table import LEVEL_OF_TEST
from s5vh.reporting.tables.departures import departure_rows
from s5vh.reporting.words import method_title, panel_title, with_interval


def draw_departures(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """One panel per data set, method and code length; 0 is the recipe, and the last row is the released code."""
    data = departure_rows(run, results)
    groups = list(data.groupby(["dataset", "root", "bits"], sort=False)) if len(data) else []
    rows = max((len(part) for _, part in groups), default=3)
    figure = new_figure(max(8.2, 7.0 * len(groups)), 1.6 + 0.3 * rows)
    panels = figure.subplots(1, max(len(groups), 1), squeeze=False)[0]
    if not groups:
        empty_panel(panels[0], "no data sets in this run")
    for axes, ((dataset, root, bits), part) in zip(panels, groups, strict=False):
        _panel(axes, part, root)
        recipe = part[part.method == root].iloc[0]
        score = with_interval(recipe.GmAP, recipe.low, recipe.high)
        axes.set_title(f"{panel_title(dataset)}, {bits} bits\n{method_title(root)}: GmAP {score}", fontsize=10)
    seeds = run.config.departures.seeds
    headline(figure, "Effect of each departure of the released code", run)
    bars = (
        "bars: 95% intervals of the paired difference (Student's t),\nnot corrected for the number of departures; "
        "filled squares: not 0 after Holm's correction"
        if len(seeds) > 1
        else "one seed, no intervals"
    )
    footnote(figure, f"Difference in GmAP from the recipe, mean over {len(seeds)} seeds; {bars}.\n"
             "Hollow: the departure changes nothing on this data set.")  # fmt: skip
    return figure, data


def _panel(axes: Axes, part: pd.DataFrame, root: str) -> None:
    part = part[part.method != root]
    axes.axvline(0, color=GREY, linewidth=1)
    for position, row in enumerate(part.itertuples()):
        colour = COLOURS[1] if row.method == f"{root}-released" else COLOURS[0]
        if not pd.isna(row.difference_low):
            axes.hlines(position, row.difference_low, row.difference_high, color=colour, linewidth=2)
        face = colour if row.changes else "white"
        marker = "s" if row.p_holm < LEVEL_OF_TEST else "o"
        axes.plot(row.difference, position, marker=marker, color=colour, markerfacecolor=face, linestyle="none")
    axes.set_yticks(range(len(part)), [title.removeprefix("+ ") for title in part.title])
    axes.set_ylim(len(part) - 0.5, -0.5)
    axes.set_xlabel("difference in GmAP")
    axes.grid(axis="x", alpha=0.3)
