"""Figure 1b: GmAP and loss during training, with and without the alignment to hash centers.

On the left, the final GmAP of each variant is a horizontal line, with a mark where the full method first reaches it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from s5vh.config.grid import Run, cells_of
from s5vh.reporting import lookup
from s5vh.reporting.collect import cell_csv, summarise
from s5vh.reporting.convergence import MEAN, SEED, convergence, median_and_range
from s5vh.reporting.published_numbers import comparable, table_of
from s5vh.reporting.style import GREY, empty_panel, handle, headline, method_styles, new_figure
from s5vh.reporting.words import kinds, method_title, number, panel_title, percent

_TERMS = ("total", "reconstruction", "contrast", "alignment")
_MARKERS = 20  # about as many on a line, also with hundreds of evaluations
_LEVEL = {"linestyle": (0, (1, 1.5)), "linewidth": 1.4}


def draw_figure1b(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """Left: GmAP at each evaluation, and when final levels are reached. Right: a shared loss term, mean per epoch."""
    methods, bits = list(dict.fromkeys(run.config.convergence.methods)), run.config.convergence.bits
    cells = cells_of(run, run.config.convergence_grid)
    evals = cell_csv(results, cells, "evals.csv", ["epoch", "GmAP"])
    evals = evals.melt(id_vars=["dataset", "method", "bits", "seed", "epoch"], value_vars=["GmAP"], var_name="quantity")
    data = summarise(pd.concat([evals, _losses(results, cells)], ignore_index=True))
    data["source"] = "this run"
    published = _published_curves(run, bits)
    data = pd.concat([data, published], ignore_index=True) if len(published) else data
    reached = convergence(run, results)
    data = pd.concat([data, _levels(reached)], ignore_index=True) if len(reached) else data
    data.insert(1, "data", kinds(data.dataset))

    styles = method_styles(methods, run)
    datasets = run.datasets
    below = 0.35 * len(methods[1:])  # inches, for what is said below a panel
    figure = new_figure(9.0, 1.2 + (2.9 + below) * max(1, len(datasets)))
    axes = figure.subplots(max(1, len(datasets)), 2, squeeze=False)
    if not datasets:
        for panel in axes.ravel():
            empty_panel(panel, "no data set ran")
    for dataset, (left, right) in zip(datasets, axes, strict=False):
        part = data[data.dataset == dataset]
        shown = _shared_term(part)
        for quantity, panel in (("GmAP", left), (shown, right)):
            for method in methods:
                line = part[(part.method == method) & (part.quantity == quantity) & (part.source == "this run")]
                style = styles[method] if quantity == "GmAP" else {"color": styles[method]["color"]}
                panel.plot(line.epoch, line.value, markevery=max(1, len(line) // _MARKERS), **style)
                if line.low.notna().any():
                    panel.fill_between(line.epoch, line.low, line.high, color=style["color"], alpha=0.15, linewidth=0)
        quoted = part[(part.source != "this run") & (part.quantity == "GmAP")]
        left.plot(quoted.epoch, quoted.value, color=GREY, linestyle=(0, (4, 2)), linewidth=1.4)
        left.set(title=panel_title(dataset), xlabel="epoch", ylabel=f"GmAP ({run.config.main_protocol} protocol)")
        right.set(title=panel_title(dataset), xlabel="epoch", ylabel=f"{shown} loss, epoch mean")
        left.set_ylim(bottom=0)
        if len(reached):
            _mark_levels(left, reached[reached.dataset == dataset], styles)
        for panel in (left, right):
            panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    handles = [handle(method_title(method), **styles[method]) for method in methods]
    if len(published):
        handles.append(handle("S5VH authors' log", color=GREY, linestyle=(0, (4, 2)), linewidth=1.4))
    if len(reached):
        handles.append(handle("final GmAP to reach", color=GREY, **_LEVEL))
    headline(figure, f"Convergence with and without alignment, {bits} bits", run, handles)
    return figure, data


def _shown(reached: pd.DataFrame) -> pd.DataFrame:
    """The rows of the curves that are drawn: means over seeds, or the only seed."""
    return reached[reached.curve == (MEAN if (reached.curve == MEAN).any() else SEED)]


def _levels(reached: pd.DataFrame) -> pd.DataFrame:
    """The levels and when they are reached, for the CSV file; the epoch is missing if a level never is."""
    shown = _shown(reached)
    return pd.DataFrame(
        {
            "dataset": shown.dataset,
            "method": shown.method,
            "bits": shown.bits,
            "epoch": shown.epoch.replace(np.inf, np.nan),
            "quantity": "reaches final GmAP of " + shown.variant,
            "value": shown.level,
            "source": "this run",
        }
    )


def _mark_levels(panel: Axes, reached: pd.DataFrame, styles: dict[str, dict]) -> None:
    """A line at the final GmAP of each variant, a mark where the full method reaches it, and both in words below."""
    lines = []
    for _, row in _shown(reached).iterrows():
        panel.plot([1, row.variant_epochs], [row.level] * 2, color=styles[row.variant]["color"], **_LEVEL)
        if np.isfinite(row.epoch):
            full = styles[row.method]
            panel.plot([row.epoch] * 2, [0, row.level], color=full["color"], **_LEVEL)
            panel.plot([row.epoch], [row.level], **full | {"markersize": 10, "markerfacecolor": "white"}, zorder=4)
        lines.append(_in_words(row, reached[(reached.variant == row.variant) & (reached.curve == SEED)]))
    # Below the axis rather than beside the curves, which may be anywhere.
    panel.annotate("\n".join(lines), (0, 0), (0, -34), "axes fraction", "offset points", va="top", fontsize=8)


def _in_words(row: pd.Series, seeds: pd.DataFrame) -> str:
    """When a level is reached and what that saves, for one row of the drawn curves."""
    level = f"{method_title(row.variant)} ends at {number(row.level)}"
    if np.isfinite(row.epoch):
        text = f"{level}; reached at epoch {row.epoch:.0f} of {row.variant_epochs:.0f}:\n{percent(row.saving)} saved"
    else:
        text = f"{level};\nnot reached within {row.epochs:.0f} epochs"
    if len(seeds) > 1:
        _, low, high = (
            f"epoch {epoch:.0f}" if np.isfinite(epoch) else "never" for epoch in median_and_range(seeds.epoch)
        )
        text += f" (single seeds: {low if low == high else f'{low} to {high}'})"
    return text


def _losses(results: Path, cells: list) -> pd.DataFrame:
    """Epoch means of all loss terms; no rows for terms that a method does not have."""
    train = cell_csv(results, cells, "train.csv", ["epoch", "total"])
    terms = [term for term in _TERMS if term in train.columns]
    keys = ["dataset", "method", "bits", "seed", "epoch"]
    means = train.groupby(keys, sort=False)[terms].mean().reset_index() if len(train) else train
    long = means.melt(id_vars=keys, value_vars=terms, var_name="quantity")
    return long.dropna(subset=["value"])


def _shared_term(part: pd.DataFrame) -> str:
    """The loss to plot: a term that all methods have, because totals over different terms are not comparable."""
    ours = part[part.source == "this run"]
    methods = ours.method.nunique()
    for term in ("contrast", "reconstruction"):
        if ours.loc[ours.quantity == term, "method"].nunique() == methods:
            return term
    return "total"


def _published_curves(run: Run, bits: int) -> pd.DataFrame:
    """GmAP during the authors' own training runs; those on FCVID used other queries and are not in the table."""
    logged = table_of("eval_curves")
    recipes = {name: lookup.method(name).published for name in run.config.convergence.methods}
    full = [name for name, recipe in recipes.items() if recipe and (recipe.method, recipe.variant) in _keys(logged)]
    names = {lookup.dataset(name).published_name: name for name in run.datasets}
    if not full or not comparable(run.config.protocols[run.config.main_protocol]):
        return pd.DataFrame()
    recipe = recipes[full[0]]
    published = logged[(logged.method == recipe.method) & (logged.variant == recipe.variant) & (logged.bits == bits)]
    published = published[published.dataset.isin([name for name in names if name])]
    cutoffs = [column for column in published.columns if column.startswith("mAP@")]
    return pd.DataFrame(
        {
            "dataset": [names[name] for name in published.dataset],
            "method": full[0],
            "bits": bits,
            "epoch": published.epoch.to_numpy(),
            "quantity": "GmAP",
            "value": np.exp(np.log(published[cutoffs]).mean(axis=1)).to_numpy(),
            "source": "S5VH authors' log",
        }
    )


def _keys(logged: pd.DataFrame) -> set[tuple[str, str]]:
    """Methods and variants whose training runs their authors logged."""
    return set(zip(logged.method, logged.variant, strict=True))
