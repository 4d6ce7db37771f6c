"""ITQ, iterative quantization: principal directions, rotated to minimize quantization loss.

Source: Gong and Lazebnik, "Iterative quantization: a Procrustean approach to learning binary codes",
CVPR 2011. Paper symbols and names here:

    X   centred video vectors              W   `components`, the K leading principal directions
    V   X W, `projected`                   R   `rotation`, orthogonal [K, K]
    B   sign(V R), the codes               Q   ||B - V R||^2, `quantization_loss` (equation 2)

Starting from a random rotation, two steps alternate: B = sign(V R) for fixed R, then the orthogonal R that best maps V
onto B (orthogonal Procrustes, by SVD). Neither step increases Q.
"""

from __future__ import annotations

from typing import Any, ClassVar

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


class ITQ(LinearHash):
    """Iterative quantization on mean or flattened frame features.

    Args: as `LinearHash`; option `iterations` (default 50, as in the paper).

    After `fit`, `quantization_loss` is float64 [iterations + 1]: Q at the start and after every iteration.
    """

    defaults: ClassVar[dict[str, Any]] = {"iterations": 50}
    learned: ClassVar[tuple[str, ...]] = ("mean", "components", "rotation", "quantization_loss")

    def __init__(self, *, bits: int, seed: int, features: str = "mean", **options: Any):
        super().__init__(bits=bits, seed=seed, features=features, **options)
        if self.options["iterations"] < 0:
            raise UserError(f"ITQ: iterations must not be negative, got {self.options['iterations']}")

    @property
    def quantization_loss(self) -> np.ndarray:
        return self._fitted("quantization_loss")

    def _learn(self, feats: Any) -> None:
        rng = np.random.default_rng(self.seed)
        videos, dimensions = len(feats), self.arrays["mean"].size
        available = min(dimensions, videos - 1)
        if self.bits > available:
            raise UserError(
                f"ITQ: {self.bits} bits require as many principal directions, but {videos} videos of "
                f"{dimensions} dimensions have at most {available}; use fewer bits or more videos"
            )
        if dimensions <= _EXACT_DIMENSIONS:
            variances, components = self._exact_directions(feats)
        else:
            variances, components = self._iterated_directions(feats, rng)
        rank = int((variances > _RANK_TOLERANCE * variances[0]).sum()) if variances[0] > 0 else 0
        if self.bits > rank:
            raise UserError(
                f"ITQ: {self.bits} bits require as many principal directions, but the features have rank {rank}; "
                "use fewer bits"
            )
        components = components[:, : self.bits].astype(np.float32)
        projected = np.concatenate([block @ components for _, block in self._centered(feats)])
        rotation, loss = rotate(projected.astype(np.float64), self.options["iterations"], rng)
        self.arrays |= {"components": components, "rotation": rotation, "quantization_loss": loss}

    def _projection(self) -> np.ndarray:
        return (self._fitted("components") @ self._fitted("rotation")).astype(np.float32)

    def _exact_directions(self, feats: Any) -> tuple[np.ndarray, np.ndarray]:
        """Leading eigenvalues [bits], descending, and eigenvectors [D, bits] of the covariance (times N)."""
        from scipy.linalg import eigh

        dimensions = self.arrays["mean"].size
        covariance = np.zeros((dimensions, dimensions))
        for _, block in self._centered(feats):
            block = block.astype(np.float64)
            covariance += block.T @ block
        values, vectors = eigh(covariance, subset_by_index=[dimensions - self.bits, dimensions - 1])
        return values[::-1], _fixed_signs(vectors[:, ::-1])

    def _iterated_directions(self, feats: Any, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """The same by subspace iteration (Halko, Martinsson and Tropp, SIAM Review 2011, algorithm 4.4).

        Each pass over the features multiplies the covariance, which is never formed, by a slightly oversampled basis.
        Iteration stops once the captured variance grows by a relative 1e-5 or less, after at most 12 passes.
        """
        dimensions = self.arrays["mean"].size
        size = min(self.bits + _OVERSAMPLING, len(feats) - 1, dimensions)
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
            now = float(values[: self.bits].sum())
            if now - captured <= _TOLERANCE * now:
                break
            captured = now
            basis = np.linalg.qr(image)[0].astype(np.float32)
        return values[: self.bits], _fixed_signs(directions[:, : self.bits])


def _fixed_signs(vectors: np.ndarray) -> np.ndarray:
    """Make each column's largest entry positive, as the sign of an eigenvector is arbitrary."""
    largest = np.abs(vectors).argmax(axis=0)
    return vectors * np.where(vectors[largest, np.arange(vectors.shape[1])] < 0, -1, 1)


def rotate(projected: np.ndarray, iterations: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The ITQ rotation (Gong and Lazebnik, section 2.2), from a random orthogonal start.

    Args:
        projected: float64 [N, K], centred data in its K leading directions.
        iterations: number of alternations.
        rng: generator of the initial rotation.

    Returns:
        `rotation` float64 [K, K], orthogonal; `loss` float64 [iterations + 1], Q at the start and after each.
    """
    bits = projected.shape[1]
    rotation = np.linalg.qr(rng.standard_normal((bits, bits)))[0]
    rotated = projected @ rotation
    codes = np.where(rotated >= 0, 1.0, -1.0)
    loss = np.empty(iterations + 1)
    loss[0] = ((codes - rotated) ** 2).sum()
    for i in range(1, iterations + 1):
        left, _, right = np.linalg.svd(projected.T @ codes)
        rotation = left @ right
        rotated = projected @ rotation
        codes = np.where(rotated >= 0, 1.0, -1.0)
        loss[i] = ((codes - rotated) ** 2).sum()
    return rotation, loss
