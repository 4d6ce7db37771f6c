"""The first pass over a video file, which reads its packets without decoding them.

Frame counts in headers are often missing, and wrong in truncated files. Packets tell whether the file is complete, and
for ordinary MP4, MKV and WebM files they prove which frames there are and where decoding can start (`SeekPlan`).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf
from pathlib import Path

import av

from s5vh.base.errors import UserError
from s5vh.data.videos.container import open_container, packets, picture_stream, seconds
from s5vh.data.videos.packet_headers import Looker, packet_looker

_MP4, _MATROSKA = "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"  # FFmpeg's names of the containers
_DURATION_STATED = (_MP4, _MATROSKA, "asf", "avi", "flv", "mxf")  # in others, FFmpeg estimates it
_MIN_COVERAGE = 0.6  # minimum share of the stated duration covered by packets


@dataclass(frozen=True)
class SeekPlan:
    """Proof that a file's frames are known without decoding it.

    Attributes:
        times: timestamps of all frames in the order shown, in units of the stream's time base; unique.
        restarts: frame numbers by the timestamps of keyframes that separate all frames before from all after them, in
            decoding order and in the order shown, and that nothing after them refers across.
    """

    times: list[int]
    restarts: dict[int, int]

    def start(self, number: int) -> int:
        """Number of the last frame up to frame `number` at which decoding can start."""
        starts = list(self.restarts.values())
        return starts[bisect_right(starts, number) - 1]


@dataclass(frozen=True)
class Survey:
    """What the packets of a file tell.

    Attributes:
        packets: number of packets, without those known to show no frame; often the number of frames.
        plan: None if frames cannot be told from packets.
        times: timestamps of the packets in ascending order, which may be wrong; None if some have none or the same, or
            if the first packet is not a keyframe, as in a cut recording.
        seconds: stated duration, or None.
        codec: FFmpeg's name of the codec, e.g. "h264".
        stated: number of frames that the container states, if it has fewer packets, or else None.
        cut: whether the file cannot be read to its end.
        notes: other problems with the file.
    """

    packets: int
    plan: SeekPlan | None
    times: list[int] | None
    seconds: float | None
    codec: str
    stated: int | None
    cut: bool
    notes: list[str]


@dataclass
class _Tally:
    """Packets in the order stored, up to the end or an error."""

    looker: Looker | None
    total: int = 0
    silent: int = 0  # packets known to show no frame
    times: list[int | None] = field(default_factory=list)  # timestamps of the other packets
    restarts: list[bool] = field(default_factory=list)  # whether decoding can start at them
    starts_with_keyframe: bool = False
    end: int | None = None  # timestamps
    decoded_last: int = -1
    longest: int = 1  # between decoding timestamps
    cut: bool = False

    def add(self, packet: av.Packet | None) -> None:
        if packet is None:
            self.cut = True
        elif packet.size or packet.dts is not None:  # anything but the end
            self.total += 1
            if packet.dts is not None and packet.dts > self.decoded_last:
                self.longest = max(self.longest, packet.dts - self.decoded_last)
                self.decoded_last = packet.dts
            self.starts_with_keyframe |= self.total == 1 and packet.is_keyframe
            restarts = self._look(packet)
            if restarts is None:
                self.silent += 1
                return
            self.times.append(packet.pts)
            self.restarts.append(restarts)
            if packet.pts is not None:
                end = packet.pts + (packet.duration or 0)
                self.end = end if self.end is None else max(self.end, end)

    def _look(self, packet: av.Packet) -> bool | None:
        """Whether decoding can start at a packet; None if it shows no frame."""
        if packet.is_discard or not packet.size:
            self.looker = None
            return None
        if self.looker is None:
            return False
        plain = packet.pts is not None and not packet.is_corrupt and not packet.has_sidedata("new_extradata")
        look = self.looker(bytes(packet)) if plain else None
        if look is None or look.shown > 1:
            self.looker = None
            return False
        return look.restarts and packet.is_keyframe if look.shown else None

    def counted(self, form: str) -> float:
        """Number of packets as the container counts them in its header."""
        if form == _MP4:  # an edit list can leave out some, and only the index knows
            return inf
        # AVI counts dropped frames, also at its end, which have no packets. So do its decoding timestamps.
        return max(self.total, self.decoded_last + self.longest) if form == "avi" else self.total

    def covered(self, time_base: Fraction) -> float | None:
        """Seconds from zero, or from an earlier first frame, to the end of the last one; None if not known."""
        if None in self.times or len(self.times) < 2:
            return None
        first, last = min(self.times), max(self.times)
        # The duration of the last frame may be missing.
        end = max(self.end, last + (last - first) / (len(self.times) - 1))
        return float((end - min(first, 0)) * time_base)


def survey(path: Path) -> Survey:
    """Read all packets of a video file.

    Raises:
        UserError: it has no video stream, or one without packets.
        av.FFmpegError, OSError: it cannot be opened.
    """
    with open_container(path) as container:
        stream = picture_stream(path, container)
        number = stream.index
        form, codec = container.format.name, stream.codec_context.codec.canonical_name
        stated = stream.frames
        indexed = len(stream.index_entries) if form in (_MP4, "avi") else 0
        reorder_depth = stream.codec_context.reorder_depth
        looker = packet_looker(codec, stream.codec_context.extradata) if form in (_MP4, _MATROSKA) else None
        tally = _Tally(looker)
        for packet in packets(container, stream):
            tally.add(packet)
        duration, covered = seconds(container, stream), tally.covered(stream.time_base)
    if not tally.total:
        raise UserError(f"{path}: has a video stream without any frames")
    incomplete, notes = indexed > tally.total or stated > tally.counted(form), []
    if duration and covered is not None and form in _DURATION_STATED and not (tally.cut or incomplete):
        short = covered < _MIN_COVERAGE * duration and _others_end_early(path, number, duration)
        notes += [f"its frames end after {covered:.1f} of {duration:.1f} s"] if short else []
    usable = tally.starts_with_keyframe and None not in tally.times and len(set(tally.times)) == len(tally.times)
    times = sorted(tally.times) if usable else None
    plan = None
    if times and tally.looker is not None and not tally.cut:
        plan = _plan(tally.times, tally.restarts, times, reorder_depth)
    count = tally.total - tally.silent
    return Survey(count, plan, times, duration, codec, max(stated, indexed) if incomplete else None, tally.cut, notes)


def _plan(stored: list[int], restarting: list[bool], times: list[int], reorder_depth: int) -> SeekPlan | None:
    """The plan for packets that show one frame each; None if there can be none.

    Args:
        stored: timestamps in the order stored.
        restarting: whether decoding can start there.
        times: sorted timestamps.
        reorder_depth: number of frames that the decoder holds back to put them in order.
    """
    numbers = {time: number for number, time in enumerate(times)}
    restarts, latest, depth = {}, -1, 0
    for position, (time, restarts_here) in enumerate(zip(stored, restarting, strict=True)):
        number = numbers[time]
        # The frames stored before are then those shown before.
        if restarts_here and number == position and latest == position - 1:
            restarts[time] = number
        latest, depth = max(latest, number), max(depth, position - number)
    # A decoder that expects less reordering than there is may drop frames.
    return SeekPlan(times, restarts) if 0 in restarts.values() and depth <= reorder_depth else None


def _others_end_early(path: Path, video: int, duration: float) -> bool:
    """Whether sound and other streams, if any, end early as well. Otherwise the video is just shorter than these."""
    first, end = 0.0, -inf
    with open_container(path) as container:
        others = [s for s in container.streams if s.index != video and s.type in ("audio", "subtitle", "video")]
        for packet in packets(container, *others) if others else ():
            if packet is not None and packet.pts is not None:
                first = min(first, float(packet.pts * packet.time_base))
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return end - first < _MIN_COVERAGE * duration
