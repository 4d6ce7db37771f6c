"""Codes of videos as text, without an index."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from s5vh.base.errors import UserError
from s5vh.config.precision import EncodingPrecision
from s5vh.retrieval.codes import as_packed
from s5vh.search.blocks import Source
from s5vh.search.catalog import Video
from s5vh.search.code_file import CodeFile
from s5vh.search.extraction import Extraction
from s5vh.search.model_record import load_model
from s5vh.search.output import print_json
from s5vh.search.sources import open_source
from s5vh.training.encoding import open_encoder

_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r"})


def hex_digits(packed: np.ndarray) -> str:
    """A packed code, uint8 [ceil(K/8)], as 2 hexadecimal digits per byte.

    The first bit of the code is the highest bit of the first digit; 1 stands for +1. What fills the last byte is 0.
    These are the bytes that an index stores.
    """
    return packed.tobytes().hex()


def hash_videos(
    sources: Sequence[Path],
    model_file: Path,
    *,
    rows: Sequence[int] = (),
    as_lines: bool = False,
    dataset: str | None = None,
    device: str = "auto",
    threads: int | None = None,
    precision: EncodingPrecision = "float32",
    out: TextIO | None = None,
) -> None:
    """Print the code of each video.

    Args:
        sources: video files, folders of video files, feature files.
        model_file: a model of any method.
        rows: rows to use from the feature files; empty for all.
        as_lines: print JSON, one line per video, instead of `sha256sum`'s format.
        dataset: data set whose settings are used for video files; by default the model's.
        device, threads: where to encode.
        precision: arithmetic of a network while it encodes.
        out: stream to print to, by default standard output.

    Raises:
        UserError: a missing or unreadable source or model, or features that do not fit it; after all others have been
            printed, unreadable video files.
    """
    out = out or sys.stdout
    stored, model = load_model(model_file)
    failed = 0

    def on_problem(error: UserError, is_lost: bool) -> None:
        nonlocal failed
        failed += is_lost
        print(f"{error}; {'skipped' if is_lost else 'used anyway'}", file=sys.stderr)

    extraction = Extraction(model, None, dataset, device=device, threads=threads)
    opened = [open_source(path, extraction, on_problem, rows) for path in sources]
    if rows and not any(source.has_rows for source in opened):
        raise UserError("--row: only applies to feature files, but none of the videos is in one")
    for source in opened:
        if isinstance(source, CodeFile):
            raise UserError(f"{source.path}: is a code file; provide videos or features to make codes of")
        source.check(model)
        for text in source.passed_over:
            print(f"{source.path}: {text}", file=sys.stderr)
    with open_encoder(stored, device, threads, precision) as (encode, _):
        for source in opened:
            for video, code in _codes(source, encode, model.bits):
                _print(source, video, code, model.bits, as_lines, out)
    if failed:
        raise UserError(f"{failed} of {sum(map(len, opened))} input videos could not be read; see above")


def _codes(source: Source, encode: Any, bits: int) -> Iterator[tuple[Video, np.ndarray]]:
    for block in source.blocks():
        feats, places = block.read(range(len(block.videos)))
        if places:
            yield from zip([block.videos[place] for place in places], as_packed(encode(feats), bits), strict=True)


def _print(source: Source, video: Video, code: np.ndarray, bits: int, as_lines: bool, out: TextIO) -> None:
    name = _name(source, video)
    digits = hex_digits(code)
    if as_lines:
        print_json(json.dumps({"name": name, "bits": bits, "code": digits}, ensure_ascii=False), out)
        return
    # As sha256sum: a backslash before the line tells that its name has escapes.
    escaped = name.translate(_ESCAPES)
    print(f"{'' if escaped == name else chr(92)}{digits}  {escaped}", file=out)


def _name(source: Source, video: Video) -> str:
    """The path as given, and what finds the video in it: both together are a query for `s5vh search`."""
    if video.row is None:
        return str(source.path / video.id) if source.path.is_dir() else str(source.path)
    return f"{source.path}#{video.id.removeprefix(f'{source.path.name}#')}"
