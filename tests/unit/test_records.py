"""Records of where results come from, kinds of files by their first bytes, and settings of the allocator."""

from __future__ import annotations

import ctypes
import hashlib
import io
import json
import struct
import tarfile
import zipfile
from datetime import datetime

import pytest

import s5vh
from s5vh.base import memory
from s5vh.base import provenance as provenance_module
from s5vh.base.cores import available_cores
from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_csv, write_json
from s5vh.base.provenance import digest, hardware, library_versions, origin, provenance
from s5vh.data.kinds import HDF5, end_of_hdf5, has_broken_heap, hdf5_head, is_truncated_hdf5, kind_of, wrong_kind


def test_digests_do_not_depend_on_the_order_of_keys():
    assert digest({"a": 1, "b": [2, 3]}) == digest({"b": [2, 3], "a": 1}) != digest({"a": 1, "b": [3, 2]})
    assert digest([1]) == hashlib.sha256(b"[1]").hexdigest()[:16]


def test_a_record_has_what_was_given_and_what_the_machine_is():
    record = provenance(settings={"k": 3}, seed=0, device="card", files=2)
    given = {"settings": {"k": 3}, "settings_digest": digest({"k": 3}), "seed": 0, "device": "card", "files": 2}
    assert given.items() <= record.items()
    assert record["s5vh"] == s5vh.__version__ and datetime.fromisoformat(record["created"]).utcoffset().seconds == 0
    assert (record["hardware"], record["libraries"]) == (hardware(), library_versions())
    bare = provenance()
    assert bare["device"] == "cpu" and not {"settings", "settings_digest", "seed"} & set(bare)
    json.dumps(record)


def test_the_machine_is_described_in_gibibytes(monkeypatch):
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2**20}
    monkeypatch.setattr(provenance_module.os, "sysconf", sizes.__getitem__)
    found = hardware.__wrapped__()
    assert (found["memory_gib"], found["cores"]) == (4.0, available_cores())
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    assert not names or found["cpu"] == names[0]


def test_libraries_that_are_not_installed_are_left_out(monkeypatch):
    monkeypatch.setattr(provenance_module, "_LIBRARIES", ("numpy", "no-such-library", "torch"))
    assert list(library_versions.__wrapped__()) == ["python", "numpy", "torch"]


def test_the_origin_of_a_file_is_its_content(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"abc")
    assert origin(tmp_path / "a.bin") == {
        "file": "a.bin", "bytes": 3, "sha256": hashlib.sha256(b"abc").hexdigest(),
    }  # fmt: skip


def test_freed_memory_is_kept(monkeypatch):
    calls = []
    library = type("Library", (), {"mallopt": staticmethod(lambda *pair: calls.append(pair))})
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    memory.keep_freed_memory()
    assert sorted(calls) == [(-4, 0), (-1, 2**31 - 1)]  # no maps of their own; never trimmed
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    memory.keep_freed_memory()
    assert len(calls) == 2


def test_tables_and_records_as_files(tmp_path):
    write_csv(tmp_path / "a.csv", [{"x": 1, "y": "é"}, {"x": 2, "y": None}])
    assert (tmp_path / "a.csv").read_text() == "x,y\n1,é\n2,\n"
    write_csv(tmp_path / "a.csv", [{"x": 1, "y": 2}], ["y", "x"])
    assert (tmp_path / "a.csv").read_text() == "y,x\n2,1\n"
    write_csv(tmp_path / "a.csv", [], ["y"])
    assert (tmp_path / "a.csv").read_text() == "y\n"
    write_json(tmp_path / "a.json", {"b": 1 / 3, "a": [1]})
    assert (tmp_path / "a.json").read_text() == '{\n  "b": 0.3333333333333333,\n  "a": [\n    1\n  ]\n}\n'
    with pytest.raises(ValueError, match="Out of range float"):
        write_json(tmp_path / "a.json", float("nan"))
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(UserError, match=r"a\.json: not valid JSON \("):
        read_json(tmp_path / "a.json")


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return target.getvalue()


def tarred() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "an empty file"),
        (struct.pack("<Q", 5) + b'{"a":1}', "a model"),
        (struct.pack("<Q", 2**27 - 1) + b"{}", "a model"),
        (struct.pack("<Q", 2**27) + b"{\xff\xff", None),
        (b"MATLAB 5.0", "a MATLAB file"),
        (b"IBxF", "an index of codes"),
        *((b"\x80" + bytes([version]) + b".", "a pickle file") for version in (2, 3, 4, 5)),
        (b"\x93NUMPY\1\0", "a NumPy array"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"BZh9", "a bzip2 archive"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"Rar!\x1a", "a RAR archive"),
        (b"%PDF-1.7", "a PDF file"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"\x1aE\xdf\xa3", "a video"),
        (b"RIFF\0\0\0\0AVI ", "a video or picture"),
        (tarred(), "a tar archive"),
        (zipped("a/data.pkl", "b"), "a PyTorch checkpoint"),
        (zipped("a.npy", "b.npy"), "a NumPy archive"),
        (zipped("a.npy", "b.txt"), "a zip archive"),
        (b"\xef\xbb\xbf \r\n<!DocType HTML>", "a web page"),
        (b"\t<HTML lang=en>", "a web page"),
        (b"<body>", "a text file"),
        (b"a\tb\r\n", "a text file"),
        (b"a\x07b", None),
    ],
)
def test_kinds_by_the_first_bytes(tmp_path, content, kind):
    path = tmp_path / "f"
    path.write_bytes(content)
    assert kind_of(path) == kind
    error = wrong_kind(path, "a feature file")
    assert (error and str(error)) == (kind and f"{path}: is {kind}, not a feature file")
    assert kind is None or wrong_kind(path, kind) is None


def superblock(version: int, end: int, width: int = 8) -> bytes:
    """The start of an HDF5 file whose superblock says that it has `end` bytes."""
    if version in (0, 1):
        start = HDF5 + bytes([version, 0, 0, 0, 0, width, width, 0]) + bytes(8 + 4 * version)
    else:
        start = HDF5 + bytes([version, width, width, 0])
    return (start + bytes(2 * 8) + struct.pack("<Q", end)).ljust(96, b"\0")


@pytest.mark.parametrize("version", [0, 1, 2, 3])
@pytest.mark.parametrize("offset", [0, 512, 1024])
def test_an_hdf5_file_says_how_long_it_is(tmp_path, version, offset):
    path = tmp_path / "f.h5"
    for end, truncated in ((offset + 96, False), (offset + 97, True), (3, False)):
        path.write_bytes(bytes(offset) + superblock(version, end))
        assert hdf5_head(path) == superblock(version, end)
        assert (end_of_hdf5(superblock(version, end)), is_truncated_hdf5(path)) == (end, truncated)
    path.write_bytes(bytes(offset) + superblock(version, 0)[:47])
    assert is_truncated_hdf5(path)
    path.write_bytes(bytes(offset) + superblock(version, 0)[:48])
    assert not is_truncated_hdf5(path)
    assert end_of_hdf5(superblock(version, 99)[:20]) == end_of_hdf5(superblock(version, 99, width=4)) == 0
    assert end_of_hdf5(superblock(4, 99)) == end_of_hdf5(HDF5) == 0


def test_a_file_without_the_signature_is_no_hdf5_file(tmp_path):
    for content in (b"", b"\x89HDF", bytes(5000), bytes(100) + HDF5 + bytes(5000)):
        (tmp_path / "f").write_bytes(content)
        assert hdf5_head(tmp_path / "f") is None and not is_truncated_hdf5(tmp_path / "f")


def heap(*objects: tuple[int, int], size: int = 4096) -> bytes:
    """A heap of texts with objects (number, size)."""
    content = b"".join(
        struct.pack("<H6xQ", number, length) + bytes((length + 7) // 8 * 8 if number else max(0, length - 16))
        for number, length in objects
    )
    return (b"GCOL\x01\0\0\0" + struct.pack("<Q", size) + content).ljust(size, b"\xff")


@pytest.mark.parametrize(
    ("content", "broken"),
    [
        (heap((1, 5), (2, 8), (0, 4096 - 16 - 24 - 24)), False),
        (heap((1, 5), (0, 0)), True),
        (heap((0, 0)), True),
        (heap((1, 0), (0, 4096 - 32)), False),
        (heap((0, 4080)) + heap((1, 9), (0, 0)), True),
        (b"nothing of the kind", False),
    ],
)
def test_heaps_that_would_be_read_forever(tmp_path, content, broken):
    (tmp_path / "f").write_bytes(bytes(40) + content)
    assert has_broken_heap(tmp_path / "f") == broken
