"""Run a search: results are printed as they become available, the HTML page is written last."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from s5vh.config.precision import EncodingPrecision
from s5vh.search.catalog import catalog_path
from s5vh.search.index import Index
from s5vh.search.index_file import ivf_path
from s5vh.search.output import as_json, check_outputs, csv_writer, print_json, table
from s5vh.search.query import Result, Search


def search_index(
    index_file: Path,
    queries: Sequence[str],
    *,
    rows: Sequence[int] = (),
    top: int | None = None,
    radius: int | None = None,
    probes: int | None = None,
    as_lines: bool = False,
    csv_file: Path | None = None,
    page_file: Path | None = None,
    model_file: Path | None = None,
    dataset: str | None = None,
    device: str = "auto",
    threads: int | None = None,
    precision: EncodingPrecision | None = None,
    out: TextIO | None = None,
) -> None:
    """Search an index and write the results.

    Args:
        index_file, queries, rows, top, radius, probes, model_file, dataset, device, threads, precision: see `Search`.
        as_lines: print JSON, one line per query, instead of tables.
        csv_file, page_file: additional output files.
        out: stream to print to, by default standard output.

    Raises:
        UserError: as for `Index` and `Search`, or if a file cannot be written.
    """
    out = out or sys.stdout
    read = [index_file, catalog_path(index_file), ivf_path(index_file), *queries, *([model_file] if model_file else [])]
    check_outputs([csv_file, page_file], read)
    with Index(index_file) as index, ExitStack() as stack:
        search = Search(
            index, queries, rows=rows, model_file=model_file, dataset=dataset, device=device, threads=threads,
            precision=precision,
        )  # fmt: skip
        write = stack.enter_context(csv_writer(csv_file)) if csv_file else None
        shown: list[Result] = []
        if page_file:
            # Imported here, because only the page needs the template engine and the imaging library.
            from s5vh.search.page import QUERIES, write_page
        for number, result in enumerate(search.results(top, radius, probes)):
            if as_lines:
                print_json(as_json(result), out)
            else:
                print(("\n" if number else "") + table(result), file=out)
            if write:
                write(result)
            if page_file and number < QUERIES:
                shown.append(result)
        if page_file:
            write_page(page_file, index, shown, len(search), radius)
            rest = f" (first {QUERIES} of {len(search)} queries)" if len(search) > QUERIES else ""
            print(f"{page_file}: written; open it in a browser{rest}", file=sys.stderr)
