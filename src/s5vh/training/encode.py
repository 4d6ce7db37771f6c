"""Codes of all videos of a feature source."""

from __future__ import annotations

import numpy as np
import torch

from s5vh.training.batches import FeatureSource


def encode_all(
    model: torch.nn.Module, source: FeatureSource, batch_size: int = 256, frames: slice = slice(None)
) -> np.ndarray:
    """int8 [N, K] in {-1, +1}, in file order, of the chosen `frames`; `model.encode` maps [B, T, D] to [B, K]."""
    was_training = model.training
    model.eval()
    with torch.inference_mode():
        codes = [model.encode(feats[:, frames]).to(torch.int8).cpu().numpy() for feats in source.in_order(batch_size)]
    model.train(was_training)
    return np.concatenate(codes)
