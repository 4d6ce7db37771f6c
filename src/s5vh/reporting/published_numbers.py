"""Published numbers, from `config/published/`, and rules for comparing them with ours.

A published number is shown only for data sets with a `published_name`, and only next to results under a comparable
protocol. See config/published/README.md for sources, their order of preference and known inconsistencies.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig
from s5vh.config.load import config_folders
from s5vh.config.run import ProtocolConfig
from s5vh.methods.settings import PublishedAs

if TYPE_CHECKING:
    import pandas as pd

# The authors' own results tables come first; the S5VH map.txt files provide N = 60, which the README omits.
# "AutoSSVH issue 2" is not listed, because its S5VH numbers disagree with the S5VH authors' own.
MAP_SOURCES = (
    *("S5VH README", "ConMH README", "AutoSSVH README", "S5VH repo map.txt", "MCMSH paper"),
    *("BTH repository", "BerVAE repository", "SSVH repository"),
)
ISSUE = "AutoSSVH issue 2"
GMAP_CUTOFFS = (5, 20, 40, 60, 80, 100)
GEOMETRIC_MEAN = "geometric mean"  # GmAP; the AutoSSVH paper uses this name for a different aggregate
ROOT_OF_SQUARES = "root of summed squares"  # that one
MAP_AT_N = "mAP@N"
CONVERGENCE = "faster convergence"  # in claims.csv


@dataclass(frozen=True)
class Published:
    """A number and its source."""

    value: float
    source: str


def table_of(name: str) -> pd.DataFrame:
    """A copy of `config/published/NAME.csv`; a missing file raises `UserError`."""
    return _read(name).copy()


def published_file(name: str) -> Path:
    """A file in `config/published/`; the user's own folder takes precedence, and a missing file raises `UserError`."""
    for folder in config_folders():
        path = folder / "published" / name
        if path.is_file():
            return path
    raise UserError(f"published/{name} not found in {', '.join(map(str, config_folders()))}; restore it")


@cache
def _read(name: str) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(published_file(f"{name}.csv"))


def published_cells() -> pd.DataFrame:
    """Every published mAP@N, GmAP and other aggregate, one row per number, in the order of the file.

    Returns:
        paper, table, source, method, variant, train_dataset, test_dataset (equal except for transfer), bits, aggregate,
        metric ("mAP@5", ..., "GmAP", or the aggregate's own name), N (missing for aggregates), published, decimals
        (number of published decimal places), note ("" for none).
    """
    import pandas as pd

    # Read as text, because 0.180 and 0.18 differ in precision.
    cells = pd.read_csv(published_file("scores.csv"), dtype={"value": str, "note": str}, keep_default_na=False,
                        na_values={"N": [""]}).rename(columns={"value": "published"})  # fmt: skip
    cells["decimals"] = cells.published.str.partition(".")[2].str.len()
    cells["published"] = cells.published.astype(float)
    cells["N"] = cells.N.astype("Int64")
    names = {MAP_AT_N: "mAP@" + cells.N.astype(str), GEOMETRIC_MEAN: "GmAP"}
    cells["metric"] = cells["aggregate"]
    for aggregate, name in names.items():
        cells["metric"] = cells.metric.mask(cells["aggregate"] == aggregate, name)
    order = ["paper", "table", "source", "method", "variant", "train_dataset", "test_dataset", "bits", "aggregate"]
    return cells[[*order, "metric", "N", "published", "decimals", "note"]]


def claimed_convergence(recipe: PublishedAs | None, variant: PublishedAs | None) -> Published | None:
    """How much faster than `variant` a paper says that `recipe` converges, as a fraction, or None."""
    if recipe is None or variant is None or recipe.method != variant.method:
        return None
    rows = of_recipe(_read("claims"), recipe)
    found = rows[(rows.against == variant.variant) & (rows.claim == CONVERGENCE)]
    return Published(float(found.value.iloc[0]), f"{found.paper.iloc[0]} paper") if len(found) else None


def comparable(protocol: ProtocolConfig) -> bool:
    """Whether a protocol computes the measure of the published numbers: AP@N divided by N, query not excluded."""
    return protocol.denominator == "retrieved" and not protocol.exclude_self


def published_map(
    recipe: PublishedAs | None, dataset: str | None, bits: int, N: int, source: str | None = None
) -> Published | None:
    """Published mAP@N, or None.

    Args:
        recipe: method and variant of the published numbers, or None if there are none.
        dataset: `published_name` of the data set; None (the demo, own data) has no published numbers.
        bits, N: code length and cut-off.
        source: a particular source; by default the first of `MAP_SOURCES` that has the number.
    """
    if recipe is None or dataset is None:
        return None
    for name in [source] if source else MAP_SOURCES:
        value = _maps().get((recipe.method, recipe.variant, dataset, dataset, bits, N, name))
        if value is not None:
            return Published(value, name)
    return None


def published_gmap(
    recipe: PublishedAs | None, train: str | None, test: str | None, bits: int, table: str
) -> Published | None:
    """GmAP as published in "Table 1" (transfer) or "Table 2" (same data set) of the S5VH paper, or None.

    Args:
        recipe, bits: as in `published_map`.
        train, test: `published_name` of the data sets, or None.
    """
    rows = _matching_rows(recipe, train, test, bits, GEOMETRIC_MEAN)
    found = rows[(rows.paper == "S5VH") & (rows["table"] == table)].value
    return Published(float(found.iloc[0]), f"S5VH paper, {table}") if len(found) else None


def published_root_of_squares(recipe: PublishedAs | None, dataset: str | None, bits: int) -> Published | None:
    """Published root of the summed squares of mAP@N over `GMAP_CUTOFFS`, or None; arguments as in `published_map`."""
    found = _matching_rows(recipe, dataset, dataset, bits, ROOT_OF_SQUARES)
    if found.empty:
        return None
    return Published(float(found.value.iloc[0]), f"{found.source.iloc[0]}, {found['table'].iloc[0]}")


def published_sizes(paper: str, table: str) -> pd.DataFrame:
    """Published parameters (millions), operations (billions) and encoding times (ms) of a table, from sizes.csv."""
    rows = _read("sizes")
    return rows[(rows.paper == paper) & (rows["table"] == table)].copy()


def of_recipe(rows: pd.DataFrame, recipe: PublishedAs | None) -> pd.DataFrame:
    """Rows of a published table that are about a recipe's method and variant; none without a recipe."""
    if recipe is None:
        return rows[:0]
    return rows[(rows.method == recipe.method) & (rows.variant == recipe.variant)]


def published_summary(recipe: PublishedAs | None, dataset: DatasetConfig, bits: int) -> Published | None:
    """Published GmAP of a method, or else the geometric mean of its published mAP@N values.

    No GmAP is published for ActivityNet and FCVID. For S5VH the six values then all come from map.txt, because its
    README omits one of them; for other methods they come from their results tables.
    """
    name = dataset.published_name
    if found := published_gmap(recipe, name, name, bits, "Table 2"):
        return found
    source = "S5VH repo map.txt" if recipe is not None and recipe.method == "S5VH" else None
    values = [published_map(recipe, name, bits, n, source) for n in GMAP_CUTOFFS]
    if any(value is None for value in values):
        return None
    mean = float(np.exp(np.mean(np.log([value.value for value in values]))))
    return Published(mean, f"geometric mean of {values[0].source}")


@cache
def _maps() -> dict[tuple[str | float, ...], float]:
    """mAP@N of scores.csv by method, variant, both data sets, bits, N and source; reports ask for thousands."""
    rows = _read("scores")
    rows = rows[rows["aggregate"] == MAP_AT_N].iloc[::-1]  # of repeated numbers the first
    keys = rows[["method", "variant", "train_dataset", "test_dataset", "bits", "N", "source"]]
    return dict(zip(keys.itertuples(index=False, name=None), map(float, rows.value), strict=True))


def _matching_rows(
    recipe: PublishedAs | None, train: str | None, test: str | None, bits: int, aggregate: str
) -> pd.DataFrame:
    """Matching rows of scores.csv; empty if any of the names is None."""
    rows = of_recipe(_read("scores"), recipe)
    same = (rows.train_dataset == train) & (rows.test_dataset == test) & (rows.bits == bits)
    return rows[same & (rows["aggregate"] == aggregate)]
