"""Thumbnails of videos: frames of a video file, or for feature files those in `thumbnails.h5` in the same folder."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.hdf5 import open_hdf5
from s5vh.search.catalog import Video

FRAMES = 5  # maximum number of frames; the page has room for this many square ones
_HEIGHT = 96  # of a frame of a video file, in pixels
_QUALITY = 80


class Pictures:
    """Film strips of videos, as a context manager. Videos without thumbnails are not an error."""

    def __init__(self) -> None:
        self._files: dict[str, h5py.File | None] = {}

    def __enter__(self) -> Pictures:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            if file is not None:
                file.close()

    def strip(self, video: Video) -> str | None:
        """The frames side by side as an image data URL, or None."""
        frames = self._of_row(video) if video.row is not None else _of_file(video, FRAMES, _HEIGHT)
        return None if frames is None else _data_url(_side_by_side(frames))

    def middle(self, video: Video, height: int = _HEIGHT) -> str | None:
        """The frame in the middle as an image data URL, or None; that of a file has this height in pixels."""
        frames = self._of_row(video) if video.row is not None else _of_file(video, 1, height)
        return None if frames is None else _data_url(frames[len(frames) // 2])

    def _of_row(self, video: Video) -> np.ndarray | None:
        """uint8 [n, h, w] or [n, h, w, 3]: row `video.row` of the array named after the feature file."""
        source = Path(video.source)
        pictures = self._thumbnails_of(source)
        stored = None if pictures is None else pictures.get(source.stem)
        if (
            not isinstance(stored, h5py.Dataset)
            or stored.dtype != np.uint8
            or video.row >= len(stored)
            or 0 in stored.shape
        ):
            return None
        is_grey, is_colour = stored.ndim == 4, stored.ndim == 5 and stored.shape[4] == 3
        try:
            return stored[video.row] if is_grey or is_colour else None
        except OSError:  # a damaged file
            return None

    def _thumbnails_of(self, source: Path) -> h5py.File | None:
        path = source.with_name("thumbnails.h5")
        if str(path) not in self._files:
            try:
                self._files[str(path)] = open_hdf5(path)
            except UserError:
                self._files[str(path)] = None
        return self._files[str(path)]


def _of_file(video: Video, count: int, height: int) -> list[np.ndarray] | None:
    if not Path(video.source).exists():
        return None
    from s5vh.data.videos.frame_folder import video_thumbnails

    try:
        return video_thumbnails(Path(video.source), count, height)
    except UserError:
        return None


def _side_by_side(frames: Sequence[np.ndarray]) -> np.ndarray:
    """As many evenly spaced frames as fit a strip of `FRAMES` squares, so fewer if they are wide."""
    height, width = frames[0].shape[:2]
    count = min(len(frames), max(1, round(FRAMES * height / width)))
    return np.concatenate([frames[i] for i in np.linspace(0, len(frames) - 1, count).round().astype(int)], axis=1)


def _data_url(strip: np.ndarray) -> str:
    """uint8 [h, w] or [h, w, 3] as a data URL: PNG for greyscale (the demo), JPEG for colour."""
    from PIL import Image

    kind, options = ("png", {"optimize": True}) if strip.ndim == 2 else ("jpeg", {"quality": _QUALITY})
    buffer = io.BytesIO()
    Image.fromarray(strip).save(buffer, kind, **options)
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
