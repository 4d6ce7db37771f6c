"""Hash layer: from frame embeddings to binary codes."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class _SignStraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return torch.where(x >= 0, 1.0, -1.0).to(x.dtype)

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def sign_straight_through(x: Tensor) -> Tensor:
    """Sign with sign(0) = +1 and straight-through (identity) gradient."""
    return _SignStraightThrough.apply(x)


class _BinaryStraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.where(x >= 0, 1.0, -1.0).to(x.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * ((x > -1) & (x <= 1))


def binary_straight_through(x: Tensor) -> Tensor:
    """Sign with sign(0) = +1 and clipped straight-through gradient: 1 in (-1, 1], 0 outside.

    The released codes of ConMH and its relatives have it as 2 round(clip((x + 1) / 2, 0, 1)) - 1, where sign(0) is -1.
    """
    return _BinaryStraightThrough.apply(x)


class HashLayer(nn.Module):
    """Frame hashes H: [B, T, width] to [B, T, bits].

    Args:
        frames: "tanh" gives tanh(Linear(E)) in (-1, 1), as in the paper; "binary" gives a code in {-1, +1} for every
            frame, with a clipped straight-through gradient (1 in (-1, 1], 0 outside), as in the released code (where
            sign(0) is -1, here +1 as everywhere).
        norm: layer norm over the K values before the activation, as in the released code.
    """

    def __init__(self, width: int, bits: int, *, frames: str = "tanh", norm: bool = False):
        super().__init__()
        self.linear = nn.Linear(width, bits)
        self.norm = nn.LayerNorm(bits) if norm else None
        self.activation = torch.tanh if frames == "tanh" else binary_straight_through

    def forward(self, embeddings: Tensor, *, normed: bool = True) -> Tensor:
        """`normed=False` skips the layer norm, as in the released pseudo-label refinement."""
        values = self.linear(embeddings)
        return self.activation(values if self.norm is None or not normed else self.norm(values))


def video_code(frame_hashes: Tensor) -> Tensor:
    """Code of a video, b = sign(mean over its frames of H): [B, T, bits] to [B, bits] in {-1, +1}."""
    return sign_straight_through(frame_hashes.mean(dim=1))
