"""Which published feature files are here, and how to get the others. Imports nothing heavy, for the Snakefile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from s5vh.config.dataset import PARTS, DatasetConfig, PartName
from s5vh.config.shares import FileFacts, Share
from s5vh.data.download.records import FileRecord, first_look, hash_file, read_records
from s5vh.data.download.sources import candidates, open_store
from s5vh.data.videos.listing import has_videos, listing_of

CHANGED = "has changed since it was recorded"  # the one reason for `broken` that may be nobody's fault
_LISTED = 6  # file names told in a message, enough for every data set of the paper; the rest are counted


def source_files(name: str, config: DatasetConfig, parts: Iterable[PartName] = PARTS) -> list[Path]:
    """Feature and label files of `parts`, each once, relative to the working directory; none for the demo.

    For a data set of videos the list or the folder of them: which these are is for `s5vh.data.videos.listing` to say.
    """
    if config.videos is not None:
        return [config.folder(name) / (config.videos.manifest or "")]
    return [config.folder(name) / file for file in config.file_names(parts)]


def missing_files(name: str, config: DatasetConfig, parts: Iterable[PartName] = PARTS) -> list[Path]:
    """Source files that are not there; of a data set of videos their folder when no video is in it."""
    if config.videos is not None:
        return [] if has_videos(name, config) else source_files(name, config)
    return [file for file in source_files(name, config, parts) if not file.is_file()]


def is_available(name: str, config: DatasetConfig) -> bool:
    """Whether all source files are there; the demo always is."""
    return not missing_files(name, config)


def missing_message(configs: Mapping[str, DatasetConfig], parts: Iterable[PartName] = PARTS) -> str:
    """Say in one line a data set what is missing, where its authors publish it and where to put it; or ""."""
    parts = tuple(parts)
    lines = []
    for name, config in configs.items():
        missing = missing_files(name, config, parts)
        if missing and config.videos is not None:
            lines.append(f"{name}: {_no_videos(name, config)}")
        elif missing:
            lines.append(f"{name}: {_what(missing, config.folder(name))}; {how_to_get(name, config, missing)}")
    return "\n".join(lines)


def can_download(name: str, config: DatasetConfig, parts: Iterable[PartName] = PARTS) -> bool:
    """Whether every missing file of `parts`, and there is one, has a place that a program can get it from."""
    if config.parts is None:
        return False
    folder, missing = config.folder(name), missing_files(name, config, parts)
    return bool(missing) and all(candidates(name, config, str(file.relative_to(folder))) for file in missing)


class FileState(NamedTuple):
    """How a file of a data set stands.

    Attributes:
        path: relative to the working directory.
        state: `partial`: a download was cut off; `broken`: it is there, and not what it should be.
        reason: what is wrong, in a few words; "" when complete.
        how: what to do about it; "" when complete.
    """

    path: Path
    state: Literal["complete", "partial", "broken", "missing"]
    reason: str = ""
    how: str = ""


def file_states(name: str, config: DatasetConfig, *, sha256: bool = False) -> list[FileState]:
    """The state of every feature and label file of a data set; none for the demo.

    Reads a few bytes of each file. With `sha256` all of them are read and compared with the known or recorded one.
    """
    folder = config.folder(name)
    records = read_records(folder)
    states = []
    for file in config.file_names():
        path = folder / file
        if not path.is_file():
            states.append(_absent(name, config, file))
            continue
        facts, record = config.source.files.get(file, FileFacts()), records.get(file)
        fault = _fault(path, facts, record) or (_other_content(path, facts, record) if sha256 else "")
        if not fault:
            states.append(FileState(path, "complete"))
        elif fault.startswith(CHANGED):
            states.append(FileState(path, "broken", fault, f"`s5vh verify {name}` reads it and tells"))
        else:
            states.append(FileState(path, "broken", fault, f"remove it, then {how_to_get(name, config, [path])}"))
    return states


def _fault(path: Path, facts: FileFacts, record: FileRecord | None) -> str:
    size = path.stat().st_size
    if facts.bytes not in (None, size):
        return f"has {size:,} bytes, expected {facts.bytes:,}"
    if fault := first_look(path):
        return fault
    if record is not None and not record.still_fits(path):
        return f"{CHANGED} on {record.date[:10]}"
    return ""


def _other_content(path: Path, facts: FileFacts, record: FileRecord | None) -> str:
    expected = facts.sha256 or (record.sha256 if record else None)
    if expected is None or hash_file(path) == (expected,):
        return ""
    return f"has another SHA-256 than {'expected' if facts.sha256 else 'recorded'}"


def _absent(name: str, config: DatasetConfig, file: str) -> FileState:
    folder = config.folder(name)
    store = open_store(folder)
    web = [item for item in candidates(name, config, file) if not isinstance(item.address, Path)]
    if any(store.entry(item).part.is_file() for item in web):
        return FileState(
            folder / file, "partial", "its download was cut off", f"`s5vh download {name}` goes on with it"
        )
    return FileState(folder / file, "missing", "is missing", how_to_get(name, config, [folder / file]))


def has_labels(name: str, config: DatasetConfig) -> bool:
    """Whether retrieval can be scored: queries and database have labels.

    Raises:
        UserError: a data set of videos whose list is wrong.
    """
    if config.kind == "papers":
        return config.files("query").labels is not None and config.files("database").labels is not None
    if config.videos is not None:
        return not has_videos(name, config) or listing_of(name, config).labelled
    return True


def _no_videos(name: str, config: DatasetConfig) -> str:
    folder = config.folder(name)
    if config.videos.manifest is not None:
        return f"no list of videos {folder / config.videos.manifest}; write it, or correct 'videos.manifest'"
    return f"no videos in {folder}; put them there, a folder a class: {folder}/CLASS/FILE.mp4"


def _what(missing: list[Path], folder: Path) -> str:
    names = [str(file.relative_to(folder)) for file in missing]
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    verb = "file is" if len(names) == 1 else "files are"
    return f"{len(names)} {verb} missing in {folder} ({', '.join(names[:_LISTED])}{more})"


def places_by_hand(name: str, config: DatasetConfig, files: Iterable[str]) -> str:
    """What a person can do to get these files: `get them from ..., put them there and run the same command again`."""
    shares = [share for share in config.source.shares if any(share.has(file) for file in files)]
    shares = [share for share in shares if not share.automatic] or shares
    if not shares:
        return f"put them there, or correct the names in config/datasets/{name}.yaml"
    places = " or ".join(place_of(share) for share in shares)
    return f"get them from {places}, put them there and run the same command again"


def how_to_get(name: str, config: DatasetConfig, missing: list[Path]) -> str:
    """What to do about missing files: a command where a program may get them, else where and how a person can."""
    files = [str(file.relative_to(config.folder(name))) for file in missing]
    automatic = [file for file in files if candidates(name, config, file)]
    if not automatic:
        return places_by_hand(name, config, files)
    if automatic == files:
        return f"`s5vh download {name}` tries to get {'it' if len(files) == 1 else 'them'}"
    return f"{places_by_hand(name, config, files)}; `s5vh download {name}` tries to get {len(automatic)} of them"


def place_of(share: Share) -> str:
    """A place for a person to get files from: its address, extraction code, folder and content."""
    code = f" with code {share.code}" if share.code else ""
    folder = f", folder {share.folder}" if share.folder and share.kind == "manual" else ""
    told = ": ".join(text for text in (share.host, share.content) if text)
    return f"{share.page}{code}{folder}{f' ({told})' if told else ''}"
