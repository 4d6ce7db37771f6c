"""The two masked views of a video, and sequences of visible and masked (hidden) frames.

Frames are copied as rows, because torch's gather and scatter are ten times slower on a CPU.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.base.errors import UserError


def visible_count(frames: int, mask_ratio: float) -> int:
    """Number of visible frames per view: frames - floor(mask_ratio * frames); 13 of 25 at ratio 0.5."""
    return frames - math.floor(mask_ratio * frames)


def check_mask_ratio(frames: int, mask_ratio: float) -> None:
    """Raise `UserError` if no frame is masked although masked frames are to be reconstructed."""
    if visible_count(frames, mask_ratio) == frames:
        raise UserError(
            f"training.mask_ratio {mask_ratio} masks none of {frames} frames; increase it, or set loss.reconstruction "
            "to 0"
        )


def two_views(batch: int, frames: int, mask_ratio: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Frame indices of two random views, in temporal order: visible int64 [2, batch, V] and hidden [2, batch, M].

    From one random permutation per video, the first view takes the head and the second the tail, so that the views
    overlap as little as possible (13 + 13 of 25 share one frame). Drawn on the CPU in one call for the whole batch.
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
    """Embeddings of both views' visible frames plus positions, [2B, V, width]; no frame is embedded twice.

    Args:
        embed: [..., D] to [..., width], frame by frame.
        positions: [T, width].
        feats: [B, T, D].
        visible: frame indices [2B, V].
    """
    if 2 * visible.shape[1] <= feats.shape[1]:  # the views share no frame
        embeddings = embed(frames_at(feats, visible))
    else:
        embeddings = frames_at(embed(feats), visible)
    return embeddings + positions[visible]


def with_blanks(seen: Tensor, blank: Tensor, visible: Tensor, hidden: Tensor, order: str) -> Tensor:
    """The whole sequence from visible frames and placeholders for hidden ones, [B, T, F].

    Args:
        seen: [B, V, F].
        blank: placeholder for every frame, the same for all videos, [T, F].
        visible, hidden: frame indices [B, V] and [B, M], V + M = T.
        order: "temporal" keeps the order of frames; "visible_first" appends the hidden frames to the visible ones.
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
    """The hidden frames, [B, M, F], of a sequence [B, T, F] built by `with_blanks`."""
    return x[:, x.shape[1] - hidden.shape[1] :] if order == "visible_first" else frames_at(x, hidden)
