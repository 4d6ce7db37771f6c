"""Content of the report besides figures, tables and caveats: cells, provenance, settings, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s5vh.config import layout
from s5vh.config.grid import GridCell, Run, cells
from s5vh.data.download.availability import missing_message
from s5vh.methods.load import load_method, method_chain
from s5vh.methods.settings import DESCRIPTIVE
from s5vh.reporting import lookup
from s5vh.reporting.collect import read_metrics
from s5vh.reporting.protocol_study import NearDuplicates
from s5vh.reporting.published_numbers import table_of
from s5vh.reporting.table import Block, Entry
from s5vh.reporting.transfer_pairs import obstacle, unfit
from s5vh.reporting.words import dataset_kind, describe, duration, method_title, number
from s5vh.retrieval.result import RADIUS


@dataclass(frozen=True)
class CellFacts:
    """One cell and its metrics.json."""

    cell: GridCell
    metrics: dict[str, Any]

    @property
    def training(self) -> dict[str, Any]:
        """Selection, epochs and seconds; empty for methods that are fitted rather than trained."""
        return self.metrics.get("training") or {}

    @property
    def provenance(self) -> dict[str, Any]:
        """Provenance of the model, or of the evaluation if the model has none."""
        evaluated = self.metrics.get("provenance") or {}
        return evaluated.get("model") or evaluated


def all_cells(run: Run, results: Path) -> list[CellFacts]:
    """Every cell of the run with its metrics; a missing or broken file raises `UserError`."""
    protocols = run.config.protocols
    return [
        CellFacts(
            cell,
            read_metrics(
                layout.cell(*cell, results) / "metrics.json", () if cell.dataset in run.unlabelled else protocols
            ),
        )
        for cell in cells(run.config, run.datasets)
    ]


def data_block(run: Run, found: list[CellFacts], near: Mapping[str, NearDuplicates]) -> Block:
    """The data sets: kind, sizes, features, clusters; `near` are those whose near-duplicates were looked for."""
    columns = ["Data set", "kind", "queries", "database", "queries in the database", "queries with near-duplicates",
               "frames", "feature dimension", "classes", "backbone", "clusters"]  # fmt: skip
    rows = []
    for name in run.datasets:
        config = lookup.dataset(name)
        metrics = next((f.metrics for f in found if f.cell.dataset == name), {})
        scores = next(iter(metrics.get("protocols", {}).values()), {})
        within = metrics.get("queries_in_database")
        codes = metrics.get("codes", {})
        sizes = [
            f"{scores[key]:,}" if key in scores else f"{codes[part]['videos']:,}" if part in codes else ""
            for key, part in (("queries", "query"), ("database", "database"))
        ]
        for count in (within, near[name].queries if name in near else None):
            sizes.append("" if count is None else f"{count:,}" if count else "none")
        classes = metrics.get("classes", "none") if config.classes is None else config.classes
        values = [config.frames, config.feature_size, classes, config.network, config.semantics.clusters]
        rows.append([Entry(str(value)) for value in (config.title, dataset_kind(config), *sizes, *values)])
    return Block("", columns, rows)


def cell_block(dataset: str, run: Run, found: list[CellFacts]) -> Block:
    """One row per cell of a data set."""
    main = run.config.main_protocol
    cutoffs = run.config.protocols[main].cutoffs
    shown = list(dict.fromkeys((cutoffs[0], cutoffs[-1])))
    columns = ["Method", "bits", "seed", *(f"GmAP, {name}" for name in run.config.protocols)]
    columns += [f"GmAP, worst to best tie order, {main}", *(f"mAP@{n}" for n in shown)]
    columns += [f"precision within radius {RADIUS}, empty as 0", "without empty queries", "empty queries"]
    columns += ["selected epoch", "epochs", "training time", "parameters", "device", "created", "settings"]
    rows = []
    for facts in found:
        if facts.cell.dataset != dataset:
            continue
        scores, training = facts.metrics["protocols"], facts.training
        line = [method_title(facts.cell.method), str(facts.cell.bits), str(facts.cell.seed)]
        if dataset in run.unlabelled:
            line += [""] * (len(run.config.protocols) + 4 + len(shown))
        else:
            line += [number(scores[name]["GmAP"], 4) for name in run.config.protocols]
            line.append(" to ".join(number(bound, 4) for bound in scores[main]["tie_bounds"]["GmAP"]))
            line += [number(scores[main]["mAP"].get(str(n)), 4) for n in shown]
            within = scores[main]["hamming_radius"]
            line += [number(within["precision"], 4), number(within["precision_retrieving"], 4)]
            line.append(f"{within['queries_without_retrieved']:,}")
        line += [str(training.get("epoch", "")), str(training.get("epochs", "")), duration(training.get("seconds"))]
        line += [
            f"{training['parameters']:,}" if "parameters" in training else "",
            str(facts.provenance.get("device", "")),
        ]
        line += [
            str(facts.provenance.get("created", ""))[:16].replace("T", " "),
            str(facts.provenance.get("settings_digest", "")),
        ]
        rows.append([Entry(text) for text in line])
    return Block("", columns, rows)


def time_block(run: Run, found: list[CellFacts]) -> Block | None:
    """Training time by method and code length, next to the time logged by the authors if there is one."""
    published = table_of("wall_clock").set_index(["method", "variant", "dataset", "bits"])
    rows = []
    quoted = False
    for facts in found:
        if "seconds" not in facts.training:
            continue
        config, method = lookup.dataset(facts.cell.dataset), lookup.method(facts.cell.method)
        recipe = method.published
        key = recipe and (recipe.method, recipe.variant, config.published_name, facts.cell.bits)
        theirs = ""
        if key and key in published.index:
            row = published.loc[key]
            theirs, quoted = f"{duration(row.total_seconds)} ({row.epochs:.0f} epochs)", True
        line = [config.title, method.title, str(facts.cell.bits), str(facts.cell.seed), str(facts.training["epochs"])]
        rows.append(
            [Entry(text) for text in (*line, duration(facts.training["seconds"]))] + [Entry(theirs, quoted=True)]
        )
    if not rows:
        return None
    columns = ["Data set", "method", "bits", "seed", "epochs", "training time", "authors' log"]
    note = (
        "The authors' times include loading and evaluation, ours are those of the epochs. Hardware differs, and their "
        "runs overlapped."
    )
    if not quoted:
        return Block("", columns[:-1], [row[:-1] for row in rows])
    return Block("", columns, rows, note)


def missing(run: Run) -> list[tuple[str, str]]:
    """(title, reason and remedy) for everything that was requested, or could be, but did not run."""
    absent = [] if run.is_archive else run.missing  # of no interest to who looks at own videos
    messages = [(lookup.dataset(name).title, missing_message({name: lookup.dataset(name)})) for name in absent]
    messages = [(title, text or "not part of this run") for title, text in messages]
    for name in run.unlabelled:
        if name in run.datasets:
            messages.append((f"Scores on {lookup.dataset(name).title}", "the videos have no labels"))
    for pair in run.config.transfer_pairs():
        titles = [lookup.dataset(name).title for name in (pair.train, pair.test)]
        without = ", ".join(method_title(name) for name in unfit(pair, run))
        if why := obstacle(pair, run) or (without and f"another number of frames, so without {without}"):
            messages.append((f"Transfer {titles[0]} to {titles[1]}", why))
    return list(dict.fromkeys(messages))


def departures(dataset: str, method: str, run: Run) -> Block:
    """Settings of a method on a data set that differ from the implementation's defaults, and where they are set."""
    config = lookup.dataset(dataset)
    steps = [
        (f"config/methods/{method}.yaml, or what it extends", lookup.method(method)),
        (_dataset_source(dataset, method), load_method(method, dataset)),
        ("overrides of this run", load_method(method, dataset, run.config.overrides)),
    ]
    final = steps[-1][1]
    defaults = dict(_flat(type(final)(title=final.title, implementation=final.implementation).model_dump(mode="json")))
    rows = []
    for key, value in _flat(final.model_dump(mode="json")):
        if value == defaults.get(key) or key.split(".")[0] in DESCRIPTIVE:
            continue
        source, before = "", defaults.get(key)
        for name, settings in steps:
            now = dict(_flat(settings.model_dump(mode="json"))).get(key)
            source, before = (name if now != before else source), now
        if key.startswith("semantics.") and _flat_value(config.semantics, key) == value:
            source = f"config/datasets/{dataset}.yaml"
        rows.append([Entry(key), Entry(_plain(value)), Entry(_plain(defaults.get(key))), Entry(source)])
    return Block("", ["Setting", "value", "default", "set by"], rows)


def _dataset_source(dataset: str, method: str) -> str:
    """The files with the method's settings for this data set."""
    chain = method_chain(method)
    files = [f"config/methods/{link.name.split('+')[0]}.yaml" for link in chain if dataset in link.datasets]
    if set(lookup.dataset(dataset).methods) & {link.name for link in chain}:
        files.append(f"config/datasets/{dataset}.yaml")
    return ", ".join(dict.fromkeys(files)) or f"config/datasets/{dataset}.yaml"


def _flat_value(settings: Any, key: str) -> Any:
    return settings.model_dump(mode="json").get(key.removeprefix("semantics."))


def _flat(settings: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _plain(value: Any) -> str:
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def provenance_rows(found: list[CellFacts]) -> list[tuple[str, str]]:
    """(name, values) over all cells: code, machines, libraries, times."""
    records = [facts.provenance for facts in found] + [facts.metrics.get("provenance") or {} for facts in found]
    rows = [
        ("s5vh", _values(record.get("s5vh") for record in records)),
        ("commit", _values(record.get("commit") for record in records)),
        ("device", _values(record.get("device") for record in records)),
        ("machine", _values(_machine(record) for record in records)),
        ("threads", _values(record.get("threads") for record in records)),
    ]
    libraries = list(dict.fromkeys(name for record in records for name in record.get("libraries", {})))
    rows += [(name, _values(record.get("libraries", {}).get(name) for record in records)) for name in libraries]
    times = sorted(str(record["created"]) for record in records if record.get("created"))
    if times:
        rows.append(("created", times[0] if times[0] == times[-1] else f"{times[0]} to {times[-1]}"))
    return [(name, value) for name, value in rows if value]


def _machine(record: dict[str, Any]) -> str | None:
    hardware = record.get("hardware")
    if not hardware:
        return None
    return f"{hardware.get('cpu')}, {hardware.get('cores')} cores, {hardware.get('memory_gib')} GiB"


def _values(values: Any) -> str:
    return "; ".join(dict.fromkeys(str(value) for value in values if value is not None))


def protocol_rows(run: Run) -> list[tuple[str, str]]:
    """(name, description) of the protocols; the first is marked as the main one."""
    rows = []
    for name, protocol in run.config.protocols.items():
        cutoffs = ", ".join(map(str, protocol.cutoffs))
        first = " Main protocol, used by figures, tables and training curves." if not rows else ""
        rows.append((name, f"{describe(protocol)}. N = {cutoffs}.{first}"))
    return rows
