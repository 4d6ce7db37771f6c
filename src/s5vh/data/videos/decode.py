"""A few frames of a video file, upright, without decoding the rest or keeping more than one frame.

Sampling: a video of N frames gives its frames floor((2 i + 1) N / (2 T)), i = 0 .. T - 1, counted from 0 in the order
in which they are shown: the middles of T equal parts. The papers resample videos to T frames at equal steps of the
index; which frame of a step they take is not printed. Frames are counted and not timed, also where the rate varies. A
video of fewer than T frames repeats some.

A file is read twice. First its packets are counted, without decoding: what headers say of the number of frames is often
missing and, in files that were cut off, wrong. This gives the times of all frames and of those at which decoding can
start, so that the second pass can jump to the last such frame before a wanted one. What cannot be decoded is passed
over, and the nearest frame before it (at the beginning, after it) stands in for a frame that is lost.
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
from s5vh.data.videos.listing import VIDEO_SUFFIXES as VIDEO_SUFFIXES

_JUMP = 12  # frames that must be saved by a jump: it empties the decoder, and starts it again
_WHOLE = 0.6  # share of the length told by the container that the pictures take at least
T = TypeVar("T")


@dataclass
class Clip:
    """What was read of a video.

    Attributes:
        frames: one entry a wanted frame; equal ones are the same object.
        count: frames of the video, N.
        seconds: its length, or None where the file does not tell.
        width, height: of the upright picture, pixels.
        codec: FFmpeg's name, e.g. "h264".
        notes: what is wrong with the file; empty when nothing is.
    """

    frames: list
    count: int
    seconds: float | None
    width: int
    height: int
    codec: str
    notes: list[str] = field(default_factory=list)


def uniform_indices(total: int, count: int) -> np.ndarray:
    """Indices int64 [count] of the middles of `count` equal parts of `total` frames."""
    return (2 * np.arange(count) + 1) * total // (2 * count)


def read_clip(path: Path, count: int, transform: Callable[[Image.Image], T]) -> Clip:
    """Read `count` frames at equal steps; each goes through `transform` at once, and only its result is kept.

    Raises:
        UserError: not a video, or nothing in it can be decoded; it names the file and the reason.
    """
    try:
        index = _index(path)
        wanted = uniform_indices(len(index.times), count)
        try:
            found, size = _decode(path, index, wanted, transform, jump=True)
        except _Overshot:
            found, size = _decode(path, index, wanted, transform, jump=False)
    except av.FFmpegError as error:
        raise UserError(f"{path}: {_reason(error)}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from None
    if not found:
        raise UserError(f"{path}: none of its {len(index.times)} frames can be decoded")
    notes = list(index.notes)
    if lost := len(set(wanted.tolist()) - set(found)):
        notes.append(f"{lost} of {len(set(wanted.tolist()))} frames could not be decoded and are stood in for")
    known = sorted(found)
    frames = [found[known[max(0, bisect_right(known, number) - 1)]] for number in wanted.tolist()]
    return Clip(frames, len(index.times), index.seconds, *size, index.codec, notes)


def thumbnails(path: Path, count: int, height: int = 96) -> list[np.ndarray]:
    """Small pictures of `count` frames at equal steps, uint8 RGB [height, width, 3], with the video's own proportions.

    Raises:
        UserError: as `read_clip`.
    """

    def small(picture: Image.Image) -> np.ndarray:
        width = max(1, round(picture.width * height / picture.height))
        return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR))

    return read_clip(path, count, small).frames


def square(picture: Image.Image, resize: int, crop: int) -> np.ndarray:
    """Shorter side to `resize` pixels, then the square of `crop` pixels in the middle: uint8 RGB [crop, crop, 3]."""
    scale = resize / min(picture.size)
    size = tuple(max(resize, round(side * scale)) for side in picture.size)
    left, top = ((side - crop) // 2 for side in size)
    resized = picture.resize(size, Image.Resampling.BILINEAR)
    return np.asarray(resized.crop((left, top, left + crop, top + crop)))


class _Overshot(Exception):
    """A jump ended behind the wanted frame."""


@dataclass
class _Index:
    """Frames of a file as the container lists them: times in order of presentation, None where it gives none."""

    times: list[int] | list[None]
    starts: list[int]  # times at which decoding can start
    seconds: float | None
    codec: str
    notes: list[str]


def _index(path: Path) -> _Index:
    """Count the frames of a file by its packets."""
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
            told = f" of {stream.frames}" if stream.frames else ""
            notes.append(f"the file is damaged or cut off: it has {len(times)}{told} frames")
        elif seconds and times and None not in times:
            gaps = len(times) - 1
            shown = float((max(times) - min(times)) * stream.time_base) * (gaps + 1) / max(1, gaps)
            # A last picture may stay for long, and sound may be longer; so much of it is a download that was cut off.
            if gaps and shown < _WHOLE * seconds:
                notes.append(f"its pictures end after {shown:.1f} of {seconds:.1f} s")
        codec = stream.codec_context.name
    if not times:
        raise UserError(f"{path}: has a video stream without any frames")
    if None in times or len(set(times)) < len(times):
        return _Index([None] * len(times), [], seconds, codec, notes)
    return _Index(sorted(times), sorted(starts), seconds, codec, notes)


def _decode(
    path: Path, index: _Index, wanted: np.ndarray, transform: Callable[[Image.Image], T], *, jump: bool
) -> tuple[dict[int, T], tuple[int, int]]:
    """Transformed frames by their number, and width and height; frames that are lost are missing.

    Raises:
        _Overshot: `jump` is set and does not work in this file.
    """
    found: dict[int, T] = {}
    size = (0, 0)
    with _open(path) as container:
        stream = _stream(path, container)
        pick = _by_number if index.times[0] is None else _by_time
        for number, frame in pick(container, stream, index, sorted(set(wanted.tolist())), jump):
            picture = _upright(frame)
            size = picture.size
            found[number] = transform(picture)
    return found, size


def _by_number(
    container: av.container.InputContainer, stream: av.VideoStream, _index: _Index, wanted: list[int], _jump: bool
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Wanted frames of a file without usable times: all up to the last one are decoded."""
    waiting = set(wanted)
    for number, frame in enumerate(_frames(container, stream)):
        if number in waiting:
            yield number, frame
        if number >= wanted[-1]:
            return


def _by_time(
    container: av.container.InputContainer, stream: av.VideoStream, index: _Index, wanted: list[int], jump: bool
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Wanted frames by their times, with jumps over what need not be decoded."""
    frames = _frames(container, stream)
    current: av.VideoFrame | None = None
    for number in wanted:
        target, jumped = index.times[number], False
        start = bisect_right(index.starts, target) - 1
        before = -1 if current is None or current.pts is None else bisect_right(index.times, current.pts) - 1
        if jump and start >= 0 and bisect_right(index.times, index.starts[start]) - 1 - before > _JUMP:
            try:
                container.seek(index.starts[start], stream=stream)
            except av.FFmpegError:
                raise _Overshot from None
            frames, current, jumped = _frames(container, stream), None, True
        while current is None or current.pts is None or current.pts < target:
            following = next(frames, None)
            if following is None:
                break
            if jumped and following.pts is not None and following.pts > target:
                raise _Overshot
            current, jumped = following, False
        if current is not None and current.pts == target:
            yield number, current


def _frames(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    """Frames from here on; damaged packets give none."""
    for packet in _packets(container, stream):
        try:
            # None asks the decoder for the frames that it still holds back.
            yield from stream.codec_context.decode(packet)
        except av.FFmpegError:
            continue


def _packets(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.Packet | None]:
    """Packets up to an empty one at the end; None is the last where reading ends in an error."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except (av.FFmpegError, IndexError):  # PyAV's own, where damage looks like one more stream
            packet = None
        yield packet
        if packet is None or packet.size == 0:
            return


def _open(path: Path) -> av.container.InputContainer:
    # Names in metadata may be in any encoding; they are never read.
    return av.open(str(path), metadata_errors="replace")


def _stream(path: Path, container: av.container.InputContainer) -> av.VideoStream:
    """The first video stream that is no cover picture."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            if stream.codec_context is None:
                raise UserError(f"{path}: FFmpeg has no decoder for its video")
            # Files are decoded side by side, one thread each: that scales better than threads inside of one.
            stream.thread_type, stream.codec_context.thread_count = "NONE", 1
            return stream
    types = dict.fromkeys(stream.type for stream in container.streams)
    raise UserError(f"{path}: has no video{', only ' if types else ' and nothing else'}{', '.join(types)}")


def _seconds(container: av.container.InputContainer, stream: av.VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base


def _upright(frame: av.VideoFrame) -> Image.Image:
    """The frame as it is to be seen, RGB; FFmpeg tells by how many degrees to turn it anticlockwise."""
    turns = round(frame.rotation / 90) % 4
    picture = frame.to_image()
    return picture if turns == 0 else picture.transpose(Image.Transpose[f"ROTATE_{90 * turns}"])


def _reason(error: av.FFmpegError) -> str:
    if isinstance(error, av.InvalidDataError):
        return "not a video file, or its beginning or end is missing"
    if isinstance(error, av.EOFError):
        return "ends before its first frame"
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    return f"cannot be decoded ({error.strerror})"
