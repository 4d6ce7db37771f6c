"""Names that are no UTF-8, and terminals that lack letters."""

from __future__ import annotations

import csv
import io
import json
import os
import sys

import h5py
import numpy as np
import pytest
from search_files import Corpus, clips, contents, error, fails, read_page, run, save, stand_in

from s5vh.search.index import Index
from s5vh.search.query import Search

LATIN = os.fsdecode(b"caf\xe9")  # "café" in another encoding than UTF-8


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Corpus(tmp_path)


def in_ascii(*words) -> tuple[str, str]:
    """What a command that succeeds writes to a terminal with PYTHONIOENCODING=ascii."""
    out, err = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(out, "ascii", write_through=True))
        patch.setattr(sys, "stderr", io.TextIOWrapper(err, "ascii", "backslashreplace", write_through=True))
        assert run(*words) == 0
        return out.getvalue().decode("ascii"), err.getvalue().decode("ascii")


def test_a_video_without_a_usable_name_is_named(corpus, monkeypatch, capsys):
    stand_in(monkeypatch)
    clips(corpus.folder / "clips", a=1, **{LATIN: 2})
    assert error(capsys, "index", "--model=model.safetensors", "--output=clips.index", "clips") == (
        r"clips/caf\xe9.mp4: the name is not valid UTF-8 (its bytes are shown as \xNN); rename the file or folder"
    )
    assert not (corpus.folder / "clips.index").exists()


@pytest.mark.parametrize("words", [["index", "--output=videos.index"], ["search", "videos.index"], ["hash"]])
@pytest.mark.parametrize("name", [f"{LATIN}.h5", f"{LATIN}.mp4", f"{LATIN}/query.h5"])
def test_a_source_or_query_without_a_usable_name(corpus, monkeypatch, capsys, words, name):
    stand_in(monkeypatch)
    corpus.build()
    (corpus.folder / LATIN).mkdir()
    save(corpus.folder / name, corpus.queries)
    model = ["--model=model.safetensors"]
    shown = os.fsencode(name).decode(errors="backslashreplace")
    assert error(capsys, *words, *model, name) == (
        f"{shown}: not valid UTF-8; if this is a file or folder, rename it"
        if words[0] == "search"  # where it may be the name of a video as well
        else f"{corpus.folder}/{shown}: the path is not valid UTF-8; rename the file or folder"
    )
    assert len(contents(corpus.index)) == 30


def test_an_id_that_is_no_text(corpus):
    corpus.build()
    with Index(corpus.index) as index, fails(
        f"'{LATIN}': neither a file nor the id of a video in {corpus.index} (example id: 'clip00')"
    ):  # fmt: skip
        Search(index, [LATIN])
    with Index(corpus.index) as index, fails(
        f"'{300 * 'x'}': neither a file nor the id of a video in {corpus.index} (example id: 'clip00')"
    ):  # fmt: skip
        Search(index, [300 * "x"])


def test_ids_in_a_file_that_are_no_text(corpus):
    with h5py.File(corpus.folder / "latin.h5", "w") as file:
        file["feats"] = corpus.queries[:2]
        file.create_dataset("ids", data=[b"caf\xe9", b"tea"], dtype=h5py.string_dtype("utf-8"))
    with fails(rf"{corpus.folder}/latin.h5: id 0 is not UTF-8 (b'caf\xe9'); store texts as UTF-8"):
        corpus.build(corpus.folder / "latin.h5")


def test_an_index_with_any_name(corpus):
    name = f"{LATIN}.index"
    assert in_ascii("index", "--model=model.safetensors", f"--output={name}", "videos.h5")[1] == (
        "caf\\udce9.index: 30 videos added, 30 in total (lsh_mean on demo, 20 bits, seed 1)\n"
    )
    in_ascii("search", name, "query.h5", "--html=hits.html", "--csv=hits.csv")
    in_ascii("duplicates", name, "--html=groups.html")
    assert "Search in caf�.index" in read_page(corpus.folder / "hits.html").texts


@pytest.fixture
def foreign(corpus):
    """An index of four equal videos whose names have other letters."""
    save(corpus.query_file, np.concatenate([corpus.queries[:1]] * 4), ["café", "茶", "ok", "naïve"])
    corpus.build(corpus.query_file)


def test_names_on_a_terminal_that_lacks_their_letters(foreign):
    out, _ = in_ascii("search", "videos.index", "query.h5#茶", "--top=4", "--csv=hits.csv")
    assert out.startswith("\\u8336  (query.h5, row 1)\n") and "  na\\xefve" in out
    with open("hits.csv", newline="", encoding="utf-8") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["café", "茶", "ok", "naïve"]
    assert "caf\\xe9   query.h5, row 0" in in_ascii("duplicates", "videos.index")[0]
    assert in_ascii("hash", "query.h5", "--model=model.safetensors", "--row=0")[0].endswith("  query.h5#caf\\xe9\n")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["search", "videos.index", "café"], lambda line: line["query"]["id"]),
        (["duplicates", "videos.index"], lambda line: line["videos"][0]["id"]),
        (["hash", "query.h5", "--model=model.safetensors", "--row=0"], lambda line: line["name"].partition("#")[2]),
    ],
)
def test_json_on_such_a_terminal_is_still_json(foreign, words, found):
    out, _ = in_ascii(*words, "--json")
    assert [found(json.loads(line)) for line in out.splitlines()] == ["café"]
