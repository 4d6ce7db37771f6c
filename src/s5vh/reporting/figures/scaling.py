"""Figure 1a: encoding time and memory against the number of frames, with least-squares fits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from s5vh.config.grid import Run
from s5vh.reporting import collect, lookup
from s5vh.reporting.published_numbers import table_of
from s5vh.reporting.style import COLOURS, GREY, empty_panel, footnote, headline, method_styles, new_figure
from s5vh.reporting.words import method_title

# The wide, pale line stays visible under the thin, dashed one if both fits coincide.
_FITS = {
    "linear": {"linewidth": 5, "alpha": 0.3, "solid_capstyle": "butt"},
    "quadratic": {"linewidth": 1.4, "linestyle": (0, (3, 2))},
}


def draw_figure1a(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """Measurements with two fits each, and the published fits in a separate panel.

    Times measured on a busy machine are hollow and have no fit.
    """
    points, fits = collect.efficiency(run, results)
    methods = list(run.config.efficiency.methods)
    styles = method_styles(methods, run)
    figure = new_figure(12.0, 4.2)
    time, memory, published = figure.subplots(1, 3)
    rows: list[dict[str, Any]] = []
    if not methods:
        empty_panel(time, "no method was measured")
        empty_panel(memory, "no method was measured")
    else:
        _time(time, points, fits, styles, rows)
        _memory(memory, points, fits, styles, rows)
    _published(published, max(run.config.efficiency.frames), styles, rows)
    config = run.config.efficiency
    headline(figure, "Scaling with the number of frames", run, uses_data=False)
    devices = ", ".join(dict.fromkeys(map(str, points.device))) or "nothing measured"
    about = (
        f"Measured on {devices}; batches of {config.batch_size}, {config.bits} bits, random features of dimension "
        f"{config.feature_size}: no data set is involved."
    )
    disturbed = collect.disturbances(points)
    busy = [f"{method_title(method)}: measured on a busy machine ({why})." for method, why in disturbed.items()]
    footnote(figure, "\n".join([about, *busy]))
    return figure, pd.DataFrame(rows)


def _time(axes: Axes, points: pd.DataFrame, fits: dict, styles: dict, rows: list[dict[str, Any]]) -> None:
    disturbed = collect.disturbances(points)
    for method, part in points.groupby("method", sort=False):
        y = part.milliseconds_per_video
        bars = [0 * y, part.milliseconds_median - y]
        hollow = {"markerfacecolor": "none"} if method in disturbed else {}
        axes.errorbar(part.frames, y, yerr=bars, linestyle="none", capsize=3, zorder=3, **styles[method] | hollow)
        for row in part.itertuples():
            values = {"value": row.milliseconds_per_video, "high": row.milliseconds_median}
            kind = "measured on a busy machine" if method in disturbed else "measured"
            rows.append({"panel": "time", "method": method, "kind": kind, "frames": row.frames, **values})
    _fits(axes, points, fits, styles, "time", rows, {method: "busy machine, no fit" for method in disturbed})
    axes.set(title="Time per video", xlabel="frames", ylabel="milliseconds (fastest, bar to median)")


def _memory(axes: Axes, points: pd.DataFrame, fits: dict, styles: dict, rows: list[dict[str, Any]]) -> None:
    for method, part in points.groupby("method", sort=False):
        axes.plot(part.frames, part.peak_mib, linestyle="none", zorder=3, **styles[method])
        for row in part.itertuples():
            rows.append({"panel": "memory", "method": method, "kind": "measured", "frames": row.frames}
                        | {"value": row.peak_mib})  # fmt: skip
    _fits(axes, points, fits, styles, "memory", rows, {})
    axes.set(title="Peak memory per batch", xlabel="frames", ylabel="MiB")


def _fits(
    axes: Axes,
    points: pd.DataFrame,
    fits: dict,
    styles: dict,
    quantity: str,
    rows: list[dict[str, Any]],
    reasons: dict[str, str],
) -> None:
    """Draw the fits of a quantity; `reasons` has, by method, why there is none."""
    words = []
    frames = np.linspace(points.frames.min(), points.frames.max(), 100)
    for method in dict.fromkeys(points.method):
        r2 = []
        for model, fit in fits[method][quantity].items():
            if fit is None:
                continue
            line = np.polyval(fit["coefficients"], frames)
            axes.plot(frames, line, color=styles[method]["color"], **_FITS[model])
            r2.append(f"{model} R² = {fit['r2']:.4f}")
            common = {"panel": quantity, "method": method, "kind": f"{model} fit", "r2": fit["r2"]}
            rows += [common | {"frames": x, "value": y} for x, y in zip(frames, line, strict=True)]
        words.append(f"{method_title(method)}: " + (", ".join(r2) or reasons.get(method, "too few points for a fit")))
    # Room for the words above the highest point.
    axes.set_ylim(0, axes.get_ylim()[1] * (1.06 + 0.07 * len(words)))
    axes.text(
        0.02, 0.98, "\n".join(words), transform=axes.transAxes, va="top", fontsize=8.5,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 2},
    )  # fmt: skip
    drawn = [model for model in _FITS if any(fits[method][quantity][model] for method in fits)]
    legend = [axes.plot([], [], color="#555555", **_FITS[model], label=f"{model} fit")[0] for model in drawn]
    if legend:
        axes.legend(handles=legend, loc="lower right", fontsize=8.5)


def _published(axes: Axes, most: int, styles: dict, rows: list[dict[str, Any]]) -> None:
    """The published fits, labelled at their ends; methods that were also measured here have the same colour."""
    recipes = {method: lookup.method(method).published for method in styles}
    measured = {recipe.method: styles[method]["color"] for method, recipe in recipes.items() if recipe}
    others = iter([colour for colour in COLOURS if colour not in measured.values()])
    frames = np.linspace(0, most, 100)
    for fit in table_of("efficiency").itertuples():
        line = np.polyval([fit.quadratic_coef, fit.linear_coef, fit.constant], frames)
        colour = measured.get(fit.method) or next(others, GREY)
        axes.plot(frames, line, color=colour, linewidth=1.6)
        label = f"{fit.method}\n(R² = {fit.R2:.3f})"
        axes.annotate(label, (frames[-1], line[-1]), xytext=(4, 0), textcoords="offset points", color=colour,
                      fontsize=8.5, va="center", annotation_clip=False)  # fmt: skip
        common = {"panel": "printed", "method": fit.method, "kind": "printed fit", "r2": fit.R2}
        rows += [common | {"frames": x, "value": y} for x, y in zip(frames, line, strict=True)]
    axes.set(title="Published, on other hardware", xlabel="frames", ylabel="milliseconds", ylim=(0, None))
