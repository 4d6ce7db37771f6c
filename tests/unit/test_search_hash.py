"""`s5vh hash`: codes as hexadecimal digits."""

from __future__ import annotations

import json

import numpy as np
import pytest
from search_files import Corpus, clips, codes_of, contents, error, features, model, run, save, stand_in

from s5vh.retrieval.codes import pack
from s5vh.search.hashing import hex_digits


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Corpus(tmp_path)


@pytest.mark.parametrize(
    ("positive", "bits", "digits"),
    [([0], 8, "80"), ([7], 8, "01"), ([0, 1, 2, 3], 16, "f000"), ([4, 15], 16, "0801"), ([0, 8, 19], 20, "808010")],
)
def test_the_first_bit_is_the_highest_of_the_first_digit(positive, bits, digits):
    code = np.full((1, bits), -1, np.int8)
    code[0, positive] = 1
    assert hex_digits(pack(code)[0]) == digits


def test_hashes_are_what_an_index_stores(corpus, capsys):
    corpus.build()
    assert run("hash", "videos.h5", "--model=model.safetensors") == 0
    lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    assert {name: bytes.fromhex(digits) for digits, name in lines} == {
        f"videos.h5#{name}": code for name, code in contents(corpus.index).items()
    }
    bits = codes_of(corpus.feats)
    assert [digits for digits, _ in lines] == [
        f"{int(''.join('1' if bit > 0 else '0' for bit in code) + '0000', 2):06x}" for code in bits
    ]


def test_every_name_is_a_query(corpus, capsys):
    corpus.build()
    bare = save(corpus.folder / "bare.h5", features(2))
    assert run("hash", bare, "query.h5", "--model=model.safetensors", "--row=1") == 0
    names = [line.split("  ")[1] for line in capsys.readouterr().out.splitlines()]
    assert names == [f"{bare}#1", "query.h5#q1"]
    assert run("search", "videos.index", *names, "--json") == 0
    assert [json.loads(line)["query"]["row"] for line in capsys.readouterr().out.splitlines()] == [1, 1]


def test_hashes_as_json(corpus, capsys):
    assert run("hash", "query.h5", "--model=model.safetensors", "--row=2", "--json") == 0
    (code,) = pack(codes_of(corpus.queries[2:3]))
    assert json.loads(capsys.readouterr().out) == {"name": "query.h5#q2", "bits": 20, "code": code.tobytes().hex()}


def test_hashes_of_videos(corpus, monkeypatch, capsys):
    stand_in(monkeypatch)
    clips(corpus.folder / "clips", b=1, a="broken")
    clips(corpus.folder / "clips/odd", **{"line\nbreak\\": 2})
    assert run("hash", "clips", "clips/b.mp4", "--model=model.safetensors") == 2
    out, err = capsys.readouterr()
    code, odd = (
        pack(codes_of(np.random.default_rng(n).standard_normal((1, 3, 8)).astype(np.float32)))[0].tobytes().hex()
        for n in (1, 2)
    )
    assert out.splitlines() == [
        f"{code}  clips/b.mp4",
        f"\\{odd}  clips/odd/line\\nbreak\\\\.mp4",
        f"{code}  clips/b.mp4",
    ]
    assert err.splitlines() == [
        "clips/a.mp4: no frame can be decoded; skipped",
        "s5vh: error: 1 of 4 input videos could not be read; see above",
    ]


def test_wrong_input(corpus, monkeypatch, capsys):
    model_option = "--model=model.safetensors"
    assert error(capsys, "hash", "no.h5", model_option) == "no.h5: no such file"
    assert error(capsys, "hash", "query.h5", "--model=no") == "no: no such model; train it first"
    save(corpus.folder / "wide.h5", np.ones((2, 3, 9), np.float32))
    assert error(capsys, "hash", "query.h5", "wide.h5", model_option) == (
        "wide.h5: features have dimension 9, but the model (lsh_mean on demo, 20 bits, seed 1) was trained with 8; "
        "provide features of the same kind"
    )
    assert error(capsys, "hash", "query.h5", model_option, "--row=4") == (
        "query.h5: no row 4; the file has 4 videos, numbered from 0"
    )
    stand_in(monkeypatch)
    clips(corpus.folder, a=1)
    assert error(capsys, "hash", "a.mp4", model_option, "--row=0") == (
        "--row: only applies to feature files, but none of the videos is in one"
    )


@pytest.mark.parametrize("bits", [8, 20, 64])
def test_two_digits_for_each_byte(corpus, capsys, bits):
    model(corpus.folder / "m.safetensors", bits)
    assert run("hash", "query.h5", "--model=m.safetensors") == 0
    assert {len(line.split("  ")[0]) for line in capsys.readouterr().out.splitlines()} == {2 * -(-bits // 8)}
