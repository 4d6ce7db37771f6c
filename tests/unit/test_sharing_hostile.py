"""Exported folders that are damaged, or made to harm whoever opens them: one line, nothing run, nothing left."""

from __future__ import annotations

import io
import os
import zipfile

import numpy as np
import pytest
from shared_results import CELL, copied, disagreements, make_results, refusal, rewrite_json

from s5vh.cli import main
from s5vh.retrieval.codes import read_codes, write_codes
from s5vh.sharing import reading
from s5vh.sharing.export import export
from s5vh.sharing.verification import verify


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    place = tmp_path_factory.mktemp("made")
    return export([make_results(place / "results") / CELL], place / "export")[0]


@pytest.fixture
def folder(shared, tmp_path):
    """A copy to tamper with."""
    return copied(shared, tmp_path / "export")


def codes_file(folder, arrays=None, *, method=zipfile.ZIP_STORED, **replaced):
    """Write codes.npz of raw bytes by name; the others as they are."""
    path = folder / CELL / "codes.npz"
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    kept = arrays if arrays is not None else kept | {f"{name}.npy": data for name, data in replaced.items()}
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in kept.items():
            archive.writestr(name, data)


def npy(array, allow_pickle=False):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array), allow_pickle=allow_pickle)
    return file.getvalue()


def header(shape, dtype="|u1", order=False):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": dtype, "fortran_order": order, "shape": shape})
    return file.getvalue()


class Trap:
    """Leaves a trace if it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def test_exit_code_and_one_line(folder, capsys):
    (folder / CELL / "pr.csv").write_text("")
    assert main(["verify-results", str(folder)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert "pr.csv: its checksum is not the one in SHA256SUMS; the file was changed or damaged" in captured.err


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{0}  ../outside", "line 1 is not the checksum of another file"),
        ("{0}  /etc/hostname", "line 1 is not the checksum"),
        ("{0}  tiny/../../outside", "line 1 is not the checksum"),
        ("{0}  tiny\\outside", "line 1 is not the checksum"),
        ("{0}  a\tb", "line 1 is not the checksum"),
        ("{0}  SHA256SUMS", "line 1 is not the checksum"),
        ("{0}  export.json\n{0}  export.json", "line 2 is not the checksum"),
        ("1234  export.json", "line 1 is not the checksum"),
        ("", "line 1 is not the checksum"),
        ("{0}  nowhere.txt", "nowhere.txt: no such file"),
    ],
)
def test_lists_of_checksums_that_lead_elsewhere(folder, line, problem):
    (folder.parent / "outside").write_text("x")
    (folder / "SHA256SUMS").write_text(line.format("0" * 64) + "\n")
    assert problem in refusal(folder, sums=False)


def test_files_that_no_checksum_covers(folder):
    path = folder / "SHA256SUMS"
    sums = path.read_text().splitlines(keepends=True)
    path.write_text("")
    assert refusal(folder, sums=False) == "FOLDER/export.json: has no checksum in SHA256SUMS; export the results again"
    for name in ("tiny/query.csv", f"{CELL}/metrics.json", f"{CELL}/codes.npz", f"{CELL}/settings.json"):
        path.write_text("".join(line for line in sums if not line.endswith(f"  {name}\n")))
        assert refusal(folder, sums=False).startswith(f"FOLDER/{name}: has no checksum")


def test_links_and_pipes_are_not_followed(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target = folder / CELL / "metrics.json"
    target.rename(tmp_path / "elsewhere/metrics.json")
    target.symlink_to(tmp_path / "elsewhere/metrics.json")
    assert f"FOLDER/{CELL}/metrics.json: is a link; an exported folder has only files" in refusal(folder)
    target.unlink()
    sums = (folder / "SHA256SUMS").read_text()
    os.mkfifo(target)
    (folder / "SHA256SUMS").write_text(sums)
    assert "metrics.json: is not a regular file" in refusal(folder, sums=False)
    (folder / "tiny").rename(tmp_path / "elsewhere/tiny")
    (folder / "tiny").symlink_to(tmp_path / "elsewhere/tiny")
    assert "FOLDER/tiny: is a link" in refusal(folder, sums=False)


def test_what_is_no_export(tmp_path, folder):
    assert refusal(tmp_path / "nowhere", sums=False) == "FOLDER: is no folder; give the one that `s5vh export` wrote"
    assert "is no folder" in refusal(folder / "README.md", sums=False)
    assert "has no SHA256SUMS, so it is not a folder that `s5vh export` wrote" in refusal(tmp_path, sums=False)


def test_pickles_are_not_opened(folder, tmp_path):
    trap = np.array([Trap(str(tmp_path / "sprung"))], dtype=object)
    codes_file(folder, database=npy(trap, allow_pickle=True))
    assert "codes.npz: database: has type object, expected whole numbers" in refusal(folder)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("replaced", "problem"),
    [
        ({"database": header((10**12, 2))}, "states shape [1000000000000, 2] of uint8, but has 0 bytes"),
        ({"database": header((-1, 2))}, "states shape [-1, 2]"),
        ({"database": header((0, 10**30))}, "states shape [0, 1000000000000000000000000000000]"),
        ({"database": header((True, True)) + b"x"}, "states shape [True, True]"),
        ({"database": header((30, 2), order=True) + bytes(60)}, "states shape [30, 2]"),
        ({"database": b"\x93NUMPY\x01\x00" + b"\xff\xff" + b"(" * 65535}, "database: not a readable array"),
        ({"database": b"\x93NUMPY\x09\x00"}, "version (9, 0) of the format"),
        ({"database": b"PK"}, "not a readable array"),
        ({"query": npy(np.zeros((9, 2)))}, "has type float64"),
        ({"query": npy(np.zeros((9, 2), np.int16))}, "query: an array int16 [9, 2], expected packed codes"),
        ({"query": npy(np.zeros((0, 2), np.uint8))}, "query: an array uint8 [0, 2]"),
        ({"query": npy(np.zeros((9, 3), np.uint8))}, "12 bits take 2 bytes per video, got 3 bytes"),
        ({"query": npy(np.full((9, 2), 255, np.uint8))}, "padding bits beyond 12 bits are set"),
        ({"query": npy(np.zeros((8, 2), np.uint8))}, "8 query codes, but 9 videos are listed"),
        ({"bits": npy(np.int64(-3))}, "bits must be a whole number from 1 to 4096"),
        ({"bits": npy(np.array([12]))}, "bits must be a whole number"),
        ({"more": npy(0)}, "must have the arrays bits, database and query, and nothing else"),
        ({"arrays": {"../x.npy": npy(0)}}, "must have the arrays bits, database and query"),
    ],
)
def test_codes_that_are_none(folder, replaced, problem):
    codes_file(folder, **replaced)
    assert problem in refusal(folder)


def test_names_in_an_archive_that_are_no_text(folder):
    codes_file(folder, {"\u00e9.npy": b""})
    path = folder / CELL / "codes.npz"
    path.write_bytes(path.read_bytes().replace("\u00e9".encode(), b"\xff\xff"))
    assert "not a readable file of codes" in refusal(folder)


def test_labels_that_would_fill_the_memory(folder):
    (folder / "tiny/database.csv").write_text("id,labels\n" + "x,0\n" * 8193)
    rewrite_json(folder / "export.json", lambda told: told["data"]["tiny"].update(classes=2**16))
    assert "8193 videos of 65536 classes are more than can be scored here" in refusal(folder)


def test_codes_that_would_fill_the_memory(folder):
    codes_file(folder, database=npy(np.zeros((10**6, 2), np.uint8)), method=zipfile.ZIP_DEFLATED)
    assert "codes.npz: is compressed, which exported codes are not" in refusal(folder)
    (folder / CELL / "codes.npz").write_bytes(b"PK\x03\x04 and so on")
    assert "not a readable file of codes" in refusal(folder)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "not a JSON object"),
        ("{", "not valid JSON"),
        ('{"protocols": NaN}', "NaN is no number of JSON"),
        ('{"protocols": 1e999}', "1e999 is too large"),
        ('{"bits": 12, "bits": 64}', "a key is there twice"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "not valid JSON"),
        ('{"a": ' + "[" * 200 + "]" * 200 + "}", "more than 32 levels"),
        ('{"a": 1' + "0" * 30 + "}", "a whole number of more than 64 bits"),
        ('{"\\u001b[2J": 1}', "a key is no printable text"),
        ('{"protocols": []}', "'protocols' is missing or of the wrong type"),
        ('{"protocols": {"x": 3}}', "'settings' is missing or of the wrong type"),
        ('{"protocols": {"x": {"settings": {"cutoffs": ["5"]}}}}', "metrics.json: protocol: cutoffs must be incr"),
        ('{"protocols": {"x": {"settings": {"ties": ["a"]}}}}', "ties must be one of"),
        ('{"protocols": {"x": {"settings": {"cutoffs": [1, 99999999999]}}}}', "larger cut-offs than can be scored"),
    ],
)
def test_metrics_that_are_none(folder, text, problem):
    (folder / CELL / "metrics.json").write_text(text)
    assert problem in refusal(folder)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda told: told.update(format=2), "format 2, but this version of s5vh reads format 1"),
        (lambda told: told.update(cells=[]), "must list every cell once"),
        (lambda told: told["cells"].append(told["cells"][0]), "must list every cell once"),
        (lambda told: told["cells"][0].update(method=".."), "is no cell"),
        (lambda told: told["cells"][0].update(method="a/../../b"), "is no cell"),
        (lambda told: told["cells"][0].update(bits=True), "'bits' is missing or of the wrong type"),
        (lambda told: told["cells"][0].update(seed=8), "seed8/metrics.json: has no checksum in SHA256SUMS"),
        (lambda told: told["data"].update(other=told["data"]["tiny"]), "the data sets of these cells"),
        (lambda told: told["data"]["tiny"].update(labels="perhaps"), "does not say whether its labels are here"),
        (lambda told: told["data"]["tiny"].update(labels="none"), "must have the columns id"),
        (lambda told: told["data"]["tiny"].update(classes=10**9), "1000000000 classes; at most 65536"),
        (lambda told: told["data"]["tiny"].update(classes=2), "'2' is no number from 0 to 1"),
        (lambda told: told["data"]["tiny"].update(queries=10), "'queries' is 10, but 9 videos are listed"),
        (lambda told: told["data"]["tiny"]["aspects"]["pair"].update(groups=[0, 0, 10**9]), "number of a group"),
        (lambda told: told["data"]["tiny"]["aspects"]["pair"].update(within="x"), "within 'x', which is no other"),
    ],
)
def test_contents_that_are_none(folder, change, problem):
    rewrite_json(folder / "export.json", change)
    assert problem in refusal(folder)


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("database.csv", "", "must have the columns id, labels"),
        ("database.csv", "id,labels\n", "lists no video"),
        ("database.csv", "id,labels\na\n", "row 2 has 1 entries, expected 2"),
        ("database.csv", "id,labels\na,-1\n", "'-1' is no number from 0 to 2"),
        ("database.csv", "id,labels\na,\u0661\n", "is no number from 0 to 2"),
        ("database.csv", 'id,labels\n"a,0\n', "not a readable CSV file"),
        ("database.csv", b"id,labels\n\xff,0\n", "is not text in UTF-8"),
        ("query.csv", "id,labels,database_row\na,0,30\n", "'30' is no number from 0 to 29"),
        ("query.csv", "id,labels,database_row\na,0,1e1\n", "'1e1' is no number"),
        ("lsh_mean/12bit/seed1/pr.csv", "a,b\n", "must have the columns protocol, curve"),
        ("lsh_mean/12bit/seed1/pr.csv", "protocol,curve,position,precision,recall\np,r,1,x,0\n", "'x' is no number"),
        ("lsh_mean/12bit/seed1/pr.csv", "protocol,curve,position,precision,recall\np,r,1,nan,0\n", "is no number"),
        ("lsh_mean/12bit/seed1/pr.csv", "protocol,curve,position,precision,recall\np,r,1,,0\np,r,1,,1\n", "twice"),
    ],
)
def test_tables_that_are_none(folder, file, text, problem):
    (folder / "tiny" / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    assert problem in refusal(folder)


def test_texts_that_are_too_long(folder, monkeypatch):
    monkeypatch.setattr(reading, "_LARGEST_TEXT", 100_000)
    (folder / CELL / "pr.csv").write_text("x" * 100_001)
    assert "pr.csv: more than 0 MiB, which no exported text has" in refusal(folder)


@pytest.mark.parametrize(
    "front",
    [
        "a: &a [1, 1]\nb: &b [*a, *a]\nmodel-index: [*b, *b]",
        "model-index: !!python/object/apply:os.system ['true']",
        "model-index: 0x" + "f" * 5000,
        "model-index: " + "[" * 50_000,
        "model-index:\n" + "- " * 50_000,
        "model-index: [",
    ],
)
def test_cards_that_are_traps_claim_nothing(folder, front):
    card = folder / "README.md"
    text = card.read_text()
    card.write_text(f"---\n{front}\n---\n{text[text.index('---', 3) + 4 :]}")
    found = disagreements(folder)
    assert "model-index" in found and "table" not in found


def test_files_without_a_checksum_are_named_and_not_read(folder, capsys):
    (folder / ".gitattributes").write_text("* -text")
    (folder / "more\x1b[2J").symlink_to("/etc/hostname")
    for name in (".git/refs/heads", "tiny/.cache"):
        (folder / name).mkdir(parents=True)
        (folder / name / "main").write_text("0")
    assert verify(folder).uncovered == [".git/", ".gitattributes", "more\x1b[2J", "tiny/.cache/"]
    assert main(["verify-results", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "note: no checksum and not looked at: .git/, .gitattributes, more" in said and "\x1b" not in said
    (folder / "README.md").unlink()
    lines = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(line for line in lines if "README" not in line))
    assert "the model card was not checked" in verify(folder).notes[0]


def test_codes_are_read_as_numpy_reads_them(folder):
    path = folder / CELL / "codes.npz"
    mine, numpys = reading.read_shared_codes(path), read_codes(path)
    assert mine.bits == numpys.bits == 12
    assert np.array_equal(mine.database, numpys.database) and np.array_equal(mine.query, numpys.query)
    write_codes(path, mine.database[:, :1], mine.query[:, :1], 8)
    assert reading.read_shared_codes(path).database.shape == (30, 1)
