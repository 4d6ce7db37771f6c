"""The training engine: batches, optimizers, schedule, evaluation, early stopping, checkpoints.

It is independent of any particular method; `s5vh.methods.contract` defines the interface.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from s5vh.base.errors import UserError
from s5vh.config.training import HELD_OUT_CRITERION, PUBLISHED_CRITERION, TrainingConfig
from s5vh.methods.contract import Batch, TrainedMethod
from s5vh.training.batches import FeatureSource, batches_of
from s5vh.training.checkpoint import History, load_checkpoint, save_checkpoint
from s5vh.training.device import deterministic_attention, matrix_products
from s5vh.training.optimizers import learning_rate, make_optimizer
from s5vh.training.progress import Progress
from s5vh.training.steps import Steps

Evaluate = Callable[[TrainedMethod], dict[str, float]]
HeldOutMeasures = Callable[[TrainedMethod, int], dict[str, float]]


def train(
    model: TrainedMethod,
    videos: FeatureSource,
    rows: Tensor,
    config: TrainingConfig,
    *,
    seed: int,
    digest: str,
    checkpoint: Path,
    evaluate: Evaluate | None = None,
    held_out: HeldOutMeasures | None = None,
    curve_every: int | None = None,
    checkpoint_seconds: float = 30.0,
    progress: Progress | None = None,
) -> History:
    """Train `model` in place, ending with the selected weights.

    If killed and called again with the same arguments, it resumes from its last checkpoint and ends with the same
    weights as an uninterrupted run. Checkpoints are saved between epochs and contain weights, optimizers, the method's
    own state, random generators, history and the best weights so far.

    Args:
        videos: the full training file.
        rows: training videos, int64 [N], increasing.
        seed: seed of batches, masks and stochastic depth.
        digest: identifies settings and inputs; checkpoints with another digest are ignored.
        checkpoint: file written at most every `checkpoint_seconds`; the caller removes it at the end.
        evaluate: computes retrieval metrics of the model; required if `config.selection` is "published".
        held_out: computes measures on videos outside `rows`, given model and epoch; required if `config.selection` is
            "held_out".
        curve_every: epochs between further calls of `evaluate`, recorded for training curves only: selection and early
            stopping do not see them. None for no such calls.

    Raises:
        UserError: batches are smaller than the method's `minimum_batch_size`, or the loss is no longer finite.
    """
    if config.batch_size < model.minimum_batch_size:
        raise UserError(
            f"training.batch_size is {config.batch_size}, must be at least {model.minimum_batch_size} for this method"
        )
    progress = progress or Progress()
    device = videos.device
    optimizers = [make_optimizer(parameters, config) for parameters in model.parameter_sets()]
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model.begin_training(videos, rows)
    history, best_weights, first_epoch = History(), None, 0
    state = load_checkpoint(checkpoint, digest)
    if state is not None:
        _restore(state, model, optimizers, generator, device)
        history, best_weights, first_epoch = History(**state["history"]), state["best_weights"], state["epoch"]
        progress.line(f"resuming after epoch {first_epoch} of {config.epochs}")
    saved = time.monotonic()
    model.train()
    step = Steps(model, optimizers, device)
    for epoch in range(first_epoch, config.epochs):
        started = time.monotonic()
        model.begin_epoch(epoch, videos)
        with matrix_products(config.precision), deterministic_attention(device):
            steps = _run_epoch(model, step, videos, rows, config, generator, epoch, len(history.steps))
        history.seconds += time.monotonic() - started
        _record_steps(history, steps)
        done = epoch + 1
        stop = False
        if _evaluation_due(config, done, history):
            measures = (evaluate(model) if evaluate else {}) | (held_out(model, epoch) if held_out else {})
            loss = float(np.mean([step["total"] for step in steps]))
            if _record_evaluation(history, config, done, measures, loss) and config.selection != "last":
                best_weights = copy.deepcopy(model.state_dict())
            stop = config.patience is not None and history.evaluations_since_best >= config.patience
        elif evaluate and curve_every and (done % curve_every == 0 or done == config.epochs):
            history.curve.append({"epoch": done, **evaluate(model), "seconds": history.seconds})
        progress.epoch(done, config.epochs, history)
        if stop:
            progress.line(f"stopped after epoch {done}: no improvement in {config.patience} evaluations")
            break
        if done < config.epochs and time.monotonic() - saved >= checkpoint_seconds:
            state = _state(model, optimizers, generator, device)
            record = {"digest": digest, "epoch": done, "history": vars(history), "best_weights": best_weights}
            save_checkpoint(checkpoint, state | record)
            saved = time.monotonic()
    if best_weights is not None:
        model.load_state_dict(best_weights)
    else:
        history.best_epoch = int(history.steps[-1]["epoch"])
    model.eval()
    return history


def _run_epoch(
    model: TrainedMethod,
    step: Steps,
    videos: FeatureSource,
    rows: Tensor,
    config: TrainingConfig,
    generator: torch.Generator,
    epoch: int,
    steps_before: int,
) -> list[dict[str, float]]:
    """Train for one epoch; return one row of `train.csv` per step."""
    order = rows[torch.randperm(len(rows), generator=generator)]
    batches = list(order.split(config.batch_size))
    if len(batches) > 1 and len(batches[-1]) < model.minimum_batch_size:
        batches.pop()
    groups = [model.partners(index, generator) for index in batches]
    names: list[str] = []
    values, rates = [], []
    for index, feats in batches_of(model, videos, groups):
        rates.append(learning_rate(config, epoch, steps_before + len(rates)))
        for optimizer in step.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rates[-1]
        terms = step(Batch(feats, index, epoch, generator))
        names = list(terms)
        values.append(torch.stack([term.detach() for term in terms.values()]))
    # One transfer per epoch, so that logging never stalls the GPU.
    losses = torch.stack(values).tolist()
    return [
        {"epoch": epoch + 1, "step": step, "learning_rate": rate} | dict(zip(names, row, strict=True))
        for step, (rate, row) in enumerate(zip(rates, losses, strict=True), start=steps_before + 1)
    ]


def _evaluation_due(config: TrainingConfig, done: int, history: History) -> bool:
    """Whether to evaluate after `done` epochs; every training has at least one evaluation."""
    if done == config.epochs:
        return config.evaluate_last or not history.evaluations
    return done % config.evaluate_every == 0


def _record_steps(history: History, steps: list[dict[str, float]]) -> None:
    for row in steps:
        if not all(math.isfinite(value) for value in row.values()):
            raise UserError(
                f"training: the loss is not finite at step {row['step']} (epoch {row['epoch']}); "
                "lower training.learning_rate or check the features"
            )
        history.steps.append(row)


def _record_evaluation(
    history: History, config: TrainingConfig, done: int, measures: dict[str, float], loss: float
) -> bool:
    """Record an evaluation and return whether its selection criterion is the best so far."""
    if config.selection == "published":
        criterion = measures[PUBLISHED_CRITERION]
    elif config.selection == "held_out":
        criterion = -measures[HELD_OUT_CRITERION]
    else:
        criterion = -loss
    history.evaluations.append({"epoch": done, **measures, "seconds": history.seconds})
    if criterion > history.best:
        history.best, history.best_epoch, history.evaluations_since_best = criterion, done, 0
        return True
    history.evaluations_since_best += 1
    return False


def _state(
    model: TrainedMethod, optimizers: list[torch.optim.Optimizer], generator: torch.Generator, device: torch.device
) -> dict[str, Any]:
    return {
        "model": model.state_dict(),
        "method": model.training_state(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "generator": generator.get_state(),
        "torch_rng": torch.get_rng_state(),
        "cuda_rng": torch.cuda.get_rng_state(device) if device.type == "cuda" else None,
    }


def _restore(
    state: dict[str, Any],
    model: TrainedMethod,
    optimizers: list[torch.optim.Optimizer],
    generator: torch.Generator,
    device: torch.device,
) -> None:
    model.load_state_dict(state["model"])
    model.load_training_state(state["method"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    generator.set_state(state["generator"])
    torch.set_rng_state(state["torch_rng"])
    if device.type == "cuda":
        torch.cuda.set_rng_state(state["cuda_rng"], device)
