"""Reading of wanted frames with jumps over the others, where a `SeekPlan` proves what each jump skips.

What is decoded is checked against the plan: each jump must arrive at a packet where decoding can start, and the frames
from there on must be the planned ones. The first deviation ends the attempt, unless packets cannot be decoded, which
means damage.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import av

from s5vh.data.videos.container import decoded, open_container, packets, picture_stream
from s5vh.data.videos.geometry import Display
from s5vh.data.videos.survey import SeekPlan

_MIN_SEEK = 12  # minimum frames skipped by a jump, as it flushes and restarts the decoder


class NotAsPlanned(Exception):
    """The frames of a file are not those that its packets suggest."""


def sought_frames(path: Path, plan: SeekPlan, wanted: list[int]) -> Iterator[tuple[int, av.VideoFrame, Display]]:
    """Yield the numbers and frames of a file at the ascending numbers `wanted`, without those lost to damage.

    Raises:
        NotAsPlanned: frames must be found by decoding the file from its start.
    """
    with open_container(path) as container:
        stream = picture_stream(path, container)
        display, walk = Display(stream), _Walk(container, stream, plan)
        for number in wanted:
            frame = walk.to(number)
            if frame is not None:
                yield number, frame, display


class _Walk:
    """A position in a file that moves forwards."""

    def __init__(self, container: av.container.InputContainer, stream: av.VideoStream, plan: SeekPlan):
        self._container, self._stream, self._plan = container, stream, plan
        self._numbers = {time: number for number, time in enumerate(plan.times)}
        self._damaged = False
        self._last, self._frame = -1, None  # the last decoded frame and its number
        self._source = decoded(stream, packets(container, stream))

    def to(self, number: int) -> av.VideoFrame | None:
        """The frame of a number; None if it is lost."""
        start = self._plan.start(number)
        if start - (self._last + 1) > _MIN_SEEK:
            self._jump(start)
        while self._last < number:
            if not self._advance():
                return None
        return self._frame if self._last == number else None

    def _advance(self) -> bool:
        for frame in self._source:
            if frame is None:
                self._damaged = True
                continue
            number = self._numbers.get(frame.pts, -1)
            if number != self._last + 1 and not self._damaged:
                raise NotAsPlanned
            if number > self._last:
                self._last, self._frame = number, frame
                return True
        if not self._damaged:
            raise NotAsPlanned  # frames are missing at the end
        return False

    def _jump(self, start: int) -> None:
        try:
            self._container.seek(self._plan.times[start], stream=self._stream)
        except av.FFmpegError:
            raise NotAsPlanned from None
        source = packets(self._container, self._stream)
        first = next(source, None)
        landed = None if first is None or not first.size else self._plan.restarts.get(first.pts)
        if landed is None or landed > start:
            raise NotAsPlanned
        self._last, self._frame, self._damaged = landed - 1, None, False
        self._source = decoded(self._stream, chain([first], source))
