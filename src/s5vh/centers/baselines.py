"""Hash centers that ignore cluster similarity, as baselines for the solvers of equation 11.

All return int8 [C, K] in {-1, +1} and are deterministic given the seed.
"""

from __future__ import annotations

import numpy as np


def bernoulli_centers(clusters: int, bits: int, seed: int = 1) -> np.ndarray:
    """Independent bits, each +1 with probability 1/2."""
    return (2 * np.random.default_rng(seed).integers(0, 2, (clusters, bits)) - 1).astype(np.int8)


def random_centers(clusters: int, bits: int, seed: int = 1) -> np.ndarray:
    """Every center has exactly K/2 (rounded down) bits equal to +1, at random positions."""
    row = np.full(bits, -1, dtype=np.int8)
    row[: bits // 2] = 1
    return np.random.default_rng(seed).permuted(np.tile(row, (clusters, 1)), axis=1)


def hadamard_centers(clusters: int, bits: int, seed: int = 1) -> np.ndarray:
    """Centers of CSQ ("Central Similarity Quantization for Efficient Image and Video Retrieval", CVPR 2020).

    The first C rows of a Hadamard matrix stacked on its negative: any two differ in K/2 or K bits. This requires
    that K is a power of two and C <= 2 K; otherwise, as in CSQ, all centers come from `bernoulli_centers`.
    """
    rows = sylvester_rows(bits)
    return rows[:clusters] if clusters <= len(rows) else bernoulli_centers(clusters, bits, seed)


def sylvester_rows(bits: int) -> np.ndarray:
    """Sylvester's Hadamard matrix of size K above its negative, int8 [2 K, K]; empty unless K is a power of two."""
    if bits & (bits - 1):
        return np.empty((0, bits), dtype=np.int8)
    rows = np.ones((1, 1), dtype=np.int8)
    while len(rows) < bits:
        rows = np.block([[rows, rows], [rows, -rows]])
    return np.concatenate([rows, -rows])
