"""Kernels of one training step of S5VH on a GPU: how many, and for how long the GPU computes.

    python benchmarks/gpu_kernels.py [--batch 128 --frames 25 --feature-size 4096 --bits 64]
                                     [--precisions float32 bfloat16]

Steps run kernel by kernel. Prints, for each precision, the time of a step back to back, the number of kernels, the sum
of their times and the operations that take the longest. Writes benchmarks/measured/gpu_kernels.json.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.methods.contract import Shape
from s5vh.methods.load import load_method
from s5vh.methods.s5vh.network import S5VH
from s5vh.training.device import device_name, matrix_products, set_determinism

OUTPUT = Path(__file__).parent / "measured" / "gpu_kernels.json"
STEPS = 5  # in the profile
OPERATIONS = 22


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("batch", 128), ("frames", 25), ("feature-size", 4096), ("bits", 64)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--precisions", nargs="+", default=["float32", "bfloat16"])
    arguments = parser.parse_args()
    if not torch.cuda.is_available():
        print("benchmarks/gpu_kernels.py: no CUDA device", file=sys.stderr)
        sys.exit(2)
    set_determinism(0)
    device = torch.device("cuda")
    shape = Shape(arguments.frames, arguments.feature_size, arguments.bits)
    network = S5VH(load_method("s5vh"), shape, {}).to(device).train()
    network.centers = torch.where(torch.randn(100, arguments.bits) >= 0, 1.0, -1.0).to(device)
    feats = torch.randn(arguments.batch, arguments.frames, arguments.feature_size, device=device)
    labels = torch.randint(100, (arguments.batch,), device=device)
    optimizer = torch.optim.AdamW(network.parameters(), fused=True)
    generator = torch.Generator().manual_seed(0)
    found = {}
    for precision in arguments.precisions:

        def step(precision: str = precision) -> None:
            optimizer.zero_grad(set_to_none=True)
            with matrix_products(precision):
                with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16"):
                    loss = network.loss(feats, labels, generator)["total"]
                loss.backward()
            optimizer.step()

        for _ in range(5):
            step()
        torch.cuda.synchronize()
        started = time.perf_counter()
        for _ in range(50):
            step()
        torch.cuda.synchronize()
        wall = (time.perf_counter() - started) / 50
        with profile(activities=[ProfilerActivity.CUDA, ProfilerActivity.CPU]) as profiled:
            for _ in range(STEPS):
                step()
            torch.cuda.synchronize()
        kernels = [event for event in profiled.events() if event.device_type == torch.autograd.DeviceType.CUDA]
        busy = sum(event.device_time for event in kernels) / STEPS / 1e3
        print(f"{precision}: {1e3 * wall:.2f} ms a step, {len(kernels) / STEPS:.0f} kernels, GPU busy {busy:.2f} ms")
        print(profiled.key_averages().table(sort_by="self_cuda_time_total", row_limit=OPERATIONS))
        found[precision] = {
            "milliseconds": 1e3 * wall,
            "kernels": len(kernels) / STEPS,
            "busy_milliseconds": busy,
            "milliseconds_of_operations": {
                event.key: event.self_device_time_total / STEPS / 1e3
                for event in sorted(profiled.key_averages(), key=lambda event: -event.self_device_time_total)
                if event.self_device_time_total and event.key.startswith(("aten::", "_", "scan", "conv", "norm"))
            },
        }
    settings = vars(arguments)
    write_json(OUTPUT, {"settings": settings, "steps": found, "provenance": provenance(device=device_name(device))})


if __name__ == "__main__":
    main()
