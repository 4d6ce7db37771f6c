"""Straightforward implementation of S5VH's training step, as baseline and reference for `training_step.py`.

Uses the parameters of an `S5VH` network but none of its code: views are processed in sequence, all frames of a view are
embedded before masked ones are dropped, directions are processed in sequence on flipped copies, stochastic depth is a
mask, and the scan is in plain torch; for the other mixers see `plain_mixers.py`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from plain_mixers import lstm, retention, rwkv, transformer
from torch import Tensor

from s5vh.methods.s5vh.network import S5VH
from s5vh.nn.lstm import LSTM
from s5vh.nn.mamba import Mamba
from s5vh.nn.retention import Retention
from s5vh.nn.rwkv import RWKV
from s5vh.nn.transformer import Transformer


def materialised_scan(u: Tensor, delta: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor) -> Tensor:
    """All decays and inputs as [B, E, T, N] tensors, then a loop over time, as in mamba-ssm's reference implementation.

    u, delta [B, T, E]; A [E, N]; B, C [B, T, N]; D [E]; result [B, T, E].
    """
    u, delta, B, C = (x.transpose(1, 2) for x in (u, delta, B, C))
    decay = torch.exp(torch.einsum("bet,en->betn", delta, A))
    inputs = torch.einsum("bet,bnt,bet->betn", delta, B, u)
    h = u.new_zeros(u.shape[0], u.shape[1], A.shape[1])
    y = []
    for t in range(u.shape[2]):
        h = decay[:, :, t] * h + inputs[:, :, t]
        y.append(torch.einsum("ben,bn->be", h, C[:, :, t]))
    return torch.stack(y, dim=1) + u.transpose(1, 2) * D


def looped_scan(u: Tensor, delta: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor) -> Tensor:
    """A loop over time that computes decays and inputs frame by frame; arguments as above."""
    h = u.new_zeros(u.shape[0], u.shape[2], A.shape[1])
    y = []
    for t in range(u.shape[1]):
        h = torch.exp(delta[:, t, :, None] * A) * h + (delta[:, t] * u[:, t])[:, :, None] * B[:, t, None, :]
        y.append((h * C[:, t, None, :]).sum(-1) + D * u[:, t])
    return torch.stack(y, dim=1)


def mamba(block, x: Tensor) -> Tensor:
    main = F.linear(block.norm(x), block.in_proj.weight[: block.inner])
    gate = F.linear(x, block.in_proj.weight[block.inner :])
    taps = block.conv1d.weight.shape[-1]
    mixed = F.conv1d(main.transpose(1, 2), block.conv1d.weight, block.conv1d.bias, padding=taps - 1, groups=block.inner)
    u = F.silu(mixed[..., : x.shape[1]]).transpose(1, 2)
    step, B, C = block.x_proj(u).split([block.rank, block.d_state, block.d_state], dim=-1)
    y = looped_scan(u, F.softplus(block.dt_proj(step)), -torch.exp(block.A_log), B, C, block.D)
    return block.out_proj(block.scan_norm(y) * F.silu(gate))


PLAIN = {Mamba: mamba, LSTM: lstm, Retention: retention, RWKV: rwkv, Transformer: transformer}


def stack(layers, x: Tensor, training: bool) -> Tensor:
    for layer in layers.layers:
        mix = PLAIN[layer.mixer]
        branch = mix(layer.forward_mixer, x)
        if layer.backward_mixer is not None:
            branch = branch + mix(layer.backward_mixer, x.flip(1)).flip(1)
        rate = layer.drop_path.rate
        if training and rate > 0:
            kept = torch.rand(len(x), 1, 1, device=x.device) >= rate
            branch = branch * kept / (1 - rate)
        x = x + branch
    return layers.norm(x)


def view_loss(network: S5VH, feats: Tensor, visible: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean squared error, code [B, K] and frame-mean [B, K] of one view; `visible` is [B, V]."""
    rows = torch.arange(len(feats), device=feats.device)[:, None]
    embeddings = network.embed(feats) + network.positions
    hashes = torch.tanh(network.hash.linear(stack(network.encoder, embeddings[rows, visible], network.training)))
    mean = hashes.mean(1)
    code = mean + (torch.where(mean >= 0, 1.0, -1.0) - mean).detach()
    sequence = network.mask_token.repeat(*feats.shape[:2], 1)
    sequence[rows, visible] = hashes
    decoded = network.head(
        stack(network.decoder, network.hash_to_decoder(sequence) + network.decoder_positions, network.training)
    )
    hidden = torch.ones(feats.shape[:2], dtype=torch.bool, device=feats.device)
    hidden[rows, visible] = False
    return F.mse_loss(decoded[hidden], feats[hidden]), code, mean


def plain_loss(network: S5VH, feats: Tensor, labels: Tensor, visible: Tensor) -> Tensor:
    """L of the paper's equation 22 for given views, int64 [2, B, V]."""
    options = network.loss_options
    (first, code1, mean1), (second, code2, mean2) = (view_loss(network, feats, view) for view in visible)
    left, right = (code1, code2) if options.contrast_on == "codes" else (mean1, mean2)
    similarity = F.normalize(left, dim=-1) @ F.normalize(right, dim=-1).t() / options.contrast_temperature
    positives = torch.arange(len(feats), device=feats.device)
    contrast = (F.cross_entropy(similarity, positives) + F.cross_entropy(similarity.t(), positives)) / 2
    scale = network.centers.shape[1] * options.alignment_temperature
    alignment = sum(F.cross_entropy(code @ network.centers.t() / scale, labels) for code in (code1, code2)) / 2
    return options.reconstruction * (first + second) / 2 + options.alpha * contrast + options.beta * alignment


def plain_encode(network: S5VH, feats: Tensor) -> Tensor:
    """Codes [B, K] of whole videos."""
    hashes = network.hash(stack(network.encoder, network.embed(feats) + network.positions, training=False))
    return torch.where(hashes.mean(1) >= 0, 1.0, -1.0)
