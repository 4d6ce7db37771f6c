"""Caveats of the report: what makes scores, times or features of a run less than they seem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from s5vh.centers.statistics import SEPARATE_CENTERS, collapse
from s5vh.config import layout
from s5vh.config.grid import Run
from s5vh.reporting import collect, lookup
from s5vh.reporting.collect import read_csv
from s5vh.reporting.facts import CellFacts
from s5vh.reporting.protocol_study import NearDuplicates
from s5vh.reporting.words import WORK, listed, method_title

_COLLAPSED = 0.01  # distinct codes per video, below which rankings consist almost entirely of ties
_NAMED = 10  # pairs of near-duplicates


def warnings(run: Run, found: list[CellFacts]) -> list[str]:
    """Caveats about the scores."""
    messages: list[str] = []
    for facts in found:
        messages += _cell_warnings(facts, run)
    made = {str(facts.provenance.get("commit", "unknown")) for facts in found}
    commits = sorted({commit.removesuffix("-dirty")[:12] for commit in made})
    if len(commits) > 1:
        messages.append(f"The cells were created with {len(commits)} versions of the code: {', '.join(commits)}.")
    if any(commit.endswith("-dirty") for commit in made):
        messages.append("Some cells were created with uncommitted code changes.")
    if found and len(run.config.seeds) == 1:
        messages.append(
            "Only one seed: intervals and p-values are over queries, and the variance between training runs is unknown."
        )
    return list(dict.fromkeys(messages))


def video_warnings(run: Run, results: Path) -> Iterator[str]:
    """Caveats about features extracted from videos."""
    for name in run.datasets:
        config = lookup.dataset(name)
        if config.videos is None:
            continue
        if config.videos.untrained:
            yield f"{config.title}: frame features come from a network with random weights; the scores are meaningless."
        path = layout.videos(name, results)
        if not path.is_file():
            continue
        status = read_csv(path, ["status"]).status
        videos = int((status != "passed over").sum())
        for word, what in (("failed", "could not be read and are left out"), ("damaged", "are damaged or truncated")):
            if count := int((status == word).sum()):
                yield f"{config.title}: {count} of {videos} videos {what}; see {path} for details."
        if others := len(status) - videos:
            yield f"{config.title}: {others} files or folders beside the videos are not used; see {path} for reasons."


def near_duplicate_warnings(near: Mapping[str, NearDuplicates]) -> Iterator[str]:
    """Queries that have a near-duplicate in the database, by data set."""
    for name, found in near.items():
        if not found.queries:
            continue
        pairs = [f"{query} as {video} ({cosine:.3f})" for query, video, cosine in found.pairs[:_NAMED]]
        more = found.queries - len(pairs)
        rest = f", and {more:,} more in {found.path}" if more else ""
        yield (
            f"{lookup.dataset(name).title}: {found.queries:,} of {found.of:,} queries have a near-duplicate in the "
            f"database besides themselves, with a cosine of the time-averaged features of at least {found.level:g}: "
            f"{', '.join(pairs)}{rest}. No protocol leaves them out."
        )


def efficiency_warnings(run: Run, results: Path) -> Iterator[str]:
    """Caveats about the time measurements."""
    points, _ = collect.efficiency(run, results)
    found: dict[str, dict[str, str]] = {}
    for (method, purpose), why in collect.disturbances(points).items():
        found.setdefault(method, {})[WORK[purpose]] = why
    for method, reasons in found.items():
        yield (
            f"The times of {method_title(method)} ({listed(list(reasons))}) were measured on a busy machine "
            f"({'; '.join(dict.fromkeys(reasons.values()))}), so they are not fitted. Measure again when nothing else "
            "runs: snakemake scaling --forcerun measure_efficiency"
        )


def _cell_warnings(facts: CellFacts, run: Run) -> Iterator[str]:
    config = lookup.dataset(facts.cell.dataset)
    main = facts.metrics["protocols"].get(run.config.main_protocol, {})
    kept = [name for name, protocol in run.config.protocols.items() if not protocol.exclude_self]
    within = facts.metrics.get("queries_in_database", 0)
    where = f"Protocol {', '.join(f'`{name}`' for name in kept)} keeps them in the ranking." if kept else ""
    if config.self_queries:
        yield f"{config.title}: queries and database are the same videos, so each query retrieves itself. {where}"
    elif within:
        total = main.get("queries", "the")
        pairs = facts.metrics.get("queries_in_database_examples", [])
        example = "".join(f", e.g. {query} as {video}" for query, video in pairs[:1])
        yield f"{config.title}: {within} of {total} queries are also in the database, bit for bit{example}. {where}"
    if without := main.get("queries_without_relevant", 0):
        yield f"{config.title}: {without} queries have no relevant video in the database; their AP is 0."
    if beyond := main.get("cutoffs_beyond_database"):
        yield (
            f"{config.title}: the database is smaller than N = {', '.join(map(str, beyond))}; missing ranks count as "
            "irrelevant."
        )
    codes = facts.metrics.get("codes", {}).get("database", {})
    if codes and codes["distinct_codes"] <= max(1, _COLLAPSED * codes["videos"]) and codes["videos"] > 1:
        cell = facts.cell
        number_of_codes = codes["distinct_codes"]
        different = "a single code" if number_of_codes == 1 else f"only {number_of_codes} distinct codes"
        yield (
            f"{config.title}: the codes of {method_title(cell.method)} have collapsed: {different} for "
            f"{codes['videos']:,} videos at {cell.bits} bits (seed {cell.seed}). The ranking is mostly the database "
            "order, so the scores mean little."
        )
    if facts.metrics.get("encoding", {}).get("precision") == "bfloat16":
        yield f"{config.title}: networks encoded the videos in bfloat16, so single bits differ from codes in float32."
    if (agreeing := facts.training.get("agreeing_videos", 1.0)) < 1:
        yield (
            f"{config.title}: {method_title(facts.cell.method)} aligns only {agreeing:.0%} of the training videos with "
            "the hash center of their own cluster, because its pseudo-labels and centers come from separate "
            "clusterings with unrelated indices, as in the released code."
        )
    if "distinct_centers" in facts.training:
        problem = collapse(facts.training["distinct_centers"], facts.training["centers"], facts.cell.bits)
        if problem:
            yield f"{config.title}: {method_title(facts.cell.method)}: {problem}; {SEPARATE_CENTERS}."
    if "imported" in facts.training:
        yield (
            f"{config.title}: {method_title(facts.cell.method)} was imported. Its files do not say how the checkpoint "
            "was selected; the authors' code selects by mAP@5 on the test queries."
        )
    if facts.training.get("selection") == "published":
        yield (
            f"{config.title}: checkpoints were selected by mAP@5 on the test queries, as for the published numbers; "
            "such scores are optimistic."
        )
