"""One web address into one file, whatever the server and the line do on the way.

`requests` carries it: connections, TLS, proxies. What it leaves to its callers is here: going on after a cut, checking
that both halves are of one version, waiting when the server says so, bounded redirects. Two libraries come near and do
not fit: pooch starts a broken download from nothing and has no locks, and Snakemake's storage plugin for cached web
files knows a few named hosts only.
"""

from __future__ import annotations

import email.utils
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

import s5vh
from s5vh.base.errors import UserError
from s5vh.base.files import disk_error, read_json, write_json
from s5vh.data.download.disk import check_space
from s5vh.data.download.records import looks_like_html
from s5vh.data.download.sources import host_of, without_login
from s5vh.data.download.transfer import Meter, amount, say

RETRIES = 5  # in a row without a new byte
_FIRST_WAIT = 1.0  # seconds; doubled with every retry
_LONGEST_WAIT = 120.0  # seconds; a server that asks for more is asked again another day
_REDIRECTS = 10
_TIMEOUT = (20, 60)  # seconds to connect, and of silence
_CHUNK = 2**18
_OVERLAP = 2**16  # bytes fetched again and compared where the server names no version
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_sleep = time.sleep


class Unavailable(Exception):
    """A file cannot be got from here; the message is a part of a sentence. Another address may still have it.

    Attributes:
        unreachable: the host itself did not answer, so its other files need not be tried.
    """

    def __init__(self, message: str, *, unreachable: bool = False):
        super().__init__(" ".join(message.split()))
        self.unreachable = unreachable


class _Interrupted(Exception):
    """Worth another try, after `wait` seconds if the server named a time."""

    def __init__(self, message: str, wait: float | None = None, *, unreachable: bool = False):
        super().__init__(message)
        self.wait, self.unreachable = wait, unreachable


class _Broken(Exception):
    """The connection ended in the middle of a body."""


def fetch(url: str, part: Path, note: Path, *, expect: int | None = None) -> bool:
    """Bring what is at `url` into `part`; go on where an earlier call, or process, was cut off.

    When this returns, `part` has the length that the server announced and is on the disk. `note` is the small file
    that remembers which version of what address `part` belongs to.

    Args:
        url: web address; http or https.
        part: file to write; kept when this fails for a reason that may pass.
        note: JSON file beside it.
        expect: bytes that the file must have; None accepts any.

    Returns:
        Whether bytes of an earlier call were used.

    Raises:
        Unavailable: the server does not have the file, refuses, sends something else, or goes on failing.
        UserError: the disk is full or cannot be written.
    """
    with requests.Session() as session:
        session.headers.update({"User-Agent": f"s5vh/{s5vh.__version__}", "Accept-Encoding": "identity"})
        return _Fetch(session, url, part, note, expect).run()


class _Fetch:
    def __init__(self, session: requests.Session, url: str, part: Path, note: Path, expect: int | None):
        self.session, self.url, self.part, self.note, self.expect = session, url, part, note, expect
        self.host, self.shown = host_of(url), without_login(url)

    def run(self) -> bool:
        resumed, failures, best = self._have() > 0, 0, self._have()
        while True:
            try:
                self._attempt()
                return resumed
            except _Interrupted as error:
                have = self._have()
                failures = 0 if have > best else failures + 1
                best, resumed = max(best, have), resumed or have > 0
                if failures > RETRIES:
                    kept = f"; {amount(have)} are kept, and the same command goes on from there" if have else ""
                    raise Unavailable(
                        f"{self.host} {error}, {RETRIES} retries{kept}", unreachable=error.unreachable
                    ) from None
                wait = min(_FIRST_WAIT * 2 ** max(0, failures - 1), _LONGEST_WAIT) if error.wait is None else error.wait
                if wait > _LONGEST_WAIT:
                    raise Unavailable(
                        f"{self.host} {error} and asks to wait {wait:.0f} s; try again later", unreachable=True
                    ) from None
                say(f"{self.host} {error}; trying again in {wait:g} s")
                _sleep(wait)

    def _have(self) -> int:
        """Bytes that are here of what `url` names; what belongs to another address is none of it."""
        return self.part.stat().st_size if self.part.is_file() and self._version().get("url") == self.shown else 0

    def _version(self) -> dict[str, Any]:
        try:
            return read_json(self.note)
        except UserError:  # no note, or one cut short by a crash: then nothing is known about the part
            return {}

    def _attempt(self) -> None:
        have, version = self._have(), self._version()
        if have and have == version.get("bytes"):
            self._check_length(have)  # a process was killed between the last byte and the next step
            return
        # A weak ETag does not promise equal bytes, so it cannot vouch for the second half (RFC 9110, section 13.1.5).
        etag = version.get("etag")
        validator = etag if etag and not etag.startswith("W/") else version.get("modified")
        overlap = 0 if validator else _OVERLAP
        start = max(0, have - overlap)  # 0: too little is here to go on from
        headers = {"Range": f"bytes={start}-"} if start else {}
        if start and validator:
            headers["If-Range"] = validator
        with self._get(headers) as response:
            start = self._accepted(response, start, version)
            self._receive(response, start, overlap if start else 0)

    def _get(self, headers: dict[str, str]) -> requests.Response:
        """The answer after all redirects, which lead to http and https only and never from the second to the first."""
        url = self.url
        for _ in range(_REDIRECTS + 1):
            try:
                response = self.session.get(url, headers=headers, stream=True, allow_redirects=False, timeout=_TIMEOUT)
            except requests.exceptions.SSLError as error:
                if "CERTIFICATE" not in str(error).upper():
                    raise _Interrupted("broke the encrypted connection off") from None
                raise Unavailable(
                    f"the certificate of {host_of(url)} cannot be verified; is the clock right, or a proxy in "
                    "between (REQUESTS_CA_BUNDLE names its certificate)?"
                ) from None
            except requests.exceptions.ProxyError:
                raise _Interrupted("cannot be reached through the proxy", unreachable=True) from None
            except requests.exceptions.Timeout:
                raise _Interrupted("does not answer", unreachable=True) from None
            except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError):
                raise _Interrupted("cannot be reached", unreachable=True) from None
            except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
                raise Unavailable(f"{without_login(url)}: {type(error).__name__}") from None
            if not response.is_redirect:
                return response
            target = urljoin(url, response.headers["Location"])
            response.close()
            before, after = urlsplit(url).scheme, urlsplit(target).scheme
            if after not in ("http", "https") or (before, after) == ("https", "http"):
                raise Unavailable(f"{host_of(url)} redirects to {after}://, which is not followed")
            url = target
        raise Unavailable(f"{self.host} redirects more than {_REDIRECTS} times")

    def _accepted(self, response: requests.Response, asked: int, version: dict[str, Any]) -> int:
        """The offset at which the body of `response` begins; every answer that has no such body is an exception."""
        status = response.status_code
        if status in _BUSY:
            raise _Interrupted(f"answers {status} ({response.reason})", _retry_after(response), unreachable=True)
        if status == 416:
            self._forget()
            raise _Interrupted("has another version of the file now")
        if status in (404, 410):
            raise Unavailable(f"{self.host} does not have it ({status})")
        if status in (401, 403):
            raise Unavailable(f"{self.host} refuses it ({status}); the share may have expired or want a login")
        if status not in (200, 206) or (status == 206 and not asked):
            raise Unavailable(f"{self.host} answers {status} ({response.reason})")
        if response.headers.get("Content-Type", "").startswith(("text/html", "application/xhtml")):
            raise _web_page(self.host)
        if status == 206:
            found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("Content-Range", ""))
            total = int(found[3]) if found and found[3] != "*" else None
            same = version.get("bytes") in (None, total) and not any(
                len({version.get(key), response.headers.get(header)} - {None}) > 1
                for key, header in (("etag", "ETag"), ("modified", "Last-Modified"))
            )
            if not found or int(found[1]) != asked or not same:
                self._forget()
                raise _Interrupted("has another version of the file now")
            return asked
        length = response.headers.get("Content-Length", "")
        total = int(length) if length.isdecimal() else None
        if total is not None:
            self._check_length(total)
        self._forget()
        self.part.parent.mkdir(parents=True, exist_ok=True)
        headers = {"etag": response.headers.get("ETag"), "modified": response.headers.get("Last-Modified")}
        write_json(self.note, {"url": self.shown, "bytes": total, **headers})
        return 0

    def _receive(self, response: requests.Response, start: int, overlap: int) -> None:
        total = self._version().get("bytes")
        name = self.part.name.removesuffix(".part").partition("-")[2]
        have = start + overlap
        broken = False
        try:
            if total is not None:
                check_space(self.part.parent, total - have, name)
            # Unbuffered: what has come survives the end of this process.
            with self.part.open("ab" if have else "wb", buffering=0) as file:
                with Meter(f"{name} from {self.host}", total, have) as meter:
                    try:
                        for chunk in _chunks(response):
                            if start < have:
                                chunk, start = self._beyond_overlap(chunk, start, have)
                            elif file.tell() == 0 and looks_like_html(chunk):
                                raise _web_page(self.host)
                            _write(file, chunk)
                            meter.add(len(chunk))
                    except _Broken:
                        broken = True
                os.fsync(file.fileno())
                have = file.tell()
        except Unavailable:
            self._forget()
            raise
        except OSError as error:
            raise disk_error(error, self.part) from None
        if broken or (total is not None and have < total):
            raise _Interrupted(f"broke off after {amount(have)}{'' if total is None else f' of {amount(total)}'}")
        if total is None:
            self._check_length(have)

    def _beyond_overlap(self, chunk: bytes, start: int, have: int) -> tuple[bytes, int]:
        """What of a chunk from offset `start` is new, after a comparison of what is not; and where the next begins."""
        with self.part.open("rb") as file:
            file.seek(start)
            known = file.read(min(len(chunk), have - start))
        if chunk[: len(known)] != known:
            self._forget()
            raise _Interrupted("has another version of the file now")
        return chunk[len(known) :], start + len(chunk)

    def _check_length(self, length: int) -> None:
        if self.expect not in (None, length):
            self._forget()
            raise Unavailable(
                f"{self.host} has a file of {length:,} bytes, expected {self.expect:,}; it is another version"
            )

    def _forget(self) -> None:
        self.part.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """Bytes as they come and as they are sent."""
    try:
        while chunk := response.raw.read1(_CHUNK):
            yield chunk
    except (urllib3.exceptions.HTTPError, OSError):
        raise _Broken from None


def _write(file: Any, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:  # a system call may take less than it is given
        view = view[file.write(view) :]


def _web_page(host: str) -> Unavailable:
    return Unavailable(
        f"{host} answers with a web page instead of the file; the share may have expired or want a login"
    )


def _retry_after(response: requests.Response) -> float | None:
    """Seconds to wait by the header Retry-After, a number or a date; None without one."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
