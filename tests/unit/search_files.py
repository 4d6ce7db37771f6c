"""A small model, features and indexes for the tests of `s5vh.search`."""

from __future__ import annotations

import base64
import io
import re
import sqlite3
import sys
import types
from html.parser import HTMLParser
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.methods.load import resolve_cell
from s5vh.methods.lsh.hashing import LSH
from s5vh.methods.model_file import StoredModel, save_model
from s5vh.retrieval.codes import pack
from s5vh.search.build import build_index
from s5vh.search.catalog import Video, catalog_path
from s5vh.search.index import Index
from s5vh.search.index_writer import IndexWriter

T, D = 3, 8
MODEL = {"model": {}, "extraction": None, "provenance": {}}


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

    def record(self, bits: int) -> dict:
        """What an index says of its model."""
        return {"path": str(self.model), "sha256": "", "dataset": "demo", "method": "lsh_mean", "bits": bits, "seed": 1,
                "frames": T, "feature_size": D}  # fmt: skip

    def build(self, *sources: Path, **options) -> list[str]:
        """Build or add to the index; what was said."""
        said: list[str] = []
        options = {"model_file": self.model} | options
        build_index(self.index, list(sources) or [self.videos], report=said.append, **options)
        return said

    def build_none(self, **options) -> list[str]:
        """Bring the index up to date without naming sources; what was said."""
        said: list[str] = []
        build_index(self.index, [], report=said.append, **options)
        return said


def fails(message: str):
    return pytest.raises(UserError, match=f"^{re.escape(message)}$")


def run(*words) -> int:
    return main([str(word) for word in words])


def error(capsys, *words) -> str:
    assert run(*words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("s5vh: error: ")
    return line.removeprefix("s5vh: error: ")


def expected(corpus: Corpus, query: np.ndarray, top: int = 10) -> list[tuple[int, str]]:
    order = ranked(query, codes_of(corpus.feats))
    return [(distance, corpus.ids[position]) for distance, position in order[:top]]


class Page(HTMLParser):
    """Tags, addresses and texts of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in ("src", "href")]

    def handle_data(self, data):
        self.texts.append(data.strip())


def picture(address: str) -> np.ndarray:
    """Pixels of an image that is in its address."""
    return np.array(Image.open(io.BytesIO(base64.b64decode(address.split(",")[1]))))


def read_page(path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def random_codes(videos: int, bits: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (videos, bits))


def written(path: Path, codes: np.ndarray, start: int = 0) -> list[Video]:
    """Add codes int8 [n, K] under made-up names."""
    videos = [Video(f"v{start + number}", "/videos.h5", start + number) for number in range(len(codes))]
    with IndexWriter(path) as index:
        index.add(pack(codes), videos)
    return videos


class StandIn:
    """Stands for the extractor of video files: the features are written in the file, as numbers."""

    frames, feature_size, key = 3, 8, "one"

    def __init__(self):
        self.names: list[str] = []

    def read(self, path):
        self.names.append(path.name)
        if "broken" in path.read_text():
            raise UserError(f"{path}: no frame can be decoded")
        number, *notes = path.read_text().split(",")
        return types.SimpleNamespace(frames=[int(number)] * 3, notes=notes)

    def features(self, frames):
        return np.random.default_rng(frames[0]).standard_normal((3, 8)).astype(np.float32)


def stand_in(monkeypatch) -> StandIn:
    """The model's data set is one of video files, and `StandIn` extracts them."""
    made, opened = StandIn(), []

    def open_extractor(config, *, device, threads):
        opened.append(config)
        return made

    def thumbnails(path, count, height=96):
        return [np.full((96, 128, 3), 40 * number, np.uint8) for number in range(count)]

    room = types.ModuleType("s5vh.data.videos")
    frames, extract = types.ModuleType("s5vh.data.videos.frame_folder"), types.ModuleType("s5vh.data.videos.extract")
    frames.video_thumbnails, extract.open_extractor = thumbnails, open_extractor
    for module in (room, frames, extract):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    config = types.SimpleNamespace(kind="videos", model_dump=lambda **_: {"frames": 3})
    monkeypatch.setattr("s5vh.config.load.load_dataset", lambda name: config)
    monkeypatch.setattr(
        "s5vh.config.dataset.DatasetConfig", types.SimpleNamespace(model_validate=lambda settings: settings)
    )
    made.opened = opened
    return made


def clips(folder, **contents):
    for name, text in contents.items():
        path = folder / f"{name}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(text))


def as_format_1(index: Path) -> None:
    """Turn an index into what the first version of s5vh wrote."""
    with sqlite3.connect(catalog_path(index)) as database:
        database.executescript("""
            DROP INDEX sources_by_path; DROP INDEX sources_by_real; DROP INDEX videos_by_source;
            ALTER TABLE sources RENAME TO newer;
            CREATE TABLE sources (number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
            INSERT INTO sources SELECT number, path FROM newer;
            DROP TABLE newer;
            ALTER TABLE videos DROP COLUMN digest;
            DELETE FROM facts WHERE name IN ('rewrites', 'moves');
            UPDATE facts SET value = '1' WHERE name = 'format';
        """)
    database.close()


def contents(path: Path) -> dict[str, bytes]:
    """Code of each video of an index by id."""
    with Index(path) as index:
        videos = index.videos(range(len(index)))
        assert len(videos) == len(index)
        return {videos[position].id: index.codes[position].tobytes() for position in range(len(index))}


def coded(feats: np.ndarray, ids: list[str]) -> dict[str, bytes]:
    """What `contents` should be."""
    return {name: code.tobytes() for name, code in zip(ids, pack(codes_of(feats)), strict=True)} if len(ids) else {}
