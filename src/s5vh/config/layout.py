"""Where every artifact lives under the results folder. Workflow and reporting ask here; nobody else spells paths."""

from __future__ import annotations

from pathlib import Path

RESULTS = Path("results")
SUFFIXES = ("csv", "md", "tex")


def features(dataset: str, part: str, root: Path = RESULTS) -> Path:
    """Feature file of a part (`train`, `database` or `query`)."""
    return root / dataset / "features" / f"{part}.h5"


def receipt(dataset: str, part: str, absent: str, root: Path = RESULTS) -> Path:
    """What a download brought for a part; `absent` is a digest of what was not there before."""
    return root / dataset / "downloads" / f"{part}_{absent}.json"


def thumbnails(dataset: str, root: Path = RESULTS) -> Path:
    """Small pictures of the videos; only some data sets have them."""
    return root / dataset / "features" / "thumbnails.h5"


def videos(dataset: str, root: Path = RESULTS) -> Path:
    """What became of each file of a data set of videos."""
    return root / dataset / "features" / "videos.csv"


def semantics(dataset: str, clustering: str, root: Path = RESULTS) -> Path:
    """Video means, clusters and pseudo-labels; `clustering` is the label of a `ClusteringConfig`."""
    return root / dataset / "semantics" / f"{clustering}.h5"


def centers(dataset: str, solver: str, clustering: str, bits: int, root: Path = RESULTS) -> Path:
    """Hash centers of one solver, which is named with its time limit if it has one; `clustering` as above."""
    return root / dataset / "centers" / f"{solver}_{clustering}_k{bits}.h5"


def neighbours(dataset: str, graph: str, root: Path = RESULTS) -> Path:
    """Neighbour graph of the training videos; `graph` is the label of a `NeighboursConfig`."""
    return root / dataset / "neighbours" / f"{graph}.h5"


def solver_study(solver: str, clusters: int, bits: int, seed: int, root: Path = RESULTS) -> Path:
    """Hash centers of one solver for synthetic clusters."""
    return root / "solver_study" / f"{solver}_c{clusters}_k{bits}_seed{seed}.h5"


def cell(dataset: str, method: str, bits: int, seed: int, root: Path = RESULTS) -> Path:
    """Folder of one cell: model.safetensors, train.csv, evals.csv, codes.npz, ap.npz, metrics.json, pr.csv."""
    return root / dataset / method / f"{bits}bit" / f"seed{seed}"


def model(dataset: str, method: str, bits: int, seed: int, root: Path = RESULTS) -> Path:
    """The trained, fitted or imported model of one cell."""
    return cell(dataset, method, bits, seed, root) / "model.safetensors"


def transfer(train: str, test: str, method: str, bits: int, seed: int, root: Path = RESULTS) -> Path:
    """Folder of a cell whose model was trained on another data set: codes.npz, ap.npz, metrics.json, pr.csv."""
    return root / "transfer" / f"{train}_to_{test}" / method / f"{bits}bit" / f"seed{seed}"


def protocol_study(dataset: str, root: Path = RESULTS) -> Path:
    """What the order of ties and self-matches do to the scores of a data set."""
    return root / dataset / "protocol_study.json"


def efficiency(method: str, root: Path = RESULTS) -> Path:
    """Time and memory against sequence length."""
    return root / "efficiency" / f"{method}.csv"


def efficiency_fit(root: Path = RESULTS) -> Path:
    """Least-squares fits of all measured methods."""
    return root / "efficiency" / "fit.json"


def table(name: str, root: Path = RESULTS) -> list[Path]:
    """The three forms of a table."""
    return [root / "tables" / f"{name}.{suffix}" for suffix in SUFFIXES]


def figure(name: str, root: Path = RESULTS) -> list[Path]:
    """A figure as PDF and PNG, and the numbers behind it as CSV."""
    return [root / "figures" / f"{name}.{suffix}" for suffix in ("pdf", "png", "csv")]


def report(root: Path = RESULTS) -> Path:
    """The page that a person reads."""
    return root / "report.html"
