"""Indexes whose videos, in files and folders, have changed, moved or disappeared since."""

from __future__ import annotations

import os
import shutil

import pytest
from search_files import (
    Corpus,
    clips,
    contents,
    fails,
    stand_in,
)

from s5vh.search.index import Index

MODEL_NAME = "lsh_mean on demo, 20 bits, seed 1"


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Corpus(tmp_path)


@pytest.fixture
def extractor(monkeypatch):
    return stand_in(monkeypatch)


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
