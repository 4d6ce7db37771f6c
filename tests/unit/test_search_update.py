"""Indexes whose feature files have changed, moved or disappeared since."""

from __future__ import annotations

import os
import shutil
import sqlite3

import faiss
import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_files import (
    Corpus,
    as_format_1,
    coded,
    contents,
    error,
    fails,
    features,
    model,
    run,
    save,
)

from s5vh.search import build
from s5vh.search.catalog import catalog_path
from s5vh.search.index import Index
from s5vh.search.query import Search

MODEL_NAME = "lsh_mean on demo, 20 bits, seed 1"


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Corpus(tmp_path)


@pytest.fixture
def encoded(monkeypatch):
    """Numbers of videos that were encoded, a block each."""
    numbers: list[int] = []
    packed = build.as_packed

    def counting(codes, bits):
        numbers.append(len(codes))
        return packed(codes, bits)

    monkeypatch.setattr(build, "as_packed", counting)
    return numbers


def rewrite(corpus, *rows):
    """Give these rows of the feature file other features."""
    corpus.feats[list(rows)] *= -1
    save(corpus.videos, corpus.feats, corpus.ids)


def test_changed_rows_get_new_codes_in_their_old_places(corpus, encoded):
    corpus.build()
    before = contents(corpus.index)
    rewrite(corpus, 3, 17)
    assert corpus.build() == [
        f"{corpus.index}: 28 videos already indexed and unchanged",
        f"{corpus.index}: 2 videos changed and encoded again",
        f"{corpus.index}: 0 videos added, 30 in total ({MODEL_NAME})",
    ]
    assert encoded == [30, 2]
    after = contents(corpus.index)
    assert list(after) == corpus.ids and after == coded(corpus.feats, corpus.ids)
    assert {name for name in after if after[name] != before[name]} == {"clip03", "clip17"}
    assert faiss.read_index_binary(str(corpus.index)).ntotal == 30
    assert corpus.build()[0] == f"{corpus.index}: 30 videos already indexed and unchanged" and encoded == [30, 2]


def test_a_touch_or_a_copy_encodes_nothing(corpus, encoded):
    corpus.build()
    os.utime(corpus.videos)
    assert corpus.build()[0] == f"{corpus.index}: 30 videos already indexed and unchanged"
    shutil.copy(corpus.videos, corpus.folder / "copy.h5")
    os.replace(corpus.folder / "copy.h5", corpus.videos)
    assert corpus.build()[0] == f"{corpus.index}: 30 videos already indexed and unchanged"
    assert encoded == [30]


def test_an_unchanged_file_is_not_read(corpus, monkeypatch):
    corpus.build()

    def read(*_):
        raise AssertionError("read")

    monkeypatch.setattr("s5vh.search.feature_rows.FeatureRows._reader", lambda *_: read)
    assert corpus.build()[0] == f"{corpus.index}: 30 videos already indexed and unchanged"


def test_an_edit_with_the_old_time_and_size_is_noticed(corpus):
    corpus.build()
    before = corpus.videos.stat()
    with h5py.File(corpus.videos, "r+") as file:
        file["feats"][5] = corpus.feats[5] = -corpus.feats[5]
    os.utime(corpus.videos, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = corpus.videos.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert corpus.build()[1] == f"{corpus.index}: 1 video changed and encoded again"
    assert contents(corpus.index) == coded(corpus.feats, corpus.ids)


def test_an_edit_behind_a_link_in_the_file_is_noticed(corpus):
    linked = corpus.folder / "linked.h5"
    with h5py.File(linked, "w") as file:
        layout = h5py.VirtualLayout(corpus.feats.shape, corpus.feats.dtype)
        layout[:] = h5py.VirtualSource(str(corpus.videos), "feats", corpus.feats.shape)
        file.create_virtual_dataset("feats", layout)
        file.create_dataset("ids", data=corpus.ids, dtype=h5py.string_dtype("utf-8"))
    corpus.build(linked)
    rewrite(corpus, 8)
    assert corpus.build(linked)[1] == f"{corpus.index}: 1 video changed and encoded again"
    assert contents(corpus.index) == coded(corpus.feats, corpus.ids)


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_any_history_ends_as_if_built_from_the_last_file(tmp_path_factory, data):
    """Rows are changed, dropped, added and reordered between runs; ids of dropped rows come back with other content."""
    folder = tmp_path_factory.mktemp("history")
    corpus, pool = Corpus(folder), [features(12, seed=seed) for seed in range(3)]
    for _ in range(data.draw(st.integers(2, 3))):
        rows = data.draw(st.lists(st.integers(0, 11), unique=True, min_size=1))
        kinds = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
        feats, ids = np.stack([pool[kind][row] for row, kind in zip(rows, kinds, strict=True)]), [f"v{r}" for r in rows]
        corpus.build(save(corpus.videos, feats, ids), remove=True)
        assert contents(corpus.index) == coded(feats, ids)
        with Index(corpus.index) as index:
            videos = index.videos(range(len(index))).values()
            assert {video.id: video.row for video in videos} == {name: row for row, name in enumerate(ids)}
    assert faiss.read_index_binary(str(corpus.index)).ntotal == len(ids)


def test_videos_that_a_file_no_longer_has(corpus):
    corpus.build()
    save(corpus.videos, corpus.feats[5:], corpus.ids[5:])
    told = (f"{corpus.index}: 5 videos of the index no longer in the sources given (first: 'clip00' in "
            f"{corpus.videos}); use --remove to remove them")  # fmt: skip
    assert told in corpus.build() and told in corpus.build() and len(contents(corpus.index)) == 30
    assert f"{corpus.index}: 5 videos removed" in corpus.build(remove=True)
    assert contents(corpus.index) == coded(corpus.feats[5:], corpus.ids[5:])
    with sqlite3.connect(catalog_path(corpus.index)) as database:
        assert database.execute("SELECT count(*) FROM sources").fetchone() == (1,)


def test_numbers_as_ids_are_not_mistaken_for_each_other(corpus):
    save(corpus.videos, corpus.feats[:3], ["1", "11", "111"])
    corpus.build()
    save(corpus.videos, corpus.feats[:1], ["1"])
    corpus.build(remove=True)
    assert list(contents(corpus.index)) == ["1"]


def test_two_prefixes_of_one_file_are_both_kept_up_to_date(corpus):
    corpus.build(prefix="a/")
    corpus.build(prefix="b/")
    rewrite(corpus, 2)
    corpus.build(prefix="a/")
    assert contents(corpus.index)["b/clip02"] != contents(corpus.index)["a/clip02"]
    assert f"{corpus.index}: 1 video changed and encoded again" in corpus.build_none(update=True)
    ids = [prefix + name for prefix in ("a/", "b/") for name in corpus.ids]
    assert contents(corpus.index) == coded(np.concatenate([corpus.feats] * 2), ids)
    assert corpus.build_none(remove=True)[-1] == f"{corpus.index}: 0 videos added, 60 in total ({MODEL_NAME})"


def test_a_moved_feature_file_is_followed(corpus, encoded):
    corpus.build()
    moved = corpus.folder / "moved.h5"
    corpus.videos.rename(moved)
    assert corpus.build(moved) == [
        f"{corpus.index}: 30 videos moved (first: 'clip00' from {corpus.videos} to {moved}); codes kept",
        f"{corpus.index}: 0 videos added, 30 in total ({MODEL_NAME})",
    ]
    assert encoded == [30] and corpus.build(moved)[0] == f"{corpus.index}: 30 videos already indexed and unchanged"
    with Index(corpus.index) as index:
        assert index.videos([7])[7].source == str(moved)


def test_a_missing_source_is_named_unless_its_videos_are_to_go(corpus, capsys):
    corpus.build()
    more = save(corpus.folder / "more.h5", features(3))
    corpus.build(more)
    corpus.videos.unlink()
    words = ["index", f"--output={corpus.index}"]
    assert error(capsys, *words, "videos.h5") == "videos.h5: no such file"
    assert error(capsys, *words, "--update") == (
        f"{corpus.index}: 1 of its files no longer exists (first: {corpus.videos}); name the new place if they have "
        "moved, add --remove to remove their videos, or restore them"
    )
    assert error(capsys, *words, "--remove", "other.h5") == (
        f"other.h5: no videos there, and {corpus.index} has none from there; check the path"
    )
    assert len(contents(corpus.index)) == 33
    assert run(*words, "--remove", "videos.h5") == 0
    assert capsys.readouterr().err.splitlines() == [
        f"{corpus.index}: 30 videos removed", f"{corpus.index}: 0 videos added, 3 in total ({MODEL_NAME})",
    ]  # fmt: skip
    assert list(contents(corpus.index)) == [f"more.h5#{row}" for row in range(3)]
    corpus.model.unlink()
    more.unlink()
    assert run(*words, "--remove") == 0 and contents(corpus.index) == {}  # takes no model
    assert faiss.read_index_binary(str(corpus.index)).ntotal == 0


def test_removal_by_name(corpus, capsys):
    corpus.build()
    words = ["index", f"--output={corpus.index}"]
    assert error(capsys, *words, "--remove-id=clip02", "--remove-id=clip99") == (
        f"{corpus.index}: no video 'clip99', so nothing was changed"
    )
    assert len(contents(corpus.index)) == 30
    assert run(*words, "--remove-id=clip02", "--remove-id=clip29") == 0
    capsys.readouterr()
    kept = [row for row in range(30) if row not in (2, 29)]
    assert contents(corpus.index) == coded(corpus.feats[kept], [corpus.ids[row] for row in kept])
    assert error(capsys, *words) == (
        f"{corpus.index}: nothing to do; name feature files, video files or folders of them, or use --update, "
        "--remove or --remove-id"
    )
    assert error(capsys, "index", "--output=no.index", "--update") == (
        "no.index: no such index; build it with `s5vh index`"
    )


def test_a_model_trained_anew_under_the_same_path(corpus, capsys):
    corpus.build()
    before = contents(corpus.index)
    model(corpus.model, seed=2)
    for words in (["index", f"--output={corpus.index}", "videos.h5"], ["search", corpus.index, "query.h5"]):
        assert error(capsys, *words).startswith(
            f"{corpus.model}: not the model that built {corpus.index}, {MODEL_NAME} (SHA-256 "
        )
    assert contents(corpus.index) == before


def test_an_index_of_an_earlier_version(corpus, encoded):
    corpus.build(prefix="p/")
    ids = [f"p/{name}" for name in corpus.ids]
    as_format_1(corpus.index)
    assert contents(corpus.index) == coded(corpus.feats, ids)
    with Index(corpus.index) as index:
        assert [hit.video.id for result in Search(index, ["p/clip03"]).results(2) for hit in result.hits]
    rewrite(corpus, 4)
    said = (
        f"{corpus.index}: 30 videos taken as unchanged, because the index has no record of the files, as it was built "
        "by an earlier version of s5vh; use --update to encode them again"
    )
    assert corpus.build(prefix="p/")[0] == said and corpus.build(prefix="p/")[0] == said
    assert corpus.build_none(remove=True)[-1] == f"{corpus.index}: 0 videos added, 30 in total ({MODEL_NAME})"
    assert encoded == [30]
    assert corpus.build_none(update=True)[0] == f"{corpus.index}: 30 videos changed and encoded again"
    assert contents(corpus.index) == coded(corpus.feats, ids)
    assert corpus.build(prefix="p/")[0] == f"{corpus.index}: 30 videos already indexed and unchanged"


def test_a_moved_file_of_an_earlier_version(corpus):
    corpus.build()
    as_format_1(corpus.index)
    moved = corpus.folder / "moved.h5"
    corpus.videos.rename(moved)
    with fails(
        f"{corpus.index}: 30 of 30 input videos could not be added, because their ids belong to other videos (first: "
        f"'clip00' in {moved} and in {corpus.videos}); if they are different videos, use --prefix to make their ids "
        f"unique; if they replace the others, which no longer exist, add --remove {corpus.videos}"
    ):
        corpus.build(moved)
    corpus.build(corpus.videos, moved, remove=True)
    with Index(corpus.index) as index:
        assert {video.source for video in index.videos(range(30)).values()} == {str(moved)}
    assert contents(corpus.index) == coded(corpus.feats, corpus.ids)
