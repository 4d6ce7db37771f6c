"""An index, made up of its codes (`index_file`) and its catalog (`catalog`), open for reading."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.search.catalog import Catalog, Mismatch, Video, catalog_path
from s5vh.search.catalog_writer import create_catalog
from s5vh.search.freshness import stamp
from s5vh.search.index_file import REMEDY, create_codes, map_codes, next_path, read_header
from s5vh.search.model_record import ModelFile

_ATTEMPTS = 3  # to open an index while another process rewrites it
# Codes; checksums of larger indexes are only compared if their file is not as it was written.
ALWAYS_CHECKED = 2**20


class Index:
    """An index open for reading, as a context manager: a snapshot of the videos it has when it is opened.

    Opening reads all codes and compares checksums, but of a large index only if its file is not in the state in which
    `IndexWriter` left it, for example because it was copied.

    Attributes:
        path: the file with the codes.
        codes: uint8 [N, ceil(K/8)], packed codes, memory-mapped.
        facts: metadata of the index: bits, model, extraction, provenance.

    Raises:
        UserError: a missing, truncated, damaged or unrelated file, or two files that do not belong together; also by
            `position` and `videos`, if another process has removed or replaced videos since.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        for attempt in range(1, _ATTEMPTS + 1):
            before, state = _identity(self.path), state_of(self.path)
            # Read the header before the catalog, so that the catalog has all videos that the header counts.
            header = read_header(self.path)
            self._catalog = Catalog(catalog_path(self.path))
            try:
                self.facts: dict[str, Any] = self._catalog.facts
                codes = map_codes(self.path, header)
                is_known = len(codes) > ALWAYS_CHECKED and state == self.facts.get("checked")
                is_known = is_known and state_of(self.path) == state  # so the mapped file is the one that was checked
                _, self.codes = matching_codes(self.path, codes, self._catalog, is_known)
                return
            except Mismatch:
                self._catalog.__exit__()
                if attempt == _ATTEMPTS or _identity(self.path) == before:
                    raise
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
        try:
            return ModelFile(**self.facts["model"])
        except TypeError:
            raise UserError(f"{catalog_path(self.path)}: damaged (wrong model); {REMEDY}") from None

    def position(self, video_id: str) -> int | None:
        """Position of a video in the index, or None."""
        try:
            video_id.encode()
        except UnicodeEncodeError:  # from the command line, in another encoding than UTF-8; no id is
            return None
        return self._catalog.positions([video_id], len(self)).get(video_id)

    def videos(self, positions: Iterable[int]) -> dict[int, Video]:
        """The videos at these positions."""
        return self._catalog.videos(positions)


def matching_codes(path: Path, codes: np.ndarray, catalog: Catalog, is_known: bool = False) -> tuple[Path, np.ndarray]:
    """The codes that belong to the catalog, and their file.

    These are `codes` of the file `path`, or those of a rewriting that was interrupted before its last step. The
    checksums of codes that are known to be right are not compared.

    Raises:
        UserError: neither belongs to it.
    """
    check_width(path, codes, catalog)
    try:
        catalog.check(path, codes, checksums=not is_known)
        return path, codes
    except Mismatch:
        written = next_path(path)
        try:
            codes = map_codes(written, read_header(written))
            check_width(written, codes, catalog)
            catalog.check(written, codes)
            complete = not catalog.lists_from(len(codes))
        except UserError:
            complete = False
        if not complete:
            raise
        return written, codes


def check_width(path: Path, codes: np.ndarray, catalog: Catalog) -> None:
    """Raise `UserError` unless codes, uint8 [N, width], and catalog have the same code length."""
    bits = catalog.facts["bits"]
    if type(bits) is not int:
        raise UserError(f"{catalog.path}: damaged (wrong bits); {REMEDY}")
    if codes.shape[1] != -(-bits // 8):
        raise UserError(f"{path}: codes have {8 * codes.shape[1]} bits, but {catalog.path.name} is for {bits} bits and "
                        "belongs to another index; restore the right one, or build a new index with another "
                        "--output")  # fmt: skip


def create_index(path: Path, bits: int, facts: Mapping[str, Any]) -> None:
    """Write an empty index. The code file comes last, because its existence makes the index valid.

    Raises:
        UserError: there is a catalog with videos but without its codes, or the files cannot be written.
    """
    catalog_file = catalog_path(path)
    if catalog_file.exists():
        with Catalog(catalog_file) as left:
            if left.lists_from(0):
                raise UserError(f"{catalog_file}: belongs to an index whose codes are missing; restore {path.name}, or "
                                "build the new index with another --output")  # fmt: skip
    create_catalog(catalog_file, {"bits": bits} | dict(facts))
    create_codes(path, -(-bits // 8))


def state_of(path: Path) -> str | None:
    """The stamp of an index's file; None if there is no such file."""
    try:
        return stamp([path])
    except OSError:
        return None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        state = os.stat(path)
    except OSError:
        return None
    return state.st_dev, state.st_ino
