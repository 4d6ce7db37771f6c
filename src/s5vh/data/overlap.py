"""Videos that are a query and in the database too: each is found at once, which flatters every metric."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from s5vh.data.features import FeatureFile, open_features


@dataclass(frozen=True)
class Overlap:
    """Queries that are in the database too.

    Attributes:
        database_index: int64 [Q], position in the database of each query's first copy, -1 for none.
        pairs: the first of them as (query id, database id).
    """

    database_index: np.ndarray
    pairs: list[tuple[str, str]]

    @property
    def count(self) -> int:
        """How many queries are in the database."""
        return int((self.database_index >= 0).sum())


def find_overlap(query: str | Path, database: str | Path, *, shown: int = 10) -> Overlap:
    """Compare the features of all videos of two feature files bit by bit, as float32.

    Args:
        query: feature file of the queries.
        database: feature file of the database.
        shown: length of the list of pairs.
    """
    with open_features(query) as queries, open_features(database) as videos:
        where: dict[bytes, int] = {}
        for index, digest in enumerate(_digests(videos)):
            where.setdefault(digest, index)
        index = np.array([where.get(digest, -1) for digest in _digests(queries)], dtype=np.int64)
        hits = np.flatnonzero(index >= 0)[:shown]
        return Overlap(index, [(queries.ids[hit], videos.ids[index[hit]]) for hit in hits])


def _digests(features: FeatureFile) -> Iterator[bytes]:
    """A fingerprint of each video."""
    for block in features.blocks():
        for video in block.astype(np.float32, copy=False):
            # Adding 0 turns -0.0 into 0.0: equal values must have equal bytes.
            yield hashlib.blake2b(np.ascontiguousarray(video + 0.0).data, digest_size=16).digest()
