"""PCAH: signs of the leading principal components.

The baseline that ITQ rotates (Gong and Lazebnik, CVPR 2011) and that Wang, Kumar and Chang ("Semi-supervised hashing
for scalable image retrieval", CVPR 2010) call PCA hashing: bit k is the side of the mean along principal direction k.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from s5vh.methods.principal_hash import PrincipalHash


class PCAH(PrincipalHash):
    """Signs of principal components of temporal summaries; `components` is float32 [D, bits]."""

    learned: ClassVar[tuple[str, ...]] = ("mean", "components")

    def _learn(self, feats: Any) -> None:
        self.arrays["components"] = self._principal_directions(feats, np.random.default_rng(self.seed))

    def _projection(self) -> np.ndarray:
        return self._fitted("components")
