"""The CUDA scan of the mamba-ssm package, with plain torch for the other operations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from torch import Tensor

from s5vh.nn.backends.reference import conv_silu, norm_gate
from s5vh.nn.backends.scan_inputs import ScanInputs

__all__ = ["available", "conv_silu", "norm_gate", "scan"]


@cache
def available() -> bool:
    """Whether mamba-ssm can be imported."""
    try:
        from mamba_ssm.ops.selective_scan_interface import selective_scan_fn  # noqa: F401
    except (ImportError, OSError):  # a wheel built for another torch fails with an undefined symbol
        return False
    return True


def scan(directions: Sequence[ScanInputs], reverse: Sequence[bool]) -> list[Tensor]:
    """One call of `selective_scan_fn` per direction."""
    return [_scan(inputs, backwards) for inputs, backwards in zip(directions, reverse, strict=True)]


def _scan(inputs: ScanInputs, reverse: bool) -> Tensor:
    from mamba_ssm.ops.selective_scan_interface import selective_scan_fn

    # The kernel expects [B, E, T] and supports only the forward direction.
    over_time = [inputs.u, inputs.delta, inputs.B, inputs.C, *([] if inputs.z is None else [inputs.z])]
    over_time = [(x.flip(1) if reverse else x).transpose(1, 2).contiguous() for x in over_time]
    u, delta, B, C = over_time[:4]
    z = over_time[4] if inputs.z is not None else None
    bias = None if inputs.delta_bias is None else inputs.delta_bias.float()
    A, D = inputs.A.float(), inputs.D.float()
    y = selective_scan_fn(u, delta, A, B, C, D, z, bias, inputs.delta_softplus).transpose(1, 2)
    return y.flip(1) if reverse else y
