"""Base class of the baselines without a network: hashing of linear projections.

Each video is represented by one vector, a temporal summary (`s5vh.data.summaries`). The mean over the training videos
is subtracted without rescaling, the result is projected, and bit k of the code is the side of hyperplane k unless a
method computes its bits from the projections in another way. Features are read in blocks, so a data set need not fit in
memory.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Self

import numpy as np

from s5vh.base.errors import UserError
from s5vh.config.summaries import SUMMARIES, summary_size
from s5vh.data.summaries import temporal_summary
from s5vh.retrieval.codes import MAX_BITS, binarize

_BLOCK_BYTES = 64 * 2**20
_NUMBERED = ("mean", "flat", "mean_std", "dct5")  # in saved models; older ones have the first two, as `flat`


class LinearHash(ABC):
    """Hashing of linear projections: code = sign((video vector - mean) @ projection), sign(0) = +1.

    Args:
        bits: code length K.
        seed: seed of every random draw; equal seeds give equal codes.
        features: "mean" (D dimensions), "mean_std" (2 D), "dct5" (5 D) or "flat" (T D); see `s5vh.data.summaries`.
        options: method-specific options, see `defaults`.

    Raises:
        UserError: an unknown option, or a value out of range.
    """

    defaults: ClassVar[dict[str, Any]] = {}
    learned: ClassVar[tuple[str, ...]] = ("mean",)

    def __init__(self, *, bits: int, seed: int, features: str = "mean", **options: Any):
        name = type(self).__name__
        if not 1 <= bits <= MAX_BITS:
            raise UserError(f"{name}: bits must be between 1 and {MAX_BITS}, got {bits}")
        if seed < 0:
            raise UserError(f"{name}: seed must not be negative, got {seed}")
        if features not in SUMMARIES:
            raise UserError(f"{name}: features must be one of {', '.join(SUMMARIES)}, got {features!r}")
        unknown = sorted(set(options) - set(self.defaults))
        if unknown:
            known = ", ".join(self.defaults) or "none"
            raise UserError(f"{name}: unknown option {', '.join(unknown)} (known: {known})")
        self.bits, self.seed, self.features = bits, seed, features
        self.options = self.defaults | options
        self.arrays: dict[str, np.ndarray] = {}

    def fit(self, feats: Any) -> Self:
        """Learn from the training videos.

        Args:
            feats: h5py dataset or array [N, T, D], float16 or float32; read in blocks, more than once.

        Raises:
            UserError: not three axes, no videos, features that are not finite, or too few directions.
        """
        self._check(feats)
        if len(feats) == 0:
            raise UserError(f"{type(self).__name__}: there are no training videos")
        total = np.zeros(self._dimensions(feats), np.float64)
        for _, block in self._blocks(feats):
            total += block.sum(axis=0, dtype=np.float64)
        mean = (total / len(feats)).astype(np.float32)
        if not np.isfinite(mean).all():
            raise UserError(f"{type(self).__name__}: the training features contain NaN or infinite values")
        self.arrays = {"mean": mean}
        self._learn(feats)
        return self

    def encode(self, feats: Any) -> np.ndarray:
        """Encode videos: int8 [N, bits] in {-1, +1}; `feats` as in `fit`, with the same D, and for "flat" the same T.

        Raises:
            UserError: features whose shape differs from those of `fit`, or are not numbers.
        """
        self._check(feats)
        expected = self._fitted("mean").size
        if self._dimensions(feats) != expected:
            raise UserError(
                f"{type(self).__name__}: fitted on {expected} dimensions, got {self._dimensions(feats)} "
                f"from features of shape {tuple(feats.shape)}"
            )
        projection = self._projection()
        codes = np.empty((len(feats), self.bits), np.int8)
        for rows, block in self._centered(feats):
            codes[rows] = binarize(self._values(block @ projection))
        return codes

    def encoding_size(self) -> tuple[int, int]:
        """Learned numbers that `encode` reads, and floating-point operations of the projection of one video."""
        projection = self._projection()
        return self._fitted("mean").size + projection.size, 2 * projection.size

    def state(self) -> dict[str, np.ndarray]:
        """Everything `load_state` needs, as numeric arrays (suitable for safetensors and npz)."""
        settings = {"bits": self.bits, "seed": self.seed, "features": _NUMBERED.index(self.features)}
        state = {name: np.array([value], _dtype(value)) for name, value in (settings | self.options).items()}
        # safetensors dumps raw memory and would silently transpose a column-major array.
        return state | {name: np.ascontiguousarray(self._fitted(name)) for name in self.learned}

    @classmethod
    def load_state(cls, state: dict[str, np.ndarray]) -> Self:
        """Restore a fitted method from its `state`.

        Raises:
            UserError: arrays are missing or their shapes are inconsistent.
        """
        if "flat" in state:
            state = {"features": state["flat"]} | state
        names = ("bits", "seed", "features", *cls.defaults, *cls.learned)
        missing = [name for name in names if name not in state]
        if missing:
            raise UserError(f"{cls.__name__}: saved model is missing {', '.join(missing)}; train it again")
        try:
            settings = {name: np.asarray(state[name]).item() for name in ("bits", "seed", *cls.defaults)}
            method = cls(features=_NUMBERED[int(np.asarray(state["features"]).item())], **settings)
            method.arrays = {name: np.asarray(state[name]) for name in cls.learned}
            consistent = method._is_consistent()
        except (ValueError, IndexError):  # an array where a scalar is expected, mismatched factors, unknown features
            consistent = False
        if not consistent:
            raise UserError(f"{cls.__name__}: arrays of the saved model have inconsistent shapes; train it again")
        return method

    @abstractmethod
    def _learn(self, feats: Any) -> None:
        """Add the `learned` arrays to `arrays`, which already contains the mean."""

    @abstractmethod
    def _projection(self) -> np.ndarray:
        """Directions, float32 [dimensions, P]; hyperplane normals with P = bits unless `_values` is overridden."""

    def _values(self, projected: np.ndarray) -> np.ndarray:
        """The values whose signs are the code, [videos, bits], from projections float32 [videos, P]."""
        return projected

    def _is_consistent(self) -> bool:
        """Whether the shapes of the arrays of a saved model fit together; numpy's `ValueError` also says no."""
        return self._projection().shape == (self.arrays["mean"].size, self.bits)

    def _fitted(self, name: str) -> np.ndarray:
        if name not in self.arrays:
            raise RuntimeError(f"{type(self).__name__} is not fitted yet: call fit first")
        return self.arrays[name]

    def _check(self, feats: Any) -> None:
        if len(feats.shape) != 3 or 0 in feats.shape[1:]:
            raise UserError(
                f"{type(self).__name__}: expected features [videos, frames, dimensions], got shape {tuple(feats.shape)}"
            )

    def _dimensions(self, feats: Any) -> int:
        return summary_size(self.features, *feats.shape[1:])

    def _blocks(self, feats: Any) -> Iterator[tuple[slice, np.ndarray]]:
        """Yield (rows, vectors float32 [block, dimensions]); `feats` may also be such vectors, [N, dimensions]."""
        videos = len(feats)
        step = max(1, _BLOCK_BYTES // (4 * math.prod(feats.shape[1:])))
        for start in range(0, videos, step):
            rows = slice(start, min(start + step, videos))
            block = np.asarray(feats[rows], dtype=np.float32)
            yield rows, block if block.ndim == 2 else temporal_summary(block, self.features, np.float32)

    def _centered(self, feats: Any) -> Iterator[tuple[slice, np.ndarray]]:
        mean = self._fitted("mean")
        for rows, block in self._blocks(feats):
            yield rows, block - mean


def _dtype(value: float) -> type[np.generic]:
    return np.float64 if isinstance(value, float) else np.int64
