"""What the packets of a file prove: where decoding can start, and how lost frames are counted."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from s5vh.data.videos.numbering import Numbering
from s5vh.data.videos.survey import _plan

# Groups of pictures, each in the order stored: places of its frames in the order shown.
GROUPS = st.lists(st.integers(1, 8).flatmap(lambda n: st.permutations(range(n))), min_size=1, max_size=6)


@given(groups=GROUPS, depth=st.integers(0, 8))
def test_decoding_starts_only_between_what_is_before_and_after(groups: list[list[int]], depth: int) -> None:
    stored, restarting = [], []
    for group in groups:
        restarting += [True, *[False] * (len(group) - 1)]
        stored += [len(stored) + place for place in group]
    times = [10 * place + 3 for place in stored]
    plan = _plan(times, restarting, sorted(times), depth)
    # Frames that are shown later but stored before.
    held = max(sum(other > place for other in stored[:position]) for position, place in enumerate(stored))
    good = {
        time: position
        for position, time in enumerate(times)
        if restarting[position]
        and all(t < time for t in times[:position])
        and all(t > time for t in times[position + 1 :])
    }
    if held > depth or 0 not in good.values():
        assert plan is None
    else:
        assert plan.restarts == good and plan.times == sorted(times)
        for number in range(len(times)):
            assert plan.start(number) == max(start for start in good.values() if start <= number)


def numbers(times: list[int] | None, events: list[int | None]) -> tuple[list[int | None], int]:
    """Numbers of frames, given as timestamps or None for an undecodable packet, and their count."""
    numbering = Numbering(times)
    given_ = [numbering.number(None if time is None else SimpleNamespace(pts=time)) for time in events]
    return given_, numbering.count


@given(times=st.sets(st.integers(-50, 50), min_size=1, max_size=12).map(sorted), data=st.data())
def test_lost_frames_keep_their_numbers(times: list[int], data: st.DataObject) -> None:
    lost = data.draw(st.sets(st.sampled_from(times)))
    events = [None if time in lost else time for time in times]
    expected = [None if time in lost else number for number, time in enumerate(times)]
    assert numbers(times, events) == (expected, len(times))


@given(times=st.none() | st.lists(st.integers(-50, 50), unique=True).map(sorted), shown=st.lists(st.integers(-50, 50)))
def test_without_losses_frames_are_just_counted(times: list[int] | None, shown: list[int]) -> None:
    assert numbers(times, shown) == (list(range(len(shown))), len(shown))


def test_losses_without_good_times_count_as_frames() -> None:
    assert numbers(None, [7, 7, None, 7]) == ([0, 1, None, 3], 4)
    assert numbers(None, [None, None, 7, 7]) == ([None, None, 0, 1], 2)  # a recording starts between keyframes
    assert numbers([1, 2, 3, 4], [1, 3, None, 4]) == ([0, 1, None, 3], 4)
    assert numbers([1, 2, 3, 4], [1, None, 2, 2, 9, 4]) == ([0, None, 1, None, None, 3], 4)  # out of place
