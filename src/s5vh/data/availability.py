"""Which published files are here, features and trained networks, and how to get the others.

Imports nothing heavy: rules use it while read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from s5vh.config.cell import Cell
from s5vh.config.dataset import PARTS, DatasetConfig, PartName, Share
from s5vh.data.videos.listing import has_videos, listing_of

_LISTED = 6  # file names told in a message, enough for every data set of the paper; the rest are counted


def source_files(name: str, config: DatasetConfig, parts: Iterable[PartName] = PARTS) -> list[Path]:
    """Feature and label files of `parts`, each once, relative to the working directory; none for the demo.

    For a data set of videos the list or the folder of them: which these are is for `s5vh.data.videos.listing` to say.
    """
    if config.kind == "demo":
        return []
    if config.videos is not None:
        return [config.folder(name) / (config.videos.manifest or "")]
    files: dict[Path, None] = {}
    for part in parts:
        source = config.files(part)
        for file in (*source.features, *(source.labels.files if source.labels else ())):
            files[config.folder(name) / file] = None
    return list(files)


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
            lines.append(f"{name}: {_what(missing, config.folder(name))}; {_how(name, config)}")
    return "\n".join(lines)


def checkpoint_file(cell: Cell, config: DatasetConfig) -> Path:
    """The authors' file that an imported cell is made from, relative to the working directory."""
    root = config.folder(cell.dataset)
    return Path(cell.settings.checkpoint.format(root=root, folder=root.name, dataset=cell.dataset, bits=cell.bits))


def missing_checkpoint_message(name: str, config: DatasetConfig, cells: Iterable[Cell]) -> str:
    """Say in one line which authors' files of imported cells of a data set are missing and where to get them; or ""."""
    missing: dict[Path, str] = {}
    for cell in cells:
        if not (file := checkpoint_file(cell, config)).is_file():
            missing[file] = cell.method
    if not missing:
        return ""
    methods = ", ".join(dict.fromkeys(missing.values()))
    verb = "file is" if len(missing) == 1 else "files are"
    share = config.source.checkpoints
    source = f"get them from {_place(share)} and " if share else ""
    return (
        f"{name}: {len(missing)} {verb} missing that {methods} would be imported from "
        f"({', '.join(map(str, missing))}); {source}put them there, correct 'checkpoint' of the method, or leave it out"
    )


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


def _how(name: str, config: DatasetConfig) -> str:
    if not config.source.shares:
        return f"put them there, or correct the names in config/datasets/{name}.yaml"
    shares = " or ".join(_place(share) for share in config.source.shares)
    return f"get them from {shares}, put them there and run the same command again"


def _place(share: Share) -> str:
    return f"{share.url}{f' with code {share.code}' if share.code else ''} ({share.host}: {share.content})"
