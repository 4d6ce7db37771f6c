"""Order of tables and figures in the report: each paper's in the paper's order, then this project's by topic."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from s5vh.config.grid import Run
from s5vh.config.run import Paper
from s5vh.reporting.catalog import exhibits
from s5vh.reporting.exhibits.exhibit import Exhibit

HEADLINE = "gmap"  # the table at the top, hence not repeated below

PAPERS: dict[Paper, str] = {
    "S5VH": "Efficient Self-Supervised Video Hashing with Selective State Spaces. AAAI 2025.",
    "MCMSH": (
        "Unsupervised Video Hashing with Multi-granularity Contextualization and Multi-structure Preservation. "
        "ACM Multimedia 2022."
    ),
    "AutoSSVH": "Exploring Automated Frame Sampling for Efficient Self-Supervised Video Hashing. CVPR 2025.",
}
_OTHERS = "Further results"
_ITEM = re.compile(r"(Table|Figure)s? (\d+)(\w?)")


@dataclass(frozen=True)
class Section:
    """One heading of the report with its tables and figures.

    Attributes:
        anchor: its id on the page.
        title, text: heading, and a sentence below it; "" if there is none.
        exhibits: tables and figures, in order.
    """

    anchor: str
    title: str
    text: str
    exhibits: list[Exhibit]


def paper_sections(run: Run) -> list[Section]:
    """One section per paper of the run: its tables by number, then its figures, as far as there are any."""
    shown = _shown(run)
    sections = []
    for paper in run.config.papers:
        own = [exhibit for exhibit in shown if exhibit.paper_name == paper]
        if own:
            sections.append(Section(f"paper-{paper.lower()}", paper, PAPERS[paper], sorted(own, key=_place)))
    return sections


def topic_sections(run: Run) -> list[Section]:
    """This project's own tables and figures by topic; a figure stands before the table of the same name."""
    own = [exhibit for exhibit in _shown(run) if not exhibit.paper]
    topics = dict.fromkeys(exhibit.topic or _OTHERS for exhibit in own)
    return [
        Section(_anchor(topic), topic, "", _paired(exhibit for exhibit in own if (exhibit.topic or _OTHERS) == topic))
        for topic in topics
    ]


def _shown(run: Run) -> list[Exhibit]:
    found = [*exhibits("table", run), *exhibits("figure", run)]
    return [exhibit for exhibit in found if (exhibit.kind, exhibit.name) != ("table", HEADLINE)]


def _place(exhibit: Exhibit) -> tuple[bool, bool, int, str, bool]:
    """Sort key: Table 1, Table 2, Figure 1a, ...; a figure before the table with numbers of the same item."""
    found = _ITEM.match(exhibit.item)
    if found is None:
        return True, True, 0, exhibit.item, False
    kind, number, letter = found.groups()
    return False, kind == "Figure", int(number), letter, exhibit.kind != kind.lower()


def _paired(found: Iterable[Exhibit]) -> list[Exhibit]:
    found = list(found)
    names = [exhibit.name for exhibit in found]
    return sorted(found, key=lambda exhibit: (names.index(exhibit.name), exhibit.kind == "table"))


def _anchor(topic: str) -> str:
    return "topic-" + "-".join(re.findall(r"\w+", topic.lower()))
