"""Captions of the figures in the report; numbers in them come from the run's configuration."""

from __future__ import annotations

from s5vh.config.grid import Run
from s5vh.reporting import lookup
from s5vh.reporting.words import caption, chance, method_title
from s5vh.retrieval.uncertainty import RESAMPLES

LEAST_RECALL = 0.001  # of what precision-recall curves draw by radius; below, hardly any query retrieves anything
_NO_BANDS = "so there are no bands."
_OVER_QUERIES = (
    f"so bands are 95% confidence intervals over queries (bootstrap, {RESAMPLES:,} resamples), which do not include "
    "the variance between training runs."
)


def figure3(run: Run) -> str:
    """mAP@N curves."""
    return _of_methods(run, f"{_map_at_n()}{_hollow(run)}", _OVER_QUERIES)


def autossvh_figure3(run: Run) -> str:
    """mAP@N curves with AutoSSVH foremost."""
    source = ", where we have them those that AutoSSVH's authors listed for this figure"
    return _of_methods(run, f"{_map_at_n()}{_hollow(run, source)}", _OVER_QUERIES)


def mcmsh_figure5(run: Run) -> str:
    """mAP@N and precision-recall curves with MCMSH foremost."""
    what = (
        "We do not know what Figure 5 of the MCMSH paper shows; this is our reading: the comparison with other "
        "methods, which the paper's tables lack, in both usual forms. Upper row of each data set: "
        f"{_map_at_n('m')}{_hollow(run)} Lower row: precision and recall of the top n videos. Markers there only tell "
        "the lines apart."
    )
    return _of_methods(run, what, f"{_OVER_QUERIES} The lower row has none.")


def pr_curves(run: Run) -> str:
    """Precision-recall curves."""
    what = (
        "Upper row of each data set: precision and recall within a Hamming radius. Lower row: precision and recall of "
        "the top n videos. Markers only tell the lines apart. Precision within a radius is averaged over the queries "
        f"that retrieve anything within it; radii with a recall below {LEAST_RECALL:.1%}, where hardly any do, are in "
        "the CSV file only."
    )
    return _of_methods(run, what, _NO_BANDS)


def figure1b(run: Run) -> str:
    """Convergence with and without alignment."""
    what = (
        f"{_training(f', {run.config.convergence.bits} bits')} The table `convergence` has these levels for every "
        "seed. Grey, dashed, where a data set has them: the S5VH authors' training logs, by time on their hardware "
        "(without evaluations); their code defines losses in its own way, so compare shapes, not values."
    )
    return _of_methods(run, what, _NO_BANDS, run.config.convergence.methods)


def autossvh_figure4(run: Run) -> str:
    """Convergence with and without adversarial sampling and P2Set."""
    what = f"We do not know what exactly Figure 4 of the AutoSSVH paper shows; this is our reading. {_training()}"
    return _of_methods(run, what, _NO_BANDS, run.config.ablation("autossvh_figure4").rows)


def autossvh_figure5(run: Run) -> str:
    """Training time with and without adversarial sampling and P2Set."""
    what = (
        "We do not know what exactly Figure 5 of the AutoSSVH paper shows; this is our reading. Left: GmAP at the last "
        "evaluation against training time per epoch, on this machine. Right: against the training time until each "
        "method first reaches the lowest of these final scores, which is found for each seed. Clustering is part of "
        "the time, evaluations are not. Other jobs on the machine prolong it: compare methods that were trained alike, "
        "for example one at a time."
    )
    seeds = len(run.config.seeds)
    several = (
        f"Means over {seeds} seeds; vertical bars are 95% confidence intervals over seeds (Student's t), horizontal "
        f"ones the range over seeds. {chance(run)}"
    )
    one = f"One seed ({run.config.seeds[0]}), so there are no intervals."
    methods = run.config.ablation("autossvh_figure5").rows
    return caption(what, run, methods, [run.config.main_protocol], several if seeds > 1 else one)


def figure1a(run: Run) -> str:
    """Time and memory by number of frames."""
    config = run.config.efficiency
    training = (
        " Upper row: encoding. Lower row: losses and gradients of a training step; on the right, the videos per batch "
        "of the encoding."
    )
    batch = "at the largest batch that fits" if config.batch_size == "largest" else f"{config.batch_size} at a time"
    return (
        f"Time and peak memory per video against the number of frames, {batch}.{training if config.training else ''} "
        "Times are those of the fastest call, bars reach to the median. Lines are least-squares fits, solid if BIC "
        "prefers the linear one, dashed if it prefers the quadratic one; times measured on a busy machine are hollow "
        "and have none. The table `scaling_fits` has all fits with intervals, and the lengths from which "
        f"{method_title(config.methods[0]) if config.methods else 'a network'} is faster. "
        f"{'Upper right' if config.training else 'Right'}: the fits published in the S5VH paper, measured on other "
        "hardware; compare shapes, not milliseconds."
    )


def centers(run: Run) -> str:
    """Hash centers on the data sets."""
    return (
        "Objective of equation 11 relative to the best solver; Hamming distances between centers as a fraction of the "
        "code length; pairs of identical centers; correlation between the similarities of the centers and of the "
        "clusters. Lower is better in the first panel, higher in the last. Each solver ran once, with seed 1."
    )


def solvers(run: Run) -> str:
    """Study of hash-center solvers."""
    return (
        "Upper row: runtime on one core against the objective of equation 11 relative to the best one found; lower "
        "left is better. Lower row: minimum Hamming distance between two centers against the correlation between "
        "center and cluster similarities, which are conflicting goals; there is no correlation if all distances are "
        "equal. "
        "One marker per code length, larger for more bits; hollow if the solver stopped at its time limit "
        f"({run.config.solver_study.seconds} s) or iteration limit. Synthetic clusters are random centroids in ten "
        "groups; they do not represent any particular data set."
        f"{_centering(run)}"
    )


def _centering(run: Run) -> str:
    study = run.config.solver_study.centering
    if study is None:
        return ""
    return (
        " Lowest panel: pairs of identical centers for synthetic features after a ReLU, with their mean (hollow) and "
        f"without it (filled), mean and 95% interval over {study.seeds} seeds (Student's t)."
    )


def code_statistics(run: Run) -> str:
    """Statistics of the codes."""
    return (
        "Upper row: mean of each bit over the database, mean absolute correlation between bits, and fraction of videos "
        "that share their code with another one. Lower row: absolute correlation of all pairs of bits. Seed "
        f"{run.config.seeds[0]} only."
    )


def examples(run: Run) -> str:
    """Example queries."""
    shown = run.config.examples
    return (
        f"{shown.queries} queries, evenly spaced in the query file rather than hand-picked, and their "
        f"{shown.neighbours} nearest database videos, by {method_title(run.config.example_method)} with {shown.bits} "
        f"bits, seed {run.config.seeds[0]}. Green and ✓: shares a class with the query; orange and ✗: does not."
    )


def protocol(run: Run) -> str:
    """Study of the evaluation protocol."""
    return (
        "Upper row of each data set: scores with AP@N divided by N, for the worst and best order of ties; and for "
        f"{run.config.protocol_study.orders} random database orders and the stored order, relative to the exact mean "
        "over all tie orders. These differences are due to chance, not to the codes. Lower row: the database queried "
        "with its own videos, as for published FCVID results, with and without each query in its own ranking. First "
        "seed only."
    )


def _map_at_n(first: str = "M") -> str:
    return (
        f"{first}ean average precision of the top N retrieved videos, one panel per data set and code length. In "
        "colour: networks. Grey: methods without a network, whose intervals are in the CSV file only, and, without "
        "markers, chance and real-valued features; a perfect ranking is in the table `gmap`."
    )


def _hollow(run: Run, source: str = "") -> str:
    """What hollow markers are, if any data set of the run has published numbers."""
    if not any(lookup.dataset(name).published_name for name in run.datasets):
        return ""
    return f" Hollow markers are published results of the same method{source}."


def _training(length: str = "") -> str:
    """What figures of training curves show."""
    return (
        f"GmAP at every evaluation during training{length}, by epoch (left) and by seconds of training without "
        "evaluations (middle); right: a loss term that all compared methods have, averaged per epoch. Seconds are "
        "means over seeds, on this machine. Dotted: the GmAP that a variant ends with, and where the first method "
        "reaches it."
    )


def _of_methods(run: Run, what: str, one_seed: str, methods: list[str] | None = None) -> str:
    """A caption that ends with data sets, protocol, recipes and seeds.

    Args:
        one_seed: what follows from there being one seed only.
        methods: by default the compared ones.
    """
    named = run.config.methods if methods is None else methods
    seeds = _several(run) or f"One seed ({run.config.seeds[0]}), {one_seed}"
    return caption(what, run, named, [run.config.main_protocol], seeds)


def _several(run: Run) -> str:
    seeds = len(run.config.seeds)
    if seeds == 1:
        return ""
    return (
        f"Lines are means over {seeds} seeds ({', '.join(map(str, run.config.seeds))}), bands are 95% confidence "
        f"intervals over seeds (Student's t). {chance(run)}"
    )
