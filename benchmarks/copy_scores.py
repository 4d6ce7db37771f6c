"""How well distances find the originals of altered copies; used by near_duplicates.py.

An archive has N videos, C of which are the originals; there are A altered copies of each. All measures follow from
distances of copies to videos of the archive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from s5vh.retrieval.uncertainty import percentiles, resampled_means


def recall_at_1(distances: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Probability that the nearest video is the original, if videos at equal distances are ranked at random.

    Args:
        distances: [..., C, N], of copies to the archive.
        rows: int [C], the archive's row of each original.

    Returns:
        float64 [..., C]: 0 if a video is nearer than the original, else 1 / (number of videos as near as it).
    """
    own = np.take_along_axis(distances, _as_columns(rows, distances), axis=-1)
    nearer, as_near = (distances < own).any(axis=-1), (distances == own).sum(axis=-1)
    return np.where(nearer, 0.0, 1.0 / as_near)


def radius_for(archive: np.ndarray, share: float) -> float:
    """The largest distance within which at most a `share` of the archive's pairs lie; negative if 0 is too large.

    It is chosen without any copy, so that tools whose distances mean different things raise false alarms equally often.

    Args:
        archive: [N, N], symmetric, between the videos of the archive; of integers if all distances are.
        share: below 1.
    """
    pairs = np.sort(archive[np.triu_indices(len(archive), 1)])
    too_far = pairs[int(share * len(pairs))]
    return float(too_far - 1 if np.issubdtype(pairs.dtype, np.integer) else np.nextafter(too_far, -np.inf))


def within(distances: np.ndarray, rows: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Whether the original is within the radius, and how many other videos are: float64 [..., C] each."""
    near = distances <= radius
    found = np.take_along_axis(near, _as_columns(rows, near), axis=-1)[..., 0].astype(np.float64)
    return found, near.sum(axis=-1) - found


def _as_columns(rows: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Rows [C] as an index [..., C, 1] into the last axis of an array [..., C, N]."""
    return np.broadcast_to(rows[:, None], (*like.shape[:-1], 1))


@dataclass(frozen=True)
class Outcome:
    """What a tool found; means over its seeds, float64 [A, C] each.

    Attributes:
        first: probability that the original comes first.
        found: whether it is within the radius.
        others: number of other videos within the radius.
    """

    first: np.ndarray
    found: np.ndarray
    others: np.ndarray

    @classmethod
    def of(cls, distances: np.ndarray, rows: np.ndarray, radii: list[float]) -> Outcome:
        """From distances [seeds, A, C, N] of copies to the archive, and one radius a seed."""
        parts = [(recall_at_1(one, rows), *within(one, rows, at)) for one, at in zip(distances, radii, strict=True)]
        return cls(*(np.mean(part, axis=0) for part in zip(*parts, strict=True)))

    def resampled(self) -> dict[str, np.ndarray]:
        """Measures of the copies as they are, and of bootstrap samples of the clips: [1 + R, A + 1] each.

        The last column is the mean over alterations; of precision, the share among all that is reported. Precision is
        NaN where nothing is reported. Every tool gets the same samples, so that differences are paired.
        """
        values = np.concatenate([self.first, self.found, self.others]).T  # [C, 3 A]
        means = np.concatenate([values.mean(axis=0, keepdims=True), resampled_means(values)])
        first, found, others = np.split(means, 3, axis=1)
        reported = _with_mean(found) + _with_mean(others)
        with np.errstate(invalid="ignore"):
            precision = np.where(reported > 0, _with_mean(found) / reported, np.nan)
        return {"recall_at_1": _with_mean(first), "recall": _with_mean(found), "precision": precision}


def _with_mean(columns: np.ndarray) -> np.ndarray:
    return np.concatenate([columns, columns.mean(axis=1, keepdims=True)], axis=1)


def interval(resampled: np.ndarray) -> dict[str, float | None]:
    """Value and 95% interval of a number followed by its bootstrap samples [1 + R].

    All are None if the number is undefined; samples in which it is are left out.
    """
    value, samples = resampled[0], resampled[1:]
    if np.isnan(value):
        return {"value": None, "low": None, "high": None}
    low, high = percentiles(samples[~np.isnan(samples)])
    return {"value": float(value), "low": float(low), "high": float(high)}


def summary(resampled: dict[str, np.ndarray], alterations: list[str]) -> dict[str, dict[str, Any]]:
    """Intervals by alteration, and "all", and measure."""
    return {
        key: {name: interval(columns[:, number]) for name, columns in resampled.items()}
        for number, key in enumerate([*alterations, "all"])
    }


def hamming(codes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Hamming distances int64 [n, m] of codes [n, K] and [m, K] in {-1, +1}; a 0 differs by half a bit."""
    product = codes.astype(np.int64) @ others.astype(np.int64).T
    return (codes.shape[1] - product) // 2


def cosine_distances(vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
    """1 - cosine, float64 [n, m], of vectors [n, D] and [m, D]."""
    first, second = (one / np.linalg.norm(one, axis=1, keepdims=True) for one in (vectors, others))
    return 1 - first @ second.T
