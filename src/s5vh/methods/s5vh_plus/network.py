"""S5VH-plus: codes that follow the neighbourhoods of temporal summaries. Our own recipe, of no paper.

It keeps what S5VH asks of a code (similar videos get similar codes, learned without labels) and replaces how. No frame
is reconstructed and no views are contrasted. Before training, the training videos are summarised, and their similarity
is diffused along the graph of nearest neighbours. Training makes codes have that similarity.

Glossary

    feats       frame features, [B, T, D]
    x           `summary(feats)`, one vector for a video of any length, [B, P] (`VideoSummary`)
    target      `targets[i]`, unit vectors [N, R] whose inner products are the diffused similarity of training videos,
                with their mean subtracted, so that unrelated videos have similarity 0
    kernel      softmax over the anchors of cos(x, anchor) / temperature, times the anchors' values [A, K], which start
                as ITQ of their targets: a video gets the code of the training videos that it resembles
    network     two hidden layers from x to [B, K], which start from small outputs: what the kernel does not see; as an
                ablation, S5VH's encoder of the frames
    h           tanh(BatchNorm(kernel + network)), real-valued codes [B, K]; the code is their sign

    L = distillation + quantization |(|h| - 1)|^2
    distillation: for each video, the cross-entropy of the softmax over the others of the batch of
    target . target / temperature against that of h . h / (K temperature), as in stochastic neighbour embedding
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.methods.contract import Batch, Shape, TrainedMethod, Videos
from s5vh.methods.itq.hashing import rotate
from s5vh.methods.s5vh_plus.encoder import FrameEncoder
from s5vh.methods.s5vh_plus.settings import Settings
from s5vh.methods.s5vh_plus.similarity import diffusion, extended
from s5vh.methods.s5vh_plus.summary import VideoSummary
from s5vh.nn.hash_layer import sign_straight_through
from s5vh.retrieval.given_order import unit_length

_VALUE_STEP = 10  # the anchors' values and temperature learn so many times faster than the network
_ITQ_ITERATIONS = 50
_FIRST_OUTPUTS = 0.1  # scale of the network part's last layer at the start, small beside the kernel's values


class Kernel(nn.Module):
    """A video's values are those of the anchors that it resembles: [B, P] to [B, K].

    Args:
        count: A, the most anchors; those that are used come first, the other rows are zeros.
    """

    def __init__(self, count: int, size: int, bits: int, temperature: float):
        super().__init__()
        self.register_buffer("anchors", torch.zeros(count, size))
        # Divided by `_VALUE_STEP`, which makes Adam's steps in the products larger by this factor.
        self.values = nn.Parameter(torch.zeros(count, bits))
        self.log_temperature = nn.Parameter(torch.tensor(np.log(temperature) / _VALUE_STEP, dtype=torch.float32))

    def start(self, anchors: Tensor, values: Tensor) -> None:
        """Set the first anchors, [n, P], and their values, [n, K]."""
        self.anchors[: len(anchors)] = F.normalize(anchors, dim=1)
        self.values.data[: len(values)] = values / _VALUE_STEP

    def forward(self, x: Tensor, own: Tensor | None = None) -> Tensor:
        """`own`, int64 [B]: each video's own anchor, which it does not see, or -1."""
        used = int((self.anchors.any(dim=1) * torch.arange(1, len(self.anchors) + 1, device=x.device)).max())
        closeness = F.normalize(x, dim=1) @ self.anchors[:used].t() / (_VALUE_STEP * self.log_temperature).exp()
        if own is not None:
            closeness = closeness.masked_fill(own[:, None] == torch.arange(used, device=x.device), -torch.inf)
        return closeness.softmax(dim=1) @ (_VALUE_STEP * self.values[:used])


def hidden_layers(size: int, width: int, bits: int, dropout: float) -> nn.Sequential:
    """The network part, [B, P] to [B, K]. Without biases, which the batch norm after each layer would subtract."""
    last = nn.Linear(width, bits, bias=False)
    last.weight.data *= _FIRST_OUTPUTS
    return nn.Sequential(
        nn.Linear(size, width, bias=False),
        nn.BatchNorm1d(width),
        nn.GELU(),
        nn.Dropout(dropout),
        nn.Linear(width, width, bias=False),
        nn.BatchNorm1d(width),
        nn.GELU(),
        last,
    )


class S5VHPlus(TrainedMethod):
    """The hash function with its loss; `encode` accepts videos of any length."""

    minimum_batch_size = 3  # two others, or there is nothing to tell apart

    def __init__(self, settings: Settings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__(settings, shape, prepared)
        size, self.target, self.loss_options = settings.model, settings.target, settings.loss
        self.summary = VideoSummary(shape, size)
        self.kernel = (
            Kernel(size.anchors, self.summary.size, shape.bits, size.anchor_temperature) if size.kernel else None
        )
        self.network, self.train_on_frames = None, size.network == "frames"
        if self.train_on_frames:
            self.network = FrameEncoder(shape, size.encoder)
        elif size.network == "summary":
            self.network = hidden_layers(self.summary.size, size.width, shape.bits, size.dropout)
        self.norm = nn.BatchNorm1d(shape.bits, affine=False)

    def values(self, x: Tensor, feats: Tensor, own: Tensor | None = None) -> Tensor:
        """Real-valued codes before tanh, [B, K], of summaries [B, P] and, if the network reads them, frames [B, T, D].

        `own` as for `Kernel`.
        """
        parts = [] if self.kernel is None else [self.kernel(x, own)]
        if self.network is not None:
            parts.append(self.network(feats if self.train_on_frames else x))
        return self.norm(sum(parts))

    def encode(self, feats: Tensor) -> Tensor:
        """Encode videos: [B, T, D] to [B, K] in {-1, +1}."""
        return sign_straight_through(self.values(self.summary(feats), feats))

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """`total`, `distillation` and `quantization`."""
        rows = batch.index[0].to(self.summaries.device)
        x, own = self.summaries[rows], self.own_anchors[rows]
        if self.training and self.loss_options.noise > 0:
            noise = torch.randn(x.shape, generator=batch.generator).to(x)
            x = x + self.loss_options.noise * self.deviations * noise
        values = self.values(x, batch.feats[0] if self.train_on_frames else batch.feats, own)
        with torch.autocast(x.device.type, enabled=False):
            codes = torch.tanh(values.float())
            distillation = neighbour_divergence(codes, self.targets[rows], self.loss_options.temperature)
            quantization = (codes.abs() - 1).square().mean()
        total = distillation + self.loss_options.quantization * quantization
        return {"total": total, "distillation": distillation, "quantization": quantization}

    def begin_training(self, videos: Videos, rows: Tensor) -> None:
        """Summarise all videos, diffuse the similarity of the training videos `rows`, and start from ITQ of it.

        Held-out videos get the targets of the training videos that they resemble.
        """
        generator = torch.Generator().manual_seed(torch.initial_seed())
        seed = int(torch.randint(2**31 - 1, (), generator=generator))
        self.summaries = self.summary.fit(videos, rows, seed)
        self.deviations = self.summaries[rows].std(dim=0, correction=0)
        points = self.summaries.cpu().numpy()
        chosen = points[rows.numpy()]
        if self.target.similarity == "cosine":
            everything = unit_length(points.astype(np.float64))
            vectors = everything[rows.numpy()]
        else:
            options = self.target
            vectors = unit_length(diffusion(chosen, options.neighbours, options.damping, options.eigenvectors))
            everything = np.empty((len(points), vectors.shape[1]))
            everything[rows.numpy()] = vectors
            others = np.setdiff1d(np.arange(len(points)), rows.numpy())
            if len(others):
                everything[others] = unit_length(extended(vectors, chosen, points[others], options.neighbours))
        centered = everything - vectors.mean(axis=0)
        self.targets = torch.from_numpy(unit_length(centered).astype(np.float32)).to(videos.device)
        self.own_anchors = torch.full((len(points),), -1, device=videos.device)
        if self.kernel is not None:
            places = rows[torch.randperm(len(rows), generator=generator)[: len(self.kernel.anchors)].sort().values]
            values = itq_values(vectors - vectors.mean(axis=0), self.shape.bits, seed)
            start = torch.from_numpy(values[np.searchsorted(rows.numpy(), places.numpy())])
            self.kernel.start(self.summaries[places.to(videos.device)], start.to(self.summaries))
            self.own_anchors[places.to(videos.device)] = torch.arange(len(places), device=videos.device)


def itq_values(centered: np.ndarray, bits: int, seed: int) -> np.ndarray:
    """ITQ of centred vectors [N, R] before the sign, float32 [N, K] of variance 1; bits beyond the rank are 0."""
    _, directions = np.linalg.eigh(centered.T @ centered)
    projected = centered @ directions[:, ::-1][:, :bits]
    rotation, _ = rotate(projected, _ITQ_ITERATIONS, np.random.default_rng(seed))
    values = np.zeros((len(centered), bits), np.float32)
    values[:, : projected.shape[1]] = projected @ rotation
    return values / max(values.std(), np.finfo(np.float32).tiny)


def neighbour_divergence(codes: Tensor, targets: Tensor, temperature: float) -> Tensor:
    """Mean cross-entropy of the targets' neighbours in a batch against those of the codes.

    Args:
        codes: real-valued, [B, K] in (-1, 1).
        targets: unit vectors [B, R].
    """
    own = torch.eye(len(codes), dtype=torch.bool, device=codes.device)
    wanted = (targets @ targets.t() / temperature).masked_fill(own, -torch.inf).softmax(dim=1)
    found = (codes @ codes.t() / (codes.shape[1] * temperature)).masked_fill(own, -torch.inf).log_softmax(dim=1)
    return -(wanted * found.masked_fill(own, 0)).sum(dim=1).mean()
