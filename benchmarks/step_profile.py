"""Where the time of an S5VH training step and of encoding goes at the paper's sizes, on the CPU.

    python benchmarks/step_profile.py [--batch 128 --threads 2 --repeats 3]

Each precision is profiled with torch.profiler after one call for warming up; the kernels of the scan and of the
operations around it are marked for it. Prints milliseconds by part and writes benchmarks/measured/step_profile.json.
"rest" is what no part accounts for, such as additions, layer norms, sums and the interpreter.
"""

from __future__ import annotations

import argparse
import functools
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile, record_function

from s5vh.base.files import write_json
from s5vh.base.memory import keep_freed_memory
from s5vh.base.provenance import provenance
from s5vh.methods.contract import Shape
from s5vh.methods.load import load_method
from s5vh.methods.s5vh.network import S5VH
from s5vh.nn.backends import cpu_errors, cpu_pointwise, cpu_scan
from s5vh.training.device import set_determinism, set_threads

MEASURED = Path(__file__).parent / "measured"
SHAPE = Shape(frames=25, feature_size=4096, bits=64)
KERNELS = {
    "scan": [(cpu_scan, "scan_forward"), (cpu_scan, "scan_backward")],
    "convolution": [(cpu_pointwise, "conv_silu_forward"), (cpu_pointwise, "conv_silu_backward")],
    "norm and gate": [(cpu_pointwise, "norm_gate_forward"), (cpu_pointwise, "norm_gate_backward")],
    "errors of reconstruction": [(cpu_errors, "subtract")],
}
OPERATIONS = {"aten::mm": "products", "aten::addmm": "products", "aten::copy_": "copies and casts"}


def mark_kernels() -> None:
    """Let the profiler see the compiled kernels, under the names of their parts."""

    def marked(kernel: Callable[..., None], part: str) -> Callable[..., None]:
        @functools.wraps(kernel)
        def call(*args: object) -> None:
            with record_function(part):
                kernel(*args)

        return call

    for part, kernels in KERNELS.items():
        for module, name in kernels:
            setattr(module, name, marked(getattr(module, name), part))


def parts(action: Callable[[], object], repeats: int) -> dict[str, float]:
    """Milliseconds per call of an action, by part."""
    action()
    with profile(activities=[ProfilerActivity.CPU]) as recorded:
        started = time.perf_counter()
        for _ in range(repeats):
            action()
        whole = 1e3 * (time.perf_counter() - started) / repeats
    found = dict.fromkeys([*OPERATIONS.values(), *KERNELS], 0.0)
    for event in recorded.key_averages():
        part = OPERATIONS.get(event.key, event.key)
        if part in found:
            found[part] += event.self_cpu_time_total / 1e3 / repeats
    return {"whole": whole} | found | {"rest": whole - sum(found.values())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in {"batch": 128, "threads": 2, "repeats": 3}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    arguments = parser.parse_args()
    set_threads(arguments.threads)
    keep_freed_memory()
    set_determinism(0)
    mark_kernels()
    network = S5VH(load_method("s5vh"), SHAPE, {})
    network.centers = torch.where(torch.randn(100, SHAPE.bits) >= 0, 1.0, -1.0)
    feats = torch.randn(arguments.batch, SHAPE.frames, SHAPE.feature_size)
    labels = torch.randint(100, (arguments.batch,))
    optimizer = torch.optim.AdamW(network.parameters(), fused=True)
    generator = torch.Generator().manual_seed(0)

    def train(half: bool) -> None:
        network.train()
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            loss = network.loss(feats, labels, generator)["total"]
        loss.backward()
        optimizer.step()

    def encode(half: bool) -> None:
        network.eval()
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
            network.encode(feats)

    result = {}
    for precision in ("float32", "bfloat16"):
        for name, action in {"training step": train, "encoding": encode}.items():
            found = parts(functools.partial(action, precision == "bfloat16"), arguments.repeats)
            result[f"{name}, {precision}"] = found
            print(f"{name}, {precision}:", ", ".join(f"{part} {value:.0f} ms" for part, value in found.items()))
    write_json(
        MEASURED / "step_profile.json",
        {"settings": vars(arguments), "milliseconds": result, "provenance": provenance(device="cpu")},
    )


if __name__ == "__main__":
    main()
