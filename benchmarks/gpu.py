"""The Triton backend on a GPU: correctness, and speed compared with mamba-ssm's CUDA scan and the memory lower bound.

    python benchmarks/gpu.py [--frames 13 25 30 64 256 1024 4096] [--batch 256 --channels 512 --states 16 --repeats 50]
    python benchmarks/gpu.py --check-only                  only the comparison with float64, to gpu_checks.json
    python benchmarks/gpu.py --check-only --device cpu     the same, small, in Triton's interpreter without a GPU

First, all values and gradients of the scan, the convolution and the gated norm are compared with a float64 loop on the
same rounded random inputs (relative to the largest exact value; errors of the Triton kernels above TOLERANCES abort the
run, those of a peer are recorded). Then the implementations alternate, forward and forward with backward, timed with
CUDA events after warm-up: `eager` as called from Python, `graph` replayed from a CUDA graph, without the launch
overhead of Python. mamba-ssm, if installed, scans both directions in two calls: "with transposes and flips" starts and
ends with [B, T, E], like ours; "kernels only" gets tensors that are already transposed (and neither copies nor flips,
so it does less work). The lower bound is the number of bytes that must be moved once, over the bandwidth of a large
copy measured in the same run; short videos fit in the L2 cache and can be faster. Inputs of both directions are
separate tensors. For long videos the batch is reduced to keep B T at most 65,536. Writes benchmarks/measured/gpu.json.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance

OUTPUT = Path(__file__).parent / "measured" / "gpu.json"
CHECKS = OUTPUT.with_name("gpu_checks.json")
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
TOLERANCES = {"float32": 1e-4, "bfloat16": 2e-2}
MOST_FRAMES = 65536  # of a batch
BOTH = (False, True)


def reference_scan(u, delta, A, B, C, D, bias, reverse: bool) -> Tensor:
    delta = F.softplus(delta + bias)
    h = u.new_zeros(u.shape[0], u.shape[2], A.shape[1])
    y = [u] * u.shape[1]
    for t in reversed(range(u.shape[1])) if reverse else range(u.shape[1]):
        h = torch.exp(delta[:, t, :, None] * A) * h + (delta[:, t] * u[:, t])[:, :, None] * B[:, t, None]
        y[t] = (h * C[:, t, None]).sum(-1) + D * u[:, t]
    return torch.stack(y, 1)


def torch_conv(x, weight, bias, reverse: bool) -> Tensor:
    taps = weight.shape[-1]
    padded = F.pad(x.transpose(1, 2), (0, taps - 1) if reverse else (taps - 1, 0))
    kernel = weight.flip(-1) if reverse else weight
    return F.silu(F.conv1d(padded, kernel, bias, groups=x.shape[-1])).transpose(1, 2)


def torch_norm_gate(y, weight, bias, z) -> Tensor:
    return F.layer_norm(y, y.shape[-1:], weight, bias, 1e-6) * F.silu(z)


def mamba_scan(u, delta, A, B, C, D, bias, reverse: bool) -> Tensor:
    from mamba_ssm.ops.selective_scan_interface import selective_scan_fn

    u, delta, B, C = ((x.flip(1) if reverse else x).transpose(1, 2).contiguous() for x in (u, delta, B, C))
    y = selective_scan_fn(u, delta, A, B, C, D, delta_bias=bias, delta_softplus=True).transpose(1, 2)
    return y.flip(1) if reverse else y


def mamba_kernel(u, delta, A, B, C, D, bias, reverse: bool) -> Tensor:
    from mamba_ssm.ops.selective_scan_interface import selective_scan_fn

    return selective_scan_fn(u, delta, A, B, C, D, delta_bias=bias, delta_softplus=True)


def mamba_available() -> bool:
    try:
        from mamba_ssm.ops.selective_scan_interface import selective_scan_fn  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


class Operation:
    """One operation of the block: inputs of both directions, implementations by name, and the bytes to move."""

    def __init__(self, name: str, contenders: dict[str, Callable], reference: Callable, make: Callable):
        self.name, self.contenders, self.reference, self.make = name, contenders, reference, make


def operations(triton_cuda) -> list[Operation]:
    """The operations; implementations map a list of two directions' inputs to a list of two results."""

    def pairwise(function):
        return lambda many: [function(*inputs, reverse) for inputs, reverse in zip(many, BOTH, strict=True)]

    def scan(many):
        inputs = [triton_cuda.ScanInputs(*x[:6], None, x[6], True) for x in many]
        return triton_cuda.scan(inputs, BOTH)

    def make_scan(random, batch, frames, channels, states, dtype):
        over_time, per_frame = (batch, frames, channels), (batch, frames, states)
        tensors = [random(*over_time), random(*over_time) - 3, -torch.exp(random(channels, states))]
        tensors += [random(*per_frame), random(*per_frame), random(channels), random(channels)]
        # Parameters stay in float32, as in mixed-precision training and as required by mamba-ssm.
        return [x.to(torch.float32 if i in (2, 5, 6) else dtype) for i, x in enumerate(tensors)]

    def make_conv(random, batch, frames, channels, _, dtype):
        shapes = (batch, frames, channels), (channels, 1, 4), (channels,)
        return [random(*shape).to(dtype) for shape in shapes]

    def make_norm(random, batch, frames, channels, _, dtype):
        shapes = (batch, frames, channels), (channels,), (channels,), (batch, frames, channels)
        return [random(*shape).to(dtype) for shape in shapes]

    scans = {"triton": scan}
    if mamba_available():
        scans["mamba-ssm, with transposes and flips"] = pairwise(mamba_scan)
    convs = {"triton": lambda many: triton_cuda.conv_silu(many, BOTH), "torch": pairwise(torch_conv)}

    def torch_norm(many):
        return [torch_norm_gate(*inputs) for inputs in many]

    norms = {"triton": lambda many: triton_cuda.norm_gate(many, 1e-6), "torch": torch_norm}
    return [
        Operation("scan", scans, pairwise(reference_scan), make_scan),
        Operation("conv_silu", convs, pairwise(torch_conv), make_conv),
        Operation("norm_gate", norms, torch_norm, make_norm),
    ]


def problem(operation: Operation, sizes: tuple[int, ...], dtype: torch.dtype, device: torch.device, seed: int) -> list:
    generator = torch.Generator(device).manual_seed(seed)

    def random(*shape):
        return torch.randn(*shape, generator=generator, device=device)

    return [[x.requires_grad_() for x in operation.make(random, *sizes, dtype)] for _ in BOTH]


def forward_backward(contender: Callable, directions: list, upstream: list[Tensor]) -> list[Tensor]:
    results = contender(directions)
    gradients = torch.autograd.grad(results, [x for inputs in directions for x in inputs], upstream)
    return [*results, *gradients]


def check(operation: Operation, sizes: tuple[int, ...], dtype_name: str, device: torch.device, seed: int) -> list[dict]:
    """Largest relative error of every result and gradient of every implementation against float64."""
    directions = problem(operation, sizes, DTYPES[dtype_name], device, seed)
    exact_inputs = [[x.detach().double().requires_grad_() for x in inputs] for inputs in directions]
    upstream = [torch.randn_like(inputs[0]).detach() for inputs in directions]
    exact = forward_backward(operation.reference, exact_inputs, [g.double() for g in upstream])
    records = []
    for name, contender in operation.contenders.items():
        if name == "torch":
            continue
        found = forward_backward(contender, directions, upstream)
        again = forward_backward(contender, directions, upstream)
        errors = [
            ((a - b).abs().max() / b.abs().max().clamp(min=1e-30)).item() for a, b in zip(found, exact, strict=True)
        ]
        equal = all(torch.equal(a, b) for a, b in zip(found, again, strict=True))
        sizes_text = "B {} T {} E {} N {}".format(*sizes)
        print(f"{operation.name:10s} {name:36s} {dtype_name:9s} {sizes_text:28s} largest error {max(errors):.1e}")
        tolerance = TOLERANCES[dtype_name]
        if name == "triton":
            assert max(errors) < tolerance, f"{operation.name}, {name}: errors {errors} are above {tolerance}"
            assert equal, f"{operation.name}: two runs differ"
        record = {"operation": operation.name, "contender": name, "dtype": dtype_name, "sizes": sizes}
        records.append(record | {"largest_error": max(errors), "tolerance": tolerance, "two_runs_equal": equal})
    return records


def bytes_once(operation: Operation, directions: list, backward: bool) -> int:
    """Bytes of inputs and results, each moved once; for the backward pass also inputs and gradients again."""
    inputs = sum(x.numel() * x.element_size() for many in directions for x in many)
    results = sum(many[0].numel() * many[0].element_size() for many in directions)
    return inputs + results + backward * (2 * inputs + results)


def copy_bandwidth(device: torch.device) -> float:
    """Bytes per second of a copy of 1 GiB, read and written."""
    source = torch.empty(2**30, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return 2 * 2**30 / (np.median(timed([lambda: target.copy_(source)], 20)[0]) * 1e-6)


def timed(actions: list[Callable], repeats: int) -> list[list[float]]:
    """Microseconds of every repeat of every action; actions alternate."""
    for action in actions:
        for _ in range(5):
            action()
    pairs: list[list] = [[] for _ in actions]
    for _ in range(repeats):
        for action, of_action in zip(actions, pairs, strict=True):
            start, stop = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            torch.cuda.synchronize()
            start.record()
            action()
            stop.record()
            of_action.append((start, stop))
    torch.cuda.synchronize()
    return [[1e3 * start.elapsed_time(stop) for start, stop in of_action] for of_action in pairs]


def graphed(action: Callable) -> Callable | None:
    """The action as a CUDA graph replay, or None if it cannot be captured."""
    side = torch.cuda.Stream()
    with torch.cuda.stream(side):
        for _ in range(3):
            action()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    try:
        with torch.cuda.graph(graph, stream=side):
            action()
    except RuntimeError:
        torch.cuda.synchronize()
        return None
    return graph.replay


def measure(operation: Operation, sizes, dtype_name: str, device: torch.device, bandwidth: float, repeats: int) -> list:
    """One record per implementation, pass and launch mode."""
    directions = problem(operation, sizes, DTYPES[dtype_name], device, seed=0)
    upstream = [torch.randn_like(inputs[0]).detach() for inputs in directions]
    runs = {name: (contender, directions, upstream) for name, contender in operation.contenders.items()}
    if operation.name == "scan" and mamba_available():

        def kernels(many):
            return [mamba_kernel(*inputs, False) for inputs in many]

        def turn(x):
            return x.detach().transpose(1, 2).contiguous().requires_grad_() if x.ndim == 3 else x

        turned = [[turn(x) for x in inputs] for inputs in directions]
        runs["mamba-ssm, kernels only"] = (kernels, turned, [g.transpose(1, 2).contiguous() for g in upstream])
    records = []
    for backward in (False, True):
        floor_bytes = bytes_once(operation, directions, backward)
        labels, actions = [], []
        for name, (contender, inputs, gradients) in runs.items():

            def action(contender=contender, inputs=inputs, gradients=gradients, backward=backward):
                if backward:
                    forward_backward(contender, inputs, gradients)
                else:
                    with torch.no_grad():
                        contender(inputs)

            replay = graphed(action)
            labels += [(name, "eager"), *([(name, "graph")] if replay else [])]
            actions += [action, *([replay] if replay else [])]
        for (name, launch), times in zip(labels, timed(actions, repeats), strict=True):
            low, median, high = np.percentile(times, (25, 50, 75)).tolist()
            records.append(
                {
                    "operation": operation.name,
                    "contender": name,
                    "pass": "forward and backward" if backward else "forward",
                    "launch": launch,
                    "dtype": dtype_name,
                    "sizes": sizes,
                    "microseconds": median,
                    "quartiles": [low, high],
                    "bytes": floor_bytes,
                    "bytes_per_second": floor_bytes / (median * 1e-6),
                    "floor_microseconds": 1e6 * floor_bytes / bandwidth,
                }
            )
            kind = "fwd+bwd" if backward else "fwd"
            print(
                f"{operation.name:10s} {dtype_name:9s} B {sizes[0]:4d} T {sizes[1]:5d} {kind:8s}"
                f"{launch:6s} {name:36s} {median:10.1f} us ({low:.1f} to {high:.1f}), "
                f"{1e-12 * floor_bytes / (median * 1e-6):.2f} TB/s, lower bound {1e6 * floor_bytes / bandwidth:.1f} us"
            )
    return records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, nargs="+", default=[13, 25, 30, 64, 256, 1024, 4096])
    for name, default in (("batch", 256), ("channels", 512), ("states", 16), ("repeats", 50)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--dtypes", nargs="+", choices=list(DTYPES), default=list(DTYPES))
    parser.add_argument("--check-only", action="store_true")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    if arguments.device == "cuda" and not torch.cuda.is_available():
        print(
            "benchmarks/gpu.py: no CUDA device; --check-only --device cpu checks the kernels without one",
            file=sys.stderr,
        )
        sys.exit(2)
    if arguments.device == "cpu":
        if not arguments.check_only:
            parser.error("--device cpu has nothing to time; add --check-only")
        os.environ["TRITON_INTERPRET"] = "1"  # before triton is imported
    import triton

    from s5vh.nn.backends import triton_cuda

    device = torch.device(arguments.device)
    name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
    versions = {"torch": torch.__version__, "triton": triton.__version__, "cuda": torch.version.cuda}
    print(f"{name}; {', '.join(f'{key} {value}' for key, value in versions.items())}; mamba-ssm {mamba_available()}")

    if device.type == "cuda":
        checked = [(16, frames, arguments.channels, arguments.states) for frames in (1, 13, 25, 30, 64, 300)]
        checked += [
            (300, 13, 384, 16),
            (3, 33, 100, 5),
        ]  # several videos per program; channels not a multiple of a block
    else:
        checked = [(2, 3, 40, 2), (1, 15, 5, 1)]
    errors = [
        record
        for operation in operations(triton_cuda)
        for seed, sizes in enumerate(checked)
        for dtype_name in arguments.dtypes
        for record in check(operation, sizes, dtype_name, device, seed)
    ]
    described = {"versions": versions, "errors": errors, "provenance": provenance(device=name)}
    if arguments.check_only:
        if device.type == "cuda":
            write_json(CHECKS, described)
        return
    bandwidth = copy_bandwidth(device)
    print(f"copy of 1 GiB: {bandwidth / 1e12:.2f} TB/s")
    times = []
    for dtype_name in arguments.dtypes:
        for frames in arguments.frames:
            sizes = (max(1, min(arguments.batch, MOST_FRAMES // frames)), frames, arguments.channels, arguments.states)
            for operation in operations(triton_cuda):
                if operation.name == "scan" or frames <= 64:
                    times += measure(operation, sizes, dtype_name, device, bandwidth, arguments.repeats)
    settings = {key: value for key, value in vars(arguments).items() if key != "output"}
    write_json(
        arguments.output,
        {
            "settings": settings,
            "copy_bytes_per_second": bandwidth,
            "times": times,
            **described,
        },
    )


if __name__ == "__main__":
    main()
