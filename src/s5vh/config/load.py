"""Finding, merging and validating configuration files. Imports stay light: the Snakefile uses this at parse time."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig
from s5vh.config.departures import DEPARTURES_ADAPTER, Departure
from s5vh.config.run import RunConfig
from s5vh.config.validation import explain, suggestion

# The libyaml loader is many times faster where available; both loaders accept plain data only.
_SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The shipped configuration, next to src/ in a checkout.
_SHIPPED = Path(__file__).resolve().parents[3] / "config"


def config_folders() -> list[Path]:
    """Folders searched for `datasets/NAME.yaml` and `methods/NAME.yaml`, in order.

    The user's `config/` in the working directory comes first, then the folder given by the environment variable
    `S5VH_CONFIG`, or the checkout's `config/` if it is not set.
    """
    shipped = Path(os.environ.get("S5VH_CONFIG") or _SHIPPED)
    own = Path("config")
    return [own, shipped] if own.resolve() != shipped.resolve() else [own]


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping."""
    try:
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=_SAFE_LOADER)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}" if mark else ""
        raise UserError(f"{path}: not valid YAML{place} ({getattr(error, 'problem', error)})") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UserError(f"{path}: must be a mapping of keys, got {type(value).__name__}")
    return value


def names(kind: str) -> list[str]:
    """Names of all configured `datasets` or `methods`."""
    return sorted({path.stem for folder in config_folders() for path in (folder / kind).glob("*.yaml")})


def find(kind: str, name: str) -> Path:
    """Path of the file of a data set or method; the user's own folder takes precedence."""
    for folder in config_folders():
        path = folder / kind / f"{name}.yaml"
        if path.is_file():
            return path
    hint = suggestion(name, names(kind))
    searched = ", ".join(str(folder / kind) for folder in config_folders())
    raise UserError(f"{kind[:-1]} '{name}': no file {name}.yaml in {searched}{hint}")


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
    file = next((file for file in files if file.is_file()), None)
    return {} if file is None else _departures(file.resolve())
