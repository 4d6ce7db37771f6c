"""Selective scan (Mamba-1) with interchangeable, equivalent backends.

For every channel e and state n, with h = 0 before the first frame (S5VH paper, equations 1 to 4; Mamba paper):

    h_t = exp(delta_t A) h_{t-1} + delta_t u_t B_t        y_t = sum_n C_t h_t + D u_t

The backends are the modules of `s5vh.nn.backends`.
"""

from __future__ import annotations

from torch import Tensor

from s5vh.nn.backends import backend_module
from s5vh.nn.backends.scan_inputs import ScanInputs


def selective_scan(
    u: Tensor,
    delta: Tensor,
    A: Tensor,
    B: Tensor,
    C: Tensor,
    D: Tensor | None = None,
    z: Tensor | None = None,
    *,
    delta_bias: Tensor | None = None,
    delta_softplus: bool = False,
    reverse: bool = False,
    backend: str = "auto",
) -> Tensor:
    """Selective scan over time.

    Args:
        u: input, [B, T, E].
        delta: step sizes, [B, T, E]; positive unless `delta_softplus`.
        A: state matrix (negative), [E, N].
        B, C: input and output matrices of each frame, [B, T, N].
        D: skip weights, [E], or None.
        z: gate, [B, T, E]; if given, the result is multiplied by SiLU(z).
        delta_bias: added to `delta`, [E], or None.
        delta_softplus: take softplus(delta + delta_bias) as the step size.
        reverse: run from the last frame to the first.
        backend: one of `s5vh.nn.backends.BACKENDS` or "auto".

    Returns:
        [B, T, E], dtype of `u`; inputs in half precision are computed in float32.

    Raises:
        ValueError: shapes that do not fit together, or an unknown backend.
    """
    D = u.new_zeros(u.shape[-1]) if D is None else D
    inputs = ScanInputs(u, delta, A, B, C, D, z, delta_bias, delta_softplus)
    _check(inputs)
    return backend_module(backend, u.device).scan([inputs], [reverse])[0]


def _check(inputs: ScanInputs) -> None:
    u, delta, A, B, C = inputs[:5]
    batch, length, channels = u.shape
    states = A.shape[-1]
    if delta.shape != u.shape or A.shape != (channels, states) or not (B.shape == C.shape == (batch, length, states)):
        raise ValueError(
            f"selective_scan: u {tuple(u.shape)}, delta {tuple(delta.shape)}, A {tuple(A.shape)}, "
            f"B {tuple(B.shape)}, C {tuple(C.shape)} do not fit [B,T,E], [B,T,E], [E,N], [B,T,N], [B,T,N]"
        )
