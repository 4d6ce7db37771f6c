"""Settings of SSVH. The defaults are the recipe of the authors' code with its plain bugs mended.

"As released" marks the code with its bugs. The paper's method section was not available, so nothing here is attributed
to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt

from s5vh.config import layout
from s5vh.config.grid_cell import GridCell
from s5vh.config.semantics import NeighboursConfig
from s5vh.config.training import Ratio, TrainingConfig
from s5vh.config.validation import Strict
from s5vh.methods.settings import TrainedSettings


class Model(Strict):
    """Variants of the network, whose LSTMs are all as wide as the code."""

    batch_norm_momentum: Ratio = Field(
        0.99, description="share of a running mean and standard deviation that each training step keeps"
    )
    crossed_decoders: bool = Field(
        False,
        description="the second of every two frames of the forward decoder is decoded from the upper level of the "
        "backward decoder, as released",
    )
    unread_outputs: bool = Field(
        False,
        description="five LSTMs have an output layer that nothing reads and only the weight penalty trains, as "
        "released; changes the number of parameters and the value of the loss, no code",
    )


class Loss(Strict):
    """Weights of the losses, which are sums over the videos of a batch."""

    pairs: float = Field(0.999, ge=0, description="weight of the neighbourhood loss, with its quantization term")
    quantization: float = Field(
        0.2,
        ge=0,
        description="weight, in the neighbourhood loss, of the squared distance of real-valued to binary codes",
    )
    reconstruction: float = Field(0.001, ge=0, description="weight of the reconstruction of frames, by three decoders")
    weight_penalty: float = Field(
        1e-4, ge=0, description="weight of half the sum of squares of all parameters, which is part of the loss"
    )


class Training(TrainingConfig):
    """Training of SSVH."""

    epochs: PositiveInt = Field(100, description="passes over the training videos")
    batch_size: PositiveInt = Field(256, description="videos per step")
    optimizer: Literal["adamw", "adam", "sgd"] = Field("sgd", description="optimizer; `sgd` is SGD with momentum")
    learning_rate: PositiveFloat = Field(1e-4, description="learning rate at the start")
    minimum_learning_rate: float = Field(0.0, ge=0, description="lower bound of the learning rate")
    schedule: Literal["cosine", "step", "exponential"] = Field(
        "exponential", description="`exponential`: multiply by `decay` per `decay_every` steps, smooth"
    )
    decay_every: PositiveInt = Field(10_000, description="epochs (`step`) or steps (`exponential`) per factor")
    largest_update: PositiveFloat | None = Field(
        1e-4, description="`sgd`: clip every element of the velocity to this magnitude; null: no clipping"
    )
    weight_decay: float = Field(0.0, ge=0, description="weight decay, in addition to `loss.weight_penalty`")
    patience: PositiveInt | None = Field(
        None, description="stop after this many evaluations without improvement; null trains for all epochs"
    )
    selection: Literal["published", "held_out", "last"] = Field(
        "last", description="which weights are kept; `last`: those of the last epoch, as the authors do"
    )
    padded: bool = Field(
        False,
        description="fill the last batch of an epoch with videos of zeros, which count in batch norms and losses and "
        "are similar to no video, as released",
    )


class Settings(TrainedSettings):
    """SSVH: hashing with a hierarchical binary auto-encoder and neighbourhood structure (IEEE TIP 2018)."""

    implemented_by: ClassVar[str] = "s5vh.methods.ssvh.network:SSVH"

    implementation: Literal["ssvh"]
    model: Model = Model()
    loss: Loss = Loss()
    training: Training = Training()
    neighbours: NeighboursConfig = NeighboursConfig()

    def requires(self, cell: GridCell) -> dict[str, Path]:
        return {"neighbours": layout.neighbours(cell.dataset, self.neighbours.label)}

    def minimum_videos(self, bits: int) -> int:
        return max(self.neighbours.neighbours + 1, self.neighbours.expansions)

    @property
    def fixed_length(self) -> bool:
        """True, because batch norm has parameters for every time step."""
        return True
