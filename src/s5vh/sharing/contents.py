"""What an exported folder holds: `export.json`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.sharing.folder import CONTENTS, FORMAT
from s5vh.sharing.reading import field, read_object, regular_file, safe_path

Labels = Literal["included", "left out", "none"]


@dataclass(frozen=True)
class SharedCell:
    """One cell of an export.

    Attributes:
        dataset: the data set that is searched.
        trained_on: the one that the model was trained on.
        method, bits, seed: the rest of its place in the grid.
        protocols: settings by protocol, as in its `metrics.json`.
        model_sha256: of its model file, whether that is in the folder or not.
    """

    dataset: str
    trained_on: str
    method: str
    bits: int
    seed: int
    protocols: dict[str, dict[str, Any]]
    model_sha256: str

    @property
    def folder(self) -> str:
        """Its folder, relative to the export, as in a results folder."""
        rest = self.method, self.bits, self.seed, Path()
        if self.is_transfer:
            return layout.transfer(self.trained_on, self.dataset, *rest).as_posix()
        return layout.cell(self.dataset, *rest).as_posix()

    @property
    def is_transfer(self) -> bool:
        """Whether the model was trained on another data set."""
        return self.trained_on != self.dataset

    @property
    def place(self) -> dict[str, Any]:
        """What `metrics.json` and `settings.json` say of the model's place in the grid."""
        return {"dataset": self.trained_on, "method": self.method, "bits": self.bits, "seed": self.seed}


@dataclass(frozen=True)
class Contents:
    """Contents of an export.

    Attributes:
        version: of s5vh, which wrote it.
        licence: of what was exported, an identifier of SPDX or Hugging Face.
        data: by name of the data set, `title`, whether labels are here (`Labels`), and `Videos.record`.
        cells: in the order of their folders.
    """

    version: str
    licence: str
    data: Mapping[str, dict[str, Any]]
    cells: list[SharedCell]

    def as_dict(self) -> dict[str, Any]:
        """JSON-serialisable, for `export.json`."""
        cells = [asdict(cell) for cell in self.cells]
        return {
            "format": FORMAT,
            "s5vh": self.version,
            "licence": self.licence,
            "data": dict(self.data),
            "cells": cells,
        }


def read_contents(folder: Path) -> Contents:
    """Read `export.json`.

    Raises:
        UserError: anything that `export` does not write, or the format of another version.
    """
    path = regular_file(folder, CONTENTS)
    given = read_object(path)
    if (version := field(given, "format", int, path)) != FORMAT:
        raise UserError(f"{path}: format {version}, but this version of s5vh reads format {FORMAT}; use another one")
    data = field(given, "data", dict, path)
    for name, record in data.items():
        if not is_name(name) or not isinstance(record, dict):
            raise UserError(f"{path}: {name!r} is no data set; export the results again")
        field(record, "title", str, path)
        field(record, "digest", str, path)
        if record.get("labels") not in get_args(Labels):
            raise UserError(f"{path}: data set '{name}' does not say whether its labels are here")
    cells = [_cell(one, path) for one in field(given, "cells", list, path)]
    if not cells or len({cell.folder for cell in cells}) < len(cells) or {cell.dataset for cell in cells} != set(data):
        raise UserError(f"{path}: must list every cell once, and the data sets of these cells; export them again")
    return Contents(field(given, "s5vh", str, path), field(given, "licence", str, path), data, cells)


def _cell(given: Any, path: Path) -> SharedCell:
    names = [field(given, key, str, path) for key in ("dataset", "trained_on", "method")]
    bits, seed = (field(given, key, int, path) for key in ("bits", "seed"))
    if not all(map(is_name, names)) or bits < 1 or seed < 0:
        raise UserError(f"{path}: {names} at {bits} bits with seed {seed} is no cell; export the results again")
    protocols = field(given, "protocols", dict, path)
    return SharedCell(*names, bits, seed, protocols, field(given, "model_sha256", str, path))


def is_name(text: str) -> bool:
    """Whether it can be the name of a data set or a method, which is also that of a folder."""
    return safe_path(text) == text and not re.search(r"^[.~-]|/", text)
