"""What the tests of hash centers share: golden problems, random ones, sizes, the released search's ADMM."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
from hypothesis import strategies as st

from s5vh.centers.objective import signs

GOLDEN = Path(__file__).parents[1] / "golden" / "hash_centers.h5"
PROBLEMS = {"C12_K8": 8, "C30_K16": 16, "C100_K64": 64}


def golden(problem: str) -> dict[str, np.ndarray]:
    """Arrays and attributes of a golden problem."""
    with h5py.File(GOLDEN) as file:
        return {name: file[problem][name][()] for name in file[problem]} | dict(file[problem].attrs)


def random_problem(clusters: int, bits: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Signs [C, K] and a cosine similarity [C, C]."""
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((clusters, 5)) + 0.5
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return signs(random.standard_normal((clusters, bits))), vectors @ vectors.T


sizes = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(0, 10_000))


def slow_best_center(center, others, target, largest_product, multipliers, options):
    """The ADMM of one center, written down plainly, with an inverse at every step."""
    bits = len(center)

    def separation(code):
        distances = 0.5 * (bits - others @ code)
        return distances.mean() + distances.min()

    b = box = sphere = center.astype(np.float64)
    slack = largest_product - others @ b
    y_box, y_sphere, y_products = multipliers
    best, proposed, rho = b, 0, options.penalty
    while proposed < options.candidates:
        for _ in range(options.inner_iterations):
            system = 2 * rho * np.eye(bits) + (rho + 2 * options.agreement) * others.T @ others
            pulled = rho * (largest_product - slack) - y_products + 2 * options.agreement * target
            right = rho * (box + sphere) - y_box - y_sphere - others.mean(axis=0) + others.T @ pulled
            b = np.linalg.inv(system) @ right
            box, sphere = b + y_box / rho, b + y_sphere / rho
            slack = largest_product - others @ b - y_products / rho
            inside = slack.min() >= 0 and abs(sphere @ sphere - bits) <= 0.001
            if not inside:
                box, slack = np.clip(box, -1, 1), np.maximum(slack, 0)
                sphere = sphere * np.sqrt(bits) / np.linalg.norm(sphere)
            step = options.dual_step * rho
            y_box, y_sphere = y_box + step * (b - box), y_sphere + step * (b - sphere)
            y_products = y_products + step * (others @ b + slack - largest_product)
            if inside:
                break
        rho = min(rho * options.growth, options.largest_penalty)
        if rho == options.largest_penalty:
            proposed += 1
            if separation(signs(b)) > separation(best):
                best = signs(b)
    return best.astype(np.int8)
