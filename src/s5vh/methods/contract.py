"""The interface that a trained method implements. The engine calls it and is independent of any particular method.

Dimensions in this file: G videos per group (1 unless a method uses partners), B batch size, T frames, D feature
dimension, K bits, N training videos.
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

from s5vh.base.processor import has_bfloat16_products
from s5vh.methods.settings import TrainedSettings


class Shape(NamedTuple):
    """T, D and K."""

    frames: int
    feature_size: int
    bits: int


@dataclass(frozen=True)
class Batch:
    """Input of a training step.

    Attributes:
        feats: float32 [G, B, T, D]; G = 1, or each video followed by its partners. Empty if the method does not
            `train_on_frames`.
        index: int64 [G, B] on the CPU, row numbers in the full training file, including held-out rows.
        epoch: counted from 0.
        generator: CPU generator for masks, corruption and noise.
    """

    feats: Tensor
    index: Tensor
    epoch: int
    generator: torch.Generator


class Videos(Protocol):
    """The training file, for methods that need more than one batch of it."""

    shape: tuple[int, int, int]
    device: torch.device

    def __len__(self) -> int:
        """Number of videos, N."""

    def batches(self, indices: Iterable[Tensor]) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield (index, feats) for each index tensor of any shape [...]; feats is float32 [..., T, D] on the device."""

    def in_order(self, batch_size: int, rows: Tensor | None = None) -> Iterator[Tensor]:
        """Yield the given rows (default: all) in order, in batches float32 [<=batch_size, T, D]."""

    def frames(self, video: Tensor, frame: Tensor) -> Tensor:
        """Single frames, float32 [n, D] on the device: frame `frame[k]` of video `video[k]`, both int64 [n]."""


class TrainedMethod(nn.Module, ABC):
    """A network with its losses.

    Args:
        settings: instance of the method's `Settings` class.
        shape: T, D and K.
        prepared: files requested by `Settings.requires`, by name. Empty when a trained network is restored for
            encoding, so all modules with parameters must be built from settings and shape alone.
    """

    train_on_frames: bool = True  # False: losses read what `begin_training` kept, so batches have no features
    minimum_batch_size: ClassVar[int] = 1  # a smaller `batch_size` is refused, a smaller last batch of an epoch dropped

    def __init__(self, settings: TrainedSettings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__()
        self.shape = shape
        self.fixed_length = settings.fixed_length  # whether the network only accepts videos of T frames
        self.precision = settings.training.precision

    @abstractmethod
    def encode(self, feats: Tensor) -> Tensor:
        """Encode unmasked videos: float32 [B, T, D] to [B, K] in {-1, +1}, each video independently of the others."""

    @abstractmethod
    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """Scalar losses by name: `total`, which is minimized, and its terms."""

    def inputs(self, batch: Batch) -> tuple[Tensor, ...] | None:
        """All that a step's losses depend on besides weights and buffers, on the device: features, masks, targets.

        Optional, for methods that separate what is drawn or looked up on the CPU from what the GPU computes: with it,
        steps are replayed from a CUDA graph (`s5vh.training.steps`). `losses(batch)` must then be
        `losses_from(*self.inputs(batch))`, the same computation in every step, without waiting for the GPU, and `step`
        must be the one here, which is not called. None, the default: steps are run kernel by kernel.
        """
        return None

    def losses_from(self, *inputs: Tensor) -> dict[str, Tensor]:
        """`losses` of a batch with these `inputs`."""
        raise NotImplementedError

    def begin_training(self, videos: Videos, rows: Tensor) -> None:
        """Called once, before loading a checkpoint. `rows` are the training rows, int64 [<=N]; the rest is held out."""

    def begin_epoch(self, epoch: int, videos: Videos) -> None:
        """Called before each epoch; use torch's global generator for randomness, as checkpoints save its state."""

    def partners(self, index: Tensor, generator: torch.Generator) -> Tensor:
        """Rows of a batch together with each video's partners: int64 [B] to [G, B], `index` first."""
        return index[None]

    def parameter_sets(self) -> list[Iterable[nn.Parameter]]:
        """Sets of parameters; the engine creates one optimizer per set."""
        return [self.parameters()]

    def step(self, batch: Batch, optimizers: list[torch.optim.Optimizer]) -> dict[str, Tensor]:
        """Perform one training step and return the losses.

        Args:
            optimizers: one per parameter set, in the order of `parameter_sets`.
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
        """State to checkpoint besides weights, optimizers and generators: tensors and plain data."""
        return {}

    def load_training_state(self, state: dict[str, Any]) -> None:
        """Restore `training_state`; called after `begin_training`."""

    def facts(self) -> dict[str, Any]:
        """JSON-serializable facts about the training, stored in the model file and shown in the report."""
        return {}

    def arithmetic(self, device: torch.device) -> AbstractContextManager:
        """Context manager for computing losses; see `TrainingConfig.precision`."""
        return arithmetic(device, self.precision)


def arithmetic(device: torch.device, precision: str) -> AbstractContextManager:
    """Context manager for a network's computations on a device: mixed precision if `available` says "bfloat16"."""
    return torch.autocast(device.type, torch.bfloat16, enabled=available(precision, device.type) == "bfloat16")


def available(precision: str, device_type: str) -> str:
    """The precision that a device computes in if asked for `precision`: float32 on CPUs without bfloat16."""
    lacking = precision == "bfloat16" and device_type == "cpu" and not has_bfloat16_products()
    return "float32" if lacking else precision
