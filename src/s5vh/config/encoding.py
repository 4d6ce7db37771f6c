"""How a network computes codes."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from s5vh.config.validation import Strict

EncodingPrecision = Literal["float32", "bfloat16"]
ENCODING_PRECISIONS: tuple[EncodingPrecision, ...] = get_args(EncodingPrecision)


class EncodingConfig(Strict):
    """How networks encode the database and the queries for the scores of a run."""

    precision: EncodingPrecision = Field(
        "float32",
        description="arithmetic of networks while they encode: `bfloat16` is mixed precision, whose rounding flips "
        "single bits. Evaluations during training, which select weights, are always in float32, and methods without a "
        "network ignore it",
    )
