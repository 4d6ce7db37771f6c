"""`make test-slurm`: the workflow on a Slurm cluster that breaks, against the same run without Slurm.

    python tests/slurm/try_slurm.py [--folder FOLDER] [--without-gpus]

The cluster has two nodes, both on this machine. In the middle of a training, its process is killed; when the retry has
resumed, the node that it runs on ends as in a power cut. The run must nevertheless finish, the training must have gone
on from its checkpoint, and every file must be what a run on this machine alone makes. Exit code 0 if so, 1 if not, 2 if
something is not installed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cluster import Cluster, missing_tools
from same_files import differences

ROOT = Path(__file__).resolve().parents[2]
PROFILE = ROOT / "profiles/slurm/profile.yaml"
DEMO = Path(__file__).with_name("demo.yaml")
TARGETS = ("demo_16bit", "gmap", "map", "figure3")
CELL = Path("results/demo/s5vh/16bit/seed1")
TRAINING_LOG = Path("logs/train/demo_s5vh_16bit_seed1.log")
# The line of the profile that says what jobs with networks ask for, and the same for a cluster without GPUs.
WITH_GPUS, WITHOUT_GPUS = "&network {slurm_partition: gpu, gpu: 1}", "&network {gpu: 0}"
SMALL = ("--jobs", "2", "--set-threads", "train=1", "evaluate=1")  # the nodes share the cores of one machine
QUICK = ("--slurm-init-seconds-before-status-checks", "2", "--latency-wait", "10")


class Failed(Exception):
    """The test has failed; says why."""


def snakemake(folder: Path, *words: str | Path) -> list[str]:
    """Command that runs the workflow in `folder`."""
    program = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", folder]
    return [str(word) for word in (*program, *TARGETS, "--configfile", DEMO, *words)]


def profile_without_gpus(text: str) -> str:
    """The profile after the edit that its comment describes."""
    if text.count(WITH_GPUS) != 1:
        raise Failed(f"{PROFILE}: does not have exactly one '{WITH_GPUS}'")
    return text.replace(WITH_GPUS, WITHOUT_GPUS)


def run_locally(folder: Path) -> None:
    """Run the workflow on this machine."""
    with open(folder / "run.log", "w") as log:
        words = snakemake(folder, "--workflow-profile", ROOT / "profiles/default", "--cores", "2", *SMALL[2:])
        done = subprocess.run(words, env=variables(os.environ), stdout=log, stderr=subprocess.STDOUT)
    if done.returncode:
        raise Failed(f"the run without Slurm failed; see {log.name}")


def run_on_slurm(folder: Path, cluster: Cluster) -> None:
    """Run the workflow on the cluster, and break what it needs in the middle of a training."""
    profile = folder / "profile"
    profile.mkdir()
    text = PROFILE.read_text()
    (profile / PROFILE.name).write_text(text if cluster.gpus else profile_without_gpus(text))
    words = snakemake(folder, "--workflow-profile", profile, *SMALL, *QUICK)
    with open(folder / "run.log", "w") as log:
        run = subprocess.Popen(words, env=variables(cluster.environment), stdout=log, stderr=subprocess.STDOUT)
    try:
        kill_training(folder, cluster, run)
        crash_node_of_training(folder, cluster, run)
        status = run.wait()
    finally:
        if run.poll() is None:
            run.send_signal(signal.SIGINT)  # Snakemake cancels its jobs
            try:
                run.wait(20)
            except subprocess.TimeoutExpired:
                run.kill()
    if status:
        raise Failed(f"the run on Slurm failed; see {log.name}")
    if not resumed(folder):
        raise Failed(f"the training on the other node began anew; see {folder / TRAINING_LOG}")


def kill_training(folder: Path, cluster: Cluster, run: subprocess.Popen[bytes]) -> None:
    """Kill the training once it has a checkpoint, as the kernel does when memory runs out."""
    wait_for(cluster, run, "a checkpoint", lambda: (folder / CELL / "checkpoint.pt").exists(), 600)
    processes = trainings(folder, cluster)
    if not processes:
        raise Failed("the training ended before it could be killed")
    for process in processes:
        os.kill(process, signal.SIGKILL)
    say("killed the training after its first checkpoint")
    wait_for(cluster, run, "the retry to resume", lambda: resumed(folder) and trainings(folder, cluster), 300)
    say("Snakemake submitted it again, and it goes on from its checkpoint")


def crash_node_of_training(folder: Path, cluster: Cluster, run: subprocess.Popen[bytes]) -> None:
    """End the node that the training runs on; Slurm starts the job again on the other one."""
    node = node_of(trainings(folder, cluster))
    (folder / TRAINING_LOG).unlink()  # so that what stands there afterwards is of the other node
    cluster.crash_node(node)
    say(f"ended {node}, with its daemon and all that ran there")
    wait_for(cluster, run, f"{node} to be given up", lambda: cluster.states()[node] == "DOWN", 120)
    wait_for(cluster, run, "the training on the other node", lambda: resumed(folder), 300)
    say("Slurm started the training on the other node, and it goes on from its checkpoint")


def trainings(folder: Path, cluster: Cluster) -> list[int]:
    """Processes of the training."""
    words = {b"train", f"{CELL}".encode()}
    return [one for one in cluster.processes() if words <= set(read(f"/proc/{one}/cmdline").split(b"\0"))]


def node_of(processes: list[int]) -> str:
    """Name of the node that the processes run on."""
    found = [re.search(rb"(?:^|\0)SLURMD_NODENAME=([^\0]+)", read(f"/proc/{one}/environ")) for one in processes]
    names = {match[1].decode() for match in found if match}
    if len(names) != 1:
        raise Failed("the training ended before its node could be")
    return names.pop()


def resumed(folder: Path) -> bool:
    """Whether the training's log says that it went on from a checkpoint."""
    return b"resuming after epoch" in read(folder / TRAINING_LOG)


def read(path: str | Path) -> bytes:
    """Content of a file, or nothing if it is gone."""
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def wait_for(cluster: Cluster, run: subprocess.Popen[bytes], what: str, condition, seconds: float) -> None:
    """Wait until the condition holds, as long as the run goes on."""

    def holds() -> bool:
        if run.poll() is not None:
            raise Failed(f"the run on Slurm ended before {what}")
        return bool(condition())

    cluster.wait_for(what, holds, seconds)


def variables(environment: dict[str, str]) -> dict[str, str]:
    """The environment without what a surrounding run of the workflow may have put there."""
    own = {key: value for key, value in environment.items() if not key.startswith(("S5VH_", "SNAKEMAKE_"))}
    return own | {"OMP_NUM_THREADS": "1", "S5VH_COPIES": "0"}


def say(line: str) -> None:
    print(f"test-slurm: {time.strftime('%H:%M:%S')} {line}", flush=True)


def test(folder: Path, gpus: bool) -> None:
    """The whole test, in an empty folder."""
    for name in ("local", "slurm"):
        (folder / name).mkdir()
    say(f"working in {folder}; running the workflow without Slurm")
    run_locally(folder / "local")
    with Cluster(folder / "cluster", gpus) as cluster:
        say("running it on a Slurm cluster of two nodes")
        run_on_slurm(folder / "slurm", cluster)
    submitted = (folder / "slurm/run.log").read_text().count("has been submitted")
    compared, found = differences(folder / "local/results", folder / "slurm/results")
    if found:
        raise Failed(f"{len(found)} files differ between {folder}/local and {folder}/slurm: {', '.join(found)}")
    say(f"passed: {compared} files are the same in both runs; {submitted} jobs were submitted")


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--folder",
        type=Path,
        help="an empty or new folder to work in, which is kept; else a temporary one, kept if the test fails",
    )
    parser.add_argument("--without-gpus", action="store_true", help="a cluster without GPUs, and the profile for it")
    options = parser.parse_args(words)
    if missing := missing_tools():
        print(f"test-slurm: not installed: {missing}", file=sys.stderr)
        return 2
    used = options.folder and options.folder.exists()
    if used and not (options.folder.is_dir() and not any(options.folder.iterdir())):
        print(f"test-slurm: {options.folder}: is no empty folder; choose a new one", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):  # so that daemons are ended then, too
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    folder = (options.folder or Path(tempfile.mkdtemp(prefix="s5vh-slurm-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        test(folder, not options.without_gpus)
    except (Failed, TimeoutError) as problem:
        say(f"failed: {problem}")
        return 1  # a temporary folder stays, because its logs say why
    except KeyboardInterrupt:
        say(f"interrupted; all daemons have ended; {folder} stays")
        return 130
    if not options.folder:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
