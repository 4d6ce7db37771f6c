"""From frame embeddings to bits."""

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
    """Sign with sign(0) = +1 whose gradient is the identity."""
    return _SignStraightThrough.apply(x)


class HashLayer(nn.Module):
    """H = tanh(Linear(E)) for each frame: [B, T, width] to [B, T, bits] in (-1, 1)."""

    def __init__(self, width: int, bits: int):
        super().__init__()
        self.linear = nn.Linear(width, bits)

    def forward(self, embeddings: Tensor) -> Tensor:
        return torch.tanh(self.linear(embeddings))


def video_code(frame_hashes: Tensor) -> Tensor:
    """Code of a video, b = sign(mean over its frames of H): [B, T, bits] to [B, bits] in {-1, +1}."""
    return sign_straight_through(frame_hashes.mean(dim=1))
