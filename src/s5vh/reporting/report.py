"""The report: everything a run produced, in one self-contained HTML file."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from s5vh.base.files import write_text
from s5vh.config import layout
from s5vh.config.grid import Run, cells_of
from s5vh.reporting import caveats, facts, inputs, lookup
from s5vh.reporting.arrangement import HEADLINE, Section, paper_sections, topic_sections
from s5vh.reporting.catalog import find
from s5vh.reporting.collect import by_seed, scores
from s5vh.reporting.exhibits.exhibit import Exhibit
from s5vh.reporting.pictures import embedded
from s5vh.reporting.protocol_study import read_near_duplicates
from s5vh.reporting.table import Block, html_blocks, html_notes, html_text, leads
from s5vh.reporting.words import (
    DEMO,
    NOT_RUN,
    dataset_title,
    duration,
    has_demo,
    listed,
    method_title,
    number,
    panel_title,
    parts_of_caption,
    recipes,
    scores_sentence,
)

_UNFOLDED = {True: 60, False: 25}  # rows of a paper's and of any other table, beyond which it is folded
_CAVEATS = 8  # shown without unfolding


def write_report(run: Run, results: Path = layout.RESULTS) -> None:
    """Write results/report.html from the results of the cells and the figures as png.

    Raises:
        UserError: a missing or broken file.
    """
    results = Path(results)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["code"] = lambda text: Markup(html_text(text))
    environment.filters["links"] = _links
    page = environment.get_template("report.html.j2").render(**_context(run, results))
    write_text(layout.report(results), page)


def _context(run: Run, results: Path) -> dict[str, Any]:
    found = facts.all_cells(run, results)
    time = facts.time_block(run, found)
    near = {} if run.is_archive else read_near_duplicates(run, results)  # from studies that archives do without
    methods = list(dict.fromkeys(one.cell.method for one in found))
    caveats_found = [
        *caveats.video_warnings(run, results),
        *caveats.near_duplicate_warnings(near),
        *([] if run.is_archive else caveats.efficiency_warnings(run, results)),
        *caveats.warnings(run, found),
    ]
    return {
        "papers": [_section(section, run, results) for section in paper_sections(run)],
        "topics": [_section(section, run, results) for section in topic_sections(run)],
        "headline": _shown(find("table", HEADLINE), run, results),
        "rebuilt": listed(run.config.papers),
        "demo": DEMO if has_demo(run) else "",
        "only_demo": bool(run.datasets) and all(lookup.dataset(name).kind == "demo" for name in run.datasets),
        "absent": bool(run.missing),
        "cards": _cards(run, found),
        "data": _block_html(facts.data_block(run, found, near)),
        "seeds": scores_sentence(run),
        "recipes": recipes(methods),
        "methods": [(method_title(name), name) for name in methods],
        "protocols": facts.protocol_rows(run),
        "sentences": _sentences(run, results),
        "warnings": caveats_found[:_CAVEATS],
        "more_warnings": caveats_found[_CAVEATS:],
        "missing": facts.missing(run),
        "archives": [(dataset_title(name), _archive_page(name, results)) for name in run.archives],
        "time": _block_html(time) if time else "",
        "cells": [(dataset_title(name), _cells(name, run, found)) for name in run.datasets],
        "departures": [
            (dataset_title(dataset), [_departures(dataset, method, run) for method in methods])
            for dataset in run.datasets
        ],
        "provenance": facts.provenance_rows(found),
    }


def _section(section: Section, run: Run, results: Path) -> dict[str, Any]:
    shown = [_shown(exhibit, run, results) for exhibit in section.exhibits]
    return {"anchor": section.anchor, "title": section.title, "text": section.text, "exhibits": shown}


def _shown(exhibit: Exhibit, run: Run, results: Path) -> dict[str, Any]:
    """What the page shows of a table or figure, with the files that it links to, relative to the page."""
    links = [(path.suffix[1:], f"{path.parent.name}/{path.name}") for path in exhibit.outputs(results)]
    title = f"{exhibit.item}. {exhibit.title}" if exhibit.item else exhibit.title
    common = {"kind": exhibit.kind, "anchor": f"{exhibit.kind}-{exhibit.name}", "title": title, "links": links}
    return common | (_table if exhibit.kind == "table" else _figure)(exhibit, run, results)


def _table(exhibit: Exhibit, run: Run, results: Path) -> dict[str, Any]:
    table = exhibit.build(run, results)
    rows = sum(len(block.rows) for block in table.blocks if not _is_empty(block))
    long = rows > _UNFOLDED[bool(exhibit.paper)]
    blocks = [block for block in table.blocks if block.rows]
    headline = exhibit.name == HEADLINE
    parts = [_block_html(block) for block in blocks]
    if long and headline:
        parts[1:] = [_folded(block) for block in blocks[1:]]
    body = Markup("\n").join([*(parts or [Markup("<p>Not run.</p>")]), Markup(html_notes(table.notes))])
    folded = rows if long and not headline else 0
    what, how = parts_of_caption(table.caption)
    return {"caption": what, "how": how, "body": body, "folded": folded}


def _figure(exhibit: Exhibit, run: Run, results: Path) -> dict[str, Any]:
    path = next(path for path in exhibit.outputs(results) if path.suffix == ".png")
    of_the_demo = has_demo(run) and exhibit.reads is not inputs.efficiency  # which measures random features
    file = f"{path.parent.name}/{path.name}"
    return {"caption": exhibit.caption_of(run), "picture": embedded(path), "file": file, "demo": of_the_demo}


def _cards(run: Run, found: list[facts.CellFacts]) -> list[tuple[str, str]]:
    seconds = sum(one.training.get("seconds", 0.0) for one in found)
    devices = dict.fromkeys(str(one.provenance.get("device", "")) for one in found)
    machines = dict(facts.provenance_rows(found)).get("machine", "")
    bits = sorted({one.cell.bits for one in found})
    return [
        ("Data sets", ", ".join(lookup.dataset(name).title for name in run.datasets) or "none"),
        ("Methods", str(len({one.cell.method for one in found}))),
        ("Code lengths", f"{', '.join(map(str, bits))} bits"),
        ("Seeds", ", ".join(map(str, run.config.seeds))),
        ("Cells", str(len(found))),
        ("Training", duration(seconds) if seconds else "none"),
        ("Hardware", machines if set(devices) <= {"cpu", ""} else "; ".join(d for d in devices if d)),
    ]


def _sentences(run: Run, results: Path) -> list[str]:
    """The best method of every data set and code length under the main protocol, and which of them lead clearly."""
    main = run.config.main_protocol
    frame = scores(run, results, cells_of(run.scored, run.config.main_grid))
    frame = frame[(frame.metric == "GmAP") & (frame.protocol == main)]
    sentences = []
    for dataset, part in frame.groupby("dataset", sort=False):
        words = []
        for bits, group in part.groupby("bits", sort=False):
            samples = {method: values for (method,), values in by_seed(group, ["method"]).items()}
            best = max(samples, key=lambda method: samples[method].mean())
            clear = leads(samples[best], [values for method, values in samples.items() if method != best])
            noise = "" if clear or len(samples) == 1 else ", not clear of the others"
            words.append(f"{method_title(best)} at {bits} bits ({number(samples[best].mean())}{noise})")
        sentences.append(f"{panel_title(str(dataset))}: highest GmAP by {', '.join(words)}.")
    for dataset in (name for name in run.datasets if name in run.unlabelled):
        sentences.append(
            f"{panel_title(dataset)}: the videos have no labels, so there are codes but no scores "
            f"(results/{dataset}/METHOD/BITS/SEED/codes.npz)."
        )
    return sentences


def _archive_page(dataset: str, results: Path) -> str:
    """Address of the page about the videos of an archive, relative to the report."""
    return quote(layout.archive(dataset, results).relative_to(results).as_posix())


def _block_html(block: Block) -> Markup:
    if not _is_empty(block):
        return Markup(html_blocks([block]))
    return Markup(f'<h4>{html.escape(block.heading)}</h4><p class="note">{html_text(block.note or "Not run.")}</p>')


def _folded(block: Block) -> Markup:
    """A block that shows its heading only until it is unfolded."""
    body = _block_html(replace(block, heading=""))
    return Markup("<details><summary>{}</summary>{}</details>").format(block.heading, body)


def _is_empty(block: Block) -> bool:
    """Whether all it says is that nothing was run."""
    texts = [entry.text for row in block.rows for entry in row[1:]]
    return NOT_RUN in texts and set(texts) <= {NOT_RUN, ""}


def _cells(dataset: str, run: Run, found: list[facts.CellFacts]) -> dict[str, Any]:
    block = facts.cell_block(dataset, run, found)
    return {"count": len(block.rows), "body": _block_html(block)}


def _departures(dataset: str, method: str, run: Run) -> dict[str, Any]:
    block = facts.departures(dataset, method, run)
    return {"title": method_title(method), "name": method, "count": len(block.rows), "body": _block_html(block)}


def _links(text: str) -> Markup:
    """A sentence as HTML with its web addresses as links; `code` in backticks becomes <code>."""
    linked = re.sub(r"https?://[^\s()<>]+", r'<a href="\g<0>">\g<0></a>', html_text(text))
    return Markup(linked)
