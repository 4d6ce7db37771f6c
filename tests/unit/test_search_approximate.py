"""Approximate search with faiss's inverted file beside the exact search."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from search_files import Corpus, error, fails, random_codes, run, save

from s5vh.retrieval.codes import pack
from s5vh.search import approximate
from s5vh.search.approximate import clusters_for, ivf_path, recall_of
from s5vh.search.index import Index
from s5vh.search.query import Search
from s5vh.search.scan import nearest_center


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(approximate, "_CHUNK", 7)
    return Corpus(tmp_path)


def distances(index: Index, *queries, **how) -> list[list[int]]:
    return [[hit.distance for hit in result.hits] for result in Search(index, queries).results(**how)]


def test_all_probes_find_what_the_exact_search_finds_and_fewer_find_no_more(corpus):
    np.save("codes.npy", pack(random_codes(300, 20)))
    said = corpus.build(corpus.folder / "codes.npy", corpus.videos, approximate=True)
    ivf = ivf_path(corpus.index)
    assert said[1] == f"{ivf}: 330 videos in 16 clusters"
    assert said[2].startswith(f"{ivf}: share of the 10 nearest that searches for videos of the index find: 0.")
    assert said[2].endswith("1.00 with --probes 16")
    with Index(corpus.index) as index:
        for top in (1, 10, 400):
            exact = distances(index, "query.h5", "codes.npy#7", "clip04", top=top)
            assert distances(index, "query.h5", "codes.npy#7", "clip04", top=top, probes=16) == exact
        few = distances(index, "query.h5", "codes.npy#7", "clip04", top=10, probes=1)
        exact = distances(index, "query.h5", "codes.npy#7", "clip04", top=10)
        for ours, theirs in zip(few, exact, strict=True):
            assert all(far >= near for far, near in zip(ours, theirs, strict=False)) and ours == sorted(ours)
        (own,) = Search(index, ["clip04"]).results(top=400, probes=16)
        assert len(own.hits) == 329 and "clip04" not in [hit.video.id for hit in own.hits]
        with fails("--probes: cannot be combined with --radius, which finds all videos within it"):
            distances(index, "query.h5", radius=3, probes=1)


def test_it_is_of_the_codes_that_the_index_has(corpus, capsys):
    corpus.build()
    ivf = ivf_path(corpus.index)
    remedy = f"build it with `s5vh index --output {corpus.index} --approximate`, or search without --probes"
    words = ("search", corpus.index, "query.h5", "--probes", 4)
    assert error(capsys, *words) == f"{ivf}: no such file; {remedy}"
    assert corpus.build_none(approximate=True)[1] == f"{ivf}: 30 videos in 4 clusters"
    assert corpus.build_none(approximate=True)[1] == f"{ivf}: up to date"
    assert run(*words) == 0
    capsys.readouterr()
    changed = corpus.feats.copy()
    changed[3] *= -1
    save(corpus.videos, changed, corpus.ids)  # as many codes, but others
    assert corpus.build()[-1] == f"{ivf}: out of date; add --approximate to build it anew"
    assert error(capsys, *words) == f"{ivf}: not of the videos that {corpus.index} has now; {remedy}"
    before = ivf.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(approximate, "_recall", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):  # the new file is there, but not known to be
            corpus.build(approximate=True)
    assert error(capsys, *words) == f"{ivf}: not of the videos that {corpus.index} has now; {remedy}"
    corpus.build(approximate=True)
    assert run(*words) == 0
    capsys.readouterr()
    for content, told in ((before[:99], "damaged"), (before, "belongs to another index")):
        ivf.write_bytes(content)
        assert (
            error(capsys, "search", corpus.index, "query.h5", "--probes", 4, "--top", 30) == f"{ivf}: {told}; {remedy}"
        )


def test_a_kill_leaves_the_old_file(corpus, monkeypatch):
    corpus.build(approximate=True)
    ivf = ivf_path(corpus.index)
    before = ivf.read_bytes()
    faiss = approximate.import_faiss()

    def dies(index, path):
        with open(path, "wb") as file:
            file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(faiss, "write_index_binary", dies)
    with pytest.raises(KeyboardInterrupt):
        corpus.build(save(corpus.folder / "more.h5", -corpus.feats), approximate=True)
    assert ivf.read_bytes() == before and not list(corpus.folder.glob(".*"))


def test_without_faiss_one_line_says_so_before_anything_is_encoded(corpus, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    told = (
        "approximate search needs faiss, which is not installed; install it with `pip install faiss-cpu`, or search "
        "exactly, without --probes"
    )
    model = ("--model", corpus.model, "--output", corpus.index)
    assert error(capsys, "index", corpus.videos, *model, "--approximate") == told
    assert not corpus.index.exists()
    corpus.build()
    assert error(capsys, "search", corpus.index, "clip01", "--probes", 1) == told


def test_clusters_and_recall():
    assert [clusters_for(videos) for videos in (0, 1, 30, 10**6, 10**9)] == [1, 1, 4, 1024, 4096]
    exact = np.array([[0, 1, 1], [2, 3, 5]])
    assert recall_of(exact, [np.array([0, 1, 1]), np.array([2, 3, 5])]) == 1
    assert recall_of(exact, [np.array([1, 1, 2]), np.array([5])]) == 3 / 6
    for width in (2, 8, 16, 24):
        rng = np.random.default_rng(width)
        codes, centers = (rng.integers(0, 3, (n, width), dtype=np.uint8) for n in (1500, 20))
        expected = np.bitwise_count(codes[:, None] ^ centers[None]).sum(axis=2).argmin(axis=1)
        assert (nearest_center(codes, centers) == expected).all()
