"""Matrix products of the shapes of an S5VH training step, in float32 and in bfloat16.

    python benchmarks/products.py [--threads 2 --repeats 15] [--output benchmarks/measured/products.json]

Products of 128 videos of 25 x 4096 values, as torch computes them; both precisions alternate. Prints and writes
medians, with whether `s5vh.base.processor` expects bfloat16 to be faster.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from in_turn import timed

from s5vh.base.files import write_json
from s5vh.base.processor import bfloat16_products_pay
from s5vh.base.provenance import provenance
from s5vh.training.device import set_threads

MEASURED = Path(__file__).parent / "measured"
# Rows, inner size, columns, and the factor whose transpose is stored, as in a linear layer and its gradients.
SHAPES = {
    "embedding": (3200, 4096, 256, "right"),
    "embedding, gradient of its weights": (256, 3200, 4096, "left"),
    "projection in": (2496, 256, 512, "right"),
    "projection in, gradient of its input": (2496, 512, 256, ""),
    "projection in, gradient of its weights": (512, 2496, 256, "left"),
    "projection out": (2496, 512, 256, "right"),
    "inputs of the scan": (2496, 512, 48, "right"),
    "step sizes": (2496, 16, 512, "right"),
    "features by decoder": (3200, 4096, 192, ""),
}


def matrix(rows: int, columns: int, dtype: torch.dtype, transposed: bool) -> torch.Tensor:
    return torch.randn(columns, rows).to(dtype).t() if transposed else torch.randn(rows, columns).to(dtype)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--output", type=Path, default=MEASURED / "products.json")
    arguments = parser.parse_args()
    set_threads(arguments.threads)
    actions, work = {}, {}
    for name, (rows, inner, columns, transposed) in SHAPES.items():
        for precision, dtype in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
            left = matrix(rows, inner, dtype, transposed == "left")
            right = matrix(inner, columns, dtype, transposed == "right")
            actions[f"{name}, {precision}"] = lambda left=left, right=right: left @ right
            work[f"{name}, {precision}"] = 2 * rows * inner * columns
    taken = timed(actions, arguments.repeats)
    rates = {name: work[name] / median / 1e6 for name, (_, median, _) in taken.items()}
    for name in SHAPES:
        single, half = rates[f"{name}, float32"], rates[f"{name}, bfloat16"]
        print(f"{name:40s} {single:5.0f} GFLOP/s, bfloat16 {half:5.0f} ({half / single:.2f}x)")
    print("bfloat16 is expected to be", "faster" if bfloat16_products_pay() else "no faster")
    write_json(
        arguments.output,
        {
            "settings": vars(arguments) | {"output": None},
            "milliseconds": taken,
            "gflop_per_second": rates,
            "expected_to_be_faster": bfloat16_products_pay(),
            "provenance": provenance(device="cpu"),
        },
    )


if __name__ == "__main__":
    main()
