"""Contrast between the codes of two views of the same videos, as plain functions of tensors. B videos, K bits."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def contrastive_loss(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """Symmetric InfoNCE between the codes of two views, equation 20: the other view of the same video is the positive,
    the other view of every other video in the batch a negative; similarity is the cosine.

    Args:
        first, second: [B, K].
    """
    similarity = F.normalize(first, dim=-1) @ F.normalize(second, dim=-1).t() / temperature
    target = torch.arange(len(first), device=first.device)
    return (F.cross_entropy(similarity, target) + F.cross_entropy(similarity.t(), target)) / 2


def debiased_contrastive_loss(first: Tensor, second: Tensor, temperature: float, tau_plus: float) -> Tensor:
    """Contrast whose negatives are corrected for the share of them that belongs to the anchor's class (Chuang et al.,
    NeurIPS 2020), which the released code has in the place of equation 20. All 2B codes are anchors; the negatives of
    one are the other 2B - 2.

    Args:
        first, second: [B, K].
        tau_plus: that share.
    """
    count = 2 * len(first) - 2
    codes = F.normalize(torch.cat([first, second]), dim=-1)
    similarity = torch.exp(codes @ codes.t() / temperature)
    same = torch.eye(len(first), dtype=torch.bool, device=first.device).repeat(2, 2)
    negatives = similarity.masked_fill(same, 0).sum(1)
    positives = torch.exp((codes[: len(first)] * codes[len(first) :]).sum(-1) / temperature).repeat(2)
    corrected = (negatives - tau_plus * count * positives) / (1 - tau_plus)
    corrected = corrected.clamp(min=count * math.exp(-1 / temperature))
    return -torch.log(positives / (positives + corrected)).mean()
