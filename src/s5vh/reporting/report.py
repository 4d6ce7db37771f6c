"""The report: everything a run produced, in one self-contained HTML file."""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from s5vh.base.errors import UserError
from s5vh.base.files import write_text
from s5vh.config import layout
from s5vh.config.grid import Run, cells_of
from s5vh.reporting import caveats, facts, lookup
from s5vh.reporting.catalog import Exhibit, exhibits
from s5vh.reporting.collect import by_seed, scores
from s5vh.reporting.protocol_study import read_near_duplicates
from s5vh.reporting.table import Block, Table, html_blocks, html_notes, html_text, leads
from s5vh.reporting.words import (
    DEMO,
    dataset_title,
    duration,
    has_demo,
    method_title,
    number,
    panel_title,
    recipes,
    scores_sentence,
)

_HEADLINE = "gmap"  # shown at the top, hence not repeated among the tables
_ROWS_UNFOLDED = 60  # longer tables are collapsed


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
    tables = [_table(exhibit, exhibit.build(run, results)) for exhibit in exhibits("table", run)]
    time = facts.time_block(run, found)
    near = read_near_duplicates(run, results)
    methods = list(dict.fromkeys(one.cell.method for one in found))
    return {
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
        "headline": next(table for table in tables if table["name"] == _HEADLINE),
        "warnings": [
            *caveats.video_warnings(run, results),
            *caveats.near_duplicate_warnings(near),
            *caveats.efficiency_warnings(run, results),
            *caveats.warnings(run, found),
        ],
        "figures": [_figure(exhibit, run, results) for exhibit in exhibits("figure", run)],
        "tables": [table for table in tables if table["name"] != _HEADLINE],
        "missing": facts.missing(run),
        "time": _block_html(time) if time else "",
        "cells": [(dataset_title(name), _cells(name, run, found)) for name in run.datasets],
        "departures": [
            (dataset_title(dataset), [_departures(dataset, method, run) for method in methods])
            for dataset in run.datasets
        ],
        "provenance": facts.provenance_rows(found),
    }


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
    for dataset in run.unlabelled:
        sentences.append(
            f"{panel_title(dataset)}: the videos have no labels, so there are codes but no scores "
            f"(results/{dataset}/METHOD/BITS/SEED/codes.npz)."
        )
    return sentences


def _block_html(block: Block) -> Markup:
    return Markup(html_blocks([block]))


def _table(exhibit: Exhibit, table: Table) -> dict[str, Any]:
    empty = not any(block.rows for block in table.blocks)
    body = Markup("<p>Not run.</p>") if empty else Markup(html_blocks(table.blocks) + html_notes(table.notes))
    rows = sum(len(block.rows) for block in table.blocks)
    folded = rows if rows > _ROWS_UNFOLDED else 0
    return {"name": exhibit.name, "title": exhibit.heading, "caption": table.caption, "body": body, "folded": folded}


def _figure(exhibit: Exhibit, run: Run, results: Path) -> dict[str, str]:
    path = next(path for path in exhibit.outputs(results) if path.suffix == ".png")
    try:
        picture = base64.b64encode(path.read_bytes()).decode("ascii")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; draw the figure before the report") from None
    return {"name": exhibit.name, "title": exhibit.heading, "caption": exhibit.caption_of(run), "picture": picture}


def _cells(dataset: str, run: Run, found: list[facts.CellFacts]) -> dict[str, Any]:
    block = facts.cell_block(dataset, run, found)
    return {"count": len(block.rows), "body": _block_html(block)}


def _departures(dataset: str, method: str, run: Run) -> dict[str, Any]:
    block = facts.departures(dataset, method, run)
    return {"title": method_title(method), "name": method, "count": len(block.rows), "body": _block_html(block)}


def _links(text: str) -> Markup:
    """A sentence as HTML with its web addresses as links."""
    linked = re.sub(r"https?://[^\s()<>]+", r'<a href="\g<0>">\g<0></a>', html.escape(text))
    return Markup(linked)
