"""From a data set's shares, mirror or cache into its folder: whole, checked, remembered, and nobody's file touched."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest
import yaml
from data_files import LABELS, random_features, save
from download_server import Served, serving

from s5vh.cli import main
from s5vh.config.dataset import DatasetConfig
from s5vh.config.load import load_dataset
from s5vh.config.registry import Share
from s5vh.data import download as downloading
from s5vh.data import fetch as fetching
from s5vh.data import sources
from s5vh.data.availability import FileState, can_download, file_states, missing_message
from s5vh.data.download import download, zenodo_facts
from s5vh.data.fetch import Unavailable
from s5vh.data.records import first_look, read_records
from s5vh.data.sources import candidates, open_store
from s5vh.data.verify import verify
from s5vh.errors import UserError

SETTINGS = {
    "title": "Toy",
    "frames": 3,
    "feature_size": 4,
    "classes": 3,
    "backbone": "none",
    "parts": {
        "train": {"features": ["train.h5"], "count": 5},
        "database": "train",
        "query": {"features": ["query.h5"], "labels": {"files": ["query_labels.h5"]}},
    },
}
FILES = ("train.h5", "query.h5", "query_labels.h5")


@pytest.fixture(scope="module")
def server():
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> dict[str, bytes]:
    """The files as somebody publishes them; the first is a little larger."""
    folder = tmp_path_factory.mktemp("published")
    save(folder / "train.h5", feats=random_features(5), more=np.frombuffer(os.urandom(150_000), np.uint8))
    save(folder / "query.h5", feats=random_features(5, 1))
    save(folder / "query_labels.h5", labels=LABELS)
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture
def folder(tmp_path, monkeypatch, server) -> Path:
    """A working directory with the data set `toy`, without its files; the cache beside it."""
    for name in ("S5VH_MIRROR", "S5VH_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("S5VH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(fetching, "_sleep", lambda _: None)
    server.files.clear()
    server.sent.clear()
    server.asked.clear()
    return checkout(tmp_path / "work", monkeypatch)


def checkout(folder: Path, monkeypatch, **source) -> Path:
    (folder / "config/datasets").mkdir(parents=True)
    (folder / "config/datasets/toy.yaml").write_text(yaml.safe_dump(SETTINGS | {"source": source}))
    monkeypatch.chdir(folder)
    return folder


def toy(**source) -> DatasetConfig:
    return DatasetConfig.model_validate(SETTINGS | {"source": source})


def serve(server, published, monkeypatch, prefix: str = "/toy", **served) -> None:
    server.files |= {f"{prefix}/{name}": Served(content, **served) for name, content in published.items()}
    monkeypatch.setenv("S5VH_MIRROR", server.url)


def fails(message: str):
    return pytest.raises(UserError, match=f"^{re.escape(message)}$")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name[0] != "."}


@pytest.mark.parametrize("prefix", ["/toy", ""])
def test_a_mirror_on_the_web_serves_everything(folder, server, published, monkeypatch, prefix, capsys):
    serve(server, published, monkeypatch, prefix)
    assert main(["download", "toy"]) == 0
    assert contents(folder / "data/toy") == published
    records = read_records(folder / "data/toy")
    assert list(records) == sorted(FILES)
    assert records["train.h5"].sha256 == hashlib.sha256(published["train.h5"]).hexdigest()
    assert records["train.h5"].source == f"{server.url}{prefix}/train.h5"
    assert [state.state for state in file_states("toy", toy())] == ["complete"] * 3
    capsys.readouterr()
    asked = len(server.asked)
    assert main(["download", "toy"]) == 0
    assert capsys.readouterr().err == "toy: nothing to download, all files are in data/toy\n"
    assert len(server.asked) == asked


@pytest.mark.parametrize("layout", ["mirror/toy", "mirror"])
def test_a_mirror_folder_is_copied_from(folder, published, monkeypatch, layout):
    mirror = folder / layout
    mirror.mkdir(parents=True)
    for name, content in published.items():
        (mirror / name).write_bytes(content)
    monkeypatch.setenv("S5VH_MIRROR", str(folder / "mirror"))
    assert download("toy", toy(), ["train.h5"]) == ["train.h5"]
    copied = folder / "data/toy/train.h5"
    assert copied.read_bytes() == published["train.h5"]
    assert copied.stat().st_nlink == 1  # a change of one is none of the other
    assert main(["download", "toy", "--part", "query", "--receipt", "receipt.json"]) == 0
    assert contents(folder / "data/toy") == published
    came = json.loads((folder / "receipt.json").read_text())["came"]
    assert came["query.h5"]["source"] == str(mirror / "query.h5")
    assert list(came) == ["query.h5", "query_labels.h5"]


def test_a_mirror_that_is_no_address(folder, monkeypatch):
    monkeypatch.setenv("S5VH_MIRROR", "ftp://example.org")
    with fails("S5VH_MIRROR: 'ftp://example.org' must be a folder, or begin with https:// or http://"):
        download("toy", toy())


def test_two_checkouts_share_a_download(folder, server, published, monkeypatch, tmp_path):
    serve(server, published, monkeypatch)
    download("toy", toy())
    checkout(tmp_path / "other", monkeypatch)
    download("toy", toy())
    assert contents(tmp_path / "other/data/toy") == published
    assert server.sent["/toy/train.h5"] == len(published["train.h5"])
    paths = [tmp_path / name / "data/toy/train.h5" for name in ("work", "other")]
    assert os.path.samefile(*paths)  # one copy on the disk


def test_a_changed_cache_is_not_believed(folder, server, published, monkeypatch, tmp_path, capsys):
    serve(server, published, monkeypatch)
    download("toy", toy())
    (kept,) = (tmp_path / "cache").glob("*-query.h5")
    kept.unlink()
    kept.write_bytes(published["query.h5"].replace(b"feats", b"stuff"))
    checkout(tmp_path / "other", monkeypatch)
    capsys.readouterr()
    download("toy", toy())
    assert f"{kept}: has changed since it was fetched, so it is fetched again" in capsys.readouterr().err
    assert contents(tmp_path / "other/data/toy") == published


def test_without_a_cache_nothing_stays_behind(folder, server, published, monkeypatch, tmp_path):
    monkeypatch.setenv("S5VH_CACHE", "none")
    serve(server, published, monkeypatch)
    download("toy", toy())
    assert contents(folder / "data/toy") == published
    assert not (tmp_path / "cache").exists()
    work = folder / "data/toy" / sources.WORK_FOLDER
    assert {path.suffix for path in work.iterdir()} == {".lock"}
    assert (folder / "data/toy/train.h5").stat().st_nlink == 1


def test_the_default_cache_is_used_on_the_same_disk_only(folder, monkeypatch):
    monkeypatch.delenv("S5VH_CACHE")
    monkeypatch.setattr(Path, "home", classmethod(lambda _: folder / "home"))
    data = folder / "data/toy"
    assert open_store(data) == sources.Store(folder / "home/.cache/s5vh", keep=True)
    monkeypatch.setattr(sources, "_device", lambda path: 1 if path == data else 2)
    assert open_store(data) == sources.Store(data / sources.WORK_FOLDER, keep=False)


def test_a_cache_on_another_disk_is_copied_from(folder, server, published, monkeypatch):
    def link(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", link)
    serve(server, published, monkeypatch)
    download("toy", toy())
    assert contents(folder / "data/toy") == published
    assert (folder / "data/toy/train.h5").stat().st_nlink == 1


def test_files_put_there_by_hand_are_never_touched(folder, server, published, monkeypatch):
    serve(server, published, monkeypatch)
    (folder / "data/toy").mkdir(parents=True)
    by_hand = folder / "data/toy/train.h5"
    save(by_hand, feats=random_features(5, 9))
    before = (by_hand.read_bytes(), by_hand.stat().st_mtime_ns, by_hand.stat().st_ino)
    assert download("toy", toy()) == ["query.h5", "query_labels.h5"]
    assert (by_hand.read_bytes(), by_hand.stat().st_mtime_ns, by_hand.stat().st_ino) == before
    assert server.sent["/toy/train.h5"] == 0


@pytest.mark.parametrize("hard_links", [True, False])
def test_a_file_that_comes_by_hand_meanwhile_is_never_touched(
    folder, server, published, monkeypatch, capsys, hard_links
):
    if not hard_links:
        monkeypatch.setattr(downloading, "_linked", lambda *_: False)
    serve(server, published, monkeypatch)
    by_hand = folder / "data/toy/train.h5"
    check = downloading.check_content

    def put_there(config, file, path):
        check(config, file, path)
        by_hand.write_bytes(b"mine")

    monkeypatch.setattr(downloading, "check_content", put_there)
    assert download("toy", toy(), ["train.h5"]) == []
    assert by_hand.read_bytes() == b"mine"
    assert "data/toy/train.h5: has come by other means meanwhile, and is left alone" in capsys.readouterr().err
    assert read_records(folder / "data/toy") == {}


def test_the_next_place_is_asked(folder, server, published, monkeypatch, tmp_path):
    (tmp_path / "share").mkdir()
    (tmp_path / "share/query.h5").write_bytes(published["query.h5"])
    server.files["/toy/query.h5"] = Served(b"<html>log in</html>", kind="text/html")
    server.files["/query.h5"] = Served(published["query_labels.h5"])
    monkeypatch.setenv("S5VH_MIRROR", server.url)
    config = toy(shares=[{"kind": "file", "folder": str(tmp_path / "share")}])
    assert download("toy", config, ["query.h5"]) == ["query.h5"]
    assert read_records(folder / "data/toy")["query.h5"].source == str(tmp_path / "share/query.h5")


def test_what_no_place_gave_is_told_at_the_end(folder, server, published, monkeypatch):
    serve(server, {"query.h5": published["query.h5"]}, monkeypatch)
    share = {"host": "A host", "url": "https://a.example", "code": "1234", "folder": "/feats", "content": "all"}
    host = server.url[7:]
    with fails(
        f"toy: 2 files could not be downloaded to data/toy (train.h5, query_labels.h5: {host} does not have it (404)); "
        "get them from https://a.example with code 1234, folder /feats (A host: all), "
        "put them there and run the same command again"
    ):
        download("toy", toy(shares=[share]))
    assert contents(folder / "data/toy") == {"query.h5": published["query.h5"]}


def test_a_silent_host_is_asked_once(folder, monkeypatch):
    with serving() as gone:
        monkeypatch.setenv("S5VH_MIRROR", gone.url)
    waits = []
    monkeypatch.setattr(fetching, "_sleep", waits.append)
    with pytest.raises(UserError, match=r"^toy: 3 files .* to data/toy \(train\.h5, query\.h5, query_labels\.h5: "):
        download("toy", toy())
    assert len(waits) == fetching.RETRIES


def test_a_wrong_checksum_is_refused_and_nothing_kept(folder, server, published, monkeypatch, tmp_path):
    serve(server, published, monkeypatch)
    found = hashlib.sha256(published["query.h5"]).hexdigest()
    config = toy(files={"query.h5": {"sha256": "0" * 64}})
    with pytest.raises(UserError, match=f"has SHA-256 {found}, expected {'0' * 64}"):
        download("toy", config, ["query.h5"])
    assert contents(folder / "data/toy") == {}
    assert list((tmp_path / "cache").glob("*query.h5*[!k]")) == []
    right = toy(files={"query.h5": {"sha256": found, "bytes": len(published["query.h5"])}})
    assert download("toy", right, ["query.h5"]) == ["query.h5"]
    assert [state.state for state in file_states("toy", right, sha256=True)] == ["missing", "complete", "missing"]


def test_halves_that_do_not_fit_are_fetched_once_more(folder, server, published, monkeypatch, capsys):
    """The server names the same version for other bytes; only the checksum can tell."""
    serve(server, published, monkeypatch)
    content = published["train.h5"]
    config = toy(files={"train.h5": {"sha256": hashlib.sha256(content).hexdigest()}})
    server.files["/toy/train.h5"] = Served(bytes(len(content)), cuts=[80_000])
    monkeypatch.setattr(fetching, "_sleep", lambda _: server.files.update({"/toy/train.h5": Served(content)}))
    assert download("toy", config, ["train.h5"]) == ["train.h5"]
    assert contents(folder / "data/toy") == {"train.h5": content}


@pytest.mark.parametrize(
    ("file", "arrays", "message"),
    [
        ("train.h5", {"feats": random_features(4)}, "4 videos, expected 5; another version of the file"),
        (
            "train.h5",
            {"feats": random_features(5)[:, :2]},
            "'feats' has 2 frames a video, expected 3; correct 'frames' in the data set's file",
        ),
        (
            "train.h5",
            {"other": random_features(5)},
            "no array 'feats' (the file has: other); correct 'key' in the data set's file",
        ),
        (
            "query_labels.h5",
            {"labels": LABELS[:, :2]},
            "'labels' has shape (5, 2), expected N videos and 3 classes; "
            "is it the right file, and 'classes' the right number?",
        ),
    ],
)
def test_a_file_with_other_content_is_refused(folder, server, monkeypatch, tmp_path, file, arrays, message):
    content = save(tmp_path / "other.h5", **arrays).read_bytes()
    serve(server, {file: content}, monkeypatch)
    host = server.url[7:]
    with fails(
        f"toy: 1 file could not be downloaded to data/toy ({file}: {file} of {host} is not the file: {message}; "
        f"{host} does not have it (404)); put them there, or correct the names in config/datasets/toy.yaml"
    ):
        download("toy", toy(), [file])
    assert contents(folder / "data/toy") == {}


def test_a_truncated_file_is_refused(folder, server, published, monkeypatch):
    serve(server, {"train.h5": published["train.h5"][:-100]}, monkeypatch)
    with pytest.raises(UserError, match="is not the file: the file is truncated; download or create it again"):
        download("toy", toy(), ["train.h5"])


def test_an_unknown_file_and_data_set(folder, capsys):
    assert main(["download", "toy", "--file", "tain.h5"]) == 2
    assert main(["download", "demo"]) == 2
    assert main(["verify", "demo"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "s5vh: error: toy: no part has a file 'tain.h5' (it has: train.h5, query.h5, query_labels.h5)",
        *["s5vh: error: data set 'demo' of kind 'demo' has no files to download"] * 2,
    ]


def test_a_full_disk_is_told_before(folder, server, published, monkeypatch):
    from types import SimpleNamespace

    serve(server, published, monkeypatch)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10_000))
    with pytest.raises(UserError, match=r"/cache: train\.h5 needs 1\d\d\.\d kB more and 10\.0 kB are free; free some"):
        download("toy", toy())


def zipped(published: dict[str, bytes], path: Path, prefix: str = "") -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in published.items():
            archive.writestr(prefix + name, content)
    return path.read_bytes()


@pytest.mark.parametrize("cache", ["cache", "none"])
def test_files_of_an_archive_come_in_one_download(folder, server, published, monkeypatch, tmp_path, cache):
    monkeypatch.setenv("S5VH_CACHE", cache)
    content = zipped(published, tmp_path / "toy.zip", "features/")
    server.files["/there/toy.zip"] = Served(content)
    monkeypatch.setattr(Share, "_check_address", lambda _: None)
    config = toy(
        shares=[{"kind": "https", "url": f"{server.url}/there/", "archive": "toy.zip", "path": "features/{file}"}],
        files={"toy.zip": {"sha256": hashlib.sha256(content).hexdigest()}},
    )
    assert download("toy", config, ["train.h5"]) == ["train.h5"]
    assert download("toy", config) == ["query.h5", "query_labels.h5"]
    assert contents(folder / "data/toy") == published
    assert server.sent["/there/toy.zip"] == len(content)
    assert not list((folder / "data/toy").rglob("*toy.zip"))


def test_an_archive_on_this_machine(folder, published, tmp_path):
    zipped(published, tmp_path / "toy.zip")
    config = toy(shares=[{"kind": "file", "folder": str(tmp_path), "archive": "toy.zip"}])
    download("toy", config)
    assert contents(folder / "data/toy") == published
    wrong = toy(shares=[{"kind": "file", "folder": str(tmp_path), "archive": "toy.zip", "path": "in/{file}"}])
    (folder / "data/toy/train.h5").unlink()
    with pytest.raises(UserError, match=r"toy\.zip of .*: has no file 'in/train\.h5'; it has train\.h5, so correct"):
        download("toy", wrong)
    assert (tmp_path / "toy.zip").exists()


def test_zenodo_tells_size_and_md5(folder, server, published, monkeypatch):
    content = published["query.h5"]
    facts = {"key": "query.h5", "size": len(content), "checksum": f"md5:{hashlib.md5(content).hexdigest()}"}
    server.files["/api/7"] = Served(json.dumps({"files": [facts]}).encode())
    server.files["/api/8"] = Served(json.dumps({"files": [facts | {"checksum": f"md5:{'0' * 32}"}]}).encode())
    server.files["/files/query.h5"] = Served(content)
    monkeypatch.setattr(downloading, "_ZENODO", f"{server.url}/api")
    monkeypatch.setattr(Share, "address", lambda self, file: f"{server.url}/files/{file}")
    assert zenodo_facts(7, "query.h5") == (len(content), hashlib.md5(content).hexdigest())
    assert zenodo_facts(7, "other.h5") == zenodo_facts(9, "query.h5") == (None, None)
    with pytest.raises(UserError, match=f"has MD5 {hashlib.md5(content).hexdigest()}, the record says 0000"):
        download("toy", toy(shares=[{"kind": "zenodo", "record": 8}]), ["query.h5"])
    assert download("toy", toy(shares=[{"kind": "zenodo", "record": 7}]), ["query.h5"]) == ["query.h5"]


def test_a_password_is_sent_and_written_nowhere(folder, server, published, monkeypatch, tmp_path, capsys):
    serve(server, published, monkeypatch)
    server.files["/toy/train.h5"].cuts = [1000]
    monkeypatch.setenv("S5VH_MIRROR", server.url.replace("//", "//me:secret@"))
    download("toy", toy(), ["train.h5"])
    assert all(headers["Authorization"].startswith("Basic ") for _, headers in server.asked)
    assert server.sent["/toy/train.h5"] == len(published["train.h5"])
    written = [path for path in tmp_path.rglob("*") if path.is_file() and b"secret" in path.read_bytes()]
    assert written == [] and "secret" not in capsys.readouterr().err
    assert read_records(folder / "data/toy")["train.h5"].source == f"{server.url}/toy/train.h5"


def test_a_mirror_comes_before_the_shares(folder, monkeypatch):
    config = toy(shares=[{"kind": "zenodo", "record": 7}])
    monkeypatch.setenv("S5VH_MIRROR", "https://lab.example/features/")
    assert [item.address for item in candidates("toy", config, "a b.h5")] == [
        "https://lab.example/features/toy/a%20b.h5",
        "https://lab.example/features/a%20b.h5",
        "https://zenodo.org/records/7/files/a%20b.h5?download=1",
    ]


# States


def state(path: str, *words: str) -> FileState:
    return FileState(Path("data/toy") / path, *words)


def test_states_of_files(folder, server, published, monkeypatch):
    data = folder / "data/toy"
    data.mkdir(parents=True)
    (data / "train.h5").write_bytes(published["train.h5"][:-7])
    (data / "query.h5").write_bytes(b"<!doctype html>")
    size = len(published["train.h5"])
    by_hand = "put them there, or correct the names in config/datasets/toy.yaml"
    assert file_states("toy", toy()) == [
        state("train.h5", "broken", f"is truncated: {size - 7:,} of {size:,} bytes", f"remove it, then {by_hand}"),
        state("query.h5", "broken", "is a web page, not a data file", f"remove it, then {by_hand}"),
        state("query_labels.h5", "missing", "is missing", by_hand),
    ]
    with fails(f"data/toy/train.h5: is truncated: {size - 7:,} of {size:,} bytes; remove it, then {by_hand}"):
        download("toy", toy())
    assert (data / "train.h5").stat().st_size == size - 7
    config = toy(files={"query.h5": {"bytes": 99}})
    assert file_states("toy", config)[1].reason == "has 15 bytes, expected 99"


def test_a_download_that_was_cut_off_is_partial(folder, server, published, monkeypatch):
    serve(server, published, monkeypatch)
    server.files["/toy/train.h5"].cuts = [50_000] + [0] * 20
    with pytest.raises(UserError, match="the same command goes on from there"):
        download("toy", toy(), ["train.h5"])
    partial, missing, _ = file_states("toy", toy())
    assert partial == state("train.h5", "partial", "its download was cut off", "`s5vh download toy` goes on with it")
    assert missing == state("query.h5", "missing", "is missing", "`s5vh download toy` gets it")


def test_verify_remembers_files_put_there_by_hand_and_notices_changes(folder, published, capsys):
    data = folder / "data/toy"
    data.mkdir(parents=True)
    for name, content in published.items():
        (data / name).write_bytes(content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in published.items()}
    assert main(["verify", "toy"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(", ")[1:] for line in lines] == [[f"sha256 {digests[name]}", "by hand"] for name in FILES]
    # The same content, written again: noticed cheaply, cleared by reading it.
    os.utime(data / "train.h5", ns=(1, 1))
    assert file_states("toy", toy())[0].reason.startswith("has changed since it was recorded on 2")
    assert file_states("toy", toy())[0].how == "`s5vh verify toy` reads it and tells"
    assert main(["verify", "toy"]) == 0
    assert file_states("toy", toy())[0].state == "complete"
    # Other content of the same size and time, which only reading finds.
    other = save(folder / "other.h5", feats=random_features(5, 5)).read_bytes()
    assert len(other) == len(published["query.h5"])
    before = (data / "query.h5").stat().st_mtime_ns
    (data / "query.h5").write_bytes(other)
    os.utime(data / "query.h5", ns=(before, before))
    assert file_states("toy", toy())[1].state == "complete"
    assert file_states("toy", toy(), sha256=True)[1].reason == "has another SHA-256 than recorded"
    (data / "query_labels.h5").unlink()
    capsys.readouterr()
    assert main(["verify", "toy"]) == 2
    date = read_records(data)["query.h5"].date[:10]
    assert capsys.readouterr().err == (
        f"s5vh: error: toy: 2 of 3 files in data/toy: query.h5 is not what it was on {date} "
        "(--renew records it as it is now); query_labels.h5 is missing\n"
    )
    with pytest.raises(UserError, match=r"^toy: 1 of 3 files in data/toy: query_labels\.h5 is missing$"):
        list(verify("toy", toy(), renew=True))
    assert read_records(data)["query.h5"].sha256 == hashlib.sha256(other).hexdigest()


def test_the_import_tells_of_a_file_that_has_changed(folder, server, published, monkeypatch, capsys):
    serve(server, published, monkeypatch)
    download("toy", toy())
    save(folder / "data/toy/train.h5", feats=random_features(5, 3))
    date = read_records(folder / "data/toy")["train.h5"].date[:10]
    capsys.readouterr()
    for part in ("train", "query"):
        assert main(["features", "--dataset=toy", f"--part={part}", f"--output={part}.h5"]) == 0
    assert capsys.readouterr().err == (
        "train.h5: 5 videos of 3 x 4, no labels\n"
        f"data/toy/train.h5: warning: has changed since it was recorded on {date}; "
        "`s5vh verify toy` reads it and tells\n"
        "query.h5: 5 videos of 3 x 4, 3 classes\n"
    )


def test_a_changed_file_is_no_reason_not_to_get_the_others(folder, server, published, monkeypatch, capsys):
    serve(server, published, monkeypatch)
    download("toy", toy(), ["train.h5"])
    os.utime(folder / "data/toy/train.h5", ns=(1, 1))
    capsys.readouterr()
    assert download("toy", toy()) == ["query.h5", "query_labels.h5"]
    assert capsys.readouterr().err.startswith("warning: data/toy/train.h5: has changed since it was recorded on 2")


def test_a_folder_that_cannot_be_written(folder, published, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("filelock.FileLock", refuse)
    (folder / "data/toy").mkdir(parents=True)
    for name, content in published.items():
        (folder / "data/toy" / name).write_bytes(content)
    with fails("data/toy/.s5vh-files.json: cannot be written (Permission denied); check the folder's permissions"):
        list(verify("toy", toy()))


@pytest.mark.parametrize("text", ["[]", '{"files": {"train.h5": {"bytes": 1}}}'])
def test_a_record_that_is_none(folder, text):
    (folder / "data/toy").mkdir(parents=True)
    (folder / "data/toy/.s5vh-files.json").write_text(text)
    with fails("data/toy/.s5vh-files.json: not a record of files; delete it, and `s5vh verify` makes a new one"):
        file_states("toy", toy())


def test_verify_looks_into_the_files(folder, published):
    data = folder / "data/toy"
    data.mkdir(parents=True)
    save(data / "train.h5", feats=random_features(4))
    (data / "query.h5").write_bytes(b"rubbish")
    (data / "query_labels.h5").write_bytes(published["query_labels.h5"])
    with fails(
        "toy: 3 of 3 files in data/toy: data/toy/train.h5: 4 videos, expected 5; another version of the file; "
        "data/toy/query.h5: not an HDF5 file; download or create it again; "
        f"query_labels.h5 has SHA-256 {hashlib.sha256(published['query_labels.h5']).hexdigest()}, expected {'0' * 64}"
    ):
        list(verify("toy", toy(files={"query_labels.h5": {"sha256": "0" * 64}})))
    assert read_records(data) == {}


@pytest.mark.parametrize("version", ["earliest", "latest"])
@pytest.mark.parametrize("block", [0, 512, 4096])
def test_the_end_of_hdf5_files_is_found(tmp_path, version, block):
    path = tmp_path / "a.h5"
    with h5py.File(path, "w", libver=version, userblock_size=block) as file:
        file["feats"] = np.zeros(1000)
    assert first_look(path) == ""
    size = path.stat().st_size
    os.truncate(path, size - 1)
    assert first_look(path) == f"is truncated: {size - 1:,} of {size:,} bytes"


@pytest.mark.parametrize("version", ["4", "5"])
def test_matlab_files_are_known(tmp_path, version):
    import scipy.io

    scipy.io.savemat(tmp_path / "a.mat", {"labels": LABELS}, format=version)
    assert first_look(tmp_path / "a.mat") == ""


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"", "is empty"), (b"x", "is neither HDF5 nor MATLAB"), (bytes(5000), "is neither HDF5 nor MATLAB")],
)
def test_other_files_are_told_apart(tmp_path, content, fault):
    (tmp_path / "a.h5").write_bytes(content)
    assert first_look(tmp_path / "a.h5") == fault


def test_messages_say_what_a_program_can_get(folder, tmp_path):
    by_hand = {"host": "Netdisk", "url": "https://a.example", "content": "all"}
    share = {"kind": "seafile", "url": "https://b.example/d/0123456789abcdef/", "files": ["train.h5"]}
    some, every = toy(shares=[by_hand, share]), toy(shares=[by_hand, {"kind": "zenodo", "record": 1}])
    here = "toy: 3 files are missing in data/toy (train.h5, query.h5, query_labels.h5); "
    assert missing_message({"toy": some}) == here + (
        "get them from https://a.example (Netdisk: all), put them there and run the same command again; "
        "`s5vh download toy` can get 1 of them"
    )
    assert not can_download("toy", some) and can_download("toy", some, ["train"])
    assert missing_message({"toy": every}) == here + "`s5vh download toy` gets them"
    assert can_download("toy", every)
    gone = toy(shares=[{"kind": "file", "folder": str(tmp_path / "not_mounted")}])
    assert not can_download("toy", gone)


# Processes


def start(folder: Path, server, *words: str) -> subprocess.Popen:
    variables = os.environ | {"S5VH_MIRROR": server.url, "PYTHONPATH": str(Path(fetching.__file__).parents[2])}
    command = [sys.executable, "-m", "s5vh", "download", "toy", "--file", "train.h5", *words]
    return subprocess.Popen(command, cwd=folder, env=variables, stderr=subprocess.PIPE, text=True)


def until(true, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("cache", ["cache", "none"])
def test_killed_and_started_again(folder, server, published, monkeypatch, cache):
    """Nothing lost, nothing fetched twice, and no file under the final name before it is whole."""
    monkeypatch.setenv("S5VH_CACHE", cache)
    serve(server, published, monkeypatch)
    never, half, size = threading.Event(), 20 * 4096, len(published["train.h5"])
    server.files["/toy/train.h5"].pause = (half, never)
    process = start(folder, server)
    until(lambda: any(path.stat().st_size == half for path in folder.rglob("*.part")))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert contents(folder / "data/toy") == {}
    assert file_states("toy", toy())[0].state == "partial"
    server.files["/toy/train.h5"] = Served(published["train.h5"])
    sent = server.sent["/toy/train.h5"]
    never.set()
    assert sent == half
    process = start(folder, server)
    _, told = process.communicate()
    assert process.returncode == 0, told
    assert contents(folder / "data/toy") == {"train.h5": published["train.h5"]}
    # The first answer may have gone on into a closed connection when it was let go.
    assert server.asked[-1][1]["Range"] == f"bytes={half}-"
    assert size - half <= server.sent["/toy/train.h5"] - half <= 2 * (size - half)


def test_two_processes_fetch_it_once(folder, server, published, monkeypatch):
    serve(server, published, monkeypatch)
    both = threading.Event()
    server.files["/toy/train.h5"].pause = (4096, both)
    first = start(folder, server)
    until(lambda: server.asked)
    second = start(folder, server)
    line = second.stderr.readline()
    assert line == "toy: another process is fetching train.h5; waiting for it\n"
    both.set()
    for process in (first, second):
        _, told = process.communicate()
        assert process.returncode == 0, told
    assert server.sent["/toy/train.h5"] == len(published["train.h5"])
    assert len(server.asked) == 1
    assert contents(folder / "data/toy") == {"train.h5": published["train.h5"]}


def test_the_configuration_file_is_read(folder, published, tmp_path):
    for name, content in published.items():
        (tmp_path / name).write_bytes(content)
    settings = SETTINGS | {"source": {"shares": [{"kind": "file", "folder": str(tmp_path)}]}}
    (folder / "config/datasets/toy.yaml").write_text(yaml.safe_dump(settings))
    assert can_download("toy", load_dataset("toy"))
    assert main(["download", "toy"]) == 0


def test_asking_for_states_imports_nothing_heavy():
    code = "import sys, s5vh.data.availability; print({'requests', 'urllib3', 'filelock', 'tqdm'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"


def test_unavailable_tells_in_one_line():
    assert str(Unavailable("a\n  b")) == "a b"
