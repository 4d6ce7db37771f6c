"""Figure 3 (mAP@N against N) and precision-recall curves: one panel per data set and code length."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from s5vh.config.grid import Run, cells_of
from s5vh.reporting import lookup
from s5vh.reporting.collect import CELL, cell_csv, scores, summarise
from s5vh.reporting.published_numbers import comparable, published_map
from s5vh.reporting.reference_rankings import TITLES, as_methods, reference_scores
from s5vh.reporting.style import GREY, empty_panel, handle, headline, method_styles, new_figure
from s5vh.reporting.words import dataset_kind, kinds, method_title, panel_title

_REFERENCE_LINES: dict[str, dict[str, Any]] = {
    "chance": {"linestyle": (0, (1, 1.5))},
    "cosine_mean": {"linestyle": (0, (3, 1, 1, 1))},
    "cosine_frames": {"linestyle": (0, (6, 1.5))},
}


def draw_figure3(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """mAP@N against N under the main protocol; published numbers, if comparable, are dashed."""
    main = run.config.main_protocol
    frame = scores(run, results, cells_of(run, run.config.main_grid))
    frame = frame[(frame.protocol == main) & (frame.metric != "GmAP")].drop(columns="protocol")
    frame["metric"] = frame.metric.str.removeprefix("mAP@").astype(int)
    data = summarise(frame.rename(columns={"metric": "N", "value": "mAP"}), ["mAP"])
    data.insert(1, "data", kinds(data.dataset))
    data["source"] = "this run"
    published = _published_curves(run)
    data = pd.concat([data, published], ignore_index=True) if len(published) else data
    reference = _reference_curves(run, results)
    data = pd.concat([data, reference], ignore_index=True) if len(reference) else data

    methods = list(dict.fromkeys(run.config.methods))
    styles = method_styles(methods, run)
    figure, grid = _panels(run, rows_each=1, height=2.7)
    for dataset, bits, (axes,) in grid:
        part = data[(data.dataset == dataset) & (data.bits == bits)]
        for method in methods:
            _line(axes, part[(part.method == method) & (part.source == "this run")], styles[method])
            quoted = part[(part.method == method) & (part.source != "this run")]
            style = {"color": styles[method]["color"], "linestyle": (0, (4, 2)), "linewidth": 1.4}
            axes.plot(quoted.N, quoted.mAP, **style)
        for name, line in _REFERENCE_LINES.items():
            found = reference[(reference.dataset == dataset) & (reference.method == name)]
            axes.plot(found.N, found.mAP, color=GREY, linewidth=1.2, **line, zorder=1)
        axes.set_xticks(sorted(part.N.unique()))
        axes.set_title(f"{panel_title(dataset)}, {bits} bits")
    _outer_labels(grid, "N", f"mAP@N ({main} protocol)", len(run.config.bits))
    handles = [handle(method_title(method), **styles[method]) for method in methods]
    if len(published):
        handles.append(handle("dashed: as published", color=GREY, linestyle=(0, (4, 2)), linewidth=1.4))
    if len(reference):
        shown = [name for name in _REFERENCE_LINES if name in set(reference.method)]
        handles += [handle(TITLES[name], color=GREY, linewidth=1.2, **_REFERENCE_LINES[name]) for name in shown]
    _from_zero(grid)
    headline(figure, "Mean average precision of the top N", run, handles)
    return figure, data


def _reference_curves(run: Run, results: Path) -> pd.DataFrame:
    """mAP@N of chance and of real-valued features; a perfect ranking would compress the other curves."""
    frame = as_methods(reference_scores(run, results))
    frame = frame[(frame.protocol == run.config.main_protocol) & (frame.metric != "GmAP")]
    frame = frame[frame.method.isin(list(_REFERENCE_LINES))].drop(columns=["protocol", "bits"])
    frame = frame.rename(columns={"metric": "N", "value": "mAP"})
    frame["N"] = frame.N.str.removeprefix("mAP@").astype(int)
    return frame.assign(source="this run, no codes")


def _line(axes: Axes, part: pd.DataFrame, style: dict[str, str]) -> None:
    axes.plot(part.N, part.mAP, **style)
    _band(axes, part.N, part, style["color"])


def _band(axes: Axes, x: pd.Series, part: pd.DataFrame, color: str) -> None:
    """The 95% interval around a line, if there is one."""
    if part.low.notna().any():
        axes.fill_between(x, part.low, part.high, color=color, alpha=0.15, linewidth=0)


def _published_curves(run: Run) -> pd.DataFrame:
    protocol = run.config.protocols[run.config.main_protocol]
    if not comparable(protocol):
        return pd.DataFrame()
    rows = []
    for dataset in run.datasets:
        config = lookup.dataset(dataset)
        for method, bits in run.config.main_grid:
            recipe = lookup.method(method).published
            for n in protocol.cutoffs:
                if found := published_map(recipe, config.published_name, bits, n):
                    row = {"dataset": dataset, "data": dataset_kind(config), "method": method, "bits": bits, "N": n}
                    rows.append(row | {"mAP": found.value, "source": found.source})
    return pd.DataFrame(rows)


def draw_pr_curves(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """Precision against recall, by Hamming radius (top) and by rank (bottom)."""
    main = run.config.main_protocol
    columns = ["protocol", "curve", "position", "precision", "recall"]
    frame = cell_csv(results, cells_of(run, run.config.main_grid), "pr.csv", columns)
    frame = frame[(frame.protocol == main) & frame.curve.isin(["radius", "rank"])].dropna(subset=["precision"])
    data = summarise(frame[[*CELL, "curve", "position", "precision", "recall"]], ["precision", "recall"])
    data.insert(1, "data", kinds(data.dataset))

    methods = list(dict.fromkeys(run.config.methods))
    styles = method_styles(methods, run)
    figure, grid = _panels(run, rows_each=2, height=2.7)
    for dataset, bits, panels in grid:
        for axes, curve in zip(panels, ("radius", "rank"), strict=True):
            for method in methods:
                part = data[(data.dataset == dataset) & (data.bits == bits) & (data.method == method)]
                part = part[part.curve == curve].sort_values("position")
                style = {"color": styles[method]["color"], "linewidth": 1.6}
                points = {"marker": styles[method]["marker"], "markersize": 3.5} if curve == "radius" else {}
                axes.plot(part.recall, part.precision, **style, **points)
                _band(axes, part.recall, part, style["color"])
            axes.set_xlim(-0.02, 1.02)
            over = "Hamming radius" if curve == "radius" else "rank"
            axes.set_title(f"{panel_title(dataset)}, {bits} bits\nby {over}")
    _outer_labels(grid, "recall", "precision", len(run.config.bits))
    _from_zero(grid)
    handles = [handle(method_title(method), **styles[method]) for method in methods]
    headline(figure, f"Precision-recall curves ({main} protocol)", run, handles)
    return figure, data


def _panels(run: Run, *, rows_each: int, height: float) -> tuple[Figure, list[tuple[str, int, list[Axes]]]]:
    """One column per code length and `rows_each` rows per data set; panels in a row share the vertical axis."""
    lengths, datasets = list(run.config.bits), run.datasets
    rows = max(1, rows_each * len(datasets))
    figure = new_figure(max(6.5, 3.5 * len(lengths)), 1.1 + height * rows)
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


def _from_zero(grid: list[tuple[str, int, list[Axes]]]) -> None:
    """Start vertical axes at 0 and end them at the row's maximum, at most slightly above 1.

    Called after plotting: setting one limit earlier would stop autoscaling of the other for all panels in the row.
    """
    for _, _, panels in grid:
        for axes in panels:
            axes.set_ylim(0, min(axes.get_ylim()[1], 1.02))


def _outer_labels(grid: list[tuple[str, int, list[Axes]]], x: str, y: str, columns: int) -> None:
    for number, (_, _, panels) in enumerate(grid):
        for axes in panels:
            if number % columns == 0:
                axes.set_ylabel(y)
        if number >= len(grid) - columns:
            panels[-1].set_xlabel(x)
