"""The study of ties and self-matches: its numbers, what it refuses, and which cells it takes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_json
from s5vh.cli import main
from s5vh.config.grid import protocol_study_cells
from s5vh.config.load import load_run
from s5vh.data.features import write_features
from s5vh.retrieval.codes import pack, write_codes
from s5vh.retrieval.metrics import evaluate
from s5vh.retrieval.protocol import Protocol
from s5vh.studies.near_duplicates import near_duplicates
from s5vh.studies.protocol_study import study_protocol

VIDEOS = {"database": 30, "query": 12}
PROTOCOLS = {
    "published": {},
    "strict": {"denominator": "capped_relevant", "ties": "expected", "exclude_self": True, "cutoffs": [3, 10]},
}


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """Two evaluated cells, of 4 and of 16 bits, and feature files with the labels behind them."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    labels = {part: np.eye(3, dtype=np.uint8)[rng.integers(0, 3, count)] for part, count in VIDEOS.items()}
    for part, rows in labels.items():
        feats = rng.standard_normal((len(rows), 2, 2), dtype=np.float32)
        write_features(
            f"{part}.h5", [feats], shape=feats.shape, labels=rows, ids=[f"{part}{i}" for i in range(len(rows))],
            provenance={},
        )  # fmt: skip
    for bits in (4, 16):
        project = rng.standard_normal((3, bits))
        codes = {
            part: np.where(rows @ project + 0.9 * rng.standard_normal((len(rows), bits)) >= 0, 1, -1).astype(np.int8)
            for part, rows in labels.items()
        }
        write_codes(tmp_path / f"{bits}/codes.npz", codes["database"], codes["query"], bits)
        np.savez(tmp_path / f"{bits}/unpacked.npz", **codes, labels=labels["database"], query_labels=labels["query"])
        write_json(
            tmp_path / f"{bits}/metrics.json",
            {"dataset": "toy", "method": "itq", "bits": bits, "seed": 1, "protocols": {}},
        )
    return tmp_path


def study(corpus, cells=(4, 16), protocols=PROTOCOLS, orders=5, settings=None, **changes):
    files = {"database_file": corpus / "database.h5", "query_file": corpus / "query.h5"} | changes
    return study_protocol(
        [corpus / str(cell) for cell in cells],
        **files,
        protocols=protocols,
        settings={"orders": orders} | (settings or {}),
        output=corpus / "study.json",
    )


def row_of(rows, **wanted):
    (row,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return row


def test_ties_are_those_of_the_published_protocol(corpus):
    result = study(corpus)
    assert read_json(corpus / "study.json") == result
    assert [row["metric"] for row in result["ties"][:7]] == [*(f"mAP@{n}" for n in (5, 20, 40, 60, 80, 100)), "GmAP"]
    data = np.load(corpus / "4/unpacked.npz")
    arguments = (data["query"], data["database"], 4, data["query_labels"], data["labels"])
    expected, stored = evaluate(*arguments, Protocol(ties="expected")), evaluate(*arguments, Protocol())
    row = row_of(result["ties"], bits=4, metric="mAP@5")
    assert (row["method"], row["seed"]) == ("itq", 1)
    assert (row["expected"], row["stored"]) == (expected.mean_ap[5], stored.mean_ap[5])
    assert (row["lowest"], row["highest"]) == expected.tie_bounds["mAP"][5]
    gmap = row_of(result["ties"], bits=4, metric="GmAP")
    assert (gmap["expected"], gmap["stored"]) == (expected.gmap, stored.gmap)
    assert (gmap["lowest"], gmap["highest"]) == expected.tie_bounds["GmAP"]


def test_near_duplicates_are_those_of_the_queries_in_the_database(corpus):
    result = study(corpus, cells=(4,), settings={"near_duplicates": 0.9})
    assert (result["queries"], result["database"], result["orders"]) == (12, 30, 5)
    found = result["near_duplicates"]
    assert found == near_duplicates(corpus / "query.h5", corpus / "database.h5", 0.9)
    assert 0 < found["queries"] <= 12 and found["pairs"][0][0].startswith("query")
    assert result["provenance"]["settings"] == {"orders": 5, "near_duplicates": 0.9}


def test_random_orders_stay_within_the_bounds_and_are_the_same_again(corpus):
    result = study(corpus, orders=7)
    for row in result["ties"]:
        assert row["lowest"] <= row["smallest"] <= row["largest"] <= row["highest"]
        values = row["random_orders"]
        assert len(values) == 7 and (min(values), max(values)) == (row["smallest"], row["largest"])
        assert row["deviation"] == pytest.approx(np.std(values, ddof=1))
    # Codes of 4 bits leave most to chance; a study whose orders were all the same would not show it.
    assert row_of(result["ties"], bits=4, metric="mAP@5")["deviation"] > 0.005
    assert study(corpus, cells=(16, 4), orders=7)["ties"][7:] == result["ties"][:7]


def test_mean_of_many_orders_is_the_expectation(corpus):
    row = row_of(study(corpus, cells=(4,), orders=400)["ties"], metric="mAP@5")
    assert row["expected"] == pytest.approx(np.mean(row["random_orders"]), abs=4 * row["deviation"] / 20)


def test_self_match_sets_the_query_both_ways_under_every_protocol(corpus):
    result = study(corpus)
    data = np.load(corpus / "16/unpacked.npz")
    packed = pack(data["database"])
    for name, settings in PROTOCOLS.items():
        for key, exclude in (("with_itself", False), ("without_itself", True)):
            protocol = Protocol.from_dict(settings | {"exclude_self": exclude})
            scores = evaluate(packed, packed, 16, data["labels"], data["labels"], protocol)
            assert row_of(result["self_match"], bits=16, protocol=name, metric="GmAP")[key] == scores.gmap
            n = protocol.cutoffs[0]
            assert row_of(result["self_match"], bits=16, protocol=name, metric=f"mAP@{n}")[key] == scores.mean_ap[n]
    row = row_of(result["self_match"], bits=16, protocol="published", metric="mAP@5")
    assert row["with_itself"] > row["without_itself"]


def test_wrong_input(corpus):
    feats = np.ones((30, 2, 2), np.float32)
    write_features("bare.h5", [feats], shape=feats.shape, ids=[str(i) for i in range(30)], provenance={})
    with pytest.raises(UserError) as error:
        study(corpus, database_file=corpus / "bare.h5")
    assert str(error.value) == f"{corpus / 'bare.h5'}: no labels, which the protocol study requires"
    with pytest.raises(UserError) as error:
        study(corpus, orders=1)
    assert str(error.value) == "protocol_study: orders: must be at least 2, got 1"
    with pytest.raises(UserError, match=r"^database: 30 codes but 12 rows of labels; they must be of the same"):
        study(corpus, database_file=corpus / "query.h5")
    write_json(corpus / "16/metrics.json", {"dataset": "other", "method": "itq", "bits": 16, "seed": 1})
    with pytest.raises(UserError) as error:
        study(corpus)
    assert str(error.value) == "protocol study: cells from several data sets (other, toy); study one at a time"
    write_json(corpus / "16/metrics.json", {"dataset": "toy"})
    with pytest.raises(UserError) as error:
        study(corpus)
    assert str(error.value) == (
        f"{corpus / '16/metrics.json'}: not a metrics file (dataset, method, bits, seed expected); "
        "evaluate the cell again"
    )
    assert not (corpus / "study.json").exists()


def test_command(corpus, capsys):
    words = ["protocol-study", "4", "16", "--database=database.h5", "--query=query.h5", "--output=study.json"]
    words += [f"--protocols={json.dumps(PROTOCOLS)}", '--settings={"orders": 5}']
    assert main(words) == 0
    found, again = read_json("study.json"), study(corpus)
    for result in (found, again):
        del result["provenance"]
    assert found == again
    assert list(found) == [
        "queries",
        "database",
        "orders",
        "ties_protocol",
        "protocols",
        "ties",
        "self_match",
        "near_duplicates",
    ]
    assert main([*words[:1], "8", *words[3:]]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "s5vh: error: 8/metrics.json: no such file"


def test_first_method_joins_where_the_run_has_it():
    study = {"protocol_study": {"methods": ["itq_flat"]}}
    run = load_run({"methods": ["s5vh", "lsh_mean"], "bits": [16, 48], "seeds": [3, 4]} | study)
    lengths = [8, 16, 32, 64]
    assert run.protocol_study_grid == [("s5vh", 16), *(("itq_flat", bits) for bits in lengths)]
    assert {(cell.dataset, cell.seed) for cell in protocol_study_cells(run, "demo")} == {("demo", 3)}
    named = load_run({"methods": ["itq_flat"], "bits": [16]} | study)
    assert sorted(named.protocol_study_grid) == [("itq_flat", bits) for bits in lengths]
    alone = load_run({"methods": ["s5vh", "lsh_mean"], "bits": [16, 48]})
    assert alone.protocol_study_grid == [("s5vh", 16)]  # of the study's lengths
    none = {"methods": ["itq_flat"], "protocol_study": {"methods": ["itq_flat"], "bits": []}}
    assert load_run(none).protocol_study_grid == []
