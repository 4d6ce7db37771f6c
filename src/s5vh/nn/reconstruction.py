"""Squared error of reconstructed frames, computed without the reconstructions themselves where this is faster.

M masked frames, D feature dimension, F frames of the batch.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s5vh.base.processor import bfloat16_products_pay


def reconstruction_loss(
    decoded: Tensor, head: nn.Linear, frames: Tensor, places: Tensor, reduction: str = "mean"
) -> Tensor:
    """Mean over masked frames of the squared error of `head(decoded)`, equation 19.

    Args:
        decoded: decoder outputs at the masked frames of all views, [M, width].
        head: from width to D.
        frames: features of the batch, [F, D]; no gradient.
        places: the masked frame of each row of `decoded`, int64 [M] in [0, F).
        reduction: over a frame's D values: "sum" (squared norm, as in the paper) or "mean".
    """
    if decoded.device.type != "cpu":
        squared_norm = _SquaredNorm.apply(head(decoded), frames.index_select(0, places))
    elif torch.is_autocast_enabled("cpu") and bfloat16_products_pay():
        squared_norm = _HalfSquaredNorm.apply(decoded, head.weight, head.bias, frames, places)
    else:
        with torch.autocast("cpu", enabled=False):
            decoded = decoded.to(head.weight.dtype)
            squared_norm = _ProjectedSquaredNorm.apply(decoded, head.weight, head.bias, frames, places)
    return squared_norm if reduction == "sum" else squared_norm / frames.shape[-1]


class _ProjectedSquaredNorm(torch.autograd.Function):
    """Mean over rows h of |W h + b - x|^2 without the predictions W h + b, the largest tensor of a training step.

    With P = (x - b) W for all frames and the small matrix G = W'W, the sum over rows is that of
    h'G h - 2 P h + |x - b|^2, the gradient at h is 2 (G h - P) and that of W is 2 (W H'H + b sum(h)' - X'H): two
    products of the size of the features instead of three. Requires full precision, because it subtracts numbers of
    similar size.
    """

    @staticmethod
    def forward(ctx, decoded, weight, bias, frames, places):
        count = len(places)
        repeats = torch.bincount(places, minlength=len(frames)).to(frames.dtype)
        total = repeats @ frames
        projected = (frames @ weight).index_select(0, places) - bias @ weight
        ahead = decoded @ (weight.t() @ weight)
        of_frames = (torch.linalg.vector_norm(frames, dim=1).square() * repeats).sum()
        of_frames = of_frames - 2 * (bias @ total) + count * (bias @ bias)
        slope = ahead - projected
        ctx.save_for_backward(decoded, weight, bias, frames, places, total, slope)
        return (of_frames + (decoded * (slope - projected)).sum()) / count

    @staticmethod
    def backward(ctx, gradient):
        decoded, weight, bias, frames, places, total, slope = ctx.saved_tensors
        scale = gradient * (2 / len(places))
        placed = decoded.new_zeros(len(frames), decoded.shape[1]).index_add_(0, places, decoded)
        rows = decoded.sum(0)
        of_weight = torch.addmm(torch.outer(bias, rows), frames.t(), placed, alpha=-1)
        of_weight.addmm_(weight, decoded.t() @ decoded)
        of_bias = weight @ rows + len(places) * bias - total
        return slope * scale, of_weight * scale, of_bias * scale, None, None


class _HalfSquaredNorm(torch.autograd.Function):
    """The same with products in bfloat16, from the predictions: one pass over memory replaces them by their errors."""

    @staticmethod
    def forward(ctx, decoded, weight, bias, frames, places):
        from s5vh.nn.backends import cpu_errors

        rows, matrix = decoded.bfloat16(), weight.bfloat16()
        errors = rows @ matrix.t()
        squares = torch.empty(len(errors))
        totals = torch.empty(cpu_errors.job_count(len(errors)), errors.shape[1])
        arrays = [x.detach().contiguous().float().numpy() for x in (bias, frames)]
        cpu_errors.subtract(errors.view(torch.uint16).numpy(), *arrays, places.numpy(), squares.numpy(), totals.numpy())
        ctx.save_for_backward(rows, matrix, errors, totals)
        ctx.dtypes = decoded.dtype, weight.dtype, bias.dtype
        return squares.mean()

    @staticmethod
    def backward(ctx, gradient):
        rows, matrix, errors, totals = ctx.saved_tensors
        slopes = errors @ matrix, errors.t() @ rows, totals.sum(0)
        scale = gradient * (2 / len(errors))
        return *(slope.to(dtype) * scale for slope, dtype in zip(slopes, ctx.dtypes, strict=True)), None, None


class _SquaredNorm(torch.autograd.Function):
    """Mean over frames of the squared L2 distance, with few passes over the predictions: one each for the difference,
    its norms, and the gradient."""

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
        return difference * (gradient * (2 / frames)), None
