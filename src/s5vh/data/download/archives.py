"""Extraction of files from untrusted zip and tar archives.

All members are checked before anything is written: an archive with a path that escapes the folder, or that would fill
the disk, is rejected as a whole.
"""

from __future__ import annotations

import gzip
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from s5vh.base.errors import UserError
from s5vh.base.files import atomic
from s5vh.data.download.transfer import Meter, amount, check_space

_CHUNK = 2**20
_PADDING = 2**24  # bytes allowed after the last member of a tar file, as writers pad the last block with zeros


class ArchiveError(UserError):
    """The archive itself is invalid; another copy or source may work."""


@dataclass(frozen=True)
class Limits:
    """Upper limits for archives of feature files."""

    members: int = 10_000
    bytes: int = 10**12  # total unpacked size
    ratio: float = 200.0  # compression ratio; features hardly compress, labels may a hundredfold


@dataclass(frozen=True)
class Member:
    """One file in an archive: name, unpacked size and the library's own object for it."""

    name: str
    bytes: int
    handle: Any


def unpack(archive: Path, wanted: Mapping[str, Path], limits: Limits | None = None) -> None:
    """Extract members of an archive to files, each atomically.

    Args:
        archive: .zip, .tar, .tar.gz or .tgz; the format is detected from the content.
        wanted: target files by member name.
        limits: default `Limits()`.

    Raises:
        ArchiveError: the archive is missing or damaged; a member is missing, encrypted, a link, a device, duplicated,
            or its path escapes the folder; too many members, too large, or too high a compression ratio.
        UserError: a full disk.
    """
    with _opened(archive) as opened:
        members = _checked(archive, opened, limits or Limits())
        for name, target in wanted.items():
            if name not in members:
                similar = [other for other in members if PurePosixPath(other).name == PurePosixPath(name).name]
                hint = f"; it has {similar[0]}, so fix 'path' of the share" if similar else ""
                raise ArchiveError(f"{archive}: has no file '{name}'{hint}")
            check_space(target.parent, members[name].bytes, target.name)
            with atomic(target) as temporary, temporary.open("wb") as file, _report_damage(archive):
                with opened.open(members[name]) as source, Meter(f"{name} unpacked", members[name].bytes) as meter:
                    while chunk := source.read(_CHUNK):
                        file.write(chunk)
                        meter.add(len(chunk))
                if file.tell() != members[name].bytes:
                    raise ArchiveError(f"{archive}: '{name}' is damaged; download the archive again")


class _Zip:
    def __init__(self, path: Path):
        self._file = zipfile.ZipFile(path)
        self.close = self._file.close

    def members(self) -> Iterator[tuple[Member | None, str]]:
        """Yield every member (None for a folder) with a description of any fault."""
        for info in self._file.infolist():
            mode = info.external_attr >> 16
            kind = stat.S_IFMT(mode)
            fault = "is encrypted" if info.flag_bits & 1 else ""
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                fault = "is a link or a device"
            folder = info.is_dir() and not fault
            yield (None if folder else Member(info.filename, info.file_size, info)), fault or _name_fault(info.filename)

    def open(self, member: Member) -> IO[bytes]:
        return self._file.open(member.handle)


class _Tar:
    def __init__(self, path: Path):
        self._file = tarfile.open(path)  # noqa: SIM115 (closed by `close`)
        self.close = self._file.close

    def members(self) -> Iterator[tuple[Member | None, str]]:
        """As `_Zip.members`, but read lazily, so that reading can stop early."""
        for info in self._file:
            fault = _name_fault(info.name)
            if not (info.isreg() or info.isdir()):
                fault = "is a link or a device"
            if not fault:
                try:
                    # Python's own filter, as a second check of names, links and special files.
                    tarfile.data_filter(info, "/nowhere")
                except tarfile.FilterError as error:
                    fault = f"is rejected ({type(error).__name__})"
            yield (None if info.isdir() else Member(info.name, info.size, info)), fault
        self._check_sum()

    def _check_sum(self) -> None:
        """Read to the end of a compressed file, where its checksum is, since the tar data ends earlier."""
        stream = self._file.fileobj
        if isinstance(stream, gzip.GzipFile):
            left = _PADDING
            while left > 0 and (block := stream.read(_CHUNK)):
                left -= len(block)
            if left <= 0:
                raise tarfile.ReadError("trailing data after its end")

    def open(self, member: Member) -> IO[bytes]:
        return self._file.extractfile(member.handle)


@contextmanager
def _opened(archive: Path) -> Iterator[_Zip | _Tar]:
    with _report_damage(archive):
        if zipfile.is_zipfile(archive):
            opened = _Zip(archive)
        elif tarfile.is_tarfile(archive):
            opened = _Tar(archive)
        else:
            raise ArchiveError(f"{archive}: not a zip or tar archive, or truncated; download it again")
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def _report_damage(archive: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise ArchiveError(f"{archive}: no such file") from None
    except (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ArchiveError(f"{archive}: damaged archive ({error}); download it again") from None


def _checked(archive: Path, opened: _Zip | _Tar, limits: Limits) -> dict[str, Member]:
    packed, total, count = archive.stat().st_size, 0, 0
    members: dict[str, Member] = {}
    with _report_damage(archive):
        for member, fault in opened.members():
            count += 1
            if count > limits.members:
                raise ArchiveError(f"{archive}: more than {limits.members:,} members; rejected")
            name = member.name if member else "a folder"
            if fault:
                raise ArchiveError(f"{archive}: member '{name}' {fault}; archive rejected")
            if member is None:
                continue
            if name in members:
                raise ArchiveError(f"{archive}: two members are named '{name}'; archive rejected")
            members[name] = member
            total += member.bytes
            if total > limits.bytes:
                raise ArchiveError(f"{archive}: unpacks to more than {amount(limits.bytes)}; rejected")
            if total > limits.ratio * packed:
                raise ArchiveError(f"{archive}: unpacks to more than {limits.ratio:g} times its size; rejected")
    return members


def _name_fault(name: str) -> str:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or ":" in parts[0]:
        return "has a path that escapes the folder"
    return ""
