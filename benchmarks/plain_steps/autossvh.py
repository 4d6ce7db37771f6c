"""Straightforward implementation of AutoSSVH's training step: Grade-Net's or random views, P2Set or prototype loss.

Uses the parameters of a network but none of its code: views are processed in sequence, each embeds all its frames and
then keeps the visible ones video by video, decoders get full sequences and drop what is not asked for, and prototypes
are compared clustering by clustering. The random draws are those of the network's own step.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from s5vh.methods.autossvh.network import AutoSSVH
from s5vh.methods.contract import Batch


def block(layer, x: Tensor) -> Tensor:
    """A pre-norm Transformer block with separate matrix products for queries, keys and values."""
    attention = layer.attention
    seen = layer.attention_norm(x)
    weights = attention.qkv.weight.chunk(3)
    biases = (attention.q_bias, torch.zeros_like(attention.q_bias), attention.v_bias)
    q, k, v = (
        F.linear(seen, w, b).view(*x.shape[:2], attention.heads, attention.head_size).transpose(1, 2)
        for w, b in zip(weights, biases, strict=True)
    )
    scores = (q @ k.transpose(-1, -2) / math.sqrt(attention.head_size)).softmax(dim=-1)
    x = x + attention.proj((scores @ v).transpose(1, 2).flatten(2))
    return x + layer.mlp(layer.mlp_norm(x))


def stack(layers, x: Tensor) -> Tensor:
    for layer in layers.blocks:
        x = block(layer, x)
    return layers.norm(x)


def rounded(x: Tensor) -> Tensor:
    """Signs of x with a gradient inside (-1, 1]."""
    clipped = torch.where((x > -1) & (x <= 1), x, x.detach())
    return clipped + (torch.where(x >= 0, 1.0, -1.0) - clipped).detach()


def scores(net, x: Tensor) -> Tensor:
    """Grade-Net of every frame."""
    first, _, second = net.mlp
    return torch.sigmoid(net.score(x + net.norm(second(F.gelu(first(x))))))[..., 0]


def grade_views(network: AutoSSVH, feats: Tensor, generator: torch.Generator) -> list[tuple[Tensor, Tensor]]:
    """For each view whether a frame is visible, bool [B, T], and the frames' factors, [B, T]."""
    options = network.sampler.settings
    uniform = torch.rand((2, *feats.shape[:2]), generator=generator)
    masked = math.floor(network.mask_ratio * feats.shape[1])
    views = []
    for draw in uniform:
        embedded = (network.embed(feats) + network.positions).detach()
        noise = -torch.log(-torch.log(draw + 1e-20) + 1e-20)
        noisy = scores(network.sampler.grade_net, embedded) + options.noise * noise
        probabilities = (noisy / options.temperature).softmax(dim=1)
        count = masked if options.top == "dropped" else feats.shape[1] - masked
        top = torch.zeros_like(noisy, dtype=torch.bool)
        for video, order in enumerate(noisy.argsort(dim=1, descending=True, stable=True)):
            top[video, order[:count]] = True
        # Straight-through: the value of the mask, the gradient of the probabilities, times the factor of reversal.
        soft = options.gradient_factor * (probabilities - probabilities.detach())
        views.append((~top, 1 - (top + soft)) if options.top == "dropped" else (top, top + soft))
    return views


def random_views(network: AutoSSVH, feats: Tensor, generator: torch.Generator) -> list[tuple[Tensor, Tensor]]:
    """The head and the tail of a random order of each video's frames."""
    count = feats.shape[1] - math.floor(network.mask_ratio * feats.shape[1])
    seen = [torch.zeros(feats.shape[:2], dtype=torch.bool) for _ in range(2)]
    for video, order in enumerate(torch.rand(feats.shape[:2], generator=generator).argsort(dim=1)):
        seen[0][video, order[:count]] = True
        seen[1][video, order.flip(0)[:count]] = True
    return [(view, view.float()) for view in seen]


def view_loss(network: AutoSSVH, feats: Tensor, visible: Tensor, factors: Tensor) -> tuple[Tensor, Tensor]:
    """Mean squared error of the hidden frames, and the average of the visible frames' hash vectors, [B, K]."""
    embedded = (network.embed(feats) + network.positions) * factors[..., None]
    tokens = torch.stack([video[seen] for video, seen in zip(embedded, visible, strict=True)])
    values = network.hash.linear(network.encoder_head(stack(network.encoder, tokens)))
    values = values if network.hash.norm is None else rounded(network.hash.norm(values))
    hashes = torch.tanh(values) if network.hash.norm is None else values
    places = network.decoder_positions.expand(len(feats), -1, -1)
    known = torch.stack([place[seen] for place, seen in zip(places, visible, strict=True)])
    unknown = torch.stack([place[~seen] for place, seen in zip(places, visible, strict=True)])
    sequence = torch.cat([network.hash_to_decoder(hashes) + known, network.mask_token + unknown], dim=1)
    predicted = network.head(stack(network.decoder, sequence))[:, hashes.shape[1] :]
    target = torch.stack([video[~seen] for video, seen in zip(feats, visible, strict=True)])
    return F.mse_loss(predicted, target), hashes.mean(dim=1)


def contrast(network: AutoSSVH, first: Tensor, second: Tensor) -> Tensor:
    options = network.loss_options
    if options.contrast_kind == "infonce":
        similarity = F.cosine_similarity(first[:, None], second[None], dim=-1) / options.temperature
        return sum(F.cross_entropy(s, torch.arange(len(first))) for s in (similarity, similarity.t())) / 2
    both = torch.cat([first, second])
    similarity = torch.exp(F.cosine_similarity(both[:, None], both[None], dim=-1) / options.temperature)
    videos, count = len(first), 2 * len(first) - 2
    losses = []
    for i in range(2 * videos):
        positive = similarity[i, (i + videos) % (2 * videos)]
        negatives = sum(similarity[i, j] for j in range(2 * videos) if j % videos != i % videos)
        corrected = (negatives - options.tau_plus * count * positive) / (1 - options.tau_plus)
        corrected = corrected.clamp(min=count * math.exp(-1 / options.temperature))
        losses.append(-torch.log(positive / (positive + corrected)))
    return torch.stack(losses).mean()


def prototype_loss(network: AutoSSVH, pair: list[Tensor], index: Tensor, generator: torch.Generator) -> Tensor:
    losses = []
    for clustering in network.clusterings:
        labels = clustering.labels[index]
        for codes in pair:
            chosen, target = torch.arange(len(clustering.prototypes)), labels
            if network.cluster_options.negatives == "sampled":
                others = torch.tensor([c for c in chosen.tolist() if c not in set(labels.tolist())], dtype=torch.int64)
                others = others[torch.randperm(len(others), generator=generator)[: len(labels)]]
                chosen, target = torch.cat([labels, others]), torch.arange(len(labels))
            similarity = F.normalize(codes, dim=1) @ clustering.prototypes[chosen].t()
            losses.append(F.cross_entropy(similarity / clustering.temperatures[chosen], target))
    return sum(losses) / len(losses)


def plain_loss(network: AutoSSVH, batch: Batch) -> Tensor:
    """`losses(batch)["total"]` of a network with Grade-Net or random views, on the CPU and without dropout."""
    feats, options = batch.feats[0], network.loss_options
    draw = random_views if network.sampler is None else grade_views
    views = [view_loss(network, feats, *view) for view in draw(network, feats, batch.generator)]
    pair = [mean for _, mean in views]
    if options.compared == "codes":
        pair = [mean + (torch.where(mean >= 0, 1.0, -1.0) - mean).detach() for mean in pair]
    total = options.reconstruction * sum(error for error, _ in views) + options.contrast * contrast(network, *pair)
    if network.clusterings:
        total = total + options.prototypes * prototype_loss(network, pair, batch.index[0], batch.generator)
    return total
