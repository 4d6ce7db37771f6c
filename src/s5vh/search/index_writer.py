"""An index open for changes.

Additions write the codes, then the catalog, then the header, each flushed to disk before the next. Replacements and
removals write all codes to a new file, then the catalog in one transaction, then rename the new file; readers find it
under its first name, too. A process that is killed in between loses only the current block of videos.
"""

from __future__ import annotations

import fcntl
import os
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import report_disk_errors
from s5vh.search.catalog import Listed, Record, Video, catalog_path
from s5vh.search.catalog_writer import CatalogWriter
from s5vh.search.code_runs import Ranges, Run, inside, ranges_of, size_of
from s5vh.search.index import ALWAYS_CHECKED, matching_codes, state_of
from s5vh.search.index_file import (
    Header,
    map_codes,
    next_path,
    publish,
    read_header,
    rename_over,
    write_behind,
    write_codes,
)

_CHUNK = 2**20  # codes rewritten at a time
_TICK = 0.02  # seconds, more than a step of the clock for the times of files


class IndexWriter:
    """An index open for changes, as a context manager, by one process at a time.

    Attributes:
        path: the file with the codes.
        facts: metadata of the index.

    Raises:
        UserError: as for `Index`, or if another process is changing it.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        with ExitStack() as stack:
            self._file = stack.enter_context(_locked(self.path))
            self._header = read_header(self.path)
            self._catalog = stack.enter_context(CatalogWriter(catalog_path(self.path)))
            where, codes = matching_codes(self.path, map_codes(self.path, self._header), self._catalog)
            stack.callback(lambda: self._file.close())
            if where != self.path:  # a rewriting was interrupted after its transaction
                self._take(Header(*codes.shape))
            next_path(self.path).unlink(missing_ok=True)
            self._catalog.upgrade()
            self.facts: dict[str, Any] = self._catalog.facts
            self._closing = stack.pop_all()

    def __len__(self) -> int:
        return self._header.videos

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        with self._closing:
            is_large = error is None and len(self) > ALWAYS_CHECKED
            if is_large and (state := state_of(self.path)) != self.facts.get("checked"):
                time.sleep(_TICK)  # file systems count time in ticks, and a later change must not seem of this one
                self.remember("checked", state)

    def known(self, ids: Sequence[str]) -> dict[str, int]:
        """Positions of those `ids` that are in the index."""
        return self._catalog.positions(ids, len(self))

    def videos(self, positions: Sequence[int]) -> dict[int, Video]:
        """The videos at these positions."""
        return self._catalog.videos(positions)

    def records(self, positions: Sequence[int]) -> dict[int, Record]:
        """What is remembered of the files of the videos at these positions."""
        return self._catalog.records(positions)

    def of_files(
        self, places: Sequence[tuple[str, int | None]], prefix: str | None
    ) -> dict[tuple[str, int | None], int]:
        """Positions of videos from these real paths and rows, with this prefix."""
        return self._catalog.of_files(places, prefix, len(self))

    def listed(self, where: str | None = None) -> Iterator[Listed]:
        """All entries that are not in runs, in order, or those from the file or folder at the absolute path `where`."""
        return self._catalog.listed(len(self), where)

    def runs(self) -> list[Run]:
        """All runs, in order."""
        return self._catalog.runs.below(len(self))

    def ids_like_rows(self, name: str) -> Iterator[str]:
        """Ids `name`#... of videos that are not in runs."""
        return self._catalog.ids_like_rows(name, len(self))

    @property
    def codes(self) -> np.ndarray:
        """The codes, uint8 [N, ceil(K/8)], memory-mapped, as they are now."""
        return map_codes(self.path, self._header)

    def remember(self, name: str, value: Any) -> None:
        """Set one of the facts."""
        self._catalog.remember(name, value)

    def add(self, codes: np.ndarray, videos: Sequence[Video], records: Sequence[Record] | None = None) -> None:
        """Append videos, whose ids must not be in the index yet.

        Args:
            codes: packed, uint8 [n, ceil(K/8)].
            videos: of the same number.
            records: of their files; without them, they count as made by an earlier version.
        """
        if not len(videos):
            return
        self._check(codes, videos)
        after = Header(len(self) + len(videos), self._header.width)
        write_behind(self._file, self.path, self._header, codes)
        records = records or [Record(video.source) for video in videos]
        self._catalog.add(len(self), codes, videos, records)
        publish(self._file, self.path, after)
        self._header = after

    def add_run(self, codes: np.ndarray, run: Run, prefix: str) -> None:
        """Append the videos of a run, which begins behind the last video of the index.

        Args:
            codes: packed, uint8 [n, ceil(K/8)].
            run: of the same number of videos.
            prefix: what its name begins with.
        """
        after = Header(run.stop, self._header.width)
        write_behind(self._file, self.path, self._header, codes)
        self._catalog.add_run(codes, run, prefix)
        publish(self._file, self.path, after)
        self._header = after

    def restate_runs(self, name: str, source: str, record: Record) -> None:
        """Set the file of all runs whose ids begin with `name`#, and the state in which it was read."""
        self._catalog.restate_runs(name, source, record)

    def refresh(self, positions: Sequence[int], videos: Sequence[Video], records: Sequence[Record]) -> None:
        """Set source, row and record of the videos at these positions; their ids and codes stay."""
        if len(positions):
            self._catalog.refresh(positions, videos, records)

    def replace(
        self, positions: Sequence[int], codes: np.ndarray, videos: Sequence[Video], records: Sequence[Record]
    ) -> None:
        """Give the videos at these positions other codes, and set their source, row and record; their ids stay."""
        if len(positions):
            self._check(codes, videos)
            self._rewrite([], np.asarray(positions, np.int64), codes, positions, videos, records)

    def replace_rows(self, positions: np.ndarray, codes: np.ndarray) -> None:
        """Give videos of runs, at positions int64 [n], other codes, uint8 [n, ceil(K/8)]."""
        if len(positions):
            self._rewrite([], positions, codes, [], [], [])

    def remove(self, positions: Sequence[int]) -> None:
        """Remove the videos at these positions; those behind move up."""
        self.remove_ranges(ranges_of(positions))

    def remove_ranges(self, removed: Ranges) -> None:
        """Remove the videos at ranges of positions; those behind move up."""
        if removed:
            empty = np.empty((0, self._header.width), np.uint8)
            self._rewrite(removed, np.empty(0, np.int64), empty, [], [], [])

    def forget_unused(self) -> None:
        """Drop the records of files that no video comes from any more."""
        self._catalog.forget_unused()

    def _check(self, codes: np.ndarray, videos: Sequence[Video]) -> None:
        if codes.shape != (len(videos), self._header.width):
            raise ValueError(f"codes of shape {codes.shape} for {len(videos)} videos of {self._header.width} bytes")

    def _rewrite(self, removed: Ranges, replaced: np.ndarray, codes: np.ndarray, *known: Any) -> None:
        old, blocks = self.codes, []
        order = np.argsort(replaced)
        ordered = replaced[order]
        after = Header(len(self) - size_of(removed), self._header.width)
        written, before = next_path(self.path), self._catalog.rewrites()

        def chunks() -> Iterator[np.ndarray]:
            first = 0
            for start in range(0, len(old), _CHUNK):
                piece = np.array(old[start : start + _CHUNK])
                here = slice(*np.searchsorted(ordered, [start, start + len(piece)]))
                piece[ordered[here] - start] = codes[order[here]]
                piece = piece[~inside(removed, start, len(piece))]
                if len(piece):
                    blocks.append((first, len(piece), zlib.crc32(piece)))
                    first += len(piece)
                    yield piece

        try:
            write_codes(written, after, chunks())
            self._catalog.rewrite(blocks, len(self), removed, *known)
        except BaseException:
            if self._catalog.rewrites() == before:  # else the new file is the one that belongs to the catalog
                written.unlink(missing_ok=True)
            raise
        self._take(after)

    def _take(self, header: Header) -> None:
        """Make the newly written codes those of the index, without ever leaving them unlocked."""
        written = _locked(next_path(self.path))
        rename_over(next_path(self.path), self.path)
        self._file.close()
        self._file, self._header = written, header


def _locked(path: Path) -> BinaryIO:
    """Open a file of codes for changes, with a lock that no other process can have."""
    while True:
        read_header(path)  # reject missing or unrelated files before opening one for writing
        with report_disk_errors(path):
            file = path.open("r+b", buffering=0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                return file
        except BlockingIOError:
            file.close()
            raise UserError(f"{path}: locked by another process; try again when that has finished") from None
        except OSError as error:
            file.close()
            raise UserError(f"{path}: cannot be locked ({error.strerror}); use a file system that can lock "
                            "files") from None  # fmt: skip
        # Another process has renamed a new file over this one before it was locked.
        file.close()
