"""The demo's settings on fresh demo data sets, not used to tune them, and with the paper's contrast temperature.

    python benchmarks/demo_corpora.py [--seeds 7 101 102 103]

Each seed generates a different demo data set: split, motions, noise and feature network (7 is the demo's own). On each,
the workflow trains S5VH with the demo's settings and with temperature 0.5, and fits both ITQ methods, at 32 bits with
one seed; about five minutes on 2 cores. Prints GmAP under the published protocol and writes
benchmarks/measured/demo_corpora.json.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from s5vh.base.files import read_json, write_json
from s5vh.base.provenance import provenance
from s5vh.config import layout

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "benchmarks" / "measured" / "demo_corpora.json"
BITS = 32
METHODS = ("s5vh", "s5vh_paper_temperature", "itq_mean", "itq_flat")


def write_config(folder: Path, seeds: list[int]) -> list[str]:
    """Data sets, the extra method and the run under `folder`/config; returns the names of the data sets."""
    demo = yaml.safe_load((ROOT / "config/datasets/demo.yaml").read_text())
    demo["methods"] = {"s5vh": yaml.safe_load((ROOT / "config/methods/s5vh.yaml").read_text())["datasets"]["demo"]}
    method = {"extends": "s5vh", "title": "S5VH, temperature 0.5", "loss": {"contrast_temperature": 0.5}}
    files = {"methods/s5vh_paper_temperature.yaml": method}
    names = [f"corpus{seed}" for seed in seeds]
    for name, seed in zip(names, seeds, strict=True):
        files[f"datasets/{name}.yaml"] = demo | {"title": name, "demo": demo["demo"] | {"seed": seed}}
    files["config.yaml"] = {
        "datasets": names,
        "methods": list(METHODS),
        "bits": [BITS],
        "ablation": {"methods": []},
        "convergence": {"methods": ["s5vh"], "bits": BITS},
        "efficiency": {"methods": []},
    }
    for name, content in files.items():
        path = folder / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, sort_keys=False))
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 101, 102, 103])
    seeds = parser.parse_args().seeds
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        names = write_config(folder, seeds)
        words = ["--snakefile", ROOT / "Snakefile", "--directory", folder]
        words += ["--workflow-profile", ROOT / "profiles/default"]
        command = [str(Path(sys.executable).with_name("snakemake")), *map(str, words), *names]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        results = {
            method: [
                read_json(layout.cell(name, method, BITS, 1, folder / "results") / "metrics.json")["protocols"][
                    "published"
                ]["GmAP"]
                for name in names
            ]
            for method in METHODS
        }
    print(f"{'GmAP at 32 bits, corpus seed':30s}" + "".join(f"{seed:>8d}" for seed in seeds))
    for method, values in results.items():
        print(f"{method:30s}" + "".join(f"{value:8.3f}" for value in values))
    write_json(OUTPUT, {"bits": BITS, "corpus_seeds": seeds, "GmAP": results, "provenance": provenance(seed=1)})


if __name__ == "__main__":
    main()
