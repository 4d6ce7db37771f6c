"""Checkpoint selection without test labels: a share of the training videos is never trained on and watched instead.

Published numbers are those of the checkpoint with the best mAP@5 on the test queries, which looks at the test labels.
`selection: held_out` keeps the weights with the lowest training loss on the held-out videos. What is measured on them
at each evaluation, none of it with labels:

    held_out_total, held_out_TERM   the training loss and its terms, every time with the same masks and batches
    held_out_halves                 codes of the odd frames search codes of the even frames: mean reciprocal rank of
                                    the same video
    held_out_neighbours             share of the five nearest videos by the cosine of time-averaged features that are
                                    among the five nearest codes

Why the loss. In seven trainings (two of the demo, five on small feature sets of real videos; 32 bits, 12 to 120 epochs,
61 to 240 videos held out) the rank correlation of a measure with the test mAP@5 of the same evaluation was, from the
lowest to the highest and on average,

    held_out_total            0.72 to 0.97, 0.84
    held_out_reconstruction   0.71 to 0.99, 0.87
    held_out_halves           0.22 to 0.94, 0.58
    held_out_neighbours      -0.61 to 0.87, 0.39
    loss of the training      0.68 to 0.99, 0.86

Reconstruction alone is as good, but not every method has it, and it would not notice a training that overfits in its
other terms. Halves are told apart long before the codes are good. Neighbours in the averaged features can go against
the labels, in the demo because averaging loses the order of frames. The lowest held-out loss gave up 0.001 to 0.017 of
the best test mAP@5, the last epoch 0 to 0.017: these trainings hardly overfit, so they do not show what is to be saved.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from s5vh.base.errors import UserError
from s5vh.config.training import TrainingConfig
from s5vh.methods.contract import Batch, TrainedMethod
from s5vh.retrieval.agreement import cosine_neighbours, neighbour_precision, reciprocal_rank
from s5vh.training.batches import FeatureSource
from s5vh.training.encoding import encode_all

_NEIGHBOURS = 5
_STREAM = 0x5E1EC7  # keeps these draws apart from all others of the same seed


def hold_out(videos: FeatureSource, config: TrainingConfig, *, seed: int, where: str) -> tuple[Tensor, HeldOut | None]:
    """Choose the videos that are trained on, and hold out the others.

    The draws have a generator of their own: with a share of 0 nothing is drawn and training is as if this were not
    here, and methods with the same seed hold out the same videos.

    Args:
        videos: the training file, N videos.
        config: `held_out` is the share.
        seed: decides which videos, and their masks and batches.
        where: the feature file, for the message of an error.

    Returns:
        Rows to train on, int64, increasing, and the measures on the others; None with a share of 0.

    Raises:
        UserError: fewer than two videos on either side.
    """
    count = len(videos)
    if config.held_out == 0:
        return torch.arange(count), None
    aside = round(config.held_out * count)
    if min(aside, count - aside) < 2:
        raise UserError(
            f"{where}: training.held_out {config.held_out:g} of {count} videos holds {aside} out and leaves "
            f"{count - aside} to train on; choose a share that gives both at least 2"
        )
    rng = np.random.default_rng([_STREAM, seed])
    order = rng.permutation(count)
    held, trained = (torch.from_numpy(np.sort(part)) for part in (order[:aside], order[aside:]))
    return trained, HeldOut(videos, held, config.batch_size, rng)


class HeldOut:
    """Measures on videos that are not trained on; calling it with a model and the epoch gives a row's columns.

    Args:
        videos: the training file.
        rows: the held-out videos, int64.
        batch_size: largest batch of the loss; the videos are dealt out evenly, because the contrast depends on it.
        rng: source of the fixed batches and of the seed of the fixed masks.
    """

    def __init__(self, videos: FeatureSource, rows: Tensor, batch_size: int, rng: np.random.Generator):
        self._videos, self._rows = videos, rows
        order = rows[torch.from_numpy(rng.permutation(len(rows)))]
        self._batches = order.tensor_split(-(-len(rows) // batch_size))
        self._mask_seed = int(rng.integers(2**62))
        means = np.concatenate([feats.mean(dim=1).cpu().numpy() for feats in videos.in_order(256, rows)])
        self._neighbours = cosine_neighbours(means, min(_NEIGHBOURS, len(rows) - 1))

    def __len__(self) -> int:
        return len(self._rows)

    def __call__(self, model: TrainedMethod, epoch: int) -> dict[str, float]:
        """Columns of `evals.csv`, see the top of this file; the model and the global generators stay as they are."""
        device = self._videos.device
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            return self._losses(model, epoch) | self._code_measures(model)

    def _losses(self, model: TrainedMethod, epoch: int) -> dict[str, float]:
        """Mean over the videos of the training loss and its terms, in evaluation mode."""
        generator = torch.Generator().manual_seed(self._mask_seed)
        groups = [model.partners(index, generator) for index in self._batches]
        sums: dict[str, Tensor] = {}
        was_training = model.training
        model.eval()
        with torch.inference_mode():
            for index, feats in self._videos.batches(groups):
                for name, term in model.losses(Batch(feats, index, epoch, generator)).items():
                    sums[name] = sums.get(name, 0) + term.double() * index.shape[1]
        model.train(was_training)
        return {f"held_out_{name}": float(total) / len(self) for name, total in sums.items()}

    def _code_measures(self, model: TrainedMethod) -> dict[str, float]:
        """Agreement of the codes of both halves, where videos have two that the model takes, and with neighbours of
        the features."""
        measures = {}
        even = self._videos.shape[1] // 2 * 2
        if even and not model.fixed_length:
            halves = (
                encode_all(model, self._videos, frames=slice(first, even, 2), rows=self._rows) for first in (1, 0)
            )
            measures["held_out_halves"] = reciprocal_rank(*halves)
        codes = encode_all(model, self._videos, rows=self._rows)
        return measures | {"held_out_neighbours": neighbour_precision(codes, self._neighbours)}
