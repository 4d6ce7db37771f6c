"""A tiny data set to download, and what tests of that share beside their fixtures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from download_server import Served

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig

SETTINGS = {
    "title": "Toy",
    "frames": 3,
    "feature_size": 4,
    "classes": 3,
    "backbone": "none",
    "parts": {
        "train": {"features": ["train.h5"], "count": 5},
        "database": "train",
        "query": {"features": ["query.h5"], "labels": {"files": ["query_labels.h5"]}},
    },
}
FILES = ("train.h5", "query.h5", "query_labels.h5")


def checkout(folder: Path, monkeypatch, **source) -> Path:
    (folder / "config/datasets").mkdir(parents=True)
    (folder / "config/datasets/toy.yaml").write_text(yaml.safe_dump(SETTINGS | {"source": source}))
    monkeypatch.chdir(folder)
    return folder


def toy(**source) -> DatasetConfig:
    return DatasetConfig.model_validate(SETTINGS | {"source": source})


def serve(server, published, monkeypatch, prefix: str = "/toy", **served) -> None:
    server.files |= {f"{prefix}/{name}": Served(content, **served) for name, content in published.items()}
    monkeypatch.setenv("S5VH_MIRROR", server.url)


def fails(message: str):
    return pytest.raises(UserError, match=f"^{re.escape(message)}$")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name[0] != "."}
