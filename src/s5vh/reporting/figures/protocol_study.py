"""Effect of the evaluation protocol: scores by order of ties, and with or without self-matches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from s5vh.config.grid import Run
from s5vh.reporting.protocol_study import read_study, shown_metrics, tidy
from s5vh.reporting.style import GREY, empty_panel, handle, headline, method_styles, new_figure
from s5vh.reporting.words import method_title, panel_title

_GROUP = 0.6  # width of a group of methods, relative to the distance between code lengths


class _Panels:
    """Draws the panels of a data set, all grouped by code length with the methods side by side."""

    def __init__(self, run: Run):
        grid = run.config.protocol_study_grid
        self.orders = run.config.protocol_study.orders
        self.methods = list(dict.fromkeys(method for method, _ in grid))
        self.lengths = sorted({bits for _, bits in grid})
        self.styles = method_styles(self.methods, run)
        step = _GROUP / max(1, len(self.methods))
        middle = (len(self.methods) - 1) / 2
        self.places = {
            (method, bits): group + (number - middle) * step
            for group, bits in enumerate(self.lengths)
            for number, method in enumerate(self.methods)
        }

    def bounds(self, axes: Axes, part: pd.DataFrame) -> None:
        """Bars from the worst to the best order of ties, with a marker at the mean over all orders."""
        for row in part.itertuples():
            x, style = self.places[row.method, row.bits], self.styles[row.method]
            axes.vlines(x, row.lowest, row.highest, color=style["color"], alpha=0.3, linewidth=11)
            axes.plot(x, row.expected, **style)
        self._finish(axes, "bar: worst to best order of ties\nmarker: mean over all orders")

    def orders_spread(self, axes: Axes, part: pd.DataFrame) -> None:
        """Scores in random and stored database order, relative to the mean over all tie orders."""
        for row in part[part.expected > 0].itertuples():
            x, style = self.places[row.method, row.bits], self.styles[row.method]
            values = 100 * (np.array(row.random_orders) / row.expected - 1)
            axes.scatter(np.full(len(values), x), values, s=22, color=style["color"], alpha=0.45, linewidths=0)
            axes.plot(x, 100 * (row.stored / row.expected - 1), "_", color="black", markersize=13, markeredgewidth=1.6)
        axes.axhline(0, color=GREY, linewidth=0.8, zorder=0)
        self._finish(axes, f"dots: {self.orders} random database orders\ndash: stored order", from_zero=False)

    def self_match(self, axes: Axes, part: pd.DataFrame) -> None:
        """The scores with and without each query in its own ranking, connected by a line."""
        for row in part.itertuples():
            x, style = self.places[row.method, row.bits], self.styles[row.method]
            axes.vlines(x, row.without_itself, row.with_itself, color=style["color"], linewidth=1.6)
            axes.plot(x, row.with_itself, **style | {"markerfacecolor": style["color"]})
            axes.plot(x, row.without_itself, markeredgewidth=1.4, **style | {"markerfacecolor": "white"})
        self._finish(axes, "filled: query in its own ranking\nhollow: query excluded")

    def share(self, axes: Axes, part: pd.DataFrame, metrics: list[str]) -> None:
        """The part of a score that is due to self-matches."""
        lines = ("-", ":")
        for metric, line in zip(metrics, lines, strict=False):
            for method in self.methods:
                found = part[(part.metric == metric) & (part.method == method) & (part.with_itself > 0)]
                x = [self.lengths.index(bits) for bits in found.bits]
                gained = 100 * (1 - found.without_itself / found.with_itself)
                axes.plot(x, gained, linestyle=line, **self.styles[method])
        words = ("solid", "dotted")
        self._finish(axes, "\n".join(f"{word}: {metric}" for word, metric in zip(words, metrics, strict=False)))

    def _finish(self, axes: Axes, note: str, *, from_zero: bool = True) -> None:
        axes.set_xticks(range(len(self.lengths)), [str(bits) for bits in self.lengths])
        axes.set_xlim(-0.5, len(self.lengths) - 0.5)
        axes.grid(False, axis="x")
        low, high = axes.get_ylim()
        low = 0 if from_zero else low
        axes.set_ylim(low, high + 0.22 * (high - low))  # room for the note
        axes.text(0.02, 0.98, note, transform=axes.transAxes, va="top", fontsize=8.5, color=GREY)


def draw_protocol(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """Two rows per data set: order of ties above, self-retrieval under every protocol below."""
    ties, self_match = read_study(run, results)
    protocols, main = list(run.config.protocols), run.config.main_protocol
    columns = max(3, len(protocols) + 1)
    panels = _Panels(run)
    datasets = run.datasets if panels.methods else []
    figure = new_figure(4.1 * columns, 1.3 + 2 * 2.8 * max(1, len(datasets)))
    axes = figure.subplots(2 * max(1, len(datasets)), columns, squeeze=False)
    used = set()
    for number, dataset in enumerate(datasets):
        title = panel_title(dataset)
        above, below = axes[2 * number], axes[2 * number + 1]
        part = ties[ties.dataset == dataset]
        metrics = shown_metrics(part.metric)
        panels.bounds(above[0], part[part.metric == "GmAP"])
        above[0].set(title=f"{title}: ties", ylabel="GmAP (AP@N divided by N)")
        for panel, metric in zip(above[1:], metrics, strict=False):
            panels.orders_spread(panel, part[part.metric == metric])
            panel.set(title=f"Database order: {metric}", ylabel="% deviation from the mean")
        part = self_match[self_match.dataset == dataset]
        for panel, protocol in zip(below, protocols, strict=False):
            panels.self_match(panel, part[(part.protocol == protocol) & (part.metric == "GmAP")])
            panel.set(title=f"{title}: self-retrieval", ylabel=f"GmAP ({protocol} protocol)")
        part = part[part.protocol == main]
        last = below[len(protocols)]
        panels.share(last, part, shown_metrics(part.metric))
        last.set(title="Share due to self-matches", ylabel=f"% of the score ({main} protocol)")
        used |= {*above[: 1 + len(metrics)], *below[: 1 + len(protocols)]}
    for panel in axes.ravel():
        if panel in used:
            panel.set_xlabel("bits")
        elif used:
            panel.set_axis_off()
        else:
            empty_panel(panel, "not run")
    handles: list[Any] = [
        handle(method_title(name), linestyle="none", **panels.styles[name]) for name in panels.methods
    ]
    headline(figure, "Effect of the evaluation protocol", run, handles)
    return figure, tidy(ties, self_match)
