"""Room on a disk, asked for before it is needed."""

from __future__ import annotations

import shutil
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.data.download.transfer import amount

_RESERVE = 2**26  # bytes left free: a disk that is full to the last byte stops other programs


def check_space(folder: Path, wanted: int, name: str) -> None:
    """Raise a `UserError` unless `folder`, or where it will be, has room for `wanted` bytes of the file `name`."""
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free
    if wanted > 0 and wanted + _RESERVE > free:
        raise UserError(
            f"{folder}: {name} needs {amount(wanted)} more and {amount(free)} are free; free some space, or put the "
            "data and S5VH_CACHE on another disk"
        )
