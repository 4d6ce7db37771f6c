"""Hamming retrieval: all metrics and top-100 search, verified against a slow reference and then timed.

    python benchmarks/retrieval.py [--size 45600] [--bits 64] [--repeats 5] [--slice 400]
                                   [--output benchmarks/measured/retrieval.json]

The default size is FCVID's protocol: 45,600 videos as queries and database, with the query itself in the ranking (as
published) and without, with ties in a fixed order and as the mean over all orders. Each computes all metrics: mAP at
six cut-offs, precision, recall and the precision-recall curves by radius and rank. Baselines: faiss's exact binary
index (`IndexBinaryFlat`) for the top-100 search, if installed, and for the metrics the usual numpy implementation
(distances by a matrix product, full argsort, loop over ranks; mAP only), timed on a slice of the queries and scaled
up. Ours and the baseline alternate; numbers are medians with (minimum, maximum).
"""

from __future__ import annotations

import argparse
import os
import resource
from collections.abc import Callable
from functools import partial
from importlib import metadata
from itertools import permutations
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from s5vh.base.cores import available_cores
from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.retrieval.codes import pack
from s5vh.retrieval.metrics import evaluate, quick_map
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.ranking import top_neighbours

try:
    import faiss
except ImportError:
    faiss = None

ROOT = Path(__file__).parents[1]
CUTOFFS = Protocol().cutoffs
TOP = 100
PROTOCOLS = {
    f"all metrics and curves, {'without' if exclude else 'with'} the query itself, {ties} ties": Protocol(
        ties=ties, exclude_self=exclude
    )
    for exclude in (False, True)
    for ties in ("stable", "expected")
}


def problem(videos: int, bits: int, classes: int = 239, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Codes int8 [videos, bits] scattered around a code for every class, and multi-hot labels, as in FCVID."""
    rng = np.random.default_rng(seed)
    centers = rng.standard_normal((classes, bits), dtype=np.float32)
    classes_of = rng.integers(0, classes, videos)
    values = centers[classes_of] + rng.standard_normal((videos, bits), dtype=np.float32)
    return np.where(values >= 0, np.int8(1), np.int8(-1)), np.eye(classes, dtype=np.uint8)[classes_of]


def usual_protocol(codes: np.ndarray, labels: np.ndarray, queries: int, exclude_self: bool = False) -> np.ndarray:
    """mAP at the cut-offs for the first `queries` against all, computed as in released code in this field."""
    signs = codes.astype(np.float32)
    relevant = (labels[:queries].astype(np.float32) @ labels.T.astype(np.float32)) > 0
    distances = (codes.shape[1] - signs[:queries] @ signs.T) / 2
    if exclude_self:
        distances[np.arange(queries), np.arange(queries)] = np.inf
        relevant[np.arange(queries), np.arange(queries)] = False
    order = np.argsort(distances, axis=1, kind="stable")
    ap = np.zeros((queries, len(CUTOFFS)))
    for q in range(queries):
        for column, cutoff in enumerate(CUTOFFS):
            hits, total = 0, 0.0
            for rank in range(cutoff):
                if relevant[q, order[q, rank]]:
                    hits += 1
                    total += hits / (rank + 1)
            ap[q, column] = total / cutoff
    return ap.mean(axis=0)


def check(bits: int) -> None:
    """Verify ours against slow references (and faiss) on small problems; also triggers JIT compilation."""
    codes, labels = problem(900, bits, classes=20, seed=1)
    packed = pack(codes)
    data = (packed[:50], packed, bits, labels[:50], labels)
    full = (codes[:, None] != codes[None]).sum(axis=2)
    hit = labels[:50] @ labels.T > 0
    for exclude in (False, True):
        kept = ~np.eye(50, 900, dtype=bool) if exclude else np.ones((50, 900), bool)
        ours = evaluate(*data, Protocol(exclude_self=exclude), np.arange(50))
        np.testing.assert_allclose(list(ours.mean_ap.values()), usual_protocol(codes, labels, 50, exclude), atol=1e-12)
        found = [((full[:50] <= radius) & kept).sum(axis=1) for radius in range(bits + 1)]
        hits = [((full[:50] <= radius) & kept & hit).sum(axis=1) for radius in range(bits + 1)]
        recall = np.mean(np.array(hits) / (hit & kept).sum(axis=1), axis=1)
        np.testing.assert_allclose(ours.pr_radius["recall"], recall, atol=1e-12)
        defined = np.array(
            [(h[f > 0] / f[f > 0]).mean() if f.any() else np.nan for h, f in zip(hits, found, strict=True)]
        )
        np.testing.assert_allclose(ours.pr_radius["precision"], defined, atol=1e-12)
    quick_map(*data)
    check_expected_ties()
    indices, distances = top_neighbours(packed, packed, bits, TOP)
    np.testing.assert_array_equal(indices, np.argsort(full, axis=1, kind="stable")[:, :TOP])
    if faiss:
        # The order of ties may differ, but not the distances.
        np.testing.assert_array_equal(faiss_search(packed), distances)


def check_expected_ties() -> None:
    """Verify the mean over all orders of six tied videos by enumerating the orders."""
    codes = np.ones((7, 8), np.int8)
    labels = np.eye(2, dtype=np.uint8)[[0, 0, 1, 0, 1, 1, 0]]
    protocol = Protocol(ties="expected", exclude_self=True, cutoffs=(2, 5))
    ours = evaluate(codes[:1], codes, 8, labels[:1], labels, protocol, np.zeros(1, np.int64))
    for cutoff, value in ours.mean_ap.items():
        every = [
            sum(sum(order[: n + 1]) / (n + 1) for n in range(cutoff) if order[n]) / cutoff
            for order in permutations([1, 0, 1, 0, 0, 1])
        ]
        np.testing.assert_allclose(value, np.mean(every), atol=1e-12)


def faiss_search(packed: np.ndarray) -> np.ndarray:
    """Distances to the nearest TOP codes by faiss's exact index."""
    index = faiss.IndexBinaryFlat(packed.shape[1] * 8)
    index.add(packed)
    return index.search(packed, TOP)[0]


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def measure(size: int, bits: int, repeats: int, queries: int) -> list[dict]:
    """One record per task: median seconds and range, ours and the baseline's, and their ratio."""
    codes, labels = problem(size, bits)
    packed = pack(codes)
    data = (packed, packed, bits, labels, labels)
    scale = size / queries
    peer_name = f"usual protocol in numpy, {queries} queries scaled up"

    def usual() -> float:
        return scale * seconds(lambda: usual_protocol(codes, labels, queries))

    tasks: list[tuple] = [
        (name, partial(evaluate, *data, protocol), None, None) for name, protocol in PROTOCOLS.items()
    ]
    tasks[0] = (*tasks[0][:2], peer_name, usual)
    tasks.append(("mAP only, with the query itself, stable ties", lambda: quick_map(*data), peer_name, usual))
    search = "faiss IndexBinaryFlat" if faiss else None
    tasks.append(
        (
            f"top-{TOP} search",
            lambda: top_neighbours(packed, packed, bits, TOP),
            search,
            (lambda: seconds(lambda: faiss_search(packed))) if faiss else None,
        )
    )
    records = []
    for task, work, peer_name, peer in tasks:
        own, other = [], []
        for _ in range(repeats):
            own.append(seconds(work))
            if peer:
                other.append(peer())
        record = {"task": task, "seconds": median(own), "spread": [min(own), max(own)]}
        if peer:
            record |= {"peer": peer_name, "peer_seconds": median(other), "peer_spread": [min(other), max(other)]}
            record["ratio"] = record["peer_seconds"] / record["seconds"]
        records.append(record)
    return records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=45600)
    parser.add_argument("--bits", type=int, default=64, help="a multiple of 8, as faiss needs it")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--slice", type=int, default=400, help="queries that the numpy peer is timed on")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "measured" / "retrieval.json")
    arguments = parser.parse_args()
    if arguments.bits % 8:
        parser.error("--bits must be a multiple of 8")
    threads, load = available_cores(), os.getloadavg()
    if faiss:
        faiss.omp_set_num_threads(threads)
    check(arguments.bits)
    # Measured before the baselines allocate anything.
    codes, labels = problem(arguments.size, arguments.bits)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for protocol in PROTOCOLS.values():
        evaluate(pack(codes), pack(codes), arguments.bits, labels, labels, protocol)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    del codes, labels
    records = measure(arguments.size, arguments.bits, arguments.repeats, min(arguments.slice, arguments.size))
    print(f"{arguments.size} x {arguments.size} codes of {arguments.bits} bits, {threads} threads")
    print(f"{'task':62} {'seconds':>20} {'peer seconds':>24} {'ratio':>8}")
    for r in records:
        own = f"{r['seconds']:.2f} ({r['spread'][0]:.2f}, {r['spread'][1]:.2f})"
        other, ratio = "", ""
        if "peer" in r:
            other = f"{r['peer_seconds']:.2f} ({r['peer_spread'][0]:.2f}, {r['peer_spread'][1]:.2f})"
            ratio = f"{r['ratio']:.2f}"
        print(f"{r['task']:62} {own:>20} {other:>24} {ratio:>8}  {r.get('peer', '')}")
    print(f"peak memory of the process with all four protocols: {peak / 2**20:.2f} GiB ({before / 2**20:.2f} before)")
    facts = {
        "size": arguments.size,
        "bits": arguments.bits,
        "repeats": arguments.repeats,
        "threads": threads,
        "faiss": metadata.version("faiss-cpu") if faiss else None,
        "peak_memory_gib": peak / 2**20,
        "load_before": load,
    }
    write_json(arguments.output, {"records": records, **facts, "provenance": provenance()})


if __name__ == "__main__":
    main()
