"""Fixtures of the download tests, named in their `pytest_plugins`: a server, files to publish, a working directory."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from data_files import LABELS, random_features, save
from download_help import FILES, checkout
from download_server import serving

from s5vh.data.download import fetch as fetching


@pytest.fixture(scope="module")
def server():
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> dict[str, bytes]:
    """The files as somebody publishes them; the first is a little larger."""
    folder = tmp_path_factory.mktemp("published")
    save(folder / "train.h5", feats=random_features(5), more=np.frombuffer(os.urandom(150_000), np.uint8))
    save(folder / "query.h5", feats=random_features(5, 1))
    save(folder / "query_labels.h5", labels=LABELS)
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture
def folder(tmp_path, monkeypatch, server) -> Path:
    """A working directory with the data set `toy`, without its files; the cache beside it."""
    for name in ("S5VH_MIRROR", "S5VH_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("S5VH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(fetching, "_sleep", lambda _: None)
    server.files.clear()
    server.sent.clear()
    server.asked.clear()
    return checkout(tmp_path / "work", monkeypatch)
