"""Verification of a data set's files against known and recorded checksums."""

from __future__ import annotations

from collections.abc import Iterator

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig
from s5vh.config.shares import FileFacts
from s5vh.data.download.availability import file_states
from s5vh.data.download.content import check_content
from s5vh.data.download.records import FileRecord, add_record, hash_file, read_records, record_of
from s5vh.data.download.transfer import Meter


def verify(name: str, config: DatasetConfig, *, renew: bool = False) -> Iterator[tuple[str, FileRecord]]:
    """Read every file of a data set, check its content, and compare it with known and recorded checksums.

    Manually placed files are recorded the first time; `renew` records all files in their current state.

    Yields:
        (name, record) of each valid file.

    Raises:
        UserError: lists missing and invalid files, after all files have been checked.
    """
    folder = config.folder(name)
    invalid: list[str] = []
    missing: list[str] = []
    records = read_records(folder)
    for state in file_states(name, config):
        file = str(state.path.relative_to(folder))
        if state.state in ("missing", "partial"):
            missing.append(file)
            continue
        try:
            check_content(config, file, state.path)
        except UserError as error:
            invalid.append(str(error))
            continue
        facts, known = config.source.files.get(file, FileFacts()), records.get(file)
        with Meter(f"reading {file}", state.path.stat().st_size) as meter:
            (sha256,) = hash_file(state.path, progress=meter.add)
        if facts.sha256 not in (None, sha256):
            invalid.append(f"{file} has SHA-256 {sha256}, expected {facts.sha256}")
        elif facts.bytes not in (None, state.path.stat().st_size):
            invalid.append(f"{file} has {state.path.stat().st_size:,} bytes, expected {facts.bytes:,}")
        elif known is not None and known.sha256 != sha256 and not renew:
            invalid.append(f"{file} has changed since {known.date[:10]} (--renew accepts the new content)")
        else:
            source = known.source if known is not None and known.sha256 == sha256 else "by hand"
            record = record_of(state.path, sha256, source)
            add_record(folder, file, record)
            yield file, record
    problems = [
        *invalid,
        *([f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"] if missing else []),
    ]
    if problems:
        count = f"{len(invalid) + len(missing)} of {len(config.file_names())}"
        raise UserError(f"{name}: {count} files in {folder}: {'; '.join(problems)}")
