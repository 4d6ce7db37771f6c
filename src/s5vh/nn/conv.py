"""Causal depthwise convolution followed by SiLU, the step before the selective scan."""

from __future__ import annotations

from torch import Tensor

from s5vh.nn.backends import backend_module


def causal_conv_silu(
    x: Tensor, weight: Tensor, bias: Tensor, *, reverse: bool = False, backend: str = "auto"
) -> Tensor:
    """SiLU(bias + sum_j weight[:, 0, j] x[t - (W - 1) + j]) for each channel, zeros before the first frame.

    Args:
        x: [B, T, E].
        weight: [E, 1, W], `Conv1d`'s layout; the last tap meets the current frame.
        bias: [E].
        reverse: look at later frames instead of earlier ones.
        backend: one of `s5vh.nn.backends.BACKENDS` or "auto".

    Returns:
        [B, T, E].
    """
    return backend_module(backend, x.device).conv_silu([(x, weight, bias)], [reverse])[0]
