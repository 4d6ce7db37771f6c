"""What commands load before they do anything, and rankings without compiled code."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_files import Corpus
from shared_results import CELL, make_results

from s5vh.retrieval.codes import pack
from s5vh.search import nearest, nearest_of_few
from s5vh.search.query import _ranking
from s5vh.sharing.export import export

# Runs commands one after the other and tells, for each, which of the watched modules are loaded by then.
PROGRAM = """
import contextlib, io, json, sys
from s5vh.cli import main

watched, commands = json.loads(sys.argv[1])
found = []
for words in commands:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            code = main(words)
        except SystemExit as exit:
            code = exit.code
    found.append([code, [name for name in watched if name in sys.modules]])
print(json.dumps(found))
"""
HEAVY = ("torch", "numba", "scipy", "sklearn", "pandas", "matplotlib", "jinja2", "av", "PIL")
WATCHED = ("numpy", "pydantic", "h5py", *HEAVY)


def test_commands_load_only_what_they_need(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Corpus(tmp_path).build()
    shared = export([make_results(tmp_path / "results") / CELL], tmp_path / "shared")[0]
    commands = [
        ["--help"],
        ["train", "--bits", "16"],
        ["search", "videos.index", "clip01"],
        ["search", "videos.index", "query.h5", "--row", "2"],
        ["doctor", "--no-plan"],
        ["verify-results", str(shared)],
    ]
    given = json.dumps([WATCHED, commands])
    done = subprocess.run([sys.executable, "-c", PROGRAM, given], capture_output=True, text=True, check=True)
    by_id, by_row = ["numpy"], ["numpy", "pydantic", "h5py"]  # the model is a fitted one
    scores = [*by_row, "numba", "scipy"]  # no torch, pandas or matplotlib
    assert json.loads(done.stdout) == [[0, []], [2, []], [0, by_id], [0, by_row], [0, by_row], [0, scores]]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**16), bits=st.sampled_from([1, 8, 13, 64, 70, 130]), videos=st.integers(1, 40),
    top=st.integers(1, 45), radius=st.integers(0, 70), piece=st.integers(1, 50), left_out=st.booleans(),
)  # fmt: skip
def test_rankings_are_those_of_the_compiled_code(seed, bits, videos, top, radius, piece, left_out):
    rng = np.random.default_rng(seed)
    # Few different codes, so that many distances tie.
    kinds = pack(rng.choice(np.array([-1, 1], np.int8), (6, bits)))
    codes, query = kinds[rng.integers(6, size=videos)], kinds[rng.integers(6, size=4)]
    own = rng.integers(-1, videos, 4) if left_out else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearest_of_few, "_PIECE", piece)
        for ours, theirs in zip(
            zip(*nearest_of_few.nearest(query, codes, bits, top, own), strict=True),
            zip(*nearest.nearest(query, codes, bits, top, own), strict=True),
            strict=True,
        ):
            kept = theirs[1] <= bits  # the rest is padding
            assert (ours[1] <= bits).tolist() == kept.tolist()
            for mine, other in zip(ours, theirs, strict=True):
                assert mine.dtype == other.dtype and mine[kept].tolist() == other[kept].tolist()
        for ours, theirs in zip(
            nearest_of_few.within(query, codes, bits, min(radius, bits), own),
            nearest.within(query, codes, bits, min(radius, bits), own),
            strict=True,
        ):
            for mine, other in zip(ours, theirs, strict=True):
                assert mine.dtype == other.dtype and mine.tolist() == other.tolist()


def test_large_searches_are_compiled():
    assert _ranking(nearest_of_few.FEW) is nearest_of_few and _ranking(nearest_of_few.FEW + 1) is nearest
