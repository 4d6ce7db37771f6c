"""Settings of what is known of the training videos before training: clusters, hash centers, neighbour graphs.

Each class turns into the label that stands in file names, and back: every setting that decides an artifact is part of
its label, so two settings never share a file.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, PositiveInt

from s5vh.base.errors import UserError
from s5vh.config.validation import Strict

CLUSTERING_LABEL = r"c\d+(?:_pca\d+)?(?:_released)?"
NEIGHBOURS_LABEL = r"k\d+_e\d+"


class ClusteringConfig(Strict):
    """Clusters of the training videos: pseudo-labels, and the clusters' similarity W."""

    clusters: PositiveInt = Field(100, description="number of clusters, C")
    pca: PositiveInt | None = Field(
        512, description="components that video means are reduced to before k-means; null clusters the means"
    )
    recipe: Literal["paper", "released"] = Field(
        "paper",
        description="`paper`: one clustering gives pseudo-labels and W, so that hash center i belongs to pseudo-label "
        "i; `released`: two separate ones, as in the S5VH authors' code, so that it need not",
    )

    @property
    def label(self) -> str:
        """These settings in file names, e.g. `c100_pca512`."""
        pca = "" if self.pca is None else f"_pca{self.pca}"
        return f"c{self.clusters}{pca}{'_released' if self.recipe == 'released' else ''}"

    @classmethod
    def from_label(cls, label: str) -> ClusteringConfig:
        """The settings that have this label."""
        found = re.fullmatch(r"c(\d+)(?:_pca(\d+))?(_released)?", label)
        if found is None:
            raise UserError(f"'{label}': not a clustering; expected a name like c100, c100_pca512 or c100_released")
        clusters, pca, released = found.groups()
        return cls(
            clusters=int(clusters),
            pca=None if pca is None else int(pca),
            recipe="released" if released else "paper",
        )


class NeighboursConfig(Strict):
    """Neighbour graph of the training videos, by cosine similarity of their means and by shared neighbours."""

    neighbours: PositiveInt = Field(10, description="nearest videos per video, itself not counted")
    expansions: PositiveInt = Field(
        5, description="videos with the most shared neighbours, itself counted, whose neighbours are neighbours too"
    )

    @property
    def label(self) -> str:
        """These settings in file names, e.g. `k10_e5`."""
        return f"k{self.neighbours}_e{self.expansions}"

    @classmethod
    def from_label(cls, label: str) -> NeighboursConfig:
        """The settings that have this label."""
        found = re.fullmatch(r"k(\d+)_e(\d+)", label)
        if found is None:
            raise UserError(f"'{label}': not a neighbour graph; expected a name like k10_e5")
        return cls(neighbours=int(found[1]), expansions=int(found[2]))
