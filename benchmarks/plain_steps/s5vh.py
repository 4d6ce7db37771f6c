"""Straightforward implementation of S5VH's training step, see `plain_step.py`, with the views of the network's own."""

from __future__ import annotations

import plain_step
from torch import Tensor

from s5vh.methods.contract import Batch
from s5vh.methods.s5vh.network import S5VH
from s5vh.nn.masks import two_views


def plain_loss(network: S5VH, batch: Batch) -> Tensor:
    """Total loss of a batch."""
    feats = batch.feats[0]
    visible, _ = two_views(*feats.shape[:2], network.mask_ratio, batch.generator)
    return plain_step.plain_loss(network, feats, network.labels[batch.index[0]], visible)
