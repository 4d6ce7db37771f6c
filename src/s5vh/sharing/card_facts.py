"""Facts of a model card beside the scores: data, recipe, hardware and time, and caveats."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig
from s5vh.config.load import load_dataset, load_departures
from s5vh.methods.cell import Cell
from s5vh.methods.load import load_method, method_chain
from s5vh.methods.settings import DESCRIPTIVE
from s5vh.sharing.card_scores import markdown_table
from s5vh.sharing.comparison import leaves
from s5vh.sharing.contents import Contents, SharedCell

_NOT_STATED = "not stated"


def warnings(contents: Contents, metrics: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """What a reader must know before the scores, one sentence each."""
    for name in contents.data:
        config = dataset_config(name)
        if config is not None and config.kind == "demo":
            yield f"{config.title} is made to show that everything works. It is not a benchmark."
        title, queries = contents.data[name]["title"], contents.data[name]["queries"]
        told = [metrics[cell.folder] for cell in contents.cells if cell.dataset == name]
        if any((one.get("training") or {}).get("selection") == "published" for one in told):
            yield (
                f"{title}: the weights were selected by mAP@5 on the test queries, as for the published numbers; such "
                "scores are optimistic."
            )
        if inside := max(one.get("queries_in_database", 0) for one in told):
            yield (
                f"{title}: {inside:,} of {queries:,} queries are also in the database; protocols say whether they find "
                "themselves."
            )


def data_facts(name: str, record: Mapping[str, Any]) -> str:
    """A list about one data set."""
    lines = [f"**{record['title']}** (`{name}`)", ""]
    config = dataset_config(name)
    if config is not None:
        source = config.source
        lines += [
            f"- features: {config.frames} frames per video, {config.feature_size} values per frame, {config.network}",
            f"- videos: {source.homepage or _NOT_STATED}; {source.citation or 'no citation stated'}",
            f"- licence: {source.licence or _NOT_STATED}",
        ]
    searched = "every video of the database is a query" if record["queries_are_database"] else (
        f"{record['queries']:,} queries"
    )  # fmt: skip
    classes = f", {record['classes']} classes" if record["classes"] else ", no labels"
    lines.append(f"- searched: {record['database']:,} videos, {searched}{classes}")
    lines.append(f"- digest of ids, labels and self-matches: `{record['digest']}`")
    return "\n".join(lines)


def recipe_facts(cells: Sequence[SharedCell], settings: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """A list about each method, on each data set, with what differs from its recipe."""
    seen: dict[tuple[str, str], SharedCell] = {}
    for cell in cells:
        seen.setdefault((cell.method, cell.trained_on), cell)
    for (method, dataset), cell in seen.items():
        own = settings[cell.folder]["settings"]
        lines = [f"**`{method}`** trained on `{dataset}`, implementation `{own['implementation']}`", ""]
        lines.append(f"- all settings: `{cell.folder}/settings.json`")
        try:
            lines += list(_differences(Cell.from_json(json.dumps(settings[cell.folder]))))
        except UserError:  # a method of the user's own that is gone, or has changed
            lines.append("- its recipe is not installed here, so departures from it are not listed")
        yield "\n".join(lines)


def run_facts(cells: Sequence[SharedCell], metrics: Mapping[str, dict[str, Any]]) -> str:
    """A table of where and how long every model was trained."""
    header = ["cell", "trained on", "training", "parameters", "codes in", "s5vh", "commit"]
    rows = []
    for cell in cells:
        told = metrics[cell.folder]
        training = told.get("training") or {}
        made = (told.get("provenance") or {}).get("model") or {}
        hardware = made.get("hardware") or {}
        device = made.get("device", "?")
        where = f"{hardware.get('cpu', '?')}, {hardware.get('cores', '?')} cores" if device == "cpu" else str(device)
        rows.append([
            f"`{cell.folder}`",
            where,
            _duration(training, made),
            f"{training['parameters']:,}" if "parameters" in training else "-",
            (told.get("encoding") or {}).get("precision") or "no network",
            str(made.get("s5vh", "?")),
            f"`{str(made.get('commit', '?'))[:18]}`",
        ])  # fmt: skip
    return markdown_table(header, rows)


def _duration(training: Mapping[str, Any], made: Mapping[str, Any]) -> str:
    if "imported" in training:
        return "imported from its authors' checkpoint"
    if "seconds" in training:
        return f"{training['seconds']:,.0f} s, {training.get('epochs', '?')} epochs"
    return f"{made['fit_seconds']:,.1f} s" if "fit_seconds" in made else "?"


def _differences(cell: Cell) -> Iterator[str]:
    """Lines on how settings differ from the recipe that the method extends, named departures first."""
    root = method_chain(cell.method)[0].name
    recipe, mine = (
        dict(leaves(one.model_dump(mode="json", exclude=set(DESCRIPTIVE))))
        for one in (load_method(root), cell.settings)
    )
    changed = {path: value for path, value in mine.items() if recipe.get(path) != value}
    named = {}
    for switch, departure in load_departures(root).items():
        wanted = dict(leaves(departure.settings))
        if wanted and all(changed.get(path, ...) == value for path, value in wanted.items()):
            named[switch] = departure
            changed = {path: value for path, value in changed.items() if path not in wanted}
    yield f"- recipe: `{root}`; departures from it that have a name: {len(named) or 'none'}"
    for switch, departure in named.items():
        yield f"  - `{switch}`: {departure.released} (recipe: {departure.recipe})"
    if changed:
        yield "- further settings that this method, data set or run changed:"
        for path, value in changed.items():
            yield f"  - `{'.'.join(map(str, path))}`: {value} (recipe: {recipe.get(path)})"


def dataset_config(name: str) -> DatasetConfig | None:
    """The data set's configuration, or None if its file is gone or no longer readable."""
    try:
        return load_dataset(name)
    except UserError:
        return None
