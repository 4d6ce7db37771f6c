"""Downloads that are killed, and two that want the same file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from download_help import contents, serve, toy
from download_server import Served

from s5vh.data.download import download as downloading
from s5vh.data.download import fetch as fetching
from s5vh.data.download.availability import file_states
from s5vh.data.download.download import download

pytest_plugins = ("download_fixtures",)


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
    assert line == "toy: another process is downloading train.h5; waiting\n"
    both.set()
    for process in (first, second):
        _, told = process.communicate()
        assert process.returncode == 0, told
    assert server.sent["/toy/train.h5"] == len(published["train.h5"])
    assert len(server.asked) == 1
    assert contents(folder / "data/toy") == {"train.h5": published["train.h5"]}


@pytest.mark.parametrize("step", ["write_json", "hash_file", "add_record"])
def test_a_process_that_ends_between_two_steps_loses_nothing(folder, server, published, monkeypatch, step):
    serve(server, published, monkeypatch)

    def end(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(downloading, step, end)
        with pytest.raises(KeyboardInterrupt):
            download("toy", toy(), ["train.h5"])
    download("toy", toy(), ["train.h5"])
    assert contents(folder / "data/toy") == {"train.h5": published["train.h5"]}
    assert server.sent["/toy/train.h5"] == len(published["train.h5"])


def test_a_process_that_ends_before_the_last_name_loses_nothing(folder, server, published, monkeypatch):
    serve(server, published, monkeypatch)

    def end(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(downloading.os, "link", end)
        with pytest.raises(KeyboardInterrupt):
            download("toy", toy(), ["train.h5"])
    assert contents(folder / "data/toy") == {}
    download("toy", toy(), ["train.h5"])
    assert contents(folder / "data/toy") == {"train.h5": published["train.h5"]}
    assert len(server.asked) == 1
