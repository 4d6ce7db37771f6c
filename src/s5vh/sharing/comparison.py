"""Comparison of claimed numbers with recomputed ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Rankings are whole numbers, so only sums can differ between machines, by the order in which they are added. Adding
# 45,600 numbers up to 1, one for each query of the largest data set, in any order errs by less than 45,600**2 * 2**-53
# before the division by 45,600, which is 5e-12 after it. Every metric lies in [-1, 1].
TOLERANCE = 1e-10

Path = tuple[str | int, ...]
Group = tuple[str, str]


class _Absent:
    """Stands for a value that one of the two sides does not have."""

    def __repr__(self) -> str:
        return "-"


ABSENT = _Absent()


@dataclass(frozen=True)
class Check:
    """One claimed value and what was found.

    Attributes:
        group: under which it is told: a heading, and the name of a line, e.g. ("protocol published", "mAP@5").
        path: keys and positions that lead to it, e.g. ("protocols", "published", "mAP", "5").
        claimed, found: JSON values, or `ABSENT`.
        tolerance: largest difference of two numbers that agree, unless both are whole.
    """

    group: Group
    path: Path
    claimed: Any
    found: Any
    tolerance: float = TOLERANCE

    @property
    def difference(self) -> float:
        """Absolute difference of two numbers; of other values 0 if they are equal, and infinity if not."""
        if _is_number(self.claimed) and _is_number(self.found):
            try:
                return abs(float(self.claimed - self.found))
            except OverflowError:
                return float("inf")
        same = type(self.claimed) is type(self.found) and self.claimed == self.found
        return 0.0 if same else float("inf")

    @property
    def agrees(self) -> bool:
        whole = isinstance(self.claimed, int) and isinstance(self.found, int)
        return self.difference <= (0 if whole else self.tolerance)

    @property
    def name(self) -> str:
        """The path in words, e.g. "protocols.published.mAP.5"."""
        return ".".join(map(str, self.path))


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Paths and values of everything in a JSON value that is no list or object; empty ones count as a value."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    else:
        yield path, value


def compare(claimed: Any, found: Any, path: Path, group: Group) -> list[Check]:
    """Checks of two JSON values, number by number. What only one of them has disagrees."""
    left, right = dict(leaves(claimed, path)), dict(leaves(found, path))
    return [Check(group, key, left.get(key, ABSENT), right.get(key, ABSENT)) for key in dict.fromkeys([*left, *right])]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
