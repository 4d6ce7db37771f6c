"""What `evaluate` and `quick_map` do with protocol, positions and database sizes; cases of a few videos."""

from __future__ import annotations

import numpy as np
import pytest

from s5vh.base.errors import UserError
from s5vh.retrieval import ranking
from s5vh.retrieval.metrics import curve_ranks, evaluate, quick_map
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.ranking import rank_blocks

CODES = np.array([[1, 1, 1], [1, 1, -1], [1, -1, -1], [-1, -1, -1]], np.int8)
LABELS = np.eye(2, dtype=np.uint8)[[0, 1, 0, 1]]
EXCLUDING = Protocol("capped_relevant", "expected", exclude_self=True, cutoffs=(1, 3))


@pytest.mark.parametrize(("position", "beyond"), [(-1, []), (0, [4]), (3, [4])])
def test_a_query_that_is_left_out_makes_the_database_smaller(position, beyond):
    protocol = Protocol(exclude_self=True, cutoffs=(3, 4))
    result = evaluate(CODES[:1], CODES, 3, LABELS[:1], LABELS, protocol, np.array([position]))
    assert result.cutoffs_beyond_database == beyond
    assert result.pr_rank["rank"].tolist() == list(range(1, 4 if beyond else 5))
    assert result.database == 4 and result.queries == 1 and result.bits == 3


def test_queries_without_positions_must_be_the_database():
    assert evaluate(CODES, CODES, 3, LABELS, LABELS, EXCLUDING).queries == 4
    for codes, labels in ((CODES[::-1], LABELS[::-1]), (CODES, LABELS[::-1]), (CODES[:3], LABELS[:3])):
        with pytest.raises(UserError, match="exclude_self without self_index requires"):
            evaluate(codes, CODES, 3, labels, LABELS, EXCLUDING)


def test_quick_map_hands_everything_on():
    positions = np.array([1, 0, -1, 2])
    full = evaluate(CODES, CODES, 3, LABELS, LABELS, EXCLUDING, positions)
    quick = quick_map(CODES, CODES, 3, LABELS, LABELS, EXCLUDING, positions)
    assert quick == {"mAP@1": full.mean_ap[1], "mAP@3": full.mean_ap[3], "GmAP": full.gmap}
    others = [
        quick_map(CODES, CODES, 3, LABELS, LABELS, EXCLUDING),
        quick_map(CODES, CODES, 3, LABELS, LABELS, Protocol(cutoffs=(1, 3))),
        quick_map(CODES[::-1], CODES, 3, LABELS, LABELS, EXCLUDING, positions),
    ]
    assert all(other != quick for other in others)


def test_positions_of_queries_in_large_databases():
    database = np.ones((301, 8), np.int8)
    labels = np.eye(2, dtype=np.uint8)[[0] * 300 + [1]]
    for position, recall in ((-1, 1), (299, 1), (300, 0)):
        result = evaluate(database[:1], database, 8, labels[300:], labels, EXCLUDING, np.array([position]))
        assert result.pr_radius["recall"][-1] == recall


def test_counts_of_queries_add_up_over_blocks(monkeypatch):
    monkeypatch.setattr(ranking, "_QUERY_BLOCK", 1)
    queries = np.ones((4, 8), np.int8) * np.array([[-1], [-1], [-1], [1]], np.int8)
    labels = np.eye(2, dtype=np.uint8)
    result = evaluate(queries, queries[3:], 8, labels[[1, 0, 1, 0]], labels[:1])
    assert result.queries_without_retrieved == 3 and result.queries_without_relevant == 2
    assert result.radius_precision == 1 / 4 and result.radius_precision_retrieving == 1
    assert result.pr_radius["retrieving"].tolist() == [1] * 8 + [4]
    assert result.pr_radius["micro_recall"].tolist() == [1 / 2] * 8 + [1]


def test_every_score_by_hand():
    # From the first query the others lie at 0, 1, 2 and 3; relevant are ranks 1 and 3.
    result = evaluate(CODES[:1], CODES, 3, LABELS[:1], LABELS, Protocol(cutoffs=(1, 3, 8)))
    assert result.average_precision[0].tolist() == pytest.approx([1, (1 + 2 / 3) / 3, (1 + 2 / 3) / 8])
    assert result.precision == pytest.approx({1: 1, 3: 2 / 3, 8: 2 / 8})
    assert result.recall == pytest.approx({1: 1 / 2, 3: 1, 8: 1})
    summary = result.summary()
    assert summary["precision"] == pytest.approx({"1": 1, "3": 2 / 3, "8": 2 / 8})
    assert summary["recall"] == pytest.approx({"1": 1 / 2, "3": 1, "8": 1})
    assert result.gmap == pytest.approx((1 * 5 / 9 * 5 / 24) ** (1 / 3))
    assert result.radius_precision == result.radius_precision_retrieving == pytest.approx(2 / 3)
    radius = {name: values.tolist() for name, values in result.pr_radius.items()}
    assert radius == {
        "radius": [0, 1, 2, 3],
        "precision": pytest.approx([1, 1 / 2, 2 / 3, 1 / 2]),
        "recall": [0.5, 0.5, 1, 1],
        "micro_precision": pytest.approx([1, 1 / 2, 2 / 3, 1 / 2]),
        "micro_recall": [0.5, 0.5, 1, 1],
        "retrieving": [1, 1, 1, 1],
    }
    rows = result.pr_rows()
    assert [row["curve"] for row in rows] == ["radius"] * 4 + ["radius_micro"] * 4 + ["rank"] * 4
    assert [row["at"] for row in rows] == [*range(4), *range(4), *range(1, 5)]
    assert [row["recall"] for row in rows[8:]] == [0.5, 0.5, 1, 1]


def test_pooled_pairs_are_not_the_mean_over_queries():
    # The first query finds one of two at radius 0, the second none of one.
    codes = np.array([[1, 1], [1, 1], [1, -1]], np.int8)
    queries = np.array([[1, 1], [1, -1]], np.int8)
    labels = np.array([[1, 0], [0, 1], [1, 0]], np.uint8)
    result = evaluate(queries, codes, 2, np.array([[1, 0], [0, 1]], np.uint8), labels)
    assert result.pr_radius["precision"][0] == (1 / 2 + 0) / 2 and result.pr_radius["micro_precision"][0] == 1 / 3
    assert result.pr_radius["recall"][0] == (1 / 2 + 0) / 2 and result.pr_radius["micro_recall"][0] == 1 / 3
    micro = [row for row in result.pr_rows() if row["curve"] == "radius_micro"]
    assert (micro[0]["precision"], micro[0]["recall"]) == (pytest.approx(1 / 3), pytest.approx(1 / 3))


def test_bounds_of_the_mean_are_means_of_the_bounds():
    tied = np.ones((3, 2), np.int8)
    labels = np.eye(2, dtype=np.uint8)[[0, 1, 1]]
    result = evaluate(tied, tied, 2, labels, labels, Protocol(cutoffs=(1, 2)))
    # N = 1: 0 to 1 for all. N = 2: the first has one of three relevant, the others two.
    assert result.tie_bounds["mAP"][1] == (0, 1)
    low, high = (0 + 1 / 4 + 1 / 4) / 3, (1 / 2 + 1 + 1) / 3
    assert result.tie_bounds["mAP"][2] == pytest.approx((low, high))
    assert result.tie_bounds["GmAP"] == (0, pytest.approx(high**0.5))


def test_ranks_of_curves():
    assert curve_ranks(1).tolist() == [1] and curve_ranks(9).tolist() == list(range(1, 10))
    ranks = curve_ranks(100_000)
    assert ranks[:12].tolist() == list(range(1, 13)) and 150 < len(ranks) < 220
    assert np.diff(ranks).max() <= 1011


def test_ranks_beyond_the_last_one_count_nothing():
    (block,) = rank_blocks(
        np.array([[0]], np.uint8), np.array([[0], [128], [192], [224]], np.uint8), 3, 2,
        query_labels=LABELS[:1], database_labels=LABELS, ranks=np.array([1, 2, 3]),
    )  # fmt: skip
    assert block.relevant_at.tolist() == [[1, 1, 2]]
    assert block.indices.tolist() == [[0, 1]] and block.relevant.tolist() == [[True, False]]
    assert (block.start, block.stop) == (0, 1) and block.histogram_relevant.tolist() == [[1, 0, 1, 0]]


@pytest.mark.parametrize("cutoffs", [(), (0, 5), (-1,), (5, 3), (2, 2), (1.5,), (True,)])
def test_impossible_cutoffs(cutoffs):
    with pytest.raises(UserError, match=r"cutoffs must be increasing positive integers, got \["):
        Protocol(cutoffs=cutoffs)
