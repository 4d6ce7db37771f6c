"""One real run of the workflow on a tiny data set, shared by the tests, and working directories to try things in."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest
from workflow_help import make_workspace, snakemake


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory after `snakemake all`; made once for all test processes, and only to be copied."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, log = shared / "finished", shared / "finished.log"
    with open(shared / "finished.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not log.exists():
            done = snakemake(make_workspace(folder), "all")
            log.write_text(f"{done.returncode}\n{done.stdout}")
    status, output = log.read_text().split("\n", 1)
    assert status == "0", output
    return folder


@pytest.fixture
def workspace(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished working directory, for a test to change."""
    folder = tmp_path / "workspace"
    shutil.copytree(finished, folder, copy_function=shutil.copy2)
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A working directory in which nothing has run."""
    return make_workspace(tmp_path / "empty")
