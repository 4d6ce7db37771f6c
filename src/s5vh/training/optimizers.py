"""Optimizers and learning-rate schedules selected by `TrainingConfig`."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import nn

from s5vh.config.training import TrainingConfig


def make_optimizer(parameters: Iterable[nn.Parameter], config: TrainingConfig) -> torch.optim.Optimizer:
    """Create the optimizer for a set of parameters."""
    rate, decay = config.learning_rate, config.weight_decay
    if config.optimizer == "adamw":
        return torch.optim.AdamW(parameters, lr=rate, betas=config.betas, weight_decay=decay, fused=True)
    if config.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=rate, betas=config.betas, weight_decay=decay, fused=True)
    return ClippedMomentum(parameters, rate, config.momentum, decay, config.largest_update)


def learning_rate(config: TrainingConfig, epoch: int, step: int) -> float:
    """Learning rate of a step.

    Args:
        epoch, step: counted from 0 over the whole training run.
    """
    if config.schedule == "cosine":
        span = config.learning_rate - config.minimum_learning_rate
        return config.minimum_learning_rate + span * (1 + math.cos(math.pi * epoch / config.epochs)) / 2
    factors = epoch // config.decay_every if config.schedule == "step" else step / config.decay_every
    return max(config.learning_rate * config.decay**factors, config.minimum_learning_rate)


class ClippedMomentum(torch.optim.Optimizer):
    """SGD with momentum whose velocity (the update itself) can be clipped elementwise.

        v <- clip(momentum v - lr (gradient + weight_decay w), -largest, largest),   w <- w + v

    The learning rate is part of the velocity, as in Sutskever et al. (ICML 2013, equation 1); torch's SGD
    multiplies by it afterwards, so its velocity is not the update.

    Args:
        largest: maximum magnitude of an update; None: no clipping.
    """

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        lr: float,
        momentum: float = 0.9,
        weight_decay: float = 0.0,
        largest: float | None = None,
    ):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "largest": largest})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                velocity = self.state[weight].setdefault("velocity", torch.zeros_like(weight))
                gradient = weight.grad.add(weight, alpha=group["weight_decay"])
                velocity.mul_(group["momentum"]).add_(gradient, alpha=-group["lr"])
                if group["largest"] is not None:
                    velocity.clamp_(-group["largest"], group["largest"])
                weight.add_(velocity)
