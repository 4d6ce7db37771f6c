"""Commands that run in copies of one process are like programs of their own, and leave nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from s5vh.base.copies import can_serve, make_client, new_address, start_server
from s5vh.planning import job_server

pytestmark = pytest.mark.skipif(not can_serve(), reason="this system cannot serve copies")

SERVER = """
import json, os, signal, sys, tempfile, time
from pathlib import Path
from s5vh.base.copies import serve

def main(words):
    if words[0] == "tell":
        text = sys.stdin.read()
        print("complaint", file=sys.stderr)
        found = [sys.argv, os.getcwd(), os.environ.get("COLOUR"), tempfile.gettempdir(), text]
        print(json.dumps([*found, os.environ.get("OMP_NUM_THREADS"), os.getppid() != SERVER]))
        return 3
    if words[0] == "fail":
        raise ValueError("a mistake")
    if words[0] == "exit":
        sys.exit("said")
    if words[0] == "wait":
        try:
            print(os.getpid(), flush=True)
            time.sleep(60)
        except KeyboardInterrupt:
            print("cleaned up", flush=True)
            return 130

SERVER = os.getpid()
tempfile.gettempdir()
listens = Path(sys.argv[1]).with_name("listens")
serve(Path(sys.argv[1]), {"it": main}, lambda name: None, listens.touch)
"""
ITSELF = '#!/bin/sh\necho itself "$@"\nexit 4\n'


class Started(NamedTuple):
    process: subprocess.Popen
    folder: Path
    client: Path
    folder_of_server: Path


def start(folder: Path, *, anywhere: bool = False) -> Started:
    program = folder / "it"
    program.write_text(ITSELF)
    program.chmod(0o755)
    (folder / "server.py").write_text(SERVER)
    address = new_address()
    client = make_client("it", program, address, any_threads=["tell"], anywhere=anywhere)
    process = start_server([sys.executable, str(folder / "server.py")], address)
    while not address.with_name("listens").exists():
        assert process.poll() is None
        time.sleep(0.01)
    return Started(process, folder, client, address.parent)


def stop(started: Started) -> None:
    started.process.stdin.close()
    assert started.process.wait(20) == 0
    assert not started.folder_of_server.exists()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder, before = tmp_path_factory.mktemp("server"), Path.cwd()
    os.chdir(folder)  # where the client will be used
    try:
        started = start(folder)
    finally:
        os.chdir(before)
    yield started
    stop(started)


def run(server: Started, *words: str, **options) -> subprocess.CompletedProcess[str]:
    options = {"cwd": server.folder, "capture_output": True, "text": True} | options
    return subprocess.run([server.client, *words], **options)


def test_a_copy_is_like_a_program_of_its_own(server: Started, tmp_path: Path) -> None:
    environment = os.environ | {"COLOUR": "red", "TMPDIR": str(tmp_path)}
    environment.pop("OMP_NUM_THREADS", None)
    done = run(server, "tell", "a b", "é", input="asked", env=environment)
    assert (done.returncode, done.stderr) == (3, "complaint\n")
    words = ["it", "tell", "a b", "é"]
    assert json.loads(done.stdout) == [words, str(server.folder), "red", str(tmp_path), "asked", None, True]


def test_mistakes_and_last_words_are_told(server: Started) -> None:
    failed = run(server, "fail")
    assert failed.returncode == 1 and failed.stderr.endswith("ValueError: a mistake\n")
    left = run(server, "exit")
    assert (left.returncode, left.stdout, left.stderr) == (1, "", "said\n")


def test_clients_do_not_wait_for_each_other(server: Started) -> None:
    waiting = subprocess.Popen([server.client, "wait"], cwd=server.folder, stdout=subprocess.PIPE, text=True)
    copy = int(waiting.stdout.readline())
    assert run(server, "tell").returncode == 3
    os.kill(copy, signal.SIGKILL)
    assert waiting.wait(20) == 128 + signal.SIGKILL


def test_a_copy_ends_with_its_client(server: Started) -> None:
    waiting = subprocess.Popen([server.client, "wait"], cwd=server.folder, stdout=subprocess.PIPE, text=True)
    waiting.stdout.readline()
    waiting.kill()
    assert waiting.stdout.read() == ""  # reaches the end of the pipe only when the copy has ended


def test_an_interrupt_lets_the_copy_clean_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As from the keyboard, where everything that belongs to a run gets it."""
    monkeypatch.chdir(tmp_path)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background would ignore it
    try:
        started = start(tmp_path)
        waiting = subprocess.Popen([started.client, "wait"], stdout=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    copy = int(waiting.stdout.readline())
    for process in (started.process.pid, waiting.pid, copy):
        os.kill(process, signal.SIGINT)
    assert waiting.communicate(timeout=20)[0] == "cleaned up\n"
    assert waiting.returncode == 130 and run(started, "tell").returncode == 3
    stop(started)


def test_the_program_runs_itself_where_it_should(server: Started, tmp_path: Path) -> None:
    assert run(server, "exit", "--threads", "1").stderr == "said\n"
    assert run(server, "tell", "--threads", "2").returncode == 3
    more = run(server, "exit", "--threads", "2")
    assert (more.returncode, more.stdout) == (4, "itself exit --threads 2\n")
    elsewhere = run(server, "tell", cwd=tmp_path)
    assert (elsewhere.returncode, elsewhere.stdout) == (4, "itself tell\n")


def test_without_its_server_a_client_runs_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = start(tmp_path, anywhere=True)
    client = tmp_path / "client"
    client.write_bytes(started.client.read_bytes())
    client.chmod(0o755)
    assert run(started._replace(client=client), "exit", "--threads", "2", cwd="/").stderr == "said\n"
    stop(started)
    assert run(started._replace(client=client), "tell").stdout == "itself tell\n"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """What would be started; on a path with a command."""
    (tmp_path / "s5vh").write_text("")
    (tmp_path / "s5vh").chmod(0o755)
    found: list[list[str]] = []
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/nowhere")
    for name in ("S5VH_COPIES", "S5VH_CLIENTS"):
        monkeypatch.setenv(name, "")  # to have it as it was in the end
        monkeypatch.delenv(name)
    (tmp_path / "server").mkdir()
    monkeypatch.setattr(job_server, "new_address", lambda: tmp_path / "server/socket")
    monkeypatch.setattr(job_server, "start_server", lambda words, address: found.append([*words, address]))
    monkeypatch.setattr(job_server, "gpus_per_job", lambda: 0)
    return found


def test_jobs_find_the_client_first(calls: list, tmp_path: Path) -> None:
    job_server.share_imports(10)
    assert calls == [[sys.executable, "-m", "s5vh.cli.serve", tmp_path / "server/socket"]]
    assert os.environ["PATH"] == os.pathsep.join([f"{tmp_path}/server/bin", str(tmp_path), "/nowhere"])
    assert f"{str(tmp_path / 's5vh')!r}" in (tmp_path / "server/bin/s5vh").read_text()
    job_server.leave_server()  # as in a Snakemake that this one has started
    assert os.environ["PATH"] == os.pathsep.join([str(tmp_path), "/nowhere"])
    job_server.leave_server()
    assert os.environ["PATH"] == os.pathsep.join([str(tmp_path), "/nowhere"])


@pytest.mark.parametrize(
    ("least", "jobs", "gpus", "started"),
    [
        (None, 9, 0, False), ("0", 500, 0, False), ("3", 3, 0, True), ("3", 2, 0, False), ("none", 10, 0, True),
        (None, 10, 1, False),
    ],
)  # fmt: skip
def test_when_there_is_a_server(calls: list, monkeypatch, least: str | None, jobs: int, gpus: int, started: bool):
    if least is not None:
        monkeypatch.setenv("S5VH_COPIES", least)
    monkeypatch.setattr(job_server, "gpus_per_job", lambda: gpus)
    job_server.share_imports(jobs)
    assert bool(calls) == started
    assert ("S5VH_CLIENTS" in os.environ) == started


def test_without_a_command_there_is_no_server(calls: list, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    job_server.share_imports(10)
    assert not calls


@pytest.mark.parametrize("fault", ["long name", "programs cannot run there"])
def test_where_a_client_could_not_ask_there_is_no_server(calls: list, monkeypatch, tmp_path: Path, fault: str) -> None:
    if fault == "long name":
        folder = tmp_path / ("long" * 30)
        folder.mkdir()
        monkeypatch.setattr(job_server, "new_address", lambda: folder / "socket")
    else:  # as under the mount option noexec
        folder = tmp_path / "server"
        monkeypatch.setattr(os, "access", lambda path, mode: folder not in Path(path).parents)
    job_server.share_imports(10)
    assert not calls and not folder.exists()
    assert os.environ["PATH"] == os.pathsep.join([str(tmp_path), "/nowhere"])
