"""Effect of each departure of released code from a method's recipe, on GmAP and on training time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from s5vh.config import layout
from s5vh.config.grid import Run, departure_cells, departure_methods
from s5vh.config.load import load_departures
from s5vh.methods.load import load_method
from s5vh.methods.settings import DESCRIPTIVE
from s5vh.reporting import collect
from s5vh.reporting.table import LEVEL_OF_TEST, Block, Entry, Table
from s5vh.reporting.words import (
    chance,
    dataset_title,
    describe,
    difference,
    duration,
    has_demo,
    kinds,
    method_title,
    number,
    with_interval,
)
from s5vh.retrieval.uncertainty import holm, student_interval, student_test


def departure_rows(run: Run, results: Path) -> pd.DataFrame:
    """One row per data set, method, code length and recipe.

    Returns:
        dataset, data, root (the method whose departures are studied), bits, method, title, equation, changes (whether
        any setting differs from the recipe on this data set), seeds, GmAP with `low` and `high`, `difference` from the
        recipe with `difference_low` and `difference_high`, `p` of a t-test that it is 0, `p_holm` corrected for all
        recipes that change something, training `seconds`, and `time`, their ratio to the recipe's. Intervals are 95%,
        Student's t over seeds; differences are paired by seed.
    """
    main = run.config.main_protocol
    found = []
    for cell in departure_cells(run.config, run.datasets):
        metrics = collect.read_metrics(layout.cell(*cell, results) / "metrics.json", [main])
        score = float(metrics["protocols"][main]["GmAP"])
        found.append({**cell._asdict(), "GmAP": score, "seconds": (metrics["training"] or {}).get("seconds")})
    scores = pd.DataFrame(found, columns=[*collect.CELL, "GmAP", "seconds"])
    scores["root"] = [recipe_of(method) for method in scores.method]
    rows = []
    for (dataset, root, bits), part in scores.groupby(["dataset", "root", "bits"], sort=False):
        known = load_departures(root)
        values = part.pivot(index="seed", columns="method", values="GmAP")
        seconds = part.groupby("method").seconds.median()
        unchanged = _settings(dataset, root, run)
        for method in departure_methods(run.config, root):
            switch = known.get(method.partition("+")[2])
            mean, low, high = student_interval(values[method])
            shift, shift_low, shift_high = student_interval(values[method] - values[root])
            changes = _settings(dataset, method, run) != unchanged
            rows.append(
                {
                    "dataset": dataset,
                    "root": root,
                    "bits": bits,
                    "method": method,
                    "title": _title(method, root, switch.title if switch else ""),
                    "equation": switch.equation if switch else "",
                    "changes": changes,
                    "seeds": len(values),
                    "GmAP": mean,
                    "low": low,
                    "high": high,
                    "difference": shift,
                    "difference_low": shift_low,
                    "difference_high": shift_high,
                    "p": student_test(values[method] - values[root]) if changes else np.nan,
                    "seconds": seconds[method],
                    "time": seconds[method] / seconds[root],
                }
            )
    data = pd.DataFrame(rows)
    if len(data):
        data.insert(1, "data", kinds(data.dataset))
        data.insert(data.columns.get_loc("p") + 1, "p_holm", holm(data.p))
    return data


def build_departures(run: Run, results: Path) -> Table:
    """The table; see `departure_rows` for its numbers."""
    data = departure_rows(run, results)
    columns = ["Recipe", "equation", "GmAP", "difference", "p, Holm", "training time", "relative time"]
    blocks = []
    for (dataset, root, bits), part in data.groupby(["dataset", "root", "bits"], sort=False) if len(data) else ():
        lines = []
        for row in part.itertuples():
            line = [Entry(row.title), Entry(row.equation)]
            if row.method != root and not row.changes:
                lines.append([*line, Entry("no effect on this data set"), *(Entry("") for _ in columns[3:])])
                continue
            clear = bool(row.p_holm < LEVEL_OF_TEST)
            line.append(Entry(with_interval(row.GmAP, row.low, row.high)))
            line.append(Entry("" if row.method == root else shift(row), clear=clear))
            line.append(Entry(number(row.p_holm, 4), clear=clear))
            line += [Entry(duration(row.seconds)), Entry(f"{row.time:.2f}")]
            lines.append(line)
        blocks.append(Block(f"{method_title(root)} on {dataset_title(dataset)}, {bits} bits", columns, lines))
    return Table(caption(run, int(data.p.notna().sum()) if len(data) else 0), data, blocks)


def caption(run: Run, tests: int) -> str:
    """Caption of the table; `tests` is the number of differences tested."""
    main, seeds = run.config.main_protocol, run.config.departures.seeds
    spread = (
        f"Mean over seeds {', '.join(map(str, seeds))} with 95% intervals (Student's t), differences paired by seed. "
        f"{chance(run)} p, Holm: t-test that the difference is 0, corrected for the {tests} differences shown; bold "
        f"below {LEVEL_OF_TEST}. "
        if len(seeds) > 1
        else f"One seed ({seeds[0]}), so neither intervals nor tests. "
    )
    demo = "The demo only shows that the study works; its effects do not carry over to real videos. "
    return (
        "GmAP of a method's recipe, of the recipe with one departure of the released code at a time, and with all of "
        f"them. {spread}{demo if has_demo(run) else ''}Protocol `{main}`: {describe(run.config.protocols[main])}."
    )


def shift(row) -> str:
    """The difference in a row of `departure_rows` as text, e.g. `+0.012 ± 0.004`."""
    text = difference(row.difference)
    if pd.isna(row.difference_low):
        return text
    return f"{text} ± {(row.difference_high - row.difference_low) / 2:.3f}"


def recipe_of(method: str) -> str:
    """The method that a `method+NAME` or `method-released` recipe is based on."""
    return method.partition("+")[0].removesuffix("-released")


def _title(method: str, root: str, switch: str) -> str:
    names = {root: f"recipe `{root}`", f"{root}-released": "all departures (released code)"}
    return names.get(method, f"+ {switch}")


def _settings(dataset: str, method: str, run: Run) -> dict:
    settings = load_method(method, dataset, run.config.overrides)
    return settings.model_dump(exclude=set(DESCRIPTIVE))
