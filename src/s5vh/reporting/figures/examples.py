"""Example queries and retrieved videos: film strips if the data set has thumbnails, otherwise names and labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from s5vh.base.errors import UserError
from s5vh.config.grid import Run
from s5vh.data.features import open_features
from s5vh.data.hdf5 import open_hdf5
from s5vh.reporting import lookup
from s5vh.reporting.inputs import example_files
from s5vh.reporting.style import empty_panel, footnote, headline, new_figure
from s5vh.reporting.words import dataset_kind, method_title, panel_title
from s5vh.retrieval.codes import read_codes
from s5vh.retrieval.ranking import top_neighbours

RELEVANT, IRRELEVANT, UNKNOWN = "#009E73", "#D55E00", "#56616D"
_PER_LINE = 4  # retrieved videos side by side


@dataclass(frozen=True)
class Examples:
    """Queries of one data set and their neighbours.

    Attributes:
        queries: int [n], positions in the query file.
        neighbours, distances: int [n, m], database positions and Hamming distances.
        relevant: bool [n, m], or None without labels.
        query_names, database_names: label names by position, only for the videos shown.
        query_ids, database_ids: ids by position.
        query_pictures, database_pictures: thumbnails by position, uint8 [5, 32, 32] or RGB [5, 64, 64, 3], or None.
    """

    queries: np.ndarray
    neighbours: np.ndarray
    distances: np.ndarray
    relevant: np.ndarray | None
    query_names: dict[int, str]
    database_names: dict[int, str]
    query_ids: dict[int, str]
    database_ids: dict[int, str]
    query_pictures: dict[int, np.ndarray] | None
    database_pictures: dict[int, np.ndarray] | None


def evenly_spaced(count: int, total: int) -> np.ndarray:
    """`count` evenly spaced positions among `total` items, or all positions if there are fewer."""
    count = min(count, total)
    return np.floor((np.arange(count) + 0.5) * total / count).astype(np.int64)


def find_examples(dataset: str, run: Run, results: Path) -> Examples:
    """Search the example queries of a data set.

    If the queries are the database, each query's own entry is left out.

    Raises:
        UserError: missing or broken file, or codes that do not belong to the features.
    """
    settings, config = run.config.examples, lookup.dataset(dataset)
    files = example_files(dataset, run, results)
    codes = read_codes(files["codes"])
    with open_features(files["query"]) as query, open_features(files["database"]) as database:
        for features, packed, name in ((query, codes.query, "query"), (database, codes.database, "database")):
            if len(packed) != features.shape[0]:
                raise UserError(f"{files['codes']}: {len(packed)} {name} codes for the {features.shape[0]} videos of "
                                f"{features.path}; run the workflow again")  # fmt: skip
        labels = query.labels, database.labels
        class_names = query.class_names
        ids = query.ids, database.ids
    queries = evenly_spaced(settings.queries, len(codes.query))
    wanted = settings.neighbours + config.self_queries
    neighbours, distances = top_neighbours(codes.query[queries], codes.database, codes.bits, wanted)
    if config.self_queries:
        kept = np.stack([_without(row, own) for row, own in zip(neighbours, queries, strict=True)])
        neighbours = np.take_along_axis(neighbours, kept, axis=1)
        distances = np.take_along_axis(distances, kept, axis=1)
    relevant = None
    if labels[0] is not None and labels[1] is not None:
        relevant = np.stack(
            [(labels[1][row] & labels[0][own]).any(axis=1) for row, own in zip(neighbours, queries, strict=True)]
        )
    shown = sorted(set(neighbours.ravel().tolist()))
    searched = config.source_part("database")
    names, pictures = _pictures(files.get("thumbnails"), searched, queries.tolist(), shown)
    names = class_names or names
    return Examples(
        queries,
        neighbours,
        distances,
        relevant,
        _labels(labels[0], ids[0], names, queries.tolist()),
        _labels(labels[1], ids[1], names, shown),
        {i: ids[0][i] for i in queries.tolist()},
        {i: ids[1][i] for i in shown},
        *pictures,
    )


def _without(row: np.ndarray, own: int) -> np.ndarray:
    """Positions in a row of neighbours without the query itself, always one fewer than the row has."""
    others = np.flatnonzero(row != own)
    return others[: len(row) - 1]


def _labels(labels: np.ndarray | None, ids: list[str], names: list[str] | None, shown: list[int]) -> dict[int, str]:
    """Text for each video shown: its classes, or its id if there are no labels."""
    return {i: ids[i] if labels is None else _label(labels[i], names) for i in shown}


def _label(row: np.ndarray, names: list[str] | None) -> str:
    classes = np.flatnonzero(row)
    return ", ".join(names[c] if names else f"class {c}" for c in classes) or "no label"


def _pictures(
    path: Path | None, searched: str, queries: list[int], shown: list[int]
) -> tuple[list[str] | None, tuple[dict[int, np.ndarray] | None, dict[int, np.ndarray] | None]]:
    """Class names, if stored, and thumbnails of queries and database videos by position; all None without a file.

    Args:
        searched: the part that is used as the database.
    """
    if path is None:
        return None, (None, None)
    with open_hdf5(path) as file:
        missing = [name for name in (searched, "query") if name not in file]
        if missing:
            raise UserError(f"{path}: no {', '.join(missing)}; delete it and run the workflow again")
        names = file["class_names"].asstr()[()].tolist() if "class_names" in file else None
        return names, ({i: file["query"][i] for i in queries}, {i: file[searched][i] for i in shown})


def draw_examples(run: Run, results: Path) -> tuple[Figure, pd.DataFrame]:
    """One block per data set, with each query and its nearest database videos side by side."""
    settings = run.config.examples
    found = {dataset: find_examples(dataset, run, results) for dataset in run.datasets}
    lines = -(-settings.neighbours // _PER_LINE)
    heights = [_height(examples, lines) for examples in found.values()]
    figure = new_figure(10.0, 1.25 + sum(heights or [2.0]))
    blocks = figure.subfigures(max(1, len(found)), 1, squeeze=False, height_ratios=heights or [1])[:, 0]
    if not found:
        empty_panel(blocks[0].subplots(), "no data set ran")
    for (dataset, examples), block in zip(found.items(), blocks, strict=False):
        axes = block.subplots()
        axes.set_title(panel_title(dataset))
        _page(axes, examples, lines)
    headline(figure, f"Queries and their {settings.neighbours} nearest database videos", run)
    footnote(
        figure, f"{method_title(run.config.example_method)}, {settings.bits} bits, seed {run.config.seeds[0]}. Queries "
        "are evenly spaced in the query file, not hand-picked.\nGreen, ✓: shares a class with the query; orange, ✗: "
        "does not. d: Hamming distance.",
    )  # fmt: skip
    return figure, _numbers(found)


def _height(examples: Examples, lines: int) -> float:
    """Height of a data set's block in inches: film strips need more than names."""
    line = 0.42 if examples.query_pictures is None else 0.66
    return 0.35 + len(examples.queries) * line * (lines + 0.18)


def _page(axes: Axes, examples: Examples, lines: int) -> None:
    """Draw in units of film strips: the query is at x = 0, neighbours from 1 on; y grows downwards by 1 per line."""
    step = lines + 0.18
    axes.set_axis_off()
    axes.set_xlim(-0.02, _PER_LINE + 1.12)
    axes.set_ylim(len(examples.queries) * step, 0)
    for row, query in enumerate(examples.queries.tolist()):
        y = row * step
        _cell(axes, 0.0, y, examples.query_pictures and examples.query_pictures[query], "#3B3B3B",
              examples.query_names[query], examples.query_ids[query], bold=True)  # fmt: skip
        for rank, neighbour in enumerate(examples.neighbours[row].tolist()):
            text, colour = examples.database_names[neighbour], UNKNOWN
            if examples.relevant is not None:
                good = bool(examples.relevant[row, rank])
                text, colour = f"{'✓' if good else '✗'} {text}", RELEVANT if good else IRRELEVANT
            detail = f"d = {examples.distances[row, rank]}"
            if examples.database_pictures is None:
                detail += f"   {examples.database_ids[neighbour]}"
            picture = examples.database_pictures and examples.database_pictures[neighbour]
            place = 1.1 + rank % _PER_LINE, y + rank // _PER_LINE
            _cell(axes, *place, picture, colour, text, detail)
        if row:
            axes.axhline(y - 0.1, color="#D9D9D9", linewidth=0.7)


def _cell(
    axes: Axes, x: float, y: float, picture: np.ndarray | None, colour: str, text: str, detail: str, bold: bool = False
) -> None:
    """One video: its film strip in a coloured border, or a coloured bar, with two short texts."""
    width = 0.95
    weight = "bold" if bold else "normal"
    if picture is None:
        axes.add_patch(Rectangle((x, y + 0.12), 0.03, 0.76, color=colour, linewidth=0))
        axes.text(x + 0.06, y + 0.36, _short(text, 24), fontsize=8, va="center", color=colour, fontweight=weight)
        axes.text(x + 0.06, y + 0.68, _short(detail, 28), fontsize=7, va="center", color="#555555")
        return
    strip = np.concatenate(list(picture), axis=1)
    low, high = y + 0.04, y + 0.62
    axes.imshow(strip, cmap="gray", vmin=0, vmax=255, extent=(x, x + width, high, low), aspect="auto", zorder=2)
    axes.add_patch(Rectangle((x, low), width, high - low, fill=False, edgecolor=colour, linewidth=2.2, zorder=3))
    axes.text(x, y + 0.78, _short(text, 26), fontsize=7.5, va="center", color=colour, fontweight=weight)
    if not bold:
        axes.text(x + width, y + 0.78, detail, fontsize=7.5, va="center", ha="right", color="#555555")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _numbers(found: dict[str, Examples]) -> pd.DataFrame:
    rows = []
    for dataset, examples in found.items():
        for row, query in enumerate(examples.queries.tolist()):
            for rank, neighbour in enumerate(examples.neighbours[row].tolist()):
                rows.append(
                    {
                        "dataset": dataset,
                        "data": dataset_kind(lookup.dataset(dataset)),
                        "query": query,
                        "query_id": examples.query_ids[query],
                        "query_labels": examples.query_names[query],
                        "rank": rank + 1,
                        "database": neighbour,
                        "database_id": examples.database_ids[neighbour],
                        "database_labels": examples.database_names[neighbour],
                        "distance": int(examples.distances[row, rank]),
                        "relevant": None if examples.relevant is None else bool(examples.relevant[row, rank]),
                    }
                )
    return pd.DataFrame(rows)
