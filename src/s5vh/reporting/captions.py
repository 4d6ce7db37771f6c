"""Captions of the figures, for the report; the numbers in them come from the run's configuration."""

from __future__ import annotations

from s5vh.config.grid import Run
from s5vh.reporting.words import describe, method_title
from s5vh.retrieval.uncertainty import RESAMPLES


def figure3(run: Run) -> str:
    queries = f"One seed; bands are 95% intervals over queries (bootstrap, {RESAMPLES:,} resamples). "
    return (
        "Mean average precision of the first N retrieved videos, one panel per data set and code length. "
        f"{_several(run) or queries}Dashed lines are the numbers that a method's authors printed for a published data "
        f"set. {_protocol(run)}"
    )


def pr_curves(run: Run) -> str:
    return (
        "Upper row of a data set: precision and recall of everything within a Hamming radius, one marker per radius. "
        "Lower row: of the first n videos of the ranking. Precision within a radius is the mean over the queries that "
        f"retrieve something there. {_several(run) or 'One seed. '}{_protocol(run)}"
    )


def figure1b(run: Run) -> str:
    return (
        f"Left: GmAP of every evaluation during training at {run.config.convergence.bits} bits. Right: a loss term "
        f"that all compared methods have, as the mean of an epoch. {_several(run) or 'One seed. '}Grey and dashed: the run "
        "that the S5VH authors logged, where the data set is published."
    )


def figure1a(run: Run) -> str:
    return (
        "Median time of encoding a video and peak memory of a batch against sequence length, bars from the first to "
        "the third quartile; lines are least-squares fits. The third panel shows the fits that the S5VH paper prints: "
        "other hardware, so compare shapes and not milliseconds."
    )


def centers(run: Run) -> str:
    return (
        "Objective of equation 11 divided by that of the best solver; Hamming distances between centers as shares of "
        "the code length; pairs of equal centers; correlation of the centers' similarity with that of the clusters. Lower "
        "is better in the first panel, higher in the last. Each solver ran once, with seed 1."
    )


def solvers(run: Run) -> str:
    return (
        "Upper row: seconds on one core against the objective of equation 11 divided by the best one found; lower left "
        "is better. Lower row: smallest Hamming distance between two centers against the correlation of their "
        "similarity with that of the clusters, which ask for opposite things; there is no correlation where all "
        "distances are equal. One marker per code length, larger for more bits; hollow where a time limit "
        f"({run.config.solver_study.seconds} s) or an iteration limit stopped the solver. Synthetic clusters are "
        "random centroids in ten groups and stand for no data set's own."
    )


def code_statistics(run: Run) -> str:
    return (
        "Upper row: mean of every bit over the database, mean absolute correlation of two bits, share of the videos "
        "that share their code with another one. Lower row: absolute correlation of all pairs of bits. Seed "
        f"{run.config.seeds[0]} only."
    )


def examples(run: Run) -> str:
    shown = run.config.examples
    return (
        f"{shown.queries} queries, evenly spaced in the query file and not hand-picked, with their {shown.neighbours} "
        f"nearest database videos by {method_title(run.config.example_method)} at {shown.bits} bits, seed "
        f"{run.config.seeds[0]}. Green and ✓: shares a class with the query; orange and ✗: does not."
    )


def protocol(run: Run) -> str:
    return (
        "Upper row of a data set: scores with AP@N divided by N and equal distances in the worst and the best order; "
        f"in {run.config.protocol_study.orders} random orders of the database, and as stored, relative to the exact mean "
        "over all orders. What lies between is luck and not the codes. Lower row: the database searched by itself, as "
        "FCVID is in published numbers, with every query in its own ranking and without. First seed."
    )


def _several(run: Run) -> str:
    seeds = len(run.config.seeds)
    return f"Lines are means over {seeds} seeds, bands Student's 95% intervals over them. " if seeds > 1 else ""


def _protocol(run: Run) -> str:
    main = run.config.main_protocol
    return f"Protocol `{main}`: {describe(run.config.protocols[main])}."
