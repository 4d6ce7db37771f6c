"""The grid of a run: which data sets, and which cells every table and figure needs."""

from __future__ import annotations

import json
from typing import NamedTuple

from s5vh.config.load import load_dataset, load_departures, names
from s5vh.config.run import RunConfig


class GridCell(NamedTuple):
    dataset: str
    method: str
    bits: int
    seed: int


def resolve_datasets(run: RunConfig) -> tuple[list[str], list[str]]:
    """Data sets to run, and the paper data sets left out because their features are absent.

    With `datasets: auto`: every data set of kind `papers` that has a published name and all its files, and every one of
    videos whose videos are here; the demo when there is none. Data sets of videos that are not here are nobody's loss,
    so nothing is said about them. Data sets named in the configuration are returned as they are.
    """
    if run.datasets != "auto":
        return list(run.datasets), []
    from s5vh.data.availability import missing_files

    present, absent, demos = [], [], []
    for name in names("datasets"):
        config = load_dataset(name)
        if config.kind == "demo":
            demos.append(name)
        elif config.kind == "videos":
            present += [] if missing_files(name, config) else [name]
        elif config.published_name is not None:
            (absent if missing_files(name, config) else present).append(name)
    return present or demos, absent


def cells(run: RunConfig, datasets: list[str]) -> list[GridCell]:
    """Every cell that some table or figure of the run needs, once, in a stable order."""
    example = (run.examples.method, run.examples.bits)
    wanted = [*run.main_grid, *run.ablation_grid, *run.convergence_grid, example]
    return _expanded(datasets, list(dict.fromkeys(wanted)), run.seeds)


def _expanded(datasets: list[str], wanted: list[tuple[str, int]], seeds: list[int]) -> list[GridCell]:
    """The cells with these (method, bits), on every data set and with every seed."""
    return [GridCell(dataset, method, bits, seed) for dataset in datasets for method, bits in wanted for seed in seeds]


def departure_methods(run: RunConfig) -> list[str]:
    """Recipes of the departures study: the paper's, each switch alone, all of them."""
    switches = run.departures.switches or list(load_departures())
    return ["s5vh", *(f"s5vh+{switch}" for switch in switches), "s5vh-released"]


def departure_cells(run: RunConfig, datasets: list[str]) -> list[GridCell]:
    """Cells of the departures study."""
    study = run.departures
    wanted = [(method, bits) for bits in study.bits for method in departure_methods(run)]
    return [GridCell(dataset, *recipe, seed) for dataset in datasets for recipe in wanted for seed in study.seeds]


def transfer_cells(run: RunConfig, datasets: list[str]) -> list[tuple[str, GridCell]]:
    """Cells of Table 1 that can be run: (data set searched, cell that trains the model)."""
    return [
        (pair.test, GridCell(pair.train, method, bits, seed))
        for pair in run.transfer
        if pair.train in datasets and pair.test in datasets
        for method in run.methods
        for bits in pair.bits
        for seed in run.seeds
    ]


def protocol_study_cells(run: RunConfig, dataset: str) -> list[GridCell]:
    """Cells of the study of the protocol, with the first seed; those outside of the grid are in no other table."""
    return _expanded([dataset], run.protocol_study_grid, run.seeds[:1])


class Run(NamedTuple):
    """A configuration with its data sets resolved; tables, figures and the report are handed one as JSON."""

    config: RunConfig
    datasets: list[str]
    absent: list[str]
    unlabelled: tuple[str, ...] = ()  # those of `datasets` whose retrieval cannot be scored

    @classmethod
    def resolve(cls, config: RunConfig) -> Run:
        from s5vh.data.availability import has_labels

        datasets, absent = resolve_datasets(config)
        unlabelled = [name for name in datasets if not has_labels(name, load_dataset(name))]
        return cls(config, datasets, absent, tuple(unlabelled))

    @property
    def scored(self) -> Run:
        """The same run with those data sets only that have labels."""
        return self._replace(datasets=[name for name in self.datasets if name not in self.unlabelled])

    def to_json(self) -> str:
        value = {
            "config": self.config.model_dump(mode="json"),
            "datasets": self.datasets,
            "absent": self.absent,
            "unlabelled": self.unlabelled,
        }
        return json.dumps(value, separators=(",", ":"))  # keys unsorted: the first protocol is the main one

    @classmethod
    def from_json(cls, text: str) -> Run:
        value = json.loads(text)
        config = RunConfig.model_validate(value["config"])
        return cls(config, value["datasets"], value["absent"], tuple(value["unlabelled"]))


def cells_of(run: Run, wanted: list[tuple[str, int]]) -> list[GridCell]:
    """The cells with these (method, bits), on every data set of the run and with every seed."""
    return _expanded(run.datasets, wanted, run.config.seeds)
