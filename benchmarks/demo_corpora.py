"""The demo's methods on corpora that nothing was chosen on, and the choice of their settings on others.

    python benchmarks/demo_corpora.py choose    # settings, by held-out reconstruction: about 5 minutes on 2 cores
    python benchmarks/demo_corpora.py report    # scores on fresh corpora: about 20 minutes on 2 cores

A corpus is the demo with another seed: another split, other motions, phases, noise and another feature network.
`choose` trains on two corpora with a tenth of the training clips held out. The lowest loss on the held-out clips
decides about step size and length of the training; it uses no labels. The loss at another temperature of the contrast
is on another scale, so temperatures are compared by the reconstruction loss alone; unless it is lower on both corpora,
the temperature stays the paper's.

`report` scores the chosen settings on five other corpora, by the classes, by digit and axis, and by direction, at 32
bits with one training each; means and 95% intervals (Student's t) are over corpora. It was written, with these
expectations, before the five corpora were generated:

1. S5VH finds digit and axis better than both kinds of ITQ.
2. S5VH tells a motion from its reverse (concordance above 0.5), because it reads frames in order, and ITQ does not: the
   mean has no direction, and without a common phase neither has a frame number.
3. The alignment loss does not help with direction: its clusters are those of averaged features, where a motion and its
   reverse are the same.
4. Where motions are aligned in time, ITQ on all frames tells directions better than S5VH.

Results go to benchmarks/measured/demo_settings.json and demo_corpora.json.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from s5vh.base.files import read_json, write_json
from s5vh.base.provenance import provenance
from s5vh.config import layout
from s5vh.retrieval.uncertainty import student_interval

ROOT = Path(__file__).parents[1]
MEASURED = ROOT / "benchmarks" / "measured"
BITS = 32
CHOICE = (201, 202)
FRESH = (301, 302, 303, 304, 305)
OWN_TEMPERATURE = 0.5  # of the contrast in S5VH's paper
LONG = 24  # epochs of the longer candidates


def candidate(method: str, rate: float, epochs: int, **loss: float) -> tuple[str, dict[str, Any]]:
    """Name and settings of a method with a tenth of the training clips held out."""
    words = [f"{name}{value}" for name, value in {**loss, "rate": rate}.items()] + [f"epochs{epochs}"] * (
        epochs == LONG
    )
    training = {"learning_rate": rate, "epochs": epochs, "held_out": 0.1}
    settings = {"extends": method, "title": " ".join([method, *words]), "training": training}
    if loss:
        settings["loss"] = {"contrast_temperature": loss["temperature"]}
    return "_".join([method, *words]), settings


CANDIDATES = dict(
    [
        *(
            candidate("s5vh", rate, 12, temperature=value)
            for value in (0.2, OWN_TEMPERATURE)
            for rate in (0.001, 0.003)
        ),
        candidate("s5vh", 0.01, 12, temperature=OWN_TEMPERATURE),
        *(candidate("s5vh", rate, LONG, temperature=OWN_TEMPERATURE) for rate in (0.003, 0.01)),
        *(candidate("conmh", rate, 12) for rate in (0.001, 0.003)),
        *(candidate("conmh", rate, LONG) for rate in (0.003, 0.01)),
    ]
)
LONGER = {"s5vh_longer": {"extends": "s5vh", "title": "S5VH, twice as long", "training": {"epochs": 48}}}
METHODS = {
    "demo": ("s5vh", "s5vh_longer", "s5vh_no_alignment", "conmh", "itq_mean", "itq_flat"),
    "demo_aligned": ("s5vh", "itq_mean", "itq_flat"),
}
SCORES = ("classes", "digit_axis", "direction")


def run(folder: Path, corpora: dict[str, dict[str, Any]], methods: dict[str, Any], names: tuple[str, ...]) -> None:
    """Train and score the methods `names` on the corpora; `methods` are additional ones."""
    files: dict[str, Any] = {f"methods/{name}.yaml": content for name, content in methods.items()}
    files |= {f"datasets/{name}.yaml": content for name, content in corpora.items()}
    files["config.yaml"] = {
        "datasets": list(corpora),
        "methods": list(names),
        "bits": [BITS],
        "ablations": {"table2": {"methods": []}},
        "convergence": {"methods": []},
        "efficiency": {"methods": []},
        "examples": {"method": names[0], "bits": BITS},
    }
    for name, content in files.items():
        path = folder / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, sort_keys=False))
    words = ["--snakefile", ROOT / "Snakefile", "--directory", folder]
    words += ["--workflow-profile", ROOT / "profiles/default", *corpora, "gmap"]
    command = [str(Path(sys.executable).with_name("snakemake")), *map(str, words)]
    with (folder / "snakemake.log").open("a") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log)


def corpus(name: str, seed: int) -> dict[str, Any]:
    """The demo data set `name` with another seed, and with the methods' settings for the demo."""
    content = yaml.safe_load((ROOT / "config" / "datasets" / f"{name}.yaml").read_text())
    return content | {"title": f"{name}, seed {seed}", "settings_of": "demo", "demo": content["demo"] | {"seed": seed}}


def choose(folder: Path) -> None:
    """Held-out losses of every candidate, and the best candidate of each method."""
    corpora = {f"corpus{seed}": corpus("demo", seed) for seed in CHOICE}
    run(folder, corpora, CANDIDATES, tuple(CANDIDATES))
    found: dict[str, dict[str, list[float]]] = {}
    for name in CANDIDATES:
        cells = [layout.cell(dataset, name, BITS, 1, folder / "results") for dataset in corpora]
        last = pd.concat([pd.read_csv(cell / "evals.csv").tail(1) for cell in cells])
        found[name] = {loss: last[f"held_out_{loss}"].tolist() for loss in ("total", "reconstruction")}
    chosen = [
        min((name for name in found if name.startswith(prefix)), key=lambda name: sum(found[name]["total"]))
        for prefix in (f"s5vh_temperature{OWN_TEMPERATURE}", "conmh")
    ]
    print("held-out total and reconstruction, by corpus")
    for name, losses in found.items():
        texts = (f"{value:8.4f}" for values in losses.values() for value in values)
        print(f"{name:40s}" + "".join(texts) + "  chosen" * (name in chosen))
    record = {"bits": BITS, "corpus_seeds": CHOICE, "held_out": found, "chosen": chosen}
    write_json(MEASURED / "demo_settings.json", record | {"provenance": provenance(seed=1)})


def report(folder: Path) -> None:
    """Scores on the fresh corpora: every value, and mean and interval over corpora."""
    results: dict[str, Any] = {}
    for base, methods in METHODS.items():
        corpora = {f"{base}{seed}": corpus(base, seed) for seed in FRESH}
        run(folder, corpora, LONGER, methods)
        rows: dict[str, dict[str, list[float]]] = {}
        for dataset in corpora:
            reference = read_json(layout.reference_rankings(dataset, folder / "results"))["rankings"]
            cells = {name: layout.cell(dataset, name, BITS, 1, folder / "results") for name in methods}
            found = {name: read_json(cell / "metrics.json") for name, cell in cells.items()} | reference
            for name, scores in found.items():
                for score, value in zip(SCORES, _values(scores), strict=True):
                    rows.setdefault(name, {}).setdefault(score, []).append(value)
        results[base] = {
            name: {score: _summary(values) for score, values in scores.items()} for name, scores in rows.items()
        }
        results[base]["s5vh minus itq_flat"] = {
            score: _summary([a - b for a, b in zip(rows["s5vh"][score], rows["itq_flat"][score], strict=True)])
            for score in SCORES
        }
        print(
            f"\n{base}, {BITS} bits, {len(FRESH)} corpora: GmAP by classes, by digit and axis; concordance of direction"
        )
        for name, scores in results[base].items():
            texts = (f"{one['mean']:8.3f} ± {one['half_width']:.3f}" for one in scores.values())
            print(f"{name:24s}" + "".join(texts))
    record = {"bits": BITS, "corpus_seeds": FRESH, "results": results, "provenance": provenance(seed=1)}
    write_json(MEASURED / "demo_corpora.json", record)


def _values(scores: dict[str, Any]) -> tuple[float, float, float]:
    aspects = scores["aspects"]
    return (
        scores["protocols"]["published"]["GmAP"],
        aspects["digit_axis"]["protocols"]["published"]["GmAP"],
        aspects["direction"]["concordance"],
    )


def _summary(values: list[float]) -> dict[str, Any]:
    mean, low, high = student_interval(values)
    return {"values": values, "mean": mean, "half_width": (high - low) / 2}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("choose", "report"))
    parser.add_argument("--folder", type=Path, help="keep models and scores here, and continue there (default: forget)")
    arguments = parser.parse_args()
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    step = choose if arguments.step == "choose" else report
    if arguments.folder:
        arguments.folder.mkdir(parents=True, exist_ok=True)
        step(arguments.folder.resolve())
        return
    with tempfile.TemporaryDirectory() as temporary:
        step(Path(temporary))


if __name__ == "__main__":
    main()
