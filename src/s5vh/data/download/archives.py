"""Files out of zip and tar archives, none of which is trusted.

Everything in an archive is looked at before anything is written: an archive in which one name leads outside of the
folder, or that would fill the disk, is refused as a whole.
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
from s5vh.data.download.disk import check_space
from s5vh.data.download.transfer import Meter, amount

_CHUNK = 2**20
_PADDING = 2**24  # bytes that may follow the last member of a tar file; writers fill up their last block with zeros


class ArchiveError(UserError):
    """The archive itself is at fault; another copy of it, or another place, may do."""


@dataclass(frozen=True)
class Limits:
    """What an archive of feature files never exceeds."""

    members: int = 10_000
    bytes: int = 10**12  # unpacked, all members together
    ratio: float = 200.0  # unpacked size to size of the archive; features hardly shrink, labels may a hundredfold


@dataclass(frozen=True)
class Member:
    """One file in an archive: its name, its size unpacked, and the library's own object for it."""

    name: str
    bytes: int
    handle: Any


def unpack(archive: Path, wanted: Mapping[str, Path], limits: Limits | None = None) -> None:
    """Write members of an archive to files, each whole or absent.

    Args:
        archive: .zip, .tar, .tar.gz or .tgz; what it is shows in its content.
        wanted: where to write, by the member's name.
        limits: default `Limits()`.

    Raises:
        ArchiveError: no such archive or a damaged one; a member that is missing, encrypted, a link or a device, named
            twice, or whose name leads out of the folder; too many members, too large, or packed too tightly.
        UserError: a full disk.
    """
    with _opened(archive) as opened:
        members = _checked(archive, opened, limits or Limits())
        for name, target in wanted.items():
            if name not in members:
                near = [other for other in members if PurePosixPath(other).name == PurePosixPath(name).name]
                hint = f"; it has {near[0]}, so correct 'path' of the share" if near else ""
                raise ArchiveError(f"{archive}: has no file '{name}'{hint}")
            check_space(target.parent, members[name].bytes, target.name)
            with atomic(target) as temporary, temporary.open("wb") as file, _damage_told(archive):
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
        """Every member, None for a folder, with what is wrong with its kind."""
        for info in self._file.infolist():
            mode = info.external_attr >> 16
            kind = stat.S_IFMT(mode)
            wrong = "is encrypted" if info.flag_bits & 1 else ""
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                wrong = "is a link or a device"
            folder = info.is_dir() and not wrong
            yield (None if folder else Member(info.filename, info.file_size, info)), wrong or _name_fault(info.filename)

    def open(self, member: Member) -> IO[bytes]:
        return self._file.open(member.handle)


class _Tar:
    def __init__(self, path: Path):
        self._file = tarfile.open(path)  # noqa: SIM115 (closed by `close`)
        self.close = self._file.close

    def members(self) -> Iterator[tuple[Member | None, str]]:
        """Every member, None for a folder, with what is wrong with its kind; read one by one, so that it can stop."""
        for info in self._file:
            wrong = _name_fault(info.name)
            if not (info.isreg() or info.isdir()):
                wrong = "is a link or a device"
            if not wrong:
                try:
                    # Its own sense of what data may be: a second opinion on names, links and special files.
                    tarfile.data_filter(info, "/nowhere")
                except tarfile.FilterError as error:
                    wrong = f"is refused ({type(error).__name__})"
            yield (None if info.isdir() else Member(info.name, info.size, info)), wrong
        self._check_sum()

    def _check_sum(self) -> None:
        """Read on to the end of a compressed file: its checksum is there, and tar files end before."""
        stream = self._file.fileobj
        if isinstance(stream, gzip.GzipFile):
            left = _PADDING
            while left > 0 and (block := stream.read(_CHUNK)):
                left -= len(block)
            if left <= 0:
                raise tarfile.ReadError("it goes on after its end")

    def open(self, member: Member) -> IO[bytes]:
        return self._file.extractfile(member.handle)


@contextmanager
def _opened(archive: Path) -> Iterator[_Zip | _Tar]:
    with _damage_told(archive):
        if zipfile.is_zipfile(archive):
            opened = _Zip(archive)
        elif tarfile.is_tarfile(archive):
            opened = _Tar(archive)
        else:
            raise ArchiveError(f"{archive}: not a zip or tar archive, or a truncated one; download it again")
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def _damage_told(archive: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise ArchiveError(f"{archive}: no such file") from None
    except (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ArchiveError(f"{archive}: a damaged archive ({error}); download it again") from None


def _checked(archive: Path, opened: _Zip | _Tar, limits: Limits) -> dict[str, Member]:
    packed, total, count = archive.stat().st_size, 0, 0
    found: dict[str, Member] = {}
    with _damage_told(archive):
        for member, wrong in opened.members():
            count += 1
            if count > limits.members:
                raise ArchiveError(f"{archive}: more than {limits.members:,} members, refused")
            name = member.name if member else "a folder"
            if wrong:
                raise ArchiveError(f"{archive}: member '{name}' {wrong}, so the archive is refused")
            if member is None:
                continue
            if name in found:
                raise ArchiveError(f"{archive}: two members are called '{name}', so the archive is refused")
            found[name] = member
            total += member.bytes
            if total > limits.bytes:
                raise ArchiveError(f"{archive}: unpacks to more than {amount(limits.bytes)}, refused")
            if total > limits.ratio * packed:
                raise ArchiveError(f"{archive}: unpacks to more than {limits.ratio:g} times its size, refused")
    return found


def _name_fault(name: str) -> str:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or ":" in parts[0]:
        return "has a name that leads out of the folder"
    return ""
