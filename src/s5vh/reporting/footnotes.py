"""Footnotes on published numbers, from `config/published/footnotes.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from s5vh.base.errors import UserError
from s5vh.config.load import read_yaml
from s5vh.config.validation import suggestion
from s5vh.reporting.published_numbers import published_file

KEYS = ("paper", "table", "source", "method", "variant", "train_dataset", "test_dataset", "bits", "N")


@dataclass(frozen=True)
class Footnote:
    """One footnote.

    Attributes:
        number: its position in the file, from 1, which is the footnote mark in tables.
        name: its key in the file.
        text, found: the peculiarity, and the evidence for it.
        cells: entries that select numbers, each a mapping from some of `KEYS` to accepted values.
    """

    number: int
    name: str
    text: str
    found: str
    cells: tuple[Mapping[str, tuple[Any, ...]], ...]

    @property
    def unmarked(self) -> str:
        """The footnote as printed below a table without marks."""
        return f"{self.text} (Source: {self.found}.)"

    def formatted(self) -> str:
        """The footnote as printed below a table."""
        return f"[{self.number}] {self.unmarked}"


def read_footnotes() -> list[Footnote]:
    """All footnotes, in the order of the file.

    Raises:
        UserError: missing or broken file, an incomplete footnote, or an unknown key.
    """
    path = published_file("footnotes.yaml")
    return [
        _footnote(number, name, content, f"{path}: {name}")
        for number, (name, content) in enumerate(read_yaml(path).items(), 1)
    ]


def _footnote(number: int, name: str, content: Any, where: str) -> Footnote:
    parts = ("text", "found", "cells")
    if not isinstance(content, dict) or sorted(content) != sorted(parts) or not isinstance(content["cells"], list):
        raise UserError(f"{where}: must have exactly the keys {', '.join(parts)}, and cells must be a list")
    cells = []
    for entry in content["cells"]:
        if not isinstance(entry, dict) or not entry:
            raise UserError(f"{where}: cells: each entry must be a mapping, e.g. {{source: S5VH README}}")
        for key in entry:
            if key not in KEYS:
                raise UserError(f"{where}: cells: unknown key '{key}'{suggestion(str(key), KEYS)}")
        cells.append({key: tuple(v) if isinstance(v, list) else (v,) for key, v in entry.items()})
    return Footnote(number, str(name), str(content["text"]).strip(), str(content["found"]).strip(), tuple(cells))


def marks(cells: pd.DataFrame, footnotes: list[Footnote]) -> list[frozenset[int]]:
    """Footnote numbers for each row of `published_cells()`."""
    found: list[set[int]] = [set() for _ in range(len(cells))]
    for footnote in footnotes:
        meant = pd.Series(False, index=cells.index)
        for entry in footnote.cells:
            agrees = pd.Series(True, index=cells.index)
            for key, values in entry.items():
                agrees &= cells[key].isin(values)
            meant |= agrees
        for row in meant.to_numpy().nonzero()[0]:
            found[row].add(footnote.number)
    return [frozenset(numbers) for numbers in found]


def marked(text: str, numbers: frozenset[int] | set[int]) -> str:
    """A text with its footnote marks: `0.471 [1, 5]`."""
    return f"{text} [{', '.join(map(str, sorted(numbers)))}]" if numbers else text
