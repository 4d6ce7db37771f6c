"""Settings of S5VH-plus."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from s5vh.config.training import Ratio, TrainingConfig
from s5vh.config.validation import Strict
from s5vh.methods.settings import TrainedSettings


class Encoder(Strict):
    """Sizes of S5VH's encoder as the network part (`network: frames`)."""

    width: PositiveInt = Field(64, description="width of the encoder")
    depth: PositiveInt = Field(1, description="bidirectional Mamba layers of the encoder")
    d_state: PositiveInt = Field(8, description="state size per channel of the selective scan")


class Model(Strict):
    """How a video becomes a vector, and the hash function of that vector."""

    summary: Literal["mean", "dct5", "dct5_rest"] = Field(
        "dct5_rest",
        description="what of a video is kept: `mean`: the mean frame; `dct5`: the first five cosine coefficients over "
        "time, the mean included; `dct5_rest`: also the root mean square of what these leave out",
    )
    frame_size: PositiveInt = Field(256, description="principal directions of frames that are kept before the summary")
    summary_size: PositiveInt = Field(256, description="principal directions of summaries that are kept")
    whitening: Ratio = Field(
        0.25,
        description="each principal direction of summaries is divided by its singular value to this power; 0 leaves "
        "their variances as they are",
    )
    anchors: int = Field(2000, ge=2, description="training videos that the kernel part compares a video with")
    anchor_temperature: PositiveFloat = Field(0.05, description="temperature of its softmax over cosines, at the start")
    kernel: bool = Field(True, description="the hash function has the kernel part")
    network: Literal["summary", "frames", "none"] = Field(
        "summary",
        description="the network part of the hash function: `summary`: two hidden layers, of the summary; `frames`: "
        "S5VH's encoder, of the frames; `none`: there is none",
    )
    width: PositiveInt = Field(512, description="width of the two hidden layers (`network: summary`)")
    dropout: Ratio = Field(0.3, description="dropout after the first hidden layer (`network: summary`)")
    encoder: Encoder = Encoder()

    @model_validator(mode="after")
    def _has_a_part(self) -> Model:
        if not self.kernel and self.network == "none":
            raise ValueError("there is neither kernel nor network; switch one on")
        return self


class Target(Strict):
    """The similarity of training videos that codes are to have."""

    similarity: Literal["diffusion", "cosine"] = Field(
        "diffusion",
        description="`diffusion`: along the graph of nearest neighbours; `cosine`: of the summaries themselves",
    )
    neighbours: PositiveInt = Field(15, description="nearest neighbours per video in the graph")
    damping: float = Field(0.99, gt=0, lt=1, description="share of similarity that is passed on at each step")
    eigenvectors: PositiveInt = Field(128, description="leading eigenvectors of the graph that are kept")


class Loss(Strict):
    """Weights and temperatures."""

    temperature: PositiveFloat = Field(
        0.1, description="temperature of the softmax over the other videos of a batch, of similarities and of codes"
    )
    quantization: float = Field(1.0, ge=0, description="weight of the distance of real-valued codes to binary ones")
    noise: float = Field(
        0.1, ge=0, description="standard deviation of noise in training, relative to that of summaries"
    )


class Training(TrainingConfig):
    """Training of S5VH-plus."""

    epochs: PositiveInt = Field(40, description="passes over the training videos")
    minimum_steps: PositiveInt | None = Field(
        600, description="with few videos, more passes are made until there are so many steps; null: no minimum"
    )
    batch_size: PositiveInt = Field(256, description="videos per step")
    learning_rate: PositiveFloat = Field(1e-3, description="learning rate at the start")
    patience: PositiveInt | None = Field(
        None, description="stop after this many evaluations without improvement; null trains for all epochs"
    )
    selection: Literal["published", "held_out", "last"] = Field(
        "last", description="which weights are kept; `last`: those of the last epoch, which needs no labels"
    )


class Settings(TrainedSettings):
    """S5VH-plus: our own recipe, codes that follow the neighbourhoods of temporal summaries; of no paper."""

    implemented_by: ClassVar[str] = "s5vh.methods.s5vh_plus.network:S5VHPlus"

    implementation: Literal["s5vh_plus"]
    model: Model = Model()
    target: Target = Target()
    loss: Loss = Loss()
    training: Training = Training()

    def minimum_videos(self, bits: int) -> int:
        """One more than `bits`, as for ITQ."""
        return bits + 1
