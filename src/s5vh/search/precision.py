"""The precision in which the codes of an index were computed; see `s5vh.config.run.EncodingConfig`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from s5vh.base.errors import UserError
from s5vh.config.precision import ENCODING_PRECISIONS, EncodingPrecision
from s5vh.search.catalog import catalog_path
from s5vh.search.index_file import REMEDY


def precision_of(path: Path, facts: Mapping[str, Any]) -> EncodingPrecision | None:
    """Precision of the index at `path` with these facts; None if its model has no network.

    Raises:
        UserError: the record is damaged.
    """
    found = facts.get("precision", "float32")  # indexes of earlier versions have no record
    if found is not None and found not in ENCODING_PRECISIONS:
        raise UserError(f"{catalog_path(path)}: damaged (wrong precision); {REMEDY}")
    return found


def check_precision(path: Path, facts: Mapping[str, Any], wanted: EncodingPrecision | None) -> None:
    """Raise `UserError` if codes in the precision `wanted` would be mixed with others; None takes that of the index."""
    found = precision_of(path, facts)
    if None not in (found, wanted) and found != wanted:
        raise UserError(
            f"{path}: its codes were computed in {found}, so --precision {wanted} would mix codes of two precisions; "
            "leave it out, or build a new index with another --output"
        )
