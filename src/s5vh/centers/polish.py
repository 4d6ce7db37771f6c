"""Improving binary centers by single bit flips: plain descent, and annealing followed by descent.

Both work on equation 11 of the S5VH paper and return centers that are never worse than those they were given.
They are not part of the paper: ADMM ends near a local minimum of single flips but seldom in one, and a short,
cool annealing from there finds better ones in seconds.

One proposal costs O(C): the change of the objective needs row i of the residual Phi Phi^T - K W and column k
of Phi, and an accepted flip changes that row (and, by symmetry, column) only. Phi is held transposed, [K, C],
so that both are contiguous.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from s5vh.centers.objective import objective
from s5vh.errors import UserError

# Descent stops by itself, as each flip lowers the objective by more than rounding; this only bounds it.
_MOST_DESCENT_SWEEPS = 10_000


@dataclass(frozen=True)
class RefineOptions:
    """Settings of `refine`.

    Attributes:
        sweeps: annealing sweeps of one chain (each proposes every bit once); 0 leaves only the descent.
        hot, cold: first and last temperature as multiples of C (a flip changes the objective by multiples of
            about 8 C). `hot` is chosen low enough that the structure ADMM has found survives.
        chains: independent annealings from the same centers, of which the best is kept; None takes as many as
            `budget` allows, between 2 and 32, so that small problems get many and large ones few.
        budget: elementary steps (sweeps x C^2 K) that `chains=None` may spend.
    """

    sweeps: int = 1000
    hot: float = 0.6
    cold: float = 0.2
    chains: int | None = None
    budget: float = 2.5e8

    def __post_init__(self) -> None:
        if self.sweeps < 0:
            raise UserError(f"refinement option sweeps is {self.sweeps}; give 0 or more")
        if not 0 < self.cold <= self.hot < np.inf:
            raise UserError(f"refinement options hot and cold are {self.hot} and {self.cold}; give 0 < cold <= hot")
        if self.chains is not None and self.chains < 1:
            raise UserError(f"refinement option chains is {self.chains}; give at least 1")
        if not 0 < self.budget < np.inf:
            raise UserError(f"refinement option budget is {self.budget}; give a number above 0")

    def number_of_chains(self, clusters: int, bits: int) -> int:
        """Chains to run for C centers of K bits."""
        if self.chains is not None:
            return self.chains
        if self.sweeps == 0:
            return 1
        return int(np.clip(self.budget / (self.sweeps * clusters**2 * bits), 2, 32))


@numba.njit(cache=True, fastmath=True)
def _sweep(codes, residual, column_sums, order, thresholds):
    """Propose the flips `order` (i * K + k); accept the n-th if it changes the objective by < thresholds[n].

    Updates codes [K, C], residual [C, C] (diagonal kept at 0) and column_sums [K] in place.
    Returns the number of accepted flips.
    """
    bits, clusters = codes.shape
    accepted = 0
    for n in range(order.size):
        i, k = order[n] // bits, order[n] % bits
        code = codes[k]
        row = residual[i]
        product = 0.0
        for j in range(clusters):
            product += row[j] * code[j]
        old = code[i]
        change = -8.0 * old * product + 8.0 * (clusters - 1) - 2.0 * old * column_sums[k] + 2.0
        if change < thresholds[n]:
            for j in range(clusters):
                shift = 2.0 * old * code[j]
                row[j] -= shift
                residual[j, i] -= shift
            row[i] = 0.0
            code[i] = -old
            column_sums[k] -= 2.0 * old
            accepted += 1
    return accepted


class _State:
    """Centers with what `_sweep` keeps up to date."""

    def __init__(self, centers: np.ndarray, W: np.ndarray):
        phi = np.asarray(centers, dtype=np.float64)
        self.codes = np.ascontiguousarray(phi.T)
        self.residual = phi @ phi.T - phi.shape[1] * W
        np.fill_diagonal(self.residual, 0.0)
        self.column_sums = phi.sum(axis=0)
        # Changes smaller than this are rounding: flipping back and forth on them would never end.
        self.least = 1e-9 * phi.size * (1.0 + np.abs(W).max())

    @property
    def centers(self) -> np.ndarray:
        return np.ascontiguousarray(self.codes.T).astype(np.int8)

    def sweep(self, order: np.ndarray, thresholds: np.ndarray) -> int:
        return _sweep(self.codes, self.residual, self.column_sums, order, thresholds)

    def descend(self) -> None:
        order = np.arange(self.codes.size)
        thresholds = np.full(self.codes.size, -self.least)
        for _ in range(_MOST_DESCENT_SWEEPS):
            if self.sweep(order, thresholds) == 0:
                return


def _better(candidate: np.ndarray, centers: np.ndarray, W: np.ndarray) -> np.ndarray:
    return candidate if objective(candidate, W) < objective(centers, W) else centers


def flip_descent(centers: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Flip bits one at a time, center by center, while that lowers equation 11; int8 [C, K], never worse.

    Deterministic. At the end no single flip lowers the objective (beyond rounding).
    """
    centers = np.asarray(centers, dtype=np.int8)
    state = _State(centers, W)
    state.descend()
    return _better(state.centers, centers, W)


def refine(centers: np.ndarray, W: np.ndarray, seed: int = 1, options: RefineOptions | None = None) -> np.ndarray:
    """Simulated annealing with single flips from `centers`: the best of several chains ended by descent.

    Args:
        centers: int8 [C, K] in {-1, +1}.
        W: float64 [C, C], symmetric.
        seed: of the proposals and their acceptance; chain n uses (seed, n), so more chains never hurt.
        options: see `RefineOptions`.

    Returns:
        int8 [C, K]: a single-flip local minimum of equation 11, never worse than `flip_descent(centers, W)`.
    """
    options = options or RefineOptions()
    clusters, bits = centers.shape
    best = flip_descent(centers, W)
    if options.sweeps == 0:
        return best
    temperatures = np.geomspace(options.hot, options.cold, options.sweeps) * clusters
    for chain in range(options.number_of_chains(clusters, bits)):
        random = np.random.default_rng([seed, chain])
        state = _State(centers, W)
        for temperature in temperatures:
            # Metropolis: a rise is accepted with probability exp(-rise / T), i.e. when rise < T * Exp(1).
            thresholds = temperature * random.standard_exponential(centers.size)
            state.sweep(random.permutation(centers.size), thresholds)
        state.descend()
        best = _better(state.centers, best, W)
    return best
