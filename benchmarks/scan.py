"""Selective scan on the CPU, forward and backward, float32, against two baselines in plain torch: mamba-ssm's reference
implementation (a loop over time on [B, E, T, N] tensors with all decays and inputs) and, if installed
(`pip install mambapy`), mambapy's parallel scan.

    python benchmarks/scan.py [--batch 128 --frames 25 --channels 512 --states 16 --threads 2 --repeats 7]

First verifies all against the float64 reference on the same random inputs, then times them alternately in one process,
all with the memory settings used in training. Writes benchmarks/measured/scan.json.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from plain_step import materialised_scan

from s5vh.base.files import write_json
from s5vh.base.memory import keep_freed_memory
from s5vh.base.provenance import provenance
from s5vh.nn.scan import selective_scan
from s5vh.training.device import set_threads

try:
    from mambapy.pscan import pscan
except ImportError:
    pscan = None

OUTPUT = Path(__file__).parent / "measured" / "scan.json"


def parallel_scan(u, delta, A, B, C, D):
    """mambapy's scan: all decays and inputs as [B, T, E, N], with log2(T) sweeps over them."""
    decay = torch.exp(delta[..., None] * A)
    inputs = (delta * u)[..., None] * B[:, :, None, :]
    return (pscan(decay, inputs) @ C[..., None]).squeeze(3) + D * u


def problem(arguments, dtype):
    generator = torch.Generator().manual_seed(0)

    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    batch, frames, channels, states = arguments.batch, arguments.frames, arguments.channels, arguments.states
    tensors = [
        normal(batch, frames, channels),
        torch.nn.functional.softplus(normal(batch, frames, channels) - 3),
        -torch.exp(normal(channels, states)),
        normal(batch, frames, states),
        normal(batch, frames, states),
        normal(channels),
    ]
    return [tensor.to(dtype).requires_grad_() for tensor in tensors]


def forward_backward(scan, tensors):
    y = scan(*tensors)
    return [y.detach(), *torch.autograd.grad(y.square().sum(), tensors)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("batch", 128), ("frames", 25), ("channels", 512), ("states", 16), ("threads", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    set_threads(arguments.threads)
    keep_freed_memory()
    scans = {
        "numba": lambda *x: selective_scan(*x, backend="numba"),
        "materialised loop": materialised_scan,
    }
    if pscan is not None:
        scans["mambapy's parallel scan"] = parallel_scan
    exact = forward_backward(lambda *x: selective_scan(*x, backend="reference"), problem(arguments, torch.float64))
    tensors = problem(arguments, torch.float32)
    errors = {}
    for name, scan in scans.items():
        found = forward_backward(scan, tensors)
        errors[name] = max(((a - b).abs().max() / b.abs().max()).item() for a, b in zip(found, exact, strict=True))
        assert errors[name] < 1e-4, f"{name} is wrong by {errors[name]}"
    times: dict[str, list[float]] = {name: [] for name in scans}
    for _ in range(arguments.repeats):
        for name, scan in scans.items():
            started = time.perf_counter()
            forward_backward(scan, tensors)
            times[name].append(1e3 * (time.perf_counter() - started))
    result = {}
    for name, values in times.items():
        low, median, high = np.percentile(values, (25, 50, 75))
        result[name] = {"milliseconds": median, "quartiles": [low, high], "largest_relative_error": errors[name]}
        print(f"{name:28s} {median:8.1f} ms (quartiles {low:.1f} to {high:.1f}), relative error {errors[name]:.1e}")
    ours = result["numba"]["milliseconds"]
    ratios = {name: found["milliseconds"] / ours for name, found in result.items() if name != "numba"}
    for name, ratio in ratios.items():
        print(f"{name} takes {ratio:.1f} times as long")
    write_json(
        OUTPUT,
        {"settings": vars(arguments), "results": result, "ratios": ratios, "provenance": provenance()},
    )


if __name__ == "__main__":
    main()
