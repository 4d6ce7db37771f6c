"""The released S5VH network written a second time, plainly: one view at a time, flipped copies, loops over time.

Works on a dictionary of parameters under the released names and gives the total loss; an oracle in float64 for what the
golden vectors hold in float32 only.
"""

import math

import torch
import torch.nn.functional as F


def norm(x, p, name, eps):
    return F.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"], eps)


def mamba(x, p, name):
    main, gate = F.linear(x, p[f"{name}.in_proj.weight"]).chunk(2, dim=-1)
    taps, bias = p[f"{name}.conv1d.weight"][:, 0], p[f"{name}.conv1d.bias"]
    padded = F.pad(main, (0, 0, taps.shape[1] - 1, 0))
    mixed = sum(taps[:, j] * padded[:, j : j + x.shape[1]] for j in range(taps.shape[1])) + bias
    u = F.silu(mixed)
    A = -torch.exp(p[f"{name}.A_log"])
    rank = p[f"{name}.dt_proj.weight"].shape[1]
    step, B, C = F.linear(u, p[f"{name}.x_proj.weight"]).split([rank, A.shape[1], A.shape[1]], dim=-1)
    delta = F.softplus(F.linear(step, p[f"{name}.dt_proj.weight"], p[f"{name}.dt_proj.bias"]))
    state, outputs = torch.zeros(*u[:, 0].shape, A.shape[1], dtype=x.dtype), []
    for t in range(x.shape[1]):
        state = torch.exp(delta[:, t, :, None] * A) * state + (delta[:, t] * u[:, t])[..., None] * B[:, t, None]
        outputs.append((state * C[:, t, None]).sum(-1) + p[f"{name}.D"] * u[:, t])
    return F.linear(torch.stack(outputs, 1) * F.silu(gate), p[f"{name}.out_proj.weight"])


def stack(x, p, name, depth):
    for i in range(depth):
        block = f"{name}.blocks.{i}"
        up = mamba(norm(x, p, f"{block}.norm1", 1e-6), p, f"{block}.mamba1")
        down = mamba(norm(x.flip(1), p, f"{block}.norm2", 1e-6), p, f"{block}.mamba1").flip(1)
        x = x + up + down
    return x


def positions(length, width):
    table = torch.empty(length, width, dtype=torch.float64)
    for t in range(length):
        for j in range(width):
            angle = t / 10000 ** (2 * (j // 2) / width)
            table[t, j] = math.cos(angle) if j % 2 else math.sin(angle)
    return table.float().double()  # the released table is kept in single precision


def view(p, frames, masked):
    """Predicted features of the hidden frames and codes of the visible ones, for a mask [B, T]."""
    batch, length, _ = frames.shape
    x = F.linear(frames, p["encoder.patch_embed.weight"], p["encoder.patch_embed.bias"])
    x = (x + positions(length, x.shape[2]))[~masked].view(batch, -1, x.shape[2])
    x = norm(stack(x, p, "encoder", 6), p, "encoder.norm", 1e-6)
    x = F.linear(x, p["encoder.head.weight"], p["encoder.head.bias"])
    x = norm(F.linear(x, p["binary.weight"], p["binary.bias"]), p, "ln", 1e-5)
    clipped = ((x + 1) / 2).clamp(0, 1)
    codes = 2 * (clipped + (clipped.round() - clipped).detach()) - 1
    place = positions(length, p["mask_token"].numel()).expand(batch, -1, -1)
    seen = F.linear(codes, p["encoder_to_decoder.weight"])
    seen = seen + place[~masked].view_as(seen)
    blank = p["mask_token"].view(1, 1, -1) + place[masked].view(batch, -1, seen.shape[2])
    decoded = stack(torch.cat([seen, blank], 1), p, "decoder", 1)[:, seen.shape[1] :]
    decoded = norm(decoded, p, "decoder.norm", 1e-6)
    return F.linear(decoded, p["decoder.head.weight"], p["decoder.head.bias"]), codes


def total_loss(p, frames, mask, labels, *, alpha, beta, tau_plus):
    """L of the released code; frames [B, T, D], mask bool [B, 2, T], labels [B, C]."""
    means, reconstruction, alignment = [], 0.0, 0.0
    for masked in mask.unbind(1):
        predicted, codes = view(p, frames, masked)
        reconstruction = reconstruction + F.mse_loss(predicted, frames[masked].view_as(predicted))
        means.append(codes.mean(1))
        logits = F.linear(means[-1], p["classifier.weight"]) / (codes.shape[2] * 0.5)
        alignment = alignment - (labels * logits.log_softmax(1)).sum(1).mean() / 2
    unit = F.normalize(torch.cat(means), dim=1)
    similarity = torch.exp(unit @ unit.t() / 0.5)
    contrast, batch = 0.0, len(frames)
    for i in range(2 * batch):
        positive = similarity[i, (i + batch) % (2 * batch)]
        others = [j for j in range(2 * batch) if j % batch != i % batch]
        negative = (similarity[i, others].sum() - tau_plus * len(others) * positive) / (1 - tau_plus)
        negative = negative.clamp(min=len(others) * math.exp(-1 / 0.5))
        contrast = contrast - torch.log(positive / (positive + negative)) / (2 * batch)
    return reconstruction + alpha * contrast + beta * alignment
