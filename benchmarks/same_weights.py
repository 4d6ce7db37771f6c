"""Check that two versions of the code train identical weights, by training every S5VH recipe briefly with each.

    python benchmarks/same_weights.py ../before .          # two checkouts, the environment of this Python

A change that should not affect training must leave all weights bit-for-bit identical on the same machine. Networks are
small and trained on the demo for a few epochs, with stochastic depth, soft labels from the second epoch on and, in a
second round, held-out videos, so that everything that draws random numbers is covered.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from safetensors import safe_open

RECIPES = [
    *("s5vh", "s5vh-released", "s5vh_forward", "s5vh_backward", "s5vh_reconstruction", "s5vh_no_alignment"),
    *("s5vh_no_contrast", "s5vh_centers_admm", "s5vh_centers_hadamard", "s5vh_centers_bernoulli"),
    *("s5vh+tied_directions", "s5vh+block_norms", "s5vh+encoder_head", "s5vh+hash_norm", "s5vh+binary_frames"),
    *("s5vh+decoder_token", "s5vh+visible_first", "s5vh+xavier", "s5vh+reconstruction_sum", "s5vh+debiased_contrast"),
    *("s5vh+contrast_on_means", "s5vh+align_means", "s5vh+separate_clusterings", "s5vh+trained_classifier"),
    *("s5vh+soft_labels", "s5vh+weight_decay", "s5vh+no_early_stopping"),
]
HELD_OUT = ["s5vh", "s5vh-released", "s5vh+soft_labels"]
TRAINING = {"epochs": 3, "evaluate_every": 1}
SOFT = {"loss": {"refine_after": 1}}


def overrides(training: dict) -> dict:
    """Settings of every recipe: two layers, so that stochastic depth has an effect, and few epochs."""
    return {
        "s5vh": {"model": {"depth": 2, "drop_path": 0.5}, "training": training},
        "s5vh-released": SOFT,
        "s5vh+soft_labels": SOFT,
    }


def train(checkout: Path, recipes: list[str], training: dict, folder: Path) -> dict[str, str]:
    """Digest of the trained weights by recipe."""
    run = {
        "datasets": ["demo"],
        "methods": recipes,
        "bits": [16],
        "ablations": {"table2": {"methods": []}},
        "convergence": {"methods": ["s5vh"], "bits": 16},
        "examples": {"method": "s5vh", "bits": 16},
        "overrides": overrides(training),
    }
    file = folder / "run.yaml"
    file.write_text(json.dumps(run))  # JSON is YAML
    environment = os.environ | {"PYTHONPATH": str(checkout / "src"), "S5VH_CONFIG": str(checkout / "config")}
    program = [
        sys.executable,
        "-m",
        "snakemake",
        "--snakefile",
        str(checkout / "Snakefile"),
        "--directory",
        str(folder),
    ]
    profile = ["--workflow-profile", "none", "--cores", "2", "--quiet", "all", "--configfile", str(file)]
    subprocess.run([*program, "models", *profile], env=environment, check=True)
    return {name: weights(folder / f"results/demo/{name}/16bit/seed1/model.safetensors") for name in recipes}


def weights(path: Path) -> str:
    """SHA-256 of all parameters in order of their names; renaming does not matter if the order is the same."""
    sha = hashlib.sha256()
    with safe_open(path, framework="np") as file:
        for name in sorted(file.keys()):
            values = file.get_tensor(name)
            sha.update(str(values.shape).encode())
            sha.update(values.tobytes())
    return sha.hexdigest()[:16]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--output", type=Path, help="json file for the digests")
    arguments = parser.parse_args()
    found: dict[str, dict[str, str]] = {}
    for checkout in map(Path.resolve, arguments.checkouts):
        with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
            found[str(checkout)] = train(checkout, RECIPES, TRAINING, Path(first))
            held = train(checkout, HELD_OUT, TRAINING | {"held_out": 0.2, "selection": "held_out"}, Path(second))
            found[str(checkout)] |= {f"{name}, held out": digest for name, digest in held.items()}
    if arguments.output:
        arguments.output.write_text(json.dumps(found, indent=2) + "\n")
    names = dict.fromkeys(name for digests in found.values() for name in digests)
    differing = 0
    for name in names:
        digests = [found[checkout][name] for checkout in found]
        same = len(set(digests)) == 1
        differing += not same
        print(f"{name:<32} {'same' if same else 'DIFFERENT'}  {'  '.join(dict.fromkeys(digests))}")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
