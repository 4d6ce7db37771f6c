"""Hash centers as in the authors' released S5VH code, which differs from their paper (see `admm`).

Centers are updated one at a time. The new center b of cluster i, with the others H [C - 1, K] fixed, is searched by an
ADMM for

    minimise    mean(H)^T b + ||H b - t||^2        t: row i of W without W_ii, rescaled to [-K, K]
    subject to  H b <= K - 2 d                     d: a distance at which C centers are sure to exist, `margin`
                b in the box [-1, 1]^K and on the sphere of radius sqrt(K)

with one multiplier and one copy per constraint. The penalty grows by a factor of 1.07 from 5e-5 to 1e9, and dual steps
are scaled by the golden ratio. Another criterion decides whether b is accepted: the sum of its mean and its minimum
Hamming distance to the others must increase. Sweeps over all centers are repeated until five in a row, or 20 in total,
do not improve a third criterion, `separation_score`. This is not equation 11 either: with W fixed, it only rewards
centers that are far apart, so the search rarely leaves a Hadamard initialisation.

This is a reimplementation that uses no code of the authors. It keeps the following behaviour: `hadamard_start` redraws
its random rows ten times, because the released stopping test includes the distance of a center to itself; the box is
enforced but not part of the test that ends the inner iterations early; both random generators (Python's and NumPy's)
are seeded with 80, and seed 80 gives the same numbers here. With such a slowly growing penalty, the ADMM iterations are
chaotic: a different order of summation often leads to a different code, so equal seeds give equal centers only on the
same machine. Where the released code fails or divides by zero, our choices are: code lengths that are not powers of two
start from random rows only, a constant row of W gives target inner products of 0, and a single center is unchanged.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import numba
import numpy as np
from scipy.special import comb

from s5vh.base.errors import UserError
from s5vh.centers.baselines import sylvester_rows
from s5vh.centers.objective import objective
from s5vh.config.centers import default_seed

SEED = default_seed("released")
_GOLDEN_RATIO = (1 + 5**0.5) / 2
_REDRAWS = 10


@dataclass(frozen=True)
class ReleasedOptions:
    """Settings of the search; the defaults are those of the released code, which has no time limit.

    Attributes:
        penalty, growth, largest_penalty: initial penalty of the ADMM for one center, growth factor, and final penalty.
        inner_iterations: updates of b per penalty.
        candidates: iterations at the largest penalty, each of which proposes sign(b).
        agreement: weight of ||H b - t||^2.
        dual_step: step of the multipliers in units of the penalty.
        sweeps, patience: maximum number of sweeps over all centers, and of consecutive ones without improvement.
        seconds: time limit, checked after every center; the best centers so far are returned.
    """

    penalty: float = 5e-5
    growth: float = 1.07
    largest_penalty: float = 1e9
    inner_iterations: int = 10
    candidates: int = 100
    agreement: float = 1.0
    dual_step: float = _GOLDEN_RATIO
    sweeps: int = 20
    patience: int = 5
    seconds: float = 120.0

    def __post_init__(self) -> None:
        for name in ("penalty", "agreement", "dual_step", "seconds"):
            if not 0 < getattr(self, name) < np.inf:
                raise UserError(f"released solver's option {name} is {getattr(self, name)}; must be positive")
        if not 1 < self.growth < np.inf:
            raise UserError(f"released solver's option growth is {self.growth}; must be greater than 1")
        if not self.penalty <= self.largest_penalty < np.inf:
            raise UserError(
                f"released solver's option largest_penalty is {self.largest_penalty}; must be at least the penalty"
            )
        for name in ("inner_iterations", "candidates", "sweeps", "patience"):
            if getattr(self, name) < 1:
                raise UserError(f"released solver's option {name} is {getattr(self, name)}; must be at least 1")


@dataclass(frozen=True)
class ReleasedResult:
    """Result of the search.

    Attributes:
        centers: int8 [C, K] in {-1, +1}, the best by `separation_score`.
        objective_trace: equation 11 after each complete sweep, float64 [sweeps]; if there are none, of the result.
        sweeps: number of complete sweeps over all centers.
        limit_reached: whether the time limit stopped the search.
    """

    centers: np.ndarray
    objective_trace: np.ndarray
    sweeps: int
    limit_reached: bool


def margin(clusters: int, bits: int) -> int:
    """Smallest distance d for which a ball of radius d - 1 has at least 2^K / C codes.

    For smaller distances, C centers that far apart exist by the Gilbert-Varshamov bound.
    """
    held = np.cumsum(comb(bits, np.arange(bits + 1)))
    return int(np.argmax(held >= 2.0**bits / clusters)) + 1


def hadamard_start(clusters: int, bits: int, seed: int = SEED) -> np.ndarray:
    """Initialisation of CSQ, int8 [C, K]: rows of a Hadamard matrix and its negative, then random balanced rows."""
    generator = random.Random(seed)
    rows = sylvester_rows(bits)[:clusters]
    centers = np.ones((clusters, bits), dtype=np.int8)
    centers[: len(rows)] = rows
    if len(rows) < clusters:
        for _ in range(_REDRAWS):
            for i in range(len(rows), clusters):
                centers[i] = 1
                centers[i, generator.sample(range(bits), bits // 2)] = -1
    return centers


def separation_score(centers: np.ndarray, W: np.ndarray) -> float:
    """Score of a set of centers; larger is better.

    Sum over pairs of the Hamming distance, divided by C^2, plus the sum over pairs of W_ij - phi_i^T phi_j / K.
    """
    phi = np.asarray(centers, dtype=np.float64)
    clusters, bits = phi.shape
    upper = np.triu_indices(clusters, k=1)
    products = (phi @ phi.T)[upper]
    return float(np.sum((bits - products) / 2) / clusters**2 + np.sum(W[upper] - products / bits))


def wanted_products(similarities: np.ndarray, bits: int) -> np.ndarray:
    """Target inner products t with the others: similarities rescaled to [-K, K], or zeros if they are constant."""
    spread = np.ptp(similarities)
    if spread == 0:
        return np.zeros_like(similarities)
    return bits * (2.0 * (similarities - similarities.min()) / spread - 1.0)


def released_centers(
    W: np.ndarray, bits: int, seed: int = SEED, options: ReleasedOptions | None = None
) -> ReleasedResult:
    """Compute hash centers as in the released code.

    Args:
        W: float64 [C, C], symmetric and finite (`s5vh.centers.solve` checks it).
        bits: K.
        seed: of the random rows of the initialisation and of the initial multipliers.
        options: see `ReleasedOptions`. Equal seeds give equal centers unless the time limit is reached.
    """
    options = options or ReleasedOptions()
    clusters = len(W)
    draws = np.random.RandomState(seed)
    centers = hadamard_start(clusters, bits, seed)
    best, best_score = centers.copy(), -np.inf
    largest_product = float(bits - 2 * margin(clusters, bits))
    trace: list[float] = []
    useless, limit_reached = 0, False
    ends = time.monotonic() + options.seconds
    while clusters > 1 and len(trace) < options.sweeps and useless < options.patience:
        for i in range(clusters):
            others = np.delete(centers, i, axis=0).astype(np.float64)
            target = wanted_products(np.delete(W[i], i), bits)
            multipliers = draws.rand(bits), draws.rand(bits), draws.rand(clusters - 1)
            centers[i] = best_center(centers[i], others, target, largest_product, multipliers, options)
            limit_reached = time.monotonic() >= ends
            if limit_reached:
                break
        finished = i == clusters - 1
        if finished:
            trace.append(objective(centers, W))
        score = separation_score(centers, W)
        if score > best_score:
            best, best_score, useless = centers.copy(), score, 0
        else:
            useless += 1
        if limit_reached:
            # Not reached if the search was about to end anyway.
            limit_reached = not finished or (len(trace) < options.sweeps and useless < options.patience)
            break
    return ReleasedResult(best, np.array(trace or [objective(best, W)]), len(trace), limit_reached)


def best_center(
    center: np.ndarray,
    others: np.ndarray,
    target: np.ndarray,
    largest_product: float,
    multipliers: tuple[np.ndarray, np.ndarray, np.ndarray],
    options: ReleasedOptions,
) -> np.ndarray:
    """One step of the search: int8 [K], `center` itself unless the ADMM proposes one farther from the others.

    Args:
        center: int8 [K] in {-1, +1}, where the ADMM starts.
        others: H, float64 [C - 1, K] in {-1, +1}.
        target: t, float64 [C - 1].
        largest_product: K - 2 d.
        multipliers: initial values for box [K], sphere [K] and inner products [C - 1]; not modified.
        options: see `ReleasedOptions`.
    """
    # One eigendecomposition of H^T H serves all penalties: (2 rho + (rho + 2 alpha) H^T H) b = right-hand side.
    eigenvalues, eigenvectors = np.linalg.eigh(others.T @ others)
    first = (multiplier.copy() for multiplier in multipliers)
    settings = (options.penalty, options.growth, options.largest_penalty, options.inner_iterations, options.candidates)
    return _best_center(
        center.astype(np.float64), others, np.ascontiguousarray(others.T), target, others.mean(axis=0), largest_product,
        np.maximum(eigenvalues, 0.0), eigenvectors, np.ascontiguousarray(eigenvectors.T), *first,
        *settings, options.agreement, options.dual_step,
    ).astype(np.int8)  # fmt: skip


@numba.njit(cache=True)
def _combine(weights, rows, out):
    """out = sum_n weights[n] rows[n]: a matrix-vector product with contiguous memory access."""
    out[:] = 0.0
    for n in range(len(weights)):
        weight, row = weights[n], rows[n]
        for k in range(len(out)):
            out[k] += weight * row[k]


@numba.njit(cache=True)
def _separation(b, columns, products):
    """Mean plus minimum Hamming distance of sign(b) to the centers whose bits are `columns` [K, C - 1]."""
    code = np.empty(len(b))
    for k in range(len(b)):
        code[k] = 1.0 if b[k] >= 0.0 else -1.0
    _combine(code, columns, products)
    total, largest = 0.0, products[0]
    for j in range(len(products)):
        total += products[j]
        largest = max(largest, products[j])
    return 0.5 * (len(b) - total / len(products)) + 0.5 * (len(b) - largest)


# Loops instead of array expressions, which take numba about a second each to compile.
@numba.njit(cache=True)
def _best_center(
    center, others, columns, target, mean, largest_product, eigenvalues, eigenvectors, turned, y_box, y_sphere,
    y_products, rho, growth, largest_rho, inner_iterations, candidates, agreement, dual_step,
):  # fmt: skip
    """The ADMM for one center; `columns` and `turned` are the transposes of `others` and `eigenvectors`."""
    bits, number = len(center), len(others)
    b, box, sphere = center.copy(), center.copy(), center.copy()
    products, slack, pull = np.empty(number), np.empty(number), np.empty(number)
    right, rotated = np.empty(bits), np.empty(bits)
    best, best_separation = center.copy(), _separation(center, columns, products)
    for j in range(number):
        slack[j] = largest_product - products[j]
    proposed = 0
    while proposed < candidates:
        for _ in range(inner_iterations):
            for j in range(number):
                pull[j] = rho * (largest_product - slack[j]) - y_products[j] + 2.0 * agreement * target[j]
            _combine(pull, others, right)
            for k in range(bits):
                right[k] += rho * (box[k] + sphere[k]) - y_box[k] - y_sphere[k] - mean[k]
            _combine(right, eigenvectors, rotated)
            for k in range(bits):
                rotated[k] /= 2.0 * rho + (rho + 2.0 * agreement) * eigenvalues[k]
            _combine(rotated, turned, b)
            _combine(b, columns, products)

            length = 0.0
            for k in range(bits):
                box[k] = b[k] + y_box[k] / rho
                sphere[k] = b[k] + y_sphere[k] / rho
                length += sphere[k] * sphere[k]
            inside = abs(length - bits) <= 0.001
            for j in range(number):
                slack[j] = largest_product - products[j] - y_products[j] / rho
                inside = inside and slack[j] >= 0.0
            shrink = 1.0 if inside else np.sqrt(bits / length)
            for k in range(bits):
                box[k] = box[k] if inside else min(max(box[k], -1.0), 1.0)
                sphere[k] *= shrink
                y_box[k] += dual_step * rho * (b[k] - box[k])
                y_sphere[k] += dual_step * rho * (b[k] - sphere[k])
            for j in range(number):
                slack[j] = max(slack[j], 0.0)
                y_products[j] += dual_step * rho * (products[j] + slack[j] - largest_product)
            if inside:
                break
        rho = min(growth * rho, largest_rho)
        if rho == largest_rho:
            proposed += 1
            separation = _separation(b, columns, products)
            if separation > best_separation:
                best_separation = separation
                for k in range(bits):
                    best[k] = 1.0 if b[k] >= 0.0 else -1.0
    return best
