"""Straightforward implementation of BTH's training step, as the released code is structured.

Uses the parameters of a network but none of its code: features are copied and corrupted frame by frame in a loop over
videos, a video and its partner pass through the network one after the other, and all frames are reconstructed. The
random frames, dropout aside, are those of the network's own step; without dropout (eval mode) both losses agree.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.methods.bervae.network import BerVAE
from s5vh.methods.bth.network import BTH
from s5vh.methods.bth.pairs import PairedMethod
from s5vh.methods.contract import Batch
from s5vh.nn.corruption import CorruptedFrames


def norm(layer: nn.Module, x: Tensor) -> Tensor:
    """Layer norm with the unbiased standard deviation, eps added to it."""
    mean, std = x.mean(-1, keepdim=True), x.std(-1, keepdim=True)
    return layer.gain * (x - mean) / (std + layer.eps) + layer.bias


def gelu(x: Tensor) -> Tensor:
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * torch.pow(x, 3))))


def encode(network: PairedMethod | BerVAE, feats: Tensor) -> Tensor:
    """Frame embeddings of videos, [B, T, D] to [B, T, width]."""
    encoder, block = network.encoder, network.encoder.block

    def dropout(x: Tensor) -> Tensor:
        return F.dropout(x, block.dropout.p, network.training)

    x = dropout(encoder.frame_map(feats) + encoder.positions)
    seen = norm(block.attention_norm, x)
    q, k, v = (layer(seen) for layer in (block.attention.query, block.attention.key, block.attention.value))
    scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(q.shape[-1])
    x = x + dropout(block.attention.output(torch.matmul(dropout(F.softmax(scores, dim=-1)), v)))
    x = x + dropout(block.narrow(dropout(gelu(block.widen(norm(block.mlp_norm, x))))))
    return dropout(x)


def rounded(x: Tensor) -> Tensor:
    """Signs of x with a gradient inside (-1, 1]."""
    clipped = torch.where((x > -1) & (x <= 1), x, x.detach())
    return clipped + (torch.where(x >= 0, 1.0, -1.0) - clipped).detach()


def edited(read: CorruptedFrames, feats: Tensor) -> Tensor:
    """A corrupted copy of the features, [G, B, T, D], made frame by frame."""
    seen = feats.clone()
    rows = seen.flatten(0, 2)
    for place in read.zeroed.tolist():
        rows[place] = 0
    for place, frame in zip(read.replaced.tolist(), read.others, strict=True):
        rows[place] = frame
    return seen


def corrupt(network: PairedMethod, batch: Batch) -> tuple[Tensor, Tensor]:
    """What the network sees and what it reconstructs, [G, B, T, D] each."""
    seen = edited(network.read(batch.index, batch.generator), batch.feats)
    return seen, seen if network.loss_options.target == "corrupted" else batch.feats


def plain_loss(network: BTH, batch: Batch) -> Tensor:
    """Total loss of a batch, as `BTH.losses`; in train mode its dropout draws others."""
    options = network.loss_options
    seen, target = corrupt(network, batch)
    codes, embeddings, errors = [], [], []
    for feats, wanted in zip(seen, target, strict=True):
        embeddings.append(encode(network, feats))
        frame_codes = rounded(network.hash.linear(embeddings[-1]))
        errors.append(F.mse_loss(network.decoder(frame_codes), wanted))
        codes.append(frame_codes.mean(dim=1))
    total = options.reconstruction * sum(errors) / len(errors)
    if network.anchored is not None:
        product = (codes[0] * codes[1]).sum(dim=1) / codes[0].shape[1]
        total = total + options.similarity * F.mse_loss(product, network.anchored.signs(batch.index))
        anchors = network.anchored.nearest(batch.index)
        pairs = zip(embeddings, anchors, strict=True)
        total = total + options.anchor * sum(F.mse_loss(one.mean(dim=1), anchor) for one, anchor in pairs)
    return total
