"""Headers of H.264 and H.265 packets, which are lists of NAL units, each after its length.

Parameter sets in packets must be those of the container. Others would be missing after a jump over their packet.
"""

from __future__ import annotations

from collections.abc import Iterator

from s5vh.data.videos.bitstream import Bits, Look, Looker


def _nal_units(packet: bytes, length_size: int) -> Iterator[bytes]:
    position = 0
    while position < len(packet):
        start = position + length_size
        position = start + int.from_bytes(packet[position:start], "big")
        if position > len(packet) or position == start:
            raise ValueError("not a list of NAL units")
        yield packet[start : min(position, start + 4096)]


def _listed(data: bytes, position: int, count: int) -> tuple[list[bytes], int]:
    """`count` parameter sets, each after its length in two bytes, and the position after them."""
    units = []
    for _ in range(count):
        start = position + 2
        position = start + int.from_bytes(data[position:start], "big")
        units.append(data[start:position])
    return units, position


def _unescaped(unit: bytes) -> bytes:
    return unit.replace(b"\0\0\3", b"\0\0")


def h264(extradata: bytes) -> Looker | None:
    """A function from packets of an H.264 stream to what they hold; None if fields may occur, or without headers."""
    if len(extradata) < 7 or extradata[0] != 1:
        return None
    length_size = (extradata[4] & 3) + 1
    sequences, position = _listed(extradata, 6, extradata[5] & 31)
    pictures, _ = _listed(extradata, position + 1, extradata[position]) if position < len(extradata) else ([], 0)
    if not sequences or not all(map(_without_fields, sequences)):
        return None
    known = {*sequences, *pictures}

    def look(packet: bytes) -> Look | None:
        shown, restarts = 0, False
        for unit in _nal_units(packet, length_size):
            kind = unit[0] & 31
            if kind in (1, 5):  # slices; the first one of a picture starts with a set bit
                shown += unit[1] >> 7
                restarts |= kind == 5
            elif kind in (2, 3, 4, 10, 11, 13) or (kind in (7, 8) and unit not in known):
                return None
        return Look(shown, restarts)

    return look


def _without_fields(unit: bytes) -> bool:
    """Whether a sequence parameter set rules out fields, two of which would make a frame; False if not known."""
    try:
        bits = Bits(_unescaped(unit[1:64]))
        profile = bits.take(8)
        bits.take(16)
        bits.golomb()
        if profile in (100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135):
            if bits.golomb() == 3:  # chroma format
                bits.take()
            bits.golomb(), bits.golomb(), bits.take()  # bit depths
            if bits.take():  # scaling lists
                return False
        bits.golomb()
        order = bits.golomb()
        if order == 0:
            bits.golomb()
        elif order == 1:
            bits.take(), bits.golomb(), bits.golomb()
            for _ in range(bits.golomb()):
                bits.golomb()
        bits.golomb(), bits.take()  # reference frames, gaps
        bits.golomb(), bits.golomb()  # width, height
        return bits.take() == 1
    except ValueError:
        return False


def hevc(extradata: bytes) -> Looker | None:
    """A function from packets of an H.265 stream to what they hold; None if pictures may be hidden."""
    if len(extradata) < 23 or extradata[0] != 1:
        return None
    length_size, position, known = (extradata[21] & 3) + 1, 23, set()
    for _ in range(extradata[22]):
        count = int.from_bytes(extradata[position + 1 : position + 3], "big")
        units, position = _listed(extradata, position + 3, count)
        known.update(units)
    if any(_hides_pictures(unit) for unit in known if len(unit) > 2 and unit[0] >> 1 & 63 == 34):
        return None

    def look(packet: bytes) -> Look | None:
        shown, restarts = 0, False
        for unit in _nal_units(packet, length_size):
            kind, layer = unit[0] >> 1 & 63, (unit[0] & 1) << 5 | unit[1] >> 3
            if layer:  # not decoded
                continue
            if kind in (*range(10), 19, 20, 21):
                first = unit[2] >> 7
                if kind > 18 and first and unit[2] >> 6 & 1:  # pictures before it may be dropped
                    return None
                shown += first
                restarts |= kind in (19, 20)
            elif kind < 32 or kind in (36, 37) or (kind in (32, 33, 34) and unit not in known):
                return None
        return Look(shown, restarts)

    return look


def _hides_pictures(unit: bytes) -> bool:
    """Whether a picture parameter set allows pictures that are not shown."""
    try:
        bits = Bits(_unescaped(unit[2:32]))
        bits.golomb(), bits.golomb(), bits.take()
        return bits.take() == 1
    except ValueError:
        return True
