"""Figures of a run: `write_figure` draws one as PDF and PNG and writes the numbers behind it as CSV."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from s5vh import layout
from s5vh.config.grid import Run
from s5vh.reporting.inputs import FIGURES, ON_REQUEST, known, shown

_MODULES = {
    "figure1a": "scaling",
    "figure1b": "convergence",
    "figure3": "curves",
    "pr_curves": "curves",
    "centers": "centers",
    "solvers": "solvers",
    "code_statistics": "codes",
    "examples": "examples",
    "departures": "departures",
    "protocol": "protocol",
}


def write_figure(name: str, run: Run, results: Path = layout.RESULTS) -> None:
    """Write results/figures/NAME.pdf, .png and .csv.

    Raises:
        UserError: unknown name, or a missing or broken file.
    """
    known(name, FIGURES + ON_REQUEST, "figure")
    module = import_module(f"s5vh.reporting.figures.{_MODULES[name]}")
    from s5vh.reporting.style import save, styled

    with styled():
        figure, data = getattr(module, f"draw_{name}")(shown(name, run), Path(results))
        save(figure, data, layout.figure(name, Path(results)))
