"""Codes made again with exported weights and the features of the data set."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.config.precision import EncodingPrecision
from s5vh.data.features import open_features
from s5vh.methods.model_file import read_model
from s5vh.retrieval.codes import pack
from s5vh.sharing import folder as names
from s5vh.sharing.comparison import Check, compare
from s5vh.sharing.reading import read_object, read_shared_codes
from s5vh.sharing.videos import feature_files
from s5vh.training.encoding import open_encoder

# Largest share of bits that may differ, by precision; one bit always may. A bit is the sign of a number. Another
# processor, library or number of threads rounds differently, so a number within rounding of 0 may change its sign.
# Rounding to bfloat16 instead of float32, whose steps are 2**16 times finer, flips 0.14% or less
# (benchmarks/half_precision.py).
LARGEST_SHARES: dict[EncodingPrecision, float] = {"float32": 1e-4, "bfloat16": 5e-3}
_LINE = "share of bits that differ"


def check_codes(cell: Path, features: Path, device: str, threads: int | None) -> list[Check]:
    """Encode the videos and compare the codes bit for bit.

    Args:
        cell: folder of an exported cell with its model.
        features: folder of the feature files.
        device, threads: see `open_encoder`.

    Raises:
        UserError: a damaged model, or features that it cannot encode.
    """
    stored = read_model(cell / names.MODEL)
    codes = read_shared_codes(cell / names.CODES)
    settings = read_object(cell / names.SETTINGS)
    group = ("codes made again", "settings of the model")
    checks = compare(settings, json.loads(stored.cell.to_json()), (names.SETTINGS,), group)
    if stored.cell.bits != codes.bits:
        raise UserError(f"{cell}: a model of {stored.cell.bits} bits, but codes of {codes.bits}")
    database_file, query_file = feature_files(features)
    told = read_object(cell / names.METRICS).get("encoding")
    precision: EncodingPrecision = "bfloat16" if told == {"precision": "bfloat16"} else "float32"
    with open_encoder(stored, device, threads, precision) as (encode, _):
        again = {}
        for file in dict.fromkeys((database_file, query_file)):
            with open_features(file, expect_size=stored.feature_size) as videos:
                again[file] = pack(encode(videos.feats))
    for part, mine, file in (("database", codes.database, database_file), ("query", codes.query, query_file)):
        count = len(mine) * codes.bits
        share = float(np.bitwise_count(mine ^ again[file]).sum() / count)
        largest = max(LARGEST_SHARES[precision], 1 / count)
        checks.append(Check(("codes made again", f"{part}: {_LINE}"), (part, _LINE), 0.0, share, largest))
    return checks
