"""Indexes on disk: faiss's format, adding, being killed, damaged files, other models."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import tracemalloc
from itertools import pairwise
from pathlib import Path

import faiss
import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_files import Corpus, codes_of, features, model, save

from s5vh.errors import UserError
from s5vh.retrieval.codes import pack
from s5vh.search import index as index_module
from s5vh.search.build import build_index
from s5vh.search.catalog import Video, catalog_path
from s5vh.search.index import Index, IndexWriter, create_index
from s5vh.search.index_file import CODES_START, Header, create_codes, map_codes, publish, read_header
from s5vh.search.nearest import nearest

MODEL = {"model": {}, "extraction": None, "provenance": {}}


@pytest.fixture
def corpus(tmp_path):
    return Corpus(tmp_path)


def fails(message: str):
    return pytest.raises(UserError, match=f"^{re.escape(message)}$")


def random_codes(videos: int, bits: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (videos, bits))


def written(path: Path, codes: np.ndarray, start: int = 0) -> list[Video]:
    """Add codes int8 [n, K] under made-up names."""
    videos = [Video(f"v{start + number}", "/videos.h5", start + number) for number in range(len(codes))]
    with IndexWriter(path) as index:
        index.add(pack(codes), videos)
    return videos


@pytest.mark.parametrize("bits", [8, 16, 20, 64, 1, 63])
def test_faiss_opens_what_we_write_and_writes_the_same_bytes(tmp_path, bits):
    path, codes = tmp_path / "videos.index", random_codes(9, bits)
    create_index(path, bits, MODEL)
    written(path, codes[:4])
    written(path, codes[4:], start=4)
    opened = faiss.read_index_binary(str(path))
    assert (opened.ntotal, opened.d) == (9, -(-bits // 8) * 8)
    distances, _ = opened.search(pack(codes[:3]), 9)
    expected = np.sort((codes[:3, None] != codes[None]).sum(axis=2), axis=1)
    assert (distances == expected).all()
    theirs = faiss.IndexBinaryFlat(opened.d)
    theirs.add(pack(codes))
    faiss.write_index_binary(theirs, str(tmp_path / "theirs"))
    assert (tmp_path / "theirs").read_bytes() == path.read_bytes()


def test_we_open_what_faiss_writes_but_search_only_what_we_know(tmp_path):
    path, codes = tmp_path / "theirs.index", pack(random_codes(5, 24))
    theirs = faiss.IndexBinaryFlat(24)
    theirs.add(codes)
    faiss.write_index_binary(theirs, str(path))
    header = read_header(path)
    assert header == Header(5, 3) and (map_codes(path, header) == codes).all()
    told = (
        f"{path}.sqlite: no such file; without it nothing says which videos the codes belong to: "
        "put it back beside its index, or build the index again"
    )
    with fails(told):
        Index(path)
    other = tmp_path / "other.index"
    faiss.write_index_binary(faiss.IndexBinaryIDMap(faiss.IndexBinaryFlat(24)), str(other))
    with fails(f"{other}: a faiss index of kind IBMp; only binary flat ones (IBxF) can be searched here"):
        Index(other)


def test_an_empty_index_is_one(tmp_path):
    path = tmp_path / "videos.index"
    create_index(path, 12, MODEL)
    assert faiss.read_index_binary(str(path)).ntotal == 0
    with Index(path) as index:
        assert len(index) == 0 and index.codes.shape == (0, 2)


@settings(max_examples=8, deadline=None)
@given(cuts=st.sets(st.integers(1, 29), max_size=4))
def test_adding_piece_by_piece_is_building_at_once(tmp_path_factory, cuts):
    folder = tmp_path_factory.mktemp("pieces")
    corpus = Corpus(folder)
    bounds = [0, *sorted(cuts), 30]
    for number, (first, last) in enumerate(pairwise(bounds)):
        piece = save(folder / f"piece{number}.h5", corpus.feats[first:last], corpus.ids[first:last])
        before = corpus.index.read_bytes()[CODES_START:] if number else b""
        corpus.build(piece)
        assert corpus.index.read_bytes()[CODES_START:].startswith(before)
    with Index(corpus.index) as index:
        assert (index.codes == pack(codes_of(corpus.feats))).all()
        videos = index.videos(range(30))
        assert [videos[position].id for position in range(30)] == corpus.ids
        assert [index.position(name) for name in corpus.ids] == list(range(30))
        assert videos[bounds[-2]].source == str(folder / f"piece{len(bounds) - 2}.h5") and videos[bounds[-2]].row == 0
    pieces = corpus.index.read_bytes()
    for path in (corpus.index, catalog_path(corpus.index)):
        path.unlink()
    corpus.build()
    assert corpus.index.read_bytes() == pieces


def test_many_blocks_give_what_one_gives(corpus, monkeypatch):
    corpus.build()
    at_once = corpus.index.read_bytes()
    monkeypatch.setattr("s5vh.search.sources._BATCH", 7)
    monkeypatch.setattr("s5vh.search.sources.block_size", lambda feats: 7)
    other = corpus.folder / "other.index"
    build_index(other, [corpus.videos], model_file=corpus.model, say=lambda text: None)
    assert other.read_bytes() == at_once
    with sqlite3.connect(catalog_path(other)) as database:
        assert database.execute("SELECT videos FROM blocks").fetchall() == [(7,), (7,), (7,), (7,), (2,)]


def test_videos_that_are_in_it_stay_as_they_are(corpus):
    assert corpus.build() == [f"{corpus.index}: 30 videos added, 30 in all (lsh_mean on demo, 20 bits, seed 1)"]
    before = corpus.index.read_bytes()
    assert corpus.build(model_file=None) == [
        f"{corpus.index}: 30 videos were in it already and stay as they are",
        f"{corpus.index}: 0 videos added, 30 in all (lsh_mean on demo, 20 bits, seed 1)",
    ]
    assert corpus.index.read_bytes() == before
    more = save(corpus.folder / "more.h5", features(3, seed=7), ["new", "clip07", "clip08"])
    assert corpus.build(more)[0] == (
        f"{corpus.index}: 2 videos left out, because their ids are taken by videos of other files (first: 'clip07' of "
        f"{more}, taken by {corpus.videos}); if they are other videos, give them ids with --prefix"
    )
    assert corpus.build(more, prefix="more/")[0].startswith(f"{corpus.index}: 3 videos added, 34 in all")
    with Index(corpus.index) as index:
        assert index.videos([30, 33])[30].id == "new" and index.videos([33])[33].id == "more/clip08"


def test_files_without_ids_get_them_from_their_names(corpus):
    bare = save(corpus.folder / "bare.h5", features(2))
    corpus.build(bare)
    with Index(corpus.index) as index:
        assert [video.id for video in index.videos([0, 1]).values()] == ["bare.h5#0", "bare.h5#1"]


def test_the_same_id_twice_in_one_file(corpus, monkeypatch):
    twice = save(corpus.folder / "twice.h5", features(5), ["a", "b", "c", "d", "b"])
    told = f"{twice}: rows 1 and 4 have the same id, 'b'; give each video its own"
    with fails(told):
        corpus.build(twice)
    monkeypatch.setattr("s5vh.search.sources._BATCH", 3)
    monkeypatch.setattr("s5vh.search.sources.block_size", lambda feats: 3)
    with fails(told):  # also when it is in another block
        corpus.build(twice)


def test_nothing_is_made_of_wrong_input(corpus):
    wide = save(corpus.folder / "wide.h5", np.ones((2, 3, 9), np.float32))
    empty = save(corpus.folder / "empty.h5", np.ones((0, 3, 8), np.float32))
    for source, message in (
        (wide, f"{wide}: 9 values a frame, but the model (lsh_mean on demo, 20 bits, seed 1) was trained on 8; "
               "give features of the kind that it was trained on"),
        (empty, f"{empty}: 'feats' has shape (0, 3, 8), expected [videos, frames, values of a frame]"),
        (corpus.folder / "no.h5", f"{corpus.folder}/no.h5: no such file"),
    ):  # fmt: skip
        with fails(message):
            corpus.build(corpus.videos, source)
    with fails(f"{corpus.index}: no such index yet; name the model that is to make it with --model"):
        corpus.build(model_file=None)
    assert not list(corpus.folder.glob("videos.index*")) and not list(corpus.folder.glob(".*"))


def test_features_that_are_not_numbers_are_named(corpus):
    feats = features(4)
    feats[2, 1, 1] = np.nan
    bad = save(corpus.folder / "bad.h5", feats)
    with fails(f"{bad}: video 2 has NaN; extract its features again or leave it out"):
        corpus.build(bad)
    with Index(corpus.index) as index:  # whole, and as empty as before
        assert len(index) == 0


def test_other_numbers_of_frames_are_said(corpus):
    long = save(corpus.folder / "long.h5", np.ones((2, 5, 8), np.float32))
    assert corpus.build(long)[0] == f"{long}: note: 5 frames a video; the model was trained on 3"


def test_another_model_is_refused(corpus):
    corpus.build()
    before = corpus.index.read_bytes()
    other = model(corpus.folder / "other.safetensors", seed=2)
    with pytest.raises(UserError) as error:
        corpus.build(model_file=other)
    assert re.fullmatch(
        f"{other}: not the model that made {corpus.index}, lsh_mean on demo, 20 bits, seed 1 "
        r"\(SHA-256 \w{12}, here \w{12}\); its codes cannot be compared: use that model, or build another index",
        str(error.value),
    )
    corpus.model.rename(corpus.folder / "moved.safetensors")
    with fails(f"{corpus.model}: no such model; name the one that made {corpus.index} with --model"):
        corpus.build(model_file=None)
    corpus.build(model_file=corpus.folder / "moved.safetensors")
    assert corpus.index.read_bytes() == before


STAGES = ("write_behind", "add_rows", "publish")
KILLED = """
import os, signal, sys
from pathlib import Path
import numpy as np
from s5vh.search import catalog, index
stage, when, path = sys.argv[1], sys.argv[2], Path(sys.argv[3])
place = catalog.Catalog if stage == "add_rows" else index
name = "add" if stage == "add_rows" else stage
done = getattr(place, name)
def killed(*arguments):
    if when == "after":
        done(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(place, name, killed)
with index.IndexWriter(path) as writer:
    writer.add(np.full((3, 3), 128, np.uint8), [catalog.Video(f"n{i}", "/new.h5", i) for i in range(3)])
"""


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_adding(tmp_path, stage, when):
    path, codes = tmp_path / "videos.index", random_codes(6, 20)
    create_index(path, 20, MODEL)
    written(path, codes)
    words = [sys.executable, "-c", textwrap.dedent(KILLED), stage, when, str(path)]
    assert subprocess.run(words, env=os.environ).returncode == -signal.SIGKILL
    videos = 9 if (stage, when) == ("publish", "after") else 6
    assert faiss.read_index_binary(str(path)).ntotal == videos
    with Index(path) as index:
        assert len(index) == videos and (index.codes[:6] == pack(codes)).all()
        assert (index.position("n0") is None) == (videos == 6)
    if videos == 6:
        # The next addition removes what was left behind, also where it is longer.
        written(path, random_codes(1, 20, seed=3), start=6)
        assert path.stat().st_size == CODES_START + 7 * 3
        with Index(path) as index:
            assert len(index) == 7 and index.position("v6") == 6 and index.position("n0") is None
        assert faiss.read_index_binary(str(path)).ntotal == 7


def test_every_length_of_a_broken_off_addition_is_the_old_index(tmp_path):
    path, codes = tmp_path / "videos.index", random_codes(4, 20)
    create_index(path, 20, MODEL)
    written(path, codes)
    old = path.read_bytes()
    for extra in range(8):
        path.write_bytes(old + bytes(range(extra)))
        with Index(path) as index:
            assert (index.codes == pack(codes)).all()
        assert faiss.read_index_binary(str(path)).ntotal == 4


def test_every_truncation_is_told(tmp_path):
    path = tmp_path / "videos.index"
    create_index(path, 20, MODEL)
    written(path, random_codes(4, 20))
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        if size < 4:
            message = f"{path}: not an index of codes; build one with `s5vh index`"
        elif size < CODES_START:
            message = f"{path}: the file is truncated; build the index again"
        else:
            left = (size - CODES_START) // 3
            message = f"{path}: the file is truncated, {left} of 4 codes are left; build the index again"
        for opened in (Index, IndexWriter):
            with fails(message):
                opened(path)
        assert path.read_bytes() == whole[:size]


def test_a_killed_start_is_started_again(corpus, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(index_module, "create_codes", killed)
        corpus.build()
    assert catalog_path(corpus.index).exists() and not corpus.index.exists()
    assert corpus.build()[-1].startswith(f"{corpus.index}: 30 videos added, 30 in all")


def test_damaged_and_exchanged_files(corpus):
    path = corpus.index
    beside = catalog_path(path)
    corpus.build()
    codes, catalog = path.read_bytes(), beside.read_bytes()

    def refused(message: str) -> None:
        for opened in (Index, IndexWriter):
            with fails(message):
                opened(path)
        path.write_bytes(codes)
        beside.write_bytes(catalog)

    remedy = "videos.index.sqlite belongs to another index, or one of both files is damaged; build the index again"
    path.write_bytes(codes[:50] + bytes([codes[50] ^ 1]) + codes[51:])
    refused(f"{path}: the codes from 0 on are not those that were written; {remedy}")
    path.write_bytes(Header(31, 3).to_bytes() + codes[CODES_START:] + b"abc")
    refused(f"{path}: 31 codes, but videos.index.sqlite does not know all of their videos; {remedy}")
    create_codes(path, 8)
    refused(
        f"{path}: codes of 64 bits, but videos.index.sqlite is of 20 bits and so belongs to another index; "
        "put back the right one, or build the index again"
    )
    path.write_bytes(codes[:12] + b"\xff" + codes[13:])
    refused(f"{path}: the header is damaged; build the index again")
    path.write_bytes(b"some text, long enough to be an index of something")
    refused(f"{path}: not an index of codes; build one with `s5vh index`")
    beside.write_bytes(b"not a database, though long enough to be looked at as one " * 3)
    refused(f"{beside}: cannot be read (file is not a database); build the index again")
    beside.write_bytes(b"")
    refused(f"{beside}: not the catalog of an index; put back the one that `s5vh index` wrote")
    with sqlite3.connect(beside) as database:
        database.execute("UPDATE facts SET value = '7' WHERE name = 'format'")
    refused(
        f"{beside}: format 7 is not known to this version of s5vh, which reads 1; update it, or build the index again"
    )
    path.unlink()
    with fails(f"{beside}: belongs to an index that is gone; put videos.index back, or delete this file to build a "
               "new one"):  # fmt: skip
        corpus.build()
    assert not path.exists() and beside.read_bytes() == catalog
    with fails(f"{path}: no such index; build it with `s5vh index`"):
        Index(path)


def test_a_model_as_output_is_not_overwritten(corpus):
    before = corpus.model.read_bytes()
    with fails(f"{corpus.model}: not an index of codes; build one with `s5vh index`"):
        build_index(corpus.model, [corpus.videos], model_file=corpus.model)
    assert corpus.model.read_bytes() == before


def test_one_process_adds_at_a_time_and_others_read(corpus):
    corpus.build()
    with IndexWriter(corpus.index), Index(corpus.index) as index:
        assert len(index) == 30
        with fails(f"{corpus.index}: another process is adding to it; try again when it is done"):
            IndexWriter(corpus.index)


def test_a_full_disk_leaves_the_index_as_it_was(corpus, monkeypatch):
    corpus.build()
    before = corpus.index.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    more = save(corpus.folder / "more.h5", features(3))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with fails(f"{corpus.index}: the disk is full; free some space and run the same command again"):
            corpus.build(more)
    with Index(corpus.index) as index:
        assert len(index) == 30 and index.position("more.h5#0") is None
    assert faiss.read_index_binary(str(corpus.index)).ntotal == 30
    corpus.build(more)
    assert corpus.index.read_bytes()[CODES_START:].startswith(before[CODES_START:])
    with Index(corpus.index) as index:
        assert len(index) == 33


def test_a_reader_keeps_what_it_saw(corpus):
    corpus.build()
    with Index(corpus.index) as index:
        corpus.build(save(corpus.folder / "more.h5", features(3)))
        assert len(index) == 30 and index.position("more.h5#0") is None
        assert (index.codes == pack(codes_of(corpus.feats))).all()


def test_an_index_can_be_copied_away(corpus, tmp_path_factory):
    corpus.build()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for path in (corpus.index, catalog_path(corpus.index)):
        shutil.copy(path, elsewhere)
    with Index(elsewhere / "videos.index") as index:
        assert index.position("clip03") == 3 and index.facts["provenance"]["s5vh"]


def test_ten_million_codes_are_never_in_memory_together(tmp_path):
    """A sparse file of 80 MB of codes, all zeros but one."""
    path, header = tmp_path / "large.index", Header(10_000_000, 8)
    create_codes(path, 8)
    with path.open("r+b", buffering=0) as file:
        file.truncate(header.end)
        publish(file, path, header)
        file.seek(CODES_START + 8 * 7_654_321)
        file.write(b"\xff" * 8)
    codes = map_codes(path, read_header(path))
    nearest(codes[:1], codes[:10], 64, 1)  # compiled before memory is watched
    tracemalloc.start()
    positions, distances = nearest(np.full((1, 8), 255, np.uint8), codes, 64, 3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert positions.tolist() == [[7_654_321, 0, 1]] and distances.tolist() == [[0, 64, 64]]
    assert peak < 50e6


def test_ids_of_another_number_than_videos(corpus):
    with h5py.File(corpus.videos, "a") as file:
        del file["ids"]
        file.create_dataset("ids", data=["a"], dtype=h5py.string_dtype("utf-8"))
    with fails(f"{corpus.videos}: 1 ids for 30 videos"):
        corpus.build()
