"""The training engine: batches, optimiser, schedule, evaluation, early stopping, checkpoints. Knows no method by name.

A model offers `loss(feats, labels, generator) -> {"total": scalar, term: scalar, ...}` and `encode(feats) -> codes`.
One that is trained with pseudo-labels also says what they are at the start, `first_labels(labels)`, and what becomes of
a batch's, `refined_labels(feats, labels, epoch)`.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from s5vh.config.method import TrainingConfig
from s5vh.errors import UserError
from s5vh.training import HELD_OUT_CRITERION, PUBLISHED_CRITERION
from s5vh.training.batches import FeatureSource
from s5vh.training.checkpoint import load_checkpoint, save_checkpoint
from s5vh.training.device import arithmetic, matrix_products
from s5vh.training.progress import Progress

Evaluate = Callable[[nn.Module], dict[str, float]]


@dataclass
class History:
    """What happened: one row a step, one row an evaluation, and the epoch whose weights were kept."""

    steps: list[dict[str, float]] = field(default_factory=list)
    evaluations: list[dict[str, float]] = field(default_factory=list)
    best: float = -math.inf
    best_epoch: int = 0
    waited: int = 0  # evaluations since the best one
    seconds: float = 0.0


def train(
    model: nn.Module,
    source: FeatureSource,
    labels: Tensor | None,
    config: TrainingConfig,
    *,
    seed: int,
    digest: str,
    checkpoint: Path,
    evaluate: Evaluate | None = None,
    held_out: Evaluate | None = None,
    checkpoint_seconds: float = 30.0,
    progress: Progress | None = None,
) -> History:
    """Train `model` in place and leave the selected weights in it.

    Killed at any moment and called again with the same arguments, it continues from its last checkpoint and ends with
    the weights of an uninterrupted run: a checkpoint is taken between epochs and holds weights, optimiser, random
    generators, history and the best weights so far.

    Args:
        labels: pseudo-labels of the videos, int64 [N], or None for a model that uses none.
        seed: seeds batches, masks and stochastic depth.
        digest: identifies settings and inputs; a checkpoint with another digest is not used.
        checkpoint: file that is written at most every `checkpoint_seconds` and removed by the caller at the end.
        evaluate: retrieval metrics of the current weights; needed when `config.selection` is "published".
        held_out: measures on videos outside `source`, without labels (see `s5vh.training.selection`); needed when
            `config.selection` is "held_out".

    Raises:
        UserError: the loss is no longer finite.
    """
    progress = progress or Progress()
    device = source.device
    optimizer = torch.optim.AdamW(
        model.parameters(),
        lr=config.learning_rate,
        betas=config.betas,
        weight_decay=config.weight_decay,
        fused=True,
    )
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    if labels is not None:
        labels = model.first_labels(labels).to(device)
    history, best_weights, first_epoch = History(), None, 0
    state = load_checkpoint(checkpoint, digest)
    if state is not None:
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        generator.set_state(state["generator"])
        torch.set_rng_state(state["torch_rng"])
        if device.type == "cuda":
            torch.cuda.set_rng_state(state["cuda_rng"], device)
        history, best_weights, first_epoch = (
            History(**state["history"]),
            state["best_weights"],
            state["epoch"],
        )
        if labels is not None:
            labels = state["labels"].to(device)
        progress.line(f"continuing after epoch {first_epoch} of {config.epochs}")
    started = time.monotonic() - history.seconds
    saved = time.monotonic()
    model.train()
    for epoch in range(first_epoch, config.epochs):
        rate = cosine_rate(epoch, config)
        for group in optimizer.param_groups:
            group["lr"] = rate
        with matrix_products(config.precision):
            losses = _run_epoch(model, source, labels, config, optimizer, generator, epoch)
        _record_steps(history, losses, epoch, rate)
        history.seconds = time.monotonic() - started
        done = epoch + 1
        stop = False
        if done % config.evaluate_every == 0 or done == config.epochs:
            improved = _evaluate(model, history, config, done, evaluate, held_out, len(losses))
            if improved and config.selection != "last":
                best_weights = copy.deepcopy(model.state_dict())
            stop = config.patience is not None and history.waited >= config.patience
        progress.epoch(done, config.epochs, history)
        if stop:
            progress.line(f"stopped after epoch {done}: no better criterion in {config.patience} evaluations")
            break
        if done < config.epochs and time.monotonic() - saved >= checkpoint_seconds:
            state = {
                "digest": digest,
                "epoch": done,
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "generator": generator.get_state(),
                "torch_rng": torch.get_rng_state(),
                "cuda_rng": torch.cuda.get_rng_state(device) if device.type == "cuda" else None,
                "history": vars(history),
                "best_weights": best_weights,
                "labels": labels,
            }
            save_checkpoint(checkpoint, state)
            saved = time.monotonic()
    if best_weights is not None:
        model.load_state_dict(best_weights)
    else:
        history.best_epoch = int(history.steps[-1]["epoch"])
    model.eval()
    return history


def cosine_rate(epoch: int, config: TrainingConfig) -> float:
    """Learning rate of an epoch (counted from 0): cosine from `learning_rate` to `minimum_learning_rate`."""
    span = config.learning_rate - config.minimum_learning_rate
    return config.minimum_learning_rate + span * (1 + math.cos(math.pi * epoch / config.epochs)) / 2


def _run_epoch(
    model: nn.Module,
    source: FeatureSource,
    labels: Tensor | None,
    config: TrainingConfig,
    optimizer: torch.optim.Optimizer,
    generator: torch.Generator,
    epoch: int,
) -> list[dict[str, float]]:
    """One pass over the videos; pseudo-labels that the model refines are replaced in `labels`."""
    order = torch.randperm(len(source), generator=generator)
    batches = list(order.split(config.batch_size))
    if len(batches) > 1 and len(batches[-1]) == 1:
        batches.pop()  # a single video has nothing to be contrasted with
    names: list[str] = []
    values = []
    for index, feats in source.batches(batches):
        with arithmetic(config.precision, source.device):
            targets = None
            if labels is not None:
                places = index.to(source.device)
                targets = labels[places] = model.refined_labels(feats, labels[places], epoch)
            terms = model.loss(feats, targets, generator)
        optimizer.zero_grad(set_to_none=True)
        terms["total"].backward()
        optimizer.step()
        names = list(terms)
        values.append(torch.stack([term.detach() for term in terms.values()]))
    # One transfer an epoch, so that a GPU never waits for the log.
    return [dict(zip(names, row, strict=True)) for row in torch.stack(values).tolist()]


def _record_steps(history: History, losses: list[dict[str, float]], epoch: int, rate: float) -> None:
    for terms in losses:
        step = len(history.steps) + 1
        if not all(math.isfinite(value) for value in terms.values()):
            raise UserError(
                f"training: the loss is not finite at step {step} (epoch {epoch + 1}); "
                "lower training.learning_rate or check the features"
            )
        history.steps.append({"epoch": epoch + 1, "step": step, "learning_rate": rate} | terms)


def _evaluate(
    model: nn.Module,
    history: History,
    config: TrainingConfig,
    done: int,
    evaluate: Evaluate | None,
    held_out: Evaluate | None,
    steps: int,
) -> bool:
    """Record an evaluation; return whether the selection criterion is the best so far."""
    row: dict[str, Any] = {"epoch": done}
    if evaluate is not None:
        row |= evaluate(model)
    if held_out is not None:
        row |= held_out(model)
    if config.selection == "published":
        criterion = row[PUBLISHED_CRITERION]
    elif config.selection == "held_out":
        criterion = -row[HELD_OUT_CRITERION]
    else:
        criterion = -float(np.mean([step["total"] for step in history.steps[-steps:]]))
    row["seconds"] = history.seconds
    history.evaluations.append(row)
    improved = criterion > history.best
    if improved:
        history.best, history.best_epoch, history.waited = criterion, done, 0
    else:
        history.waited += 1
    return improved
