"""The convergence study as a table: when a method reaches the final GmAP of its variant, and what that saves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from s5vh.config.grid import Run
from s5vh.reporting import lookup
from s5vh.reporting.convergence import CONTROL, MEAN, SEED, convergence, median_and_range
from s5vh.reporting.published_numbers import Published, claimed_convergence
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import caption, dataset_title, duration, has_demo, kinds, method_title, number, percent

NEVER, NO_SAVING = "never", "none"
_COLUMNS = ["Trainings", "final GmAP of the variant", "at epoch", "reached at epoch", "epochs saved",
            "first reached by the variant itself", "saved against that", "time of the variant", "time until reached",
            "time saved"]  # fmt: skip


def build_convergence(run: Run, results: Path) -> Table:
    """One block per data set and variant; see `s5vh.reporting.convergence` for the numbers."""
    data = convergence(run, results)
    blocks = [
        Block(_heading(str(dataset), str(variant), run), _COLUMNS, [*_lines(part), *_claim(part, run)])
        for (dataset, variant), part in data.groupby(["dataset", "variant"], sort=False)
    ]
    data.insert(1, "data", kinds(data.dataset))
    methods = run.config.convergence.methods
    text = caption(_what(run), run, methods, [run.config.main_protocol], seeds=_seeds(run))
    return Table(text, data.replace([np.inf, -np.inf], np.nan), blocks)


def saved(row: pd.Series | dict, name: str = "saving") -> str:
    """A saving as text; `NO_SAVING` if the level was never reached."""
    return percent(row[name]) if math.isfinite(row[name]) else NO_SAVING


def _lines(part: pd.DataFrame) -> Iterator[list[Entry]]:
    """One line per seed; with several, also medians over seeds, the mean curves and the control."""
    seeds = part[part.curve == SEED]
    for _, row in seeds.iterrows():
        yield _line(f"seed {row.seed}", row)
    if len(seeds) > 1:
        yield _summary(f"median of {len(seeds)} seeds (range)", seeds)
    for _, row in part[part.curve == MEAN].iterrows():
        yield _line(f"mean of {len(seeds)} seeds", row)
    control = part[part.curve == CONTROL]
    if len(control):
        yield _summary(f"control: the variant with another seed, median of {len(control)} pairs (range)", control)


def _line(title: str, row: pd.Series) -> list[Entry]:
    reached = math.isfinite(row.epoch)
    texts = [title, number(row.level), f"{row.variant_epochs:.0f}"]
    texts += [f"{row.epoch:.0f}" if reached else f"not within {row.epochs:.0f}", saved(row)]
    texts += [f"{row.variant_first:.0f}", saved(row, "saving_first"), duration(row.variant_seconds)]
    texts += [duration(row.seconds) if reached else NEVER, saved(row, "saving_seconds")]
    return [Entry(text) for text in texts]


def _summary(title: str, rows: pd.DataFrame) -> list[Entry]:
    def over(name, text, infinite=""):
        median, low, high = (text(v) if math.isfinite(v) else infinite for v in median_and_range(rows[name]))
        return median if low == high else f"{median} ({low} to {high})"

    def epoch(value: float) -> str:
        return f"{value:g}"

    texts = [title, over("level", number), over("variant_epochs", epoch), over("epoch", epoch, NEVER)]
    texts += [over("saving", percent, NO_SAVING), over("variant_first", epoch)]
    texts += [over("saving_first", percent, NO_SAVING), over("variant_seconds", duration)]
    texts += [over("seconds", duration, NEVER), over("saving_seconds", percent, NO_SAVING)]
    return [Entry(text) for text in texts]


def _claimed(method: str, variant: str) -> Published | None:
    return claimed_convergence(lookup.method(method).published, lookup.method(variant).published)


def _claim(part: pd.DataFrame, run: Run) -> Iterator[list[Entry]]:
    """The paper's number, on data sets with published numbers only."""
    first = part.iloc[0]
    found = _claimed(first.method, first.variant)
    if found and lookup.dataset(first.dataset).published_name:
        texts = [f'{found.source}, "faster convergence"', "", "", "", percent(found.value), "", "", "", "", ""]
        yield [Entry(text, quoted=True) for text in texts]


def _heading(dataset: str, variant: str, run: Run) -> str:
    config = run.config.convergence
    pair = f"{method_title(config.methods[0])} against {method_title(variant)}"
    return f"{dataset_title(dataset)}: {pair}, {config.bits} bits"


def _what(run: Run) -> str:
    config = run.config.convergence
    if len(set(config.methods)) < 2:
        return "When a method reaches the final GmAP of another one; the run does not compare two methods."
    full, every = method_title(config.methods[0]), config.evaluate_every
    sentences = [
        f"The epoch at which {full} first reaches the GmAP that a variant of it ends with; scored every "
        f"{'epoch' if every == 1 else f'{every} epochs'}. Epochs saved are one minus the ratio of that epoch to the "
        "variant's last. A noisy curve crosses a level early, and the level is one draw itself, so there are savings "
        "even where nothing differs. Compare with the epoch at which the variant first reaches its own final level, "
        "and with the control, where a training of the variant with another seed takes the place of the full method. "
        f"Training time excludes evaluations and the preparation of hash centers. `{NEVER}`: not within the training."
    ]
    claims = filter(None, (_claimed(config.methods[0], variant) for variant in config.methods[1:]))
    if claim := next(claims, None):
        speed = percent(claim.value)
        sentences.append(f"The {claim.source} speaks of {speed} faster convergence; how it was measured is not known.")
        if has_demo(run):
            sentences.append("The demo can neither confirm nor refute that.")
    return " ".join(sentences)


def _seeds(run: Run) -> str:
    seeds = run.config.seeds
    if len(seeds) == 1:
        return f"One seed ({seeds[0]}), so neither a range nor a control."
    return f"Seeds {', '.join(map(str, seeds))}."
