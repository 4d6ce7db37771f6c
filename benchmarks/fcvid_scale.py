"""Memory and time of every stage on a feature file of FCVID's size: 45,585 videos x 25 frames x 4,096, 9.3 GB.

    python benchmarks/fcvid_scale.py [--videos 45585] [--training-steps 10] [--folder FOLDER] [--threads 2]
                                     [--output benchmarks/measured/fcvid_scale.json]

First, 300 videos are used to verify that streaming from the file gives the same means, clusters, codes and trained
weights as computing in memory. Then each stage runs on the large file in a separate process, to measure its own peak
memory, without the page cache. Before each stage, the file is dropped from the page cache, as if read for the first
time. Lower bounds: sequential reads of the same file, from disk and from the cache.

The features are random (class means, an offset per video, noise per frame), as are the network's initial weights. All
files are in a temporary folder inside --folder and are always deleted. At full size it takes about 15 minutes on 2
cores.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from s5vh.base.files import read_json, write_json
from s5vh.base.provenance import provenance
from s5vh.data.features import open_features, write_features

ROOT = Path(__file__).parents[1]
VIDEOS, FRAMES, SIZE, CLASSES = 45_585, 25, 4096, 239
CLUSTERS, PCA, BITS, BATCH = 450, 512, 64, 512
SMALL, SMALL_CLUSTERS, SMALL_PCA = 300, 30, 16  # the file on which results are compared
GOALS_GIB = {"means and PCA": 3, "semantics": 3, "train": 12, "evaluate": 3}


def make_file(path: Path, videos: int, seed: int = 0) -> None:
    """Write a feature file, float16 [videos, 25, 4096], with labels, block by block."""
    rng = np.random.default_rng(seed)
    means = rng.standard_normal((CLASSES, SIZE), dtype=np.float32)
    classes = rng.integers(0, CLASSES, videos)
    buffer = np.empty((128, FRAMES, SIZE), np.float32)

    def blocks() -> Iterator[np.ndarray]:
        for first in range(0, videos, len(buffer)):
            block = buffer[: min(len(buffer), videos - first)]
            rng.standard_normal(out=block, dtype=np.float32)
            offsets = rng.standard_normal((len(block), SIZE), dtype=np.float32)
            block += (means[classes[first : first + len(block)]] + offsets)[:, None]
            yield block

    write_features(
        path,
        blocks(),
        shape=(videos, FRAMES, SIZE),
        dtype="float16",
        labels=np.eye(CLASSES, dtype=np.uint8)[classes],
        ids=[f"{index:06d}" for index in range(videos)],
        provenance={"seed": seed},
    )


def train_steps(feats: Any, steps: int, batch: int, model: Path, resident_bytes: int) -> dict[str, Any]:
    """Train on the first `steps` batches of an epoch over all videos with the training engine; writes `model`.

    S5VH with random weights, the paper's sizes and its settings for FCVID; pseudo-labels and centers are random.
    """
    import torch

    from s5vh.methods.contract import Shape
    from s5vh.methods.load import resolve_cell
    from s5vh.methods.model_file import StoredModel, save_model
    from s5vh.methods.s5vh.network import S5VH
    from s5vh.training.batches import FeatureSource
    from s5vh.training.engine import train

    reading: list[float] = []
    waiting: list[float] = []
    working: list[float] = []

    class FirstBatches(FeatureSource):
        """Only the first batches; records how long each is read, waited for and processed."""

        def batches(self, indices: list[torch.Tensor]) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
            before = perf_counter()
            for item in super().batches(indices[:steps]):
                handed = perf_counter()
                waiting.append(handed - before)
                yield item
                before = perf_counter()
                working.append(before - handed)

        def _read(self, index: torch.Tensor) -> torch.Tensor:
            started = perf_counter()
            block = super()._read(index)
            reading.append(perf_counter() - started)
            return block

    settings = {"epochs": 1, "patience": None, "selection": "last", "batch_size": batch}
    cell = resolve_cell("fcvid", "s5vh", BITS, 1, {"s5vh": {"training": settings}})
    rng = np.random.default_rng(1)
    centers = torch.from_numpy(rng.choice([-1.0, 1.0], (CLUSTERS, BITS)))
    labels = torch.from_numpy(rng.integers(0, CLUSTERS, len(feats)))
    torch.manual_seed(0)
    network = S5VH(cell.settings, Shape(FRAMES, SIZE, BITS), {})
    network.centers, network.labels = centers.float(), labels
    history = train(
        network,
        FirstBatches(feats, torch.device("cpu"), resident_bytes),
        torch.arange(len(feats)),
        cell.settings.training,
        seed=1,
        digest="",
        checkpoint=model.with_name("checkpoint.pt"),
    )
    arrays = {name: value.numpy() for name, value in network.state_dict().items()}
    save_model(model, StoredModel(arrays, cell, FRAMES, SIZE, None, {}))
    return {
        "steps": len(history.steps),
        "batch": batch,
        "mask_ratio": cell.settings.training.mask_ratio,
        "read_seconds": reading,
        "wait_seconds": waiting,
        "work_seconds": working,
    }


def make_part(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Write the large file."""
    make_file(folder / "feats.h5", arguments.videos)
    return {}


def means_part(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Time-averaged features and their PCA, without the clustering."""
    from s5vh.semantics.clustering import fit_pca
    from s5vh.semantics.means import video_means

    with open_features(folder / "feats.h5") as file:
        started = perf_counter()
        means = video_means(file.feats)
        middle = perf_counter()
    fit_pca(means, min(PCA, len(means)))
    return {"means_seconds": middle - started, "pca_seconds": perf_counter() - middle}


def train_part(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """The first training steps, streamed from the file, in the same setup as the training stage."""
    from s5vh.base.memory import keep_freed_memory
    from s5vh.training.device import set_determinism, set_threads

    set_threads(arguments.threads)
    keep_freed_memory()
    set_determinism(1)
    with open_features(folder / "feats.h5") as file:
        return train_steps(file.feats, arguments.training_steps, BATCH, folder / "model.safetensors", resident_bytes=0)


def check_part(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """On a small file, verify that streaming gives the same results as computing in memory."""
    import torch

    from s5vh.methods.model_file import read_model, restore_network
    from s5vh.retrieval.codes import read_codes, unpack
    from s5vh.semantics.clustering import build_semantics
    from s5vh.semantics.means import video_means
    from s5vh.semantics.semantics_file import read_semantics
    from s5vh.training.device import set_determinism, set_threads

    set_threads(arguments.threads)
    path = folder / "small.h5"
    make_file(path, SMALL, seed=1)
    models = {limit: folder / f"resident{limit}.safetensors" for limit in (0, 2**34)}
    with open_features(path) as file:
        feats = file.feats[:]
        means = feats.astype(np.float64).mean(axis=1).astype(np.float32)
        np.testing.assert_array_equal(video_means(file.feats, 64), means)
        for limit, model in models.items():
            set_determinism(1)
            train_steps(file.feats, 2, 100, model, limit)
    streamed, resident = (read_model(model).arrays for model in models.values())
    for name, weights in resident.items():
        np.testing.assert_array_equal(streamed[name], weights, err_msg=name)
    subprocess.run(semantics_command(path, SMALL_CLUSTERS, SMALL_PCA, arguments.threads), check=True)
    found, wanted = read_semantics(folder / "semantics.h5"), build_semantics(feats, SMALL_CLUSTERS, SMALL_PCA)
    np.testing.assert_array_equal(found.assignments, wanted.assignments)
    np.testing.assert_allclose(found.centroids, wanted.centroids, atol=1e-4)
    subprocess.run(evaluate_command(path, models[0], arguments.threads), check=True)
    with torch.inference_mode():
        codes = restore_network(read_model(models[0])).encode(torch.from_numpy(feats).float()).numpy()
    np.testing.assert_array_equal(unpack(read_codes(folder / "codes.npz").database, BITS), codes)
    return {}


PARTS = {"check": check_part, "make": make_part, "means and PCA": means_part, "train": train_part}


def command(*words: object) -> list[str]:
    return [str(Path(sys.executable).with_name("s5vh")), *map(str, words)]


def semantics_command(file: Path, clusters: int, pca: int, threads: int) -> list[str]:
    """The clustering stage, as run by the workflow."""
    words = ["--features", file, "--clusters", clusters, "--pca", pca, "--threads", threads]
    return command("semantics", *words, "--output", file.with_name("semantics.h5"))


def evaluate_command(file: Path, model: Path, threads: int) -> list[str]:
    """Encoding and scoring of all videos, as run by the workflow."""
    words = ["--model", model, "--database", file, "--query", file, "--threads", threads, "--device", "cpu"]
    return command("evaluate", *words, "--output-dir", file.parent)


def apart(words: list[str], folder: Path) -> dict[str, float]:
    """Seconds and peak resident memory of a process, which must succeed."""
    log = folder / "log.txt"
    started = perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(words, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        # Not `ru_maxrss` of all children, which is the maximum over all that have ended. This process must be small,
        # because a child's value starts at that of its parent.
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()  # it would keep writing into a folder that is being deleted
            process.wait()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(words)} failed:\n{log.read_text()[-4000:]}")
    return {"seconds": perf_counter() - started, "peak_gib": usage.ru_maxrss / 2**20}


def forget(path: Path) -> None:
    """Ask the OS to drop the file from the page cache, so that the next read is from disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def plain_read(path: Path) -> float:
    """Seconds to read a file sequentially into a buffer of 16 MiB."""
    buffer = bytearray(2**24)
    started = perf_counter()
    with path.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
    return perf_counter() - started


def measure(arguments: argparse.Namespace, folder: Path) -> dict[str, dict[str, Any]]:
    """Records by stage; each stage reads the file once, except training, which reads only its batches."""
    path, records = folder / "feats.h5", {}

    def part(name: str) -> list[str]:
        settings = ["--videos", arguments.videos, "--training-steps", arguments.training_steps]
        settings += ["--threads", arguments.threads, "--part", name, "--part-folder", folder]
        return [sys.executable, __file__, *map(str, settings)]

    def run(name: str, words: list[str]) -> None:
        if path.exists():
            forget(path)
        record: dict[str, Any] = apart(words, folder)
        report = folder / "part.json"
        if report.exists():
            record |= read_json(report)
            report.unlink()
        if name in GOALS_GIB:
            record["goal_gib"] = GOALS_GIB[name]
        records[name] = record
        print(f"{name:16} {record['seconds']:8.1f} s   peak {record['peak_gib']:5.2f} GiB", flush=True)

    run("check", part("check"))
    run("make", part("make"))
    size = path.stat().st_size
    forget(path)
    floors = {"disk": plain_read(path), "cache": plain_read(path)}
    for source, seconds in floors.items():
        print(f"plain reading from the {source}: {seconds:.1f} s, {size / seconds / 1e9:.2f} GB/s", flush=True)
    clusters, pca = min(CLUSTERS, arguments.videos // 2), min(PCA, arguments.videos // 2)
    run("means and PCA", part("means and PCA"))
    run("semantics", semantics_command(path, clusters, pca, arguments.threads))
    run("train", part("train"))
    run("evaluate", evaluate_command(path, folder / "model.safetensors", arguments.threads))
    for record in records.values():
        if "steps" not in record:
            record["bytes_per_second"] = size / record["seconds"]
    records["floor"] = {"bytes": size, "disk_seconds": floors["disk"], "cache_seconds": floors["cache"]}
    return records


def show(records: dict[str, dict[str, Any]]) -> None:
    """Print whether goals are met, and whether reading overlaps with computing."""
    means, train = records["means and PCA"], records["train"]
    print(f"means {means['means_seconds']:.1f} s, PCA {means['pca_seconds']:.1f} s")
    keys = {"read": "read_seconds", "waited for": "wait_seconds", "worked on": "work_seconds"}
    for what, key in keys.items():
        values = train[key]
        # Waiting for the first batch cannot overlap with computation.
        print(f"a batch of {train['batch']} is {what} {median(values):.2f} s ({min(values):.2f}, {max(values):.2f})")
    for name, record in records.items():
        if record.get("peak_gib", 0) > record.get("goal_gib", float("inf")):
            print(f"{name}: peak {record['peak_gib']:.2f} GiB is above the goal of {record['goal_gib']} GiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=VIDEOS)
    parser.add_argument("--training-steps", type=int, default=10)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the file may lie")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "measured" / "fcvid_scale.json")
    # The script calls itself with these.
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--part-folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        write_json(arguments.part_folder / "part.json", PARTS[arguments.part](arguments, arguments.part_folder))
        return
    needed = (arguments.videos + 2 * SMALL) * FRAMES * SIZE * 2
    free = shutil.disk_usage(arguments.folder).free
    if free < 1.1 * needed:
        sys.exit(f"{arguments.folder}: needs {1.1 * needed / 1e9:.1f} GB, {free / 1e9:.1f} GB are free; give --folder")
    load = os.getloadavg()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the file is also deleted if the run is killed
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        records = measure(arguments, Path(folder))
    show(records)
    settings = {"videos": arguments.videos, "frames": FRAMES, "feature_size": SIZE, "threads": arguments.threads}
    settings |= {"clusters": CLUSTERS, "pca": PCA, "bits": BITS, "training_steps": arguments.training_steps}
    facts = provenance(settings=settings, load_before=load)
    write_json(arguments.output, {"records": records, "provenance": facts})


if __name__ == "__main__":
    main()
