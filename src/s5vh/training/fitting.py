"""The fitting stage, for methods without a network. It avoids importing torch to start quickly."""

from __future__ import annotations

import time
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.base.provenance import provenance
from s5vh.data.features import open_features
from s5vh.methods.cell import Cell
from s5vh.methods.discovery import implementation_of
from s5vh.methods.model_file import StoredModel, save_model
from s5vh.methods.settings import is_trained


def fit_cell(cell: Cell, *, train_file: Path, output: Path) -> None:
    """Fit the method of a cell to the training videos and write its model file.

    Raises:
        UserError: a missing or broken file, settings that do not fit it, or a method that must be trained.
    """
    method = cell.settings
    if is_trained(method):
        raise UserError(f"method '{cell.method}' is a network; use `s5vh train`")
    started = time.monotonic()
    with open_features(train_file) as videos:
        hasher = implementation_of(method)(bits=cell.bits, seed=cell.seed, **method.model.model_dump())
        hasher.fit(videos.feats)
        frames, size = videos.shape[1:]
        extraction = videos.extraction
    record = provenance(
        settings=cell.model_dump(mode="json"),
        seed=cell.seed,
        fit_seconds=round(time.monotonic() - started, 3),
        **extraction,
    )
    save_model(output, StoredModel(hasher.state(), cell, frames, size, None, record))
