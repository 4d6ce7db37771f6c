"""Indexes built of code files, part by part: names, changes, removal, kills, what is refused."""

from __future__ import annotations

import json
import sqlite3

import numpy as np
import pytest
from search_files import Corpus, codes_of, contents, error, fails, features, random_codes, ranked, run, save

from s5vh.retrieval.codes import pack
from s5vh.search import index_writer, taking_codes
from s5vh.search.absent import remove_named
from s5vh.search.catalog import catalog_path
from s5vh.search.catalog_writer import CatalogWriter
from s5vh.search.code_runs import Run, Runs, inside, outside, ranges_of, segments, without
from s5vh.search.index import Index
from s5vh.search.index_file import CODES_START
from s5vh.search.index_writer import IndexWriter
from s5vh.search.query import Search

CODES = random_codes(50, 20, seed=3)


def code_file(path, codes=CODES):
    np.save(path, pack(codes))
    return path


def rows(name: str, codes=CODES) -> dict[str, bytes]:
    return {f"{name}#{row}": code.tobytes() for row, code in enumerate(pack(codes))}


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(taking_codes, "_CHUNK", 7)
    return Corpus(tmp_path)


def test_built_in_parts_is_built_at_once(corpus, monkeypatch):
    whole = code_file(corpus.folder / "codes.npy")
    said = corpus.build(whole)
    assert said == [f"{corpus.index}: 50 videos added, 50 in total (lsh_mean on demo, 20 bits, seed 1)"]
    at_once = corpus.index.read_bytes()
    assert at_once[CODES_START:] == pack(CODES).tobytes() and contents(corpus.index) == rows("codes.npy")
    with sqlite3.connect(catalog_path(corpus.index)) as database:  # a row for all of them
        assert database.execute("SELECT first, videos, row, name FROM runs").fetchall() == [(0, 50, 0, "codes.npy")]
        assert database.execute("SELECT count(*) FROM videos").fetchall() == [(0,)]
    for parts in (["codes.npy"], ["codes.npy", "codes.npy"]):  # another run adds what has come since
        corpus.index = corpus.folder / f"{len(parts)}.index"
        for number, _ in enumerate(parts, start=1):
            code_file(whole, CODES[: 50 * number // len(parts)])
            corpus.build(whole)
        assert corpus.index.read_bytes() == at_once and contents(corpus.index) == rows("codes.npy")
    corpus.index = corpus.folder / "two.index"
    corpus.build(code_file(corpus.folder / "a.npy", CODES[:20]), code_file(corpus.folder / "b.npy", CODES[20:]))
    assert corpus.index.read_bytes() == at_once
    assert contents(corpus.index) == rows("a.npy", CODES[:20]) | rows("b.npy", CODES[20:])


def test_features_and_codes_live_in_one_index_and_are_searched_alike(corpus, capsys):
    corpus.build(corpus.videos, code_file(corpus.folder / "codes.npy"), prefix="x/")
    both = np.concatenate([codes_of(corpus.feats), CODES])
    ids = [f"x/{name}" for name in corpus.ids] + [f"x/codes.npy#{row}" for row in range(50)]
    code_file(corpus.folder / "queries.npy", both[[40, 3]])
    with Index(corpus.index) as index:
        expected = [[(d, ids[p]) for d, p in ranked(both[query], both)[:10]] for query in (40, 3)]
        for queries in (["queries.npy"], ["queries.npy#0", "queries.npy#queries.npy#1"]):
            results = list(Search(index, queries).results())
            assert [[(hit.distance, hit.video.id) for hit in result.hits] for result in results] == expected
        assert [result.query.row for result in Search(index, ["queries.npy"], rows=[1]).results()] == [1]
        (own,) = Search(index, ["x/codes.npy#10"]).results()
        assert "x/codes.npy#10" not in [hit.video.id for hit in own.hits]
        assert index.position("x/codes.npy#010") is None and index.position("x/codes.npy#50") is None
    corpus.model.unlink()  # codes need no model
    assert run("search", corpus.index, "queries.npy", "--row", 0, "--top", 1, "--json") == 0
    assert json.loads(capsys.readouterr().out)["hits"][0]["id"] == expected[0][0][1]


def test_changed_moved_and_unchanged_files(corpus):
    file = code_file(corpus.folder / "codes.npy")
    corpus.build(file)
    assert corpus.build(file)[0] == f"{corpus.index}: 50 videos already indexed and unchanged"
    code_file(file)  # touched
    assert corpus.build_none(update=True)[0] == f"{corpus.index}: 50 videos already indexed and unchanged"
    other = CODES.copy()
    other[[4, 30]] *= -1
    code_file(file, other)
    assert corpus.build(file)[:2] == [
        f"{corpus.index}: 48 videos already indexed and unchanged",
        f"{corpus.index}: 2 videos changed and encoded again",
    ]
    assert contents(corpus.index) == rows("codes.npy", other)
    (corpus.folder / "new").mkdir()
    moved = file.rename(corpus.folder / "new" / "codes.npy")
    with fails(
        f"{corpus.index}: 1 of its files no longer exists (first: {file}); name the new place if they have moved, add "
        "--remove to remove their videos, or restore them"
    ):
        corpus.build_none(update=True)
    assert corpus.build(moved)[0] == f"{corpus.index}: 50 videos already indexed and unchanged"
    with Index(corpus.index) as index:
        assert index.videos([7])[7].source == str(moved)
    code_file(file, other)  # a copy
    assert corpus.build(file)[0] == f"{corpus.index}: 50 videos already indexed and unchanged"
    with Index(corpus.index) as index:
        assert index.videos([7])[7].source == str(moved)


def test_rows_are_removed_with_their_file_or_by_name(corpus):
    file, more = code_file(corpus.folder / "codes.npy"), code_file(corpus.folder / "more.npy", CODES[:9])
    corpus.build(file, corpus.videos, more)
    left = contents(corpus.index)
    corpus.build_none(remove_ids=["codes.npy#5", "clip03", "codes.npy#0", "more.npy#8"])
    for name in ("codes.npy#5", "clip03", "codes.npy#0", "more.npy#8"):
        del left[name]
    assert contents(corpus.index) == left
    assert corpus.build(file)[1].startswith(f"{corpus.index}: 2 videos added")  # as videos of other files
    assert contents(corpus.index) == left | {name: rows("codes.npy")[name] for name in ("codes.npy#5", "codes.npy#0")}
    code_file(file, CODES[:40])
    assert (
        f"{corpus.index}: 10 videos of the index no longer in the sources given (first: 'codes.npy#40' in {file}); use "
        "--remove to remove them" in corpus.build(file)
    )
    assert f"{corpus.index}: 10 videos removed" in corpus.build(file, remove=True)
    file.unlink()
    assert f"{corpus.index}: 40 videos removed" in corpus.build_none(remove=True)
    assert contents(corpus.index) == {name: code for name, code in left.items() if not name.startswith("codes.npy#")}
    with sqlite3.connect(catalog_path(corpus.index)) as database:
        assert not database.execute("SELECT 1 FROM sources WHERE path = ?", [str(file)]).fetchall()


@pytest.mark.parametrize("target, name", [(CatalogWriter, "add_run"), (index_writer, "publish")])
def test_a_kill_between_two_writes_leaves_whole_parts(corpus, monkeypatch, target, name):
    """The codes of the third part are written, and perhaps listed, but not counted by the header."""
    file, real, calls = code_file(corpus.folder / "codes.npy"), getattr(target, name), []

    def dies(*arguments):
        calls.append(name)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(target, name, dies)
    with pytest.raises(KeyboardInterrupt):
        corpus.build(file)
    assert contents(corpus.index) == rows("codes.npy", CODES[:14])
    corpus.build(file)
    assert contents(corpus.index) == rows("codes.npy")


def test_ids_stay_unique(corpus):
    (corpus.folder / "b").mkdir()
    file, other = code_file(corpus.folder / "codes.npy"), code_file(corpus.folder / "b" / "codes.npy", CODES[::-1])
    with fails(f"{other}: its videos would have the ids of those of {file}; index them in two runs, one with --prefix"):
        corpus.build(file, other)
    assert not corpus.index.exists()
    corpus.build(file)
    with fails(
        f"{other}: its ids belong to videos of {file}, which have other codes; use --prefix to make them unique"
    ):
        corpus.build(other)
    corpus.build(other, prefix="b/")
    assert contents(corpus.index) == rows("codes.npy") | rows("b/codes.npy", CODES[::-1])
    sly = save(corpus.folder / "sly.h5", features(2), ["new.npy#3", "codes.npy#3"])
    with fails(
        f"{corpus.index}: 1 of 2 input videos could not be added, because their ids belong to other videos (first: "
        f"'codes.npy#3' in {sly} and in {file}); if they are different videos, use --prefix to make their ids unique; "
        "to index these instead, remove the others with --remove-id"
    ):
        corpus.build(sly)
    new = code_file(corpus.folder / "new.npy")
    with fails(
        f"{new}: the id 'new.npy#3' belongs to another video of {corpus.index}; use --prefix to make ids unique"
    ):
        corpus.build(new)


def test_wrong_files(corpus, capsys):
    form = "provide a NumPy file (.npy) of packed codes, uint8 [videos, bytes], as of numpy.packbits(codes > 0, axis=1)"
    file = corpus.folder / "wrong.npy"
    for array, told in ((CODES, "an array int8 [50, 20]"), (pack(CODES)[:0], "an array uint8 [0, 3]")):
        np.save(file, array)
        with fails(f"{file}: {told}; {form}"):
            corpus.build(file)
    file.write_bytes(b"\x93NUMPY")
    with fails(f"{file}: not a readable code file (truncated or damaged); {form}"):
        corpus.build(file)
    np.save(file, pack(random_codes(3, 32)))
    with fails(f"{file}: codes of 4 bytes, but those of the model (lsh_mean on demo, 20 bits, seed 1) have 3; provide "
               "codes of this model"):  # fmt: skip
        corpus.build(file)
    np.save(file, np.full((3, 3), 255, np.uint8))
    with fails(f"{file}: codes: padding bits beyond 20 bits are set; the code length is wrong"):
        corpus.build(file)
    assert not corpus.index.exists()
    assert error(capsys, "hash", code_file(file), "--model", corpus.model) == (
        f"{file}: is a code file; provide videos or features to make codes of"
    )
    corpus.build(file)
    for query in (f"{file}#50", f"{file}#07"):
        assert error(capsys, "search", corpus.index, query).endswith("(example id: '0')")
    assert error(capsys, "search", corpus.index, file, "--row", 50) == (
        f"{file}: no row 50; the file has 50 videos, numbered from 0"
    )


def test_indexes_without_code_files_stay_in_the_format_of_before(corpus):
    corpus.build()
    with Index(corpus.index) as index:
        assert index.facts["format"] == 2
    corpus.build(code_file(corpus.folder / "codes.npy"))
    with Index(corpus.index) as index:
        assert index.facts["format"] == 3
    with IndexWriter(corpus.index) as writer:
        assert remove_named(writer, ["clip01"]) == 1 and len(writer) == 79


def test_ranges_and_runs_are_what_lists_of_positions_say():
    rng = np.random.default_rng(0)
    for _ in range(30):
        count = int(rng.integers(1, 30))
        removed = sorted(rng.choice(count, rng.integers(0, count + 1), replace=False).tolist())
        ranges = ranges_of(removed[::-1])
        kept = [position for position in range(count) if position not in removed]
        assert [p for part in ranges for p in range(*part)] == removed
        assert [p for part in outside(ranges, count) for p in range(*part)] == kept
        assert [new + p for first, stop, new in segments(ranges, count) for p in range(stop - first)] == [
            *range(len(kept))
        ]
        start = int(rng.integers(0, count))
        assert inside(ranges, start, 5).tolist() == [p in removed for p in range(start, start + 5)]
        cut = int(rng.integers(0, count + 1))
        runs = [Run(0, cut, "/a", 3, "a", "/a", ""), Run(cut, count - cut, "/b", 0, "b", "/b", "")]
        runs = [run for run in runs if run.videos]
        before, after = Runs(runs), Runs(without(runs, ranges, count))
        for new, old in enumerate(kept):
            was, now = before.at(old), after.at(new)
            assert (now.name, now.row + new - now.first) == (was.name, was.row + old - was.first)
            assert after.position(f"{now.name}#{now.row + new - now.first}") == new
        assert after.at(len(kept)) is None
