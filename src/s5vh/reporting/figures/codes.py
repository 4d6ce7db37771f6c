"""Statistics of the codes: bit balance, bit correlation, collisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from s5vh.config.grid import Run, cells_of
from s5vh.reporting import lookup
from s5vh.reporting.collect import codes
from s5vh.reporting.style import COLOURS, GREY, empty_panel, handle, headline, new_figure
from s5vh.reporting.words import dataset_kind, method_title, panel_title

_MAPS_A_ROW = 6


def draw_code_statistics(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """For each data set: bit means, bit correlations and collisions, and heat maps of the bit correlation.

    Database codes of the first seed, because bits of different seeds do not correspond.
    """
    methods = list(dict.fromkeys(run.config.methods))
    lengths = sorted(set(run.config.bits))
    first = run._replace(config=run.config.model_copy(update={"seeds": run.config.seeds[:1]}))
    found = {
        (cell.dataset, cell.method, cell.bits): statistics
        for cell, part, statistics in codes(results, cells_of(first, first.config.main_grid))
        if part == "database"
    }
    middle = lengths[len(lengths) // 2]
    datasets = run.datasets
    map_rows = -(-len(methods) // _MAPS_A_ROW)
    # Maps are square: as high as they are wide, with room for their titles.
    upper, lower = 0.6 + 0.32 * len(lengths) * len(methods), map_rows * (0.4 + min(2.2, 10.5 / _columns(methods)))
    figure = new_figure(12.0, 1.2 + max(1, len(datasets)) * (upper + lower))
    blocks = figure.subfigures(max(1, len(datasets)), 1, squeeze=False)[:, 0]
    if not datasets:
        empty_panel(blocks[0].subplots(), "no data set ran")
    for dataset, block in zip(datasets, blocks, strict=False):
        top, bottom = block.subfigures(2, 1, height_ratios=[upper, lower])
        _strips(top, dataset, methods, lengths, found)
        _heat_maps(bottom, methods, {method: found[dataset, method, middle] for method in methods}, middle, map_rows)
    handles = [handle(f"{bits} bits", **_dot(number)) for number, bits in enumerate(lengths)]
    headline(figure, f"Database codes, seed {first.config.seeds[0]}", run, handles)
    return figure, _numbers(found, middle)


def _dot(number: int) -> dict[str, Any]:
    return {"color": COLOURS[number % len(COLOURS)], "marker": "o", "linestyle": "none"}


def _strips(figure: SubFigure, dataset: str, methods: list[str], lengths: list[int], found: dict) -> None:
    balance, correlation, collisions = figure.subplots(1, 3, sharey=True, width_ratios=[1.6, 1, 1])
    places = []
    for row, method in enumerate(methods):
        places.append(row + 0.5 - 0.5 / len(lengths))
        for number, bits in enumerate(lengths):
            statistics = found[dataset, method, bits]
            y = row + number / len(lengths)
            style = _dot(number)
            means = statistics["bit_balance"]
            balance.scatter(means, np.full(len(means), y), s=16, color=style["color"], alpha=0.55, linewidths=0)
            for axes, name in ((correlation, "mean_absolute_correlation"), (collisions, "colliding_share")):
                axes.plot([0, statistics[name]], [y, y], color=style["color"], linewidth=1.4, alpha=0.5)
                axes.plot(statistics[name], y, markersize=6, **style)
    for axes in (balance, correlation, collisions):
        axes.set_ylim(len(methods) - 0.5 / len(lengths), -0.5 / len(lengths))
        axes.grid(False, axis="y")
        for row in range(1, len(methods)):
            axes.axhline(row - 0.5 / len(lengths), color="#D5D5D5", linewidth=0.7)
    balance.set_yticks(places, [method_title(method) for method in methods])
    balance.tick_params(axis="y", length=0)
    balance.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    balance.set(title=f"{panel_title(dataset)}: balance", xlabel="mean of each bit (0: balanced)", xlim=(-1.05, 1.05))
    correlation.set(title="Bit correlation", xlabel="mean |correlation| between bits", xlim=(0, None))
    collisions.set(title="Collisions", xlabel="fraction of videos sharing a code", xlim=(0, None))
    collisions.set_xlim(0, max(0.05, collisions.get_xlim()[1]))


def _heat_maps(figure: SubFigure, methods: list[str], statistics: dict, bits: int, rows: int) -> None:
    axes = figure.subplots(rows, _columns(methods), squeeze=False).ravel()
    image = None
    for method, panel in zip(methods, axes, strict=False):
        image = panel.imshow(np.abs(statistics[method]["correlation"]), vmin=0, vmax=1, cmap="cividis",
                             interpolation="nearest")  # fmt: skip
        panel.set_title(method_title(method), fontsize=9, fontweight="normal")
        _hide_axes(panel)
    for panel in axes[len(methods) :]:
        panel.set_axis_off()
    axes[0].set_ylabel(f"bit, 1 to {bits}")
    figure.colorbar(image, ax=list(axes), label=f"|correlation|, {bits} bits", shrink=0.9, pad=0.01)


def _columns(methods: list[str]) -> int:
    """Heat maps side by side."""
    return min(_MAPS_A_ROW, max(3, len(methods)))


def _hide_axes(axes: Axes) -> None:
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks([])


def _numbers(found: dict[tuple[str, str, int], dict[str, Any]], mapped: int) -> pd.DataFrame:
    """The plotted numbers; pairwise bit correlations only at the code length with heat maps."""
    rows = []
    for (dataset, method, bits), statistics in found.items():
        where = {"dataset": dataset, "data": dataset_kind(lookup.dataset(dataset)), "method": method, "bits": bits}
        for bit, mean in enumerate(statistics["bit_balance"], start=1):
            rows.append(where | {"quantity": "bit_mean", "bit": bit, "other_bit": None, "value": mean})
        pairs = np.triu_indices(bits if bits == mapped else 0, k=1)
        for first, second in zip(*pairs, strict=True):
            value = statistics["correlation"][first, second]
            rows.append(where | {"quantity": "correlation", "bit": first + 1, "other_bit": second + 1, "value": value})
        for name in ("mean_absolute_correlation", "colliding_share"):
            rows.append(where | {"quantity": name, "bit": None, "other_bit": None, "value": statistics[name]})
    frame = pd.DataFrame(rows, columns=["dataset", "data", "method", "bits", "quantity", "bit", "other_bit", "value"])
    return frame.astype({"bit": "Int64", "other_bit": "Int64"})
