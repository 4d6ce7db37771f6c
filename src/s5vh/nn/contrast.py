"""Contrastive losses between the codes of two views of the same videos. B videos, K bits."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def contrastive_loss(first: Tensor, second: Tensor, temperature: float, directions: str = "mean") -> Tensor:
    """Symmetric InfoNCE with cosine similarity (equation 20): the other view of the same video is the positive, the
    other views of all other videos in the batch are the negatives.

    Args:
        first, second: [B, K].
        directions: "sum" adds the loss from the first view to the second and that from the second to the first, as the
            equation is printed; "mean" is half of it, on the scale of the debiased loss that the released code uses.
    """
    similarity = F.normalize(first, dim=-1) @ F.normalize(second, dim=-1).t() / temperature
    target = torch.arange(len(first), device=first.device)
    both = F.cross_entropy(similarity, target) + F.cross_entropy(similarity.t(), target)
    return both if directions == "sum" else both / 2


def debiased_contrastive_loss(first: Tensor, second: Tensor, temperature: float, tau_plus: float) -> Tensor:
    """Debiased contrastive loss (Chuang et al., NeurIPS 2020), which corrects for negatives of the anchor's class. The
    released code uses it instead of equation 20. All 2B codes are anchors, each with 2B - 2 negatives.

    Args:
        first, second: [B, K].
        tau_plus: assumed fraction of negatives that have the anchor's class.
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
