"""Settings of BerVAE. The defaults are the recipe of the authors' code with its plain bugs mended.

"As released" marks the code with its bugs. The body of the paper's text was not available, so nothing here is
attributed to it.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt

from s5vh.config.training import Ratio, TrainingConfig
from s5vh.config.validation import Strict
from s5vh.methods.settings import TrainedSettings


class Model(Strict):
    """Sizes of the encoder, one Transformer block with one head."""

    width: int = Field(256, ge=2, description="width of the frame embeddings")
    hidden: PositiveInt = Field(1024, description="hidden width of the block's MLP")
    dropout: Ratio = Field(0.1, description="dropout of embeddings, attention weights, MLP and the block's outputs")


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


class Training(TrainingConfig):
    """Training of BerVAE; encoder and decoder have an optimizer each."""

    epochs: PositiveInt = Field(201, description="passes over the training videos")
    batch_size: PositiveInt = Field(256, description="videos per step")
    optimizer: Literal["adamw", "adam", "sgd"] = Field("adam", description="optimizer; `sgd` is SGD with momentum")
    learning_rate: PositiveFloat = Field(3e-4, description="learning rate at the start")
    minimum_learning_rate: float = Field(1e-4, ge=0, description="lower bound of the learning rate")
    schedule: Literal["cosine", "step", "exponential"] = Field(
        "step", description="`step`: multiply by `decay` every `decay_every` epochs; the others as for all methods"
    )
    weight_decay: float = Field(0.0, ge=0, description="weight decay")
    patience: PositiveInt | None = Field(
        None, description="stop after this many evaluations without improvement; null trains for all epochs"
    )
    selection: Literal["published", "held_out", "last"] = Field(
        "last", description="which weights are kept; `last`: those of the last epoch, as in the authors' code"
    )
    corruption: Ratio = Field(
        0.15,
        description="probability that a frame is chosen for corruption: 80% of the chosen frames are zeroed, 10% are "
        "replaced by a random frame of a random training video, 10% are left as they are",
    )
    loader_processes: PositiveInt | None = Field(
        None,
        description="null: every batch is corrupted afresh; as released: a number of loader processes that corrupt "
        "their copies of the features in place, so that corruption accumulates during an epoch",
    )


class Settings(TrainedSettings):
    """BerVAE: uncertainty-aware unsupervised video hashing with a Bernoulli variational auto-encoder (AISTATS 2023)."""

    implemented_by: ClassVar[str] = "s5vh.methods.bervae.network:BerVAE"
    checkpoint_reader: ClassVar[str | None] = "s5vh.methods.bervae.authors_checkpoint:read_checkpoint"

    implementation: Literal["bervae"]
    model: Model = Model()
    loss: Loss = Loss()
    training: Training = Training()
