"""The numba kernels as differentiable operations on CPU tensors.

Half-precision inputs are computed in float32; results have the dtype of the inputs. The kernels read and write arrays
[B, T, E] in bfloat16 as they are; other half-precision inputs are converted first.
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
        stored, computed = _dtypes(u)
        bias, A, B, C, D = (x.to(computed) for x in (bias, A, B, C, D))
        y = _Scan.apply(u.to(stored), delta.to(stored), bias, with_softplus, A, B, C, D, backwards)
        if z is not None:
            y = _Gate.apply(y, z.to(stored))
        results.append(y.to(u.dtype))
    return results


def scan_onward(inputs: ScanInputs, reverse: bool, state: Tensor) -> Tensor:
    """`scan` of one direction that goes on where another one has ended; not differentiable.

    Args:
        state: h after the preceding frames, [B, N, E] in the dtype of the computation; replaced by h after these.
    """
    u, delta, A, B, C, D, z, bias, with_softplus = inputs
    bias = delta.new_zeros(delta.shape[-1]) if bias is None else bias
    stored, _ = _dtypes(u)
    bias, A, B, C, D = (x.to(state.dtype) for x in (bias, A, B, C, D))
    y = _scanned(u.to(stored), delta.to(stored), bias, with_softplus, A, B, C, D, reverse, state)[0]
    return (y if z is None else _Gate.apply(y, z.to(stored))).to(u.dtype)


def conv_silu(directions: Sequence[tuple[Tensor, Tensor, Tensor]], reverse: Sequence[bool]) -> list[Tensor]:
    """Causal depthwise convolution and SiLU, see `s5vh.nn.backends`."""
    results = []
    for (x, weight, bias), backwards in zip(directions, reverse, strict=True):
        stored, computed = _dtypes(x)
        results.append(_ConvSiLU.apply(x.to(stored), weight.to(computed), bias.to(computed), backwards).to(x.dtype))
    return results


def norm_gate(directions: Sequence[tuple[Tensor, Tensor, Tensor, Tensor]], eps: float) -> list[Tensor]:
    """Layer norm of y over the channels, times SiLU of the gate."""
    results = []
    for y, weight, bias, gate in directions:
        stored, computed = _dtypes(y)
        out = _NormGate.apply(y.to(stored), weight.to(computed), bias.to(computed), gate.to(stored), eps)
        results.append(out.to(y.dtype))
    return results


def _dtypes(x: Tensor) -> tuple[torch.dtype, torch.dtype]:
    """The dtypes in which arrays [B, T, E] like this one are passed to kernels, and in which these compute."""
    computed = torch.promote_types(x.dtype, torch.float32)
    return (x.dtype if x.dtype == torch.bfloat16 else computed), computed


def _arrays(*tensors: Tensor) -> list:
    """Arrays for kernels; bfloat16 as in `cpu_storage`."""
    return [(x.view(torch.uint16) if x.dtype == torch.bfloat16 else x).detach().numpy() for x in tensors]


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
        y, dense = _scanned(u, delta, bias, with_softplus, A, B, C, D, reverse, A.new_empty(0, 0, 0))
        ctx.save_for_backward(*dense)
        ctx.with_softplus, ctx.reverse = with_softplus, reverse
        return y

    @staticmethod
    def backward(ctx, dy):
        from s5vh.nn.backends import cpu_scan

        u, delta, bias, A, B, C, D = ctx.saved_tensors
        groups, blocks = cpu_scan.job_count(u.shape[0], u.shape[2])
        du, ddelta = torch.empty_like(u), torch.empty_like(u)
        dA, dD = A.new_empty(groups, *A.shape), D.new_empty(groups, *D.shape)
        dB, dC = B.new_empty(blocks, *B.shape), C.new_empty(blocks, *C.shape)
        inputs = [*_arrays(u, delta, bias), ctx.with_softplus, *_arrays(A, B, C, D, dy.contiguous()), ctx.reverse]
        cpu_scan.scan_backward(*inputs, *_arrays(du, ddelta, dA, dB, dC, dD))
        dbias = ddelta.sum((0, 1), dtype=bias.dtype) if ctx.needs_input_grad[2] else None
        return du, ddelta, dbias, None, dA.sum(0).t(), dB.sum(0), dC.sum(0), dD.sum(0), None


class _ConvSiLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, reverse):
        from s5vh.nn.backends import cpu_pointwise

        x, bias = x.contiguous(), bias.contiguous()
        taps = weight[:, 0, :].t().contiguous()
        y = torch.empty_like(x)
        cpu_pointwise.conv_silu_forward(*_arrays(x, taps, bias), reverse, *_arrays(y))
        ctx.save_for_backward(x, taps, bias)
        ctx.reverse = reverse
        return y

    @staticmethod
    def backward(ctx, dy):
        from s5vh.nn.backends import cpu_pointwise

        x, taps, bias = ctx.saved_tensors
        dx = torch.empty_like(x)
        groups = cpu_pointwise.job_count(len(x))
        dtaps, dbias = taps.new_empty(groups, *taps.shape), bias.new_empty(groups, *bias.shape)
        inputs = _arrays(x, taps, bias, dy.contiguous())
        cpu_pointwise.conv_silu_backward(*inputs, ctx.reverse, *_arrays(dx, dtaps, dbias))
        return dx, dtaps.sum(0).t()[:, None, :], dbias.sum(0), None


class _NormGate(torch.autograd.Function):
    @staticmethod
    def forward(ctx, y, weight, bias, gate, eps):
        from s5vh.nn.backends import cpu_pointwise

        y, weight, bias, gate = (x.contiguous() for x in (y, weight, bias, gate))
        out, mean, scale = torch.empty_like(y), weight.new_empty(y.shape[:2]), weight.new_empty(y.shape[:2])
        cpu_pointwise.norm_gate_forward(*_arrays(y, weight, bias, gate), eps, *_arrays(mean, scale, out))
        ctx.save_for_backward(y, weight, bias, gate, mean, scale)
        return out

    @staticmethod
    def backward(ctx, dout):
        from s5vh.nn.backends import cpu_pointwise

        y, weight, _, gate, _, _ = ctx.saved_tensors
        dy, dgate = torch.empty_like(y), torch.empty_like(gate)
        dweight, dbias = (weight.new_empty(cpu_pointwise.job_count(len(y)), *weight.shape) for _ in range(2))
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
