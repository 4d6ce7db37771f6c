"""One web address into one file, from servers that misbehave."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from download_server import Served, Server, serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.data.download import fetch as fetching
from s5vh.data.download import transfer
from s5vh.data.download.fetch import RETRIES, Unavailable, fetch

CONTENT = np.random.default_rng(0).bytes(200_000)
OTHER = np.random.default_rng(1).bytes(200_000)


@pytest.fixture(scope="module")
def server():
    with serving() as running:
        yield running


@pytest.fixture
def waits(monkeypatch, server) -> list[float]:
    """Seconds that were waited, in name only."""
    server.files.clear()
    server.sent.clear()
    server.asked.clear()
    found: list[float] = []
    monkeypatch.setattr(fetching, "_sleep", found.append)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return found


def get(server: Server, folder: Path, name: str = "/a.h5", **options) -> bytes:
    part = folder / "0-a.h5.part"
    fetch(server.url + name, part, folder / "note.json", **options)
    return part.read_bytes()


def refused(message: str):
    return pytest.raises(Unavailable, match=f"^{re.escape(message)}$")


@pytest.mark.parametrize(("says", "delay"), [(None, 0), (-1, 0), (None, 0.002)])
def test_a_file_comes_whole(server, tmp_path, waits, says, delay):
    server.files["/a.h5"] = Served(CONTENT, says=says, delay=delay)
    assert get(server, tmp_path) == CONTENT
    assert waits == []
    assert server.asked[0][1]["User-Agent"].startswith("s5vh/")
    assert server.asked[0][1]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("version", [{}, {"etag": None, "modified": "Sat, 01 Jan 2022 00:00:00 GMT"}])
def test_after_cuts_it_goes_on_and_nothing_comes_twice(server, tmp_path, waits, version):
    server.files["/a.h5"] = Served(CONTENT, cuts=[50_000, 1, 90_000], **version)
    assert get(server, tmp_path) == CONTENT
    assert server.sent["/a.h5"] == len(CONTENT)
    assert [headers.get("Range") for _, headers in server.asked] == [
        None, "bytes=50000-", "bytes=50001-", "bytes=140001-",
    ]  # fmt: skip
    assert waits == [1, 1, 1]  # every cut came after new bytes


def test_without_a_version_the_seam_is_compared(server, tmp_path, waits):
    server.files["/a.h5"] = Served(CONTENT, etag=None, cuts=[100_000, 1_000])
    assert get(server, tmp_path) == CONTENT
    overlap = 2**16
    # The second answer is cut inside of the overlap.
    assert [headers.get("Range") for _, headers in server.asked] == [None] + 2 * [f"bytes={100_000 - overlap}-"]
    assert server.sent["/a.h5"] == len(CONTENT) + overlap + 1_000


@pytest.mark.parametrize(
    "changes",
    [
        {"etag": '"2"'},
        {"etag": '"2"', "heed_if_range": False},
        {"etag": None},
        {"etag": 'W/"2"'},
    ],
)
def test_a_file_that_changes_between_the_halves_starts_anew(server, tmp_path, waits, changes):
    first = {"etag": None} if changes["etag"] is None else {"etag": changes["etag"].replace("2", "1")}
    server.files["/a.h5"] = Served(CONTENT, cuts=[100_000], **first)
    fetching._sleep = lambda seconds: server.files.update({"/a.h5": Served(OTHER, **changes)})
    assert get(server, tmp_path) == OTHER


def test_a_server_without_ranges_starts_anew(server, tmp_path, waits):
    server.files["/a.h5"] = Served(CONTENT, ranges=False, cuts=[100_000])
    assert get(server, tmp_path) == CONTENT
    assert server.sent["/a.h5"] == len(CONTENT) + 100_000


def test_a_later_call_goes_on(server, tmp_path, waits):
    server.files["/a.h5"] = Served(CONTENT, cuts=[60_000] + [0] * 20)
    with refused(
        f"{server.url[7:]} interrupted the transfer after 60.0 kB of 200.0 kB, 5 retries; "
        "60.0 kB are kept, and the same command will resume from there"
    ):
        get(server, tmp_path)
    assert waits == [1, 1, 2, 4, 8, 16]
    server.files["/a.h5"].cuts.clear()
    part, note = tmp_path / "0-a.h5.part", tmp_path / "note.json"
    assert fetch(f"{server.url}/a.h5", part, note) is True
    assert part.read_bytes() == CONTENT
    assert server.sent["/a.h5"] == len(CONTENT)
    asked = len(server.asked)
    assert fetch(f"{server.url}/a.h5", part, note) is True  # killed before the file got its name: no request at all
    assert len(server.asked) == asked


def test_the_part_of_another_address_is_not_used(server, tmp_path, waits):
    server.files["/a.h5"] = Served(CONTENT, cuts=[60_000] + [0] * 20)
    server.files["/b.h5"] = Served(OTHER)
    with pytest.raises(Unavailable):
        get(server, tmp_path)
    assert get(server, tmp_path, "/b.h5") == OTHER


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    size=st.integers(1, 150_000),
    cuts=st.lists(st.integers(0, 150_000), max_size=4),
    etag=st.sampled_from(['"1"', 'W/"1"', None]),
    ranges=st.booleans(),
)
def test_whatever_the_cuts_the_file_is_right(server, tmp_path, waits, size, cuts, etag, ranges):
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    server.files["/a.h5"] = Served(CONTENT[:size], cuts=list(cuts), etag=etag, ranges=ranges)
    server.sent.clear()
    assert get(server, tmp_path) == CONTENT[:size]
    if etag == '"1"' and ranges:
        assert server.sent["/a.h5"] == size


def test_a_busy_server_is_asked_again_when_it_says(server, tmp_path, waits):
    refusals = [
        (503, {}),
        (503, {"Retry-After": "7"}),
        (429, {"Retry-After": "Sat, 01 Jan 2000 00:00:00 GMT"}),
        (500, {}),
    ]
    server.files["/a.h5"] = Served(CONTENT, refusals=refusals)
    assert get(server, tmp_path) == CONTENT
    assert waits == [1, 7, 0, 8]


def test_a_server_that_stays_busy_is_given_up(server, tmp_path, waits):
    server.files["/a.h5"] = Served(CONTENT, refusals=[(503, {})] * 20)
    with refused(f"{server.url[7:]} responds with 503 (Service Unavailable), {RETRIES} retries") as error:
        get(server, tmp_path)
    assert error.value.unreachable
    assert waits == [1, 2, 4, 8, 16]
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_asks_for_an_hour_is_left(server, tmp_path, waits):
    server.files["/a.h5"] = Served(CONTENT, refusals=[(429, {"Retry-After": "3600"})])
    with refused(
        f"{server.url[7:]} responds with 429 (Too Many Requests) and requests a wait of 3600 s; try again later"
    ):
        get(server, tmp_path)
    assert waits == []


@pytest.mark.parametrize(
    ("served", "message"),
    [
        (None, "{host} does not have it (404)"),
        ({"refusals": [(410, {})]}, "{host} does not have it (410)"),
        ({"refusals": [(403, {})]}, "{host} denies access (403); the share may have expired or require a login"),
        ({"refusals": [(400, {})]}, "{host} responds with 400 (Bad Request)"),
        (
            {"kind": "text/html; charset=utf-8"},
            "{host} responds with a web page instead of the file; the share may have expired or require a login",
        ),
        (
            {"content": b"\n <!DOCTYPE html><html>Log in</html>", "says": -1},
            "{host} responds with a web page instead of the file; the share may have expired or require a login",
        ),
        ({"redirect": "/a.h5"}, "{host} redirects more than 10 times"),
        ({"redirect": "file:///etc/passwd"}, "{host} redirects to file://, which is not followed"),
        ({"redirect": "ftp://127.0.0.1/a.h5"}, "{host} redirects to ftp://, which is not followed"),
        (
            {"content": CONTENT[:999]},
            "{host} has a file of 999 bytes, expected 200,000; it is a different version",
        ),
        (
            {"content": CONTENT[:999], "says": -1},
            "{host} has a file of 999 bytes, expected 200,000; it is a different version",
        ),
    ],
)
def test_answers_that_are_not_the_file(server, tmp_path, waits, served, message):
    if served is not None:
        server.files["/a.h5"] = Served(**({"content": CONTENT} | served))
    with refused(message.format(host=server.url[7:])):
        get(server, tmp_path, expect=len(CONTENT))
    assert waits == []
    assert list(tmp_path.iterdir()) == []


def test_an_announced_length_that_never_comes(server, tmp_path, waits):
    server.files["/a.h5"] = Served(CONTENT[:1000], says=2000, ranges=False, cuts=[999] * 20)
    with pytest.raises(Unavailable, match=r"interrupted the transfer .*5 retries"):
        get(server, tmp_path)


def test_redirects_are_followed_with_the_range(server, tmp_path, waits):
    server.files["/share/?p=/a.h5&dl=1"] = Served(redirect="/seafhttp/a.h5")
    server.files["/seafhttp/a.h5"] = Served(CONTENT, cuts=[70_000])
    assert get(server, tmp_path, "/share/?p=/a.h5&dl=1") == CONTENT
    assert server.sent["/seafhttp/a.h5"] == len(CONTENT)


def test_a_redirect_from_https_to_http_is_not_followed(tmp_path, monkeypatch):
    answer = SimpleNamespace(is_redirect=True, headers={"Location": "http://example.org/a.h5"}, close=lambda: None)
    monkeypatch.setattr(fetching.requests.Session, "get", lambda *_, **__: answer)
    with refused("example.org redirects to http://, which is not followed"):
        fetch("https://example.org/a.h5", tmp_path / "a.part", tmp_path / "note")


def test_a_certificate_that_cannot_be_verified(tmp_path, monkeypatch):
    def get(*_, **options):
        assert "verify" not in options
        raise fetching.requests.exceptions.SSLError("certificate verify failed")

    monkeypatch.setattr(fetching.requests.Session, "get", get)
    with refused(
        "the certificate of example.org cannot be verified; check the clock, and for a proxy set "
        "REQUESTS_CA_BUNDLE to its certificate"
    ):
        fetch("https://example.org/a.h5", tmp_path / "a.part", tmp_path / "note")


def test_progress_is_a_line_now_and_then_in_a_log(server, tmp_path, waits, monkeypatch, capsys):
    host = server.url[7:]
    server.files["/a.h5"] = Served(CONTENT)
    get(server, tmp_path)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(transfer, "_LINE_SECONDS", 0.0)
    (tmp_path / "0-a.h5.part").unlink()
    get(server, tmp_path)
    lines = capsys.readouterr().err.splitlines()
    assert lines and all(re.fullmatch(rf"a\.h5 from {host}: .+ of 200\.0 kB, .+/s", line) for line in lines)
    assert "200.0 kB of 200.0 kB" in lines[-1]


def test_progress_is_a_bar_on_a_terminal(server, tmp_path, waits, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    server.files["/a.h5"] = Served(CONTENT, cuts=[50_000])
    get(server, tmp_path)
    assert f"a.h5 from {server.url[7:]}:  25%" in capsys.readouterr().err  # the second bar begins where the first ended


def test_nobody_at_the_address(tmp_path, waits):
    with serving() as gone:
        url = gone.url
    with refused(f"{url[7:]} cannot be reached, 5 retries") as error:
        fetch(f"{url}/a.h5", tmp_path / "a.part", tmp_path / "note")
    assert error.value.unreachable


def test_a_disk_without_room_is_told_before_anything_comes(server, tmp_path, waits, monkeypatch):
    server.files["/a.h5"] = Served(CONTENT)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000))
    with pytest.raises(UserError) as error:
        get(server, tmp_path)
    assert str(error.value) == (
        f"{tmp_path}: a.h5 needs 200.0 kB more, but only 100.0 kB are free; "
        "free some space, or put the data and S5VH_CACHE on another disk"
    )
    assert not (tmp_path / "0-a.h5.part").exists()


def test_a_disk_that_fills_up_meanwhile_keeps_what_has_come(server, tmp_path, waits, monkeypatch):
    server.files["/a.h5"] = Served(CONTENT)
    write = fetching._write

    def full(file, chunk):
        if file.tell() + len(chunk) > 100_000:
            raise OSError(28, "No space left on device")
        write(file, chunk)

    monkeypatch.setattr(fetching, "_CHUNK", 10_000)
    monkeypatch.setattr(fetching, "_write", full)
    part = tmp_path / "0-a.h5.part"
    with pytest.raises(UserError, match=r"a\.h5\.part: the disk is full; free some space and run the same"):
        get(server, tmp_path)
    kept = part.stat().st_size
    assert 80_000 < kept <= 100_000
    monkeypatch.setattr(fetching, "_write", write)
    assert get(server, tmp_path) == CONTENT
    assert server.asked[-1][1]["Range"] == f"bytes={kept}-"
