"""Trainings of three methods with two seeds, short enough to work out by hand what is drawn and tabled of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from reporting_results import make_run, write_datasets

from s5vh.config import layout
from s5vh.config.grid import cells_of

METHODS = ["s5vh", "s5vh_no_alignment", "s5vh_forward"]
# Scores and seconds of each training, by method and seed; multiples of 1/8 have exact means.
TRAININGS = {
    ("s5vh", 3): ([0.125, 0.375, 0.375, 0.625], [2, 4, 6, 8]),
    ("s5vh", 8): ([0.125, 0.25, 0.375, 0.5], [3, 5, 7, 9]),
    ("s5vh_no_alignment", 3): ([0.125, 0.25, 0.5, 0.25, 0.375], [1, 2, 3, 4, 5]),
    ("s5vh_no_alignment", 8): ([0.375, 0.5, 0.5, 0.625, 0.75], [2, 4, 6, 8, 10]),
    ("s5vh_forward", 3): ([0.25, 0.125], [10, 20]),
    ("s5vh_forward", 8): ([0.5, 0.5], [10, 20]),
}


def make(datasets=("toy",), methods=METHODS, seeds=(3, 8), ablations=None, **changes):
    """A run whose convergence study, or whose `ablations`, have these methods at 16 bits."""
    studied = {"recipe": methods[0], "methods": list(methods[1:]), "bits": [16]} if methods else {}
    return make_run(
        list(datasets), seeds=list(seeds), convergence={"methods": list(methods), "bits": 16} | changes,
        ablations={name: studied for name in ablations or []},
    )  # fmt: skip


def write_trainings(folder, monkeypatch):
    """A results folder with the trainings above on the toy corpus and on UCF101; the working directory is `folder`."""
    write_datasets(folder)
    monkeypatch.chdir(folder)
    run = make(["toy", "ucf101"])
    for cell in cells_of(run, run.config.convergence_grid):
        place = layout.cell(*cell, folder / "results")
        place.mkdir(parents=True)
        scores, seconds = TRAININGS[cell.method, cell.seed]
        epochs = np.arange(1, len(scores) + 1)
        pd.DataFrame({"epoch": epochs, "GmAP": scores, "seconds": seconds}).to_csv(place / "evals.csv", index=False)
        losses = {"epoch": np.repeat(epochs, 2), "total": 1.0, "contrast": np.arange(2 * len(epochs), dtype=float)}
        pd.DataFrame(losses).to_csv(place / "train.csv", index=False)
    return folder / "results"
