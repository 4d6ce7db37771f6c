"""Temporal summaries of features in torch, for networks that are trained on them; see `s5vh.data.summaries`."""

from __future__ import annotations

import torch
from torch import Tensor

from s5vh.config.summaries import Summary
from s5vh.data.summaries import dct_basis


def temporal_summary(feats: Tensor, kind: Summary) -> Tensor:
    """Summaries [..., S D] of videos [..., T, D]: S vectors of D values, the mean first.

    Differentiable, also where a value stands still: the gradient of its standard deviation is 0 there.
    """
    if kind == "flat":
        return feats.flatten(-2)
    mean = feats.mean(dim=-2, keepdim=True)
    if kind == "mean":
        return mean.squeeze(-2)
    around = feats - mean
    if kind == "mean_std":
        variance = around.square().mean(dim=-2, keepdim=True)
        rest = variance.clamp(min=torch.finfo(variance.dtype).tiny).sqrt()
    else:
        rest = torch.from_numpy(dct_basis(feats.shape[-2])[1:]).to(feats) @ around
    return torch.cat([mean, rest], dim=-2).flatten(-2)
