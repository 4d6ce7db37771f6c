"""Causal depthwise convolution followed by SiLU, the step before the selective scan."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def causal_conv_silu(
    x: Tensor, weight: Tensor, bias: Tensor, *, reverse: bool = False, backend: str = "auto"
) -> Tensor:
    """SiLU(bias + sum_j weight[:, 0, j] x[t - (W - 1) + j]) for each channel, zeros before the first frame.

    Args:
        x: [B, T, E].
        weight: [E, 1, W], `Conv1d`'s layout; the last tap meets the current frame.
        bias: [E].
        reverse: look at later frames instead of earlier ones.
        backend: "auto" (numba on the CPU, torch elsewhere), "numba" or "torch".

    Returns:
        [B, T, E].
    """
    if backend == "numba" or (backend == "auto" and x.device.type == "cpu"):
        return _NumbaConv.apply(x, weight, bias, reverse)
    taps = weight.shape[-1]
    padding = (0, taps - 1) if reverse else (taps - 1, 0)
    kernel = weight.flip(-1) if reverse else weight
    padded = F.pad(x.transpose(1, 2), padding)
    return F.silu(F.conv1d(padded, kernel, bias, groups=x.shape[-1])).transpose(1, 2)


class _NumbaConv(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, reverse):
        from s5vh.nn import cpu_kernels

        x, bias = x.contiguous(), bias.contiguous()
        taps = weight[:, 0, :].t().contiguous()
        y = torch.empty_like(x)
        arrays = [a.detach().numpy() for a in (x, taps, bias)]
        cpu_kernels.conv_silu_forward(*arrays, reverse, y.numpy())
        ctx.save_for_backward(x, taps, bias)
        ctx.reverse = reverse
        return y

    @staticmethod
    def backward(ctx, dy):
        from s5vh.nn import cpu_kernels

        x, taps, bias = (a.detach() for a in ctx.saved_tensors)
        dx = torch.empty_like(x)
        dtaps = x.new_zeros(x.shape[0], *taps.shape)
        dbias = x.new_zeros(x.shape[0], x.shape[2])
        inputs = [a.numpy() for a in (x, taps, bias, dy.contiguous())]
        cpu_kernels.conv_silu_backward(*inputs, ctx.reverse, dx.numpy(), dtaps.numpy(), dbias.numpy())
        return dx, dtaps.sum(0).t()[:, None, :], dbias.sum(0), None
