"""Where the time of an S5VH training step and of encoding goes, on the CPU: at the paper's sizes, or a data set's.

    python benchmarks/step_profile.py [--dataset demo] [--batch 128 --bits 64 --threads 2 --repeats 3]

A step is that of the engine: a batch is copied from the features, and the optimizer follows. With `--dataset`, network
and batches are those that the method has there; features are random. First each action is called without a profiler,
which slows small networks down: "processor" is the median of the processor's time per call, which other work on the
machine hardly affects. Then each precision is profiled with torch.profiler; the kernels of the scan and of the
operations around it are marked for it. "rest" is what no part accounts for, such as additions, layer norms, sums and
the interpreter. Prints milliseconds by part and writes benchmarks/measured/step_profile.json, or
step_profile_DATASET.json.
"""

from __future__ import annotations

import argparse
import functools
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch.profiler import ProfilerActivity, profile, record_function

from s5vh.base.files import write_json
from s5vh.base.memory import keep_freed_memory
from s5vh.base.provenance import provenance
from s5vh.config.load import load_dataset
from s5vh.methods.contract import Batch, Shape, available
from s5vh.methods.load import load_method, resolve_cell
from s5vh.methods.s5vh.network import S5VH
from s5vh.methods.s5vh.settings import Settings
from s5vh.nn.backends import cpu_errors, cpu_pointwise, cpu_scan
from s5vh.training.batches import FeatureSource
from s5vh.training.device import set_determinism, set_threads
from s5vh.training.encoding import encode_all
from s5vh.training.optimizers import make_optimizer

MEASURED = Path(__file__).parent / "measured"
CLUSTERS = 100
WARM_UP = 2  # calls: kernels are loaded, and memory is taken
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


def processor_time(action: Callable[[], object], repeats: int) -> float:
    """Median milliseconds of the processor per call, after some calls for warming up."""
    taken = []
    for _ in range(WARM_UP + repeats):
        started = time.process_time()
        action()
        taken.append(1e3 * (time.process_time() - started))
    return float(np.median(taken[WARM_UP:]))


def settings_and_shape(dataset: str | None, bits: int) -> tuple[Settings, Shape]:
    """Of S5VH on a data set; without one, the paper's network, for features of 4,096 values."""
    if dataset is None:
        return load_method("s5vh"), Shape(frames=25, feature_size=4096, bits=bits)
    described = load_dataset(dataset)
    shape = Shape(described.frames, described.feature_size, bits)
    return resolve_cell(dataset, "s5vh", bits, seed=1).settings, shape


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", help="default: the paper's sizes")
    parser.add_argument("--batch", type=int, help="default: 128, or the method's on the data set")
    for name, default in {"bits": 64, "threads": 2, "repeats": 3}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    arguments = parser.parse_args()
    set_threads(arguments.threads)
    keep_freed_memory()
    set_determinism(0)
    mark_kernels()
    settings, shape = settings_and_shape(arguments.dataset, arguments.bits)
    network = S5VH(settings, shape, {})
    network.centers = torch.where(torch.randn(CLUSTERS, shape.bits) >= 0, 1.0, -1.0)
    batch = arguments.batch = arguments.batch or settings.training.batch_size
    videos = FeatureSource(
        np.random.default_rng(0).standard_normal((4 * batch, *shape[:2]), dtype=np.float32), torch.device("cpu")
    )
    network.labels = torch.randint(CLUSTERS, (len(videos),))
    optimizer = make_optimizer(network.parameters(), settings.training)
    generator = torch.Generator().manual_seed(0)

    def train(precision: str) -> None:
        network.train()
        network.precision = precision
        index = torch.randperm(len(videos), generator=generator)[None, :batch]
        for rows, feats in videos.batches([index]):
            network.step(Batch(feats, rows, 0, generator), [optimizer])

    def encode(precision: str) -> None:
        encode_all(network, videos, batch, rows=torch.arange(batch), precision=precision)

    result = {}
    for precision in dict.fromkeys(available(precision, "cpu") for precision in ("float32", "bfloat16")):
        for name, action in {"training step": train, "encoding": encode}.items():
            call = functools.partial(action, precision)
            found = {"processor": processor_time(call, arguments.repeats)} | parts(call, arguments.repeats)
            result[f"{name}, {precision}"] = found
            print(f"{name}, {precision}:", ", ".join(f"{part} {value:.1f} ms" for part, value in found.items()))
    write_json(
        MEASURED / f"step_profile{f'_{arguments.dataset}' if arguments.dataset else ''}.json",
        {"settings": vars(arguments), "milliseconds": result, "provenance": provenance(device="cpu")},
    )


if __name__ == "__main__":
    main()
