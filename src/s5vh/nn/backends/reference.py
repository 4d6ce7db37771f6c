"""Reference implementation in plain torch, for any device, differentiated by autograd, exact in float64."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from s5vh.nn.backends.scan_inputs import ScanInputs


def scan(directions: Sequence[ScanInputs], reverse: Sequence[bool]) -> list[Tensor]:
    """A loop over time; half-precision inputs are computed in float32."""
    return [_scan(inputs, backwards) for inputs, backwards in zip(directions, reverse, strict=True)]


def _scan(inputs: ScanInputs, reverse: bool) -> Tensor:
    dtype = torch.promote_types(inputs.u.dtype, torch.float32)
    u, delta, A, B, C, D = (x.to(dtype) for x in inputs[:6])
    if inputs.delta_bias is not None:
        delta = delta + inputs.delta_bias
    if inputs.delta_softplus:
        delta = F.softplus(delta)
    batch, length, channels = u.shape
    h = u.new_zeros(batch, channels, A.shape[1])
    y: list[Tensor] = [u] * length
    for t in reversed(range(length)) if reverse else range(length):
        decay = torch.exp(delta[:, t, :, None] * A)
        h = decay * h + (delta[:, t] * u[:, t])[:, :, None] * B[:, t, None, :]
        y[t] = (h * C[:, t, None, :]).sum(-1) + D * u[:, t]
    result = torch.stack(y, dim=1)
    return (result if inputs.z is None else result * F.silu(inputs.z.to(dtype))).to(inputs.u.dtype)


def conv_silu(directions: Sequence[tuple[Tensor, Tensor, Tensor]], reverse: Sequence[bool]) -> list[Tensor]:
    """torch's grouped convolution over padded frames."""
    return [_conv_silu(*inputs, backwards) for inputs, backwards in zip(directions, reverse, strict=True)]


def _conv_silu(x: Tensor, weight: Tensor, bias: Tensor, reverse: bool) -> Tensor:
    taps = weight.shape[-1]
    padding = (0, taps - 1) if reverse else (taps - 1, 0)
    kernel = weight.flip(-1) if reverse else weight
    padded = F.pad(x.transpose(1, 2), padding)
    return F.silu(F.conv1d(padded, kernel, bias, groups=x.shape[-1])).transpose(1, 2)


def norm_gate(directions: Sequence[tuple[Tensor, Tensor, Tensor, Tensor]], eps: float) -> list[Tensor]:
    """Layer norm of y over the channels, times SiLU of the gate."""
    return [F.layer_norm(y, y.shape[-1:], w.to(y.dtype), b.to(y.dtype), eps) * F.silu(z) for y, w, b, z in directions]
