"""Tables as data and text: tidy CSV, GitHub Markdown, LaTeX (booktabs) and HTML from the same entries."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from s5vh.base.files import atomic, write_text
from s5vh.retrieval.uncertainty import student_test

LEVEL_OF_TEST = 0.05


@dataclass
class Entry:
    """One entry: its text, whether a test says it is no chance finding, and whether it is quoted from elsewhere."""

    text: str
    clear: bool = False
    quoted: bool = False


@dataclass
class Block:
    """One rectangular part of a table.

    Attributes:
        heading: usually a data set; may be "".
        columns: column titles; the first column holds the row titles.
        rows: one entry per column.
        note: a sentence below the block; may be "".
    """

    heading: str
    columns: list[str]
    rows: list[list[Entry]]
    note: str = ""


@dataclass
class Table:
    """A table.

    Attributes:
        caption: what is shown, data sets, protocol, recipes and seeds.
        data: every number in full precision, in tidy form, for the CSV file.
        blocks: the formatted table.
        notes: footnotes below the last block.
    """

    caption: str
    data: pd.DataFrame
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def mark_best(rows: list[list[Entry]], samples: list[list[np.ndarray | None]]) -> None:
    """Mark the entry of each column that is larger than every other one, if `leads` says so.

    Args:
        rows: entries, starting with the row title.
        samples: the corresponding numbers, without the row title, each [seeds] with the same seeds; None for none.
    """
    for column in range(len(samples[0]) if samples else 0):
        given = [(line[column], index) for index, line in enumerate(samples) if line[column] is not None]
        if len(given) < 2:
            continue
        best, index = max(given, key=lambda pair: pair[0].mean())
        others = [values for values, place in given if place != index]
        rows[index][column + 1].clear = leads(best, others)


def leads(best: np.ndarray, others: Iterable[np.ndarray]) -> bool:
    """Whether the largest mean is no accident of the seeds; all arrays are [seeds], with the same seeds.

    The differences from each other one, paired by seed, must have a mean other than 0 by Student's t-test at
    `LEVEL_OF_TEST`. As all of these tests must agree, they need no correction for their number. Never true for one
    seed, because the spread between trainings is then unknown.
    """
    return all(student_test(best - values) < LEVEL_OF_TEST for values in others)


def write(table: Table, name: str, title: str, paths: Iterable[Path]) -> None:
    """Write a table in the format given by each path's suffix: .csv, .md or .tex; `name` is its LaTeX label."""
    for path in paths:
        if path.suffix == ".csv":
            with atomic(path) as temporary:
                table.data.to_csv(temporary, index=False)
        else:
            write_text(path, markdown(table, title) if path.suffix == ".md" else latex(table, name, title))


def markdown(table: Table, title: str) -> str:
    """GitHub Markdown; numbers are right-aligned, clear entries are bold, quoted entries are in italics."""
    lines = [f"**{_escape_markdown(title)}.** {_escape_markdown(table.caption, code=True)}", ""]
    for block in table.blocks:
        if block.heading:
            lines += [f"### {_escape_markdown(block.heading)}", ""]
        lines.append("| " + " | ".join(_escape_markdown(column) for column in block.columns) + " |")
        lines.append("|" + "|".join([":---", *["---:"] * (len(block.columns) - 1)]) + "|")
        for row in block.rows:
            lines.append("| " + " | ".join(_markdown_entry(entry) for entry in row) + " |")
        lines.append("")
        if block.note:
            lines += [_escape_markdown(block.note, code=True), ""]
    for note in table.notes:
        lines += [_escape_markdown(note, code=True), ""]
    return "\n".join(lines)


def _markdown_entry(entry: Entry) -> str:
    text = _escape_markdown(entry.text)
    if not text:
        return ""
    return f"**{text}**" if entry.clear else f"*{text}*" if entry.quoted else text


def _escape_markdown(text: str, *, code: bool = False) -> str:
    text = re.sub(r"([|*\\])" if code else r"([|*_`\\])", r"\\\1", text)
    return text.replace("<", "&lt;")


def latex(table: Table, name: str, title: str) -> str:
    """A LaTeX `table` that requires only booktabs."""
    first = " ".join(f"{title}. {table.caption}".split())
    lines = [f"% {first}", r"% Needs \usepackage{booktabs}", r"\begin{table}", r"\centering"]
    lines += [
        rf"\caption{{{escape_latex(title)}. {escape_latex(table.caption)}}}",
        rf"\label{{tab:{name}}}",
    ]
    for number, block in enumerate(table.blocks):
        if number:
            lines.append(r"\par\bigskip")
        if block.heading:
            lines.append(rf"\textbf{{{escape_latex(block.heading)}}}\par\smallskip")
        lines += [rf"\begin{{tabular}}{{l{'r' * (len(block.columns) - 1)}}}", r"\toprule"]
        lines.append(" & ".join(escape_latex(column) for column in block.columns) + r" \\")
        lines.append(r"\midrule")
        lines += [" & ".join(_latex_entry(entry) for entry in row) + r" \\" for row in block.rows]
        lines += [r"\bottomrule", r"\end{tabular}"]
        if block.note:
            lines.append(rf"\par\smallskip {{\footnotesize {escape_latex(block.note)}}}")
    lines += [rf"\par\smallskip {{\footnotesize {escape_latex(note)}}}" for note in table.notes]
    return "\n".join([*lines, r"\end{table}", ""])


def _latex_entry(entry: Entry) -> str:
    text = escape_latex(entry.text)
    if not text:
        return ""
    return rf"\textbf{{{text}}}" if entry.clear else rf"\textit{{{text}}}" if entry.quoted else text


_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"$<$",
    ">": r"$>$",
    "|": r"$|$",
    "±": r"$\pm$",
    "−": r"$-$",
    "×": r"$\times$",
    "→": r"$\to$",
    "²": r"$^2$",
}


def escape_latex(text: str) -> str:
    """Text with LaTeX special characters escaped; `code` in backticks becomes \\texttt."""
    escaped = "".join(_LATEX.get(letter, letter) for letter in text)
    return re.sub(r"`([^`]*)`", r"\\texttt{\1}", escaped)


def html_blocks(blocks: Iterable[Block]) -> str:
    """Blocks as HTML tables, without a caption."""
    parts = []
    for block in blocks:
        if block.heading:
            parts.append(f"<h4>{html.escape(block.heading)}</h4>")
        head = "".join(f'<th scope="col">{html.escape(title)}</th>' for title in block.columns)
        body = "".join(f"<tr>{''.join(_html_entry(e, i) for i, e in enumerate(row))}</tr>" for row in block.rows)
        parts.append(f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>')
        if block.note:
            parts.append(f'<p class="note">{html_text(block.note)}</p>')
    return "\n".join(parts)


def html_notes(notes: Iterable[str]) -> str:
    """Footnotes as HTML paragraphs."""
    return "\n".join(f'<p class="note">{html_text(note)}</p>' for note in notes)


def _html_entry(entry: Entry, column: int) -> str:
    text = html.escape(entry.text)
    if entry.clear:
        text = f"<strong>{text}</strong>"
    kind = ' class="quoted"' if entry.quoted else ""
    return f'<th scope="row"{kind}>{text}</th>' if column == 0 else f"<td{kind}>{text}</td>"


def html_text(text: str) -> str:
    """A sentence as HTML; `code` in backticks becomes <code>."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text))
