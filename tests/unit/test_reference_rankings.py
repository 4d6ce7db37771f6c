"""Rankings without codes, aspects of classes, and concordance: worked by hand and against slow loops."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import h5py
import numpy as np
import pytest
from scipy import stats

from s5vh.base.errors import UserError
from s5vh.base.files import read_json
from s5vh.cli.main import main
from s5vh.data.aspects import Aspect, read_aspects
from s5vh.data.features import open_features, validate, write_features
from s5vh.retrieval.concordance import concordance
from s5vh.retrieval.given_order import mean_ap_of_order, order_by_similarity, perfect_order, unit_length
from s5vh.retrieval.metrics import evaluate
from s5vh.retrieval.protocol import DENOMINATORS, Protocol
from s5vh.retrieval.uncertainty import score_intervals
from s5vh.studies import reference_rankings
from s5vh.studies.aspect_scores import aspect_scores
from s5vh.studies.reference_rankings import score_reference_rankings

ANIMAL = Aspect("animal", np.array([0, 0, 1, 1, -1]))
SIDE = Aspect("side", np.array([0, 1, 0, 1, -1]), within="animal")  # classes: cat left, cat right, dog left, dog right


def labels(*classes):
    return np.eye(5, dtype=np.uint8)[list(classes)]


def feature_file(path, feats, classes, aspects=(ANIMAL, SIDE)):
    feats = np.asarray(feats, np.float32)
    ids = [f"{path.stem}-{row}" for row in range(len(feats))]
    given = None if classes is None else labels(*classes)
    write_features(path, [feats], shape=feats.shape, labels=given, ids=ids, provenance={}, aspects=aspects)
    return path


class TestAspects:
    def test_members_of_groups(self):
        rows = np.array([[1, 0, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 0, 1]], np.uint8)
        assert ANIMAL.members(rows).tolist() == [[1, 0], [1, 1], [0, 0]] and ANIMAL.members(rows).dtype == np.uint8
        assert SIDE.members(rows).tolist() == [[1, 0], [1, 1], [0, 0]]

    def test_kept_with_the_features(self, tmp_path):
        path = feature_file(tmp_path / "a.h5", np.zeros((2, 1, 1)), [0, 3])
        validate(path)
        with open_features(path) as file:
            assert [(one.name, one.groups.tolist(), one.within) for one in file.aspects] == [
                ("animal", [0, 0, 1, 1, -1], ""),
                ("side", [0, 1, 0, 1, -1], "animal"),
            ]

    def test_files_without_labels_or_aspects_have_none(self, tmp_path):
        for name, classes, aspects in (("bare", None, [ANIMAL]), ("plain", [0, 1], [])):
            path = feature_file(tmp_path / f"{name}.h5", np.zeros((2, 1, 1)), classes, aspects)
            with open_features(path) as file:
                assert file.aspects == []

    @pytest.mark.parametrize(
        "aspects, message",
        [
            ([Aspect("a", np.array([0, 1]))], "aspect 'a' needs the number of a group for each of 5 classes"),
            ([Aspect("a", np.full(5, -1))], "aspect 'a' needs the number of a group for each of 5 classes"),
            ([replace(SIDE, within="anmal")], "aspect 'side' is within 'anmal', which is no other aspect"),
            ([replace(SIDE, within="side")], "aspect 'side' is within 'side', which is no other aspect"),
        ],
    )
    def test_aspects_that_do_not_fit(self, tmp_path, aspects, message):
        path = feature_file(tmp_path / "a.h5", np.zeros((2, 1, 1)), [0, 3], aspects)
        with pytest.raises(UserError) as caught:
            validate(path)
        assert str(caught.value) == f"{path}: {message}"

    def test_groups_that_are_no_whole_numbers(self, tmp_path):
        with h5py.File(tmp_path / "a.h5", "w") as file:
            file["aspects/a"] = np.zeros(3)
            with pytest.raises(UserError, match="aspect 'a' needs the number of a group for each of 3 classes"):
                read_aspects(file, tmp_path / "a.h5", 3)


class TestConcordance:
    def test_worked_by_hand(self):
        # Query: cat left. Database: cat left at distance 0 and 2, cat right at 1 and 2, dogs and others nearest of all.
        query = np.array([[1, 1, 1, 1]], np.int8)
        database = np.array(
            [[1, 1, 1, 1], [-1, -1, 1, 1], [-1, 1, 1, 1], [1, -1, -1, 1], [1, 1, 1, 1], [1, 1, 1, 1]], np.int8
        )
        members = labels(0, 0, 1, 1, 2, 4)
        sides, animals = (aspect.members(labels(0)) for aspect in (SIDE, ANIMAL))
        found = concordance(query, database, sides, SIDE.members(members), animals, ANIMAL.members(members))
        assert found.tolist() == [(1 + 1 + 0 + 0.5) / 4]

    def test_equals_a_loop_over_pairs_for_codes_and_vectors(self):
        rng = np.random.default_rng(0)
        classes, theirs = rng.integers(0, 5, 30), rng.integers(0, 5, 60)
        given = [
            (SIDE.members(labels(*rows)), ANIMAL.members(labels(*rows))) for rows in (classes.tolist(), theirs.tolist())
        ]
        (mine, my_animals), (other, other_animals) = given
        codes = [np.where(rng.standard_normal((n, 6)) > 0, 1, -1).astype(np.int8) for n in (30, 60)]
        vectors = [rng.standard_normal((n, 7)).astype(np.float32) * rng.uniform(1, 9, (n, 1)) for n in (30, 60)]
        for query, database in (codes, vectors):
            found = concordance(query, database, mine, other, my_animals, other_animals)
            for q in range(30):
                cosine = database @ query[q].astype(float) / np.linalg.norm(database, axis=1)
                near = [cosine[m] for m in range(60) if theirs[m] == classes[q]]
                pair = classes[q] ^ 1
                far = [cosine[m] for m in range(60) if theirs[m] == pair]
                if classes[q] == 4:
                    assert np.isnan(found[q])
                    continue
                wins = [np.sign(np.round(a - b, 9)) / 2 + 0.5 for a in near for b in far]
                assert found[q] == pytest.approx(np.mean(wins))

    def test_vectors_of_length_zero_are_as_far_as_right_angles(self):
        query, database = np.array([[0, 0], [2, 0]], np.float32), np.array([[0, 0], [0, 3], [5, 0]], np.float32)
        relevance, all_of_them = np.array([[0, 1], [1, 0], [1, 0]]), np.ones((3, 1))
        found = concordance(query, database, np.array([[0, 1], [0, 1]]), relevance, all_of_them[:2], all_of_them)
        assert found.tolist() == [0.5, 0.25]  # all alike; a tie with one of two, and behind the other

    def test_undefined_without_relevant_or_irrelevant_videos(self):
        query, members = np.ones((2, 3), np.int8), labels(0, 2)
        database, theirs = np.ones((3, 3), np.int8), labels(0, 0, 3)
        given = (SIDE.members(members), SIDE.members(theirs), ANIMAL.members(members), ANIMAL.members(theirs))
        assert np.isnan(concordance(query, database, *given)).all()

    def test_a_query_of_two_groups_meets_the_videos_of_both(self):
        query, mine = np.array([[1, 1]], np.int8), np.array([[1, 0]])
        database = np.array([[1, 1], [1, -1], [-1, -1]], np.int8)
        groups = np.array([[1, 1, 0]]), np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        found = concordance(query, database, mine, np.array([[0, 1], [1, 0], [1, 0]]), *groups)
        assert found.tolist() == [0.0]  # of the first two, the irrelevant one is nearer; the third is in neither group

    def test_videos_of_the_group_without_a_side_are_not_ranked(self):
        query, mine, group = np.array([[1, 1]], np.int8), np.array([[1, 0]]), np.array([[1]])
        database = np.array([[1, 1], [1, -1], [-1, -1]], np.int8)
        theirs = np.array([[0, 0], [1, 0], [0, 1]])  # the nearest one has no side
        assert concordance(query, database, mine, theirs, group, np.ones((3, 1))).tolist() == [1.0]


class TestGivenOrder:
    @pytest.mark.parametrize("denominator", DENOMINATORS)
    def test_equals_the_ranking_of_codes(self, denominator):
        rng = np.random.default_rng(3)
        codes = [np.where(rng.standard_normal((n, 16)) > 0, 1, -1).astype(np.int8) for n in (7, 25)]
        mine, theirs = labels(*rng.integers(0, 4, 7)), labels(*rng.integers(0, 5, 25))
        protocol = Protocol(denominator=denominator, cutoffs=(1, 3, 10, 40))
        expected = evaluate(*codes, 16, mine, theirs, protocol, curves=False)
        shared = mine @ theirs.T > 0
        order = order_by_similarity(*(part.astype(np.float32) for part in codes), 25)
        hits = np.take_along_axis(shared, order, axis=1)
        found = mean_ap_of_order(hits, shared.sum(1), protocol.cutoffs, denominator)
        np.testing.assert_allclose(found, list(expected.mean_ap.values()), rtol=1e-12)

    def test_order_leaves_out_the_query_itself_and_keeps_ties_in_order(self, monkeypatch):
        monkeypatch.setattr("s5vh.retrieval.given_order._BLOCK", 8)  # two queries at a time
        query = np.eye(2, dtype=np.float32)[[0, 1, 0]]
        database = np.eye(2, dtype=np.float32)[[1, 0, 0, 1]]
        assert order_by_similarity(query, database, 3).tolist() == [[1, 2, 0], [0, 3, 1], [1, 2, 0]]
        excluded = np.array([-1, 3, 1])
        assert order_by_similarity(query, database, 3, excluded).tolist() == [[1, 2, 0], [0, 1, 2], [2, 0, 3]]

    def test_perfect_order(self):
        assert perfect_order(np.array([0, 2, 9]), 3).tolist() == [[False] * 3, [True, True, False], [True] * 3]

    def test_unit_length(self):
        np.testing.assert_allclose(unit_length(np.array([[3.0, 4], [0, 0]])), [[0.6, 0.8], [0, 0]])


class TestStudy:
    @pytest.fixture
    def files(self, tmp_path):
        rng = np.random.default_rng(5)
        theirs, mine = rng.integers(0, 5, 12).tolist(), [0, 1, 2, 3, 4]
        feats = rng.standard_normal((17, 3, 2)).astype(np.float32) + 2
        return (
            feature_file(tmp_path / "database.h5", feats[:12], theirs),
            feature_file(tmp_path / "query.h5", np.concatenate([feats[:1], feats[13:]]), mine),
            (feats, mine, theirs),
        )

    @pytest.mark.parametrize("resident", [2**31, 50])  # bytes: everything at once, or two queries at a time
    def test_every_ranking_against_slow_loops(self, files, tmp_path, monkeypatch, resident):
        monkeypatch.setattr(reference_rankings, "_RESIDENT", resident)
        database, query, (feats, mine, theirs) = files
        protocols = {
            "plain": {"cutoffs": [2, 5]},
            "fair": {"cutoffs": [1, 11, 20], "denominator": "capped_relevant", "exclude_self": True},
        }
        rankings = ["chance", "cosine_mean", "cosine_frames", "perfect"]
        found = score_reference_rankings(
            database, query, protocols=protocols, rankings=rankings, output=tmp_path / "r.json"
        )
        assert read_json(tmp_path / "r.json") == found and list(found["rankings"]) == rankings

        def ap(order, q, n, fair):
            relevant = [theirs[m] == mine[q] for m in order]
            hits = np.cumsum(relevant[:n])
            total = sum((hits / np.arange(1, len(hits) + 1))[np.array(relevant[:n], bool)])
            return total / (max(1, min(n, sum(relevant))) if fair else n)

        queries = np.concatenate([feats[:1], feats[13:]])
        kinds = {"cosine_mean": lambda x: x.mean(1), "cosine_frames": lambda x: x.reshape(len(x), -1)}
        for ranking, vectors in kinds.items():
            a, b = vectors(queries.astype(float)), vectors(feats[:12].astype(float))
            similarity = (a / np.linalg.norm(a, axis=1)[:, None]) @ (b / np.linalg.norm(b, axis=1)[:, None]).T
            for name, protocol in protocols.items():
                fair = name == "fair"
                for n in protocol["cutoffs"]:
                    each = []
                    for q in range(5):
                        # The first query is the first database video.
                        there = [m for m in np.argsort(-similarity[q]) if not (fair and q == 0 and m == 0)]
                        each.append(ap(there, q, n, fair))
                    scores = found["rankings"][ranking]["protocols"][name]
                    assert scores["mAP"][str(n)] == pytest.approx(np.mean(each))
                assert scores["GmAP"] == pytest.approx(stats.gmean(list(scores["mAP"].values())))
        perfect = found["rankings"]["perfect"]
        assert all(value <= 1 for value in perfect["protocols"]["plain"]["mAP"].values())
        has_any = [any(t == q and (m or q != mine[0]) for m, t in enumerate(theirs)) for q in mine]
        assert perfect["protocols"]["fair"]["mAP"]["11"] == pytest.approx(np.mean(has_any))
        assert [found["rankings"][name]["aspects"]["side"]["concordance"] for name in ("chance", "perfect")] == [0.5, 1]
        given = [part.members(labels(*rows)) for part in (SIDE, ANIMAL) for rows in (mine, theirs)]
        expected = np.nanmean(concordance(queries.mean(1), feats[:12].mean(1), *given))
        assert found["rankings"]["cosine_mean"]["aspects"]["side"]["concordance"] == pytest.approx(expected)

    def test_chance_is_the_mean_over_all_orders(self, tmp_path):
        feats = np.ones((4, 1, 1))
        database = feature_file(tmp_path / "database.h5", feats, [0, 1, 2, 0])
        query = feature_file(tmp_path / "query.h5", -feats[:1], [0])
        found = score_reference_rankings(
            database, query, protocols={"p": {"cutoffs": [1, 3]}}, rankings=["chance"], output=tmp_path / "r.json"
        )["rankings"]["chance"]

        def mean_over_orders(relevant, n):
            total = 0.0
            for order in (orders := list(permutations(relevant))):
                hits = np.cumsum(order[:n])
                total += sum(hits[r] / (r + 1) for r in range(n) if order[r]) / n
            return total / len(orders)

        for n in (1, 3):
            assert found["protocols"]["p"]["mAP"][str(n)] == pytest.approx(mean_over_orders([1, 0, 0, 1], n))
            animals = found["aspects"]["animal"]["protocols"]["p"]["mAP"][str(n)]
            assert animals == pytest.approx(mean_over_orders([1, 1, 0, 1], n))

    def test_chance_leaves_the_query_itself_out_where_the_protocol_does(self, tmp_path):
        feats = np.arange(1.0, 6)[:, None, None]
        database = feature_file(tmp_path / "database.h5", feats[:4], [0, 1, 2, 0])
        query = feature_file(tmp_path / "query.h5", feats[3:], [0, 0])  # the first is the last of the database
        found = score_reference_rankings(
            database, query, output=tmp_path / "r.json", rankings=["chance"],
            protocols={"with": {"cutoffs": [1]}, "without": {"cutoffs": [1], "exclude_self": True}},
        )["rankings"]["chance"]  # fmt: skip
        assert found["protocols"]["with"]["mAP"]["1"] == pytest.approx(2 / 4)
        assert found["protocols"]["without"]["mAP"]["1"] == pytest.approx((1 / 3 + 2 / 4) / 2)
        assert found["aspects"]["animal"]["protocols"]["without"]["mAP"]["1"] == pytest.approx((2 / 3 + 3 / 4) / 2)

    def test_more_classes_than_bits_of_a_word(self, tmp_path):
        feats, many = np.array([[[1.0, 0]], [[0.9, 0.1]], [[0, 1.0]]], np.float32), np.eye(130, dtype=np.uint8)
        for name, rows, classes in (("query", feats[:1], [3]), ("database", feats[1:], [3, 100])):
            write_features(
                tmp_path / f"{name}.h5", [rows], shape=rows.shape, labels=many[classes], provenance={},
                ids=[f"{name}{row}" for row in range(len(rows))],
            )  # fmt: skip
        found = score_reference_rankings(
            tmp_path / "database.h5", tmp_path / "query.h5", protocols={"p": {"cutoffs": [1]}},
            rankings=["cosine_mean"], output=tmp_path / "r.json",
        )["rankings"]["cosine_mean"]  # fmt: skip
        assert found["protocols"]["p"]["mAP"] == {"1": 1.0}

    def test_the_database_as_queries(self, tmp_path):
        feats = np.array([[[1.0, 0]], [[0, 1.0]], [[1.0, 0.1]]])
        path = feature_file(tmp_path / "both.h5", feats, [0, 1, 0], ())
        found = score_reference_rankings(
            path, path, output=tmp_path / "r.json", rankings=["cosine_mean"],
            protocols={"with": {"cutoffs": [1]}, "without": {"cutoffs": [1], "exclude_self": True}},
        )["rankings"]["cosine_mean"]  # fmt: skip
        assert found["protocols"]["with"]["mAP"] == {"1": 1.0} and found["aspects"] == {}
        assert found["protocols"]["without"]["mAP"] == {"1": pytest.approx(2 / 3)}

    def test_command(self, files, tmp_path, capsys):
        database, query, _ = files
        words = ["reference-rankings", "chance", "--database", database, "--query", query, "--output", tmp_path / "r"]
        assert main([*map(str, words)]) == 0
        assert list(read_json(tmp_path / "r")["rankings"]) == ["chance"]

    def test_no_labels_and_unknown_rankings(self, files, tmp_path):
        database, query, _ = files
        bare = feature_file(tmp_path / "bare.h5", np.ones((2, 3, 2)), None, ())
        for given, rankings, message in (
            (bare, ["chance"], f"{bare}: no labels, so rankings cannot be scored"),
            (
                database,
                ["chance", "cosine"],
                "reference rankings: no 'cosine'; choose from chance, cosine_mean, cosine_frames, perfect",
            ),
        ):
            with pytest.raises(UserError) as caught:
                score_reference_rankings(given, query, protocols={}, rankings=rankings, output=tmp_path / "r.json")
            assert str(caught.value) == message and not (tmp_path / "r.json").exists()


def test_aspect_scores_of_codes():
    rng = np.random.default_rng(1)
    mine, theirs = labels(*rng.integers(0, 5, 20)), labels(*rng.integers(0, 5, 50))
    codes = [np.where(rng.standard_normal((n, 8)) > 0, 1, -1).astype(np.int8) for n in (20, 50)]
    protocols = {"a": Protocol(), "b": Protocol(cutoffs=(2,), exclude_self=True)}
    itself = np.full(20, -1)
    itself[3] = 7
    found = aspect_scores(*codes, 8, mine, theirs, [ANIMAL, SIDE], protocols, itself)
    for name, protocol in protocols.items():
        given = ANIMAL.members(mine), ANIMAL.members(theirs)
        expected = evaluate(*codes, 8, *given, protocol, itself)
        assert found["animal"]["protocols"][name]["GmAP"] == expected.gmap
        low, high = found["animal"]["protocols"][name]["interval"]["GmAP"]
        assert low < expected.gmap < high
        assert found["animal"]["protocols"][name]["mAP"] == {str(n): value for n, value in expected.mean_ap.items()}
        alone = score_intervals({name: expected})[name]
        assert [low, high] == pytest.approx(alone["GmAP"])
        for n, ends in found["animal"]["protocols"][name]["interval"]["mAP"].items():
            assert ends == pytest.approx(alone["mAP"][n])
    given = [part.members(rows) for part in (SIDE, ANIMAL) for rows in (mine, theirs)]
    values = concordance(*codes, *given)
    assert found["side"]["concordance"] == np.nanmean(values)
    low, high = found["side"]["interval"]
    assert low < found["side"]["concordance"] < high
    alone = aspect_scores(codes[0][:1], codes[1], 8, labels(0), theirs, [SIDE, ANIMAL], {"a": Protocol()}, None)
    assert alone["side"]["interval"] is None and 0 <= alone["side"]["concordance"] <= 1
    nobody = aspect_scores(codes[0][:2], codes[1], 8, labels(4, 4), theirs, [SIDE, ANIMAL], {"a": Protocol()}, None)
    assert nobody == {}
    cats = aspect_scores(
        codes[0][:2], codes[1][:1], 8, labels(0, 2), labels(0), [SIDE, ANIMAL], {"a": Protocol()}, None
    )
    assert cats["side"] == {"concordance": None, "interval": None}  # no video of the other side
