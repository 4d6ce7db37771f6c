"""Scores as a model card shows them: a table, and the model index of Hugging Face."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from s5vh.retrieval.uncertainty import student_interval
from s5vh.sharing.contents import Contents, SharedCell


def score_table(contents: Contents, metrics: Mapping[str, dict[str, Any]]) -> str:
    """mAP@N and GmAP as a Markdown table, one row for each method, code length and protocol.

    Scores are means over the seeds. Intervals are over seeds if there are several, else over queries; a column says so.

    Args:
        contents: what is in the folder.
        metrics: `metrics.json` by folder of a cell.
    """
    rows = [row for group in _groups(contents.cells) for row in _rows(group, contents, metrics)]
    if not rows:
        return "No scores: the videos have no labels."
    names = list(dict.fromkeys(name for _, scores, _ in rows for name in scores))
    header = ["data", "method", "bits", "protocol", *names, "95% interval"]
    body = [[*place, *(scores.get(name, "") for name in names), over] for place, scores, over in rows]
    protocols = {name: settings for cell in contents.cells for name, settings in cell.protocols.items()}
    notes = [f"- `{name}`: {_protocol(settings)}" for name, settings in protocols.items()]
    return "\n".join([markdown_table(header, body), "", "Protocols:", "", *notes])


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell, as a title may have, does not end it."""
    escaped = ([cell.replace("|", r"\|") for cell in row] for row in rows)
    first, *lines = (f"| {' | '.join(row)} |" for row in (header, *escaped))
    return "\n".join([first, "|" + "---|" * len(header), *lines])


def model_index(contents: Contents, metrics: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The entry `model-index` of a card's front matter: mAP@N and GmAP, means over the seeds."""
    models: dict[str, list[dict[str, Any]]] = {}
    for group in _groups(contents.cells):
        cell = group[0]
        values = [
            {
                "type": name,
                "name": f"{name} ({cell.bits} bits{_origin(cell)}, protocol {protocol})",
                "value": float(np.mean(numbers)),
            }
            for protocol in cell.protocols
            for name, numbers, _ in _scores(group, protocol, metrics)
        ]
        if values:
            data = {"type": cell.dataset, "name": contents.data[cell.dataset]["title"]}
            task = {"type": "video-retrieval", "name": "Video retrieval by Hamming distance"}
            models.setdefault(cell.method, []).append({"task": task, "dataset": data, "metrics": values})
    return [{"name": name, "results": results} for name, results in models.items()]


def _groups(cells: list[SharedCell]) -> Iterator[list[SharedCell]]:
    """Cells that differ in nothing but the seed."""
    found: dict[tuple[str, str, str, int, str], list[SharedCell]] = {}
    for cell in cells:
        key = cell.dataset, cell.trained_on, cell.method, cell.bits, str(cell.protocols)
        found.setdefault(key, []).append(cell)
    yield from found.values()


def _rows(
    group: list[SharedCell], contents: Contents, metrics: Mapping[str, dict[str, Any]]
) -> Iterator[tuple[list[str], dict[str, str], str]]:
    cell = group[0]
    title = contents.data[cell.dataset]["title"]
    for protocol in cell.protocols:
        found, over = {}, "none (one query)"
        for name, numbers, ends in _scores(group, protocol, metrics):
            mean, low, high = student_interval(numbers)
            if len(numbers) > 1:
                over = f"over {len(numbers)} seeds"
            elif ends:
                low, high = ends
                over = "over queries, one seed"
            bounds = "" if np.isnan(low) else f" ({low:.3f} to {high:.3f})"
            found[name] = f"{mean:.3f}{bounds}"
        yield [title, f"`{cell.method}`{_origin(cell)}", str(cell.bits), f"`{protocol}`"], found, over


def _scores(
    group: list[SharedCell], protocol: str, metrics: Mapping[str, dict[str, Any]]
) -> Iterator[tuple[str, list[float], list[float] | None]]:
    """Name, one value per seed, and the interval over queries of the first seed."""
    told = [metrics[cell.folder]["protocols"][protocol] for cell in group]
    interval = told[0]["interval"] or {}
    for cutoff in told[0]["mAP"]:
        yield f"mAP@{cutoff}", [one["mAP"][cutoff] for one in told], interval.get("mAP", {}).get(cutoff)
    yield "GmAP", [one["GmAP"] for one in told], interval.get("GmAP")


def _origin(cell: SharedCell) -> str:
    return f", trained on {cell.trained_on}" if cell.is_transfer else ""


def _protocol(settings: Mapping[str, Any]) -> str:
    own = "left out of the database" if settings["exclude_self"] else "stays in the database"
    return (
        f"AP@N divided by `{settings['denominator']}`, ties `{settings['ties']}`, a query that is also in the database "
        f"{own}"
    )
