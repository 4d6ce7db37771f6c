"""The two masked views of a video, and sequences with visible and hidden frames.

Whole frames are copied by row: torch's gather and scatter take ten times as long on a CPU.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.base.errors import UserError


def visible_count(frames: int, mask_ratio: float) -> int:
    """Frames a view sees: frames - floor(mask_ratio * frames); 13 of 25 at ratio 0.5."""
    return frames - math.floor(mask_ratio * frames)


def check_mask_ratio(frames: int, mask_ratio: float) -> None:
    """Refuse a mask ratio that hides no frame, where hidden frames are to be reconstructed."""
    if visible_count(frames, mask_ratio) == frames:
        raise UserError(
            f"training.mask_ratio {mask_ratio} hides none of {frames} frames; raise it, or set loss.reconstruction to 0"
        )


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


def frame_numbers(index: Tensor, videos: int, frames: int) -> Tensor:
    """Frame indices of all views, [views * videos, V], as row numbers int64 [views * videos * V] in
    [videos * frames, F]."""
    video = torch.arange(len(index), device=index.device) % videos
    return (index + video[:, None] * frames).flatten()


def frames_at(x: Tensor, index: Tensor) -> Tensor:
    """Frames of all views: x [videos, T, F] and frame indices [views * videos, V] to [views * videos, V, F]."""
    rows = x.flatten(0, 1).index_select(0, frame_numbers(index, *x.shape[:2]))
    return rows.view(*index.shape, x.shape[2])


def embed_visible(embed: nn.Module, positions: Tensor, feats: Tensor, visible: Tensor) -> Tensor:
    """Embeddings of both views' visible frames with their positions, [2B, V, width]; no frame is embedded twice.

    Args:
        embed: [..., D] to [..., width], frame by frame.
        positions: [T, width].
        feats: [B, T, D].
        visible: frame indices [2B, V].
    """
    if 2 * visible.shape[1] <= feats.shape[1]:  # then the views share no frame
        embeddings = embed(frames_at(feats, visible))
    else:
        embeddings = frames_at(embed(feats), visible)
    return embeddings + positions[visible]


def with_blanks(seen: Tensor, blank: Tensor, visible: Tensor, hidden: Tensor, order: str) -> Tensor:
    """A whole sequence from its visible frames and what stands for hidden ones, [B, T, F].

    Args:
        seen: [B, V, F].
        blank: one row for each frame that may be hidden, the same for all videos, [T, F].
        visible, hidden: frame indices [B, V] and [B, M], V + M = T.
        order: "temporal" puts every frame in its place; "visible_first" appends the hidden frames to the visible ones.
    """
    if order == "visible_first":
        return torch.cat([seen, F.embedding(hidden, blank)], dim=1)
    batch, count, size = seen.shape
    numbers = torch.arange(batch * count, device=seen.device).view(batch, count)
    blanks = torch.arange(len(blank), device=seen.device) + batch * count
    rows = blanks.expand(batch, -1).scatter(1, visible, numbers)
    together = torch.cat([seen.flatten(0, 1), blank])
    return together.index_select(0, rows.flatten()).view(batch, len(blank), size)


def hidden_of(x: Tensor, hidden: Tensor, order: str) -> Tensor:
    """The hidden frames [B, M, F] of a sequence [B, T, F] that `with_blanks` put together."""
    return x[:, x.shape[1] - hidden.shape[1] :] if order == "visible_first" else frames_at(x, hidden)
