"""Selection of a run's data sets."""

from __future__ import annotations

from s5vh.config.grid import Run, is_archive
from s5vh.config.load import load_dataset, names
from s5vh.config.run import RunConfig
from s5vh.data.download.availability import has_labels, missing_files

_DEMO = "demo"


def resolve_datasets(run: RunConfig) -> tuple[list[str], list[str]]:
    """Data sets to run, and the paper data sets that are not among them because their features are missing.

    `datasets: auto` selects every data set of kind `papers` that has a published name and all its files, and every data
    set of kind `videos` whose videos are available, or the data set `demo` if there are none. Missing `videos` data
    sets are skipped silently. Data sets named in the configuration are returned unchanged.
    """
    present, missing = [], []
    for name in names("datasets"):
        config = load_dataset(name)
        if config.kind == "videos":
            present += [] if missing_files(name, config) else [name]
        elif config.kind == "papers" and config.published_name is not None:
            (missing if missing_files(name, config) else present).append(name)
    if run.datasets == "auto":
        return present or [_DEMO], missing
    return list(run.datasets), [name for name in missing if name not in run.datasets]


def run_of(config: RunConfig, *, all_available: bool = False) -> Run:
    """Resolve the data sets of a configuration, and apply what it says about archives if there is nothing else.

    Args:
        all_available: whether to take the features of data sets that are only searched as available.
    """
    chosen, missing = resolve_datasets(config)
    archives = [name for name in chosen if is_archive(config, name)]
    datasets = [name for name in chosen if name not in archives]
    if archives and not datasets:
        config, datasets = config.archived(), archives
    tests = [pair.test for pair in config.transfer if pair.train in datasets and pair.test not in datasets]
    searched = [
        name
        for name in dict.fromkeys(tests)
        if all_available or not missing_files(name, load_dataset(name), ("database", "query"))
    ]
    named = dict.fromkeys([*datasets, *searched, *archives])
    unlabelled = [name for name in named if not has_labels(name, load_dataset(name))]
    return Run(config, datasets, missing, tuple(unlabelled), tuple(searched), tuple(archives))
