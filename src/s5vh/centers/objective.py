"""The objective of hash centers: equation 11 of the S5VH paper, its gradient, and its change under single bit flips.

    E(Phi) = || Phi Phi^T - K W ||_F^2  +  1/2 sum_ij phi_i^T phi_j
             (similarity term)            (balance term)

The similarity term makes centers of similar clusters share bits; the balance term, which equals half the
squared norm of the column sums, makes every bit +1 for half of the centers.

Names: C centers of K bits, `centers` = Phi [C, K], `W` [C, C] symmetric similarity of the clusters.
E does not change when columns of Phi are permuted or negated.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class ObjectiveParts(NamedTuple):
    """Equation 11 and its two terms."""

    objective: float
    similarity_term: float
    balance_term: float


def signs(values: np.ndarray) -> np.ndarray:
    """Nearest codes: int8 in {-1, +1} of the same shape, with sign(0) = +1."""
    return np.where(np.asarray(values) >= 0, 1, -1).astype(np.int8)


def _similarity_residual(centers: np.ndarray, target: np.ndarray) -> np.ndarray:
    # In place: with many clusters, allocating another [C, C] costs more than the product itself.
    residual = centers @ centers.T
    residual -= target
    return residual


def objective_parts(centers: np.ndarray, W: np.ndarray) -> ObjectiveParts:
    """Equation 11 for real-valued `centers` [C, K], computed in float64."""
    centers = np.asarray(centers, dtype=np.float64)
    residual = _similarity_residual(centers, centers.shape[1] * W)
    similarity = float(np.sum(np.square(residual, out=residual)))
    balance = 0.5 * float(np.sum(centers.sum(axis=0) ** 2))
    return ObjectiveParts(similarity + balance, similarity, balance)


def objective(centers: np.ndarray, W: np.ndarray) -> float:
    """Equation 11 for real-valued `centers` [C, K]."""
    return objective_parts(centers, W).objective


def objective_and_gradient(centers: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """Equation 11 and its gradient 4 (Phi Phi^T - K W) Phi + 11^T Phi, for float64 `centers` [C, K] and symmetric
    `target` = K W."""
    residual = _similarity_residual(centers, target)
    column_sums = centers.sum(axis=0)
    value = float(np.vdot(residual, residual)) + 0.5 * float(column_sums @ column_sums)
    return value, 4.0 * (residual @ centers) + column_sums


def flip_gains(centers: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Change in equation 11 when one bit is flipped, for every bit: float64 [C, K]; negative is better.

    `centers` must be in {-1, +1} and `W` symmetric. Flipping bit k of center i adds -2 phi_ik phi_jk to the inner
    product with every other center j; that with itself stays K, so the diagonal does not contribute. All C K flips
    together take one matrix product, O(C^2 K).
    """
    centers = np.asarray(centers, dtype=np.float64)
    residual = _similarity_residual(centers, centers.shape[1] * W)
    np.fill_diagonal(residual, 0.0)
    similarity = -8.0 * centers * (residual @ centers) + 8.0 * (len(centers) - 1)
    balance = -2.0 * centers * centers.sum(axis=0) + 2.0
    return similarity + balance
