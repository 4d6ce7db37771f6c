"""Straightforward implementation of BerVAE's training step, as the released code is structured.

Uses the parameters of a network but none of its code: features are copied and corrupted frame by frame, every frame has
its logits, and all codes, also those that the estimator compares, are decoded to whole videos. All draws but dropout
are those of the network's own step; without dropout (eval mode) losses and gradients agree.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from plain_steps.bth import edited, encode
from torch import Tensor

from s5vh.methods.bervae.network import BerVAE
from s5vh.methods.contract import Batch


def decode(network: BerVAE, codes: Tensor) -> Tensor:
    """[B, K] to [B, T, D]: every bit becomes T values, then every frame is mapped to features."""
    over_time = network.decoder.time_map(codes[:, :, None]).transpose(1, 2)
    return network.decoder.frame_map(over_time)


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
    read = network.corruption.read(batch.index, batch.generator, keep_edits=network.training)
    seen = edited(read, batch.feats)[0]
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
