"""Timing of several actions in turn, and how far the machine was disturbed meanwhile.

A machine that does other work at the same time makes programs slower, never faster. So each action is represented by
its fastest call, calls of all actions take turns so that a disturbance cannot hit just one of them, and calls go on
until the fastest one of each action is confirmed by a second. What remains is reported: the spread of the calls, and
the processor time that other processes took on the same cores.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

Name = TypeVar("Name")

# A quiet virtual machine stays below these limits, and one busy process on two cores is beyond them.
CONFIRMED = 0.1  # the second fastest call must be within this fraction of the fastest
MOST_ROUNDS = 6  # multiples of the requested number of rounds
BUSY = 0.4  # cores that others take from us, above which a measurement counts as disturbed
SPREAD = 0.6  # median over minimum, minus 1, above which it does too
_SHORTEST = 0.5  # seconds; the system counts processor time in hundredths, too coarse for less


@dataclass(frozen=True)
class Timing:
    """Seconds of every call of every action, in order, and cores used by other processes meanwhile.

    `taken_cores` is the mean number of cores that this process could have used but others did; None if unknown.
    """

    seconds: Mapping[Any, Sequence[float]]
    taken_cores: float | None

    def disturbance(self) -> str:
        """Why these times cannot be trusted, in words, or ""."""
        if self.taken_cores is not None and self.taken_cores > BUSY:
            return f"other processes took {self.taken_cores:.1f} of its cores"
        spreads = {name: np.median(taken) / min(taken) - 1 for name, taken in self.seconds.items()}
        worst = max(spreads, key=spreads.__getitem__)
        if spreads[worst] > SPREAD:
            return f"repeated calls differ by up to {spreads[worst]:.0%}"
        return ""


def time_in_turn(
    actions: Mapping[Name, Callable[[], object]],
    rounds: int,
    wait: Callable[[], None],
    threads: int,
    ready: Callable[[Name], object] = lambda name: None,
) -> Timing:
    """Time every action once per round, in alternating order.

    Args:
        actions: what to time, by name; each has been called before, so that nothing is compiled any more.
        rounds: least number of rounds, at least 2; up to `MOST_ROUNDS` times as many if the fastest calls differ.
        wait: called before and after each action; returns when the device has finished its work.
        threads: cores that the actions can use at once.
        ready: called with the name of each action before it, untimed.
    """
    seconds: dict[Name, list[float]] = {name: [] for name in actions}
    load = _Load(threads)
    for done in range(max(2, rounds) * MOST_ROUNDS):
        if done >= max(2, rounds) and all(map(_confirmed, seconds.values())):
            break
        for name in list(actions) if done % 2 else reversed(list(actions)):
            ready(name)
            wait()
            started = time.perf_counter()
            actions[name]()
            wait()
            seconds[name].append(time.perf_counter() - started)
    return Timing(seconds, load.taken())


def _confirmed(seconds: Sequence[float]) -> bool:
    first, second = sorted(seconds)[:2]
    return second <= first * (1 + CONFIRMED)


class _Load:
    """Use of this process's cores by others, since its creation (Linux)."""

    def __init__(self, threads: int):
        self._cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        self._threads = threads
        self._before = self._now()

    def taken(self) -> float | None:
        """Mean number of cores that others used although this process had threads for them; None if unknown."""
        now = self._now()
        if self._before is None or now is None:
            return None
        wall, busy, own = (after - before for after, before in zip(now, self._before, strict=True))
        if wall < _SHORTEST:
            return None
        others = max(0.0, busy - own) / wall
        return max(0.0, min(others, others + self._threads - len(self._cores)))

    def _now(self) -> tuple[float, float, float] | None:
        """Seconds: on the clock, busy on our cores including time stolen by a hypervisor, used by this process."""
        try:
            lines = Path("/proc/stat").read_text().splitlines()
        except OSError:
            return None
        ticks = 0
        for line in lines:
            name, *values = line.split()
            if name.startswith("cpu") and name[3:].isdecimal() and int(name[3:]) in self._cores:
                user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, values[:8])
                ticks += user + nice + system + irq + softirq + steal
        return time.monotonic(), ticks / os.sysconf("SC_CLK_TCK"), time.process_time()
