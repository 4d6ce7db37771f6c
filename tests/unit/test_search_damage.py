"""Indexes that were killed, truncated, damaged or exchanged, and a full disk."""

from __future__ import annotations

import os
import signal
import sqlite3
import zlib

import faiss
import numpy as np
import pytest
from search_files import MODEL, Corpus, contents, fails, features, random_codes, save, written

from s5vh.base.errors import UserError
from s5vh.retrieval.codes import pack
from s5vh.search import index as index_module
from s5vh.search import index_writer
from s5vh.search.build import build_index
from s5vh.search.catalog import Record, Video, catalog_path
from s5vh.search.catalog_writer import CatalogWriter
from s5vh.search.index import Index, create_index
from s5vh.search.index_file import CODES_START, REMEDY, Header, create_codes
from s5vh.search.index_writer import IndexWriter
from s5vh.search.query import Search


@pytest.fixture
def corpus(tmp_path):
    return Corpus(tmp_path)


STAGES = ("write_behind", "add_rows", "publish")


def add_killed(path, stage: str, when: str) -> int:
    """Add three videos in another process that is killed before or after a stage; how it ended."""
    if process := os.fork():
        return -os.waitpid(process, 0)[1]
    try:
        place, name = (CatalogWriter, "add") if stage == "add_rows" else (index_writer, stage)
        kill_at(place, name, when)
        with IndexWriter(path) as writer:
            writer.add(np.full((3, 3), 128, np.uint8), [Video(f"n{i}", "/new.h5", i) for i in range(3)])
    finally:
        os._exit(1)


def kill_at(place, name: str, when: str) -> None:
    """Let this process kill itself before or after what `place.name` does."""
    done = getattr(place, name)

    def killed(*arguments):
        if when == "after":
            done(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, killed)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_adding(tmp_path, stage, when):
    path, codes = tmp_path / "videos.index", random_codes(6, 20)
    create_index(path, 20, MODEL)
    written(path, codes)
    assert add_killed(path, stage, when) == -signal.SIGKILL
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


def rewrite_killed(path, stage: str, when: str, change: str) -> int:
    """Change an index in another process that is killed before or after a stage; how it ended."""
    if process := os.fork():
        return -os.waitpid(process, 0)[1]
    try:
        kill_at(CatalogWriter if stage == "rewrite" else index_writer, stage, when)
        with IndexWriter(path) as writer:
            if change == "replace":
                videos, records = [Video(f"v{row}", "/new.h5", row) for row in (1, 5)], [Record("/new.h5")] * 2
                writer.replace([1, 5], np.full((2, 3), 128, np.uint8), videos, records)
            else:
                writer.remove([0, 4] if change == "remove" else range(6))
    finally:
        os._exit(1)


@pytest.mark.parametrize("stage", ["write_codes", "rewrite", "rename_over"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("change", ["replace", "remove", "remove all"])
def test_killed_while_replacing_or_removing(tmp_path, stage, when, change):
    path, codes = tmp_path / "videos.index", pack(random_codes(6, 20))
    create_index(path, 20, MODEL)
    written(path, random_codes(6, 20))
    assert rewrite_killed(path, stage, when, change) == -signal.SIGKILL
    expected = {f"v{row}": code.tobytes() for row, code in enumerate(codes)}
    if (stage, when) == ("rewrite", "after") or stage == "rename_over":  # the transaction is complete
        if change == "replace":
            expected |= {name: b"\x80\x80\x80" for name in ("v1", "v5")}
        else:
            gone = ("v0", "v4") if change == "remove" else list(expected)
            expected = {name: code for name, code in expected.items() if name not in gone}
    assert contents(path) == expected
    with IndexWriter(path):
        pass
    assert contents(path) == expected and faiss.read_index_binary(str(path)).ntotal == len(expected)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["videos.index", "videos.index.sqlite"]


def test_a_full_disk_while_replacing_leaves_nothing(tmp_path, monkeypatch):
    path = tmp_path / "videos.index"
    create_index(path, 20, MODEL)
    written(path, random_codes(6, 20))
    before = contents(path)

    def full(_):
        raise OSError(28, "No space left on device")

    with IndexWriter(path) as writer, monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserError, match=r"the disk is full; free some space and run the same command again$"):
            writer.remove([2])
    assert contents(path) == before and len(list(tmp_path.iterdir())) == 2


def test_a_reader_is_told_when_videos_have_moved_up(tmp_path):
    path = tmp_path / "videos.index"
    create_index(path, 20, MODEL)
    videos = written(path, random_codes(6, 20))
    with Index(path) as index, IndexWriter(path) as writer:
        writer.replace([0], pack(random_codes(1, 20, seed=1)), videos[:1], [Record("/videos.h5")])
        assert index.videos([5])[5].id == "v5" and (index.codes == pack(random_codes(6, 20))).all()
        writer.remove([0])
        told = f"{path}.sqlite: changed by another process in the meantime; run the command again"
        for question in (lambda: index.videos([4]), lambda: index.position("v4")):
            with fails(told):
                question()
        with fails(f"{path}: locked by another process; try again when that has finished"):
            IndexWriter(path)
        assert writer.known(["v5"]) == {"v5": 4}


def test_a_video_that_is_missing_from_the_catalog(corpus):
    corpus.build()
    with sqlite3.connect(catalog_path(corpus.index)) as database:
        database.execute("DELETE FROM videos WHERE position = 3")
    with Index(corpus.index) as index, fails(
        f"{corpus.index}.sqlite: damaged (no video at position 3); {REMEDY}"
    ):  # fmt: skip
        list(Search(index, ["clip07"]).results(30))


def test_facts_that_are_missing_from_the_catalog(corpus):
    corpus.build()
    with sqlite3.connect(catalog_path(corpus.index)) as database:
        database.execute("DELETE FROM facts WHERE name = 'bits'")
    with fails(f"{corpus.index}.sqlite: damaged (bits missing); {REMEDY}"):
        Index(corpus.index)


def test_a_catalog_that_is_locked(corpus, monkeypatch):
    corpus.build()
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **options: connect(path, **(options | {"timeout": 0})))
    other = connect(catalog_path(corpus.index), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with fails(f"{corpus.index}.sqlite: locked by another process; try again when that has finished"):
        Index(corpus.index)
    other.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("suffix", ["", ".sqlite"])
def test_files_that_may_not_be_read(corpus, suffix):
    corpus.build()
    path = corpus.index.with_name(corpus.index.name + suffix)
    path.chmod(0)
    reason = "cannot be opened; check the permissions of the file and its folder"
    with fails(f"{path}: {reason if suffix else 'cannot be read (Permission denied)'}"):
        Index(corpus.index)


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
            message = f"{path}: the file is truncated; {REMEDY}"
        else:
            left = (size - CODES_START) // 3
            message = f"{path}: the file is truncated to {left} of 4 codes; {REMEDY}"
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

    remedy = (
        "videos.index.sqlite belongs to another index, or one of the files is damaged; restore both from a copy, or "
        "build a new index with another --output"
    )
    path.write_bytes(codes[:50] + bytes([codes[50] ^ 1]) + codes[51:])
    refused(f"{path}: checksum mismatch from code 0 on; {remedy}")
    path.write_bytes(Header(31, 3).to_bytes() + codes[CODES_START:] + b"abc")
    refused(f"{path}: 31 codes, but videos.index.sqlite does not list all of their videos; {remedy}")
    create_codes(path, 8)
    refused(
        f"{path}: codes have 64 bits, but videos.index.sqlite is for 20 bits and belongs to another index; "
        "restore the right one, or build a new index with another --output"
    )
    path.write_bytes(codes[:12] + b"\xff" + codes[13:])
    refused(f"{path}: the header is damaged; {REMEDY}")
    path.write_bytes(b"some text, long enough to be an index of something")
    refused(f"{path}: not an index; build one with `s5vh index`")
    beside.write_bytes(b"not a database, though long enough to be looked at as one " * 3)
    refused(f"{beside}: cannot be read (file is not a database); {REMEDY}")
    beside.write_bytes(b"")
    refused(f"{beside}: not the catalog of an index; restore the one written by `s5vh index`")
    with sqlite3.connect(beside) as database:
        database.execute("UPDATE facts SET value = '7' WHERE name = 'format'")
    refused(
        f"{beside}: format 7 is not supported by this version of s5vh, which reads formats up to 3; update "
        "s5vh, or build a new index with another --output"
    )
    path.unlink()
    with fails(f"{beside}: belongs to an index whose codes are missing; restore videos.index, or build the new index "
               "with another --output"):  # fmt: skip
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


@pytest.mark.parametrize(("name", "value"), [("bits", '"20"'), ("model", "{}"), ("model", "[]")])
def test_facts_of_another_kind(corpus, name, value):
    corpus.build()
    path = catalog_path(corpus.index)
    database = sqlite3.connect(path)
    with database:
        database.execute("UPDATE facts SET value = ? WHERE name = ?", [value, name])
    database.close()
    with fails(f"{path}: damaged (wrong {name}); {REMEDY}"), Index(corpus.index) as index:
        Search(index, ["clip00"])


def test_checksums_of_a_large_index_are_compared_when_its_file_has_changed(corpus, monkeypatch):
    for module in (index_module, index_writer):
        monkeypatch.setattr(module, "ALWAYS_CHECKED", 10)
    compared = []
    monkeypatch.setattr(
        "s5vh.search.catalog.zlib.crc32", lambda codes, real=zlib.crc32: compared.append(1) or real(codes)
    )
    corpus.build()
    compared.clear()
    with Index(corpus.index) as index:
        assert len(index) == 30 and not compared
    copied = corpus.index.read_bytes()
    corpus.index.write_bytes(copied)
    with Index(corpus.index):
        assert compared
    corpus.index.write_bytes(copied[:-1] + b"\xf0")
    with pytest.raises(UserError, match="checksum mismatch from code 0 on"):
        Index(corpus.index)
    corpus.index.write_bytes(copied)
    corpus.build()  # a run that changes nothing checks them, too
    compared.clear()
    corpus.build(save(corpus.folder / "more.h5", features(3)))
    assert compared
    compared.clear()
    with Index(corpus.index) as index:
        assert len(index) == 33 and not compared
