"""Figure 1a: time and memory per video against the number of frames, with the fits that BIC prefers."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from s5vh.config.grid import Run
from s5vh.reporting import collect, lookup
from s5vh.reporting.published_numbers import table_of
from s5vh.reporting.style import (
    COLOURS,
    GREY,
    empty_panel,
    footnote,
    handle,
    headline,
    method_styles,
    new_figure,
)
from s5vh.reporting.tables.scaling import batch_words
from s5vh.reporting.words import WORK, listed, method_title

_LINES = {"linear": "solid", "quadratic": (0, (4, 1.6))}
_LINE = 170  # characters of a line below the panels


def draw_figure1a(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """Measurements with the better fit of each method, one row of panels per purpose, and the published fits.

    Times measured on a busy machine are hollow and have no fit.
    """
    points, fits = collect.efficiency(run, results)
    methods = list(run.config.efficiency.methods)
    styles = method_styles(methods, run)
    purposes = list(dict.fromkeys(points.purpose)) or ["encode"]
    figure = new_figure(12.0, 0.9 + 3.5 * len(purposes))
    panels = figure.subplots(len(purposes), 3, squeeze=False)
    rows: list[dict[str, Any]] = []
    for purpose, (time, memory, _) in zip(purposes, panels, strict=True):
        part = points[(points.purpose == purpose) & (points.batch_size > 0)]
        if part.empty:
            reason = "no batch fits into the memory" if methods else "no method was measured"
            empty_panel(time, reason)
            empty_panel(memory, reason)
            continue
        found = {method: fits["methods"][method][purpose] for method in methods}
        _time(time, part, found, styles, purpose, rows)
        _memory(memory, part, found, styles, purpose, rows)
    _published(panels[0, 2], max(run.config.efficiency.frames), styles, rows)
    if len(purposes) > 1:
        _batches(panels[1, 2], points[points.purpose == "encode"], styles, rows)
    handles = [handle(method_title(method), linestyle="none", **style) for method, style in styles.items()]
    handles += [handle(f"{model} fit", color="#555555", linestyle=line) for model, line in _LINES.items()]
    headline(figure, "Scaling with the number of frames", run, handles if methods else (), uses_data=False)
    footnote(figure, _footnote(run, points))
    return figure, pd.DataFrame(rows)


def _footnote(run: Run, points: pd.DataFrame) -> str:
    config = run.config.efficiency
    lines = [
        f"Measured on {collect.devices(points) or 'nothing'}; {batch_words(run)}; {config.bits} bits, random features "
        f"of dimension {config.feature_size}: no data set is involved."
    ]
    busy: dict[str, list[str]] = {}
    for method, purpose in collect.disturbances(points):
        busy.setdefault(method_title(method), []).append(WORK[purpose])
    if busy:
        names = ", ".join(f"{title} ({listed(purposes)})" for title, purposes in busy.items())
        lines += textwrap.wrap(f"Hollow: measured while the machine was busy with other work. {names}.", _LINE)
    return "\n".join(lines)


def _time(axes: Axes, points: pd.DataFrame, fits: dict, styles: dict, purpose: str, rows: list[dict[str, Any]]) -> None:
    for method, part in points.groupby("method", sort=False):
        y = part.milliseconds_per_video
        bars = [0 * y, part.milliseconds_median - y]
        busy = bool(part.disturbance.iloc[0])
        hollow = {"markerfacecolor": "none"} if busy else {}
        axes.errorbar(part.frames, y, yerr=bars, linestyle="none", capsize=3, zorder=3, **styles[method] | hollow)
        for row in part.itertuples():
            values = {"value": row.milliseconds_per_video, "high": row.milliseconds_median}
            kind = "measured on a busy machine" if busy else "measured"
            common = {"panel": "time", "purpose": purpose, "method": method, "kind": kind}
            rows.append(common | {"frames": row.frames} | values)
    _fits(axes, points, fits, styles, purpose, "time", rows)
    axes.set(title=f"Time per video, {WORK[purpose]}", xlabel="frames", ylabel="milliseconds (fastest, bar to median)")


def _memory(
    axes: Axes, points: pd.DataFrame, fits: dict, styles: dict, purpose: str, rows: list[dict[str, Any]]
) -> None:
    for method, part in points.groupby("method", sort=False):
        axes.plot(part.frames, part.mib_per_video, linestyle="none", zorder=3, **styles[method])
        for row in part.itertuples():
            common = {"panel": "memory", "purpose": purpose, "method": method, "kind": "measured"}
            rows.append(common | {"frames": row.frames, "value": row.mib_per_video})
    _fits(axes, points, fits, styles, purpose, "memory", rows)
    axes.set(title=f"Peak memory per video, {WORK[purpose]}", xlabel="frames", ylabel="MiB")


def _fits(
    axes: Axes,
    points: pd.DataFrame,
    fits: dict,
    styles: dict,
    purpose: str,
    quantity: str,
    rows: list[dict[str, Any]],
) -> None:
    """Draw the better fit of each method within its measured lengths."""
    for method, part in points.groupby("method", sort=False):
        model = fits[method][quantity]["chosen"]
        if model is None:
            continue
        fit = fits[method][quantity][model]
        frames = np.linspace(part.frames.min(), part.frames.max(), 100)
        line = np.polyval(fit["coefficients"], frames)
        axes.plot(frames, line, color=styles[method]["color"], linewidth=1.4, linestyle=_LINES[model])
        common = {"panel": quantity, "purpose": purpose, "method": method, "kind": f"{model} fit", "r2": fit["r2"]}
        rows += [common | {"frames": x, "value": y} for x, y in zip(frames, line, strict=True)]
    axes.set(xlim=(0, None), ylim=(0, None))


def _batches(axes: Axes, points: pd.DataFrame, styles: dict, rows: list[dict[str, Any]]) -> None:
    """Videos per batch on logarithmic axes; lengths at which none fits have no point."""
    for method, part in points[points.batch_size > 0].groupby("method", sort=False):
        axes.plot(part.frames, part.batch_size, linewidth=0.8, **styles[method])
        for row in part.itertuples():
            common = {"panel": "batch", "purpose": "encode", "method": method, "kind": "measured"}
            rows.append(common | {"frames": row.frames, "value": row.batch_size})
    lengths = sorted(set(points.frames))
    axes.set(title="Videos per batch, encoding", xlabel="frames", ylabel="videos", xscale="log", yscale="log")
    axes.set_xticks(lengths, [str(length) for length in lengths])
    axes.minorticks_off()


def _published(axes: Axes, most: int, styles: dict, rows: list[dict[str, Any]]) -> None:
    """The published fits, labelled at their ends; methods that were also measured here have the same colour."""
    recipes = {method: lookup.method(method).published for method in styles}
    measured: dict[str, str] = {}
    for method, recipe in recipes.items():
        if recipe is not None and recipe.variant == "full":
            measured.setdefault(recipe.method, styles[method]["color"])
    others = iter([colour for colour in COLOURS if colour not in measured.values()])
    frames = np.linspace(0, most, 100)
    ends: list[tuple[float, str, str]] = []
    for fit in table_of("efficiency").itertuples():
        coefficients = [fit.quadratic_coef, fit.linear_coef, fit.constant]
        line = np.polyval(coefficients, frames)
        colour = measured.get(fit.method) or next(others, GREY)
        style = _LINES["quadratic" if fit.quadratic_coef else "linear"]
        axes.plot(frames, line, color=colour, linewidth=1.4, linestyle=style)
        ends.append((float(line[-1]), f"{fit.method}\n(R² = {fit.R2:.3f})", colour))
        common = {"panel": "printed", "purpose": "encode", "method": fit.method, "kind": "printed fit", "r2": fit.R2}
        rows += [common | {"frames": x, "value": y} for x, y in zip(frames, line, strict=True)]
    axes.set(
        title="Published, on other hardware", xlabel="frames", ylabel="milliseconds", xlim=(0, None), ylim=(0, None)
    )
    place, apart = float("inf"), 0.12 * axes.get_ylim()[1]  # labels have two lines
    for end, label, colour in sorted(ends, reverse=True):
        place = min(end, place - apart)
        axes.annotate(label, (most, place), xytext=(4, 0), textcoords="offset points", color=colour, fontsize=8.5,
                      va="center", annotation_clip=False)  # fmt: skip
