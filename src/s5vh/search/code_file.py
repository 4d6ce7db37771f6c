"""Code files: packed codes that something else has made, as a NumPy file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import check_file, report_read_errors
from s5vh.retrieval.codes import as_packed
from s5vh.search.blocks import Block, Source, real_of, text_of
from s5vh.search.catalog import Video
from s5vh.search.code_runs import split_id
from s5vh.search.freshness import row_digests, stamp
from s5vh.search.model_record import ModelFile

_BLOCK = 256  # videos of a block; only queries are read block by block
_FORM = "a NumPy file (.npy) of packed codes, uint8 [videos, bytes], as of numpy.packbits(codes > 0, axis=1)"


class CodeFile(Source):
    """Videos of a code file, all or some, named FILE#ROW; `read` of its blocks returns packed codes, uint8 [n, width].

    Args:
        path: a .npy file.
        rows: row numbers; None for all.

    Attributes:
        source, real: its absolute path, and the same without symbolic links.
        codes: uint8 [N, width], memory-mapped.
        stamp: `freshness.stamp` of the file before it was opened.

    Raises:
        UserError: missing, unreadable or of another kind; rows that it does not have.
    """

    is_named_by_path = True
    has_rows = True

    def __init__(self, path: Path, rows: Sequence[int] | None = None):
        self.path, self._rows = path, rows
        self.source, self.real = text_of(Path(os.path.abspath(path))), real_of(path)
        check_file(path)
        with report_read_errors(path):
            self.stamp = stamp([path])
            try:
                self.codes = np.load(path, mmap_mode="r", allow_pickle=False)
            except (ValueError, EOFError):
                raise UserError(f"{path}: not a readable code file (truncated or damaged); provide {_FORM}") from None
        shape = self.codes.shape
        if self.codes.dtype != np.uint8 or len(shape) != 2 or not shape[0] or not self.codes.flags.c_contiguous:
            raise UserError(f"{path}: an array {self.codes.dtype} {list(shape)}; provide {_FORM}")
        outside = [row for row in rows or () if not 0 <= row < shape[0]]
        if outside:
            raise UserError(f"{path}: no row {outside[0]}; the file has {shape[0]} videos, numbered from 0")

    def __len__(self) -> int:
        return len(self.codes) if self._rows is None else len(self._rows)

    def check(self, model: ModelFile) -> None:
        if self.codes.shape[1] != -(-model.bits // 8):
            raise UserError(f"{self.path}: codes of {self.codes.shape[1]} bytes, but those of the model ({model}) have "
                            f"{-(-model.bits // 8)}; provide codes of this model")  # fmt: skip

    def part(self, rows: slice | np.ndarray, bits: int) -> np.ndarray:
        """Codes of some rows in memory, uint8 [n, ceil(bits/8)].

        Raises:
            UserError: padding bits are set.
        """
        return as_packed(np.array(self.codes[rows]), bits, f"{self.path}: codes")

    def blocks(self) -> Iterator[Block]:
        rows = range(len(self.codes)) if self._rows is None else self._rows
        for start in range(0, len(rows), _BLOCK):
            part = list(rows[start : start + _BLOCK])
            codes = np.array(self.codes[part])
            yield Block(
                [Video(f"{self.path.name}#{row}", self.source, row) for row in part],
                [self.real] * len(part), [self.stamp] * len(part),
                lambda places, codes=codes: (codes[list(places)], list(places)),
                lambda places, _=None, codes=codes: row_digests(codes[list(places)]),
            )  # fmt: skip

    def row_of(self, video_id: str) -> int:
        """Number of the row with this id, which is the number itself or FILE#ROW."""
        name, row = split_id(video_id)
        if name not in ("", self.path.name) or row is None or row >= len(self.codes):
            raise UserError(f"{self.path}: no video '{video_id}' (example id: '0')")
        return row
