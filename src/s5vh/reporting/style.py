"""Common style of all figures, without pyplot's global state."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from s5vh.base.files import atomic
from s5vh.config.grid import Run
from s5vh.reporting.words import DEMO, has_demo

DPI = 180
# The Okabe-Ito palette, which is safe for colour-blind readers, without yellow, which is hard to see on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#3B3B3B", "#56B4E9", "#8C6D31")
# Lighter, for methods beyond the first eight, whose markers are hollow.
LIGHT_COLOURS = ("#6FA8D0", "#EBA273", "#6CC5A8", "#E3BCD4", "#F2CC82", "#7D5BA6", "#A5D3EE", "#C4B08C")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
GREY = "#767676"
_LEGEND_ENTRY = 2.0  # inches per legend entry; a legend wider than its figure would be cut off
_LEGEND_ROW = 0.2  # inches
_STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.7,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "xtick.labelcolor": "#222222",
    "ytick.labelcolor": "#222222",
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
}


@contextmanager
def styled() -> Iterator[None]:
    """Context manager that applies the style."""
    with matplotlib.rc_context(_STYLE):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of this size in inches, with constrained layout."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def headline(
    figure: Figure, text: str, run: Run, handles: Sequence[Any] = (), *, columns: int = 5, uses_data: bool = True
) -> None:
    """Figure title above a legend for all panels; a second line marks results on the demo."""
    title = f"{text}\n{DEMO}" if uses_data and has_demo(run) else text
    if not handles:
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        return
    columns = max(1, min(columns, len(handles), int(figure.get_figwidth() // _LEGEND_ENTRY)))
    # Panels keep their height: figures are made for legends of one row.
    figure.set_figheight(figure.get_figheight() + _LEGEND_ROW * (math.ceil(len(handles) / columns) - 1))
    # Used as the legend's title, because matplotlib would draw a figure title and the legend on top of each other.
    figure.legend(
        handles=handles,
        title=title,
        loc="outside upper left",
        alignment="left",
        ncols=columns,
        title_fontproperties={"size": 12, "weight": "bold"},
        handlelength=2.2,
        borderpad=0.2,
        columnspacing=1.6,
    )


def footnote(figure: Figure, text: str) -> None:
    """A sentence below the panels."""
    figure.supxlabel(text, x=0.01, ha="left", fontsize=8.5, color="#555555")


def method_styles(names: Iterable[str], run: Run) -> dict[str, dict[str, Any]]:
    """Colour and marker of each method, the same in every figure of a run."""
    config = run.config
    ablations = [name for study in config.studied_ablations.values() for name in study.rows]
    others = [*ablations[:1], *config.convergence.methods, *ablations, *config.efficiency.methods]
    order = list(dict.fromkeys([*config.methods, *others, *names]))
    return {name: series_style(order.index(name)) for name in names}


def series_style(index: int) -> dict[str, Any]:
    """Colour and marker with this index; beyond eight, colours are lighter and markers hollow. All repeat after 16."""
    style = {"color": (*COLOURS, *LIGHT_COLOURS)[index % 16], "marker": MARKERS[index % len(MARKERS)]}
    return style if index % 16 < len(COLOURS) else style | {"markerfacecolor": "white"}


def handle(label: str, **style: Any) -> Line2D:
    """A legend entry."""
    return Line2D([], [], label=label, **style)


def empty_panel(axes: Axes, text: str) -> None:
    """Write the reason into an empty panel."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, text, ha="center", va="center", color=GREY, transform=axes.transAxes, wrap=True)


def save(figure: Figure, data: pd.DataFrame, paths: Iterable[Path]) -> None:
    """Write a figure in the format given by each path's suffix: .pdf, .png, or .csv for the plotted numbers.

    No creation date is stored, so that identical figures are identical files.
    """
    for path in paths:
        with atomic(path) as temporary:
            if path.suffix == ".csv":
                data.to_csv(temporary, index=False)
            elif path.suffix == ".pdf":
                figure.savefig(temporary, dpi=DPI, metadata={"CreationDate": None})
            else:
                _save_png(figure, temporary)


def _save_png(figure: Figure, path: Path) -> None:
    """Save with a palette of 256 colours, at a third of the size: the report embeds these files."""
    from PIL import Image

    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=DPI, format="png")
    with Image.open(buffer) as picture:
        small = picture.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(path, optimize=True, dpi=(DPI, DPI))
