"""Titles, sentences and number formats shared by tables, figures and the report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from s5vh.config.dataset import DatasetConfig
from s5vh.config.grid import Run
from s5vh.config.run import ProtocolConfig
from s5vh.methods.load import method_chain
from s5vh.reporting import lookup
from s5vh.reporting.table import LEVEL_OF_TEST
from s5vh.retrieval.uncertainty import RESAMPLES

DEMO = "DEMO - not a published data set"
RANDOM_FEATURES = "own data, features from an untrained network"
NOT_RUN = "not run"
SYNTHETIC = "synthetic clusters"
WORK = {"encode": "encoding", "train": "training step"}  # purposes of the efficiency study
_DATA_SETS = "Data sets: "


def dataset_kind(config: DatasetConfig) -> str:
    """Whether its numbers are those of the demo, of a published data set, or of the user's own data."""
    if config.kind == "demo":
        return DEMO
    if config.videos is not None and config.videos.untrained:
        return RANDOM_FEATURES
    return "published data set" if config.published_name else "own data"


def kinds(names: Iterable[str]) -> list[str]:
    """`dataset_kind` of each of these data sets."""
    return [dataset_kind(lookup.dataset(name)) for name in names]


def dataset_title(name: str) -> str:
    """Title for headings, which marks the demo as such."""
    config = lookup.dataset(name)
    if dataset_kind(config) == RANDOM_FEATURES:
        return f"{config.title} [features from an untrained network]"
    return f"{config.title} [{DEMO}]" if config.kind == "demo" else config.title


def pair_title(train: str, test: str) -> str:
    """Title of a transfer between two data sets, which marks the demo once."""
    titles = [lookup.dataset(name).title for name in (train, test)]
    if all(lookup.dataset(name).kind == "demo" for name in (train, test)):
        return f"{' → '.join(titles)} [{DEMO}]"
    return f"{dataset_title(train)} → {dataset_title(test)}"


def panel_title(name: str) -> str:
    """Short title for figure panels, which marks the demo as such."""
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
        "admm-plain": "plain ADMM",
        "released": "released code's search",
        "hadamard": "Hadamard (CSQ)",
        "random": "random, balanced",
        "bernoulli": "random, Bernoulli",
    }.get(name, name)


def recipes(methods: Iterable[str]) -> str:
    """The recipes that these methods are based on, e.g. "`s5vh` (and 5 variants), `itq_mean`"."""
    variants: dict[str, int] = {}
    for method in dict.fromkeys(methods):
        root = method_chain(method)[0].name
        variants[root] = variants.get(root, 0) + (method != root)
    words = []
    for root, count in variants.items():
        more = "" if not count else " (and 1 variant)" if count == 1 else f" (and {count} variants)"
        words.append(f"`{root}`{more}")
    return ", ".join(words)


def describe(protocol: ProtocolConfig) -> str:
    """A protocol in words."""
    divisor = {
        "retrieved": "AP@N is divided by N",
        "relevant": "AP@N is divided by the number of relevant videos",
        "capped_relevant": "AP@N is divided by the smaller of N and the number of relevant videos",
        "retrieved_relevant": "AP@N is divided by the number of relevant videos among the first N",
    }[protocol.denominator]
    ties = {
        "stable": "ties stay in database order",
        "expected": "ties are averaged over all their orders",
    }[protocol.ties]
    itself = "the query itself is excluded" if protocol.exclude_self else "the query itself is not excluded"
    return f"{divisor}; {ties}; {itself}"


def seeds_sentence(run: Run) -> str:
    """Sentence about seeds and intervals, for quantities other than retrieval scores."""
    seeds = run.config.seeds
    if len(seeds) == 1:
        return f"One seed ({seeds[0]})."
    return (
        f"Mean over {len(seeds)} seeds ({', '.join(map(str, seeds))}); ± is half of the 95% interval (Student's t). "
        f"{chance(run)}"
    )


def chance(run: Run) -> str:
    """Sentence about what the seeds of a run vary, and hence what an interval over them covers."""
    named = {"clusters": "clusters", "centers": "hash centers"}
    own = ["training", *(name for key, name in named.items() if key in run.config.seeds_also_vary)]
    shared = [name for name in named.values() if name not in own]
    return f"Every seed has its own {listed(own)}" + (f"; the seed of {listed(shared)} is shared." if shared else ".")


def bold(run: Run) -> str:
    """Sentence about the bold entries of a table of scores."""
    if len(run.config.seeds) == 1:
        return "Nothing is bold, because one seed does not show the spread between trainings."
    return (
        "Bold: higher than every other row, each by a t-test of the differences paired by seed at level "
        f"{LEVEL_OF_TEST}."
    )


def scores_sentence(run: Run) -> str:
    """Sentence about seeds and intervals, for retrieval scores."""
    seeds = run.config.seeds
    if len(seeds) == 1:
        return (
            f"One seed ({seeds[0]}); ± is half of the 95% interval over queries (percentile bootstrap, "
            f"{RESAMPLES:,} resamples), which does not include the variance between training runs."
        )
    return (
        f"Mean over {len(seeds)} seeds ({', '.join(map(str, seeds))}); ± is half of the 95% interval over seeds "
        f"(Student's t), for these queries. {chance(run)}"
    )


def caption(
    what: str, run: Run, methods: Iterable[str] = (), protocols: Iterable[str] = (), seeds: str | None = None
) -> str:
    """A caption: what is shown, data sets, protocols, recipes and seeds, in this order.

    Args:
        seeds: sentence about seeds and intervals; by default `scores_sentence`.
    """
    titles = "; ".join(dataset_title(name) for name in run.datasets) or "none"
    sentences = [what, f"{_DATA_SETS}{titles}."]
    sentences += [f"Protocol `{name}`: {describe(run.config.protocols[name])}." for name in protocols]
    if named := recipes(methods):
        sentences.append(f"Recipes: {named}.")
    sentences.append(scores_sentence(run) if seeds is None else seeds)
    return " ".join(sentences).strip()


def parts_of_caption(text: str) -> tuple[str, str]:
    """What a table shows, and how it came about, from data sets to seeds; the second is "" for a plain caption."""
    what, mark, rest = text.partition(f" {_DATA_SETS}")
    return what, (mark + rest).strip()


def published_sentence(sources: Iterable[str]) -> str:
    """Sentence about the sources of published numbers; "" if there are none, or if all are ""."""
    named = list(dict.fromkeys(filter(None, sources)))
    return f"Published numbers: {'; '.join(named)}." if named else ""


def listed(words: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`; "" for none."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def minus(text: str) -> str:
    """A number as text, with minus signs in place of hyphens."""
    return text.replace("-", "−")


def number(value: float | None, digits: int = 3) -> str:
    """A rounded number; "" for None and NaN."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:.{digits}f}"


def difference(value: float | None, digits: int = 3) -> str:
    """A rounded number with an explicit sign; "" for None and NaN."""
    if value is None or not math.isfinite(value):
        return ""
    return minus(f"{value:+.{digits}f}")


def percent(fraction: float) -> str:
    """A finite fraction as a rounded percentage: `42%`, `−8%`."""
    return minus(f"{round(100 * fraction)}%")


def with_interval(value: float, low: float, high: float, digits: int = 3) -> str:
    """`0.357 ± 0.004`, or `0.357` if there is no interval."""
    if not math.isfinite(low):
        return number(value, digits)
    return f"{value:.{digits}f} ± {(high - low) / 2:.{digits}f}"


def bracketed(value: float, low: float, high: float, digits: int = 3) -> str:
    """`0.357 [0.341, 0.362]`."""
    return minus(f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]")


def difference_interval(value: float, low: float, high: float, digits: int = 3) -> str:
    """`+0.012 [+0.004, +0.021]`, or only the difference if there is no interval."""
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
