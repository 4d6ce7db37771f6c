"""Commands that build and search an index of hash codes."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from s5vh.cli.options import add_machine, add_path, add_precision, command, count, file_path, positive


def add_commands(commands: Any) -> None:
    """Add this file's commands."""
    parser = command(
        commands, "index", _index,
        "build an index of hash codes with a trained model, or bring it up to date: new videos are added, changed ones "
        "encoded again; faiss opens it as a binary flat index",
    )  # fmt: skip
    parser.add_argument(
        "sources", nargs="*", type=file_path, metavar="SOURCE",
        help="feature file (HDF5 with the array feats), video file, folder of video files, or code file (.npy, codes "
        "of the model, uint8 [videos, bytes])",
    )  # fmt: skip
    add_path(
        parser, "--model", "model file of any method (default: the model the index was built with, if it exists)",
        required=False,
    )  # fmt: skip
    add_path(
        parser, "--output", "index to build, or to bring up to date if it exists. Metadata of the videos is in a "
        "second file, OUTPUT.sqlite; keep the two together",
    )  # fmt: skip
    parser.add_argument("--prefix", default="", help="prefix for the ids of the videos being added")
    parser.add_argument(
        "--update", action="store_true",
        help="without SOURCE, compare all videos of the index with their files; also encode those again of whose files "
        "the index has no record, because an earlier version of s5vh added them",
    )  # fmt: skip
    parser.add_argument(
        "--remove", action="store_true",
        help="remove videos whose files no longer exist: of each SOURCE, which may itself be gone; without SOURCE, of "
        "the whole index",
    )  # fmt: skip
    parser.add_argument("--remove-id", action="append", default=[], metavar="ID",
                        help="remove this video; can be repeated")  # fmt: skip
    parser.add_argument(
        "--approximate", action="store_true",
        help="also build, or bring up to date, a third file, OUTPUT.ivf, for `s5vh search --probes`, and measure how "
        "much of the exact search that finds; needs faiss",
    )  # fmt: skip
    add_precision(parser, None, "that of the index; float32 for a new one")
    _add_shared(parser)

    parser = command(
        commands, "search", _search,
        "rank the videos of an index by Hamming distance to each query; ties are in index order",
    )  # fmt: skip
    add_path(parser, "index", "index written by `s5vh index`")
    parser.add_argument(
        "queries", nargs="+", metavar="QUERY",
        help="feature or code file (all its videos), FILE#ID for one of them, video file, folder of video files, or "
        "the id of a video in the index, which is then excluded from its own ranking",
    )  # fmt: skip
    parser.add_argument("--row", type=count, action="append", default=[],
                        help="only this row of a feature or code file, counting from 0; can be repeated")  # fmt: skip
    parser.add_argument("--top", type=positive, help="videos to list per query (default: 10; with --radius: all)")
    parser.add_argument("--radius", type=count, help="only videos within this Hamming distance")
    parser.add_argument(
        "--probes", type=positive, metavar="N",
        help="search approximately, only the N clusters nearest to a query, of an index with --approximate; the more, "
        "the closer to the exact search (default: exact)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables, one line per query")
    add_path(parser, "--csv", "CSV file to write, with columns query_id, rank, id, distance, source",
             required=False)  # fmt: skip
    add_path(parser, "--html", "HTML page to write, with thumbnails where available", required=False)
    add_path(parser, "--model", "the index's model, if its file has moved", required=False)
    add_precision(parser, None, "that of the index")
    _add_shared(parser)

    parser = command(
        commands, "duplicates", _duplicates,
        "find groups of near-duplicate videos in an index: chains of videos within a Hamming distance of the next",
    )  # fmt: skip
    add_path(parser, "index", "index written by `s5vh index`")
    parser.add_argument("--radius", type=count, help="largest Hamming distance of two neighbours in a group (default: "
                        "a 32nd of the code length, rounded down)")  # fmt: skip
    parser.add_argument("--top", type=positive, help="only this many groups, the largest first")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables, one line per group")
    add_path(parser, "--csv", "CSV file to write, with columns group, id, distance, source", required=False)
    add_path(parser, "--html", "HTML page to write, with thumbnails where available", required=False)
    add_machine(parser)

    parser = command(
        commands, "hash", _hash,
        "print the code of each video in hexadecimal digits, followed by its name, as sha256sum does",
    )  # fmt: skip
    parser.add_argument(
        "sources", nargs="+", type=file_path, metavar="VIDEO",
        help="video file, folder of video files, or feature file (HDF5 with the array feats)",
    )  # fmt: skip
    add_path(parser, "--model", "model file of any method")
    parser.add_argument("--row", type=count, action="append", default=[],
                        help="only this row of a feature file, counting from 0; can be repeated")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON instead, one line per video")
    add_precision(parser)
    _add_shared(parser)


def _add_shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", help="data set with the settings for video files (default: the model's)")
    add_machine(parser, device=True)


def _index(arguments: argparse.Namespace) -> None:
    from s5vh.search.build import build_index

    build_index(
        arguments.output,
        arguments.sources,
        model_file=arguments.model,
        dataset=arguments.dataset,
        prefix=arguments.prefix,
        update=arguments.update,
        remove=arguments.remove,
        remove_ids=arguments.remove_id,
        approximate=arguments.approximate,
        device=arguments.device,
        threads=arguments.threads,
        precision=arguments.precision,
    )


def _search(arguments: argparse.Namespace) -> None:
    from s5vh.search.run import search_index

    search_index(
        arguments.index,
        arguments.queries,
        rows=arguments.row,
        top=arguments.top,
        radius=arguments.radius,
        probes=arguments.probes,
        as_lines=arguments.json,
        csv_file=arguments.csv,
        page_file=arguments.html,
        model_file=arguments.model,
        dataset=arguments.dataset,
        device=arguments.device,
        threads=arguments.threads,
        precision=arguments.precision,
        out=sys.stdout,
    )


def _duplicates(arguments: argparse.Namespace) -> None:
    from s5vh.search.duplicates import list_duplicates

    list_duplicates(
        arguments.index,
        radius=arguments.radius,
        top=arguments.top,
        as_lines=arguments.json,
        csv_file=arguments.csv,
        page_file=arguments.html,
        out=sys.stdout,
    )


def _hash(arguments: argparse.Namespace) -> None:
    from s5vh.search.hashing import hash_videos

    hash_videos(
        arguments.sources,
        arguments.model,
        rows=arguments.row,
        as_lines=arguments.json,
        dataset=arguments.dataset,
        device=arguments.device,
        threads=arguments.threads,
        precision=arguments.precision,
        out=sys.stdout,
    )
