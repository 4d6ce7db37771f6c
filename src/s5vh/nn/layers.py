"""What Mamba and Transformer networks of the released codes have in common."""

from __future__ import annotations

import torch
from torch import nn

NORM_EPS = 1e-6  # of the layer norms inside and after encoder and decoder


@torch.no_grad()
def xavier_linear(module: nn.Module) -> None:
    """Reset a linear layer to Xavier-uniform weights and zero bias, for `Module.apply`; others stay as they are.

    The released codes do so with their encoders and decoders. In S5VH it reaches Mamba's projections, whose step sizes
    then start near softplus(0) = 0.69 instead of between 0.001 and 0.1.
    """
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            module.bias.zero_()
