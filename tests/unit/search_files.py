"""A small model, features and indexes for the tests of `s5vh.search`."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np

from s5vh.config.load import resolve_cell
from s5vh.methods.lsh import LSH
from s5vh.methods.store import StoredModel, save_model
from s5vh.search.build import build_index

T, D = 3, 8


def features(videos: int, seed: int = 0) -> np.ndarray:
    """float32 [videos, T, D], in few groups, so that many codes are equal and many distances tie."""
    rng = np.random.default_rng(seed)
    groups = np.random.default_rng(99).standard_normal((6, T, D))
    return (groups[rng.integers(6, size=videos)] + 0.5 * rng.standard_normal((videos, T, D))).astype(np.float32)


def save(path: Path, feats: np.ndarray, ids: list[str] | None = None) -> Path:
    with h5py.File(path, "w") as file:
        file["feats"] = feats
        if ids is not None:
            file.create_dataset("ids", data=ids, dtype=h5py.string_dtype("utf-8"))
    return path


def model(path: Path, bits: int = 20, seed: int = 1) -> Path:
    """LSH, fitted: needs no training, and codes any features [N, T, D]."""
    hasher = LSH(bits=bits, seed=seed).fit(features(40, seed=5))
    record = StoredModel(hasher.state(), resolve_cell("demo", "lsh_mean", bits, seed), T, D, None, {})
    save_model(path, record)
    return path


def codes_of(feats: np.ndarray, bits: int = 20, seed: int = 1) -> np.ndarray:
    """int8 [N, bits], what the model at hand makes of features, in one go."""
    return LSH(bits=bits, seed=seed).fit(features(40, seed=5)).encode(feats)


def ranked(query: np.ndarray, database: np.ndarray) -> list[tuple[int, int]]:
    """(distance, position) of all codes int8 [N, K], in order, by the definition."""
    return sorted((int((query != code).sum()), position) for position, code in enumerate(database))


class Corpus:
    """A folder with a model, 30 videos and 4 queries, and an index of the 30."""

    def __init__(self, folder: Path, bits: int = 20):
        self.folder, self.bits = folder, bits
        self.feats, self.queries = features(30, seed=1), features(4, seed=2)
        self.ids = [f"clip{number:02d}" for number in range(30)]
        self.model = model(folder / "model.safetensors", bits)
        self.videos = save(folder / "videos.h5", self.feats, self.ids)
        self.query_file = save(folder / "query.h5", self.queries, [f"q{number}" for number in range(4)])
        self.index = folder / "videos.index"

    def build(self, *sources: Path, **options) -> list[str]:
        """Build or add to the index; what was said."""
        said: list[str] = []
        options = {"model_file": self.model} | options
        build_index(self.index, list(sources) or [self.videos], say=said.append, **options)
        return said
