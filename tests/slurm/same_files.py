"""Whether two runs made the same files, bit for bit but for what says when, how fast and at which commit."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from safetensors import safe_open

OF_THE_RUN = {"created", "seconds", "fit_seconds", "commit"}  # keys of provenance and of a training's record


def differences(one: Path, other: Path) -> tuple[int, list[str]]:
    """Number of files compared in two folders, and the names of those that differ or are in one of them only."""
    names = [{str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()} for root in (one, other)]
    everywhere = sorted(names[0] | names[1])
    different = [name for name in everywhere if name not in names[0] & names[1] or not same(one / name, other / name)]
    return len(everywhere), different


def same(one: Path, other: Path) -> bool:
    """Whether two files have the same content."""
    return content(one) == content(other)


def content(file: Path) -> Any:
    """What a file says, in a form that can be compared, without the values of `OF_THE_RUN`."""
    match file.suffix:
        case ".safetensors":
            with safe_open(file, "np") as opened:
                arrays = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
                return plain(arrays), plain(opened.metadata())
        case ".npz":
            with np.load(file, allow_pickle=False) as opened:
                return plain(dict(opened))
        case ".h5":
            with h5py.File(file) as opened:
                arrays: dict[str, Any] = {"": dict(opened.attrs)}
                opened.visititems(lambda name, node: arrays.update({name: [dict(node.attrs), values(node)]}))
                return plain(arrays)
        case ".json":
            return plain(json.loads(file.read_text()))
        case ".csv":
            with open(file, newline="") as opened:
                return plain(list(csv.DictReader(opened)))
    return file.read_bytes()


def values(node: h5py.Group | h5py.Dataset) -> Any:
    return node[()] if isinstance(node, h5py.Dataset) else None


def plain(value: Any) -> Any:
    """Arrays as type, shape and bytes; texts that are JSON as what they say; no values of `OF_THE_RUN`."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if key not in OF_THE_RUN}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        if array.ndim == 0 and array.dtype.kind in "USO":
            return plain(array.item())
        listed = array.dtype.kind == "O"  # texts of variable length, whose bytes would be addresses
        return [array.dtype.str, array.shape, array.tolist() if listed else array.tobytes()]
    if isinstance(value, bytes):
        return plain(value.decode(errors="surrogateescape"))
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return plain(json.loads(value))
        except ValueError:
            return value
    return value
