"""Files and folders that were found beside videos but are not used, and how the user is told."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

_NAMED = 3  # examples per reason


@dataclass(frozen=True)
class PassedOver:
    """One file or folder.

    Attributes:
        path: relative to the folder that was searched, escaped where it is not printable; a folder ends in `/`.
        reason: what it is, in the plural, or why it is not used.
        detail: more about this one.
    """

    path: str
    reason: str
    detail: str = ""

    @property
    def explanation(self) -> str:
        """Reason and detail."""
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


def summaries(passed_over: Iterable[PassedOver]) -> list[str]:
    """One text per reason: `passed over 5 (text or data): a.txt, b.txt, c.txt and 2 more`."""
    groups: dict[str, list[PassedOver]] = {}
    for one in passed_over:
        groups.setdefault(one.reason, []).append(one)
    return [f"passed over {len(group)} ({reason}): {_names(group)}" for reason, group in sorted(groups.items())]


def _names(group: list[PassedOver]) -> str:
    named = ", ".join(f"{one.path} [{one.detail}]" if one.detail else one.path for one in group[:_NAMED])
    return named + (f" and {len(group) - _NAMED} more" if len(group) > _NAMED else "")


def printable(path: str) -> str:
    """A path as valid, printable text: bytes that are not UTF-8, and control characters, are escaped."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
