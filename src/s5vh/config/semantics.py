"""Settings of what is computed from the training videos before training: clusters and neighbour graphs.

Each class converts to the label used in file names, and back: every setting that determines an artifact is part of its
label, so different settings never share a file.
"""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, PositiveInt, ValidationError, model_validator

from s5vh.base.errors import UserError
from s5vh.config.summaries import FLAT_IN_WORDS, IN_WORDS, Summary
from s5vh.config.validation import Seed, Strict, explain

CLUSTERING_LABEL = (
    r"c[1-9]\d*(?:_pca[1-9]\d*)?(?:_mean_std|_dct5|_flat)?(?:_uncentered)?(?:_released|_lloyd)?"
    r"(?:_seed(?:0|[2-9]|[1-9]\d+))?"
)
NEIGHBOURS_LABEL = r"k[1-9]\d*_e[1-9]\d*"


class ClusteringConfig(Strict):
    """Clusters of the training videos: pseudo-labels, and the cluster similarity matrix W."""

    clusters: PositiveInt = Field(100, description="number of clusters, C")
    features: Summary = Field(
        "mean",
        description=f"what is clustered of a video. {IN_WORDS}; {FLAT_IN_WORDS}. All but `mean` require recipe `paper`",
    )
    pca: PositiveInt | None = Field(512, description="PCA components of the `features` before k-means; null: no PCA")
    centered: bool = Field(
        True,
        description="subtract the mean of all videos from the `features`, with or without PCA. If not, and features "
        "share a large mean, as those without negative values do, all clusters are similar and many get the same hash "
        "center. The paper mentions neither centering nor PCA; the released code's PCA centers",
    )
    recipe: Literal["paper", "released", "lloyd"] = Field(
        "paper",
        description="`paper`: pseudo-labels and W come from one clustering, so hash center i belongs to pseudo-label "
        "i; `released`: from two separate ones, as in the S5VH authors' code, so it need not; `lloyd`: from one that "
        "starts at random videos and makes at most 17 assignments, as in the BTH and MCMSH authors' code; clusters "
        "that lose all their videos are dropped",
    )
    seed: Seed = Field(
        1, description="seed of the clustering; the cell's seed if `seeds_also_vary` of the run lists clusters"
    )

    @model_validator(mode="after")
    def _recipes_of_means(self) -> Self:
        if self.recipe != "paper" and self.features != "mean":
            raise ValueError(
                f"features is '{self.features}', must be 'mean' with recipe '{self.recipe}', as in the authors' code; "
                "others require recipe 'paper'"
            )
        return self

    @property
    def label(self) -> str:
        """Label of these settings in file names, e.g. `c100_pca512`."""
        features = "" if self.features == "mean" else f"_{self.features}"
        pca = "" if self.pca is None else f"_pca{self.pca}"
        centered = "" if self.centered else "_uncentered"
        seed = "" if self.seed == 1 else f"_seed{self.seed}"
        recipe = "" if self.recipe == "paper" else f"_{self.recipe}"
        return f"c{self.clusters}{pca}{features}{centered}{recipe}{seed}"

    def with_seed(self, seed: int) -> Self:
        """The same clustering with another seed."""
        return self.model_copy(update={"seed": seed})

    @classmethod
    def from_label(cls, label: str) -> ClusteringConfig:
        """The settings with this label."""
        pattern = (
            r"c([1-9]\d*)(?:_pca([1-9]\d*))?(?:_(mean_std|dct5|flat))?(_uncentered)?(?:_(released|lloyd))?"
            r"(?:_seed(0|[2-9]|[1-9]\d+))?"
        )
        match = re.fullmatch(pattern, label)
        if match is None:
            raise UserError(f"'{label}': not a clustering; expected a label like c100, c100_pca512 or c100_released")
        clusters, pca, features, uncentered, recipe, seed = match.groups()
        try:
            return cls(
                clusters=int(clusters),
                pca=None if pca is None else int(pca),
                features=features or "mean",
                centered=uncentered is None,
                recipe=recipe or "paper",
                seed=1 if seed is None else int(seed),
            )
        except ValidationError as error:
            raise explain(error, f"'{label}'", cls) from None


class NeighboursConfig(Strict):
    """Neighbour graph of the training videos, by cosine similarity of their means and by shared neighbours."""

    neighbours: PositiveInt = Field(10, description="nearest neighbours per video, not counting itself")
    expansions: PositiveInt = Field(
        5, description="videos with the most shared neighbours, counting itself, whose neighbours are added"
    )

    @property
    def label(self) -> str:
        """Label of these settings in file names, e.g. `k10_e5`."""
        return f"k{self.neighbours}_e{self.expansions}"

    @classmethod
    def from_label(cls, label: str) -> NeighboursConfig:
        """The settings with this label."""
        match = re.fullmatch(r"k([1-9]\d*)_e([1-9]\d*)", label)
        if match is None:
            raise UserError(f"'{label}': not a neighbour graph; expected a label like k10_e5")
        return cls(neighbours=int(match[1]), expansions=int(match[2]))
