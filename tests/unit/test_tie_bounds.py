"""The worst and the best order of equal distances, against enumeration of every order."""

from __future__ import annotations

import json
from itertools import groupby, permutations, product
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s5vh.retrieval.metrics import evaluate, geometric_mean
from s5vh.retrieval.protocol import DENOMINATORS, TIES, Protocol
from s5vh.retrieval.ties import bounding_sums

GOLDEN = Path(__file__).parents[1] / "golden"
# The first call of a compiled function takes seconds; after that an example takes milliseconds.
quick = settings(max_examples=60, deadline=None)
ITEMS = st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=7)
CUTOFFS = st.sets(st.integers(1, 9), min_size=1).map(sorted)


def relevances_of_every_order(items):
    """Relevance by rank, for every order of the items inside their tie groups; items are (distance, relevant)."""
    groups = [[relevant for _, relevant in group] for _, group in groupby(sorted(items), key=lambda item: item[0])]
    for orders in product(*(set(permutations(group)) for group in groups)):
        yield [relevant for order in orders for relevant in order]


def sum_of_gains(relevances, cutoff):
    return sum(sum(relevances[:n]) / n for n in range(1, min(cutoff, len(relevances)) + 1) if relevances[n - 1])


def labelled(items, bits=3):
    """Items at these distances from one query, as codes and labels."""
    query = -np.ones((1, bits), np.int8)
    database = np.array([[1] * distance + [-1] * (bits - distance) for distance, _ in items], np.int8)
    labels = np.array([[relevant, not relevant] for _, relevant in items], np.uint8)
    return {
        "query_codes": query,
        "database_codes": database,
        "bits": bits,
        "query_labels": np.array([[1, 0]], np.uint8),
        "database_labels": labels,
    }


@pytest.mark.parametrize("case", ["case0", "case1", "case2"])
def test_bounds_equal_the_golden_enumeration(case):
    with h5py.File(GOLDEN / "softmap.h5") as file:
        inputs = {name: value[()] for name, value in file[case]["inputs"].items()}
        outputs = {name: value[()] for name, value in file[case]["outputs"].items()}
    relevance, cutoffs = inputs["relevance"], tuple(inputs["cutoffs"].tolist())
    codes = {name: inputs[name] for name in ("query_codes", "database_codes")}
    labels = {"query_labels": np.eye(len(relevance), dtype=np.uint8), "database_labels": relevance.T}
    bits = inputs["query_codes"].shape[1]
    totals = relevance.sum(axis=1)[:, None]
    golden = np.stack([outputs[f"{name}_order_AP_denominator_retrieved"] for name in ("worst", "best")], axis=2)
    # What the sum is divided by does not depend on the order, so the golden bounds give those of the others.
    divisors = {
        "retrieved": np.array([cutoffs]),
        "relevant": np.maximum(totals, 1),
        "capped_relevant": np.minimum([cutoffs], np.maximum(totals, 1)),
    }
    assert {*divisors, "retrieved_relevant"} == set(DENOMINATORS)  # the divisor of the last depends on the order
    for denominator, divisor in divisors.items():
        expected = golden * np.array(cutoffs)[:, None] / divisor[:, :, None]
        for ties in TIES:
            protocol = Protocol(denominator=denominator, ties=ties, cutoffs=cutoffs)
            found = evaluate(**codes, bits=bits, **labels, protocol=protocol).average_precision_bounds
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)
    assert (golden[..., 1] - golden[..., 0]).max() > 0.1  # ties that matter, or the test would say nothing


@quick
@given(items=ITEMS, cutoffs=CUTOFFS, denominator=st.sampled_from(DENOMINATORS))
def test_no_order_is_outside_and_both_bounds_are_reached(items, cutoffs, denominator):
    total = sum(relevant for _, relevant in items)
    protocol = Protocol(denominator=denominator, ties="expected", cutoffs=tuple(cutoffs))
    result = evaluate(**labelled(items), protocol=protocol, curves=False)
    for column, cutoff in enumerate(cutoffs):
        divisor = {"retrieved": cutoff, "relevant": max(total, 1), "capped_relevant": min(cutoff, max(total, 1))}
        every = [
            sum_of_gains(order, cutoff) / divisor.get(denominator, max(sum(order[:cutoff]), 1))
            for order in relevances_of_every_order(items)
        ]
        expected = [min(every), max(every)]
        np.testing.assert_allclose(result.average_precision_bounds[0, column], expected, rtol=0, atol=1e-12)


@quick
@given(items=ITEMS, cutoffs=CUTOFFS)
def test_one_order_is_the_worst_for_all_cutoffs_and_one_the_best(items, cutoffs):
    worst = [relevant for _, relevant in sorted(items)]
    best = [relevant for _, relevant in sorted(items, key=lambda item: (item[0], not item[1]))]
    counts = np.array([[sum(distance == d for distance, _ in items) for d in range(3)]])
    relevant = np.array([[sum(distance == d and hit for distance, hit in items) for d in range(3)]])
    sums = bounding_sums(counts, relevant, np.array(cutoffs))[0]
    for column, order in enumerate((worst, best)):
        np.testing.assert_allclose(sums[:, column], [sum_of_gains(order, n) for n in cutoffs], rtol=0, atol=1e-12)


@quick
@given(
    seed=st.integers(0, 10**6),
    bits=st.integers(1, 6),
    denominator=st.sampled_from(DENOMINATORS),
    exclude_self=st.booleans(),
)
def test_every_score_lies_between_its_bounds(seed, bits, denominator, exclude_self):
    rng = np.random.default_rng(seed)
    codes = rng.choice(np.array([-1, 1], np.int8), (25, bits))
    labels = np.eye(4, dtype=np.uint8)[rng.integers(0, 4, 25)]
    found = {}
    for ties in TIES:
        protocol = Protocol(denominator=denominator, ties=ties, exclude_self=exclude_self, cutoffs=(1, 4, 20, 40))
        found[ties] = evaluate(codes, codes, bits, labels, labels, protocol, curves=False)
        low, high = np.moveaxis(found[ties].average_precision_bounds, 2, 0)
        assert (low <= found[ties].average_precision + 1e-12).all()
        assert (found[ties].average_precision <= high + 1e-12).all()
        bounds = found[ties].tie_bounds
        for n, value in found[ties].mean_ap.items():
            assert bounds["mAP"][n][0] - 1e-12 <= value <= bounds["mAP"][n][1] + 1e-12
        assert bounds["GmAP"][0] - 1e-12 <= found[ties].gmap <= bounds["GmAP"][1] + 1e-12
    # Bounds say what ties could do, so they do not depend on what the protocol lets them do.
    assert found["stable"].tie_bounds == found["expected"].tie_bounds


def test_without_ties_there_is_nothing_to_bound():
    codes = np.array([[1, 1, 1], [1, 1, -1], [1, -1, -1], [-1, -1, -1]], np.int8)
    labels = np.eye(2, dtype=np.uint8)[[0, 1, 0, 1]]
    result = evaluate(codes[:1], codes, 3, labels[:1], labels, Protocol(cutoffs=(2, 4)))
    low, high = np.moveaxis(result.average_precision_bounds, 2, 0)
    np.testing.assert_array_equal(low, result.average_precision)
    np.testing.assert_array_equal(high, result.average_precision)


def test_a_cutoff_inside_a_group_loses_the_items_beyond_it():
    # Two irrelevant and three relevant items, all tied; only two of the five are retrieved.
    data = labelled([(1, True), (1, False), (1, True), (1, False), (1, True)])
    result = evaluate(**data, protocol=Protocol(cutoffs=(2, 3, 5)))
    expected = [[0, 1], [1 / 3 / 3, 1], [(1 / 3 + 2 / 4 + 3 / 5) / 5, 3 / 5]]
    np.testing.assert_allclose(result.average_precision_bounds[0], expected, rtol=0, atol=1e-12)


def test_summary_names_the_bounds():
    data = labelled([(0, True), (1, False), (1, True), (2, True), (2, False)])
    result = evaluate(**data, protocol=Protocol(denominator="capped_relevant", cutoffs=(2, 4)))
    bounds = json.loads(json.dumps(result.summary()))["tie_bounds"]
    assert bounds["mAP"] == {"2": [0.5, 1.0], "4": [(1 + 2 / 3) / 3, (2 + 3 / 4) / 3]}
    for side in (0, 1):
        assert bounds["GmAP"][side] == geometric_mean([bounds["mAP"][n][side] for n in ("2", "4")])
