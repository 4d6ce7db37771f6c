"""The model that made the codes of an index."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from s5vh.base.errors import UserError
from s5vh.base.provenance import origin

if TYPE_CHECKING:
    from s5vh.methods.model_file import StoredModel


@dataclass(frozen=True)
class ModelFile:
    """The model file that produced the codes of an index.

    Attributes:
        path: its path at that time.
        sha256: of the file.
        dataset, method, bits, seed: its cell.
        frames, feature_size: T and D of its training videos.
        extractor: digest of the network, weights and preprocessing that made their features; None if it is not known.
    """

    path: str
    sha256: str
    dataset: str
    method: str
    bits: int
    seed: int
    frames: int
    feature_size: int
    extractor: str | None = None

    def check(self, path: Path, index: Path) -> None:
        """Raise `UserError` unless the file at `path` is this model."""
        try:
            found = origin(path)["sha256"]
        except FileNotFoundError:
            raise UserError(f"{path}: no such model; use --model to give the one that built {index}") from None
        except OSError as error:
            raise UserError(f"{path}: cannot be read ({error.strerror})") from None
        if found != self.sha256:
            raise UserError(
                f"{path}: not the model that built {index}, {self} (SHA-256 {found[:12]}, expected "
                f"{self.sha256[:12]}), so codes are not comparable; use that model, or build a new index"
            )

    def __str__(self) -> str:
        return f"{self.method} on {self.dataset}, {self.bits} bits, seed {self.seed}"


def load_model(path: Path) -> tuple[StoredModel, ModelFile]:
    """Read a model file, and its record for an index.

    Raises:
        UserError: a missing or unreadable file, or one in another format.
    """
    from s5vh.methods.model_file import read_model

    stored = read_model(path)
    cell = stored.cell
    record = ModelFile(
        os.path.abspath(path), origin(path)["sha256"], cell.dataset, cell.method, cell.bits, cell.seed,
        stored.frames, stored.feature_size, stored.provenance.get("extractor"),
    )  # fmt: skip
    return stored, record
