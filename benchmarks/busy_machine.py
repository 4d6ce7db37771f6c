"""Encoding and ranking with one and with all threads, on a quiet machine and beside busy loops.

    python benchmarks/busy_machine.py [--videos 32 --frames 25 --repeats 15 --rounds 3]

Each measurement is a process of its own; the median of the rounds is reported. A busy loop is a process that does
nothing but occupy a core. The baseline is the same program with the waiting policy that torch's OpenMP has by
default. Run it on a machine that is otherwise idle. Writes benchmarks/measured/busy_machine.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

MEASURED = Path(__file__).parent / "measured"
SIZES = ("videos", "frames", "repeats")


def measure(arguments: argparse.Namespace) -> dict[str, float]:
    """Median milliseconds of each kind of work, in this process."""
    import torch  # reads its settings here

    from s5vh.training.device import set_threads

    set_threads(arguments.threads)
    torch.manual_seed(1)
    result = {}
    for name, action in works(arguments).items():
        taken = []
        for _ in range(arguments.repeats + 2):
            started = time.perf_counter()
            action()
            taken.append(1e3 * (time.perf_counter() - started))
        result[name] = statistics.median(taken[2:])  # the first calls compile and fill caches
    return result


def works(arguments: argparse.Namespace) -> dict[str, Callable[[], object]]:
    """What commands do with several threads: encode a batch, rank a database."""
    import numpy as np
    import torch

    from s5vh.methods.contract import Shape
    from s5vh.methods.load import load_method
    from s5vh.methods.s5vh.network import S5VH
    from s5vh.retrieval.metrics import evaluate
    from s5vh.retrieval.protocol import Protocol

    network = S5VH(load_method("s5vh"), Shape(arguments.frames, 4096, 64), {}).eval()
    feats = torch.randn(arguments.videos, arguments.frames, 4096)
    random = np.random.default_rng(1)
    codes = random.integers(0, 256, (4000, 8), dtype=np.uint8)
    labels = np.eye(20, dtype=np.uint8)[random.integers(0, 20, 4000)]

    def encode() -> None:
        with torch.inference_mode():
            network.encode(feats)

    return {
        "encode": encode,
        "rank": lambda: evaluate(codes, codes, 64, labels, labels, Protocol()),
    }


def measured(arguments: argparse.Namespace, defaults: bool, threads: int, busy: int) -> dict[str, float]:
    """`measure` in a process of its own, beside `busy` busy loops."""
    environment = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    if not defaults:
        environment["OMP_WAIT_POLICY"] = "passive"
    sizes = [word for name in SIZES for word in (f"--{name}", str(getattr(arguments, name)))]
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
    try:
        command = [sys.executable, __file__, *sizes, "--threads", str(threads)]
        return json.loads(
            subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
        )
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=32)
    parser.add_argument("--frames", type=int, default=25)
    parser.add_argument("--repeats", type=int, default=15, help="timed calls per process")
    parser.add_argument("--rounds", type=int, default=3, help="processes per case")
    parser.add_argument("--threads", type=int, help="measure in this process and print milliseconds")
    arguments = parser.parse_args()
    if arguments.threads:
        print(json.dumps(measure(arguments)))
        return
    from s5vh.base.cores import available_cores
    from s5vh.base.files import write_json
    from s5vh.base.provenance import provenance

    cores = available_cores()
    cases = [
        (defaults, threads, busy) for busy in (0, 1, cores) for defaults in (True, False) for threads in (1, cores)
    ]
    values: dict[tuple[bool, int, int], list[dict[str, float]]] = {case: [] for case in cases}
    for _ in range(arguments.rounds):
        for case in cases:
            values[case].append(measured(arguments, *case))
    rows = []
    for (defaults, threads, busy), taken in values.items():
        for work in taken[0]:
            times = [one[work] for one in taken]
            case = {
                "work": work,
                "waiting": "default" if defaults else "passive",
                "threads": threads,
                "busy_loops": busy,
            }
            rows.append(case | {"milliseconds": statistics.median(times), "lowest": min(times), "highest": max(times)})
    for row in rows:
        print(json.dumps(row))
    sizes = {name: getattr(arguments, name) for name in (*SIZES, "rounds")}
    write_json(MEASURED / "busy_machine.json", {"settings": sizes, "rows": rows, "provenance": provenance()})


if __name__ == "__main__":
    main()
