"""Which tables and figures there are, and the files each of them reads.

The workflow declares exactly these files as the inputs of its rules, so this module imports nothing heavy.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from s5vh import layout
from s5vh.config.centers import solver_label
from s5vh.config.grid import Run, cells, cells_of, departure_cells, transfer_cells
from s5vh.config.load import load_dataset, load_method
from s5vh.config.method import is_trained
from s5vh.errors import UserError

TABLES = (
    "table1",
    "table2",
    "map",
    "gmap",
    "significance",
    "published",
    "selection",
    "centers",
    "solvers",
    "codes",
    "efficiency",
    "protocol",
)
FIGURES = (
    "figure1a",
    "figure1b",
    "figure3",
    "pr_curves",
    "centers",
    "solvers",
    "code_statistics",
    "examples",
    "protocol",
)
ON_REQUEST = ("departures",)  # studies that are no part of `all`: a table and a figure, made when asked for by name


# Those that need labels; data sets without any are left out of them.
SCORED = ("table1", "table2", "map", "gmap", "significance", "published", "figure1b", "figure3", "pr_curves",
          "departures", "protocol")  # fmt: skip


def shown(name: str, run: Run) -> Run:
    """The run as a table or figure shows it: without data sets that it has nothing to say about."""
    return run.scored if name in SCORED else run


def known(name: str, names: tuple[str, ...], kind: str) -> None:
    """Raise a `UserError` that lists the known names unless `name` is one of them."""
    if name not in names:
        raise UserError(f"unknown {kind} '{name}'; there are {', '.join(names)}")


def inputs_of(name: str, run: Run, results: Path = layout.RESULTS) -> list[Path]:
    """Files that a table, a figure or the report reads, each once, in a stable order.

    A table and a figure of one name read the same files. `report` reads what the tables read and the
    pictures of the figures.

    Raises:
        UserError: an unknown name.
    """
    known(name, tuple(dict.fromkeys((*TABLES, *FIGURES, *ON_REQUEST, "report"))), "table or figure")
    return list(dict.fromkeys(_READERS[name](shown(name, run), Path(results))))


def grid_files(run: Run, results: Path, file: str, wanted: list[tuple[str, int]]) -> list[Path]:
    """`file` of the cells with these (method, bits), on every data set and with every seed."""
    return [layout.cell(*cell, results) / file for cell in cells_of(run, wanted)]


def centers_files(run: Run, results: Path) -> list[tuple[str, str, int, Path]]:
    """(data set, solver, bits, file) of the comparison of hash-center solvers."""
    return [
        (dataset, solver, bits, layout.centers(dataset, solver_label(solver, seconds), clusters, bits, results))
        for seconds in [run.config.centers.seconds]
        for dataset in run.datasets
        for clusters in [load_dataset(dataset).semantics.clusters]
        for solver in run.config.centers.solvers
        for bits in run.config.bits
    ]


class SolverFile(NamedTuple):
    """One file of the study of solvers: a problem is a size of made-up clusters, or a data set with its own."""

    problem: str
    dataset: str | None
    clusters: int
    bits: int
    solver: str
    path: Path


def solver_files(run: Run, results: Path) -> list[SolverFile]:
    """Files of the study of solvers: made-up clusters first, then those of the data sets of the run."""
    study = run.config.solver_study
    labels = {solver: solver_label(solver, study.seconds) for solver in study.solvers}
    found = [
        SolverFile(size.title, None, size.clusters, bits, solver,
                   layout.solver_study(label, size.clusters, bits, size.seed, results))
        for size in study.sizes
        for bits in size.bits
        for solver, label in labels.items()
    ]  # fmt: skip
    return found + [
        SolverFile(dataset, dataset, clusters, bits, solver, layout.centers(dataset, label, clusters, bits, results))
        for dataset in run.datasets
        for clusters in [load_dataset(dataset).semantics.clusters]
        for bits in run.config.bits
        for solver, label in labels.items()
    ]


def example_files(dataset: str, run: Run, results: Path) -> dict[str, Path]:
    """Files of one data set's example page: `codes`, `query`, `database` and, where there are pictures, `thumbnails`.

    The first seed is shown.
    """
    config, examples = load_dataset(dataset), run.config.examples
    cell = layout.cell(dataset, examples.method, examples.bits, run.config.seeds[0], results)
    files = {"codes": cell / "codes.npz"}
    for part in ("query", "database"):
        files[part] = layout.features(dataset, config.source_part(part), results)
    if config.kind in ("demo", "videos"):
        files["thumbnails"] = layout.thumbnails(dataset, results)
    return files


def _map(run: Run, results: Path) -> list[Path]:
    return [layout.cell(*cell, results) / "metrics.json" for cell in cells(run.config, run.datasets)]


def _table1(run: Run, results: Path) -> list[Path]:
    return [
        layout.transfer(cell.dataset, test, cell.method, cell.bits, cell.seed, results) / "metrics.json"
        for test, cell in transfer_cells(run.config, run.datasets)
    ]


def _published(run: Run, results: Path) -> list[Path]:
    return [*_map(run, results), *_table1(run, results)]


def _significance(run: Run, results: Path) -> list[Path]:
    return grid_files(run, results, "ap.npz", [*run.config.main_grid, *run.config.ablation_grid])


def _centers(run: Run, results: Path) -> list[Path]:
    return [path for *_, path in centers_files(run, results)]


def _solvers(run: Run, results: Path) -> list[Path]:
    return [file.path for file in solver_files(run, results)]


def _efficiency(run: Run, results: Path) -> list[Path]:
    methods = run.config.efficiency.methods
    if not methods:
        return []
    return [*(layout.efficiency(method, results) for method in methods), layout.efficiency_fit(results)]


def _figure1b(run: Run, results: Path) -> list[Path]:
    wanted = run.config.convergence_grid
    return [*grid_files(run, results, "evals.csv", wanted), *grid_files(run, results, "train.csv", wanted)]


def _selection(run: Run, results: Path) -> list[Path]:
    grid = cells(run.config, run.datasets)
    trained = {method for method in dict.fromkeys(cell.method for cell in grid) if is_trained(load_method(method))}
    return [layout.cell(*cell, results) / "evals.csv" for cell in grid if cell.method in trained]


def _codes(run: Run, results: Path) -> list[Path]:
    return grid_files(run, results, "codes.npz", run.config.main_grid)


def _examples(run: Run, results: Path) -> list[Path]:
    return [path for dataset in run.datasets for path in example_files(dataset, run, results).values()]


def _departures(run: Run, results: Path) -> list[Path]:
    return [layout.cell(*cell, results) / "metrics.json" for cell in departure_cells(run.config, run.datasets)]


def _protocol(run: Run, results: Path) -> list[Path]:
    if not run.config.protocol_study_grid:
        return []
    return [layout.protocol_study(dataset, results) for dataset in run.datasets]


def _report(run: Run, results: Path) -> list[Path]:
    tables = [*_map(run, results), *(path for name in TABLES for path in _READERS[name](shown(name, run), results))]
    pictures = [path for name in FIGURES for path in layout.figure(name, results) if path.suffix == ".png"]
    return [*tables, *pictures]


_READERS = {
    "table1": _table1,
    "table2": lambda run, results: grid_files(run, results, "metrics.json", run.config.ablation_grid),
    "map": _map,
    "gmap": lambda run, results: grid_files(run, results, "metrics.json", run.config.main_grid),
    "selection": _selection,
    "significance": _significance,
    "published": _published,
    "centers": _centers,
    "solvers": _solvers,
    "codes": _codes,
    "efficiency": _efficiency,
    "figure1a": _efficiency,
    "figure1b": _figure1b,
    "figure3": lambda run, results: grid_files(run, results, "metrics.json", run.config.main_grid),
    "pr_curves": lambda run, results: grid_files(run, results, "pr.csv", run.config.main_grid),
    "code_statistics": _codes,
    "examples": _examples,
    "departures": _departures,
    "protocol": _protocol,
    "report": _report,
}
