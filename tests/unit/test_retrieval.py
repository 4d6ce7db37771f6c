"""Codes, Hamming ranking and retrieval metrics, against golden vectors and plain-loop oracles."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s5vh.retrieval import ranking
from s5vh.retrieval.codes import pack, unpack
from s5vh.retrieval.metrics import curve_ranks, evaluate, geometric_mean, quick_map
from s5vh.retrieval.protocol import DENOMINATORS, TIES, Protocol
from s5vh.retrieval.ranking import rank_blocks, top_neighbours

GOLDEN = Path(__file__).parents[1] / "golden"
# The first call of a compiled function takes seconds; after that an example takes milliseconds.
quick = settings(max_examples=40, deadline=None)


def random_set(seed, queries=7, database=40, bits=12, classes=5, several=True):
    """Random codes with many ties and random multi-hot labels, some videos without any."""
    rng = np.random.default_rng(seed)
    signs = np.array([-1, 1], np.int8)
    labels = [(rng.random((n, classes)) < 0.25).astype(np.uint8) for n in (queries, database)]
    if not several:
        labels = [np.eye(classes, dtype=np.uint8)[rng.integers(0, classes, n)] for n in (queries, database)]
    for label in labels:
        label[0, 0] = 1
    return {
        "query_codes": rng.choice(signs, (queries, bits)),
        "database_codes": rng.choice(signs, (database, bits)),
        "bits": bits,
        "query_labels": labels[0],
        "database_labels": labels[1],
    }


def oracle(data, protocol, leave_out=None):
    """Everything `evaluate` gives for the stable order, query by query and rank by rank."""
    rows = []
    for q, (code, label) in enumerate(zip(data["query_codes"], data["query_labels"], strict=True)):
        items = []
        for j, (other, other_label) in enumerate(zip(data["database_codes"], data["database_labels"], strict=True)):
            if leave_out is None or leave_out[q] != j:
                items.append((int((code != other).sum()), j, bool((label & other_label).any())))
        items.sort()
        total = sum(relevant for _, _, relevant in items)
        row = {"items": items, "total": total, "ap": [], "precision": [], "recall": []}
        for n in protocol.cutoffs:
            hits, gain = 0, 0.0
            for rank, (_, _, relevant) in enumerate(items[:n], start=1):
                if relevant:
                    hits += 1
                    gain += hits / rank
            divisors = {"retrieved": n, "relevant": total, "capped_relevant": min(n, total), "retrieved_relevant": hits}
            row["ap"].append(gain / divisors[protocol.denominator] if hits else 0.0)
            row["precision"].append(hits / n)
            row["recall"].append(hits / total if total else 0.0)
        rows.append(row)
    return rows


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12)


# Golden vectors


@pytest.mark.parametrize("case", ["small_16bit", "medium_64bit", "ties_8bit"])
def test_released_metric_is_reproduced(case):
    with h5py.File(GOLDEN / "retrieval_protocol.h5") as file:
        golden = {name: value[()] for name, value in file[case].items()}
    result = evaluate(
        golden["query_codes"],
        golden["database_codes"],
        golden["query_codes"].shape[1],
        golden["query_labels"],
        golden["database_labels"],
    )
    for column, n in enumerate((5, 20, 40, 60, 80, 100)):
        close(result.average_precision[:, column], golden[f"AP@{n}"])
        close(result.mean_ap[n], golden[f"mAP@{n}"])
    for n in (5, 20, 100):
        close(result.precision[n], golden[f"precision@{n}"])
        close(result.recall[n], golden[f"recall@{n}"])
    close(result.gmap, np.prod([golden[f"mAP@{n}"] for n in (5, 20, 40, 60, 80, 100)]) ** (1 / 6))


def softmap_case(file, case):
    """The golden relevance as labels: a class for every query, which the items relevant to it have."""
    relevance = file[case]["inputs/relevance"][()]
    return {
        "query_codes": file[case]["inputs/query_codes"][()],
        "database_codes": file[case]["inputs/database_codes"][()],
        "bits": int(file[case].attrs["bits"]),
        "query_labels": np.eye(len(relevance), dtype=np.uint8),
        "database_labels": relevance.T,
    }


@pytest.mark.parametrize("case", ["case0", "case1", "case2"])
@pytest.mark.parametrize("denominator", ["retrieved", "relevant", "capped_relevant"])
def test_expectation_over_ties_equals_enumeration(case, denominator):
    with h5py.File(GOLDEN / "softmap.h5") as file:
        data = softmap_case(file, case)
        cutoffs = tuple(file[case]["inputs/cutoffs"][()].tolist())
        outputs = {name: value[()] for name, value in file[case]["outputs"].items() if "exact" not in name}
    protocol = Protocol(denominator=denominator, ties="expected", cutoffs=cutoffs)
    result = evaluate(**data, protocol=protocol)
    close(result.average_precision, outputs[f"expected_AP_denominator_{denominator}"])
    close(list(result.mean_ap.values()), outputs[f"mean_over_queries_denominator_{denominator}"])
    assert result.queries_without_relevant == 1
    if denominator == "retrieved":
        assert (result.average_precision >= outputs["worst_order_AP_denominator_retrieved"] - 1e-12).all()
        assert (result.average_precision <= outputs["best_order_AP_denominator_retrieved"] + 1e-12).all()


# Oracles


@pytest.mark.parametrize("denominator", DENOMINATORS)
@pytest.mark.parametrize("bits", [3, 8, 64, 70])
def test_scores_equal_plain_loops(denominator, bits):
    data = random_set(bits, bits=bits)
    protocol = Protocol(denominator=denominator, cutoffs=(1, 3, 10, 40))
    rows = oracle(data, protocol)
    result = evaluate(**data, protocol=protocol)
    close(result.average_precision, [row["ap"] for row in rows])
    close(list(result.precision.values()), np.mean([row["precision"] for row in rows], axis=0))
    close(list(result.recall.values()), np.mean([row["recall"] for row in rows], axis=0))
    assert result.queries_without_relevant == sum(row["total"] == 0 for row in rows)


def test_curves_equal_plain_loops():
    data = random_set(3, bits=6)
    rows = oracle(data, Protocol())
    result = evaluate(**data)
    for i, rank in enumerate(result.pr_rank["rank"]):
        hits = [sum(relevant for _, _, relevant in row["items"][:rank]) for row in rows]
        close(result.pr_rank["precision"][i], np.mean(hits) / rank)
        close(
            result.pr_rank["recall"][i],
            np.mean([h / max(r["total"], 1) for h, r in zip(hits, rows, strict=True)]),
        )
    assert result.pr_radius["radius"].tolist() == list(range(7))
    for radius in range(7):
        found = [[relevant for d, _, relevant in row["items"] if d <= radius] for row in rows]
        precisions = [sum(flags) / len(flags) for flags in found if flags]
        assert result.pr_radius["retrieving"][radius] == len(precisions)
        close(result.pr_radius["precision"][radius], np.mean(precisions) if precisions else np.nan)
        recalls = [sum(flags) / max(row["total"], 1) for flags, row in zip(found, rows, strict=True)]
        close(result.pr_radius["recall"][radius], np.mean(recalls))
        pooled = [flag for flags in found for flag in flags]
        close(result.pr_radius["micro_precision"][radius], np.mean(pooled) if pooled else np.nan)
        close(result.pr_radius["micro_recall"][radius], sum(pooled) / sum(row["total"] for row in rows))


def test_curve_over_rank_in_expectation_is_the_mean_over_all_orders():
    data = random_set(1, queries=2, database=5, bits=2)
    stable = []
    for order in permutations(range(5)):
        shuffled = data | {name: data[name][list(order)] for name in ("database_codes", "database_labels")}
        stable.append(evaluate(**shuffled).pr_rank["precision"])
    close(evaluate(**data, protocol=Protocol(ties="expected")).pr_rank["precision"], np.mean(stable, axis=0))


def test_expected_precision_and_recall_are_the_mean_over_all_orders():
    data = random_set(2, queries=3, database=5, bits=2)
    results = []
    for order in permutations(range(5)):
        shuffled = data | {name: data[name][list(order)] for name in ("database_codes", "database_labels")}
        results.append(evaluate(**shuffled, protocol=Protocol(cutoffs=(1, 2, 4))))
    expected = evaluate(**data, protocol=Protocol(ties="expected", cutoffs=(1, 2, 4)))
    for n in (1, 2, 4):
        close(expected.precision[n], np.mean([result.precision[n] for result in results]))
        close(expected.recall[n], np.mean([result.recall[n] for result in results]))
        close(expected.mean_ap[n], np.mean([result.mean_ap[n] for result in results]))


def test_neighbours_are_in_the_stable_order_across_blocks(monkeypatch):
    monkeypatch.setattr(ranking, "_QUERY_BLOCK", 3)
    data = random_set(4, queries=8, database=50, bits=10)
    indices, distances = top_neighbours(data["query_codes"], data["database_codes"], 10, 20)
    assert indices.dtype == distances.dtype == np.int32
    full = (data["query_codes"][:, None] != data["database_codes"][None]).sum(axis=2)
    expected = np.argsort(full, axis=1, kind="stable")[:, :20]
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_array_equal(distances, np.take_along_axis(full, expected, axis=1))


def test_databases_larger_than_a_tile_and_labels_wider_than_a_word():
    data = random_set(5, queries=3, database=2 * 2048 + 77, bits=9, classes=150)
    data["query_labels"][1] = 0
    data["query_labels"][1, 149] = 1
    rows = oracle(data, Protocol())
    result = evaluate(**data)
    close(result.average_precision, [row["ap"] for row in rows])
    assert result.pr_rank["rank"][-1] == 2 * 2048 + 77
    close(result.pr_rank["recall"][-1], 1)


def test_histograms_count_every_item_once():
    data = random_set(6, bits=11)
    (block,) = rank_blocks(pack(data["query_codes"]), pack(data["database_codes"]), 11, 0)
    full = (data["query_codes"][:, None] != data["database_codes"][None]).sum(axis=2)
    for q in range(7):
        np.testing.assert_array_equal(block.histogram[q], np.bincount(full[q], minlength=12))
    assert not block.histogram_relevant.any()


# Excluding the query itself


@pytest.mark.parametrize("ties", TIES)
def test_excluding_the_query_equals_deleting_it(ties):
    data = random_set(7, queries=20, database=20, bits=4)
    data["query_codes"], data["query_labels"] = data["database_codes"], data["database_labels"]
    protocol = Protocol(ties=ties, exclude_self=True, cutoffs=(1, 5, 19))
    result = evaluate(**data, protocol=protocol)
    for q in range(20):
        one = data | {name: data[name][[q]] for name in ("query_codes", "query_labels")}
        one |= {name: np.delete(data[name], q, axis=0) for name in ("database_codes", "database_labels")}
        if not one["query_labels"].any():
            assert not result.average_precision[q].any()
            continue
        alone = evaluate(**one, protocol=Protocol(ties=ties, cutoffs=(1, 5, 19)))
        close(result.average_precision[q], alone.average_precision[0])
    assert result.pr_rank["rank"][-1] == 19
    assert result.cutoffs_beyond_database == []


def test_queries_are_excluded_by_database_position():
    data = random_set(8, queries=4, bits=4)
    where = np.array([39, -1, 0, 7])
    protocol = Protocol(exclude_self=True, cutoffs=(3, 39))
    rows = oracle(data, protocol, leave_out=where)
    result = evaluate(**data, protocol=protocol, self_index=where)
    close(result.average_precision, [row["ap"] for row in rows])


def test_positions_are_ignored_when_the_protocol_keeps_the_query():
    data = random_set(8, queries=4)
    kept = evaluate(**data, self_index=np.array([3, 2, 1, 0]))
    close(kept.average_precision, evaluate(**data).average_precision)


# Invariants


@quick
@given(seed=st.integers(0, 10**6), bits=st.integers(1, 9), denominator=st.sampled_from(DENOMINATORS))
def test_order_of_the_database_does_not_matter_in_expectation(seed, bits, denominator):
    data = random_set(seed, bits=bits)
    order = np.random.default_rng(seed).permutation(40)
    shuffled = data | {name: data[name][order] for name in ("database_codes", "database_labels")}
    protocol = Protocol(denominator=denominator, ties="expected", cutoffs=(1, 7, 40))
    first, second = evaluate(**data, protocol=protocol), evaluate(**shuffled, protocol=protocol)
    close(first.average_precision, second.average_precision)
    for name in ("precision", "recall"):
        close(first.pr_rank[name], second.pr_rank[name])
        close(first.pr_radius[name], second.pr_radius[name])


@quick
@given(seed=st.integers(0, 10**6), ties=st.sampled_from(TIES), denominator=st.sampled_from(DENOMINATORS))
def test_far_irrelevant_items_change_nothing(seed, ties, denominator):
    data = random_set(seed, queries=5, bits=6)
    # Eight more bits, in which every query agrees with the old items and differs from the added ones.
    data["bits"] = 14
    data["query_codes"] = np.hstack([data["query_codes"], np.ones((5, 8), np.int8)])
    data["database_codes"] = np.hstack([data["database_codes"], np.ones((40, 8), np.int8)])
    far = data | {
        "database_codes": np.vstack([-np.ones((9, 14), np.int8), data["database_codes"]]),
        "database_labels": np.vstack([np.zeros((9, 5), np.uint8), data["database_labels"]]),
    }
    protocol = Protocol(denominator=denominator, ties=ties, cutoffs=(1, 7, 40))
    close(
        evaluate(**data, protocol=protocol).average_precision,
        evaluate(**far, protocol=protocol).average_precision,
    )


@quick
@given(seed=st.integers(0, 10**6), bits=st.integers(1, 5))
def test_expectation_lies_between_the_worst_and_the_best_order(seed, bits):
    data = random_set(seed, queries=1, bits=bits)
    distances = (data["query_codes"] != data["database_codes"]).sum(axis=1)
    relevant = (data["query_labels"] & data["database_labels"]).any(axis=1)
    scores = {}
    for name, tie_order in (("best", ~relevant), ("worst", relevant)):
        order = np.lexsort((tie_order, distances))
        moved = data | {key: data[key][order] for key in ("database_codes", "database_labels")}
        scores[name] = evaluate(**moved, curves=False).average_precision
    expected = evaluate(**data, protocol=Protocol(ties="expected"), curves=False).average_precision
    assert (scores["worst"] <= expected + 1e-12).all() and (expected <= scores["best"] + 1e-12).all()


@quick
@given(seed=st.integers(0, 10**6), bits=st.integers(1, 130), videos=st.integers(1, 9))
def test_packing_loses_nothing_and_distances_are_symmetric(seed, bits, videos):
    codes = random_set(seed, database=videos, bits=bits)["database_codes"]
    packed = pack(codes)
    assert packed.shape == (videos, -(-bits // 8)) and packed.dtype == np.uint8
    np.testing.assert_array_equal(unpack(packed, bits), codes)
    indices, distances = top_neighbours(packed, packed, bits, videos)
    table = np.empty((videos, videos), int)
    np.put_along_axis(table, indices.astype(int), distances, axis=1)
    np.testing.assert_array_equal(table, table.T)
    assert not table.diagonal().any()


@pytest.mark.parametrize("ties", TIES)
def test_perfect_codes_score_one(ties):
    labels = np.eye(4, dtype=np.uint8).repeat(10, axis=0)
    codes = np.where(labels == 1, 1, -1).astype(np.int8)
    protocol = Protocol(denominator="capped_relevant", ties=ties, cutoffs=(5, 10, 20))
    result = evaluate(codes, codes, 4, labels, labels, protocol)
    assert result.mean_ap == {5: 1.0, 10: 1.0, 20: 1.0}
    assert result.gmap == pytest.approx(1)


def test_cutoff_beyond_the_database_keeps_its_denominator():
    data = random_set(9, database=6, bits=5, several=False, classes=2)
    result = evaluate(**data, protocol=Protocol(cutoffs=(3, 6, 12)))
    assert result.cutoffs_beyond_database == [12]
    close(result.mean_ap[12], result.mean_ap[6] / 2)
    close(result.precision[12], result.precision[6] / 2)
    assert result.recall[12] == result.recall[6]
    expected = evaluate(**data, protocol=Protocol(ties="expected", cutoffs=(3, 6, 12)))
    close(expected.mean_ap[12], expected.mean_ap[6] / 2)


def test_packed_and_unpacked_codes_score_the_same():
    data = random_set(10, bits=13)
    packed = data | {name: pack(data[name]) for name in ("query_codes", "database_codes")}
    close(evaluate(**packed).average_precision, evaluate(**data).average_precision)


def test_quick_map_and_summary_agree_with_the_full_result():
    data = random_set(11)
    result = evaluate(**data)
    assert quick_map(**data) == {f"mAP@{n}": value for n, value in result.mean_ap.items()} | {"GmAP": result.gmap}
    summary = json.loads(json.dumps(result.summary(), allow_nan=False))
    assert Protocol.from_dict(summary["protocol"]) == result.protocol
    assert summary["mAP"] == {str(n): value for n, value in result.mean_ap.items()}
    assert (summary["queries"], summary["database"], summary["bits"]) == (7, 40, 12)


def test_pr_rows_leave_undefined_precision_empty():
    data = random_set(12, queries=1, database=1, bits=3, classes=1)
    data["query_codes"], data["database_codes"] = np.full((1, 3), 1, np.int8), np.full((1, 3), -1, np.int8)
    rows = evaluate(**data).pr_rows()
    radius = [(row["at"], row["precision"], row["recall"]) for row in rows if row["curve"] == "radius"]
    assert radius == [(0, None, 0.0), (1, None, 0.0), (2, None, 0.0), (3, 1.0, 1.0)]
    assert [row["curve"] for row in rows] == ["radius"] * 4 + ["radius_micro"] * 4 + ["rank"]
    assert evaluate(**data, curves=False).pr_rows() == []


def test_geometric_mean_of_a_zero_is_zero():
    assert geometric_mean([0.5, 0.0]) == 0.0
    assert geometric_mean([0.25, 1.0]) == pytest.approx(0.5)


@pytest.mark.parametrize("size", [1, 7, 1258, 45600])
def test_curve_ranks_span_the_database(size):
    ranks = curve_ranks(size)
    assert ranks[0] == 1 and ranks[-1] == size and (np.diff(ranks) > 0).all()
    assert len(ranks) <= 220


def test_the_default_protocol_is_the_published_one():
    assert Protocol().as_dict() == {
        "denominator": "retrieved",
        "ties": "stable",
        "exclude_self": False,
        "cutoffs": [5, 20, 40, 60, 80, 100],
    }
