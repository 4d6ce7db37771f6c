"""Exports in which something was changed together with its checksum: every change is told by name."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from shared_results import CELL, copied, disagreements, make_results, rewrite_json

from s5vh.cli import main
from s5vh.methods.model_file import StoredModel, read_model, save_model
from s5vh.retrieval.codes import read_codes, write_codes
from s5vh.sharing.comparison import ABSENT, TOLERANCE, Check, compare
from s5vh.sharing.export import export
from s5vh.sharing.folder import sha256_of, write_sums

OTHER = CELL.replace("seed1", "seed2")
METRICS = f"{CELL}/metrics.json"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return make_results(tmp_path_factory.mktemp("made") / "results")


@pytest.fixture(scope="module")
def shared(results, tmp_path_factory):
    return export([results / "tiny"], tmp_path_factory.mktemp("shared") / "tiny", weights=True)[0]


@pytest.fixture
def folder(shared, tmp_path):
    """A copy to tamper with."""
    return copied(shared, tmp_path / "export")


def rewrite_codes(folder, change):
    path = folder / CELL / "codes.npz"
    codes = read_codes(path)
    write_codes(path, *change(codes.database.copy(), codes.query.copy(), codes.bits))


def reorder(path, order, columns=slice(None)):
    """Permute some columns of the rows of a CSV file."""
    header, *rows = [line.split(",") for line in path.read_text().splitlines()]
    taken = [rows[row][columns] for row in order(len(rows))]
    for row, values in zip(rows, taken, strict=True):
        row[columns] = values
    path.write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n")


def rolled(count):
    return [(row + 1) % count for row in range(count)]


def test_a_metric_that_is_too_good(folder, capsys):
    rewrite_json(folder / METRICS, lambda told: told["protocols"]["published"].update(GmAP=0.9))
    assert disagreements(folder) == {"protocols.published.GmAP"}
    assert main(["verify-results", str(folder)]) == 1
    said = capsys.readouterr().out
    (line,) = [line.split() for line in said.splitlines() if "DISAGREES (" in line]
    assert line[:2] == ["GmAP", "0.900000000"] and line[3:] == ["DISAGREES", "(protocols.published.GmAP)"]
    assert said.splitlines()[-1].startswith("DISAGREES: 1 of ") and said.endswith(f"values, in {CELL}\n")


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("protocols", "strict", "mAP", "5"), 0.99),
        (("protocols", "strict", "tie_bounds", "GmAP"), [0.1, 0.2]),
        (("protocols", "published", "precision", "2"), 1.0),
        (("protocols", "published", "hamming_radius", "queries_without_retrieved"), 99),
        (("protocols", "published", "interval", "mAP", "2"), [0.0, 1.0]),
        (("protocols", "published", "queries"), 9_000),
        (("protocols", "published", "bits"), 64),
        (("protocols", "published", "mAP", "100"), 0.5),
        (("protocols", "published", "better"), 0.5),
        (("aspects", "order", "concordance"), 0.9),
        (("aspects", "pair", "protocols", "strict", "GmAP"), 0.9),
        (("codes", "database", "distinct_codes"), 1),
        (("queries_in_database",), 0),
        (("queries_in_database_examples",), [["query0", "video0"]]),
        (("classes",), 300),
        (("bits",), 64),
        (("seed",), 7),
        (("dataset",), "fcvid"),
        (("method",), "s5vh"),
    ],
)
def test_every_number_counts(folder, keys, value):
    def change(told):
        for key in keys[:-1]:
            told = told[key]
        told[keys[-1]] = value

    rewrite_json(folder / METRICS, change)
    found = disagreements(folder)
    assert found and all(".".join(keys) in name for name in found)


@pytest.mark.parametrize("key", ["GmAP", "mAP", "interval"])
def test_what_was_taken_away_is_missed(folder, key):
    rewrite_json(folder / METRICS, lambda told: told["protocols"]["strict"].pop(key))
    assert all(name.startswith(f"protocols.strict.{key}") for name in disagreements(folder))


@pytest.mark.parametrize("value", ["0.5", True, None, [0.5], {"5": 0.5}])
def test_a_number_of_another_type(folder, value):
    rewrite_json(folder / METRICS, lambda told: told["protocols"]["strict"].update(GmAP=value))
    assert "protocols.strict.GmAP" in disagreements(folder)


def test_keys_that_look_like_others_hide_nothing(folder):
    truth = json.loads((folder / METRICS).read_text())["protocols"]["strict"]["mAP"]["5"]

    def change(told):
        told["protocols"]["strict"]["mAP"]["5"] = 0.9
        told["protocols"]["strict"]["mAP.5"] = truth

    rewrite_json(folder / METRICS, change)
    assert disagreements(folder) == {"protocols.strict.mAP.5"}


def test_codes_of_another_cell(folder):
    shutil.copy(folder / OTHER / "codes.npz", folder / CELL / "codes.npz")
    found = disagreements(folder)
    assert {"protocols.published.GmAP", "protocols.strict.GmAP", "codes.database.bit_balance.0"} <= found


def test_another_cell_under_this_name(folder, results):
    for name in ("codes.npz", "metrics.json", "pr.csv", "settings.json", "model.safetensors"):
        shutil.copy(folder / OTHER / name, folder / CELL / name)
    found = disagreements(folder)
    assert {"metrics.json.seed", "settings.json.seed", "model_sha256"} <= found
    # With all names changed too, scores agree, except those on the card, which are means of other seeds.
    for file in ("metrics.json", "settings.json"):
        rewrite_json(folder / CELL / file, lambda told: told.update(seed=1))
    digest = sha256_of(folder / CELL / "model.safetensors")
    rewrite_json(folder / "export.json", lambda told: told["cells"][0].update(model_sha256=digest))
    assert {name.split(".")[0] for name in disagreements(folder)} == {"model-index", "table"}
    # The weights are still those of seed 2.
    assert "settings.json.seed" in disagreements(folder, results / "tiny/features")


def test_one_flipped_bit(folder):
    def change(database, query, bits):
        database[3, 0] ^= 128
        return database, query, bits

    rewrite_codes(folder, change)
    found = disagreements(folder)
    assert "codes.database.bit_balance.0" in found


def test_another_code_length(folder):
    rewrite_codes(folder, lambda database, query, bits: (database & 0xF8, query & 0xF8, 13))
    assert "bits" in disagreements(folder)
    rewrite_json(folder / "export.json", lambda told: told["cells"][0].update(bits=16))
    (folder / "tiny/lsh_mean/16bit").mkdir()
    (folder / CELL).rename(folder / "tiny/lsh_mean/16bit/seed1")
    assert {"bits", "metrics.json.bits", "settings.json.bits"} <= disagreements(folder)


@pytest.mark.parametrize("file", ["database.csv", "query.csv"])
def test_permuted_labels(folder, file):
    reorder(folder / "tiny" / file, rolled, slice(1, 2))
    found = disagreements(folder)
    assert {"export.json.tiny.digest", "protocols.strict.GmAP", "aspects.pair.protocols.strict.GmAP"} <= found


@pytest.mark.parametrize("file", ["database.csv", "query.csv"])
def test_ids_in_another_order(folder, results, file):
    reorder(folder / "tiny" / file, rolled, slice(0, 1))
    found = disagreements(folder)
    assert "export.json.tiny.digest" in found and "protocols.strict.GmAP" not in found
    # With the digest changed as well, only who has the features can tell.
    features = results / "tiny/features"
    assert {"export.json.tiny.digest", "tiny.tables"} <= disagreements(folder, features)


def test_self_matches_that_are_none(folder):
    reorder(folder / "tiny/query.csv", rolled, slice(2, 3))
    assert {"self-matches", "export.json.tiny.digest", "queries_in_database_examples.0.0"} <= disagreements(folder)


def test_a_renamed_protocol(folder):
    def swap(told):
        own = told["protocols"]
        told["protocols"] = {"published": own["strict"], "strict": own["published"]}
        for aspect in told.get("aspects", {}).values():
            if "protocols" in aspect:
                swap(aspect)

    rewrite_json(folder / METRICS, swap)
    found = disagreements(folder)
    assert {"protocols.published.settings.ties", "protocols.strict.settings.denominator"} <= found
    # Renamed everywhere, it is still not what s5vh calls by that name.
    rewrite_json(folder / "export.json", lambda told: swap(told["cells"][0]))
    curves = (folder / CELL / "pr.csv").read_text()
    curves = curves.replace("published,", "x,").replace("strict,", "published,").replace("x,", "strict,")
    (folder / CELL / "pr.csv").write_text(curves)
    found = {name for name in disagreements(folder) if name.split(".")[0] not in ("model-index", "table")}
    own = [f"protocols.{name}.settings.{key}" for name in ("published", "strict") for key in
           ("denominator", "ties", "exclude_self")]  # fmt: skip
    assert found == set(own)


def test_a_protocol_with_another_setting(folder):
    def change(told):
        told["protocols"]["strict"]["settings"]["exclude_self"] = False

    rewrite_json(folder / METRICS, change)
    found = disagreements(folder)
    assert {"protocols.strict.settings.exclude_self", "protocols.strict.GmAP"} <= found


def test_a_curve(folder):
    path = folder / CELL / "pr.csv"
    lines = path.read_text().splitlines()
    first = lines[1].split(",")
    path.write_text("\n".join([lines[0], ",".join([*first[:4], "0.99"]), *lines[2:]]) + "\n")
    assert disagreements(folder) == {f"pr.csv.published.{first[1]} {first[2]}.1"}
    path.write_text("\n".join([lines[0], *lines[2:]]) + "\n")
    assert len(disagreements(folder)) == 2


def test_numbers_on_the_card(folder):
    card = folder / "README.md"
    text = card.read_text()
    index = text.index("value: ")
    card.write_text(f"{text[:index]}value: 0.9{text[text.index(chr(10), index) :]}")
    assert disagreements(folder) == {"model-index.0.results.0.metrics.0.value"}
    row = next(line for line in text.splitlines() if "| `strict` |" in line)
    card.write_text(text.replace(row, row.replace("0.", "0.9", 1)))
    assert disagreements(folder) == {"table"}
    card.write_text(text.replace("## Data", "Written by me.\n\n## Data"))  # what is not a number may change
    assert disagreements(folder) == set()
    card.write_text("no front matter")
    assert "table" in disagreements(folder)


def test_other_weights(folder, results):
    path = folder / CELL / "model.safetensors"
    stored = read_model(path)
    arrays = {name: -array if array.ndim == 2 else array for name, array in stored.arrays.items()}
    save_model(path, StoredModel(arrays, stored.cell, stored.frames, stored.feature_size, None, stored.provenance))
    assert disagreements(folder) == {"model_sha256"}
    rewrite_json(
        folder / "export.json", lambda told: told["cells"][0].update(model_sha256=sha256_of(path))
    )  # fmt: skip
    found = disagreements(folder, results / "tiny/features")
    assert found == {"database.share of bits that differ", "query.share of bits that differ"}
    write_sums(folder)
    assert main(["verify-results", str(folder)]) == 0  # codes alone do not tell


def test_what_agrees_and_what_does_not():
    def agrees(claimed, found):
        return Check(("", ""), (), claimed, found).agrees

    assert agrees(0.5, 0.5 + TOLERANCE / 2) and not agrees(0.5, 0.5 + 2 * TOLERANCE)
    assert agrees(1, 1.0) and agrees(0, 0) and not agrees(10**20, 10**20 + 1) and not agrees(10**400, 0.5)
    assert agrees("a", "a") and agrees(None, None) and not agrees(True, 1) and not agrees("1", 1)
    assert not agrees(ABSENT, 1) and not agrees(None, ABSENT)
    checks = compare({"a": [1, {}], "b": 2}, {"a": [1, {}], "c": 2}, ("x",), ("", ""))
    assert [(check.name, check.agrees) for check in checks] == [
        ("x.a.0", True), ("x.a.1", True), ("x.b", False), ("x.c", False),
    ]  # fmt: skip


def test_sums_in_any_order_are_within_the_tolerance():
    values = np.random.default_rng(0).random(45_600)
    forward, backward = (float(np.cumsum(rows)[-1] / len(rows)) for rows in (values, values[::-1]))
    assert abs(forward - values.mean()) < TOLERANCE and abs(forward - backward) < TOLERANCE
