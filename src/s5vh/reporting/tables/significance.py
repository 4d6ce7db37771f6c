"""Paired comparisons of methods on the same queries: differences with intervals and significance tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from s5vh.config.grid import Run
from s5vh.reporting.collect import query_scores
from s5vh.reporting.table import LEVEL_OF_TEST, Block, Entry, Table
from s5vh.reporting.words import caption, chance, dataset_title, difference_interval, kinds, method_title, number
from s5vh.retrieval.uncertainty import (
    EXACT_QUERIES,
    PERMUTATIONS,
    RESAMPLES,
    geometric_means,
    holm,
    percentiles,
    resampled_means,
    sign_flip_test,
    student_interval,
)

STUDIES = {"methods": "the other methods", "ablations": "its ablations"}
FEW_QUERIES = 30  # below this, percentile intervals of a mean are clearly too narrow
TESTED = "AP"  # per-query AP averaged over the cut-offs, the quantity that is tested
DIFFER = "queries or database differ between the cells, so they cannot be paired; evaluate both again"


class Pair(NamedTuple):
    """One comparison; `study` is a key of `STUDIES`."""

    dataset: str
    study: str
    bits: int
    first: str
    second: str


_COLUMNS = [*Pair._fields, "metric", "difference", "low", "high", "low_seeds", "high_seeds", "p", "p_holm", "queries",
            "seeds", "note"]  # fmt: skip


def pairs(run: Run) -> list[Pair]:
    """The run's first method against every other one, and a recipe against its ablations, without duplicate pairs."""
    config = run.config
    first, *others = dict.fromkeys(config.methods)
    wanted = [("methods", bits, first, other) for bits in config.bits for other in others]
    for study in config.studied_ablations.values():
        wanted += [("ablations", bits, study.recipe, name) for bits in study.bits for name in study.rows[1:]]
    once: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for study, bits, one, other in wanted:
        once.setdefault((bits, *sorted((one, other))), (study, bits, one, other))
    return [Pair(dataset, *pair) for dataset in run.datasets for pair in once.values()]


def build_significance(run: Run, results: Path) -> Table:
    """Differences in GmAP, mAP@N and mean AP, the latter with a test that is Holm-corrected over the table."""
    wanted = pairs(run)
    # Enough that the smallest possible p-value stays below 0.01 after correction.
    permutations = max(PERMUTATIONS, 100 * len(wanted))
    together: dict[tuple[str, int], list[Pair]] = {}
    for pair in wanted:
        together.setdefault((pair.dataset, pair.bits), []).append(pair)
    rows: dict[Pair, list[dict[str, Any]]] = {}
    for (dataset, bits), group in together.items():
        rows |= _compare(dataset, bits, group, run, results, permutations)
    data = pd.DataFrame([pair._asdict() | row for pair in wanted for row in rows[pair]], columns=_COLUMNS)
    tested = data.metric == TESTED
    data.loc[tested, "p_holm"] = holm(data.loc[tested, "p"])
    main = run.config.main_protocol
    data.insert(1, "data", kinds(data.dataset))
    data.insert(6, "protocol", main)
    blocks = [
        _block(part, run)
        for dataset in run.datasets
        for study in STUDIES
        if len(part := data[(data.dataset == dataset) & (data.study == study)])
    ]
    methods = dict.fromkeys(name for pair in wanted for name in (pair.first, pair.second))
    text = caption(_what(int(data[tested].p.notna().sum()), permutations), run, methods, [main], _seeds(run))
    return Table(text, data, blocks)


def _what(tests: int, permutations: int) -> str:
    return (
        "The first method minus another, on the same queries; positive differences favour the first. In brackets: 95% "
        f"interval of the difference over queries (paired percentile bootstrap, {RESAMPLES:,} resamples). p: two-sided "
        "paired sign-flip test of the column AP, per-query AP@N averaged over N "
        f"({permutations:,} random sign patterns; exact for up to {EXACT_QUERIES} queries). p, Holm: corrected for the "
        f"{tests} comparisons in this table. Bold: below {LEVEL_OF_TEST}, and the difference that was tested."
    )


def _seeds(run: Run) -> str:
    seeds = run.config.seeds
    if len(seeds) == 1:
        return (
            f"One seed ({seeds[0]}): intervals and p-values generalise over queries, for these trained models and this "
            "database. They do not include the variance between training runs."
        )
    return (
        f"AP is averaged over {len(seeds)} seeds ({', '.join(map(str, seeds))}) before methods are compared: intervals "
        "over queries and p-values generalise over queries, for these trained models. The interval over seeds "
        "(Student's t of the differences, paired by seed) generalises over training runs, for these queries. "
        f"{chance(run)}"
    )


def _compare(
    dataset: str, bits: int, wanted: list[Pair], run: Run, results: Path, permutations: int
) -> dict[Pair, list[dict[str, Any]]]:
    """Rows for the pairs of one data set and code length."""
    main = run.config.main_protocol
    methods = dict.fromkeys(name for pair in wanted for name in (pair.first, pair.second))
    loaded = {name: query_scores(run, results, dataset, name, bits) for name in methods}
    rows: dict[Pair, list[dict[str, Any]]] = {}
    paired: dict[Any, list[Pair]] = {}
    for pair in wanted:
        videos = {(one.videos, one.cutoffs[main]) for one in loaded[pair.first] + loaded[pair.second]}
        if len(videos) == 1:
            paired.setdefault(videos.pop(), []).append(pair)
        else:
            rows[pair] = [{"metric": TESTED, "note": DIFFER}]
    for (_, cutoffs), group in paired.items():
        names = list(dict.fromkeys(name for pair in group for name in (pair.first, pair.second)))
        ap = np.array([[one.average_precision[main] for one in loaded[name]] for name in names], np.float64)
        sides = [(names.index(pair.first), names.index(pair.second)) for pair in group]
        metrics = [*(f"mAP@{n}" for n in cutoffs), "GmAP", TESTED]
        rows |= zip(group, _paired_rows(ap.transpose(2, 0, 1, 3), sides, metrics, permutations), strict=True)
    return rows


def _paired_rows(
    ap: np.ndarray, sides: list[tuple[int, int]], metrics: list[str], permutations: int
) -> Iterator[list[dict[str, Any]]]:
    """Rows for each pair, all with the same resamples and sign patterns.

    Args:
        ap: AP@N, float64 [Q, methods, seeds, cut-offs].
        sides: pairs of indices of methods.
        metrics: names of the metrics, in the order of `_metrics`.
    """
    queries, methods, seeds, cutoffs = ap.shape
    whole = _metrics(ap.mean(axis=0))
    resampled = resampled_means(ap.reshape(queries, -1)).reshape(-1, methods, seeds, cutoffs)
    resampled = _metrics(resampled).mean(axis=2)
    each = ap.mean(axis=(2, 3))
    differences = np.stack([each[:, a] - each[:, b] for a, b in sides], axis=1)
    p_values = sign_flip_test(differences, permutations)
    for column, (a, b) in enumerate(sides):
        lows, highs = percentiles(resampled[:, a] - resampled[:, b])
        if queries == 1:
            lows = highs = np.full(len(metrics), np.nan)
        note = _note(queries, int((differences[:, column] != 0).sum()))
        rows = []
        for place, metric in enumerate(metrics):
            mean, low_seeds, high_seeds = student_interval(whole[a, :, place] - whole[b, :, place])
            row = {"metric": metric, "difference": mean, "low": lows[place], "high": highs[place]}
            row |= {"low_seeds": low_seeds, "high_seeds": high_seeds, "queries": queries, "seeds": seeds, "note": note}
            rows.append(row | ({"p": p_values[column]} if metric == TESTED else {}))
        yield rows


def _metrics(mean_ap: np.ndarray) -> np.ndarray:
    """mAP@N [..., cut-offs] followed by GmAP and the mean over the cut-offs."""
    return np.concatenate([mean_ap, geometric_means(mean_ap)[..., None], mean_ap.mean(axis=-1, keepdims=True)], axis=-1)


def _note(queries: int, unequal: int) -> str:
    said = []
    if queries < FEW_QUERIES:
        said.append(f"only {queries} queries, so the interval over queries is too narrow to be reliable")
    if 2.0 ** (1 - unequal) > LEVEL_OF_TEST:
        said.append(f"AP differs for {unequal} queries, too few for p below {LEVEL_OF_TEST}")
    return "; ".join(said)


def _block(part: pd.DataFrame, run: Run) -> Block:
    cutoffs = run.config.protocols[run.config.main_protocol].cutoffs
    shown = ["GmAP", *dict.fromkeys(f"mAP@{n}" for n in (cutoffs[0], cutoffs[-1])), TESTED]
    several = len(run.config.seeds) > 1
    start = part.iloc[0]
    first = method_title(start["first"])
    columns = [f"{first} minus", "bits", *shown, *(["GmAP, over seeds"] if several else []), "p", "p, Holm"]
    rows: list[list[Entry]] = []
    notes: dict[str, list[str]] = {}
    for (bits, second), group in part.groupby(["bits", "second"], sort=False):
        found = group.set_index("metric").reindex(shown)
        tested = found.loc[TESTED]
        clear = bool(tested.p_holm < LEVEL_OF_TEST)
        line = [Entry(method_title(second)), Entry(str(bits))]
        line += [Entry(difference_interval(*found.loc[name, ["difference", "low", "high"]])) for name in shown]
        line[-1].clear = clear
        if several:
            line.append(Entry(difference_interval(*found.loc["GmAP", ["difference", "low_seeds", "high_seeds"]])))
        line += [Entry(number(tested.p, 4)), Entry(number(tested.p_holm, 4), clear=clear)]
        rows.append(line)
        if tested.note:
            notes.setdefault(tested.note, []).append(f"{method_title(second)}, {bits} bits")
    said = [f"{'All rows' if len(who) == len(rows) else '; '.join(who)}: {what}." for what, who in notes.items()]
    queries = part.queries.max()
    heading = f"{dataset_title(start.dataset)}: {first} and {STUDIES[start.study]}"
    return Block(heading if pd.isna(queries) else f"{heading}, {queries:,.0f} queries", columns, rows, " ".join(said))
