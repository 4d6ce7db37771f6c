"""Download of a data set's files: locate, fetch, verify, place atomically and record them.

Files that already exist in the folder are never overwritten, moved or removed.
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
from s5vh.data.download.availability import CHANGED, file_states, manual_instructions
from s5vh.data.download.content import check_content
from s5vh.data.download.fetch import Unavailable, check_certificates, fetch
from s5vh.data.download.records import add_record, hash_file, record_of
from s5vh.data.download.sources import WORK_FOLDER, Candidate, Entry, candidates, open_store
from s5vh.data.download.transfer import Meter, amount, check_space, say

_CHUNK = 2**22
_ZENODO = "https://zenodo.org/api/records"


def download(name: str, config: DatasetConfig, files: Iterable[str] | None = None) -> list[str]:
    """Download missing files of a data set, each from the first source that has it.

    Args:
        name: the data set's name.
        config: its settings.
        files: file names; None for all.

    Returns:
        Names of the downloaded files.

    Raises:
        UserError: an unknown name; an existing but broken file; files that no source provided, reported with manual
            instructions after all others were downloaded; a full disk.
    """
    known = config.file_names()
    wanted = list(known if files is None else dict.fromkeys(files))
    for file in wanted:
        if file not in known:
            raise UserError(f"{name}: no part has a file '{file}' (it has: {', '.join(known) or 'none'})")
    for state in file_states(name, config):
        if state.state == "broken" and str(state.path.relative_to(config.folder(name))) in wanted:
            problem = f"{state.path}: {state.reason}; {state.how}"
            if not state.reason.startswith(CHANGED):
                raise UserError(problem)
            say(f"warning: {problem}")
    job = _Job(name, config)
    downloaded, failed = [], {}
    for file in wanted:
        try:
            if job.obtain(file):
                downloaded.append(file)
        except Unavailable as error:
            failed[file] = str(error)
    job.tidy()
    if failed:
        reasons: dict[str, list[str]] = {}
        for file, reason in failed.items():
            reasons.setdefault(reason, []).append(file)
        details = "; ".join(f"{', '.join(group)}: {reason}" for reason, group in reasons.items())
        verb = "file" if len(failed) == 1 else "files"
        instructions = manual_instructions(name, config, list(failed))
        raise UserError(
            f"{name}: {len(failed)} {verb} could not be downloaded to {job.folder} ({details}); {instructions}"
        )
    return downloaded


class _Job:
    """Downloads into one data set's folder."""

    def __init__(self, name: str, config: DatasetConfig):
        self.name, self.config, self.folder = name, config, config.folder(name)
        self.work = self.folder / WORK_FOLDER
        self.store = open_store(self.folder)
        self.unreachable: dict[str, str] = {}  # hosts that did not respond, so that they are not retried for every file

    def obtain(self, file: str) -> bool:
        """Download one file; returns False if it exists already. Raises `Unavailable` if no source has it."""
        target = self.folder / file
        if target.exists():
            return False
        sources = candidates(self.name, self.config, file)
        if not sources:
            raise Unavailable("it cannot be downloaded automatically")
        reasons = []
        with self._locked(self.work / f"{quote(file, safe='')}.lock", file):
            if target.exists():
                return False
            for candidate in sources:
                try:
                    return self._download_from(file, target, candidate)
                except Unavailable as error:
                    reasons.append(str(error))
        raise Unavailable("; ".join(dict.fromkeys(reasons)))

    def tidy(self) -> None:
        """Without a cache, delete archives that are no longer needed because all their files exist."""
        if self.store.keep:
            return
        missing = [file for file in self.config.file_names() if not (self.folder / file).exists()]
        needed = {item.address for file in missing for item in candidates(self.name, self.config, file)}
        for file in self.config.file_names():
            for item in candidates(self.name, self.config, file):
                if item.member is not None and not isinstance(item.address, Path) and item.address not in needed:
                    self.store.entry(item).forget()

    def _download_from(self, file: str, target: Path, candidate: Candidate) -> bool:
        if candidate.member is not None:
            temporary = self.work / f"{quote(file, safe='')}.part"
            with self._local_copy(candidate, self._facts(candidate.name)) as (archive, _):
                try:
                    unpack(archive, {candidate.member: temporary})
                except ArchiveError as error:
                    if archive != candidate.address:
                        self.store.entry(candidate).forget()
                    fault = str(error).removeprefix(f"{archive}: ")
                    raise Unavailable(f"{candidate.name} from {candidate.place}: {fault}") from None
            try:
                digest = self._verify(temporary, file, candidate, self._facts(file))
                return self._put(temporary, target, digest, candidate, move=True)
            finally:
                temporary.unlink(missing_ok=True)
        with self._local_copy(candidate, self._facts(file), file) as (source, digest):
            local = isinstance(candidate.address, Path)
            return self._put(source, target, digest, candidate, move=not self.store.keep and not local, link=not local)

    def _facts(self, file: str) -> FileFacts:
        return self.config.source.files.get(file, FileFacts())

    @contextmanager
    def _local_copy(
        self, candidate: Candidate, facts: FileFacts, file: str | None = None
    ) -> Iterator[tuple[Path, str]]:
        """Yield the verified local copy of what is at an address and its SHA-256; `file` is None for archives."""
        if isinstance(candidate.address, Path):
            known = file is not None or facts != FileFacts()  # archives without known facts are only read once
            yield candidate.address, self._verify(candidate.address, file, candidate, facts) if known else ""
            return
        if candidate.place in self.unreachable:
            raise Unavailable(self.unreachable[candidate.place])
        entry = self.store.entry(candidate)
        with self._locked(entry.lock, candidate.name):
            digest = _cached_digest(entry, facts)
            if digest is None:
                digest = self._fetch(candidate, entry, facts, file)
            yield entry.file, digest

    def _fetch(self, candidate: Candidate, entry: Entry, facts: FileFacts, file: str | None) -> str:
        expect, md5 = facts.bytes, None
        if candidate.record is not None:
            size, md5 = zenodo_facts(candidate.record, candidate.name)
            expect = expect or size
        say(f"{self.name}: downloading {candidate.name} from {candidate.place}")
        for last in (False, True):
            try:
                resumed = fetch(candidate.address, entry.part, entry.note, expect=expect)
            except Unavailable as error:
                if error.unreachable:
                    self.unreachable[candidate.place] = str(error)
                raise
            try:
                digest = self._verify(entry.part, file, candidate, facts, md5=md5)
                break
            except Unavailable:
                entry.forget()
                # If the server gives no version, resuming may combine two versions; a single download cannot.
                if last or not resumed:
                    raise
        try:
            # In this order: if killed in between, the part is complete and not downloaded again.
            write_json(entry.note, {"url": candidate.shown} | _note(entry.part, digest))
            os.replace(entry.part, entry.file)
        except OSError as error:
            raise disk_error(error, entry.file) from None
        return digest

    def _verify(
        self, path: Path, file: str | None, candidate: Candidate, facts: FileFacts, *, md5: str | None = None
    ) -> str:
        """Verify a downloaded file (or archive, if `file` is None) and return its SHA-256; raises `Unavailable`."""
        where = f"{candidate.name} from {candidate.place}"
        size = path.stat().st_size
        if facts.bytes not in (None, size):
            raise Unavailable(f"{where} has {size:,} bytes, expected {facts.bytes:,}")
        with Meter(f"checking {candidate.name}", size) as meter:
            sha256, *others = hash_file(path, *(["md5"] if md5 else []), progress=meter.add)
        if facts.sha256 not in (None, sha256):
            raise Unavailable(
                f"{where} has SHA-256 {sha256}, expected {facts.sha256}; it is damaged or a different version"
            )
        if md5 is not None and others != [md5]:
            raise Unavailable(f"{where} has MD5 {others[0]}, expected {md5} from the record; it is damaged")
        if file is not None:
            try:
                check_content(self.config, file, path)
            except UserError as error:
                raise Unavailable(f"{where} has the wrong content: {str(error).removeprefix(f'{path}: ')}") from None
        return sha256

    def _put(
        self, source: Path, target: Path, digest: str, candidate: Candidate, *, move: bool, link: bool = True
    ) -> bool:
        """Place `source` at `target`, unless a file has appeared there in the meantime."""
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not (link and _hard_link(source, target)):
                temporary = self.work / f"{quote(target.name)}.copy"
                self._copy(source, temporary)
                try:
                    if not _hard_link(temporary, target):
                        if target.exists():
                            raise FileExistsError
                        os.rename(temporary, target)
                finally:
                    temporary.unlink(missing_ok=True)
            if move:
                source.unlink()
                Entry(source).note.unlink(missing_ok=True)
        except FileExistsError:
            say(f"{target}: already created by another process, left unchanged")
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
        with source.open("rb") as reader, target.open("wb") as writer, Meter(f"copying {source.name}", size) as meter:
            while block := reader.read(_CHUNK):
                writer.write(block)
                meter.add(len(block))
            writer.flush()
            os.fsync(writer.fileno())

    @contextmanager
    def _locked(self, path: Path, what: str) -> Iterator[None]:
        """Hold a lock, so that concurrent processes download a file only once."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                say(f"{self.name}: another process is downloading {what}; waiting")
                lock.acquire()
        except OSError as error:
            raise disk_error(error, path) from None
        try:
            yield
        finally:
            lock.release()


def zenodo_facts(record: int, file: str) -> tuple[int | None, str | None]:
    """Size and MD5 of a file according to Zenodo; (None, None) if unavailable, which is not an error."""
    check_certificates()
    with contextlib.suppress(requests.exceptions.RequestException, ValueError, KeyError, TypeError, AttributeError):
        response = requests.get(f"{_ZENODO}/{record}", timeout=20)
        for item in response.json()["files"]:
            if item["key"] == file:
                kind, _, digest = item["checksum"].partition(":")
                return int(item["size"]), digest if kind == "md5" else None
    return None, None


def _cached_digest(entry: Entry, facts: FileFacts) -> str | None:
    """SHA-256 of a cached download; None if there is none, or it has changed since."""
    if not entry.file.is_file():
        return None
    with contextlib.suppress(UserError, KeyError, TypeError):
        note = read_json(entry.note)
        digest = note["sha256"]
        unchanged = _note(entry.file, digest).items() <= note.items()
        if (unchanged or hash_file(entry.file) == (digest,)) and facts.sha256 in (None, digest):
            return digest
    say(f"{entry.file}: has changed since it was downloaded; downloading it again")
    entry.forget()
    return None


def _note(path: Path, digest: str) -> dict[str, int | str]:
    status = path.stat()
    return {"bytes": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": digest}


def _hard_link(source: Path, target: Path) -> bool:
    """Hard-link `source` as `target`; returns False if not supported. Never overwrites a file."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # different file systems, or no hard links
        return False
    return True


def _sync(folder: Path) -> None:
    """Flush the folder entry to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
