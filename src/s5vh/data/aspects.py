"""Aspects of classes: coarser questions about the same labels.

The classes of the demo are pairs of a digit and a motion. Whether a code finds the digit and the axis of the motion is
one question, whether it tells a motion from its reverse is another. An aspect groups the classes of a feature file; it
is stored there, next to the labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.hdf5 import find_array

_FOLDER = "aspects"


@dataclass(frozen=True)
class Aspect:
    """One grouping of the classes.

    Attributes:
        name: short name, also of the table column.
        groups: int64 [classes], group of each class from 0, or -1: videos of such a class are left out.
        within: name of another aspect: only videos of the same group of that aspect are compared with each other.
    """

    name: str
    groups: np.ndarray
    within: str = ""

    def members(self, labels: np.ndarray) -> np.ndarray:
        """Multi-hot groups uint8 [N, groups] of videos with multi-hot labels [N, classes]."""
        columns = np.arange(self.groups.max(initial=-1) + 1)
        return ((labels != 0) @ (self.groups[:, None] == columns)).astype(np.uint8)


def members_by_aspect(
    aspects: Iterable[Aspect], query_labels: np.ndarray, database_labels: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By name, multi-hot groups of queries and database; without aspects of which one side has no member."""
    found = {one.name: (one.members(query_labels), one.members(database_labels)) for one in aspects}
    return {name: both for name, both in found.items() if all(part.any() for part in both)}


def write_aspects(file: h5py.File, aspects: Iterable[Aspect]) -> None:
    """Add aspects to an open feature file."""
    for aspect in aspects:
        stored = file.create_dataset(f"{_FOLDER}/{aspect.name}", data=aspect.groups.astype(np.int64))
        stored.attrs["within"] = aspect.within


def read_aspects(file: h5py.File, path: Path, classes: int) -> list[Aspect]:
    """Aspects of an open feature file with this number of classes; empty if it has none.

    Raises:
        UserError: an aspect that does not fit the classes, or that refers to one that does not exist.
    """
    folder = file.get(_FOLDER)
    if not isinstance(folder, h5py.Group):
        return []
    found = []
    for name in folder:
        array = find_array(file, f"{_FOLDER}/{name}")
        if array is None or array.shape != (classes,) or array.dtype.kind not in "iu" or array[()].max(initial=-1) < 0:
            raise UserError(f"{path}: aspect '{name}' needs the number of a group for each of {classes} classes")
        found.append(Aspect(name, array[()].astype(np.int64), str(array.attrs.get("within", ""))))
    names = [aspect.name for aspect in found]
    for aspect in found:
        if aspect.within and (aspect.within not in names or aspect.within == aspect.name):
            raise UserError(f"{path}: aspect '{aspect.name}' is within '{aspect.within}', which is no other aspect")
    return found
