"""Near-duplicates: groups against all pairs, skewed codes, and what the command writes."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_files import MODEL, Corpus, error, read_page, run, written

from s5vh.retrieval.codes import pack
from s5vh.search import linkage
from s5vh.search.duplicates import default_radius
from s5vh.search.index import create_index
from s5vh.search.linkage import linked_groups

BITS = (1, 7, 8, 16, 20, 32, 64, 65, 130)


def brute_force(codes: np.ndarray, radius: int) -> list[list[int]]:
    """Groups of codes int8 [N, K], by the definition: spread from code to code."""
    near = (codes[:, None] != codes[None]).sum(axis=2) <= radius
    left, groups = set(range(len(codes))), []
    while left:
        group, queue = set(), [min(left)]
        while queue:
            group.add(queue[0])
            queue += [other for other in np.flatnonzero(near[queue.pop(0)]).tolist() if other not in group | {*queue}]
        left -= group
        if len(group) > 1:
            groups.append(sorted(group))
    return sorted(groups, key=lambda group: (-len(group), group[0]))


def check(codes: np.ndarray, radius: int, small: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linkage, "_SMALL", small)
        found = linked_groups(pack(codes), radius)
    assert [group.tolist() for group in found] == brute_force(codes, radius)


SIGNS = np.array([-1, 1], np.int8)
small_runs = st.sampled_from([1, 2, 5, 20, 4096])


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 2**16), bits=st.sampled_from(BITS), videos=st.integers(1, 60), radius=st.integers(0, 12),
    small=small_runs,
)  # fmt: skip
def test_random_codes(seed, bits, videos, radius, small):
    check(np.random.default_rng(seed).choice(SIGNS, (videos, bits)), radius, small)


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 2**16), bits=st.sampled_from(BITS), videos=st.integers(1, 60), radius=st.integers(0, 6),
    centers=st.integers(1, 5), flips=st.integers(0, 5), varying=st.integers(0, 130), small=small_runs,
)  # fmt: skip
def test_skewed_codes(seed, bits, videos, radius, centers, flips, varying, small):
    """Few codes and what is a few bits away from them, in chains, with bits that never vary."""
    rng = np.random.default_rng(seed)
    codes = rng.choice(SIGNS, (centers, bits))[rng.integers(centers, size=videos)]
    for _ in range(flips):
        codes[np.arange(videos), rng.integers(bits, size=videos)] *= -1
    codes[:, varying:] = 1
    check(codes, radius, small)


@pytest.mark.parametrize("bits", BITS)
def test_identical_codes_are_one_group(bits):
    codes = np.zeros((1000, -(-bits // 8)), np.uint8)
    for radius in (0, 1, bits):
        (group,) = linked_groups(codes, radius)
        assert (group == np.arange(1000)).all()
    assert linked_groups(codes[:1], 1) == [] and linked_groups(codes[:0], 1) == []


def test_a_chain_is_one_group_and_a_gap_divides_it():
    codes = np.where(np.arange(40) < np.arange(41)[:, None], 1, -1).astype(np.int8)  # each one bit from the next
    (group,) = linked_groups(pack(codes), 1)
    assert len(group) == 41
    halves = linked_groups(pack(np.delete(codes, 25, axis=0)), 1)
    assert [group.tolist() for group in halves] == [list(range(25)), list(range(25, 40))]


def test_planted_duplicates_among_many(monkeypatch):
    """More codes than are compared without dividing them, and no chance that others are near."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 256, (20_000, 8), dtype=np.uint8)
    copies = codes[:500].copy()
    for flip in range(2):
        copies[np.arange(500), rng.integers(8, size=500)] ^= np.uint8(1 << flip)
    places = 1000 + 20 * np.arange(500)
    codes[places] = copies
    groups = linked_groups(codes, 2)
    assert [group.tolist() for group in groups] == [[row, place] for row, place in enumerate(places.tolist())]


def test_default_radius():
    assert [default_radius(bits) for bits in (8, 16, 31, 32, 64, 128)] == [0, 0, 0, 1, 2, 4]


@pytest.fixture
def index(tmp_path, monkeypatch):
    """32-bit codes: v0, v3 and v4 in a chain of single bits, v1 and v6 the same, others far away."""
    monkeypatch.chdir(tmp_path)
    codes = np.random.default_rng(3).choice(SIGNS, (8, 32))
    codes[3], codes[4], codes[6] = codes[0], codes[0], codes[1]
    codes[3, 5] *= -1
    codes[4, [5, 9]] *= -1
    create_index(tmp_path / "i.index", 32, MODEL | {"model": Corpus(tmp_path).record(32)})
    written(tmp_path / "i.index", codes)
    return tmp_path / "i.index"


GROUPS = [[("v0", 0), ("v3", 1), ("v4", 2)], [("v1", 0), ("v6", 0)]]


def test_groups_as_text(index, capsys):
    assert run("duplicates", "i.index") == 0
    out, err = capsys.readouterr()
    assert out == (
        "group 1: 3 videos\n"
        "  distance  video  source\n"
        "         0  v0     /videos.h5, row 0\n"
        "         1  v3     /videos.h5, row 3\n"
        "         2  v4     /videos.h5, row 4\n"
        "\n"
        "group 2: 2 videos\n"
        "  distance  video  source\n"
        "         0  v1     /videos.h5, row 1\n"
        "         0  v6     /videos.h5, row 6\n"
    )
    assert err == "i.index: 2 groups of near-duplicates, 5 of 8 videos, in steps of at most 1 of 32 bits\n"


def test_groups_as_json_and_csv(index, capsys):
    assert run("duplicates", "i.index", "--json", "--csv=d.csv", "--radius=1") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        {"group": number, "videos": [
            {"distance": distance, "id": name, "source": "/videos.h5", "row": int(name[1:])} for name, distance in group
        ]}
        for number, group in enumerate(GROUPS, start=1)
    ]  # fmt: skip
    with open("d.csv", newline="") as file:
        assert list(csv.DictReader(file)) == [
            {"group": str(number), "id": name, "distance": str(distance), "source": "/videos.h5"}
            for number, group in enumerate(GROUPS, start=1)
            for name, distance in group
        ]


def test_radius_and_number_of_groups(index, capsys):
    assert run("duplicates", "i.index", "--radius=0", "--json") == 0
    out, err = capsys.readouterr()
    assert [[video["id"] for video in json.loads(line)["videos"]] for line in out.splitlines()] == [["v1", "v6"]]
    assert err == "i.index: 1 group of near-duplicates, 2 of 8 videos, in steps of at most 0 of 32 bits\n"
    assert run("duplicates", "i.index", "--top=1", "--json") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert run("duplicates", "i.index", "--radius=99", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["videos"]) == 8


def test_a_group_of_nearly_everything_is_noted(index, capsys, monkeypatch):
    monkeypatch.setattr("s5vh.search.duplicates._FEW", 4)
    assert run("duplicates", "i.index", "--radius=32", "--json") == 0
    assert capsys.readouterr().err.splitlines()[1] == (
        "i.index: note: 100% of the videos are in one group; use a smaller radius, or codes of more bits or another "
        "model, if they differ"
    )


def test_groups_as_a_page(index, capsys, monkeypatch):
    assert run("duplicates", "i.index", "--html=d.html") == 0
    shown = read_page(index.parent / "d.html")
    assert {"Near-duplicates in i.index", "Group 1: 3 videos", "Group 2: 2 videos", "2 / 32"} <= set(shown.texts)
    assert not {"script", "link", "iframe"} & set(shown.tags)
    monkeypatch.setattr("s5vh.search.page.GROUPS", 1)
    monkeypatch.setattr("s5vh.search.page.MEMBERS", 2)
    capsys.readouterr()
    assert run("duplicates", "i.index", "--html=d.html") == 0
    assert capsys.readouterr().err.splitlines()[1] == "d.html: written; open it in a browser (first 1 of 2 groups)"
    shown = read_page(index.parent / "d.html")
    assert {"1 of 2 shown", "Showing 2 of 3 videos."} <= set(shown.texts) and "v4" not in shown.texts
    assert run("duplicates", "i.index", "--radius=0", "--html=d.html") == 0
    create_index(index.parent / "none.index", 32, MODEL | {"model": Corpus(index.parent).record(32)})
    written(index.parent / "none.index", np.array([[-1] * 32, [1] * 32], np.int8))
    assert run("duplicates", "none.index", "--html=d.html") == 0
    assert "No two videos within distance 1." in read_page(index.parent / "d.html").texts


def test_wrong_input(index, capsys):
    assert error(capsys, "duplicates", "no.index") == "no.index: no such index; build it with `s5vh index`"
    create_index(index.parent / "empty.index", 32, MODEL)
    assert error(capsys, "duplicates", "empty.index", "--csv=d.csv") == (
        "empty.index: the index is empty; add videos with `s5vh index`"
    )
    assert not (index.parent / "d.csv").exists()
    with pytest.raises(SystemExit):
        run("duplicates", "i.index", "--radius=-1")
