"""mAP@N against N and precision-recall curves of all methods: one panel per data set and code length.

S5VH's Figure 3 and AutoSSVH's Figure 3 have mAP@N. What MCMSH's Figure 5 has is not known to us: its tables lack the
comparison with other methods, so both kinds of curves are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from s5vh.config.grid import Run, cells_of
from s5vh.reporting import lookup
from s5vh.reporting.captions import LEAST_RECALL
from s5vh.reporting.collect import CELL, cell_csv, scores, summarise
from s5vh.reporting.figures.panels import band, from_zero, outer_labels, panels
from s5vh.reporting.published_numbers import ISSUE, comparable, published_map
from s5vh.reporting.reference_rankings import TITLES, as_methods, reference_scores
from s5vh.reporting.style import BASELINE_GREYS, GREY, handle, headline, method_lines
from s5vh.reporting.words import dataset_kind, kinds, method_title, panel_title

_REFERENCE_LINES: dict[str, dict[str, Any]] = {
    "chance": {"linestyle": (0, (1, 1.5))},
    "cosine_mean": {"linestyle": (0, (3, 1, 1, 1))},
    "cosine_frames": {"linestyle": (0, (6, 1.5))},
}
_PUBLISHED: dict[str, Any] = {
    "linestyle": "none",
    "markerfacecolor": "white",
    "markeredgewidth": 1.1,
    "markersize": 6.5,
}
_OURS = "this run"


def draw_figure3(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """mAP@N against N under the main protocol, S5VH foremost."""
    return _map_figure(run, results, "S5VH")


def draw_autossvh_figure3(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """The same with AutoSSVH foremost; its authors' list of the figure's numbers comes before other published ones."""
    return _map_figure(run, results, "AutoSSVH", (ISSUE,))


def draw_mcmsh_figure5(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """mAP@N and, below, precision and recall of the top n, with MCMSH foremost."""
    lines = _lines(run, "MCMSH")
    top, recall = _map_data(run, results, ()), _recall_data(run, results)
    recall = recall[recall.curve == "rank"]
    figure, grid = panels(run, rows_each=2, height=3.0)
    for dataset, bits, (above, below) in grid:
        _map_panel(above, _part(top, dataset, bits), lines)
        _recall_panel(below, _part(recall, dataset, bits), lines)
        above.set_title(f"{panel_title(dataset)}, {bits} bits")
    protocol = run.config.main_protocol
    outer_labels(grid, ["N", "recall"], [f"mAP@N ({protocol} protocol)", "precision"], len(run.config.bits))
    from_zero(grid)
    headline(figure, "Mean average precision of the top N, and precision-recall curves", run, *_legend(lines, top))
    return figure, pd.concat([top.assign(curve="mAP@N"), recall], ignore_index=True)


def draw_pr_curves(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """Precision against recall, by Hamming radius (top) and by rank (bottom)."""
    data = _recall_data(run, results)
    lines = _lines(run)
    figure, grid = panels(run, rows_each=2, height=3.0)
    for dataset, bits, axes in grid:
        for panel, curve, over in zip(axes, ("radius", "rank"), ("Hamming radius", "rank"), strict=True):
            part = _part(data, dataset, bits)
            _recall_panel(panel, part[(part.curve == curve) & (part.recall >= LEAST_RECALL)], lines)
            panel.set_title(f"{panel_title(dataset)}, {bits} bits\nby {over}")
    outer_labels(grid, ["recall"] * 2, ["precision"] * 2, len(run.config.bits))
    from_zero(grid)
    headline(figure, f"Precision-recall curves ({run.config.main_protocol} protocol)", run, *_legend(lines, data))
    return figure, data


def _map_figure(run: Run, results: Path, lead: str, sources: Sequence[str] = ()) -> tuple[Figure, pd.DataFrame]:
    lines, data = _lines(run, lead), _map_data(run, results, sources)
    figure, grid = panels(run, rows_each=1, height=3.4)
    for dataset, bits, (axes,) in grid:
        _map_panel(axes, _part(data, dataset, bits), lines)
        axes.set_title(f"{panel_title(dataset)}, {bits} bits")
    outer_labels(grid, ["N"], [f"mAP@N ({run.config.main_protocol} protocol)"], len(run.config.bits))
    from_zero(grid)
    headline(figure, "Mean average precision of the top N", run, *_legend(lines, data))
    return figure, data


def _lines(run: Run, lead: str = "") -> dict[str, dict[str, Any]]:
    """Lines of the run's methods; the first one that is published as `lead` is emphasised."""
    published = {name: lookup.method(name).published for name in run.config.methods}
    first = next((name for name, recipe in published.items() if recipe and recipe.method == lead), None)
    return method_lines(run.config.methods, run, first)


def _legend(lines: dict[str, dict[str, Any]], data: pd.DataFrame) -> Iterator[list[Line2D]]:
    """Entries of networks, of other methods, and of what is not a method of this run."""
    handles = {name: handle(method_title(name), **style) for name, style in lines.items()}
    fitted = [name for name, style in lines.items() if style["color"] in BASELINE_GREYS]
    yield [entry for name, entry in handles.items() if name not in fitted]
    yield [handles[name] for name in fitted]
    shown = [name for name in _REFERENCE_LINES if name in set(data.method)]
    others = [handle(TITLES[name], color=GREY, linewidth=1.2, **_REFERENCE_LINES[name]) for name in shown]
    if "source" in data and not data.source.str.startswith(_OURS).all():
        others.append(handle("hollow: as published", color=GREY, marker="o", **_PUBLISHED))
    yield others


def _part(data: pd.DataFrame, dataset: str, bits: int) -> pd.DataFrame:
    """The rows of a panel; reference rankings have no code length."""
    return data[(data.dataset == dataset) & ((data.bits == bits) | data.bits.isna())]


def _map_data(run: Run, results: Path, sources: Sequence[str]) -> pd.DataFrame:
    """mAP@N of the run's methods, of the reference rankings, and as published; column `source` tells which."""
    frame = scores(run, results, cells_of(run, run.config.main_grid))
    frame = frame[(frame.protocol == run.config.main_protocol) & (frame.metric != "GmAP")].drop(columns="protocol")
    frame["metric"] = frame.metric.str.removeprefix("mAP@").astype(int)
    data = summarise(frame.rename(columns={"metric": "N", "value": "mAP"}), ["mAP"])
    data.insert(1, "data", kinds(data.dataset))
    data["source"] = _OURS
    parts = [data, _published_curves(run, sources), _reference_curves(run, results)]
    return pd.concat([part for part in parts if len(part)] or [data], ignore_index=True)


def _map_panel(axes: Axes, part: pd.DataFrame, lines: dict[str, dict[str, Any]]) -> None:
    for method, style in lines.items():
        found = part[part.method == method]
        ours, quoted = found[found.source == _OURS], found[found.source != _OURS]
        axes.plot(ours.N, ours.mAP, **style)
        _band(axes, ours.N, ours, style)
        axes.plot(quoted.N, quoted.mAP, **style | _PUBLISHED)
    for name, line in _REFERENCE_LINES.items():
        found = part[part.method == name]
        axes.plot(found.N, found.mAP, color=GREY, linewidth=1.2, **line, zorder=1)
    axes.set_xticks(sorted(part.N.unique()))


def _reference_curves(run: Run, results: Path) -> pd.DataFrame:
    """mAP@N of chance and of real-valued features; a perfect ranking would compress the other curves."""
    frame = as_methods(reference_scores(run, results))
    frame = frame[(frame.protocol == run.config.main_protocol) & (frame.metric != "GmAP")]
    frame = frame[frame.method.isin(list(_REFERENCE_LINES))].drop(columns="protocol")
    frame = frame.rename(columns={"metric": "N", "value": "mAP"}).assign(bits=np.nan)
    frame["N"] = frame.N.str.removeprefix("mAP@").astype(int)
    return frame.assign(source=f"{_OURS}, no codes")


def _published_curves(run: Run, sources: Sequence[str]) -> pd.DataFrame:
    """Published mAP@N, from the first of `sources` that has a number, else as everywhere."""
    protocol = run.config.protocols[run.config.main_protocol]
    if not comparable(protocol):
        return pd.DataFrame()
    recipes = {}  # several methods may have the same published numbers, which are drawn once
    for method in run.config.methods:
        if recipe := lookup.method(method).published:
            recipes.setdefault((recipe.method, recipe.variant), (method, recipe))
    rows = []
    for dataset in run.datasets:
        config = lookup.dataset(dataset)
        cells = product(recipes.values(), run.config.bits, protocol.cutoffs)
        for (method, recipe), bits, n in cells:
            where = recipe, config.published_name, bits, n
            tried = (published_map(*where, source) for source in (*sources, None))
            if found := next(filter(None, tried), None):
                row = {"dataset": dataset, "data": dataset_kind(config), "method": method, "bits": bits, "N": n}
                rows.append(row | {"mAP": found.value, "source": found.source})
    return pd.DataFrame(rows)


def _recall_data(run: Run, results: Path) -> pd.DataFrame:
    columns = ["protocol", "curve", "position", "precision", "recall"]
    frame = cell_csv(results, cells_of(run, run.config.main_grid), "pr.csv", columns)
    main = frame.protocol == run.config.main_protocol
    frame = frame[main & frame.curve.isin(["radius", "rank"])].dropna(subset=["precision"])
    data = summarise(frame[[*CELL, "curve", "position", "precision", "recall"]], ["precision", "recall"])
    data.insert(1, "data", kinds(data.dataset))
    return data


def _recall_panel(axes: Axes, part: pd.DataFrame, lines: dict[str, dict[str, Any]]) -> None:
    """Lines with markers at even distances, which differ between methods."""
    for number, (method, style) in enumerate(lines.items()):
        line = part[part.method == method].sort_values("position")
        axes.plot(line.recall, line.precision, **style, markevery=(0.02 + 0.013 * number, 0.18))
        _band(axes, line.recall, line, style)
    axes.set_xlim(-0.02, 1.02)


def _band(axes: Axes, x: pd.Series, part: pd.DataFrame, style: dict[str, Any]) -> None:
    """Bands of networks only: with those of all methods, none can be made out."""
    if style["color"] not in BASELINE_GREYS:
        band(axes, x, part, style["color"])
