"""BerVAE: uncertainty-aware unsupervised video hashing with a Bernoulli variational auto-encoder (AISTATS 2023).

The defaults are the recipe of the authors' code with its plain bugs mended; config/departures/bervae.yaml lists them.

Glossary (symbol -> name here)

    F                 feats                 frame features, [1, B, T, D]; the encoder sees them corrupted
    t                 code_logits(.)        mean over frames of Linear(encoder(F)), [B, K]
    p                 probabilities         sigmoid(t): probability that a bit is +1
    b                 codes                 random code, bit k is +1 with probability p_k, [B, K] in {-1, +1}
    F^                decoder(b)            frame n is w_n A b + d, [B, T, D]; see `decoder.py`
    l(b)              error.of(b)           share of each video in the mean squared error, for any code
    L_rec             reconstruction        mean squared error of F^, over frames and dimensions
    L_KL              divergence            Kullback-Leibler divergence of p from 1/2 in nats, mean over bits
    L                 total                 L_rec + 0.1 L_KL
    code of a video   encode(.)             its most probable code, sign(t)
    uncertainty       entropy(.)            sum of the entropies of its bits in nats

The decoder learns from L_rec of one random code per video. The encoder learns from L_KL and from an estimate of the
gradient of E[l(b)] at t, for the decoder before its step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

import torch
from torch import Tensor, nn

from s5vh.methods.bervae.decoder import SeparableDecoder
from s5vh.methods.bervae.settings import Settings
from s5vh.methods.contract import Batch, Shape, TrainedMethod, Videos
from s5vh.nn.bert import BertEncoder
from s5vh.nn.corruption import FrameCorruption
from s5vh.nn.hash_layer import sign_straight_through

DIVERGENCE_EPS = 1e-8  # added within the logarithms


class BerVAE(TrainedMethod):
    """The network with its losses; `encode` also accepts lengths other than T.

    Args: as for `TrainedMethod`; `prepared` is unused.
    """

    def __init__(self, settings: Settings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__(settings, shape, prepared)
        size, self.loss_options, self.training_options = settings.model, settings.loss, settings.training
        self.encoder = BertEncoder(
            shape.frames, shape.feature_size, width=size.width, hidden=size.hidden, dropout=size.dropout
        )
        self.hash = nn.Linear(size.width, shape.bits)
        self.decoder = SeparableDecoder(shape.bits, shape.frames, shape.feature_size)

    def code_logits(self, embeddings: Tensor) -> Tensor:
        """t [..., K] of embeddings [..., T, width]; the mean of a linear map is that of the mean."""
        return self.hash(embeddings.mean(dim=-2))

    def encode(self, feats: Tensor) -> Tensor:
        """Encode uncorrupted videos: [B, T, D] to [B, K] in {-1, +1}."""
        return sign_straight_through(self.code_logits(self.encoder(feats)))

    def entropy(self, feats: Tensor) -> Tensor:
        """Uncertainty of uncorrupted videos, between 0 and K ln 2: [B, T, D] to [B]."""
        logits = self.code_logits(self.encoder(feats))
        log_odds = torch.stack([logits, -logits])
        return -(log_odds.sigmoid() * nn.functional.logsigmoid(log_odds)).sum(dim=(0, -1))

    def begin_training(self, videos: Videos, rows: Tensor) -> None:
        options = self.training_options
        self.corruption = FrameCorruption(videos, rows, rate=options.corruption, workers=options.loader_processes)

    def begin_epoch(self, epoch: int, videos: Videos) -> None:
        self.corruption.begin_epoch()

    def parameter_sets(self) -> list[Iterable[nn.Parameter]]:
        """Those of the encoder, then those of the decoder."""
        return [chain(self.encoder.parameters(), self.hash.parameters()), self.decoder.parameters()]

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """`total`, `reconstruction` and `divergence`."""
        feats = batch.feats
        corrupted = self.corruption.read(batch.index, batch.generator, keep_edits=self.training)
        if self.loss_options.target == "corrupted":
            feats = corrupted.of(feats)
            embeddings = self.encoder(feats)
        else:
            embeddings = self.encoder(feats, corrupted)
        logits = self.code_logits(embeddings)[0]
        with torch.autocast(feats.device.type, enabled=False):  # keep codes and their losses out of half precision
            return self.loss(logits.to(feats.dtype), feats[0], batch.epoch, batch.generator)

    def loss(self, logits: Tensor, feats: Tensor, epoch: int, generator: torch.Generator) -> dict[str, Tensor]:
        """Losses of logits [B, K] as codes of feats [B, T, D]; the gradient at the logits is that of the estimator."""
        options = self.loss_options

        def uniform(*sizes: int) -> Tensor:
            return torch.rand(*sizes, *logits.shape, generator=generator).to(logits)

        probabilities = logits.sigmoid()
        codes = 2 * (uniform() < probabilities).to(logits) - 1
        estimator = "straight_through" if epoch < options.straight_through_epochs else options.estimator
        if estimator == "straight_through":
            codes = codes + 2 * (probabilities - probabilities.detach())  # identity to 2 p - 1, the mean of a bit
        error = self.decoder.error(feats)
        reconstruction, divergence = error.of(codes).sum(), divergence_from_fair(probabilities)
        total = reconstruction + options.divergence * divergence
        if estimator != "straight_through" and logits.requires_grad:
            noise = None if estimator == "closed_form" else uniform(options.draws)
            slope = (logits * error.gradient(logits, estimator, noise)).sum()
            total = total + (slope - slope.detach())  # a gradient without a value
        return {"total": total, "reconstruction": reconstruction, "divergence": divergence}


def divergence_from_fair(probabilities: Tensor) -> Tensor:
    """Kullback-Leibler divergence of bits from a fair coin in nats, a mean over all bits; between 0 and ln 2."""
    sides = torch.stack([probabilities, 1 - probabilities])
    return (sides * (2 * sides + DIVERGENCE_EPS).log()).sum(0).mean()
