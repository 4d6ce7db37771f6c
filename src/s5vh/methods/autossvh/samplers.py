"""Samplers that choose the visible frames of two views of a video from the embeddings of all its frames.

B videos, T frames, V of them visible in a view and M = T - V hidden, H heads. Every sampler returns a `Choice`. Random
views are drawn by `s5vh.nn.masks.two_views`, without embeddings.

A choice is no function with a gradient. Visible frames are therefore multiplied by a gate that is exactly 1 and passes
its gradient on to the probabilities that the choice was made from (straight-through).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from s5vh.methods.autossvh.settings import Sampler
from s5vh.nn.attention import TransformerBlock, TransformerStack

_EPSILON = 1e-20  # keeps both logarithms of Gumbel noise finite


@dataclass(frozen=True)
class Choice:
    """Frames of two views.

    Attributes:
        visible, hidden: frame indices in temporal order, int64 [2, B, V] and [2, B, M].
        gate: factors of the visible frames, [2, B, V], equal to 1; None without a gradient to the sampler.
        log_probabilities: [B, T], for `adamae` only.
    """

    visible: Tensor
    hidden: Tensor
    gate: Tensor | None = None
    log_probabilities: Tensor | None = None


class _HardMask(torch.autograd.Function):
    @staticmethod
    def forward(ctx, probabilities, mask):
        return mask.to(probabilities.dtype)

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


class _ScaleGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        return x.view_as(x)

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.factor, None


def scale_gradient(x: Tensor, factor: float) -> Tensor:
    """Identity whose gradient is multiplied by `factor`; -1 is the gradient reversal layer."""
    return _ScaleGradient.apply(x, factor)


def gumbel_noise(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Samples -log(-log u) of the standard Gumbel distribution, on the CPU."""
    uniform = torch.rand(shape, generator=generator)
    return -torch.log(-torch.log(uniform + _EPSILON) + _EPSILON)


def top_k_mask(values: Tensor, count: int) -> Tensor:
    """Whether a value is among the `count` largest of its row, [..., T]; of equal values, earlier frames come first."""
    order = values.sort(dim=-1, descending=True, stable=True).indices
    mask = torch.zeros_like(values, dtype=torch.bool)
    return mask.scatter(-1, order[..., :count], True)


def hard_mask(probabilities: Tensor, mask: Tensor) -> Tensor:
    """The mask as numbers 0 and 1, with the gradient of the probabilities (straight-through)."""
    return _HardMask.apply(probabilities, mask)


def frames_of(mask: Tensor, count: int) -> Tensor:
    """Indices of the `count` frames per row that a mask [..., T] marks, in temporal order, int64 [..., count]."""
    return mask.sort(dim=-1, descending=True, stable=True).indices[..., :count]


class GradeNet(nn.Module):
    """Scores of frames, each on its own: sigmoid(W3 (x + LN(W2 GELU(W1 x)))), [..., width] to [...] in (0, 1)."""

    def __init__(self, width: int):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))
        self.norm = nn.LayerNorm(width)
        self.score = nn.Linear(width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.score(x + self.norm(self.mlp(x)))[..., 0])


class ScoreSampler(nn.Module, ABC):
    """Frames with the highest noisy scores, dropped or kept: Grade-Net with gradient reversal, or AttMask-like.

    Every view adds Gumbel noise of its own to the scores of a video: z = s + noise g. The top frames by z are chosen;
    the gradient is that of softmax(z / temperature).
    """

    def __init__(self, settings: Sampler):
        super().__init__()
        self.settings = settings

    @abstractmethod
    def scores(self, embeddings: Tensor, encoder: TransformerStack) -> Tensor:
        """[B, T, width] to [B, T] in [0, 1]."""

    def forward(
        self, embeddings: Tensor, encoder: TransformerStack, visible: int, generator: torch.Generator
    ) -> Choice:
        """Choose frames; embeddings have positions and no gradient, so only the sampler learns from the gate."""
        scores, options = self.scores(embeddings, encoder), self.settings
        noise = gumbel_noise((2, *scores.shape), generator).to(scores.device)
        noisy = scores + options.noise * noise
        frames = scores.shape[-1]
        dropped = options.top == "dropped"
        top = top_k_mask(noisy, frames - visible if dropped else visible)
        seen = ~top if dropped else top
        index = frames_of(seen, visible)
        gate = None
        if scores.requires_grad:
            chosen = hard_mask((noisy / options.temperature).softmax(dim=-1), top)
            gate = scale_gradient((1 - chosen if dropped else chosen).gather(-1, index), options.gradient_factor)
        return Choice(index, frames_of(~seen, frames - visible), gate)


class GradeSampler(ScoreSampler):
    """AutoSSVH's own sampler: scores of Grade-Net."""

    def __init__(self, width: int, settings: Sampler):
        super().__init__(settings)
        self.grade_net = GradeNet(width)

    def scores(self, embeddings: Tensor, encoder: TransformerStack) -> Tensor:
        return self.grade_net(embeddings)


class AttMaskLike(ScoreSampler):
    """After AttMask (Kakogeorgiou et al., ECCV 2022), which hides the tokens that a teacher attends to most.

    The score of a frame is the attention that it receives in the encoder's last block, averaged over heads and queries
    and scaled to [0, 1] within the video. Unlike AttMask, which takes the attention of a class token of a momentum
    teacher, there is neither: the encoder itself scores, and noise makes the two views differ. Nothing is learned.
    """

    @torch.no_grad()
    def scores(self, embeddings: Tensor, encoder: TransformerStack) -> Tensor:
        *before, final = encoder.blocks
        x = embeddings
        for block in before:
            x = block(x)
        received = final.attention.weights(final.attention_norm(x)).mean(dim=(1, 2))
        low, high = received.amin(-1, keepdim=True), received.amax(-1, keepdim=True)
        return (received - low) / (high - low).clamp(min=torch.finfo(received.dtype).eps)


class ContextScores(nn.Module):
    """Scores of frames that have seen the whole video: a Transformer block and a linear map, [B, T, width] to [B, T].

    The map has no bias where scores are compared with each other only.
    """

    def __init__(self, width: int, heads: int, bias: bool):
        super().__init__()
        self.block = TransformerBlock(width, heads=heads, head_size=width // heads)
        self.score = nn.Linear(width, 1, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.score(self.block(x))[..., 0]


class AdaMAELike(nn.Module):
    """After AdaMAE (Bandara et al., CVPR 2023), which samples visible tokens from learned probabilities.

    A small network gives the frames of a video probabilities. The visible frames of each view are drawn from them
    without replacement. The network learns by policy gradient, not through a gate: `loss` raises the probability of
    hidden frames in proportion to their error of reconstruction, so that frames that are hard to infer become visible.
    AdaMAE samples space-time patches for one view; here they are frames, and two views are drawn independently.
    """

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.net = ContextScores(width, heads, bias=False)

    def forward(
        self, embeddings: Tensor, encoder: TransformerStack, visible: int, generator: torch.Generator
    ) -> Choice:
        log_probabilities = self.net(embeddings).log_softmax(dim=-1)
        noise = gumbel_noise((2, *log_probabilities.shape), generator).to(log_probabilities.device)
        # The largest sums with Gumbel noise are a sample without replacement.
        seen = top_k_mask(log_probabilities.detach() + noise, visible)
        hidden = frames_of(~seen, seen.shape[-1] - visible)
        return Choice(frames_of(seen, visible), hidden, None, log_probabilities)

    @staticmethod
    def loss(choice: Choice, errors: Tensor) -> Tensor:
        """-mean(log probability * error) over the hidden frames, whose errors [2, B, M] have no gradient."""
        log_probabilities = choice.log_probabilities.expand(2, -1, -1).gather(-1, choice.hidden)
        return -(log_probabilities * errors).mean()


class AdiosLike(nn.Module):
    """After ADIOS (Shi et al., ICML 2022), which learns masks that make the other network's task hard.

    A small network gives each frame a probability of being visible in view 1; view 2 has the opposite one, as ADIOS'
    masks add up to 1. The most probable frames of each view are visible, without noise. Reversed gradients train the
    network against the hash network. ADIOS multiplies pixels by soft masks and penalises masks that are too small or
    too large; here masks are hard, with a straight-through gradient, and their size is fixed.
    """

    def __init__(self, width: int, heads: int, gradient_factor: float):
        super().__init__()
        self.net = ContextScores(width, heads, bias=True)
        self.gradient_factor = gradient_factor

    def forward(
        self, embeddings: Tensor, encoder: TransformerStack, visible: int, generator: torch.Generator
    ) -> Choice:
        first = torch.sigmoid(self.net(embeddings))
        probabilities = torch.stack([first, 1 - first])
        seen = top_k_mask(probabilities.detach(), visible)
        index = frames_of(seen, visible)
        gate = scale_gradient(hard_mask(probabilities, seen).gather(-1, index), self.gradient_factor)
        return Choice(index, frames_of(~seen, seen.shape[-1] - visible), gate)


def make_sampler(settings: Sampler, width: int, heads: int) -> nn.Module | None:
    """The sampler of the given kind; None for random views."""
    if settings.kind == "random":
        return None
    if settings.kind == "grade":
        return GradeSampler(width, settings)
    if settings.kind == "attmask":
        return AttMaskLike(settings)
    if settings.kind == "adamae":
        return AdaMAELike(width, heads)
    return AdiosLike(width, heads, settings.gradient_factor)
