"""Settings that several methods declare alike: sizes of the masked autoencoder, Adam in steps, linear projections.

Like all of a method's settings, and unlike those of the engine, they are always part of what determines a cell.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from s5vh.config.summaries import FLAT_IN_WORDS, IN_WORDS, Summary
from s5vh.config.training import TrainingConfig
from s5vh.config.validation import Strict
from s5vh.methods.settings import FittedSettings


class MaskedTransformerModel(Strict):
    """Sizes of the masked autoencoder of ConMH and AutoSSVH; encoder and decoder are Transformers."""

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
    def _heads_have_channels(self) -> Self:
        for part, heads, width in (("", self.heads, self.width), ("decoder_", self.decoder_heads, self.decoder_width)):
            if heads > width:
                raise ValueError(f"{part}heads is {heads}, must be at most {part}width ({width})")
        return self


class AdamTraining(TrainingConfig):
    """Adam without weight decay and a learning rate that falls in steps, for all epochs, as in most released code."""

    optimizer: Literal["adamw", "adam", "sgd"] = Field("adam", description="optimizer; `sgd` is SGD with momentum")
    schedule: Literal["cosine", "step", "exponential"] = Field(
        "step", description="`step`: multiply by `decay` every `decay_every` epochs; the others as for all methods"
    )
    decay: float = Field(0.9, gt=0, le=1, description="decay factor of the schedule")
    decay_every: PositiveInt = Field(20, description="epochs (`step`) or steps (`exponential`) per factor")
    weight_decay: float = Field(0.0, ge=0, description="weight decay")
    patience: PositiveInt | None = Field(
        None, description="stop after this many evaluations without improvement; null trains for all epochs"
    )


class LinearHashModel(Strict):
    """Input of the hash function."""

    features: Summary = Field("mean", description=f"{IN_WORDS}; {FLAT_IN_WORDS}")


class LinearHashSettings(FittedSettings):
    """A method that projects one vector per video; `model.features` says which."""

    @property
    def fixed_length(self) -> bool:
        """Whether the vector is that of all frames, whose dimension grows with their number."""
        return self.model.features == "flat"
