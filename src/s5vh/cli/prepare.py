"""Commands that prepare training: features, semantics, hash centers."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from s5vh.base.errors import UserError
from s5vh.base.provenance import provenance
from s5vh.cli.options import add_machine, add_path, clusters, code_length, command, positive, seed
from s5vh.config.summaries import SUMMARIES

_TOO_SIMILAR = 0.5  # mean cosine of the clusters


def add_commands(commands: Any) -> None:
    """Add this file's commands."""
    parser = command(commands, "features", _features, "import one part of a data set in the layout used by the papers")
    parser.add_argument("--dataset", required=True, help="name of a file in config/datasets")
    parser.add_argument("--part", required=True, choices=("train", "database", "query"))
    add_path(parser, "--output", "feature file to write")

    parser = command(commands, "check", _check, "check a feature file: shape, labels, NaN and infinity")
    add_path(parser, "file", "HDF5 file with the array feats of shape [videos, frames, feature dimension]")
    parser.add_argument("--key", default="feats", help="name of the array")

    parser = command(commands, "demo", _demo, "create the built-in demo corpus")
    parser.add_argument("--dataset", default="demo", help="name of a file in config/datasets")
    add_path(parser, "--output-dir", "folder for train.h5, query.h5 and thumbnails.h5")
    add_machine(parser)

    parser = command(commands, "semantics", _semantics, "cluster the training videos")
    add_path(parser, "--features", "feature file of the training videos")
    parser.add_argument("--clusters", type=clusters, required=True, help="number of clusters C")
    parser.add_argument(
        "--summary", choices=SUMMARIES, default="mean", help="what is clustered of a video (default: mean, over time)"
    )
    parser.add_argument("--pca", type=positive, help="PCA components before k-means (default: no PCA)")
    parser.add_argument(
        "--uncentered", action="store_false", dest="centered", help="do not subtract the mean of all videos"
    )
    parser.add_argument(
        "--recipe",
        choices=("paper", "released", "lloyd"),
        default="paper",
        help="released: pseudo-labels and centroids from two separate clusterings, as in the S5VH authors' code; "
        "lloyd: from one that starts at random videos, as in the BTH and MCMSH authors' code",
    )
    parser.add_argument("--seed", type=seed, default=1, help="seed of the clustering (default: 1)")
    add_path(parser, "--output", "semantics file to write")
    add_machine(parser)

    parser = command(commands, "neighbours", _neighbours, "compute the neighbour graph of the training videos")
    add_path(parser, "--features", "feature file of the training videos")
    parser.add_argument("--neighbours", type=positive, default=10, help="nearest neighbours per video (default: 10)")
    parser.add_argument("--expansions", type=positive, default=5, help="videos with the most shared neighbours whose "
                        "neighbours are added (default: 5)")  # fmt: skip
    add_path(parser, "--output", "neighbour file to write")
    add_machine(parser)

    parser = command(commands, "centers", _centers, "compute hash centers")
    add_path(parser, "--semantics", "semantics file")
    parser.add_argument("--bits", type=code_length, required=True, help="code length K")
    _add_solver(parser)
    parser.add_argument("--seed", type=seed, help="default: 1; for --solver released: 80, as in the authors' code")
    add_path(parser, "--output", "centers file to write")

    parser = command(commands, "solver-study", _solver_study, "compute and time hash centers for synthetic clusters")
    parser.add_argument("--clusters", type=clusters, required=True, help="number of clusters C")
    parser.add_argument("--bits", type=code_length, required=True, help="code length K")
    _add_solver(parser)
    parser.add_argument("--seed", type=seed, default=7, help="seed of the synthetic clusters (default: 7)")
    add_path(parser, "--output", "centers file to write")

    parser = command(
        commands, "centering-study", _centering_study, "compare hash centers of centered and uncentered features"
    )
    parser.add_argument("--clusters", type=clusters, default=100, help="number of clusters C (default: 100)")
    parser.add_argument("--bits", type=code_length, default=16, help="code length K (default: 16)")
    parser.add_argument("--seeds", type=positive, default=5, help="number of seeds, from 1 (default: 5)")
    _add_solver(parser)
    add_path(parser, "--output", "JSON file to write")


def _add_solver(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--solver", default="admm", help="admm, admm-plain, released, hadamard, random or bernoulli")
    parser.add_argument("--seconds", type=positive, help="time limit for --solver released (default: 120)")


def _features(arguments: argparse.Namespace) -> None:
    from s5vh.config.load import load_dataset
    from s5vh.data.download.availability import file_states, source_files
    from s5vh.data.import_features import import_part

    config = load_dataset(arguments.dataset)
    if config.kind != "papers":
        other = "extract" if config.kind == "videos" else "demo"
        raise UserError(f"data set '{arguments.dataset}' has no files to import; use `s5vh {other}`")
    summary = import_part(arguments.dataset, config, arguments.part, arguments.output)
    labels = f"{summary.classes} classes" if summary.classes else "no labels"
    print(
        f"{arguments.output}: {summary.videos} videos of {summary.frames} x {summary.feature_size}, {labels}",
        file=sys.stderr,
    )
    if summary.zero_videos:
        print(f"{arguments.output}: warning: {summary.zero_videos} videos are all zeros", file=sys.stderr)
    sources = source_files(arguments.dataset, config, [arguments.part])
    for state in file_states(arguments.dataset, config):
        if state.state == "broken" and state.path in sources:
            print(f"{state.path}: warning: {state.reason}; {state.how}", file=sys.stderr)


def _check(arguments: argparse.Namespace) -> None:
    from s5vh.data.features import validate

    videos, frames, size = validate(arguments.file, key=arguments.key)
    print(f"{arguments.file}: {videos} videos of {frames} x {size}, OK")


def _demo(arguments: argparse.Namespace) -> None:
    from s5vh.config.load import load_dataset
    from s5vh.data.demo import make_demo

    config = load_dataset(arguments.dataset)
    if config.kind != "demo":
        other = "extract" if config.kind == "videos" else "features"
        raise UserError(f"data set '{arguments.dataset}' is of kind '{config.kind}'; use `s5vh {other}`")
    make_demo(config, arguments.output_dir)


def _semantics(arguments: argparse.Namespace) -> None:
    from pydantic import ValidationError

    from s5vh.config.semantics import ClusteringConfig
    from s5vh.config.validation import explain
    from s5vh.data.features import open_features
    from s5vh.semantics.clustering import mean_similarity, numbering_agreement
    from s5vh.semantics.recipes import cluster_videos
    from s5vh.semantics.semantics_file import write_semantics

    settings = {name: getattr(arguments, name) for name in ("clusters", "pca", "centered", "recipe")}
    settings["features"] = arguments.summary
    try:
        config = ClusteringConfig(**settings, seed=arguments.seed)
    except ValidationError as error:
        raise explain(error, "semantics", ClusteringConfig) from None
    with open_features(arguments.features) as file:
        semantics = cluster_videos(file.feats, config)
    write_semantics(arguments.output, semantics, provenance(settings=settings, seed=arguments.seed))
    sizes = semantics.cluster_sizes
    print(
        f"{arguments.output}: {len(sizes)} clusters of {sizes.min()} to {sizes.max()} videos, "
        f"median {int(sorted(sizes)[len(sizes) // 2])}",
        file=sys.stderr,
    )
    similarity = mean_similarity(semantics.W)
    if similarity > _TOO_SIMILAR and not arguments.centered:
        print(
            f"{arguments.output}: warning: the clusters have a mean cosine similarity of {similarity:.2f}, so that "
            "many get the same hash center; set semantics.centered to true",
            file=sys.stderr,
        )
    if semantics.label_centroids is not None:
        share = numbering_agreement(semantics)["agreeing_labels"]
        print(
            f"{arguments.output}: hash center i lies nearest to pseudo-label i for {share:.0%} of "
            f"{len(semantics.label_centroids)} pseudo-labels: the two clusterings are numbered independently, "
            "as in the released code",
            file=sys.stderr,
        )


def _neighbours(arguments: argparse.Namespace) -> None:
    from s5vh.data.features import open_features
    from s5vh.semantics.neighbours import find_neighbours, write_neighbours

    settings = {"neighbours": arguments.neighbours, "expansions": arguments.expansions}
    with open_features(arguments.features) as file:
        graph = find_neighbours(file.feats, **settings)
    write_neighbours(arguments.output, graph, provenance(settings=settings))
    print(f"{arguments.output}: {graph.nnz / graph.shape[0]:.1f} neighbours per video", file=sys.stderr)


def _centers(arguments: argparse.Namespace) -> None:
    from s5vh.centers.centers_file import write_centers
    from s5vh.centers.solve import solve
    from s5vh.semantics.semantics_file import read_semantics

    options = {} if arguments.seconds is None else {"seconds": arguments.seconds}
    W = read_semantics(arguments.semantics).W
    solution = solve(W, arguments.bits, arguments.solver, arguments.seed, **options)
    settings = {"bits": arguments.bits, "solver": arguments.solver, **options}
    write_centers(arguments.output, solution, provenance(settings=settings, seed=solution.statistics["seed"]))
    _print_summary(arguments, solution.statistics)


def _solver_study(arguments: argparse.Namespace) -> None:
    from s5vh.studies.solver_study import study_solver

    options = {} if arguments.seconds is None else {"seconds": arguments.seconds}
    solution = study_solver(
        arguments.clusters, arguments.bits, arguments.solver, arguments.seed, output=arguments.output, **options
    )
    _print_summary(arguments, solution.statistics)


def _centering_study(arguments: argparse.Namespace) -> None:
    from s5vh.studies.solver_study import study_centering

    options = {} if arguments.seconds is None else {"seconds": arguments.seconds}
    rows = study_centering(
        arguments.clusters, arguments.bits, arguments.solver, arguments.seeds, output=arguments.output, **options
    )
    for centered, words in ((False, "not centered"), (True, "centered")):
        pairs = [row["coincident_pairs"] for row in rows if row["centered"] == centered]
        print(
            f"{arguments.output}: {words}: {sum(pairs) / len(pairs):.1f} identical pairs of centers on average",
            file=sys.stderr,
        )


def _print_summary(arguments: argparse.Namespace, facts: dict[str, Any]) -> None:
    from s5vh.centers.statistics import SEPARATE_CENTERS, collapse

    limit = f", stopped at its limit of {facts['limit_reached']}" if facts["limit_reached"] else ""
    print(
        f"{arguments.output}: objective {facts['objective']:.1f}, smallest Hamming distance "
        f"{facts['minimum_distance']}, {facts['seconds']:.1f} s{limit}",
        file=sys.stderr,
    )
    if problem := collapse(facts["distinct_centers"], facts["clusters"], facts["bits"]):
        print(f"{arguments.output}: warning: {problem}; {SEPARATE_CENTERS}", file=sys.stderr)
