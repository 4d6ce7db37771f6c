"""From a data set's shares, mirror or cache into its folder: whole, checked, remembered, nobody's file touched."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from data_files import LABELS, random_features, save
from download_help import FILES, SETTINGS, checkout, contents, fails, serve, toy
from download_server import Served, serving

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.config.load import load_dataset
from s5vh.config.shares import Share
from s5vh.data.download import download as downloading
from s5vh.data.download import fetch as fetching
from s5vh.data.download import sources
from s5vh.data.download.availability import can_download, file_states
from s5vh.data.download.download import download, zenodo_facts
from s5vh.data.download.fetch import Unavailable
from s5vh.data.download.records import read_records
from s5vh.data.download.sources import candidates, open_store

pytest_plugins = ("download_fixtures",)


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
    with fails("S5VH_MIRROR: 'ftp://example.org' must be a folder, or start with https:// or http://"):
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
    assert f"{kept}: has changed since it was downloaded; downloading it again" in capsys.readouterr().err
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
        monkeypatch.setattr(downloading, "_hard_link", lambda *_: False)
    serve(server, published, monkeypatch)
    by_hand = folder / "data/toy/train.h5"
    check = downloading.check_content

    def put_there(config, file, path):
        check(config, file, path)
        by_hand.write_bytes(b"mine")

    monkeypatch.setattr(downloading, "check_content", put_there)
    assert download("toy", toy(), ["train.h5"]) == []
    assert by_hand.read_bytes() == b"mine"
    assert "data/toy/train.h5: already created by another process, left unchanged" in capsys.readouterr().err
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
        "place them there and run the same command again"
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
        ("train.h5", {"feats": random_features(4)}, "4 videos, expected 5; a different version of the file"),
        (
            "train.h5",
            {"feats": random_features(5)[:, :2]},
            "'feats' has 2 frames per video, expected 3; fix 'frames' in the data set's file",
        ),
        (
            "train.h5",
            {"other": random_features(5)},
            "no array 'feats' (the file has: other); fix 'key' in the data set's file",
        ),
        (
            "query_labels.h5",
            {"labels": LABELS[:, :2]},
            "'labels' has shape (5, 2), expected N videos and 3 classes; check the file and 'classes'",
        ),
    ],
)
def test_a_file_with_other_content_is_refused(folder, server, monkeypatch, tmp_path, file, arrays, message):
    content = save(tmp_path / "other.h5", **arrays).read_bytes()
    serve(server, {file: content}, monkeypatch)
    host = server.url[7:]
    with fails(
        f"toy: 1 file could not be downloaded to data/toy ({file}: {file} from {host} has the wrong content: "
        f"{message}; {host} does not have it (404)); place them there, or fix the names in config/datasets/toy.yaml"
    ):
        download("toy", toy(), [file])
    assert contents(folder / "data/toy") == {}


def test_a_truncated_file_is_refused(folder, server, published, monkeypatch):
    serve(server, {"train.h5": published["train.h5"][:-100]}, monkeypatch)
    with pytest.raises(UserError, match="has the wrong content: the file is truncated; download or create it again"):
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
    serve(server, published, monkeypatch)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10_000))
    with pytest.raises(
        UserError, match=r"/cache: train\.h5 needs 1\d\d\.\d kB more, but only 10\.0 kB are free; free some"
    ):
        download("toy", toy())


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
    with pytest.raises(UserError, match=f"has MD5 {hashlib.md5(content).hexdigest()}, expected 0000"):
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


def test_the_configuration_file_is_read(folder, published, tmp_path):
    for name, content in published.items():
        (tmp_path / name).write_bytes(content)
    settings = SETTINGS | {"source": {"shares": [{"kind": "file", "folder": str(tmp_path)}]}}
    (folder / "config/datasets/toy.yaml").write_text(yaml.safe_dump(settings))
    assert can_download("toy", load_dataset("toy"))
    assert main(["download", "toy"]) == 0


def test_unavailable_tells_in_one_line():
    assert str(Unavailable("a\n  b")) == "a b"
