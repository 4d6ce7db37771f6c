"""Input files of tables and figures, as functions of a run and its results folder. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from s5vh.config import layout
from s5vh.config.centers import solver_label
from s5vh.config.grid import GridCell, Run, cells, cells_of, departure_cells
from s5vh.config.load import load_dataset
from s5vh.methods.load import load_method
from s5vh.methods.settings import is_trained
from s5vh.reporting.transfer_pairs import in_domain_cells, searched_datasets, transfer_cells

Reader = Callable[[Run, Path], list[Path]]


def grid_files(run: Run, results: Path, file: str, wanted: list[tuple[str, int]]) -> list[Path]:
    """`file` of the cells with these (method, bits), on every data set and with every seed."""
    return [layout.cell(*cell, results) / file for cell in cells_of(run, wanted)]


def centers_files(run: Run, results: Path) -> list[tuple[str, str, int, Path]]:
    """(data set, solver, bits, file) for the comparison of hash-center solvers."""
    return [
        (dataset, solver, bits, layout.centers(dataset, solver_label(solver, seconds), clustering, bits, results))
        for seconds in [run.config.centers.seconds]
        for dataset in run.datasets
        for clustering in [load_dataset(dataset).semantics.label]
        for solver in run.config.centers.solvers
        for bits in run.config.bits
    ]


class SolverFile(NamedTuple):
    """One file of the solver study; a problem is a set of synthetic clusters, or the clusters of a data set."""

    problem: str
    dataset: str | None
    clusters: int
    bits: int
    solver: str
    path: Path


def solver_files(run: Run, results: Path) -> list[SolverFile]:
    """Files of the solver study: synthetic clusters first, then the clusters of the run's data sets."""
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
        SolverFile(dataset, dataset, semantics.clusters, bits, solver,
                   layout.centers(dataset, label, semantics.label, bits, results))
        for dataset in run.datasets
        for semantics in [load_dataset(dataset).semantics]
        for bits in run.config.bits
        for solver, label in labels.items()
    ]  # fmt: skip


def centering_files(run: Run, results: Path) -> list[tuple[str, Path]]:
    """(solver, file) of the comparison of centered and uncentered features, if the run has one."""
    study = run.config.solver_study
    if study.centering is None:
        return []
    size = study.centering
    return [
        (solver, layout.centering_study(solver_label(solver, study.seconds), size.clusters, size.bits, size.seeds,
                                        results))
        for solver in study.solvers
    ]  # fmt: skip


def example_files(dataset: str, run: Run, results: Path) -> dict[str, Path]:
    """Files for the example queries of a data set: `codes`, `query`, `database` and, if available, `thumbnails`.

    The codes are those of the first seed.
    """
    config, examples = load_dataset(dataset), run.config.examples
    cell = layout.cell(dataset, run.config.example_method, examples.bits, run.config.seeds[0], results)
    files = {"codes": cell / "codes.npz"}
    for part in ("query", "database"):
        files[part] = layout.features(dataset, config.source_part(part), results)
    if config.kind in ("demo", "videos"):
        files["thumbnails"] = layout.thumbnails(dataset, results)
    return files


def archive_cell(run: Run) -> GridCell:
    """The cell whose codes the page of an archive shows; `run` has this archive only."""
    return GridCell(run.datasets[0], run.config.methods[0], max(run.config.bits), run.config.seeds[0])


def archive_features(dataset: str, results: Path) -> dict[str, Path]:
    """Feature files of an archive's videos by what they are in a codes file: `database`, and `query` if it differs."""
    config = load_dataset(dataset)
    parts = {config.source_part(part): part for part in ("query", "database")}
    return {part: layout.features(dataset, parts_of, results) for parts_of, part in reversed(parts.items())}


def archive(run: Run, results: Path) -> list[Path]:
    """Files for the page of an archive; `run` has this archive only."""
    (dataset,) = run.datasets
    return [
        layout.cell(*archive_cell(run), results) / "codes.npz",
        *archive_features(dataset, results).values(),
        layout.thumbnails(dataset, results),
        *main_metrics(run, results),
        *reference_rankings(run, results),
    ]


def all_metrics(run: Run, results: Path) -> list[Path]:
    """Scores of every cell."""
    return [layout.cell(*cell, results) / "metrics.json" for cell in cells(run.config, run.datasets)]


def reference_rankings(run: Run, results: Path) -> list[Path]:
    """Scores of the rankings that need no codes."""
    if not run.config.reference_rankings:
        return []
    return [layout.reference_rankings(dataset, results) for dataset in run.scored.datasets]


def compared_scores(run: Run, results: Path) -> list[Path]:
    """Scores of the methods that are compared with each other, and of the reference rankings."""
    return [*main_metrics(run, results), *reference_rankings(run, results)]


def all_scores(run: Run, results: Path) -> list[Path]:
    """Scores of every cell and of the reference rankings."""
    return [*all_metrics(run, results), *reference_rankings(run, results)]


def aspect_scores(run: Run, results: Path) -> list[Path]:
    """Scores of the methods and their ablations, and of the reference rankings."""
    return [*compared_scores(run, results), *ablation_metrics(run, results)]


def main_metrics(run: Run, results: Path) -> list[Path]:
    """Scores of the methods that are compared with each other."""
    return grid_files(run, results, "metrics.json", run.config.main_grid)


def ablation(name: str) -> Reader:
    """Reader of the scores of a recipe and its ablations, for the table or figure `name`."""

    def ablation_scores(run: Run, results: Path) -> list[Path]:
        return grid_files(run, results, "metrics.json", run.config.ablation_grid(name))

    return ablation_scores


def ablation_metrics(run: Run, results: Path) -> list[Path]:
    """Scores of the recipes and ablations of all papers of the run."""
    return grid_files(run, results, "metrics.json", run.config.ablation_grids)


def curves(run: Run, results: Path) -> list[Path]:
    """Precision-recall curves of the methods that are compared with each other."""
    return grid_files(run, results, "pr.csv", run.config.main_grid)


def compared_scores_and_curves(run: Run, results: Path) -> list[Path]:
    """Scores and precision-recall curves of these methods, and scores of the reference rankings."""
    return [*compared_scores(run, results), *curves(run, results)]


def transfer_metrics(run: Run, results: Path, table: str | None = None) -> list[Path]:
    """Scores of models on a data set other than the one they were trained on, as for `transfer_cells`."""
    return [
        layout.transfer(cell.dataset, test, cell.method, cell.bits, cell.seed, results) / "metrics.json"
        for test, cell in transfer_cells(run, table)
    ]


def transfer(table: str, *, trained_there: bool = True) -> Reader:
    """Reader of the scores of a transfer table, and of what they are read by on the searched data sets.

    These are the scores of the reference rankings and, if `trained_there`, of the same methods trained there, as far as
    they are in the run.
    """

    def transfer_scores(run: Run, results: Path) -> list[Path]:
        there = in_domain_cells(run, table) if trained_there else []
        in_domain = [layout.cell(*cell, results) / "metrics.json" for cell in there]
        searched = searched_datasets(run, table) if run.config.reference_rankings else []
        references = [layout.reference_rankings(dataset, results) for dataset in searched]
        return [*transfer_metrics(run, results, table), *in_domain, *references]

    return transfer_scores


def published_inputs(run: Run, results: Path) -> list[Path]:
    """Scores that can be compared with published numbers."""
    return [*all_metrics(run, results), *transfer_metrics(run, results)]


def query_scores(run: Run, results: Path) -> list[Path]:
    """Per-query AP of the methods that are compared with each other or with their ablations."""
    return grid_files(run, results, "ap.npz", [*run.config.main_grid, *run.config.ablation_grids])


def centers(run: Run, results: Path) -> list[Path]:
    """Hash centers of the solvers that are compared on the data sets."""
    return [path for *_, path in centers_files(run, results)]


def solvers(run: Run, results: Path) -> list[Path]:
    """Results of the solver study."""
    return [file.path for file in solver_files(run, results)] + [path for _, path in centering_files(run, results)]


def efficiency(run: Run, results: Path) -> list[Path]:
    """Time and memory measurements of all networks, and their fits."""
    methods = run.config.efficiency.methods
    if not methods:
        return []
    return [*(layout.efficiency(method, results) for method in methods), layout.efficiency_fit(results)]


def convergence(run: Run, results: Path) -> list[Path]:
    """Evaluations and losses during the trainings of the convergence figure."""
    losses = grid_files(run, results, "train.csv", run.config.convergence_grid)
    return [*convergence_scores(run, results), *losses]


def convergence_scores(run: Run, results: Path) -> list[Path]:
    """Evaluations during the trainings of the convergence table."""
    return grid_files(run, results, "evals.csv", run.config.convergence_grid)


def training_curves(name: str) -> Reader:
    """Reader of evaluations and losses during the trainings of the figure `name`, which compares ablations."""

    def curves_of_ablation(run: Run, results: Path) -> list[Path]:
        grid = run.config.ablation_grid(name)
        return [*training_scores(name)(run, results), *grid_files(run, results, "train.csv", grid)]

    return curves_of_ablation


def training_scores(name: str) -> Reader:
    """Reader of the evaluations alone."""

    def scores_of_ablation(run: Run, results: Path) -> list[Path]:
        return grid_files(run, results, "evals.csv", run.config.ablation_grid(name))

    return scores_of_ablation


def evaluations(run: Run, results: Path) -> list[Path]:
    """Evaluations during every training."""
    grid = cells(run.config, run.datasets)
    trained = {method for method in dict.fromkeys(cell.method for cell in grid) if is_trained(load_method(method))}
    return [layout.cell(*cell, results) / "evals.csv" for cell in grid if cell.method in trained]


def codes(run: Run, results: Path) -> list[Path]:
    """Codes of the methods that are compared with each other."""
    return grid_files(run, results, "codes.npz", run.config.main_grid)


def examples(run: Run, results: Path) -> list[Path]:
    """Files for the example queries."""
    return [path for dataset in run.datasets for path in example_files(dataset, run, results).values()]


def departures(run: Run, results: Path) -> list[Path]:
    """Scores of the departures study."""
    return [layout.cell(*cell, results) / "metrics.json" for cell in departure_cells(run.config, run.datasets)]


def protocol(run: Run, results: Path) -> list[Path]:
    """The protocol study on every data set."""
    if not run.config.protocol_study_grid:
        return []
    return [layout.protocol_study(dataset, results) for dataset in run.datasets]
