"""What a compressed packet holds, read from its first bytes: how many frames it shows, and if decoding can start there.

Only the codecs of ordinary MP4, MKV and WebM files are read, and only the plain cases of these. Everything else is
answered with None: it is not known, and the video has to be decoded from its start. In VP8, VP9 and AV1, frames may be
hidden, as references for later ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from s5vh.data.videos.bitstream import Bits, Look, Looker
from s5vh.data.videos.nal_headers import h264, hevc


def packet_looker(codec: str, extradata: bytes | None) -> Looker | None:
    """A function from packets of a stream to what they hold; None if that is not known for this stream.

    Args:
        codec: FFmpeg's name of the codec.
        extradata: the codec's headers from the container.
    """
    opener = {"h264": h264, "hevc": hevc, "vp8": _vp8, "vp9": _vp9, "av1": _av1}.get(codec)
    looker = opener(extradata or b"") if opener else None
    return None if looker is None else _answering(looker)


def _answering(looker: Looker) -> Looker:
    def look(packet: bytes) -> Look | None:
        try:
            return looker(packet)
        except (IndexError, ValueError):  # it ends too early
            return None

    return look


def _vp8(_extradata: bytes) -> Looker:
    def look(packet: bytes) -> Look | None:
        shown = packet[0] >> 4 & 1
        return Look(shown, shown == 1 and packet[0] & 1 == 0)

    return look


def _vp9(_extradata: bytes) -> Looker:
    def look(packet: bytes) -> Look | None:
        headers = [_vp9_frame(frame) for frame in _superframe(packet)]
        return Look(sum(shown for shown, _ in headers), headers[0][1])

    return look


def _superframe(packet: bytes) -> list[bytes]:
    """The frames in a packet; an index at its end lists their sizes."""
    mark = packet[-1]
    count, width = (mark & 7) + 1, (mark >> 3 & 3) + 1
    index = packet[-2 - count * width :]
    if mark >> 5 != 6 or len(packet) < 2 + count * width or index[0] != mark:
        return [packet]
    sizes = [int.from_bytes(index[1 + i * width : 1 + (i + 1) * width], "little") for i in range(count)]
    starts = [sum(sizes[:i]) for i in range(count)]
    if 0 in sizes or sum(sizes) > len(packet) - len(index):
        raise ValueError("not a superframe")
    return [packet[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def _vp9_frame(frame: bytes) -> tuple[bool, bool]:
    """Whether a frame is shown, and whether it is a keyframe."""
    bits = Bits(frame[:2])
    if bits.take(2) != 2:
        raise ValueError("not a frame")
    if bits.take(2) == 3:  # the profile
        bits.take()
    if bits.take():  # an earlier frame is shown
        return True, False
    key = not bits.take()
    return bool(bits.take()), key


def _av1(_extradata: bytes) -> Looker:
    def look(packet: bytes) -> Look | None:
        shown, restarts, first, sequence = 0, False, True, False
        for kind, layer, unit in _av1_units(packet):
            if layer or (kind == 1 and unit[0] >> 3 & 3):  # spatial layers; still pictures
                return None
            sequence |= kind == 1
            if kind not in (3, 6):  # frame headers
                continue
            bits = Bits(unit[:1])
            if bits.take():  # an earlier frame is shown
                shown, first = shown + 1, False
                continue
            key, visible = bits.take(2) == 0, bits.take()
            restarts |= first and sequence and key and visible == 1
            shown, first = shown + visible, False
        return Look(shown, restarts)

    return look


def _av1_units(packet: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, spatial layer and payload of the units of a packet."""
    position = 0
    while position < len(packet):
        head = packet[position]
        extension, sized = head >> 2 & 1, head >> 1 & 1
        layer = packet[position + 1] >> 3 & 3 if extension else 0
        position += 1 + extension
        size = len(packet) - position
        if sized:
            size, shift = 0, 0
            while True:
                byte = packet[position]
                size, shift, position = size | (byte & 127) << shift, shift + 7, position + 1
                if byte < 128:
                    break
        if position + size > len(packet):
            raise ValueError("not a list of units")
        yield head >> 3 & 15, layer, packet[position : position + size]
        position += size
