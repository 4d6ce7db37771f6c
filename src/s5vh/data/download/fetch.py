"""Robust download of one URL to one file.

`requests` handles connections, TLS and proxies. This module adds what it leaves to callers: resuming interrupted
downloads, checking that both halves belong to the same version, honouring Retry-After, and bounded redirects. Two
libraries come close but do not fit: pooch restarts interrupted downloads from scratch and has no locks, and Snakemake's
storage plugin for cached web files only supports a few named hosts.
"""

from __future__ import annotations

import email.utils
import os
import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

import s5vh
from s5vh.base.errors import UserError
from s5vh.base.files import check_file, disk_error, read_error, read_json, write_json
from s5vh.data.download.sources import host_of, without_login
from s5vh.data.download.transfer import Meter, amount, check_space, say
from s5vh.data.kinds import looks_like_html

RETRIES = 5  # consecutive retries without progress
_FIRST_WAIT = 1.0  # seconds; doubled with every retry
_LONGEST_WAIT = 120.0  # seconds; give up if the server asks for a longer wait
_REDIRECTS = 10
_TIMEOUT = (20, 60)  # seconds: connect, read
_CHUNK = 2**18
_OVERLAP = 2**16  # bytes downloaded again and compared if the server gives no version
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_sleep = time.sleep


class Unavailable(Exception):
    """A file cannot be downloaded from this address; others may still have it. The message is a sentence fragment.

    Attributes:
        unreachable: the host itself did not respond, so its other files need not be tried.
    """

    def __init__(self, message: str, *, unreachable: bool = False):
        super().__init__(" ".join(message.split()))
        self.unreachable = unreachable


class _Interrupted(Exception):
    """A transient failure; retry after `wait` seconds if the server specified a delay."""

    def __init__(self, message: str, wait: float | None = None, *, unreachable: bool = False):
        super().__init__(message)
        self.wait, self.unreachable = wait, unreachable


class _Broken(Exception):
    """The connection ended before the end of the body."""


def fetch(url: str, part: Path, note: Path, *, expect: int | None = None) -> bool:
    """Download `url` to `part`, resuming where an earlier call or process was interrupted.

    On return, `part` has the length announced by the server and is flushed to disk. `note` is a small file that records
    which URL and version `part` belongs to.

    Args:
        url: http or https URL.
        part: file to write; kept after transient failures.
        note: JSON file next to it.
        expect: expected size in bytes; None accepts any.

    Returns:
        Whether bytes from an earlier call were reused.

    Raises:
        Unavailable: the server does not have the file, denies access, sends something else, or keeps failing.
        UserError: the disk is full or cannot be written; the user's certificates cannot be read.
    """
    check_certificates()
    with requests.Session() as session:
        session.headers.update({"User-Agent": f"s5vh/{s5vh.__version__}", "Accept-Encoding": "identity"})
        return _Fetch(session, url, part, note, expect).run()


def check_certificates() -> None:
    """Raise a `UserError` if a variable that tells `requests` where certificates are names no such file or folder."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if not (value := os.environ.get(name)):
            continue
        if os.path.isdir(value):  # of certificates, with hashed names
            return
        _check_file_of(value, name)
        try:
            ssl.create_default_context(cafile=value)
        except (ssl.SSLError, ValueError):
            raise UserError(f"{name}: {value} has no certificates in PEM format; fix or unset {name}") from None
        except OSError as error:
            raise UserError(f"{name}: {read_error(error, value)}") from None
        return


def _check_file_of(path: str, variable: str) -> None:
    """`check_file` for a path in an environment variable, which the message names too."""
    try:
        check_file(path)
    except UserError as error:
        raise UserError(f"{variable}: {error}; fix or unset {variable}") from None


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
                    kept = f"; {amount(have)} are kept, and the same command will resume from there" if have else ""
                    raise Unavailable(
                        f"{self.host} {error}, {RETRIES} retries{kept}", unreachable=error.unreachable
                    ) from None
                wait = min(_FIRST_WAIT * 2 ** max(0, failures - 1), _LONGEST_WAIT) if error.wait is None else error.wait
                if wait > _LONGEST_WAIT:
                    raise Unavailable(
                        f"{self.host} {error} and requests a wait of {wait:.0f} s; try again later", unreachable=True
                    ) from None
                say(f"{self.host} {error}; retrying in {wait:g} s")
                _sleep(wait)

    def _have(self) -> int:
        """Bytes of `url` already downloaded; 0 if `part` belongs to another URL."""
        return self.part.stat().st_size if self.part.is_file() and self._version().get("url") == self.shown else 0

    def _version(self) -> dict[str, Any]:
        try:
            return read_json(self.note)
        except UserError:  # no note, or one truncated by a crash
            return {}

    def _attempt(self) -> None:
        have, version = self._have(), self._version()
        if have and have == version.get("bytes"):
            self._check_length(have)  # killed between the last byte and the next step
            return
        # A weak ETag does not guarantee identical bytes, so it cannot validate a range (RFC 9110, section 13.1.5).
        etag = version.get("etag")
        validator = etag if etag and not etag.startswith("W/") else version.get("modified")
        overlap = 0 if validator else _OVERLAP
        start = max(0, have - overlap)  # 0: too little to resume from
        headers = {"Range": f"bytes={start}-"} if start else {}
        if start and validator:
            headers["If-Range"] = validator
        with self._get(headers) as response:
            start = self._accepted(response, start, version)
            self._receive(response, start, overlap if start else 0)

    def _get(self, headers: dict[str, str]) -> requests.Response:
        """The response after all redirects; only to http and https, and never from https to http."""
        url = self.url
        for _ in range(_REDIRECTS + 1):
            try:
                response = self.session.get(url, headers=headers, stream=True, allow_redirects=False, timeout=_TIMEOUT)
            except requests.exceptions.SSLError as error:
                if "CERTIFICATE" not in str(error).upper():
                    raise _Interrupted("closed the encrypted connection") from None
                raise Unavailable(
                    f"the certificate of {host_of(url)} cannot be verified; check the clock, and for a proxy set "
                    "REQUESTS_CA_BUNDLE to its certificate"
                ) from None
            except requests.exceptions.ProxyError:
                raise _Interrupted("cannot be reached through the proxy", unreachable=True) from None
            except requests.exceptions.Timeout:
                raise _Interrupted("does not respond", unreachable=True) from None
            except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError):
                raise _Interrupted("cannot be reached", unreachable=True) from None
            except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
                # ValueError: an address, also of a proxy or a redirect, that is none.
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

    def _accepted(self, response: requests.Response, requested: int, version: dict[str, Any]) -> int:
        """The offset at which the body of `response` begins; raises if it is not the requested body."""
        status = response.status_code
        if status in _BUSY:
            raise _Interrupted(f"responds with {status} ({response.reason})", _retry_after(response), unreachable=True)
        if status == 416:
            self._forget()
            raise _Interrupted("now has a different version of the file")
        if status in (404, 410):
            raise Unavailable(f"{self.host} does not have it ({status})")
        if status in (401, 403):
            raise Unavailable(f"{self.host} denies access ({status}); the share may have expired or require a login")
        if status not in (200, 206) or (status == 206 and not requested):
            raise Unavailable(f"{self.host} responds with {status} ({response.reason})")
        if response.headers.get("Content-Type", "").startswith(("text/html", "application/xhtml")):
            raise _web_page(self.host)
        if status == 206:
            match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("Content-Range", ""))
            total = int(match[3]) if match and match[3] != "*" else None
            same = version.get("bytes") in (None, total) and not any(
                len({version.get(key), response.headers.get(header)} - {None}) > 1
                for key, header in (("etag", "ETag"), ("modified", "Last-Modified"))
            )
            if not match or int(match[1]) != requested or not same:
                self._forget()
                raise _Interrupted("now has a different version of the file")
            return requested
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
            # Unbuffered, so that received bytes survive if this process is killed.
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
            raise _Interrupted(
                f"interrupted the transfer after {amount(have)}{'' if total is None else f' of {amount(total)}'}"
            )
        if total is None:
            self._check_length(have)

    def _beyond_overlap(self, chunk: bytes, start: int, have: int) -> tuple[bytes, int]:
        """Compare the known bytes of a chunk at offset `start`; return its new bytes and the next offset."""
        with self.part.open("rb") as file:
            file.seek(start)
            known = file.read(min(len(chunk), have - start))
        if chunk[: len(known)] != known:
            self._forget()
            raise _Interrupted("now has a different version of the file")
        return chunk[len(known) :], start + len(chunk)

    def _check_length(self, length: int) -> None:
        if self.expect not in (None, length):
            self._forget()
            raise Unavailable(
                f"{self.host} has a file of {length:,} bytes, expected {self.expect:,}; it is a different version"
            )

    def _forget(self) -> None:
        self.part.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """Yield raw bytes as they arrive, without decoding."""
    try:
        while chunk := response.raw.read1(_CHUNK):
            yield chunk
    except (urllib3.exceptions.HTTPError, OSError):
        raise _Broken from None


def _write(file: Any, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:  # a system call may write fewer bytes than given
        view = view[file.write(view) :]


def _web_page(host: str) -> Unavailable:
    return Unavailable(
        f"{host} responds with a web page instead of the file; the share may have expired or require a login"
    )


def _retry_after(response: requests.Response) -> float | None:
    """Seconds to wait according to the Retry-After header (number or date); None if there is none."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
