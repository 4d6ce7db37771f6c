"""Shared by the Mamba and Transformer networks."""

from __future__ import annotations

import torch
from torch import nn

NORM_EPS = 1e-6  # for the layer norms in and after encoder and decoder


@torch.no_grad()
def xavier_linear(module: nn.Module) -> None:
    """Reset linear layers to Xavier-uniform weights and zero bias, for `Module.apply`; other modules are unchanged.

    Used for encoders and decoders in the released code. In S5VH it also resets Mamba's projections, so that initial
    step sizes are near softplus(0) = 0.69 instead of between 0.001 and 0.1.
    """
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            module.bias.zero_()
