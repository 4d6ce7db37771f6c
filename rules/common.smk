"""Helpers for the rules: thin wrappers around the package, where the logic and its tests are. Defines no rules."""

import gc
import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import get_args

try:
    from s5vh.base.errors import UserError
    from s5vh.base.parent import announce_as_parent, end_with_parent
    from s5vh.config import layout
    from s5vh.config.centers import Solver
    from s5vh.config.grid import GridCell, cells, protocol_study_cells
    from s5vh.config.load import load_dataset, names
    from s5vh.config.semantics import CLUSTERING_LABEL, NEIGHBOURS_LABEL, ClusteringConfig, NeighboursConfig
    from s5vh.config.training import TrainingConfig
    from s5vh.config.yaml_file import read_yaml
    from s5vh.data.download.availability import source_files
    from s5vh.methods.cell import decisive
    from s5vh.methods.load import cell_with, load_method
    from s5vh.methods.settings import is_imported, is_trained
    from s5vh.planning import jobs
    from s5vh.planning.checkpoints import checkpoint_file
    from s5vh.planning.code_digests import archive_digest, reporting_digest, stage_digest
    from s5vh.planning.job_server import leave_server, share_imports
    from s5vh.planning.run import notices, only_planning, own_config, resolve_run
    from s5vh.planning.run_lock import lock_working_directory
    from s5vh.planning.targets import files_by_target
    from s5vh.reporting import catalog, inputs
    from s5vh.reporting.catalog import FIGURES, TABLES, exhibits, report_inputs
except ModuleNotFoundError as error:
    print(
        f"s5vh: error: Python module '{error.name}' is not installed in Snakemake's environment ({sys.executable}); "
        "run `make setup` and use .venv/bin/snakemake",
        file=sys.stderr,
    )
    sys.exit(2)

if only_planning():
    gc.disable()  # it would look through millions of objects that live until the plan is made, a tenth of the time
jobs.put_commands_on_path()
leave_server()  # of a Snakemake that has started this one
end_with_parent()  # of `make`, or of the main process if this one only runs some of its jobs
announce_as_parent()

CELL = layout.cell("{dataset}", "{method}", "{bits}", "{seed}")
TRANSFER = layout.transfer("{train}", "{test}", "{method}", "{bits}", "{seed}")
TABLE = {file.suffix[1:]: file for file in layout.table("{name}")}
FIGURE = {file.suffix[1:]: file for file in layout.figure("{name}")}
SOLVERS = get_args(Solver)
ROOT = Path(str(workflow.current_basedir)).parent
SHIPPED_CONFIG = str(ROOT / "config/config.yaml")
OWN_CONFIG = own_config(SHIPPED_CONFIG)
# Priorities; other jobs have 0. What trainings wait for comes first: otherwise a two-core job queues behind single-core
# trainings for minutes or hours, while cores sit idle because other trainings wait for its output. Scores are quick once
# there is a model. Trainings come before everything else, so that short jobs are left for the cores that are done first.
BEFORE_TRAINING, SCORING, TRAINING = 3, 2, 1


def check_files(files):
    """Stop Snakemake with one message if it would stumble over one of these files, or overlook a fault in it."""
    try:
        for file in files:
            read_yaml(Path(file))
    except UserError as error:
        print(f"s5vh: error: {error}", file=sys.stderr)
        sys.exit(2)


check_files(file for file in (SHIPPED_CONFIG, OWN_CONFIG) if file)


def read_run(config):
    """The validated run; an invalid configuration stops Snakemake with one message and exit code 2."""
    files = [SHIPPED_CONFIG, OWN_CONFIG, *workflow.overwrite_configfiles]
    # Snakemake does not expose the requested targets at parse time, so they are read from the command line.
    requested = sys.argv[1:]
    try:
        resolved = resolve_run([Path(file) for file in files if file], config, requested)
        lines = notices(resolved) if workflow.is_main_process else []
    except UserError as error:
        print(f"s5vh: error: {error}", file=sys.stderr)
        sys.exit(2)
    for line in lines:
        print(f"s5vh: {line}", file=sys.stderr)
    return resolved


def lock_run():
    """Make sure that no other run is in progress in this working directory; called before the first job."""
    if workflow.is_main_process:
        try:
            lock_working_directory()
        except UserError as error:
            print(f"s5vh: error: {error}", file=sys.stderr)
            sys.exit(2)


def share_imports_of_jobs():
    """Load the libraries of this run's jobs once; called before the first job."""
    if workflow.is_main_process:
        share_imports(len(list(workflow.dag.needrun_jobs())))


def one_of(words):
    """Regular expression that matches any of `words`, or nothing if there are none."""
    return "|".join(re.escape(word) for word in words) or "(?!)"


def datasets_of_kind(kind):
    """Data sets whose features come from this kind of source."""
    return [name for name in names("datasets") if load_dataset(name).kind == kind]


def datasets_of_videos(database):
    """Video data sets whose database is the training set ("train") or a separate split ("own")."""
    return [name for name in datasets_of_kind("videos") if load_dataset(name).videos.database == database]


# Thousands of jobs share a few data sets and methods.
load_dataset = cache(load_dataset)
settings_of_method = cache(load_method)


def methods_where(trained, imported=False):
    """Regular expression that matches the methods that are trained (or else fitted), or imported instead."""
    settings = {name: settings_of_method(name) for name in names("methods")}
    found = [name for name, one in settings.items() if is_trained(one) == trained and is_imported(one) == imported]
    return jobs.method_pattern(found)


def checkpoint_of_cell(wildcards):
    """The authors' checkpoint that an imported cell is built from."""
    return [] if only_planning() else checkpoint_file(cell_of(wildcards), load_dataset(wildcards.dataset))


def shape_of_features(wildcards):
    """Frames per video and feature dimension, T and D."""
    dataset = load_dataset(wildcards.dataset)
    return [dataset.frames, dataset.feature_size]


def sources_of_part(wildcards):
    """Source files of a part of a data set; missing ones are downloaded first if that can be automated."""
    if only_planning():
        return []
    if missing := missing_of_part(wildcards.dataset, wildcards.part):
        checkpoints.download.get(**wildcards, missing=missing)
    return source_files(wildcards.dataset, load_dataset(wildcards.dataset), [wildcards.part])


@cache
def missing_of_part(dataset, part):
    """Digest that names a download's receipt, or "" if nothing needs downloading.

    Cached, so that files that arrive while the workflow runs do not change the answer.
    """
    return jobs.missing_digest(dataset, part)


def part(name, dataset="dataset"):
    """Input function: the feature file of a part, which may alias another part (`database: train`)."""

    def features(wildcards):
        searched = wildcards[dataset]
        return layout.features(searched, load_dataset(searched).source_part(name))

    return features


def training_inputs(wildcards):
    """Outputs of other rules that the cell's method requires."""
    return list(cell_of(wildcards).requires().values())


def prepared_options(wildcards):
    """`--prepared NAME=FILE` options for these files."""
    required = cell_of(wildcards).requires()
    return [word for name, file in required.items() for word in ("--prepared", f"{name}={file}")]


def curve_options(wildcards):
    """`--curve-every EPOCHS` for cells whose training curves are shown."""
    every = RUN.config.curve_every(wildcards.method, int(wildcards.bits))
    return [] if every is None else ["--curve-every", every]


def clustering_options(wildcards):
    """`--clusters C --summary NAME --pca P --uncentered --recipe NAME --seed S`, parsed from the file name."""
    found = ClusteringConfig.from_label(wildcards.clustering)
    summary = [] if found.features == "mean" else ["--summary", found.features]
    pca = [] if found.pca is None else ["--pca", found.pca]
    uncentered = [] if found.centered else ["--uncentered"]
    seed = [] if found.seed == 1 else ["--seed", found.seed]
    return ["--clusters", found.clusters, *summary, *pca, *uncentered, "--recipe", found.recipe, *seed]


def neighbours_options(wildcards):
    """`--neighbours K --expansions E`, parsed from the file name."""
    found = NeighboursConfig.from_label(wildcards.graph)
    return ["--neighbours", found.neighbours, "--expansions", found.expansions]


def solver_options(wildcards):
    """`--solver NAME`, with `--seconds S` and `--seed S` if the file name has a time limit and a seed."""
    limit, seed = wildcards.limit.strip("-s"), wildcards.get("own_seed", "").removeprefix("-seed")
    return [
        *("--solver", wildcards.solver),
        *(("--seconds", limit) if limit else ()),
        *(("--seed", seed) if seed else ()),
    ]


@cache
def resolved_cell(dataset, method, bits, seed):
    """The cell at these coordinates, with all its settings."""
    place = GridCell(dataset, method, bits, seed)
    return cell_with(settings_on(dataset, method), place, RUN.config.seeds_also_vary)


@cache
def settings_on(dataset, method):
    """Settings of a method on a data set, shared by cells of all code lengths and seeds."""
    return load_method(method, dataset, RUN.config.overrides)


def cell_of(wildcards):
    """The cell that a job produces."""
    return resolved_cell(wildcards.dataset, wildcards.method, int(wildcards.bits), int(wildcards.seed))


def settings_of_cell(wildcards):
    """Everything that determines a cell's result, as JSON; it changes only when one of the cell's settings does."""
    return cell_of(wildcards).to_json()


def step_settings(wildcards):
    """Everything that determines an untrained network and the cost of its training step, as JSON."""
    settings = decisive(settings_of_method(wildcards.method))
    engine = TrainingConfig.model_fields.keys() - {"precision"}
    training = {key: value for key, value in settings.pop("training", {}).items() if key not in engine}
    return json.dumps(settings | {"training": training}, sort_keys=True)


def code_of_cell(stage):
    """Params function: digest of the code of a stage and of the method it runs."""
    return lambda wildcards: stage_digest(stage, implementation=settings_of_method(wildcards.method).implementation)


def memory_of(dataset="dataset"):
    """Resource function: memory in MB that a job on a data set's features needs."""
    return lambda wildcards: jobs.memory_mb(load_dataset(wildcards[dataset]))


def memory_of_preparation(wildcards):
    """Memory in MB that a job on one vector of every training video needs."""
    return jobs.preparation_mb(load_dataset(wildcards.dataset))


def threads_of_preparation(wildcards):
    """Two threads, but a demo corpus takes seconds, less than two cores at once are worth waiting for."""
    return 1 if load_dataset(wildcards.dataset).kind == "demo" else 2


def main_protocol():
    """Settings of the main protocol, which training curves use, as JSON."""
    return RUN.config.protocols[RUN.config.main_protocol].model_dump_json()


def all_protocols():
    """Settings of every protocol by name, as JSON."""
    return json.dumps({name: protocol.model_dump(mode="json") for name, protocol in RUN.config.protocols.items()})


def precision_options(wildcards):
    """`--precision NAME` for networks; other methods ignore it, so that changing it does not rerun them."""
    trained = is_trained(settings_of_method(wildcards.method))
    return ["--precision", RUN.config.encoding.precision] if trained else []


def folders_of_protocol_study(wildcards):
    """Folders of the cells in the protocol study."""
    return [layout.cell(*cell) for cell in protocol_study_cells(RUN.config, wildcards.dataset)]


def protocol_study_settings():
    """Settings that determine the protocol study, as JSON, without the lists that only select its inputs."""
    return RUN.config.protocol_study.model_dump_json(include={"orders", "near_duplicates"})


def efficiency_settings():
    """Settings of the efficiency study, as JSON, without the methods, so that adding one does not rerun the others."""
    return RUN.config.efficiency.model_dump_json(exclude={"methods"})


@cache
def settings_of_run():
    """Digest of the settings that tables, figures and the report read."""
    return jobs.settings_digest(RUN)


@cache
def inputs_for(kind, name):
    """Input files of a table or figure."""
    return catalog.find(kind, name).inputs(RUN)


def inputs_of_archive(wildcards):
    """Input files of the page about the videos of a data set."""
    return inputs.archive(RUN.of_archive(wildcards.dataset), layout.RESULTS)


def paper_of_exhibit(kind):
    """Category in Snakemake's own report: the paper of a table or figure, or "Further studies"."""
    return lambda wildcards: catalog.find(kind, wildcards.name).paper_name or "Further studies"


def topic_of_exhibit(kind):
    """Subcategory there: the topic of a table or figure, or of what kind it is in its paper."""
    return lambda wildcards: catalog.find(kind, wildcards.name).topic or {"table": "Tables", "figure": "Figures"}[kind]


def labels_of_exhibit(kind):
    """Columns there: title, the paper's table or figure or else the name, and whether this is a table or a figure."""

    def labels(wildcards):
        exhibit = catalog.find(kind, wildcards.name)
        return {"title": exhibit.title, "item": exhibit.item or exhibit.name, "kind": kind}

    return labels
