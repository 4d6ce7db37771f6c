"""Reading of a few upright frames of a video file, without decoding the rest or keeping more than one frame.

Sampling: from a video of N frames, frames floor((2 i + 1) N / (2 T)), i = 0 .. T - 1, are taken, counted from 0 in
presentation order: the midpoints of T equal segments. The papers resample videos to T frames at equal index steps, but
do not state which frame of a step they take. Sampling is by frame index, not by time, even at variable frame rates.
Videos with fewer than T frames repeat some.

A file is read twice. The first pass counts its packets without decoding, because frame counts in headers are often
missing and, in truncated files, wrong. It yields the timestamps of all frames and of the keyframes, so that the second
pass can seek to the last keyframe before a wanted frame. Undecodable packets are skipped, and a lost frame is replaced
by the nearest frame before it (or after it, at the start).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import av
import numpy as np
from av.stream import Disposition
from PIL import Image

from s5vh.base.errors import UserError

_MIN_SEEK = 12  # minimum frames skipped by a seek, as seeking flushes and restarts the decoder
_MIN_COVERAGE = 0.6  # minimum share of the container's duration covered by frames
T = TypeVar("T")


@dataclass
class Clip:
    """Frames and metadata read from a video.

    Attributes:
        frames: one entry per requested frame; repeated frames are the same object.
        count: number of frames in the video, N.
        seconds: duration, or None if unknown.
        width, height: size of the upright frame in pixels.
        codec: FFmpeg's codec name, e.g. "h264".
        notes: problems with the file; empty if there are none.
    """

    frames: list
    count: int
    seconds: float | None
    width: int
    height: int
    codec: str
    notes: list[str] = field(default_factory=list)


def uniform_indices(total: int, count: int) -> np.ndarray:
    """Indices int64 [count] of the midpoints of `count` equal segments of `total` frames."""
    return (2 * np.arange(count) + 1) * total // (2 * count)


def read_clip(path: Path, count: int, transform: Callable[[Image.Image], T]) -> Clip:
    """Read `count` uniformly spaced frames; `transform` is applied to each immediately, and only its result is kept.

    Raises:
        UserError: not a video, or no frame can be decoded; the message names the file and the reason.
    """
    try:
        index = _index(path)
        wanted = uniform_indices(len(index.times), count)
        try:
            decoded, size = _decode(path, index, wanted, transform, seek=True)
        except _Overshot:
            decoded, size = _decode(path, index, wanted, transform, seek=False)
    except av.FFmpegError as error:
        raise UserError(f"{path}: {_reason(error)}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from None
    if not decoded:
        raise UserError(f"{path}: none of its {len(index.times)} frames can be decoded")
    notes = list(index.notes)
    if lost := len(set(wanted.tolist()) - set(decoded)):
        notes.append(f"{lost} of {len(set(wanted.tolist()))} frames could not be decoded and were replaced")
    available = sorted(decoded)
    frames = [decoded[available[max(0, bisect_right(available, number) - 1)]] for number in wanted.tolist()]
    return Clip(frames, len(index.times), index.seconds, *size, index.codec, notes)


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


class _Overshot(Exception):
    """A seek ended after the wanted frame."""


@dataclass
class _Index:
    """Frames of a file as listed by the container: timestamps in presentation order, or None if there are none."""

    times: list[int] | list[None]
    starts: list[int]  # timestamps of keyframes
    seconds: float | None
    codec: str
    notes: list[str]


def _index(path: Path) -> _Index:
    """Index the frames of a file from its packets."""
    with _open(path) as container:
        stream = _stream(path, container)
        times, starts, cut, discarded = [], [], False, 0
        for packet in _packets(container, stream):
            if packet is None:
                cut = True
                break
            if packet.size == 0:  # the end of the stream
                continue
            if packet.is_discard:
                discarded += 1
                continue
            times.append(packet.pts)
            if packet.is_keyframe and packet.pts is not None:
                starts.append(packet.pts)
        seconds = _seconds(container, stream)
        notes = []
        if cut or stream.frames > len(times) + discarded:
            total = f" of {stream.frames}" if stream.frames else ""
            notes.append(f"the file is damaged or truncated: it has {len(times)}{total} frames")
        elif seconds and times and None not in times:
            gaps = len(times) - 1
            shown = float((max(times) - min(times)) * stream.time_base) * (gaps + 1) / max(1, gaps)
            # The last frame may be shown for long, and audio may be longer; a larger gap means a truncated download.
            if gaps and shown < _MIN_COVERAGE * seconds:
                notes.append(f"its frames end after {shown:.1f} of {seconds:.1f} s")
        codec = stream.codec_context.name
    if not times:
        raise UserError(f"{path}: has a video stream without any frames")
    if None in times or len(set(times)) < len(times):
        return _Index([None] * len(times), [], seconds, codec, notes)
    return _Index(sorted(times), sorted(starts), seconds, codec, notes)


def _decode(
    path: Path, index: _Index, wanted: np.ndarray, transform: Callable[[Image.Image], T], *, seek: bool
) -> tuple[dict[int, T], tuple[int, int]]:
    """Decode wanted frames; return the transformed frames by index (without lost ones), and width and height.

    Raises:
        _Overshot: `seek` is set, but seeking does not work in this file.
    """
    decoded: dict[int, T] = {}
    size = (0, 0)
    with _open(path) as container:
        stream = _stream(path, container)
        pick = _by_number if index.times[0] is None else _by_time
        for number, frame in pick(container, stream, index, sorted(set(wanted.tolist())), seek):
            picture = _upright(frame)
            size = picture.size
            decoded[number] = transform(picture)
    return decoded, size


def _by_number(
    container: av.container.InputContainer, stream: av.VideoStream, _index: _Index, wanted: list[int], _seek: bool
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Yield the wanted frames of a file without usable timestamps, decoding all frames up to the last one."""
    remaining = set(wanted)
    for number, frame in enumerate(_frames(container, stream)):
        if number in remaining:
            yield number, frame
        if number >= wanted[-1]:
            return


def _by_time(
    container: av.container.InputContainer, stream: av.VideoStream, index: _Index, wanted: list[int], seek: bool
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Yield the wanted frames by timestamp, seeking over frames that need not be decoded."""
    frames = _frames(container, stream)
    current: av.VideoFrame | None = None
    for number in wanted:
        target, sought = index.times[number], False
        start = bisect_right(index.starts, target) - 1
        before = -1 if current is None or current.pts is None else bisect_right(index.times, current.pts) - 1
        if seek and start >= 0 and bisect_right(index.times, index.starts[start]) - 1 - before > _MIN_SEEK:
            try:
                container.seek(index.starts[start], stream=stream)
            except av.FFmpegError:
                raise _Overshot from None
            frames, current, sought = _frames(container, stream), None, True
        while current is None or current.pts is None or current.pts < target:
            following = next(frames, None)
            if following is None:
                break
            if sought and following.pts is not None and following.pts > target:
                raise _Overshot
            current, sought = following, False
        if current is not None and current.pts == target:
            yield number, current


def _frames(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    """Yield the frames from the current position; damaged packets are skipped."""
    for packet in _packets(container, stream):
        try:
            # None flushes the decoder's remaining frames.
            yield from stream.codec_context.decode(packet)
        except av.FFmpegError:
            continue


def _packets(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.Packet | None]:
    """Yield packets up to an empty one at the end, or None if reading fails."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except (av.FFmpegError, IndexError):  # IndexError comes from PyAV, if damage looks like another stream
            packet = None
        yield packet
        if packet is None or packet.size == 0:
            return


def _open(path: Path) -> av.container.InputContainer:
    # Metadata may be in any encoding; it is never used.
    return av.open(str(path), metadata_errors="replace")


def _stream(path: Path, container: av.container.InputContainer) -> av.VideoStream:
    """The first video stream that is not a cover picture."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            if stream.codec_context is None:
                raise UserError(f"{path}: FFmpeg has no decoder for its video")
            # Files are decoded in parallel, one thread each, which scales better than threads within one file.
            stream.thread_type, stream.codec_context.thread_count = "NONE", 1
            return stream
    types = dict.fromkeys(stream.type for stream in container.streams)
    raise UserError(f"{path}: has no video stream{', only ' if types else ', and no other streams'}{', '.join(types)}")


def _seconds(container: av.container.InputContainer, stream: av.VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base


def _upright(frame: av.VideoFrame) -> Image.Image:
    """The upright frame, RGB; FFmpeg reports the anticlockwise rotation in degrees."""
    turns = round(frame.rotation / 90) % 4
    picture = frame.to_image()
    return picture if turns == 0 else picture.transpose(Image.Transpose[f"ROTATE_{90 * turns}"])


def _reason(error: av.FFmpegError) -> str:
    if isinstance(error, av.InvalidDataError):
        return "not a video file, or its start or end is missing"
    if isinstance(error, av.EOFError):
        return "ends before its first frame"
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    return f"cannot be decoded ({error.strerror})"
