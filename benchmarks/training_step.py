"""One training step, and encoding of one batch, of S5VH at the paper's sizes.

    python benchmarks/training_step.py [--batch 128 --frames 25 --feature-size 4096 --bits 64 --threads 2 --repeats 5]
                                       [--device cpu] [--precision float32]

The baseline is a straightforward torch implementation of the same network with the same parameters (`plain_step.py`).
First losses, gradients and codes of both are compared, then both are timed alternately in one process with
deterministic algorithms, ours with the allocator settings of a real training, the baseline with these and with glibc's
defaults. Prints medians and quartiles, and the lower bound from the step's matrix products, based on a measured
product of similar size in the same precision. The baseline always computes in float32. Writes
benchmarks/measured/training_step.json, or training_step_DEVICE_PRECISION.json for other devices or precisions.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import torch
from in_turn import timed
from plain_step import plain_encode, plain_loss

from s5vh.base.files import write_json
from s5vh.base.memory import keep_freed_memory
from s5vh.base.provenance import provenance
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.load import load_method
from s5vh.methods.s5vh.network import S5VH
from s5vh.nn.masks import two_views
from s5vh.training.device import (
    device_name,
    matrix_products,
    set_determinism,
    set_threads,
)
from s5vh.training.steps import Steps

MEASURED = Path(__file__).parent / "measured"


def check(network: S5VH, feats: torch.Tensor, labels: torch.Tensor, views: torch.Tensor) -> dict[str, float]:
    """Largest relative differences from the baseline, without stochastic depth."""
    network.eval()

    def gradients(loss: torch.Tensor) -> torch.Tensor:
        return torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(network.parameters()))])

    ours = network.loss(feats, labels, torch.Generator().manual_seed(0))["total"]
    plain = plain_loss(network, feats, labels, views)
    first, second = gradients(ours), gradients(plain)
    with torch.inference_mode():
        same = (network.encode(feats) == plain_encode(network, feats)).float().mean().item()
    return {
        "loss": abs(ours.item() / plain.item() - 1),
        "gradient": ((first - second).norm() / second.norm()).item(),
        "bits_that_differ": 1 - same,
    }


def product_flops(network: S5VH, arguments: argparse.Namespace, visible: int) -> float:
    """Floating-point operations of the linear layers in one step: forward, and twice that backward.

    The embedding needs no input gradient; stochastic depth drops its rate of videos on average; the decoder projects
    visible frames in and masked frames out; the reconstruction takes two products instead of three.
    """
    batch, frames = arguments.batch, arguments.frames
    seen, whole, hidden = 2 * batch * visible, 2 * batch * frames, 2 * batch * (frames - visible)
    rows = {"embed": batch * frames * 2 / 3, "head": batch * frames * 2 / 3, "hash": seen, "hash_to_decoder": seen}
    count = 0.0
    for name, module in network.named_modules():
        if not isinstance(module, torch.nn.Linear):
            continue
        part, leaf = name.split(".")[0], name.split(".")[-1]
        if part == "encoder":
            layer = network.encoder.layers[int(name.split(".")[2])]
            number = seen * (1 - layer.drop_path.rate)
        elif part == "decoder":
            number = {"in_proj": seen / 2, "out_proj": hidden}.get(leaf, whole)  # in_proj: its main half
        else:
            number = rows[part]
        count += 6.0 * number * module.in_features * module.out_features
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
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", choices=("float32", "tf32", "bfloat16"), default="float32")
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    set_threads(arguments.threads)
    keep_freed_memory()
    set_determinism(0)
    centers = torch.where(torch.randn(arguments.clusters, arguments.bits) >= 0, 1.0, -1.0)
    shape = Shape(arguments.frames, arguments.feature_size, arguments.bits)
    network = S5VH(load_method("s5vh"), shape, {}).to(device)
    network.centers = centers.to(device)
    feats = torch.randn(arguments.batch, arguments.frames, arguments.feature_size, device=device)
    labels = torch.randint(arguments.clusters, (arguments.batch,), device=device)
    views, _ = two_views(arguments.batch, arguments.frames, network.mask_ratio, torch.Generator().manual_seed(0))
    views = views.to(device)
    differences = check(network, feats, labels, views)
    print("differences from the plain way:", ", ".join(f"{name} {value:.1e}" for name, value in differences.items()))
    assert differences["loss"] < 1e-5 and differences["gradient"] < 1e-3 and differences["bits_that_differ"] < 1e-3
    optimizer = torch.optim.AdamW(network.parameters(), fused=True)

    def arithmetic(precision: str) -> torch.autocast:
        return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16")

    def train(loss: Callable[[], torch.Tensor], precision: str = "float32") -> None:
        network.train()
        optimizer.zero_grad(set_to_none=True)
        with matrix_products(precision):
            with arithmetic(precision):
                value = loss()
            value.backward()
        optimizer.step()

    def encode(codes: Callable[[], torch.Tensor], precision: str = "float32") -> None:
        network.eval()
        with torch.inference_mode(), arithmetic(precision):
            codes()

    generator = torch.Generator().manual_seed(0)
    actions = {
        "training_step": lambda: train(lambda: network.loss(feats, labels, generator)["total"], arguments.precision),
        "training_step, plain, usual memory": lambda: train(lambda: plain_loss(network, feats, labels, views)),
        "training_step, plain": lambda: train(lambda: plain_loss(network, feats, labels, views)),
        "encode_batch": lambda: encode(lambda: network.encode(feats), arguments.precision),
        "encode_batch, plain, usual memory": lambda: encode(lambda: plain_encode(network, feats)),
        "encode_batch, plain": lambda: encode(lambda: plain_encode(network, feats)),
    }
    if device.type == "cuda":  # as trainings do
        network.precision, network.labels = arguments.precision, labels
        steps = Steps(network, [optimizer], device)
        batch = Batch(feats[None], torch.arange(arguments.batch)[None], 0, generator)

        def replay() -> None:
            network.train()
            with matrix_products(arguments.precision):
                steps(batch)

        actions["training_step, CUDA graph"] = replay
    result = timed(actions, arguments.repeats)
    dtype = torch.bfloat16 if arguments.precision == "bfloat16" else torch.float32
    left, right = (torch.randn(size, device=device).to(dtype) for size in ((3328, 1024), (1024, 512)))
    product = timed({"product": lambda: left @ right}, 40)["product"]
    rate = 2 * 3328 * 1024 * 512 / (product[1] / 1e3)
    flops = product_flops(network, arguments, visible=arguments.frames - arguments.frames // 2)
    floor = 1e3 * flops / rate
    for name, (low, median, high) in result.items():
        print(f"{name:34s} {median:8.0f} ms (quartiles {low:.0f} to {high:.0f})")
    ratios = {name: values[1] / result[name.split(",")[0]][1] for name, values in result.items() if "plain" in name}
    for name, ratio in ratios.items():
        print(f"{name} takes {ratio:.1f} times as long")
    print(
        f"matrix products of a step: {flops / 1e9:.0f} GFLOP, at the measured {rate / 1e9:.0f} GFLOP/s {floor:.0f} ms"
    )
    usual = (arguments.device, arguments.precision) == ("cpu", "float32")
    name = "training_step" if usual else f"training_step_{arguments.device}_{arguments.precision}"
    write_json(
        MEASURED / f"{name}.json",
        {
            "settings": vars(arguments),
            "differences": differences,
            "milliseconds": result,
            "ratios": ratios,
            "product_gflop": flops / 1e9,
            "measured_gflop_per_second": rate / 1e9,
            "floor_milliseconds": floor,
            "provenance": provenance(device=device_name(device)),
        },
    )


if __name__ == "__main__":
    main()
