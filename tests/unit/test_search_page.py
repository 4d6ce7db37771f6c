"""The page of results: pictures, names that look like code, nothing from outside; and videos as sources and queries."""

from __future__ import annotations

import re
import types

import h5py
import numpy as np
import pytest
from search_files import (
    Corpus,
    clips,
    codes_of,
    error,
    expected,
    picture,
    read_page,
    run,
    save,
    stand_in,
)

from s5vh.search import page
from s5vh.search.build import build_index
from s5vh.search.index import Index


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Corpus(tmp_path)
    made.build()
    return made


@pytest.fixture
def extractor(monkeypatch):
    return stand_in(monkeypatch)


def test_page_has_pictures_and_needs_nothing_else(corpus, capsys):
    rng = np.random.default_rng(0)
    with h5py.File(corpus.folder / "thumbnails.h5", "w") as file:
        file["videos"] = rng.integers(256, size=(30, 5, 8, 8), dtype=np.uint8)
        file["query"] = rng.integers(256, size=(4, 5, 8, 8, 3), dtype=np.uint8)
        pictures = file["videos"][()]
    assert run("search", "videos.index", "query.h5", "--row=0", "--top=3", "--html=hits.html") == 0
    assert capsys.readouterr().err == "hits.html: written; open it in a browser\n"
    shown = read_page(corpus.folder / "hits.html")
    assert not {"script", "link", "iframe"} & set(shown.tags) and shown.tags.count("img") == 4
    assert shown.addresses[0].startswith("data:image/jpeg;base64,")
    (distance, name), *_ = expected(corpus, codes_of(corpus.queries)[0])
    assert name in shown.texts and f"{distance} / 20" in shown.texts
    assert (picture(shown.addresses[1]) == np.concatenate(list(pictures[corpus.ids.index(name)]), axis=1)).all()
    assert not re.search(r"https?://", (corpus.folder / "hits.html").read_text())


def test_page_without_pictures_has_tiles(corpus):
    (corpus.folder / "thumbnails.h5").write_bytes(b"damaged")
    assert run("search", "videos.index", "clip04", "--html=hits.html") == 0
    shown = read_page(corpus.folder / "hits.html")
    assert "img" not in shown.tags and shown.texts.count("clip04") == 2  # on the tile and beside it


def test_page_escapes_names(corpus):
    nasty = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a & b 'c'", "{{ 7 * 7 }}"]
    save(corpus.folder / "nasty.h5", corpus.queries, nasty)
    index = corpus.folder / "<b>.index"
    build_index(index, [corpus.folder / "nasty.h5"], model_file=corpus.model, report=lambda text: None)
    with h5py.File(corpus.folder / "thumbnails.h5", "w") as file:
        file["nasty"] = np.zeros((4, 5, 8, 8), np.uint8)
    assert run("search", index, "nasty.h5", "--html=hits.html") == 0
    shown = read_page(corpus.folder / "hits.html")
    assert "script" not in shown.tags and "b" not in shown.tags
    assert all(address.startswith("data:image/png;base64,") for address in shown.addresses)
    assert set(nasty) <= set(shown.texts) and "Search in <b>.index" in shown.texts


def test_page_shows_the_first_queries_and_says_so(corpus, monkeypatch, capsys):
    monkeypatch.setattr(page, "QUERIES", 3)
    monkeypatch.setattr(page, "HITS", 2)
    assert run("search", "videos.index", "query.h5", "--html=hits.html") == 0
    assert capsys.readouterr().err == "hits.html: written; open it in a browser (first 3 of 4 queries)\n"
    shown = read_page(corpus.folder / "hits.html")
    assert "3 of 4 shown" in shown.texts and "Showing 2 of 10 hits." in shown.texts
    assert {"q0", "q1", "q2"} <= set(shown.texts) and "q3" not in shown.texts


def test_folders_of_videos(corpus, extractor, capsys):
    clips(corpus.folder / "clips", b=1, c=2)
    clips(corpus.folder / "clips/a", b=3)
    clips(corpus.folder / "clips/.trash", b=4)
    (corpus.folder / "clips/notes.txt").write_text("no video")
    assert run("index", f"--model={corpus.model}", "--output=clips.index", "clips") == 0
    with Index("clips.index") as index:
        assert [video.id for video in index.videos(range(3)).values()] == ["a/b.mp4", "b.mp4", "c.mp4"]
        assert index.facts["extraction"] == {"dataset": "demo", "settings": {"frames": 3}, "key": "one"}
        assert index.videos([0])[0].source == str(corpus.folder / "clips/a/b.mp4")
    clips(corpus.folder / "clips", d=4)
    extractor.names.clear()
    assert run("index", "--output=clips.index", "clips") == 0
    assert extractor.names == ["d.mp4"] and extractor.opened == [{"frames": 3}] * 2
    clips(corpus.folder, query=3)
    capsys.readouterr()
    assert run("search", "clips.index", "query.mp4", "--top=1", "--html=hits.html") == 0
    assert capsys.readouterr().out == (
        "query.mp4  (query.mp4)\n  rank  distance  video    source\n     1         0  a/b.mp4  clips/a/b.mp4\n"
    )
    shown = read_page(corpus.folder / "hits.html")
    assert shown.tags.count("img") == 2 and shown.addresses[0].startswith("data:image/jpeg;base64,")
    assert picture(shown.addresses[0]).shape == (96, 4 * 128, 3)  # four such frames fill a strip
    (corpus.folder / "clips/a/b.mp4").unlink()
    assert run("search", "clips.index", "query.mp4", "--top=1", "--html=hits.html") == 0
    assert read_page(corpus.folder / "hits.html").tags.count("img") == 1


def test_videos_that_cannot_be_read_are_left_out_and_named(corpus, extractor, capsys):
    clips(corpus.folder / "clips", a=1, b="broken", c="2,cut off,silent")
    assert run("index", f"--model={corpus.model}", "--output=clips.index", "clips") == 2
    assert capsys.readouterr().err.splitlines() == [
        "clips/b.mp4: no frame can be decoded; skipped",
        "clips/c.mp4: cut off; silent; used anyway",
        "clips.index: 2 videos added, 2 in total (lsh_mean on demo, 20 bits, seed 1)",
        "s5vh: error: clips.index: 1 of 3 input videos could not be read or encoded; see above",
    ]
    with Index("clips.index") as index:
        assert [video.id for video in index.videos(range(2)).values()] == ["a.mp4", "c.mp4"]
    assert error(capsys, "search", "clips.index", "clips/b.mp4") == "clips/b.mp4: no frame can be decoded"


def test_videos_that_do_not_fit(corpus, extractor, capsys):
    (corpus.folder / "empty").mkdir()
    words = ["index", f"--model={corpus.model}", "--output=clips.index"]
    assert error(capsys, *words, "empty") == "empty: no videos in this folder"
    extractor.feature_size = 9
    clips(corpus.folder, a=1)
    assert error(capsys, *words, "a.mp4") == (
        "a.mp4: extracted features would have dimension 9, but the model (lsh_mean on demo, 20 bits, seed 1) was "
        "trained with 8; use --dataset to select the data set with the right extraction settings"
    )
    extractor.feature_size = 8
    assert run(*words, "a.mp4") == 0
    capsys.readouterr()
    assert error(capsys, "search", "clips.index", "a.mp4", "--dataset=other") == (
        "--dataset other: the index was built with the extraction settings of 'demo', which apply to all its videos; "
        "omit --dataset"
    )
    extractor.key = "two"
    assert error(capsys, "search", "clips.index", "a.mp4") == (
        "data set 'demo': its image network or weights differ from those used to build the index; restore the "
        "weights, or build a new index"
    )


def test_a_model_of_feature_files_has_no_way_to_read_videos(corpus, extractor, monkeypatch, capsys):
    monkeypatch.setattr("s5vh.config.load.load_dataset", lambda name: types.SimpleNamespace(kind="demo"))
    clips(corpus.folder, a=1)
    assert error(capsys, "search", "videos.index", "a.mp4") == (
        "data set 'demo' is of kind 'demo' and has no extraction settings, so features for the model (lsh_mean on "
        "demo, 20 bits, seed 1) cannot be extracted from video files; provide feature files, or use --dataset to "
        "select the data set of kind 'videos' that its features come from"
    )


def test_a_first_build_that_reads_nothing_leaves_no_index(corpus, extractor, capsys):
    clips(corpus.folder, broken="broken")
    words = ["index", f"--model={corpus.model}", "--output=clips.index", "broken.mp4"]
    assert run(*words) == 2
    assert "1 of 1 input videos could not be read or encoded" in capsys.readouterr().err
    assert not list(corpus.folder.glob("clips.index*"))
