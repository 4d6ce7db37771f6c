"""Are the files of a data set what they were, and what they should be?"""

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
    """Read every file of a data set, check its content, and compare it with what is known and what was recorded.

    Files that were put there by hand are recorded the first time; `renew` records all as they are now.

    Yields:
        (name, record) of each file that is right.

    Raises:
        UserError: after all files have been looked at, what is missing or wrong.
    """
    folder = config.folder(name)
    wrong: list[str] = []
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
            wrong.append(str(error))
            continue
        facts, known = config.source.files.get(file, FileFacts()), records.get(file)
        with Meter(f"reading {file}", state.path.stat().st_size) as meter:
            (sha256,) = hash_file(state.path, progress=meter.add)
        if facts.sha256 not in (None, sha256):
            wrong.append(f"{file} has SHA-256 {sha256}, expected {facts.sha256}")
        elif facts.bytes not in (None, state.path.stat().st_size):
            wrong.append(f"{file} has {state.path.stat().st_size:,} bytes, expected {facts.bytes:,}")
        elif known is not None and known.sha256 != sha256 and not renew:
            wrong.append(f"{file} is not what it was on {known.date[:10]} (--renew records it as it is now)")
        else:
            source = known.source if known is not None and known.sha256 == sha256 else "by hand"
            record = record_of(state.path, sha256, source)
            add_record(folder, file, record)
            yield file, record
    told = [*wrong, *([f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"] if missing else [])]
    if told:
        count = f"{len(wrong) + len(missing)} of {len(config.file_names())}"
        raise UserError(f"{name}: {count} files in {folder}: {'; '.join(told)}")
