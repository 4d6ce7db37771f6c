"""Timing in turn: which calls count, when it stops, and what it says about a busy machine. No real clock is used."""

from __future__ import annotations

import os

import pytest

from s5vh.studies import timing
from s5vh.studies.timing import Timing, time_in_turn


class Clock:
    """A clock that only the timed actions advance."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        self.calls = []
        monkeypatch.setattr(timing.time, "perf_counter", lambda: self.now)

    def action(self, name, durations):
        durations = iter(durations)

        def call():
            self.calls.append(name)
            self.now += next(durations)

        return call


def test_actions_take_turns_in_alternating_order(monkeypatch):
    clock = Clock(monkeypatch)
    actions = {name: clock.action(name, [1.0] * 9) for name in ("short", "long")}
    done = time_in_turn(actions, 3, lambda: None, 1)
    assert clock.calls == ["long", "short", "short", "long", "long", "short"]
    assert {name: list(taken) for name, taken in done.seconds.items()} == {"short": [1.0] * 3, "long": [1.0] * 3}


def test_it_goes_on_until_the_fastest_call_is_confirmed(monkeypatch):
    clock = Clock(monkeypatch)
    done = time_in_turn({"a": clock.action("a", [3.0, 2.0, 1.0, 2.5, 1.02])}, 2, lambda: None, 1)
    assert done.seconds["a"] == pytest.approx([3.0, 2.0, 1.0, 2.5, 1.02])
    assert min(done.seconds["a"]) == pytest.approx(1.0)


def test_it_gives_up_on_a_machine_that_never_settles(monkeypatch):
    clock = Clock(monkeypatch)
    done = time_in_turn({"a": clock.action("a", [2.0**n for n in range(99)])}, 2, lambda: None, 1)
    assert len(done.seconds["a"]) == 2 * timing.MOST_ROUNDS
    assert done.disturbance().startswith("repeated calls differ by up to ")


def test_every_action_must_be_confirmed_within_a_tenth(monkeypatch):
    clock = Clock(monkeypatch)
    steady, restless = clock.action("a", [1.0] * 99), clock.action("b", [1.0, 1.12, 1.11, 1.09, 9.0])
    done = time_in_turn({"a": steady, "b": restless}, 1, lambda: None, 1)  # two rounds are the least
    assert done.seconds["b"] == pytest.approx([1.0, 1.12, 1.11, 1.09])
    settled = time_in_turn({"a": clock.action("a", [1.0] * 9)}, 1, lambda: None, 1)
    assert len(settled.seconds["a"]) == 2
    wild = time_in_turn({"a": clock.action("a", [2.0**n for n in range(99)])}, 3, lambda: None, 1)
    assert len(wild.seconds["a"]) == 18
    least = time_in_turn({"a": clock.action("a", [2.0**n for n in range(99)])}, 1, lambda: None, 1)
    assert len(least.seconds["a"]) == 12


def test_time_ends_when_the_device_has_finished_and_begins_when_it_is_free(monkeypatch):
    clock = Clock(monkeypatch)
    waits = iter([100.0, 0.5] * 9)

    def wait():
        clock.now += next(waits)

    assert time_in_turn({"a": clock.action("a", [1.0] * 9)}, 2, wait, 1).seconds["a"] == pytest.approx([1.5, 1.5])


def test_the_widest_spread_is_told():
    assert Timing({8: [1.0, 1.0], 16: [1.0, 5.0], 24: [1.0, 3.0]}, None).disturbance() == (
        "repeated calls differ by up to 200%"
    )


@pytest.mark.parametrize(
    ("seconds", "taken", "words"),
    [
        ([1.0, 1.01, 1.1], 0.0, ""),
        ([1.0, 1.01, 1.1], None, ""),
        ([1.0, 1.01, 1.1], 0.9, "other processes took 0.9 of its cores"),
        ([1.0, 1.01, 1.8, 1.8, 1.8], 0.0, "repeated calls differ by up to 80%"),
        ([1.0, 1.55, 1.55], 0.39, ""),
        ([1.0, 1.65, 1.65], 0.0, "repeated calls differ by up to 65%"),
        ([1.0, 1.01, 1.1], 0.41, "other processes took 0.4 of its cores"),
        ([1.0, 1.3, 1.3], 0.0, ""),  # one lucky call does not make a machine busy
    ],
)
def test_disturbance(seconds, taken, words):
    assert Timing({25: seconds}, taken).disturbance() == words


@pytest.mark.parametrize(
    ("threads", "busy", "own", "expected"),
    [
        (2, 20.0, 19.9, 0.0),  # all of it our own work, up to rounding
        (2, 20.0, 10.0, 1.0),  # another process occupies one core of two
        (1, 20.0, 10.0, 0.0),  # the same, but we have a single thread and the other core suffices for it
        (1, 20.0, 5.0, 0.5),
    ],
)
def test_load_counts_only_cores_that_are_missing(monkeypatch, threads, busy, own, expected):
    values = iter([(100.0, 7.0, 3.0), (110.0, 7.0 + busy, 3.0 + own)])
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(timing._Load, "_now", lambda _: next(values))
    assert timing._Load(threads).taken() == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(("wall", "known"), [(0.1, False), (0.45, False), (0.55, True)])
def test_load_of_a_short_time_is_unknown(monkeypatch, wall, known):
    values = iter([(100.0, 7.0, 3.0), (100.0 + wall, 9.0, 3.0)])
    monkeypatch.setattr(timing._Load, "_now", lambda _: next(values))
    assert (timing._Load(2).taken() is not None) == known


def test_load_is_read_from_the_work_of_our_cores(monkeypatch):
    class Stat:
        def read_text(self):
            ours = ["cpu1 1 20 300 9999 9999 4000 50000 600000 7 7", "cpu3 1 0 0 5 5 0 0 0 0 0"]
            return "\n".join(["cpu  9 9 9 9 9 9 9 9 9 9", "cpu0 8 8 8 8 8 8 8 8 8 8", *ours, "intr 1 2", "ctxt 5"])

    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 3})
    monkeypatch.setattr(os, "sysconf", lambda name: {"SC_CLK_TCK": 100}[name])
    monkeypatch.setattr(timing, "Path", lambda name: Stat())
    monkeypatch.setattr(timing.time, "monotonic", lambda: 12.5)
    monkeypatch.setattr(timing.time, "process_time", lambda: 3.25)
    assert timing._Load(1)._now() == (12.5, pytest.approx(6543.22), 3.25)
