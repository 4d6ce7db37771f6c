"""Settings of BerVAE. The defaults are the recipe of the authors' code with its plain bugs mended.

"As released" marks the code with its bugs. The body of the paper's text was not available, so nothing here is
attributed to it.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, PositiveInt

from s5vh.config.validation import Strict
from s5vh.methods.bth import settings as bth
from s5vh.methods.settings import TrainedSettings


class Loss(Strict):
    """The objective, and how its gradient passes through the sampled code."""

    divergence: float = Field(
        0.1, ge=0, description="weight of the Kullback-Leibler divergence of a bit from a fair coin; constant"
    )
    target: Literal["clean", "corrupted"] = Field(
        "clean",
        description="what is reconstructed: the frames before or after corruption; as released `corrupted`, so that a "
        "hidden frame is to be reconstructed as zeros",
    )
    estimator: Literal["u2g", "arm", "closed_form", "straight_through"] = Field(
        "u2g",
        description="gradient of the reconstruction loss at the encoder's logits, after `straight_through_epochs`: "
        "`u2g` and `arm` are unbiased, from pairs of codes that share their noise; `closed_form` is that of the "
        "expected loss, which these two estimate; `straight_through` is biased",
    )
    draws: PositiveInt = Field(2, description="pairs of codes that `u2g` and `arm` average over")
    straight_through_epochs: int = Field(
        5, ge=0, description="first epochs, in which the gradient passes straight through the sampled code"
    )


class Training(bth.Training):
    """Training of BerVAE: that of BTH, longer; encoder and decoder have an optimizer each."""

    epochs: PositiveInt = Field(201, description="passes over the training videos")
    batch_size: PositiveInt = Field(256, description="videos per step")


class Settings(TrainedSettings):
    """BerVAE: uncertainty-aware unsupervised video hashing with a Bernoulli variational auto-encoder (AISTATS 2023)."""

    implemented_by: ClassVar[str] = "s5vh.methods.bervae.network:BerVAE"
    checkpoint_reader: ClassVar[str | None] = "s5vh.methods.bervae.authors_checkpoint:read_checkpoint"

    implementation: Literal["bervae"]
    model: bth.Model = bth.Model()
    loss: Loss = Loss()
    training: Training = Training()
