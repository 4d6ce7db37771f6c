"""Hash centers by lp-box ADMM with p = 2 (S5VH paper, equations 11 to 18).

The paper's symbols and the names used here:

    Phi         `centers`      relaxed centers, float64 [C, K]; the solution is their sign
    W           `W`            cosine similarity of the cluster centroids [C, C]
    S_b, S_p                   the box [-1, 1]^(C K) and the sphere of radius sqrt(C K); their intersection is
                               exactly {-1, +1}^(C K), so the splitting is exact
    Psi_b       `in_box`       copy of Phi constrained to the box
    Psi_p       `on_sphere`    copy of Phi constrained to the sphere
    Y_b, Y_p    `dual_box`, `dual_sphere`    multipliers of Phi = Psi_b and Phi = Psi_p
    mu_b, mu_p  `mu`           penalties; one increasing value for both (see `AdmmOptions.growth`)
    eta         `step`         dual step, in units of mu
    G           `linear`       Y_b + Y_p - mu_b Psi_b - mu_p Psi_p

An iteration updates Phi, then Psi_b and Psi_p, then Y_b and Y_p, in the paper's order (`AdmmOptions.phi_first`).

Equation 16 calls the sphere projection Psi_b; by the definition of S_p it is Psi_p. The paper does not specify the
initialisation, penalties or stopping rule, nor how exactly a Phi step is solved; those here are ours and documented in
`AdmmOptions`. Before the first iteration, Psi_b and Psi_p are the projections of the initial Phi, and Y_b and Y_p zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from s5vh.base.errors import UserError
from s5vh.centers.objective import objective, objective_and_gradient, signs


@dataclass(frozen=True)
class AdmmOptions:
    """Settings of the lp-box ADMM.

    Attributes:
        penalty: initial mu, as a multiple of C K (the curvature of equation 11 grows with C K). Small enough
            that the first iterations minimise equation 11 before the binary constraint takes effect.
        growth: factor on mu after each iteration, at least 1. Slow growth finds better centers: 1.1 is faster,
            but its final objective is about 20 % higher at C = 100, K = 64. None means 1.02 for up to 100
            centers and less for more, which need slower growth: 1.003 for 450.
        step: eta, dual step in units of mu.
        iterations: maximum number of ADMM iterations.
        inner_iterations: maximum number of L-BFGS-B iterations per Phi step, which therefore is inexact; a few suffice,
            because each step is warm started. None means 5 for up to 100 centers and 10 for more.
        tolerance: stop when ||Phi - Psi_b|| and ||Phi - Psi_p||, both divided by sqrt(C K), are below this.
        phi_first: update Phi before Psi_b and Psi_p, as in the paper; if false, after them. The multipliers come last
            in both cases.
    """

    penalty: float = 0.005
    growth: float | None = None
    step: float = 1.0
    iterations: int = 5000
    inner_iterations: int | None = None
    tolerance: float = 1e-3
    phi_first: bool = True

    def __post_init__(self) -> None:
        for name in ("penalty", "step", "tolerance"):
            if not 0 < getattr(self, name) < np.inf:
                raise UserError(f"ADMM option {name} is {getattr(self, name)}; must be positive")
        if self.growth is not None and not 1 <= self.growth < np.inf:
            raise UserError(f"ADMM option growth is {self.growth}; must be at least 1")
        for name in ("iterations", "inner_iterations"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UserError(f"ADMM option {name} is {value}; must be at least 1")

    def growth_of(self, clusters: int) -> float:
        """Factor on mu for C centers."""
        if self.growth is not None:
            return self.growth
        return min(1.02, 1 + max(0.001, 0.02 * (100 / clusters) ** 1.25))

    def inner_iterations_of(self, clusters: int) -> int:
        """Maximum number of L-BFGS-B iterations per Phi step for C centers."""
        if self.inner_iterations is not None:
            return self.inner_iterations
        return 5 if clusters <= 100 else 10


@dataclass(frozen=True)
class AdmmResult:
    """Result of the ADMM.

    Attributes:
        centers: int8 [C, K] in {-1, +1}: the sign of the final Phi.
        objective_trace: equation 11 at sign(Phi) after each iteration, float64 [iterations].
        residual_box_trace, residual_sphere_trace: ||Phi - Psi|| / sqrt(C K) after each iteration.
        converged: whether both residuals fell below the tolerance.
    """

    centers: np.ndarray
    objective_trace: np.ndarray
    residual_box_trace: np.ndarray
    residual_sphere_trace: np.ndarray
    converged: bool


def spectral_start(W: np.ndarray, bits: int, seed: int) -> np.ndarray:
    """Initial Phi, float64 [C, K]: the best rank-K approximation of K W, randomly rotated, plus a little noise.

    Phi = sqrt(K) U sqrt(max(Lambda, 0)) Q with W = U Lambda U^T already minimises the similarity term over
    real matrices, for any rotation Q. A random Q (by `seed`) spreads the leading directions evenly over the
    bits; without it, the first bits would carry all the information. The noise (standard deviation 0.01)
    separates centers whose rows of W are equal, which would otherwise stay identical.
    """
    eigenvalues, eigenvectors = np.linalg.eigh(W)
    leading = np.argsort(-eigenvalues, kind="stable")[:bits]
    factor = eigenvectors[:, leading] * np.sqrt(bits * np.maximum(eigenvalues[leading], 0.0))
    factor = np.pad(factor, ((0, 0), (0, bits - factor.shape[1])))
    random = np.random.default_rng(seed)
    rotation, _ = np.linalg.qr(random.standard_normal((bits, bits)))
    return factor @ rotation + 0.01 * random.standard_normal(factor.shape)


def project_box(centers: np.ndarray) -> np.ndarray:
    """Nearest point of S_b (equation 15)."""
    return np.clip(centers, -1.0, 1.0)


def project_sphere(centers: np.ndarray) -> np.ndarray:
    """Nearest point of S_p (equation 16); all ones for the origin."""
    norm = np.linalg.norm(centers)
    if norm == 0.0:
        return np.ones_like(centers)
    return centers * (np.sqrt(centers.size) / norm)


def phi_step(centers: np.ndarray, W: np.ndarray, mu: float, linear: np.ndarray, most: int) -> np.ndarray:
    """Minimise equation 11 + mu ||Phi||^2 + <G, Phi> by L-BFGS-B from `centers`, at most `most` iterations.

    With mu_b = mu_p = mu, the gradient is 4 (Phi Phi^T - K W) Phi + 11^T Phi + 2 mu Phi + G (equation 14).
    """

    target = centers.shape[1] * W

    def augmented_lagrangian(flat: np.ndarray) -> tuple[float, np.ndarray]:
        phi = flat.reshape(centers.shape)
        value, gradient = objective_and_gradient(phi, target)
        value += mu * np.vdot(phi, phi) + np.vdot(linear, phi)
        return value, (gradient + 2.0 * mu * phi + linear).ravel()

    found = minimize(augmented_lagrangian, centers.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": most})
    return found.x.reshape(centers.shape)


def lp_box_admm(W: np.ndarray, bits: int, seed: int = 1, options: AdmmOptions | None = None) -> AdmmResult:
    """Minimise equation 11 over {-1, +1}^(C x K) by lp-box ADMM.

    Args:
        W: float64 [C, C], symmetric and finite (`s5vh.centers.solve` checks it).
        bits: K.
        seed: of `spectral_start`; everything else is deterministic.
        options: see `AdmmOptions`.
    """
    options = options or AdmmOptions()
    phi = spectral_start(W, bits, seed)
    scale = np.sqrt(phi.size)
    mu = options.penalty * phi.size
    growth, inner_iterations = options.growth_of(len(W)), options.inner_iterations_of(len(W))
    dual_box = np.zeros_like(phi)
    dual_sphere = np.zeros_like(phi)

    def projections() -> tuple[np.ndarray, np.ndarray]:
        return project_box(phi + dual_box / mu), project_sphere(phi + dual_sphere / mu)

    in_box, on_sphere = projections()
    objectives: list[float] = []
    residuals: list[tuple[float, float]] = []
    converged = False
    for _ in range(options.iterations):
        if not options.phi_first:
            in_box, on_sphere = projections()
        linear = dual_box + dual_sphere - mu * (in_box + on_sphere)
        phi = phi_step(phi, W, mu, linear, inner_iterations)
        if options.phi_first:
            in_box, on_sphere = projections()
        dual_box += options.step * mu * (phi - in_box)
        dual_sphere += options.step * mu * (phi - on_sphere)
        mu *= growth

        box = float(np.linalg.norm(phi - in_box) / scale)
        sphere = float(np.linalg.norm(phi - on_sphere) / scale)
        objectives.append(objective(signs(phi), W))
        residuals.append((box, sphere))
        converged = max(box, sphere) < options.tolerance
        if converged:
            break
    boxes, spheres = np.array(residuals).T
    return AdmmResult(signs(phi), np.array(objectives), boxes, spheres, converged)
