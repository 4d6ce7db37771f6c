"""Dropout with cheap random numbers: on a CPU, torch's own takes longer than the layers around it.

It is a fifth of a training step of BTH at the size of the demo, of which drawing one 64-bit number per element is most.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

_LEVELS = 2**16  # of the 16 bits that decide about an element


class _CheapDropout(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, dropped):
        words = torch.empty(-(-x.numel() // 4), dtype=torch.int64).random_(-(2**63), None)
        levels = words.view(torch.int16)[: x.numel()].view(x.shape)  # all 16-bit numbers are equally likely
        factors = (levels >= dropped - _LEVELS // 2).to(x.dtype).mul_(_LEVELS / (_LEVELS - dropped))
        ctx.save_for_backward(factors)
        return x * factors

    @staticmethod
    def backward(ctx, gradient):
        (factors,) = ctx.saved_tensors
        return gradient * factors, None


class Dropout(nn.Dropout):
    """`nn.Dropout`, but on a CPU four elements share a 64-bit random number of torch's global generator.

    The probability is a multiple of 2^-16 there, and the rest is scaled accordingly.
    """

    def forward(self, x: Tensor) -> Tensor:
        dropped = round(self.p * _LEVELS)
        if x.device.type != "cpu" or not self.training or dropped in (0, _LEVELS):
            return super().forward(x)
        return _CheapDropout.apply(x, dropped)
