"""The frame encoder of BTH, DKPH and BerVAE: a frame map, fixed positions and one Transformer block.

Shapes: B videos, T frames, D feature dimension; "width" is that of the embeddings.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.nn.corruption import CorruptedFrames
from s5vh.nn.dropout import Dropout
from s5vh.nn.positions import positions_for, sinusoidal_positions

STD_EPS = 1e-6
_SMALLEST_VARIANCE = 1e-30  # so that equal values become 0


class _Standardized(torch.autograd.Function):
    """z = (x - mean) / (std + eps) over the last axis of size n, from torch's fused layer norm.

    With y the biased layer norm and r the inverse of its standard deviation, z = c y, c = 1 / (sqrt(n / (n - 1)) +
    eps r). For a gradient g at z, that at x is r c (g - mean(g) - y sum(g y) c / sqrt(n (n - 1))).
    """

    @staticmethod
    def forward(ctx, x, eps):
        n = x.shape[-1]
        y, _, r = torch.native_layer_norm(x, (n,), None, None, _SMALLEST_VARIANCE)
        c = 1 / (math.sqrt(n / (n - 1)) + eps * r)
        ctx.save_for_backward(y, r, c)
        return y * c

    @staticmethod
    def backward(ctx, g):
        y, r, c = ctx.saved_tensors
        n = y.shape[-1]
        along = (g * y).sum(dim=-1, keepdim=True) * (c / math.sqrt(n * (n - 1)))
        return torch.addcmul(g - g.mean(dim=-1, keepdim=True), y, along, value=-1).mul_(r * c), None


class StandardDeviationNorm(nn.Module):
    """gain * (x - mean) / (std + eps) + bias over the last axis.

    Unlike `nn.LayerNorm`, the standard deviation is the unbiased one, and eps is added to it, not to the variance.
    """

    def __init__(self, width: int, eps: float = STD_EPS):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return torch.addcmul(self.bias, _Standardized.apply(x, self.eps), self.gain)


class SingleHeadAttention(nn.Module):
    """dropout(softmax(q k' / sqrt(width))) v with one head, then a linear map: [B, T, width] to [B, T, width]."""

    def __init__(self, width: int, dropout: float):
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        scores = self.query(x) @ self.key(x).transpose(1, 2) * x.shape[-1] ** -0.5
        return self.output(self.dropout(scores.softmax(dim=-1)) @ self.value(x))


class BertBlock(nn.Module):
    """x + Attention(norm(x)), then x + MLP(norm(x)) with the tanh approximation of GELU, then dropout.

    Dropout also acts on attention weights, on the output of both sublayers and on the MLP's hidden layer.

    Args:
        hidden: width of the MLP's hidden layer.
        dropout: probability.
    """

    def __init__(self, width: int, hidden: int, dropout: float):
        super().__init__()
        self.attention_norm = StandardDeviationNorm(width)
        self.attention = SingleHeadAttention(width, dropout)
        self.mlp_norm = StandardDeviationNorm(width)
        self.widen, self.narrow = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.dropout = Dropout(dropout)

    def mlp(self, x: Tensor) -> Tensor:
        return self.narrow(self.dropout(F.gelu(self.widen(x), approximate="tanh")))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.dropout(self.attention(self.attention_norm(x)))
        x = x + self.dropout(self.mlp(self.mlp_norm(x)))
        return self.dropout(x)


class BertEncoder(nn.Module):
    """Frames to embeddings, [..., T, D] to [..., T, width], each video independently of the others; any T.

    The released networks also hold embedding tables of a language model, 4,096 tokens and 3 segments, which they never
    read; they are left out here.

    Args:
        frames: T of the training videos.
        feature_size: D.
        hidden: width of the MLP's hidden layer.
        dropout: probability, everywhere.
    """

    def __init__(self, frames: int, feature_size: int, *, width: int, hidden: int, dropout: float):
        super().__init__()
        self.frame_map = nn.Linear(feature_size, width)
        self.dropout = Dropout(dropout)
        self.block = BertBlock(width, hidden, dropout)
        self.register_buffer("positions", sinusoidal_positions(frames, width), persistent=False)

    def forward(self, feats: Tensor, corrupted: CorruptedFrames | None = None) -> Tensor:
        """With `corrupted`, feats are [G, B, T, D] and the encoder sees `corrupted.of(feats)`."""
        embedded = self.frame_map(feats) if corrupted is None else corrupted.embedded(self.frame_map, feats)
        embedded = self.dropout(embedded + positions_for(feats.shape[-2], self.positions))
        return self.block(embedded.flatten(0, -3)).view(embedded.shape)
