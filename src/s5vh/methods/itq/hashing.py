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
from s5vh.methods.principal_hash import PrincipalHash


class ITQ(PrincipalHash):
    """Iterative quantization of temporal summaries.

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
        components = self._principal_directions(feats, rng)
        projected = np.concatenate([block @ components for _, block in self._centered(feats)])
        rotation, loss = rotate(projected.astype(np.float64), self.options["iterations"], rng)
        self.arrays |= {"components": components, "rotation": rotation, "quantization_loss": loss}

    def _projection(self) -> np.ndarray:
        return (self._fitted("components") @ self._fitted("rotation")).astype(np.float32)


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
