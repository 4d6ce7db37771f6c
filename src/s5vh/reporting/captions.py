"""Captions of the figures in the report; numbers in them come from the run's configuration."""

from __future__ import annotations

from s5vh.config.grid import Run
from s5vh.reporting.words import chance, describe, method_title
from s5vh.retrieval.uncertainty import RESAMPLES


def figure3(run: Run) -> str:
    """mAP@N curves."""
    queries = f"One seed; bands are 95% confidence intervals over queries (bootstrap, {RESAMPLES:,} resamples). "
    return (
        "Mean average precision of the top N retrieved videos, one panel per data set and code length. Grey: "
        "chance, and real-valued features without codes; a perfect ranking is in the table `gmap`. "
        f"{_several(run) or queries}Dashed lines are published results of the same method. {_protocol(run)}"
    )


def pr_curves(run: Run) -> str:
    """Precision-recall curves."""
    return (
        "Upper row of each data set: precision and recall within a Hamming radius, one marker per radius. Lower row: "
        "precision and recall of the top n videos. Precision within a radius is averaged over the queries that "
        f"retrieve anything within it. {_several(run) or 'One seed. '}{_protocol(run)}"
    )


def figure1b(run: Run) -> str:
    """Convergence."""
    return (
        f"Left: GmAP at every evaluation during training, {run.config.convergence.bits} bits. Right: a loss term that "
        f"all compared methods share, averaged per epoch. {_several(run) or 'One seed. '}Dotted: the GmAP that a "
        "variant ends with, and where the first method reaches it, which the table `convergence` has for every seed. "
        "Grey, dashed: the S5VH authors' training log, if available for the data set."
    )


def figure1a(run: Run) -> str:
    """Time and memory by sequence length."""
    config = run.config.efficiency
    training = " Lower row: losses and gradients of a training step." if config.training else ""
    return (
        "Time and peak memory per video against sequence length, at the largest batch that fits."
        f"{training} Times are those of the fastest call, bars reach to the median. Lines are least-squares fits, "
        "solid if BIC prefers the linear one, dashed if the quadratic; times measured on a busy machine are hollow and "
        "have none. The table `scaling_fits` has all fits with intervals, and the lengths from which "
        f"{method_title(config.methods[0]) if config.methods else 'a network'} is faster. The panel on the right shows "
        "the fits published in the S5VH paper, measured on other hardware: compare shapes, not milliseconds."
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


def _several(run: Run) -> str:
    seeds = len(run.config.seeds)
    if seeds == 1:
        return ""
    return (
        f"Lines are means over {seeds} seeds, bands are 95% confidence intervals over seeds (Student's t). "
        f"{chance(run)} "
    )


def _protocol(run: Run) -> str:
    main = run.config.main_protocol
    return f"Protocol `{main}`: {describe(run.config.protocols[main])}."
