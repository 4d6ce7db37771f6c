"""What a method that is trained must offer. The engine calls these functions and knows no method by name.

Shapes in this file: G videos that belong together (1 unless a method has partners), B videos of a batch, T frames,
D feature dimension, K bits, N training videos.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol

import torch
from torch import Tensor, nn

from s5vh.methods.settings import TrainedSettings


class Shape(NamedTuple):
    """T, D and K."""

    frames: int
    feature_size: int
    bits: int


@dataclass(frozen=True)
class Batch:
    """What a training step sees.

    Attributes:
        feats: float32 [G, B, T, D]; G = 1, or a video and its partners.
        index: int64 [G, B] on the CPU, rows of the whole training file, whether videos are held out or not.
        epoch: from 0.
        generator: on the CPU, for masks, corruption and noise.
    """

    feats: Tensor
    index: Tensor
    epoch: int
    generator: torch.Generator


class Videos(Protocol):
    """The training file, for methods that look at more of it than a batch."""

    shape: tuple[int, int, int]
    device: torch.device

    def __len__(self) -> int:
        """N."""

    def batches(self, indices: Iterable[Tensor]) -> Iterator[tuple[Tensor, Tensor]]:
        """(index, feats) for each index tensor of any shape [...]; feats is float32 [..., T, D] on the device."""

    def in_order(self, batch_size: int, rows: Tensor | None = None) -> Iterator[Tensor]:
        """These rows (default: all), batch by batch, float32 [<=batch_size, T, D]."""


class TrainedMethod(nn.Module, ABC):
    """A network with its losses.

    Args:
        settings: of the method; an instance of the class `Settings` of its folder.
        shape: of the training videos and of a code.
        prepared: by name, the files that `Settings.requires` asks for. Empty where a trained network is restored to
            encode: whatever has parameters must be made from settings and shape alone.
    """

    fixed_length: ClassVar[bool] = False  # the network takes videos of T frames and of no other length
    smallest_batch: ClassVar[int] = 1  # a smaller batch left at the end of an epoch is dropped

    def __init__(self, settings: TrainedSettings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__()
        self.shape = shape
        self.precision = settings.training.precision

    @abstractmethod
    def encode(self, feats: Tensor) -> Tensor:
        """Codes of whole videos: float32 [B, T, D] to [B, K] in {-1, +1}, each independent of the others."""

    @abstractmethod
    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """Scalars: `total`, which is minimized, and its terms by name."""

    def begin_training(self, videos: Videos, rows: Tensor) -> None:
        """Called once, before a checkpoint is loaded. `rows` are trained on, int64 [<=N]; the others are held out."""

    def begin_epoch(self, epoch: int, videos: Videos) -> None:
        """Called before each epoch; randomness must come from torch's global generator, which checkpoints keep."""

    def partners(self, index: Tensor, generator: torch.Generator) -> Tensor:
        """Rows of a batch and of the videos that each is seen with: int64 [B] to [G, B], `index` first."""
        return index[None]

    def parameter_sets(self) -> list[Iterable[nn.Parameter]]:
        """Parameters by optimizer; the engine makes one optimizer for each set."""
        return [self.parameters()]

    def step(self, batch: Batch, optimizers: list[torch.optim.Optimizer]) -> dict[str, Tensor]:
        """One training step; returns the losses.

        Args:
            optimizers: in the order of `parameter_sets`.
        """
        with self.arithmetic(batch.feats.device):
            terms = self.losses(batch)
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        terms["total"].backward()
        for optimizer in optimizers:
            optimizer.step()
        return terms

    def training_state(self) -> dict[str, Any]:
        """Whatever decides the rest of a training beside weights, optimizers and generators: tensors and plain data."""
        return {}

    def load_training_state(self, state: dict[str, Any]) -> None:
        """Take back what `training_state` gave, after `begin_training`."""

    def facts(self) -> dict[str, Any]:
        """JSON-able facts about the training that go into the model file and from there into the report."""
        return {}

    def arithmetic(self, device: torch.device) -> AbstractContextManager:
        """Context in which losses are computed; see `TrainingConfig.precision`."""
        return torch.autocast(device.type, torch.bfloat16, enabled=self.precision == "bfloat16")
