"""Pre-norm Transformer blocks whose number of heads need not divide the width.

Shapes: B sequences, T tokens, H heads of d channels each. The inner width H * d may be less than the model width (6
heads of size 42 give 252 of 256 in the released ConMH and AutoSSVH); the output projection restores it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.nn.layers import NORM_EPS


class Attention(nn.Module):
    """Multi-head self-attention, softmax(q k' / sqrt(d)) v: [B, T, width] to [B, T, width].

    Queries and values have a bias, keys do not: a key bias would add the same constant to all scores of a query, to
    which softmax is invariant.

    Args:
        heads, head_size: H and d.
    """

    def __init__(self, width: int, heads: int, head_size: int):
        super().__init__()
        inner = heads * head_size
        self.heads, self.head_size = heads, head_size
        self.qkv = nn.Linear(width, 3 * inner, bias=False)
        self.q_bias = nn.Parameter(torch.zeros(inner))
        self.v_bias = nn.Parameter(torch.zeros(inner))
        self.proj = nn.Linear(inner, width)

    def forward(self, x: Tensor, last: int | None = None) -> Tensor:
        """`last=n` returns only the outputs of the last n tokens, [B, n, width], which attend to all T."""
        kv_bias = torch.cat([torch.zeros_like(self.v_bias), self.v_bias])
        if last is None:
            q, k, v = self._heads(x, self.qkv.weight, torch.cat([self.q_bias, kv_bias]))
        else:
            q_weight, kv_weight = self.qkv.weight.split([len(self.q_bias), len(kv_bias)])
            (q,) = self._heads(x[:, x.shape[1] - last :], q_weight, self.q_bias)
            k, v = self._heads(x, kv_weight, kv_bias)
        mixed = F.scaled_dot_product_attention(q, k, v)
        return self.proj(mixed.transpose(1, 2).flatten(2))

    def weights(self, x: Tensor) -> Tensor:
        """Attention of every query to every key, softmax(q k' / sqrt(d)): [B, T, width] to [B, H, T, T]."""
        q_weight, k_weight, _ = self.qkv.weight.chunk(3)
        (q,) = self._heads(x, q_weight, self.q_bias)
        (k,) = self._heads(x, k_weight, torch.zeros_like(self.q_bias))
        return (q @ k.transpose(-1, -2) / self.head_size**0.5).softmax(dim=-1)

    def _heads(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        """Stacked queries, keys and/or values, [any, B, H, T, d]."""
        return F.linear(x, weight, bias).view(*x.shape[:2], -1, self.heads, self.head_size).permute(2, 0, 3, 1, 4)


class TransformerBlock(nn.Module):
    """x + Attention(LN(x)), then x + MLP(LN(x)) with the exact GELU; no dropout.

    Args:
        heads, head_size: H and d.
        mlp_ratio: hidden width of the MLP divided by the width.
    """

    def __init__(self, width: int, heads: int, head_size: int, mlp_ratio: int = 4):
        super().__init__()
        self.attention_norm = nn.LayerNorm(width, eps=NORM_EPS)
        self.attention = Attention(width, heads, head_size)
        self.mlp_norm = nn.LayerNorm(width, eps=NORM_EPS)
        self.mlp = nn.Sequential(nn.Linear(width, mlp_ratio * width), nn.GELU(), nn.Linear(mlp_ratio * width, width))

    def forward(self, x: Tensor, last: int | None = None) -> Tensor:
        """`last=n` returns only the last n tokens, [B, n, width]; for the others, only keys and values are computed."""
        seen = self.attention_norm(x)
        x = x if last is None else x[:, x.shape[1] - last :]
        x = x + self.attention(seen, last)
        return x + self.mlp(self.mlp_norm(x))


class TransformerStack(nn.Module):
    """`depth` blocks, at least one, and a final layer norm: [B, T, width] to [B, T, width].

    Args:
        options: further arguments of the blocks.
    """

    def __init__(self, width: int, depth: int, **options: int):
        super().__init__()
        self.blocks = nn.ModuleList(TransformerBlock(width, **options) for _ in range(depth))
        self.norm = nn.LayerNorm(width, eps=NORM_EPS)

    def forward(self, x: Tensor, last: int | None = None) -> Tensor:
        """`last=n` returns only the last n tokens, [B, n, width], e.g. to reconstruct masked frames."""
        *before, final = self.blocks
        for block in before:
            x = block(x)
        return self.norm(final(x, last))
