"""Files appear complete or not at all."""

from __future__ import annotations

import os
import subprocess

import pytest

from s5vh.base import files
from s5vh.base.files import atomic, write_text


def test_content_reaches_the_disk_before_the_name(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(files.os, "fsync", lambda handle: done.append(os.readlink(f"/proc/self/fd/{handle}")))
    replace = os.replace
    monkeypatch.setattr(files.os, "replace", lambda one, other: done.append("renamed") or replace(one, other))
    write_text(tmp_path / "a.txt", "text")
    assert done == [str(tmp_path / f".a.{os.getpid()}.part.txt"), "renamed"]
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    write_text(tmp_path / "a.txt", "old")
    with pytest.raises(ZeroDivisionError), atomic(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "old")]


def test_what_killed_processes_left_is_removed_and_nothing_else(tmp_path):
    ended = subprocess.Popen(["true"])
    ended.wait()
    alive = os.getppid()
    kept = [
        f".a.{alive}.part.txt",
        f".b.{ended.pid}.part.txt",
        f".a.{ended.pid}.part.csv",
        ".a.x.part.txt",
        "a.part.txt",
    ]
    for name in (*kept, f".a.{ended.pid}.part.txt"):
        (tmp_path / name).write_text("half")
    write_text(tmp_path / "a.txt", "new")
    assert {file.name for file in tmp_path.iterdir()} == {"a.txt", *kept}
