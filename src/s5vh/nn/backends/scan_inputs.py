"""Inputs of the scan, common to all backends."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class ScanInputs(NamedTuple):
    """Inputs of one direction's scan, see `s5vh.nn.scan.selective_scan`."""

    u: Tensor
    delta: Tensor
    A: Tensor
    B: Tensor
    C: Tensor
    D: Tensor
    z: Tensor | None = None
    delta_bias: Tensor | None = None
    delta_softplus: bool = False
