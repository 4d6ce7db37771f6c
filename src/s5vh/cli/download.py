"""Commands that download the files of a data set and verify them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from s5vh.base.errors import UserError
from s5vh.base.provenance import provenance
from s5vh.cli.options import add_path, command
from s5vh.config.words import PARTS


def add_commands(commands: Any) -> None:
    """Add this file's commands."""
    parser = command(commands, "download", _download, "download the missing files of a data set")
    parser.add_argument("dataset", help="name of a file in config/datasets")
    selection = parser.add_mutually_exclusive_group()
    selection.add_argument("--part", choices=PARTS, help="only the files of this part")
    selection.add_argument("--file", nargs="+", action="extend", metavar="NAME", help="only these files")
    add_path(parser, "--receipt", "JSON file to record downloaded files and their sources in", required=False)

    parser = command(commands, "verify", _verify, "verify the files of a data set and record their checksums")
    parser.add_argument("dataset", help="name of a file in config/datasets")
    parser.add_argument("--renew", action="store_true", help="accept changed files and record their new checksums")


def _download(arguments: argparse.Namespace) -> None:
    from s5vh.base.files import write_json
    from s5vh.data.download.download import download
    from s5vh.data.download.records import read_records

    name, config = _dataset(arguments.dataset)
    files = arguments.file or config.file_names([arguments.part] if arguments.part else PARTS)
    folder = config.folder(name)
    downloaded = download(name, config, files)
    if not downloaded:
        present = "the file is" if len(files) == 1 else "all files are"
        print(f"{name}: nothing to download, {present} in {folder}", file=sys.stderr)
    if arguments.receipt:
        records = read_records(folder)
        received = {file: {"sha256": records[file].sha256, "source": records[file].source} for file in downloaded}
        origin = provenance(settings={"dataset": name, "files": files})
        write_json(arguments.receipt, {"came": received, "provenance": origin})


def _verify(arguments: argparse.Namespace) -> None:
    from s5vh.data.download.transfer import amount
    from s5vh.data.download.verify import verify

    name, config = _dataset(arguments.dataset)
    for file, record in verify(name, config, renew=arguments.renew):
        print(f"{Path(config.folder(name)) / file}: {amount(record.bytes)}, sha256 {record.sha256}, {record.source}")


def _dataset(name: str) -> tuple[str, Any]:
    from s5vh.config.load import load_dataset

    config = load_dataset(name)
    if not config.file_names():
        raise UserError(f"data set '{name}' of kind '{config.kind}' has no files to download")
    return name, config
