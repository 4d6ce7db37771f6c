"""Temporal summaries: one vector for a video of any length, which tells something of how its features change.

Features x_t of T frames have the mean m. All sums are divided by T, so that lengths of videos do not matter:

    mean       m
    mean_std   m, and the standard deviation of every value over time
    dct5       m, and the coefficients sqrt(2) / T * sum_t x_t cos(pi k (2t + 1) / 2T) for k = 1 to 4, which are those
               of the orthonormal discrete cosine transform (DCT-II) divided by sqrt(T); 0 from k = T on
    flat       all frames, one after the other; the only one that needs videos of one length
"""

from __future__ import annotations

import numpy as np

from s5vh.config.summaries import COEFFICIENTS, Summary, summary_size

_PIECE = 2**18  # values whose differences from their mean are held at once, few enough for the processor's cache


def temporal_summary(block: np.ndarray, kind: Summary, dtype: type[np.floating] = np.float64) -> np.ndarray:
    """Summaries of videos [n, T, D], float16 or float32, as float32 [n, S D]: S vectors of D values, the mean first.

    Args:
        block: features.
        kind: which summary; see above.
        dtype: of sums over time.

    What is not finite makes the summary of its video not finite.
    """
    videos, frames, width = block.shape
    if kind == "flat":
        return block.astype(np.float32, copy=False).reshape(videos, -1)
    with np.errstate(invalid="ignore"):  # inf - inf
        if kind == "mean":
            return block.mean(axis=1, dtype=dtype).astype(np.float32, copy=False)
        summaries = np.empty((videos, summary_size(kind, frames, 1), width), np.float32)
        basis = dct_basis(frames)[1:].astype(dtype) if kind == "dct5" else None
        step = max(1, _PIECE // (frames * width))
        for start in range(0, videos, step):
            piece, place = block[start : start + step], summaries[start : start + step]
            mean = piece.mean(axis=1, dtype=dtype)
            around = piece - mean[:, None]  # also for `dct5`, so that a video that stands still has zeros
            place[:, 0] = mean
            if basis is None:
                place[:, 1] = np.sqrt(np.einsum("ntd,ntd->nd", around, around) / frames)
            else:
                place[:, 1:] = basis @ around
    return summaries.reshape(videos, -1)


def dct_basis(frames: int) -> np.ndarray:
    """Weights of the T frames in the coefficients of `dct5`, float64 [5, T]; the first row is 1/T."""
    from scipy.fft import idct

    return idct(np.eye(COEFFICIENTS, frames), norm="ortho", axis=1) / np.sqrt(frames)
