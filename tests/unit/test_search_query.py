"""Searching an index: distances and order, ways to name a query, what comes out, the command line."""

from __future__ import annotations

import csv
import json

import faiss
import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_files import (
    Corpus,
    T,
    codes_of,
    error,
    expected,
    fails,
    features,
    model,
    ranked,
    run,
    save,
)

from s5vh.base.errors import UserError
from s5vh.methods.discovery import implementation_of
from s5vh.methods.load import resolve_cell
from s5vh.methods.model_file import StoredModel, save_model
from s5vh.retrieval.codes import pack, read_codes
from s5vh.search import nearest as nearest_module
from s5vh.search.build import build_index
from s5vh.search.index import Index
from s5vh.search.nearest import nearest, within
from s5vh.search.query import Search
from s5vh.studies.evaluation import evaluate_model


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Corpus(tmp_path)
    made.build()
    return made


@pytest.fixture
def index(corpus):
    with Index(corpus.index) as opened:
        yield opened


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**16), bits=st.sampled_from([1, 5, 8, 16, 64, 70]), videos=st.integers(1, 40),
    top=st.integers(1, 45), radius=st.integers(0, 40), chunk=st.integers(1, 50), piece=st.integers(1, 50),
    left_out=st.booleans(),
)  # fmt: skip
def test_ranking_is_the_definition_and_the_distances_are_faiss(seed, bits, videos, top, radius, chunk, piece, left_out):
    rng = np.random.default_rng(seed)
    codes, query = (rng.choice(np.array([-1, 1], np.int8), (n, bits)) for n in (videos, 5))
    own = rng.integers(-1, videos, 5) if left_out else np.full(5, -1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearest_module, "_CHUNK", chunk)
        patch.setattr(nearest_module.scan, "PIECE", piece)
        patch.setattr(nearest_module, "_LISTED", 10)
        positions, distances = nearest(pack(query), pack(codes), bits, top, own)
        inside = list(within(pack(query), pack(codes), bits, min(radius, bits), own))
    for row in range(5):
        expected = [(d, j) for d, j in ranked(query[row], codes) if j != own[row]]
        real = distances[row] <= bits
        assert list(zip(distances[row][real], positions[row][real], strict=True)) == expected[:top]
        found = list(zip(inside[row][1], inside[row][0], strict=True))
        assert found == [pair for pair in expected if pair[0] <= radius]
    if not left_out:
        theirs = faiss.IndexBinaryFlat(8 * pack(codes).shape[1])
        theirs.add(pack(codes))
        assert (theirs.search(pack(query), min(top, videos))[0] == distances).all()


@pytest.mark.parametrize("width", [1, 2, 3, 4, 8, 16, 24])
def test_codes_of_any_width_are_ranked_where_they_lie(width):
    """More codes than a tile, not aligned, not to be written to, as in a memory map of an index; many are equal."""
    rng = np.random.default_rng(width)
    file = rng.choice(np.array([0, 1, 255], np.uint8), 33 + 2500 * width)
    file.flags.writeable = False
    codes = file[33:].reshape(2500, width)
    query = codes[[7, 2400]] ^ np.uint8(4)
    distances = np.bitwise_count(query[:, None] ^ codes[None]).sum(axis=2)
    order = np.argsort(distances, axis=1, kind="stable")
    positions, far = nearest(query, codes, 8 * width, 300)
    assert (positions == order[:, :300]).all() and (far == np.take_along_axis(distances, order[:, :300], 1)).all()
    inside = list(within(query, codes, 8 * width, 2 * width))
    for row, (positions, far) in enumerate(inside):
        assert (positions == order[row, : len(positions)]).all() and len(far) == (distances[row] <= 2 * width).sum()


def found(index: Index, *queries: str, top=None, radius=None, **options) -> list[list[tuple[int, str]]]:
    results = Search(index, queries, **options).results(top, radius)
    return [[(hit.distance, hit.video.id) for hit in result.hits] for result in results]


def test_every_way_to_name_a_query(corpus, index):
    queries = codes_of(corpus.queries)
    lists = [expected(corpus, code) for code in queries]
    assert found(index, "query.h5") == lists
    assert found(index, "query.h5", rows=[2, 0]) == [lists[2], lists[0]]
    assert found(index, "query.h5#q3", "query.h5#q1") == [lists[3], lists[1]]
    assert found(index, "query.h5", top=3) == [part[:3] for part in lists]
    bare = save(corpus.folder / "a#b.h5", corpus.queries)
    assert found(index, "a#b.h5#1") == found(index, "a#b.h5#a#b.h5#1") == [lists[1]]
    assert [result.query.id for result in Search(index, [f"{bare}#1"]).results()] == ["a#b.h5#1"]
    # A video of the index finds the others; it takes no model.
    corpus.model.unlink()
    own = expected(corpus, codes_of(corpus.feats)[4], top=30)
    assert found(index, "clip04", top=30) == [[hit for hit in own if hit[1] != "clip04"]]


def test_radius_finds_all_within_it(corpus, index):
    queries = codes_of(corpus.queries)
    for radius in (0, 3, 20, 99):
        all_of_them = [[hit for hit in expected(corpus, code, 30) if hit[0] <= radius] for code in queries]
        assert found(index, "query.h5", radius=radius) == all_of_them
        assert found(index, "query.h5", radius=radius, top=2) == [part[:2] for part in all_of_them]
    ids = [result.hits for result in Search(index, ["clip04"]).results(radius=20)]
    assert [hit.rank for hit in ids[0]] == list(range(1, 30)) and "clip04" not in {hit.video.id for hit in ids[0]}


def test_many_queries_are_encoded_and_ranked_in_blocks(corpus, index, monkeypatch):
    many = features(300, seed=11)
    save(corpus.folder / "many.h5", many)
    monkeypatch.setattr("s5vh.search.feature_rows._BATCH", 128)
    monkeypatch.setattr("s5vh.search.feature_rows.block_size", lambda feats: 128)
    monkeypatch.setattr("s5vh.search.query._TOGETHER", 50)
    codes = codes_of(many)
    assert found(index, "many.h5", top=2) == [expected(corpus, code, 2) for code in codes]


def test_wrong_queries(corpus, index):
    with fails(f"'clip77': neither a file nor the id of a video in {corpus.index} (example id: 'clip00')"):
        Search(index, ["clip77"])
    with fails(f"'': neither a file nor the id of a video in {corpus.index} (example id: 'clip00')"):
        Search(index, [""])
    with fails("query.h5: no video 'q9' (example id: 'q0')"):
        Search(index, ["query.h5#q9"])
    with fails("query.h5: no row 4; the file has 4 videos, numbered from 0"):
        Search(index, ["query.h5"], rows=[0, 4])
    with fails("--row: only applies to feature files, but none of the queries is one"):
        Search(index, ["clip01"], rows=[0])
    save(corpus.folder / "wide.h5", np.ones((2, 3, 9), np.float32))
    with fails("wide.h5: features have dimension 9, but the model (lsh_mean on demo, 20 bits, seed 1) was "
               "trained with 8; provide features of the same kind"):  # fmt: skip
        Search(index, ["clip01", "wide.h5"])
    save(corpus.folder / "none.h5", np.ones((0, 3, 8), np.float32))
    with fails("none.h5: 'feats' has shape (0, 3, 8), expected [videos, frames, feature dimension]"):
        Search(index, ["none.h5"])
    other = model(corpus.folder / "other.safetensors", seed=2)
    with pytest.raises(UserError, match=r"^\S+other\.safetensors: not the model that built "):
        Search(index, ["query.h5"], model_file=other)


def test_an_empty_index_cannot_be_searched(corpus, tmp_path):
    from s5vh.search.index import create_index

    create_index(tmp_path / "empty.index", 20, {"model": {}, "extraction": None, "provenance": {}})
    with Index(tmp_path / "empty.index") as index, fails(
        f"{tmp_path}/empty.index: the index is empty; add videos with `s5vh index`"
    ):  # fmt: skip
        Search(index, ["clip01"])


@pytest.mark.parametrize("method", ["itq_mean", "itq_flat", "lsh_flat", "s5vh"])
def test_codes_are_those_of_the_evaluation(tmp_path, method):
    feats = features(20, seed=4)
    labels = np.eye(5, dtype=np.uint8)[np.arange(20) % 5]
    files = []
    for name in ("train.h5", "query.h5"):
        files.append(save(tmp_path / name, feats[: 20 if name == "train.h5" else 6]))
        with h5py.File(files[-1], "a") as file:
            file["labels"] = labels[: len(file["feats"])]
    small = {"model": {"width": 16, "depth": 1, "decoder_width": 16, "d_state": 2}} if method == "s5vh" else {}
    cell = resolve_cell("demo", method, 8, 1, {method: small})
    make = implementation_of(cell.settings)
    if method == "s5vh":
        import torch

        torch.manual_seed(0)
        network = make(cell.settings, (T, 8, 8), {})
        arrays = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    else:
        arrays = make(bits=8, seed=1, **cell.settings.model.model_dump()).fit(feats).state()
    save_model(tmp_path / "m.safetensors", StoredModel(arrays, cell, T, 8, None, {}))
    evaluate_model(
        tmp_path / "m.safetensors", database_file=files[0], query_file=files[1], protocols={"published": {}},
        output=tmp_path / "cell", device="cpu",
    )  # fmt: skip
    build_index(tmp_path / "i.index", files[:1], model_file=tmp_path / "m.safetensors", device="cpu",
                report=lambda text: None)  # fmt: skip
    stored = read_codes(tmp_path / "cell/codes.npz")
    with Index(tmp_path / "i.index") as index:
        assert (index.codes == stored.database).all()
        results = list(Search(index, [str(files[1])], device="cpu").results(1))
    assert [result.hits[0].distance for result in results] == [0] * 6


def test_commands_from_features_to_results(corpus, capsys):
    index = corpus.folder / "two.index"
    assert run("index", "--model", corpus.model, "--output", index, "videos.h5") == 0
    assert capsys.readouterr().err == (f"{index}: 30 videos added, 30 in total (lsh_mean on demo, 20 bits, seed 1)\n")
    assert run("index", "--output", "two.index", "query.h5") == 0
    assert capsys.readouterr().err == "two.index: 4 videos added, 34 in total (lsh_mean on demo, 20 bits, seed 1)\n"
    assert run("search", "videos.index", "query.h5", "--row=1", "--row=3", "--top=2", "--csv=out.csv") == 0
    out = capsys.readouterr().out
    first, second = (expected(corpus, code, 2) for code in codes_of(corpus.queries)[[1, 3]])
    rows = [corpus.ids.index(name) for _, name in first + second]
    assert out == (
        "q1  (query.h5, row 1)\n"
        "  rank  distance  video   source\n"
        f"     1  {first[0][0]:8d}  {first[0][1]}  videos.h5, row {rows[0]}\n"
        f"     2  {first[1][0]:8d}  {first[1][1]}  videos.h5, row {rows[1]}\n"
        "\n"
        "q3  (query.h5, row 3)\n"
        "  rank  distance  video   source\n"
        f"     1  {second[0][0]:8d}  {second[0][1]}  videos.h5, row {rows[2]}\n"
        f"     2  {second[1][0]:8d}  {second[1][1]}  videos.h5, row {rows[3]}\n"
    )
    with open("out.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert table == [
        {"query_id": query, "rank": str(rank), "id": name, "distance": str(distance), "source": str(corpus.videos)}
        for query, part in (("q1", first), ("q3", second))
        for rank, (distance, name) in enumerate(part, start=1)
    ]
    assert run("search", "videos.index", "query.h5#q1", "clip03", "--json", "--top=2") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {
        "query": {"id": "q1", "source": str(corpus.query_file), "row": 1},
        "hits": [
            {"rank": rank, "distance": distance, "id": name, "source": str(corpus.videos), "row": int(name[4:])}
            for rank, (distance, name) in enumerate(first, start=1)
        ],
    }
    assert lines[1]["query"]["id"] == "clip03" and len(lines[1]["hits"]) == 2


def test_commands_end_in_one_line(corpus, capsys):
    assert error(capsys, "search", "no.index", "clip01") == "no.index: no such index; build it with `s5vh index`"
    assert error(capsys, "search", "videos.h5", "clip01") == ("videos.h5: not an index; build one with `s5vh index`")
    assert error(capsys, "search", "videos.index", "clip1", "--csv=o.csv", "--html=o.html") == (
        "'clip1': neither a file nor the id of a video in videos.index (example id: 'clip00')"
    )
    assert error(capsys, "index", "--output=new.index", "videos.h5") == (
        "new.index: the index does not exist yet; use --model to give the model to build it with"
    )
    assert error(capsys, "index", "--model=no.safetensors", "--output=new.index", "videos.h5") == (
        "no.safetensors: no such model; train it first"
    )
    feats = np.array(corpus.queries)
    feats[3] = np.inf
    save(corpus.folder / "bad.h5", feats)
    assert error(capsys, "search", "videos.index", "bad.h5", "--csv=o.csv", "--html=o.html") == (
        "bad.h5: video 3 has infinity; re-extract its features or omit it"
    )
    assert not list(corpus.folder.glob("o.*")) and not list(corpus.folder.glob(".*"))
    assert not list(corpus.folder.glob("new.*"))
    for words in (["--radius=-1"], ["--top=0"], ["--row=x"]):
        with pytest.raises(SystemExit) as stopped:
            run("search", "videos.index", "query.h5", *words)
        assert stopped.value.code == 2


def test_nothing_within_a_radius(corpus, capsys):
    save(corpus.folder / "far.h5", -corpus.feats[:1] * 100)
    assert run("search", "videos.index", "far.h5", "--radius=0", "--html=hits.html") == 0
    assert capsys.readouterr().out == "far.h5#0  (far.h5, row 0)\n  nothing found\n"
    assert "No hits within distance 0." in (corpus.folder / "hits.html").read_text()


def test_ids_cannot_write_to_the_terminal(corpus, capsys):
    save(corpus.folder / "odd.h5", corpus.queries[:1], ["a\x1b[2J\nb"])
    assert run("search", "videos.index", "odd.h5", "--top=1") == 0
    assert capsys.readouterr().out.startswith("a�[2J�b  (odd.h5, row 0)\n")


def test_lists_of_neighbours_in_memory_are_bounded(monkeypatch):
    """Queries are ranked together as long as what is within the radius of all of them is no more than so many."""
    codes = np.ones((12, 8), np.int8)
    codes[6:] = -1
    codes[11, :4] = 1
    queries = codes[[0, 0, 6, 11, 0, 6]]  # with 6, 6, 5, 1, 6 and 5 codes within a bit
    sizes, ranked_by = [], nearest_module.nearest

    def watched(query, codes, bits, top, leave_out=None):
        sizes.append((len(query), top, None if leave_out is None else leave_out.tolist()))
        return ranked_by(query, codes, bits, top, leave_out)

    monkeypatch.setattr(nearest_module, "nearest", watched)
    for listed, together in ((12, [(2, 6), (3, 6), (1, 5)]), (5, [(1, 6), (1, 6), (1, 5), (1, 1), (1, 6), (1, 5)])):
        monkeypatch.setattr(nearest_module, "_LISTED", listed)
        found = list(within(pack(queries), pack(codes), 8, 1))
        assert [len(positions) for positions, _ in found] == [6, 6, 5, 1, 6, 5]
        assert sizes == [(*pair, None) for pair in together]
        sizes.clear()
    own = np.array([0, 1, 6, 11, -1, 7])
    assert [len(positions) for positions, _ in within(pack(queries), pack(codes), 8, 1, own)] == [5, 5, 4, 0, 6, 4]
    assert [word for _, _, part in sizes for word in part] == own.tolist()
