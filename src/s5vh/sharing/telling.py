"""What `s5vh export` and `s5vh verify-results` print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from s5vh.base.files import report_read_errors
from s5vh.search.output import plain
from s5vh.sharing.comparison import TOLERANCE, Check, Group
from s5vh.sharing.contents import Contents
from s5vh.sharing.export import export
from s5vh.sharing.folder import files_in
from s5vh.sharing.verification import Verification, verify

_MOST = 10  # disagreements of one line, and files, that are listed
_WIDTH, _SHOWN = 50, 13  # characters of a name, and of a value


def tell_export(
    cells: Sequence[Path], output: Path | None, *, weights: bool, labels: bool, licence: str, out: TextIO
) -> None:
    """Export cells and print what was written; arguments as of `export`."""
    folder, contents, changed = export(cells, output, weights=weights, labels=labels, licence=licence)
    with report_read_errors(folder):
        size = sum((folder / name).stat().st_size for name in files_in(folder))
    count = len(contents.cells)
    what = f"{count} {'cell' if count == 1 else 'cells'}, {size / 2**20:.1f} MiB"
    print(f"{folder}: {what}, {'written' if changed else 'was there already, unchanged'}", file=out)
    for line in _remarks(contents):
        print(f"  {line}", file=out)
    print(f"  to check it: s5vh verify-results {folder}", file=out)


def _remarks(contents: Contents) -> list[str]:
    lines = []
    for name, record in contents.data.items():
        if record["labels"] == "none":
            lines.append(f"{name}: has no labels, so there are codes and ids, and no scores to check")
        if record["labels"] == "left out":
            lines.append(f"{name}: without labels; to check scores, others need --features with the data set's files")
    if contents.licence == "unknown":
        lines.append("the model card states no licence; --licence ID, for example cc-by-4.0, adds one")
    return lines


def tell_verification(
    folder: Path, features: Sequence[Path], *, device: str, threads: int | None, out: TextIO
) -> bool:  # fmt: skip
    """Verify a folder, print what was found, and return whether everything agrees; arguments as of `verify`."""
    found = verify(folder, features, device=device, threads=threads)
    for where, checks in found.checks.items():
        print(plain(where), file=out)
        for line in _table(checks):
            print(f"  {plain(line)}", file=out)
        for line in _not_derived(found.not_derived.get(where, {})):
            print(f"  {plain(line)}", file=out)
    for line in _notes(found):
        print(f"note: {plain(line)}", file=out)
    print(_verdict(found), file=out)
    return not found.disagreeing


def _table(checks: Sequence[Check]) -> list[str]:
    groups: dict[str, dict[Group, list[Check]]] = {}
    for check in checks:
        groups.setdefault(check.group[0], {}).setdefault(check.group, []).append(check)
    lines = []
    for heading, own in groups.items():
        lines.append(f"{heading:<{_WIDTH}}{'claimed':>14}{'recomputed':>14}")
        for group, members in own.items():
            lines += _lines(group[1], members)
    return lines


def _lines(name: str, members: Sequence[Check]) -> list[str]:
    wrong = [check for check in members if not check.agrees]
    if len(members) == 1:
        check = members[0]
        verdict = "" if check.agrees else f"  DISAGREES ({check.name}{_by(check)})"
        return [f"  {name:<{_WIDTH - 2}}{_value(check.claimed):>14}{_value(check.found):>14}{verdict}"]
    if not wrong:
        largest = max(check.difference for check in members)
        equal = "equal" if largest == 0 else f"equal up to {largest:.0e}"
        return [f"  {name:<{_WIDTH - 2}}{f'{len(members)} values, {equal}':>28}"]
    lines = [f"  {name:<{_WIDTH - 2}}{f'{len(wrong)} of {len(members)} values':>28}  DISAGREE"]
    lines += [
        f"    {check.name}: {_value(check.claimed)}, recomputed {_value(check.found)}{_by(check)}"
        for check in wrong[:_MOST]
    ]
    return [*lines, *([f"    and {len(wrong) - _MOST} more"] if len(wrong) > _MOST else [])]


def _by(check: Check) -> str:
    return f", by {check.difference:.1e}" if 0 < check.difference < 1e-6 else ""  # too little to be seen


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:.9f}" if isinstance(value, float) else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _not_derived(keys: dict[str, int]) -> list[str]:
    if not keys:
        return []
    told = [name if count == 1 else f"{name} ({count} values)" for name, count in keys.items()]
    return [f"not checked, because codes say nothing about it: {', '.join(told)}"]


def _notes(found: Verification) -> list[str]:
    lines = list(found.notes)
    if found.uncovered:
        more = ", ..." if len(found.uncovered) > _MOST else ""
        lines.append(f"no checksum and not looked at: {', '.join(found.uncovered[:_MOST])}{more}")
    return lines


def _verdict(found: Verification) -> str:
    checks = [check for own in found.checks.values() for check in own]
    wrong = found.disagreeing
    if not wrong:
        return f"agrees: all {len(checks):,} values that were checked, numbers within {TOLERANCE:g}"
    where = list(dict.fromkeys(place for place, _ in wrong))
    return f"DISAGREES: {len(wrong):,} of {len(checks):,} values, in {plain(', '.join(where[:_MOST]))}"
