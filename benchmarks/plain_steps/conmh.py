"""Straightforward implementation of ConMH's training step, as the released code is structured.

Uses the parameters of a network but none of its code: views are processed in sequence, all frames of a view are
embedded before masked ones are dropped, attention is written out, and the decoder's outputs at visible frames are
dropped at the end. The random views are those of the network's own step.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from s5vh.methods.conmh.network import ConMH
from s5vh.methods.contract import Batch


def attend(layer, x: Tensor) -> Tensor:
    """Self-attention with the bias-free keys of the released code."""
    videos, frames, _ = x.shape
    bias = torch.cat([layer.q_bias, torch.zeros_like(layer.v_bias), layer.v_bias])
    stacked = F.linear(x, layer.qkv.weight, bias).reshape(videos, frames, 3, layer.heads, layer.head_size)
    q, k, v = stacked.permute(2, 0, 3, 1, 4)
    weights = (q / math.sqrt(layer.head_size) @ k.transpose(-2, -1)).softmax(dim=-1)
    return layer.proj((weights @ v).transpose(1, 2).reshape(videos, frames, -1))


def stack(layers, x: Tensor) -> Tensor:
    for block in layers.blocks:
        x = x + attend(block.attention, block.attention_norm(x))
        x = x + block.mlp(block.mlp_norm(x))
    return layers.norm(x)


def rounded(x: Tensor) -> Tensor:
    """Signs of x with a gradient inside (-1, 1]."""
    clipped = torch.where((x > -1) & (x <= 1), x, x.detach())
    return clipped + (torch.where(x >= 0, 1.0, -1.0) - clipped).detach()


def view(network: ConMH, feats: Tensor, visible: Tensor) -> tuple[Tensor, Tensor]:
    """Squared error of the masked frames and mean code [B, K] of one view; `visible` is bool [B, T]."""
    videos, frames, _ = feats.shape
    embedded = (network.embed(feats) + network.positions)[visible].reshape(videos, -1, network.positions.shape[1])
    hidden = network.encoder_head(stack(network.encoder, embedded))
    codes = rounded(network.hash.norm(network.hash.linear(hidden)))
    seen = network.hash_to_decoder(codes)
    places = network.decoder_positions.expand(videos, -1, -1)
    at_visible = places[visible].reshape(seen.shape)
    at_masked = places[~visible].reshape(videos, frames - seen.shape[1], -1)
    decoded = stack(network.decoder, torch.cat([seen + at_visible, network.mask_token + at_masked], dim=1))
    predicted = network.head(decoded[:, seen.shape[1] :])
    return F.mse_loss(predicted, feats[~visible].reshape(predicted.shape)), codes.mean(dim=1)


def contrast(first: Tensor, second: Tensor, temperature: float, tau_plus: float) -> Tensor:
    """Debiased contrastive loss with both views of every video as anchors."""
    count = len(first)
    first, second = F.normalize(first, dim=-1), F.normalize(second, dim=-1)
    out = torch.cat([first, second])
    similarity = torch.exp(out @ out.t() / temperature)
    others = torch.ones(count, count, dtype=torch.bool).fill_diagonal_(False).repeat(2, 2)
    negatives = similarity.masked_select(others).view(2 * count, -1).sum(dim=-1)
    positives = torch.exp((first * second).sum(dim=-1) / temperature).repeat(2)
    number = 2 * count - 2
    corrected = (negatives - tau_plus * number * positives) / (1 - tau_plus)
    corrected = corrected.clamp(min=number * math.exp(-1 / temperature))
    return -torch.log(positives / (positives + corrected)).mean()


def plain_loss(network: ConMH, batch: Batch) -> Tensor:
    """Total loss of a batch, from as many random numbers as the network's own."""
    feats, options = batch.feats[0], network.loss_options
    videos, frames, _ = feats.shape
    order = torch.rand(videos, frames, generator=batch.generator).argsort(dim=1)
    kept = frames - math.floor(network.mask_ratio * frames)
    errors, codes = [], []
    for permuted in (order, order.flip(1)):
        visible = torch.zeros(videos, frames, dtype=torch.bool).scatter(1, permuted[:, :kept], True)
        error, code = view(network, feats, visible)
        errors.append(error)
        codes.append(code)
    return options.reconstruction * sum(errors) + options.contrast * contrast(
        *codes, options.temperature, options.tau_plus
    )
