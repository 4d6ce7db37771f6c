"""SH, spectral hashing: analytical eigenfunctions along the principal directions, thresholded at 0.

Source: Weiss, Torralba and Fergus, "Spectral hashing", NIPS 2008, section 3. Paper symbols and names here:

    d         number of principal directions; the K leading ones, or all if there are fewer
    [a, b]    `box`, the smallest and largest projection of the training videos on each direction
    k         frequency of an eigenfunction, from 1; frequency 0, the constant, says nothing about a video
    Phi_k(x)  sin(pi/2 + k pi (x - a) / (b - a)), equation 6
    lambda_k  1 - exp(-(epsilon k pi / (b - a))^2 / 2), equation 7

If the videos were uniform on the box, these would be the eigenfunctions of the graph Laplacian in the limit of many
videos; products of functions of two directions are left out, because their bits follow from those of the factors. Of
all directions and frequencies, the K with the smallest lambda become bits, so a wide direction may have several bits
and a narrow one none. lambda grows with k / (b - a) whatever epsilon is, so epsilon decides nothing and is no option.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from s5vh.base.errors import UserError
from s5vh.methods.principal_hash import PrincipalHash


class SH(PrincipalHash):
    """Spectral hashing of temporal summaries. Args: as `LinearHash`.

    After `fit`, `arrays` has `components` float32 [D, d], `box` float64 [2, d] (a and b), and `modes` int64 [bits, 2]
    (direction and frequency of each bit, in ascending order of lambda).
    """

    learned: ClassVar[tuple[str, ...]] = ("mean", "components", "box", "modes")

    def _learn(self, feats: Any) -> None:
        count = min(self.bits, self.arrays["mean"].size, len(feats) - 1)
        components = np.empty((self.arrays["mean"].size, 0), np.float32)
        if count > 0:
            components = self._directions_with_variance(feats, count, np.random.default_rng(self.seed))
        if components.shape[1] == 0:
            raise UserError(
                f"SH: the features of all {len(feats)} training videos are the same, so there are no principal "
                "directions; check the features"
            )
        lower, upper = np.inf, -np.inf
        for _, block in self._centered(feats):
            projected = block @ components
            lower, upper = np.minimum(lower, projected.min(axis=0)), np.maximum(upper, projected.max(axis=0))
        box = np.stack([lower, upper]).astype(np.float64)
        self.arrays |= {"components": components, "box": box, "modes": smoothest(box[1] - box[0], self.bits)}

    def encoding_size(self) -> tuple[int, int]:
        numbers, flops = super().encoding_size()
        return numbers + self._fitted("box").size + self._fitted("modes").size, flops

    def _projection(self) -> np.ndarray:
        return self._fitted("components")

    def _values(self, projected: np.ndarray) -> np.ndarray:
        (lower, upper), (direction, frequency) = self._fitted("box"), self._fitted("modes").T
        place = (projected.astype(np.float64) - lower) / (upper - lower)
        return np.sin(np.pi / 2 + np.pi * frequency * place[:, direction])

    def _is_consistent(self) -> bool:
        components, box, modes = (self._fitted(name) for name in ("components", "box", "modes"))
        directions = components.shape[-1]
        shapes = (components.shape, box.shape, modes.shape)
        wanted = ((self.arrays["mean"].size, directions), (2, directions), (self.bits, 2))
        return shapes == wanted and modes[:, 0].min() >= 0 and modes[:, 0].max() < directions


def smoothest(widths: np.ndarray, bits: int) -> np.ndarray:
    """Direction and frequency of the eigenfunctions with the smallest eigenvalues, int64 [bits, 2], ascending.

    Args:
        widths: b - a of each direction, positive, [d].
        bits: number of eigenfunctions. Ties go to the earlier direction.
    """
    frequencies = np.arange(1, bits + 1)
    order = np.argsort((frequencies / widths[:, None]).ravel(), kind="stable")[:bits]
    return np.stack([order // bits, frequencies[order % bits]], axis=1)
