"""Peak memory and time of every stage but training at FCVID's full size: 91,185 videos of 25 x 4,096, 18.7 GB.

    python benchmarks/fcvid_stages.py [--folder FOLDER] [--profile FOLDER] [--config KEY=VALUE ...] [--without-frames]
                                      [--keep] [--output benchmarks/measured/fcvid_stages.json]

A rehearsal (`s5vh rehearse --fraction 1 --untrained`) of one recipe per kind of stage: S5VH, which has clusters and
hash centers; SSVH, which has a neighbour graph; MFH and ITQ, which are fitted. Networks keep their initial weights,
because time and memory of an encoding do not depend on them. Then the cosine ranking of all frames, of as many queries
as are in memory at a time, a ninth of all; its time is scaled up, its memory is that of the whole. --config replaces
the settings of the run, which are recorded. Random features in float16, in a folder inside --folder that is deleted at
the end; what is left of an interrupted run goes on. `plan_basis.py` makes config/measured/stages.csv of it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from s5vh.base.files import read_json, write_json
from s5vh.base.usage import USAGE, read_usage
from s5vh.data.features import open_features, write_features

ROOT = Path(__file__).parents[1]
SETTINGS = (
    "methods=[s5vh,ssvh,mfh_mean,itq_mean]",
    "ablations={table2: {methods: []}}",
    "efficiency={methods: []}",
    "solver_study={sizes: []}",
    "convergence={methods: []}",
    "reference_rankings=[chance,cosine_mean,perfect]",
)
FEATURES = Path("results/fcvid/features/database.h5")
QUERIES = 2**31 // (25 * 4096 * 4)  # whose frames take 2 GiB in float32


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "s5vh", *map(str, words)]


def rank_frames(folder: Path) -> dict[str, Any]:
    """The cosine ranking of all frames of `QUERIES` queries, as a record like those of a rehearsal."""
    some, usage = folder / "some_queries.h5", folder / "usage_of_frames"
    usage.mkdir(exist_ok=True)
    with open_features(folder / FEATURES) as file:
        videos, shape = len(file.feats), (QUERIES, *file.shape[1:])
        blocks = (file.feats[first : min(first + 256, QUERIES)] for first in range(0, QUERIES, 256))
        ids = file.read_ids(0, QUERIES)
        write_features(some, blocks, shape=shape, dtype="float16", labels=file.labels[:QUERIES], ids=ids, provenance={})
    words = ("--database", folder / FEATURES, "--query", some, "--threads", 1, "--output", folder / "frames.json")
    started = perf_counter()
    environment = os.environ | {USAGE: str(usage)}
    subprocess.run(command("reference-rankings", "cosine_frames", *words), env=environment, check=True)
    seconds = (perf_counter() - started) * videos / QUERIES
    some.unlink()
    work = float(videos) ** 2 * shape[1] * shape[2]
    record = {"rule": "score_reference_rankings", "kind": "", "dataset": "fcvid", "bits": None, "seconds": seconds}
    return record | {"peak_bytes": read_usage(usage)[-1]["peak_bytes"], "work": work, "videos": videos}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the files may lie")
    parser.add_argument("--profile", type=Path, default=ROOT / "profiles" / "default", help="a Snakemake profile")
    parser.add_argument("--config", nargs="*", default=SETTINGS, help="settings of the run, as for Snakemake")
    parser.add_argument("--without-frames", action="store_true", help="without the cosine ranking of all frames")
    parser.add_argument("--keep", action="store_true", help="do not delete the files")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "measured" / "fcvid_stages.json")
    arguments = parser.parse_args()
    folder = arguments.folder / "fcvid_stages"
    words = ["--output-dir", folder, "--fraction", 1, "--dtype", "float16", "--datasets", "fcvid", "--untrained"]
    subprocess.run(
        command("rehearse", *words, "--profile", arguments.profile, "--config", *arguments.config), check=True
    )
    found = read_json(folder / "measured.json")
    for job in found["jobs"]:
        if job["rule"] == "score_reference_rankings":
            job["kind"] = "without all frames"
    if not arguments.without_frames:
        found["jobs"].append(rank_frames(folder))
    write_json(arguments.output, found)
    if not arguments.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
