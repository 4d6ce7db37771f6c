"""Search an index: resolve the user's queries, encode them and rank the index.

What reads and encodes videos is imported where a query needs it: to rank the ids of videos in the index, only its codes
are read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from s5vh.base.errors import UserError
from s5vh.config.precision import EncodingPrecision
from s5vh.retrieval.codes import as_packed
from s5vh.search import nearest_of_few
from s5vh.search.blocks import Source
from s5vh.search.catalog import Video
from s5vh.search.code_file import CodeFile
from s5vh.search.extraction import Extraction
from s5vh.search.index import Index
from s5vh.search.precision import precision_of

TOP = 10
_TOGETHER = 256  # queries ranked together


@dataclass(frozen=True)
class Hit:
    """A retrieved video.

    Attributes:
        rank: from 1.
        video: the video.
        distance: Hamming distance to the query, in bits.
    """

    rank: int
    video: Video
    distance: int


@dataclass(frozen=True)
class Result:
    """A query and its hits, nearest first, with ties in index order."""

    query: Video
    hits: list[Hit]


@dataclass(frozen=True)
class _Encoded:
    videos: list[Video]
    codes: np.ndarray  # uint8 [n, ceil(K/8)]
    positions: np.ndarray  # int64 [n], position of the query itself in the index, -1 for videos from outside


class Search:
    """A search of one index; all queries are validated before any result is produced.

    Args:
        index: the index.
        queries: each a feature or code file, `FILE#ID` for one of its videos, a video file, a folder of video files, or
            the id of a video in the index.
        rows: rows to use from the feature and code files among the queries; empty for all.
        model_file: the model; by default the one that built the index, at its recorded path.
        dataset: see `Extraction`.
        device, threads: where to encode.
        precision: arithmetic of a network while it encodes; by default that of the index.

    Raises:
        UserError: a query that is neither a file nor an id; an empty index; a model other than the index's; features
            that do not fit the model; unreadable video files.
    """

    def __init__(
        self,
        index: Index,
        queries: Sequence[str],
        *,
        rows: Sequence[int] = (),
        model_file: Path | None = None,
        dataset: str | None = None,
        device: str = "auto",
        threads: int | None = None,
        precision: EncodingPrecision | None = None,
    ):
        self.index, self._device, self._threads = index, device, threads
        if not len(index):
            raise UserError(f"{index.path}: the index is empty; add videos with `s5vh index`")
        own = precision_of(index.path, index.facts)
        self._precision = precision or own or "float32"
        self._model_path = model_file or Path(index.model.path)
        self._extraction = Extraction(index.model, index.facts["extraction"], dataset, device=device, threads=threads)
        self._parts = [self._resolved(query, rows) for query in queries]
        if rows and not any(isinstance(part, Source) and part.has_rows for part in self._parts):
            raise UserError("--row: only applies to feature files, but none of the queries is one")
        if any(isinstance(part, Source) and not isinstance(part, CodeFile) for part in self._parts):
            index.model.check(self._model_path, index.path)
            if precision not in (None, own) and own is not None:
                note = f"codes were computed in {own}, queries are encoded in {precision}, so single bits can differ"
                print(f"{index.path}: note: {note}", file=sys.stderr)
        for part in self._parts:
            if isinstance(part, Source):
                part.check(index.model)
                for text in part.passed_over:
                    print(f"{part.path}: {text}", file=sys.stderr)

    def __len__(self) -> int:
        """Number of queries."""
        return sum(len(part) if isinstance(part, Source) else 1 for part in self._parts)

    def results(self, top: int | None = None, radius: int | None = None, probes: int | None = None) -> Iterator[Result]:
        """Rank the index for every query.

        Args:
            top: maximum number of hits; None: 10, or all within the radius if there is one.
            radius: only videos within this Hamming distance.
            probes: number of clusters to search approximately; None for an exact search.

        Raises:
            UserError: see `Approximate`; a radius and probes.
        """
        bits, codes = self.index.bits, self.index.codes
        if probes is not None and radius is not None:
            raise UserError("--probes: cannot be combined with --radius, which finds all videos within it")
        approximate = None
        if probes is not None:
            from s5vh.search.approximate import Approximate

            approximate = Approximate(self.index, self._threads)
        ranking = _ranking(len(self) * len(codes) * -(-bits // 64))
        for part in self._encoded():
            if approximate:
                lists = approximate.nearest(part.codes, top or TOP, probes, part.positions)
            elif radius is None:
                lists = zip(*ranking.nearest(part.codes, codes, bits, top or TOP, part.positions), strict=True)
            else:
                lists = ranking.within(part.codes, codes, bits, min(radius, bits), part.positions)
            for video, (positions, distances) in zip(part.videos, lists, strict=True):
                kept = distances[:top] <= bits
                yield Result(video, self._hits(positions[:top][kept], distances[:top][kept]))

    def _hits(self, positions: np.ndarray, distances: np.ndarray) -> list[Hit]:
        videos = self.index.videos(positions.tolist())
        pairs = zip(positions.tolist(), distances.tolist(), strict=True)
        return [Hit(rank, videos[position], distance) for rank, (position, distance) in enumerate(pairs, start=1)]

    def _resolved(self, query: str, rows: Sequence[int]) -> Source | int:
        """Resolve a query to a source of videos, or to a position in the index."""
        path = Path(query)
        if query and os.path.exists(query):
            from s5vh.search.sources import open_source

            return open_source(path, self._extraction, _refuse, rows)
        named = _row_named(query)
        if named is not None:
            from s5vh.search.sources import open_rows

            file, name = named
            return open_rows(file, [open_rows(file).row_of(name)])
        position = self.index.position(query)
        if position is None:
            example = self.index.videos([0])[0].id
            raise UserError(f"'{query}': neither a file nor the id of a video in {self.index.path} "
                            f"(example id: '{example}')")  # fmt: skip
        return position

    def _encoded(self) -> Iterator[_Encoded]:
        with ExitStack() as stack:
            encode = None
            for part in self._parts:
                if isinstance(part, int):
                    # The query itself is excluded from its results.
                    videos = [self.index.videos([part])[part]]
                    yield _Encoded(videos, np.asarray(self.index.codes[part : part + 1]), np.array([part]))
                    continue
                # Load the model only once, and only if there is anything to encode.
                if encode is None and not isinstance(part, CodeFile):
                    from s5vh.methods.model_file import read_model
                    from s5vh.training.encoding import open_encoder

                    opened = open_encoder(read_model(self._model_path), self._device, self._threads, self._precision)
                    encode, _ = stack.enter_context(opened)
                for block in part.blocks():
                    feats, places = block.read(range(len(block.videos)))
                    codes = as_packed(feats if isinstance(part, CodeFile) else encode(feats), self.index.bits)
                    for start in range(0, len(places), _TOGETHER):
                        own = codes[start : start + _TOGETHER]
                        videos = [block.videos[place] for place in places[start : start + _TOGETHER]]
                        yield _Encoded(videos, own, np.full(len(own), -1))


def _ranking(words: int) -> ModuleType:
    """The module that ranks fastest if so many pairs of words are compared in all; results are the same."""
    if words <= nearest_of_few.FEW:
        return nearest_of_few
    from s5vh.search import nearest

    return nearest


def _refuse(error: UserError, is_lost: bool) -> None:
    # Unreadable queries are errors; damaged ones are searched with the frames that could be decoded.
    if is_lost:
        raise error
    print(f"{error}; used anyway", file=sys.stderr)


def _row_named(text: str) -> tuple[Path, str] | None:
    """Split `FILE#ID` where FILE exists, else None; file names and ids may themselves contain `#`."""
    starts = [start for start, letter in enumerate(text) if letter == "#" and start]
    for start in starts:
        if os.path.isfile(text[:start]):
            return Path(text[:start]), text[start + 1 :]
    return None
