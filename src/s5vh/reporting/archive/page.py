"""What is in an archive of videos, as one self-contained HTML page to look at, which prints on about two."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from s5vh.base.cores import available_cores
from s5vh.base.errors import UserError
from s5vh.base.files import write_text
from s5vh.config import layout
from s5vh.config.grid import Run
from s5vh.data.features import open_features
from s5vh.reporting import lookup
from s5vh.reporting.archive.clusters import FEWEST, MOST, Clusters, cluster_codes, examples
from s5vh.reporting.archive.contents import Contents, read_contents
from s5vh.reporting.archive.outliers import NEIGHBOURS, outliers
from s5vh.reporting.archive.scores import SearchScores, search_scores
from s5vh.reporting.inputs import archive_cell, archive_features
from s5vh.reporting.words import dataset_title, duration, method_title
from s5vh.retrieval.codes import read_codes, unpack
from s5vh.search import page as search_page
from s5vh.search.catalog import Video
from s5vh.search.duplicates import default_radius
from s5vh.search.linkage import linked_groups
from s5vh.search.output import plain
from s5vh.search.pictures import Pictures

PICTURES = 7  # of a group of similar videos, the first of them large
GROUPS, MEMBERS = 9, 6  # of near-duplicates, and pictures of each
OUTLIERS = 12
_CLASSES, _SHARE = 3, 0.05  # named of a group, at most, and what each of them has of it at least
_PROBLEMS, _FILES = 8, 4  # reasons why files could not be read, and files named for each
_HEIGHT = 144  # of a picture, in pixels; enough for print
_CLEAR, _WEAK = 0.5, 0.25  # mean silhouettes: L. Kaufman, P. J. Rousseeuw, "Finding groups in data", Wiley 1990


@dataclass(frozen=True)
class Archive:
    """The videos of an archive, the database first.

    Attributes:
        names: path of each in the folder of the videos.
        rows: feature file and row of each.
        labels: multi-hot uint8 [N, classes], or None.
        classes: names of the classes.
        codes: uint8 [N, ceil(bits/8)], packed.
        bits: code length K.
    """

    names: list[str]
    rows: list[tuple[Path, int]]
    labels: np.ndarray | None
    classes: list[str]
    codes: np.ndarray
    bits: int


def write_archive(run: Run, dataset: str, results: Path = layout.RESULTS, *, threads: int | None = None) -> None:
    """Write results/DATASET/archive.html.

    Pictures are read from the video files, or, where these have gone, are the thumbnails made with the features.

    Args:
        run: a run with this archive.
        dataset: the archive, a data set of kind `videos`.
        results: the results folder.
        threads: number of video files that are read at a time; None for all cores.

    Raises:
        UserError: not a data set of kind `videos`, a missing or broken file, or codes of other videos.
    """
    if lookup.dataset(dataset).videos is None:
        raise UserError(f"{dataset}: not a data set of kind 'videos', so there is no page about its videos")
    run, results = run.of_archive(dataset), Path(results)
    page = layout.archive(dataset, results)
    archive = _read(run, results)
    context = _context(run, archive, results)
    with Pictures() as pictures:
        shown = _shown(context, archive, dataset, page, pictures, threads or available_cores())
    folders = [Path(__file__).parent, Path(search_page.__file__).parent]
    environment = Environment(
        loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["plain"] = plain
    write_text(page, environment.get_template("archive.html.j2").render(**context, videos=shown))


def _read(run: Run, results: Path) -> Archive:
    cell = archive_cell(run)
    path = layout.cell(*cell, results) / "codes.npz"
    stored = read_codes(path)
    names, rows, labels, codes, classes = [], [], [], [], []
    with ExitStack() as stack:
        for part, file in archive_features(cell.dataset, results).items():
            features = stack.enter_context(open_features(file))
            own = getattr(stored, part)
            if len(own) != len(features.ids):
                raise UserError(f"{path}: {len(own)} codes of the {part}, but {file} has {len(features.ids)} videos; "
                                "delete it and run the workflow again")  # fmt: skip
            names += features.ids
            rows += [(file, row) for row in range(len(own))]
            labels.append(features.labels)
            codes.append(own)
            classes = features.class_names or classes
    known = all(one is not None for one in labels) and classes
    return Archive(names, rows, np.concatenate(labels) if known else None, classes, np.concatenate(codes), stored.bits)


def _context(run: Run, archive: Archive, results: Path) -> dict[str, Any]:
    """What the page says, with positions of videos where it shows them."""
    (dataset,) = run.datasets
    config = lookup.dataset(dataset)
    signs = unpack(archive.codes, archive.bits)
    clusters = cluster_codes(signs)
    radius = default_radius(archive.bits)
    linked = linked_groups(archive.codes, radius)
    far, means = outliers(archive.codes, archive.bits, OUTLIERS)
    contents = read_contents(layout.videos(dataset, results))
    found = search_scores(run, results)
    return {
        "dataset": dataset,
        "title": dataset_title(dataset),
        "untrained": config.videos.untrained,
        "backbone": config.backbone,
        "method": method_title(archive_cell(run).method),
        "model": layout.model(*archive_cell(run), results),
        "features": [file for file in archive_features(dataset, results).values()],
        "bits": archive.bits,
        "count": len(archive.names),
        "distinct": len(np.unique(archive.codes, axis=0)),
        "cards": _cards(contents, clusters, sum(map(len, linked))),
        "clusters": [_cluster(own, archive) for own in clusters.members],
        "fewest": FEWEST,
        "most": MOST,
        "silhouette": clusters.silhouette,
        "distinctness": _distinctness(clusters),
        "radius": radius,
        "duplicates": [_duplicates(own, archive) for own in linked[:GROUPS]],
        "duplicate_groups": len(linked),
        "duplicate_videos": sum(map(len, linked)),
        "outliers": [{"video": video, "distance": mean} for video, mean in zip(far.tolist(), means, strict=True)],
        "neighbours": NEIGHBOURS,
        "scores": found,
        "scale": _scale(found) if found else 1.0,
        "contents": contents,
        "problems": contents.problems[:_PROBLEMS],
        "more_problems": len(contents.problems) - _PROBLEMS,
        "named": _FILES,
    }


def _cards(contents: Contents, clusters: Clusters, duplicates: int) -> list[tuple[str, str]]:
    hours = _length(contents.seconds) if contents.seconds else "unknown"
    if contents.seconds and contents.unknown:
        hours += f" and {contents.unknown:,} of unknown length"
    cards = [("Videos", f"{contents.found - contents.failed:,}"), ("Total length", hours)]
    if contents.seconds:
        cards.append(("Typical length", _length(contents.median)))
    return [
        *cards,
        ("Groups", str(len(clusters.members))),
        ("Near-duplicates", f"{duplicates:,}" if duplicates else "none"),
        ("Unreadable", f"{contents.failed:,}" if contents.failed else "none"),
        ("Damaged", f"{contents.damaged:,}" if contents.damaged else "none"),
    ]


def _scale(found: SearchScores) -> float:
    """The score of a bar of full length."""
    bars = [*found.without, *(bar for group in found.bars.values() for bar in group)]
    return max((max(bar.value, bar.high if bar.high == bar.high else 0.0) for bar in bars), default=0.0) or 1.0


def _length(seconds: float) -> str:
    return f"{seconds / 3600:,.0f} h" if seconds >= 100 * 3600 else duration(seconds)


def _distinctness(clusters: Clusters) -> str:
    if clusters.silhouette is None:
        return "The videos are too few, or too alike, to be divided."
    if clusters.silhouette >= _CLEAR:
        return "The groups are clearly apart."
    return "The groups overlap." if clusters.silhouette >= _WEAK else "The groups overlap widely: take them as a tour."


def _cluster(members: np.ndarray, archive: Archive) -> dict[str, Any]:
    classes = []
    if archive.labels is not None:
        counts = Counter(np.nonzero(archive.labels[members])[1].tolist()).most_common(_CLASSES)
        shares = [(archive.classes[label], count / len(members)) for label, count in counts]
        classes = [(name, part) for name, part in shares if part >= _SHARE]
    shown = examples(members, PICTURES).tolist()
    return {"size": len(members), "share": len(members) / len(archive.names), "classes": classes, "videos": shown}


def _duplicates(members: np.ndarray, archive: Archive) -> dict[str, Any]:
    codes = archive.codes[members]
    distances = np.bitwise_count(codes ^ codes[0]).sum(axis=1)
    return {"size": len(members), "videos": members[:MEMBERS].tolist(), "largest": int(distances.max())}


def _shown(
    context: dict[str, Any], archive: Archive, dataset: str, page: Path, pictures: Pictures, threads: int
) -> dict[int, dict[str, Any]]:
    """Name, address and picture, where there is one, of every video that the page shows, by position."""
    groups = [*context["clusters"], *context["duplicates"], {"videos": [one["video"] for one in context["outliers"]]}]
    positions = list(dict.fromkeys(video for group in groups for video in group["videos"]))
    folder = lookup.dataset(dataset).folder(dataset)
    files = [folder / archive.names[position] for position in positions]
    with ThreadPoolExecutor(threads) as pool:
        videos = [Video(file.name, os.path.abspath(file)) for file in files]
        found: Sequence[str | None] = list(pool.map(lambda video: pictures.middle(video, _HEIGHT), videos))
    shown = {}
    for position, file, picture in zip(positions, files, found, strict=True):
        stored, row = archive.rows[position]
        name = archive.names[position]
        is_there = file.exists()
        shown[position] = {
            "name": name,
            "short": file.name,
            "address": quote(Path(os.path.relpath(file, page.parent)).as_posix()) if is_there else "",
            "picture": picture or pictures.middle(Video(name, os.path.abspath(stored), row)),
        }
    return shown
