"""Loading settings of methods and cells. Imports stay light: the Snakefile uses this at parse time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError

from s5vh.base.errors import UserError
from s5vh.config.grid_cell import GridCell
from s5vh.config.load import find, load_dataset, load_departures, merge, names, read_yaml
from s5vh.config.validation import explain, suggestion
from s5vh.methods.cell import Cell, cell_of
from s5vh.methods.discovery import settings_class
from s5vh.methods.settings import MethodSettings

_OWN_KEYS = ("published", "checked_against")  # apply to one recipe, not to recipes that extend it
_LINK_KEYS = ("extends", "datasets")  # keys of a method's file that are not settings


class Link:
    """One link of a method's `extends` chain: a file, or a departure applied on top.

    Attributes:
        name: file name, or e.g. `s5vh+xavier`.
        settings: its settings for all data sets.
        datasets: its settings for individual data sets, by name.
    """

    def __init__(self, name: str, content: Mapping[str, Any], where: str):
        self.name = name
        self.settings = {key: value for key, value in content.items() if key not in _LINK_KEYS}
        self.datasets = content.get("datasets") or {}
        if not isinstance(self.datasets, dict) or not all(isinstance(v, dict) for v in self.datasets.values()):
            raise UserError(f"{where}: datasets: must map data set names to settings")


def method_chain(name: str) -> list[Link]:
    """A method's `extends` chain, from the root to the method itself.

    `s5vh+xavier` is `s5vh` with the departure `xavier` as the last link.
    """
    base, *switches = name.split("+")
    chain: list[Link] = []
    seen: list[str] = []
    current: str | None = base
    while current is not None:
        if current in seen:
            raise UserError(f"method '{name}': 'extends' is circular: {' -> '.join([*seen, current])}")
        seen.append(current)
        file = find("methods", current)
        content = read_yaml(file)
        chain.insert(0, Link(current, content, str(file)))
        current = content.get("extends")
        if current is not None and not isinstance(current, str):
            raise UserError(f"{file}: extends: must be the name of a method, got {current!r}")
    root = chain[0].name
    known = load_departures(root) if switches else {}
    for count, switch in enumerate(switches, start=1):
        if switch not in known:
            hint = suggestion(switch, known)
            raise UserError(f"method '{name}': no departure '{switch}' in config/departures/{root}.yaml{hint}")
        title = f"{chain[-1].settings.get('title', base)} + {known[switch].title}"
        content = {"title": title, "datasets": known[switch].datasets} | known[switch].settings
        chain.append(Link("+".join([base, *switches[:count]]), content, f"config/departures/{root}.yaml"))
    return chain


def load_method(name: str, dataset: str | None = None, overrides: Mapping[str, Any] | None = None) -> MethodSettings:
    """Load the settings of a method, optionally on a data set.

    In increasing precedence: for methods that cluster, the data set's `semantics`; then, for each link of the `extends`
    chain starting at the root: the file, its `datasets:` entries for the data set's `settings_of` and for the data set,
    the data set's entry for that method, the entry in `overrides`. So a data set's settings for `s5vh` apply to all its
    ablations, and an ablation's own switch still takes precedence. Only `published` and `checked_against` are not
    inherited.

    Args:
        name: name of a file in config/methods, optionally with departures (`s5vh+xavier`).
        dataset: name of the data set.
        overrides: settings by method name that take precedence.
    """
    data = None if dataset is None else load_dataset(dataset)
    if data is not None and data.settings_of not in (None, *names("datasets")):
        hint = suggestion(data.settings_of, names("datasets"))
        raise UserError(f"{find('datasets', dataset)}: settings_of: no data set '{data.settings_of}'{hint}")
    merged: dict[str, Any] = {}
    for link in method_chain(name):
        for key in _OWN_KEYS:
            merged.pop(key, None)
        merged = merge(merged, link.settings)
        if data is not None:
            for relative in (data.settings_of, dataset):
                merged = merge(merged, link.datasets.get(relative, {}))
            merged = merge(merged, data.methods.get(link.name, {}))
        merged = merge(merged, (overrides or {}).get(link.name, {}))
    where = str(find("methods", name.split("+")[0]))
    if "implementation" not in merged:
        raise UserError(f"{where}: key 'implementation' is missing")
    if not isinstance(merged["implementation"], str):
        raise UserError(f"{where}: implementation: must be the name of a method, got {merged['implementation']!r}")
    settings = settings_class(merged["implementation"], f"{where}: implementation")
    if data is not None and "semantics" in settings.model_fields:
        merged = merge({"semantics": data.semantics.model_dump()}, merged)
    try:
        return settings.model_validate(merged)
    except ValidationError as error:
        raise explain(error, where, settings) from None


def resolve_cell(
    dataset_name: str,
    method_name: str,
    bits: int,
    seed: int,
    overrides: Mapping[str, Any] | None = None,
    seeds_also_vary: Collection[str] = (),
) -> Cell:
    """Resolve all settings of one cell: one method on one data set at one code length with one seed.

    `overrides` and `seeds_also_vary` are those of the run's configuration.
    """
    settings = load_method(method_name, dataset_name, overrides)
    return cell_with(settings, GridCell(dataset_name, method_name, bits, seed), seeds_also_vary)


def cell_with(settings: MethodSettings, place: GridCell, seeds_also_vary: Collection[str] = ()) -> Cell:
    """The cell at this place of the grid, given the settings of its method on its data set."""
    return cell_of(place._asdict() | {"settings": settings.with_seeds(place.seed, seeds_also_vary)})
