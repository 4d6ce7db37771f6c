"""Numbers that other people printed, from `config/published/`, and when they may stand beside ours.

A published number is shown only for a data set with a `published_name` and only beside a number of the published
protocol. Sources, preferred order and known inconsistencies: config/published/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from s5vh.config.dataset import DatasetConfig
from s5vh.config.load import config_folders
from s5vh.config.method import MethodConfig
from s5vh.config.run import ProtocolConfig
from s5vh.errors import UserError

if TYPE_CHECKING:
    import pandas as pd

# The authors' own results tables first; the S5VH map.txt files fill in N = 60, which that README leaves out.
# "AutoSSVH issue 2" is not in the list: its numbers for S5VH disagree with the S5VH authors' own.
MAP_SOURCES = ("S5VH README", "ConMH README", "AutoSSVH README", "S5VH repo map.txt", "MCMSH paper")
GMAP_CUTOFFS = (5, 20, 40, 60, 80, 100)
FULL = "(0) full"
GMAP_SCALE = "geometric mean"


@dataclass(frozen=True)
class Published:
    """One number and where it was printed."""

    value: float
    source: str


def table_of(name: str) -> pd.DataFrame:
    """`config/published/NAME.csv`, a fresh copy. A missing file is a `UserError`."""
    return _read(name).copy()


def published_file(name: str) -> Path:
    """A file of `config/published/`; the user's own folder wins, and a missing file is a `UserError`."""
    for folder in config_folders():
        path = folder / "published" / name
        if path.is_file():
            return path
    raise UserError(f"published/{name} is in none of {', '.join(map(str, config_folders()))}; restore it")


@cache
def _read(name: str) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(published_file(f"{name}.csv"))


def published_cells() -> pd.DataFrame:
    """Every printed mAP@N and GmAP, one row a number, in the order of the files.

    Returns:
        source, table, method, variant, train_dataset, test_dataset (equal except for transfer), bits, metric ("mAP@5",
        ..., "GmAP"), N (missing for GmAP), published, decimals (how many were printed), scale, note. Texts that a file
        does not have are "".
    """
    import pandas as pd

    # As text, because 0.180 and 0.18 are printed with another precision.
    values = pd.read_csv(published_file("map_at_n.csv"), dtype={"mAP": str})
    values = values.rename(columns={"mAP": "published", "dataset": "test_dataset"})
    values["train_dataset"] = values.test_dataset
    values["metric"] = "mAP@" + values.N.astype(str)
    gmap = pd.read_csv(published_file("gmap.csv"), dtype={"GmAP": str}).rename(columns={"GmAP": "published"})
    gmap["metric"] = "GmAP"
    cells = pd.concat([values, gmap], ignore_index=True)
    cells["decimals"] = cells.published.str.partition(".")[2].str.len()
    cells["published"] = cells.published.astype(float)
    cells["N"] = cells.N.astype("Int64")
    texts = ["table", "variant", "scale", "note"]
    cells[texts] = cells[texts].fillna("")
    order = ["source", "table", "method", "variant", "train_dataset", "test_dataset", "bits", "metric", "N"]
    return cells[[*order, "published", "decimals", "scale", "note"]]


def comparable(protocol: ProtocolConfig) -> bool:
    """Whether a protocol computes what the published numbers are: AP@N over N, the query not excluded."""
    return protocol.denominator == "retrieved" and not protocol.exclude_self


def published_method(method: MethodConfig) -> str | None:
    """Name of a method in the published tables of mAP@N; None for ablations and for methods nobody printed.

    Methods with a `published_variant` are S5VH and its ablations, of which only the full one has printed mAP@N.
    Other methods are found by their title.
    """
    if hasattr(method, "published_variant"):
        return "S5VH" if method.published_variant == FULL else None
    return method.title if method.title in set(_read("map_at_n")["method"]) else None


def published_map(
    method: str | None, dataset: str | None, bits: int, N: int, source: str | None = None
) -> Published | None:
    """Printed mAP@N.

    Args:
        method: name in the published tables, see `published_method`.
        dataset: `published_name` of the data set; None (the demo, own data) has no published number.
        bits, N: code length and cut-off.
        source: one source; by default the first of `MAP_SOURCES` that has the number.
    """
    if method is None or dataset is None:
        return None
    rows = _read("map_at_n")
    rows = rows[(rows.method == method) & (rows.dataset == dataset) & (rows.bits == bits) & (rows.N == N)]
    for name in [source] if source else MAP_SOURCES:
        found = rows.loc[rows.source == name, "mAP"]
        if len(found):
            return Published(float(found.iloc[0]), name)
    return None


def published_gmap(table: str, variant: str | None, dataset: str | None, bits: int) -> Published | None:
    """GmAP of S5VH or one of its ablations as printed in the S5VH paper.

    Args:
        table: "Table 2" (trained and searched on `dataset`).
        variant: row of the table, e.g. "(0) full".
        dataset, bits: `published_name` of the data set, or None, and code length.
    """
    if variant is None or dataset is None:
        return None
    rows = _read("gmap")
    rows = rows[(rows.source == "S5VH paper") & (rows.table == table) & (rows.scale == GMAP_SCALE)]
    same = (rows.train_dataset == dataset) & (rows.test_dataset == dataset)
    found = rows.loc[same & (rows.variant == variant) & (rows.bits == bits), "GmAP"]
    return Published(float(found.iloc[0]), f"S5VH paper, {table}") if len(found) else None


def published_transfer(method: str | None, train: str | None, test: str | None, bits: int) -> Published | None:
    """GmAP of Table 1 of the S5VH paper: trained on one data set, another one searched."""
    if method is None or train is None or test is None:
        return None
    rows = _read("gmap")
    rows = rows[(rows.source == "S5VH paper") & (rows.table == "Table 1") & (rows.method == method)]
    pair = (rows.train_dataset == train) & (rows.test_dataset == test) & (rows.bits == bits)
    found = rows.loc[pair, "GmAP"]
    return Published(float(found.iloc[0]), "S5VH paper, Table 1") if len(found) else None


def published_summary(method: MethodConfig, dataset: DatasetConfig, bits: int) -> Published | None:
    """GmAP to put beside a method's own: the printed one, else the geometric mean of the printed mAP@N.

    ActivityNet and FCVID have no printed GmAP. For S5VH the six numbers then come from its map.txt alone, because
    its README leaves one of them out; other methods' come from their results tables.
    """
    variant = getattr(method, "published_variant", None)
    if found := published_gmap("Table 2", variant, dataset.published_name, bits):
        return found
    name = published_method(method)
    source = "S5VH repo map.txt" if name == "S5VH" else None
    values = [published_map(name, dataset.published_name, bits, n, source) for n in GMAP_CUTOFFS]
    if any(value is None for value in values):
        return None
    mean = float(np.exp(np.mean(np.log([value.value for value in values]))))
    return Published(mean, f"geometric mean of {values[0].source}")
