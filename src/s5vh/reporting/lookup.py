"""Settings of data sets and methods by name, each file read once: reporting asks for them thousands of times."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from s5vh.config.dataset import DatasetConfig
from s5vh.config.load import config_folders, load_dataset, load_method
from s5vh.config.method import MethodConfig


def dataset(name: str) -> DatasetConfig:
    """Settings of a data set."""
    return _dataset(name, _folders())


def method(name: str) -> MethodConfig:
    """Settings of a method by its files, without what a data set or a run says about it."""
    return _method(name, _folders())


def _folders() -> tuple[Path, ...]:
    # Part of the cache's key: the folders depend on the working directory and the environment.
    return tuple(folder.resolve() for folder in config_folders())


@cache
def _dataset(name: str, _folders: tuple[Path, ...]) -> DatasetConfig:
    return load_dataset(name)


@cache
def _method(name: str, _folders: tuple[Path, ...]) -> MethodConfig:
    return load_method(name)
