"""Commands that build an index of codes and search it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from s5vh.cli.options import add_machine, add_path, command, positive


def add_commands(commands: Any) -> None:
    """Add this file's commands."""
    added = command(
        commands, "index", _index,
        "build an index of codes with a trained model, or add videos to it; faiss opens it as a binary flat index",
    )  # fmt: skip
    added.add_argument(
        "sources", nargs="+", type=Path, metavar="SOURCE",
        help="feature file (HDF5 with the array feats), video file, or folder of video files",
    )  # fmt: skip
    add_path(
        added, "--model", "model file, of any method (default: the model that made the index, if there is one)",
        required=False,
    )  # fmt: skip
    add_path(
        added, "--output", "index to build; if it exists, videos that are not in it are added and nothing else "
        "changes. What it knows of the videos is in a second file, OUTPUT.sqlite; keep both together",
    )  # fmt: skip
    added.add_argument("--prefix", default="", help="text put before the ids of all videos given")
    _add_shared(added)

    added = command(
        commands, "search", _search,
        "rank the videos of an index by Hamming distance to queries; equal distances are in the order of the index",
    )  # fmt: skip
    add_path(added, "index", "index of `s5vh index`")
    added.add_argument(
        "queries", nargs="+", metavar="QUERY",
        help="feature file (all its videos), FILE#ID for one of them, video file, folder of video files, or the id of "
        "a video in the index, which is then left out of its own ranking",
    )  # fmt: skip
    added.add_argument("--row", type=_count, action="append", default=[],
                       help="only this row of a feature file, from 0; may be repeated")  # fmt: skip
    added.add_argument("--top", type=positive, help="videos to list a query (default: 10; with --radius all)")
    added.add_argument("--radius", type=_count, help="only videos within this Hamming distance")
    added.add_argument("--json", action="store_true", help="print JSON instead of tables, one query a line")
    add_path(added, "--csv", "csv file to write, with the columns query_id, rank, id, distance, source",
             required=False)  # fmt: skip
    add_path(added, "--html", "page to write, with pictures of the videos where there are any", required=False)
    add_path(added, "--model", "where the model that made the index is now (default: where it was)", required=False)
    _add_shared(added)


def _add_shared(added: argparse.ArgumentParser) -> None:
    added.add_argument("--dataset", help="data set whose settings make features of video files (default: the model's)")
    add_machine(added, device=True)


def _count(text: str) -> int:
    """A whole number, 0 or more."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number, 0 or more")
    return int(text)


def _index(arguments: argparse.Namespace) -> None:
    from s5vh.search.build import build_index

    build_index(
        arguments.output,
        arguments.sources,
        model_file=arguments.model,
        dataset=arguments.dataset,
        prefix=arguments.prefix,
        device=arguments.device,
        threads=arguments.threads,
    )


def _search(arguments: argparse.Namespace) -> None:
    from s5vh.search.run import search_index

    search_index(
        arguments.index,
        arguments.queries,
        rows=arguments.row,
        top=arguments.top,
        radius=arguments.radius,
        as_lines=arguments.json,
        csv_file=arguments.csv,
        page_file=arguments.html,
        model_file=arguments.model,
        dataset=arguments.dataset,
        device=arguments.device,
        threads=arguments.threads,
        out=sys.stdout,
    )
