"""How long commands take before they do anything: each is run in a process of its own on tiny files.

    python benchmarks/startup.py [--repeats 7] [--before ../before] [--results results]

The files are so small that nearly all of the time is that of Python and of the modules that a command loads; some lower
bounds (Python alone, single libraries) stand beside. With --before, the same commands of another checkout are run in
turn with ours. A table and a figure are timed if --results is the results folder of a finished `make demo`; they are
written to a copy. Bytecode and compiled code are cached, as they are once a command has been run; one thread is used.

It also measures up to how many pairs of codes numpy ranks faster than the compiled code in a new process, after
checking that both list the same. Writes benchmarks/measured/startup.json; with --only, the rest of that file stays.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.config.grid import Run
from s5vh.config.load import load_run

ROOT = Path(__file__).parents[1]
MEASURED = ROOT / "benchmarks/measured/startup.json"
FRAMES, SIZE = 25, 64
BOUNDS = {
    "Python": "pass",
    "numpy": "import numpy",
    "numpy and h5py": "import numpy, h5py",
    "numba": "import numba",
    "pandas": "import pandas",
    "pandas and matplotlib": "import pandas, matplotlib.figure, matplotlib.backends.backend_agg",
    "torch": "import torch",
    "Snakemake": "import snakemake.cli",
}
# One ranking in a new process: the module that ranks, the number of codes, their bits.
RANKING = """
import sys, numpy as np
from importlib import import_module
rng = np.random.default_rng(1)
module, videos, bits = sys.argv[1], *map(int, sys.argv[2:])
codes = rng.integers(0, 256, (videos, bits // 8), np.uint8)
if module != "nothing":
    positions, distances = import_module(f"s5vh.search.{module}").nearest(codes[:1], codes, bits, 10)
    print(positions.tolist(), distances.tolist())
"""


def environment(checkout: Path) -> dict[str, str]:
    """For processes that run the package of a checkout."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "S5VH_CONFIG")}
    return kept | {"PYTHONPATH": str(checkout.resolve() / "src"), "OMP_NUM_THREADS": "1"}


def seconds(words: list[str], folder: Path, checkout: Path = ROOT, expected: int = 0) -> float:
    """Wall time of a Python process; it must end with the expected code."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, *words], cwd=folder, env=environment(checkout), capture_output=True)
    taken = time.perf_counter() - started
    if done.returncode != expected:
        raise SystemExit(f"{' '.join(words)[:200]}: code {done.returncode}\n{done.stderr.decode()}")
    return taken


def command(folder: Path, *words: object) -> str:
    """Run an `s5vh` command of this checkout."""
    run = [sys.executable, "-m", "s5vh", *map(str, words)]
    return subprocess.run(run, cwd=folder, env=environment(ROOT), check=True, stdout=subprocess.PIPE, text=True).stdout


def prepare(folder: Path) -> dict[str, list[str]]:
    """Write tiny files to a folder; the commands that are timed there, by name."""
    rng = np.random.default_rng(1)
    kinds = rng.normal(size=(8, 1, SIZE))
    for name, videos in (("train", 96), ("query", 24)):
        of = np.arange(videos) % 8
        with h5py.File(folder / f"{name}.h5", "w") as file:
            file["feats"] = (kinds[of] + 0.5 * rng.normal(size=(videos, FRAMES, SIZE))).astype(np.float32)
            file["labels"] = np.eye(8, dtype=np.uint8)[of]
            file.create_dataset("ids", data=[f"{name}{n:02d}" for n in range(videos)], dtype=h5py.string_dtype("utf-8"))
    tiny = {"training": {"epochs": 1, "batch_size": 32, "selection": "last"}, "semantics": {"clusters": 8, "pca": 16}}
    cells = {
        method: command(
            folder, "settings", "--dataset", "demo", "--method", method, "--bits", 16,
            "--overrides", json.dumps({"s5vh": tiny}),
        ).strip()
        for method in ("s5vh", "itq_mean")
    }  # fmt: skip
    one = ["--threads", "1"]
    parts = ["--database", "train.h5", "--query", "query.h5"]
    semantics = ["semantics", "--features", "train.h5", "--clusters", "8", "--pca", "16", "--output", "semantics.h5"]
    centers = ["centers", "--semantics", "semantics.h5", "--bits", "16", "--output", "centers.h5"]
    fit = ["fit", "--cell", cells["itq_mean"], "--train", "train.h5", "--output", "itq/model.safetensors", *one]
    prepared = ["--prepared", "semantics=semantics.h5", "--prepared", "centers=centers.h5"]
    train = ["train", "--cell", cells["s5vh"], "--train", "train.h5", *parts, *prepared, "--output-dir", "s5vh", *one]
    evaluate = {
        name: ["evaluate", "--model", f"{name}/model.safetensors", *parts, "--output-dir", name, *one]
        for name in ("itq", "s5vh")
    }
    for words in (semantics, centers, fit, train, *evaluate.values()):
        command(folder, *words)
    for name in ("itq", "s5vh"):
        command(folder, "index", "train.h5", "--model", f"{name}/model.safetensors", "--output", f"{name}.index", *one)
    return {
        "s5vh --help": ["--help"],
        "an option is missing": ["train", "--bits", "16"],
        "search by id": ["search", "s5vh.index", "train03"],
        "search by feature row, ITQ": ["search", "itq.index", "query.h5", "--row", "3", *one],
        "search by feature row, S5VH": ["search", "s5vh.index", "query.h5", "--row", "3", *one],
        "duplicates": ["duplicates", "itq.index", *one],
        "index that is up to date": ["index", "train.h5", "--output", "itq.index", *one],
        "doctor": ["doctor"],
        "doctor --no-plan": ["doctor", "--no-plan"],
        "settings": ["settings", "--dataset", "demo", "--method", "s5vh", "--bits", "16"],
        "semantics": semantics,
        "centers": centers,
        "neighbours": ["neighbours", "--features", "train.h5", "--output", "neighbours.h5", *one],
        "fit, ITQ": fit,
        "train, S5VH": train,
        "evaluate, ITQ": evaluate["itq"],
        "evaluate, S5VH": evaluate["s5vh"],
        "reference-rankings": ["reference-rankings", "chance", "perfect", *parts, "--output", "rankings.json", *one],
        "protocol-study": ["protocol-study", "itq", *parts, "--output", "study.json", *one],
    }


def reporting(folder: Path, results: Path) -> dict[str, list[str]]:
    """Commands that write a table, a figure and fits from a copy of the results of `make demo`."""
    shutil.copytree(results, folder / "results")
    run = Run(load_run(ROOT / "config/config.yaml", ROOT / "config/demo.yaml"), ["demo"], []).to_json()
    named = {"table map": ["table", "map"], "figure pr_curves": ["figure", "pr_curves"]}
    efficiency = [str(file) for file in sorted(results.resolve().glob("efficiency/*.csv"))]
    return {name: [*words, "--run", run] for name, words in named.items()} | {
        "efficiency-fit": ["efficiency-fit", *efficiency, "--output", "fit.json"]
    }


def spread(taken: list[float]) -> dict[str, float]:
    return {"min": round(min(taken), 3), "median": round(statistics.median(taken), 3)}


def ranking(folder: Path, repeats: int) -> list[dict[str, float]]:
    """Seconds that ranking adds to a process, by numpy and by the compiled code, by number and length of codes."""
    found = []
    for bits, codes in ((64, 2**12), (64, 2**22), (64, 2**24), (64, 2**25), (256, 2**22), (256, 2**23)):
        names = ("nothing", "nearest_of_few", "nearest")
        rank = {name: ["-c", RANKING, name, str(codes), str(bits)] for name in names}
        outputs = {
            subprocess.run([sys.executable, *words], cwd=folder, env=environment(ROOT), check=True,
                           stdout=subprocess.PIPE).stdout
            for name, words in rank.items() if name != "nothing"
        }  # fmt: skip
        assert len(outputs) == 1, "the rankings differ"
        taken = {name: [] for name in rank}
        for _ in range(repeats):
            for name, words in rank.items():
                taken[name].append(seconds(words, folder))
        least = {name: min(values) for name, values in taken.items()}
        numpy, compiled = (round(least[name] - least["nothing"], 3) for name in ("nearest_of_few", "nearest"))
        found.append({"codes": codes, "bits": bits, "numpy": numpy, "compiled": compiled})
        print(json.dumps(found[-1]), flush=True)
    return found


def write(record: dict[str, object], repeats: int) -> None:
    write_json(MEASURED, record | {"repeats": repeats, "provenance": provenance()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--before", type=Path, help="another checkout, timed in turn with this one")
    parser.add_argument("--results", type=Path, help="results folder of a finished `make demo`")
    parser.add_argument("--only", nargs="+", help="of commands, `bounds` and `ranking`, only those that start so")
    arguments = parser.parse_args()

    def wanted(name: str) -> bool:
        return not arguments.only or name.startswith(tuple(arguments.only))

    checkouts = {"here": ROOT} | ({"before": arguments.before} if arguments.before else {})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record = json.loads(MEASURED.read_text()) if arguments.only and MEASURED.exists() else {"commands": {}}
        commands = prepare(folder) | (reporting(folder, arguments.results) if arguments.results else {})
        for name, words in commands.items():
            if not wanted(name):
                continue
            taken: dict[str, list[float]] = {checkout: [] for checkout in checkouts}
            for turn in range(arguments.repeats + 1):
                for checkout, root in checkouts.items():
                    code = 2 if name == "an option is missing" else 0
                    found = seconds(["-m", "s5vh", *words], folder, root, code)
                    if turn:  # the first one writes bytecode and compiled code
                        taken[checkout].append(found)
            record["commands"][name] = {checkout: spread(values) for checkout, values in taken.items()}
            print(name, json.dumps(record["commands"][name]), flush=True)
            write(record, arguments.repeats)
        if wanted("bounds"):
            record["bounds"] = {
                name: spread([seconds(["-c", code], folder) for _ in range(arguments.repeats + 1)][1:])
                for name, code in BOUNDS.items()
            }
            print(json.dumps(record["bounds"], indent=1), flush=True)
        if wanted("ranking"):
            record["ranking"] = ranking(folder, arguments.repeats)
        write(record, arguments.repeats)


if __name__ == "__main__":
    main()
