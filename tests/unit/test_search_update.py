"""Indexes whose files have changed, moved or disappeared since."""

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
    clips,
    coded,
    contents,
    error,
    fails,
    features,
    model,
    run,
    save,
    stand_in,
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
def extractor(monkeypatch):
    return stand_in(monkeypatch)


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


@pytest.fixture
def archive(corpus, extractor):
    """An index of a folder of video files."""
    corpus.index = corpus.folder / "clips.index"
    clips(corpus.folder / "clips", b=1, c=2)
    clips(corpus.folder / "clips/a", b=3)
    corpus.build(corpus.folder / "clips")
    extractor.names.clear()
    corpus.extractor = extractor
    return corpus


def test_changed_videos_are_decoded_again(archive):
    first = contents(archive.index)
    os.utime("clips/b.mp4")
    clips(archive.folder / "clips", c=5)
    assert archive.build(archive.folder / "clips")[:2] == [
        f"{archive.index}: 2 videos already indexed and unchanged",
        f"{archive.index}: 1 video changed and encoded again",
    ]
    assert archive.extractor.names == ["c.mp4"]
    now = contents(archive.index)
    assert {name for name in now if now[name] != first[name]} == {"c.mp4"}
    clips(archive.folder / "clips", b="broken")
    with fails(f"{archive.index}: 1 of 3 input videos could not be read or encoded; see above"):
        archive.build_none(update=True)
    assert contents(archive.index) == now
    clips(archive.folder / "clips", b=1)
    archive.build_none(update=True)
    assert contents(archive.index) == now


def test_update_takes_no_new_videos(archive):
    clips(archive.folder / "clips", d=4, c=5)
    assert archive.build_none(update=True)[1] == f"{archive.index}: 1 video changed and encoded again"
    assert set(contents(archive.index)) == {"a/b.mp4", "b.mp4", "c.mp4"}


def test_a_moved_folder_is_followed(archive):
    (archive.folder / "clips").rename(archive.folder / "films")
    with fails("clips: no such file"):
        archive.build(archive.folder.__class__("clips"))
    before = contents(archive.index)
    assert archive.build(archive.folder / "films")[0] == (
        f"{archive.index}: 3 videos moved (first: 'a/b.mp4' from {archive.folder}/clips/a/b.mp4 to "
        f"{archive.folder}/films/a/b.mp4); codes kept"
    )
    assert contents(archive.index) == before and archive.extractor.names == []


def test_a_folder_that_replaces_one_that_is_gone(archive):
    (archive.folder / "clips").rename(archive.folder / "films")
    clips(archive.folder / "films", b=9)
    with fails(
        f"{archive.index}: 1 of 3 input videos could not be added, because their ids belong to other videos (first: "
        f"'b.mp4' in {archive.folder}/films/b.mp4 and in {archive.folder}/clips/b.mp4); if they are different videos, "
        f"use --prefix to make their ids unique; if they replace the others, which no longer exist, add --remove "
        f"{archive.folder}/clips"
    ):
        archive.build(archive.folder / "films")
    archive.build(archive.folder / "clips", archive.folder / "films", remove=True)
    with Index(archive.index) as index:
        sources = {video.id: video.source for video in index.videos(range(3)).values()}
    assert sources["b.mp4"] == f"{archive.folder}/films/b.mp4" and archive.extractor.names == ["b.mp4"]


def test_videos_that_a_folder_no_longer_has(archive):
    (archive.folder / "clips/b.mp4").unlink()
    assert archive.build(archive.folder / "clips")[1] == (
        f"{archive.index}: 1 video of the index no longer in the sources given (first: {archive.folder}/clips/b.mp4); "
        "use --remove to remove them"
    )
    assert archive.build(archive.folder / "clips", remove=True)[1] == f"{archive.index}: 1 video removed"
    assert set(contents(archive.index)) == {"a/b.mp4", "c.mp4"}
    shutil.rmtree("clips/a")
    clips(archive.folder / "clips-2", b=1)
    assert archive.build(archive.folder / "clips-2", remove=True)[-1].startswith(
        f"{archive.index}: 1 video added, 3 in"
    )


def test_a_folder_in_which_nothing_is_left(archive):
    shutil.rmtree("clips/a")
    for file in (archive.folder / "clips").iterdir():
        file.unlink()
    with fails(f"{archive.folder}/clips: no videos in this folder"):
        archive.build(archive.folder / "clips")
    assert archive.build(archive.folder / "clips", remove=True)[0] == f"{archive.index}: 3 videos removed"
    with fails(f"{archive.folder}/clips: no videos there, and {archive.index} has none from there; check the path"):
        archive.build(archive.folder / "clips", remove=True)


def test_what_must_not_be_looked_at_is_not_gone(corpus, monkeypatch):
    corpus.build()
    stat = os.stat

    def forbidden(path, **options):
        if str(path) == str(corpus.videos):
            raise PermissionError(13, "Permission denied")
        return stat(path, **options)

    monkeypatch.setattr(os, "stat", forbidden)
    for options in ({"remove": True}, {"update": True}):
        with fails(f"{corpus.videos}: cannot be read (Permission denied)"):
            corpus.build_none(**options)
    with fails(f"{corpus.videos}: cannot be read (Permission denied)"):
        corpus.build(remove=True)
    monkeypatch.undo()
    assert len(contents(corpus.index)) == 30


def test_one_video_under_several_spellings(archive):
    os.symlink("clips", "link")
    os.symlink("b.mp4", "clips/z.mp4")
    before = contents(archive.index)
    unchanged, total = f"{archive.index}: 3 videos already indexed and unchanged", f"3 in total ({MODEL_NAME})"
    for spelling in ("clips", "./clips", "clips/../clips/", archive.folder / "clips", "link"):
        said = archive.build(archive.folder.__class__(spelling))
        assert said[0].endswith(": passed over 1 (the same as another): z.mp4 [b.mp4]")
        assert said[1] == unchanged and said[-1].endswith(total)
    for spelling in ("clips/a/b.mp4", "./link/a/b.mp4"):
        said = archive.build(archive.folder.__class__(spelling))
        path = archive.folder / spelling.removeprefix("./")
        assert said[0] == f"{archive.index}: 1 video already indexed under another id (first: {path} as 'a/b.mp4')"
    assert contents(archive.index) == before and archive.extractor.names == []
    # A change is noticed under any of its names.
    clips(archive.folder / "clips/a", b=7)
    said = archive.build(archive.folder.__class__("link/a/b.mp4"))
    assert f"{archive.index}: 1 video changed and encoded again" in said
    assert {name for name, code in contents(archive.index).items() if code != before[name]} == {"a/b.mp4"}


def test_a_folder_with_a_link_to_its_own_video(corpus, extractor):
    clips(corpus.folder / "own", a=1)
    os.symlink("a.mp4", "own/b.mp4")
    corpus.index = corpus.folder / "own.index"
    assert corpus.build(corpus.folder / "own")[0] == (
        f"{corpus.folder}/own: passed over 1 (the same as another): b.mp4 [a.mp4]"
    )
    assert set(contents(corpus.index)) == {"a.mp4"}


def test_a_folder_of_frames_changes_with_its_pictures(tmp_path):
    from PIL import Image

    from s5vh.search.sources import _digest, _stamp

    folder = tmp_path / "clip"
    folder.mkdir()
    for number in (1, 2, 10):
        Image.new("RGB", (4, 4), (number, 0, 0)).save(folder / f"{number}.png")
    digest, before = _digest(folder), _stamp(folder)
    (folder / "notes.txt").write_text("not a frame")
    assert (_digest(folder), _stamp(folder)) == (digest, before)
    os.utime(folder / "2.png", (1, 1))
    assert _digest(folder) == digest and _stamp(folder) != before
    Image.new("RGB", (4, 4), (3, 0, 0)).save(folder / "2.png")
    assert _digest(folder) != digest
    changed = _digest(folder)
    (folder / "10.png").rename(folder / "3.png")
    assert _digest(folder) != changed  # another name may mean another place
    for file in folder.glob("*.png"):
        file.unlink()
    assert _stamp(folder) == ""


def test_large_files_are_sampled(tmp_path):
    from s5vh.search.freshness import file_digest

    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    before = file_digest(path)
    for place in (0, 199 * 2**20 * 32 // 63, 200 * 2**20 - 1):
        with path.open("r+b") as file:
            file.seek(place)
            file.write(b"x")
        assert file_digest(path) != before
        before = file_digest(path)
