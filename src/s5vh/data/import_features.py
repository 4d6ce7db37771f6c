"""Import of the feature files published by the papers' authors, by link or by copy."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.provenance import provenance
from s5vh.config.dataset import DatasetConfig, LabelFiles, PartFiles, PartName
from s5vh.data.download.availability import missing_files, missing_message
from s5vh.data.features import (
    FLOATS,
    FeatureFile,
    check_finite,
    open_features,
    write_annotations,
    write_features,
)
from s5vh.data.hdf5 import create_hdf5
from s5vh.data.labels import check_classes, check_labels, read_labels


@dataclass
class Imported:
    """Summary of an import."""

    videos: int
    frames: int
    feature_size: int
    classes: int | None = None  # None if there are no labels
    zero_videos: int = 0  # videos whose features are all 0, probably from failed extraction


def import_part(
    name: str,
    config: DatasetConfig,
    part: PartName,
    output: str | Path,
    *,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Check one part of a data set and create `features/{part}.h5` from it, in one pass over its files.

    With `config.link`, the result is a virtual dataset over the source files, which must not be moved except together
    with the working directory; otherwise a copy in `config.dtype`, chunked by video. A part that is an alias of another
    one is created from that one's files.

    Args:
        name: the data set's name, which also names its folder unless configured otherwise.
        config: the data set, of kind `papers`.
        part: "train", "database" or "query".
        output: file to write; it appears once everything has been checked.
        progress: called with the number of videos of each block.

    Raises:
        UserError: missing, truncated or non-HDF5 files; wrong key, shape or data type; NaN or infinity; a number of
            videos other than `count`; labels that do not match; classes that only queries have; a full disk.
    """
    source_part = config.source_part(part)
    files, folder = config.files(part), config.folder(name)
    if missing_files(name, config, parts=[part]):
        raise UserError(missing_message({name: config}, parts=[part]))
    with ExitStack() as stack:
        sources = [
            stack.enter_context(open_features(folder / file, config.frames, config.feature_size, key=files.key))
            for file in files.features
        ]
        summary = Imported(sum(source.shape[0] for source in sources), config.frames, config.feature_size)
        _check_count(folder, files, summary.videos)
        labels = _labels(folder, files, config.classes, summary.videos)
        if labels is not None:
            summary.classes = labels.shape[1]
            if source_part == "query":
                _check_against_database(folder, config, labels, files.labels)
        details: dict[str, Any] = {
            "labels": labels,
            "ids": [f"{source_part}/{index:06d}" for index in range(summary.videos)],
        }
        blocks = _checked_blocks(sources, summary, progress)
        if config.link:
            dtype = _link_type(sources)
            for _ in blocks:
                pass
            with create_hdf5(output) as file:
                _link(file, sources, files.key, dtype, Path(output))
                record = _record(name, config, part, folder, files, summary)
                write_annotations(file, **details, provenance=record)
        else:
            write_features(
                output,
                blocks,
                shape=(summary.videos, config.frames, config.feature_size),
                dtype=config.dtype,
                **details,
                provenance=lambda: _record(name, config, part, folder, files, summary),
            )
    return summary


def _record(
    name: str, config: DatasetConfig, part: PartName, folder: Path, files: PartFiles, summary: Imported
) -> dict[str, Any]:
    """Provenance record; created last, because it contains counts from the pass over the files."""
    names = [*files.features, *(files.labels.files if files.labels else ())]
    stats = [(file, (folder / file).stat()) for file in names]
    return provenance(
        settings={"dataset": name, "part": part, "link": config.link, "files": files.model_dump(mode="json")},
        sources=[{"file": file, "bytes": stat.st_size, "modified": stat.st_mtime} for file, stat in stats],
        found=asdict(summary),
    )


def _check_count(folder: Path, files: PartFiles, videos: int) -> None:
    if files.count not in (None, videos):
        names = ", ".join(files.features)
        raise UserError(
            f"{folder / names}: {videos} videos, expected {files.count}; the download is incomplete or "
            "a different version (if that is intended, fix 'count' in the data set's file)"
        )


def _labels(folder: Path, files: PartFiles, classes: int, videos: int) -> np.ndarray | None:
    if files.labels is None:
        return None
    labels = _read(folder, files.labels, classes, videos)
    names = ", ".join(files.labels.files)
    check_labels(labels, videos, folder / names, allow_gaps=files.labels.allow_gaps)
    return labels


def _read(folder: Path, files: LabelFiles, classes: int, videos: int | None) -> np.ndarray:
    return read_labels(
        [folder / file for file in files.files],
        files.key,
        classes,
        count=videos,
        orientation=files.orientation,
        first_class=files.first_class,
    )


def _check_against_database(folder: Path, config: DatasetConfig, labels: np.ndarray, label_files: LabelFiles) -> None:
    database = config.files("database")
    if database.labels and all((folder / file).is_file() for file in database.labels.files):
        database_labels = _read(folder, database.labels, config.classes, database.count)
        names = ", ".join(label_files.files)
        check_classes(labels, database_labels, folder / names, allow_gaps=label_files.allow_gaps)


def _checked_blocks(
    sources: Sequence[FeatureFile], summary: Imported, progress: Callable[[int], None] | None
) -> Iterator[np.ndarray]:
    """Yield all blocks of all files in order, checked; errors name the individual file."""
    for source in sources:
        first = 0
        for block in source.blocks():
            check_finite(block, first, source.path)
            summary.zero_videos += int((~block.any(axis=(1, 2))).sum())
            first += len(block)
            yield block
            if progress:
                progress(len(block))


def _link_type(sources: Sequence[FeatureFile]) -> np.dtype:
    for source in sources:
        if source.feats.dtype.name not in FLOATS:
            raise UserError(
                f"{source.path}: type {source.feats.dtype} cannot be linked; set 'link: false' to copy it as float32"
            )
    return np.result_type(*(source.feats.dtype for source in sources))


def _link(file: h5py.File, sources: Sequence[FeatureFile], key: str, dtype: np.dtype, output: Path) -> None:
    shape = (sum(source.shape[0] for source in sources), *sources[0].shape[1:])
    layout, first = h5py.VirtualLayout(shape, dtype), 0
    for source in sources:
        target = _link_name(source.path, output).replace("%", "%%")  # HDF5 expands "%b" in file names
        layout[first : first + source.shape[0]] = h5py.VirtualSource(target, key, source.shape, source.feats.dtype)
        first += source.shape[0]
    # HDF5 silently reads the fill value if a source is missing; that must not look like features.
    file.create_virtual_dataset("feats", layout, fillvalue=np.nan)


def _link_name(source: Path, output: Path) -> str:
    """Name of a source file in a link from `output`: relative if both are in the working directory, so it can move.

    HDF5 resolves relative names from the folder of the link. Folders are resolved first, because ".." after a symbolic
    link leads elsewhere than the name suggests.
    """
    here, folder = Path.cwd().resolve(), output.absolute().parent.resolve()
    place = source.absolute().parent.resolve() / source.name
    if place.is_relative_to(here) and folder.is_relative_to(here):
        return os.path.relpath(place, folder)
    return str(place)
