"""The smallest methods that the engine trains, for the tests of the engine."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from s5vh.config.training import TrainingConfig
from s5vh.methods.contract import Shape, TrainedMethod
from s5vh.methods.settings import TrainedSettings
from s5vh.training.batches import FeatureSource
from s5vh.training.engine import train

CPU = torch.device("cpu")
SETTINGS = TrainedSettings(title="Toy", implementation="toy")
VIDEOS, SHAPE = 23, Shape(frames=5, feature_size=4, bits=3)


class Toy(TrainedMethod):
    """The least that the engine asks for: one linear layer, with dropout so that the generators matter."""

    def __init__(self):
        super().__init__(SETTINGS, SHAPE, {})
        torch.manual_seed(0)
        self.linear = nn.Linear(SHAPE.feature_size, SHAPE.bits)
        self.dropout = nn.Dropout(0.5)

    def encode(self, feats):
        return torch.where(self.linear(feats.mean(1)) >= 0, 1.0, -1.0)

    def losses(self, batch):
        noise = torch.rand(batch.feats[0].shape, generator=batch.generator)
        error = (self.dropout(self.linear((batch.feats[0] * noise).mean(1))) - 1).square().mean()
        return {"total": error, "error": error}


class Labelled(Toy):
    """Its soft pseudo-labels move at every visit, and it learns from them."""

    def begin_training(self, videos, rows):
        self.labels = nn.functional.one_hot(torch.arange(len(videos)) % 3, 3).float()

    def losses(self, batch):
        means, places = batch.feats[0].mean(1), batch.index[0]
        if batch.epoch >= 2:
            self.labels[places] = 0.5 * self.labels[places] + 0.5 * self.linear(means).softmax(1).detach()
        terms = super().losses(batch)
        labels = self.labels[places]
        total = terms["total"] + (self.linear(means) - labels).square().mean()
        return terms | {"total": total, "labels": labels.sum(0)[0]}

    def training_state(self):
        return {"labels": self.labels}

    def load_training_state(self, state):
        self.labels = state["labels"]


class Killed(Exception):
    pass


class Watch:
    """Progress that remembers its lines, and kills the run after so many epochs, before it can save the last one."""

    def __init__(self, killed_at: int | None = None):
        self.killed_at, self.lines = killed_at, []

    def line(self, text):
        self.lines.append(text)

    def epoch(self, done, total, history):
        if done == self.killed_at:
            raise Killed


def features(videos: int = VIDEOS) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((videos, *SHAPE[:2])).astype(np.float32)


def source(videos: int = VIDEOS, **options) -> FeatureSource:
    return FeatureSource(features(videos), CPU, **options)


def config(**changes) -> TrainingConfig:
    return TrainingConfig(**({"epochs": 6, "batch_size": 8, "selection": "last", "patience": None} | changes))


def run(folder, settings, model=None, *, videos=None, rows=None, **options):
    """Train on all videos, or on `rows`; returns the model and what happened."""
    model, videos = model or Labelled(), videos or source()
    rows = torch.arange(len(videos)) if rows is None else rows
    arguments = {"seed": 1, "digest": "d", "checkpoint": folder / "checkpoint.pt"} | options
    return model, train(model, videos, rows, settings, **arguments)


def resumed(folder, settings, make, *, at, **options):
    """As `run`, but killed when `at` epochs were saved and one more was not, and then run again with a new model."""
    with pytest.raises(Killed):
        run(folder, settings, make(), checkpoint_seconds=0, progress=Watch(at + 1), **options)
    watch = Watch()
    result = run(folder, settings, make(), checkpoint_seconds=0, progress=watch, **options)
    assert watch.lines == [f"resuming after epoch {at} of {settings.epochs}"]
    return result


def weights(model) -> torch.Tensor:
    return torch.cat([value.flatten() for value in model.state_dict().values()])


def untimed(rows):
    """Rows of evaluations without the time they took."""
    return [{**row, "seconds": 0} for row in rows]
