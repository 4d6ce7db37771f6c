"""Time and memory of `s5vh export` and `s5vh verify-results` for a data set of FCVID's size.

    python benchmarks/sharing.py [--videos 45600 --bits 64 --threads 2]

The codes are those of random features with 239 classes, two for each video; every video of the database is a query, as
in FCVID. Each command runs in a process of its own. Where other work runs, only the time of the processor counts.
Writes benchmarks/measured/sharing.json.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.config import layout
from s5vh.config.run import RunConfig
from s5vh.data.features import write_features
from s5vh.methods.cell import Cell
from s5vh.methods.load import load_method
from s5vh.sharing.folder import files_in
from s5vh.studies.evaluation import evaluate_model
from s5vh.training.fitting import fit_cell

MEASURED = Path(__file__).parent / "measured/sharing.json"
CLASSES, FRAMES, SIZE = 239, 2, 16


def make_cell(root: Path, videos: int, bits: int) -> Path:
    """A cell of random hyperplanes on random features, evaluated under the default protocols."""
    rng = np.random.default_rng(0)
    labels = np.zeros((videos, CLASSES), np.uint8)
    for _ in range(2):
        labels[np.arange(videos), rng.integers(CLASSES, size=videos)] = 1
    database = layout.features("random", "database", root)
    feats = rng.standard_normal((videos, FRAMES, SIZE)).astype(np.float32)
    ids = [f"class/video_{number:08d}.mp4" for number in range(videos)]
    write_features(database, [feats], shape=feats.shape, labels=labels, ids=ids, provenance={})
    cell = Cell(dataset="random", method="lsh_mean", bits=bits, seed=1, settings=load_method("lsh_mean"))
    folder = layout.cell("random", "lsh_mean", bits, 1, root)
    fit_cell(cell, train_file=database, output=folder / "model.safetensors")
    protocols = {name: one.model_dump(mode="json") for name, one in RunConfig.model_fields["protocols"].default.items()}
    evaluate_model(
        folder / "model.safetensors", database_file=database, query_file=database, protocols=protocols, output=folder
    )
    return folder


def measured(words: list[str]) -> dict[str, float]:
    """Wall time, time of the processor and peak memory of a command, which must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "s5vh", *words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit("failed: " + " ".join(words))
    return {
        "seconds": round(time.perf_counter() - started, 1),
        "processor_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mib": round(usage.ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=45_600)
    parser.add_argument("--bits", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "export"
        # In another process: Linux counts the memory of the process that starts a command as the command's own.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            cell = pool.apply(make_cell, (Path(name) / "results", arguments.videos, arguments.bits))
        found = {"export": measured(["export", str(cell), "--output", str(folder)])}
        for threads in sorted({1, arguments.threads}):
            words = ["verify-results", str(folder), "--threads", str(threads)]
            found[f"verify-results, --threads {threads}"] = measured(words)
        size = sum((folder / file).stat().st_size for file in files_in(folder))
    print(json.dumps(found, indent=1))
    write_json(
        MEASURED,
        {
            "settings": vars(arguments),
            "commands": found,
            "mib": round(size / 2**20, 2),
            "provenance": provenance(),
        },
    )


if __name__ == "__main__":
    main()
