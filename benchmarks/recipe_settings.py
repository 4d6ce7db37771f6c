"""Scores of S5VH-plus with neighbouring settings, on parts of training sets: no test query and no test label is read.

    python benchmarks/recipe_settings.py FOLDER [--datasets a b] [--bits 32] [--splits 1 2 3]
                                         [--groups NAME=FILE ...] [--workers 2]

FOLDER is a working directory as for `compare_methods.py`, in which the data sets' features are prepared. Of each
training set, a share of the videos, other ones in every split, become queries, and the others are trained on and
searched. FILE, a JSON list, has the group of every training video; videos of a group then stay on one side, such as
those of one scene. Every variant changes one setting. Per data set: GmAP (published protocol), the mean over code
lengths and splits, and the difference from the settings as they are, paired by split, with its 95% interval (Student's
t over splits of the means over code lengths). Finished cells are kept in FOLDER/settings, so a second call continues.
Writes benchmarks/measured/recipe_settings.json, shown in docs/methods/s5vh-plus-notes.md (`performance_page.py`).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from compare_methods import PROTOCOL

from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_json
from s5vh.base.provenance import provenance
from s5vh.config import layout
from s5vh.config.grid import GridCell
from s5vh.config.load import names
from s5vh.data.features import open_features, write_features
from s5vh.methods.load import resolve_cell
from s5vh.retrieval.uncertainty import student_interval

OUTPUT = Path(__file__).parent.resolve() / "measured" / "recipe_settings.json"
METHOD = "s5vh-plus"
QUERIES = 0.3  # share of the training videos, or of their groups
VARIANTS: dict[str, dict[str, Any]] = {
    "as they are": {},
    "mean frames": {"model": {"summary": "mean"}},
    "no whitening": {"model": {"whitening": 0.0}},
    "8 neighbours": {"target": {"neighbours": 8}},
    "30 neighbours": {"target": {"neighbours": 30}},
    "damping 0.9": {"target": {"damping": 0.9}},
    "temperature 0.05": {"loss": {"temperature": 0.05}},
    "temperature 0.2": {"loss": {"temperature": 0.2}},
    "no noise": {"loss": {"noise": 0.0}},
    "1200 steps at least": {"training": {"minimum_steps": 1200}},
}


class Trial(NamedTuple):
    """One variant on one split."""

    dataset: str
    variant: str
    bits: int
    split: int

    @property
    def folder(self) -> Path:
        return Path("settings", self.dataset, self.variant.replace(" ", "_"), f"{self.bits}bit", f"split{self.split}")


def split_files(dataset: str, split: int) -> tuple[Path, Path]:
    """Files of the videos that are trained on and searched, and of the queries."""
    folder = Path("settings", dataset, f"split{split}")
    return folder / "train.h5", folder / "query.h5"


def write_split(dataset: str, split: int, groups: list | None) -> None:
    """Divide a training set at random, between groups if there are any."""
    with open_features(layout.features(dataset, "train")) as train:
        if train.labels is None:
            raise UserError(f"{train.path}: no labels; parts of it cannot be scored")
        videos = len(train.labels)
        if groups is not None and len(groups) != videos:
            raise UserError(f"{dataset}: {len(groups)} groups for {videos} training videos; give one per video")
        numbers = np.arange(videos) if groups is None else np.unique(groups, return_inverse=True)[1]
        order = np.random.default_rng(split).permutation(numbers.max() + 1)
        is_query = np.isin(numbers, order[: int(QUERIES * len(order))])
        ids = train.read_ids(0, videos)
        for path, chosen in zip(split_files(dataset, split), (~is_query, is_query), strict=True):
            rows = np.flatnonzero(chosen)
            feats = train.feats[:][rows]
            path.parent.mkdir(parents=True, exist_ok=True)
            write_features(
                path,
                [feats],
                shape=feats.shape,
                dtype=str(feats.dtype),
                labels=train.labels[rows],
                ids=[ids[row] for row in rows],
                provenance=provenance(seed=split),
            )


def run(trial: Trial) -> str:
    """Train and score; nothing if that was done before."""
    from s5vh.studies.evaluation import evaluate_model
    from s5vh.training.stage import train_cell

    if (trial.folder / "metrics.json").is_file():
        return f"{trial.folder}: finished before"
    cell = GridCell(trial.dataset, METHOD, trial.bits, trial.split)
    train, query = split_files(trial.dataset, trial.split)
    train_cell(
        resolve_cell(*cell, overrides={METHOD: VARIANTS[trial.variant]}),
        train_file=train,
        database_file=train,
        query_file=query,
        prepared={},
        protocol=PROTOCOL["published"],
        output=trial.folder,
        threads=1,
    )
    evaluate_model(
        trial.folder / "model.safetensors",
        database_file=train,
        query_file=query,
        protocols=PROTOCOL,
        output=trial.folder,
        threads=1,
    )
    return f"{trial.folder}: GmAP {score(trial):.3f}"


def score(trial: Trial) -> float:
    """GmAP of a finished trial."""
    return read_json(trial.folder / "metrics.json")["protocols"]["published"]["GmAP"]


def summary(datasets: list[str], bits: list[int], splits: list[int]) -> list[dict[str, Any]]:
    """A row per data set and variant."""
    rows = []
    for dataset in datasets:
        scores = {
            variant: np.mean(
                [[score(Trial(dataset, variant, length, split)) for split in splits] for length in bits], axis=0
            )
            for variant in VARIANTS
        }
        for variant, values in scores.items():
            difference, low, high = student_interval(values - scores["as they are"])
            rows.append(
                {
                    "dataset": dataset,
                    "variant": variant,
                    "mean": float(values.mean()),
                    "difference": difference,
                    "half_width": (high - low) / 2,
                }
            )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="working directory with config/datasets/ and prepared features")
    parser.add_argument("--datasets", nargs="+", help="default: all in FOLDER/config/datasets")
    parser.add_argument("--bits", nargs="+", type=int, default=[32])
    parser.add_argument("--splits", nargs="+", type=int, default=[1, 2, 3], help="their seeds, two or more")
    parser.add_argument("--groups", nargs="+", default=[], metavar="NAME=FILE")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    if len(set(arguments.splits)) < 2:
        parser.error("--splits: intervals need at least two")
    groups = {
        name: json.loads(Path(file).read_text()) for name, _, file in (text.partition("=") for text in arguments.groups)
    }
    os.chdir(arguments.folder)
    known = sorted(file.stem for file in Path("config/datasets").glob("*.yaml"))
    datasets = [name for name in arguments.datasets or known if name in names("datasets")]
    for dataset in datasets:
        for split in arguments.splits:
            if not split_files(dataset, split)[1].is_file():
                write_split(dataset, split, groups.get(dataset))
    trials = [
        Trial(dataset, variant, length, split)
        for split in arguments.splits
        for variant in VARIANTS
        for dataset in datasets
        for length in arguments.bits
    ]
    with multiprocessing.get_context("spawn").Pool(arguments.workers) as pool:
        for done, line in enumerate(pool.imap_unordered(run, trials), start=1):
            print(f"{done} of {len(trials)}: {line}", flush=True)
    rows = summary(datasets, arguments.bits, arguments.splits)
    for row in rows:
        print(
            f"{row['dataset']}, {row['variant']}: {row['mean']:.3f}, {row['difference']:+.3f} ± {row['half_width']:.3f}"
        )
    write_json(
        OUTPUT,
        {
            "rows": rows,
            "bits": arguments.bits,
            "splits": arguments.splits,
            "grouped": sorted(groups),
            "provenance": provenance(seed=arguments.splits[0]),
        },
    )


if __name__ == "__main__":
    main()
