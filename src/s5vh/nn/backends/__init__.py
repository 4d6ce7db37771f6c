"""Equivalent implementations of a Mamba block's operations, one module per backend.

A backend module has three functions, each for one or two directions at a time:

    scan(directions, reverse)               `scan_inputs.ScanInputs` to [B, T, E]
    conv_silu(directions, reverse)          (x [B, T, E], weight [E, 1, W], bias [E]) to [B, T, E]
    norm_gate(directions, eps)              (y [B, T, E], weight [E], bias [E], gate [B, T, E]) to [B, T, E]

The convolution is SiLU(bias + sum_j weight[:, 0, j] x[t - (W - 1) + j]) for each channel, zeros before the first frame;
`reverse` looks at later frames instead of earlier ones.

`reference` is plain torch on any device, exact in float64. `numba_cpu` is fast on the CPU and needs no system compiler.
`triton_cuda` runs both directions in one launch on a GPU. `mamba_ssm` uses the scan of the mamba-ssm package.
`counting` is the reference as a counter of operations sees it, and not meant for networks in use.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

BACKENDS = ("reference", "numba", "triton", "mamba_ssm")


def mamba_ssm_available() -> bool:
    """Whether mamba-ssm's CUDA scan can be imported."""
    if importlib.util.find_spec("mamba_ssm") is None:
        return False  # without loading torch
    from s5vh.nn.backends import mamba_ssm

    return mamba_ssm.available()


@cache
def triton_available() -> bool:
    """Whether triton is installed, which is included in CUDA builds of torch."""
    return importlib.util.find_spec("triton") is not None


def choose_backend(device_type: str) -> str:
    """The fastest backend by type of device: numba for "cpu"; for "cuda" triton, then mamba-ssm; else the reference."""
    if device_type == "cpu":
        return "numba"
    if device_type == "cuda" and triton_available():
        return "triton"
    if device_type == "cuda" and mamba_ssm_available():
        return "mamba_ssm"
    return "reference"


def backend_module(name: str, device: torch.device) -> ModuleType:
    """The module of a backend by name, or "auto" for the fastest one.

    Raises:
        ValueError: an unknown name.
    """
    name = choose_backend(device.type) if name == "auto" else name
    if name == "reference":
        from s5vh.nn.backends import reference as module
    elif name == "numba":
        from s5vh.nn.backends import numba_cpu as module
    elif name == "triton":
        from s5vh.nn.backends import triton_cuda as module
    elif name == "mamba_ssm":
        from s5vh.nn.backends import mamba_ssm as module
    elif name == "counting":
        from s5vh.nn.backends import counting as module
    else:
        raise ValueError(f"selective_scan: unknown backend {name!r}; choose from auto, {', '.join(BACKENDS)}")
    return module
