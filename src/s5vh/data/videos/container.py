"""Opening a video file: its picture stream, its packets, and every frame that it yields from start to end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import av
from av.stream import Disposition

from s5vh.base.errors import UserError


def open_container(path: Path) -> av.container.InputContainer:
    # An absolute path, because FFmpeg takes a name like `12:30.mp4` for a protocol; and no other protocols, because a
    # playlist under another name could lead elsewhere. Metadata may be in any encoding; it is never used.
    return av.open(os.path.abspath(path), metadata_errors="replace", options={"protocol_whitelist": "file"})


def picture_stream(path: Path, container: av.container.InputContainer) -> av.VideoStream:
    """The first video stream that FFmpeg can decode and that is not a cover picture.

    Raises:
        UserError: there is none.
    """
    videos = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    for stream in videos:
        if stream.codec_context is not None:
            # Files are decoded in parallel, one thread each, which scales better than threads within one file.
            stream.thread_type, stream.codec_context.thread_count = "NONE", 1
            return stream
    if videos:
        raise UserError(f"{path}: FFmpeg has no decoder for its video")
    covers = {stream.index for stream in container.streams.video}
    types = dict.fromkeys("a cover picture" if stream.index in covers else stream.type for stream in container.streams)
    raise UserError(f"{path}: has no video stream{', only ' if types else ', and no other streams'}{', '.join(types)}")


def packets(container: av.container.InputContainer, *streams: av.stream.Stream) -> Iterator[av.Packet | None]:
    """Yield the packets of streams from the current position on, and None if reading fails before the end.

    Empty packets (dropped frames, the end of the stream) are included.
    """
    source = container.demux(*streams)
    while True:
        try:
            packet = next(source, None)
        except (av.FFmpegError, IndexError):  # IndexError comes from PyAV, if damage looks like another stream
            yield None
            return
        if packet is None:
            return
        yield packet


def frames(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame | None]:
    """Yield the frames from the current position on in the order shown, and None for each undecodable packet."""
    yield from decoded(stream, packets(container, stream))


def decoded(stream: av.VideoStream, source: Iterator[av.Packet | None]) -> Iterator[av.VideoFrame | None]:
    """Yield the frames of packets in the order shown, and None for each undecodable packet."""
    for packet in source:
        if packet is not None and packet.size:  # to a decoder, an empty packet is the end
            yield from _decode(stream, packet)
    yield from _decode(stream, None)


def seconds(container: av.container.InputContainer, stream: av.VideoStream) -> float | None:
    """The duration that the file states; None if it states none."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base


def reason(error: av.FFmpegError) -> str:
    """Why a file cannot be opened or read."""
    if isinstance(error, av.InvalidDataError):
        return "not a video file, or its start or end is missing"
    if isinstance(error, av.EOFError):
        return "ends before its first frame"
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    return f"cannot be decoded ({error.strerror})"


def _decode(stream: av.VideoStream, packet: av.Packet | None) -> list[av.VideoFrame | None]:
    try:
        return stream.codec_context.decode(packet)
    except av.FFmpegError:
        return [None]
