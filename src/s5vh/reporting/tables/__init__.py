"""Tables of a run: `build_table` computes one, `write_table` writes it as CSV, Markdown and LaTeX."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from s5vh import layout
from s5vh.config.grid import Run
from s5vh.reporting.inputs import ON_REQUEST, TABLES, known, shown

if TYPE_CHECKING:
    from s5vh.reporting.table import Table

_MODULES = {
    "map": "retrieval",
    "gmap": "retrieval",
    "selection": "selection",
    "table1": "paper",
    "table2": "paper",
    "centers": "solvers",
    "solvers": "solvers",
    "codes": "studies",
    "efficiency": "studies",
    "departures": "departures",
    "protocol": "protocol",
    "significance": "significance",
    "published": "published",
}


def build_table(name: str, run: Run, results: Path = layout.RESULTS) -> Table:
    """Compute a table from the files that `s5vh.reporting.inputs.inputs_of` names.

    Raises:
        UserError: unknown name, or a missing or broken file.
    """
    known(name, TABLES + ON_REQUEST, "table")
    module = import_module(f"s5vh.reporting.tables.{_MODULES[name]}")
    return getattr(module, f"build_{name}")(shown(name, run), Path(results))


def write_table(name: str, run: Run, results: Path = layout.RESULTS) -> None:
    """Write results/tables/NAME.csv, .md and .tex; errors as `build_table`."""
    from s5vh.reporting.table import write

    write(build_table(name, run, results), layout.table(name, Path(results)))
