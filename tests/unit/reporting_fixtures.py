"""Fixtures of the reporting tests, named in their `pytest_plugins`: results folders made once, copied for each test."""

from __future__ import annotations

import shutil

import pytest
from reporting_results import make_run, make_runs, write_datasets

from s5vh.reporting import style


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Results made once for all modules; each test works on a copy."""
    return make_runs(tmp_path_factory.mktemp("made"), demo=_demo_run, several=_several_run)


def _demo_run():
    return make_run(["toy"])


def _several_run():
    return make_run(["ucf101", "hmdb51", "mine"], seeds=[1, 2], bits=[16], examples={"bits": 16, "queries": 3})


@pytest.fixture
def here(tmp_path, monkeypatch):
    write_datasets(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(style, "DPI", 40)
    return tmp_path


@pytest.fixture
def root(here):
    """A results folder without anything in it."""
    return here / "results"


@pytest.fixture
def demo(made, here):
    shutil.copytree(made / "demo", here / "results")
    return _demo_run(), here / "results"


@pytest.fixture
def several(made, here):
    shutil.copytree(made / "several", here / "results")
    return _several_run(), here / "results"
