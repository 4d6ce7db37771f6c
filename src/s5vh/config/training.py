"""How a network is trained: the settings the engine reads, independent of any method.

The defaults of this class determine existing results, because a cell's settings list only what differs from them (see
`s5vh.methods.cell`). So they never change: a recipe that needs another value sets it in its own settings or file.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt

from s5vh.base.errors import UserError
from s5vh.config.validation import Strict

Ratio = Annotated[float, Field(ge=0, lt=1)]

# Columns of evals.csv used for checkpoint selection.
PUBLISHED_CRITERION = "mAP@5"  # on the test queries; higher is better
HELD_OUT_CRITERION = "held_out_total"  # the training loss on held-out videos; lower is better

RESIDENT_BYTES = 4 * 2**30  # feature files up to this size are kept in memory, larger ones are streamed


class TrainingConfig(Strict):
    """Optimizer, schedule, selection and precision of a training run."""

    epochs: PositiveInt = Field(350, description="passes over the training videos")
    minimum_steps: PositiveInt | None = Field(
        None, description="with few videos, more passes are made until there are so many steps; null: no minimum"
    )
    batch_size: PositiveInt = Field(128, description="videos per step")
    optimizer: Literal["adamw", "adam", "sgd"] = Field("adamw", description="optimizer; `sgd` is SGD with momentum")
    learning_rate: PositiveFloat = Field(5e-4, description="learning rate at the start")
    minimum_learning_rate: float = Field(
        1e-5, ge=0, description="final value of the cosine schedule, lower bound of the other two"
    )
    schedule: Literal["cosine", "step", "exponential"] = Field(
        "cosine",
        description="`cosine`: anneal to the minimum over all epochs, one value per epoch; `step`: multiply by `decay` "
        "every `decay_every` epochs; `exponential`: the same per `decay_every` steps, smooth",
    )
    decay: float = Field(0.9, gt=0, le=1, description="decay factor of the schedules `step` and `exponential`")
    decay_every: PositiveInt = Field(20, description="epochs (`step`) or steps (`exponential`) per factor")
    betas: tuple[Ratio, Ratio] = Field((0.9, 0.999), description="moment decay rates of `adamw` and `adam`")
    momentum: Ratio = Field(0.9, description="momentum of `sgd`")
    largest_update: PositiveFloat | None = Field(
        None, description="`sgd`: clip every element of the velocity to this magnitude; null: no clipping"
    )
    weight_decay: float = Field(0.01, ge=0, description="weight decay: decoupled in `adamw`, an L2 penalty otherwise")
    precision: Literal["float32", "tf32", "bfloat16"] = Field(
        "float32",
        description="arithmetic of the network during training: `tf32` rounds the operands of matrix products on "
        "a GPU, `bfloat16` is mixed precision, except on CPUs without it, where it is float32; weights, losses and "
        "codes stay in float32",
    )
    evaluate_every: PositiveInt = Field(20, description="epochs between evaluations during training")
    evaluate_last: bool = Field(
        True,
        description="evaluate after the last epoch, even if `evaluate_every` does not divide the epochs; `false` never "
        "does, unless it is the only evaluation: the last weights are not selected then, as in the S5VH authors' code",
    )
    patience: PositiveInt | None = Field(
        5, description="stop after this many evaluations without improvement; null trains for all epochs"
    )
    selection: Literal["published", "held_out", "last"] = Field(
        "published",
        description="which weights are kept, and what early stopping monitors: `published` the best mAP@5 on the "
        "test queries, as for the published numbers; `held_out` the lowest training loss on held-out videos; "
        "`last` the weights of the last epoch (early stopping monitors the training loss). Only `published` uses "
        "labels",
    )
    held_out: Ratio = Field(
        0.0,
        description="share of the training videos held out from training, chosen by the seed; required for selection "
        "`held_out`, only recorded with the others",
    )

    def for_videos(self, videos: int, smallest_batch: int = 1) -> Self:
        """These settings with as many epochs as `minimum_steps` asks for with this number of training videos.

        Args:
            smallest_batch: a last batch of fewer videos is dropped, unless it is the only one.
        """
        steps = math.ceil(videos / self.batch_size)
        if 0 < videos % self.batch_size < smallest_batch:
            steps -= 1
        needed = math.ceil((self.minimum_steps or 0) / max(steps, 1))
        return self.model_copy(update={"epochs": needed}) if needed > self.epochs else self


def check_selection(training: TrainingConfig, where: str) -> None:
    """Reject selection by held-out videos if there are none; checked after all settings files are merged."""
    if training.selection == "held_out" and training.held_out == 0:
        raise UserError(
            f"{where}: training.selection 'held_out' needs held-out videos; set training.held_out, for example to 0.1"
        )
