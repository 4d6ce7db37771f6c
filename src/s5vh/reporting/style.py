"""Common style of all figures, without pyplot's global state."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
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
from s5vh.methods.settings import is_trained
from s5vh.reporting import lookup
from s5vh.reporting.words import DEMO, has_demo

DPI = 180
# Nine hues that stay apart for readers with deuteranopia and protanopia, and whose luminances differ, so that they also
# do in grey. The rest tells itself by marker and line style.
COLOURS = ("#1A73F5", "#A3200D", "#129E6B", "#CB9420", "#3A2F8A", "#2B1A17", "#CB96F2", "#3F6E7E", "#7CCBC4")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "p")
LINES = ("-", (0, (5, 1.5)), (0, (5, 1.2, 1.2, 1.2)))
MORE_MARKERS, MORE_LINE = ("<", ">", "d", "h", "8"), (0, (1, 1))  # beyond the first nine, whose colours return
BASELINE_MARKERS = ("<", ">", "d", "s", "^", "v", "o", "P")
GREY = "#767676"
BASELINE_GREYS = ("#6A6A6A", "#A0A0A0")  # for methods that are fitted rather than trained
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
    figure: Figure, text: str, run: Run, *groups: Sequence[Line2D], columns: int = 5, uses_data: bool = True
) -> None:
    """Figure title above a legend for all panels; a second line marks results on the demo.

    Each group of legend entries starts a new row.
    """
    title = f"{text}\n{DEMO}" if uses_data and has_demo(run) else text
    shown = [group for group in groups if group]
    if not shown:
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        return
    columns = max(1, min(columns, max(map(len, shown)), int(figure.get_figwidth() // _LEGEND_ENTRY)))
    handles = list(shown[0]) if len(shown) == 1 else _in_rows(shown, columns)
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
        handlelength=2.6,
        borderpad=0.2,
        columnspacing=1.6,
    )


def _in_rows(groups: Sequence[Sequence[Line2D]], columns: int) -> list[Line2D]:
    """Entries in the order of matplotlib, column by column, with empty ones that let each group start a row."""
    blank = handle("", linestyle="none")
    padded = [[*group, *[blank] * (-len(group) % columns)] for group in groups]
    return [
        entry
        for column in range(columns)
        for group in padded
        for entry in group[column * len(group) // columns : (column + 1) * len(group) // columns]
    ]


def footnote(figure: Figure, text: str) -> None:
    """A sentence below the panels."""
    figure.supxlabel(text, x=0.01, ha="left", fontsize=8.5, color="#555555")


def method_styles(names: Iterable[str], run: Run) -> dict[str, dict[str, Any]]:
    """Colour and marker of each method of a figure.

    The compared methods have the same ones in every figure of a run, and those that are fitted rather than trained are
    grey. Others, such as ablations, get what their figure leaves.
    """
    names = list(dict.fromkeys(names))
    compared = {name: is_trained(lookup.method(name)) for name in run.config.methods}
    trained = [name for name, is_network in compared.items() if is_network]
    fitted = [name for name in compared if name not in trained]
    free = (index for index in count() if index >= len(trained) or trained[index] not in names)
    styles = {}
    for name in names:
        if name in fitted:
            styles[name] = _baseline_style(fitted.index(name))
        else:
            styles[name] = series_style(trained.index(name) if name in trained else next(free))
    return styles


def method_lines(names: Iterable[str], run: Run, lead: str | None = None) -> dict[str, dict[str, Any]]:
    """Style of each method's line: that of `method_styles`, and a line style, so that lines differ in grey, too.

    Args:
        lead: a method whose line is solid, the widest, and lies on top.
    """
    styles = method_styles(names, run)
    lines = {}
    for name, style in styles.items():
        if style["color"] in BASELINE_GREYS:
            line = {"linestyle": "-", "linewidth": 0.9, "markersize": 3.5, "zorder": 2.0}
        else:
            line = {"linestyle": _line_of(style), "linewidth": 1.6, "markersize": 5.0, "zorder": 2.5}
        if name == lead:
            line |= {"linestyle": "-", "linewidth": 2.6, "zorder": 2.8}
        lines[name] = style | line
    return lines


def _line_of(style: dict[str, Any]) -> Any:
    """The line style that goes with the marker of a series."""
    if style["marker"] in MARKERS:
        return LINES[MARKERS.index(style["marker"]) % len(LINES)]
    return MORE_LINE


def series_style(index: int) -> dict[str, Any]:
    """Colour and marker with this index. Beyond nine, colours return with other markers."""
    marker = MARKERS[index] if index < len(MARKERS) else MORE_MARKERS[(index - len(MARKERS)) % len(MORE_MARKERS)]
    return {"color": COLOURS[index % len(COLOURS)], "marker": marker}


def _baseline_style(index: int) -> dict[str, Any]:
    return {
        "color": BASELINE_GREYS[index % len(BASELINE_GREYS)],
        "marker": BASELINE_MARKERS[index % len(BASELINE_MARKERS)],
    }


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
