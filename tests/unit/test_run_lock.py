"""The lock of a working directory."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from s5vh.base.errors import UserError
from s5vh.planning import run_lock

HOLDER = (
    "import sys; from pathlib import Path; from s5vh.planning.run_lock import lock_working_directory\n"
    "lock_working_directory(Path(sys.argv[1])); print('locked', flush=True); sys.stdin.read()"
)


@pytest.fixture(autouse=True)
def release(monkeypatch):
    held = []
    monkeypatch.setattr(run_lock, "_held", held)
    yield
    for handle in held:
        os.close(handle)


def test_a_second_run_is_told_about_the_first_and_a_killed_one_leaves_no_lock(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lock = tmp_path / ".snakemake/s5vh.lock"
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDER, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout.readline() == "locked\n"
    with pytest.raises(UserError) as error:
        run_lock.lock_working_directory()
    assert str(error.value) == (
        f"{tmp_path}: another run is in progress here (process {first.pid} on {socket.gethostname()}); "
        "wait until it ends, or stop it first"
    )
    first.kill()
    first.wait()
    run_lock.lock_working_directory()
    assert lock.read_text() == f"process {os.getpid()} on {socket.gethostname()}\n"


def test_the_lock_is_not_inherited(tmp_path, monkeypatch):
    """A job that outlives the run, e.g. because it cannot be stopped while waiting for a disk, blocks no other run."""
    monkeypatch.chdir(tmp_path)
    run_lock.lock_working_directory()
    job = subprocess.Popen(["sleep", "60"], close_fds=False)
    os.close(run_lock._held.pop())
    try:
        run_lock.lock_working_directory()
    finally:
        job.kill()
        job.wait()


def test_a_file_system_without_locks_is_no_obstacle(tmp_path, monkeypatch, capsys):
    def refuse(*_):
        raise OSError(37, "No locks available")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run_lock.fcntl, "flock", refuse)
    run_lock.lock_working_directory()
    assert capsys.readouterr().err == (
        "s5vh: .snakemake/s5vh.lock: cannot be locked (No locks available); do not start two runs at once here\n"
    )
