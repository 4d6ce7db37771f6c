"""Refine binary centers by single bit flips: plain descent, and annealing followed by descent.

Both minimise equation 11 of the S5VH paper and never return worse centers than their input. They are not part of the
paper: ADMM ends near a local minimum with respect to single flips, but rarely in one, and a short annealing at low
temperature finds better centers in seconds.

A proposal costs O(1) and a flip O(C + K), because centers are visited in turn. With `others` = Phi^T Phi and `pulls` =
W Phi, both without the visited center i, all K changes of the objective follow from

    sum_{j != i} (phi_i^T phi_j - K W_ij) phi_jk  =  sum_a phi_ia others_ak - K pulls_ik,

which takes K^2 operations per visit; the only C x C matrix accessed is W. A flip in center i changes neither `others`
nor its own `pulls`, only the pulls of all other centers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from s5vh.base.errors import UserError
from s5vh.centers.objective import objective

# Only a safeguard: descent terminates, because each flip lowers the objective by more than the rounding error.
_MOST_DESCENT_SWEEPS = 10_000


@dataclass(frozen=True)
class RefineOptions:
    """Settings of `refine`.

    Attributes:
        sweeps: annealing sweeps per chain (each proposes every bit once); 0 means descent only. None means
            20 C, but at least 1000.
        hot, cold: initial and final temperature, as multiples of C (a flip changes the objective by multiples of
            about 8 C), or of 10 sqrt(C) beyond 100 centers. `hot` is low enough to preserve the structure found by
            ADMM, which is lost at a temperature that grows more slowly than C.
        chains: independent annealing runs from the same centers, of which the best is kept; None means as many as
            `budget` allows, between 1 and 32.
        budget: total number of proposals (sweeps x C K) over all chains, if `chains` is None.
    """

    sweeps: int | None = None
    hot: float = 0.6
    cold: float = 0.2
    chains: int | None = None
    budget: float = 3e7

    def __post_init__(self) -> None:
        if self.sweeps is not None and self.sweeps < 0:
            raise UserError(f"refinement option sweeps is {self.sweeps}; must not be negative")
        if not 0 < self.cold <= self.hot < np.inf:
            raise UserError(f"refinement options hot and cold are {self.hot} and {self.cold}; must be 0 < cold <= hot")
        if self.chains is not None and self.chains < 1:
            raise UserError(f"refinement option chains is {self.chains}; must be at least 1")
        if not 0 < self.budget < np.inf:
            raise UserError(f"refinement option budget is {self.budget}; must be positive")

    def temperatures(self, clusters: int) -> np.ndarray:
        """Temperature of each sweep for C centers, float64 [sweeps]."""
        sweeps = self.sweeps
        if sweeps is None:
            sweeps = max(1000, 20 * clusters)
        return np.geomspace(self.hot, self.cold, sweeps) * min(clusters, 10 * np.sqrt(clusters))

    def number_of_chains(self, clusters: int, bits: int) -> int:
        """Chains to run for C centers of K bits."""
        sweeps = len(self.temperatures(clusters))
        if self.chains is not None:
            return self.chains
        if sweeps == 0:
            return 1
        return int(np.clip(self.budget / (sweeps * clusters * bits), 1, 32))


@numba.njit(cache=True)
def _sweep(codes, similarity, gram, pulls, column_sums, order, thresholds):
    """Propose to flip each bit of the centers in `order`; accept if the objective changes by less than the proposal's
    threshold [centers, K].

    Updates codes [C, K], gram = Phi^T Phi [K, K], pulls [K, C] with pulls[k, i] = sum_{j != i} W_ij phi_jk, and
    column_sums [K] in place; `similarity` [C, C] is W with zeros on the diagonal. Returns the number of accepted flips.
    """
    clusters, bits = codes.shape
    fields = np.empty(bits)
    accepted = 0
    for n in range(order.size):
        i = order[n]
        code = codes[i]
        for k in range(bits):
            fields[k] = -bits * pulls[k, i]
        for a in range(bits):
            value, row = code[a], gram[a]
            for k in range(bits):
                row[k] -= value * code[k]
            for k in range(bits):
                fields[k] += value * row[k]
        for k in range(bits):
            old = code[k]
            change = -8.0 * old * fields[k] + 8.0 * (clusters - 1) - 2.0 * old * column_sums[k] + 2.0
            if change < thresholds[n, k]:
                row = gram[k]
                for b in range(bits):
                    fields[b] -= 2.0 * old * row[b]
                pull, weights = pulls[k], similarity[i]
                for j in range(clusters):
                    pull[j] -= 2.0 * old * weights[j]
                column_sums[k] -= 2.0 * old
                code[k] = -old
                accepted += 1
        for a in range(bits):
            value, row = code[a], gram[a]
            for k in range(bits):
                row[k] += value * code[k]
    return accepted


class _State:
    """Centers and the quantities that `_sweep` keeps up to date."""

    def __init__(self, centers: np.ndarray, W: np.ndarray):
        self.codes = np.array(centers, dtype=np.float64, order="C")
        self.similarity = np.array(W, dtype=np.float64, order="C")
        np.fill_diagonal(self.similarity, 0.0)
        self.gram = self.codes.T @ self.codes
        self.pulls = np.ascontiguousarray((self.similarity @ self.codes).T)
        self.column_sums = self.codes.sum(axis=0)
        # Smaller changes are rounding errors, on which descent could flip back and forth forever.
        self.least = 1e-9 * self.codes.size * (1.0 + np.abs(W).max())

    @property
    def centers(self) -> np.ndarray:
        return self.codes.astype(np.int8)

    def sweep(self, order: np.ndarray, thresholds: np.ndarray) -> int:
        return _sweep(self.codes, self.similarity, self.gram, self.pulls, self.column_sums, order, thresholds)

    def descend(self) -> None:
        order = np.arange(len(self.codes))
        thresholds = np.full(self.codes.shape, -self.least)
        for _ in range(_MOST_DESCENT_SWEEPS):
            if self.sweep(order, thresholds) == 0:
                return


def _better(candidate: np.ndarray, centers: np.ndarray, W: np.ndarray) -> np.ndarray:
    return candidate if objective(candidate, W) < objective(centers, W) else centers


def flip_descent(centers: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Flip bits one at a time, center by center, as long as this lowers equation 11; int8 [C, K], never worse.

    Deterministic. In the result, no single flip lowers the objective (beyond rounding).
    """
    centers = np.asarray(centers, dtype=np.int8)
    state = _State(centers, W)
    state.descend()
    return _better(state.centers, centers, W)


def refine(centers: np.ndarray, W: np.ndarray, seed: int = 1, options: RefineOptions | None = None) -> np.ndarray:
    """Simulated annealing with single flips from `centers`: the best of several chains, each ending in descent.

    Args:
        centers: int8 [C, K] in {-1, +1}.
        W: float64 [C, C], symmetric.
        seed: of the proposals and their acceptance; chain n uses (seed, n), so more chains are never worse.
        options: see `RefineOptions`.

    Returns:
        int8 [C, K]: a single-flip local minimum of equation 11, never worse than `flip_descent(centers, W)`.
    """
    options = options or RefineOptions()
    clusters, bits = centers.shape
    best = flip_descent(centers, W)
    temperatures = options.temperatures(clusters)
    if len(temperatures) == 0:
        return best
    for chain in range(options.number_of_chains(clusters, bits)):
        random = np.random.default_rng([seed, chain])
        state = _State(centers, W)
        for temperature in temperatures:
            # Metropolis: an increase is accepted with probability exp(-increase / T), i.e. if increase < T * Exp(1).
            thresholds = temperature * random.standard_exponential(centers.shape)
            state.sweep(random.permutation(clusters), thresholds)
        state.descend()
        best = _better(state.centers, best, W)
    return best
