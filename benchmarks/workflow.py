"""Snakemake's overhead: planning the paper's full grid, and finding nothing to do once it is finished.

    python benchmarks/workflow.py [--repeats 5] [--output benchmarks/measured/workflow.json]

The grid is finished from Snakemake's point of view: it is run once, job by job, in a temporary folder with a stand-in
for `s5vh` that only writes a job's outputs, so that every output has metadata and all rerun triggers are checked (code,
input, mtime, params, software environment). That run takes a few minutes. Before timing, the script verifies that a
changed setting and a changed file trigger exactly the affected jobs. No other workflow runs this grid, so there is no
baseline; the lower bound is Snakemake's startup time, `snakemake --version`.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median
from time import perf_counter

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.config.load import load_dataset, load_run
from s5vh.data.download.availability import source_files
from s5vh.methods.settings import is_trained
from s5vh.planning.datasets import run_of
from s5vh.planning.estimate import planned as planned_cells
from s5vh.reporting.transfer_pairs import transfer_cells

ROOT = Path(__file__).parents[1]
CONFIGURATION = ROOT / "config" / "paper.yaml"
DATASETS = ("activitynet", "fcvid", "ucf101", "hmdb51")

# Stand-in for `s5vh`: creates a job's output files and does nothing else.
STAND_IN = """\
#!/bin/bash
set -e
stage=$1
name=$2
output=
folder=
while [ $# -gt 0 ]; do
  case $1 in
    --output) output=$2 ;;
    --output-dir) folder=$2 ;;
  esac
  shift
done
make() { mkdir -p "$(dirname "$1")"; echo "$stage" > "$1"; }
case $stage in
  train) for file in model.safetensors train.csv evals.csv; do make "$folder/$file"; done ;;
  evaluate) for file in codes.npz metrics.json pr.csv; do make "$folder/$file"; done ;;
  table) for suffix in csv md tex; do make "results/tables/$name.$suffix"; done ;;
  figure) for suffix in pdf png csv; do make "results/figures/$name.$suffix"; done ;;
  report) make results/report.html ;;
  *) make "$output" ;;
esac
"""


class Workspace:
    """A working directory with a stand-in for `s5vh`, for running this repository's Snakefile."""

    def __init__(self, folder: Path, cores: int):
        self.folder, self.cores = folder, cores
        commands = folder / "bin"
        commands.mkdir()
        (commands / "s5vh").write_text(STAND_IN)
        (commands / "s5vh").chmod(0o755)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("S5VH_", "SNAKEMAKE_"))}
        # The environment's own folder must follow, because the workflow puts it first where it is not on the path.
        path = [commands, Path(sys.executable).parent, os.environ.get("PATH", "")]
        self.environment = kept | {"PATH": os.pathsep.join(map(str, path))}

    def snakemake(self, *words: str, **environment: str) -> tuple[float, str]:
        """Seconds of a Snakemake run, which must succeed, and its output."""
        command = [str(Path(sys.executable).with_name("snakemake")), *words]
        if "--version" not in words:
            command += ["--snakefile", str(ROOT / "Snakefile"), "--cores", str(self.cores)]
            command += ["--configfile", str(CONFIGURATION)]
        started = perf_counter()
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        seconds = perf_counter() - started
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-4000:]}")
        return seconds, done.stdout

    def place_sources(self) -> list[Path]:
        """Create empty files in place of the authors' features; returns their paths."""
        files = [self.folder / file for name in DATASETS for file in source_files(name, load_dataset(name))]
        for file in files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        return files


def planned(output: str) -> Counter[str]:
    """Number of jobs by rule in a dry run, from its job table; empty if there is nothing to do."""
    table = output.partition("Job stats:")[2].partition("\n\n")[0]
    counts = {rule: int(count) for rule, count in re.findall(r"^(\w+) +(\d+)$", table, re.MULTILINE)}
    return Counter({rule: count for rule, count in counts.items() if rule != "total"})


def expected_jobs() -> dict[str, int]:
    """Jobs of the paper's grid by rule, counted from its cells."""
    run = run_of(load_run(ROOT / "config" / "config.yaml", CONFIGURATION), all_available=True)
    needed = planned_cells(run)
    trained = sum(is_trained(settings) for settings in needed.values())
    stages = {cell for cell in needed if cell.method.startswith("bth_stage1")}  # models that others start from
    return {
        "train": trained,
        "fit": len(needed) - trained,
        "evaluate": len(needed) - len(stages),
        "evaluate_transfer": len(transfer_cells(run)),
    }


def check_plan(output: str) -> int:
    """Verify that the plan covers the paper's grid; returns the number of jobs."""
    jobs = planned(output)
    for rule, count in expected_jobs().items():
        assert jobs[rule] == count, f"{rule}: {jobs[rule]} jobs planned, expected {count}"
    return jobs.total()


def check_finished(workspace: Workspace, sources: list[Path]) -> None:
    """Verify that nothing is left to do, and that a changed setting and a changed file trigger only affected jobs."""
    assert "Nothing to be done" in workspace.snakemake("all")[1], "the finished grid is not finished"
    changed = planned(workspace.snakemake("-n", "all", "--config", "overrides={itq_mean: {model: {iterations: 7}}}")[1])
    assert (changed["fit"], changed["evaluate"], changed["train"]) == (36, 36, 0), f"a setting of one method: {changed}"
    times = sources[0].stat()
    sources[0].write_text("changed")
    changed = planned(workspace.snakemake("-n", "all")[1])
    # Everything that depends on the training videos of one of the four data sets.
    everything = expected_jobs()
    wanted = {"import_features": 1} | {rule: everything[rule] // len(DATASETS) for rule in ("train", "fit")}
    assert {rule: changed[rule] for rule in wanted} == wanted, f"a changed file: {changed}"
    sources[0].write_text("")
    os.utime(sources[0], ns=(times.st_atime_ns, times.st_mtime_ns))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "measured" / "workflow.json")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace(Path(name), arguments.cores)
        plan = ("-n", "all")
        jobs = check_plan(workspace.snakemake(*plan, S5VH_PLAN="1")[1])
        sources = workspace.place_sources()
        run_seconds, _ = workspace.snakemake("all")
        check_finished(workspace, sources)
        tasks = {
            "plan the whole grid, no data": lambda: workspace.snakemake(*plan, S5VH_PLAN="1"),
            "finished grid, nothing to do": lambda: workspace.snakemake("all"),
            "start of Snakemake (floor)": lambda: workspace.snakemake("--version"),
        }
        seconds: dict[str, list[float]] = {task: [] for task in tasks}
        for _ in range(arguments.repeats):
            for task, work in tasks.items():
                seconds[task].append(work()[0])
    print(f"the paper's grid: {jobs} jobs; all of them with a stand-in that computes nothing: {run_seconds:.0f} s")
    records = []
    for task, values in seconds.items():
        print(f"{task:32} {median(values):6.2f} s ({min(values):.2f}, {max(values):.2f})")
        records.append({"task": task, "seconds": median(values), "spread": [min(values), max(values)]})
    facts = {
        "jobs": jobs,
        "stand_in_run_seconds": run_seconds,
        "repeats": arguments.repeats,
        "cores": arguments.cores,
        "peer": None,
        "load_average": os.getloadavg(),
    }
    write_json(arguments.output, {"records": records, **facts, "provenance": provenance()})


if __name__ == "__main__":
    main()
