"""Reading of a few frames of a video file as they are shown, keeping no more than one frame at a time.

Sampling: from a video of N frames, frames floor((2 i + 1) N / (2 T)), i = 0 .. T - 1, are taken, counted from 0 in
presentation order: the midpoints of T equal segments. The papers resample videos to T frames at equal index steps, but
do not state which frame of a step they take. Sampling is by frame index, not by time, even at variable frame rates.
Videos with fewer than T frames repeat some.

What counts as a frame, and in which order, is what the decoder puts out when the file is decoded from start to end.
Timestamps and frame counts of a file are not trusted, since many containers have none or wrong ones. A first pass reads
the packets (`survey`). Where they prove what decoding would give, as in ordinary MP4, MKV and WebM files, only frames
from the keyframe before each wanted one on are decoded (`seeking`). All other files are decoded in full, and once more
if there turn out to be more or fewer frames than packets.

Undecodable packets count as lost frames. A lost frame is replaced by the nearest frame before it (or after it, at the
start).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import av
import numpy as np
from PIL import Image

from s5vh.base.errors import UserError
from s5vh.data.videos.container import frames, open_container, picture_stream, reason
from s5vh.data.videos.geometry import Display
from s5vh.data.videos.numbering import Numbering
from s5vh.data.videos.seeking import NotAsPlanned, sought_frames
from s5vh.data.videos.survey import Survey, survey

T = TypeVar("T")


@dataclass
class Clip:
    """Frames and metadata read from a video.

    Attributes:
        frames: one entry per requested frame; repeated frames are the same object.
        count: number of frames in the video, N.
        seconds: duration, or None if unknown.
        width, height: size of the frames in pixels as shown, upright and with square pixels.
        codec: FFmpeg's name of the codec, e.g. "h264".
        notes: problems with the file; empty if there are none.
    """

    frames: list
    count: int
    seconds: float | None
    width: int
    height: int
    codec: str
    notes: list[str] = field(default_factory=list)


@dataclass
class _Read:
    """Transformed frames by number, without lost ones, the size of the first, and the number of frames of the file."""

    transform: Callable[[Image.Image], object]
    count: int
    frames: dict[int, object] = field(default_factory=dict)
    size: tuple[int, int] = (0, 0)

    def keep(self, number: int, picture: Image.Image) -> None:
        if not self.frames:
            self.size = picture.size
        self.frames[number] = self.transform(picture)


def uniform_indices(total: int, count: int) -> np.ndarray:
    """Indices int64 [count] of the midpoints of `count` equal segments of `total` frames."""
    return (2 * np.arange(count) + 1) * total // (2 * count)


def read_clip(path: Path, count: int, transform: Callable[[Image.Image], T]) -> Clip:
    """Read `count` uniformly spaced frames; `transform` is applied to each immediately, and only its result is kept.

    Raises:
        UserError: not a video, or no frame can be decoded; the message names the file and the reason.
    """
    try:
        found = survey(path)
        read = _read(path, found, count, transform)
    except av.FFmpegError as error:
        raise UserError(f"{path}: {reason(error)}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from None
    if not read.frames:
        raise UserError(f"{path}: none of its {found.packets} frames can be decoded")
    wanted = uniform_indices(read.count, count).tolist()
    notes = list(found.notes)
    if found.cut or found.stated:
        total = f" of {found.stated}" if found.stated else ""
        notes.append(f"the file is damaged or truncated: it has {read.count}{total} frames")
    if lost := len(set(wanted) - set(read.frames)):
        notes.append(f"{lost} of {len(set(wanted))} frames could not be decoded and were replaced")
    available = sorted(read.frames)
    chosen = [read.frames[available[max(0, bisect_right(available, number) - 1)]] for number in wanted]
    return Clip(chosen, read.count, found.seconds, *read.size, found.codec, notes)


def thumbnails(path: Path, count: int, height: int = 96) -> list[np.ndarray]:
    """Thumbnails of `count` uniformly spaced frames, uint8 RGB [height, width, 3], with the video's aspect ratio.

    Raises:
        UserError: as for `read_clip`.
    """

    def small(picture: Image.Image) -> np.ndarray:
        width = max(1, round(picture.width * height / picture.height))
        return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR))

    return read_clip(path, count, small).frames


def square(picture: Image.Image, resize: int, crop: int) -> np.ndarray:
    """Resize the shorter side to `resize` pixels, then center-crop: uint8 RGB [crop, crop, 3]."""
    scale = resize / min(picture.size)
    size = tuple(max(resize, round(side * scale)) for side in picture.size)
    left, top = ((side - crop) // 2 for side in size)
    resized = picture.resize(size, Image.Resampling.BILINEAR)
    return np.asarray(resized.crop((left, top, left + crop, top + crop)))


def squeezed(picture: Image.Image, side: int) -> np.ndarray:
    """Resize the whole frame to a square, out of proportion unless it is one: uint8 RGB [side, side, 3]."""
    return np.asarray(picture.resize((side, side), Image.Resampling.BILINEAR))


def _read(path: Path, found: Survey, count: int, transform: Callable[[Image.Image], T]) -> _Read:
    if found.plan is not None:
        read = _Read(transform, len(found.plan.times))
        wanted = sorted(set(uniform_indices(read.count, count).tolist()))
        try:
            for number, frame, display in sought_frames(path, found.plan, wanted):
                read.keep(number, display.picture(frame))
            return read
        except NotAsPlanned:
            pass
    read = _in_full(path, found, found.packets, count, transform)
    return read if read.count in (0, found.packets) else _in_full(path, found, read.count, count, transform)


def _in_full(path: Path, found: Survey, expected: int, count: int, transform: Callable[[Image.Image], T]) -> _Read:
    """Decode all frames; those kept are the right ones if there are as many as expected."""
    read, wanted = _Read(transform, 0), set(uniform_indices(expected, count).tolist())
    numbering = Numbering(found.times)
    with open_container(path) as container:
        stream = picture_stream(path, container)
        display = Display(stream)
        for frame in frames(container, stream):
            number = numbering.number(frame)
            if number in wanted:
                read.keep(number, display.picture(frame))
    read.count = numbering.count
    return read
