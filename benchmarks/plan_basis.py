"""What a plan's estimate is based on, from the measurements in benchmarks/measured, as tables for config/measured.

    python benchmarks/plan_basis.py

`steps.csv` has the median duration of a training step of each method and device, with the sizes, machine and day it was
measured at, from benchmarks/measured: on the CPU from method_steps.json, on a GPU from training_step_cuda_float32.json
(steps of S5VH replayed from a CUDA graph). `stages.csv` has time and memory of what is not a training step, at FCVID's
size, from fcvid_stages.json, and memory alone from fcvid_scale.json and preparation.json. `sizes.csv` has the
parameters of every recipe at these sizes, counted here. Run it again after `method_steps.py` and after a change of a
network.
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
    for method, found in sorted(read_json(MEASURED / "method_steps.json")["methods"].items()):
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


def stages() -> Iterator[dict[str, Any]]:
    """One row per rule and kind of job; `work` is 0 if only its memory is that of real features."""
    found = read_json(MEASURED / "fcvid_scale.json")
    one, videos = found["records"]["evaluate"], found["provenance"]["settings"]["videos"]
    peak = round(one["peak_gib"] * 2**30)
    rows = {("evaluate", "s5vh"): stage_of(found, "evaluate", "s5vh", 0, videos, one["seconds"], peak)}
    for method, found in read_json(MEASURED / "preparation.json")["methods"].items():
        kinds = {"fit": ("fit", method), "begin": ("train", method), "neighbours": ("find_neighbours", "")}
        if "semantics" in found["stages"]:
            clustering = load_method(method, "fcvid").semantics
            after = " after PCA" if clustering.pca else ""
            kinds["semantics"] = ("cluster_videos", f"{clustering.recipe}{after}, {clustering.features}")
        for stage in kinds.keys() & found["stages"].keys():
            peak = round(found["stages"][stage]["peak_gib"] * 2**30)
            rows[kinds[stage]] = stage_of(found, *kinds[stage], 0, found["settings"]["videos"], 0, peak)
    found = read_json(MEASURED / "fcvid_stages.json")
    for job in sorted(found["jobs"], key=lambda job: (job["work"], job["peak_bytes"])):
        rule, kind = job["rule"], job["kind"]
        known = rows.get((rule, kind), {"peak_bytes": 0})["peak_bytes"]
        peak = max(job["peak_bytes"], known)
        rows[rule, kind] = stage_of(found, rule, kind, job["work"], job["videos"], job["seconds"], peak)
    yield from (rows[key] for key in sorted(rows))


def stage_of(
    found: dict[str, Any], rule: str, kind: str, work: float, videos: int, seconds: float, peak_bytes: int
) -> dict[str, Any]:
    """A row of `stages.csv`."""
    made = found["provenance"]
    where = {"machine": made["hardware"]["cpu"], "date": made["created"][:10]}
    numbers = {"work": f"{work:.6g}", "videos": videos, "seconds": round(seconds, 1), "peak_bytes": peak_bytes}
    return {"rule": rule, "kind": kind, **where, **numbers}


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
    for name, rows in (("steps", steps()), ("stages", stages()), ("sizes", sizes())):
        write_text(OUTPUT / f"{name}.csv", table(rows))


if __name__ == "__main__":
    main()
