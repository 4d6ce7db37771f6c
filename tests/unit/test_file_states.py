"""How files stand, what is remembered of them, and what changes of them are noticed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from data_files import LABELS, random_features, save
from download_help import FILES, fails, serve, toy

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.data.download.availability import FileState, can_download, file_states, missing_message
from s5vh.data.download.download import download
from s5vh.data.download.records import first_look, read_records
from s5vh.data.download.verify import verify

pytest_plugins = ("download_fixtures",)


def state(path: str, *words: str) -> FileState:
    return FileState(Path("data/toy") / path, *words)


def test_states_of_files(folder, server, published, monkeypatch):
    data = folder / "data/toy"
    data.mkdir(parents=True)
    (data / "train.h5").write_bytes(published["train.h5"][:-7])
    (data / "query.h5").write_bytes(b"<!doctype html>")
    size = len(published["train.h5"])
    by_hand = "place them there, or fix the names in config/datasets/toy.yaml"
    assert file_states("toy", toy()) == [
        state("train.h5", "broken", f"is truncated: {size - 7:,} of {size:,} bytes", f"move it away, then {by_hand}"),
        state("query.h5", "broken", "is a web page, not a data file", f"move it away, then {by_hand}"),
        state("query_labels.h5", "missing", "is missing", by_hand),
    ]
    with fails(f"data/toy/train.h5: is truncated: {size - 7:,} of {size:,} bytes; move it away, then {by_hand}"):
        download("toy", toy())
    assert (data / "train.h5").stat().st_size == size - 7
    config = toy(files={"query.h5": {"bytes": 99}})
    assert file_states("toy", config)[1].reason == "has 15 bytes, expected 99"


def test_a_download_that_was_cut_off_is_partial(folder, server, published, monkeypatch):
    serve(server, published, monkeypatch)
    server.files["/toy/train.h5"].cuts = [50_000] + [0] * 20
    with pytest.raises(UserError, match="the same command will resume from there"):
        download("toy", toy(), ["train.h5"])
    partial, missing, _ = file_states("toy", toy())
    assert partial == state("train.h5", "partial", "its download was interrupted", "`s5vh download toy` resumes it")
    assert missing == state("query.h5", "missing", "is missing", "try `s5vh download toy`")


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
    assert file_states("toy", toy())[0].how == "check it with `s5vh verify toy`"
    assert main(["verify", "toy"]) == 0
    assert file_states("toy", toy())[0].state == "complete"
    # Other content of the same size and time, which only reading finds.
    other = save(folder / "other.h5", feats=random_features(5, 5)).read_bytes()
    assert len(other) == len(published["query.h5"])
    before = (data / "query.h5").stat().st_mtime_ns
    (data / "query.h5").write_bytes(other)
    os.utime(data / "query.h5", ns=(before, before))
    assert file_states("toy", toy())[1].state == "complete"
    assert file_states("toy", toy(), sha256=True)[1].reason == "SHA-256 differs from the recorded one"
    (data / "query_labels.h5").unlink()
    capsys.readouterr()
    assert main(["verify", "toy"]) == 2
    date = read_records(data)["query.h5"].date[:10]
    assert capsys.readouterr().err == (
        f"s5vh: error: toy: 2 of 3 files in data/toy: query.h5 has changed since {date} "
        "(--renew accepts the new content); query_labels.h5 is missing\n"
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
        "check it with `s5vh verify toy`\n"
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
    with fails(
        "data/toy/.s5vh-files.json: not a valid file record; move it away, and `s5vh verify` will create a new one"
    ):
        file_states("toy", toy())


def test_verify_looks_into_the_files(folder, published):
    data = folder / "data/toy"
    data.mkdir(parents=True)
    save(data / "train.h5", feats=random_features(4))
    (data / "query.h5").write_bytes(b"rubbish")
    (data / "query_labels.h5").write_bytes(published["query_labels.h5"])
    with fails(
        "toy: 3 of 3 files in data/toy: data/toy/train.h5: 4 videos, expected 5; a different version of the file; "
        "data/toy/query.h5: is a text file, not an HDF5 file; "
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
        "get them from https://a.example (Netdisk: all), place them there and run the same command again; "
        "`s5vh download toy` can download 1 of them"
    )
    assert not can_download("toy", some) and can_download("toy", some, ["train"])
    assert missing_message({"toy": every}) == here + "try `s5vh download toy`"
    assert can_download("toy", every)
    gone = toy(shares=[{"kind": "file", "folder": str(tmp_path / "not_mounted")}])
    assert not can_download("toy", gone)


def test_asking_for_states_imports_nothing_heavy():
    heavy = "{'requests', 'urllib3', 'filelock', 'tqdm'}"
    code = f"import sys, s5vh.data.download.availability; print({heavy} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
