"""Search results, and groups of near-duplicates, as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from s5vh.base.files import write_text
from s5vh.search.catalog import Video
from s5vh.search.index import Index
from s5vh.search.output import Group, place, plain
from s5vh.search.pictures import Pictures
from s5vh.search.query import Result

QUERIES = 50  # shown on a page, whose images are embedded
HITS = 100  # shown per query
GROUPS = 50  # of near-duplicates
MEMBERS = 20  # shown per group

Strip = Callable[[Video], str | None]


def write_page(path: Path, index: Index, results: Sequence[Result], queries: int, radius: int | None) -> None:
    """Write the page of a search.

    Args:
        path: output file.
        index: the index that was searched.
        results: results of at most the first `QUERIES` queries.
        queries: total number of queries.
        radius: the requested Hamming radius, or None.
    """

    def shown(strip: Strip) -> dict[str, Any]:
        return {"results": [_result(result, index.bits, strip) for result in results]}

    _write(path, "hits.html.j2", index, shown, queries=queries, radius=radius)


def write_groups(path: Path, index: Index, groups: Sequence[Group], found: int, grouped: int, radius: int) -> None:
    """Write the page of near-duplicates.

    Args:
        path: output file.
        index: the index.
        groups: at most the first `GROUPS` groups.
        found, grouped: total number of groups, and of videos in them.
        radius: the Hamming radius of a step.
    """

    def shown(strip: Strip) -> dict[str, Any]:
        return {"groups": [_group(group, index.bits, strip) for group in groups]}

    _write(path, "duplicates.html.j2", index, shown, found=found, grouped=grouped, radius=radius)


def _write(path: Path, template: str, index: Index, shown: Callable[[Strip], dict[str, Any]], **facts: Any) -> None:
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

        facts |= shown(strip)
    page = environment.get_template(template).render(
        index=plain(index.path.name), model=index.model, videos=len(index), **facts
    )
    write_text(path, page)


def _result(result: Result, bits: int, strip: Strip) -> dict[str, Any]:
    hits = [
        _video(hit.video, strip)
        | {"rank": hit.rank, "distance": hit.distance, "share": round(100 * hit.distance / bits)}
        for hit in result.hits[:HITS]
    ]
    return {"query": _video(result.query, strip), "hits": hits, "found": len(result.hits)}


def _group(group: Group, bits: int, strip: Strip) -> dict[str, Any]:
    videos = [
        _video(video, strip) | {"distance": distance, "share": round(100 * distance / bits)}
        for video, distance in zip(group.videos[:MEMBERS], group.distances, strict=False)
    ]
    return {"number": group.number, "size": len(group.videos), "videos": videos}


def _video(video: Video, strip: Strip) -> dict[str, Any]:
    return {"id": video.id, "place": place(video), "strip": strip(video)}
