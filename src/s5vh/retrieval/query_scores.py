"""The file `ap.npz`: AP@N of every query under every protocol, for intervals and paired tests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import atomic
from s5vh.data.npz import read_npz
from s5vh.retrieval.result import RetrievalResult


@dataclass(frozen=True)
class QueryScores:
    """Per-query scores.

    Attributes:
        average_precision: by protocol, float32 [Q, cut-offs]; rows in the order of the query file.
        cutoffs: by protocol, the N of the columns.
        videos: digest of queries and database; scores can be paired only if their digests are equal.
    """

    average_precision: dict[str, np.ndarray]
    cutoffs: dict[str, tuple[int, ...]]
    videos: str


def videos_digest(ids: Sequence[Sequence[str]], labels: Sequence[np.ndarray]) -> str:
    """Digest of ids and labels of queries and database, in order: 16 hexadecimal digits."""
    sha = hashlib.sha256()
    for names, rows in zip(ids, labels, strict=True):
        sha.update("\n".join(names).encode())
        sha.update(str(rows.shape).encode() + np.packbits(np.asarray(rows) != 0).tobytes())
    return sha.hexdigest()[:16]


def write_query_scores(path: str | Path, results: Mapping[str, RetrievalResult], videos: str) -> None:
    """Write AP@N of every query in float32, atomically and without pickle.

    Args:
        path: target, ending in .npz.
        results: scores by protocol.
        videos: see `videos_digest`.
    """
    arrays = {"protocols": np.array(list(results)), "videos": np.array(videos)}
    for number, result in enumerate(results.values()):
        arrays[f"ap{number}"] = result.average_precision.astype(np.float32)
        arrays[f"cutoffs{number}"] = np.array(result.protocol.cutoffs)
    with atomic(path) as temporary:
        np.savez_compressed(temporary, **arrays)


def read_query_scores(path: str | Path, protocols: Sequence[str] = ()) -> QueryScores:
    """Read per-query scores; nothing in the file is unpickled.

    Raises:
        UserError: missing or broken file, or a missing protocol.
    """
    again = "evaluate the cell again"
    arrays = read_npz(path, "file of query scores", again)
    try:
        names = arrays["protocols"].tolist()
        found = QueryScores(
            {name: arrays[f"ap{number}"] for number, name in enumerate(names)},
            {name: tuple(arrays[f"cutoffs{number}"].tolist()) for number, name in enumerate(names)},
            str(arrays["videos"]),
        )
    except (KeyError, TypeError) as error:
        raise UserError(f"{path}: not a readable file of query scores (no array {error}); {again}") from None
    for name in protocols:
        if name not in found.average_precision:
            raise UserError(f"{path}: no scores for protocol '{name}'; {again}")
    return found
