"""Kill the demo at random moments, resume it each time, and compare the result with that of an undisturbed run.

    python benchmarks/kills.py [--kills 20 --seed 1 --reference results]

Works in a temporary folder. Each attempt is the same command, `snakemake all` on the demo, and is killed by SIGKILL
after a random time: in turn only the main process, the whole process group as a power cut would, and the `make` that
started it. After a kill, no job may be left after a few seconds, and the next attempt must start without help. In the
end, weights, codes, scores, tables and plotted numbers must equal those of a run without kills, except for measured
times. Writes benchmarks/measured/kills.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from safetensors import safe_open

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance

ROOT = Path(__file__).resolve().parents[1]
WAYS = ("main process", "process group", "make")
TIMED = ("efficiency", "figure1a", "solvers", "selection", "centers")  # contain measured times
SLOWEST_END = 15.0  # seconds in which jobs must be gone


def start(folder: Path) -> subprocess.Popen[bytes]:
    """A stand-in for make that starts the run, in a process group of its own."""
    snakemake = Path(sys.executable).with_name("snakemake")
    files = f"--snakefile '{ROOT}/Snakefile' --configfile '{ROOT}/config/demo.yaml'"
    command = f"S5VH_PARENT=$$ '{snakemake}' all {files} & wait $!"
    log = (folder / "run.log").open("ab")
    return subprocess.Popen(["bash", "-c", command], cwd=folder, stdout=log, stderr=log, start_new_session=True)


def processes(folder: Path) -> dict[int, str]:
    """Command lines of the processes that work in `folder`, by process number."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and (entry / "cwd").resolve() == folder:
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # has ended meanwhile
            continue
    return found


def kill(way: str, make: subprocess.Popen[bytes], folder: Path) -> None:
    if way == "process group":
        os.killpg(make.pid, signal.SIGKILL)
    elif way == "make":
        make.kill()
    else:
        main = [pid for pid, words in processes(folder).items() if "/snakemake " in words and pid != make.pid]
        for pid in main[:1]:
            os.kill(pid, signal.SIGKILL)
    make.wait()


def seconds_until_gone(folder: Path) -> float:
    started = time.monotonic()
    while left := processes(folder):
        if time.monotonic() - started > SLOWEST_END:
            sys.exit(f"still running after {SLOWEST_END:.0f} s: {left}")
        time.sleep(0.05)
    return time.monotonic() - started


def contents(results: Path) -> dict[str, str]:
    """Digest of what each result says, without provenance and measured times."""
    found = {}
    for file in sorted(results.rglob("*")):
        name = str(file.relative_to(results))
        if file.name.startswith(".") and file.is_file():
            found[name] = "left behind"
        elif any(word in name for word in TIMED):
            continue
        elif file.suffix == ".safetensors":
            with safe_open(file, framework="np") as model:
                found[name] = _digest(*(model.get_tensor(key).tobytes() for key in sorted(model.keys())))
        elif file.suffix == ".npz":
            with np.load(file) as arrays:
                found[name] = _digest(
                    *(arrays[key].tobytes() for key in sorted(arrays) if arrays[key].dtype.kind != "U")
                )
        elif file.name == "metrics.json":
            found[name] = _digest(json.dumps(json.loads(file.read_text())["protocols"]).encode())
        elif file.suffix == ".csv" and file.parent.name in ("tables", "figures"):
            found[name] = _digest(file.read_bytes())
    return found


def _digest(*parts: bytes) -> str:
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part)
    return sha.hexdigest()[:16]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=float, default=5.0, help="shortest time before a kill, in seconds")
    parser.add_argument("--most", type=float, default=30.0, help="longest time before a kill, in seconds")
    parser.add_argument("--reference", type=Path, default=ROOT / "results", help="results of an undisturbed demo")
    arguments = parser.parse_args()
    expected = contents(arguments.reference)
    if not any(name.endswith("model.safetensors") for name in expected):
        sys.exit(f"{arguments.reference}: no finished demo; run `make demo` first")
    moments = random.Random(arguments.seed)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for number in range(arguments.kills):
            way, after = WAYS[number % len(WAYS)], moments.uniform(arguments.least, arguments.most)
            make = start(folder)
            try:
                make.wait(after)
                print(f"finished after {number} kills: {make.returncode}")
                break
            except subprocess.TimeoutExpired:
                kill(way, make, folder)
            rows.append(
                {"killed": way, "after": round(after, 1), "seconds_until_gone": round(seconds_until_gone(folder), 1)}
            )
            print(json.dumps(rows[-1]), flush=True)
        status = start(folder).wait()
        if status:
            sys.exit(f"the last run ended with status {status}:\n{(folder / 'run.log').read_text()[-3000:]}")
        found = contents(folder / "results")
    different = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    print(f"{len(rows)} kills; {len(found)} results compared, {len(different)} differ: {different}")
    result = {"kills": rows, "compared": len(found), "different": different, "provenance": provenance()}
    write_json(ROOT / "benchmarks" / "measured" / "kills.json", result)
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
