"""Published networks: the file an imported cell is created from, and where to get missing ones."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from s5vh.config.dataset import DatasetConfig
from s5vh.data.download.availability import location_of
from s5vh.methods.cell import Cell


def checkpoint_file(cell: Cell, config: DatasetConfig) -> Path:
    """The authors' checkpoint that a cell is imported from, relative to the working directory."""
    root = config.folder(cell.dataset)
    return Path(cell.settings.checkpoint.format(root=root, folder=root.name, dataset=cell.dataset, bits=cell.bits))


def missing_checkpoint_message(name: str, config: DatasetConfig, cells: Iterable[Cell]) -> str:
    """One line listing a data set's missing authors' checkpoints and where to get them, or "" if none is missing."""
    missing: dict[Path, str] = {}
    for cell in cells:
        if not (file := checkpoint_file(cell, config)).is_file():
            missing[file] = cell.method
    if not missing:
        return ""
    methods = ", ".join(dict.fromkeys(missing.values()))
    verb = "file is" if len(missing) == 1 else "files are"
    share = config.source.checkpoints
    source = f"get them from {location_of(share)} and " if share else ""
    return (
        f"{name}: {len(missing)} checkpoint {verb} missing for {methods} "
        f"({', '.join(map(str, missing))}); {source}place them there, fix the method's 'checkpoint', or omit the method"
    )
