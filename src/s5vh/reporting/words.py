"""Names and sentences that tables, figures and the report share."""

from __future__ import annotations

import math
from collections.abc import Iterable

from s5vh.config.dataset import DatasetConfig
from s5vh.config.grid import Run
from s5vh.config.run import ProtocolConfig
from s5vh.methods.load import method_chain
from s5vh.reporting import lookup
from s5vh.retrieval.uncertainty import RESAMPLES

DEMO = "DEMO - not a published data set"
RANDOM_FEATURES = "own data, features of an untrained network"
NOT_RUN = "not run"
SYNTHETIC = "synthetic clusters"


def dataset_kind(config: DatasetConfig) -> str:
    """What its numbers may be taken for: the demo label, a published data set, or the user's own data."""
    if config.kind == "demo":
        return DEMO
    if config.videos is not None and config.videos.untrained:
        return RANDOM_FEATURES
    return "published data set" if config.published_name else "own data"


def kinds(names: Iterable[str]) -> list[str]:
    """`dataset_kind` of each of these data sets."""
    return [dataset_kind(lookup.dataset(name)) for name in names]


def dataset_title(name: str) -> str:
    """Title for headings; the demo says that it is one."""
    config = lookup.dataset(name)
    if dataset_kind(config) == RANDOM_FEATURES:
        return f"{config.title} [features of an untrained network]"
    return f"{config.title} [{DEMO}]" if config.kind == "demo" else config.title


def panel_title(name: str) -> str:
    """Title for a panel of a figure, where there is little room; the demo says that it is one."""
    config = lookup.dataset(name)
    if dataset_kind(config) == RANDOM_FEATURES:
        return f"{config.title} (untrained features)"
    unnamed = config.kind == "demo" and "demo" not in config.title.lower()
    return f"{config.title} (demo)" if unnamed else config.title


def has_demo(run: Run) -> bool:
    """Whether the demo is among the run's data sets."""
    return any(lookup.dataset(name).kind == "demo" for name in run.datasets)


def method_title(name: str) -> str:
    """Title of a method in tables and figures."""
    return lookup.method(name).title


def solver_title(name: str) -> str:
    """Name of a hash-center solver in tables and figures."""
    return {
        "admm": "ADMM, refined",
        "admm-plain": "ADMM alone",
        "released": "released code's search",
        "hadamard": "Hadamard (CSQ)",
        "random": "random, half of the bits +1",
        "bernoulli": "random, coin flips",
    }.get(name, name)


def recipes(methods: Iterable[str]) -> str:
    """The recipes behind some methods, e.g. "`s5vh` (and 5 variants of it), `itq_mean`"."""
    variants: dict[str, int] = {}
    for method in dict.fromkeys(methods):
        root = method_chain(method)[0].name
        variants[root] = variants.get(root, 0) + (method != root)
    words = []
    for root, count in variants.items():
        more = "" if not count else " (and a variant of it)" if count == 1 else f" (and {count} variants of it)"
        words.append(f"`{root}`{more}")
    return ", ".join(words)


def describe(protocol: ProtocolConfig) -> str:
    """A protocol in words."""
    divisor = {
        "retrieved": "AP@N is divided by N",
        "relevant": "AP@N is divided by the number of relevant videos",
        "capped_relevant": "AP@N is divided by the smaller of N and the number of relevant videos",
    }[protocol.denominator]
    ties = {
        "stable": "equal distances stay in database order",
        "expected": "equal distances count as the mean over all their orders",
    }[protocol.ties]
    itself = "the query itself is left out" if protocol.exclude_self else "the query itself is not left out"
    return f"{divisor}; {ties}; {itself}"


def seeds_sentence(run: Run) -> str:
    """Which seeds there are, for whatever is not a retrieval score."""
    seeds = run.config.seeds
    if len(seeds) == 1:
        return f"One seed ({seeds[0]})."
    return f"Mean of {len(seeds)} seeds ({', '.join(map(str, seeds))}); ± is half of Student's 95% interval over them."


def scores_sentence(run: Run) -> str:
    """Which seeds there are, and what the interval of a retrieval score covers."""
    seeds = run.config.seeds
    if len(seeds) == 1:
        return (
            f"One seed ({seeds[0]}); ± is half of the 95% interval over queries (percentile bootstrap, "
            f"{RESAMPLES:,} resamples), which does not cover that another training would end elsewhere."
        )
    return (
        f"Mean of {len(seeds)} seeds ({', '.join(map(str, seeds))}); ± is half of the 95% interval over seeds "
        "(Student's t), for these queries."
    )


def caption(
    what: str, run: Run, methods: Iterable[str] = (), protocols: Iterable[str] = (), seeds: str | None = None
) -> str:
    """What is shown, the data sets, the protocols, the recipes and the seeds, in this order.

    Args:
        seeds: what to say about seeds and intervals; by default `scores_sentence`.
    """
    titles = "; ".join(dataset_title(name) for name in run.datasets) or "none"
    sentences = [what, f"Data sets: {titles}."]
    sentences += [f"Protocol `{name}`: {describe(run.config.protocols[name])}." for name in protocols]
    if named := recipes(methods):
        sentences.append(f"Recipes: {named}.")
    sentences.append(scores_sentence(run) if seeds is None else seeds)
    return " ".join(sentences).strip()


def number(value: float | None, digits: int = 3) -> str:
    """A rounded number; nothing for None and NaN."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:.{digits}f}"


def difference(value: float | None, digits: int = 3) -> str:
    """A rounded number with its sign."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:+.{digits}f}".replace("-", "−")


def with_interval(value: float, low: float, high: float, digits: int = 3) -> str:
    """`0.357`, or `0.357 ± 0.004` when there is an interval."""
    if not math.isfinite(low):
        return number(value, digits)
    return f"{value:.{digits}f} ± {(high - low) / 2:.{digits}f}"


def difference_interval(value: float, low: float, high: float, digits: int = 3) -> str:
    """`+0.012 [+0.004, +0.021]`, or the difference alone when there is no interval."""
    shown = difference(value, digits)
    return f"{shown} [{difference(low, digits)}, {difference(high, digits)}]" if math.isfinite(low) else shown


def duration(seconds: float | None) -> str:
    """`45 s`, `12 min`, `3 h 20 min`."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    if seconds < 100:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d} min"
