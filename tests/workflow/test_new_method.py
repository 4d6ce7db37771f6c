"""A method that nobody listed anywhere: the one of docs/extending.md, put into a working directory."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml
from workflow_help import COMMANDS, CONFIG, ROOT, make_workspace, s5vh, snakemake

PAGE = ROOT / "docs/extending.md"
NEW = "contrastive_mean"
# What decides the cells of every other method: settings as JSON, and the code that trains, fits and evaluates them.
DECISIVE = """
import json
from s5vh.config.load import names
from s5vh.methods.load import load_method, resolve_cell
from s5vh.methods.settings import is_trained
from s5vh.planning.code_digests import stage_digest

found = {}
for name in names("methods"):
    settings = load_method(name)
    stage = "training.stage" if is_trained(settings) else "training.fitting"
    code = [stage_digest(one, implementation=settings.implementation) for one in (stage, "studies.evaluation")]
    found[name] = [resolve_cell("toy", name, 16, 1).to_json(), *code]
print(json.dumps(found))
"""
# A method of two stages: its network starts from the model of another cell and pulls neighbours together.
STAGED = {
    "methods/staged/settings.py": '''
from pathlib import Path
from typing import ClassVar, Literal

from s5vh.config import layout
from s5vh.config.grid import GridCell
from s5vh.config.semantics import NeighboursConfig
from s5vh.methods.settings import TrainedSettings


class Settings(TrainedSettings):
    """A linear layer that starts from the first stage's and learns from neighbours."""

    implemented_by: ClassVar[str] = "s5vh.methods.staged.network:Staged"
    implementation: Literal["staged"]
    first_stage: str
    neighbours: NeighboursConfig = NeighboursConfig(neighbours=3, expansions=2)

    def requires(self, cell: GridCell) -> dict[str, Path]:
        return {
            "first_stage": layout.model(cell.dataset, self.first_stage, cell.bits, cell.seed),
            "neighbours": layout.neighbours(cell.dataset, self.neighbours.label),
        }
''',
    "methods/staged/network.py": """
import torch

from s5vh.methods.contract import TrainedMethod
from s5vh.methods.model_file import read_model
from s5vh.nn.hash_layer import HashLayer, video_code
from s5vh.semantics.neighbours import read_neighbours


class Staged(TrainedMethod):
    def __init__(self, settings, shape, prepared):
        super().__init__(settings, shape, prepared)
        self.hash = HashLayer(shape.feature_size, shape.bits)
        self.graph = None
        if prepared:
            arrays = read_model(prepared["first_stage"]).arrays
            self.hash.load_state_dict({name[5:]: torch.from_numpy(array) for name, array in arrays.items()})
            self.graph = read_neighbours(prepared["neighbours"])

    def encode(self, feats):
        return video_code(self.hash(feats))

    def partners(self, index, generator):
        rows = [self.graph.indices[self.graph.indptr[i] : self.graph.indptr[i + 1]] for i in index.tolist()]
        chosen = [row[int(torch.randint(len(row), (1,), generator=generator))] for row in rows]
        return torch.stack([index, torch.tensor(chosen)])

    def losses(self, batch):
        first, second = self.hash(batch.feats).mean(dim=2)
        distance = (first - second).square().mean() - first.square().mean()
        return {"total": distance, "distance": distance}
""",
    "config/methods/staged.yaml": """
title: Staged
implementation: staged
first_stage: contrastive_mean
training: {epochs: 2, batch_size: 16, evaluate_every: 1, selection: last}
""",
}


def blocks() -> dict[str, str]:
    """The complete method of the page: text by the file that its first line names."""
    found = re.findall(r"```(?:python|yaml)\n# (\S+\.(?:py|yaml))\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return dict(found)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = make_workspace(tmp_path)
    run = yaml.safe_load(CONFIG)
    run |= {
        "methods": [NEW, "itq_mean"],
        "bits": [16],
        "ablations": {"table2": {"methods": []}},
        "convergence": {"methods": []},
    }
    run |= {"efficiency": run["efficiency"] | {"methods": [NEW]}, "examples": run["examples"] | {"method": NEW}}
    # Studies in which a method has no part are left out.
    run |= {"centers": {"solvers": []}, "solver_study": {"solvers": ["random"], "sizes": [], "centering": None}}
    run |= {"protocol_study": {"methods": [], "bits": []}}
    run["overrides"][NEW] = {"training": {"epochs": 3, "batch_size": 16, "evaluate_every": 1}}
    (folder / "config/config.yaml").write_text(yaml.safe_dump(run, sort_keys=False))
    return folder


def decisive(folder: Path) -> dict[str, list[str]]:
    done = subprocess.run([sys.executable, "-c", DECISIVE], cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_page_has_the_three_files() -> None:
    assert list(blocks()) == [
        f"methods/{NEW}/settings.py", f"methods/{NEW}/network.py", f"config/methods/{NEW}.yaml",
    ]  # fmt: skip


def test_a_new_method_changes_nothing_for_the_others(workspace: Path) -> None:
    before = decisive(workspace)
    write(workspace, blocks())
    after = decisive(workspace)
    assert set(after) == {*before, NEW}
    assert {name: after[name] for name in before} == before
    write(workspace, STAGED)
    network = workspace / f"methods/{NEW}/network.py"
    network.write_text(network.read_text() + "\n# edited\n")
    edited = decisive(workspace)
    assert edited[NEW][0] == after[NEW][0] and edited[NEW][1:] != after[NEW][1:]
    assert {name: edited[name] for name in before} == before


def test_it_goes_all_the_way_to_the_report(workspace: Path) -> None:
    write(workspace, blocks())
    done = snakemake(workspace, "all")
    assert done.returncode == 0, done.stdout
    assert "Nothing to be done" in snakemake(workspace, "all").stdout
    results = workspace / "results"
    assert f"toy/{NEW}/16bit" in str(sorted(results.rglob("codes.npz")))
    for name in ("gmap", "map", "selection", "codes", "efficiency"):
        assert NEW in set(pd.read_csv(results / f"tables/{name}.csv").method), name
    for name in ("figure3", "pr_curves", "code_statistics"):
        assert NEW in set(pd.read_csv(results / f"figures/{name}.csv").method), name
    significance = pd.read_csv(results / "tables/significance.csv")
    assert set(zip(significance["first"], significance["second"], strict=True)) == {(NEW, "itq_mean")}
    assert "Contrastive mean" in (results / "report.html").read_text()
    model, features = results / f"toy/{NEW}/16bit/seed1/model.safetensors", results / "toy/features"
    for words in (
        ["index", "--model", model, "--output", "toy.index", features / "train.h5"],
        ["search", "toy.index", features / "query.h5", "--row", "0"],
    ):
        found = s5vh(workspace, *words)
        assert found.returncode == 0, found.stdout
    assert found.stdout.strip()


def test_it_resumes_to_the_byte_after_sigkill(workspace: Path) -> None:
    write(workspace, blocks())
    done = snakemake(workspace, "results/toy/features/train.h5", "results/toy/features/query.h5")
    assert done.returncode == 0, done.stdout
    overrides = json.dumps({NEW: {"training": {"epochs": 40, "batch_size": 4, "evaluate_every": 40}}})
    features = workspace / "results/toy/features"

    def words(folder: str) -> list[str]:
        return [
            *("train", "--dataset", "toy", "--method", NEW, "--bits", "16", "--threads", "1"),
            *("--overrides", overrides, "--checkpoint-seconds", "0", "--output-dir", folder),
            *("--train", str(features / "train.h5"), "--database", str(features / "train.h5")),
            *("--query", str(features / "query.h5")),
        ]

    assert s5vh(workspace, *words("whole")).returncode == 0
    program = [COMMANDS / "s5vh", *words("killed")]
    running = subprocess.Popen(program, cwd=workspace, stderr=subprocess.PIPE, text=True)
    checkpoint = workspace / "killed/checkpoint.pt"
    deadline = time.monotonic() + 120
    while not checkpoint.is_file() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert running.returncode == -signal.SIGKILL
    assert not (workspace / "killed/model.safetensors").exists()
    again = s5vh(workspace, *words("killed"))
    assert again.returncode == 0 and "resuming after epoch" in again.stdout
    first, second = (weights(workspace / name / "model.safetensors") for name in ("whole", "killed"))
    assert first == second
    losses = [pd.read_csv(workspace / name / "train.csv") for name in ("whole", "killed")]
    pd.testing.assert_frame_equal(*losses)


def weights(path: Path) -> dict[str, bytes]:
    from safetensors import safe_open

    with safe_open(path, framework="np") as file:
        return {name: file.get_tensor(name).tobytes() for name in file.keys()}  # noqa: SIM118


def test_a_cell_may_require_another_cell_and_a_neighbour_graph(workspace: Path) -> None:
    write(workspace, blocks() | STAGED)
    target = "results/toy/staged/16bit/seed1/metrics.json"
    plan = snakemake(workspace, "-n", target).stdout
    assert re.search(r"^train +2$", plan, re.MULTILINE) and re.search(r"^find_neighbours +1$", plan, re.MULTILINE)
    done = snakemake(workspace, target)
    assert done.returncode == 0, done.stdout
    assert (workspace / "results/toy/neighbours/k3_e2.h5").is_file()
    first, second = (
        weights(workspace / f"results/toy/{name}/16bit/seed1/model.safetensors") for name in (NEW, "staged")
    )
    assert set(first) == set(second) and first != second
    # Other settings of the first stage re-run both stages, and not the graph.
    overrides = {"overrides": {NEW: {"training": {"epochs": 2, "batch_size": 16}}}}
    again = snakemake(workspace, "-n", target, "--config", f"overrides={json.dumps(overrides['overrides'])}").stdout
    assert re.search(r"^train +2$", again, re.MULTILINE) and "find_neighbours " not in again
