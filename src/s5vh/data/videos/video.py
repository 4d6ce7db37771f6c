"""A video of a data set of kind `videos`."""

from __future__ import annotations

from dataclasses import dataclass

from s5vh.config.dataset import PartName


@dataclass(frozen=True)
class Video:
    """One file or folder of frames: `path` relative to the data set's folder (also its id), its classes, and its part
    once assigned."""

    path: str
    labels: tuple[str, ...] = ()
    part: PartName | None = None
