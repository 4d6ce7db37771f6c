"""Where a missing file of a data set can be read from by a program, and where a download is kept meanwhile.

Environment variables:
    S5VH_MIRROR  a folder or web address that is tried before every other place, as MIRROR/{dataset}/{file} and as
                 MIRROR/{file}, so that a laboratory can serve its own copy. It alone may be http://.
    S5VH_CACHE   folder that downloads are kept in, so that several checkouts share them (default: ~/.cache/s5vh if it
                 is on the file system of the data, where a hard link costs no space); `none` keeps nothing.

Imports nothing heavy: the Snakefile uses it at parse time.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig

WORK_FOLDER = ".s5vh-download"  # inside a data set's folder: locks, and what is being fetched when there is no cache


@dataclass(frozen=True)
class Candidate:
    """One address at which a file may be.

    Attributes:
        address: web address or path of the file, or of the archive that holds it.
        member: path of the file in that archive; None without an archive.
        record: number of the Zenodo record, which knows size and MD5 of its files.
    """

    address: str | Path
    member: str | None = None
    record: int | None = None

    @property
    def name(self) -> str:
        """Name of what is at the address."""
        if isinstance(self.address, Path):
            return self.address.name
        parts = urlsplit(self.address)
        inner = parts.query.removeprefix("p=/").removesuffix("&dl=1") if parts.query.startswith("p=/") else parts.path
        return inner.rstrip("/").rpartition("/")[2] or "file"

    @property
    def place(self) -> str:
        """The host, or the folder, for messages."""
        return str(self.address.parent) if isinstance(self.address, Path) else host_of(self.address)

    @property
    def shown(self) -> str:
        """The address as it may be written down."""
        return without_login(str(self.address))


def without_login(url: str) -> str:
    """A web address without the name and password that may stand before its host; they belong in no file or log."""
    parts = urlsplit(url)
    return parts._replace(netloc=host_of(url)).geturl() if "@" in parts.netloc else url


def host_of(url: str) -> str:
    """Host and port of a web address."""
    return urlsplit(url).netloc.rpartition("@")[2]


def candidates(name: str, config: DatasetConfig, file: str) -> list[Candidate]:
    """Addresses to try for `file` of the data set `name`, best first: the mirror, then the shares as configured.

    Paths are listed only while they exist; whether a web address works shows when it is opened.
    """
    found = [Candidate(address) for address in mirrored(name, file)]
    for share in config.source.shares:
        if share.automatic and share.has(file):
            found.append(Candidate(share.address(file), share.member(file), share.record))
    return [item for item in found if not isinstance(item.address, Path) or item.address.is_file()]


def mirrored(name: str, file: str) -> list[str | Path]:
    """Addresses of a file of the data set `name`, or of `weights`, in the mirror; none without one."""
    mirror = os.environ.get("S5VH_MIRROR", "")
    if not mirror:
        return []
    scheme, separator, rest = mirror.partition("://")
    if separator and scheme in ("http", "https"):
        return [f"{mirror.rstrip('/')}/{quote(path)}" for path in (f"{name}/{file}", file)]
    if separator and scheme != "file":
        raise UserError(f"S5VH_MIRROR: '{mirror}' must be a folder, or begin with https:// or http://")
    folder = Path(rest if separator else mirror).expanduser()
    return [folder / name / file, folder / file]


@dataclass(frozen=True)
class Entry:
    """What is kept of one web address: the finished file, or the part of it that has come so far."""

    file: Path

    def _beside(self, suffix: str) -> Path:
        return self.file.with_name(self.file.name + suffix)

    @property
    def part(self) -> Path:
        """What has come so far."""
        return self._beside(".part")

    @property
    def note(self) -> Path:
        """JSON: address, size and version of the file while it comes; size, SHA-256 and date when it is whole."""
        return self._beside(".json")

    @property
    def lock(self) -> Path:
        """Held by the process that fetches it."""
        return self._beside(".lock")

    def forget(self) -> None:
        """Remove everything but the lock."""
        for path in (self.file, self.part, self.note):
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Store:
    """Folder of downloads; `keep` says whether they stay there once they are in their data set's folder."""

    folder: Path
    keep: bool

    def entry(self, candidate: Candidate) -> Entry:
        """The entry of a web address; equal names from different addresses do not meet."""
        digest = hashlib.sha256(candidate.shown.encode()).hexdigest()[:16]
        return Entry(self.folder / f"{digest}-{candidate.name}")


def open_store(folder: Path) -> Store:
    """The store for downloads into the data set's `folder`."""
    beside = Store(folder / WORK_FOLDER, keep=False)
    wish = os.environ.get("S5VH_CACHE", "")
    if wish.lower() == "none":
        return beside
    if wish:
        return Store(Path(wish).expanduser().absolute(), keep=True)
    try:
        cache = Path.home() / ".cache" / "s5vh"
    except RuntimeError:  # nobody's home
        return beside
    return Store(cache, keep=True) if _device(cache) == _device(folder) else beside


def _device(folder: Path) -> int:
    """The file system that `folder` is on, or will be."""
    for place in (folder.absolute(), *folder.absolute().parents):
        if place.exists():
            return place.stat().st_dev
    return -1
