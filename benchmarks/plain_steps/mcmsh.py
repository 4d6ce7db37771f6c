"""Straightforward implementation of MCMSH's training step, as the released code is structured.

Uses the parameters of a network but none of its code: features are copied and corrupted frame by frame, every group of
videos passes through the network by itself, gates are modules with torch's pooling, and the pairs of the paper's
similarity loss are compared one by one. Random frames and partners are those of the network's own step; without dropout
both losses agree.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.methods.contract import Batch
from s5vh.methods.mcmsh.mixing import ContextGating, Gate
from s5vh.methods.mcmsh.network import MCMSH
from s5vh.nn.batch_norm import EPS, MOMENTUM, GroupedBatchNorm


def norm(layer: GroupedBatchNorm | None, x: Tensor) -> Tensor:
    if layer is None:
        return x
    statistics = layer.running_mean, layer.running_var
    return F.batch_norm(x, *statistics, layer.weight, layer.bias, layer.training, MOMENTUM, EPS)


def gate(layer: Gate, kind: str, x: Tensor) -> Tensor:
    """A gate of x [B, Q, P]."""
    pooled = x
    if kind == "long":
        pooled = F.adaptive_avg_pool1d(x, 1)[:, :, 0]
    elif kind == "medium":
        pooled = F.adaptive_avg_pool1d(x, max(1, x.shape[2] // 3))
    hidden = F.relu(norm(layer.squeeze_norm, layer.squeeze(pooled)))
    opened = torch.sigmoid(norm(layer.excite_norm, layer.excite(hidden)))
    if kind == "long":
        opened = opened[:, :, None]
    return F.adaptive_avg_pool1d(opened, x.shape[2]) if kind == "medium" else opened


def gating(layers: ContextGating, x: Tensor) -> Tensor:
    """Gates of x [B, Q, P]: modules whose outputs are added, or masks that are."""
    kinds = ("long", "medium", "short")
    if len(layers.before) == 1:
        x = layers.before[0](x)
        masks = [gate(getattr(layers, kind), kind, x) for kind in kinds]
        return layers.after[0](x * (masks[0] + masks[1] + masks[2]))
    result = torch.zeros_like(x)
    for number, kind in enumerate(kinds):
        own = layers.before[number](x)
        result = result + layers.after[number](own * gate(getattr(layers, kind), kind, own))
    return result


def mlp(layers: nn.Sequential, rate: float, x: Tensor, training: bool) -> Tensor:
    first, second = (layer for layer in layers if isinstance(layer, nn.Linear))
    hidden = F.dropout(F.gelu(first(x)), rate, training)
    return F.dropout(second(hidden), rate, training)


def frames(network: MCMSH, feats: Tensor) -> Tensor:
    """Frame embeddings of one group of videos, [B, T, D] to [B, T, width]."""
    net = network.mc_mlp
    # Dropout of both writings can be switched off in the layers.
    rates = [
        next(layer.p for layer in part if isinstance(layer, nn.Dropout)) for part in (net.token_mlp, net.channel_mlp)
    ]
    x = F.relu(net.embed(feats))
    tokens = mlp(net.token_mlp, rates[0], x.transpose(1, 2).contiguous(), network.training)
    x = gating(net.token_gating, tokens.transpose(1, 2).contiguous()) + x
    channels = mlp(net.channel_mlp, rates[1], x, network.training)
    x = gating(net.channel_gating, channels.transpose(1, 2).contiguous()).transpose(1, 2) + x
    if net.output_gating is not None:
        x = gating(net.output_gating, x.transpose(1, 2).contiguous()).transpose(1, 2)
    return x


def relaxed(network: MCMSH, embeddings: Tensor) -> Tensor:
    logits = network.alpha * network.hash(embeddings)
    if network.settings.model.relaxation == "tanh_of_mean":
        return torch.tanh(logits.mean(dim=1))
    return torch.tanh(logits).mean(dim=1)


def corrupt(network: MCMSH, batch: Batch) -> Tensor:
    """What the network sees, [G, B, T, D]."""
    if network._corruption is None:
        return batch.feats
    read = network._corruption.read(batch.index, batch.generator, groups=2, keep_edits=network.training)
    seen = batch.feats.clone()
    rows = seen.flatten(0, 2)
    for place in read.zeroed.tolist():
        rows[place] = 0
    for place, frame in zip(read.replaced.tolist(), read.others, strict=True):
        rows[place] = frame
    return seen


def distance(one: Tensor, other: Tensor) -> Tensor:
    return F.pairwise_distance(one, other, eps=1e-6).square()


def plain_loss(network: MCMSH, batch: Batch) -> Tensor:
    """The total loss of a batch."""
    options, index = network.loss_options, batch.index
    embeddings = [frames(network, group) for group in corrupt(network, batch)]
    codes = [relaxed(network, group) for group in embeddings]
    videos, bits = codes[0].shape
    sampled = options.similarity_pairs == "sampled"
    anchored = 2 if sampled else 1
    cluster = quantisation = 0.0
    for group in range(anchored):
        targets = network.targets[index[group]]
        errors = F.mse_loss(embeddings[group].mean(dim=1), targets, reduction="sum") / videos
        cluster = cluster + (errors / targets.shape[1] if options.cluster_reduction == "mean" else errors)
        signs = torch.where(codes[group] >= 0, 1.0, -1.0)
        if options.quantisation_target == "straight_through":
            signs = codes[group] + (signs - codes[group]).detach()
        errors = F.mse_loss(codes[group], signs, reduction="sum") / videos
        quantisation = quantisation + (errors / bits if options.quantisation_reduction == "mean" else errors)
    similarity = torch.zeros(())
    for a in range(videos):
        for b in [a] if sampled else range(videos):
            kind = int(network._graph.code(index[0, a], index[1, a] if sampled else index[0, b]))
            if sampled or kind in (1, 2):
                other = codes[1][a] if sampled else codes[0][b]
                sign = 1.0 if kind == 1 else -1.0
                similarity = similarity + ((codes[0][a] @ other) / bits - sign) ** 2 / videos
    similar, first, second = codes[anchored:]
    near = distance(codes[0], similar)
    quadruplet = F.relu(bits / 4 + near - distance(codes[0], first)).mean()
    quadruplet = quadruplet + F.relu(bits / 64 + near - distance(first, second)).mean()
    total = options.cluster * cluster + options.similarity * similarity
    return total + options.quantisation * quantisation + options.quadruplet * quadruplet
