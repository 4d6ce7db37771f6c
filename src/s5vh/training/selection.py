"""Checkpoint selection without test labels: a share of the training videos is held out and monitored instead.

Published numbers are those of the checkpoint with the best mAP@5 on the test queries, which uses test labels.
`selection: held_out` keeps the weights with the lowest training loss on the held-out videos. Measures on them at each
evaluation, all computed without labels:

    held_out_total, held_out_TERM   training loss and its terms, always with the same masks and batches
    held_out_halves                 mean reciprocal rank of the same video when codes of the odd frames are queries
                                    against codes of the even frames
    held_out_neighbours             share of the five nearest videos by cosine similarity of time-averaged features
                                    that are among the five nearest codes

Why the loss: it is what training minimises, every method has it, and overfitting in any of its terms shows. Halves can
be told apart before codes are good for anything else. Neighbours by averaged features contradict the labels where
classes differ in the order of frames. `benchmarks/selection.py` measures how each of them follows the test mAP@5 over
the evaluations of a training, beside the number of the epoch, which follows it as well while scores rise, and what
selecting by the loss costs.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from s5vh.base.errors import UserError
from s5vh.config.training import TrainingConfig
from s5vh.methods.contract import Batch, TrainedMethod
from s5vh.retrieval.agreement import cosine_neighbours, neighbour_precision, reciprocal_rank
from s5vh.training.batches import FeatureSource, batches_of
from s5vh.training.encoding import encode_all

_NEIGHBOURS = 5
_STREAM = 0x5E1EC7  # separates these draws from all others with the same seed


def hold_out(videos: FeatureSource, config: TrainingConfig, *, seed: int, where: str) -> tuple[Tensor, HeldOut | None]:
    """Split the videos into training and held-out videos.

    A separate generator is used, so a share of 0 does not affect training, and all methods with the same seed hold out
    the same videos.

    Args:
        videos: the training file, N videos.
        config: `held_out` is the share.
        seed: seed of the split, and of the held-out masks and batches.
        where: feature file named in error messages.

    Returns:
        Training rows, int64, increasing, and the measures on the held-out rows; None for a share of 0.

    Raises:
        UserError: fewer than two videos on either side.
    """
    count = len(videos)
    if config.held_out == 0:
        return torch.arange(count), None
    held_count = round(config.held_out * count)
    if min(held_count, count - held_count) < 2:
        raise UserError(
            f"{where}: training.held_out {config.held_out:g} of {count} videos holds out {held_count}, leaving "
            f"{count - held_count} for training; choose a share with at least 2 of each"
        )
    rng = np.random.default_rng([_STREAM, seed])
    order = rng.permutation(count)
    held, trained = (torch.from_numpy(np.sort(part)) for part in (order[:held_count], order[held_count:]))
    return trained, HeldOut(videos, held, config.batch_size, rng)


class HeldOut:
    """Measures on held-out videos; calling it with a model and the epoch returns columns of `evals.csv`.

    Args:
        videos: the training file.
        rows: the held-out videos, int64.
        batch_size: maximum batch size of the loss; batches have even sizes, as the contrastive loss depends on them.
        rng: generator of the fixed batches and of the seed of the fixed masks.
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
        """Columns of `evals.csv`, see the module docstring; the model and global generators are left unchanged."""
        device = self._videos.device
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            return self._losses(model, epoch) | self._code_measures(model)

    def _losses(self, model: TrainedMethod, epoch: int) -> dict[str, float]:
        """Training loss and its terms in eval mode, averaged over videos."""
        generator = torch.Generator().manual_seed(self._mask_seed)
        groups = [model.partners(index, generator) for index in self._batches]
        sums: dict[str, Tensor] = {}
        was_training = model.training
        model.eval()
        with torch.inference_mode():
            for index, feats in batches_of(model, self._videos, groups):
                for name, term in model.losses(Batch(feats, index, epoch, generator)).items():
                    sums[name] = sums.get(name, 0) + term.double() * index.shape[1]
        model.train(was_training)
        return {f"held_out_{name}": float(total) / len(self) for name, total in sums.items()}

    def _code_measures(self, model: TrainedMethod) -> dict[str, float]:
        """Agreement of codes between halves, if the model accepts half-length videos, and with feature neighbours."""
        measures = {}
        even = self._videos.shape[1] // 2 * 2
        if even and not model.fixed_length:
            halves = (
                encode_all(model, self._videos, frames=slice(first, even, 2), rows=self._rows) for first in (1, 0)
            )
            measures["held_out_halves"] = reciprocal_rank(*halves)
        codes = encode_all(model, self._videos, rows=self._rows)
        return measures | {"held_out_neighbours": neighbour_precision(codes, self._neighbours)}
