"""Queries that are also in the database: such self-matches inflate every metric."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from s5vh.data.features import FeatureFile, open_features


@dataclass(frozen=True)
class Overlap:
    """Queries that are also in the database.

    Attributes:
        database_index: int64 [Q], database position of each query itself or of its first copy, or -1.
        pairs: the first matches, as (query id, database id).
    """

    database_index: np.ndarray
    pairs: list[tuple[str, str]]

    @property
    def count(self) -> int:
        """Number of queries in the database."""
        return int((self.database_index >= 0).sum())


def find_overlap(query: str | Path, database: str | Path, *, shown: int = 10) -> Overlap:
    """Find queries whose features, as float32, are bit-identical to those of a database video.

    If both are the same file, every query is the video at its own position, without a comparison and without pairs.

    Args:
        query: feature file of the queries.
        database: feature file of the database.
        shown: maximum length of `pairs`.
    """
    with open_features(query) as queries, open_features(database) as videos:
        if Path(query).resolve() == Path(database).resolve():
            return Overlap(np.arange(len(queries.feats)), [])
        position: dict[bytes, int] = {}
        for index, digest in enumerate(_digests(videos)):
            position.setdefault(digest, index)
        index = np.array([position.get(digest, -1) for digest in _digests(queries)], dtype=np.int64)
        hits = np.flatnonzero(index >= 0)[:shown]
        return Overlap(index, [(queries.ids[hit], videos.ids[index[hit]]) for hit in hits])


def _digests(features: FeatureFile) -> Iterator[bytes]:
    """Yield a digest of each video."""
    for block in features.blocks():
        for video in block.astype(np.float32, copy=False):
            # Adding 0 maps -0.0 to 0.0, so that equal values have equal bytes.
            yield hashlib.blake2b(np.ascontiguousarray(video + 0.0).data, digest_size=16).digest()
