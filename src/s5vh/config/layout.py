"""Paths of all artifacts in the results folder; the workflow and reporting take every path from here."""

from __future__ import annotations

from pathlib import Path

RESULTS = Path("results")
SUFFIXES = ("csv", "md", "tex")


def features(dataset: str, part: str, root: Path = RESULTS) -> Path:
    """Feature file of a part (`train`, `database` or `query`)."""
    return root / dataset / "features" / f"{part}.h5"


def receipt(dataset: str, part: str, missing: str, root: Path = RESULTS) -> Path:
    """Record of the files downloaded for a part; `missing` is a digest of the files that were missing before."""
    return root / dataset / "downloads" / f"{part}_{missing}.json"


def thumbnails(dataset: str, root: Path = RESULTS) -> Path:
    """Thumbnails of the videos; only some data sets have them."""
    return root / dataset / "features" / "thumbnails.h5"


def videos(dataset: str, root: Path = RESULTS) -> Path:
    """Status of each file of a `videos` data set."""
    return root / dataset / "features" / "videos.csv"


def semantics(dataset: str, clustering: str, root: Path = RESULTS) -> Path:
    """Summaries of the videos, clusters and pseudo-labels; `clustering` is the label of a `ClusteringConfig`."""
    return root / dataset / "semantics" / f"{clustering}.h5"


def centers(dataset: str, solver: str, clustering: str, bits: int, root: Path = RESULTS) -> Path:
    """Hash centers of one solver; `solver` includes the time limit if it has one, `clustering` is as above."""
    return root / dataset / "centers" / f"{solver}_{clustering}_k{bits}.h5"


def neighbours(dataset: str, graph: str, root: Path = RESULTS) -> Path:
    """Neighbour graph of the training videos; `graph` is the label of a `NeighboursConfig`."""
    return root / dataset / "neighbours" / f"{graph}.h5"


def solver_study(solver: str, clusters: int, bits: int, seed: int, root: Path = RESULTS) -> Path:
    """Hash centers computed by one solver for synthetic clusters."""
    return root / "solver_study" / f"{solver}_c{clusters}_k{bits}_seed{seed}.h5"


def centering_study(solver: str, clusters: int, bits: int, seeds: int, root: Path = RESULTS) -> Path:
    """Results of one solver on centered and uncentered synthetic clusters, with this number of seeds."""
    return root / "solver_study" / f"centering_{solver}_c{clusters}_k{bits}_{seeds}seeds.json"


def cell(dataset: str, method: str, bits: int, seed: int, root: Path = RESULTS) -> Path:
    """Folder of one cell: model.safetensors, train.csv, evals.csv, codes.npz, ap.npz, metrics.json, pr.csv."""
    return root / dataset / method / f"{bits}bit" / f"seed{seed}"


def model(dataset: str, method: str, bits: int, seed: int, root: Path = RESULTS) -> Path:
    """The trained, fitted or imported model of one cell."""
    return cell(dataset, method, bits, seed, root) / "model.safetensors"


def transfer(train: str, test: str, method: str, bits: int, seed: int, root: Path = RESULTS) -> Path:
    """Folder of the results of a model trained on another data set: codes.npz, ap.npz, metrics.json, pr.csv."""
    return root / "transfer" / f"{train}_to_{test}" / method / f"{bits}bit" / f"seed{seed}"


def protocol_study(dataset: str, root: Path = RESULTS) -> Path:
    """Effect of tie order and self-matches on the scores of a data set."""
    return root / dataset / "protocol_study.json"


def reference_rankings(dataset: str, root: Path = RESULTS) -> Path:
    """Scores of chance, real-valued features and a perfect ranking."""
    return root / dataset / "reference_rankings.json"


def efficiency(method: str, root: Path = RESULTS) -> Path:
    """Encoding time and memory by sequence length."""
    return root / "efficiency" / f"{method}.csv"


def efficiency_fit(root: Path = RESULTS) -> Path:
    """Least-squares fits of all measured methods."""
    return root / "efficiency" / "fit.json"


def table(name: str, root: Path = RESULTS) -> list[Path]:
    """A table in its three formats."""
    return [root / "tables" / f"{name}.{suffix}" for suffix in SUFFIXES]


def figure(name: str, root: Path = RESULTS) -> list[Path]:
    """A figure as PDF and PNG, and the numbers behind it as CSV."""
    return [root / "figures" / f"{name}.{suffix}" for suffix in ("pdf", "png", "csv")]


def archive(dataset: str, root: Path = RESULTS) -> Path:
    """The HTML page about the videos of a data set."""
    return root / dataset / "archive.html"


def report(root: Path = RESULTS) -> Path:
    """The HTML report."""
    return root / "report.html"
