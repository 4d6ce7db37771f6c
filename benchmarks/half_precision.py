"""What bfloat16 does to codes and to trainings: bits that differ, and GmAP, with intervals over seeds.

    python benchmarks/half_precision.py FOLDER [--features SETS] [--datasets demo ...] [--methods s5vh ...]
                                        [--bits 32] [--seeds 1 2 3] [--epochs 24] [--minutes 4]

On the demo and on every data set in SETS, a folder with one folder per data set in the papers' layout
(`train_feats.h5`, `test_feats.h5`, `train_labels.mat`, `test_labels.mat`), each method is trained in float32 and in
bfloat16, with the small network that it has on the demo, as `compare_methods.py` does: the same number of epochs,
weights of the last one, so that nothing sees labels. Each model encodes in both precisions. Per data set and method,
paired by seed:

- of the models trained in float32: share of the bits that differ between their codes in the two precisions, and the
  difference in GmAP (published protocol), bfloat16 minus float32;
- the difference in GmAP between the trainings, both encoded in float32, and both encoded as they were trained.

Means and 95% intervals over seeds (Student's t); "all" has the interval over the means of all data sets and methods.
FOLDER is a working directory that keeps finished cells, so that a call which ends after `--minutes` is continued by the
next one; measure in a new one after a change of the code. Writes benchmarks/measured/half_precision.json, where rows of
other data sets and methods stay.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import yaml
from compare_methods import PROTOCOL, Job, parts, prepare, run

from s5vh.base.files import read_json, write_json
from s5vh.base.processor import has_bfloat16_products
from s5vh.base.provenance import provenance
from s5vh.config import layout
from s5vh.config.grid import GridCell
from s5vh.data.labels import read_array
from s5vh.retrieval.codes import read_codes
from s5vh.retrieval.uncertainty import student_interval
from s5vh.studies.evaluation import evaluate_model

OUTPUT = Path(__file__).parent.resolve() / "measured" / "half_precision.json"
METHODS = ("s5vh", "conmh", "autossvh")
HALF = "_bfloat16"  # ends the name of a method that is trained in bfloat16
KEY = ("dataset", "method", "bits", "epochs")
MEASURES = ("bits_that_differ", "encoded", "trained", "trained_and_encoded")


def describe(name: str, folder: Path) -> dict[str, Any]:
    """The file of a data set in the papers' layout, with the networks and step sizes of the demo."""
    with h5py.File(folder / "train_feats.h5") as file:
        videos, frames, size = file["feats"].shape
    files = {
        part: {"features": [f"{side}_feats.h5"], "labels": {"files": [f"{side}_labels.mat"], "key": "labels"}}
        for part, side in (("train", "train"), ("query", "test"))
    }
    return {
        "title": name,
        "root": str(folder.resolve()),
        "frames": frames,
        "feature_size": size,
        "classes": read_array(folder / "train_labels.mat", "labels").shape[1],
        "backbone": "as given",
        "parts": files | {"database": "train"},
        "settings_of": "demo",
        "semantics": {"clusters": min(100, videos // 10), "pca": 64},
    }


def set_up(features: Path | None, methods: Sequence[str]) -> list[str]:
    """Write the settings files of the working directory; names of all data sets."""
    found = [] if features is None else sorted(path.parent for path in features.glob("*/train_feats.h5"))
    files = {f"datasets/{folder.name}": describe(folder.name, folder) for folder in found}
    for method in methods:
        title = f"{method}, trained in bfloat16"
        files[f"methods/{method}{HALF}"] = {"extends": method, "title": title, "training": {"precision": "bfloat16"}}
    for name, content in files.items():
        path = Path(f"config/{name}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content))
    return ["demo", *(folder.name for folder in found)]


def encoded_in_half(cell: GridCell) -> Path:
    """Folder of the codes and scores of a cell whose model encodes in bfloat16."""
    return layout.cell(*cell) / "bfloat16"


def measure(job: Job) -> str:
    """Train a cell, and encode and score it in both precisions; nothing if it is finished."""
    line, folder = run(job), encoded_in_half(job.cell)
    if not (folder / "metrics.json").is_file():
        _, database, query = parts(job.cell.dataset)
        evaluate_model(
            layout.model(*job.cell), database_file=database, query_file=query, protocols=PROTOCOL, output=folder,
            threads=1, precision="bfloat16",
        )  # fmt: skip
    return f"{line}; encoded in bfloat16 {gmap(folder):.3f}"


def gmap(folder: Path) -> float:
    return read_json(folder / "metrics.json")["protocols"]["published"]["GmAP"]


def bits_that_differ(cell: GridCell) -> float:
    """Share of the bits of all videos that differ between a model's codes in both precisions."""
    exact, half = (read_codes(folder / "codes.npz") for folder in (layout.cell(*cell), encoded_in_half(cell)))
    pairs = [(getattr(exact, part), getattr(half, part)) for part in ("database", "query")]
    changed = sum(int(np.bitwise_count(one ^ other).sum()) for one, other in pairs)
    return changed / sum(len(one) * exact.bits for one, _ in pairs)


def interval(values: Sequence[float]) -> dict[str, Any]:
    mean, low, high = student_interval(values)
    return {"values": list(values), "mean": mean, "low": low, "high": high}


def compared(dataset: str, method: str, bits: int, epochs: int, seeds: Sequence[int]) -> dict[str, Any]:
    """A row of the result: what both precisions give, over seeds."""
    exact, half = ([GridCell(dataset, name, bits, seed) for seed in seeds] for name in (method, f"{method}{HALF}"))
    base = [gmap(layout.cell(*cell)) for cell in exact]

    def beside_base(folders: Sequence[Path]) -> dict[str, Any]:
        return interval([gmap(folder) - score for folder, score in zip(folders, base, strict=True)])

    return dict(zip(KEY, (dataset, method, bits, epochs), strict=True)) | {
        "seeds": list(seeds),
        "gmap": interval(base),
        "bits_that_differ": interval([bits_that_differ(cell) for cell in exact]),
        "encoded": beside_base([encoded_in_half(cell) for cell in exact]),
        "trained": beside_base([layout.cell(*cell) for cell in half]),
        "trained_and_encoded": beside_base([encoded_in_half(cell) for cell in half]),
    }


def over_all(rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Intervals over the rows' means; None for a single row."""
    return {name: interval([row[name]["mean"] for row in rows]) for name in MEASURES} if len(rows) > 1 else None


def keep(row: dict[str, Any], output: Path) -> None:
    """Add a row to the result, or replace the one that measured the same."""
    before = read_json(output)["rows"] if output.is_file() else []
    rows = {tuple(one[name] for name in KEY): one for one in [*before, row]}
    found = sorted(rows.values(), key=lambda one: tuple(one[name] for name in KEY))
    write_json(output, {"rows": found, "all": over_all(found), "provenance": provenance(seed=row["seeds"][0])})


def as_text(rows: Sequence[dict[str, Any]], total: dict[str, Any] | None) -> str:
    """Markdown: GmAP and its differences in hundredths, bits that differ in percent."""

    def text(found: dict[str, Any], sign: str = "+") -> str:
        return f"{100 * found['mean']:{sign}.2f} ± {50 * (found['high'] - found['low']):.2f}"

    def line(cells: Sequence[str], row: dict[str, Any]) -> str:
        shown = [text(row["bits_that_differ"], ""), *(text(row[name]) for name in MEASURES[1:])]
        return "| " + " | ".join([*cells, *shown]) + " |"

    head = "| data set | method | GmAP | bits that differ | encoded | trained | trained and encoded |"
    lines = [head, "|---|---|---:|---:|---:|---:|---:|"]
    lines += [line([row["dataset"], row["method"], text(row["gmap"], "")], row) for row in rows]
    return "\n".join([*lines, *([line(["all", "", ""], total)] if total else [])])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="working directory, made if it does not exist")
    parser.add_argument("--features", type=Path, help="folder of data sets; default: the demo alone")
    parser.add_argument("--datasets", nargs="+", help="only these")
    parser.add_argument("--methods", nargs="+", default=METHODS)
    parser.add_argument("--bits", type=int, default=32)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3], help="two or more")
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--minutes", type=float, default=np.inf, help="begin no further training after so long")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    if not has_bfloat16_products():
        raise SystemExit("this processor has no bfloat16 and would compute in float32 instead")
    if len(set(arguments.seeds)) < 2:
        parser.error("--seeds: intervals need at least two")
    began = time.monotonic()
    features, output = (path and path.resolve() for path in (arguments.features, arguments.output))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    os.chdir(arguments.folder)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    datasets = set_up(features, arguments.methods)
    groups = [
        (dataset, method)
        for dataset in datasets
        for method in arguments.methods
        if dataset in (arguments.datasets or datasets)
    ]
    jobs = {
        group: [
            Job(GridCell(group[0], name, arguments.bits, seed), arguments.epochs)
            for seed in arguments.seeds
            for name in (group[1], f"{group[1]}{HALF}")
        ]
        for group in groups
    }
    prepare([job for some in jobs.values() for job in some])
    for (dataset, method), some in jobs.items():
        for job in some:
            if time.monotonic() - began > 60 * arguments.minutes:
                return
            print(measure(job), flush=True)
        keep(compared(dataset, method, arguments.bits, arguments.epochs, arguments.seeds), output)
    found = read_json(output)
    print(as_text(found["rows"], found["all"]))


if __name__ == "__main__":
    main()
