"""What compressed packets hold, and the reading of their bits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """What a packet holds.

    Attributes:
        shown: number of frames shown because of it; hidden reference frames do not count.
        restarts: nothing after it refers to anything before it.
    """

    shown: int
    restarts: bool


Looker = Callable[[bytes], Look | None]


class Bits:
    """Bits of a byte string, from the most significant one on."""

    def __init__(self, data: bytes):
        self._value, self._left = int.from_bytes(data, "big"), 8 * len(data)

    def take(self, count: int = 1) -> int:
        self._left -= count
        if self._left < 0:
            raise ValueError("no bits left")
        return self._value >> self._left & ((1 << count) - 1)

    def golomb(self) -> int:
        """An unsigned Exp-Golomb number."""
        zeros = 0
        while not self.take():
            zeros += 1
        return (1 << zeros) - 1 + (self.take(zeros) if zeros else 0)
