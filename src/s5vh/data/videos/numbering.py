"""Numbers of the frames of a straight decode, also where packets cannot be decoded."""

from __future__ import annotations

import av


class Numbering:
    """Counts the frames of a file, in the order shown.

    Of damaged files, lost frames are counted as well. If the timestamps of the packets agreed with the frames up to the
    first loss, they tell the numbers of the frames after it. Otherwise, each undecodable packet counts as one frame.

    Args:
        times: distinct timestamps of the packets in ascending order, or None.
    """

    def __init__(self, times: list[int] | None):
        self._times = times or []
        self._numbers = {time: number for number, time in enumerate(self._times)}
        self._agreed, self._damaged, self._next = times is not None, False, 0

    def number(self, frame: av.VideoFrame | None) -> int | None:
        """The number of the next frame; None for an undecodable packet, or if a frame is out of place."""
        number = self._next
        if frame is None:
            self._damaged = True
            # A recording that starts between keyframes has lost nothing.
            self._next += 1 if self._next and not self._agreed else 0
            return None
        if self._damaged and self._agreed:
            number = self._numbers.get(frame.pts, -1)
            if number < self._next:
                return None
        elif self._agreed:
            self._agreed = number < len(self._times) and frame.pts == self._times[number]
        self._next = number + 1
        return number

    @property
    def count(self) -> int:
        """Number of frames so far; of a damaged file whose timestamps agree, number of all its frames."""
        return len(self._times) if self._damaged and self._agreed else self._next
