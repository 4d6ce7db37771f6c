"""The evaluation stage: which codes are scored with which labels, and what its files say. Its model is a stand-in."""

from __future__ import annotations

import csv
from contextlib import contextmanager

import numpy as np
import pytest
from tiny_cells import tiny_cell

from s5vh.base.errors import UserError
from s5vh.base.files import read_json
from s5vh.data.aspects import Aspect
from s5vh.data.features import write_features
from s5vh.methods.model_file import StoredModel
from s5vh.retrieval.codes import code_statistics, pack, read_codes
from s5vh.retrieval.metrics import evaluate
from s5vh.retrieval.protocol import Protocol
from s5vh.studies import evaluation

PROTOCOLS = {"first": {"cutoffs": [3]}, "second": {"cutoffs": [2, 4], "exclude_self": True, "ties": "expected"}}
BITS = 5
PAIR = Aspect("pair", np.array([0, 0, 1]))


def codes_of(feats):
    return np.where(feats[:, 0, :BITS] >= 0, 1, -1).astype(np.int8)


@pytest.fixture
def stage(tmp_path, monkeypatch):
    """Runs the stage on 12 videos and 6 queries, of which the second and the fifth are videos 4 and 7 as well."""
    rng = np.random.default_rng(0)
    feats = {"database": rng.standard_normal((12, 2, 6)).astype(np.float32)}
    feats["query"] = rng.standard_normal((6, 2, 6)).astype(np.float32)
    feats["query"][[1, 4]] = feats["database"][[4, 7]]
    labels = {part: np.eye(3, dtype=np.uint8)[rng.integers(3, size=len(rows))] for part, rows in feats.items()}
    for part, rows in feats.items():
        ids = [f"{part[0]}{number}" for number in range(len(rows))]
        kept = {"labels": labels[part], "ids": ids, "aspects": [PAIR]}
        write_features(tmp_path / f"{part}.h5", [rows], shape=rows.shape, provenance={}, **kept)
    write_features(tmp_path / "bare.h5", [feats["query"]], shape=(6, 2, 6), ids=list("abcdef"), provenance={})
    encoded = []

    @contextmanager
    def encoder(stored, device, threads, precision):
        encoded.append((device, threads, precision))

        def encode(videos):
            encoded.append(len(videos))
            return codes_of(videos[()])

        yield encode, "a card"

    cell = tiny_cell("itq_mean", seed=7)
    assert cell.bits == BITS
    stored = StoredModel({}, cell, 2, 6, {"epoch": 3}, {"made": "before"})
    monkeypatch.setattr(evaluation, "read_model", lambda path: stored)
    monkeypatch.setattr(evaluation, "open_encoder", encoder)

    def run(database="database", query="query", protocols=PROTOCOLS, **options):
        files = {"database_file": tmp_path / f"{database}.h5", "query_file": tmp_path / f"{query}.h5"}
        found = evaluation.evaluate_model(
            tmp_path / "m", **files, protocols=protocols, output=tmp_path / "cell", **options
        )
        assert read_json(tmp_path / "cell/metrics.json") == found
        return found

    run.feats, run.labels, run.encoded, run.folder = feats, labels, encoded, tmp_path / "cell"
    return run


def scores(run, query, database, own):
    codes = [codes_of(run.feats[part]) for part in (query, database)]
    labels = [run.labels[part] for part in (query, database)]
    return {
        name: evaluate(*codes, BITS, *labels, Protocol.from_dict(settings), np.array(own))
        for name, settings in PROTOCOLS.items()
    }


def check(found, expected, folder):
    assert list(found["protocols"]) == list(expected)
    for name, result in expected.items():
        summary = found["protocols"][name]
        assert summary["GmAP"] == result.gmap
        assert summary["mAP"] == {str(n): value for n, value in result.mean_ap.items()}
        assert summary["settings"] == result.summary()["protocol"] and "protocol" not in summary
        assert set(summary["interval"]) >= {"GmAP"}
    with (folder / "pr.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["protocol", "curve", "position", "precision", "recall"]
    for name, result in expected.items():
        own = [(row["curve"], float(row["precision"]), float(row["recall"])) for row in rows if row["protocol"] == name]
        assert own == [(row["curve"], row["precision"], row["recall"]) for row in result.pr_rows()]
        positions = [int(row["position"]) for row in rows if row["protocol"] == name]
        assert positions == [row["at"] for row in result.pr_rows()]


def test_queries_of_their_own(stage):
    found = stage(device="cuda:1", threads=3, precision="bfloat16")
    check(found, scores(stage, "query", "database", [-1, 4, -1, -1, 7, -1]), stage.folder)
    assert stage.encoded == [("cuda:1", 3, "bfloat16"), 12, 6]
    assert found["encoding"] == {"precision": None}  # which is a network's
    codes = [codes_of(stage.feats[part]) for part in ("query", "database")]
    pairs = [PAIR.members(stage.labels[part]) for part in ("query", "database")]
    for name, settings in PROTOCOLS.items():
        result = evaluate(*codes, BITS, *pairs, Protocol.from_dict(settings), np.array([-1, 4, -1, -1, 7, -1]))
        assert found["aspects"]["pair"]["protocols"][name]["GmAP"] == result.gmap
    assert found["queries_in_database"] == 2 and found["queries_in_database_examples"] == [["q1", "d4"], ["q4", "d7"]]
    assert [found[name] for name in ("dataset", "method", "bits", "seed")] == ["tiny", "itq_mean", BITS, 7]
    assert found["classes"] == 3 and "skipped" not in found and found["training"] == {"epoch": 3}
    assert found["provenance"]["device"] == "a card" and found["provenance"]["seed"] == 7
    assert found["provenance"]["model"] == {"made": "before"}
    stored = read_codes(stage.folder / "codes.npz")
    for part, kept in (("database", stored.database), ("query", stored.query)):
        codes = codes_of(stage.feats[part])
        np.testing.assert_array_equal(kept, pack(codes))
        statistics = code_statistics(codes)
        told = found["codes"][part]
        assert told["videos"] == len(codes) and told["bit_balance"] == statistics["bit_balance"].tolist()
        assert "correlation" not in told
    assert stored.bits == BITS and (stage.folder / "ap.npz").is_file()


def test_queries_that_are_the_database_are_encoded_once_and_find_themselves(stage):
    found = stage(query="database")
    check(found, scores(stage, "database", "database", list(range(12))), stage.folder)
    assert stage.encoded == [("auto", None, "float32"), 12]
    assert found["queries_in_database"] == 12 and found["queries_in_database_examples"] == []
    (stage.folder.parent / "again.h5").symlink_to(stage.folder.parent / "database.h5")
    assert stage(query="again")["queries_in_database"] == 12 and stage.encoded[2:] == [("auto", None, "float32"), 12]


@pytest.mark.parametrize("parts", [{"query": "bare"}, {"database": "bare"}, {"database": "bare", "query": "bare"}])
def test_without_labels_there_are_codes_and_no_scores(stage, parts):
    found = stage(**parts)
    assert found["protocols"] == {} and found["skipped"] == "bare.h5 has no labels, so codes cannot be scored"
    assert "classes" not in found
    assert (stage.folder / "pr.csv").read_text().strip() == "protocol,curve,position,precision,recall"
    sizes = [found["codes"][part]["videos"] for part in ("database", "query")]
    assert sizes == [6 if parts.get("database") else 12, 6]


def test_features_of_another_dimension_are_refused(stage):
    wide = np.zeros((4, 2, 7), np.float32)
    path = stage.folder.parent / "wide.h5"
    write_features(path, [wide], shape=wide.shape, ids=list("abcd"), provenance={})
    for parts in ({"query": "wide"}, {"database": "wide"}):
        with pytest.raises(UserError, match="feature dimension 7, expected 6"):
            stage(**parts)
