"""Alignment targets of S5VH: pseudo-labels and hash centers, read from files and checked for consistency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from s5vh.base.errors import UserError
from s5vh.centers.centers_file import read_centers
from s5vh.methods.contract import Shape
from s5vh.methods.s5vh.settings import Settings
from s5vh.semantics.clustering import numbering_agreement
from s5vh.semantics.semantics_file import read_semantics


@dataclass(frozen=True)
class Targets:
    """Pseudo-labels int64 [N] and hash centers float32 [C, K]; None if unused.

    Attributes:
        semantics: file of the pseudo-labels.
        agreement: how well the numbering of labels and centers agrees, see `numbering_agreement`.
    """

    labels: Tensor | None = None
    centers: Tensor | None = None
    semantics: Path | None = None
    agreement: dict[str, float] = field(default_factory=dict)

    def check(self, videos: int) -> None:
        """Check that there is one pseudo-label per training video."""
        if self.labels is not None and len(self.labels) != videos:
            raise UserError(
                f"{self.semantics}: {len(self.labels)} pseudo-labels for {videos} training videos; regenerate it"
            )


def read_targets(settings: Settings, shape: Shape, prepared: Mapping[str, Path]) -> Targets:
    """Read the targets that `settings` use.

    Raises:
        UserError: a file is broken, or has another code length or number of clusters.
    """
    if not settings.needs_labels:
        return Targets()
    path = prepared["semantics"]
    semantics = read_semantics(path)
    labels, clusters = torch.from_numpy(semantics.assignments.astype(np.int64)), len(semantics.centroids)
    if clusters != settings.semantics.clusters:
        raise UserError(f"{path}: {clusters} clusters, expected {settings.semantics.clusters}; regenerate it")
    if not settings.needs_centers:
        return Targets(labels, None, path)
    centers = read_centers(prepared["centers"]).centers
    if centers.shape[1] != shape.bits:
        raise UserError(
            f"{prepared['centers']}: centers of {centers.shape[1]} bits, expected {shape.bits}; regenerate it"
        )
    if len(centers) != clusters:
        raise UserError(f"{prepared['centers']}: {len(centers)} centers for {clusters} clusters; regenerate it")
    return Targets(labels, torch.from_numpy(centers.astype(np.float32)), path, numbering_agreement(semantics))
