"""Near-duplicates in an index: groups of videos with the same or nearly the same code."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import numpy as np

from s5vh.base.errors import UserError
from s5vh.search.catalog import catalog_path
from s5vh.search.index import Index
from s5vh.search.linkage import linked_groups
from s5vh.search.output import (
    GROUP_COLUMNS,
    Group,
    check_outputs,
    csv_rows,
    group_json,
    group_table,
    print_json,
)

BITS_PER_STEP = 32  # the default radius is the code length divided by this
_FEW = 10  # videos that may well all be copies of each other
_TOGETHER = 1000  # groups whose videos are looked up together


def default_radius(bits: int) -> int:
    """The radius for codes of `bits` bits: 0 up to 31 bits, 1 up to 63, 2 for 64."""
    return bits // BITS_PER_STEP


def list_duplicates(
    index_file: Path,
    *,
    radius: int | None = None,
    top: int | None = None,
    as_lines: bool = False,
    csv_file: Path | None = None,
    page_file: Path | None = None,
    out: TextIO | None = None,
) -> None:
    """Find groups of near-duplicates and write them.

    Args:
        index_file: the index.
        radius: largest Hamming distance of two neighbours in a group; None for `default_radius`.
        top: number of groups to list, the largest first; None for all.
        as_lines: print JSON, one line per group, instead of tables.
        csv_file, page_file: additional output files.
        out: stream to print to, by default standard output.

    Raises:
        UserError: as for `Index`; an empty index; a file that cannot be written.
    """
    out = out or sys.stdout
    check_outputs([csv_file, page_file], [index_file, catalog_path(index_file)])
    with Index(index_file) as index, ExitStack() as stack:
        if not len(index):
            raise UserError(f"{index.path}: the index is empty; add videos with `s5vh index`")
        radius = min(default_radius(index.bits) if radius is None else radius, index.bits)
        rows = stack.enter_context(csv_rows(csv_file, GROUP_COLUMNS)) if csv_file else None
        found = linked_groups(np.asarray(index.codes), radius)
        grouped = sum(map(len, found))
        shown: list[Group] = []
        if page_file:
            # Imported here, because only the page needs the template engine and the imaging library.
            from s5vh.search.page import GROUPS, write_groups
        for group in _groups(index, found[:top]):
            if as_lines:
                print_json(group_json(group), out)
            else:
                print(("\n" if group.number > 1 else "") + group_table(group), file=out)
            if rows:
                for video, distance in zip(group.videos, group.distances, strict=True):
                    rows.writerow([group.number, video.id, distance, video.source])
            if page_file and group.number <= GROUPS:
                shown.append(group)
        groups = "1 group" if len(found) == 1 else f"{len(found)} groups"
        print(f"{index.path}: {groups} of near-duplicates, {grouped} of {len(index)} videos, in steps of at most "
              f"{radius} of {index.bits} bits", file=sys.stderr)  # fmt: skip
        if found and len(found[0]) > max(_FEW, len(index) / 2):
            print(f"{index.path}: note: {len(found[0]) / len(index):.0%} of the videos are in one group; use a smaller "
                  "radius, or codes of more bits or another model, if they differ", file=sys.stderr)  # fmt: skip
        if page_file:
            write_groups(page_file, index, shown, len(found), grouped, radius)
            rest = f" (first {len(shown)} of {len(found)} groups)" if len(shown) < len(found) else ""
            print(f"{page_file}: written; open it in a browser{rest}", file=sys.stderr)


def _groups(index: Index, found: Sequence[np.ndarray]) -> Iterator[Group]:
    for start in range(0, len(found), _TOGETHER):
        part = found[start : start + _TOGETHER]
        videos = index.videos(np.concatenate(part).tolist())
        for number, positions in enumerate(part, start=start + 1):
            codes = index.codes[positions]
            distances = np.bitwise_count(codes ^ codes[0]).sum(axis=1, dtype=np.int64)
            yield Group(number, [videos[position] for position in positions.tolist()], distances.tolist())
