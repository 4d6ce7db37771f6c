"""Attention without softmax whose past fits in a state of fixed size, shared by retention and RWKV.

For every head, with decays w_n in (0, 1] per state row, n counting frames from 0:

    S_n = diag(w_n) S_{n-1} + k_n' v_n,    S_{-1} = 0

Short sequences are mixed by products of [T, T] matrices; longer ones in chunks, between which only states pass. Time
and memory then grow linearly with the frames.

Shapes: B videos, T frames, H heads, N chunks of C frames, K rows and V columns of a state.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def in_chunks(x: Tensor, longest: int) -> Tensor:
    """[B, T, H, F] to [B, H, N, C, F] with zeros after the last frame; chunks are equally long, C <= longest."""
    frames = x.shape[1]
    count = math.ceil(frames / longest)
    length = math.ceil(frames / count)
    padded = F.pad(x, (0, 0, 0, 0, 0, count * length - frames)) if count * length > frames else x
    return padded.transpose(1, 2).unflatten(2, (count, length))


def from_chunks(x: Tensor, frames: int) -> Tensor:
    """The inverse: [B, H, N, C, F] to [B, T, H, F]."""
    return x.flatten(2, 3)[:, :, :frames].transpose(1, 2)


def with_earlier_chunks(inner: Tensor, queries: Tensor, keys: Tensor, values: Tensor, decay: Tensor) -> Tensor:
    """Add to the outputs of each chunk what its queries find in the state that earlier chunks left.

    Args:
        inner: outputs from frames of the same chunk, [B, H, N, C, V].
        queries: [B, H, N, C, K], with the decay from the chunk's beginning on.
        keys: [B, H, N, C, K], with the decay up to the chunk's end.
        values: [B, H, N, C, V].
        decay: of the state over a whole chunk, [..., N or 1, K], broadcast over videos and heads.
    """
    first, *others = inner.unbind(2)
    if not others:
        return inner
    columns = decay.expand(*decay.shape[:-2], inner.shape[2], -1).unsqueeze(-1)
    outputs, state = [first], None
    for n, chunk in enumerate(others):
        added = keys[:, :, n].mT @ values[:, :, n]
        state = added if state is None else state * columns[..., n, :, :] + added
        outputs.append(chunk + queries[:, :, n + 1] @ state)
    return torch.stack(outputs, dim=2)


class HeadNorm(nn.Module):
    """Group norm with one group per head over the channels of each frame: [B, T, H, V] to [B, T, H * V]."""

    def __init__(self, width: int, eps: float = 1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        normed = F.layer_norm(x, x.shape[-1:], eps=self.eps)
        return torch.addcmul(self.bias, normed.flatten(-2), self.weight)
