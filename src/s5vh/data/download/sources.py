"""Addresses from which missing files of a data set can be downloaded, and where downloads are stored.

Environment variables:
    S5VH_MIRROR  folder or URL that is tried before all other sources, as MIRROR/{dataset}/{file} and as MIRROR/{file},
                 so that a laboratory can serve its own copy. Only the mirror may be http://.
    S5VH_CACHE   folder for downloads, shared by several checkouts (default: ~/.cache/s5vh if it is on the same file
                 system as the data, where hard links take no space); `none` disables the cache.

Imports stay light: the Snakefile uses this at parse time.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig

WORK_FOLDER = ".s5vh-download"  # in a data set's folder: locks, and partial downloads if there is no cache


@dataclass(frozen=True)
class Candidate:
    """One address where a file may be available.

    Attributes:
        address: URL or path of the file, or of the archive that contains it.
        member: path of the file in that archive; None if there is no archive.
        record: Zenodo record number; Zenodo publishes size and MD5 of its files.
    """

    address: str | Path
    member: str | None = None
    record: int | None = None

    @property
    def name(self) -> str:
        """Name of the file or archive at the address."""
        if isinstance(self.address, Path):
            return self.address.name
        parts = urlsplit(self.address)
        inner = parts.query.removeprefix("p=/").removesuffix("&dl=1") if parts.query.startswith("p=/") else parts.path
        return inner.rstrip("/").rpartition("/")[2] or "file"

    @property
    def place(self) -> str:
        """Host or folder, for messages."""
        return str(self.address.parent) if isinstance(self.address, Path) else host_of(self.address)

    @property
    def shown(self) -> str:
        """The address without credentials, for messages and records."""
        return without_login(str(self.address))


def without_login(url: str) -> str:
    """Strip user name and password from a URL; they must not end up in files or logs."""
    parts = urlsplit(url)
    return parts._replace(netloc=host_of(url)).geturl() if "@" in parts.netloc else url


def host_of(url: str) -> str:
    """Host and port of a URL."""
    return urlsplit(url).netloc.rpartition("@")[2]


def candidates(name: str, config: DatasetConfig, file: str) -> list[Candidate]:
    """Addresses to try for `file` of the data set `name`, in order: the mirror, then the shares as configured.

    Paths are only listed if they exist; URLs are not checked.
    """
    result = [Candidate(address) for address in mirrored(name, file)]
    for share in config.source.shares:
        if share.automatic and share.has(file):
            result.append(Candidate(share.address(file), share.member(file), share.record))
    return [item for item in result if not isinstance(item.address, Path) or item.address.is_file()]


def mirrored(name: str, file: str) -> list[str | Path]:
    """Addresses of a file of the data set `name`, or of `weights`, in the mirror; empty if there is no mirror."""
    mirror = os.environ.get("S5VH_MIRROR", "")
    if not mirror:
        return []
    scheme, separator, rest = mirror.partition("://")
    if separator and scheme in ("http", "https"):
        return [f"{mirror.rstrip('/')}/{quote(path)}" for path in (f"{name}/{file}", file)]
    if separator and scheme != "file":
        raise UserError(f"S5VH_MIRROR: '{mirror}' must be a folder, or start with https:// or http://")
    folder = Path(rest if separator else mirror).expanduser()
    return [folder / name / file, folder / file]


@dataclass(frozen=True)
class Entry:
    """Stored files of one URL: the complete file, or the part downloaded so far."""

    file: Path

    def _sibling(self, suffix: str) -> Path:
        return self.file.with_name(self.file.name + suffix)

    @property
    def part(self) -> Path:
        """The part downloaded so far."""
        return self._sibling(".part")

    @property
    def note(self) -> Path:
        """JSON: URL, size and version of the file during download; size, SHA-256 and date once complete."""
        return self._sibling(".json")

    @property
    def lock(self) -> Path:
        """Lock held by the downloading process."""
        return self._sibling(".lock")

    def forget(self) -> None:
        """Remove everything but the lock."""
        for path in (self.file, self.part, self.note):
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Store:
    """Folder of downloads; with `keep`, they stay there after being placed in their data set's folder."""

    folder: Path
    keep: bool

    def entry(self, candidate: Candidate) -> Entry:
        """The entry of a URL; files of the same name from different URLs do not collide."""
        digest = hashlib.sha256(candidate.shown.encode()).hexdigest()[:16]
        return Entry(self.folder / f"{digest}-{candidate.name}")


def open_store(folder: Path) -> Store:
    """The store for downloads into the data set's `folder`."""
    local = Store(folder / WORK_FOLDER, keep=False)
    setting = os.environ.get("S5VH_CACHE", "")
    if setting.lower() == "none":
        return local
    if setting:
        return Store(Path(setting).expanduser().absolute(), keep=True)
    try:
        cache = Path.home() / ".cache" / "s5vh"
    except RuntimeError:  # no home directory
        return local
    usable = _device(cache) == _device(folder) and os.access(_existing(cache), os.W_OK)
    return Store(cache, keep=True) if usable else local


def _device(folder: Path) -> int:
    """Device number of the file system that `folder` is, or will be, on."""
    return _existing(folder).stat().st_dev


def _existing(folder: Path) -> Path:
    """The folder itself, or the first above it that exists."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
