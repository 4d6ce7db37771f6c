"""Base class of the baselines that hash principal components: PCA without holding the features in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.methods.linear_hash import LinearHash

# Up to this size the covariance is small (32 MiB in float64) and one pass gives exact directions in seconds;
# beyond it, subspace iteration is faster and captures nearly the same variance.
_EXACT_DIMENSIONS = 2048
_OVERSAMPLING = 32
_MAX_PASSES = 12
_TOLERANCE = 1e-5
# With float32 features, variance below this share of the largest is rounding error.
_RANK_TOLERANCE = 1e-10


class PrincipalHash(LinearHash):
    """Hashing of leading principal components. Args: as `LinearHash`."""

    def _principal_directions(self, feats: Any, rng: np.random.Generator) -> np.ndarray:
        """One leading principal direction per bit, float32 [D, bits], in descending order of variance.

        Args:
            feats: as in `fit`, or the videos' vectors, float32 [N, D].
            rng: generator of the start of the subspace iteration.

        Raises:
            UserError: there are fewer directions than bits.
        """
        videos, dimensions = len(feats), self.arrays["mean"].size
        available = min(dimensions, videos - 1)
        requires = f"{type(self).__name__}: {self.bits} bits require as many principal directions, but"
        if self.bits > available:
            raise UserError(
                f"{requires} {videos} videos of {dimensions} dimensions have at most {available}; "
                "use fewer bits or more videos"
            )
        components = self._directions_with_variance(feats, self.bits, rng)
        if self.bits > components.shape[1]:
            raise UserError(f"{requires} the features have rank {components.shape[1]}; use fewer bits")
        return components

    def _directions_with_variance(self, feats: Any, count: int, rng: np.random.Generator) -> np.ndarray:
        """Up to `count` leading principal directions, float32 [D, <= count]: those with more than rounding error.

        `count` must not exceed D and N - 1; other arguments as for `_principal_directions`.
        """
        if self.arrays["mean"].size <= _EXACT_DIMENSIONS:
            variances, components = self._exact_directions(feats, count)
        else:
            variances, components = self._iterated_directions(feats, count, rng)
        rank = int((variances > _RANK_TOLERANCE * variances[0]).sum()) if variances[0] > 0 else 0
        return components[:, :rank].astype(np.float32)

    def _exact_directions(self, feats: Any, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Leading eigenvalues [count], descending, and eigenvectors [D, count] of the covariance (times N)."""
        from scipy.linalg import eigh

        dimensions = self.arrays["mean"].size
        covariance = np.zeros((dimensions, dimensions))
        for _, block in self._centered(feats):
            block = block.astype(np.float64)
            covariance += block.T @ block
        values, vectors = eigh(covariance, subset_by_index=[dimensions - count, dimensions - 1])
        return values[::-1], fixed_signs(vectors[:, ::-1])

    def _iterated_directions(self, feats: Any, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """The same by subspace iteration (Halko, Martinsson and Tropp, SIAM Review 2011, algorithm 4.4).

        Each pass over the features multiplies the covariance, which is never formed, by a slightly oversampled basis.
        Iteration stops once the captured variance grows by a relative 1e-5 or less, after at most 12 passes.
        """
        dimensions = self.arrays["mean"].size
        size = min(count + _OVERSAMPLING, len(feats) - 1, dimensions)
        basis = np.linalg.qr(rng.standard_normal((dimensions, size), dtype=np.float32))[0]
        captured = 0.0
        for _ in range(_MAX_PASSES):
            image = np.zeros((dimensions, size))
            inner = np.zeros((size, size))
            for _, block in self._centered(feats):
                projected = block @ basis
                image += block.T @ projected
                inner += projected.T.astype(np.float64) @ projected
            values, vectors = np.linalg.eigh(inner)
            # Rayleigh-Ritz: the best directions within the current basis, before it is replaced by its image.
            values, directions = values[::-1], basis @ vectors[:, ::-1].astype(np.float32)
            now = float(values[:count].sum())
            if now - captured <= _TOLERANCE * now:
                break
            captured = now
            basis = np.linalg.qr(image)[0].astype(np.float32)
        return values[:count], fixed_signs(directions[:, :count])


def fixed_signs(vectors: np.ndarray) -> np.ndarray:
    """Make each column's largest entry positive, as the sign of an eigenvector is arbitrary."""
    largest = np.abs(vectors).argmax(axis=0)
    return vectors * np.where(vectors[largest, np.arange(vectors.shape[1])] < 0, -1, 1)
