"""The extraction stage: from a folder of videos to feature files, with thumbnails and a list of problems.

The features of each finished video are stored in their own file in `shards/`, named by a digest of the video file
(path, size, modification time) and the extraction settings. So a killed run resumes where it was interrupted, and only
new or changed videos are processed. Nothing else reads the shards; they can be deleted to free disk space.
"""

from __future__ import annotations

import json
import sys
import time
import zipfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from s5vh.base.cores import available_cores
from s5vh.base.errors import UserError
from s5vh.base.files import atomic, write_csv
from s5vh.base.provenance import digest, provenance
from s5vh.config.dataset import PARTS, DatasetConfig, PartName
from s5vh.data.features import check_space, write_features
from s5vh.data.hdf5 import create_hdf5
from s5vh.data.videos.decode import Clip
from s5vh.data.videos.extract import Extractor, open_extractor
from s5vh.data.videos.listing import Listing, Video, file_key, list_videos
from s5vh.data.videos.passed_over import summaries

PICTURES, PICTURE_SIDE = 5, 64  # thumbnails per video, and their side length in pixels
COLUMNS = ("path", "part", "status", "reason", "frames", "seconds", "width", "height", "codec")
_REPORT_SECONDS = 10.0  # between progress lines
_BLOCK = 16  # videos per block
_DECODING = 2  # raised when other pixels come out of the same file, so that old shards are not reused


@dataclass(frozen=True)
class Extracted:
    """Numbers of extracted, damaged, failed and reused videos."""

    videos: int
    damaged: int
    failed: int
    reused: int


def extract_dataset(
    name: str, config: DatasetConfig, output: Path, *, device: str = "auto", threads: int | None = None
) -> Extracted:
    """Write train.h5, query.h5, database.h5 (if it is a separate part), thumbnails.h5 and videos.csv to `output`.

    videos.csv lists every video with its status: `ok`, `damaged` (readable frames are used) or `failed` (omitted), and
    what else is in the folder as `passed over`. It is written before any error about the videos is raised.

    Raises:
        UserError: an invalid listing or network (see `list_videos`, `open_extractor`); no readable video in a part, or
            in the database for a class; a full disk.
    """
    listing = list_videos(name, config)
    for text in summaries(listing.passed_over):
        print(f"{name}: {text}", file=sys.stderr, flush=True)
    if config.videos.is_automatic:
        print(f"{name}: {config.videos.choice}", file=sys.stderr, flush=True)
    extractor = open_extractor(config, device=device, threads=threads)
    itemsize = np.dtype(config.dtype).itemsize
    check_space(output, len(listing.videos) * extractor.frames * extractor.feature_size * itemsize)
    folder = output / "shards"
    shards = {video.path: _shard(folder, listing, video, extractor, config.dtype) for video in listing.videos}
    rows = {path: row for path, shard in shards.items() if (row := _read_row(shard)) is not None}
    reused = len(rows)
    pending = [video for video in listing.videos if video.path not in rows]
    progress = _ExtractionProgress(name, len(pending), reused)
    for video, result in _in_parallel(extractor, listing, pending, threads or available_cores()):
        if isinstance(result, UserError):
            rows[video.path] = {"status": "failed", "reason": _without_path(result, listing.folder / video.path)}
        else:
            rows[video.path] = _finish(result, extractor, shards[video.path], config.dtype)
        progress.done(failed=rows[video.path]["status"] == "failed")
    write_csv(output / "videos.csv", _table(listing, rows), COLUMNS)
    used = [video for video in listing.videos if rows[video.path]["status"] != "failed"]
    _check_remaining(listing, used, config, output / "videos.csv")
    settings = config.model_dump(mode="json", include={"root", "frames", "feature_size", "dtype", "videos"})
    record = provenance(
        settings={"dataset": name} | settings,
        device=str(extractor.device),
        extractor=extractor.key,
        listing=listing.digest(),
        videos=len(used),
        failed=len(listing.videos) - len(used),
    )
    parts: dict[PartName, list[Path]] = {}
    for part in PARTS:
        if config.source_part(part) != part:
            continue
        chosen = [video for video in used if video.part == part]
        parts[part] = [shards[video.path] for video in chosen]
        write_features(
            output / f"{part}.h5",
            _blocks(parts[part]),
            shape=(len(chosen), extractor.frames, extractor.feature_size),
            dtype=config.dtype,
            labels=_labels(chosen, listing),
            ids=[video.path for video in chosen],
            provenance=record,
            class_names=listing.class_names if listing.labelled else None,
        )
    _write_thumbnails(output / "thumbnails.h5", parts)
    damaged = sum(row["status"] == "damaged" for row in rows.values())
    return Extracted(len(used), damaged, len(listing.videos) - len(used), reused)


def _table(listing: Listing, rows: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of videos.csv."""
    videos = [{"path": video.path, "part": video.part} | rows[video.path] for video in listing.videos]
    others = [{"path": one.path, "status": "passed over", "reason": one.explanation} for one in listing.passed_over]
    return sorted([*videos, *others], key=lambda row: row["path"])


def _shard(folder: Path, listing: Listing, video: Video, extractor: Extractor, dtype: str) -> Path:
    key = digest([_DECODING, extractor.key, dtype, file_key(listing.folder / video.path, video.path)])
    return folder / key[:2] / f"{key}.npz"


def _in_parallel(
    extractor: Extractor, listing: Listing, videos: list[Video], workers: int
) -> Iterator[tuple[Video, Clip | UserError]]:
    """Decode videos in parallel, yielding them in order; FFmpeg releases the GIL. The read-ahead is limited."""

    def read(video: Video) -> Clip | UserError:
        try:
            return extractor.read(listing.folder / video.path)
        except UserError as error:
            return error
        except MemoryError:
            raise
        except Exception as error:
            # An unexpected library error in one file must not abort hours of work on the others.
            return UserError(f"{type(error).__name__}: {error}")

    with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
        source = iter(videos)
        ahead: deque[tuple[Video, Future]] = deque()
        try:
            while True:
                for video in islice(source, 2 * workers - len(ahead)):
                    ahead.append((video, pool.submit(read, video)))
                if not ahead:
                    return
                video, future = ahead.popleft()
                yield video, future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _finish(clip: Clip, extractor: Extractor, shard: Path, dtype: str) -> dict[str, Any]:
    """Write features and thumbnails of one video to its shard; return its row of videos.csv."""
    row = {
        "status": "damaged" if clip.notes else "ok",
        "reason": "; ".join(clip.notes),
        "frames": clip.count,
        "seconds": None if clip.seconds is None else round(clip.seconds, 3),
        "width": clip.width,
        "height": clip.height,
        "codec": clip.codec,
    }
    feats = extractor.features(clip.frames)
    if not np.isfinite(feats).all():
        return row | {"status": "failed", "reason": "the network's output has NaN or infinity"}
    with np.errstate(over="ignore"):
        stored = feats.astype(dtype)
    if np.isinf(stored).any():
        raise UserError(f"features up to {np.abs(feats).max():g} do not fit in {dtype}; set 'dtype: float32'")
    shown = np.linspace(0, len(clip.frames) - 1, PICTURES).round().astype(int)
    pictures = [extractor.thumbnail(clip, number, PICTURE_SIDE) for number in shown]
    with atomic(shard) as temporary:
        np.savez(temporary, feats=stored, pictures=np.stack(pictures), row=np.array(json.dumps(row)))
    return row


def _read_row(shard: Path) -> dict[str, Any] | None:
    """The row of a finished video; None if it is not finished or its shard is broken."""
    try:
        with np.load(shard, allow_pickle=False) as file:
            return json.loads(str(file["row"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _blocks(shards: list[Path], key: str = "feats") -> Iterator[np.ndarray]:
    """Yield one array of all shards, stacked in small blocks."""
    for start in range(0, len(shards), _BLOCK):
        arrays = []
        for shard in shards[start : start + _BLOCK]:
            with np.load(shard, allow_pickle=False) as file:
                arrays.append(file[key])
        yield np.stack(arrays)


def _labels(videos: list[Video], listing: Listing) -> np.ndarray | None:
    """Multi-hot labels uint8 [n, classes]; None if any of the videos has no label."""
    if not listing.labelled or not all(video.labels for video in videos):
        return None
    number = {name: index for index, name in enumerate(listing.class_names)}
    labels = np.zeros((len(videos), len(number)), np.uint8)
    for row, video in enumerate(videos):
        labels[row, [number[label] for label in video.labels]] = 1
    return labels


def _check_remaining(listing: Listing, used: list[Video], config: DatasetConfig, report: Path) -> None:
    """Check that failures leave no part, and no queried class of the database, without videos."""
    database = config.source_part("database")
    for part in dict.fromkeys(video.part for video in listing.videos):
        if not any(video.part == part for video in used):
            raise UserError(
                f"{listing.folder}: none of the {len(listing.part(part))} videos of the part '{part}' can be read; "
                f"see {report}"
            )
    available = {label for video in used if video.part == database for label in video.labels}
    for label in listing.class_names:
        queried = any(label in video.labels for video in listing.videos if video.part == "query")
        if queried and label not in available:
            raise UserError(
                f"{listing.folder}: class '{label}' has queries but no readable video in the database; add "
                f"one, or omit the class (see {report} for unreadable videos)"
            )


def _write_thumbnails(path: Path, parts: dict[PartName, list[Path]]) -> None:
    """Write uint8 RGB [n, 5, 64, 64, 3] per part: five of the frames passed to the network, cropped."""
    with create_hdf5(path) as file:
        for part, shards in parts.items():
            shape = (len(shards), PICTURES, PICTURE_SIDE, PICTURE_SIDE, 3)
            stored: h5py.Dataset = file.create_dataset(part, shape, "uint8", chunks=(1, *shape[1:]), compression="gzip")
            first = 0
            for block in _blocks(shards, "pictures"):
                stored[first : first + len(block)] = block
                first += len(block)


def _without_path(error: UserError, path: Path) -> str:
    return str(error).removeprefix(f"{path}: ")


class _ExtractionProgress:
    """Progress as one line every ten seconds, suitable for log files."""

    def __init__(self, name: str, total: int, reused: int):
        self._name, self._total, self._count, self._failed = name, total, 0, 0
        self._started = self._reported = time.monotonic()
        cached = f", {reused} already done" if reused else ""
        print(f"{name}: {total} videos to extract{cached}", file=sys.stderr, flush=True)

    def done(self, *, failed: bool) -> None:
        self._count += 1
        self._failed += failed
        now = time.monotonic()
        if now - self._reported < _REPORT_SECONDS and self._count < self._total:
            return
        self._reported = now
        left = (now - self._started) / self._count * (self._total - self._count)
        more = f", about {left / 60:.0f} min left" if left >= 60 else ""
        bad = f", {self._failed} cannot be read" if self._failed else ""
        print(f"{self._name}: {self._count} of {self._total} videos{bad}{more}", file=sys.stderr, flush=True)
