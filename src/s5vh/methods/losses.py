"""The three losses of S5VH (paper, equations 19 to 22), each a plain function of tensors.

B videos, M masked frames, D feature size, K bits, C hash centers.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def reconstruction_loss(predicted: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """Mean over masked frames of the squared error, equation 19.

    Args:
        predicted, target: [B, M, D].
        reduction: over a frame's D values: "sum" (the printed squared norm) or "mean".
    """
    squared_norm = _SquaredNorm.apply(predicted, target)
    return squared_norm if reduction == "sum" else squared_norm / predicted.shape[-1]


class _SquaredNorm(torch.autograd.Function):
    """Mean over frames of the squared L2 distance. The predictions are the largest tensor of a training step, so they
    are passed over as rarely as possible: once for the difference, once for its norms, once for the gradient."""

    @staticmethod
    def forward(ctx, predicted, target):
        difference = predicted - target
        ctx.save_for_backward(difference)
        norms = torch.linalg.vector_norm(difference, dim=-1)
        return norms.square().mean()

    @staticmethod
    def backward(ctx, gradient):
        (difference,) = ctx.saved_tensors
        frames = difference.numel() // difference.shape[-1]
        slope = difference * (gradient * (2 / frames))
        return slope, -slope if ctx.needs_input_grad[1] else None


def contrastive_loss(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """Symmetric InfoNCE between the codes of two views, equation 20: the other view of the same video is the positive,
    the other view of every other video in the batch a negative; similarity is the cosine.

    Args:
        first, second: [B, K].
    """
    similarity = F.normalize(first, dim=-1) @ F.normalize(second, dim=-1).t() / temperature
    target = torch.arange(len(first), device=first.device)
    return (F.cross_entropy(similarity, target) + F.cross_entropy(similarity.t(), target)) / 2


def alignment_loss(codes: Tensor, centers: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of the similarities to all hash centers against the pseudo-label, equation 21.

    Args:
        codes: [B, K] in {-1, +1}.
        centers: [C, K] in {-1, +1}, fixed.
        labels: pseudo-labels, int64 [B].
    """
    logits = codes @ centers.t() / (centers.shape[1] * temperature)
    return F.cross_entropy(logits, labels)
