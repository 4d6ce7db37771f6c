"""The temporal mixers other than Mamba written plainly, with the parameters of ours: one frame after another."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def lstm(block, x: Tensor) -> Tensor:
    x, weights = block.norm(x), block.lstm
    h = c = torch.zeros_like(x[:, 0])
    outputs = []
    for t in range(x.shape[1]):
        gates = F.linear(x[:, t], weights.weight_ih_l0, weights.bias_ih_l0)
        i, f, g, o = (gates + F.linear(h, weights.weight_hh_l0, weights.bias_hh_l0)).chunk(4, dim=-1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        outputs.append(h)
    return torch.stack(outputs, dim=1)


def turned(x: Tensor, frame: int, angles: Tensor) -> Tensor:
    """Adjacent pairs of channels of x, [B, H, K], rotated by frame * angles, [K / 2]."""
    even, odd = x[..., ::2], x[..., 1::2]
    cos, sin = (frame * angles).cos().to(x.dtype), (frame * angles).sin().to(x.dtype)
    return torch.stack([even * cos - odd * sin, odd * cos + even * sin], dim=-1).flatten(-2)


def retention(block, x: Tensor) -> Tensor:
    width, heads = x.shape[-1], block.heads
    q, k, v, gate = block.in_proj(block.norm(x)).split([width, width, 2 * width, 2 * width], dim=-1)
    decay = block.decay.repeat_interleave(2, dim=-1).to(x.dtype)[..., None]  # [H, K, 1]
    state = x.new_zeros(len(x), heads, width // heads, 2 * width // heads)
    outputs = []
    for t in range(x.shape[1]):
        queries, keys = (turned(part[:, t].view(len(x), heads, -1), t, block.angles) for part in (q, k))
        state = decay * state + keys[..., None] * v[:, t].view(len(x), heads, 1, -1)
        outputs.append((queries[:, :, None] @ state).flatten(1))
    mixed = torch.stack(outputs, dim=1)
    norm = block.head_norm
    normed = F.group_norm(mixed.flatten(0, 1), heads, norm.weight, norm.bias, norm.eps).view_as(mixed)
    return block.out_proj(normed * F.silu(gate))


def rwkv(mixer, x: Tensor) -> Tensor:
    block = mixer.block
    x = block.first_norm(mixer.norm(x))
    x = x + block.time_scale * time_mix(block.time_mix, block.time_norm(x))
    return x + block.channel_scale * channel_mix(block.channel_mix, block.channel_norm(x))


def before(x: Tensor) -> Tensor:
    return torch.cat([torch.zeros_like(x[:, :1]), x[:, :-1]], dim=1)


def time_mix(mix, x: Tensor) -> Tensor:
    towards, inputs = before(x) - x, mix.inputs
    chosen = torch.tanh((x + towards * inputs.to_choose) @ inputs.choose_in).chunk(5, dim=-1)
    shares = [inputs.fixed[n] + chosen[n] @ inputs.choose_out[n] for n in range(5)]
    for_w, for_k, for_v, for_r, for_g = (x + towards * share for share in shares)
    r, k, v = (
        part.unflatten(-1, (-1, mix.head_size)) for part in (mix.receptance(for_r), mix.key(for_k), mix.value(for_v))
    )
    decay = torch.exp(-torch.exp(mix.decay_base + torch.tanh(for_w @ mix.decay_in) @ mix.decay_out)).view(k.shape)
    state = x.new_zeros(len(x), *k.shape[2:], mix.head_size)
    outputs = []
    for t in range(x.shape[1]):
        added = k[:, t, ..., None] * v[:, t, :, None]
        outputs.append((r[:, t, :, None] @ (state + mix.bonus[..., None] * added)).flatten(1))
        state = decay[:, t, ..., None] * state + added
    mixed = torch.stack(outputs, dim=1)
    norm = mix.head_norm
    normed = F.group_norm(mixed.flatten(0, 1), k.shape[2], norm.weight, norm.bias, norm.eps).view_as(mixed)
    return mix.output(normed * F.silu(mix.gate(for_g)))


def channel_mix(mix, x: Tensor) -> Tensor:
    shifted = before(x)
    for_k, for_r = (x * share + shifted * (1 - share) for share in mix.own_share)
    return torch.sigmoid(mix.receptance(for_r)) * mix.value(torch.relu(mix.key(for_k)) ** 2)


def transformer(mixer, x: Tensor) -> Tensor:
    """What the block adds to x."""
    block, attention = mixer.block, mixer.block.attention
    seen = block.attention_norm(x)
    bias = torch.cat([attention.q_bias, torch.zeros_like(attention.q_bias), attention.v_bias])
    q, k, v = (
        part.unflatten(-1, (attention.heads, -1)).transpose(1, 2)
        for part in F.linear(seen, attention.qkv.weight, bias).chunk(3, dim=-1)
    )
    weights = (q @ k.mT / attention.head_size**0.5).softmax(dim=-1)
    attended = attention.proj((weights @ v).transpose(1, 2).flatten(2))
    return attended + block.mlp(block.mlp_norm(x + attended))
