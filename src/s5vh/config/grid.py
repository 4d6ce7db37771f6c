"""The grid of a run: the cells that each table and figure needs."""

from __future__ import annotations

import json
from typing import NamedTuple

from pydantic import TypeAdapter

from s5vh.base.errors import UserError
from s5vh.config.grid_cell import GridCell
from s5vh.config.load import load_dataset, load_departures
from s5vh.config.run import RunConfig, paper_of

_NAMES = TypeAdapter(list[str])
_TUPLES = ("unlabelled", "searched", "archives")


def cells(run: RunConfig, datasets: list[str]) -> list[GridCell]:
    """All cells that any table, figure or page of `all` needs, without duplicates, in a stable order."""
    return [
        cell
        for name in datasets
        for cell in _expanded([name], _wanted(run.archived() if is_archive(run, name) else run), run.seeds)
    ]


def is_archive(run: RunConfig, dataset: str) -> bool:
    """Whether `all` makes a page of what is in the data set, in place of the papers' studies."""
    return bool(run.archive.methods) and load_dataset(dataset).kind == "videos"


def _wanted(run: RunConfig) -> list[tuple[str, int]]:
    convergence = run.convergence_grid if paper_of("convergence") in run.papers else []
    return list(dict.fromkeys([*run.main_grid, *run.ablation_grids, *convergence, *run.example_grid]))


def _expanded(datasets: list[str], wanted: list[tuple[str, int]], seeds: list[int]) -> list[GridCell]:
    """Cells for these (method, bits) pairs on every data set and with every seed."""
    return [GridCell(dataset, method, bits, seed) for dataset in datasets for method, bits in wanted for seed in seeds]


def departure_methods(run: RunConfig, root: str) -> list[str]:
    """Recipes compared in the departures study of `root`: its own, each switch alone, the released code's."""
    switches = [
        name for name in load_departures(root) if name in run.departures.switches or not run.departures.switches
    ]
    return [root, *(f"{root}+{switch}" for switch in switches), f"{root}-released"]


def departure_cells(run: RunConfig, datasets: list[str]) -> list[GridCell]:
    """Cells of the departures study."""
    study = run.departures
    wanted = [
        (method, bits) for root in study.methods for bits in study.bits for method in departure_methods(run, root)
    ]
    return [GridCell(dataset, *recipe, seed) for dataset in datasets for recipe in wanted for seed in study.seeds]


def protocol_study_cells(run: RunConfig, dataset: str) -> list[GridCell]:
    """Cells of the protocol study, for the first seed only; those outside the main grid appear in no other table."""
    return _expanded([dataset], run.protocol_study_grid, run.seeds[:1])


class Run(NamedTuple):
    """A configuration with its data sets resolved; passed as JSON to the commands for tables, figures and the report.

    `missing` lists the paper data sets that are not in the run and whose features are missing, `searched` the data sets
    outside the run that its transfer pairs search and whose features are available. `archives` get a page of their own;
    tables and figures are of `datasets`, which are the archives if a run has nothing else.
    """

    config: RunConfig
    datasets: list[str]
    missing: list[str]
    unlabelled: tuple[str, ...] = ()  # members of the other lists without labels; retrieval cannot be scored
    searched: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()

    @property
    def scored(self) -> Run:
        """The same run restricted to data sets with labels."""
        return self._replace(datasets=[name for name in self.datasets if name not in self.unlabelled])

    @property
    def everything(self) -> list[str]:
        """The data sets of tables and figures, and the archives."""
        return list(dict.fromkeys([*self.datasets, *self.archives]))

    @property
    def is_archive(self) -> bool:
        """Whether all data sets are archives, so that the papers' studies are made on request only."""
        return bool(self.archives) and set(self.datasets) <= set(self.archives)

    def of_archive(self, dataset: str) -> Run:
        """The run as if it had this archive only."""
        return self._replace(config=self.config.archived(), datasets=[dataset], archives=(dataset,))

    def to_json(self) -> str:
        """The run as JSON; the same for `datasets: auto` and for a list of the data sets that it selects."""
        value = {
            "config": self.config.model_dump(mode="json", exclude={"datasets"}),
            "datasets": self.datasets,
            "missing": self.missing,
            "unlabelled": self.unlabelled,
            "searched": self.searched,
            "archives": self.archives,
        }
        return json.dumps(value, separators=(",", ":"))  # not sort_keys: the first protocol is the main one

    @classmethod
    def from_json(cls, text: str) -> Run:
        """Parse the output of `to_json`; raises `UserError` for anything else."""
        try:
            value = json.loads(text)
            config = RunConfig.model_validate(value["config"] | {"datasets": value["datasets"]})
            named = [_NAMES.validate_python(value[key]) for key in ("datasets", "missing", *_TUPLES)]
        except (ValueError, KeyError, TypeError, RecursionError) as error:  # ValidationError is a ValueError
            raise UserError(f"--run: not the settings of a run ({error}); Snakemake passes them as JSON") from None
        return cls(config, *named[:2], *map(tuple, named[2:]))


def cells_of(run: Run, wanted: list[tuple[str, int]]) -> list[GridCell]:
    """Cells for these (method, bits) pairs on every data set of the run and with every seed."""
    return _expanded(run.datasets, wanted, run.config.seeds)
