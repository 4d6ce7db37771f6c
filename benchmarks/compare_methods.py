"""All methods on data sets of your own, with equal budgets: scores with intervals, and who beats whom.

    python benchmarks/compare_methods.py FOLDER [--datasets a b] [--methods s5vh conmh ...] [--bits 16 32 64]
                                         [--seeds 1 2 3] [--epochs 24] [--workers 2] [--output FILE]

FOLDER is a working directory whose config/datasets/ describes the data sets; with `settings_of: demo` in these files,
every method has the small network and the step size that it has on the demo. Snakemake prepares features, clusters,
hash centers and graphs; the cells are then trained and scored by a few processes that import torch once. Finished cells
are kept in FOLDER/results, so a second call continues. Every trained method gets the same number of epochs; a method
with a first stage gets as many for that stage, and `s5vh-plus`, whose steps are short, takes 600 steps at least.
Training keeps the weights of the last epoch, so nothing sees labels.

Per data set and code length: GmAP (published protocol), mean and 95% interval over seeds (Student's t). One method
beats another at one data set and code length if the paired sign-flip test of per-query AP, averaged over cut-offs and
seeds, has p < 0.05 after Holm's correction over all pairs, data sets and code lengths, and the interval of the GmAP
difference over seeds, paired by seed, excludes 0. Writes FOLDER/comparison.md, and FOLDER/comparison.json or --output,
with the pairs of the first method. docs/methods/s5vh-plus-notes.md (`performance_page.py`) shows what is in
benchmarks/measured/compare_methods.json, and as the steps from S5VH to S5VH-plus what is in s5vh_plus_steps.json, of

    --methods s5vh-plus s5vh-plus_encoder_and_kernel s5vh-plus_encoder s5vh-plus_encoder_cosine s5vh --bits 32
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from s5vh.base.files import read_json, write_json
from s5vh.base.provenance import provenance
from s5vh.config import layout
from s5vh.config.grid import GridCell
from s5vh.config.load import load_dataset, names
from s5vh.config.run import ProtocolConfig
from s5vh.methods.load import resolve_cell
from s5vh.methods.settings import is_trained
from s5vh.retrieval.query_scores import read_query_scores
from s5vh.retrieval.uncertainty import geometric_means, holm, sign_flip_test, student_interval

ROOT = Path(__file__).parents[1]
METHODS = [
    *("s5vh-plus", "s5vh-plus_no_diffusion", "s5vh-plus_no_kernel", "s5vh-plus_no_network", "s5vh-plus_mean"),
    *("s5vh", "autossvh", "conmh", "mcmsh", "dkph", "bth", "bervae", "ssvh"),
    *("mfh_mean", "itq_mean", "itq_mean_std", "itq_dct5", "itq_flat", "sh_mean", "pcah_mean", "lsh_mean"),
]
PROTOCOL = {"published": ProtocolConfig().model_dump(mode="json")}
LEVEL = 0.05


class Job(NamedTuple):
    """A cell and its number of epochs."""

    cell: GridCell
    epochs: int


def resolved(job: Job) -> Any:
    """The cell with its settings: `epochs` epochs, weights of the last one, scored once."""
    method = job.cell.method
    budget = {"epochs": job.epochs, "evaluate_every": job.epochs, "patience": None, "selection": "last"}
    own = resolve_cell(*job.cell)
    overrides = {method: {"training": budget}} if is_trained(own.settings) else {}
    return resolve_cell(*job.cell, overrides=overrides)


def first_stages(job: Job) -> list[Job]:
    """Cells whose models the cell requires, with the same number of epochs."""
    models = [path for path in resolved(job).requires().values() if path.name == "model.safetensors"]
    found = []
    for path in models:
        dataset, method, bits, seed = path.parts[-5:-1]
        found.append(Job(GridCell(dataset, method, int(bits.removesuffix("bit")), int(seed[4:])), job.epochs))
    return found


def parts(dataset: str) -> list[Path]:
    """Feature files of the training set, the database and the queries."""
    data = load_dataset(dataset)
    return [layout.features(dataset, data.source_part(part)) for part in ("train", "database", "query")]


def run(job: Job) -> str:
    """Train or fit a cell, and score it; nothing if it is finished."""
    from s5vh.studies.evaluation import evaluate_model
    from s5vh.training.fitting import fit_cell
    from s5vh.training.stage import train_cell

    folder = layout.cell(*job.cell)
    if (folder / "metrics.json").is_file():
        return f"{folder}: finished before"
    cell = resolved(job)
    train, database, query = parts(job.cell.dataset)
    model = folder / "model.safetensors"
    if is_trained(cell.settings):
        train_cell(
            cell,
            train_file=train,
            database_file=database,
            query_file=query,
            prepared=cell.requires(),
            protocol=PROTOCOL["published"],
            output=folder,
            threads=1,
        )
    else:
        fit_cell(cell, train_file=train, output=model)
    metrics = evaluate_model(
        model, database_file=database, query_file=query, protocols=PROTOCOL, output=folder, threads=1
    )
    return f"{folder}: GmAP {metrics['protocols']['published']['GmAP']:.3f}"


def prepare(jobs: Iterable[Job]) -> None:
    """Let Snakemake make features and everything that cells require, except models."""
    files: dict[str, None] = {}
    for job in jobs:
        files |= dict.fromkeys(map(str, parts(job.cell.dataset)))
        files |= {str(path): None for path in resolved(job).requires().values() if path.name != "model.safetensors"}
    words = ["--snakefile", ROOT / "Snakefile", "--workflow-profile", ROOT / "profiles/default", *files]
    subprocess.run([str(Path(sys.executable).with_name("snakemake")), *map(str, words)], check=True)


def queries(cell: GridCell) -> np.ndarray:
    """AP@N of every query, float64 [Q, cut-offs]."""
    return read_query_scores(layout.cell(*cell) / "ap.npz").average_precision["published"].astype(np.float64)


def compare(datasets: list[str], methods: list[str], bits: list[int], seeds: list[int]) -> dict[str, Any]:
    """Scores of every data set and code length, and all pairs of methods."""
    scores, pairs = [], []
    for dataset in datasets:
        for length in bits:
            ap = np.array(
                [[queries(GridCell(dataset, name, length, seed)) for seed in seeds] for name in methods]
            )  # [methods, seeds, Q, cut-offs]
            gmap = geometric_means(ap.mean(axis=2))
            each = ap.mean(axis=(1, 3))
            sides = [(a, b) for a in range(len(methods)) for b in range(a + 1, len(methods))]
            p_values = sign_flip_test(np.stack([each[a] - each[b] for a, b in sides], axis=1), 99_999)
            for name, values in zip(methods, gmap, strict=True):
                mean, low, high = student_interval(values)
                seconds = [_seconds(GridCell(dataset, name, length, seed)) for seed in seeds]
                scores.append({"dataset": dataset, "bits": length, "method": name, "values": values.tolist(),
                               "mean": mean, "half_width": (high - low) / 2, "train_seconds": seconds})  # fmt: skip
            for (a, b), p in zip(sides, p_values, strict=True):
                mean, low, high = student_interval(gmap[a] - gmap[b])
                pairs.append({"dataset": dataset, "bits": length, "first": methods[a], "second": methods[b],
                              "difference": mean, "low": low, "high": high, "p": float(p)})  # fmt: skip
    for pair, corrected in zip(pairs, holm([pair["p"] for pair in pairs]), strict=True):
        pair["p_holm"] = float(corrected)
        pair["clear"] = bool(corrected < LEVEL and (pair["low"] > 0 or pair["high"] < 0))
    return {"scores": scores, "pairs": pairs}


def _seconds(cell: GridCell) -> float | None:
    training = read_json(layout.cell(*cell) / "metrics.json")["training"]
    return training["seconds"] if training else None


def as_text(found: dict[str, Any], methods: list[str]) -> str:
    """Markdown: GmAP per data set and code length, and how often the method of a row beats that of a column."""
    settings = list(dict.fromkeys((one["dataset"], one["bits"]) for one in found["scores"]))
    lines = ["| method | " + " | ".join(f"{dataset} {bits}" for dataset, bits in settings) + " |"]
    lines.append("|---|" + "---|" * len(settings))
    cell = {(one["method"], one["dataset"], one["bits"]): one for one in found["scores"]}
    for name in methods:
        texts = (f"{cell[name, *at]['mean']:.3f} ± {cell[name, *at]['half_width']:.3f}" for at in settings)
        lines.append(f"| {name} | " + " | ".join(texts) + " |")
    wins = {(a, b): 0 for a in methods for b in methods}
    for pair in found["pairs"]:
        if pair["clear"]:
            first, second = pair["first"], pair["second"]
            wins[(first, second) if pair["difference"] > 0 else (second, first)] += 1
    lines += ["", f"Clear wins of the row over the column, out of {len(settings)} settings:", ""]
    lines += ["| | " + " | ".join(methods) + " |", "|---|" + "---|" * len(methods)]
    lines += [f"| {a} | " + " | ".join("" if a == b else str(wins[a, b]) for b in methods) + " |" for a in methods]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="working directory with config/datasets/")
    parser.add_argument("--datasets", nargs="+", help="default: all in FOLDER/config/datasets")
    parser.add_argument("--methods", nargs="+", default=METHODS)
    parser.add_argument("--bits", nargs="+", type=int, default=[16, 32, 64])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3], help="two or more")
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--output", type=Path, help="instead of FOLDER/comparison.json")
    arguments = parser.parse_args()
    if len(set(arguments.seeds)) < 2:
        parser.error("--seeds: intervals need at least two")
    output = (arguments.output or arguments.folder / "comparison.json").resolve()
    os.chdir(arguments.folder)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    datasets = arguments.datasets or sorted(file.stem for file in Path("config/datasets").glob("*.yaml"))
    methods = [name for name in arguments.methods if name in names("methods")]
    grid = [
        Job(GridCell(dataset, method, bits, seed), arguments.epochs)
        for seed in arguments.seeds
        for dataset in datasets
        for method in methods
        for bits in arguments.bits
    ]
    before = list(dict.fromkeys(stage for job in grid for stage in first_stages(job)))
    prepare([*before, *grid])
    with multiprocessing.get_context("spawn").Pool(arguments.workers) as pool:
        for jobs in (before, grid):
            for done, line in enumerate(pool.imap_unordered(run, jobs), start=1):
                print(f"{done} of {len(jobs)}: {line}", flush=True)
    found = compare(datasets, methods, arguments.bits, arguments.seeds)
    text = as_text(found, methods)
    Path("comparison.md").write_text(text)
    found["pairs"] = [pair for pair in found["pairs"] if methods[0] in (pair["first"], pair["second"])]
    write_json(output, found | {"epochs": arguments.epochs, "provenance": provenance(seed=1)})
    print(text)


if __name__ == "__main__":
    main()
