"""Uncertainty of retrieval scores: intervals over seeds, intervals over queries, and paired tests between methods.

Two sources of variance are treated separately. *Seeds*: the variance between training runs, which can be estimated only
if a cell is run with several seeds. *Queries*: the sampling variance of the queries, estimated from the spread of AP@N
over queries. Random numbers come from a fixed seed, so equal inputs give equal intervals, and scores of the same
queries are resampled jointly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from s5vh.retrieval.result import RetrievalResult

LEVEL = 0.95
RESAMPLES = 2_000
PERMUTATIONS = 9_999
EXACT_QUERIES = 13  # up to here, all 2**Q sign patterns are fewer than PERMUTATIONS, so the test is exact
_TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
_BLOCK = 1_000_000  # random numbers in memory at a time


def student_interval(values: Iterable[float]) -> tuple[float, float, float]:
    """Mean over seeds and its 95% confidence interval, by Student's t.

    Args:
        values: one number per seed.

    Returns:
        Mean, lower and upper bound. Both bounds are NaN for a single seed.
    """
    numbers = np.asarray(list(values), np.float64)
    mean = float(numbers.mean())
    if len(numbers) < 2:
        return mean, np.nan, np.nan
    half = float(student_half_width(numbers.std(ddof=1), np.array(len(numbers))))
    return mean, mean - half, mean + half


def student_half_width(deviation: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Half-width of the 95% interval of means of `count` values with this sample deviation; NaN for single values."""
    from scipy.special import stdtrit  # what scipy.stats.t.ppf calls; scipy.stats takes half a second to load

    count = np.asarray(count)
    return stdtrit(np.maximum(count - 1, 1), _TAILS[1]) * deviation / np.sqrt(count) + np.where(count > 1, 0.0, np.nan)


def prediction_half_width(deviation: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Half-width of the 95% prediction interval of one more value, t s sqrt(1 + 1/count); NaN for single values.

    A confidence interval is about the mean of infinitely many runs. A single other run, such as one printed number,
    also has a run's own deviation, so it must be compared with this wider interval.
    """
    return student_half_width(deviation, count) * np.sqrt(np.asarray(count) + 1)


def student_test(differences: Iterable[float]) -> float:
    """Two-sided p-value of Student's t-test that paired differences have mean 0; NaN for fewer than two.

    Differences that are all equal give 1 if they are 0, else 0.
    """
    from scipy.special import stdtr  # as above, of scipy.stats.t.sf

    numbers = np.asarray(list(differences), np.float64)
    if len(numbers) < 2:
        return np.nan
    mean, deviation = numbers.mean(), numbers.std(ddof=1)
    if deviation == 0:
        return float(mean == 0)
    return float(2 * stdtr(len(numbers) - 1, -abs(mean) * np.sqrt(len(numbers)) / deviation))


def geometric_means(mean_ap: np.ndarray) -> np.ndarray:
    """GmAP from mAP@N [..., cut-offs]: their geometric mean over the last axis, 0 where one of them is 0."""
    with np.errstate(divide="ignore"):
        return np.exp(np.log(mean_ap).mean(axis=-1))


def resampled_means(values: np.ndarray, resamples: int = RESAMPLES, seed: int = 0) -> np.ndarray:
    """Means of bootstrap samples of queries.

    Args:
        values: float [Q, columns], one row per query. All columns use the same samples, so that differences of
            their means are paired.
        resamples: number of samples R, each of Q queries drawn with replacement.
        seed: of the random numbers.

    Returns:
        float64 [R, columns].
    """
    queries = len(values)
    generator = np.random.default_rng(seed)
    values = np.asarray(values, np.float64)
    means = np.empty((resamples, values.shape[1]))
    rows = max(1, min(resamples, _BLOCK // queries))
    for start in range(0, resamples, rows):
        stop = min(start + rows, resamples)
        drawn = generator.integers(queries, size=(stop - start, queries))
        drawn += queries * np.arange(stop - start)[:, None]
        times = np.bincount(drawn.ravel(), minlength=(stop - start) * queries).reshape(-1, queries)
        means[start:stop] = times @ values / queries
    return means


def percentiles(resampled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the 95% percentile interval of resampled numbers [R, ...]."""
    low, high = np.quantile(resampled, _TAILS, axis=0)
    return low, high


def score_intervals(results: Mapping[str, RetrievalResult]) -> dict[str, dict[str, Any] | None]:
    """95% percentile bootstrap intervals over queries of mAP@N and GmAP, JSON-serialisable, for `metrics.json`.

    GmAP is recomputed from the resampled mAP@N. Model and database are fixed, so intervals include the sampling
    variance of the queries, but not the variance between training runs.

    Args:
        results: by protocol, scores of one set of codes, all for the same queries.

    Returns:
        By protocol `{"over": "queries", "level", "resamples", "mAP": {N: [low, high]}, "GmAP": [low, high]}`, or None
        for a single query.
    """
    widths = [result.average_precision.shape[1] for result in results.values()]
    stacked = np.concatenate([result.average_precision for result in results.values()], axis=1)
    if len(stacked) < 2:
        return dict.fromkeys(results)
    parts = np.split(resampled_means(stacked), np.cumsum(widths)[:-1], axis=1)
    found: dict[str, dict[str, Any] | None] = {}
    for (name, result), means in zip(results.items(), parts, strict=True):
        ends = np.stack(percentiles(means), axis=1).tolist()
        gmap = [float(end) for end in percentiles(geometric_means(means))]
        found[name] = {
            "over": "queries",
            "level": LEVEL,
            "resamples": RESAMPLES,
            "mAP": {str(n): end for n, end in zip(result.mean_ap, ends, strict=True)},
            "GmAP": gmap,
        }
    return found


def sign_flip_test(differences: np.ndarray, permutations: int = PERMUTATIONS, seed: int = 0) -> np.ndarray:
    """Two-sided p-values of the paired sign-flip permutation test.

    Under the null hypothesis that two methods are exchangeable, each query's difference is equally likely with either
    sign. The p-value is the fraction of sign patterns whose mean is at least as far from 0 as the observed one. Up to
    `EXACT_QUERIES` queries, all patterns are used; otherwise `permutations` random ones and the observed one (Phipson
    and Smyth, 2010), so the smallest possible p-value is 1 / (permutations + 1).

    Args:
        differences: float [Q, tests], first method minus second, one row per query.
        permutations: number of random sign patterns.
        seed: of the random numbers.

    Returns:
        float64 [tests].
    """
    differences = np.asarray(differences, np.float64)
    queries, total = len(differences), differences.sum(axis=0)
    # The margin keeps sums that are equal in exact arithmetic but differ by rounding.
    bound = np.abs(total) - 1e-10 * np.abs(differences).sum(axis=0)

    def as_extreme(flipped: np.ndarray) -> np.ndarray:
        """Whether patterns [patterns, Q], 1 where a sign is flipped, are as extreme: bool [patterns, tests]."""
        return np.abs(total - 2 * (flipped.astype(np.float64) @ differences)) >= bound

    if queries <= EXACT_QUERIES:
        return as_extreme(np.arange(2**queries)[:, None] >> np.arange(queries) & 1).mean(axis=0)
    generator = np.random.default_rng(seed)
    count = np.ones(differences.shape[1])
    rows, width = max(1, _BLOCK // queries), -(-queries // 8)
    for start in range(0, permutations, rows):
        size = min(rows, permutations - start)
        bits = np.frombuffer(generator.bytes(size * width), np.uint8).reshape(size, width)
        count += as_extreme(np.unpackbits(bits, axis=1, count=queries)).sum(axis=0)
    return count / (permutations + 1)


def holm(p_values: Sequence[float]) -> np.ndarray:
    """p-values adjusted by Holm's method (1979), which controls the family-wise error rate.

    Args:
        p_values: one per test; NaN for tests that were not made, which stay NaN and do not count.

    Returns:
        float64, at most 1, in the given order.
    """
    given = np.asarray(p_values, np.float64)
    adjusted = np.full(len(given), np.nan)
    order = [index for index in np.argsort(given) if not np.isnan(given[index])]
    scaled = given[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(scaled), 1) if order else []
    return adjusted
