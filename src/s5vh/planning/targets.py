"""What can be asked for by name: `snakemake TARGET`, and which names therefore belong to nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from s5vh.config import layout
from s5vh.config.grid import GridCell, Run, cells
from s5vh.config.load import names
from s5vh.reporting.catalog import FIGURES, ON_REQUEST, TABLES

# Names that folders under results/, or target rules, already have.
RESERVED_DATASETS = (
    *("all", "figures", "logs", "models", "report", "scaling", "tables", "transfer", "solver_study"),
    *(*TABLES, *FIGURES, *ON_REQUEST),
    *("extract_features", "extract_three_parts"),
    *("import_features", "make_demo", "cluster_videos", "find_neighbours", "solve_centers", "study_solver"),
    *("train", "fit", "evaluate", "import_checkpoint", "download"),
    *("evaluate_transfer", "measure_efficiency", "fit_efficiency", "write_table", "draw_figure", "write_report"),
    "study_protocol",
)
RESERVED_METHODS = ("centers", "downloads", "features", "neighbours", "semantics")


def asked_datasets(words: Iterable[str]) -> list[str]:
    """Data sets that a command line asks for: `ucf101`, `ucf101_16bit` or a file under `results/ucf101/`."""
    found: dict[str, None] = {}
    known = names("datasets")
    before = ""
    for word in words:
        parts = Path(word).parts
        stem = parts[1] if parts[:1] == layout.RESULTS.parts and len(parts) > 2 else re.sub(r"_\d+bit$", "", word)
        if stem in known and before not in ("-d", "--directory", "--profile", "--workflow-profile"):
            found[stem] = None
        before = word
    return list(found)


def files_by_target(run: Run) -> dict[str, list[Path]]:
    """Files of the targets made from the grid: each data set, each bit length, each of both, by name.

    Data sets that are not part of the run are targets too: asking for one is how to run it alone.
    """

    def metrics(grid: Iterable[GridCell]) -> list[Path]:
        return [layout.cell(*cell) / "metrics.json" for cell in grid]

    found: dict[str, list[Path]] = {}
    for dataset in names("datasets"):
        grid = cells(run.config, [dataset])
        found[dataset] = metrics(grid)
        for bits in sorted({cell.bits for cell in grid}):
            found[f"{dataset}_{bits}bit"] = metrics(cell for cell in grid if cell.bits == bits)
    grid = cells(run.config, run.datasets)
    for bits in sorted({cell.bits for cell in grid}):
        found[f"{bits}bit"] = metrics(cell for cell in grid if cell.bits == bits)
    return found
