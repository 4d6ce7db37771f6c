"""Settings of ConMH. The defaults are the recipe of the authors' code with its obvious bugs fixed.

"As released" marks the code with its bugs. The paper's text was not available, so nothing here is attributed to it.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from s5vh.config.training import Ratio, TrainingConfig
from s5vh.config.validation import Strict
from s5vh.methods.settings import TrainedSettings


class Model(Strict):
    """Sizes of the masked autoencoder; encoder and decoder are Transformers."""

    width: PositiveInt = Field(256, description="width of the encoder")
    depth: PositiveInt = Field(12, description="Transformer blocks of the encoder")
    heads: PositiveInt = Field(
        4,
        description="attention heads of the encoder, each with floor(width / heads) channels; 6 as released, which "
        "does not divide 256, so attention is 252 wide",
    )
    decoder_width: PositiveInt = Field(192, description="width of the decoder")
    decoder_depth: PositiveInt = Field(2, description="Transformer blocks of the decoder")
    decoder_heads: PositiveInt = Field(3, description="attention heads of the decoder")
    mlp_ratio: PositiveInt = Field(4, description="hidden width of a block's MLP divided by the width")
    mask_token_cutoff: PositiveFloat = Field(
        2.0,
        description="the mask token is initialised from a normal distribution with standard deviation 0.02, truncated "
        "at this many standard deviations; 1 as released, which leaves a standard deviation of 0.0108",
    )

    @model_validator(mode="after")
    def _heads_have_channels(self) -> Model:
        for part, heads, width in (("", self.heads, self.width), ("decoder_", self.decoder_heads, self.decoder_width)):
            if heads > width:
                raise ValueError(f"{part}heads is {heads}, must be at most {part}width ({width})")
        return self


class Loss(Strict):
    """Weights of the two losses, and temperature and class prior of the contrastive loss."""

    reconstruction: float = Field(
        1.0, ge=0, description="weight of the masked-frame reconstruction loss, summed over both views"
    )
    contrast: float = Field(1.0, ge=0, description="weight a of the debiased contrastive loss between two views")
    temperature: PositiveFloat = Field(0.5, description="temperature of the contrastive loss")
    tau_plus: Ratio = Field(0.1, description="class prior: assumed share of negatives with the anchor's class")


class Training(TrainingConfig):
    """Training of ConMH."""

    epochs: PositiveInt = Field(800, description="passes over the training videos")
    optimizer: Literal["adamw", "adam", "sgd"] = Field("adam", description="optimizer; `sgd` is SGD with momentum")
    learning_rate: PositiveFloat = Field(1e-4, description="learning rate at the start")
    minimum_learning_rate: float = Field(1e-5, ge=0, description="lower bound of the learning rate")
    schedule: Literal["cosine", "step", "exponential"] = Field(
        "step", description="`step`: multiply by `decay` every `decay_every` epochs; the others as for all methods"
    )
    decay: float = Field(0.9, gt=0, le=1, description="decay factor of the schedule")
    decay_every: PositiveInt = Field(20, description="epochs (`step`) or steps (`exponential`) per factor")
    weight_decay: float = Field(0.0, ge=0, description="weight decay")
    patience: PositiveInt | None = Field(
        None, description="stop after this many evaluations without improvement; null trains for all epochs"
    )
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
