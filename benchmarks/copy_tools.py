"""The tools that near_duplicates.py compares: the workflow's methods and the package videohash, on one corpus."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from altered_clips import ALTERATIONS
from copy_scores import cosine_distances

from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_csv, write_json, write_text
from s5vh.base.provenance import provenance
from s5vh.config import layout
from s5vh.config.load import load_dataset
from s5vh.data.features import open_features, write_features
from s5vh.methods.model_file import read_model
from s5vh.retrieval.codes import read_codes, unpack
from s5vh.training.encoding import open_encoder

ROOT = Path(__file__).parents[1]
BITS = 64
DATASET, CROWD = "copies", "crowd"  # the second has the first one's videos, and others of which there are features
SAME_VIDEO = 1e-5  # largest cosine distance of mean features that the same clip, decoded elsewhere, can have
_BATCH = 20  # videos that a process of videohash gets


@dataclass(frozen=True)
class Corpus:
    """Videos of an archive and copies of some, by name, which is their path in `root`.

    Attributes:
        work: a working directory of the workflow.
        files: paths of the originals in the folder that they come from.
        generated: number of generated clips.
    """

    work: Path
    files: list[str]
    generated: int

    @property
    def root(self) -> Path:
        return self.work / "data" / DATASET

    @property
    def originals(self) -> list[str]:
        return [f"originals/{name}" for name in self.files]

    @property
    def distractors(self) -> list[str]:
        return [f"generated/{seed:04d}.mp4" for seed in range(self.generated)]

    @property
    def archive(self) -> list[str]:
        """Originals, then generated clips."""
        return self.originals + self.distractors

    def copy(self, original: str, alteration: str) -> str:
        """Name of an altered copy."""
        return str(Path(alteration, original.removeprefix("originals/")).with_suffix(".mp4"))

    @property
    def copies(self) -> list[str]:
        return [self.copy(name, key) for key in ALTERATIONS for name in self.originals]


def extract_and_encode(corpus: Corpus, methods: list[str], seeds: list[int], network: str) -> None:
    """Features of all videos, and codes of every method and seed; the archive is both training set and database.

    Raises:
        UserError: a video cannot be read.
    """
    rows = [{"path": name, "split": "train"} for name in corpus.archive]
    rows += [{"path": name, "split": "query"} for name in corpus.copies]
    write_csv(corpus.root / "videos.csv", rows)
    videos = {"manifest": "videos.csv", "network": network}
    _write_settings(DATASET, _own() | {"root": f"data/{DATASET}", "videos": videos})
    _make_codes(DATASET, methods, seeds)
    unread = {*corpus.archive, *corpus.copies} - {*ids(DATASET, "train"), *ids(DATASET, "query")}
    if unread:
        raise UserError(f"{min(unread)}: cannot be read; see {layout.features(DATASET, 'train').parent / 'videos.csv'}")


def encode_in_crowd(corpus: Corpus, files: list[Path], methods: list[str], seeds: list[int]) -> int:
    """Codes in an archive that has the videos of these feature files, too, except originals; their number.

    Raises:
        UserError: the files are missing or do not fit the network.
    """
    means = mean_features()
    originals = np.stack([means[name] for name in corpus.originals])
    known = load_dataset(DATASET)
    others = []
    for file in files:
        with open_features(file, known.frames, known.feature_size) as features:
            videos = np.concatenate([block.astype(np.float32) for block in features.blocks()])
        near = cosine_distances(videos.mean(axis=1, dtype=np.float64), originals).min(axis=1)
        others.append(videos[near > SAME_VIDEO])
    crowd = np.concatenate(others)
    file = Path("data", CROWD, "others.h5")
    write_features(file, [crowd], shape=crowd.shape, ids=crowd_names(len(crowd)), provenance=provenance())
    parts = {
        "train": {"features": [str(layout.features(DATASET, "train")), str(file)]},
        "database": "train",
        "query": {"features": [str(layout.features(DATASET, "query"))]},
    }
    own = {key: value for key, value in _own().items() if key != "videos"}
    shape = {"frames": known.frames, "feature_size": known.feature_size, "classes": 1, "backbone": known.backbone}
    _write_settings(CROWD, own | shape | {"kind": "papers", "root": ".", "parts": parts})
    _make_codes(CROWD, methods, seeds)
    return len(crowd)


def _own() -> dict[str, Any]:
    """Settings of the data set `own`, to be completed."""
    own = yaml.safe_load((ROOT / "config" / "datasets" / "own.yaml").read_text())
    return own | {"title": "Altered copies", "settings_of": "own"}


def _write_settings(dataset: str, settings: dict[str, Any]) -> None:
    write_text(Path("config", "datasets", f"{dataset}.yaml"), yaml.safe_dump(settings, sort_keys=False))


def _make_codes(dataset: str, methods: list[str], seeds: list[int]) -> None:
    run = {"datasets": [dataset], "methods": methods, "bits": [BITS], "seeds": seeds, "efficiency": {"methods": []}}
    run |= {"ablations": {"table2": {"methods": []}}, "convergence": {"methods": []}}
    run |= {"examples": {"method": methods[0], "bits": BITS}}
    write_text(Path("config", "config.yaml"), yaml.safe_dump(run, sort_keys=False))
    wanted = [layout.cell(dataset, method, BITS, seed) / "codes.npz" for method in methods for seed in seeds]
    words = ["--snakefile", ROOT / "Snakefile", "--workflow-profile", ROOT / "profiles/default", *wanted]
    folder = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([str(folder / "snakemake"), *map(str, words)], check=True, env=environment)


def ids(dataset: str, part: str) -> list[str]:
    """Names of the videos of a part, in order; those of the crowd that are not of the corpus are numbered."""
    with open_features(layout.features(dataset, part)) as features:
        own = features.ids
    if dataset == DATASET:
        return own
    known = ids(DATASET, part)
    return known + crowd_names(len(own) - len(known))


def crowd_names(count: int) -> list[str]:
    """Names of the first `count` videos that only the crowd has."""
    return [f"{CROWD}/{number}" for number in range(count)]


def codes_of(dataset: str, method: str, seed: int) -> dict[str, np.ndarray]:
    """Codes int8 [K] in {-1, +1} by name of the video."""
    codes = read_codes(layout.cell(dataset, method, BITS, seed) / "codes.npz")
    parts = (("train", codes.database), ("query", codes.query))
    return {
        name: code
        for part, packed in parts
        for name, code in zip(ids(dataset, part), unpack(packed, codes.bits), strict=True)
    }


def mean_features(dataset: str = DATASET) -> dict[str, np.ndarray]:
    """Mean over frames of the features, float64 [D], by name of the video."""
    found = {}
    for part in ("train", "query"):
        with open_features(layout.features(dataset, part)) as features:
            means = np.concatenate([block.mean(axis=1, dtype=np.float64) for block in features.blocks()])
        found |= dict(zip(ids(dataset, part), means, strict=True))
    return found


class Peer:
    """The package videohash, in processes of another interpreter.

    Attributes:
        version: of the package.
    """

    def __init__(self, python: Path, workers: int):
        self._command, self._workers = [str(python), str(Path(__file__).with_name("videohash_peer.py"))], workers
        question = "from importlib.metadata import version; print(version('videohash'))"
        self.version = subprocess.run([str(python), "-c", question], check=True, capture_output=True, text=True)
        self.version = self.version.stdout.strip()

    def answers(self, paths: Iterable[Path]) -> Iterable[dict[str, Any]]:
        """What videohash_peer.py says to each path, one after the other.

        Raises:
            UserError: it has ended.
        """
        with subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            for path in paths:
                process.stdin.write(f"{path}\n")
                process.stdin.flush()
                answer = process.stdout.readline()
                if not answer:
                    raise UserError(f"{' '.join(self._command)}: has ended; see its message")
                yield json.loads(answer)
            process.stdin.close()

    def codes(self, corpus: Corpus) -> tuple[dict[str, np.ndarray], int]:
        """Codes [64] of -1 and +1 by name, and how many videos have none: zeros, half of all bits from any code."""
        file = corpus.work / "videohash.json"
        known = read_json(file) if file.exists() else {}
        names = [*corpus.archive, *corpus.copies]

        def hashed(some: list[str]) -> dict[str, list[int] | None]:
            answers = self.answers(corpus.root / name for name in some)
            return {name: answer.get("bits") for name, answer in zip(some, answers, strict=True)}

        missing = [name for name in names if name not in known]
        with ThreadPoolExecutor(self._workers) as pool:
            for part in pool.map(hashed, (missing[at : at + _BATCH] for at in range(0, len(missing), _BATCH))):
                known |= part
                write_json(file, known)  # so that a run that was cut continues here
        failed = sum(known[name] is None for name in names)
        return {name: 2 * np.array(known[name] or [0.5] * BITS) - 1 for name in names}, failed


def measure_times(
    corpus: Corpus, methods: list[str], seed: int, peer: Peer | None, count: int
) -> dict[str, dict[str, list[float]]]:
    """Quartiles of the seconds and processor seconds that each tool takes for one of `count` originals."""
    from s5vh.data.videos.extract import open_extractor

    extractor = open_extractor(load_dataset(DATASET))
    encoders = [
        (method, read_model(layout.cell(DATASET, method, BITS, seed) / "model.safetensors")) for method in methods
    ]
    chosen = [corpus.root / name for name in corpus.originals[:: max(1, len(corpus.originals) // count)]][:count]
    hashes = iter(peer.answers(chosen)) if peer else None
    taken: dict[str, list[np.ndarray]] = {}
    for path in chosen:
        features, shared = _timed(lambda path=path: extractor.video(path))
        taken.setdefault("cosine", []).append(shared)
        for method, model in encoders:
            with open_encoder(model) as (encode, _):
                encode(features[None])  # compiles and loads what only the first video needs
                _, own = _timed(lambda encode=encode, features=features: encode(features[None]))
            taken.setdefault(method, []).append(shared + own)
        if hashes:
            answer = next(hashes)
            taken.setdefault("videohash", []).append(np.array([answer["seconds"], answer["processor_seconds"]]))
    quartiles = {name: np.percentile(values, (25, 50, 75), axis=0).T.tolist() for name, values in taken.items()}
    return {name: {"seconds": clock, "processor_seconds": cores} for name, (clock, cores) in quartiles.items()}


def _timed(action: Callable[[], Any]) -> tuple[Any, np.ndarray]:
    """Result of an action, and its seconds of the clock and of processors, float64 [2]."""
    before = np.array([time.perf_counter(), time.process_time()])
    result = action()
    return result, np.array([time.perf_counter(), time.process_time()]) - before
