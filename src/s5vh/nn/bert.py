"""The frame encoder of BTH, DKPH and BerVAE: a frame map, fixed positions and one Transformer block.

Shapes: B videos, T frames, D feature dimension; "width" is that of the embeddings.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.nn.corruption import CorruptedFrames
from s5vh.nn.positions import positions_for, sinusoidal_positions

STD_EPS = 1e-6


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
        variance, mean = torch.var_mean(x, dim=-1, keepdim=True)
        return torch.addcmul(self.bias, (x - mean) / (variance.sqrt() + self.eps), self.gain)


class SingleHeadAttention(nn.Module):
    """dropout(softmax(q k' / sqrt(width))) v with one head, then a linear map: [B, T, width] to [B, T, width]."""

    def __init__(self, width: int, dropout: float):
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.dropout = nn.Dropout(dropout)

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
        self.dropout = nn.Dropout(dropout)

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
        self.dropout = nn.Dropout(dropout)
        self.block = BertBlock(width, hidden, dropout)
        self.register_buffer("positions", sinusoidal_positions(frames, width), persistent=False)

    def forward(self, feats: Tensor, corrupted: CorruptedFrames | None = None) -> Tensor:
        """With `corrupted`, feats are [G, B, T, D] and the encoder sees `corrupted.of(feats)`."""
        embedded = self.frame_map(feats) if corrupted is None else corrupted.embedded(self.frame_map, feats)
        embedded = self.dropout(embedded + positions_for(feats.shape[-2], self.positions))
        return self.block(embedded.flatten(0, -3)).view(embedded.shape)
