"""Settings of data sets and methods by name, cached because reporting looks them up thousands of times."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from s5vh.config.load import config_folders, load_dataset
from s5vh.methods.load import load_method
from s5vh.methods.settings import MethodSettings

dataset = load_dataset  # has its own cache


def method(name: str) -> MethodSettings:
    """Settings of a method from its own files, without per-data-set settings or overrides."""
    return _method(name, _folders())


def _folders() -> tuple[Path, ...]:
    # Part of the cache's key: the folders depend on the working directory and the environment.
    return tuple(folder.resolve() for folder in config_folders())


@cache
def _method(name: str, _folders: tuple[Path, ...]) -> MethodSettings:
    return load_method(name)
