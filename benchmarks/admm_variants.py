"""Variants of the lp-box ADMM: order of updates, exactness of the Phi step, refinement; several seeds, paired.

    python benchmarks/admm_variants.py [--seeds 8] [--output benchmarks/measured/admm_variants.json]

The reference is the solver `admm-plain`: the paper's order (Phi, Psi, Upsilon) and 5 L-BFGS iterations per Phi step. A
variant changes one thing. Each problem is solved from the same random starts by every variant; the table shows mean
objectives and mean differences to the reference in percent, with 95% intervals over seeds (Student's t). One thread.

Problems: the golden ones (tests/golden/hash_centers.h5), and 100 clusters of time-averaged features after a ReLU, not
centered and centered, whose random features are drawn again for each seed.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.centers.solve import solve
from s5vh.retrieval.uncertainty import student_interval
from s5vh.studies.solver_study import rectified_similarity

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden" / "hash_centers.h5"
REFERENCE = "paper's order"
EXACT = 1000  # L-BFGS iterations: its own tolerance ends nearly every step before
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    REFERENCE: ("admm-plain", {}),
    "Psi, Phi, Upsilon": ("admm-plain", {"phi_first": False}),
    "10 L-BFGS iterations": ("admm-plain", {"inner_iterations": 10}),
    "exact Phi steps": ("admm-plain", {"inner_iterations": EXACT}),
    "paper's order, refined": ("admm", {"phi_first": True}),
    "Psi, Phi, Upsilon, refined": ("admm", {}),
}


def problems() -> dict[str, tuple[int, Callable[[int], np.ndarray]]]:
    """Code length of each problem, and its W as a function of the seed."""
    found: dict[str, tuple[int, Callable[[int], np.ndarray]]] = {}
    with h5py.File(GOLDEN) as file:
        for name in sorted(file, key=lambda name: file[name]["W"].size):
            W = file[name]["W"][:]
            found[f"golden {name}"] = file[name]["best_binary"].shape[1], lambda seed, W=W: W
    for centered in (False, True):
        name = f"ReLU C100_K16, {'centered' if centered else 'not centered'}"
        found[name] = 16, lambda seed, centered=centered: rectified_similarity(100, seed, centered=centered)
    return found


def measure(bits: int, similarity: Callable[[int], np.ndarray], seeds: range) -> list[dict[str, Any]]:
    """One record per variant on one problem."""
    runs = {
        name: [solve(similarity(seed), bits, solver, seed, **options).statistics for seed in seeds]
        for name, (solver, options) in VARIANTS.items()
    }
    objectives = {name: np.array([run["objective"] for run in found]) for name, found in runs.items()}
    return [
        {
            "variant": name,
            "solver": VARIANTS[name][0],
            "options": VARIANTS[name][1],
            "objectives": objectives[name].tolist(),
            "objective": student_interval(objectives[name]),
            "percent": None
            if name == REFERENCE
            else student_interval(100 * (objectives[name] / objectives[REFERENCE] - 1)),
            "coincident_pairs": student_interval(run["coincident_pairs"] for run in found),
            "correlation": student_interval(run["correlation"] for run in found),
            "iterations": float(np.mean([run["iterations"] for run in found])),
            "converged": all(run["converged"] for run in found),
            "seconds": float(np.median([run["seconds"] for run in found])),
        }
        for name, found in runs.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "measured" / "admm_variants.json")
    arguments = parser.parse_args()
    if arguments.seeds < 2:
        parser.error("--seeds: an interval needs at least 2")
    load = os.getloadavg()
    seeds = range(1, arguments.seeds + 1)
    solve(np.eye(3), 2, sweeps=1, iterations=1)  # compiles
    records = []
    for problem, (bits, similarity) in problems().items():
        print(problem)
        for record in measure(bits, similarity, seeds):
            records.append({"problem": problem} | record)
            mean, low, high = record["percent"] or (0.0, 0.0, 0.0)
            print(
                f"  {record['variant']:27} {record['objective'][0]:11.1f} {mean:+7.2f}% ± {(high - low) / 2:5.2f} "
                f"pairs {record['coincident_pairs'][0]:6.1f} {record['iterations']:6.0f} iterations "
                f"{record['seconds']:7.3f} s{'' if record['converged'] else ', not converged'}",
                flush=True,
            )
    facts = provenance(settings={"seeds": list(seeds), "threads": 1}, load_before=load)
    write_json(arguments.output, {"provenance": facts, "results": records})


if __name__ == "__main__":
    main()
