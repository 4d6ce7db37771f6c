"""Indexes that were killed, truncated, damaged or exchanged, and a full disk."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap

import faiss
import pytest
from search_files import MODEL, Corpus, fails, features, random_codes, save, written

from s5vh.retrieval.codes import pack
from s5vh.search import index as index_module
from s5vh.search.build import build_index
from s5vh.search.catalog import catalog_path
from s5vh.search.index import Index, IndexWriter, create_index
from s5vh.search.index_file import CODES_START, Header, create_codes


@pytest.fixture
def corpus(tmp_path):
    return Corpus(tmp_path)


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
            message = f"{path}: not an index; build one with `s5vh index`"
        elif size < CODES_START:
            message = f"{path}: the file is truncated; build the index again"
        else:
            left = (size - CODES_START) // 3
            message = f"{path}: the file is truncated to {left} of 4 codes; build the index again"
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
    assert corpus.build()[-1].startswith(f"{corpus.index}: 30 videos added, 30 in total")


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

    remedy = "videos.index.sqlite belongs to another index, or one of the files is damaged; build the index again"
    path.write_bytes(codes[:50] + bytes([codes[50] ^ 1]) + codes[51:])
    refused(f"{path}: checksum mismatch from code 0 on; {remedy}")
    path.write_bytes(Header(31, 3).to_bytes() + codes[CODES_START:] + b"abc")
    refused(f"{path}: 31 codes, but videos.index.sqlite does not list all of their videos; {remedy}")
    create_codes(path, 8)
    refused(
        f"{path}: codes have 64 bits, but videos.index.sqlite is for 20 bits and belongs to another index; "
        "restore the right one, or build the index again"
    )
    path.write_bytes(codes[:12] + b"\xff" + codes[13:])
    refused(f"{path}: the header is damaged; build the index again")
    path.write_bytes(b"some text, long enough to be an index of something")
    refused(f"{path}: not an index; build one with `s5vh index`")
    beside.write_bytes(b"not a database, though long enough to be looked at as one " * 3)
    refused(f"{beside}: cannot be read (file is not a database); build the index again")
    beside.write_bytes(b"")
    refused(f"{beside}: not the catalog of an index; restore the one written by `s5vh index`")
    with sqlite3.connect(beside) as database:
        database.execute("UPDATE facts SET value = '7' WHERE name = 'format'")
    refused(
        f"{beside}: format 7 is not supported by this version of s5vh, which reads format 1; update s5vh, or "
        "build the index again"
    )
    path.unlink()
    with fails(f"{beside}: belongs to an index that no longer exists; restore videos.index, or delete this file "
               "to build a new index"):  # fmt: skip
        corpus.build()
    assert not path.exists() and beside.read_bytes() == catalog
    with fails(f"{path}: no such index; build it with `s5vh index`"):
        Index(path)


def test_a_model_as_output_is_not_overwritten(corpus):
    before = corpus.model.read_bytes()
    with fails(f"{corpus.model}: not an index; build one with `s5vh index`"):
        build_index(corpus.model, [corpus.videos], model_file=corpus.model)
    assert corpus.model.read_bytes() == before


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
