"""What a plan's estimate is based on, from the measurements in benchmarks/measured, as tables for config/measured.

    python benchmarks/plan_basis.py

`steps.csv` has the median duration of a training step of each method and device, with the sizes, machine and day it was
measured at, from benchmarks/measured: on the CPU from method_steps*.json, on a GPU from training_step_cuda_float32.json
(steps of S5VH replayed from a CUDA graph). `sizes.csv` has the parameters of every recipe
at these sizes, counted here. Run it again after `method_steps.py` and after a change of a network.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from method_sizes import size_of

from s5vh.base.files import read_json, write_text
from s5vh.config.load import names
from s5vh.methods.contract import Shape
from s5vh.methods.load import load_method
from s5vh.methods.settings import is_imported

MEASURED = Path(__file__).parent / "measured"
OUTPUT = Path(__file__).parents[1] / "config" / "measured"
SHAPE = Shape(25, 4096, 64)  # FCVID's, at the longest codes


def steps() -> Iterator[dict[str, Any]]:
    """One row per method and device."""
    for file in sorted(MEASURED.glob("method_steps*.json")):
        for method, found in sorted(read_json(file)["methods"].items()):
            yield step_of(method, found, found["batch"], found["milliseconds"]["step"])
    found = read_json(MEASURED / "training_step_cuda_float32.json")
    yield step_of("s5vh", found, found["settings"]["batch"], found["milliseconds"]["training_step, CUDA graph"])


def step_of(method: str, found: dict[str, Any], batch_size: int, milliseconds: list[float]) -> dict[str, Any]:
    """A row of `steps.csv`."""
    settings, made = found["settings"], found["provenance"]
    gpu = made["device"] != "cpu"
    return {
        "method": method,
        "device": "gpu" if gpu else "cpu",
        "machine": made["device"] if gpu else made["hardware"]["cpu"],
        "threads": settings["threads"],
        "date": made["created"][:10],
        "batch_size": batch_size,
        "frames": settings["frames"],
        "feature_size": settings["feature_size"],
        "bits": settings["bits"],
        "seconds": round(median(milliseconds) / 1000, 5),
    }


def sizes() -> Iterator[dict[str, Any]]:
    """One row per recipe that is trained or fitted."""
    for name in names("methods"):
        if not is_imported(load_method(name)):
            yield {"method": name, "parameters": size_of(name, SHAPE).parameters}


def table(rows: Iterable[dict[str, Any]]) -> str:
    """Rows as CSV text."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def main() -> None:
    for name, rows in (("steps", steps()), ("sizes", sizes())):
        write_text(OUTPUT / f"{name}.csv", table(rows))


if __name__ == "__main__":
    main()
