"""Search results as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from s5vh.base.files import write_text
from s5vh.search.catalog import Video
from s5vh.search.index import Index
from s5vh.search.output import place
from s5vh.search.pictures import Pictures
from s5vh.search.query import Result

QUERIES = 50  # shown on a page, whose images are embedded
HITS = 100  # shown per query


def write_page(path: Path, index: Index, results: Sequence[Result], queries: int, radius: int | None) -> None:
    """Write the page.

    Args:
        path: output file.
        index: the index that was searched.
        results: results of at most the first `QUERIES` queries.
        queries: total number of queries.
        radius: the requested Hamming radius, or None.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    with Pictures() as pictures:
        known: dict[Video, str | None] = {}

        def strip(video: Video) -> str | None:
            if video not in known:
                known[video] = pictures.strip(video)
            return known[video]

        shown = [_result(result, index.bits, strip) for result in results]
    page = environment.get_template("hits.html.j2").render(
        index=index.path.name, model=index.model, videos=len(index), results=shown, queries=queries, radius=radius
    )
    write_text(path, page)


def _result(result: Result, bits: int, strip: Callable[[Video], str | None]) -> dict[str, Any]:
    hits = [
        _video(hit.video, strip)
        | {"rank": hit.rank, "distance": hit.distance, "share": round(100 * hit.distance / bits)}
        for hit in result.hits[:HITS]
    ]
    return {"query": _video(result.query, strip), "hits": hits, "found": len(result.hits)}


def _video(video: Video, strip: Callable[[Video], str | None]) -> dict[str, Any]:
    return {"id": video.id, "place": place(video), "strip": strip(video)}
