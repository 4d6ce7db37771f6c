"""An index: its codes (`index_file`) and its catalog (`catalog`) as one thing, to be read or added to.

An addition goes codes, catalog, header, each safely on disk before the next. Whoever is killed in between leaves the
index as it was before the block of videos at hand; the blocks before it stay.
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
from s5vh.base.files import explained
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
    """An index open for reading; use it in a `with` statement. It shows the videos that were there on opening.

    Attributes:
        path: the file with the codes.
        codes: uint8 [N, ceil(K/8)], packed codes, read from disk as they are used.
        facts: what the catalog knows of the whole: bits, model, extraction, provenance.

    Raises:
        UserError: a missing, foreign, truncated or damaged file, or two files that do not belong together.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        # The header before the catalog: what it counts is in the catalog already.
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
        """The model that made the codes."""
        return ModelFile(**self.facts["model"])

    def position(self, video_id: str) -> int | None:
        """Place of a video among the codes, or None."""
        return self._catalog.positions([video_id], len(self)).get(video_id)

    def videos(self, positions: Iterable[int]) -> dict[int, Video]:
        """The videos at these positions."""
        return self._catalog.videos(positions)


@dataclass(frozen=True)
class ModelFile:
    """Which model file made the codes of an index.

    Attributes:
        path: where it was.
        sha256: of the file.
        dataset, method, bits, seed: the cell it was trained for.
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
        """Raise a `UserError` unless the file at `path` is this model."""
        try:
            found = origin(path)["sha256"]
        except OSError:
            raise UserError(f"{path}: no such model; name the one that made {index} with --model") from None
        if found != self.sha256:
            raise UserError(
                f"{path}: not the model that made {index}, {self} (SHA-256 {self.sha256[:12]}, here {found[:12]}); "
                "its codes cannot be compared: use that model, or build another index"
            )

    def __str__(self) -> str:
        return f"{self.method} on {self.dataset}, {self.bits} bits, seed {self.seed}"


def check_width(path: Path, header: Header, catalog: Catalog) -> None:
    """Raise a `UserError` unless codes and catalog have the same code length."""
    bits = catalog.facts["bits"]
    if header.width != -(-bits // 8):
        raise UserError(f"{path}: codes of {8 * header.width} bits, but {catalog.path.name} is of {bits} bits and so "
                        "belongs to another index; put back the right one, or build the index again")  # fmt: skip


def create_index(path: Path, bits: int, facts: Mapping[str, Any]) -> None:
    """Write an index without videos. The codes come last: without them there is no index yet.

    Raises:
        UserError: a catalog of videos whose codes are gone is in the way, or the files cannot be written.
    """
    beside = catalog_path(path)
    if beside.exists():
        with Catalog(beside) as left:
            if left.videos([0]):
                raise UserError(f"{beside}: belongs to an index that is gone; put {path.name} back, or delete this "
                                "file to build a new one")  # fmt: skip
    create_catalog(beside, {"bits": bits} | dict(facts))
    create_codes(path, -(-bits // 8))


class IndexWriter:
    """An index open for adding; use it in a `with` statement, which one process can do at a time.

    Raises:
        UserError: as `Index`; another process is adding.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        read_header(self.path)  # a missing or foreign file is told before it is opened for writing
        with ExitStack() as stack:
            with explained(self.path):
                self._file = stack.enter_context(self.path.open("r+b", buffering=0))
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(f"{self.path}: another process is adding to it; try again when it is done") from None
            # Again, now that nobody else changes it.
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
        """Positions of those of `ids` that are in the index."""
        return self._catalog.positions(ids, len(self))

    def videos(self, positions: Iterable[int]) -> dict[int, Video]:
        """The videos at these positions."""
        return self._catalog.videos(positions)

    def remember(self, name: str, value: Any) -> None:
        """Set one of the facts."""
        self._catalog.remember(name, value)

    def add(self, codes: np.ndarray, videos: Sequence[Video]) -> None:
        """Append videos with ids that are not in the index yet, and their packed codes uint8 [n, ceil(K/8)]."""
        if not len(videos):
            return
        if codes.shape != (len(videos), self._header.width):
            raise ValueError(f"codes of shape {codes.shape} for {len(videos)} videos of {self._header.width} bytes")
        after = Header(len(self) + len(videos), self._header.width)
        write_behind(self._file, self.path, self._header, codes)
        self._catalog.add(len(self), codes, videos)
        publish(self._file, self.path, after)
        self._header = after
