"""One real run of the workflow on a tiny data set, shared by the tests, and working directories to try things in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from workflow_help import made_once, make_workspace


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory after `snakemake all`; made once for all test processes, and only to be copied."""
    return made_once(tmp_path_factory, "finished", make_workspace, "all", S5VH_COPIES="1")


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
