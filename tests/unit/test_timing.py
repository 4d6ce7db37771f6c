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


@pytest.mark.parametrize(
    ("seconds", "taken", "words"),
    [
        ([1.0, 1.01, 1.1], 0.0, ""),
        ([1.0, 1.01, 1.1], None, ""),
        ([1.0, 1.01, 1.1], 0.9, "other processes took 0.9 of its cores"),
        ([1.0, 1.01, 1.8, 1.8, 1.8], 0.0, "repeated calls differ by up to 80%"),
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


def test_load_of_a_short_time_is_unknown(monkeypatch):
    values = iter([(100.0, 7.0, 3.0), (100.1, 9.0, 3.0)])
    monkeypatch.setattr(timing._Load, "_now", lambda _: next(values))
    assert timing._Load(2).taken() is None
