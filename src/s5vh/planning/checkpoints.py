"""Networks that authors published: which file an imported cell is made from, and how to get those that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from s5vh.config.dataset import DatasetConfig
from s5vh.data.download.availability import place_of
from s5vh.methods.cell import Cell


def checkpoint_file(cell: Cell, config: DatasetConfig) -> Path:
    """The authors' file that an imported cell is made from, relative to the working directory."""
    root = config.folder(cell.dataset)
    return Path(cell.settings.checkpoint.format(root=root, folder=root.name, dataset=cell.dataset, bits=cell.bits))


def missing_checkpoint_message(name: str, config: DatasetConfig, cells: Iterable[Cell]) -> str:
    """Say in one line which authors' files of imported cells of a data set are missing and where to get them; or ""."""
    missing: dict[Path, str] = {}
    for cell in cells:
        if not (file := checkpoint_file(cell, config)).is_file():
            missing[file] = cell.method
    if not missing:
        return ""
    methods = ", ".join(dict.fromkeys(missing.values()))
    verb = "file is" if len(missing) == 1 else "files are"
    share = config.source.checkpoints
    source = f"get them from {place_of(share)} and " if share else ""
    return (
        f"{name}: {len(missing)} {verb} missing that {methods} would be imported from "
        f"({', '.join(map(str, missing))}); {source}put them there, correct 'checkpoint' of the method, or leave it out"
    )
