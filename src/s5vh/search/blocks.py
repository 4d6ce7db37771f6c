"""What all sources of videos have in common: they are read block by block."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.videos.passed_over import printable
from s5vh.search.catalog import Video
from s5vh.search.model_record import ModelFile


@dataclass(frozen=True)
class Block:
    """Consecutive videos of a source.

    Attributes:
        videos: the videos.
        reals: paths of their files without symbolic links.
        stamps: `freshness.stamp` of their files, taken before anything is read; empty for a file that has disappeared.
        read: takes indices into `videos` and returns features, float [n, T, D], and the indices that could be read.
        digests: takes indices that were read and their features, and returns digests of the content. Without features,
            it reads what it needs.
    """

    videos: list[Video]
    reals: list[str]
    stamps: list[str]
    read: Callable[[Sequence[int]], tuple[np.ndarray, list[int]]]
    digests: Callable[[Sequence[int], np.ndarray | None], list[bytes]]


class Source(ABC):
    """A source of videos.

    Attributes:
        path: as given by the user.
        passed_over: what else was found there and is not used, one text per reason.
        has_rows: whether its videos are rows of a feature or code file.
        is_named_by_path: whether the names of its videos follow from paths, so that the same video can have several.
    """

    path: Path
    passed_over: Sequence[str] = ()
    has_rows: ClassVar[bool] = False
    is_named_by_path: bool

    @abstractmethod
    def __len__(self) -> int:
        """Number of videos."""

    @abstractmethod
    def check(self, model: ModelFile) -> None:
        """Raise `UserError` if the model cannot encode these videos; called before anything is encoded."""

    @abstractmethod
    def blocks(self) -> Iterator[Block]:
        """All videos in order."""


def text_of(path: Path) -> str:
    """A path as text that can be stored and printed.

    Raises:
        UserError: its bytes are not UTF-8.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise UserError(f"{printable(str(path))}: the path is not valid UTF-8; rename the file or folder") from None
    return path.as_posix()


def real_of(path: Path) -> str:
    """A path without symbolic links, as text that can be stored and compared."""
    return os.fsencode(os.path.realpath(path)).decode(errors="backslashreplace")
