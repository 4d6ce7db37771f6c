"""The pages that are made from the measurements."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import performance_page

    return performance_page


def test_the_pages_have_what_was_measured(script):
    for template, path in script.PAGES.items():
        assert path.read_text() == script.page(template), "run `python benchmarks/performance_page.py` and commit"


def test_numbers_are_rounded_to_what_is_meant(script):
    assert [script.sig(value) for value in (0, 0.0214, 1.449, 33.5, 1024.3)] == ["0", "0.021", "1.4", "34", "1,000"]
    assert [script.sig(value, 3) for value in (0.99951, 33.456, 1024.3)] == ["1.00", "33.5", "1,020"]
    assert [script.signed(value) for value in (-3.66, 0.14)] == ["−3.7", "+0.1"]
    assert script.fixed(1854.1) == "1,854" and script.middle([3.0, 1.0, 2.0]) == 2.0


def test_a_record_that_is_not_the_only_one_is_refused(script):
    records = [{"task": "a", "seconds": 1}, {"task": "a", "seconds": 2}]
    assert script.where(records, task="a", seconds=2) == records[1]
    for conditions in ({"task": "a"}, {"task": "b"}):
        with pytest.raises(ValueError):
            script.where(records, **conditions)
