"""Selective scan (Mamba-1) behind one interface, with interchangeable backends that give the same answer.

For every channel e and state n, with h = 0 before the first frame (S5VH paper, equations 1 to 4; Mamba paper):

    h_t = exp(delta_t A) h_{t-1} + delta_t u_t B_t        y_t = sum_n C_t h_t + D u_t

Backends: `reference` is a plain loop in torch, exact in float64, any device, differentiable by autograd;
`numba` is the CPU kernel of `cpu_kernels` and never builds a [B, T, E, N] tensor;
`mamba_ssm` is the CUDA kernel of the mamba-ssm package, used when it is installed and the tensors are on a GPU.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

BACKENDS = ("reference", "numba", "mamba_ssm")


@cache
def mamba_ssm_available() -> bool:
    """Whether mamba-ssm's CUDA scan can be imported."""
    try:
        from mamba_ssm.ops.selective_scan_interface import selective_scan_fn  # noqa: F401
    except (ImportError, OSError):  # a wheel built for another torch fails with an undefined symbol
        return False
    return True


def choose_backend(device: torch.device) -> str:
    """The fastest backend for `device`: numba on the CPU, mamba-ssm on CUDA where installed, else the reference."""
    if device.type == "cpu":
        return "numba"
    if device.type == "cuda" and mamba_ssm_available():
        return "mamba_ssm"
    return "reference"


def selective_scan(
    u: Tensor,
    delta: Tensor,
    A: Tensor,
    B: Tensor,
    C: Tensor,
    D: Tensor | None = None,
    z: Tensor | None = None,
    *,
    reverse: bool = False,
    backend: str = "auto",
) -> Tensor:
    """Selective scan over time.

    Args:
        u: input, [B, T, E].
        delta: positive step sizes, [B, T, E].
        A: state matrix (negative), [E, N].
        B, C: input and output matrices of each frame, [B, T, N].
        D: skip weights, [E], or None.
        z: gate, [B, T, E]; the result is multiplied by SiLU(z) when given.
        reverse: run from the last frame to the first.
        backend: one of `BACKENDS` or "auto".

    Returns:
        [B, T, E], dtype of `u`.

    Raises:
        ValueError: shapes that do not fit together, or an unknown backend.
    """
    batch, length, channels = u.shape
    states = A.shape[-1]
    if delta.shape != u.shape or A.shape != (channels, states) or not (B.shape == C.shape == (batch, length, states)):
        raise ValueError(
            f"selective_scan: u {tuple(u.shape)}, delta {tuple(delta.shape)}, A {tuple(A.shape)}, "
            f"B {tuple(B.shape)}, C {tuple(C.shape)} do not fit [B,T,E], [B,T,E], [E,N], [B,T,N], [B,T,N]"
        )
    if D is None:
        D = u.new_zeros(channels)
    name = choose_backend(u.device) if backend == "auto" else backend
    if name == "reference":
        y = _reference(u, delta, A, B, C, D, reverse)
    elif name == "numba":
        y = _NumbaScan.apply(u, delta, A, B, C, D, reverse)
    elif name == "mamba_ssm":
        y = _mamba_ssm(u, delta, A, B, C, D, reverse)
    else:
        raise ValueError(f"selective_scan: unknown backend {name!r}; choose from auto, {', '.join(BACKENDS)}")
    return y if z is None else y * torch.nn.functional.silu(z)


def _reference(u: Tensor, delta: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor, reverse: bool) -> Tensor:
    batch, length, channels = u.shape
    h = u.new_zeros(batch, channels, A.shape[1])
    y: list[Tensor] = [u] * length
    for t in reversed(range(length)) if reverse else range(length):
        decay = torch.exp(delta[:, t, :, None] * A)
        h = decay * h + (delta[:, t] * u[:, t])[:, :, None] * B[:, t, None, :]
        y[t] = (h * C[:, t, None, :]).sum(-1) + D * u[:, t]
    return torch.stack(y, dim=1)


class _NumbaScan(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u, delta, A, B, C, D, reverse):
        from s5vh.nn import cpu_kernels

        u, delta, B, C, D = (x.contiguous() for x in (u, delta, B, C, D))
        A = A.t().contiguous()
        y = torch.empty_like(u)
        arrays = [x.detach().numpy() for x in (u, delta, A, B, C, D)]
        cpu_kernels.scan_forward(*arrays, reverse, y.numpy())
        ctx.save_for_backward(u, delta, A, B, C, D)
        ctx.reverse = reverse
        return y

    @staticmethod
    def backward(ctx, dy):
        from s5vh.nn import cpu_kernels

        u, delta, A, B, C, D = (x.detach() for x in ctx.saved_tensors)
        batch, _, channels = u.shape
        du, ddelta = torch.empty_like(u), torch.empty_like(u)
        dA = u.new_zeros(batch, *A.shape)
        dB, dC = torch.zeros_like(B), torch.zeros_like(C)
        dD = u.new_zeros(batch, channels)
        inputs = [x.numpy() for x in (u, delta, A, B, C, D, dy.contiguous())]
        outputs = [x.numpy() for x in (du, ddelta, dA, dB, dC, dD)]
        cpu_kernels.scan_backward(*inputs, ctx.reverse, *outputs)
        return du, ddelta, dA.sum(0).t(), dB, dC, dD.sum(0), None


def _mamba_ssm(u: Tensor, delta: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor, reverse: bool) -> Tensor:
    from mamba_ssm.ops.selective_scan_interface import selective_scan_fn

    # That kernel wants [B, E, T] and knows only the forward direction.
    inputs = [x.flip(1) if reverse else x for x in (u, delta, B, C)]
    u, delta, B, C = (x.transpose(1, 2).contiguous() for x in inputs)
    y = selective_scan_fn(u, delta, A.float(), B, C, D.float()).transpose(1, 2)
    return y.flip(1) if reverse else y
