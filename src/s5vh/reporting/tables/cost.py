"""Cost of encoding a video: MCMSH's Table 5."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from s5vh.config.grid import Run
from s5vh.reporting import collect, lookup
from s5vh.reporting.published_numbers import of_recipe, published_sizes
from s5vh.reporting.table import Block, Entry, Table
from s5vh.reporting.words import NOT_RUN, method_title, number

_COSTS = {"parameters_M": "params_M", "flops_G": "flops_G", "milliseconds_per_video": "encode_time_ms"}  # ours: theirs
_TITLES = ("parameters [M]", "operations [G]", "time [ms]")
_PAPER_SIZE = {"feature_size": 4096, "bits": 64}
_NOTE = (
    "Published numbers: MCMSH paper, Table 5. For MCMSH they agree with the parameters and the multiply-accumulates of "
    "the released network, `mcmsh-released`; multiply-accumulates are half of the operations counted here."
)


def build_mcmsh_table5(run: Run, results: Path) -> Table:
    """Parameters, operations and encoding time per video, at the number of frames of the run's data sets."""
    points, _ = collect.efficiency(run, results)
    points = points[points.purpose == "encode"]
    config = run.config.efficiency
    points = points.assign(parameters_M=points.parameters / 1e6, flops_G=points.flops_per_video / 1e9)
    printed = published_sizes("MCMSH", "Table 5")
    at_paper_size = all(getattr(config, name) == size for name, size in _PAPER_SIZE.items())
    rows, blocks = [], []
    for frames in _lengths(run, points):
        quoted = printed[printed.frames == frames] if at_paper_size else printed[:0]
        found = _rows(points[points.frames == frames], quoted)
        rows += [{"frames": frames} | row for row in found]
        blocks.append(_block(f"{frames} frames", found, bool(len(quoted))))
    busy = [
        f"{method_title(method)} was measured on a busy machine, so its time is not to be trusted: {why}."
        for (method, _), why in collect.disturbances(points).items()
    ]
    text = (
        "Parameters of the network, floating-point operations and time of encoding one video; random weights and "
        f"random features of {config.feature_size} values per frame, {config.bits} bits. A product and its sum are two "
        f"operations. Measured on {collect.devices(points) or 'nothing'}; published times are from other hardware. "
        "Independent of evaluation protocols and seeds."
    )
    columns = ["frames", "method", "source", *_COSTS, *(f"published_{name}" for name in _COSTS.values())]
    return Table(text, pd.DataFrame(rows, columns=columns), blocks, busy)


def _lengths(run: Run, points: pd.DataFrame) -> list[int]:
    """Frames of the run's data sets that were measured; if none was, the shortest length that was."""
    measured = sorted(set(points.frames))
    wanted = {lookup.dataset(name).frames for name in run.datasets}
    return [frames for frames in measured if frames in wanted] or measured[:1]


def _rows(points: pd.DataFrame, printed: pd.DataFrame) -> list[dict[str, Any]]:
    """One row per measured network, with what is published of it, then what is published of others."""
    rows: list[dict[str, Any]] = []
    for point in points.itertuples():
        ours = {name: getattr(point, name) for name in _COSTS}
        theirs = _published(of_recipe(printed, lookup.method(point.method).published))
        rows.append({"method": point.method, "source": "measured here"} | ours | theirs)
    mine = {recipe.method for method in points.method if (recipe := lookup.method(method).published)}
    for method, others in printed[~printed.method.isin(mine)].groupby("method", sort=False):
        rows.append({"method": method, "source": "published"} | _published(others))
    return rows


def _published(rows: pd.DataFrame) -> dict[str, float]:
    """The numbers of the first of these rows; nothing without one."""
    return {f"published_{name}": float(rows[name].iloc[0]) for name in _COSTS.values() if len(rows)}


def _block(heading: str, rows: list[dict[str, Any]], quoted: bool) -> Block:
    titles = [title for title in _TITLES for title in ([title, "published"] if quoted else [title])]
    shown = []
    for row in rows:
        mine = row["source"] == "measured here"
        entries = [Entry(method_title(row["method"]) if mine else row["method"], quoted=not mine)]
        for ours, theirs in _COSTS.items():
            entries.append(Entry(number(row[ours])) if mine else Entry(NOT_RUN, quoted=True))
            if quoted:
                entries.append(Entry(number(row.get(f"published_{theirs}"), 2), quoted=True))
        shown.append(entries)
    return Block(heading, ["Method", *titles], shown, _NOTE if quoted else "")
