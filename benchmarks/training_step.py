"""One training step and the encoding of one batch of S5VH at the paper's sizes, on the CPU.

    python benchmarks/training_step.py [--batch 128 --frames 25 --feature-size 4096 --bits 64 --threads 2 --repeats 5]

Prints medians and quartiles and the floor of the step's matrix products, from a measured product of like size.
Writes benchmarks/measured/training_step.json.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from s5vh.config.load import load_method
from s5vh.files import write_json
from s5vh.methods.s5vh import S5VH
from s5vh.provenance import provenance
from s5vh.training.device import set_threads

OUTPUT = Path(__file__).parent / "measured" / "training_step.json"


def timed(action: Callable[[], object], repeats: int) -> list[float]:
    """Quartiles in milliseconds after one unmeasured call: [low, median, high]."""
    action()
    values = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        values.append(1e3 * (time.perf_counter() - started))
    return np.percentile(values, (25, 50, 75)).tolist()


def product_flops(network: S5VH, arguments: argparse.Namespace, visible: int) -> float:
    """Floating-point operations of the linear layers in one step: forward, and twice that backward."""
    tokens = {"embed": arguments.batch * arguments.frames, "encoder": 2 * arguments.batch * visible}
    whole, hidden = 2 * arguments.batch * arguments.frames, 2 * arguments.batch * (arguments.frames - visible)
    count = 0.0
    for name, module in network.named_modules():
        if isinstance(module, torch.nn.Linear):
            part = name.split(".")[0]
            rows = {"hash": tokens["encoder"], "head": hidden}.get(part, tokens.get(part, whole))
            count += 6.0 * rows * module.in_features * module.out_features
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    defaults = {
        "batch": 128,
        "frames": 25,
        "feature-size": 4096,
        "bits": 64,
        "clusters": 100,
        "threads": 2,
        "repeats": 5,
    }
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    arguments = parser.parse_args()
    set_threads(arguments.threads)
    torch.manual_seed(0)
    centers = torch.where(torch.randn(arguments.clusters, arguments.bits) >= 0, 1.0, -1.0)
    network = S5VH(
        load_method("s5vh"),
        frames=arguments.frames,
        feature_size=arguments.feature_size,
        bits=arguments.bits,
        centers=centers,
    )
    feats = torch.randn(arguments.batch, arguments.frames, arguments.feature_size)
    labels = torch.randint(arguments.clusters, (arguments.batch,))
    generator = torch.Generator().manual_seed(0)
    optimizer = torch.optim.AdamW(network.parameters(), foreach=True)

    def step() -> None:
        network.train()
        optimizer.zero_grad(set_to_none=True)
        network.loss(feats, labels, generator)["total"].backward()
        optimizer.step()

    def encode() -> None:
        network.eval()
        with torch.inference_mode():
            network.encode(feats)

    left, right = torch.randn(3328, 1024), torch.randn(1024, 512)
    product = timed(lambda: left @ right, 20)
    rate = 2 * 3328 * 1024 * 512 / (product[1] / 1e3)
    result = {"training_step": timed(step, arguments.repeats), "encode_batch": timed(encode, arguments.repeats)}
    flops = product_flops(network, arguments, visible=arguments.frames - arguments.frames // 2)
    floor = 1e3 * flops / rate
    for name, (low, median, high) in result.items():
        print(f"{name:14s} {median:8.0f} ms (quartiles {low:.0f} to {high:.0f})")
    print(
        f"matrix products of a step: {flops / 1e9:.0f} GFLOP, at the measured {rate / 1e9:.0f} GFLOP/s {floor:.0f} ms"
    )
    write_json(
        OUTPUT,
        {
            "settings": vars(arguments),
            "milliseconds": result,
            "product_gflop": flops / 1e9,
            "measured_gflop_per_second": rate / 1e9,
            "floor_milliseconds": floor,
            "provenance": provenance(),
        },
    )


if __name__ == "__main__":
    main()
