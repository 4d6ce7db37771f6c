"""Videos of a feature file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.features import FeatureFile, block_size, check_finite, open_features
from s5vh.search.blocks import Block, Source, real_of, text_of
from s5vh.search.catalog import Video
from s5vh.search.freshness import row_digests, stamp
from s5vh.search.model_record import ModelFile

_BATCH = 256  # blocks consist of whole encoder batches, so that batches do not depend on how the file is read


class FeatureRows(Source):
    """Videos of a feature file, all or some.

    Args:
        path: HDF5 file with `feats` [N, T, D]; if it has no `ids`, videos are named FILE#ROW.
        rows: row numbers; None for all.
    """

    has_rows = True

    def __init__(self, path: Path, rows: Sequence[int] | None = None):
        self.path, self._rows = path, rows
        self._source, self._real = text_of(Path(os.path.abspath(path))), real_of(path)
        with open_features(path) as features:
            self.shape = features.shape
            self._stamp = stamp([path, *_linked(features)])
            self._named = features.has_ids
            self.is_named_by_path = not self._named
            if self._named:
                features.read_ids(0, 1)  # raises if they do not fit the videos
        outside = [row for row in rows or () if not 0 <= row < self.shape[0]]
        if outside:
            raise UserError(f"{path}: no row {outside[0]}; the file has {self.shape[0]} videos, numbered from 0")

    def __len__(self) -> int:
        return self.shape[0] if self._rows is None else len(self._rows)

    def check(self, model: ModelFile) -> None:
        if self.shape[2] != model.feature_size:
            raise UserError(f"{self.path}: features have dimension {self.shape[2]}, but the model ({model}) was "
                            f"trained with {model.feature_size}; provide features of the same kind")  # fmt: skip

    def blocks(self) -> Iterator[Block]:
        with open_features(self.path) as features:
            size = max(_BATCH, block_size(features.feats) // _BATCH * _BATCH)
            rows = np.arange(self.shape[0]) if self._rows is None else np.array(self._rows)
            for start in range(0, len(rows), size):
                part = rows[start : start + size]
                read = self._reader(features, part)
                yield Block(
                    self._videos(features, part), [self._real] * len(part), [self._stamp] * len(part), read,
                    lambda places, feats=None, read=read: row_digests(read(places)[0] if feats is None else feats),
                )  # fmt: skip

    def names(self) -> list[str]:
        """Names of all videos in the file."""
        with open_features(self.path) as features:
            return self._ids(features, np.arange(self.shape[0]))

    def row_of(self, video_id: str) -> int:
        """Number of the row with this id."""
        first = None
        with open_features(self.path) as features:
            for start in range(0, self.shape[0], 2**16):
                names = self._ids(features, np.arange(start, min(start + 2**16, self.shape[0])))
                first = first or names[0]
                for name in (video_id, f"{self.path.name}#{video_id}"):
                    if name in names:
                        return start + names.index(name)
        raise UserError(f"{self.path}: no video '{video_id}' (example id: '{first}')")

    def _videos(self, features: FeatureFile, rows: np.ndarray) -> list[Video]:
        names = self._ids(features, rows)
        return [Video(name, self._source, row) for name, row in zip(names, rows.tolist(), strict=True)]

    def _ids(self, features: FeatureFile, rows: np.ndarray) -> list[str]:
        if not self._named:
            return [f"{self.path.name}#{row}" for row in rows.tolist()]
        # One slice, because fancy indexing is much slower in h5py.
        first = int(rows.min())
        names = features.read_ids(first, int(rows.max()) + 1)
        return [names[row - first] for row in rows.tolist()]

    def _reader(self, features: FeatureFile, rows: np.ndarray) -> Callable:
        def read(places: Sequence[int]) -> tuple[np.ndarray, list[int]]:
            wanted = rows[list(places)]
            first, last = int(wanted.min()), int(wanted.max())
            if last - first < 2 * len(wanted):
                feats = features.feats[first : last + 1][wanted - first]
            else:
                feats = np.stack([features.feats[row] for row in wanted.tolist()])
            for place, row in enumerate(wanted.tolist()):
                check_finite(feats[place : place + 1], row, self.path)
            return feats, list(places)

        return read


def _linked(features: FeatureFile) -> list[Path]:
    """Files that hold the features of a file that only links to them."""
    if not features.feats.is_virtual:
        return []
    names = dict.fromkeys(source.file_name.replace("%%", "%") for source in features.feats.virtual_sources())
    return [features.path.parent / name for name in names if name != "."]
