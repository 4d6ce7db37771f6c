"""Multi-scale retention (RetNet) as a temporal mixer (S5VH paper, Table 2, row 7), in the form that S5VH's code has.

Glossary (RetNet paper -> names here); n, m count frames from 0 in the order of reading

    Q, K, V        queries, keys, values    per head [T, d_k], [T, d_k], [T, d_v]
    gamma          forgetting               decay per head, 1 - gamma from 1/32 to 1/512 in equal ratios
    Theta          angles                   rotation of pairs of channels by n theta, theta = 10000^(-2j / d_k)
    zeta           part of `decay`          xPos: Q is scaled by zeta^(n / 512), K by zeta^(-m / 512)
    W_G, W_O       gate, out_proj

    O_n = sum_{m <= n} gamma^(n - m) zeta^((n - m) / 512) (R^n q_n) . (R^m k_m) v_m

Since gamma and zeta act on n - m only, they are one decay per pair of channels, which no length of video overflows.

Differences from the RetNet paper and its official code, all as in S5VH's: xPos scales lengths as well as rotating; the
decays are those of the paper's experiments, not 1 - 2^(-5-h); keys are a quarter of the width per head; scores are not
rescaled, which the norm after them would undo; that norm has a gain and a bias; all matrices start from N(0, 1) /
width, so small that the norm's eps damps the first outputs; and there is no feed-forward network.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.nn.bidirectional import TemporalMixer
from s5vh.nn.layers import NORM_EPS
from s5vh.nn.linear_attention import HeadNorm, from_chunks, in_chunks, with_earlier_chunks

CHUNK = 32  # frames; products inside a chunk cost less than those with states
SCALE_BASE = 512  # frames over which xPos scales a pair of channels by zeta
OFFSET = 0.4  # zeta = (2j / d_k + offset) / (1 + offset) for pair j


class Retention(TemporalMixer):
    """Layer norm, then retention with `heads` heads and values twice as wide: 8 width^2 + 4 width parameters.

    Args:
        heads: H; d_k = width / H must be even, d_v = 2 d_k.
    """

    def __init__(self, width: int, *, heads: int = 4, reverse: bool = False):
        super().__init__(reverse)
        self.heads = heads
        self.norm = nn.LayerNorm(width, eps=NORM_EPS)
        self.in_proj = nn.Linear(width, 6 * width, bias=False)  # queries, keys, values, gate
        self.head_norm = HeadNorm(2 * width)
        self.out_proj = nn.Linear(2 * width, width, bias=False)
        decay, angles = decays_and_angles(heads, width // heads)
        self.register_buffer("decay", decay, persistent=False)
        self.register_buffer("angles", angles, persistent=False)
        for matrix in (self.in_proj.weight, self.out_proj.weight):
            nn.init.normal_(matrix, std=1 / width)

    def read(self, x: Tensor) -> Tensor:
        width = x.shape[-1]
        queries, keys, values, gate = self.in_proj(self.norm(x)).split([width, width, 2 * width, 2 * width], dim=-1)
        heads = (part.unflatten(-1, (self.heads, -1)) for part in (queries, keys, values))
        with torch.autocast(x.device.type, enabled=False):
            mixed = retention(*heads, self.decay, self.angles)
        return self.out_proj(self.head_norm(mixed) * F.silu(gate))


def decays_and_angles(heads: int, key_size: int) -> tuple[Tensor, Tensor]:
    """Decay per frame, [H, d_k / 2], and rotation per frame in radians, [d_k / 2], of pairs of channels; float64."""
    pairs = torch.arange(key_size // 2, dtype=torch.float64)
    zeta = (2 * pairs / key_size + OFFSET) / (1 + OFFSET)
    gamma = 1 - torch.exp(torch.linspace(math.log(1 / 32), math.log(1 / 512), heads, dtype=torch.float64))
    return gamma[:, None] * zeta ** (1 / SCALE_BASE), 10000 ** (-2 * pairs / key_size)


def retention(queries: Tensor, keys: Tensor, values: Tensor, decay: Tensor, angles: Tensor) -> Tensor:
    """Retention of all heads, in float32 or better.

    Args:
        queries, keys: [B, T, H, d_k]; values: [B, T, H, d_v].
        decay, angles: see `decays_and_angles`.

    Returns:
        [B, T, H, d_v].
    """
    frames, kind = values.shape[1], torch.promote_types(values.dtype, torch.float32)
    q, k, v = (in_chunks(part.to(kind), CHUNK) for part in (queries, keys, values))
    count, length = q.shape[2:4]
    # Decays count from the beginning of each chunk, rotations from that of the video.
    step = torch.arange(length, device=q.device, dtype=torch.float64)[:, None]
    number = torch.arange(count * length, device=q.device, dtype=torch.float64).view(count, length, 1)
    grown = decay[:, None, None] ** step  # [H, 1, C, d_k / 2]
    q, k = rotated(q, grown, number * angles), rotated(k, 1 / grown, number * angles)
    inner = (q @ k.mT).tril() @ v
    if count > 1:
        whole = (decay**length).repeat_interleave(2, dim=-1).to(kind)[:, None]  # [H, 1, d_k]
        inner = with_earlier_chunks(inner, q, k * whole[..., None, :], v, whole)
    return from_chunks(inner, frames)


def rotated(x: Tensor, scale: Tensor, angles: Tensor) -> Tensor:
    """Pairs of channels (2j, 2j + 1) of x, [..., F], times a scale and rotated by angles, [..., F / 2] each."""
    table = torch.polar(*torch.broadcast_tensors(scale, angles)).to(torch.promote_types(x.dtype, torch.complex64))
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * table).flatten(-2)


def retention_by_frame(queries: Tensor, keys: Tensor, values: Tensor, decay: Tensor, angles: Tensor) -> Tensor:
    """`retention` as its definition reads: one frame after another, with nothing but the state; slow."""
    state = values.new_zeros(values.shape[0], decay.shape[0], 2 * decay.shape[1], values.shape[-1])
    forgetting, outputs = decay.repeat_interleave(2, dim=-1).to(values.dtype)[..., None], []
    for n in range(values.shape[1]):
        q, k = (rotated(part[:, n], torch.ones_like(angles), n * angles) for part in (queries, keys))
        state = forgetting * state + k[..., None] * values[:, n, :, None, :]
        outputs.append((q[..., None] * state).sum(-2))
    return torch.stack(outputs, dim=1)
