"""An index, made up of its codes (`index_file`) and its catalog (`catalog`), for reading or for adding videos.

Additions write the codes, then the catalog, then the header, each flushed to disk before the next. A process that is
killed in between loses only the current block of videos.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import report_disk_errors
from s5vh.base.provenance import origin
from s5vh.search.catalog import Catalog, Video, catalog_path, create_catalog
from s5vh.search.index_file import (
    Header,
    create_codes,
    map_codes,
    publish,
    read_header,
    write_behind,
)


class Index:
    """An index open for reading, as a context manager: a snapshot of the videos it has when it is opened.

    Attributes:
        path: the file with the codes.
        codes: uint8 [N, ceil(K/8)], packed codes, memory-mapped.
        facts: metadata of the index: bits, model, extraction, provenance.

    Raises:
        UserError: a missing, truncated, damaged or unrelated file, or two files that do not belong together.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        # Read the header before the catalog, so that the catalog has all videos that the header counts.
        header = read_header(self.path)
        self._catalog = Catalog(catalog_path(self.path))
        try:
            self.facts: dict[str, Any] = self._catalog.facts
            check_width(self.path, header, self._catalog)
            self.codes = map_codes(self.path, header)
            self._catalog.check(self.path, self.codes)
        except BaseException:
            self._catalog.__exit__()
            raise

    def __len__(self) -> int:
        return len(self.codes)

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self._catalog.__exit__()

    @property
    def bits(self) -> int:
        """Code length K."""
        return self.facts["bits"]

    @property
    def model(self) -> ModelFile:
        """The model that produced the codes."""
        return ModelFile(**self.facts["model"])

    def position(self, video_id: str) -> int | None:
        """Position of a video in the index, or None."""
        return self._catalog.positions([video_id], len(self)).get(video_id)

    def videos(self, positions: Iterable[int]) -> dict[int, Video]:
        """The videos at these positions."""
        return self._catalog.videos(positions)


@dataclass(frozen=True)
class ModelFile:
    """The model file that produced the codes of an index.

    Attributes:
        path: its path at that time.
        sha256: of the file.
        dataset, method, bits, seed: its cell.
        frames, feature_size: T and D of its training videos.
    """

    path: str
    sha256: str
    dataset: str
    method: str
    bits: int
    seed: int
    frames: int
    feature_size: int

    def check(self, path: Path, index: Path) -> None:
        """Raise `UserError` unless the file at `path` is this model."""
        try:
            found = origin(path)["sha256"]
        except OSError:
            raise UserError(f"{path}: no such model; use --model to give the one that built {index}") from None
        if found != self.sha256:
            raise UserError(
                f"{path}: not the model that built {index}, {self} (SHA-256 {found[:12]}, expected "
                f"{self.sha256[:12]}), so codes are not comparable; use that model, or build a new index"
            )

    def __str__(self) -> str:
        return f"{self.method} on {self.dataset}, {self.bits} bits, seed {self.seed}"


def check_width(path: Path, header: Header, catalog: Catalog) -> None:
    """Raise `UserError` unless codes and catalog have the same code length."""
    bits = catalog.facts["bits"]
    if header.width != -(-bits // 8):
        raise UserError(f"{path}: codes have {8 * header.width} bits, but {catalog.path.name} is for {bits} bits and "
                        "belongs to another index; restore the right one, or build the index again")  # fmt: skip


def create_index(path: Path, bits: int, facts: Mapping[str, Any]) -> None:
    """Write an empty index. The code file comes last, because its existence makes the index valid.

    Raises:
        UserError: there is a catalog with videos but without its codes, or the files cannot be written.
    """
    catalog_file = catalog_path(path)
    if catalog_file.exists():
        with Catalog(catalog_file) as left:
            if left.videos([0]):
                raise UserError(f"{catalog_file}: belongs to an index that no longer exists; restore {path.name}, or "
                                "delete this file to build a new index")  # fmt: skip
    create_catalog(catalog_file, {"bits": bits} | dict(facts))
    create_codes(path, -(-bits // 8))


class IndexWriter:
    """An index open for adding videos, as a context manager, by one process at a time.

    Raises:
        UserError: as for `Index`, or if another process is adding.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        read_header(self.path)  # reject missing or unrelated files before opening one for writing
        with ExitStack() as stack:
            with report_disk_errors(self.path):
                self._file = stack.enter_context(self.path.open("r+b", buffering=0))
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(f"{self.path}: locked by another process; try again when that has finished") from None
            # Read again, now that the lock is held.
            self._header = read_header(self.path)
            self._catalog = stack.enter_context(Catalog(catalog_path(self.path)))
            check_width(self.path, self._header, self._catalog)
            self._catalog.check(self.path, map_codes(self.path, self._header))
            self.facts: dict[str, Any] = self._catalog.facts
            self._closing = stack.pop_all()

    def __len__(self) -> int:
        return self._header.videos

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def known(self, ids: Sequence[str]) -> dict[str, int]:
        """Positions of those `ids` that are in the index."""
        return self._catalog.positions(ids, len(self))

    def videos(self, positions: Iterable[int]) -> dict[int, Video]:
        """The videos at these positions."""
        return self._catalog.videos(positions)

    def remember(self, name: str, value: Any) -> None:
        """Set one of the facts."""
        self._catalog.remember(name, value)

    def add(self, codes: np.ndarray, videos: Sequence[Video]) -> None:
        """Append videos, whose ids must not be in the index yet, and their packed codes, uint8 [n, ceil(K/8)]."""
        if not len(videos):
            return
        if codes.shape != (len(videos), self._header.width):
            raise ValueError(f"codes of shape {codes.shape} for {len(videos)} videos of {self._header.width} bytes")
        after = Header(len(self) + len(videos), self._header.width)
        write_behind(self._file, self.path, self._header, codes)
        self._catalog.add(len(self), codes, videos)
        publish(self._file, self.path, after)
        self._header = after
