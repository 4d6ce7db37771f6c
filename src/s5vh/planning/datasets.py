"""Which data sets a run takes."""

from __future__ import annotations

from s5vh.config.grid import Run
from s5vh.config.load import load_dataset, names
from s5vh.config.run import RunConfig
from s5vh.data.download.availability import has_labels, missing_files


def resolve_datasets(run: RunConfig) -> tuple[list[str], list[str]]:
    """Data sets to run, and the paper data sets left out because their features are missing.

    With `datasets: auto`: every data set of kind `papers` that has a published name and all its files, and every one of
    videos whose videos are here; the demo when there is none. Data sets of videos that are not here are nobody's loss,
    so nothing is said about them. Data sets named in the configuration are returned as they are.
    """
    if run.datasets != "auto":
        return list(run.datasets), []
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


def run_of(config: RunConfig) -> Run:
    """The configuration with its data sets resolved."""
    datasets, absent = resolve_datasets(config)
    unlabelled = [name for name in datasets if not has_labels(name, load_dataset(name))]
    return Run(config, datasets, absent, tuple(unlabelled))
