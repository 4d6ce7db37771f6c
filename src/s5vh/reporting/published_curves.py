"""Training curves from logs that the S5VH authors published: GmAP, loss terms, and about when."""

from __future__ import annotations

import numpy as np
import pandas as pd

from s5vh.config.grid import Run
from s5vh.reporting import lookup
from s5vh.reporting.published_numbers import GMAP_CUTOFFS, comparable, of_recipe, table_of

LOG = "S5VH authors' log"
_TERMS = ("reconstruction", "contrast", "alignment")
_KEYS = ["method", "variant", "dataset", "bits"]


def published_curves(run: Run, grid: list[tuple[str, int]]) -> pd.DataFrame:
    """Logged curves of the first method in `grid` that has any, on the run's data sets, at the code lengths of `grid`.

    Their runs on FCVID had other queries and settings and are not in the tables.

    Returns:
        dataset, method, bits, epoch, quantity ("GmAP" or a loss term), value, seconds (on the authors' hardware, from
        the mean time of an epoch without evaluations), source; empty if there are none, or if the run's main protocol
        does not compute their measure.
    """
    scores = table_of("eval_curves")
    logged = set(zip(scores.method, scores.variant, strict=True))
    recipes = {method: lookup.method(method).published for method, _ in grid}
    full = [name for name, recipe in recipes.items() if recipe and (recipe.method, recipe.variant) in logged]
    protocol = run.config.protocols[run.config.main_protocol]
    if not full or not comparable(protocol) or tuple(protocol.cutoffs) != GMAP_CUTOFFS:
        return pd.DataFrame()
    names = {lookup.dataset(name).published_name: name for name in run.datasets}
    recipe = recipes[full[0]]
    lengths = {bits for method, bits in grid if method == full[0]}
    rows = []
    for quantities in (_scores(scores), table_of("train_curves").melt([*_KEYS, "epoch"], _TERMS, "quantity")):
        found = of_recipe(quantities, recipe)
        found = found[found.dataset.isin([name for name in names if name]) & found.bits.isin(lengths)]
        rows.append(found)
    data = pd.concat(rows, ignore_index=True)
    data["seconds"] = data.epoch * pd.MultiIndex.from_frame(data[_KEYS]).map(_seconds_per_epoch())
    data["dataset"] = data.dataset.map(names)
    return data.drop(columns="variant").assign(method=full[0], source=LOG)


def _scores(logged: pd.DataFrame) -> pd.DataFrame:
    cutoffs = [column for column in logged.columns if column.startswith("mAP@")]
    value = np.exp(np.log(logged[cutoffs]).mean(axis=1))
    return logged[[*_KEYS, "epoch"]].assign(quantity="GmAP", value=value)


def _seconds_per_epoch() -> pd.Series:
    clock = table_of("wall_clock").set_index(_KEYS)
    return (clock.total_seconds - clock.eval_seconds) / clock.epochs
