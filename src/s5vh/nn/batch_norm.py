"""Batch norm for several groups of videos that pass through a network together."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

EPS = 1e-5
MOMENTUM = 0.1  # share of the newest batch in the running statistics


class GroupedBatchNorm(nn.Module):
    """Batch norm over channels, as if each group of a batch passed through the network by itself.

    In training, every group is normalised by its own statistics, and the running statistics are updated once per group,
    in order. So one pass with G groups gives the numbers of G passes. In evaluation, the running statistics are used.
    """

    def __init__(self, channels: int):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: Tensor, groups: int = 1) -> Tensor:
        """Normalise x, [G * B, channels] or [G * B, channels, length], one group after the other in the first axis."""
        parts = x.chunk(groups) if self.training else [x]
        statistics = self.running_mean, self.running_var
        normed = [
            F.batch_norm(part, *statistics, self.weight, self.bias, self.training, MOMENTUM, EPS) for part in parts
        ]
        return normed[0] if len(normed) == 1 else torch.cat(normed)
