"""Straightforward implementation of BerVAE's training step, as the released code is structured.

Uses the parameters of a network but none of its code: features are copied and corrupted frame by frame, every frame has
its logits, and all codes, also those that the estimator compares, are decoded to whole videos. All draws but dropout
are those of the network's own step; without dropout (eval mode) losses and gradients agree.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.methods.bervae.network import BerVAE
from s5vh.methods.contract import Batch


def norm(layer: nn.Module, x: Tensor) -> Tensor:
    """Layer norm with the unbiased standard deviation, eps added to it."""
    mean, std = x.mean(-1, keepdim=True), x.std(-1, keepdim=True)
    return layer.gain * (x - mean) / (std + layer.eps) + layer.bias


def gelu(x: Tensor) -> Tensor:
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * torch.pow(x, 3))))


def encode(network: BerVAE, feats: Tensor) -> Tensor:
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


def decode(network: BerVAE, codes: Tensor) -> Tensor:
    """[B, K] to [B, T, D]: every bit becomes T values, then every frame is mapped to features."""
    over_time = network.decoder.time_map(codes[:, :, None]).transpose(1, 2)
    return network.decoder.frame_map(over_time)


def corrupt(network: BerVAE, batch: Batch) -> Tensor:
    """What the encoder sees, [B, T, D]."""
    read = network.corruption.read(batch.index, batch.generator, keep_edits=network.training)
    seen = batch.feats[0].clone()
    rows = seen.flatten(0, 1)
    for place in read.zeroed.tolist():
        rows[place] = 0
    for place, frame in zip(read.replaced.tolist(), read.others, strict=True):
        rows[place] = frame
    return seen


def estimate(network: BerVAE, logits: Tensor, target: Tensor, noise: Tensor, estimator: str) -> Tensor:
    """U2G's or ARM's gradient at the logits, [B, K], from the errors of whole decoded videos."""
    total = torch.zeros_like(logits)
    with torch.no_grad():
        for u in noise:
            first, second = (u > torch.sigmoid(-logits)).float(), (u < torch.sigmoid(logits)).float()
            errors = [
                (decode(network, 2 * bits - 1) - target).square().sum(dim=(1, 2)) / target.numel()
                for bits in (first, second)
            ]
            difference = (errors[0] - errors[1])[:, None]
            if estimator == "arm":
                total += difference * (u - 0.5)
            else:
                total += 0.5 * torch.sigmoid(logits.abs()) * difference * (first - second)
    return total / len(noise)


def plain_loss(network: BerVAE, batch: Batch) -> Tensor:
    """Total loss of a batch, as `BerVAE.losses`; for the estimators that the released code runs or has."""
    options = network.loss_options
    seen = corrupt(network, batch)
    target = seen if options.target == "corrupted" else batch.feats[0]
    logits = network.hash(encode(network, seen)).mean(dim=1)
    p = torch.sigmoid(logits)
    codes = 2 * (torch.rand(p.shape, generator=batch.generator).to(p) < p).float() - 1
    straight_through = batch.epoch < options.straight_through_epochs or options.estimator == "straight_through"
    if straight_through:
        codes = codes + 2 * (p - p.detach())
    reconstruction = F.mse_loss(decode(network, codes), target)
    divergence = (p * torch.log(2 * p + 1e-8) + (1 - p) * torch.log(2 * (1 - p) + 1e-8)).mean()
    total = reconstruction + options.divergence * divergence
    if not straight_through:
        noise = torch.rand(options.draws, *p.shape, generator=batch.generator).to(p)
        through = (logits * estimate(network, logits, target, noise, options.estimator)).sum()
        total = total + through - through.detach()
    return total
