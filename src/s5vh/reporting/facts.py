"""What the report says beside figures and tables: cells, provenance, warnings, departures, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s5vh.config import layout
from s5vh.config.grid import GridCell, Run, cells
from s5vh.data.download.availability import missing_message
from s5vh.methods.load import load_method, method_chain
from s5vh.methods.settings import DESCRIPTIVE
from s5vh.reporting import lookup
from s5vh.reporting.collect import read_csv, read_metrics
from s5vh.reporting.published_numbers import table_of
from s5vh.reporting.table import Block, Entry
from s5vh.reporting.words import dataset_kind, describe, duration, method_title, number

_COLLAPSED = 0.01  # different codes a video; below that, nearly all of a ranking is ties


@dataclass(frozen=True)
class CellFacts:
    """One cell and its metrics.json."""

    cell: GridCell
    metrics: dict[str, Any]

    @property
    def training(self) -> dict[str, Any]:
        """Selection, epochs and seconds; empty for methods that are fitted in one go."""
        return self.metrics.get("training") or {}

    @property
    def made(self) -> dict[str, Any]:
        """Provenance of the model; that of the evaluation where the model carries none."""
        evaluated = self.metrics.get("provenance") or {}
        return evaluated.get("model") or evaluated


def all_cells(run: Run, results: Path) -> list[CellFacts]:
    """Every cell of the run with its metrics; a missing or broken file is a `UserError`."""
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


def data_block(run: Run, found: list[CellFacts]) -> Block:
    """The data sets: kind, sizes, features, clusters."""
    columns = ["Data set", "what it is", "queries", "database", "queries in the database", "frames", "values a frame",
               "classes", "features by", "clusters"]  # fmt: skip
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
        sizes.append("" if within is None else f"{within:,}" if within else "none")
        classes = metrics.get("classes", "none") if config.classes is None else config.classes
        values = [config.frames, config.feature_size, classes, config.backbone, config.semantics.clusters]
        rows.append([Entry(str(value)) for value in (config.title, dataset_kind(config), *sizes, *values)])
    return Block("", columns, rows)


def cell_block(dataset: str, run: Run, found: list[CellFacts]) -> Block:
    """Every cell of a data set in a line."""
    main = run.config.main_protocol
    cutoffs = run.config.protocols[main].cutoffs
    shown = list(dict.fromkeys((cutoffs[0], cutoffs[-1])))
    columns = ["Method", "bits", "seed", *(f"GmAP, {name}" for name in run.config.protocols)]
    columns += [f"GmAP if ties fall worst to best, {main}", *(f"mAP@{n}" for n in shown)]
    columns += ["epoch kept", "epochs", "training", "parameters", "device", "made", "settings"]
    rows = []
    for facts in found:
        if facts.cell.dataset != dataset:
            continue
        scores, training = facts.metrics["protocols"], facts.training
        line = [method_title(facts.cell.method), str(facts.cell.bits), str(facts.cell.seed)]
        if dataset in run.unlabelled:
            line += [""] * (len(run.config.protocols) + 1 + len(shown))
        else:
            line += [number(scores[name]["GmAP"], 4) for name in run.config.protocols]
            line.append(" to ".join(number(bound, 4) for bound in scores[main]["tie_bounds"]["GmAP"]))
            line += [number(scores[main]["mAP"].get(str(n)), 4) for n in shown]
        line += [str(training.get("epoch", "")), str(training.get("epochs", "")), duration(training.get("seconds"))]
        line += [f"{training['parameters']:,}" if "parameters" in training else "", str(facts.made.get("device", ""))]
        line += [str(facts.made.get("created", ""))[:16].replace("T", " "), str(facts.made.get("settings_digest", ""))]
        rows.append([Entry(text) for text in line])
    return Block("", columns, rows)


def time_block(run: Run, found: list[CellFacts]) -> Block | None:
    """Training time by method and code length; the authors' logged time beside it where there is one."""
    printed = table_of("wall_clock").set_index(["method", "variant", "dataset", "bits"])
    rows = []
    quoted = False
    for facts in found:
        if "seconds" not in facts.training:
            continue
        config, method = lookup.dataset(facts.cell.dataset), lookup.method(facts.cell.method)
        recipe = method.published
        key = recipe and (recipe.method, recipe.variant, config.published_name, facts.cell.bits)
        theirs = ""
        if key and key in printed.index:
            row = printed.loc[key]
            theirs, quoted = f"{duration(row.total_seconds)} ({row.epochs:.0f} epochs)", True
        line = [config.title, method.title, str(facts.cell.bits), str(facts.cell.seed), str(facts.training["epochs"])]
        rows.append(
            [Entry(text) for text in (*line, duration(facts.training["seconds"]))] + [Entry(theirs, quoted=True)]
        )
    if not rows:
        return None
    columns = ["Data set", "method", "bits", "seed", "epochs", "training", "authors' log"]
    note = "The authors' times include loading and evaluation, on other hardware, with runs that overlapped."
    if not quoted:
        return Block("", columns[:-1], [row[:-1] for row in rows])
    return Block("", columns, rows, note)


def warnings(run: Run, found: list[CellFacts]) -> list[str]:
    """What a reader must know before trusting a number."""
    said: list[str] = []
    for facts in found:
        said += _cell_warnings(facts, run)
    made = {str(facts.made.get("commit", "unknown")) for facts in found}
    commits = sorted({commit.removesuffix("-dirty")[:12] for commit in made})
    if len(commits) > 1:
        said.append(f"The cells come from {len(commits)} states of the code: {', '.join(commits)}.")
    if any(commit.endswith("-dirty") for commit in made):
        said.append("Some cells were made with uncommitted changes in the code.")
    if found and len(run.config.seeds) == 1:
        said.append(
            "One seed: intervals and p-values are over queries; how far another training would end from this one is "
            "not known."
        )
    return list(dict.fromkeys(said))


def video_warnings(run: Run, results: Path) -> Iterator[str]:
    """The same of the videos that features were extracted from."""
    for name in run.datasets:
        config = lookup.dataset(name)
        if config.videos is None:
            continue
        if config.videos.untrained:
            yield f"{config.title}: frame features come from a network with random weights; its scores mean nothing."
        path = layout.videos(name, results)
        if not path.is_file():
            continue
        status = read_csv(path, ["status"]).status
        for word, what in (("failed", "could not be read and are left out"), ("damaged", "are damaged or cut off")):
            if count := int((status == word).sum()):
                yield f"{config.title}: {count} of {len(status)} videos {what}; {path} says why."


def _cell_warnings(facts: CellFacts, run: Run) -> Iterator[str]:
    config = lookup.dataset(facts.cell.dataset)
    main = facts.metrics["protocols"].get(run.config.main_protocol, {})
    kept = [name for name, protocol in run.config.protocols.items() if not protocol.exclude_self]
    within = facts.metrics.get("queries_in_database", 0)
    where = f"Protocol {', '.join(f'`{name}`' for name in kept)} leaves them in the ranking." if kept else ""
    if config.self_queries:
        yield f"{config.title}: the queries are the database, so each query finds itself. {where}"
    elif within:
        total = main.get("queries", "the")
        pairs = facts.metrics.get("queries_in_database_examples", [])
        example = "".join(f", e.g. {query} as {video}" for query, video in pairs[:1])
        yield f"{config.title}: {within} of {total} queries are in the database too, value for value{example}. {where}"
    if lonely := main.get("queries_without_relevant", 0):
        yield f"{config.title}: {lonely} queries have nothing relevant in the database and count 0."
    if beyond := main.get("cutoffs_beyond_database"):
        yield f"{config.title}: the database is smaller than N = {', '.join(map(str, beyond))}; missing ranks count 0."
    codes = facts.metrics.get("codes", {}).get("database", {})
    if codes and codes["distinct_codes"] <= max(1, _COLLAPSED * codes["videos"]) and codes["videos"] > 1:
        cell = facts.cell
        number_of_codes = codes["distinct_codes"]
        different = "one and the same code" if number_of_codes == 1 else f"only {number_of_codes} different codes"
        yield (
            f"{config.title}: {method_title(cell.method)} gives {codes['videos']:,} videos {different} at {cell.bits} "
            f"bits (seed {cell.seed}). Its ranking is mostly the order of the database, and its scores mean little."
        )
    if (agreeing := facts.training.get("agreeing_videos", 1.0)) < 1:
        yield (
            f"{config.title}: {method_title(facts.cell.method)} aligns {agreeing:.0%} of the training videos with the "
            "hash center that comes from their own cluster; its pseudo-labels and centers are numbered apart, as in "
            "the released code."
        )
    if "imported" in facts.training:
        yield (
            f"{config.title}: {method_title(facts.cell.method)} was imported. Its files do not say how the weights "
            "were selected; the authors' program keeps those with the best mAP@5 on the test queries."
        )
    if facts.training.get("selection") == "published":
        yield (
            f"{config.title}: networks were kept at their best mAP@5 on the test queries, as the published numbers "
            "were chosen; such scores are optimistic."
        )


def missing(run: Run) -> list[tuple[str, str]]:
    """(title, why and what to do) of everything that was asked for, or could be, and did not run."""
    said = [(lookup.dataset(name).title, missing_message({name: lookup.dataset(name)})) for name in run.absent]
    said = [(title, text or "not part of this run") for title, text in said]
    for name in run.unlabelled:
        said.append((f"Scores on {lookup.dataset(name).title}", "its videos have no labels, so nothing can be scored"))
    for pair in run.config.transfer:
        lacking = [lookup.dataset(name).title for name in (pair.train, pair.test) if name not in run.datasets]
        if lacking:
            title = f"Transfer {lookup.dataset(pair.train).title} to {lookup.dataset(pair.test).title}"
            said.append((title, f"needs {' and '.join(lacking)}, not part of this run"))
    return said


def departures(dataset: str, method: str, run: Run) -> Block:
    """Settings of a method on a data set that differ from the implementation's defaults, and which file says so."""
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
    """The files that say what is special on a data set, as far as they do."""
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
    """(fact, values) over all cells: code, machines, libraries, times."""
    records = [facts.made for facts in found] + [facts.metrics.get("provenance") or {} for facts in found]
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
        rows.append(("made", times[0] if times[0] == times[-1] else f"{times[0]} to {times[-1]}"))
    return [(name, value) for name, value in rows if value]


def _machine(record: dict[str, Any]) -> str | None:
    hardware = record.get("hardware")
    if not hardware:
        return None
    return f"{hardware.get('cpu')}, {hardware.get('cores')} cores, {hardware.get('memory_gib')} GiB"


def _values(values: Any) -> str:
    return "; ".join(dict.fromkeys(str(value) for value in values if value is not None))


def protocol_rows(run: Run) -> list[tuple[str, str]]:
    """(name, in words) of the protocols; the first one is marked."""
    rows = []
    for name, protocol in run.config.protocols.items():
        cutoffs = ", ".join(map(str, protocol.cutoffs))
        first = " Main protocol: of the figures, the tables and the curves along training." if not rows else ""
        rows.append((name, f"{describe(protocol)}. N = {cutoffs}.{first}"))
    return rows
