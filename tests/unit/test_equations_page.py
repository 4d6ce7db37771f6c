"""The page of S5VH's equations names all 25 of them, and only code that exists."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "s5vh-equations.md"


def test_every_equation_has_its_row_once_and_in_order() -> None:
    rows = re.findall(r"^\| ([\d, to]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    found: list[int] = []
    for row in rows:
        if "to" in row:
            first, last = map(int, row.split(" to "))
            found += range(first, last + 1)
        else:
            found += map(int, row.split(", "))
    assert sorted(found) == list(range(1, 26))


def test_the_code_it_names_is_there() -> None:
    named = re.findall(r"`([a-z_0-9/]+)\.py: (\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 20
    for file, name in named:
        assert hasattr(import_module(f"s5vh.{file.replace('/', '.')}"), name), (file, name)
