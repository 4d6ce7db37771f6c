"""The numba kernels as differentiable operations on CPU tensors.

Half-precision inputs are computed in float32; results have the dtype of the inputs.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from s5vh.nn.backends.scan_inputs import ScanInputs


def scan(directions: Sequence[ScanInputs], reverse: Sequence[bool]) -> list[Tensor]:
    """See `s5vh.nn.scan.selective_scan`."""
    results = []
    for inputs, backwards in zip(directions, reverse, strict=True):
        u, delta, A, B, C, D, z, bias, with_softplus = inputs
        bias = delta.new_zeros(delta.shape[-1]) if bias is None else bias
        dtype = torch.promote_types(u.dtype, torch.float32)
        u, delta, bias, A, B, C, D = (x.to(dtype) for x in (u, delta, bias, A, B, C, D))
        y = _Scan.apply(u, delta, bias, with_softplus, A, B, C, D, backwards)
        if z is not None:
            y = _Gate.apply(y, z.to(dtype))
        results.append(y.to(inputs.u.dtype))
    return results


def scan_onward(inputs: ScanInputs, reverse: bool, state: Tensor) -> Tensor:
    """`scan` of one direction that goes on where another one has ended; not differentiable.

    Args:
        state: h after the preceding frames, [B, N, E] in the dtype of the computation; replaced by h after these.
    """
    u, delta, A, B, C, D, z, bias, with_softplus = inputs
    bias = delta.new_zeros(delta.shape[-1]) if bias is None else bias
    u, delta, bias, A, B, C, D = (x.to(state.dtype) for x in (u, delta, bias, A, B, C, D))
    y = _scanned(u, delta, bias, with_softplus, A, B, C, D, reverse, state)[0]
    return (y if z is None else _Gate.apply(y, z.to(state.dtype))).to(inputs.u.dtype)


def conv_silu(directions: Sequence[tuple[Tensor, Tensor, Tensor]], reverse: Sequence[bool]) -> list[Tensor]:
    """Causal depthwise convolution and SiLU, see `s5vh.nn.backends`."""
    results = []
    for (x, weight, bias), backwards in zip(directions, reverse, strict=True):
        dtype = torch.promote_types(x.dtype, torch.float32)
        results.append(_ConvSiLU.apply(x.to(dtype), weight.to(dtype), bias.to(dtype), backwards).to(x.dtype))
    return results


def norm_gate(directions: Sequence[tuple[Tensor, Tensor, Tensor, Tensor]], eps: float) -> list[Tensor]:
    """Layer norm of y over the channels, times SiLU of the gate."""
    results = []
    for inputs in directions:
        dtype = torch.promote_types(inputs[0].dtype, torch.float32)
        results.append(_NormGate.apply(*(x.to(dtype) for x in inputs), eps).to(inputs[0].dtype))
    return results


def _arrays(*tensors: Tensor) -> list:
    return [x.detach().numpy() for x in tensors]


def _scanned(u, delta, bias, with_softplus, A, B, C, D, reverse, state) -> tuple[Tensor, list[Tensor]]:
    """The scan and, in a single memory layout so that kernels are compiled only once per dtype, its inputs."""
    from s5vh.nn.backends import cpu_scan

    u, delta, bias, A, B, C, D = dense = [x.contiguous() for x in (u, delta, bias, A.t(), B, C, D)]
    y = torch.empty_like(u)
    inputs = _arrays(u, delta, bias)
    cpu_scan.scan_forward(*inputs, with_softplus, *_arrays(A, B, C, D), reverse, *_arrays(y, state))
    return y, dense


class _Scan(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u, delta, bias, with_softplus, A, B, C, D, reverse):
        y, dense = _scanned(u, delta, bias, with_softplus, A, B, C, D, reverse, u.new_empty(0, 0, 0))
        ctx.save_for_backward(*dense)
        ctx.with_softplus, ctx.reverse = with_softplus, reverse
        return y

    @staticmethod
    def backward(ctx, dy):
        from s5vh.nn.backends import cpu_scan

        u, delta, bias, A, B, C, D = ctx.saved_tensors
        groups, blocks = cpu_scan.job_count(u.shape[0], u.shape[2])
        du, ddelta = torch.empty_like(u), torch.empty_like(u)
        dA, dD = u.new_empty(groups, *A.shape), u.new_empty(groups, *D.shape)
        dB, dC = u.new_empty(blocks, *B.shape), u.new_empty(blocks, *C.shape)
        inputs = [*_arrays(u, delta, bias), ctx.with_softplus, *_arrays(A, B, C, D, dy.contiguous()), ctx.reverse]
        cpu_scan.scan_backward(*inputs, *_arrays(du, ddelta, dA, dB, dC, dD))
        dbias = ddelta.sum((0, 1)) if ctx.needs_input_grad[2] else None
        return du, ddelta, dbias, None, dA.sum(0).t(), dB.sum(0), dC.sum(0), dD.sum(0), None


class _ConvSiLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, reverse):
        from s5vh.nn.backends import cpu_pointwise

        x, bias = x.contiguous(), bias.contiguous()
        taps = weight[:, 0, :].t().contiguous()
        y = torch.empty_like(x)
        cpu_pointwise.conv_silu_forward(*_arrays(x, taps, bias), reverse, y.numpy())
        ctx.save_for_backward(x, taps, bias)
        ctx.reverse = reverse
        return y

    @staticmethod
    def backward(ctx, dy):
        from s5vh.nn.backends import cpu_pointwise

        x, taps, bias = ctx.saved_tensors
        dx = torch.empty_like(x)
        dtaps, dbias = x.new_empty(x.shape[0], *taps.shape), x.new_empty(x.shape[0], x.shape[2])
        inputs = _arrays(x, taps, bias, dy.contiguous())
        cpu_pointwise.conv_silu_backward(*inputs, ctx.reverse, *_arrays(dx, dtaps, dbias))
        return dx, dtaps.sum(0).t()[:, None, :], dbias.sum(0), None


class _NormGate(torch.autograd.Function):
    @staticmethod
    def forward(ctx, y, weight, bias, gate, eps):
        from s5vh.nn.backends import cpu_pointwise

        y, weight, bias, gate = (x.contiguous() for x in (y, weight, bias, gate))
        out, mean, scale = torch.empty_like(y), y.new_empty(y.shape[:2]), y.new_empty(y.shape[:2])
        cpu_pointwise.norm_gate_forward(*_arrays(y, weight, bias, gate), eps, *_arrays(mean, scale, out))
        ctx.save_for_backward(y, weight, bias, gate, mean, scale)
        return out

    @staticmethod
    def backward(ctx, dout):
        from s5vh.nn.backends import cpu_pointwise

        y, weight, _, gate, _, _ = ctx.saved_tensors
        dy, dgate = torch.empty_like(y), torch.empty_like(gate)
        dweight, dbias = (y.new_empty(len(y), *weight.shape) for _ in range(2))
        inputs = _arrays(*ctx.saved_tensors, dout.contiguous())
        cpu_pointwise.norm_gate_backward(*inputs, *_arrays(dy, dweight, dbias, dgate))
        return dy, dweight.sum(0), dbias.sum(0), dgate, None


class _Gate(torch.autograd.Function):
    @staticmethod
    def forward(ctx, y, gate):
        from s5vh.nn.backends import cpu_pointwise

        y, gate = y.contiguous(), gate.contiguous()
        out = torch.empty_like(y)
        cpu_pointwise.gate_forward(*_arrays(y, gate, out))
        ctx.save_for_backward(y, gate)
        return out

    @staticmethod
    def backward(ctx, dout):
        from s5vh.nn.backends import cpu_pointwise

        y, gate = ctx.saved_tensors
        dy, dgate = torch.empty_like(y), torch.empty_like(gate)
        cpu_pointwise.gate_backward(*_arrays(y, gate, dout.contiguous(), dy, dgate))
        return dy, dgate
