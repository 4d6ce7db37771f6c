"""Targets of `snakemake TARGET`, and the names they reserve."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from s5vh.config import layout
from s5vh.config.grid import GridCell, Run, cells
from s5vh.config.load import names
from s5vh.reporting.catalog import FIGURES, TABLES

# Names already used by folders in results/ or by target rules.
RESERVED_DATASETS = (
    *("all", "archive", "figures", "logs", "models", "report", "scaling", "tables", "transfer", "solver_study"),
    *(*TABLES, *FIGURES),
    *("extract_features", "extract_three_parts"),
    *("import_features", "make_demo", "cluster_videos", "find_neighbours", "solve_centers"),
    *("study_solver", "study_centering", "score_reference_rankings"),
    *("train", "fit", "evaluate", "import_checkpoint", "download"),
    *("evaluate_transfer", "measure_efficiency", "fit_efficiency", "write_table", "draw_figure", "write_report"),
    "write_archive",
    "study_protocol",
)
RESERVED_METHODS = ("centers", "downloads", "features", "neighbours", "semantics")


def requested_datasets(arguments: Iterable[str]) -> list[str]:
    """Data sets requested on a command line: `ucf101`, `ucf101_16bit` or a file in `results/ucf101/`."""
    requested: dict[str, None] = {}
    known = names("datasets")
    previous = ""
    for argument in arguments:
        parts = Path(argument).parts
        stem = parts[1] if parts[:1] == layout.RESULTS.parts and len(parts) > 2 else re.sub(r"_\d+bit$", "", argument)
        if stem in known and previous not in ("-d", "--directory", "--profile", "--workflow-profile"):
            requested[stem] = None
        previous = argument
    return list(requested)


def files_by_target(run: Run) -> dict[str, list[Path]]:
    """Files of the targets derived from the grid, by target name: data sets, code lengths, and combinations of both.

    Data sets outside the run are targets too, so each can be run on its own.
    """

    def metrics(grid: Iterable[GridCell]) -> list[Path]:
        return [layout.cell(*cell) / "metrics.json" for cell in grid]

    targets: dict[str, list[Path]] = {}
    for dataset in names("datasets"):
        grid = cells(run.config, [dataset])
        targets[dataset] = metrics(grid)
        for bits in sorted({cell.bits for cell in grid}):
            targets[f"{dataset}_{bits}bit"] = metrics(cell for cell in grid if cell.bits == bits)
    grid = cells(run.config, run.everything)
    for bits in sorted({cell.bits for cell in grid}):
        targets[f"{bits}bit"] = metrics(cell for cell in grid if cell.bits == bits)
    return targets
