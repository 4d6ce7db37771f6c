"""Hash-center solvers on the golden problems: objective, gap to the best known, seconds.

    python benchmarks/centers.py [--repeats 5] [--output benchmarks/measured/centers.json]

Repeat n runs with seed n; the table shows medians over repeats. One thread. A first, untimed run
compiles what is compiled at run time.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median

import h5py

from s5vh.centers.solve import SOLVERS, solve
from s5vh.files import write_json
from s5vh.provenance import provenance

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden" / "hash_centers.h5"


def measure(repeats: int) -> list[dict]:
    """One record per problem and solver; `gap` is objective / best known - 1."""
    records = []
    with h5py.File(GOLDEN) as file:
        for problem, group in file.items():
            W, best = group["W"][:], float(group["best_objective"][()])
            bits = group["best_binary"].shape[1]
            for solver in SOLVERS:
                runs = [solve(W, bits, solver, seed=seed).statistics for seed in range(1, repeats + 1)]
                objectives = [run["objective"] for run in runs]
                records.append(
                    {
                        "problem": problem,
                        "solver": solver,
                        "objective": median(objectives),
                        "objectives": objectives,
                        "best_known": best,
                        "gap": median(objectives) / best - 1,
                        "worst_gap": max(objectives) / best - 1,
                        "restart_median": float(group.attrs["restart_median"]),
                        "seconds": median(run["seconds"] for run in runs),
                    }
                )
    return sorted(records, key=lambda record: record["best_known"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "measured" / "centers.json")
    arguments = parser.parse_args()
    with h5py.File(GOLDEN) as file:
        solve(file["C12_K8"]["W"][:], 8, sweeps=1, iterations=1)
    records = measure(arguments.repeats)
    print(f"{'problem':10} {'solver':11} {'objective':>12} {'gap':>9} {'worst gap':>10} {'seconds':>9}")
    for r in records:
        print(
            f"{r['problem']:10} {r['solver']:11} {r['objective']:12.2f} {r['gap']:9.1%} {r['worst_gap']:10.1%} "
            f"{r['seconds']:9.4f}"
        )
    settings = {"repeats": arguments.repeats, "seeds": list(range(1, arguments.repeats + 1)), "threads": 1}
    write_json(arguments.output, {"provenance": provenance(settings=settings), "results": records})


if __name__ == "__main__":
    main()
