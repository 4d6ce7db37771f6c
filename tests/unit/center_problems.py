"""Problems that the tests of hash centers share: golden ones, random ones, random sizes."""

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
