"""Video features: frame features averaged over time (S5VH paper, section on hash centers), and other summaries."""

from __future__ import annotations

from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.config.summaries import Summary, summary_size
from s5vh.data.summaries import temporal_summary

_BLOCK_BYTES = 2**27  # default size of a block, in float64


def video_means(feats: Any, block: int | None = None) -> np.ndarray:
    """Mean over time of every video, float32 [N, D]; arguments and errors as in `video_summaries`."""
    return video_summaries(feats, "mean", block)


def video_summaries(feats: Any, kind: Summary, block: int | None = None) -> np.ndarray:
    """Temporal summary of every video, reading `block` videos at a time.

    Args:
        feats: array or h5py-like dataset [N, T, D], float16 or float32; only `shape` and slices of the
            first axis are used, so the whole file is never in memory.
        kind: which summary; see `s5vh.data.summaries`.
        block: videos per read; by default 128 MiB in float64.

    Returns:
        float32 [N, S D], accumulated in float64.

    Raises:
        UserError: not three axes, no videos or frames, or NaN/infinite features.
    """
    if len(feats.shape) != 3 or 0 in feats.shape:
        raise UserError(f"features have shape {tuple(feats.shape)}; expected [videos, frames, features]")
    videos, frames, width = feats.shape
    if block is None:
        block = max(1, _BLOCK_BYTES // (8 * frames * width))
    if block < 1:
        raise UserError(f"block is {block}; must be a positive number of videos")
    summaries = np.empty((videos, summary_size(kind, frames, width)), dtype=np.float32)
    for start in range(0, videos, block):
        stop = min(start + block, videos)
        summary = temporal_summary(feats[start:stop], kind)
        finite = np.isfinite(summary).all(axis=1)
        if not finite.all():
            video = start + int(np.argmin(finite))
            raise UserError(f"video {video} (counted from 0) has NaN or infinite features; re-extract or remove it")
        summaries[start:stop] = summary
    return summaries
