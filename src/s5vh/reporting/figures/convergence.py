"""GmAP and loss during training, of a method and of variants without one of its parts.

S5VH's Figure 1b compares S5VH with and without the alignment to hash centers. AutoSSVH's Figure 4 is not known to us
beyond its subject, the training with and without adversarial sampling and P2Set; it is drawn in the same way.

The final GmAP of each variant is a horizontal line, with a mark where the full method first reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from s5vh.config.grid import GridCell, Run, cells_of
from s5vh.reporting.collect import cell_csv, summarise
from s5vh.reporting.convergence import MEAN, SEED, convergence, median_and_range
from s5vh.reporting.figures.panels import band, scores_from_zero, study_panels
from s5vh.reporting.published_curves import LOG, published_curves
from s5vh.reporting.style import GREY, handle, headline, method_lines
from s5vh.reporting.words import duration, kinds, method_title, number, panel_title, percent

_TERMS = ("total", "reconstruction", "contrast", "alignment", "prototypes")
_MARKERS = 12  # about as many on a line, also with hundreds of evaluations
_LEVEL = {"linestyle": (0, (1, 1.5)), "linewidth": 1.4}
_QUOTED = {"color": GREY, "linestyle": (0, (4, 2)), "linewidth": 1.4}
_OURS = "this run"


def draw_figure1b(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """S5VH with and without alignment."""
    return _draw(run, results, run.config.convergence_grid, "Convergence with and without alignment")


def draw_autossvh_figure4(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """AutoSSVH with and without adversarial sampling and P2Set."""
    grid = run.config.ablation_grid("autossvh_figure4")
    return _draw(run, results, grid, "Convergence with and without adversarial sampling and P2Set")


def _draw(run: Run, results: Path, grid: list[tuple[str, int]], title: str) -> tuple[Figure, pd.DataFrame]:
    """One row of panels per data set and code length: GmAP by epoch and by time, and the epoch means of a loss term."""
    methods = list(dict.fromkeys(method for method, _ in grid))
    lengths = list(dict.fromkeys(bits for _, bits in grid))
    reached = convergence(run, results, grid)
    data = _numbers(run, results, grid, reached)
    lines = method_lines(methods, run, methods[0] if methods else None)
    below = (0.35 if len(run.config.seeds) == 1 else 0.48) * len(methods[1:])  # inches, for what is said below a panel
    figure, panels = study_panels(run, grid, 3, width=12.0, height=2.9 + below)
    for dataset, bits, (by_epoch, by_time, losses) in panels:
        part = data[(data.dataset == dataset) & (data.bits == bits)]
        marks = reached[(reached.dataset == dataset) & (reached.bits == bits)]
        term = _shared_term(part)
        scores = part[part.quantity == "GmAP"]
        _curves(by_epoch, scores, lines, "epoch")
        _curves(by_time, scores, lines, "seconds")
        _curves(losses, part[part.quantity == term], lines, "epoch")
        by_epoch.set(title=f"{panel_title(dataset)}, {bits} bits", xlabel="epoch")
        by_time.set(title="The same by time")
        losses.set(title=f"Loss: {term}", xlabel="epoch", ylabel="mean over the epoch")
        for panel, x in ((by_epoch, "epoch"), (by_time, "seconds")):
            panel.set(ylabel=f"GmAP ({run.config.main_protocol} protocol)")
            scores_from_zero(panel)
            _mark_levels(panel, marks, lines, x)
        for panel in (by_epoch, losses):
            panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        _time_axis(by_time, scores)
    figure_title = f"{title}, {lengths[0]} bits" if len(lengths) == 1 else title
    headline(figure, figure_title, run, list(_legend(methods, lines, data, reached)))
    return figure, data


def _numbers(run: Run, results: Path, grid: list[tuple[str, int]], reached: pd.DataFrame) -> pd.DataFrame:
    """Every plotted number: scores, losses, the authors' logs, and when levels are reached."""
    cells = cells_of(run, grid)
    keys = [*GridCell._fields, "epoch"]
    evals = cell_csv(results, cells, "evals.csv", ["epoch", "GmAP", "seconds"])
    scores = evals[[*keys, "GmAP", "seconds"]].rename(columns={"GmAP": "value"}).assign(quantity="GmAP")
    found = pd.concat([scores, _losses(results, cells)], ignore_index=True)
    data = summarise(found, ["value", "seconds"]).assign(source=_OURS)
    parts = [data, published_curves(run, grid), _levels(reached)]
    data = pd.concat([part for part in parts if len(part)] or [data], ignore_index=True)
    data.insert(1, "data", kinds(data.dataset))
    return data


def _curves(panel: Axes, part: pd.DataFrame, lines: dict[str, dict[str, Any]], x: str) -> None:
    """Lines with bands, and the authors' log."""
    for method, style in lines.items():
        line = part[(part.method == method) & (part.source == _OURS)]
        panel.plot(line[x], line.value, markevery=max(1, len(line) // _MARKERS), **style)
        band(panel, line[x], line, style["color"])
    quoted = part[part.source != _OURS]
    panel.plot(quoted[x], quoted.value, **_QUOTED)


def _legend(methods: list[str], lines: dict, data: pd.DataFrame, reached: pd.DataFrame) -> Iterator[Any]:
    for method in methods:
        yield handle(method_title(method), **lines[method])
    if (data.source == LOG).any():
        yield handle(LOG, **_QUOTED)
    if len(reached):
        yield handle("final GmAP to reach", color=GREY, **_LEVEL)


def _time_axis(panel: Axes, part: pd.DataFrame) -> None:
    """Logarithmic with an authors' log, whose hardware may be many times faster or slower."""
    panel.set_xlabel("seconds of training")
    panel.xaxis.set_major_locator(MaxNLocator(5))
    if (part.source != _OURS).any():
        panel.set(xscale="log", xlabel="seconds of training (log scale)")
        panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        panel.xaxis.set_minor_formatter(NullFormatter())
    else:
        panel.set_xlim(left=0)


def _shown(reached: pd.DataFrame) -> pd.DataFrame:
    """The rows of the curves that are drawn: means over seeds, or the only seed."""
    return reached[reached.curve == (MEAN if (reached.curve == MEAN).any() else SEED)]


def _levels(reached: pd.DataFrame) -> pd.DataFrame:
    """The levels and when they are reached, for the CSV file; epoch and seconds are missing if a level never is."""
    shown = _shown(reached)
    return pd.DataFrame(
        {
            "dataset": shown.dataset,
            "method": shown.method,
            "bits": shown.bits,
            "epoch": shown.epoch.replace(np.inf, np.nan),
            "seconds": shown.seconds.replace(np.inf, np.nan),
            "quantity": "reaches final GmAP of " + shown.variant,
            "value": shown.level,
            "source": _OURS,
        }
    )


def _mark_levels(panel: Axes, reached: pd.DataFrame, lines: dict[str, dict[str, Any]], x: str) -> None:
    """A line at the final GmAP of each variant, a mark where the full method reaches it, and both in words below."""
    texts = []
    start = (
        1 if x == "epoch" else min((line.get_xdata().min() for line in panel.lines if len(line.get_xdata())), default=0)
    )
    for _, row in _shown(reached).iterrows():
        end = row.variant_epochs if x == "epoch" else row.variant_seconds
        panel.plot([start, end], [row.level] * 2, color=lines[row.variant]["color"], **_LEVEL)
        if np.isfinite(row[x]):
            full = lines[row.method] | {"linewidth": 1.4, "zorder": 4}
            panel.plot([row[x]] * 2, [0, row.level], color=full["color"], **_LEVEL)
            panel.plot([row[x]], [row.level], **full | {"markersize": 10, "markerfacecolor": "white"})
        seeds = reached[(reached.variant == row.variant) & (reached.curve == SEED)]
        texts.append(_by_epoch(row, seeds) if x == "epoch" else _by_time(row, seeds))
    if texts:
        # Below the axis rather than beside the curves, which may be anywhere.
        panel.annotate("\n".join(texts), (0, 0), (0, -34), "axes fraction", "offset points", va="top", fontsize=8)


def _by_epoch(row: pd.Series, seeds: pd.DataFrame) -> str:
    """When a level is reached and what that saves, for one row of the drawn curves."""
    text = f"{method_title(row.variant)} ends at {number(row.level)};\n"
    if np.isfinite(row.epoch):
        text += f"reached at epoch {row.epoch:.0f} of {row.variant_epochs:.0f}: {_saved(row.saving)}"
    else:
        text += f"not reached within {row.epochs:.0f} epochs"
    return text + _single_seeds(seeds.epoch, lambda epoch: f"epoch {epoch:.0f}")


def _by_time(row: pd.Series, seeds: pd.DataFrame) -> str:
    """The same in seconds."""
    text = f"{method_title(row.variant)} ends after {duration(row.variant_seconds)};\n"
    if np.isfinite(row.seconds):
        text += f"its GmAP is reached after {duration(row.seconds)}: {_saved(row.saving_seconds)}"
    else:
        text += "its GmAP is not reached within the training"
    return text + _single_seeds(seeds.seconds, duration)


def _saved(saving: float) -> str:
    return f"{percent(saving)} saved" if saving >= 0 else f"{percent(-saving)} more"


def _single_seeds(values: pd.Series, words: Callable[[float], str]) -> str:
    """A line with the range over seeds, if there are several."""
    if len(values) == 1:
        return ""
    _, low, high = (words(value) if np.isfinite(value) else "never" for value in median_and_range(values))
    return f"\n(single seeds: {low if low == high else f'{low} to {high}'})"


def _losses(results: Path, cells: list[GridCell]) -> pd.DataFrame:
    """Epoch means of all loss terms; no rows for terms that a method does not have."""
    train = cell_csv(results, cells, "train.csv", ["epoch", "total"])
    terms = [term for term in _TERMS if term in train.columns]
    keys = [*GridCell._fields, "epoch"]
    means = train.groupby(keys, sort=False)[terms].mean().reset_index() if len(train) else train
    long = means.melt(id_vars=keys, value_vars=terms, var_name="quantity")
    return long.dropna(subset=["value"]).assign(seconds=np.nan)


def _shared_term(part: pd.DataFrame) -> str:
    """The loss to plot: a term that all methods have, because totals over different terms are not comparable."""
    ours = part[part.source == _OURS]
    methods = ours.method.nunique()
    for term in ("contrast", "reconstruction"):
        if ours.loc[ours.quantity == term, "method"].nunique() == methods:
            return term
    return "total"
