"""Finding, merging and validating configuration files. Imports stay light: the Snakefile uses this at parse time."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from s5vh.base.errors import UserError
from s5vh.base.files import is_file, report_read_errors, visible_files
from s5vh.base.installation import shipped_folder
from s5vh.config.dataset import DatasetConfig
from s5vh.config.departures import DEPARTURES_ADAPTER, Departure
from s5vh.config.run import RunConfig
from s5vh.config.validation import explain, suggestion
from s5vh.config.yaml_file import read_yaml

_NAME = re.compile(r"[^./\\~#\0][^/\\\0]*")  # of a data set or method: a visible file in a folder


def config_folders() -> list[Path]:
    """Folders searched for `datasets/NAME.yaml` and `methods/NAME.yaml`, in order.

    The user's `config/` in the working directory comes first, then the folder given by the environment variable
    `S5VH_CONFIG`, or the shipped `config/` if it is not set.
    """
    return list(_config_folders(os.getcwd(), os.environ.get("S5VH_CONFIG")))


@cache
def _config_folders(_working_directory: str, other: str | None) -> tuple[Path, ...]:
    """Cached, because planning a run asks thousands of times and resolving paths takes long."""
    own, shipped = Path("config"), Path(other or shipped_folder() / "config")
    return (own, shipped) if own.resolve() != shipped.resolve() else (own,)


def names(kind: str) -> list[str]:
    """Names of all configured `datasets` or `methods`."""
    return sorted({path.stem for folder in config_folders() for path in visible_files(folder / kind, "*.yaml")})


def find(kind: str, name: str) -> Path:
    """Path of the file of a data set or method; the user's own folder takes precedence."""
    folders = [folder / kind for folder in config_folders()]
    if not _NAME.fullmatch(name):
        raise UserError(f"{kind[:-1]} {name!r}: not a name; it is the name of a file in {folders[0]} without '.yaml'")
    for folder in folders:
        if is_file(path := folder / f"{name}.yaml"):
            return path
    for folder in folders:
        if is_file(path := folder / f"{name}.yml"):
            raise UserError(f"{path}: the name must end in .yaml; rename the file")
    hint = suggestion(name, names(kind))
    raise UserError(f"{kind[:-1]} '{name}': no file {name}.yaml in {', '.join(map(str, folders))}{hint}")


def merge(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """Merge `top` into a copy of `base`: mappings are merged recursively, all other values are replaced."""
    result = copy.deepcopy(dict(base))
    for key, value in top.items():
        if isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merge(result[key], value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def load_dataset(name: str) -> DatasetConfig:
    """Settings of the data set `name`."""
    path = find("datasets", name)
    with report_read_errors(path):
        stat = path.stat()
    return _dataset(path, path.resolve(), stat.st_mtime_ns, stat.st_size)


@cache
def _dataset(path: Path, *_identity: object) -> DatasetConfig:
    """Load `path`, cached until the file changes: the workflow requests each data set thousands of times."""
    try:
        return DatasetConfig.model_validate(read_yaml(path))
    except ValidationError as error:
        raise explain(error, str(path)) from None


def load_run(*sources: Path | Mapping[str, Any]) -> RunConfig:
    """Load the settings of a run from files or mappings; later ones take precedence, mappings merge, lists do not."""
    merged: dict[str, Any] = {}
    where = "configuration"
    for source in sources:
        if isinstance(source, Path):
            where = str(source)
            merged = merge(merged, read_yaml(source))
        else:
            merged = merge(merged, source)
    try:
        return RunConfig.model_validate(merged)
    except ValidationError as error:
        raise explain(error, where) from None


@cache
def _departures(file: Path) -> dict[str, Departure]:
    try:
        return DEPARTURES_ADAPTER.validate_python(read_yaml(file))
    except ValidationError as error:
        raise explain(error, str(file)) from None


def load_departures(root: str) -> dict[str, Departure]:
    """Departures of the released code of the method `root` from its recipe, by name; empty if there is no such file.

    They are read from `config/departures/ROOT.yaml`; the user's own file takes precedence.
    """
    files = [folder / "departures" / f"{root}.yaml" for folder in config_folders()]
    file = next((file for file in files if is_file(file)), None)
    return {} if file is None else _departures(file.resolve())
