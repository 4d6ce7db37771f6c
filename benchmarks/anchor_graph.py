"""Time and memory of anchor graphs at the sizes of FCVID and YFCC, on made video features.

    python benchmarks/anchor_graph.py [--anchors 2000] [--batch 256] [--steps 100] [--threads 1]
                                      [--output benchmarks/measured/anchor_graph.json]

The videos lie around centers of very different sizes, which are the anchors. Each problem runs in its own process, so
that its peak memory is its own; that of the features alone is reported beside it. A step draws what MCMSH needs for a
batch: a similar or dissimilar partner, a similar and two dissimilar videos. Codes and draws of some videos are compared
with a dense computation of their rows.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import torch

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.semantics.anchor_graph import DISSIMILAR, SIMILAR, AnchorGraph, nearest_anchors

ROOT = Path(__file__).parents[1]
PROBLEMS = (  # name, videos, values per video
    ("FCVID, 256 values", 45_585, 256),
    ("FCVID, 4096 values", 45_585, 4096),
    ("YFCC, 256 values", 409_788, 256),
)
CHECKED = 8  # videos whose rows are computed densely


def peak_gib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def made_videos(videos: int, size: int, anchors: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Features float32 [N, D] and anchors [M, D]; the sizes of the groups follow a power law."""
    generator = torch.Generator().manual_seed(0)
    centers = torch.randn(anchors, size, generator=generator)
    share = 1 / torch.arange(1, anchors + 1).sqrt()
    points = torch.randn(videos, size, generator=generator)
    points += centers[torch.multinomial(share, videos, replacement=True, generator=generator)]
    return points, centers


def check(graph: AnchorGraph, points: torch.Tensor, anchors: torch.Tensor) -> None:
    """Compare codes and draws of some videos with rows of dense matrices."""
    rows = np.linspace(0, len(graph) - 1, CHECKED).astype(int)
    distances, nearest = nearest_anchors(points, anchors, 5)
    above = []
    for s in (3, 4, 5):
        Z = np.exp(-(distances[:, :s] ** 2) / distances[:, s - 1].mean() ** 2)
        Z /= Z.sum(axis=1, keepdims=True)
        totals = np.bincount(nearest[:, :s].ravel(), Z.ravel(), len(anchors))
        dense = np.zeros((CHECKED, len(anchors)))
        np.put_along_axis(dense, nearest[rows, :s].astype(int), Z[rows], axis=1)
        dense /= np.where(totals > 0, totals, 1)
        above.append(np.stack([(row[nearest[:, :s]] * Z).sum(axis=1) for row in dense]) > 1e-5)
    expected = 2 * (above[2].astype(int) - above[1]) + above[0]
    index = torch.from_numpy(rows)
    np.testing.assert_array_equal(graph.code(index[:, None], torch.arange(len(graph))[None]), expected)
    for draw, wanted in ((graph.similar, SIMILAR), (graph.dissimilar, DISSIMILAR)):
        found = draw(index.repeat(50), torch.Generator().manual_seed(1)).view(50, -1)
        possible = (expected == wanted).any(axis=1)
        codes = np.take_along_axis(expected, found.numpy().T, axis=1)
        assert (codes[possible] == wanted).all()


def measure(problem: tuple[str, int, int], anchors: int, batch: int, steps: int, threads: int) -> dict[str, Any]:
    """Times and memory of one problem."""
    name, videos, size = problem
    torch.set_num_threads(threads)
    points, centers = made_videos(videos, size, anchors)
    before = peak_gib()
    started = perf_counter()
    graph = AnchorGraph(points, centers)
    build, after = perf_counter() - started, peak_gib()
    generator = torch.Generator().manual_seed(0)
    index = torch.randint(videos, (batch,), generator=generator)
    graph.similar(index, generator), graph.dissimilar(index, generator)  # compiled now, or loaded
    times = []
    lacking = 0
    for _ in range(steps):
        index = torch.randint(videos, (batch,), generator=generator)
        started = perf_counter()
        similar = graph.similar(index[None].expand(2, -1), generator)
        dissimilar = graph.dissimilar(index[None].expand(3, -1), generator)
        graph.code(dissimilar[1], dissimilar[2])
        times.append(perf_counter() - started)
        assert (graph.code(index[None], similar) == SIMILAR).all()
        lacking += int((graph.code(index, dissimilar[0]) != DISSIMILAR).sum())
    check(graph, points, centers)
    steps_of_epoch = -(-videos // batch)
    return {
        "problem": name, "videos": videos, "values": size, "build_seconds": build, "features_gib": before,
        "peak_gib": after, "step_seconds": median(times), "step_spread": [min(times), max(times)],
        "epoch_seconds": median(times) * steps_of_epoch, "without_dissimilar": lacking / (steps * batch),
        "dense_matrix_gib": videos**2 * 4 / 2**30,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--anchors", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "measured" / "anchor_graph.json")
    arguments = parser.parse_args()
    sizes = {name: getattr(arguments, name) for name in ("anchors", "batch", "steps", "threads")}
    load, records = os.getloadavg(), []
    for problem in PROBLEMS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            record = pool.apply(measure, (problem,), sizes)
        print(
            f"{record['problem']:20} build {record['build_seconds']:6.1f} s, peak {record['peak_gib']:5.2f} GiB, "
            f"of which features {record['features_gib']:5.2f}; a step {1000 * record['step_seconds']:.2f} ms, an epoch "
            f"{record['epoch_seconds']:.2f} s; a dense matrix {record['dense_matrix_gib']:.0f} GiB",
            flush=True,
        )
        records.append(record)
    write_json(arguments.output, {"records": records, "provenance": provenance(settings=sizes, load_before=load)})


if __name__ == "__main__":
    main()
