"""All tables and figures, declared in `exhibits/`: the files each one reads and the function that builds it.

The workflow uses the declarations as rule inputs, so they import nothing heavy; builders are given by name and imported
only when needed. Names of tables and figures of papers other than S5VH start with the paper, e.g. `mcmsh_table1`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.grid import Run
from s5vh.reporting import inputs
from s5vh.reporting.exhibits import autossvh, mcmsh, overview, s5vh
from s5vh.reporting.exhibits.exhibit import Exhibit

if TYPE_CHECKING:
    from s5vh.reporting.table import Table

_EXHIBITS = (*overview.EXHIBITS, *s5vh.EXHIBITS, *mcmsh.EXHIBITS, *autossvh.EXHIBITS)

CATALOG = {(exhibit.kind, exhibit.name): exhibit for exhibit in _EXHIBITS}
TABLES = tuple(exhibit.name for exhibit in _EXHIBITS if exhibit.kind == "table")
FIGURES = tuple(exhibit.name for exhibit in _EXHIBITS if exhibit.kind == "figure")

ABLATIONS = tuple(exhibit.name for exhibit in _EXHIBITS if exhibit.compares_ablations)  # possible keys of `ablations`


def find(kind: str, name: str) -> Exhibit:
    """The table or figure with this name; the `UserError` for an unknown name lists the known ones."""
    if (kind, name) not in CATALOG:
        names = [exhibit.name for exhibit in _EXHIBITS if exhibit.kind == kind]
        raise UserError(f"unknown {kind} '{name}'; choose from {', '.join(names)}")
    return CATALOG[kind, name]


def exhibits(kind: str, run: Run) -> list[Exhibit]:
    """The tables or figures that are part of `all` and of the report; any other is built when its name is requested."""
    return [exhibit for exhibit in _EXHIBITS if exhibit.kind == kind and exhibit.in_all(run)]


def report_inputs(run: Run, results: Path = layout.RESULTS) -> list[Path]:
    """Input files of the report: the metrics of all cells, the inputs of all tables, and all figures as png."""
    tables = [path for exhibit in exhibits("table", run) for path in exhibit.inputs(run, results)]
    pictures = [p for exhibit in exhibits("figure", run) for p in exhibit.outputs(results) if p.suffix == ".png"]
    return list(dict.fromkeys([*inputs.all_metrics(run, Path(results)), *tables, *pictures]))


def build_table(name: str, run: Run, results: Path = layout.RESULTS) -> Table:
    """Compute a table; raises the errors of `find` and `Exhibit.build`."""
    return find("table", name).build(run, results)


def write_table(name: str, run: Run, results: Path = layout.RESULTS) -> None:
    """Write results/tables/NAME.csv, .md and .tex; raises the errors of `build_table`."""
    from s5vh.reporting.table import write

    exhibit = find("table", name)
    write(exhibit.build(run, results), exhibit.name, exhibit.heading, exhibit.outputs(results))


def write_figure(name: str, run: Run, results: Path = layout.RESULTS) -> None:
    """Write results/figures/NAME.pdf, .png and .csv; raises the errors of `find` and `Exhibit.build`."""
    from s5vh.reporting.style import save, styled

    exhibit = find("figure", name)
    with styled():
        figure, data = exhibit.build(run, results)
        save(figure, data, exhibit.outputs(results))
