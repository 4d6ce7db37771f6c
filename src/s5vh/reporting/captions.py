"""Titles and captions of the figures, for the report; the numbers in them come from the run's configuration."""

from __future__ import annotations

from s5vh.config.grid import Run
from s5vh.reporting.words import describe, method_title
from s5vh.retrieval.uncertainty import RESAMPLES

TITLES = {
    "figure3": "Retrieval: mAP@N (Figure 3)",
    "pr_curves": "Precision and recall",
    "figure1b": "Convergence with and without alignment (Figure 1b)",
    "figure1a": "Scaling with the number of frames (Figure 1a)",
    "centers": "Hash centers by solver",
    "solvers": "Hash-center solvers: time, quality, separation",
    "code_statistics": "What the codes look like",
    "examples": "Example queries",
    "protocol": "What the protocol decides: ties and self-matches",
}


def figure_caption(name: str, run: Run) -> str:
    """A few sentences that let a reader read the figure without the text around it."""
    config = run.config
    main = config.main_protocol
    protocol = f"Protocol `{main}`: {describe(config.protocols[main])}."
    seeds = len(config.seeds)
    several = f"Lines are means over {seeds} seeds, bands Student's 95% intervals over them. " if seeds > 1 else ""
    queries = f"One seed; bands are 95% intervals over queries (bootstrap, {RESAMPLES:,} resamples). "
    examples = config.examples
    return {
        "figure3": "Mean average precision of the first N retrieved videos, a panel a data set and code length. "
        f"{several or queries}Dashed lines are the numbers that a method's authors printed for a published data set. "
        f"{protocol}",
        "pr_curves": "Upper row of a data set: precision and recall of everything within a Hamming radius, a marker a "
        "radius. Lower row: of the first n videos of the ranking. Precision within a radius is the mean over the "
        f"queries that retrieve something there. {several or 'One seed. '}{protocol}",
        "figure1b": f"Left: GmAP of every evaluation during training at {config.convergence.bits} bits. Right: a loss "
        f"term that all compared methods have, as the mean of an epoch. {several or 'One seed. '}Grey and dashed: the "
        "run that the S5VH authors logged, where the data set is published.",
        "figure1a": "Median time of encoding a video and peak memory of a batch against sequence length, bars from "
        "the first to the third quartile; lines are least-squares fits. The third panel shows the fits that the S5VH "
        "paper prints: other hardware, so compare shapes and not milliseconds.",
        "centers": "Objective of equation 11 divided by that of the best solver; Hamming distances between centers as "
        "shares of the code length; pairs of equal centers; correlation of the centers' similarity with that of the "
        "clusters. Lower is better in the first panel, higher in the last. Each solver ran once, with seed 1.",
        "solvers": "Upper row: seconds on one core against the objective of equation 11 divided by the best one found; "
        "lower left is better. Lower row: smallest Hamming distance between two centers against the correlation of "
        "their similarity with that of the clusters, which ask for opposite things; there is no correlation where all "
        "distances are equal. A marker a code length, larger "
        f"for more bits; hollow where a limit of time ({config.solver_study.seconds} s) or of iterations stopped the "
        "solver. Made-up clusters are random centroids in ten groups and stand for no data set's own.",
        "code_statistics": "Upper row: mean of every bit over the database, mean absolute correlation of two bits, "
        "share of the videos that share their code with another one. Lower row: absolute correlation of all pairs of "
        f"bits. Seed {config.seeds[0]} only.",
        "examples": f"{examples.queries} queries, evenly spaced in the query file and not chosen, with their "
        f"{examples.neighbours} nearest database videos by {method_title(examples.method)} at {examples.bits} bits, "
        f"seed {config.seeds[0]}. Green and ✓: shares a class with the query; orange and ✗: does not.",
        "protocol": "Upper row of a data set: scores with AP@N divided by N and equal distances in the worst and the "
        f"best order; in {config.protocol_study.orders} random orders of the database, and as stored, relative to the "
        "exact mean over all orders. What lies between is luck and not the codes. Lower row: the database searched "
        "by itself, as FCVID is in published numbers, with every query in its own ranking and without. First seed.",
    }[name]
