"""Training time against GmAP, of a method and of variants without one of its parts.

AutoSSVH's Figure 5 is not known to us beyond its subject, the efficiency of training with and without adversarial
sampling and P2Set.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from s5vh.config.grid import GridCell, Run
from s5vh.reporting.collect import summarise
from s5vh.reporting.convergence import first_reached, training_curves
from s5vh.reporting.figures.panels import scores_from_zero, study_panels
from s5vh.reporting.style import handle, headline, method_styles
from s5vh.reporting.words import kinds, method_title, number, panel_title

_PANELS = {
    "seconds per epoch": "Time per epoch",
    "seconds until the level": "Time until the lowest final score of all",
}
_ROOM = 1.08  # for markers at the end of an axis


def draw_autossvh_figure5(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """Final GmAP against seconds per epoch, and against the seconds until a score that all methods reach."""
    grid = run.config.ablation_grid("autossvh_figure5")
    data = _numbers(run, results, grid)
    methods = list(dict.fromkeys(method for method, _ in grid))
    styles = method_styles(methods, run)
    figure, rows = study_panels(run, grid, 2, width=9.0, height=3.0, same_y=True)
    for dataset, bits, panels in rows:
        part = data[(data.dataset == dataset) & (data.bits == bits)].set_index(["quantity", "method"])
        for panel, (quantity, title) in zip(panels, _PANELS.items(), strict=True):
            _points(panel, part.loc[quantity], part.loc["final GmAP"], styles)
            panel.set(title=f"{panel_title(dataset)}, {bits} bits\n{title}", xlabel=quantity)
        level = part.loc["level"].value.iloc[0]
        panels[1].set_xlabel(f"seconds of training until a GmAP of {number(level)}")
        panels[0].set_ylabel(f"final GmAP ({run.config.main_protocol} protocol)")
    handles = [handle(method_title(method), linestyle="none", **style) for method, style in styles.items()]
    headline(figure, "Training time with and without adversarial sampling and P2Set", run, handles)
    return figure, data.reset_index(drop=True)


def _points(panel: Axes, times: pd.DataFrame, scores: pd.DataFrame, styles: dict[str, dict[str, Any]]) -> None:
    """One point per method: bars are intervals of the score and the range of times over seeds."""
    for method, style in styles.items():
        time, score = times.loc[method], scores.loc[method]
        x, y = np.array([[time.value]]), np.array([[score.value]])
        across = np.array([[time.value - time.low], [time.high - time.value]])
        up = np.array([[score.value - score.low], [score.high - score.value]])
        panel.errorbar(
            x.ravel(), y.ravel(), xerr=np.nan_to_num(across), yerr=np.nan_to_num(up), linestyle="none", capsize=3,
            elinewidth=1.2, markersize=9, **style,
        )  # fmt: skip
    panel.set_xlim(0, _ROOM * panel.get_xlim()[1])
    scores_from_zero(panel, _ROOM)


def _numbers(run: Run, results: Path, grid: list[tuple[str, int]]) -> pd.DataFrame:
    """Per data set, code length and method: final GmAP, seconds per epoch, seconds until the level, and the level.

    The level of a seed is the lowest final GmAP of all methods with that seed, so each reaches it. `low` and `high` are
    a 95% interval over seeds for GmAP and the range over seeds for times.
    """
    curves = training_curves(run, results, grid)
    rows = []
    for cell, curve in curves.items():
        others = [other for other in curves if other._replace(method=cell.method) == cell]
        level = min(curves[other].scores[-1] for other in others)
        found = {
            "final GmAP": curve.scores[-1],
            "seconds per epoch": curve.seconds[-1] / curve.epochs[-1],
            "seconds until the level": first_reached(curve, level).seconds,
            "level": level,
        }
        rows += [cell._asdict() | {"quantity": name, "value": value} for name, value in found.items()]
    frame = pd.DataFrame(rows, columns=[*GridCell._fields, "quantity", "value"])
    data = summarise(frame)
    several = data.seeds > 1
    timed = data.quantity.str.startswith("seconds")
    keys = ["dataset", "method", "bits", "quantity"]
    ranges = frame.groupby(keys, sort=False).value.agg(["min", "max"]).reset_index()
    data["low"] = data.low.mask(several & timed, ranges["min"])
    data["high"] = data.high.mask(several & timed, ranges["max"])
    data["interval"] = data.interval.mask(several & timed, "range " + data.interval)
    data.insert(1, "data", kinds(data.dataset))
    return data
