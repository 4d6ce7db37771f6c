"""Runs that are killed: what goes on without them, and whether the same command then finishes the work."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from workflow_help import COMMANDS, ROOT, jobs, snakemake

from s5vh.config import layout
from s5vh.methods.model_file import read_model
from s5vh.planning.run_lock import LOCK, lock_working_directory

TRAINING = layout.cell("toy", "s5vh_no_alignment", 16, 1)  # waits for features only


def start(folder: Path, *words: str, **variables: str) -> subprocess.Popen[str]:
    """A run with a process group of its own, so that its jobs can be counted."""
    command = [COMMANDS / "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", folder, "--cores", "2", *words]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("S5VH_", "SNAKEMAKE_"))}
    return subprocess.Popen(
        command, cwd=folder, env=environment | variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip


def working_on(folder: Path) -> list[int]:
    """Processes of the command `s5vh`, or that it is copied from, whose working directory this is."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and (entry / "cwd").resolve() == folder.resolve():
                words = (entry / "cmdline").read_bytes().split(b"\0")
                ours = any(word.endswith(b"/s5vh") or word == b"s5vh.cli.serve" for word in words)
                found += [int(entry.name)] if ours else []
        except OSError:  # has ended meanwhile
            continue
    return found


def wait_until(condition, seconds: float = 60.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "waited too long"
        time.sleep(0.02)


def long_training(folder: Path) -> None:
    """Make the training long enough to be killed in."""
    file = folder / "config/config.yaml"
    file.write_text(file.read_text().replace("training: {epochs: 2,", "training: {epochs: 5000,", 1))


@pytest.mark.parametrize(
    ("number", "copies", "processes"),
    [(signal.SIGKILL, "0", 1), (signal.SIGTERM, "0", 1), (signal.SIGKILL, "1", 4)],  # server, client, companion, copy
)
def test_jobs_end_with_a_killed_run_and_nothing_stays_locked(
    empty: Path, number: int, copies: str, processes: int
) -> None:
    long_training(empty)
    run = start(empty, str(TRAINING / "model.safetensors"), S5VH_COPIES=copies)
    wait_until(lambda: (empty / "logs/train").is_dir() and len(working_on(empty)) >= processes)
    if number == signal.SIGTERM:  # the main process waits for its jobs then, so all are ended, as a batch system does
        os.killpg(run.pid, number)
    else:
        run.kill()
    run.wait(60)
    wait_until(lambda: not working_on(empty))
    assert not (empty / TRAINING / "model.safetensors").exists()
    file = empty / "config/config.yaml"
    file.write_text(file.read_text().replace("epochs: 5000", "epochs: 2"))
    done = snakemake(empty, str(TRAINING / "model.safetensors"))
    assert done.returncode == 0, done.stdout
    assert read_model(empty / TRAINING / "model.safetensors")
    assert not list(empty.rglob("*.part*"))


def test_a_run_ends_with_make(empty: Path) -> None:
    """If `make demo` is killed, its run does not go on in the background and block the next one."""
    long_training(empty)
    program = f'S5VH_PARENT=$$ "$0" --snakefile {ROOT}/Snakefile --cores 2 {TRAINING}/model.safetensors & wait'
    make = subprocess.Popen(["bash", "-c", program, COMMANDS / "snakemake"], cwd=empty, stdout=subprocess.DEVNULL)
    wait_until(lambda: working_on(empty))
    make.kill()
    make.wait()
    wait_until(lambda: not working_on(empty))
    done = snakemake(empty, "-n", str(TRAINING / "model.safetensors"))
    assert any(job.startswith("Training") for job in jobs(done))


def test_a_second_run_at_the_same_time_is_refused(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    monkeypatch.setattr("s5vh.planning.run_lock._held", held)
    monkeypatch.chdir(empty)
    lock_working_directory()
    holder = (empty / LOCK).read_text().strip()
    done = snakemake(empty, "toy_16bit")
    message = f"s5vh: error: {empty}: another run is in progress here ({holder}); wait until it ends, or stop it first"
    assert (done.returncode, message in done.stdout.splitlines()) == (2, True), done.stdout
    assert not (empty / "results").exists()
    dry = snakemake(empty, "-n", "toy_16bit")  # only looks
    assert dry.returncode == 0, dry.stdout
    os.close(held[0])
    assert snakemake(empty, str(layout.cell("toy", "itq_mean", 16, 1) / "model.safetensors")).returncode == 0


def test_a_lock_that_snakemake_left_behind_is_no_obstacle(empty: Path) -> None:
    model = layout.cell("toy", "itq_mean", 16, 1) / "model.safetensors"
    locks = empty / ".snakemake/locks"
    locks.mkdir(parents=True)
    (locks / "0.output.lock").write_text(f"{model}\n")
    done = snakemake(empty, str(model))
    assert done.returncode == 0, done.stdout
