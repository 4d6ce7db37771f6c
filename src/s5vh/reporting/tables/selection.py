"""Compare checkpoint selection rules on the same training, and measure how optimistic `published` is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from s5vh.config.grid import GridCell, Run, cells
from s5vh.config.training import HELD_OUT_CRITERION, PUBLISHED_CRITERION
from s5vh.methods.load import load_method
from s5vh.methods.settings import is_trained
from s5vh.reporting import lookup
from s5vh.reporting.collect import CELL, cell_csv
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import caption, dataset_kind, dataset_title, difference, method_title, number

RULES = ("published", "held_out", "last")
SCORES = (PUBLISHED_CRITERION, "GmAP")
_ABSENT = {"published": f"no {PUBLISHED_CRITERION}", "held_out": "none held out"}
_COLUMNS = [*CELL, "data", "rule", "kept", "epoch", *SCORES, *(f"optimism {score}" for score in SCORES), "correlation"]


def chosen(evals: pd.DataFrame) -> dict[str, int | None]:
    """Index of the evaluation that each rule selects, or None if its criterion was not recorded.

    Args:
        evals: a training's evaluations, in order; an empty column counts as missing. Those made for training curves
            are not `eligible`; without that column all are. Ties go to the first evaluation, as in training.
    """
    eligible = evals[evals.eligible] if "eligible" in evals else evals
    published, held_out = (
        eligible[name].dropna() if name in evals else pd.Series(dtype="float64")
        for name in (PUBLISHED_CRITERION, HELD_OUT_CRITERION)
    )
    return {
        "published": published.idxmax() if len(published) else None,
        "held_out": held_out.idxmin() if len(held_out) else None,
        "last": evals.index[-1],
    }


def build_selection(run: Run, results: Path) -> Table:
    """Epoch, mAP@5 and GmAP on the test queries for each rule; optimism is the margin of `published` over a rule."""
    grid = [cell for cell in cells(run.config, run.datasets) if is_trained(lookup.method(cell.method))]
    rows = [row for cell in grid for row in _cell_rows(cell, run, results)]
    data = pd.DataFrame(rows, columns=_COLUMNS).astype({"epoch": "Int64"})  # nullable: some rules select nothing
    main = run.config.main_protocol
    what = (
        "The checkpoint that each selection rule would keep, among the evaluations made for it: `published` keeps the "
        f"best {PUBLISHED_CRITERION} on the test queries, `held_out` the lowest loss on held-out training videos, "
        "`last` the last one. Optimism is the margin of `published` over another rule on the same test queries; the "
        f"correlation is Spearman's, between the negated held-out loss and {PUBLISHED_CRITERION} over evaluations."
    )
    return Table(
        caption(what, run, dict.fromkeys(cell.method for cell in grid), [main], seeds="One row per training."),
        data,
        [_block(data[data.dataset == name], dataset_title(name)) for name in run.datasets],
    )


def _cell_rows(cell: GridCell, run: Run, results: Path) -> Iterator[dict[str, Any]]:
    evals = cell_csv(results, [cell], "evals.csv", ["epoch"])
    config = lookup.dataset(cell.dataset)
    kept = load_method(cell.method, cell.dataset, run.config.overrides).training.selection
    rules = chosen(evals)

    def score(rule: str, name: str) -> float:
        row = rules[rule]
        return float(evals.at[row, name]) if row is not None and name in evals else np.nan

    for rule, row in rules.items():
        scores = {name: score(rule, name) for name in SCORES}
        yield {
            **cell._asdict(),
            "data": dataset_kind(config),
            "rule": rule,
            "kept": rule == kept,
            "epoch": None if row is None else int(evals.at[row, "epoch"]),
            **scores,
            **{f"optimism {name}": score("published", name) - value for name, value in scores.items()},
            "correlation": _correlation(evals) if rule == "held_out" else np.nan,
        }


def _correlation(evals: pd.DataFrame) -> float:
    """Spearman's correlation between the held-out and the published criterion; NaN if one of them is constant."""
    if not {PUBLISHED_CRITERION, HELD_OUT_CRITERION} <= set(evals):
        return np.nan
    pairs = evals[[PUBLISHED_CRITERION, HELD_OUT_CRITERION]].dropna()
    if (pairs.nunique() < 2).any():
        return np.nan
    return -float(pairs[PUBLISHED_CRITERION].corr(pairs[HELD_OUT_CRITERION], method="spearman"))


def _block(part: pd.DataFrame, heading: str) -> Block:
    several = part.seed.nunique() > 1
    columns = ["Method", "bits", *(["seed"] if several else []), "rule used"]
    for rule in RULES:
        columns += [f"{rule}: epoch", *SCORES]
    others = [rule for rule in RULES if rule != "published"]
    columns += [*(f"optimism in {PUBLISHED_CRITERION} over {rule}" for rule in others), "correlation"]
    rows = []
    for (_, method, bits, seed), found in part.groupby(CELL, sort=False):
        by_rule = found.set_index("rule")
        kept = next(iter(by_rule.index[by_rule.kept]))
        line = [method_title(method), str(bits), *([str(seed)] if several else []), kept]
        for rule in RULES:
            line += _rule_texts(by_rule.loc[rule])
        line += [difference(by_rule.at[rule, f"optimism {PUBLISHED_CRITERION}"]) for rule in others]
        line.append(number(by_rule.at["held_out", "correlation"], 2))
        rows.append([Entry(text, quoted=text in _ABSENT.values()) for text in line])
    return Block(heading, columns, rows, " ".join(_means(part, others)))


def _rule_texts(found: pd.Series) -> list[str]:
    if pd.isna(found.epoch):
        return [_ABSENT[str(found.name)], *("" for _ in SCORES)]
    return [str(int(found.epoch)), *(number(found[score]) for score in SCORES)]


def _means(part: pd.DataFrame, others: list[str]) -> Iterator[str]:
    for rule in others:
        found = part.loc[part.rule == rule, f"optimism {PUBLISHED_CRITERION}"].dropna()
        if len(found):
            mean = difference(float(found.mean()), 4)
            yield f"Mean optimism of `published` over `{rule}` across {len(found)} trainings: {mean}."
