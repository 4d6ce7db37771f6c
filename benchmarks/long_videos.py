"""Encoding long videos with S5VH on the CPU: time and peak memory against the number of frames.

    python benchmarks/long_videos.py [--frames 1024 4096 16384] [--feature-size 4096 --bits 64 --threads 2 --repeats 3]

One video at a time, random weights and features. The peer is the same network in plain torch (`plain_step.py`), with
the scan as a loop over materialised decays and inputs, as in mamba-ssm's reference implementation; it runs once. Each
memory is measured in a process of its own, beyond features and weights. Codes of both are compared first. Prints the
fastest calls and writes benchmarks/measured/long_videos.json, where results of lengths that are not named stay.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import plain_step
import torch

from s5vh.base.files import read_json, write_json
from s5vh.base.memory import separate_pages
from s5vh.base.provenance import provenance
from s5vh.methods.contract import Shape
from s5vh.methods.load import load_method
from s5vh.methods.s5vh.network import S5VH
from s5vh.studies.probing import memory_mark, memory_peak
from s5vh.training.device import set_determinism, set_threads

CPU = torch.device("cpu")
MEASURED = Path(__file__).parent / "measured" / "long_videos.json"
SHORT = 64  # frames of the video that compiles kernels


def video(frames: int, size: int) -> torch.Tensor:
    """Random features [1, T, D]."""
    return torch.randn(1, frames, size, generator=torch.Generator().manual_seed(frames))


def encoder(kind: str, network: S5VH) -> Callable[[torch.Tensor], torch.Tensor]:
    """`encode` of this package, or that of the plain network."""
    if kind == "here":
        return network.encode
    plain_step.looped_scan = plain_step.materialised_scan
    return partial(plain_step.plain_encode, network)


def measure(kind: str, frames: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """Seconds of every call and peak memory of one, in this process."""
    set_threads(arguments.threads)
    set_determinism(1)
    separate_pages()
    method = load_method("s5vh")
    network = S5VH(method, Shape(frames, arguments.feature_size, arguments.bits), {}).eval()
    short = S5VH(method, Shape(SHORT, arguments.feature_size, arguments.bits), {}).eval()
    feats = video(frames, arguments.feature_size)
    encode = encoder(kind, network)
    with torch.inference_mode():
        encoder(kind, short)(video(SHORT, arguments.feature_size))
        before = memory_mark(CPU)
        codes = encode(feats)
        peak = memory_peak(CPU) - before
        seconds = []
        for _ in range(arguments.repeats if kind == "here" else 1):
            started = time.perf_counter()
            encode(feats)
            seconds.append(time.perf_counter() - started)
    return {"seconds": seconds, "peak_mib": peak / 2**20, "code": codes[0].tolist()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, nargs="+", default=[1024, 4096, 16384])
    for name, default in {"feature-size": 4096, "bits": 64, "threads": 2, "repeats": 3}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", choices=["here", "plain"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        print(json.dumps(measure(arguments.only, arguments.frames[0], arguments)))
        return
    settings = {name: value for name, value in vars(arguments).items() if name not in ("only", "frames")}
    for frames in arguments.frames:
        pair = {}
        for kind in ("here", "plain"):
            words = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
            command = [sys.executable, __file__, f"--only={kind}", f"--frames={frames}", *words]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            pair[kind] = json.loads(done.stdout.splitlines()[-1])
        codes = [pair[kind].pop("code") for kind in ("here", "plain")]
        differing = sum(one != other for one, other in zip(*codes, strict=True))
        if differing > arguments.bits // 32:  # a mean near zero may round to either side
            raise SystemExit(f"{frames} frames: {differing} bits differ from the plain network's")
        ours, plain = (min(pair[kind]["seconds"]) for kind in ("here", "plain"))
        features = frames * arguments.feature_size * 4 / 2**20
        print(
            f"{frames:6d} frames ({features:.0f} MiB of features): {ours:.2f} s, {pair['here']['peak_mib']:.0f} MiB; "
            f"plain {plain:.2f} s ({plain / ours:.1f}x), {pair['plain']['peak_mib']:.0f} MiB",
            flush=True,
        )
        result = {"features_mib": features, "bits_that_differ": differing, "provenance": provenance(settings=settings)}
        found = read_json(MEASURED)["frames"] if MEASURED.is_file() else {}
        results = found | {str(frames): result | pair}
        write_json(MEASURED, {"frames": dict(sorted(results.items(), key=lambda item: int(item[0])))})


if __name__ == "__main__":
    main()
