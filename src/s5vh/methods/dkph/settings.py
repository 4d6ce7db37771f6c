"""Settings of DKPH. The defaults are the recipe of the authors' code with its plain bugs mended.

"As released" marks the code with its bugs. The body of the paper's text was not available, so nothing here is
attributed to it. The code is a fork of BTH, whose anchors it uses.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, PositiveInt

from s5vh.config.validation import Strict
from s5vh.methods.bth import settings as bth
from s5vh.methods.bth.settings import PairedSettings


class Loss(Strict):
    """Weights of the losses, and the target of the reconstruction."""

    reconstruction: float = Field(1.0, ge=0, description="weight of the reconstruction loss")
    anchor: float = Field(0.9, ge=0, description="weight of the distance to the nearest anchor")
    triplet: float = Field(
        0.09, ge=0, description="weight of the triplet loss of a dissimilar pair's anchors; 0.9 x 0.1 as released"
    )
    margin: float = Field(0.5, ge=0, description="margin of the triplet loss")
    similarity: float = Field(0.11, ge=0, description="weight of the similarity of a pair's codes")
    similar_triplet: Literal["none", "margin"] = Field(
        "none",
        description="what a similar pair adds to the triplet loss: nothing, or as released the margin, a constant "
        "without a gradient",
    )
    target: Literal["clean", "corrupted"] = Field(
        "clean",
        description="what is reconstructed: the frames before or after corruption; as released `corrupted`, so that a "
        "hidden frame is to be reconstructed as zeros",
    )


class Training(bth.Training):
    """Training of DKPH: that of BTH, shorter."""

    epochs: PositiveInt = Field(49, description="passes over the training videos")


class Settings(PairedSettings):
    """DKPH: dual-stream knowledge-preserving hashing for unsupervised video retrieval (ECCV 2022)."""

    implemented_by: ClassVar[str] = "s5vh.methods.dkph.network:DKPH"
    checkpoint_reader: ClassVar[str | None] = "s5vh.methods.dkph.authors_checkpoint:read_checkpoint"

    implementation: Literal["dkph"]
    loss: Loss = Loss()
    training: Training = Training()

    @property
    def uses_pairs(self) -> bool:
        """Whether a loss needs anchors and pairs."""
        return max(self.loss.anchor, self.loss.triplet, self.loss.similarity) > 0

    @property
    def fixed_length(self) -> bool:
        """True, because the hash layer has weights for every frame."""
        return True
