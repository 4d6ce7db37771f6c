"""What S5VH aligns codes with: pseudo-labels and hash centers, read from their files and checked against each other."""

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
    """Pseudo-labels int64 [N] and hash centers float32 [C, K], None where they are not used.

    Attributes:
        semantics: file of the pseudo-labels.
        agreement: how well the numbers of labels and centers go together, see `numbering_agreement`.
    """

    labels: Tensor | None = None
    centers: Tensor | None = None
    semantics: Path | None = None
    agreement: dict[str, float] = field(default_factory=dict)

    def check(self, videos: int) -> None:
        """Refuse labels of another number of training videos."""
        if self.labels is not None and len(self.labels) != videos:
            raise UserError(
                f"{self.semantics}: {len(self.labels)} pseudo-labels for {videos} training videos; make it again"
            )


def read_targets(settings: Settings, shape: Shape, prepared: Mapping[str, Path]) -> Targets:
    """Read what `settings` use.

    Raises:
        UserError: a broken file, or one of another code length or number of clusters.
    """
    if not settings.needs_labels:
        return Targets()
    path = prepared["semantics"]
    semantics = read_semantics(path)
    labels, clusters = torch.from_numpy(semantics.assignments.astype(np.int64)), len(semantics.centroids)
    if clusters != settings.semantics.clusters:
        raise UserError(f"{path}: {clusters} clusters, expected {settings.semantics.clusters}; make it again")
    if not settings.needs_centers:
        return Targets(labels, None, path)
    centers = read_centers(prepared["centers"]).centers
    if centers.shape[1] != shape.bits:
        raise UserError(
            f"{prepared['centers']}: centers of {centers.shape[1]} bits, expected {shape.bits}; make it again"
        )
    if len(centers) != clusters:
        raise UserError(f"{prepared['centers']}: {len(centers)} centers for {clusters} clusters; make it again")
    return Targets(labels, torch.from_numpy(centers.astype(np.float32)), path, numbering_agreement(semantics))
