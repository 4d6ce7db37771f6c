"""Hamming retrieval: all metrics and the top-100 search, checked against a slow oracle and then timed.

    python benchmarks/retrieval.py [--size 45600] [--bits 64] [--repeats 5] [--slice 400]
                                   [--output benchmarks/measured/retrieval.json]

The default size is FCVID's protocol, 45,600 videos against themselves. Peers: faiss' exact binary index
(`IndexBinaryFlat`) for the top-100 search, when faiss is installed, and for the metrics the field's usual
protocol in numpy (distances by a matrix product, a full argsort, a loop over ranks), timed on a slice of the
queries and scaled up. Runs of ours and of a peer take turns; numbers are medians with (smallest, largest).
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from statistics import median
from time import perf_counter

import numba
import numpy as np

from s5vh.files import write_json
from s5vh.provenance import provenance
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


def problem(videos: int, bits: int, classes: int = 239, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Codes int8 [videos, bits] scattered around a code for every class, and multi-hot labels, as in FCVID."""
    rng = np.random.default_rng(seed)
    centers = rng.standard_normal((classes, bits), dtype=np.float32)
    classes_of = rng.integers(0, classes, videos)
    values = centers[classes_of] + rng.standard_normal((videos, bits), dtype=np.float32)
    return np.where(values >= 0, np.int8(1), np.int8(-1)), np.eye(classes, dtype=np.uint8)[classes_of]


def usual_protocol(codes: np.ndarray, labels: np.ndarray, queries: int) -> np.ndarray:
    """mAP at the cut-offs for the first `queries` against all, the way released code of the field computes it."""
    signs = codes.astype(np.float32)
    relevant = (labels[:queries].astype(np.float32) @ labels.T.astype(np.float32)) > 0
    order = np.argsort((codes.shape[1] - signs[:queries] @ signs.T) / 2, axis=1, kind="stable")
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
    """Ours against the oracle (and faiss) on a small problem; also compiles what is compiled at run time."""
    codes, labels = problem(900, bits, classes=20, seed=1)
    packed = pack(codes)
    ours = evaluate(packed[:50], packed, bits, labels[:50], labels)
    np.testing.assert_allclose(list(ours.mean_ap.values()), usual_protocol(codes, labels, 50), atol=1e-12)
    quick_map(packed[:50], packed, bits, labels[:50], labels)
    evaluate(packed[:50], packed, bits, labels[:50], labels, Protocol(ties="expected"))
    indices, distances = top_neighbours(packed, packed, bits, TOP)
    full = (codes[:, None] != codes[None]).sum(axis=2)
    np.testing.assert_array_equal(indices, np.argsort(full, axis=1, kind="stable")[:, :TOP])
    if faiss:
        # The order inside ties differs, the distances may not.
        np.testing.assert_array_equal(faiss_search(packed), distances)


def faiss_search(packed: np.ndarray) -> np.ndarray:
    """Distances to the nearest TOP codes by faiss' exact index."""
    index = faiss.IndexBinaryFlat(packed.shape[1] * 8)
    index.add(packed)
    return index.search(packed, TOP)[0]


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def measure(size: int, bits: int, repeats: int, queries: int) -> list[dict]:
    """One record a task: median seconds and spread, ours and the peer's, and peer / ours."""
    codes, labels = problem(size, bits)
    packed = pack(codes)
    data = (packed, packed, bits, labels, labels)
    scale = size / queries
    peer_name = f"usual protocol in numpy, {queries} queries scaled up"

    def usual() -> float:
        return scale * seconds(lambda: usual_protocol(codes, labels, queries))

    tasks = [
        ("all metrics and curves, stable ties", lambda: evaluate(*data), peer_name, usual),
        ("all metrics and curves, expected ties", lambda: evaluate(*data, Protocol(ties="expected")), None, None),
        ("mAP only, stable ties", lambda: quick_map(*data), peer_name, usual),
    ]
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
    threads = numba.get_num_threads()
    if faiss:
        faiss.omp_set_num_threads(threads)
    check(arguments.bits)
    # Ours alone, before the peers allocate anything.
    codes, labels = problem(arguments.size, arguments.bits)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    evaluate(pack(codes), pack(codes), arguments.bits, labels, labels)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    del codes, labels
    records = measure(arguments.size, arguments.bits, arguments.repeats, min(arguments.slice, arguments.size))
    print(f"{arguments.size} x {arguments.size} codes of {arguments.bits} bits, {threads} threads")
    print(f"{'task':40} {'seconds':>24} {'peer seconds':>28} {'ratio':>8}")
    for r in records:
        own = f"{r['seconds']:.2f} ({r['spread'][0]:.2f}, {r['spread'][1]:.2f})"
        other, ratio = "", ""
        if "peer" in r:
            other = f"{r['peer_seconds']:.2f} ({r['peer_spread'][0]:.2f}, {r['peer_spread'][1]:.2f})"
            ratio = f"{r['ratio']:.2f}"
        print(f"{r['task']:40} {own:>24} {other:>28} {ratio:>8}  {r.get('peer', '')}")
    print(f"peak memory of the process with all metrics: {peak / 2**20:.2f} GiB ({before / 2**20:.2f} before)")
    facts = {
        "size": arguments.size,
        "bits": arguments.bits,
        "repeats": arguments.repeats,
        "threads": threads,
        "faiss": metadata.version("faiss-cpu") if faiss else None,
        "peak_memory_gib": peak / 2**20,
    }
    write_json(arguments.output, {"records": records, **facts, "provenance": provenance()})


if __name__ == "__main__":
    main()
