"""LSH: random hyperplanes through the mean of the features. A baseline without learning.

Source: Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002; with Gaussian
normals, the probability that two videos differ in a bit is proportional to the angle between them.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from s5vh.methods.linear_hash import LinearHash


class LSH(LinearHash):
    """Random hyperplanes: `bits` standard Gaussian normals drawn from `seed`, through the features' mean."""

    learned: ClassVar[tuple[str, ...]] = ("mean", "normals")

    def _learn(self, feats: Any) -> None:
        shape = (self.arrays["mean"].size, self.bits)
        self.arrays["normals"] = np.random.default_rng(self.seed).standard_normal(shape, dtype=np.float32)

    def _projection(self) -> np.ndarray:
        return self._fitted("normals")
