"""Evaluation stage: encode database and queries, and score them under every protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.files import write_csv, write_json
from s5vh.base.provenance import provenance
from s5vh.config.precision import EncodingPrecision
from s5vh.data.features import open_features
from s5vh.data.overlap import find_overlap
from s5vh.methods.model_file import read_model
from s5vh.retrieval.codes import write_codes
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.query_scores import videos_digest, write_query_scores
from s5vh.studies.scores import PR_COLUMNS, Scores, plain_statistics, score_codes
from s5vh.training.encoding import open_encoder, precision_used


def evaluate_model(
    model_file: Path,
    *,
    database_file: Path,
    query_file: Path,
    protocols: dict[str, dict[str, Any]],
    output: Path,
    device: str = "auto",
    threads: int | None = None,
    precision: EncodingPrecision = "float32",
) -> dict[str, Any]:
    """Encode, score, and write codes.npz, ap.npz, metrics.json and pr.csv to `output`; returns the metrics.

    If queries or database have no labels, codes are written but not scored: `protocols` is empty, and `skipped` gives
    the reason. `precision` is that of a network while it encodes; training has its own, in the model's settings.

    Raises:
        UserError: a missing or broken file, or features whose shape does not match the model.
    """
    stored = read_model(model_file)
    chosen = {name: Protocol.from_dict(settings) for name, settings in protocols.items()}
    with (
        open_features(database_file, expect_size=stored.feature_size) as database,
        open_features(query_file, expect_size=stored.feature_size) as queries,
    ):
        bare = next((features.path for features in (database, queries) if features.labels is None), None)
        same = query_file.resolve() == database_file.resolve()
        with open_encoder(stored, device, threads, precision) as (encode, place):
            database_codes = encode(database.feats)
            query_codes = database_codes if same else encode(queries.feats)
        labels = [
            np.zeros((len(features.ids), 0), np.uint8) if features.labels is None else features.labels
            for features in (queries, database)
        ]
        aspects = queries.aspects
        videos = videos_digest((queries.ids, database.ids), labels)
    found = find_overlap(query_file, database_file)
    self_index, overlap, examples = found.database_index, found.count, found.pairs
    cell, bits = stored.cell, stored.cell.bits
    metrics: dict[str, Any] = {
        "dataset": cell.dataset,
        "method": cell.method,
        "bits": bits,
        "seed": cell.seed,
        "protocols": {},
        "queries_in_database": overlap,
        # Pairs of (query id, database id); empty if queries and database are the same file.
        "queries_in_database_examples": [list(pair) for pair in examples],
        "codes": {
            "database": plain_statistics(database_codes),
            "query": plain_statistics(query_codes),
        },
        "encoding": {"precision": precision_used(stored, precision, place)},
        "training": stored.training,
    }
    scores = Scores({}, {}, [], {})
    if bare is None:
        scores = score_codes(query_codes, database_codes, bits, *labels, chosen, self_index, aspects)
        metrics |= {"protocols": scores.protocols, "classes": labels[0].shape[1], "aspects": scores.aspects}
    else:
        metrics["skipped"] = f"{bare.name} has no labels, so codes cannot be scored"
    metrics["provenance"] = provenance(seed=cell.seed, device=place, model=stored.provenance)
    write_codes(output / "codes.npz", database_codes, query_codes, bits)
    write_query_scores(output / "ap.npz", scores.results, videos)
    write_csv(output / "pr.csv", scores.curves, PR_COLUMNS)
    write_json(output / "metrics.json", metrics)
    return metrics
