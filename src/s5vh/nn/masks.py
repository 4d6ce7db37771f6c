"""The two masked views of a video."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def visible_count(frames: int, mask_ratio: float) -> int:
    """Frames a view sees: frames - floor(mask_ratio * frames); 13 of 25 at ratio 0.5."""
    return frames - math.floor(mask_ratio * frames)


def two_views(batch: int, frames: int, mask_ratio: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Frame indices of two random views, in temporal order: visible int64 [2, batch, V] and hidden [2, batch, M].

    One random permutation a video; the first view takes its head and the second its tail, so that the views overlap
    as little as the ratio allows (13 + 13 of 25 share one frame). Drawn on the CPU in one call for the whole batch.
    """
    visible = visible_count(frames, mask_ratio)
    order = torch.rand(batch, frames, generator=generator).argsort(dim=1)
    from_end = order.flip(1)
    views = torch.stack([order, from_end])
    return views[..., :visible].sort(dim=-1).values, views[..., visible:].sort(dim=-1).values
