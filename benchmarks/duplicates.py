"""Groups of near-duplicates among random codes with planted copies, and skewed ones, verified and then timed.

    python benchmarks/duplicates.py [--size 1000000] [--bits 64] [--radius 2 3 4] [--peer-radius 3]
                                    [--repeats 3] [--slice 2000] [--output benchmarks/measured/duplicates.json]

Peers: faiss's multi-hash index (`IndexBinaryMultiHash`, one hash of K / (R + 1) bits for every set of bits, which is
exact at radius R), if installed, with scipy's connected components of the pairs it finds; and comparing all pairs with
the package's own ranking, timed on a slice of the queries and scaled up. Ours and the peers alternate; numbers are
medians with (minimum, maximum). The groups of faiss must be ours. Skewed codes, of which many are equal or close, are
timed without a peer.
"""

from __future__ import annotations

import argparse
import os
import resource
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from statistics import median
from time import perf_counter

import numba
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.retrieval.ranking import rank_blocks
from s5vh.search.linkage import linked_groups

try:
    import faiss
except ImportError:
    faiss = None

ROOT = Path(__file__).parents[1]


def planted(size: int, width: int, seed: int = 0) -> np.ndarray:
    """Random codes uint8 [size, width]; one in 50 is another one with up to 4 bits flipped."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 256, (size, width), dtype=np.uint8)
    copies = size // 50
    bits = np.unpackbits(codes[rng.integers(0, size // 2, copies)], axis=1)
    for flip in range(4):
        chosen = rng.random(copies) < (4 - flip) / 5
        bits[chosen, rng.integers(0, 8 * width, copies)[chosen]] ^= 1
    codes[size // 2 + rng.choice(size - size // 2, copies, replace=False)] = np.packbits(bits, axis=1)
    return codes


def skewed(size: int, width: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Codes uint8 [size, width] that are far from evenly distributed, by description."""
    rng = np.random.default_rng(seed)
    center = np.packbits(rng.integers(0, 2, (1, 8 * width), dtype=np.uint8), axis=1)
    bits = np.unpackbits(np.repeat(center, size, axis=0), axis=1)
    for _ in range(4):
        bits[np.arange(size), rng.integers(0, 8 * width, size)] ^= 1
    centers = rng.integers(0, 2, (200, 8 * width), dtype=np.uint8)[rng.integers(0, 200, size)]
    return {
        "all the same": np.repeat(center, size, axis=0),
        "all within 4 bits of one code": np.packbits(bits, axis=1),
        "200 clusters, each bit flipped with probability 0.1": np.packbits(
            centers ^ (rng.random(centers.shape) < 0.1), axis=1
        ),
    }


def labels(groups: list[np.ndarray], size: int) -> np.ndarray:
    """The first member of each code's group, int64 [size]."""
    first = np.arange(size)
    for group in groups:
        first[group] = group[0]
    return first


def faiss_labels(codes: np.ndarray, radius: int) -> np.ndarray:
    """The same by faiss."""
    width = 8 * codes.shape[1]
    index = faiss.IndexBinaryMultiHash(width, radius + 1, min(width // (radius + 1), 30))
    index.add(codes)
    limits, _, found = index.range_search(codes, radius + 1)  # distances below its radius
    rows = np.repeat(np.arange(len(codes)), np.diff(limits.astype(np.int64)))
    graph = coo_array((np.ones(len(found), bool), (rows, found)), (len(codes), len(codes)))
    component = connected_components(graph.tocsr(), directed=False)[1]
    return np.unique(component, return_index=True)[1][component]


def all_pairs(codes: np.ndarray, queries: int) -> float:
    """Seconds to compare all pairs, scaled up from the first queries."""
    start = perf_counter()
    for _ in rank_blocks(codes[:queries], codes, 8 * codes.shape[1], 0):
        pass
    return (perf_counter() - start) * len(codes) / queries / 2


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def check(width: int) -> None:
    """Verify ours against all pairs on a small problem; also triggers JIT compilation."""
    codes = planted(1500, width)
    all_pairs(codes, 10)
    for radius in (0, 2, 2 * width):
        near = np.bitwise_count(codes[:, None].view(np.uint64) ^ codes[None].view(np.uint64)).sum(axis=2) <= radius
        component = connected_components(coo_array(near), directed=False)[1]
        expected = np.unique(component, return_index=True)[1][component]
        np.testing.assert_array_equal(labels(linked_groups(codes, radius), len(codes)), expected)


def measure(codes: np.ndarray, radius: int, repeats: int, queries: int, with_faiss: bool) -> dict:
    """Seconds of ours and of the peers at one radius."""
    own, others, groups = [], {"all pairs, scaled up": []}, linked_groups(codes, radius)
    if with_faiss:
        others["faiss IndexBinaryMultiHash"] = []
        np.testing.assert_array_equal(labels(groups, len(codes)), faiss_labels(codes, radius))
    for _ in range(repeats):
        own.append(seconds(lambda: linked_groups(codes, radius)))
        others["all pairs, scaled up"].append(all_pairs(codes, queries))
        if with_faiss:
            others["faiss IndexBinaryMultiHash"].append(seconds(lambda: faiss_labels(codes, radius)))
    peers = {
        name: {"seconds": median(times), "spread": [min(times), max(times)], "ratio": median(times) / median(own)}
        for name, times in others.items()
    }
    return {
        "task": f"random codes with planted copies, radius {radius}", "seconds": median(own),
        "spread": [min(own), max(own)], "groups": len(groups), "videos": sum(map(len, groups)), "peers": peers,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--bits", type=int, default=64, help="a multiple of 64")
    parser.add_argument("--radius", type=int, nargs="+", default=[2, 3, 4])
    parser.add_argument("--peer-radius", type=int, default=3, help="largest radius that faiss is timed at (default: 3)")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--slice", type=int, default=2000, help="queries that comparing all pairs is timed on")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "measured" / "duplicates.json")
    arguments = parser.parse_args()
    if arguments.bits % 64:
        parser.error("--bits must be a multiple of 64")
    threads, load, width = numba.get_num_threads(), os.getloadavg(), arguments.bits // 8
    if faiss:
        faiss.omp_set_num_threads(threads)
    check(width)
    codes = planted(arguments.size, width)
    # Measured before the peers allocate anything.
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    linked_groups(codes, max(arguments.radius))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    queries = min(arguments.slice, arguments.size)
    records = [
        measure(codes, radius, arguments.repeats, queries, faiss is not None and radius <= arguments.peer_radius)
        for radius in arguments.radius
    ]
    for name, other in skewed(arguments.size, width).items():
        for radius in (min(arguments.radius), max(arguments.radius)):
            groups: list[np.ndarray] = []
            time = seconds(lambda other=other, radius=radius: groups.extend(linked_groups(other, radius)))  # noqa: B023
            records.append({"task": f"{name}, radius {radius}", "seconds": time, "groups": len(groups),
                            "videos": sum(map(len, groups)), "peers": {}})  # fmt: skip
    print(f"{arguments.size} codes of {arguments.bits} bits, {threads} threads")
    for record in records:
        print(f"{record['task']:68} {record['seconds']:8.2f} s  {record['groups']} groups of {record['videos']} videos")
        for name, peer in record["peers"].items():
            print(f"    {name:64} {peer['seconds']:8.2f} s  {peer['ratio']:.1f}x")
    print(f"peak memory of the process: {peak / 2**20:.2f} GiB ({before / 2**20:.2f} before)")
    facts = {
        "size": arguments.size,
        "bits": arguments.bits,
        "repeats": arguments.repeats,
        "threads": threads,
        "faiss": metadata.version("faiss-cpu") if faiss else None,
        "peak_memory_gib": peak / 2**20,
        "memory_before_gib": before / 2**20,
        "load_before": load,
    }
    write_json(arguments.output, {"records": records, **facts, "provenance": provenance()})


if __name__ == "__main__":
    main()
