"""RWKV-6 ("Finch") as a temporal mixer (S5VH paper, Table 2, row 8).

Glossary (RWKV-6 paper -> names here)

    r, k, v, g     receptance, key, value, gate
    w_t            decay in (0, 1), exp(-exp(.)) of a base and a low-rank function of the frame
    u              bonus              weight of the current frame
    mu, lora       ShiftedInputs      how much of the previous frame each of w, k, v, r, g sees
    wkv            wkv                read-out of the state, per head

    o_t = r_t (S_{t-1} + diag(u) k_t' v_t),    S_t = diag(w_t) S_{t-1} + k_t' v_t

The mixer is a whole block with time mix, channel mix, residual connections and norms inside, as S5VH's code uses it, so
its output contains its input. Two choices are open, because that code rebuilds the block with random weights in every
forward pass and scales both of its branches by 0, so it says nothing about a trained one:

* `read_out="causal"` with `token_shift=True`, the default, is the language model's: a frame sees itself and what was
  read before, and inputs are mixed with the previous frame's. Both directions together make the layer, as with Mamba.
* `read_out="bidirectional"` with `token_shift=False` is the read-out of Vision-RWKV and S5VH's code: a sum over all
  frames, the same in both directions. Without a shift, its parameters have no effect there and are left out here.

Other differences from that code: layer scales start at 1, not 0; stochastic depth acts on whole layers only. Initial
values are those of RWKV's first layer in every layer, as there.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.nn.bidirectional import TemporalMixer
from s5vh.nn.layers import NORM_EPS
from s5vh.nn.linear_attention import HeadNorm, from_chunks, in_chunks, with_earlier_chunks

BLOCK_NORM_EPS = 1e-5
SHIFT_RANK, DECAY_RANK = 32, 64
LOW_RANK_START = 1e-4  # low-rank factors start uniform in +- this
CHUNK = 16  # frames
# The largest exponent of a decay over a chunk, which double precision holds. Decays below exp(-SPAN / CHUNK), which is
# 4e-18, are taken for that; what they leave of the past is less than rounding errors.
SPAN = 640.0


class RWKV(TemporalMixer):
    """Layer norm, then an RWKV-6 block: 14 width^2 + 468 width parameters with token shift, 328 width fewer without.

    Args:
        read_out: "causal" or "bidirectional", see above.
        token_shift: mix inputs with the previous frame's.
        head_size: must divide the width; narrower networks have one head.
    """

    def __init__(
        self,
        width: int,
        *,
        read_out: str = "causal",
        token_shift: bool = True,
        head_size: int = 64,
        reverse: bool = False,
    ):
        super().__init__(reverse)
        self.norm = nn.LayerNorm(width, eps=NORM_EPS)
        self.block = RWKVBlock(width, min(head_size, width), read_out == "bidirectional", token_shift)

    def read(self, x: Tensor) -> Tensor:
        return self.block(self.norm(x))


class RWKVBlock(nn.Module):
    """x = LN0(x), then x + scale * TimeMix(LN1(x)), then x + scale * ChannelMix(LN2(x)): [B, T, width]."""

    def __init__(self, width: int, head_size: int, bidirectional: bool, token_shift: bool):
        super().__init__()
        self.first_norm, self.time_norm, self.channel_norm = (nn.LayerNorm(width, BLOCK_NORM_EPS) for _ in range(3))
        self.time_mix = TimeMix(width, head_size, bidirectional, token_shift)
        self.channel_mix = ChannelMix(width, token_shift)
        self.time_scale, self.channel_scale = (nn.Parameter(torch.ones(width)) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        x = self.first_norm(x)
        x = torch.addcmul(x, self.time_scale, self.time_mix(self.time_norm(x)))
        return torch.addcmul(x, self.channel_scale, self.channel_mix(self.channel_norm(x)))


class TimeMix(nn.Module):
    """[B, T, width] to [B, T, width] across frames: 5 width^2 + 458 width parameters with token shift."""

    def __init__(self, width: int, head_size: int, bidirectional: bool, token_shift: bool):
        super().__init__()
        self.head_size, self.bidirectional = head_size, bidirectional
        self.inputs = ShiftedInputs(width) if token_shift else None
        self.receptance, self.key, self.value, self.gate, self.output = (
            nn.Linear(width, width, bias=False) for _ in range(5)
        )
        channel = torch.arange(width) / max(width - 1, 1)
        self.decay_base = nn.Parameter(-6 + 5 * channel**0.7)
        self.decay_in, self.decay_out = _low_rank(width, DECAY_RANK), _low_rank(DECAY_RANK, width)
        self.bonus = nn.Parameter(0.1 * ((torch.arange(width) + 1) % 3 - 1).view(-1, head_size))
        self.head_norm = HeadNorm(width, BLOCK_NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        of_decay, of_key, of_value, of_receptance, of_gate = [x] * 5 if self.inputs is None else self.inputs(x)
        parts = self.receptance(of_receptance), self.key(of_key), self.value(of_value)
        r, k, v = (part.unflatten(-1, (-1, self.head_size)) for part in parts)
        raw = torch.tanh(of_decay @ self.decay_in) @ self.decay_out
        with torch.autocast(x.device.type, enabled=False):
            # exp(-exp(10)) is 0 already; exp of much more is infinite, and its gradient not a number.
            log_decay = -torch.exp((self.decay_base + raw).clamp(max=10)).view(k.shape)
            mixed = wkv(r, k, v, log_decay, self.bonus)
            if self.bidirectional:
                backwards = (part.flip(1) for part in (r, k, v, log_decay))
                mixed = mixed + wkv(*backwards, torch.zeros_like(self.bonus)).flip(1)
        return self.output(self.head_norm(mixed) * F.silu(self.gate(of_gate)))


class ShiftedInputs(nn.Module):
    """Each frame moved towards the previous one, by a fixed and a learned share per channel.

    Returns the inputs of decay, key, value, receptance and gate, [5, B, T, width]. 326 width parameters.
    """

    def __init__(self, width: int):
        super().__init__()
        channel = torch.arange(width) / width
        self.to_choose = nn.Parameter(1 - channel)
        self.fixed = nn.Parameter(torch.stack([1 - channel] * 3 + [1 - channel.sqrt()] * 2))
        self.choose_in, self.choose_out = _low_rank(width, 5 * SHIFT_RANK), _low_rank(5, SHIFT_RANK, width)

    def forward(self, x: Tensor) -> Tensor:
        towards = previous(x) - x
        chosen = torch.tanh(torch.addcmul(x, towards, self.to_choose) @ self.choose_in)
        chosen = chosen.flatten(0, 1).unflatten(-1, (5, -1)).transpose(0, 1)  # [5, B T, rank]
        share = torch.baddbmm(self.fixed[:, None], chosen, self.choose_out).view(5, *x.shape)
        return torch.addcmul(x, towards, share)


class ChannelMix(nn.Module):
    """sigmoid(W_r x) * W_v relu(W_k x)^2 frame by frame: 9 width^2 + 2 width parameters with token shift."""

    def __init__(self, width: int, token_shift: bool):
        super().__init__()
        self.key, self.value = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)
        self.receptance = nn.Linear(width, width, bias=False)
        start = torch.arange(width) / width
        self.own_share = nn.Parameter(torch.stack([start, start])) if token_shift else None  # of key, receptance

    def forward(self, x: Tensor) -> Tensor:
        of_key, of_receptance = x, x
        if self.own_share is not None:
            before = previous(x)
            of_key, of_receptance = (torch.lerp(before, x, share) for share in self.own_share)
        return torch.sigmoid(self.receptance(of_receptance)) * self.value(F.relu(self.key(of_key)).square())


def previous(x: Tensor) -> Tensor:
    """The frame before each frame, zeros before the first: [B, T, F] to [B, T, F]."""
    return F.pad(x, (0, 0, 1, -1))


def wkv(r: Tensor, k: Tensor, v: Tensor, log_decay: Tensor, bonus: Tensor) -> Tensor:
    """Causal read-out of RWKV-6, in float32 or better.

    Args:
        r, k, v: [B, T, H, head size].
        log_decay: log w, the same shape, not positive.
        bonus: [H, head size].

    Returns:
        [B, T, H, head size].
    """
    frames, kind = v.shape[1], torch.promote_types(v.dtype, torch.float32)
    r, k, v = (in_chunks(part.to(kind), CHUNK) for part in (r, k, v))
    # Decays of a chunk are taken apart into a factor per frame, which can be as large as exp(SPAN).
    log_decay = in_chunks(log_decay.double().clamp(min=-SPAN / CHUNK), CHUNK)
    earlier = torch.ones(v.shape[3], v.shape[3], dtype=torch.float64, device=v.device).tril(-1)
    before = earlier @ log_decay  # sum from the beginning of a chunk
    until = before + log_decay
    queries = r * torch.exp(before)
    scores = (queries @ (k * torch.exp(-until)).mT).tril(-1).to(kind)
    inner = (scores + torch.diag_embed((r * bonus[:, None, None] * k).sum(-1))) @ v
    if v.shape[2] > 1:
        whole = until[..., -1:, :]
        keys = k * torch.exp(whole - until).to(kind)
        inner = with_earlier_chunks(inner, queries.to(kind), keys, v, torch.exp(whole[..., 0, :]).to(kind))
    return from_chunks(inner, frames)


def wkv_by_frame(r: Tensor, k: Tensor, v: Tensor, log_decay: Tensor, bonus: Tensor) -> Tensor:
    """`wkv` as its definition reads: one frame after another, with nothing but the state; slow."""
    state = v.new_zeros(*v.shape[:1], *v.shape[2:], v.shape[-1])
    outputs = []
    for t in range(v.shape[1]):
        added = k[:, t, ..., None] * v[:, t, :, None, :]
        outputs.append((r[:, t, ..., None] * (state + bonus[..., None] * added)).sum(-2))
        state = torch.exp(log_decay[:, t, ..., None]) * state + added
    return torch.stack(outputs, dim=1)


def _low_rank(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.empty(shape).uniform_(-LOW_RANK_START, LOW_RANK_START))
