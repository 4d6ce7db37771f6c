"""Which source files of a data set are available, and how to get missing ones. Imports stay light for the Snakefile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from s5vh.base.errors import UserError
from s5vh.base.files import is_file, report_read_errors
from s5vh.config.dataset import PARTS, DatasetConfig, PartName
from s5vh.config.shares import FileFacts, Share
from s5vh.data.download.records import FileRecord, first_look, hash_file, read_records
from s5vh.data.download.sources import candidates, open_store
from s5vh.data.videos.listing import has_videos, listing_of, passed_over_in

CHANGED = "has changed since it was recorded"  # the only reason for `broken` that may be harmless
_LISTED = 6  # file names listed in a message, enough for every data set of the paper; the rest are only counted


def source_files(name: str, config: DatasetConfig, parts: Iterable[PartName] = PARTS) -> list[Path]:
    """Feature and label files of `parts`, without duplicates, relative to the working directory; empty for the demo.

    For `videos` data sets, the manifest or folder; `s5vh.data.videos.listing` lists the videos themselves.
    """
    if config.videos is not None:
        return [config.folder(name) / (config.videos.manifest or "")]
    return [config.folder(name) / file for file in config.file_names(parts)]


def missing_files(name: str, config: DatasetConfig, parts: Iterable[PartName] = PARTS) -> list[Path]:
    """Missing source files; for `videos` data sets, the manifest or folder if there are no videos."""
    if config.videos is not None:
        return [] if has_videos(name, config) else source_files(name, config)
    return [file for file in source_files(name, config, parts) if not is_file(file)]


def is_available(name: str, config: DatasetConfig) -> bool:
    """Whether all source files are available; always true for the demo."""
    return not missing_files(name, config)


def missing_message(configs: Mapping[str, DatasetConfig], parts: Iterable[PartName] = PARTS) -> str:
    """One line per data set with missing files, where they are published and where to place them; or ""."""
    parts = tuple(parts)
    lines = []
    for name, config in configs.items():
        missing = missing_files(name, config, parts)
        if missing and config.videos is not None:
            lines.append(f"{name}: {_no_videos(name, config)}")
        elif missing:
            lines.append(
                f"{name}: {_missing_summary(missing, config.folder(name))}; {download_hint(name, config, missing)}"
            )
    return "\n".join(lines)


def can_download(name: str, config: DatasetConfig, parts: Iterable[PartName] = PARTS) -> bool:
    """Whether files of `parts` are missing and all of them can be downloaded automatically."""
    if config.parts is None:
        return False
    folder, missing = config.folder(name), missing_files(name, config, parts)
    return bool(missing) and all(candidates(name, config, str(file.relative_to(folder))) for file in missing)


class FileState(NamedTuple):
    """State of a file of a data set.

    Attributes:
        path: relative to the working directory.
        state: `partial`: its download was interrupted; `broken`: it exists, but its content is wrong.
        reason: short description of the fault; "" if complete.
        how: what to do about it; "" if complete.
    """

    path: Path
    state: Literal["complete", "partial", "broken", "missing"]
    reason: str = ""
    how: str = ""


def file_states(name: str, config: DatasetConfig, *, sha256: bool = False) -> list[FileState]:
    """State of every feature and label file of a data set; empty for the demo.

    Reads only a few bytes of each file; with `sha256`, reads them completely and compares with the known or recorded
    digest.
    """
    folder = config.folder(name)
    records = read_records(folder)
    states = []
    for file in config.file_names():
        path = folder / file
        if problem := _read_problem(path):
            reason, _, how = problem.partition("; ")
            states.append(FileState(path, "broken", reason, how))
            continue
        if not is_file(path):
            states.append(_missing_state(name, config, file))
            continue
        facts, record = config.source.files.get(file, FileFacts()), records.get(file)
        fault = _fault(path, facts, record) or (_digest_mismatch(path, facts, record) if sha256 else "")
        if not fault:
            states.append(FileState(path, "complete"))
        elif fault.startswith(CHANGED):
            states.append(FileState(path, "broken", fault, f"check it with `s5vh verify {name}`"))
        else:
            states.append(FileState(path, "broken", fault, f"move it away, then {download_hint(name, config, [path])}"))
    return states


def _read_problem(path: Path) -> str:
    """Why an existing file cannot be read, and what to do; "" if it can, or is missing."""
    try:
        if is_file(path):
            with report_read_errors(path), path.open("rb") as file:
                file.read(1)
    except UserError as error:
        return str(error).removeprefix(f"{path}: ")
    return ""


def _fault(path: Path, facts: FileFacts, record: FileRecord | None) -> str:
    size = path.stat().st_size
    if facts.bytes not in (None, size):
        return f"has {size:,} bytes, expected {facts.bytes:,}"
    if fault := first_look(path):
        return fault
    if record is not None and not record.still_fits(path):
        return f"{CHANGED} on {record.date[:10]}"
    return ""


def _digest_mismatch(path: Path, facts: FileFacts, record: FileRecord | None) -> str:
    expected = facts.sha256 or (record.sha256 if record else None)
    if expected is None or hash_file(path) == (expected,):
        return ""
    return f"SHA-256 differs from the {'expected' if facts.sha256 else 'recorded'} one"


def _missing_state(name: str, config: DatasetConfig, file: str) -> FileState:
    folder = config.folder(name)
    store = open_store(folder)
    web = [item for item in candidates(name, config, file) if not isinstance(item.address, Path)]
    if any(store.entry(item).part.is_file() for item in web):
        return FileState(folder / file, "partial", "its download was interrupted", f"`s5vh download {name}` resumes it")
    return FileState(folder / file, "missing", "is missing", download_hint(name, config, [folder / file]))


def has_labels(name: str, config: DatasetConfig) -> bool:
    """Whether retrieval can be scored: queries and database have labels.

    Raises:
        UserError: the listing of a `videos` data set is invalid.
    """
    if config.kind == "papers":
        return config.files("query").labels is not None and config.files("database").labels is not None
    if config.videos is not None:
        return not has_videos(name, config) or listing_of(name, config).labelled
    return True


def _no_videos(name: str, config: DatasetConfig) -> str:
    folder = config.folder(name)
    if config.videos.manifest is not None:
        return f"video manifest {folder / config.videos.manifest} is missing; create it, or fix 'videos.manifest'"
    others = "".join(f" ({text})" for text in passed_over_in(folder))
    return f"no videos in {folder}{others}; place them there, one folder per class: {folder}/CLASS/FILE.mp4"


def _missing_summary(missing: list[Path], folder: Path) -> str:
    names = [str(file.relative_to(folder)) for file in missing]
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    verb = "file is" if len(names) == 1 else "files are"
    return f"{len(names)} {verb} missing in {folder} ({', '.join(names[:_LISTED])}{more})"


def manual_instructions(name: str, config: DatasetConfig, files: Iterable[str]) -> str:
    """Instructions for manual download: `get them from ..., place them there and run the same command again`."""
    shares = [share for share in config.source.shares if any(share.has(file) for file in files)]
    shares = [share for share in shares if not share.automatic] or shares
    if not shares:
        return f"place them there, or fix the names in config/datasets/{name}.yaml"
    places = " or ".join(location_of(share) for share in shares)
    return f"get them from {places}, place them there and run the same command again"


def download_hint(name: str, config: DatasetConfig, missing: list[Path]) -> str:
    """What to do about missing files: a download command if possible, else manual instructions."""
    files = [str(file.relative_to(config.folder(name))) for file in missing]
    automatic = [file for file in files if candidates(name, config, file)]
    if not automatic:
        return manual_instructions(name, config, files)
    if automatic == files:
        return f"try `s5vh download {name}`"
    return f"{manual_instructions(name, config, files)}; `s5vh download {name}` can download {len(automatic)} of them"


def location_of(share: Share) -> str:
    """Description of a share for the user: address, extraction code, folder and content."""
    code = f" with code {share.code}" if share.code else ""
    folder = f", folder {share.folder}" if share.folder and share.kind == "manual" else ""
    details = ": ".join(text for text in (share.host, share.content) if text)
    return f"{share.page}{code}{folder}{f' ({details})' if details else ''}"
