"""The reference implementation with its scan as one operation of torch, whose floating-point operations are known.

Only for counting, see `s5vh.studies.method_size`: torch's counters see operations of torch, while the other backends'
kernels are none of these and the reference's loop over time is many. Not differentiable.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from s5vh.nn.backends import reference
from s5vh.nn.backends.reference import conv_silu, norm_gate
from s5vh.nn.backends.scan_inputs import ScanInputs

__all__ = ["conv_silu", "norm_gate", "scan", "scan_flops"]


@torch.library.custom_op("s5vh::selective_scan", mutates_args=())
def selective_scan(
    u: Tensor,
    delta: Tensor,
    A: Tensor,
    B: Tensor,
    C: Tensor,
    D: Tensor,
    z: Tensor | None,
    delta_bias: Tensor | None,
    delta_softplus: bool,
    reverse: bool,
) -> Tensor:
    inputs = ScanInputs(u, delta, A, B, C, D, z, delta_bias, delta_softplus)
    return reference.scan([inputs], [reverse])[0]


def scan(directions: Sequence[ScanInputs], reverse: Sequence[bool]) -> list[Tensor]:
    """See `s5vh.nn.scan.selective_scan`."""
    return [selective_scan(*inputs, backwards) for inputs, backwards in zip(directions, reverse, strict=True)]


def scan_flops(u: Sequence[int], delta: Sequence[int], A: Sequence[int], *_: object, **__: object) -> int:
    """Products and sums of a scan, from the shapes of its inputs.

    Per video, frame and channel, and for each of the N states: delta A, decay h, delta u B, their sum, C h, and the sum
    over states (6 N); then delta u, D u and its sum (3). Exponentials, softplus and the gate are not counted, like
    all functions of single elements.
    """
    videos, frames, channels = u
    return videos * frames * channels * (6 * A[1] + 3)
