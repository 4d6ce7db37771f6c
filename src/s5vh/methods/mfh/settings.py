"""Settings of MFH."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt

from s5vh.config.summaries import IN_WORDS
from s5vh.config.validation import Strict
from s5vh.methods.settings import FittedSettings


class Model(Strict):
    """Input of the hash function, neighbour graph and regression."""

    features: Literal["mean", "mean_std", "dct5"] = Field(
        "mean",
        description=f"{IN_WORDS}. The regression needs a matrix of as many rows and columns as a video has such values",
    )
    neighbours: PositiveInt = Field(5, description="k, nearest videos that each video is linked with")
    alpha: PositiveFloat = Field(10.0, description="weight of the regression of the embedding on the features")
    beta: PositiveFloat = Field(1.0, description="ridge penalty of that regression, in squared feature units")


class Settings(FittedSettings):
    """MFH: multiple feature hashing (Song et al., ACM Multimedia 2011), as far as one feature allows.

    Without several features, the per-feature embeddings and the term that draws them together have no counterpart.
    """

    implemented_by: ClassVar[str] = "s5vh.methods.mfh.hashing:MFH"

    implementation: Literal["mfh"]
    model: Model = Model()

    def minimum_videos(self, bits: int) -> int:
        """One more than `bits` and than `neighbours`."""
        return max(bits, self.model.neighbours) + 1
