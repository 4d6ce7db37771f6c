"""The place of a cell in the grid. Apart from the grid, so that reading one cell's settings loads no run's."""

from __future__ import annotations

from typing import NamedTuple


class GridCell(NamedTuple):
    dataset: str
    method: str
    bits: int
    seed: int
