"""Names of the precisions in which networks encode; without further imports, for the parsing of arguments."""

from __future__ import annotations

from typing import Literal, get_args

EncodingPrecision = Literal["float32", "bfloat16"]  # see `s5vh.config.run.EncodingConfig`
ENCODING_PRECISIONS: tuple[EncodingPrecision, ...] = get_args(EncodingPrecision)
