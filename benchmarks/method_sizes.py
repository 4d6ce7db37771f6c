"""Parameters of every method, and floating-point operations of encoding one video, by code length.

    python benchmarks/method_sizes.py [--methods s5vh conmh ...] [--bits 16 32 64] [--frames 25] [--feature-size 4096]

Sizes are those of the recipes without a data set's own values, with random weights; methods without a network are
fitted to a few random videos. See `s5vh.studies.method_size` for what is counted: a product and the sum that takes it
up are two operations (FLOPs), so multiply-accumulate operations (MACs) are half as many. Prints a Markdown table and
writes benchmarks/measured/method_sizes.json.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.config.load import names
from s5vh.methods.contract import Shape
from s5vh.methods.discovery import implementation_of
from s5vh.methods.linear_hash import LinearHash
from s5vh.methods.load import load_method
from s5vh.methods.settings import is_imported, is_trained
from s5vh.studies.method_size import MethodSize, linear_hash_size, network_size

MEASURED = Path(__file__).parent / "measured"


def size_of(name: str, shape: Shape) -> MethodSize:
    """Size of a recipe for videos of this shape."""
    method = load_method(name)
    made = implementation_of(method)
    if is_trained(method):
        return network_size(made(method, shape, {}), shape.frames)
    hasher = made(bits=shape.bits, seed=0, **method.model.model_dump())
    assert isinstance(hasher, LinearHash), f"no count for {name}"
    videos = (2 * method.minimum_videos(shape.bits) + shape.bits, shape.frames, shape.feature_size)
    return linear_hash_size(hasher.fit(np.random.default_rng(0).standard_normal(videos, dtype=np.float32)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    recipes = [name for name in names("methods") if not is_imported(load_method(name))]
    parser.add_argument("--methods", nargs="+", default=recipes, metavar="METHOD")
    parser.add_argument("--bits", nargs="+", type=int, default=[16, 32, 64], metavar="K")
    parser.add_argument("--frames", type=int, default=25)
    parser.add_argument("--feature-size", type=int, default=4096)
    parser.add_argument("--output", type=Path, default=MEASURED / "method_sizes.json")
    arguments = parser.parse_args()
    print("| method | bits | parameters | of which encode | MFLOP per video |\n|:---|---:|---:|---:|---:|")
    sizes: dict[str, dict[int, dict[str, int]]] = {}
    for name in arguments.methods:
        sizes[name] = {}
        for bits in arguments.bits:
            size = size_of(name, Shape(arguments.frames, arguments.feature_size, bits))
            sizes[name][bits] = size._asdict()
            numbers = f"{size.parameters:,} | {size.encoding_parameters:,} | {size.flops / 1e6:,.1f}"
            print(f"| {name} | {bits} | {numbers} |", flush=True)
    settings = {"frames": arguments.frames, "feature_size": arguments.feature_size}
    write_json(arguments.output, {"settings": settings, "sizes": sizes, "provenance": provenance()})


if __name__ == "__main__":
    main()
