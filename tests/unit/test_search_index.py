"""Indexes on disk: faiss's format, adding, wrong input, other models."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tracemalloc
from itertools import pairwise

import faiss
import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_files import MODEL, Corpus, codes_of, fails, features, model, random_codes, save, written

from s5vh.base.errors import UserError
from s5vh.retrieval.codes import pack
from s5vh.search.build import build_index
from s5vh.search.catalog import catalog_path
from s5vh.search.index import Index, create_index
from s5vh.search.index_file import CODES_START, Header, create_codes, map_codes, publish, read_header
from s5vh.search.index_writer import IndexWriter
from s5vh.search.nearest import nearest


@pytest.fixture
def corpus(tmp_path):
    return Corpus(tmp_path)


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
        f"{path}.sqlite: no such file, so it is unknown which videos the codes belong to; restore it from a copy, or "
        "build a new index with another --output"
    )
    with fails(told):
        Index(path)
    other = tmp_path / "other.index"
    faiss.write_index_binary(faiss.IndexBinaryIDMap(faiss.IndexBinaryFlat(24)), str(other))
    with fails(f"{other}: a faiss index of type IBMp; only flat binary indexes (IBxF) are supported"):
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
    monkeypatch.setattr("s5vh.search.feature_rows._BATCH", 7)
    monkeypatch.setattr("s5vh.search.feature_rows.block_size", lambda feats: 7)
    other = corpus.folder / "other.index"
    build_index(other, [corpus.videos], model_file=corpus.model, report=lambda text: None)
    assert other.read_bytes() == at_once
    with sqlite3.connect(catalog_path(other)) as database:
        assert database.execute("SELECT videos FROM blocks").fetchall() == [(7,), (7,), (7,), (7,), (2,)]


def test_videos_that_are_in_it_stay_as_they_are(corpus):
    assert corpus.build() == [f"{corpus.index}: 30 videos added, 30 in total (lsh_mean on demo, 20 bits, seed 1)"]
    before = corpus.index.read_bytes()
    assert corpus.build(model_file=None) == [
        f"{corpus.index}: 30 videos already indexed and unchanged",
        f"{corpus.index}: 0 videos added, 30 in total (lsh_mean on demo, 20 bits, seed 1)",
    ]
    assert corpus.index.read_bytes() == before
    more = save(corpus.folder / "more.h5", features(3, seed=7), ["new", "clip07", "clip08"])
    with fails(
        f"{corpus.index}: 2 of 3 input videos could not be added, because their ids belong to other videos (first: "
        f"'clip07' in {more} and in {corpus.videos}); if they are different videos, use --prefix to make their ids "
        "unique; to index these instead, remove the others with --remove-id"
    ):
        corpus.build(more)
    assert corpus.build(more, prefix="more/")[0].startswith(f"{corpus.index}: 3 videos added, 34 in total")
    with Index(corpus.index) as index:
        assert index.videos([30, 33])[30].id == "new" and index.videos([33])[33].id == "more/clip08"


def test_files_without_ids_get_them_from_their_names(corpus):
    bare = save(corpus.folder / "bare.h5", features(2))
    corpus.build(bare)
    with Index(corpus.index) as index:
        assert [video.id for video in index.videos([0, 1]).values()] == ["bare.h5#0", "bare.h5#1"]


def test_the_same_id_twice_in_one_file(corpus, monkeypatch):
    twice = save(corpus.folder / "twice.h5", features(5), ["a", "b", "c", "d", "b"])
    told = f"{twice}: rows 1 and 4 have the same id, 'b'; make ids unique"
    with fails(told):
        corpus.build(twice)
    monkeypatch.setattr("s5vh.search.feature_rows._BATCH", 3)
    monkeypatch.setattr("s5vh.search.feature_rows.block_size", lambda feats: 3)
    with fails(told):  # also when it is in another block
        corpus.build(twice)


def test_nothing_is_made_of_wrong_input(corpus):
    wide = save(corpus.folder / "wide.h5", np.ones((2, 3, 9), np.float32))
    empty = save(corpus.folder / "empty.h5", np.ones((0, 3, 8), np.float32))
    for source, message in (
        (wide, f"{wide}: features have dimension 9, but the model (lsh_mean on demo, 20 bits, seed 1) was "
               "trained with 8; provide features of the same kind"),
        (empty, f"{empty}: 'feats' has shape (0, 3, 8), expected [videos, frames, feature dimension]"),
        (corpus.folder / "no.h5", f"{corpus.folder}/no.h5: no such file"),
    ):  # fmt: skip
        with fails(message):
            corpus.build(corpus.videos, source)
    with fails(f"{corpus.index}: the index does not exist yet; use --model to give the model to build it with"):
        corpus.build(model_file=None)
    assert not list(corpus.folder.glob("videos.index*")) and not list(corpus.folder.glob(".*"))


def test_features_that_are_not_numbers_are_named(corpus):
    feats = features(4)
    feats[2, 1, 1] = np.nan
    bad = save(corpus.folder / "bad.h5", feats)
    with fails(f"{bad}: video 2 has NaN; re-extract its features or omit it"):
        corpus.build(bad)
    assert not corpus.index.exists()  # an index that has no videos yet would only tie its name to the model
    corpus.build()
    before = corpus.index.read_bytes()
    with fails(f"{bad}: video 2 has NaN; re-extract its features or omit it"):
        corpus.build(bad)
    assert corpus.index.read_bytes() == before


def test_other_numbers_of_frames_are_said(corpus):
    long = save(corpus.folder / "long.h5", np.ones((2, 5, 8), np.float32))
    assert corpus.build(long)[0] == f"{long}: note: 5 frames per video; the model was trained with 3"


def test_another_model_is_refused(corpus):
    corpus.build()
    before = corpus.index.read_bytes()
    other = model(corpus.folder / "other.safetensors", seed=2)
    with pytest.raises(UserError) as error:
        corpus.build(model_file=other)
    assert re.fullmatch(
        f"{other}: not the model that built {corpus.index}, lsh_mean on demo, 20 bits, seed 1 "
        r"\(SHA-256 \w{12}, expected \w{12}\), so codes are not comparable; use that model, or build a new index",
        str(error.value),
    )
    corpus.model.rename(corpus.folder / "moved.safetensors")
    with fails(f"{corpus.model}: no such model; use --model to give the one that built {corpus.index}"):
        corpus.build(model_file=None)
    corpus.build(model_file=corpus.folder / "moved.safetensors")
    assert corpus.index.read_bytes() == before


def test_one_process_adds_at_a_time_and_others_read(corpus):
    corpus.build()
    with IndexWriter(corpus.index), Index(corpus.index) as index:
        assert len(index) == 30
        with fails(f"{corpus.index}: locked by another process; try again when that has finished"):
            IndexWriter(corpus.index)


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
