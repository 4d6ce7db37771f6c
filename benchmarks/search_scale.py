"""Search among 1e5 to 1e8 codes of 64 bits: exact and approximate, ours and faiss's, with time, memory and recall.

    python benchmarks/search_scale.py [--sizes 100000 1000000 10000000 100000000] [--kinds random clustered]
                                      [--repeats 3] [--folder FOLDER] [--output benchmarks/measured/search_scale.json]

Indexes are built in parts of 10 million codes, by `s5vh index` of code files, and each part is deleted before the next
is made; one of 200,000 videos with ids is built of a feature file. 100 million codes take 2.4 GB in FOLDER, which are
deleted. Codes are uniformly random, or around 1,000 random centers, each bit flipped with probability 1/8; queries are
of the same kind.

Checked first: the exact distances are faiss's (`IndexBinaryFlat`), those of all probes are the exact ones. Our searches
and faiss's alternate, after a first round that does not count; numbers are medians with (minimum, maximum). The lower
bound is the time in which all threads read the codes from memory. Recall is the share of the 10 nearest that 256
queries find, equally far ones counting alike. Memory is what a process has allocated at most, without pages of files. A
record in the output file is replaced when its size and kind are measured again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter

import faiss
import h5py
import numpy as np
from numba import njit

from s5vh.base.cores import available_cores
from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.base.threads import shared_among_threads
from s5vh.methods.load import resolve_cell
from s5vh.methods.lsh.hashing import LSH
from s5vh.methods.model_file import StoredModel, save_model
from s5vh.search.approximate import Approximate, build_ivf, ivf_path, recall_of
from s5vh.search.build import build_index
from s5vh.search.catalog import catalog_path
from s5vh.search.index import Index
from s5vh.search.index_writer import IndexWriter
from s5vh.search.nearest import nearest

ROOT = Path(__file__).parents[1]
BITS, TOP = 64, 10
PART = 10_000_000  # codes
TOGETHER = 64  # queries searched together
RECALL_QUERIES = 256
PROBES = (1, 4, 16, 64)
CENTERS = 1000
NAMED = 200_000  # videos with ids


def draw(kind: str, count: int, seed: int) -> np.ndarray:
    """Codes, uint8 [count, 8]; of clustered ones, the centers are the same for every seed."""
    rng = np.random.default_rng(seed)
    words = rng.integers(0, 2**64, count, dtype=np.uint64)
    if kind == "clustered":
        for _ in range(2):
            words &= rng.integers(0, 2**64, count, dtype=np.uint64)
        words ^= np.random.default_rng(0).integers(0, 2**64, CENTERS, dtype=np.uint64)[rng.integers(0, CENTERS, count)]
    return words.view(np.uint8).reshape(count, 8)


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """Seconds, and the peak of this process's allocated memory in GiB, of what is done inside."""
    found, stop = {"peak_gib": 0.0}, Event()

    def watch() -> None:
        while not stop.wait(0.01):
            status = Path("/proc/self/status").read_text(encoding="ascii")
            allocated = int(status.split("RssAnon:")[1].split()[0]) / 2**20
            found["peak_gib"] = max(found["peak_gib"], allocated)

    watcher = Thread(target=watch)
    watcher.start()
    started = perf_counter()
    try:
        yield found
    finally:
        found["seconds"] = perf_counter() - started
        stop.set()
        watcher.join()


def alone(work: Callable, *arguments: object) -> dict:
    """What `work` returns in a process of its own, so that memory is its own, too."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sending, work, *arguments))
    process.start()
    sending.close()
    try:
        return receiving.recv()
    except EOFError:
        raise SystemExit(f"{work.__name__} failed, see above") from None
    finally:
        process.join()


def _send(connection: multiprocessing.connection.Connection, work: Callable, *arguments: object) -> None:
    connection.send(work(*arguments))


def build_exact(folder: Path, kind: str, size: int) -> dict:
    """Build the index of `size` codes in parts, as `s5vh index` does for one code file after the other."""
    seconds, peak, model, index = 0.0, 0.0, folder / "model.safetensors", folder / "codes.index"
    hasher = LSH(bits=BITS, seed=1).fit(np.random.default_rng(0).standard_normal((40, 3, 8)).astype(np.float32))
    save_model(model, StoredModel(hasher.state(), resolve_cell("demo", "lsh_mean", BITS, 1), 3, 8, None, {}))
    for number, start in enumerate(range(0, size, PART)):
        part = folder / f"part{number}.npy"
        np.save(part, draw(kind, min(PART, size - start), seed=number + 1))
        with watched() as found:
            build_index(index, [part], model_file=model, report=lambda text: None)
        part.unlink()
        seconds, peak = seconds + found["seconds"], max(peak, found["peak_gib"])
    written = sum(path.stat().st_size for path in (index, catalog_path(index)))
    return {"seconds": seconds, "peak_gib": peak, "bytes_per_code": written / size}


def build_named(folder: Path) -> dict:
    """Build an index of a feature file, whose videos have ids of their own."""
    features, index = folder / "features.h5", folder / "named.index"
    with h5py.File(features, "w") as file:
        file["feats"] = np.random.default_rng(0).standard_normal((NAMED, 3, 8)).astype(np.float16)
        file.create_dataset("ids", data=[f"video{number:08d}" for number in range(NAMED)], dtype=h5py.string_dtype())
    with watched() as found:
        build_index(index, [features], model_file=folder / "model.safetensors", report=lambda text: None)
    written = sum(path.stat().st_size for path in (index, catalog_path(index)))
    return found | {"videos": NAMED, "bytes_per_code": written / NAMED}


def build_approximate(folder: Path) -> dict:
    """Build the inverted file, as `s5vh index --approximate` does."""
    path = folder / "codes.index"
    with IndexWriter(path) as index:
        with watched() as found:
            build_ivf(index, None, lambda text: None)
        clusters = index.facts["approximate"]["clusters"]
        return found | {"bytes_per_code": ivf_path(path).stat().st_size / len(index), "clusters": clusters}


def in_turn(works: dict[str, Callable[[], object]], repeats: int) -> dict[str, dict]:
    """Median milliseconds and range of each, one after the other in every round, the first of which does not count."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(repeats + 1):
        for name, work in works.items():
            started = perf_counter()
            work()
            if turn:
                taken[name].append(1e3 * (perf_counter() - started))
    return {name: {"ms": median(times), "spread": [min(times), max(times)]} for name, times in taken.items()}


@shared_among_threads(lambda pieces, *_: pieces)
@njit(nogil=True)
def _read(first, last, pieces, words, found):
    for piece in range(first, last):
        total = np.uint64(0)
        for word in words[words.size * piece // pieces : words.size * (piece + 1) // pieces]:
            total += word
        found[piece] = total


def search_exact(folder: Path, kind: str, repeats: int) -> dict:
    """Time of single queries and of many together, ours on the file, faiss's and the lower bound in memory."""
    with Index(folder / "codes.index") as index:
        codes, query = index.codes, draw(kind, TOGETHER, seed=-1 % 2**32)
        with watched() as alone_:
            nearest(query, codes, BITS, TOP)
        flat = faiss.read_index_binary(str(index.path))
        words = faiss.rev_swig_ptr(flat.xb.data(), 8 * len(codes)).view(np.uint64)
        np.testing.assert_array_equal(nearest(query, codes, BITS, TOP)[1], flat.search(query, TOP)[0])
        opening = []
        for _ in range(repeats):
            started = perf_counter()
            Index(index.path).__exit__()
            opening.append(1e3 * (perf_counter() - started))
        totals = np.zeros(64, np.uint64)
        found = in_turn(
            {
                "ours_1": lambda: nearest(query[:1], codes, BITS, TOP),
                "faiss_1": lambda: flat.search(query[:1], TOP),
                "reading": lambda: _read(64, words, totals),
                f"ours_{TOGETHER}": lambda: nearest(query, codes, BITS, TOP),
                f"faiss_{TOGETHER}": lambda: flat.search(query, TOP),
            },
            repeats,
        )
    return found | {"opening": {"ms": median(opening)}, "peak_gib": alone_["peak_gib"]}


def search_approximate(folder: Path, kind: str, repeats: int) -> dict:
    """Time and recall of an inverted file by the number of probes."""
    with Index(folder / "codes.index") as index:
        query, none = draw(kind, RECALL_QUERIES, seed=-2 % 2**32), np.full(RECALL_QUERIES, -1)
        exact = nearest(query, index.codes, BITS, TOP)[1]
        with watched() as peak:
            made = Approximate(index)
            clusters = index.facts["approximate"]["clusters"]
            everything = [far for _, far in made.nearest(query[:2], TOP, clusters, none[:2])]
            np.testing.assert_array_equal(everything, exact[:2])
            by_probes = {}
            for probes in sorted({min(probes, clusters) for probes in PROBES}):
                found = [far for _, far in made.nearest(query, TOP, probes, none)]
                times = in_turn(
                    {
                        "1": lambda probes=probes: list(made.nearest(query[:1], TOP, probes, none[:1])),
                        str(TOGETHER): lambda probes=probes: list(made.nearest(query[:64], TOP, probes, none[:64])),
                    },
                    repeats,
                )
                by_probes[probes] = {"recall": recall_of(exact, found)} | times
    return {"probes": by_probes, "peak_gib": peak["peak_gib"]}


def measure(kind: str, size: int, repeats: int, folder: Path) -> dict:
    load = os.getloadavg()
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        return {
            "codes": size, "kind": kind, "repeats": repeats, "load_before": load,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "build": alone(build_exact, place, kind, size),
            "search": alone(search_exact, place, kind, repeats),
            "build_named": alone(build_named, place),
            "build_ivf": alone(build_approximate, place),
            "search_ivf": alone(search_approximate, place, kind, repeats),
        }  # fmt: skip


def show(record: dict) -> None:
    search, ivf = record["search"], record["search_ivf"]
    print(f"{record['codes']:,} {record['kind']} codes")
    for what in ("build", "build_named", "build_ivf"):
        made = record[what]
        print(f"    {what}: {made['seconds']:.1f} s, {made['peak_gib']:.2f} GiB, {made['bytes_per_code']:.1f} B/code")
    for queries in (1, TOGETHER):
        ours, theirs = search[f"ours_{queries}"]["ms"], search[f"faiss_{queries}"]["ms"]
        print(f"    exact, {queries} queries: {ours:.2f} ms; faiss {theirs:.2f} ms ({theirs / ours:.1f}x)")
    print(f"    reading: {search['reading']['ms']:.2f} ms; opening {search['opening']['ms']:.1f} ms; "
          f"{search['peak_gib']:.2f} GiB")  # fmt: skip
    for probes, found in ivf["probes"].items():
        print(f"    {probes} probes: recall {found['recall']:.3f}, 1 query {found['1']['ms']:.2f} ms, "
              f"{TOGETHER} queries {found[str(TOGETHER)]['ms']:.2f} ms")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10**5, 10**6, 10**7, 10**8])
    parser.add_argument("--kinds", nargs="+", choices=["random", "clustered"], default=["random", "clustered"])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where indexes are built")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "measured" / "search_scale.json")
    arguments = parser.parse_args()
    for size in arguments.sizes:
        for kind in arguments.kinds:
            record = measure(kind, size, arguments.repeats, arguments.folder)
            show(record)
            known = json.loads(arguments.output.read_text())["records"] if arguments.output.exists() else []
            others = [other for other in known if (other["codes"], other["kind"]) != (size, kind)]
            records = sorted([*others, record], key=lambda record: (record["codes"], record["kind"]))
            facts = {"bits": BITS, "top": TOP, "threads": available_cores(), "faiss": metadata.version("faiss-cpu")}
            write_json(arguments.output, {"records": records, **facts, "provenance": provenance()})


if __name__ == "__main__":
    main()
