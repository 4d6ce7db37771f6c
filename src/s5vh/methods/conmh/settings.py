"""Settings of ConMH. The defaults are the recipe of the authors' code with its obvious bugs fixed.

"As released" marks the code with its bugs. The paper's text was not available, so nothing here is attributed to it.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt

from s5vh.config.training import Ratio
from s5vh.config.validation import Strict
from s5vh.methods.settings import TrainedSettings
from s5vh.methods.shared_settings import AdamTraining, MaskedTransformerModel


class Model(MaskedTransformerModel):
    """Sizes of the masked autoencoder; encoder and decoder are Transformers."""


class Loss(Strict):
    """Weights of the two losses, and temperature and class prior of the contrastive loss."""

    reconstruction: float = Field(
        1.0, ge=0, description="weight of the masked-frame reconstruction loss, summed over both views"
    )
    contrast: float = Field(1.0, ge=0, description="weight a of the debiased contrastive loss between two views")
    temperature: PositiveFloat = Field(0.5, description="temperature of the contrastive loss")
    tau_plus: Ratio = Field(0.1, description="class prior: assumed share of negatives with the anchor's class")


class Training(AdamTraining):
    """Training of ConMH."""

    epochs: PositiveInt = Field(800, description="passes over the training videos")
    learning_rate: PositiveFloat = Field(1e-4, description="learning rate at the start")
    minimum_learning_rate: float = Field(1e-5, ge=0, description="lower bound of the learning rate")
    selection: Literal["published", "held_out", "last"] = Field(
        "last", description="which weights are kept; `last`: those of the last epoch, like the authors' fixed epoch"
    )
    mask_ratio: Ratio = Field(0.75, description="share of frames masked in each of the two views")


class Settings(TrainedSettings):
    """ConMH: contrastive masked autoencoders for self-supervised video hashing (AAAI 2023)."""

    implemented_by: ClassVar[str] = "s5vh.methods.conmh.network:ConMH"
    checkpoint_reader: ClassVar[str | None] = "s5vh.methods.conmh.authors_checkpoint:read_checkpoint"

    implementation: Literal["conmh"]
    model: Model = Model()
    loss: Loss = Loss()
    training: Training = Training()
