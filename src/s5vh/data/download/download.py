"""Files of a data set, brought into its folder: found, fetched, checked, put there whole, and remembered.

A file that is in the folder already is never written, moved or removed, whoever put it there.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import requests
from filelock import FileLock, Timeout

from s5vh.base.errors import UserError
from s5vh.base.files import disk_error, read_json, write_json
from s5vh.config.dataset import DatasetConfig
from s5vh.config.shares import FileFacts
from s5vh.data.download.archives import ArchiveError, unpack
from s5vh.data.download.availability import CHANGED, file_states, places_by_hand
from s5vh.data.download.content import check_content
from s5vh.data.download.disk import check_space
from s5vh.data.download.fetch import Unavailable, fetch
from s5vh.data.download.records import add_record, hash_file, record_of
from s5vh.data.download.sources import WORK_FOLDER, Candidate, Entry, candidates, open_store
from s5vh.data.download.transfer import Meter, amount, say

_CHUNK = 2**22
_ZENODO = "https://zenodo.org/api/records"


def download(name: str, config: DatasetConfig, files: Iterable[str] | None = None) -> list[str]:
    """Get files of a data set that are not there, each from the first place that has it.

    Args:
        name: the data set's name.
        config: its settings.
        files: names of files; None for all of them.

    Returns:
        Names of the files that were brought.

    Raises:
        UserError: an unknown name; a file that is here but broken; files that no place gave, after all others were
            brought, with the way to get them by hand; a full disk.
    """
    known = config.file_names()
    wanted = list(known if files is None else dict.fromkeys(files))
    for file in wanted:
        if file not in known:
            raise UserError(f"{name}: no part has a file '{file}' (it has: {', '.join(known) or 'none'})")
    for state in file_states(name, config):
        if state.state == "broken" and str(state.path.relative_to(config.folder(name))) in wanted:
            told = f"{state.path}: {state.reason}; {state.how}"
            if not state.reason.startswith(CHANGED):
                raise UserError(told)
            say(f"warning: {told}")
    job = _Job(name, config)
    brought, failed = [], {}
    for file in wanted:
        try:
            if job.obtain(file):
                brought.append(file)
        except Unavailable as error:
            failed[file] = str(error)
    job.tidy()
    if failed:
        reasons: dict[str, list[str]] = {}
        for file, reason in failed.items():
            reasons.setdefault(reason, []).append(file)
        told = "; ".join(f"{', '.join(group)}: {reason}" for reason, group in reasons.items())
        verb = "file" if len(failed) == 1 else "files"
        by_hand = places_by_hand(name, config, list(failed))
        raise UserError(f"{name}: {len(failed)} {verb} could not be downloaded to {job.folder} ({told}); {by_hand}")
    return brought


class _Job:
    """Downloads into one data set's folder."""

    def __init__(self, name: str, config: DatasetConfig):
        self.name, self.config, self.folder = name, config, config.folder(name)
        self.work = self.folder / WORK_FOLDER
        self.store = open_store(self.folder)
        self.silent: dict[str, str] = {}  # hosts that did not answer, so that fifteen files do not wait for one of them

    def obtain(self, file: str) -> bool:
        """Bring one file; False when it is there already. `Unavailable` says why no place gave it."""
        target = self.folder / file
        if target.exists():
            return False
        found = candidates(self.name, self.config, file)
        if not found:
            raise Unavailable("no program can get it")
        reasons = []
        with self._alone(self.work / f"{quote(file, safe='')}.lock", file):
            if target.exists():
                return False
            for candidate in found:
                try:
                    return self._bring(file, target, candidate)
                except Unavailable as error:
                    reasons.append(str(error))
        raise Unavailable("; ".join(dict.fromkeys(reasons)))

    def tidy(self) -> None:
        """Without a cache, drop what nobody needs any more: archives whose files are all here."""
        if self.store.keep:
            return
        missing = [file for file in self.config.file_names() if not (self.folder / file).exists()]
        needed = {item.address for file in missing for item in candidates(self.name, self.config, file)}
        for file in self.config.file_names():
            for item in candidates(self.name, self.config, file):
                if item.member is not None and not isinstance(item.address, Path) and item.address not in needed:
                    self.store.entry(item).forget()

    def _bring(self, file: str, target: Path, candidate: Candidate) -> bool:
        if candidate.member is not None:
            temporary = self.work / f"{quote(file, safe='')}.part"
            with self._opened(candidate, self._facts(candidate.name)) as (archive, _):
                try:
                    unpack(archive, {candidate.member: temporary})
                except ArchiveError as error:
                    if archive != candidate.address:
                        self.store.entry(candidate).forget()
                    fault = str(error).removeprefix(f"{archive}: ")
                    raise Unavailable(f"{candidate.name} of {candidate.place}: {fault}") from None
            try:
                digest = self._checked(temporary, file, candidate, self._facts(file))
                return self._put(temporary, target, digest, candidate, move=True)
            finally:
                temporary.unlink(missing_ok=True)
        with self._opened(candidate, self._facts(file), file) as (source, digest):
            local = isinstance(candidate.address, Path)
            return self._put(source, target, digest, candidate, move=not self.store.keep and not local, link=not local)

    def _facts(self, file: str) -> FileFacts:
        return self.config.source.files.get(file, FileFacts())

    @contextmanager
    def _opened(self, candidate: Candidate, facts: FileFacts, file: str | None = None) -> Iterator[tuple[Path, str]]:
        """What is at an address as a local file, checked, with its SHA-256; as `file` unless it is an archive."""
        if isinstance(candidate.address, Path):
            known = file is not None or facts != FileFacts()  # an archive of which nothing is known is read once only
            yield candidate.address, self._checked(candidate.address, file, candidate, facts) if known else ""
            return
        if candidate.place in self.silent:
            raise Unavailable(self.silent[candidate.place])
        entry = self.store.entry(candidate)
        with self._alone(entry.lock, candidate.name):
            digest = _still_whole(entry, facts)
            if digest is None:
                digest = self._fetched(candidate, entry, facts, file)
            yield entry.file, digest

    def _fetched(self, candidate: Candidate, entry: Entry, facts: FileFacts, file: str | None) -> str:
        expect, md5 = facts.bytes, None
        if candidate.record is not None:
            size, md5 = zenodo_facts(candidate.record, candidate.name)
            expect = expect or size
        say(f"{self.name}: fetching {candidate.name} from {candidate.place}")
        for last in (False, True):
            try:
                resumed = fetch(candidate.address, entry.part, entry.note, expect=expect)
            except Unavailable as error:
                if error.unreachable:
                    self.silent[candidate.place] = str(error)
                raise
            try:
                digest = self._checked(entry.part, file, candidate, facts, md5=md5)
                break
            except Unavailable:
                entry.forget()
                # Two halves that do not fit together can come of a server that told no version; a whole one cannot.
                if last or not resumed:
                    raise
        try:
            # In this order: a process that is killed in between has a whole part, which is not fetched again.
            write_json(entry.note, {"url": candidate.shown} | _note(entry.part, digest))
            os.replace(entry.part, entry.file)
        except OSError as error:
            raise disk_error(error, entry.file) from None
        return digest

    def _checked(
        self, path: Path, file: str | None, candidate: Candidate, facts: FileFacts, *, md5: str | None = None
    ) -> str:
        """SHA-256 of a file, after a check of it as `file`, or of an archive; `Unavailable` when it is not the one."""
        where = f"{candidate.name} of {candidate.place}"
        size = path.stat().st_size
        if facts.bytes not in (None, size):
            raise Unavailable(f"{where} has {size:,} bytes, expected {facts.bytes:,}")
        with Meter(f"checking {candidate.name}", size) as meter:
            sha256, *others = hash_file(path, *(["md5"] if md5 else []), progress=meter.add)
        if facts.sha256 not in (None, sha256):
            raise Unavailable(
                f"{where} has SHA-256 {sha256}, expected {facts.sha256}; it is damaged or another version"
            )
        if md5 is not None and others != [md5]:
            raise Unavailable(f"{where} has MD5 {others[0]}, the record says {md5}; it is damaged")
        if file is not None:
            try:
                check_content(self.config, file, path)
            except UserError as error:
                raise Unavailable(f"{where} is not the file: {str(error).removeprefix(f'{path}: ')}") from None
        return sha256

    def _put(
        self, source: Path, target: Path, digest: str, candidate: Candidate, *, move: bool, link: bool = True
    ) -> bool:
        """Give `source` its final name, unless somebody has put a file there meanwhile."""
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not (link and _linked(source, target)):
                temporary = self.work / f"{quote(target.name)}.copy"
                self._copy(source, temporary)
                try:
                    if not _linked(temporary, target):
                        if target.exists():
                            raise FileExistsError
                        os.rename(temporary, target)
                finally:
                    temporary.unlink(missing_ok=True)
            if move:
                source.unlink()
                Entry(source).note.unlink(missing_ok=True)
        except FileExistsError:
            say(f"{target}: has come by other means meanwhile, and is left alone")
            return False
        except OSError as error:
            raise disk_error(error, target) from None
        _sync(target.parent)
        add_record(self.folder, str(target.relative_to(self.folder)), record_of(target, digest, candidate.shown))
        say(f"{target}: {amount(target.stat().st_size)} from {candidate.place}")
        return True

    def _copy(self, source: Path, target: Path) -> None:
        size = source.stat().st_size
        check_space(target.parent, size, source.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as read, target.open("wb") as written, Meter(f"copying {source.name}", size) as meter:
            while block := read.read(_CHUNK):
                written.write(block)
                meter.add(len(block))
            written.flush()
            os.fsync(written.fileno())

    @contextmanager
    def _alone(self, path: Path, what: str) -> Iterator[None]:
        """Hold a lock, so that two processes that want the same file fetch it once."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                say(f"{self.name}: another process is fetching {what}; waiting for it")
                lock.acquire()
        except OSError as error:
            raise disk_error(error, path) from None
        try:
            yield
        finally:
            lock.release()


def zenodo_facts(record: int, file: str) -> tuple[int | None, str | None]:
    """Size and MD5 that Zenodo has of a file; (None, None) when it does not say, which is no reason not to try."""
    with contextlib.suppress(requests.exceptions.RequestException, ValueError, KeyError, TypeError, AttributeError):
        answer = requests.get(f"{_ZENODO}/{record}", timeout=20)
        for item in answer.json()["files"]:
            if item["key"] == file:
                kind, _, digest = item["checksum"].partition(":")
                return int(item["size"]), digest if kind == "md5" else None
    return None, None


def _still_whole(entry: Entry, facts: FileFacts) -> str | None:
    """SHA-256 of a file that was fetched before; None when there is none, or it has changed since."""
    if not entry.file.is_file():
        return None
    with contextlib.suppress(UserError, KeyError, TypeError):
        note = read_json(entry.note)
        digest = note["sha256"]
        untouched = _note(entry.file, digest).items() <= note.items()
        if (untouched or hash_file(entry.file) == (digest,)) and facts.sha256 in (None, digest):
            return digest
    say(f"{entry.file}: has changed since it was fetched, so it is fetched again")
    entry.forget()
    return None


def _note(path: Path, digest: str) -> dict[str, int | str]:
    status = path.stat()
    return {"bytes": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": digest}


def _linked(source: Path, target: Path) -> bool:
    """Make `target` a second name of `source`; False where that cannot be. Never writes over a file."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # another file system, or one without hard links
        return False
    return True


def _sync(folder: Path) -> None:
    """Have the new name on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
