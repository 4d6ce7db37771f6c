"""Approximate search by an inverted file, with faiss: `videos.index.ivf` next to `videos.index`.

Codes are divided among clusters, and a query is compared only with those of the clusters nearest to it, of which
`probes` gives the number (faiss's `IndexBinaryIVF`). Its file has 8 bytes per video beside the code, and a search reads
only the clusters that it probes. A graph of neighbours (HNSW) would take 128 bytes per video and more for its links (32
of 4 bytes), 16 times a code of 64 bits, and follows them all over memory.

The codes of the index remain what counts: the file is made of them, and distances of hits are taken from them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s5vh.base.cores import available_cores
from s5vh.base.errors import UserError
from s5vh.base.files import atomic
from s5vh.search.index import Index
from s5vh.search.index_file import ivf_path
from s5vh.search.index_writer import IndexWriter
from s5vh.search.nearest import nearest
from s5vh.search.scan import nearest_center

FACT = "approximate"
_CLUSTERS = 4096  # at most; the time to divide codes among them grows with their number
_POINTS = 64  # codes per cluster to find the clusters from
_BITS = 2**28  # at most, of all of these codes
_ROUNDS = 10  # of k-means
_CHUNK = 2**20  # codes assigned and added at a time
_QUERIES, _TOP = 100, 10  # for measuring the recall
_PROBES = (1, 4, 16, 64, 256)


def clusters_for(videos: int) -> int:
    """Number of clusters: about the square root of the number of codes, which balances finding and comparing them."""
    return min(_CLUSTERS, 2 ** round(math.log2(max(videos, 1)) / 2))


def import_faiss() -> Any:
    """The module.

    Raises:
        UserError: it is not installed.
    """
    try:
        import faiss
    except ImportError:
        raise UserError("approximate search needs faiss, which is not installed; install it with `pip install "
                        "faiss-cpu`, or search exactly, without --probes") from None  # fmt: skip
    return faiss


def is_current(index: Index | IndexWriter) -> bool:
    """Whether the inverted file, if there is one, was made of the codes that the index has."""
    made = index.facts.get(FACT, {})
    return made.get("videos") == len(index) and made.get("rewrites") == index.facts.get("rewrites", 0)


def build_ivf(index: IndexWriter, threads: int | None, report: Callable[[str], None]) -> None:
    """Write the inverted file of an index unless it is up to date, and report the recall of a search with it.

    It takes as much memory as the file, and two bytes per video more.
    """
    faiss, path = import_faiss(), ivf_path(index.path)
    faiss.omp_set_num_threads(threads or available_cores())
    if is_current(index) and path.exists():
        report(f"{path}: up to date")
        return
    if not len(index):
        raise UserError(f"{index.path}: the index is empty; add videos with `s5vh index`")
    codes = index.codes
    made = _clustered(faiss, codes)
    with atomic(path) as temporary:
        faiss.write_index_binary(made, str(temporary))
    recall = dict(_recall(made, index, codes))
    index.remember(
        FACT,
        {"videos": len(index), "rewrites": index.facts.get("rewrites", 0), "clusters": made.nlist, "recall": recall},
    )
    report(f"{path}: {len(index)} videos in {made.nlist} clusters")
    if recall:
        shares = ", ".join(f"{share:.2f} with --probes {probes}" for probes, share in recall.items())
        report(f"{path}: share of the {_TOP} nearest that searches for videos of the index find: {shares}")


def _clustered(faiss: Any, codes: np.ndarray) -> Any:
    """`IndexBinaryIVF` of codes, uint8 [N, width]."""
    bits, clusters = 8 * codes.shape[1], clusters_for(len(codes))
    quantizer = faiss.IndexBinaryFlat(bits)
    centers = _centers(codes, clusters)
    quantizer.add(centers)
    made = faiss.IndexBinaryIVF(quantizer, bits, clusters)
    made.is_trained = True
    parts = [slice(start, start + _CHUNK) for start in range(0, len(codes), _CHUNK)]
    cluster = np.concatenate([nearest_center(codes[part], centers) for part in parts])
    for number, size in enumerate(np.bincount(cluster, minlength=clusters).tolist()):
        # A list that has had its final size does not move as it grows, which would take twice the memory.
        made.invlists.resize(number, size)
        made.invlists.resize(number, 0)
    for part in parts:
        order = np.argsort(cluster[part], kind="stable")
        some, ids = codes[part][order], order + part.start
        ends = np.cumsum(np.bincount(cluster[part], minlength=clusters))
        for number in np.unique(cluster[part]).tolist():
            own = slice(ends[number - 1] if number else 0, ends[number])
            made.invlists.add_entries(number, len(ids[own]), faiss.swig_ptr(ids[own]), faiss.swig_ptr(some[own]))
    made.ntotal = len(codes)
    return made


def _centers(codes: np.ndarray, clusters: int) -> np.ndarray:
    """Centers of clusters, uint8 [clusters, width], by k-means in Hamming space, of a sample of the codes.

    A center is the majority of its codes in every bit (k-majority: C. Grana et al., "A fast approach for integrating
    ORB descriptors in the bag of words model", 2013). faiss's own training compares real-valued vectors.
    """
    rng = np.random.default_rng(0)
    points = min(len(codes), _POINTS * clusters, max(clusters, _BITS // (8 * codes.shape[1])))
    sample = np.array(codes[np.sort(rng.choice(len(codes), points, replace=False))])
    centers, bits = sample[rng.choice(points, clusters, replace=False)], np.unpackbits(sample, axis=1)
    for _ in range(_ROUNDS):
        cluster = nearest_center(sample, centers)
        sizes = np.bincount(cluster, minlength=clusters)
        used = np.flatnonzero(sizes)
        ordered = bits[np.argsort(cluster, kind="stable")]
        ones = np.add.reduceat(ordered, (np.cumsum(sizes) - sizes)[used], axis=0, dtype=np.int64)
        centers[used] = np.packbits(2 * ones > sizes[used, None], axis=1)
    return centers


def _recall(made: Any, index: IndexWriter, codes: np.ndarray) -> Iterator[tuple[int, float]]:
    """(probes, share of the nearest videos that are found) for some videos of the index; ties count as found."""
    chosen = np.sort(np.random.default_rng(1).choice(len(codes), min(len(codes), _QUERIES), replace=False))
    query, bits, top = np.array(codes[chosen]), 8 * codes.shape[1], min(_TOP, len(codes) - 1)
    exact = nearest(query, codes, bits, top, chosen)[1]
    for probes in sorted({min(probes, made.nlist) for probes in _PROBES if top}):
        found = [far for _, far in _probed(made, query, top, probes, chosen)]
        yield probes, recall_of(exact, found)


def recall_of(exact: np.ndarray, found: list[np.ndarray]) -> float:
    """Share of the n nearest that are found: codes no farther than the n-th one count, whichever of equally far ones.

    Args:
        exact: distances of the n nearest, [Q, n].
        found: distances of what is found for each query, increasing, at most n.
    """
    hits = sum(int((far <= limit).sum()) for far, limit in zip(found, exact[:, -1], strict=True))
    return hits / exact.size


def _probed(
    made: Any, query: np.ndarray, top: int, probes: int, leave_out: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For every query, positions int64 [n] and distances int32 [n] of what is found, by distance, then position."""
    made.nprobe = probes
    distances, positions = made.search(query, top + 1 if (leave_out >= 0).any() else top)
    for where, far, own in zip(positions, distances, leave_out, strict=True):
        real = (where >= 0) & (where != own)  # -1: fewer codes in these clusters
        where, far = where[real], far[real]
        order = np.lexsort([where, far])[:top]
        yield where[order], far[order]


class Approximate:
    """The inverted file of an index, open for searching.

    Args:
        index: the index.
        threads: of faiss; None for all available cores.

    Raises:
        UserError: there is none, or it is not of these codes, or is damaged; faiss is not installed.
    """

    def __init__(self, index: Index, threads: int | None = None):
        self._path, self._codes = ivf_path(index.path), index.codes
        remedy = f"build it with `s5vh index --output {index.path} --approximate`, or search without --probes"
        faiss = import_faiss()
        if not self._path.is_file():
            raise UserError(f"{self._path}: no such file; {remedy}")
        if not is_current(index):
            raise UserError(f"{self._path}: not of the videos that {index.path} has now; {remedy}")
        faiss.omp_set_num_threads(threads or available_cores())
        try:
            self._made = faiss.read_index_binary(str(self._path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError:
            raise UserError(f"{self._path}: damaged; {remedy}") from None
        if self._made.d != 8 * index.codes.shape[1] or self._made.ntotal != len(index):
            raise UserError(f"{self._path}: belongs to another index; {remedy}")
        self._remedy = remedy

    def nearest(
        self, query: np.ndarray, top: int, probes: int, leave_out: np.ndarray
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """For every query, positions and distances of what is found, at most `top`; order as in `nearest.nearest`.

        Args:
            query: uint8 [Q, ceil(bits/8)], packed codes.
            top: maximum number of neighbours.
            probes: number of clusters to compare with; all of them find what an exact search finds.
            leave_out: int64 [Q], position to exclude for each query, -1 for none.
        """
        for code, (where, far) in zip(query, _probed(self._made, query, top, probes, leave_out), strict=True):
            if not np.array_equal(np.bitwise_count(self._codes[where] ^ code).sum(axis=1), far):
                raise UserError(f"{self._path}: belongs to another index; {self._remedy}")
            yield where, far
