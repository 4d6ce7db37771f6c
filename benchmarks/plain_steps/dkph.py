"""Straightforward implementation of DKPH's training step, as the released code is structured.

Uses the parameters of a network but none of its code; corruption and encoder are as in the plain step of BTH. The
random frames, dropout aside, are those of the network's own step; without dropout (eval mode) both losses agree.
"""

from __future__ import annotations

import torch.nn.functional as F
from plain_steps.bth import corrupt, encode, rounded
from torch import Tensor

from s5vh.methods.contract import Batch
from s5vh.methods.dkph.network import DKPH


def plain_loss(network: DKPH, batch: Batch) -> Tensor:
    """Total loss of a batch, as `DKPH.losses`; in train mode its dropout draws others."""
    options = network.loss_options
    seen, target = corrupt(network, batch)
    codes, embeddings, errors = [], [], []
    for feats, wanted in zip(seen, target, strict=True):
        embedding = encode(network, feats)
        codes.append(rounded(network.hash(embedding.flatten(1))))
        streams = codes[-1][:, None].repeat(1, feats.shape[1], 1) + network.temporal(embedding)
        errors.append(F.mse_loss(network.decoder(streams), wanted))
        embeddings.append(embedding.mean(dim=1))
    signs, anchors = network.anchored.signs(batch.index), network.anchored.nearest(batch.index)
    product = (codes[0] * codes[1]).sum(dim=1) / codes[0].shape[1]
    weights = ((1 - signs) / 2)[:, None]
    hinge = F.triplet_margin_loss(
        embeddings[0], weights * anchors[0], weights * anchors[1], margin=options.margin, reduction="none"
    )
    if options.similar_triplet == "none":
        hinge = hinge * weights[:, 0]
    return (
        options.reconstruction * sum(errors) / len(errors)
        + options.anchor * sum(F.mse_loss(one, anchor) for one, anchor in zip(embeddings, anchors, strict=True))
        + options.triplet * hinge.mean()
        + options.similarity * F.mse_loss(product, signs)
    )
