"""Wrong codes, labels and protocols end in a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from s5vh.base.errors import UserError
from s5vh.retrieval.codes import as_packed, binarize, code_statistics, pack, read_codes, unpack
from s5vh.retrieval.metrics import evaluate
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.ranking import top_neighbours


def codes_file(path, **arrays):
    good = {"database": np.zeros((2, 1), np.uint8), "query": np.zeros((2, 1), np.uint8), "bits": np.int64(8)}
    merged = good | arrays
    np.savez(path, **{name: value for name, value in merged.items() if value is not None})
    return read_codes(path)


PACKED, SIGNS = np.zeros((2, 2), np.uint8), np.ones((2, 16), np.int8)
LABELS = np.eye(2, dtype=np.uint8)


def score(**changes):
    data = {"query_codes": SIGNS, "database_codes": SIGNS, "bits": 16, "query_labels": LABELS}
    return evaluate(**(data | {"database_labels": LABELS} | changes))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda path: binarize(np.array([np.nan])),
            "codes: the values to binarize contain NaN; check the features and the training",
        ),
        (lambda path: pack(np.ones(3, np.int8)), "codes: expected a matrix [videos, bits], got shape (3,)"),
        (
            lambda path: pack(np.zeros((1, 3), np.int8)),
            "codes: only -1 and +1 can be packed; binarize the values first",
        ),
        (lambda path: unpack(PACKED, 17), "codes: 17 bits take 3 bytes per video, got 2 bytes"),
        (
            lambda path: unpack(PACKED + 1, 13),
            "codes: padding bits beyond 13 bits are set; the code length is wrong",
        ),
        (lambda path: as_packed(PACKED, 0), "codes: the number of bits must be between 1 and 4096, got 0"),
        (
            lambda path: as_packed(PACKED.astype(float), 16),
            "codes: expected uint8 (packed) or int8 (-1 and +1), got float64",
        ),
        (lambda path: as_packed(PACKED[0], 16), "codes: expected a matrix with one row per video, got shape (2,)"),
        (lambda path: code_statistics(SIGNS[:0]), "codes: statistics require at least one video"),
        (lambda path: read_codes(path), "{path}: no such file"),
        (
            lambda path: codes_file(path, query=None, bits=None),
            "{path}: not a codes file, query, bits missing; encode again",
        ),
        (
            lambda path: codes_file(path, bits=np.array([8, 8])),
            "{path}: bits must be a single integer; encode again",
        ),
        (
            lambda path: codes_file(path, query=np.zeros((2, 8), np.int8)),
            "{path}: query codes: expected packed uint8, got int8",
        ),
        (
            lambda path: codes_file(path, bits=np.int64(9)),
            "{path}: database codes: 9 bits take 2 bytes per video, got 1 bytes",
        ),
        (lambda path: top_neighbours(PACKED, PACKED[:0], 16, 5), "database codes: empty, nothing to search"),
        (
            lambda path: top_neighbours(PACKED, PACKED, 16, 0),
            "neighbours: must be at least 1, got 0",
        ),
        (lambda path: score(bits=8), "query codes: expected 8 bits per video, got 16"),
        (
            lambda path: score(query_labels=LABELS[:1]),
            "query: 2 codes but 1 rows of labels; they must be of the same videos",
        ),
        (
            lambda path: score(database_labels=np.eye(2, 3, dtype=np.uint8)),
            "labels: 2 classes for the query but 3 for the database; both need the same columns",
        ),
        (
            lambda path: score(database_labels=0 * LABELS),
            "database labels: all zero, so nothing can be relevant; check the label file",
        ),
        (
            lambda path: score(query_labels=3 * LABELS),
            "query labels: expected only 0 and 1; convert class indices to multi-hot rows",
        ),
        (
            lambda path: score(query_labels=np.array([0, 1])),
            "query labels: expected a multi-hot matrix [videos, classes], got shape (2,)",
        ),
        (
            lambda path: score(query_codes=SIGNS[:0], query_labels=LABELS[:0]),
            "query codes: empty, nothing to evaluate",
        ),
        (
            lambda path: score(query_codes=-SIGNS, protocol=Protocol(exclude_self=True)),
            "protocol: exclude_self without self_index requires that queries and database are the same; provide the "
            "database position of every query (-1 for none), or set exclude_self to false",
        ),
        (
            lambda path: score(protocol=Protocol(exclude_self=True), self_index=np.array([0, 2])),
            "self_index: positions must be between -1 and 1",
        ),
        (
            lambda path: score(protocol=Protocol(exclude_self=True), self_index=np.array([0.0])),
            "self_index: expected 2 integers, got float64 of shape (1,)",
        ),
        (
            lambda path: Protocol(denominator="n"),
            "protocol: denominator must be one of retrieved, relevant, capped_relevant, retrieved_relevant, got 'n'",
        ),
        (
            lambda path: Protocol(ties="random"),
            "protocol: ties must be one of stable, expected, got 'random'",
        ),
        (lambda path: Protocol(exclude_self=1), "protocol: exclude_self must be true or false, got 1"),
        (
            lambda path: Protocol(cutoffs=(5, 5)),
            "protocol: cutoffs must be increasing positive integers, got [5, 5]",
        ),
        (
            lambda path: Protocol.from_dict({"tie": "stable"}),
            "protocol: unknown setting tie; choose from denominator, ties, exclude_self, cutoffs",
        ),
    ],
)
def test_wrong_input_is_explained(make, message, tmp_path):
    path = tmp_path / "codes.npz"
    with pytest.raises(UserError) as error:
        make(path)
    assert str(error.value) == message.format(path=path)
