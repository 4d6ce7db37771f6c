"""Which models of one data set are evaluated on another, and why others are not. Imports nothing heavy."""

from __future__ import annotations

from s5vh.config.grid import GridCell, Run
from s5vh.config.load import load_dataset
from s5vh.config.studies import TransferConfig
from s5vh.methods.load import load_method


def obstacle(pair: TransferConfig, run: Run) -> str:
    """Why a pair does not run, as the end of a sentence, or ""."""
    train, test = (load_dataset(name).title for name in (pair.train, pair.test))
    if pair.train not in run.datasets:
        return f"{train} is not part of this run"
    if pair.test not in (*run.datasets, *run.searched):
        return f"the features of {test} are missing, see `s5vh doctor`"
    return f"the videos of {test} have no labels" if pair.test in run.unlabelled else ""


def unfit(pair: TransferConfig, run: Run) -> list[str]:
    """Methods of the run that cannot encode the searched videos, because these have another number of frames."""
    train, test = (load_dataset(name) for name in (pair.train, pair.test))
    if train.frames == test.frames:
        return []
    return [name for name in run.config.methods if load_method(name, pair.train, run.config.overrides).fixed_length]


def transfer_cells(run: Run, table: str | None = None) -> list[tuple[str, GridCell]]:
    """Evaluations of a transfer table, as (searched data set, cell that trains the model), without duplicates.

    Without the name of a table: of the tables of all papers that are part of `all`.
    """
    found = [
        (pair.test, GridCell(pair.train, method, bits, seed))
        for pair in run.config.transfer_pairs(table)
        if not obstacle(pair, run)
        for without in [unfit(pair, run)]
        for method in run.config.methods
        if method not in without
        for bits in pair.bits
        for seed in run.config.seeds
    ]
    return list(dict.fromkeys(found))


def searched_datasets(run: Run, table: str) -> list[str]:
    """Data sets that the pairs of a transfer table search, where anything is evaluated."""
    return list(dict.fromkeys(test for test, _ in transfer_cells(run, table)))


def trained_for_transfer(run: Run, dataset: str) -> list[GridCell]:
    """Cells of a data set whose models are evaluated on others."""
    return list(dict.fromkeys(cell for _, cell in transfer_cells(run) if cell.dataset == dataset))


def in_domain_cells(run: Run, table: str) -> list[GridCell]:
    """Cells that were trained on the data set that a transfer table searches, where the run has them anyway."""
    found = [
        GridCell(test, cell.method, cell.bits, cell.seed)
        for test, cell in transfer_cells(run, table)
        if test in run.datasets and cell.bits in run.config.bits
    ]
    return list(dict.fromkeys(found))
