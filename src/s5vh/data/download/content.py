"""Check of a file against the data set's configuration, as far as possible without reading all features."""

from __future__ import annotations

from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.config.dataset import PARTS, DatasetConfig, PartFiles
from s5vh.data.features import open_features
from s5vh.data.labels import read_array, read_labels


def check_content(config: DatasetConfig, file: str, path: Path) -> None:
    """Check `path` as the data set's file `file`: arrays, shapes, data types, counts, and label values.

    The first and the last video are read. The number of videos is checked if a part has a single file of that kind. NaN
    and infinity are checked later, by the import, which reads all features anyway.

    Raises:
        UserError: the problem found; the message names `path`.
    """
    for part in dict.fromkeys(config.source_part(part) for part in PARTS):
        files = config.files(part)
        if file in files.features:
            _check_features(config, files, path)
        if files.labels is not None and file in files.labels.files:
            _check_labels(config, files, path)


def _check_features(config: DatasetConfig, files: PartFiles, path: Path) -> None:
    with open_features(path, config.frames, config.feature_size, key=files.key) as features:
        videos = features.shape[0]
        for video in {0, videos - 1}:
            features.feats[video]  # damaged values and missing compression filters only show when they are read
    if len(files.features) == 1 and files.count not in (None, videos):
        raise UserError(f"{path}: {videos} videos, expected {files.count}; a different version of the file")


def _check_labels(config: DatasetConfig, files: PartFiles, path: Path) -> None:
    labels = files.labels
    if len(labels.files) > 1:
        # The first class index can only be determined from all files jointly.
        read_array(path, labels.key)
        return
    read_labels(
        [path],
        labels.key,
        config.classes,
        count=files.count,
        orientation=labels.orientation,
        first_class=labels.first_class,
    )
