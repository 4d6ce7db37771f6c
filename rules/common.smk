"""Helpers of the rules: thin calls into the package, which has the logic and the tests. No rule is here."""

import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import get_args

try:
    from s5vh import layout, planning
    from s5vh.config.grid import cells, protocol_study_cells
    from s5vh.config.cell import Cell
    from s5vh.config.load import load_dataset, load_method, names, resolve_cell
    from s5vh.config.method import is_imported, needs_centers, needs_labels
    from s5vh.config.centers import Solver
    from s5vh.errors import UserError
    from s5vh.imports import reporting_digest, stage_digest
    from s5vh.methods.registry import NETWORKS
    from s5vh.data.availability import checkpoint_file, source_files
    from s5vh.reporting.inputs import FIGURES, ON_REQUEST, TABLES, inputs_of
except ModuleNotFoundError as error:
    print(
        f"s5vh: error: Python module '{error.name}' is not installed beside Snakemake ({sys.executable}); "
        "run `make setup` and use .venv/bin/snakemake",
        file=sys.stderr,
    )
    sys.exit(2)

planning.put_commands_on_path()
load_dataset = cache(load_dataset)  # jobs ask for the same few files again and again

CELL = layout.cell("{dataset}", "{method}", "{bits}", "{seed}")
TRANSFER = layout.transfer("{train}", "{test}", "{method}", "{bits}", "{seed}")
TABLE = {file.suffix[1:]: file for file in layout.table("{name}")}
FIGURE = {file.suffix[1:]: file for file in layout.figure("{name}")}
SOLVERS = get_args(Solver)
ROOT = Path(str(workflow.current_basedir)).parent
SHIPPED_CONFIG = str(ROOT / "config/config.yaml")
OWN_CONFIG = planning.own_config(SHIPPED_CONFIG)
# Priority of what trainings wait for. Without it a job that wants two cores would stand behind trainings that take one
# each for minutes or hours, and the trainings that need its output would leave cores idle.
BEFORE_TRAINING = 1


def read_run(config):
    """The validated run; a mistake in it ends Snakemake with one message and exit code 2."""
    files = [SHIPPED_CONFIG, OWN_CONFIG, *workflow.overwrite_configfiles]
    # Snakemake does not say what was asked for while the rules are read, hence the command line itself.
    asked = sys.argv[1:]
    try:
        run = planning.resolve_run([Path(file) for file in files if file], config, asked)
    except UserError as error:
        print(f"s5vh: error: {error}", file=sys.stderr)
        sys.exit(2)
    if workflow.is_main_process:
        for line in planning.notices(run):
            print(f"s5vh: {line}", file=sys.stderr)
    return run


def one_of(words):
    """Regular expression for one of `words`; it matches nothing when there are none."""
    return "|".join(re.escape(word) for word in words) or "(?!)"


def datasets_of_kind(kind):
    """Data sets whose feature files are made in this way."""
    return [name for name in names("datasets") if load_dataset(name).kind == kind]


def datasets_of_videos(database):
    """Data sets of videos, by whether the training videos are searched or a part of its own is."""
    return [name for name in datasets_of_kind("videos") if load_dataset(name).videos.database == database]


@cache
def implementation_of(method):
    """Which implementation a method's file names."""
    return load_method(method).implementation


def methods_that_train(trained):
    """Regular expression of methods that are trained as a network, or of those that are fitted at once."""
    network = [name for name in names("methods") if (implementation_of(name) in NETWORKS) == trained]
    return planning.method_pattern(name for name in network if name not in imported_methods())


@cache
def imported_methods():
    """Methods whose networks are taken from files of their authors."""
    return [name for name in names("methods") if is_imported(load_method(name))]


def checkpoint_of_cell(wildcards):
    """The authors' file that an imported cell is made from."""
    if planning.only_planning():
        return []
    return checkpoint_file(Cell.from_json(settings_of_cell(wildcards)), load_dataset(wildcards.dataset))


def shape_of_features(wildcards):
    """Frames of a video and values of a frame, T and D."""
    dataset = load_dataset(wildcards.dataset)
    return [dataset.frames, dataset.feature_size]


def sources_of_part(wildcards):
    """The files that a part of a data set is imported from, downloaded first where a program can get them."""
    if planning.only_planning():
        return []
    if absent := absence_of_part(wildcards.dataset, wildcards.part):
        checkpoints.download.get(**wildcards, absent=absent)
    return source_files(wildcards.dataset, load_dataset(wildcards.dataset), [wildcards.part])


@cache
def absence_of_part(dataset, part):
    """What the receipt of a download is named after, "" without a download; decided once, whatever comes meanwhile."""
    return planning.absence(dataset, part)


def part(name, dataset="dataset"):
    """Input function: the feature file of a part, which may be another part's (`database: train`)."""

    def features(wildcards):
        searched = wildcards[dataset]
        return layout.features(searched, load_dataset(searched).source_part(name))

    return features


def aligned_with(wildcards):
    """Pseudo-labels and hash centers, for methods that use them."""
    method = Cell.from_json(settings_of_cell(wildcards)).settings
    if not needs_labels(method):
        return {}
    dataset, bits = wildcards.dataset, int(wildcards.bits)
    clusters, variant = load_dataset(dataset).semantics.clusters, method.centers.variant
    files = {"semantics": layout.semantics(dataset, clusters, variant=variant)}
    if needs_centers(method):
        files["centers"] = layout.centers(dataset, method.centers.label, clusters, bits, variant=variant)
    return files


def alignment_options(wildcards, input):
    """Options that hand over what `aligned_with` lists."""
    return [word for key in ("semantics", "centers") if key in input.keys() for word in (f"--{key}", input[key])]


def solver_options(wildcards):
    """`--solver NAME`, with `--seconds S` where the file's name has a time limit."""
    limit = wildcards.limit.strip("-s")
    return ["--solver", wildcards.solver, *(["--seconds", limit] if limit else [])]


def recipe_option(wildcards):
    """`--recipe NAME`, for clusters that are not the paper's."""
    return ["--recipe", wildcards.variant.strip("_")] if wildcards.variant else []


def settings_of_cell(wildcards):
    """Everything that decides a cell, as JSON; it changes only when one of its own settings does."""
    return settings_as_json(wildcards.dataset, wildcards.method, int(wildcards.bits), int(wildcards.seed))


@cache
def settings_as_json(dataset, method, bits, seed):
    """The same, of a cell named by its coordinates."""
    return resolve_cell(dataset, method, bits, seed, RUN.config.overrides).to_json()


def code_of_cell(stage):
    """Params function: digest of a stage's code and of the method that it runs."""
    return lambda wildcards: stage_digest(stage, implementation=implementation_of(wildcards.method))


def memory_of(dataset="dataset"):
    """Resource function: megabytes that a job on the features of a data set needs."""
    return lambda wildcards: planning.memory_mb(load_dataset(wildcards[dataset]))


def pca_option(wildcards):
    """`--pca P`, or nothing where the plain means are clustered."""
    components = load_dataset(wildcards.dataset).semantics.pca
    return [] if components is None else ["--pca", components]


def main_protocol():
    """Settings of the protocol of training curves, as JSON."""
    return RUN.config.protocols[RUN.config.main_protocol].model_dump_json()


def all_protocols():
    """Settings of every protocol by name, as JSON."""
    return json.dumps({name: protocol.model_dump(mode="json") for name, protocol in RUN.config.protocols.items()})


def folders_of_protocol_study(wildcards):
    """Folders of the cells whose codes are studied."""
    return [layout.cell(*cell) for cell in protocol_study_cells(RUN.config, wildcards.dataset)]


def protocol_study_settings():
    """What decides the study, as JSON, without the lists that its inputs follow from."""
    return RUN.config.protocol_study.model_dump_json(include={"orders"})


def efficiency_settings():
    """What is measured, as JSON, without the list of methods: a new one is no reason to measure the others again."""
    return RUN.config.efficiency.model_dump_json(exclude={"methods"})


@cache
def inputs_for(name):
    """What a table, a figure or the report reads."""
    return inputs_of(name, RUN)
