"""How well measures without labels follow the retrieval score during training, and what selecting by them costs.

    python benchmarks/selection.py                                  # trains on the demo, five seeds
    python benchmarks/selection.py --datasets demo own --epochs 60
    python benchmarks/selection.py --results results ../other/results    # finished trainings; nothing is trained

Trains S5VH and ConMH with a fifth of the training videos held out and scores them after every epoch, or reads all
trainings with held-out videos in finished results folders. For each training, Spearman's correlation over its
evaluations between mAP@5 on the test queries and

    held_out_total, held_out_reconstruction, ...    losses on the held-out videos, negated
    held_out_halves, held_out_neighbours            agreement of codes, see s5vh.training.selection
    training loss                                   mean over the epoch, negated
    epoch                                           the number of the epoch, which knows nothing of the codes

While scores still rise, whatever falls or rises with the epochs correlates with them. A measure is informative as far
as it does better than the number of the epoch. Cost: the best mAP@5 of the evaluations, minus that of the evaluation
with the lowest held-out loss, or of the last one. Writes benchmarks/measured/selection.json; about four minutes for
each seed of the demo on 2 cores.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.config.training import HELD_OUT_CRITERION, PUBLISHED_CRITERION
from s5vh.methods.model_file import read_model

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "benchmarks" / "measured" / "selection.json"
HELD_OUT = 0.2
AGREEMENT = ("held_out_halves", "held_out_neighbours")  # larger is better; all other measures are losses


def measures(evals: pd.DataFrame, steps: pd.DataFrame) -> dict[str, pd.Series]:
    """Measures that should rise with mAP@5, by name; one value per evaluation.

    Args:
        evals, steps: evals.csv and train.csv of a training.
    """
    found = {"epoch": evals.epoch, "training loss": -evals.epoch.map(steps.groupby("epoch").total.mean())}
    for name in evals.columns[evals.columns.str.startswith("held_out_")]:
        found[name] = evals[name] if name in AGREEMENT else -evals[name]
    return found


def compare(evals: pd.DataFrame, steps: pd.DataFrame) -> dict[str, Any]:
    """Correlations of one training, by measure (None if it is constant), and the costs of selection.

    Evaluations without measures on held-out videos, which are made for training curves, do not count.
    """
    evals = evals.dropna(subset=[HELD_OUT_CRITERION]).reset_index(drop=True)
    score = evals[PUBLISHED_CRITERION]
    correlations = {name: score.corr(values, method="spearman") for name, values in measures(evals, steps).items()}
    return {
        "evaluations": len(evals),
        "epochs": int(evals.epoch.iloc[-1]),
        "correlations": {name: None if np.isnan(value) else float(value) for name, value in correlations.items()},
        "cost_of_held_out": float(score.max() - score[evals[HELD_OUT_CRITERION].idxmin()]),
        "cost_of_last": float(score.max() - score.iloc[-1]),
    }


def read_trainings(results: Path) -> Iterator[dict[str, Any]]:
    """Comparisons of all trainings with held-out videos and scores in a results folder."""
    for file in sorted(results.glob("*/*/*bit/seed*/evals.csv")):
        evals = pd.read_csv(file)
        if {HELD_OUT_CRITERION, PUBLISHED_CRITERION} <= set(evals):
            model = read_model(file.with_name("model.safetensors"))
            where = {name: getattr(model.cell, name) for name in ("dataset", "method", "bits", "seed")}
            held = {name: model.training[name] for name in ("held_out_videos", "selection")}
            yield where | held | compare(evals, pd.read_csv(file.with_name("train.csv")))


def summary(trainings: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Lowest, mean and highest correlation by measure, and in how many trainings it is above that of the epoch."""
    found = {}
    for name in dict.fromkeys(name for one in trainings for name in one["correlations"]):
        known = [one["correlations"] for one in trainings if one["correlations"].get(name) is not None]
        if known:
            values = [row[name] for row in known]
            found[name] = {
                "trainings": len(values),
                "lowest": min(values),
                "mean": float(np.mean(values)),
                "highest": max(values),
                "above_epoch": sum(row[name] > row["epoch"] for row in known),
            }
    return found


def train(arguments: argparse.Namespace, folder: Path) -> Path:
    """Train in `folder` with the workflow; returns its results folder."""
    training = {"held_out": HELD_OUT, "evaluate_every": 1, "selection": "last", "patience": None}
    training |= {"epochs": arguments.epochs} if arguments.epochs else {}
    settings = {
        "datasets": arguments.datasets,
        "methods": arguments.methods,
        "bits": [arguments.bits],
        "seeds": arguments.seeds,
        "ablations": {"table2": {"methods": []}},
        "convergence": {"methods": []},
        "examples": {"method": arguments.methods[0], "bits": arguments.bits},
        "overrides": {method: {"training": training} for method in arguments.methods},
    }
    file = folder / "run.yaml"
    file.write_text(json.dumps(settings))  # JSON is YAML
    words = ["--snakefile", ROOT / "Snakefile", "--directory", folder, "--configfile", file]
    words += ["--workflow-profile", ROOT / "profiles/default", "--cores", arguments.cores, "models"]
    subprocess.run([Path(sys.executable).with_name("snakemake"), *map(str, words)], check=True)
    return folder / "results"


def show(found: dict[str, dict[str, float]], trainings: list[dict[str, Any]]) -> None:
    """Print the summary."""
    print(
        f"{'correlation with ' + PUBLISHED_CRITERION:28s}{'lowest':>8s}{'mean':>8s}{'highest':>9s}{'above epoch':>14s}"
    )
    for name, row in found.items():
        numbers = f"{row['lowest']:8.2f}{row['mean']:8.2f}{row['highest']:9.2f}"
        print(f"{name:28s}{numbers}{row['above_epoch']:>8d} of {row['trainings']}")
    for rule in ("held_out", "last"):
        costs = [one[f"cost_of_{rule}"] for one in trainings]
        spread = f"{min(costs):.4f} to {max(costs):.4f}, mean {np.mean(costs):.4f}"
        print(f"cost of `{rule}` in {PUBLISHED_CRITERION}: {spread}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, nargs="+", help="finished results folders, instead of training")
    parser.add_argument("--datasets", nargs="+", default=["demo"])
    parser.add_argument("--methods", nargs="+", default=["s5vh", "conmh"])
    parser.add_argument("--bits", type=int, default=32)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--epochs", type=int, help="default: those of the recipe")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folders = arguments.results or [train(arguments, Path(temporary))]
        trainings = [one for folder in folders for one in read_trainings(folder)]
    if not trainings:
        sys.exit("no training with held-out videos and scores; train with training.held_out, for example 0.2")
    found = summary(trainings)
    show(found, trainings)
    write_json(arguments.output, {"summary": found, "trainings": trainings, "provenance": provenance()})


if __name__ == "__main__":
    main()
