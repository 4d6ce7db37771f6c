"""What equation 3 of the S5VH paper would change: B discretised by zero-order hold, as printed, instead of by Euler.

    python benchmarks/discretisation.py [--seeds 10] [--trained-seeds 5] [--output FILE]

The paper prints (delta A)^-1 (exp(delta A) - 1) delta B. Mamba's own code, the authors' code and this software compute
delta B, which is larger by the factor delta |A| / (1 - exp(-delta |A|)). Two measurements on made-up videos, each as a
mean over seeds with a 95% interval:

- at initialisation, at the paper's sizes (25 frames of 4,096 values, 64 bits) in float64: the relative difference of
  encoder outputs and of frame hash vectors, and the share of code bits that differ, between both networks with the same
  weights;
- after a short training of a small network with Euler: the same, and GmAP of both; and GmAP of a network trained with
  zero-order hold from the same seed, paired by seed.

Minutes on 2 cores. A scan with tiny steps checks the formula before anything is measured.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.centers.solve import solve
from s5vh.methods.contract import Shape
from s5vh.methods.load import load_method
from s5vh.methods.s5vh.network import S5VH
from s5vh.nn.backends.scan_inputs import ScanInputs
from s5vh.nn.mamba import Mamba
from s5vh.retrieval.metrics import quick_map
from s5vh.retrieval.uncertainty import student_interval
from s5vh.semantics.clustering import build_semantics
from s5vh.training.batches import FeatureSource
from s5vh.training.encoding import encode_all
from s5vh.training.engine import train

OUTPUT = Path(__file__).parent / "measured" / "discretisation.json"
PAPER = Shape(frames=25, feature_size=4096, bits=64)
SMALL = Shape(frames=16, feature_size=64, bits=32)
CLASSES = 10
CPU = torch.device("cpu")


def zero_order_hold(directions: Sequence[ScanInputs], reverse: Sequence[bool]) -> list[Tensor]:
    """`s5vh.nn.backends.reference.scan` with equation 3 as printed."""
    return [_scan(inputs, backwards) for inputs, backwards in zip(directions, reverse, strict=True)]


def _scan(inputs: ScanInputs, reverse: bool) -> Tensor:
    u, A, B, C = inputs.u, inputs.A, inputs.B, inputs.C
    delta = inputs.delta if inputs.delta_bias is None else inputs.delta + inputs.delta_bias
    delta = F.softplus(delta) if inputs.delta_softplus else delta
    h, y = u.new_zeros(len(u), *A.shape), [u] * u.shape[1]
    for t in reversed(range(len(y))) if reverse else range(len(y)):
        exponent = delta[:, t, :, None] * A
        h = torch.exp(exponent) * h + torch.expm1(exponent) / A * B[:, t, None, :] * u[:, t, :, None]
        y[t] = (h * C[:, t, None, :]).sum(-1) + inputs.D * u[:, t]
    result = torch.stack(y, dim=1)
    return result if inputs.z is None else result * F.silu(inputs.z)


@contextmanager
def discretised(network: S5VH, *, printed: bool) -> Iterator[None]:
    """Within this block, the network scans as equation 3 is printed, or as usual."""
    from s5vh.nn.backends import reference

    blocks = [module for module in network.modules() if isinstance(module, Mamba)]
    for block in blocks:
        block.scan_backend = "reference" if printed else "auto"
    with patch.object(reference, "scan", zero_order_hold):
        yield
    for block in blocks:
        block.scan_backend = "auto"


def check() -> None:
    """The printed formula solves h' = A h + B u exactly for an input that is constant within a step."""
    torch.manual_seed(0)
    shape, parts = (2, 3, 4), 20_000
    u, delta = torch.randn(shape, dtype=torch.float64), torch.rand(shape, dtype=torch.float64)
    A, B = -torch.rand(4, 5, dtype=torch.float64), torch.randn(2, 3, 5, dtype=torch.float64)
    whole = _scan(ScanInputs(u, delta, A, B, torch.ones_like(B), torch.zeros(4, dtype=torch.float64)), False)
    h = torch.zeros(2, 4, 5, dtype=torch.float64)
    for t in range(3):
        step = (delta[:, t] / parts)[..., None]
        for _ in range(parts):
            h = h + step * (A * h + B[:, t, None, :] * u[:, t, :, None])
        torch.testing.assert_close(whole[:, t], h.sum(-1), rtol=1e-3, atol=1e-4)


def videos(count: int, shape: Shape, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features float32 [count, T, D] that drift smoothly, without negative values, and classes int64 [count].

    A class is a place and a direction of drift, so both the mean and the order of frames tell something.
    """
    rng = np.random.default_rng(seed)
    place, drift = np.random.default_rng(0).standard_normal((2, CLASSES, 1, shape.feature_size))
    labels = rng.integers(0, CLASSES, count)
    walk = rng.standard_normal((count, shape.frames, shape.feature_size)).cumsum(1) * 0.5
    time = np.linspace(-1, 1, shape.frames)[None, :, None]
    start = 3 * rng.standard_normal((count, 1, shape.feature_size))
    feats = 0.5 * place[labels] + drift[labels] * time + start * 0.5 + walk
    return np.maximum(feats, 0).astype(np.float32), labels


def differences(network: S5VH, feats: Tensor) -> dict[str, float]:
    """Between both discretisations with the same weights, on whole videos [B, T, D]."""
    found = []
    for printed in (False, True):
        with torch.inference_mode(), discretised(network, printed=printed):
            outputs = network.encoder(network.embed(feats) + network.positions)
            hashes = network.hash(network.encoder_head(outputs))
            found.append((outputs, hashes, network.encode(feats)))
    (outputs, hashes, codes), (printed_outputs, printed_hashes, printed_codes) = found
    return {
        "encoder outputs, relative difference": float((printed_outputs - outputs).norm() / outputs.norm()),
        "frame hash vectors, relative difference": float((printed_hashes - hashes).norm() / hashes.norm()),
        "code bits that differ, share": float((printed_codes != codes).double().mean()),
    }


def at_initialisation(recipe: str, seed: int) -> dict[str, float]:
    """Differences of an untrained network at the paper's sizes."""
    torch.manual_seed(seed)
    network = S5VH(load_method(recipe), PAPER, {}).double().eval()
    feats, _ = videos(48, PAPER, seed)
    return differences(network, torch.from_numpy(feats).double())


def trained(seed: int) -> dict[str, float]:
    """Differences of a network trained with Euler, and GmAP of it and of one trained with zero-order hold."""
    (feats, _), (database, labels), (queries, query_labels) = (
        videos(count, SMALL, 10 * seed + part) for part, count in enumerate((400, 600, 150))
    )
    settings = load_method("s5vh", overrides={"s5vh": OVERRIDES})
    semantics = build_semantics(feats, CLASSES, 16, seed)
    centers = torch.from_numpy(solve(semantics.W, SMALL.bits, "admm-plain").centers.astype(np.float32))

    def score(network: S5VH) -> float:
        codes = [encode_all(network, FeatureSource(part, CPU)) for part in (queries, database)]
        return quick_map(*codes, SMALL.bits, np.eye(CLASSES)[query_labels], np.eye(CLASSES)[labels])["GmAP"]

    def fit(printed: bool) -> S5VH:
        torch.manual_seed(seed)
        network = S5VH(settings, SMALL, {})
        network.centers, network.labels = centers, torch.from_numpy(semantics.assignments.astype(np.int64))
        with tempfile.TemporaryDirectory() as folder, discretised(network, printed=printed):
            rows, checkpoint = torch.arange(len(feats)), Path(folder) / "checkpoint.pt"
            source = FeatureSource(feats, CPU)
            train(network, source, rows, settings.training, seed=seed, digest="", checkpoint=checkpoint)
        return network

    usual, printed = fit(False), fit(True)
    found = {f"trained, {name}": value for name, value in differences(usual, torch.from_numpy(queries)).items()}
    with discretised(usual, printed=True):
        swapped = score(usual)
    with discretised(printed, printed=True):
        throughout = score(printed)
    euler = score(usual)
    return found | {
        "GmAP, trained and encoded with Euler": euler,
        "GmAP, trained with Euler, encoded as printed, difference": swapped - euler,
        "GmAP, trained and encoded as printed, difference": throughout - euler,
    }


OVERRIDES = {
    "model": {"width": 48, "depth": 2, "decoder_width": 32, "d_state": 8, "drop_path": 0},
    "training": {"epochs": 12, "batch_size": 64, "learning_rate": 3e-3, "selection": "last", "patience": None},
    "loss": {"contrast_temperature": 0.2},
    "semantics": {"clusters": CLASSES},
}


def summarised(rows: list[dict[str, float]]) -> dict[str, dict[str, float | list[float]]]:
    """Mean, 95% interval and values over seeds of every number."""
    result = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        mean, low, high = student_interval(values)
        result[name] = {"mean": mean, "low": low, "high": high, "values": values}
        print(f"  {name:60s} {mean:.4f} ({low:.4f} to {high:.4f})")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10, help="number of untrained networks")
    parser.add_argument("--trained-seeds", type=int, default=5, help="number of trained networks")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    check()
    results = {}
    for recipe in ("s5vh", "s5vh-released"):
        print(f"{recipe}, untrained, {arguments.seeds} seeds")
        results[recipe] = summarised([at_initialisation(recipe, seed) for seed in range(1, arguments.seeds + 1)])
    print(f"small network, {arguments.trained_seeds} seeds")
    results["small"] = summarised([trained(seed) for seed in range(1, arguments.trained_seeds + 1)])
    write_json(arguments.output, {"results": results, "trained with": OVERRIDES, "provenance": provenance(seed=1)})


if __name__ == "__main__":
    main()
